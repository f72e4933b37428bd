//! The inverse transform at reduced size: from the lowest N x N of a block's 8 x 8 coefficients
//! to N x N pixels, which is the block scaled down as well as it can be. It must not know where
//! coefficients come from.
//!
//! Each direction computes `y[n] = c[0] + sqrt 2 * sum c[k] cos((2n + 1) k pi / 2N)`; both
//! together are eight times the pixel, for N of 1, 2, 4 and 8 alike. Floating point, because it
//! cannot overflow whatever a hostile file multiplies, and is the same on every machine, since
//! only additions and multiplications of 32 bits occur.

/// The most coefficients of a block, and room for one that is thrown away.
pub(super) const ROOM: usize = 128;
/// Where a coefficient goes that the size does not need.
pub(super) const AWAY: u8 = 127;

const fn root_two_cos(sixteenths: f64) -> f32 {
    // The series of the cosine, exact to the last bit of f32 in the first quarter.
    let x = sixteenths * std::f64::consts::PI / 16.0;
    let (mut term, mut sum, mut n) = (1.0, 1.0, 0.0);
    while n < 24.0 {
        term = -term * x * x / ((n + 1.0) * (n + 2.0));
        sum += term;
        n += 2.0;
    }
    (sum * std::f64::consts::SQRT_2) as f32
}

const C1: f32 = root_two_cos(1.0);
const C2: f32 = root_two_cos(2.0);
const C3: f32 = root_two_cos(3.0);
const C5: f32 = root_two_cos(5.0);
const C6: f32 = root_two_cos(6.0);
const C7: f32 = root_two_cos(7.0);

#[inline(always)]
fn four(c: [f32; 4]) -> [f32; 4] {
    let (sum, difference) = (c[0] + c[2], c[0] - c[2]);
    let (outer, inner) = (C2 * c[1] + C6 * c[3], C6 * c[1] - C2 * c[3]);
    [sum + outer, difference + inner, difference - inner, sum - outer]
}

#[inline(always)]
fn eight(c: [f32; 8]) -> [f32; 8] {
    let even = four([c[0], c[2], c[4], c[6]]);
    let odd = [
        C1 * c[1] + C3 * c[3] + C5 * c[5] + C7 * c[7],
        C3 * c[1] - C7 * c[3] - C1 * c[5] - C5 * c[7],
        C5 * c[1] - C1 * c[3] + C7 * c[5] + C3 * c[7],
        C7 * c[1] - C5 * c[3] + C3 * c[5] - C1 * c[7],
    ];
    std::array::from_fn(|n| match n {
        0..4 => even[n] + odd[n],
        _ => even[7 - n] - odd[7 - n],
    })
}

#[inline(always)]
fn line<const N: usize>(c: [f32; N]) -> [f32; N] {
    let mut out = c;
    match N {
        2 => {
            out[0] = c[0] + c[1];
            out[1] = c[0] - c[1];
        }
        4 => out.copy_from_slice(&four([c[0], c[1], c[2], c[3]])),
        8 => out.copy_from_slice(&eight(std::array::from_fn(|n| c[n]))),
        _ => {}
    }
    out
}

/// To a pixel: an eighth, around the middle grey, rounded, within 0 to 255.
#[inline(always)]
fn pixel(value: f32) -> u8 {
    // Adding 2 to the 23rd leaves the rounded number in the lowest bits.
    ((value * 0.125 + 128.0).clamp(0.0, 255.0) + 8_388_608.0).to_bits() as u8
}

fn square<const N: usize>(c: &[f32; ROOM], out: &mut [u8], stride: usize) {
    let mut across = [[0.0; N]; N];
    for column in 0..N {
        let down = line::<N>(std::array::from_fn(|row| c[row * N + column]));
        for (row, value) in across.iter_mut().zip(down) {
            row[column] = value;
        }
    }
    for (row, to) in across.into_iter().zip(out.chunks_mut(stride)) {
        let values = line::<N>(row);
        if let Some(to) = to.first_chunk_mut::<N>() {
            *to = values.map(pixel);
        }
    }
}

/// Puts the pixels of a block to the beginning of `out`, whose rows are `stride` long. `c` holds
/// `size * size` coefficients row by row; `flat` says that all but the first are 0.
#[inline]
pub(super) fn inverse(c: &[f32; ROOM], size: usize, flat: bool, out: &mut [u8], stride: usize) {
    if flat || size == 1 {
        let value = pixel(c[0]);
        for row in out.chunks_mut(stride).take(size) {
            row[..size].fill(value);
        }
        return;
    }
    match size {
        2 => square::<2>(c, out, stride),
        4 => square::<4>(c, out, stride),
        _ => square::<8>(c, out, stride),
    }
}

/// For each coefficient in the order of the file, its place among `size * size`, or [`AWAY`].
pub(super) fn places(size: usize) -> [u8; 64] {
    let mut places = [AWAY; 64];
    let (mut row, mut column) = (0_usize, 0_usize);
    for place in &mut places {
        if row < size && column < size {
            *place = (row * size + column) as u8;
        }
        // Along the diagonals, turning at the edges.
        match ((row + column).is_multiple_of(2), row, column) {
            (true, _, 7) => row += 1,
            (true, 0, _) => column += 1,
            (true, ..) => {
                row -= 1;
                column += 1;
            }
            (false, 7, _) => column += 1,
            (false, _, 0) => row += 1,
            (false, ..) => {
                row += 1;
                column -= 1;
            }
        }
    }
    places
}
