//! The local level model: examples worked by hand, the same by matrices, the best variances by
//! looking everywhere, and the boundaries.

use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use vigila_core::documents::trend::Verdict;
use vigila_core::scoring::local_level::{
    Better, Change, Level, Observation, Variances, change, defaults, estimate, log_likelihood,
    smooth,
};

use crate::levels_reference::{levels_at, one_step_errors};

fn series(seen: &[(f64, f64)]) -> Vec<Observation> {
    seen.iter().map(|&(day, value)| Observation { day, value }).collect()
}

fn given(noise: f64, drift_per_day: f64) -> Variances {
    Variances { noise, drift_per_day, estimated: true, steps: 0 }
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * (1.0 + expected.abs()), "{found}, not {expected}");
}

#[test]
fn two_visits_by_hand() {
    // F = 25 + 25 + 25 = 75, the gain 50/75: 50 + 2/3 · 10; backwards half of it.
    let seen = series(&[(0.0, 50.0), (1.0, 60.0)]);
    let levels = smooth(&seen, &given(25.0, 25.0));
    let reach = 1.6449 * (50.0_f64 / 3.0).sqrt();
    for (level, expected) in levels.iter().zip([160.0 / 3.0, 170.0 / 3.0]) {
        near(level.value, expected);
        near(level.variance, 50.0 / 3.0);
        near(level.low, expected - reach);
        near(level.high, expected + reach);
    }
    let found = log_likelihood(&[seen], &given(25.0, 25.0));
    near(found, -0.5 * ((2.0 * std::f64::consts::PI).ln() + 75.0_f64.ln() + 100.0 / 75.0));
}

#[test]
fn a_change_by_hand() {
    // Levels 55, 60, 65; the outer ones have the variance 15.625 and the covariance 3.125:
    // 15.625 · 2 - 3.125 · 2 = 25.
    let seen = series(&[(0.0, 50.0), (1.0, 60.0), (2.0, 70.0)]);
    let found = change(&seen, &given(25.0, 25.0), Better::Higher);
    near(found.difference.unwrap(), 10.0);
    near(found.low.unwrap(), 10.0 - 1.6449 * 5.0);
    near(found.high.unwrap(), 10.0 + 1.6449 * 5.0);
    near(found.over_days, 2.0);
    assert_eq!(found.verdict, Verdict::Improving);
    assert_eq!(change(&seen, &given(25.0, 25.0), Better::Lower).verdict, Verdict::Worsening);
    // Twice the variances, and zero is among what may be.
    let found = change(&seen, &given(50.0, 50.0), Better::Higher);
    assert_eq!(found.verdict, Verdict::NoClearChange);
    near(found.low.unwrap(), 10.0 - 1.6449 * 50.0_f64.sqrt());
}

#[test]
fn without_drift_the_level_is_the_mean_and_nothing_changes() {
    let seen = series(&[(0.0, 61.3), (100.1, 83.7), (400.7, 59.9), (900.2, 91.1)]);
    for level in smooth(&seen, &given(25.0, 0.0)) {
        near(level.value, 74.0);
        near(level.variance, 6.25);
    }
    let found = change(&seen, &given(25.0, 0.0), Better::Higher);
    let Change { difference, low, high, .. } = found;
    assert_eq!((difference, low, high), (Some(0.0), Some(0.0), Some(0.0)));
    assert_eq!(found.verdict, Verdict::NoClearChange);
}

#[test]
fn a_year_before_lies_between_visits_on_their_line() {
    let seen = series(&[(3.5, 40.0), (500.25, 70.0), (1400.0, 60.0), (2000.0, 82.0)]);
    let variances = given(25.0, 0.1);
    let levels = smooth(&seen, &variances);
    let found = change(&seen, &variances, Better::Higher);
    near(found.over_days, 365.0);
    near(found.difference.unwrap(), (levels[3].value - levels[2].value) * 365.0 / 600.0);
    // A visit of exactly a year before is that instant.
    let seen = series(&[(3.5, 40.0), (500.25, 70.0), (1635.0, 60.0), (2000.0, 82.0)]);
    let levels = smooth(&seen, &variances);
    let found = change(&seen, &variances, Better::Higher);
    near(found.difference.unwrap(), levels[3].value - levels[2].value);
}

