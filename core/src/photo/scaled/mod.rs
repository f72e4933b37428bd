//! JPEG at reduced size: an eighth, a quarter or a half, straight from the coefficients, without
//! ever making the pixels that a smaller copy does not need. A decoder of our own, because none
//! in Rust does this with limits: here the data is read once for each scan, memory follows from
//! the frame and the reduced size, and whatever lies beyond the plainest JPEG is left to the
//! other decoder. It may be taken out or replaced: `jpeg` asks it through [`Reduction::of`]
//! and [`decode`] alone. It must not know EXIF, files or sizes of renditions.
//!
//! It is strict: data that stops short, codes that do not exist, restart markers out of order
//! and progressive pictures that were never finished are damage; what could be read is given
//! all the same.
//!
//! Source: ITU-T T.81.

use super::prescan::Prescan;
use super::raster::{Channels, Raster};

mod bits;
mod blocks;
mod frame;
mod huffman;
mod scan;
mod strip;
mod transform;

use frame::{Frame, Tables};

/// Coded data that cannot be what an encoder wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Broken;

/// To what size a picture is decoded: so many pixels for every eight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reduction(u8);

impl Reduction {
    /// The strongest that leaves the longer side at `side` or above. None if there is none, or
    /// if the picture is of a kind that is left to the other decoder: more than three
    /// components, or sampling factors that do not divide each other.
    pub(super) fn of(scan: &Prescan<'_>, side: u32) -> Option<Self> {
        let (sampling, (across, down)) = sampling(scan);
        let divides = |(h, v): &(u8, u8)| across % h == 0 && down % v == 0;
        if sampling.len() > 3 || !sampling.iter().all(divides) {
            return None;
        }
        let long = scan.width.max(scan.height);
        [1, 2, 4].map(Self).into_iter().find(|own| own.side(long) >= side)
    }

    /// How long a side becomes.
    pub(super) fn side(self, full: u16) -> u32 {
        (u32::from(full) * u32::from(self.0)).div_ceil(8)
    }

    /// Pixels across and down.
    pub(super) fn size(self, scan: &Prescan<'_>) -> (u32, u32) {
        (self.side(scan.width), self.side(scan.height))
    }

    /// Pixels for each side of a block.
    fn block(self) -> usize {
        usize::from(self.0)
    }
}

/// How often each component is sampled, across and down, and the most of all. A component that
/// is alone comes block by block, whatever the frame says.
fn sampling(scan: &Prescan<'_>) -> (Vec<(u8, u8)>, (u8, u8)) {
    match scan.sampling.len() {
        1 => (vec![(1, 1)], (1, 1)),
        _ => (scan.sampling.clone(), scan.most_samples()),
    }
}

/// Bytes of memory that [`decode`] takes at its peak, to within small tables.
pub(super) fn memory(scan: &Prescan<'_>, reduction: Reduction) -> u64 {
    let (width, height) = reduction.size(scan);
    let pixels =
        u64::from(width) * u64::from(height) * if scan.sampling.len() == 1 { 1 } else { 3 };
    let (sampling, most) = sampling(scan);
    let across = u64::from(scan.width).div_ceil(8 * u64::from(most.0));
    let down = u64::from(scan.height).div_ceil(8 * u64::from(most.1));
    let component = |own: &(u8, u8)| {
        let side = reduction.block() as u64;
        let blocks = across * u64::from(own.0) * u64::from(own.1);
        let kept = if scan.one_scan() { 0 } else { down * blocks * blocks::bytes(side) };
        kept + blocks * side * side
    };
    // The longest stretch of coded data, without stuffing, may be all of it.
    pixels + sampling.iter().map(component).sum::<u64>() + scan.end as u64
}

/// A picture at reduced size.
pub(super) struct Reduced {
    pub raster: Raster,
    /// A part is missing or broken.
    pub damaged: bool,
}

/// Decodes; what is missing is grey. None if not even one row of blocks can be read.
pub(super) fn decode(bytes: &[u8], scan: &Prescan<'_>, reduction: Reduction) -> Option<Reduced> {
    let bytes = bytes.get(..scan.end).unwrap_or(bytes);
    let mut decoder = scan::Decoder::new(scan, reduction);
    let mut tables = Tables::default();
    let mut frame: Option<Frame> = None;
    let mut walk = frame::Walk::new(bytes);
    while let Some((marker, body)) = walk.segment() {
        match marker {
            0xc0..=0xc2 if frame.is_none() => frame = Frame::read(marker, body),
            0xda => {
                let (Some(frame), true) = (&frame, decoder.scans < super::MAX_SCANS) else {
                    break;
                };
                walk.at = decoder.scan(bytes, walk.at, frame, &tables, body);
            }
            _ => tables.read(marker, body),
        }
    }
    let (pixels, damaged) = decoder.finish()?;
    let (width, height) = reduction.size(scan);
    let channels = match (scan.sampling.len(), scan.rgb) {
        (1, _) => Channels::Grey,
        (_, true) => Channels::Rgb,
        (_, false) => Channels::Ycc,
    };
    Some(Reduced {
        raster: Raster { width, height, channels, pixels },
        damaged: damaged || scan.cut,
    })
}
