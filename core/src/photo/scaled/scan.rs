//! Scans to pixels: one that brings everything goes straight to the picture, a row of units
//! at a time; several are gathered as coefficients first. It must not know segments beside the
//! scan's header.

use std::rc::Rc;

use super::bits::{Bits, Stretch};
use super::blocks::{Band, Blocks, sequential};
use super::frame::{Factors, Frame, ScanHeader, Tables};
use super::huffman::Table;
use super::strip::{Picture, Strip};
use super::transform::{AWAY, ROOM, inverse, places};
use super::{Broken, Reduction};
use crate::photo::prescan::Prescan;

/// What is known of a component.
struct Component {
    /// Blocks of a unit, across and down.
    h: usize,
    v: usize,
    /// Blocks across, those that only fill the last unit included.
    across: usize,
    /// Blocks across and down that show something: what a scan of this component alone holds.
    own: (usize, usize),
    /// Pixels for each side of a block.
    side: usize,
    places: [u8; 64],
    factors: Option<Factors>,
    /// None if one scan brings everything.
    blocks: Option<Blocks>,
    before: i32,
}

/// A scan's component, its tables, whichever it needs.
struct Part {
    component: usize,
    first: Option<Rc<Table>>,
    others: Option<Rc<Table>>,
}

/// Decoding of one picture.
pub(super) struct Decoder {
    components: Vec<Component>,
    strips: Vec<Strip>,
    picture: Picture,
    stretch: Stretch,
    /// Units across and down, and how many lines of the picture a row of them makes.
    units: (usize, usize),
    lines: usize,
    damaged: bool,
    /// The row of units that the strips hold.
    row: usize,
    /// At least one row of units of the first component was read.
    seen: bool,
    pub scans: u32,
}

impl Decoder {
    pub(super) fn new(scan: &Prescan<'_>, reduction: Reduction) -> Self {
        let (sampling, most) = super::sampling(scan);
        let (most_h, most_v) = (usize::from(most.0), usize::from(most.1));
        let (width, height) = (usize::from(scan.width), usize::from(scan.height));
        let units = (width.div_ceil(8 * most_h), height.div_ceil(8 * most_v));
        let component = |sampling: &(u8, u8)| {
            let (h, v) = (usize::from(sampling.0), usize::from(sampling.1));
            let side = reduction.block();
            let across = units.0 * h;
            Component {
                h,
                v,
                across,
                own: (
                    (width * h).div_ceil(most_h).div_ceil(8),
                    (height * v).div_ceil(most_v).div_ceil(8),
                ),
                side,
                places: places(side),
                factors: None,
                blocks: (!scan.one_scan()).then(|| Blocks::new(side, across * units.1 * v)),
                before: 0,
            }
        };
        let components: Vec<Component> = sampling.iter().map(component).collect();
        let reduced = usize::from(reduction.0);
        let strip = |own: &Component| Strip {
            pixels: vec![128; own.across * own.v * own.side * own.side],
            stride: own.across * own.side,
            repeat: (most_h * reduced / (own.h * own.side), most_v * reduced / (own.v * own.side)),
        };
        let (width, height) = reduction.size(scan);
        Self {
            strips: components.iter().map(strip).collect(),
            picture: Picture::new(width, height, components.len()),
            components,
            stretch: Stretch::default(),
            units,
            lines: most_v * reduced,
            damaged: false,
            row: 0,
            seen: false,
            scans: 0,
        }
    }

    /// Reads a scan whose data begins at `at`. Gives the place behind its data.
    pub(super) fn scan(
        &mut self,
        bytes: &[u8],
        at: usize,
        frame: &Frame,
        tables: &Tables,
        header: &[u8],
    ) -> usize {
        self.scans += 1;
        let parts = ScanHeader::read(header, frame).and_then(|header| {
            let parts = self.parts(&header, frame, tables)?;
            Some((header, parts))
        });
        let Some((header, parts)) = parts else {
            self.damaged = true;
            return self.stretch.take(bytes, at);
        };
        let alone = match &parts[..] {
            [only] => Some(only.component),
            _ => None,
        };
        let (across, down) = alone.map_or(self.units, |n| self.components[n].own);
        let end =
            self.stretches(bytes, at, tables.restart as usize, (across, down), &header, &parts);
        for part in &parts {
            if let Some(blocks) = &mut self.components[part.component].blocks {
                blocks.came(header.first, header.last, header.to_come);
            }
        }
        end
    }

