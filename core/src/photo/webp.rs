//! WebP: a walk over the RIFF chunks, then the decoder. WebP has no checksum, so the walk makes
//! sure that nothing is cut, that every size told agrees with every other, and that the pixels
//! are within the limit before the decoder allocates for them. It must not know EXIF's inside
//! or sizes of renditions.
//!
//! Source: RFC 9649.

use std::io::Cursor;

use image_webp::WebPDecoder;

use super::raster::{Channels, Raster, over_white};
use super::{Refusal, prefix_codes};

/// What the decoder may read of metadata. None is asked of it, and it refuses more.
const METADATA_BYTES: usize = 1 << 20;

/// Flags of the extended header.
const ANIMATED: u8 = 0x02;
const ALPHA: u8 = 0x10;

/// What the chunks tell.
#[derive(Debug, Clone)]
pub(super) struct Layout<'a> {
    pub width: u32,
    pub height: u32,
    pub exif: Option<&'a [u8]>,
    alpha: bool,
    /// For an animation the size of its first frame.
    frame: Option<(u32, u32)>,
    lossy: bool,
    /// Bytes of the bit stream, which the lossy decoder copies.
    stream: usize,
    /// Bytes that prefix codes take while they are used.
    codes: u64,
    /// Where the file ends by its own word.
    end: usize,
}

/// A coded still picture.
struct Stream {
    width: u32,
    height: u32,
    lossy: bool,
    alpha: bool,
    bytes: usize,
    codes: u64,
}

fn cut() -> Refusal {
    Refusal::unreadable("a WebP that is cut")
}

fn contradictory() -> Refusal {
    Refusal::unreadable("a WebP whose sizes contradict each other")
}

/// Walks the chunks. What follows the RIFF container is not looked at.
pub(super) fn layout(bytes: &[u8]) -> Result<Layout<'_>, Refusal> {
    let size = bytes.get(4..8).and_then(|b| b.first_chunk()).ok_or_else(cut)?;
    let end = u32::from_le_bytes(*size) as usize + 8;
    let mut rest = bytes.get(12..end).ok_or_else(cut)?;
    let (kind, body) = chunk(&mut rest)?.ok_or_else(cut)?;
    let layout = match kind {
        b"VP8X" => extended(body, rest, end)?,
        _ => {
            let stream = stream(kind, body)?
                .ok_or_else(|| Refusal::unreadable("a WebP that does not begin with a picture"))?;
            Layout {
                width: stream.width,
                height: stream.height,
                exif: None,
                alpha: stream.alpha,
                frame: None,
                lossy: stream.lossy,
                stream: stream.bytes,
                codes: stream.codes,
                end,
            }
        }
    };
    if layout.width == 0 || layout.height == 0 {
        return Err(Refusal::unreadable("a picture without width or height"));
    }
    super::check_pixels(layout.width, layout.height)?;
    Ok(layout)
}

fn extended<'a>(header: &[u8], mut rest: &'a [u8], end: usize) -> Result<Layout<'a>, Refusal> {
    let &[flags, _, _, _, w1, w2, w3, h1, h2, h3, ..] = header else {
        return Err(cut());
    };
    let (width, height) = (u24(w1, w2, w3) + 1, u24(h1, h2, h3) + 1);
    let animated = flags & ANIMATED != 0;
    // Before anything is read of the size of the picture.
    super::check_pixels(width, height)?;
    let (mut exif, mut codes) = (None, 0);
    let mut shown: Option<(Stream, Option<(u32, u32)>)> = None;
    while let Some((kind, body)) = chunk(&mut rest)? {
        match kind {
            b"EXIF" if exif.is_none() => exif = Some(body),
            b"ALPH" if !animated => codes = codes.max(transparency(body, width, height)?),
            b"ANMF" if animated && shown.is_none() => {
                let stream = frame(body, width, height)?;
                let size = (stream.width, stream.height);
                shown = Some((stream, Some(size)));
            }
            b"ANMF" if animated => {}
            b"ANMF" => return Err(contradictory()),
            _ => {
                let Some(stream) = stream(kind, body)? else {
                    continue;
                };
                if animated || shown.is_some() || (stream.width, stream.height) != (width, height) {
                    return Err(contradictory());
                }
                shown = Some((stream, None));
            }
        }
    }
    let (stream, frame) = shown.ok_or_else(|| Refusal::unreadable("a WebP without a picture"))?;
    Ok(Layout {
        width,
        height,
        exif,
        alpha: flags & ALPHA != 0,
        frame,
        lossy: stream.lossy,
        stream: stream.bytes,
        codes: codes.max(stream.codes),
        end,
    })
}

/// The first picture within an animation's frame, which must lie within the canvas.
fn frame(body: &[u8], width: u32, height: u32) -> Result<Stream, Refusal> {
    let (&[x1, x2, x3, y1, y2, y3, w1, w2, w3, h1, h2, h3, _, _, _, _], mut rest) =
        body.split_first_chunk().ok_or_else(cut)?;
    let (left, top) = (2 * u24(x1, x2, x3), 2 * u24(y1, y2, y3));
    let size = (u24(w1, w2, w3) + 1, u24(h1, h2, h3) + 1);
    if left + size.0 > width || top + size.1 > height {
        return Err(contradictory());
    }
    let mut codes = 0;
    while let Some((kind, body)) = chunk(&mut rest)? {
        if kind == b"ALPH" {
            codes = transparency(body, size.0, size.1)?.max(codes);
        }
        let Some(stream) = stream(kind, body)? else {
            continue;
        };
        return match (stream.width, stream.height) == size {
            true => Ok(Stream { codes: codes.max(stream.codes), ..stream }),
            false => Err(contradictory()),
        };
    }
    Err(Refusal::unreadable("a WebP frame without a picture"))
}

