//! Pixels to the two JPEG copies that people see. Re-encoding is what strips them: nothing of
//! the original's bytes is carried over. It must not know where the pixels come from.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ColorType, Encoder, ImageBuffer, JpegColorType, SamplingFactor};

use super::Refusal;
use super::raster::{Channels, Raster};

/// JPEG quality of both copies.
const QUALITY: u8 = 80;

/// Scales down so that no side is longer than `longest`; smaller pictures stay as they are.
pub(super) fn shrink(raster: Raster, longest: u32) -> Result<Raster, Refusal> {
    let (width, height) = within(raster.width, raster.height, longest);
    if (width, height) == (raster.width, raster.height) {
        return Ok(raster);
    }
    resize(&raster, width, height, FilterType::Lanczos3)
}

/// The size of a picture scaled down so that no side is longer than `longest`.
pub(super) fn within(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= longest {
        return (width, height);
    }
    let scaled = |side: u32| {
        let exact = (u64::from(side) * u64::from(longest) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(exact).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

/// Scales to a size by a filter that looks at every pixel.
pub(super) fn resize(
    raster: &Raster,
    width: u32,
    height: u32,
    filter: FilterType,
) -> Result<Raster, Refusal> {
    let kind = match raster.channels {
        Channels::Grey => PixelType::U8,
        Channels::Rgb | Channels::Ycc => PixelType::U8x3,
    };
    let source = ImageRef::new(raster.width, raster.height, &raster.pixels, kind)
        .map_err(|error| Refusal::unreadable(format!("not resizable: {error}")))?;
    let mut target = Image::new(width, height, kind);
    let by = ResizeAlg::Convolution(filter);
    Resizer::new()
        .resize(&source, &mut target, &ResizeOptions::new().resize_alg(by))
        .map_err(|error| Refusal::unreadable(format!("not resizable: {error}")))?;
    Ok(Raster { width, height, channels: raster.channels, pixels: target.into_vec() })
}

/// Turns and mirrors as the EXIF orientation says (1 to 8; anything else is upright).
pub(super) fn upright(raster: Raster, orientation: u8) -> Raster {
    // From a place in the upright picture to the place in the stored one: whether the sides
    // are swapped, then whether the stored column and row count from the far end.
    let (swapped, far_column, far_row) = match orientation {
        2 => (false, true, false),
        3 => (false, true, true),
        4 => (false, false, true),
        5 => (true, false, false),
        6 => (true, false, true),
        7 => (true, true, true),
        8 => (true, true, false),
        _ => return raster,
    };
    let (stored_width, stored_height) = (raster.width as usize, raster.height as usize);
    let (width, height) = match swapped {
        true => (stored_height, stored_width),
        false => (stored_width, stored_height),
    };
    let count = raster.channels.count();
    let mut pixels = Vec::with_capacity(raster.pixels.len());
    for y in 0..height {
        for x in 0..width {
            let (column, row) = if swapped { (y, x) } else { (x, y) };
            let column = if far_column { stored_width - 1 - column } else { column };
            let row = if far_row { stored_height - 1 - row } else { row };
            let at = (row * stored_width + column) * count;
            pixels.extend_from_slice(&raster.pixels[at..at + count]);
        }
    }
    let (width, height) = match swapped {
        true => (raster.height, raster.width),
        false => (raster.width, raster.height),
    };
    Raster { width, height, channels: raster.channels, pixels }
}

/// A baseline JPEG, 4:2:0, without metadata.
pub(super) fn jpeg(raster: &Raster) -> Result<Vec<u8>, Refusal> {
    let failed =
        |error: &dyn std::fmt::Display| Refusal::unreadable(format!("not encodable: {error}"));
    let width = u16::try_from(raster.width).map_err(|error| failed(&error))?;
    let height = u16::try_from(raster.height).map_err(|error| failed(&error))?;
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let encoded = match raster.channels {
        Channels::Grey => encoder.encode(&raster.pixels, width, height, ColorType::Luma),
        Channels::Rgb => encoder.encode(&raster.pixels, width, height, ColorType::Rgb),
        Channels::Ycc => encoder.encode_image(Ycc { raster, width, height }),
    };
    encoded.map_err(|error| failed(&error))?;
    Ok(out)
}

/// Luma and differences for the encoder, whose own way of taking them is slow.
struct Ycc<'a> {
    raster: &'a Raster,
    width: u16,
    height: u16,
}

impl ImageBuffer for Ycc<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let length = usize::from(self.width) * 3;
        let start = usize::from(y) * length;
        let line = self.raster.pixels.get(start..start + length).unwrap_or_default();
        for (channel, buffer) in buffers.iter_mut().take(3).enumerate() {
            buffer.extend(line.chunks_exact(3).map(|pixel| pixel[channel]));
        }
    }
}
