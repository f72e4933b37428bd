//! The model behind trends: what a centre's measure really is between and beneath its visits,
//! and whether it has changed. Knows numbers and days only: no visit, no centre, no measure.
//!
//! The local level model, a random walk seen through noise: a visit shows
//! `y = level + e`, `e ~ N(0, noise)`, and from one visit to the next the level moves by
//! `N(0, drift_per_day · days between)`. Nothing is assumed of where it began (exact diffuse
//! start: after the first visit the level is what that visit showed, give or take the noise).
//! J. Durbin and S. J. Koopman, *Time Series Analysis by State Space Methods*, 2nd ed., Oxford
//! 2012, chapter 2: filter (2.2), smoother (2.4), an instant without a visit (2.7), start
//! (2.9), estimation of the two variances (2.10).
//!
//! The smoother here runs backwards over the filtered states, and adds up only what is not
//! negative: without drift it says "no difference, no uncertainty about that" to the last bit.
//! The intervals take the two variances for known; those of small pools are a little narrow.

mod variances;

pub use variances::{FEWEST_STEPS, Variances, defaults, estimate, log_likelihood};

use crate::checklist::TOLERANCE;
use crate::documents::trend::Verdict;

/// Standard deviations to each side of the middle that hold 90 % of a normal distribution, as
/// the contract rounds them.
pub const DEVIATIONS_90: f64 = 1.6449;

/// How far back a change looks, in days.
pub const YEAR: f64 = 365.0;

/// Fewest visits of which a change is said.
pub const FEWEST_VISITS: usize = 3;

/// What one visit showed. Series of them are ascending by day; two may be of the same instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Days since any origin, fractions included; finite.
    pub day: f64,
    /// The measure, in its unit; finite.
    pub value: f64,
}

/// The level at a visit, all visits of its series counted in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// The level, in the measure's unit.
    pub value: f64,
    /// Lower end of its 90 % interval, not clipped to the measure's range.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Its variance, in the square of the unit.
    pub variance: f64,
}

/// Which way a measure is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Better {
    /// The higher.
    Higher,
    /// The lower.
    Lower,
    /// Inside an interval, ends included; outside, the nearer to it.
    Within(f64, f64),
}

/// The level at the last visit against the level a year before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// What may be said.
    pub verdict: Verdict,
    /// Now less then, in the measure's unit; none under three visits.
    pub difference: Option<f64>,
    /// Lower end of its 90 % interval; none under three visits.
    pub low: Option<f64>,
    /// Upper end; none under three visits.
    pub high: Option<f64>,
    /// Days between the two: 365, or since the first visit where that is less.
    pub over_days: f64,
}

/// The level at an instant, from what came up to it.
struct Filtered {
    level: f64,
    variance: f64,
    /// Variance of its move to the next instant.
    move_variance: f64,
}

/// The level at each visit of a series, all its visits counted in.
#[must_use]
pub fn smooth(series: &[Observation], variances: &Variances) -> Vec<Level> {
    let filtered = filter(series.iter().map(|seen| (seen.day, Some(seen.value))), variances);
    let Some(last) = filtered.last() else { return Vec::new() };
    let (mut level, mut variance) = (last.level, last.variance);
    let mut levels = Vec::with_capacity(filtered.len());
    levels.push(level_of(level, variance));
    for state in filtered.iter().rev().skip(1) {
        let (kept, lost) = shares(state);
        level -= lost * (level - state.level);
        variance = kept * state.move_variance + kept * kept * variance;
        levels.push(level_of(level, variance));
    }
    levels.reverse();
    levels
}

