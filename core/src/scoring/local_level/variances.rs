//! How noisy visits are and how fast levels move: the two variances of the local level model,
//! by maximum likelihood over many series that share them. Knows nothing of levels or verdicts.
//!
//! One variance is concentrated out (Durbin and Koopman, 2.10.2): for a ratio
//! `drift_per_day / noise` the best noise has a closed form, so what is searched is one line,
//! the ratio from 0 to beyond what the data could mean. A grid first, fine enough that no peak
//! hides between its points, then its best peaks are closed in on.

use std::array::from_fn;
use std::f64::consts::TAU;

use super::Observation;

/// Fewest steps, over all series, from which variances are estimated.
pub const FEWEST_STEPS: usize = 30;

/// Ratios looked at in one pass over the data.
const LANES: usize = 8;

/// Distance of the grid's points, as a logarithm of the ratio; a likelihood's peak is several
/// times as wide.
const GRID: f64 = 0.75;

/// How closely a peak is closed in on, as a logarithm of the ratio: rounding hides the rest.
const CLOSE: f64 = 1e-7;

/// Peaks of the grid that are closed in on.
const PEAKS: usize = 3;

/// Steps whose factors are multiplied before the logarithm is taken of the product: with
/// [`HIGHEST_RATIO`] and days of millennia it stays below the largest number.
const FACTORS: usize = 8;

/// Highest ratio that is looked at.
const HIGHEST_RATIO: f64 = 1e28;

/// The two variances of a local level model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variances {
    /// Variance of what a visit shows around the level, in the square of the measure's unit;
    /// above 0.
    pub noise: f64,
    /// Variance by which the level moves in a day, in the same; 0 where it stands still.
    pub drift_per_day: f64,
    /// Whether they were estimated; if not, they are the defaults.
    pub estimated: bool,
    /// Steps from a visit to the next, over all series, from which they were, or would have
    /// been, estimated.
    pub steps: usize,
}

/// The variances used under 30 steps: our own proposal, until a territory has data.
///
/// `scale` is the width of a band in the measure's unit (15 for what runs 0-100), above 0. Two
/// visits of an unchanged centre differ as if each were off by a third of a band (standard
/// deviation; 5 points, variance 25); a centre moves by 4 points (4/15 of a band) in a year.
#[must_use]
pub fn defaults(scale: f64, steps: usize) -> Variances {
    let (off, moved) = (scale / 3.0, scale * 4.0 / 15.0);
    Variances {
        noise: (off * off).max(least_noise(scale)),
        drift_per_day: moved * moved / 365.25,
        estimated: false,
        steps,
    }
}

/// The variances that make the series together most likely, or the [`defaults`] under 30 steps.
///
/// A series of one visit says nothing. The noise is at least that of a ten-thousandth of
/// `scale` (standard deviation): data without any need a number above 0 to divide by.
#[must_use]
pub fn estimate<S: AsRef<[Observation]>>(series: &[S], scale: f64) -> Variances {
    let steps = series.iter().map(|one| one.as_ref().len().saturating_sub(1)).sum();
    if steps < FEWEST_STEPS {
        return defaults(scale, steps);
    }
    let pool = Pool { series, steps, least_noise: least_noise(scale) };
    let mut best = pool.fits([0.0; LANES])[0];
    // What is gained by a drift must be more than rounding, else there is none.
    best.log_likelihood += 1e-10 * steps as f64;
    if let Some((low, high)) = pool.range() {
        best = pool.peaks(low, high).into_iter().fold(best, likelier);
    }
    let Fit { noise, ratio, .. } = best;
    Variances { noise, drift_per_day: noise * ratio, estimated: true, steps }
}

/// The logarithm of the diffuse likelihood of the series, summed: the first visit of each
/// contributes nothing.
#[must_use]
pub fn log_likelihood<S: AsRef<[Observation]>>(series: &[S], variances: &Variances) -> f64 {
    let steps = series.iter().map(|one| one.as_ref().len().saturating_sub(1)).sum();
    let pool = Pool { series, steps, least_noise: variances.noise };
    let sums = pool.sums([variances.drift_per_day / variances.noise; LANES]);
    pool.log_likelihood(variances.noise, sums.squares[0], sums.logarithms[0])
}

fn least_noise(scale: f64) -> f64 {
    (scale * scale * 1e-8).max(1e-100)
}

/// A ratio with its best noise.
#[derive(Clone, Copy)]
struct Fit {
    ratio: f64,
    noise: f64,
    log_likelihood: f64,
}

fn likelier(a: Fit, b: Fit) -> Fit {
    if b.log_likelihood > a.log_likelihood { b } else { a }
}

/// Per ratio, for a noise of 1: the sum of `v² / F` and of `ln F` over the one-step errors `v`
/// and their variances `F`.
struct Sums {
    squares: [f64; LANES],
    logarithms: [f64; LANES],
}

/// The series whose variances are asked.
struct Pool<'a, S> {
    series: &'a [S],
    steps: usize,
    least_noise: f64,
}

