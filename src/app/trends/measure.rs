//! What is followed over time: where its value stands in a score, and what is better.

use std::fmt;
use std::str::FromStr;

use vigila_core::documents::checklist::{Direction, Limits};
use vigila_core::documents::indicators::Definition;
use vigila_core::documents::score::Score;
use vigila_core::scoring::local_level::Better;
use vigila_core::scoring::{Applied, Inputs, Tally};

use crate::app::App;
use crate::app::history::Again;
use crate::app::scorecards::Scorecard;

/// What is followed over time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Measure {
    /// The overall score.
    Overall,
    /// The score of a dimension.
    Dimension(String),
    /// The value of an indicator.
    Indicator(String),
}

/// Not a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a measure is overall, dimension:CODE or indicator:CODE")]
pub struct NotAMeasure;

impl FromStr for Measure {
    type Err = NotAMeasure;
    fn from_str(text: &str) -> Result<Self, NotAMeasure> {
        let code = |code: &str| (!code.is_empty()).then(|| code.to_owned()).ok_or(NotAMeasure);
        match text.split_once(':') {
            None if text == "overall" => Ok(Self::Overall),
            Some(("dimension", rest)) => code(rest).map(Self::Dimension),
            Some(("indicator", rest)) => code(rest).map(Self::Indicator),
            _ => Err(NotAMeasure),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overall => f.write_str("overall"),
            Self::Dimension(code) => write!(f, "dimension:{code}"),
            Self::Indicator(code) => write!(f, "indicator:{code}"),
        }
    }
}

/// How a measure is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// The unit of its values.
    pub unit: String,
    /// What is better.
    pub better: Better,
    /// The width of a band, in the unit: how large a difference people speak of.
    pub width: f64,
}

/// The width of the bands of what runs from 0 to 100.
const POINTS_WIDTH: f64 = 15.0;

impl Measure {
    /// How its values are read.
    #[must_use]
    pub fn scale(&self, app: &App) -> Scale {
        let points =
            || Scale { unit: "points".to_owned(), better: Better::Higher, width: POINTS_WIDTH };
        match self {
            Self::Overall | Self::Dimension(_) => points(),
            Self::Indicator(code) => {
                let known = app.library.indicators().and_then(|all| all.definition(code));
                known.map_or_else(points, indicator_scale)
            }
        }
    }

    /// Its value in a score.
    #[must_use]
    pub fn of_score(&self, score: &Score) -> Option<f64> {
        match self {
            Self::Overall => score.overall,
            Self::Dimension(code) => score.dimensions.iter().find(|d| d.code == *code)?.score,
            Self::Indicator(code) => score.indicators.iter().find(|i| i.code == *code)?.value,
        }
    }

    /// Its value in the base that speaks for a centre.
    #[must_use]
    pub fn of_card(&self, card: &Scorecard) -> Option<f64> {
        match self {
            Self::Overall => card.overall,
            Self::Dimension(code) => card.found.dimensions.iter().find(|d| d.code == *code)?.score,
            Self::Indicator(code) => card.found.indicators.iter().find(|i| i.code == *code)?.value,
        }
    }

    /// Its value in a sum, which knows no indicators.
    pub(super) fn of_tally(&self, applied: &Applied<'_>, tally: &Tally) -> Option<f64> {
        match self {
            Self::Overall => tally.overall,
            Self::Dimension(code) => {
                let index = applied.instrument.dimensions.iter().position(|d| d == code)?;
                tally.by_dimension[index].score()
            }
            Self::Indicator(_) => None,
        }
    }

    /// Its value in a visit that was scored again.
    pub(in crate::app) fn again(&self, again: &Again<'_>) -> Option<f64> {
        match self {
            Self::Overall | Self::Dimension(_) => self.of_tally(again.applied, &again.judged.tally),
            Self::Indicator(code) => again.published.indicators.as_ref().and_then(|compiled| {
                let place = compiled.definitions().position(|one| one.code == *code)?;
                let inputs = Inputs {
                    answered: again.answered,
                    states: &again.judged.states,
                    facts: &compiled.facts().read(again.facts),
                    weights: again.judged.tally.total,
                };
                compiled.values(&inputs).nth(place)?.value
            }),
        }
    }
}

fn indicator_scale(definition: &Definition) -> Scale {
    let ends = |limits: Limits| match limits {
        Limits::One(limit) => [limit, limit],
        Limits::Two(both) => both,
    };
    let better = match (definition.direction, definition.good.map(ends)) {
        (Direction::LowerIsBetter, _) => Better::Lower,
        (Direction::Range, Some([from, to])) => Better::Within(from, to),
        _ => Better::Higher,
    };
    let good = definition.good.map(ends);
    let apart = good.zip(definition.fair.map(ends));
    let apart = apart.map(|(good, fair)| (good[0] - fair[0]).abs().max((good[1] - fair[1]).abs()));
    // Without two limits, a fifth of the one there is; without any, one unit.
    let fifth = good.map(|[from, to]| from.abs().max(to.abs()) / 5.0);
    let width = apart.filter(|w| *w > 0.0).or(fifth.filter(|w| *w > 0.0)).unwrap_or(1.0);
    Scale { unit: definition.unit.clone(), better, width }
}