/// How the level changed within the year before the last visit, or since the first.
///
/// Said only where the 90 % interval of the difference excludes zero; the interval knows that
/// the two levels are estimated from the same visits.
#[must_use]
pub fn change(series: &[Observation], variances: &Variances, better: Better) -> Change {
    let (Some(first), Some(last)) = (series.first(), series.last()) else {
        return nothing_said(0.0);
    };
    let then = (last.day - YEAR).max(first.day);
    let over_days = last.day - then;
    if series.len() < FEWEST_VISITS {
        return nothing_said(over_days);
    }
    let (now, difference, variance) = difference_since(series, then, variances);
    let reach = DEVIATIONS_90 * variance.sqrt();
    let (low, high) = (difference - reach, difference + reach);
    let is_clear = low > 0.0 || high < 0.0;
    let verdict = match gain(better, now - difference, now) {
        gain if is_clear && gain > TOLERANCE => Verdict::Improving,
        gain if is_clear && gain < -TOLERANCE => Verdict::Worsening,
        _ => Verdict::NoClearChange,
    };
    Change { verdict, difference: Some(difference), low: Some(low), high: Some(high), over_days }
}

fn nothing_said(over_days: f64) -> Change {
    Change { verdict: Verdict::TooFewVisits, difference: None, low: None, high: None, over_days }
}

/// How much better `now` is than `then`, negative where worse.
fn gain(better: Better, then: f64, now: f64) -> f64 {
    match better {
        Better::Higher => now - then,
        Better::Lower => then - now,
        Better::Within(from, to) => {
            let distance = |level: f64| (from - level).max(level - to).max(0.0);
            distance(then) - distance(now)
        }
    }
}

/// The level at the last visit, by how much it is above that at the instant `then`, and the
/// variance of that difference.
///
/// With `k` the share of the last level's deviation that reaches back to an instant (the
/// product of the smoother's gains), the variance is `(1 - k)² · var(last) + var(then | last)`:
/// the same as `var(last) + var(then) - 2 · cov`, without the loss of digits.
fn difference_since(series: &[Observation], then: f64, variances: &Variances) -> (f64, f64, f64) {
    let before = series.partition_point(|seen| seen.day <= then);
    let known = series.iter().map(|seen| (seen.day, Some(seen.value)));
    let instants = known.clone().take(before).chain([(then, None)]).chain(known.skip(before));
    let filtered = filter(instants, variances);
    let Some(last) = filtered.last() else { return (f64::NAN, f64::NAN, f64::NAN) };
    let (mut level, mut difference) = (last.level, 0.0);
    let (mut not_reaching, mut variance_given_last) = (0.0, 0.0);
    for state in filtered[before..].iter().rev().skip(1) {
        let (kept, lost) = shares(state);
        let moved = lost * (level - state.level);
        difference += moved;
        level -= moved;
        not_reaching = lost + kept * not_reaching;
        variance_given_last = kept * state.move_variance + kept * kept * variance_given_last;
    }
    let variance = not_reaching * not_reaching * last.variance + variance_given_last;
    (last.level, difference, variance)
}

/// The gain of the smoother at an instant, and what it lacks to 1.
fn shares(state: &Filtered) -> (f64, f64) {
    let total = state.variance + state.move_variance;
    (state.variance / total, state.move_variance / total)
}

/// The level at each instant from what came up to it; the first has a value.
fn filter(
    instants: impl Iterator<Item = (f64, Option<f64>)>,
    variances: &Variances,
) -> Vec<Filtered> {
    // So small a number stands for none, and nothing is divided by zero.
    let noise = variances.noise.max(1e-100);
    let mut filtered: Vec<Filtered> = Vec::with_capacity(instants.size_hint().0);
    let mut last_day = f64::NAN;
    for (day, value) in instants {
        let next = match (filtered.last_mut(), value) {
            (None, value) => (value.unwrap_or_default(), noise),
            (Some(last), value) => {
                last.move_variance = variances.drift_per_day * (day - last_day).max(0.0);
                let predicted = last.variance + last.move_variance;
                let weight = value.map_or(0.0, |_| predicted / (predicted + noise));
                let level = value.map_or(last.level, |y| last.level + weight * (y - last.level));
                (level, value.map_or(predicted, |_| weight * noise))
            }
        };
        filtered.push(Filtered { level: next.0, variance: next.1, move_variance: 0.0 });
        last_day = day;
    }
    filtered
}

fn level_of(value: f64, variance: f64) -> Level {
    let reach = DEVIATIONS_90 * variance.sqrt();
    Level { value, low: value - reach, high: value + reach, variance }
}
