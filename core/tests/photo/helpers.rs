//! Pictures to send and ways to look at what comes out.

use std::path::Path;

use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use vigila_core::photo::{Picture, Refusal, examine};

pub const RED: [u8; 3] = [255, 0, 0];
pub const GREEN: [u8; 3] = [0, 255, 0];
pub const BLUE: [u8; 3] = [0, 0, 255];
pub const WHITE: [u8; 3] = [255, 255, 255];

/// A picture of `tests/pictures`.
pub fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    std::fs::read(folder.join(name)).unwrap()
}

/// Examines and says which picture failed.
pub fn accept(name: &str, bytes: &[u8]) -> Picture {
    examine(bytes).unwrap_or_else(|refusal| panic!("{name}: {refusal}"))
}

/// The code of the refusal.
pub fn refuse(name: &str, bytes: &[u8]) -> (&'static str, Refusal) {
    match examine(bytes) {
        Ok(_) => panic!("{name} was accepted"),
        Err(refusal) => (refusal.code(), refusal),
    }
}

pub fn decoded(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg).unwrap().to_rgb8()
}

/// The middles of the four fields: top left, top right, bottom left, bottom right.
pub fn fields(jpeg: &[u8]) -> [[u8; 3]; 4] {
    let picture = decoded(jpeg);
    let (width, height) = picture.dimensions();
    [(1, 1), (3, 1), (1, 3), (3, 3)]
        .map(|(x, y)| picture.get_pixel(width * x / 4, height * y / 4).0)
}

/// Both copies show these four fields, within what two JPEG encodings change.
pub fn shows(name: &str, picture: &Picture, expected: [[u8; 3]; 4]) {
    for copy in [&picture.display, &picture.thumbnail] {
        let found = fields(copy);
        let near = found
            .iter()
            .flatten()
            .zip(expected.iter().flatten())
            .all(|(a, b)| a.abs_diff(*b) <= 14);
        assert!(near, "{name}: {found:?} instead of {expected:?}");
    }
}

/// Red, green, blue and white fields.
pub fn quadrants(width: u16, height: u16) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..height {
        for x in 0..width {
            pixels.extend(match (x < width / 2, y < height / 2) {
                (true, true) => RED,
                (false, true) => GREEN,
                (true, false) => BLUE,
                (false, false) => WHITE,
            });
        }
    }
    pixels
}

/// Something with detail in every block, so that its data is not all zeros.
pub fn noise(width: u16, height: u16) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let count = usize::from(width) * usize::from(height) * 3;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0] / 2
    })
    .take(count)
    .collect()
}

/// A JPEG, set up by `with`.
pub fn jpeg(
    pixels: &[u8],
    size: (u16, u16),
    colours: ColorType,
    with: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, 90);
    with(&mut encoder);
    encoder.encode(pixels, size.0, size.1, colours).unwrap();
    out
}

/// A 4:2:0 baseline JPEG of the four fields, as phones write them.
pub fn plain_jpeg(width: u16, height: u16) -> Vec<u8> {
    jpeg(&quadrants(width, height), (width, height), ColorType::Rgb, |e| {
        e.set_sampling_factor(SamplingFactor::F_2_2);
    })
}

/// The JPEG with a segment put in behind the start marker.
pub fn with_segment(jpeg: &[u8], marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    let segment = [&[0xff, marker], &length[..], body].concat();
    [&jpeg[..2], &segment, &jpeg[2..]].concat()
}

/// Where the first segment of that marker starts.
pub fn find_marker(jpeg: &[u8], marker: u8) -> usize {
    let found = jpeg.windows(2).position(|pair| pair == [0xff, marker]);
    found.unwrap_or_else(|| panic!("no marker {marker:x}"))
}

/// A little-endian EXIF block whose first directory has these entries
/// (tag, type, count, value).
pub fn exif(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut block = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    block.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
    for (tag, kind, count, value) in entries {
        block.extend(tag.to_le_bytes());
        block.extend(kind.to_le_bytes());
        block.extend(count.to_le_bytes());
        block.extend(value.to_le_bytes());
    }
    block.extend(next.to_le_bytes());
    block
}
