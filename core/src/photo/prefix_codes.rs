//! How much memory the prefix codes of a lossless WebP stream will take, found by reading them
//! before the decoder does: each is a table, a stream of a few kilobytes can describe thousands,
//! and the decoder has no limit to set. Pixels are read only as far as codes lie behind them:
//! those of transforms, and of the image that says how many groups of codes there are. Nothing
//! of them is kept, for copies and the cache of colours only repeat what was read.
//! It must not know RIFF.
//!
//! Source: RFC 9649, section 3.

use super::{MAX_MEMORY, Refusal};

/// Codes of a group: green with lengths and cache, red, blue, alpha, distances.
const ALPHABETS: [usize; 5] = [256 + 24, 256, 256, 256, 40];
/// The order in which the lengths of the code of code lengths come.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
/// The longest code.
const LONGEST: usize = 15;
/// Bits that the decoder looks up in a table; longer codes are nodes of a tree beside it.
const TABLE_BITS: usize = 10;
/// Bytes of a table's entry and of a tree's node in the decoder.
const ENTRY: u64 = 4;
const NODE: u64 = 16;
/// Bytes that a group takes beside its tables, while the list of groups grows as well.
const GROUP: u64 = 1_000;

fn broken() -> Refusal {
    Refusal::unreadable("a lossless WebP whose prefix codes are broken")
}

/// Bytes of memory that the decoder will take for the prefix codes of a lossless stream, of
/// which nothing has been read yet. It stops reading above [`MAX_MEMORY`].
///
/// # Errors
/// [`Refusal::Unreadable`] where the stream ends early or is none.
pub(super) fn memory(stream: &[u8], width: u32, height: u32) -> Result<u64, Refusal> {
    let mut walk = Walk { bits: Bits { bytes: stream, at: 0 } };
    let width = walk.transforms(width, height)?;
    walk.picture(width, height)
}

/// A prefix code as it can be read: how many codes there are of each length, and their symbols
/// from the shortest. A single symbol takes no bits.
enum Code {
    Single(usize),
    Tree { counts: [usize; LONGEST + 1], symbols: Vec<u16> },
}

impl Code {
    fn of(lengths: &[u8]) -> Result<Self, Refusal> {
        let mut counts = [0; LONGEST + 1];
        for length in lengths.iter().filter(|length| **length > 0) {
            counts[usize::from(*length)] += 1;
        }
        let mut symbols = Vec::with_capacity(counts.iter().sum());
        for wanted in 1..=LONGEST {
            let of_length = lengths.iter().zip(0..).filter(|(l, _)| usize::from(**l) == wanted);
            symbols.extend(of_length.map(|(_, symbol)| symbol));
        }
        match symbols[..] {
            [] => Err(broken()),
            [only] => Ok(Self::Single(only.into())),
            _ => Ok(Self::Tree { counts, symbols }),
        }
    }

    /// Bytes that the decoder takes for it.
    fn memory(&self) -> u64 {
        let Self::Tree { counts, .. } = self else { return 0 };
        let longest = counts.iter().rposition(|count| *count > 0).unwrap_or(0);
        let beside: usize = counts.iter().skip(TABLE_BITS + 1).sum();
        // Of two symbols it makes three nodes beside a table of two.
        ENTRY * (1 << longest.min(TABLE_BITS)) + NODE * (2 * beside as u64).max(3)
    }

    fn read(&self, bits: &mut Bits<'_>) -> Result<usize, Refusal> {
        let (counts, symbols) = match self {
            Self::Single(symbol) => return Ok(*symbol),
            Self::Tree { counts, symbols } => (counts, symbols),
        };
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in counts.iter().skip(1) {
            code = code << 1 | bits.read(1)?;
            if code < first + count {
                return symbols
                    .get(index + code - first)
                    .map(|s| usize::from(*s))
                    .ok_or_else(broken);
            }
            index += count;
            first = (first + count) << 1;
        }
        Err(broken())
    }
}

/// Bits from the lowest of each byte on.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// As many as 24.
    fn read(&mut self, count: usize) -> Result<usize, Refusal> {
        let mut value = 0;
        for bit in 0..count {
            let byte = self.bytes.get(self.at / 8).ok_or_else(broken)?;
            value |= usize::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Ok(value)
    }

    fn flag(&mut self) -> Result<bool, Refusal> {
        Ok(self.read(1)? == 1)
    }
}

struct Walk<'a> {
    bits: Bits<'a>,
}

