//! How near copies are found among a million fingerprints without comparing all: of two
//! fingerprints that differ little, one of four bands of 16 bits is the same but for a bit
//! or two. So the bands are indexed, and every value that near is looked up (multi-index
//! hashing: M. Norouzi, A. Punjani, D. Fleet, 2012).

use crate::documents::evidence::MOST_BITS;

/// Sixteen bits of a fingerprint, by their place: 0 has the highest.
pub type Band = usize;

/// The four bands of a fingerprint.
#[must_use]
pub fn bands(fingerprint: u64) -> [u16; 4] {
    let bytes = fingerprint.to_be_bytes();
    [0, 2, 4, 6].map(|at| u16::from_be_bytes([bytes[at], bytes[at + 1]]))
}

/// In how many bits two fingerprints differ.
#[must_use]
pub fn bits_apart(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// What to look up: for each band the values of which a fingerprint within `bits` of this one
/// has at least one. Whatever has one still has to be compared. Beyond [`MOST_BITS`] it
/// looks no further than there.
///
/// With `bits = 4 a + b`, one of the first `b + 1` bands differs in `a` bits at most, or one of
/// the others in `a - 1`: else all would differ in `(b + 1)(a + 1) + (3 - b) a` or more, which
/// is one too many.
#[must_use]
pub fn probes(fingerprint: u64, bits: u32) -> Vec<(Band, Vec<u16>)> {
    let bits = bits.min(MOST_BITS);
    let (within, further) = (bits / 4, bits as usize % 4);
    let each = bands(fingerprint).into_iter().enumerate().filter_map(|(band, value)| {
        let radius = if band <= further { Some(within) } else { within.checked_sub(1) };
        Some((band, around(value, radius?)))
    });
    each.collect()
}

/// The values that differ from one in at most `radius` bits, of which 2 is the most.
fn around(value: u16, radius: u32) -> Vec<u16> {
    let mut values = vec![value];
    if radius >= 1 {
        values.extend((0..16).map(|bit| value ^ (1 << bit)));
    }
    if radius >= 2 {
        let pairs = (0..16).flat_map(|one| (0..one).map(move |two| (1 << one) | (1 << two)));
        values.extend(pairs.map(|pair: u16| value ^ pair));
    }
    values
}
