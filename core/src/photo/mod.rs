//! From the bytes a phone sent to what the office can look at: the kind of picture, its facts,
//! and two small, upright copies without metadata. Pure: no disk, no network, no clock. It must
//! not know inspections, storage, HTTP or the languages of the people who read refusals.
//!
//! The bytes are hostile until shown otherwise. For each format a walk over its structure comes
//! first (`prescan`, `png`, `webp`), which allocates nothing and refuses what is over a limit;
//! only then a decoder sees them. The memory that decoding will take is reckoned beforehand
//! from what the walk found and refused above [`MAX_MEMORY`], so a caller can grant
//! [`memory_needed`] from a budget. Decoders may have faults of their own: a caller that must
//! not fall runs [`examine`] where a panic is caught.

use sha2::{Digest, Sha256};

mod exif;
mod fingerprint;
mod jpeg;
mod kind;
mod measure;
mod png;
mod prefix_codes;
mod prescan;
mod raster;
mod redact;
mod refusal;
mod render;
mod scaled;
mod webp;

pub use exif::{Position, Taken};
pub use fingerprint::distance as fingerprint_distance;
pub use kind::Format;
pub use redact::{Area, display_size, redact};
pub use refusal::Refusal;

use exif::Exif;
use raster::Raster;

/// The most bytes a photo may have.
pub const MAX_BYTES: u64 = 25_000_000;
/// The most pixels a photo may have, width times height; within it a side may be of any length.
pub const MAX_PIXELS: u64 = 64_000_000;
/// The most scans of a JPEG. Progressive encoders write about ten; each costs a pass over the
/// whole picture.
pub const MAX_SCANS: u32 = 32;
/// The most segments of a JPEG beside its scans.
pub const MAX_SEGMENTS: u32 = 4096;
/// The most memory in bytes that [`examine`] takes at its peak, the photo's own bytes included
/// and small tables not counted.
pub const MAX_MEMORY: u64 = 300_000_000;
/// The longest side of the display copy in pixels.
pub const DISPLAY_SIDE: u32 = 1600;
/// The longest side of the thumbnail in pixels.
pub const THUMBNAIL_SIDE: u32 = 320;
/// The longest side in pixels at which sharpness and brightness are measured (smaller pictures
/// are measured as they are). It is fixed, so that the measures of photos can be compared.
pub const MEASURED_SIDE: u32 = 512;

/// What a photo turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The format of the bytes that came.
    pub format: Format,
    /// Pixels across of the original, once turned upright.
    pub width: u32,
    /// Pixels down of the original, once turned upright.
    pub height: u32,
    /// A JPEG of which a part is missing or broken.
    pub damaged: bool,
    /// When, as the camera wrote it; none if it did not or if it cannot be read.
    pub taken: Option<Taken>,
    /// Where, as the camera wrote it; none if it did not or if it cannot be read.
    pub position: Option<Position>,
    /// Who made the camera, as it wrote it: printable, at most 64 characters, never empty.
    pub make: Option<String>,
    /// Which camera, in the same form.
    pub model: Option<String>,
    /// The program that wrote the file, in the same form: the camera's own or an editor.
    pub software: Option<String>,
    /// The photo has an EXIF block that can be opened, whatever it tells.
    pub exif: bool,
    /// 64 bits that stay nearly the same when a photo is compressed again, scaled, brightened or
    /// slightly cropped, and differ between different photos: [`fingerprint_distance`] tells by
    /// how much. Of the upright picture. None if there is too little to see for it to mean
    /// anything, as on an evenly coloured picture.
    pub fingerprint: Option<u64>,
    /// How much fine detail there is: the variance of the Laplacian of the luma (0 to 255) at
    /// [`MEASURED_SIDE`]. From 0 up to some thousands; below about a hundred a photo of a room
    /// is likely blurred. Noise counts as detail.
    pub sharpness: f64,
    /// Mean luma, 0 (black) to 255 (white), at [`MEASURED_SIDE`].
    pub brightness: f64,
    /// JPEG without metadata, upright, longest side [`DISPLAY_SIDE`] at most, never enlarged.
    pub display: Vec<u8>,
    /// JPEG without metadata, upright, longest side [`THUMBNAIL_SIDE`] at most, never enlarged.
    pub thumbnail: Vec<u8>,
}

/// Reads a photo and makes its two copies.
///
/// # Errors
/// A [`Refusal`] for whatever the contract does not accept.
pub fn examine(bytes: &[u8]) -> Result<Picture, Refusal> {
    let plan = Plan::make(bytes)?;
    let exif = plan.exif().map_or(Exif::NONE, exif::read);
    let (raster, damaged) = plan.decode(bytes)?;
    let (width, height) = match (exif.orientation, plan.size()) {
        (5..=8, (width, height)) => (height, width),
        (_, size) => size,
    };
    // Turned only once small: the same pixels, a sixth of the work and none of the memory.
    let display = render::upright(render::shrink(raster, DISPLAY_SIDE)?, exif.orientation);
    let display_jpeg = render::jpeg(&display)?;
    let measures = measure::measure(&display)?;
    let thumbnail = render::shrink(display, THUMBNAIL_SIDE)?;
    Ok(Picture {
        format: plan.format(),
        width,
        height,
        damaged,
        taken: exif.taken,
        position: exif.position,
        make: exif.make,
        model: exif.model,
        software: exif.software,
        exif: exif.opened,
        fingerprint: measures.fingerprint,
        sharpness: measures.sharpness,
        brightness: measures.brightness,
        display: display_jpeg,
        thumbnail: render::jpeg(&thumbnail)?,
    })
}

