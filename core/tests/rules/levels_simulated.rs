//! The local level model against worlds whose truth is known: how often its intervals hold it,
//! how often pure noise is called a change, whether the estimates come near. The seeds are
//! fixed; `--no-capture` shows the rates.

use vigila_core::documents::trend::Verdict;
use vigila_core::scoring::local_level::{
    Better, Observation, Variances, change, defaults, estimate, smooth,
};

/// Random numbers from a seed (`SplitMix64`), so that a rate is the same on every machine.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^= bits >> 31;
        ((bits >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// A world: variances, and days between visits on average (from 0.2 to 1.8 times that).
#[derive(Clone, Copy)]
struct World {
    noise: f64,
    drift_per_year: f64,
    gap: f64,
}

const USUAL: World = World { noise: 25.0, drift_per_year: 40.0, gap: 90.0 };
const PURE_NOISE: World = World { noise: 25.0, drift_per_year: 0.0, gap: 90.0 };

/// A centre: what its visits showed, its true level at each, and a year before the last visit
/// (at the first, where there is less).
struct Centre {
    seen: Vec<Observation>,
    truth: Vec<f64>,
    truth_then: f64,
}

impl World {
    fn variances(self) -> Variances {
        let drift_per_day = self.drift_per_year / 365.25;
        Variances { noise: self.noise, drift_per_day, estimated: true, steps: 0 }
    }

    fn centre(self, chance: &mut Chance, visits: usize) -> Centre {
        let mut day = 0.0;
        let mut days = Vec::new();
        for _ in 0..visits {
            days.push(day);
            day += self.gap * (0.2 + 1.6 * chance.uniform());
        }
        let then = (days[visits - 1] - 365.0).max(0.0);
        let mut instants: Vec<f64> = days.iter().copied().chain([then]).collect();
        instants.sort_by(f64::total_cmp);
        let (mut level, mut before, mut truth_then) = (70.0 + 15.0 * chance.normal(), 0.0, 0.0);
        let (mut seen, mut truth) = (Vec::new(), Vec::new());
        for instant in instants {
            let moved = self.drift_per_year / 365.25 * (instant - before);
            level += moved.sqrt() * chance.normal();
            before = instant;
            if instant == then {
                truth_then = level;
            }
            if seen.len() < visits && instant == days[seen.len()] {
                let value = level + self.noise.sqrt() * chance.normal();
                seen.push(Observation { day: instant, value });
                truth.push(level);
            }
        }
        Centre { seen, truth, truth_then }
    }

    fn territory(self, chance: &mut Chance, centres: usize, visits: usize) -> Vec<Centre> {
        (0..centres).map(|_| self.centre(chance, visits)).collect()
    }
}

fn seen(territory: &[Centre]) -> Vec<&[Observation]> {
    territory.iter().map(|centre| centre.seen.as_slice()).collect()
}

/// How often something held.
#[derive(Default)]
struct Rate {
    held: u32,
    of: u32,
}

impl Rate {
    fn count(&mut self, held: bool) {
        self.held += u32::from(held);
        self.of += 1;
    }

    fn percent(&self) -> f64 {
        100.0 * f64::from(self.held) / f64::from(self.of)
    }
}

/// In how many of 100 the intervals of levels, and those of changes, hold the truth.
#[derive(Default)]
struct Coverage {
    levels: Rate,
    changes: Rate,
}

impl Coverage {
    fn count(&mut self, centre: &Centre, variances: &Variances) {
        for (level, truth) in smooth(&centre.seen, variances).iter().zip(&centre.truth) {
            self.levels.count(level.low <= *truth && *truth <= level.high);
        }
        let change = change(&centre.seen, variances, Better::Higher);
        let moved = centre.truth[centre.truth.len() - 1] - centre.truth_then;
        self.changes.count(change.low.unwrap() <= moved && moved <= change.high.unwrap());
    }

    #[track_caller]
    fn is_ninety(&self, what: &str) {
        let (levels, changes) = (self.levels.percent(), self.changes.percent());
        println!("{what}: {levels:.1} % of levels, {changes:.1} % of changes hold the truth");
        assert!((88.0..=92.0).contains(&levels), "{levels}");
        assert!((88.0..=92.0).contains(&changes), "{changes}");
    }
}

#[test]
fn intervals_hold_the_truth_with_known_variances() {
    let mut chance = Chance(1);
    let mut coverage = Coverage::default();
    for _ in 0..40_000 {
        coverage.count(&USUAL.centre(&mut chance, 10), &USUAL.variances());
    }
    coverage.is_ninety("known variances");
}

#[test]
fn intervals_hold_the_truth_with_variances_from_the_pool() {
    let mut chance = Chance(2);
    let mut coverage = Coverage::default();
    for _ in 0..200 {
        let territory = USUAL.territory(&mut chance, 100, 8);
        let found = estimate(&seen(&territory), 15.0);
        territory.iter().for_each(|centre| coverage.count(centre, &found));
    }
    coverage.is_ninety("estimated from 700 steps");
}

fn is_called(centre: &Centre, variances: &Variances) -> bool {
    let verdict = change(&centre.seen, variances, Better::Higher).verdict;
    matches!(verdict, Verdict::Improving | Verdict::Worsening)
}

/// Pure noise that is called a change, with variances estimated from territories of a size.
fn called_with_estimates(seed: u64, territories: usize, centres: usize) -> f64 {
    let mut chance = Chance(seed);
    let mut called = Rate::default();
    for _ in 0..territories {
        let territory = PURE_NOISE.territory(&mut chance, centres, 8);
        let found = estimate(&seen(&territory), 15.0);
        territory.iter().for_each(|centre| called.count(is_called(centre, &found)));
    }
    called.percent()
}

#[test]
fn pure_noise_is_seldom_called_a_change() {
    let mut chance = Chance(3);
    let mut called = Rate::default();
    for _ in 0..4000 {
        called.count(is_called(&PURE_NOISE.centre(&mut chance, 8), &defaults(15.0, 0)));
    }
    let with_defaults = called.percent();
    let large = called_with_estimates(4, 40, 100);
    let small = called_with_estimates(5, 400, 5);
    println!(
        "pure noise called a change: {with_defaults:.2} % with the defaults, \
         {large:.2} % estimated from 700 steps, {small:.2} % from 35 steps"
    );
    assert!(with_defaults <= 10.0 && large <= 10.0 && small <= 10.0);
}

#[test]
fn a_real_change_is_mostly_seen() {
    let mut chance = Chance(6);
    let mut called = Rate::default();
    for _ in 0..1000 {
        // 70 points for two years, then 40, visited every 60 days.
        let value = |i: usize| if i < 12 { 70.0 } else { 40.0 } + 5.0 * chance.normal();
        let values: Vec<f64> = (0..16).map(value).collect();
        let day = |i: usize| 60.0 * i as f64;
        let each = values.iter().enumerate();
        let series: Vec<_> =
            each.map(|(i, value)| Observation { day: day(i), value: *value }).collect();
        let verdict = change(&series, &USUAL.variances(), Better::Higher).verdict;
        called.count(verdict == Verdict::Worsening);
    }
    println!("a fall by 30 points seen within 240 days: {:.1} %", called.percent());
    assert!(called.percent() > 95.0);
}

#[test]
fn estimates_converge_to_the_truth() {
    let truth = USUAL.variances();
    let mut chance = Chance(7);
    let mut errors = Vec::new();
    for centres in [8, 32, 128, 512] {
        // The mean of the squared relative errors over some territories.
        let territories = 2048 / centres;
        let (mut noise, mut drift) = (0.0, 0.0);
        for _ in 0..territories {
            let territory = USUAL.territory(&mut chance, centres, 8);
            let found = estimate(&seen(&territory), 15.0);
            noise += (found.noise / truth.noise - 1.0).powi(2) / territories as f64;
            drift += (found.drift_per_day / truth.drift_per_day - 1.0).powi(2) / territories as f64;
        }
        let (noise, drift) = (noise.sqrt(), drift.sqrt());
        println!("{} steps: noise off by {noise:.3}, drift by {drift:.3}", centres * 7);
        errors.push((noise, drift));
    }
    for pair in errors.windows(2) {
        assert!(pair[1].0 < pair[0].0 && pair[1].1 < pair[0].1, "{errors:?}");
    }
    assert!(errors[3].0 < 0.06 && errors[3].1 < 0.12, "{errors:?}");
}
