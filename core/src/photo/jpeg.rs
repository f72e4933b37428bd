//! JPEG bytes that have passed the pre-scan, to pixels. It must not know files, EXIF or sizes
//! of renditions; the decoder behind it may be replaced without anything else changing.

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use super::prescan::Prescan;
use super::raster::{Channels, Raster};
use super::scaled::{self, Reduction};
use super::{DISPLAY_SIDE, MAX_MEMORY, MAX_SCANS, Refusal};

/// What the decoder shows where data is missing.
const FILLER: u8 = 128;

/// Put in place of the end marker, so that every kind of ending looks the same to the decoder:
/// zeros enough that a whole picture's last read never runs into what follows (it reads up to
/// 63 bits ahead), then an unknown segment, which is an error within picture data and passed
/// over behind it, then the end. So data that stops short is an error, whether the end marker
/// is there or not, and a missing end marker alone is none.
const TAIL: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0x02, 0x00, 0x02, 0xff, 0xd9];

/// The same for data that ends where a restart marker could follow: the decoder looks for one.
/// A cut within the last stretch between restart markers is then not seen.
const RESTART_TAIL: &[u8] =
    &[0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xd0, 0xff, 0x02, 0x00, 0x02, 0xff, 0xd9];

/// The size of what [`decode`] gives: smaller than the picture where nobody needs the rest.
pub(super) fn size(scan: &Prescan<'_>) -> (u32, u32) {
    match Reduction::of(scan, DISPLAY_SIDE) {
        Some(reduction) => reduction.size(scan),
        None => (scan.width.into(), scan.height.into()),
    }
}

/// Bytes of memory that [`decode`] takes at its peak, to within a few small tables.
pub(super) fn memory(scan: &Prescan<'_>) -> u64 {
    match Reduction::of(scan, DISPLAY_SIDE) {
        Some(reduction) => scaled::memory(scan, reduction),
        None => memory_in_full(scan),
    }
}

/// Decodes, a large picture at reduced size, as long as that leaves enough for the display copy.
/// The flag tells whether it is damaged.
pub(super) fn decode(bytes: &[u8], scan: &Prescan<'_>) -> Result<(Raster, bool), Refusal> {
    let Some(reduction) = Reduction::of(scan, DISPLAY_SIDE) else {
        return decode_in_full(bytes, scan);
    };
    // A fault of the decoder must not lose a photo that the other one can read.
    let reduced = std::panic::catch_unwind(|| scaled::decode(bytes, scan, reduction));
    match reduced {
        Ok(Some(reduced)) => Ok((reduced.raster, reduced.damaged)),
        Err(_) if memory_in_full(scan) + (bytes.len() as u64) < MAX_MEMORY => {
            decode_in_full(bytes, scan)
        }
        Ok(None) => Err(Refusal::unreadable("a damaged JPEG of which nothing can be seen")),
        Err(_) => Err(Refusal::unreadable("a JPEG that the decoder fails at")),
    }
}

fn memory_in_full(scan: &Prescan<'_>) -> u64 {
    let (width, height) = (u64::from(scan.width), u64::from(scan.height));
    let (h_max, v_max) = scan.most_samples();
    let (h_max, v_max) = (u64::from(h_max), u64::from(v_max));
    let (across, down) = (width.div_ceil(8 * h_max), height.div_ceil(8 * v_max));
    let blocks: u64 = scan.sampling.iter().map(|(h, v)| u64::from(*h) * u64::from(*v)).sum();
    // All coefficients are kept, two bytes each, unless one scan brings everything.
    let coefficients = match scan.one_scan() {
        true => 0,
        false => across * down * blocks * 64 * 2,
    };
    // A row of blocks of every component, as it comes and upsampled.
    let row = across * h_max * 8 * v_max * 8 * 2;
    let rows = 2 * row * scan.sampling.len() as u64;
    let pixels = width * height * output(scan).num_components() as u64;
    // The copy that carries the tail, and the decoder's copies of metadata.
    let copies = (scan.end + 2 * scan.metadata) as u64;
    pixels + coefficients + rows + copies
}

