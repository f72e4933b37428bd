//! The coded data of a JPEG as bits. Stuffing is taken out first, a stretch at a time, so that
//! reading bits needs to look at nothing else. Behind the end come zeros without end, and
//! [`Bits::overrun`] tells that they were read. It must not know what the bits mean.

/// Coded data up to a marker, without stuffing.
#[derive(Default)]
pub(super) struct Stretch {
    data: Vec<u8>,
    /// Something lay within that no encoder writes there.
    pub broken: bool,
}

impl Stretch {
    /// Takes the data from `at` on. Gives the place of the marker that ends it, or the end of
    /// the bytes.
    pub(super) fn take(&mut self, bytes: &[u8], mut at: usize) -> usize {
        self.data.clear();
        self.broken = false;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            let plain = memchr::memchr(0xff, rest).unwrap_or(rest.len());
            self.data.extend_from_slice(&rest[..plain]);
            at += plain;
            match bytes.get(at + 1) {
                Some(0) => {
                    self.data.push(0xff);
                    at += 2;
                }
                // Filling before a marker.
                Some(0xff) => at += 1,
                Some(marker) if ends(*marker) => return at,
                // A flipped bit made a marker of data. What follows may still be right.
                Some(_) => {
                    self.broken = true;
                    at += 2;
                }
                None => return bytes.len(),
            }
        }
    }

    pub(super) fn bits(&self) -> Bits<'_> {
        Bits { data: &self.data, at: 0, hold: 0, held: 0 }
    }
}

/// Markers that can follow coded data: the walk before the decoder stops at the same.
fn ends(marker: u8) -> bool {
    matches!(marker, 0xc4 | 0xd0..=0xdd | 0xe0..=0xef | 0xfe)
}

/// Reads bits from the highest of the first byte on.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    /// The next byte to take.
    at: usize,
    /// The next bits, from the highest on.
    hold: u64,
    /// How many of them are counted as taken; what follows them is right or zero.
    held: u32,
}

impl Bits<'_> {
    /// Makes sure that 32 bits can be looked at and taken.
    #[inline(always)]
    pub(super) fn fill(&mut self) {
        if self.held >= 32 {
            return;
        }
        let word = match self.data.get(self.at..).and_then(|rest| rest.first_chunk()) {
            Some(word) => u64::from_be_bytes(*word),
            None => self.last_word(),
        };
        self.hold |= word >> self.held;
        let bytes = (63 - self.held) >> 3;
        self.at += bytes as usize;
        self.held += bytes * 8;
    }

    #[cold]
    fn last_word(&self) -> u64 {
        let mut word = [0; 8];
        let rest = self.data.get(self.at..).unwrap_or_default();
        for (to, from) in word.iter_mut().zip(rest) {
            *to = *from;
        }
        u64::from_be_bytes(word)
    }

    /// The next 1 to 32 bits, after [`Bits::fill`].
    #[inline(always)]
    pub(super) fn peek(&self, count: u32) -> u32 {
        (self.hold >> (64 - count)) as u32
    }

    /// Goes on by up to as many bits as were filled in.
    #[inline(always)]
    pub(super) fn skip(&mut self, count: u32) {
        self.hold <<= count;
        self.held -= count;
    }

    /// Takes 1 to 16 bits.
    #[inline(always)]
    pub(super) fn take(&mut self, count: u32) -> u32 {
        self.fill();
        let bits = self.peek(count);
        self.skip(count);
        bits
    }

    /// More was taken than there was.
    pub(super) fn overrun(&self) -> bool {
        self.at * 8 - self.held as usize > self.data.len() * 8
    }

    /// Whole bytes that were not taken.
    pub(super) fn left(&self) -> usize {
        (self.data.len() * 8).saturating_sub(self.at * 8 - self.held as usize) / 8
    }
}
