//! A perceptual hash: which of the coarse waves that make up a picture are strong and which
//! are weak. Copies of a photo have nearly the same bits whatever was done to the file. It must
//! not know what a distance means for anyone: thresholds are set elsewhere.
//!
//! Why these waves: the lowest frequencies survive compression, scaling and noise; the very
//! lowest of each direction (even light, a plain gradient across or down) say nothing about
//! which picture it is, so they are left out.

use std::f64::consts::PI;

/// Pixels of each side of the grey picture that is hashed.
pub(super) const SIDE: u32 = 32;
const PIXELS: usize = SIDE as usize;
/// Frequencies 1 to 8 of each direction make the 64 bits.
const WAVES: usize = 8;
/// The least root mean square of the waves' amplitudes, in grey levels of an orthonormal
/// transform, for their order to mean anything. Compression and rounding change each by
/// about half a level.
const LEAST_STRENGTH: f64 = 4.0;

/// In how many of the 64 bits two fingerprints differ. For copies of one photo 0 to 10, for
/// different photos mostly 24 to 40.
#[must_use]
pub fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// Hashes the grey pixels of a square of [`SIDE`]; none if there is too little to see.
pub(super) fn of(pixels: &[u8]) -> Option<u64> {
    let waves = waves(pixels);
    let strength = waves.iter().map(|wave| wave * wave).sum::<f64>() / waves.len() as f64;
    if strength.sqrt() < LEAST_STRENGTH {
        return None;
    }
    let mut sorted = waves;
    sorted.sort_unstable_by(f64::total_cmp);
    let median = f64::midpoint(sorted[waves.len() / 2 - 1], sorted[waves.len() / 2]);
    Some(waves.iter().fold(0, |bits, wave| bits << 1 | u64::from(*wave > median)))
}

/// The amplitudes of the coarse waves: a discrete cosine transform (type II, orthonormal),
/// across and then down.
fn waves(pixels: &[u8]) -> [f64; WAVES * WAVES] {
    let side = PIXELS as f64;
    let basis: [[f64; PIXELS]; WAVES] = std::array::from_fn(|wave| {
        std::array::from_fn(|n| {
            let turns = (n as f64 + 0.5) * (wave as f64 + 1.0) / side;
            (PI * turns).cos() * (2.0 / side).sqrt()
        })
    });
    let mut across = [[0.0; WAVES]; PIXELS];
    for (row, out) in pixels.chunks_exact(PIXELS).zip(&mut across) {
        for (wave, amplitude) in basis.iter().zip(out) {
            *amplitude = row.iter().zip(wave).map(|(value, by)| f64::from(*value) * by).sum();
        }
    }
    std::array::from_fn(|at| {
        let (down, column) = (at / WAVES, at % WAVES);
        across.iter().zip(&basis[down]).map(|(row, by)| row[column] * by).sum()
    })
}
