//! A row of units as pixels of each component, and from there to the picture: components that
//! were sampled less are enlarged by repeating, then all are laid side by side. It must not
//! know coefficients.

/// Pixels of one component in the row of units at hand.
pub(super) struct Strip {
    pub pixels: Vec<u8>,
    /// Bytes from one line to the next.
    pub stride: usize,
    /// How often each pixel is repeated across and down.
    pub repeat: (usize, usize),
}

/// The picture as it grows.
pub(super) struct Picture {
    pub pixels: Vec<u8>,
    width: usize,
    height: usize,
    channels: usize,
    /// A line of each component in full width, where it must be enlarged.
    wide: Vec<Vec<u8>>,
}

impl Picture {
    /// All of it grey.
    pub(super) fn new(width: u32, height: u32, channels: usize) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self {
            pixels: vec![128; width * height * channels],
            width,
            height,
            channels,
            wide: vec![Vec::new(); channels],
        }
    }

    /// Lays the strips of a row of units, `lines` high in the picture.
    pub(super) fn lay(&mut self, row: usize, lines: usize, strips: &[Strip]) {
        let width = self.width;
        let top = row * lines;
        for line in 0..lines.min(self.height.saturating_sub(top)) {
            for (strip, wide) in strips.iter().zip(&mut self.wide) {
                if strip.repeat.0 > 1 {
                    let from = line_of(strip, line);
                    wide.clear();
                    for value in from {
                        wide.extend(std::iter::repeat_n(*value, strip.repeat.0));
                    }
                }
            }
            let whole = |n: usize| -> &[u8] {
                let strip = &strips[n];
                match strip.repeat.0 {
                    1 => &line_of(strip, line)[..width],
                    _ => &self.wide[n][..width],
                }
            };
            let start = (top + line) * width * self.channels;
            let out = &mut self.pixels[start..start + width * self.channels];
            match self.channels {
                1 => out.copy_from_slice(whole(0)),
                _ => {
                    let (a, b, c) = (whole(0), whole(1), whole(2));
                    for (((to, a), b), c) in out.chunks_exact_mut(3).zip(a).zip(b).zip(c) {
                        to[0] = *a;
                        to[1] = *b;
                        to[2] = *c;
                    }
                }
            }
        }
    }
}

fn line_of(strip: &Strip, line: usize) -> &[u8] {
    let start = line / strip.repeat.1 * strip.stride;
    &strip.pixels[start..start + strip.stride]
}
