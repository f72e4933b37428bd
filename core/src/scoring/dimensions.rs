//! Dimensions and the overall (contract, section 3, steps 3 and 4).

use super::model::Model;
use super::points::State;
use crate::checklist::Instrument;
use crate::documents::score::DimensionScore;

/// The dimensions of a visit and what they add up to.
pub(super) struct Sums {
    /// Those with due weight, in the file's order.
    pub dimensions: Vec<DimensionScore>,
    /// The overall, 0-100.
    pub overall: Option<f64>,
    /// The coverage, 0-1.
    pub coverage: Option<f64>,
    /// The weights of the whole visit.
    pub weights: Weights,
}

/// The weights of a visit, or of a dimension of it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weights {
    /// Weight of what was due.
    pub due: f64,
    /// Weight of what was observed.
    pub observed: f64,
    /// Weight times what the answers were worth.
    pub earned: f64,
}

pub(super) fn sums(model: &Model, instrument: &Instrument, states: &[State]) -> Sums {
    let mut weights = vec![Weights::default(); instrument.dimensions.len()];
    for (item, state) in instrument.items.iter().zip(states) {
        let weight = model.weight(item.weight_class);
        let sum = &mut weights[item.dimension];
        match state {
            State::NotDue => {}
            State::NotObserved => sum.due += weight,
            State::Observed(value) => {
                sum.due += weight;
                sum.observed += weight;
                sum.earned += weight * value;
            }
        }
    }
    let each = instrument.dimensions.iter().zip(&weights);
    let dimensions: Vec<_> = each
        .filter(|(_, sum)| sum.due > 0.0)
        .map(|(code, sum)| DimensionScore {
            code: code.clone(),
            score: (sum.observed > 0.0).then(|| percent(100.0 * sum.earned / sum.observed)),
            coverage: sum.observed / sum.due,
            observed_weight: sum.observed,
            due_weight: sum.due,
        })
        .collect();
    let all = Weights {
        due: weights.iter().map(|sum| sum.due).sum(),
        observed: weights.iter().map(|sum| sum.observed).sum(),
        earned: weights.iter().map(|sum| sum.earned).sum(),
    };
    Sums {
        overall: overall(model, &dimensions),
        coverage: (all.due > 0.0).then(|| all.observed / all.due),
        dimensions,
        weights: all,
    }
}

/// Weight of those dimensions that have a score.
pub(super) fn scored_weight(model: &Model, dimensions: &[DimensionScore]) -> f64 {
    let scored = dimensions.iter().filter(|d| d.score.is_some());
    scored.map(|d| model.dimension_weight(&d.code)).sum()
}

fn overall(model: &Model, dimensions: &[DimensionScore]) -> Option<f64> {
    let total = scored_weight(model, dimensions);
    let scored =
        dimensions.iter().filter_map(|d| Some((model.dimension_weight(&d.code), d.score?)));
    if total <= 0.0 {
        return None;
    }
    Some(percent(if model.is_geometric() {
        // A dimension at zero makes the whole zero, as ln(0) = -inf and exp(-inf) = 0 say.
        scored.map(|(weight, score)| weight / total * score.ln()).sum::<f64>().exp()
    } else {
        scored.map(|(weight, score)| weight * score).sum::<f64>() / total
    }))
}

/// Rounding may lift a full score a hair above 100 (`exp(ln(100))` does).
fn percent(points: f64) -> f64 {
    points.clamp(0.0, 100.0)
}
