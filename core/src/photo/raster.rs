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

/// A part of 255 of a colour, over white for the rest.
pub(super) fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    let sum = value * alpha + 255 * (255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}
