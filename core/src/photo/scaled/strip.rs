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
            let start = (top + line) * width * self.channels;
            let out = &mut self.pixels[start..start + width * self.channels];
            match strips {
                [only] => out.copy_from_slice(&line_of(only, line)[..width]),
                [luma, blue, red]
                    if luma.repeat.0 == 1 && blue.repeat.0 == 2 && red.repeat.0 == 2 =>
                {
                    let luma = &line_of(luma, line)[..width];
                    pairs(out, luma, line_of(blue, line), line_of(red, line));
                }
                _ => {
                    for (channel, (strip, wide)) in strips.iter().zip(&mut self.wide).enumerate() {
                        let whole = widened(line_of(strip, line), strip.repeat.0, wide);
                        for (pixel, value) in out.chunks_exact_mut(self.channels).zip(whole) {
                            pixel[channel] = *value;
                        }
                    }
                }
            }
        }
    }
}

/// A line with each pixel repeated.
fn widened<'a>(line: &'a [u8], repeat: usize, wide: &'a mut Vec<u8>) -> &'a [u8] {
    if repeat == 1 {
        return line;
    }
    wide.clear();
    for value in line {
        wide.extend(std::iter::repeat_n(*value, repeat));
    }
    wide
}

/// Two pixels of luma share one of each difference, as nearly all phones write it.
fn pairs(out: &mut [u8], luma: &[u8], blue: &[u8], red: &[u8]) {
    let both = luma.chunks_exact(2).zip(blue.iter().zip(red));
    for (to, (luma, (blue, red))) in out.chunks_exact_mut(6).zip(both) {
        if let (Some(to), &[first, second]) = (to.first_chunk_mut::<6>(), luma) {
            *to = [first, *blue, *red, second, *blue, *red];
        }
    }
    let last = luma.len() / 2;
    if let ([to_luma, to_blue, to_red], Some(luma)) = (&mut out[last * 6..], luma.get(last * 2)) {
        (*to_luma, *to_blue, *to_red) = (*luma, blue[last], red[last]);
    }
}

fn line_of(strip: &Strip, line: usize) -> &[u8] {
    let start = line / strip.repeat.1 * strip.stride;
    &strip.pixels[start..start + strip.stride]
}