impl<S: AsRef<[Observation]>> Pool<'_, S> {
    /// The range of the ratio's logarithm outside which the likelihood is as at its end; none
    /// where no time passes or nothing ever differs, so that a drift explains nothing.
    ///
    /// Below, the level moves too little in a whole series to be told from standing still.
    /// Above, even with the least noise every step would be expected larger than any is.
    fn range(&self) -> Option<(f64, f64)> {
        let (mut longest, mut largest) = (0.0_f64, 0.0_f64);
        for one in self.series {
            let one = one.as_ref();
            let (Some(first), Some(last)) = (one.first(), one.last()) else { continue };
            longest = longest.max((last.day - first.day) * one.len() as f64);
            let values = one.iter().map(|seen| seen.value);
            let spread = values.clone().fold(f64::NEG_INFINITY, f64::max)
                - values.fold(f64::INFINITY, f64::min);
            let days = one.windows(2).map(|pair| pair[1].day - pair[0].day);
            let shortest = days.filter(|days| *days > 0.0).fold(f64::INFINITY, f64::min);
            largest = largest.max(spread * spread / shortest);
        }
        let low = 1e-8 / longest;
        let high = (10.0 * largest / self.least_noise).min(HIGHEST_RATIO);
        (low < high && low.is_finite()).then(|| (low.ln(), high.ln()))
    }

    /// The best peaks between two logarithms of the ratio.
    fn peaks(&self, low: f64, high: f64) -> Vec<Fit> {
        let passes = ((high - low) / GRID / LANES as f64).ceil().max(1.0);
        let width = (high - low) / (passes * LANES as f64 - 1.0);
        let at = |point: usize| low + width * point as f64;
        let passes = 0..passes as usize;
        let grid: Vec<Fit> =
            passes.flat_map(|pass| self.fits(from_fn(|i| at(pass * LANES + i).exp()))).collect();
        let height = |point: Option<usize>| {
            let fit = point.and_then(|point| grid.get(point));
            fit.map_or(f64::NEG_INFINITY, |fit| fit.log_likelihood)
        };
        let is_peak = |point: &usize| {
            let here = height(Some(*point));
            here > height(point.checked_sub(1)) && here >= height(Some(point + 1))
        };
        let mut peaks: Vec<usize> = (0..grid.len()).filter(is_peak).collect();
        peaks.sort_by(|a, b| height(Some(*b)).total_cmp(&height(Some(*a))));
        peaks.truncate(PEAKS);
        peaks.into_iter().map(|point| self.climb(at(point) - width, at(point) + width)).collect()
    }

    /// The top of a peak between two logarithms of the ratio.
    fn climb(&self, mut low: f64, mut high: f64) -> Fit {
        loop {
            let width = (high - low) / (LANES + 1) as f64;
            let at: [f64; LANES] = from_fn(|i| low + width * (i + 1) as f64);
            let fits = self.fits(at.map(f64::exp));
            let higher = |top: usize, i: usize| {
                if fits[i].log_likelihood > fits[top].log_likelihood { i } else { top }
            };
            let top = (0..LANES).fold(0, higher);
            if width < CLOSE {
                return fits[top];
            }
            (low, high) = (at[top] - width, at[top] + width);
        }
    }

    /// Each ratio with its best noise.
    fn fits(&self, ratios: [f64; LANES]) -> [Fit; LANES] {
        let sums = self.sums(ratios);
        from_fn(|i| {
            let (squares, logarithms) = (sums.squares[i], sums.logarithms[i]);
            let noise = (squares / self.steps as f64).max(self.least_noise);
            let log_likelihood = self.log_likelihood(noise, squares, logarithms);
            Fit { ratio: ratios[i], noise, log_likelihood }
        })
    }

    fn log_likelihood(&self, noise: f64, squares: f64, logarithms: f64) -> f64 {
        -0.5 * (self.steps as f64 * (TAU * noise).ln() + logarithms + squares / noise)
    }

    /// The filter over all series for eight ratios at once: side by side they keep the
    /// processor's divider busy, where one alone would wait for itself.
    fn sums(&self, ratios: [f64; LANES]) -> Sums {
        let (mut squares, mut logarithms) = ([0.0; LANES], [0.0; LANES]);
        let (mut product, mut factors) = ([1.0_f64; LANES], 0);
        for one in self.series {
            let one = one.as_ref();
            let Some(first) = one.first() else { continue };
            let (mut level, mut variance, mut day) =
                ([first.value; LANES], [1.0; LANES], first.day);
            for seen in &one[1..] {
                let days = (seen.day - day).max(0.0);
                day = seen.day;
                for i in 0..LANES {
                    let predicted = variance[i] + ratios[i] * days;
                    let spread = predicted + 1.0;
                    let inverse = 1.0 / spread;
                    let error = seen.value - level[i];
                    // With a noise of 1 the gain is also the variance that is left.
                    variance[i] = predicted * inverse;
                    level[i] += variance[i] * error;
                    squares[i] += error * error * inverse;
                    product[i] *= spread;
                }
                factors += 1;
                if factors == FACTORS {
                    take_logarithms(&mut logarithms, &mut product);
                    factors = 0;
                }
            }
        }
        take_logarithms(&mut logarithms, &mut product);
        Sums { squares, logarithms }
    }
}

/// Moves products over to the sums of their logarithms.
fn take_logarithms(logarithms: &mut [f64; LANES], product: &mut [f64; LANES]) {
    for (sum, product) in logarithms.iter_mut().zip(product) {
        *sum += product.ln();
        *product = 1.0;
    }
}
