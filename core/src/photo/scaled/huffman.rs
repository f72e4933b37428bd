//! Huffman codes of a JPEG: a table made from what the file says, and reading by it. A code and
//! the value behind it come in one look where both are short, as most are.
//!
//! Source: ITU-T T.81, annexes C and F.

use super::Broken;
use super::bits::Bits;

/// Bits that are looked up at once.
const LOOK: u32 = 10;

/// What a look finds: the bits to skip (0 if the code is longer than the look), how many zeros
/// come before the value, and the value (0 if it is not within the look: then `run` is the
/// symbol and its value is still to be read).
#[derive(Clone, Copy, Default)]
struct Entry {
    skip: u8,
    run: u8,
    value: i16,
}

/// A table of codes.
pub(super) struct Table {
    entries: [Entry; 1 << LOOK],
    /// For codes of each length, one above the last, in 16 bits from the highest on.
    limits: [u32; 17],
    /// What to add to a code of each length for its symbol's place.
    offsets: [i32; 17],
    symbols: Vec<u8>,
}

impl Table {
    /// From a segment's list of how many codes each length has, and the symbols. None if no
    /// such codes can exist.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut table = Self {
            entries: [Entry::default(); 1 << LOOK],
            limits: [0; 17],
            offsets: [0; 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut place) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            let at = length as usize;
            table.offsets[at] = i32::try_from(place).ok()? - i32::try_from(code).ok()?;
            for _ in 0..*count {
                if code >= 1 << length {
                    return None;
                }
                let symbol = *symbols.get(place)?;
                table.enter(code, length, symbol);
                code += 1;
                place += 1;
            }
            table.limits[at] = code << (16 - length);
            code <<= 1;
        }
        (place == symbols.len()).then_some(table)
    }

    fn enter(&mut self, code: u32, length: u32, symbol: u8) {
        let Some(rest) = LOOK.checked_sub(length) else {
            return;
        };
        let (run, size) = (symbol >> 4, u32::from(symbol & 15));
        let first = (code << rest) as usize;
        for (behind, entry) in (0_u32..).zip(&mut self.entries[first..first + (1 << rest)]) {
            *entry = match size > 0 && size <= rest {
                true => {
                    let value = signed(behind >> (rest - size), size);
                    let value = i16::try_from(value).unwrap_or_default();
                    Entry { skip: (length + size) as u8, run, value }
                }
                false => Entry { skip: length as u8, run: symbol, value: 0 },
            };
        }
    }

    /// The next symbol, without the value behind it.
    #[inline(always)]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Result<u8, Broken> {
        bits.fill();
        let look = bits.peek(16);
        for length in 1..=16 {
            if look < self.limits[length as usize] {
                return self.at(bits, look, length);
            }
        }
        Err(Broken)
    }

    #[inline(always)]
    fn at(&self, bits: &mut Bits<'_>, look: u32, length: u32) -> Result<u8, Broken> {
        bits.skip(length);
        let code = i32::try_from(look >> (16 - length)).map_err(|_| Broken)?;
        let place = usize::try_from(code + self.offsets[length as usize]).map_err(|_| Broken)?;
        self.symbols.get(place).copied().ok_or(Broken)
    }

    /// The next run of zeros and the value behind it; a value of 0 has size 0, and the run
    /// then says what it means.
    #[inline(always)]
    pub(super) fn run_and_value(&self, bits: &mut Bits<'_>) -> Result<(u32, i32), Broken> {
        bits.fill();
        let entry = self.entries[bits.peek(LOOK) as usize];
        if entry.value != 0 {
            bits.skip(entry.skip.into());
            return Ok((entry.run.into(), entry.value.into()));
        }
        let symbol = match entry.skip {
            0 => self.symbol(bits)?,
            skip => {
                bits.skip(skip.into());
                entry.run
            }
        };
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match size {
            0 => Ok((run, 0)),
            _ => Ok((run, signed(bits.take(size), size))),
        }
    }

    /// The next difference of a first coefficient.
    #[inline(always)]
    pub(super) fn difference(&self, bits: &mut Bits<'_>) -> Result<i32, Broken> {
        match self.run_and_value(bits)? {
            (0, value) => Ok(value),
            _ => Err(Broken),
        }
    }
}

/// A value of so many bits: those that begin with 0 are negative.
#[inline(always)]
fn signed(bits: u32, size: u32) -> i32 {
    let bits = bits as i32;
    match bits >> (size - 1) {
        0 => bits - (1 << size) + 1,
        _ => bits,
    }
}