impl Walk<'_> {
    /// Reads past the transforms; gives the width of the picture that is coded behind them.
    fn transforms(&mut self, mut width: u32, height: u32) -> Result<u32, Refusal> {
        // Each kind comes once at most.
        let mut seen = [false; 4];
        while self.bits.flag()? {
            let kind = self.bits.read(2)?;
            if std::mem::replace(&mut seen[kind], true) {
                return Err(broken());
            }
            match kind {
                0 | 1 => {
                    let side = 1 << (self.bits.read(3)? + 2);
                    self.pixels(width.div_ceil(side), height.div_ceil(side))?;
                }
                3 => {
                    let colours = self.bits.read(8)? + 1;
                    self.pixels(u32::try_from(colours).map_err(|_| broken())?, 1)?;
                    let packed = match colours {
                        ..=2 => 8,
                        3..=4 => 4,
                        5..=16 => 2,
                        _ => 1,
                    };
                    width = width.div_ceil(packed);
                }
                _ => {}
            }
        }
        Ok(width)
    }

    /// Reads the groups of codes of the picture itself, and stops before its pixels.
    fn picture(&mut self, width: u32, height: u32) -> Result<u64, Refusal> {
        let cache = self.cache()?;
        let mut groups = 1;
        if self.bits.flag()? {
            let side = 1 << (self.bits.read(3)? + 2);
            groups = self.pixels(width.div_ceil(side), height.div_ceil(side))? + 1;
        }
        let mut memory = 0;
        for _ in 0..groups {
            memory += GROUP + self.group(cache)?.iter().map(Code::memory).sum::<u64>();
            if memory > MAX_MEMORY {
                break;
            }
        }
        Ok(memory)
    }

    /// Reads a picture of one group of codes; gives the largest number that red and green make
    /// in it, which is 0 where it has no pixel of its own.
    fn pixels(&mut self, width: u32, height: u32) -> Result<usize, Refusal> {
        let cache = self.cache()?;
        let [green, red, blue, alpha, distance] = self.group(cache)?;
        let count = width as usize * height as usize;
        let (mut at, mut largest) = (0, 0);
        while at < count {
            let code = green.read(&mut self.bits)?;
            match code {
                ..256 => {
                    let high = red.read(&mut self.bits)?;
                    blue.read(&mut self.bits)?;
                    alpha.read(&mut self.bits)?;
                    largest = largest.max(high << 8 | code);
                    at += 1;
                }
                256..280 => {
                    at += self.copied(code - 256)?;
                    let far = distance.read(&mut self.bits)?;
                    self.copied(far)?;
                }
                _ if cache > 0 => at += 1,
                _ => return Err(broken()),
            }
        }
        Ok(largest)
    }

    /// A length or a distance.
    fn copied(&mut self, prefix: usize) -> Result<usize, Refusal> {
        if prefix < 4 {
            return Ok(prefix + 1);
        }
        let extra = (prefix - 2) >> 1;
        Ok(((2 + (prefix & 1)) << extra) + self.bits.read(extra)? + 1)
    }

    /// How many colours the cache holds.
    fn cache(&mut self) -> Result<usize, Refusal> {
        if !self.bits.flag()? {
            return Ok(0);
        }
        match self.bits.read(4)? {
            bits @ 1..=11 => Ok(1 << bits),
            _ => Err(broken()),
        }
    }

    fn group(&mut self, cache: usize) -> Result<[Code; 5], Refusal> {
        let [green, rest @ ..] = ALPHABETS;
        let first = self.code(green + cache)?;
        let [red, blue, alpha, distance] = rest;
        Ok([first, self.code(red)?, self.code(blue)?, self.code(alpha)?, self.code(distance)?])
    }

    fn code(&mut self, alphabet: usize) -> Result<Code, Refusal> {
        if self.bits.flag()? {
            let two = self.bits.flag()?;
            let width = if self.bits.flag()? { 8 } else { 1 };
            let mut lengths = vec![0; alphabet];
            let first = self.bits.read(width)?;
            *lengths.get_mut(first).ok_or_else(broken)? = 1;
            if !two {
                return Code::of(&lengths);
            }
            let second = self.bits.read(8)?;
            if second >= alphabet {
                return Err(broken());
            }
            // In the order they come in, whichever is the smaller.
            let short = |symbol| u16::try_from(symbol).map_err(|_| broken());
            let mut counts = [0; LONGEST + 1];
            counts[1] = 2;
            return Ok(Code::Tree { counts, symbols: vec![short(first)?, short(second)?] });
        }
        let mut lengths = [0; ORDER.len()];
        for place in ORDER.iter().take(self.bits.read(4)? + 4) {
            lengths[*place] = u8::try_from(self.bits.read(3)?).unwrap_or(0);
        }
        let code = Code::of(&lengths)?;
        Code::of(&self.lengths(&code, alphabet)?)
    }

    /// The lengths of the codes of an alphabet.
    fn lengths(&mut self, code: &Code, alphabet: usize) -> Result<Vec<u8>, Refusal> {
        let mut left = alphabet;
        if self.bits.flag()? {
            let width = 2 + 2 * self.bits.read(3)?;
            left = 2 + self.bits.read(width)?;
            if left > alphabet {
                return Err(broken());
            }
        }
        let (mut lengths, mut before) = (Vec::with_capacity(alphabet), 8);
        while lengths.len() < alphabet && left > 0 {
            left -= 1;
            let (length, times) = match code.read(&mut self.bits)? {
                0 => (0, 1),
                16 => (before, 3 + self.bits.read(2)?),
                17 => (0, 3 + self.bits.read(3)?),
                18 => (0, 11 + self.bits.read(7)?),
                length => {
                    before = u8::try_from(length).map_err(|_| broken())?;
                    (before, 1)
                }
            };
            if lengths.len() + times > alphabet {
                return Err(broken());
            }
            lengths.extend(std::iter::repeat_n(length, times));
        }
        Ok(lengths)
    }
}