/// A chunk's type and body.
type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// Takes the next chunk off `rest`; none at the end.
fn chunk<'a>(rest: &mut &'a [u8]) -> Result<Option<Chunk<'a>>, Refusal> {
    if rest.is_empty() {
        return Ok(None);
    }
    let (kind, after) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
    let (size, after) = after.split_first_chunk::<4>().ok_or_else(cut)?;
    let size = u32::from_le_bytes(*size) as usize;
    let body = after.get(..size).ok_or_else(cut)?;
    // Chunks are padded to even lengths; some writers leave the last one unpadded.
    *rest = after.get(size + size % 2..).unwrap_or_default();
    Ok(Some((kind, body)))
}

/// The head of a coded picture, if the chunk is one.
fn stream(kind: &[u8; 4], body: &[u8]) -> Result<Option<Stream>, Refusal> {
    let (width, height, alpha, codes) = match kind {
        b"VP8 " => {
            let &[_, _, _, 0x9d, 0x01, 0x2a, w1, w2, h1, h2, ..] = body else {
                return Err(Refusal::unreadable("a WebP without a key frame"));
            };
            let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
            (side(w1, w2), side(h1, h2), false, 0)
        }
        b"VP8L" => {
            let &[0x2f, b1, b2, b3, b4, ..] = body else {
                return Err(Refusal::unreadable("a lossless WebP without its signature"));
            };
            let bits = u32::from_le_bytes([b1, b2, b3, b4]);
            let side = |bits: u32| (bits & 0x3fff) + 1;
            let (width, height) = (side(bits), side(bits >> 14));
            super::check_pixels(width, height)?;
            let codes = prefix_codes::memory(&body[5..], width, height)?;
            (width, height, bits >> 28 & 1 == 1, codes)
        }
        _ => return Ok(None),
    };
    Ok(Some(Stream { width, height, lossy: kind == b"VP8 ", alpha, bytes: body.len(), codes }))
}

/// Bytes that the prefix codes of a lossy picture's transparency take, if it has any.
fn transparency(body: &[u8], width: u32, height: u32) -> Result<u64, Refusal> {
    match body {
        [head, stream @ ..] if head & 3 == 1 => prefix_codes::memory(stream, width, height),
        _ => Ok(0),
    }
}

fn u24(low: u8, middle: u8, high: u8) -> u32 {
    u32::from_le_bytes([low, middle, high, 0])
}

/// Bytes of memory that [`decode`] takes at its peak, from how the decoder works: the lossy
/// one has its planes (1.5 bytes a pixel) beside the output, and transparency takes five bytes
/// a pixel while it is unpacked; the lossless one works in four bytes a pixel, which is the
/// output only with transparency; an animation has a canvas of four bytes a pixel as well.
pub(super) fn memory(layout: &Layout<'_>) -> u64 {
    let canvas = u64::from(layout.width) * u64::from(layout.height);
    let output = canvas * if layout.alpha { 4 } else { 3 };
    let (width, height) = layout.frame.unwrap_or((layout.width, layout.height));
    let blocks = u64::from(width.div_ceil(16)) * u64::from(height.div_ceil(16));
    let frame = u64::from(width) * u64::from(height);
    let planes = blocks * 256 * 3 / 2;
    let unpacking = match (layout.frame.is_some(), layout.lossy, layout.alpha) {
        (false, true, false) => planes,
        (false, true, true) => planes + 5 * frame,
        (false, false, true) => 0,
        (false, false, false) => 4 * frame,
        (true, true, false) => planes + 3 * frame + 4 * canvas,
        (true, true, true) => planes + 9 * frame + 4 * canvas,
        (true, false, _) => 4 * frame + 4 * canvas,
    };
    // Transform and entropy images of a lossless stream hold a pixel for each 4 x 4.
    let tables = if layout.lossy { 0 } else { frame };
    output + unpacking + tables + layout.codes + layout.stream as u64
}

/// Decodes the still picture or the first frame of an animation; transparency over white.
pub(super) fn decode(bytes: &[u8], layout: &Layout<'_>) -> Result<Raster, Refusal> {
    let broken = |error: image_webp::DecodingError| Refusal::unreadable(format!("a WebP: {error}"));
    let bytes = bytes.get(..layout.end).unwrap_or(bytes);
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(broken)?;
    decoder.set_memory_limit(METADATA_BYTES);
    if decoder.is_animated() {
        decoder.set_background_color([255; 4]).map_err(broken)?;
    }
    let size = decoder.dimensions() == (layout.width, layout.height);
    if !size || decoder.has_alpha() != layout.alpha {
        return Err(contradictory());
    }
    let count = if layout.alpha { 4 } else { 3 };
    let mut pixels = vec![0; layout.width as usize * layout.height as usize * count];
    decoder.read_image(&mut pixels).map_err(broken)?;
    if layout.alpha {
        drop_alpha(&mut pixels);
    }
    Ok(Raster { width: layout.width, height: layout.height, channels: Channels::Rgb, pixels })
}

/// Lays the picture over white, in place: four bytes of every pixel become three.
fn drop_alpha(pixels: &mut Vec<u8>) {
    let count = pixels.len() / 4;
    for n in 0..count {
        let alpha = pixels[n * 4 + 3];
        for channel in 0..3 {
            pixels[n * 3 + channel] = over_white(pixels[n * 4 + channel], alpha);
        }
    }
    pixels.truncate(count * 3);
}