#[test]
fn better_may_be_within() {
    let verdict = |values: [f64; 3], better| {
        let seen = series(&[(0.0, values[0]), (100.0, values[1]), (200.0, values[2])]);
        change(&seen, &given(0.01, 0.01), better).verdict
    };
    let room = Better::Within(18.0, 22.0);
    assert_eq!(verdict([30.0, 26.0, 23.0], room), Verdict::Improving);
    assert_eq!(verdict([12.0, 14.0, 20.0], room), Verdict::Improving);
    assert_eq!(verdict([20.0, 24.0, 27.0], room), Verdict::Worsening);
    assert_eq!(verdict([20.0, 15.0, 10.0], room), Verdict::Worsening);
    // From one side to the other, further away.
    assert_eq!(verdict([17.0, 22.0, 29.0], room), Verdict::Worsening);
    // Clearly another level, but as good as before.
    assert_eq!(verdict([18.2, 19.0, 21.8], Better::Higher), Verdict::Improving);
    assert_eq!(verdict([18.2, 19.0, 21.8], room), Verdict::NoClearChange);
}

#[test]
fn under_three_visits_nothing_is_said() {
    let nothing = |seen: &[(f64, f64)], over_days| {
        let found = change(&series(seen), &given(25.0, 0.04), Better::Higher);
        let Change { verdict, difference, low, high, .. } = found;
        assert_eq!(verdict, Verdict::TooFewVisits);
        assert_eq!((difference, low, high), (None, None, None));
        near(found.over_days, over_days);
    };
    nothing(&[], 0.0);
    nothing(&[(7.0, 50.0)], 0.0);
    nothing(&[(7.0, 50.0), (9.5, 99.0)], 2.5);
    nothing(&[(7.0, 50.0), (700.0, 99.0)], 365.0);
    assert_eq!(smooth(&[], &given(25.0, 0.04)), []);
    let reach = 1.6449 * 5.0;
    let alone = Level { value: 50.0, low: 50.0 - reach, high: 50.0 + reach, variance: 25.0 };
    assert_eq!(smooth(&series(&[(7.0, 50.0)]), &given(25.0, 0.04)), [alone]);
}

#[test]
fn under_thirty_steps_the_defaults_hold() {
    let pool: Vec<_> = (0..29).map(|_| series(&[(0.0, 50.0), (9.0, 90.0)])).collect();
    let found = estimate(&pool, 15.0);
    assert_eq!(found, defaults(15.0, 29));
    near(found.noise, 25.0);
    near(found.drift_per_day * 365.25, 16.0);
    assert!(!found.estimated);
    let found = estimate(
        &[pool, vec![series(&[(0.0, 5.0)]), series(&[(0.0, 5.0), (1.0, 6.0)])]].concat(),
        15.0,
    );
    assert_eq!((found.estimated, found.steps), (true, 30));
    assert_eq!(estimate::<Vec<Observation>>(&[], 15.0), defaults(15.0, 0));
}

#[test]
fn a_verdict_has_one_name() {
    for verdict in Verdict::ALL {
        assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.as_str());
    }
}

/// A pool of `count` series made by a rule from the number of the series and of the visit.
fn pool(
    count: usize,
    visits: usize,
    rule: impl Fn(usize, usize) -> (f64, f64),
) -> Vec<Vec<Observation>> {
    let one = |i| series(&(0..visits).map(|j| rule(i, j)).collect::<Vec<_>>());
    (0..count).map(one).collect()
}

#[test]
fn a_constant_pool_has_next_to_no_noise_and_no_drift() {
    let found = estimate(&pool(5, 9, |i, j| (j as f64 * 30.0, i as f64 * 10.0)), 15.0);
    assert!(found.estimated && found.noise > 0.0 && found.noise < 1e-4, "{found:?}");
    near(found.drift_per_day, 0.0);
    let seen = series(&[(0.0, 70.0), (200.0, 70.0), (500.0, 70.0)]);
    assert!(smooth(&seen, &found).iter().all(|level| (level.value - 70.0).abs() < 1e-9));
    assert_eq!(change(&seen, &found, Better::Higher).verdict, Verdict::NoClearChange);
}

#[test]
fn where_no_time_passes_all_is_noise() {
    // Each series 40 and 60 at one instant: one step of 20, variance 2 · noise.
    let found = estimate(&pool(40, 2, |_, j| (5.0, 40.0 + 20.0 * j as f64)), 15.0);
    near(found.noise, 200.0);
    near(found.drift_per_day, 0.0);
    let seen = series(&[(5.0, 40.0), (5.0, 60.0), (5.0, 62.0)]);
    let found = change(&seen, &found, Better::Higher);
    assert_eq!((found.verdict, found.over_days), (Verdict::NoClearChange, 0.0));
    assert!(smooth(&seen, &given(25.0, 0.1)).iter().all(|l| (l.value - 54.0).abs() < 1e-9));
}

#[test]
fn steps_in_one_direction_are_all_drift() {
    // 2 points in every 10 days: nothing of it returns, as noise would.
    let found = estimate(&pool(6, 8, |_, j| (10.0 * j as f64, 2.0 * j as f64)), 15.0);
    assert!(found.noise > 0.0 && found.noise < 1e-3, "{found:?}");
    assert!((found.drift_per_day - 0.4).abs() < 1e-3, "{found:?}");
}