/// Bytes of memory that [`examine`] will take at its peak for this photo, its own bytes
/// included: at most [`MAX_MEMORY`]. Looks at the photo's structure only and decodes nothing.
///
/// # Errors
/// A [`Refusal`] if it can be told from the structure that the photo is not accepted.
pub fn memory_needed(bytes: &[u8]) -> Result<u64, Refusal> {
    Plan::make(bytes).map(|plan| plan.memory(bytes))
}

/// A JPEG as the fast way decodes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reduced {
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// Red, green and blue of each pixel, or its grey alone.
    pub pixels: Vec<u8>,
    /// A part is missing or broken; it is grey.
    pub damaged: bool,
}

/// Decodes a JPEG by the fast way alone, to an eighth, a quarter or a half, the smallest that
/// leaves the longer side at `side` or above. For tests and fuzzing: [`examine`] takes this way
/// for large pictures by itself. None if the picture is of a kind or size that the fast way
/// leaves to the other decoder, or if nothing of it can be seen.
///
/// # Errors
/// A [`Refusal`] if it can be told from the structure that the photo is not accepted.
pub fn reduced_jpeg(bytes: &[u8], side: u32) -> Result<Option<Reduced>, Refusal> {
    let Plan::Jpeg(scan) = Plan::make(bytes)? else {
        return Ok(None);
    };
    let reduced = scaled::Reduction::of(&scan, side)
        .and_then(|reduction| scaled::decode(bytes, &scan, reduction));
    Ok(reduced.map(|scaled::Reduced { raster, damaged }| {
        let Raster { width, height, pixels, .. } = raster.into_rgb();
        Reduced { width, height, pixels, damaged }
    }))
}

/// The SHA-256 of the bytes in lower-case hexadecimal: a photo's name.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    let mut hasher = Hasher::default();
    hasher.update(bytes);
    hasher.finish()
}

/// The same for bytes that come in pieces.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Adds the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The name of all that was added.
    #[must_use]
    pub fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// What the walk over the structure found: within all limits, and how to decode it.
enum Plan<'a> {
    Jpeg(prescan::Prescan<'a>),
    Png(png::Layout<'a>),
    WebP(webp::Layout<'a>),
}

impl<'a> Plan<'a> {
    fn make(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let size = bytes.len() as u64;
        if size > MAX_BYTES {
            return Err(Refusal::TooLarge { bytes: size });
        }
        let plan = match kind::detect(bytes)? {
            Format::Jpeg => Self::Jpeg(prescan::prescan(bytes)?),
            Format::Png => Self::Png(png::layout(bytes)?),
            Format::WebP => Self::WebP(webp::layout(bytes)?),
        };
        let needed = plan.memory(bytes);
        let (width, height) = plan.size();
        match needed > MAX_MEMORY {
            true => Err(Refusal::TooMuchMemory { width, height, needed }),
            false => Ok(plan),
        }
    }

    fn format(&self) -> Format {
        match self {
            Self::Jpeg(_) => Format::Jpeg,
            Self::Png(_) => Format::Png,
            Self::WebP(_) => Format::WebP,
        }
    }

    fn size(&self) -> (u32, u32) {
        match self {
            Self::Jpeg(scan) => (scan.width.into(), scan.height.into()),
            Self::Png(layout) => (layout.width, layout.height),
            Self::WebP(layout) => (layout.width, layout.height),
        }
    }

    fn exif(&self) -> Option<&'a [u8]> {
        match self {
            Self::Jpeg(scan) => scan.exif,
            Self::Png(layout) => layout.exif,
            Self::WebP(layout) => layout.exif,
        }
    }

    /// Either decoding is the peak, or resizing, when the decoded picture and one scaled
    /// across (for RGB, three bytes a pixel) are held.
    fn memory(&self, bytes: &[u8]) -> u64 {
        let (width, height) = match self {
            Self::Jpeg(scan) => jpeg::size(scan),
            _ => self.size(),
        };
        let (width, height) = (u64::from(width), u64::from(height));
        let scaled_width = (width * u64::from(DISPLAY_SIDE) / width.max(height)).max(1);
        let resizing = 3 * height * (width + scaled_width.min(width));
        let decoding = match self {
            Self::Jpeg(scan) => jpeg::memory(scan),
            Self::Png(layout) => png::memory(layout),
            Self::WebP(layout) => webp::memory(layout),
        };
        bytes.len() as u64 + decoding.max(resizing)
    }

    /// The pixels, perhaps at reduced size but never below what the display copy needs, and
    /// whether something of them is missing.
    fn decode(&self, bytes: &[u8]) -> Result<(Raster, bool), Refusal> {
        match self {
            Self::Jpeg(scan) => jpeg::decode(bytes, scan),
            Self::Png(layout) => png::decode(bytes, layout).map(|raster| (raster, false)),
            Self::WebP(layout) => webp::decode(bytes, layout).map(|raster| (raster, false)),
        }
    }
}

fn check_pixels(width: u32, height: u32) -> Result<(), Refusal> {
    match u64::from(width) * u64::from(height) > MAX_PIXELS {
        true => Err(Refusal::TooManyPixels { width, height }),
        false => Ok(()),
    }
}
