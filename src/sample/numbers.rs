//! Numbers that a checklist scores: a value on the right side of its limits, of a likely
//! size for its unit.

use vigila_core::documents::checklist::{Direction, Limits, NumberScoring};

use super::chance::Chance;
use super::quality::Finding;

/// How far values of a unit lie from a limit, and to how many decimals they are read.
struct Unit {
    spread: f64,
    decimals: i32,
}

fn unit(name: &str) -> Unit {
    let (spread, decimals) = match name {
        "celsius" => (4.0, 1),
        "m2_per_person" => (2.0, 1),
        "m" => (0.6, 2),
        "days" => (120.0, 0),
        "hours" => (8.0, 0),
        "persons_per_fixture" => (4.0, 1),
        _ => (3.0, 0),
    };
    Unit { spread, decimals }
}

/// Whether there is something between full and none in these limits.
pub(super) fn has_half(scoring: &NumberScoring) -> bool {
    scoring.full != scoring.partial
}

/// A value that is found as `finding` says. A half where there is none is a failure.
pub(super) fn value(
    scoring: &NumberScoring,
    unit_name: &str,
    whole: bool,
    finding: Finding,
    chance: &mut Chance,
) -> f64 {
    let mut unit = unit(unit_name);
    if whole {
        unit.decimals = 0;
    }
    let step = 10_f64.powi(-unit.decimals);
    let (full, partial) = (bounds(scoring.full), bounds(scoring.partial));
    let upper = match scoring.direction {
        Direction::HigherIsBetter => {
            return -side(-full.0, -partial.0, &unit, step, finding, chance);
        }
        Direction::LowerIsBetter => true,
        Direction::Range => chance.happens(0.3),
    };
    match (scoring.direction, finding) {
        (Direction::Range, Finding::Half | Finding::Failed) if upper => {
            side(full.1, partial.1, &unit, step, finding, chance)
        }
        (Direction::Range, Finding::Half | Finding::Failed) => {
            -side(-full.0, -partial.0, &unit, step, finding, chance)
        }
        (Direction::Range, _) => {
            let width = full.1 - full.0;
            let middle = chance.between(full.0 + width * 0.15, full.1 - width * 0.25);
            rounded(middle, step).clamp(full.0, full.1)
        }
        _ => side(full.1, partial.1, &unit, step, finding, chance),
    }
}

fn bounds(limits: Limits) -> (f64, f64) {
    match limits {
        Limits::One(limit) => (limit, limit),
        Limits::Two([low, high]) => (low, high),
    }
}

/// A value where low is good: at most `full`, at most `partial`, or above it.
fn side(
    full: f64,
    partial: f64,
    unit: &Unit,
    step: f64,
    finding: Finding,
    chance: &mut Chance,
) -> f64 {
    let value = match finding {
        Finding::Half if partial > full => {
            rounded(chance.between(full, partial), step).clamp(full + step, partial)
        }
        Finding::Half | Finding::Failed => {
            let beyond = partial + chance.between(0.0, unit.spread);
            rounded(beyond, step).max(partial + step)
        }
        _ => rounded(full - chance.between(0.0, unit.spread), step).min(full),
    };
    rounded(value, step)
}

fn rounded(value: f64, step: f64) -> f64 {
    // Dividing by the inverse keeps 4.6 from becoming 4.6000000000000005.
    let inverse = (1.0 / step).round();
    (value * inverse).round() / inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(scoring: &NumberScoring, value: f64) -> f64 {
        let (full, partial) = (bounds(scoring.full), bounds(scoring.partial));
        let within = |(low, high): (f64, f64)| match scoring.direction {
            Direction::HigherIsBetter => value >= low,
            Direction::LowerIsBetter => value <= high,
            Direction::Range => value >= low && value <= high,
        };
        if within(full) {
            1.0
        } else if within(partial) {
            0.5
        } else {
            0.0
        }
    }

    #[test]
    fn a_value_is_worth_what_was_found() {
        use Direction::{HigherIsBetter, LowerIsBetter, Range};
        let table = [
            (HigherIsBetter, Limits::One(5.0), Limits::One(4.0), "m2_per_person", false),
            (HigherIsBetter, Limits::One(90.0), Limits::One(30.0), "days", true),
            (HigherIsBetter, Limits::One(2.1), Limits::One(2.1), "m", false),
            (LowerIsBetter, Limits::One(-18.0), Limits::One(-15.0), "celsius", false),
            (LowerIsBetter, Limits::One(6.0), Limits::One(8.0), "persons", true),
            (Range, Limits::Two([18.0, 27.0]), Limits::Two([16.0, 30.0]), "celsius", false),
        ];
        for (direction, full, partial, unit, whole) in table {
            let scoring = NumberScoring { direction, full, partial };
            for seed in 0..500 {
                for finding in [Finding::Full, Finding::Half, Finding::Failed] {
                    if finding == Finding::Half && !has_half(&scoring) {
                        continue;
                    }
                    let value = value(&scoring, unit, whole, finding, &mut Chance::of(&[seed]));
                    let expected = match finding {
                        Finding::Full => 1.0,
                        Finding::Half => 0.5,
                        _ => 0.0,
                    };
                    assert_eq!(worth(&scoring, value), expected, "{unit} {finding:?} {value}");
                    assert!(!whole || value.fract() == 0.0);
                }
            }
        }
    }
}
