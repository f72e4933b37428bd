//! Coefficients that come in several scans, kept until all have come: of each block only those
//! that the reduced size needs, and one bit for each of the 64 that says whether it is zero,
//! which refining scans must know of all. Reading of the four kinds of progressive scan.
//!
//! Source: ITU-T T.81, annex G.

use super::Broken;
use super::bits::Bits;
use super::huffman::Table;
use super::transform::{AWAY, places};

/// Bytes that a block of so many pixels each side takes.
pub(super) fn bytes(side: u64) -> u64 {
    side * side * 2 + 8
}

/// The blocks of one component.
pub(super) struct Blocks {
    side: usize,
    places: [u8; 64],
    kept: Vec<i16>,
    seen: Vec<u64>,
    /// For each coefficient, the bits of precision still to come; more than 13 for all.
    to_come: [u32; 64],
}

/// A band of coefficients and its precision.
#[derive(Clone, Copy)]
pub(super) struct Band {
    pub first: usize,
    pub last: usize,
    pub to_come: u32,
}

impl Blocks {
    pub(super) fn new(side: usize, count: usize) -> Self {
        Self {
            side,
            places: places(side),
            kept: vec![0; count * side * side],
            seen: vec![0; count],
            to_come: [u32::MAX; 64],
        }
    }

    /// All coefficients have come in full.
    pub(super) fn whole(&self) -> bool {
        self.to_come.iter().all(|bits| *bits == 0)
    }

    /// Notes that a scan of this band was read.
    pub(super) fn came(&mut self, first: usize, last: usize, to_come: u32) {
        self.to_come[first..=last].fill(to_come);
    }

    /// The coefficients of a block, row by row, each with its factor (same order).
    pub(super) fn scaled(&self, at: usize, factors: &[f32], out: &mut [f32]) -> bool {
        let room = self.side * self.side;
        let own = &self.kept[at * room..(at + 1) * room];
        let mut flat = true;
        for (n, ((value, factor), out)) in own.iter().zip(factors).zip(out).enumerate() {
            *out = f32::from(*value) * factor;
            flat &= n == 0 || *value == 0;
        }
        flat
    }

    fn put(&mut self, at: usize, k: usize, value: i32) {
        self.seen[at] |= 1 << k;
        if self.places[k] != AWAY {
            let place = at * self.side * self.side + usize::from(self.places[k]);
            self.kept[place] = value.clamp(-32_768, 32_767) as i16;
        }
    }

    /// One more bit of a coefficient that is not zero.
    fn refine(&mut self, at: usize, k: usize, bit: i16) {
        if self.places[k] == AWAY {
            return;
        }
        let value = &mut self.kept[at * self.side * self.side + usize::from(self.places[k])];
        if *value & bit == 0 {
            *value = value.saturating_add(if *value < 0 { -bit } else { bit });
        }
    }

    /// A block of a scan that brings everything.
    pub(super) fn sequential(
        &mut self,
        at: usize,
        bits: &mut Bits<'_>,
        tables: (&Table, &Table),
        before: &mut i32,
    ) -> Result<(), Broken> {
        sequential(bits, tables, before, |k, value| self.put(at, k, value))
    }

    /// The first coefficient, for the first time.
    pub(super) fn first(
        &mut self,
        at: usize,
        bits: &mut Bits<'_>,
        table: &Table,
        before: &mut i32,
        to_come: u32,
    ) -> Result<(), Broken> {
        *before = bounded(*before + table.difference(bits)?)?;
        self.put(at, 0, *before << to_come);
        Ok(())
    }

    /// One more bit of the first coefficient.
    pub(super) fn refine_first(&mut self, at: usize, bits: &mut Bits<'_>, to_come: u32) {
        if bits.take(1) == 1 {
            self.kept[at * self.side * self.side] |= 1 << to_come;
        }
    }

