//! What kind of file the bytes are, by their first bytes alone. A declared media type is
//! never asked: phones, browsers and attackers get it wrong.

use super::Refusal;

/// The kinds of picture that are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JPEG, 8 bit, baseline or progressive.
    Jpeg,
    /// PNG of any depth.
    Png,
    /// WebP, lossy or lossless.
    WebP,
}

impl Format {
    /// The media type under which the original is served.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// Brands of ISO base media files that are still pictures (HEIF, ISO/IEC 23008-12 annex B,
/// and AVIF); other brands are films.
const PICTURE_BRANDS: [&[u8; 4]; 14] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2",
    b"msf1", b"miaf", b"avif", b"avis",
];

/// First bytes of kinds that people may send by mistake, for the refusal's sentence.
const OTHERS: [(&[u8], &str); 12] = [
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"<svg", "SVG"),
    (b"<?xml", "XML"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
];

/// Tells the format, or why it is none that is accepted.
pub(super) fn detect(bytes: &[u8]) -> Result<Format, Refusal> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(Format::Jpeg);
    }
    if bytes.starts_with(super::png::SIGNATURE) {
        return Ok(Format::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(Format::WebP);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(match is_still_picture(bytes) {
            true => Refusal::Heic,
            false => Refusal::UnsupportedType { found: "a film" },
        });
    }
    let found = OTHERS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map_or("unknown", |(_, name)| name);
    Err(Refusal::UnsupportedType { found })
}

/// The major brand decides, else the compatible ones: some phones write a brand of their own
/// and name `heic` or `mif1` only among the compatible.
fn is_still_picture(bytes: &[u8]) -> bool {
    let declared = bytes.first_chunk().map_or(0, |n| u32::from_be_bytes(*n));
    // A box of sensible size; a longer list of brands adds nothing.
    let end = bytes.len().min(declared.clamp(16, 256) as usize);
    let brands = bytes.get(8..end).unwrap_or_default();
    brands
        .chunks_exact(4)
        .enumerate()
        // The second word is the minor version, no brand.
        .filter(|(place, _)| *place != 1)
        .any(|(_, brand)| PICTURE_BRANDS.iter().any(|known| *known == brand))
}
