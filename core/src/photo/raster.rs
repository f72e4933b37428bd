//! A decoded picture in memory: 8 bits, grey or RGB, rows without padding. Nothing else leaves
//! a decoder, so that whatever follows knows two layouts only.

/// How many bytes a pixel takes and what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    Grey,
    Rgb,
    /// Luma and two differences, as JPEG has them (full range).
    Ycc,
}

impl Channels {
    pub(super) fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb | Self::Ycc => 3,
        }
    }
}

/// Pixels, `width * height * channels` bytes.
pub(super) struct Raster {
    pub width: u32,
    pub height: u32,
    pub channels: Channels,
    pub pixels: Vec<u8>,
}

impl Raster {
    /// The same with red, green and blue, if it has luma and differences.
    pub(super) fn into_rgb(mut self) -> Self {
        if self.channels == Channels::Ycc {
            self.pixels.chunks_exact_mut(3).for_each(to_rgb);
            self.channels = Channels::Rgb;
        }
        self
    }
}

/// By the equations of JFIF.
fn to_rgb(pixel: &mut [u8]) {
    let [y, cb, cr] = [0, 1, 2].map(|n| f32::from(pixel[n]));
    let (blue, red) = (cb - 128.0, cr - 128.0);
    let light = [y + 1.402 * red, y - 0.344_136 * blue - 0.714_136 * red, y + 1.772 * blue];
    for (to, value) in pixel.iter_mut().zip(light) {
        // A float becomes the nearest whole number that fits.
        *to = value.round() as u8;
    }
}

/// A part of 255 of a colour, over white for the rest.
pub(super) fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let sum = value * alpha + 255 * (255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}