    /// A band for the first time. `skip` counts the blocks that hold no more of it.
    pub(super) fn band(
        &mut self,
        at: usize,
        bits: &mut Bits<'_>,
        table: &Table,
        skip: &mut u32,
        band: Band,
    ) -> Result<(), Broken> {
        if *skip > 0 {
            *skip -= 1;
            return Ok(());
        }
        let mut k = band.first;
        while k <= band.last {
            match table.run_and_value(bits)? {
                (15, 0) => k += 16,
                (run, 0) => {
                    *skip = blocks_to_skip(bits, run) - 1;
                    break;
                }
                (run, value) => {
                    k += run as usize;
                    if k > band.last {
                        return Err(Broken);
                    }
                    self.put(at, k, value << band.to_come);
                    k += 1;
                }
            }
        }
        Ok(())
    }

    /// One more bit of a band: of those that are not zero, and those that become so.
    pub(super) fn refine_band(
        &mut self,
        at: usize,
        bits: &mut Bits<'_>,
        table: &Table,
        skip: &mut u32,
        band: Band,
    ) -> Result<(), Broken> {
        let mut k = band.first;
        while *skip == 0 && k <= band.last {
            let symbol = table.symbol(bits)?;
            let (mut run, size) = (u32::from(symbol >> 4), symbol & 15);
            let mut value = 0;
            match (size, run) {
                (0, 15) => {}
                (0, _) => {
                    *skip = blocks_to_skip(bits, run);
                    break;
                }
                (1, _) => value = if bits.take(1) == 1 { 1 } else { -1 },
                _ => return Err(Broken),
            }
            // Over those that are not zero and as many zeros as the run says.
            while k <= band.last {
                if self.seen[at] >> k & 1 == 1 {
                    if bits.take(1) == 1 {
                        self.refine(at, k, 1 << band.to_come);
                    }
                } else if run == 0 {
                    break;
                } else {
                    run -= 1;
                }
                k += 1;
            }
            if value != 0 {
                if k > band.last {
                    return Err(Broken);
                }
                self.put(at, k, value << band.to_come);
            }
            k += 1;
        }
        if *skip > 0 {
            *skip -= 1;
            self.refine_rest(at, bits, k, band);
        }
        Ok(())
    }

    fn refine_rest(&mut self, at: usize, bits: &mut Bits<'_>, from: usize, band: Band) {
        let within = u64::MAX >> (63 - band.last);
        let mut left = self.seen[at] & within & u64::MAX.checked_shl(from as u32).unwrap_or(0);
        while left != 0 {
            let k = left.trailing_zeros() as usize;
            left &= left - 1;
            if bits.take(1) == 1 {
                self.refine(at, k, 1 << band.to_come);
            }
        }
    }
}

/// The blocks, this one included, that hold no more of a band.
fn blocks_to_skip(bits: &mut Bits<'_>, run: u32) -> u32 {
    match run {
        0 => 1,
        _ => (1 << run) + bits.take(run),
    }
}

/// First coefficients are differences of differences: a hostile file adds without end.
fn bounded(value: i32) -> Result<i32, Broken> {
    match value.abs() < 1 << 15 {
        true => Ok(value),
        false => Err(Broken),
    }
}

/// A block of a scan that brings everything: gives each coefficient that is not zero, by its
/// place in the order of the file, and the first one always.
#[inline(always)]
pub(super) fn sequential(
    bits: &mut Bits<'_>,
    (first, others): (&Table, &Table),
    before: &mut i32,
    mut put: impl FnMut(usize, i32),
) -> Result<(), Broken> {
    *before = bounded(*before + first.difference(bits)?)?;
    put(0, *before);
    let mut k = 1;
    while k < 64 {
        match others.run_and_value(bits)? {
            (0, 0) => break,
            (15, 0) => k += 16,
            (_, 0) => return Err(Broken),
            (run, value) => {
                k += run as usize;
                if k > 63 {
                    return Err(Broken);
                }
                put(k, value);
                k += 1;
            }
        }
    }
    Ok(())
}