    /// The tables of each component; none if one is missing that the scan needs.
    fn parts(&mut self, header: &ScanHeader, frame: &Frame, tables: &Tables) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        for &(component, first, others) in &header.components {
            let own = self.components.get_mut(component)?;
            if own.factors.is_none() {
                own.factors = tables.quantisation[frame.components[component].quantisation];
            }
            own.factors?;
            own.before = 0;
            let part = Part {
                component,
                first: tables.first[first].clone(),
                others: tables.others[others].clone(),
            };
            let needs_first = header.first == 0 && header.before == 0;
            if (needs_first && part.first.is_none()) || (header.last > 0 && part.others.is_none()) {
                return None;
            }
            parts.push(part);
        }
        // One that brings everything must do so: nothing is gathered.
        (!self.direct() || (parts.len() == self.components.len() && self.scans == 1))
            .then_some(parts)
    }

    /// Reads stretch after stretch between restart markers, or one to the end.
    fn stretches(
        &mut self,
        bytes: &[u8],
        mut at: usize,
        restart: usize,
        (across, down): (usize, usize),
        header: &ScanHeader,
        parts: &[Part],
    ) -> usize {
        let total = across * down;
        let every = if restart == 0 { total } else { restart };
        let mut stretch = std::mem::take(&mut self.stretch);
        let mut count = 0_u8;
        for start in (0..total).step_by(every) {
            at = stretch.take(bytes, at);
            let end = (start + every).min(total);
            let mut bits = stretch.bits();
            let sound = self.units(start..end, across, header, parts, &mut bits).is_ok();
            self.damaged |= !sound || bits.overrun() || stretch.broken;
            if end == total {
                break;
            }
            // An encoder ends a stretch within a byte or two.
            self.damaged |= bits.left() > 16;
            match bytes.get(at + 1) {
                Some(marker @ 0xd0..=0xd7) => {
                    self.damaged |= *marker != 0xd0 + count;
                    count = (count + 1) % 8;
                    at += 2;
                }
                _ => {
                    self.damaged = true;
                    break;
                }
            }
        }
        self.stretch = stretch;
        // Past stretches that are too many; an empty one does no harm.
        while matches!(bytes.get(at + 1), Some(0xd0..=0xd7)) {
            at = self.stretch.take(bytes, at + 2);
            self.damaged |= self.stretch.bits().left() > 0;
        }
        at
    }

    /// Reads the units of one stretch; rows that are complete go to the picture.
    fn units(
        &mut self,
        range: std::ops::Range<usize>,
        across: usize,
        header: &ScanHeader,
        parts: &[Part],
        bits: &mut Bits<'_>,
    ) -> Result<(), Broken> {
        for part in parts {
            self.components[part.component].before = 0;
        }
        let direct = self.direct();
        let mut skip = 0;
        let (mut row, mut column) = (range.start / across, range.start % across);
        if direct && row != self.row {
            self.forget(0);
            self.row = row;
        }
        for _ in range {
            let read = match direct {
                true => self.show(column, parts, bits),
                false => self.gather(row, column, header, parts, &mut skip, bits),
            };
            column += 1;
            let ended = column == across;
            let read = if bits.overrun() { Err(Broken) } else { read };
            if direct && read.is_err() {
                self.forget(column - 1);
            }
            if direct && (ended || read.is_err()) {
                self.picture.lay(row, self.lines, &self.strips);
            }
            read?;
            if ended {
                self.seen |= parts[0].component == 0;
                (row, column) = (row + 1, 0);
                self.row = row;
            }
        }
        Ok(())
    }

    /// Makes the strips grey from a unit on.
    fn forget(&mut self, column: usize) {
        for (own, strip) in self.components.iter().zip(&mut self.strips) {
            for line in strip.pixels.chunks_exact_mut(strip.stride) {
                line[column * own.h * own.side..].fill(128);
            }
        }
    }

    /// One scan brings everything, and nothing is gathered.
    fn direct(&self) -> bool {
        self.components.iter().any(|own| own.blocks.is_none())
    }

    /// A unit straight to the strips.
    fn show(&mut self, column: usize, parts: &[Part], bits: &mut Bits<'_>) -> Result<(), Broken> {
        let mut c = [0.0; ROOM];
        for part in parts {
            let own = &mut self.components[part.component];
            let strip = &mut self.strips[part.component];
            let (Some(first), Some(others), Some(factors)) =
                (part.first.as_deref(), part.others.as_deref(), &own.factors)
            else {
                return Err(Broken);
            };
            for n in 0..own.h * own.v {
                let mut flat = true;
                sequential(bits, (first, others), &mut own.before, |k, value| {
                    let place = own.places[k & 63];
                    flat &= place == 0 || place == AWAY;
                    c[usize::from(place) & (ROOM - 1)] = value as f32 * factors[k & 63];
                })?;
                let x = (column * own.h + n % own.h) * own.side;
                let y = n / own.h * own.side;
                inverse(
                    &c,
                    own.side,
                    flat,
                    &mut strip.pixels[y * strip.stride + x..],
                    strip.stride,
                );
                c[..own.side * own.side].fill(0.0);
            }
        }
        Ok(())
    }

    /// A unit to the coefficients.
    fn gather(
        &mut self,
        row: usize,
        column: usize,
        header: &ScanHeader,
        parts: &[Part],
        skip: &mut u32,
        bits: &mut Bits<'_>,
    ) -> Result<(), Broken> {
        let alone = parts.len() == 1;
        for part in parts {
            let own = &mut self.components[part.component];
            let Some(blocks) = &mut own.blocks else {
                return Err(Broken);
            };
            let (h, v) = if alone { (1, 1) } else { (own.h, own.v) };
            for n in 0..h * v {
                let at = (row * v + n / h) * own.across + column * h + n % h;
                block(blocks, at, header, part, &mut own.before, skip, bits)?;
            }
        }
        Ok(())
    }

    /// The pixels, and whether anything is missing; none if there is nothing to see.
    pub(super) fn finish(mut self) -> Option<(Vec<u8>, bool)> {
        if !self.seen {
            return None;
        }
        if !self.direct() {
            self.damaged |=
                !self.components.iter().all(|own| own.blocks.as_ref().is_some_and(Blocks::whole));
            let orders: Vec<Vec<f32>> = self.components.iter().map(by_place).collect();
            for row in 0..self.units.1 {
                for ((own, strip), factors) in
                    self.components.iter().zip(&mut self.strips).zip(&orders)
                {
                    own.draw(row, factors, strip);
                }
                self.picture.lay(row, self.lines, &self.strips);
            }
        }
        Some((self.picture.pixels, self.damaged))
    }
}

