//! Parts of a picture that must not be seen: a display copy with areas filled. It must not know
//! who asked for it, nor why.

use super::raster::Raster;
use super::{DISPLAY_SIDE, Plan, Refusal, render};

/// A rectangle in pixels of the upright display copy, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// Pixels from the left edge.
    pub x: u32,
    /// Pixels from the upper edge.
    pub y: u32,
    /// Pixels across; what reaches over the edge covers nothing more.
    pub width: u32,
    /// Pixels down; what reaches over the edge covers nothing more.
    pub height: u32,
}

/// The size of the display copy of a picture of this size.
#[must_use]
pub fn display_size(width: u32, height: u32) -> (u32, u32) {
    render::within(width, height, DISPLAY_SIDE)
}

/// A JPEG of the display copy with these areas black, no side longer than `longest`. Small
/// copies are made from the filled picture, never from what was there before.
///
/// # Errors
/// A [`Refusal`] if the display copy cannot be read.
pub fn redact(display: &[u8], areas: &[Area], longest: u32) -> Result<Vec<u8>, Refusal> {
    let (raster, _) = Plan::make(display)?.decode(display)?;
    // Black is zero in RGB alone.
    let mut raster = raster.into_rgb();
    for area in areas {
        fill(&mut raster, *area);
    }
    render::jpeg(&render::shrink(raster, longest)?)
}

fn fill(raster: &mut Raster, area: Area) {
    let line = raster.width as usize * raster.channels.count();
    let from = area.x.min(raster.width) as usize * raster.channels.count();
    let to = area.x.saturating_add(area.width).min(raster.width) as usize * raster.channels.count();
    let last = area.y.saturating_add(area.height).min(raster.height);
    for row in area.y..last {
        let start = row as usize * line;
        raster.pixels[start + from..start + to].fill(0);
    }
}
