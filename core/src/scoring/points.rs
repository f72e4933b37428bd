//! One item: what its answer is worth, and whether it is due and observed (contract,
//! section 3, steps 1 and 2).

use super::model::{Model, TOLERANCE};
pub use crate::checklist::Item;
use crate::checklist::{Answered, Instrument, Kind, Verdict};
use crate::documents::checklist::{Choice, Direction, Limits, NumberScoring};
use crate::domain::Facts;

/// Where an item stands in a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum State {
    /// It does not count: its condition is false, its answer is `na` or has no score, or it
    /// has no weight.
    NotDue,
    /// It counts, and was not observed.
    NotObserved,
    /// It counts, and this is what was found, 0 to 1.
    Observed(f64),
}

/// The states of all items, in the checklist's order.
#[must_use]
pub fn item_states(
    model: &Model,
    instrument: &Instrument,
    answered: &Answered,
    facts: &Facts,
) -> Vec<State> {
    let each = instrument.items.iter().zip(answered);
    each.map(|(item, verdict)| item_state(model, item, verdict.as_ref(), facts)).collect()
}

/// The state of one item. An item that nobody answered was not observed.
#[must_use]
pub fn item_state(model: &Model, item: &Item, verdict: Option<&Verdict>, facts: &Facts) -> State {
    let counts = model.weight(item.weight_class) > 0.0
        && item.kind.is_scored()
        && item.condition.as_ref().is_none_or(|condition| condition.holds(facts));
    if !counts {
        return State::NotDue;
    }
    match verdict {
        None | Some(Verdict::NotObserved) => State::NotObserved,
        Some(verdict) => value_of(model, item, verdict).map_or(State::NotDue, State::Observed),
    }
}

/// What an answer is worth, 0 to 1; `None` where it has no score.
#[must_use]
pub fn value_of(model: &Model, item: &Item, verdict: &Verdict) -> Option<f64> {
    let values = &model.document.answer_values;
    match (verdict, &item.kind) {
        (Verdict::Yes, _) => Some(values.yes),
        (Verdict::Partial, _) => Some(values.partial),
        (Verdict::No, _) => Some(values.no),
        (Verdict::Number(number), Kind::Number { scoring: Some(scoring), .. }) => {
            Some(number_value(scoring, *number))
        }
        (Verdict::Chosen(chosen), Kind::Choice { options, .. }) => mean_score(options, chosen),
        _ => None,
    }
}

fn number_value(scoring: &NumberScoring, number: f64) -> f64 {
    if meets(scoring.direction, scoring.full, number) {
        1.0
    } else if meets(scoring.direction, scoring.partial, number) {
        0.5
    } else {
        0.0
    }
}

/// Whether a number is as good as the limits ask.
pub(super) fn meets(direction: Direction, limits: Limits, number: f64) -> bool {
    match (direction, limits) {
        (Direction::HigherIsBetter, Limits::One(limit)) => number >= limit - TOLERANCE,
        (Direction::LowerIsBetter, Limits::One(limit)) => number <= limit + TOLERANCE,
        (_, Limits::Two([lower, upper])) => {
            number >= lower - TOLERANCE && number <= upper + TOLERANCE
        }
        (Direction::Range, Limits::One(limit)) => (number - limit).abs() <= TOLERANCE,
    }
}

/// The mean of the scores of the options chosen; one without score makes the answer unscored.
fn mean_score(options: &[Choice], chosen: &[u16]) -> Option<f64> {
    let scores = chosen.iter().map(|index| options.get(usize::from(*index))?.score);
    let scores: Option<Vec<f64>> = scores.collect();
    let scores = scores.filter(|scores| !scores.is_empty())?;
    #[expect(clippy::cast_precision_loss, reason = "a handful of options")]
    let count = scores.len() as f64;
    Some(scores.iter().sum::<f64>() / count)
}
