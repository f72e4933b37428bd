//! Cohen's kappa and its standard error against published tables, worked out by hand here,
//! and what must hold of every table.

use proptest::prelude::*;
use vigila_core::scoring::Table;

fn near(found: f64, expected: f64, within: f64) {
    assert!((found - expected).abs() <= within, "{found} is not {expected}");
}

/// Fifty proposals read by two readers, a common textbook table.
///
/// Alike: (20 + 15) / 50 = 0.7. By chance: 0.5 · 0.6 + 0.5 · 0.4 = 0.5. Kappa 0.2 / 0.5 = 0.4.
/// Spread: 0.4 · (0.5 - 1.1 · 0.3)² + 0.3 · (0.5 - 0.9 · 0.3)² + 0.1 · (1.1 · 0.3)²,
/// plus 0.2 · (0.9 · 0.3)² - (0.35 - 1 + 0.7)² = 0.0529 - 0.0025 = 0.0504.
/// Standard error: √0.0504 / (0.25 · √50) = 0.126996.
#[test]
fn two_readers_of_fifty_proposals() {
    let table = Table::from([[20, 5], [10, 15]]);
    assert_eq!((table.compared(), table.disagreed()), (50, 15));
    near(table.observed().unwrap(), 0.7, 1e-12);
    near(table.expected().unwrap(), 0.5, 1e-12);
    near(table.disputed().unwrap(), 0.3, 1e-12);
    let kappa = table.kappa().unwrap();
    near(kappa.value, 0.4, 1e-12);
    near(kappa.standard_error, 0.126_996, 1e-6);
    near(kappa.low, 0.151_092, 1e-6);
    near(kappa.high, 0.648_908, 1e-6);
    near(kappa.confidence, 0.95, 0.0);
}

/// A hundred diagnoses in three categories, of Fleiss, *Statistical Methods for Rates and
/// Proportions*: alike 0.89; by chance 0.8² + 0.1 · 0.05 + 0.1 · 0.15 = 0.66; kappa 0.23 / 0.34.
#[test]
fn a_hundred_diagnoses_in_three_categories() {
    let kappa = Table::from([[75, 1, 4], [5, 4, 1], [0, 0, 10]]).kappa().unwrap();
    near(kappa.value, 0.23 / 0.34, 1e-12);
    near(kappa.standard_error, 0.087_703, 1e-6);
}

/// Two hundred cases in three categories, of Cohen 1960: alike 0.7, by chance 0.41.
#[test]
fn two_hundred_cases_of_the_first_paper() {
    let kappa = Table::from([[88, 10, 2], [14, 40, 6], [18, 10, 12]]).kappa().unwrap();
    near(kappa.value, 0.29 / 0.59, 1e-12);
    near(kappa.standard_error, 0.051_002, 1e-6);
}

#[test]
fn where_there_is_no_kappa() {
    type Row = (&'static str, [[u64; 2]; 2], Option<f64>);
    let table: [Row; 5] = [
        ("nothing compared", [[0, 0], [0, 0]], None),
        ("both always said the one same", [[9, 0], [0, 0]], None),
        ("one always said the same, the other the other", [[0, 9], [0, 0]], Some(0.0)),
        ("never alike", [[0, 5], [5, 0]], Some(-1.0)),
        ("always alike, of two kinds", [[8, 0], [0, 1]], Some(1.0)),
    ];
    for (what, counts, expected) in table {
        let found = Table::from(counts).kappa().map(|kappa| kappa.value);
        assert_eq!(found, expected, "{what}");
    }
    assert_eq!(Table::<2>::default().observed(), None);
    assert_eq!(Table::<2>::default().expected(), None);
    assert_eq!(Table::<2>::default().disputed(), None);
}

fn counts() -> impl Strategy<Value = [[u64; 4]; 4]> {
    any::<[[u8; 4]; 4]>().prop_map(|all| all.map(|row| row.map(|n| u64::from(n % 12))))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn kappa_stays_in_its_range(counts in counts()) {
        let table = Table::from(counts);
        if let Some(kappa) = table.kappa() {
            prop_assert!((-1.0..=1.0).contains(&kappa.value), "{kappa:?}");
            prop_assert!(kappa.standard_error >= 0.0 && kappa.standard_error.is_finite());
            prop_assert!(kappa.low <= kappa.value && kappa.value <= kappa.high);
            prop_assert_eq!(table.disagreed() == 0, kappa.value >= 1.0);
        }
    }

    /// Who is called first is no matter to how far they agree.
    #[test]
    fn kappa_is_the_same_with_first_and_second_exchanged(counts in counts()) {
        let mut turned = [[0; 4]; 4];
        for (first, row) in counts.iter().enumerate() {
            for (second, count) in row.iter().enumerate() {
                turned[second][first] = *count;
            }
        }
        match (Table::from(counts).kappa(), Table::from(turned).kappa()) {
            (Some(one), Some(other)) => {
                prop_assert!((one.value - other.value).abs() < 1e-12);
                prop_assert!((one.standard_error - other.standard_error).abs() < 1e-12);
            }
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    /// The standard error is that of the delta method: the spread of what each comparison
    /// moves, found here by adding a little weight to each cell.
    #[test]
    fn the_standard_error_is_that_of_small_changes(counts in counts()) {
        let table = Table::from(counts);
        if let Some(kappa) = table.kappa() {
            let all: u64 = counts.iter().flatten().sum();
            let share = counts.map(|row| row.map(|n| weight(n) / weight(all)));
            let (mut mean, mut square) = (0.0, 0.0);
            for first in 0..4 {
                for second in 0..4 {
                    let step = 1e-6;
                    let mut moved = share;
                    moved[first][second] += step;
                    let slope = (kappa_of_shares(moved) - kappa_of_shares(share)) / step;
                    mean += share[first][second] * slope;
                    square += share[first][second] * slope * slope;
                }
            }
            let expected = ((square - mean * mean).max(0.0) / weight(all)).sqrt();
            let off = (kappa.standard_error - expected).abs();
            prop_assert!(off < 1e-3 * (1.0 + expected), "{} {expected}", kappa.standard_error);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn weight(count: u64) -> f64 {
    count as f64
}

/// Kappa by its definition, of weights that need not add up to 1.
fn kappa_of_shares(weights: [[f64; 4]; 4]) -> f64 {
    let all: f64 = weights.iter().flatten().sum();
    let alike: f64 = (0..4).map(|k| weights[k][k]).sum::<f64>() / all;
    let margin = |k: usize| {
        let first: f64 = weights[k].iter().sum();
        let second: f64 = weights.iter().map(|row| row[k]).sum();
        first * second
    };
    let chance: f64 = (0..4).map(margin).sum::<f64>() / (all * all);
    (alike - chance) / (1.0 - chance)
}