impl Component {
    /// A row of units from the coefficients.
    fn draw(&self, row: usize, factors: &[f32], strip: &mut Strip) {
        let Some(blocks) = &self.blocks else {
            return;
        };
        let mut c = [0.0; ROOM];
        for line in 0..self.v {
            for column in 0..self.across {
                let at = (row * self.v + line) * self.across + column;
                let flat = blocks.scaled(at, factors, &mut c);
                let start = line * self.side * strip.stride + column * self.side;
                inverse(&c, self.side, flat, &mut strip.pixels[start..], strip.stride);
            }
        }
    }
}

/// The factors in the order of the kept coefficients; a component that never came has none and
/// is grey.
fn by_place(own: &Component) -> Vec<f32> {
    let mut out = vec![0.0; own.side * own.side];
    for (place, factor) in own.places.iter().zip(own.factors.iter().flatten()) {
        if let Some(out) = out.get_mut(usize::from(*place)) {
            *out = *factor;
        }
    }
    out
}

fn block(
    blocks: &mut Blocks,
    at: usize,
    header: &ScanHeader,
    part: &Part,
    before: &mut i32,
    skip: &mut u32,
    bits: &mut Bits<'_>,
) -> Result<(), Broken> {
    let first = || part.first.as_deref().ok_or(Broken);
    let others = || part.others.as_deref().ok_or(Broken);
    let band = Band { first: header.first, last: header.last, to_come: header.to_come };
    match (header.first, header.last, header.before) {
        (0, 63, _) => blocks.sequential(at, bits, (first()?, others()?), before),
        (0, _, 0) => blocks.first(at, bits, first()?, before, header.to_come),
        (0, _, _) => {
            blocks.refine_first(at, bits, header.to_come);
            Ok(())
        }
        (_, _, 0) => blocks.band(at, bits, others()?, skip, band),
        _ => blocks.refine_band(at, bits, others()?, skip, band),
    }
}
