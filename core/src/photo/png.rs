//! PNG: a walk over the chunks with every checksum, then the decoder, row by row, so that no
//! more than the picture in 8 bits is ever held, whatever its depth. It must not know EXIF's
//! inside or sizes of renditions.
//!
//! The walk is stricter than the decoder, which passes over broken checksums of chunks it can
//! do without: a PNG that fails a checksum is refused whole, since nothing says which byte is
//! wrong. What follows the end chunk is not looked at.
//!
//! Source: W3C PNG third edition.

use std::io::Cursor;

use png::{ColorType, DecodeOptions, Decoder, InterlaceInfo, Limits, Transformations};

use super::Refusal;
use super::raster::{Channels, Raster, over_white};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What the decoder may take beside the picture: one inflate window and a few rows.
const DECODER_BYTES: usize = 16 << 20;

/// What the chunks tell.
#[derive(Debug, Clone)]
pub(super) struct Layout<'a> {
    pub width: u32,
    pub height: u32,
    pub exif: Option<&'a [u8]>,
    channels: Channels,
    interlaced: bool,
    /// Where the end chunk ends.
    end: usize,
}

/// Walks the chunks up to the end chunk.
pub(super) fn layout(bytes: &[u8]) -> Result<Layout<'_>, Refusal> {
    let mut rest = bytes.get(SIGNATURE.len()..).unwrap_or_default();
    let (kind, header) = chunk(&mut rest)?;
    let &[w1, w2, w3, w4, h1, h2, h3, h4, _depth, colour, _, _, interlace] = header else {
        return Err(Refusal::unreadable("a PNG header of the wrong length"));
    };
    if kind != b"IHDR" {
        return Err(Refusal::unreadable("a PNG without header"));
    }
    let mut layout = Layout {
        width: u32::from_be_bytes([w1, w2, w3, w4]),
        height: u32::from_be_bytes([h1, h2, h3, h4]),
        exif: None,
        channels: match colour {
            0 | 4 => Channels::Grey,
            _ => Channels::Rgb,
        },
        interlaced: interlace != 0,
        end: 0,
    };
    if layout.width == 0 || layout.height == 0 {
        return Err(Refusal::unreadable("a picture without width or height"));
    }
    super::check_pixels(layout.width, layout.height)?;
    loop {
        match chunk(&mut rest)? {
            (b"IEND", _) => break,
            (b"eXIf", body) if layout.exif.is_none() => layout.exif = Some(body),
            _ => {}
        }
    }
    layout.end = bytes.len() - rest.len();
    Ok(layout)
}

/// Takes the next chunk off `rest`: its type and its body, the checksum verified.
fn chunk<'a>(rest: &mut &'a [u8]) -> Result<(&'a [u8; 4], &'a [u8]), Refusal> {
    let taken = || -> Option<_> {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let checked = after.get(..length.checked_add(4)?)?;
        let (sum, after) = after[checked.len()..].split_first_chunk::<4>()?;
        let (kind, body) = checked.split_first_chunk::<4>()?;
        let sound = crc32fast::hash(checked) == u32::from_be_bytes(*sum);
        Some((kind, body, sound, after))
    };
    let (kind, body, sound, after) =
        taken().ok_or_else(|| Refusal::unreadable("a PNG that is cut"))?;
    if !sound {
        return Err(Refusal::unreadable("a PNG that fails its checksum"));
    }
    *rest = after;
    Ok((kind, body))
}

/// Bytes of memory that [`decode`] takes at its peak.
pub(super) fn memory(layout: &Layout<'_>) -> u64 {
    let pixels = u64::from(layout.width) * u64::from(layout.height);
    pixels * layout.channels.count() as u64 + DECODER_BYTES as u64
}

/// Decodes the still picture, or the first one of an animation; transparency over white.
pub(super) fn decode(bytes: &[u8], layout: &Layout<'_>) -> Result<Raster, Refusal> {
    let broken = |error: png::DecodingError| Refusal::unreadable(format!("a PNG: {error}"));
    let mut options = DecodeOptions::default();
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    options.set_ignore_adler32(false);
    // The walk has seen to all of these.
    options.set_ignore_crc(true);
    let bytes = bytes.get(..layout.end).unwrap_or(bytes);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(Limits { bytes: DECODER_BYTES });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(broken)?;
    let (colour, _) = reader.output_color_type();

    let (width, count) = (layout.width as usize, layout.channels.count());
    let mut pixels = vec![0; width * layout.height as usize * count];
    let mut places = Places::new(layout);
    while let Some(row) = reader.next_interlaced_row().map_err(broken)? {
        debug_assert_eq!(layout.interlaced, matches!(row.interlace(), InterlaceInfo::Adam7(_)));
        let (start, step) = places.next().ok_or_else(wrong_rows)?;
        let line = pixels
            .chunks_exact_mut(count)
            .skip(start)
            .step_by(step)
            .take((width - start % width).div_ceil(step));
        put(row.data(), colour, line);
    }
    match places.next() {
        Some(_) => Err(wrong_rows()),
        None => Ok(Raster {
            width: layout.width,
            height: layout.height,
            channels: layout.channels,
            pixels,
        }),
    }
}

fn wrong_rows() -> Refusal {
    Refusal::unreadable("a PNG of too few or too many rows")
}

/// Puts a decoded row to where its pixels belong.
fn put<'p>(row: &[u8], colour: ColorType, line: impl Iterator<Item = &'p mut [u8]>) {
    match colour {
        ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => {
            let count = if colour == ColorType::Grayscale { 1 } else { 3 };
            for (pixel, value) in line.zip(row.chunks_exact(count)) {
                pixel.copy_from_slice(value);
            }
        }
        ColorType::GrayscaleAlpha | ColorType::Rgba => {
            let count = if colour == ColorType::Rgba { 4 } else { 2 };
            for (pixel, value) in line.zip(row.chunks_exact(count)) {
                for (out, value_of) in pixel.iter_mut().zip(value) {
                    *out = over_white(*value_of, value[count - 1]);
                }
            }
        }
    }
}

/// Column and row offset and step of the seven passes of an interlaced picture.
const ADAM7: [(u32, u32, u32, u32); 7] = [
    (0, 8, 0, 8),
    (4, 8, 0, 8),
    (0, 4, 4, 8),
    (2, 4, 0, 4),
    (0, 2, 2, 4),
    (1, 2, 0, 2),
    (0, 1, 1, 2),
];

/// For each row in the order of the file, the index of its first pixel and the step to the
/// next.
struct Places {
    passes: Vec<(u32, u32, u32, u32)>,
    width: u32,
    height: u32,
    pass: usize,
    row: u32,
}

impl Places {
    fn new(layout: &Layout<'_>) -> Self {
        let mut passes = match layout.interlaced {
            true => ADAM7.to_vec(),
            false => vec![(0, 1, 0, 1)],
        };
        // A small picture has passes without a pixel: they have no rows in the file.
        passes.retain(|(x, _, y, _)| *x < layout.width && *y < layout.height);
        Self {
            row: passes.first().map_or(0, |(_, _, y, _)| *y),
            passes,
            width: layout.width,
            height: layout.height,
            pass: 0,
        }
    }
}

impl Iterator for Places {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let &(x, step, _, down) = self.passes.get(self.pass)?;
        let start = self.row as usize * self.width as usize + x as usize;
        self.row += down;
        if self.row >= self.height {
            self.pass += 1;
            self.row = self.passes.get(self.pass).map_or(0, |(_, _, y, _)| *y);
        }
        Some((start, step as usize))
    }
}