/// Visits of a centre: days between (some of them none) and values.
fn visits(number: Range<usize>) -> impl Strategy<Value = Vec<Observation>> {
    let gap = prop_oneof![1 => Just(0.0), 8 => 0.001..700.0_f64];
    vec((gap, 0.0..100.0_f64), number).prop_map(|all| {
        let mut day = -1000.0;
        let mut seen = |(gap, value)| {
            day += gap;
            Observation { day, value }
        };
        all.into_iter().map(&mut seen).collect()
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-7 * (1.0 + expected.abs())
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn levels_are_those_of_the_whole_covariance_matrix(
        seen in visits(1..16), noise in 0.01..200.0_f64, drift in prop_oneof![Just(0.0), 1e-6..2.0_f64],
    ) {
        let variances = given(noise, drift);
        let days: Vec<f64> = seen.iter().map(|s| s.day).collect();
        let expected = levels_at(&days, &seen, noise, drift);
        for (i, level) in smooth(&seen, &variances).iter().enumerate() {
            prop_assert!(is_near(level.value, expected.means[i]));
            prop_assert!(is_near(level.variance, expected.covariances[i][i]));
            prop_assert!(is_near(level.high - level.low, 2.0 * 1.6449 * level.variance.sqrt()));
        }
        prop_assert!(is_near(log_likelihood(&[seen], &variances), expected.log_likelihood));
    }

    #[test]
    fn changes_are_those_of_the_whole_covariance_matrix(
        seen in visits(3..16), noise in 0.01..200.0_f64, drift in prop_oneof![Just(0.0), 1e-6..2.0_f64],
    ) {
        let last = seen[seen.len() - 1].day;
        let then = (last - 365.0).max(seen[0].day);
        let expected = levels_at(&[then, last], &seen, noise, drift);
        let [var_then, var_last] = [0, 1].map(|i| expected.covariances[i][i]);
        let variance = (var_then + var_last - 2.0 * expected.covariances[0][1]).max(0.0);
        let found = change(&seen, &given(noise, drift), Better::Higher);
        let difference = expected.means[1] - expected.means[0];
        prop_assert!(is_near(found.difference.unwrap(), difference));
        let deviation = (found.high.unwrap() - found.low.unwrap()) / (2.0 * 1.6449);
        prop_assert!(is_near(deviation * deviation, variance), "{deviation}² {variance}");
        prop_assert!(is_near(found.over_days, last - then));
        let excludes_zero = difference.abs() > 1.6449 * variance.sqrt() + 1e-6;
        let is_clear = found.verdict != Verdict::NoClearChange;
        prop_assert!(!excludes_zero || is_clear);
        prop_assert_eq!(is_clear, found.low.unwrap() > 0.0 || found.high.unwrap() < 0.0);
    }
}

/// The best of the pooled likelihood over the ratio, every 50th part of a power of e, the noise
/// not under the least.
fn best_by_looking_everywhere(pool: &[Vec<Observation>], steps: f64, least_noise: f64) -> f64 {
    let value = |ratio: f64| {
        let sums = pool.iter().map(|one| one_step_errors(one, ratio));
        let (squares, logarithms) = sums.fold((0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
        let noise = f64::max(squares / steps, least_noise);
        -0.5 * (steps * (std::f64::consts::TAU * noise).ln() + logarithms + squares / noise)
    };
    let ratios = (-1750..1750).map(|i| (f64::from(i) / 50.0).exp());
    ratios.chain([0.0]).map(value).fold(f64::NEG_INFINITY, f64::max)
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn no_variances_are_likelier_than_those_found(
        mut pool in vec(visits(1..12), 8..12), scale in 0.1..50.0_f64, roughness in 0..4_i32,
    ) {
        // From values that jump about to values that hardly differ within a series.
        for one in &mut pool {
            let first = one[0].value;
            let tame = |seen: &mut Observation| {
                seen.value = first + (seen.value - first) * 0.1_f64.powi(roughness);
            };
            one.iter_mut().for_each(tame);
        }
        let steps: usize = pool.iter().map(|one| one.len() - 1).sum();
        prop_assume!(steps >= 30);
        let found = estimate(&pool, scale);
        prop_assert!(found.estimated && found.noise >= scale * scale * 1e-8);
        let best = best_by_looking_everywhere(&pool, steps as f64, scale * scale * 1e-8);
        let likelihood = log_likelihood(&pool, &found);
        prop_assert!(likelihood >= best - 1e-8 * best.abs(), "{likelihood} {best} {found:?}");
    }
}