/// Decodes, strictly at first. What cannot be decoded strictly is damaged, and taken if
/// something can be seen: if at least one whole row of blocks shows other than the decoder's
/// filler.
fn decode_in_full(bytes: &[u8], scan: &Prescan<'_>) -> Result<(Raster, bool), Refusal> {
    if !scan.one_scan() && !scan.progressive && scan.sampling.iter().any(|(_, v)| *v > 1) {
        // The decoder shows wrong colours for these without a word; no camera writes them.
        return Err(Refusal::unreadable(
            "a baseline JPEG of colours subsampled downwards in several scans",
        ));
    }
    let tail = match scan.ends_at_restart {
        true => RESTART_TAIL,
        false => TAIL,
    };
    let mut data = [bytes.get(..scan.end).unwrap_or(bytes), tail].concat();

    let colours = output(scan);
    let size = usize::from(scan.width) * usize::from(scan.height) * colours.num_components();
    let mut pixels = vec![FILLER; size];
    let mut damaged = scan.cut;
    if run(&data, scan, true, &mut pixels).is_err() {
        damaged = true;
        pixels.fill(FILLER);
        // A progressive picture that ends right after its first scan is shown with the plain
        // end only. A baseline one would be filled up behind a cut as if something were there.
        if scan.progressive {
            data.truncate(scan.end);
            data.extend_from_slice(b"\xff\xd9");
        }
        let result = run(&data, scan, false, &mut pixels);
        if !shows_something(&pixels, scan, colours) {
            let reason = match result {
                Err(error) => format!("a damaged JPEG: {error}"),
                Ok(()) => "a damaged JPEG of which nothing can be seen".to_owned(),
            };
            return Err(Refusal::unreadable(reason));
        }
    }
    drop(data);
    if colours == ColorSpace::CMYK {
        to_rgb(&mut pixels);
    }
    let raster = Raster {
        width: scan.width.into(),
        height: scan.height.into(),
        channels: match colours {
            ColorSpace::Luma => Channels::Grey,
            _ => Channels::Rgb,
        },
        pixels,
    };
    Ok((raster, damaged))
}

/// What the decoder is asked for. Four components without an Adobe segment come as they are,
/// because the decoder takes all four-component pictures for Adobe's inverted ones.
fn output(scan: &Prescan<'_>) -> ColorSpace {
    match scan.sampling.len() {
        1 => ColorSpace::Luma,
        4 if !scan.adobe => ColorSpace::CMYK,
        _ => ColorSpace::RGB,
    }
}

fn run(
    data: &[u8],
    scan: &Prescan<'_>,
    strict: bool,
    pixels: &mut [u8],
) -> Result<(), zune_jpeg::errors::DecodeErrors> {
    let options = DecoderOptions::new_fast()
        .set_strict_mode(strict)
        .set_max_width(scan.width.into())
        .set_max_height(scan.height.into())
        .jpeg_set_max_scans(MAX_SCANS as usize)
        .jpeg_set_out_colorspace(output(scan));
    JpegDecoder::new_with_options(ZCursor::new(data), options).decode_into(pixels)
}

/// Whether at least one row of blocks holds, in each of its lines, a pixel that is not filler.
/// Lines are looked at from the top, which is what a cut file has.
fn shows_something(pixels: &[u8], scan: &Prescan<'_>, colours: ColorSpace) -> bool {
    let (_, v_max) = scan.most_samples();
    let wanted = usize::from(scan.height).min(8 * usize::from(v_max));
    pixels
        .chunks_exact(usize::from(scan.width) * colours.num_components())
        .take_while(|line| line.iter().any(|value| *value != FILLER))
        .take(wanted)
        .count()
        == wanted
}

/// Ink to light, in place: four bytes of every pixel become three.
fn to_rgb(pixels: &mut Vec<u8>) {
    let count = pixels.len() / 4;
    for n in 0..count {
        let light = |ink: u8, black: u8| {
            let product = u32::from(255 - ink) * u32::from(255 - black);
            u8::try_from((product + 127) / 255).unwrap_or(u8::MAX)
        };
        let [c, m, y, k] = [0, 1, 2, 3].map(|channel| pixels[n * 4 + channel]);
        pixels[n * 3] = light(c, k);
        pixels[n * 3 + 1] = light(m, k);
        pixels[n * 3 + 2] = light(y, k);
    }
    pixels.truncate(count * 3);
}
