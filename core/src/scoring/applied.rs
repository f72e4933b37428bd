//! A model laid over a checklist: the weights of items and dimensions by index, so that a
//! million visits can be added up without looking a name up. Dimensions, the overall and the
//! band (contract, section 3, steps 2 to 5).

use super::model::{Model, TOLERANCE};
use super::points::{State, item_states};
use crate::checklist::{Answered, Instrument};
use crate::documents::explanation::Rule;
use crate::documents::score::{Band, DimensionScore};
use crate::domain::Facts;

/// A model laid over a checklist.
#[derive(Debug, Clone)]
pub struct Applied<'a> {
    /// The model.
    pub model: &'a Model,
    /// The checklist.
    pub instrument: &'a Instrument,
    weights: Vec<f64>,
    dimension_weights: Vec<f64>,
    knocking_out: Vec<usize>,
}

/// Weight of items, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Weights {
    /// Of items that are due.
    pub due: f64,
    /// Of those, what was observed.
    pub observed: f64,
    /// Of that, what was earned: weight times value.
    pub earned: f64,
}

impl Weights {
    fn add(&mut self, weight: f64, state: State) {
        match state {
            State::NotDue => {}
            State::NotObserved => self.due += weight,
            State::Observed(value) => {
                self.due += weight;
                self.observed += weight;
                self.earned += weight * value;
            }
        }
    }

    /// 0-100; none where nothing was observed.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        (self.observed > 0.0).then(|| percent(100.0 * self.earned / self.observed))
    }
}

/// What the items of a visit add up to.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// By the index of the dimension in the checklist.
    pub by_dimension: Vec<Weights>,
    /// Over all.
    pub total: Weights,
    /// Weight of those dimensions that have a score.
    pub scored_weight: f64,
    /// The overall, 0-100.
    pub overall: Option<f64>,
}

impl Tally {
    /// Share of due weight that was observed, 0-1.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        (self.total.due > 0.0).then(|| self.total.observed / self.total.due)
    }
}

/// The band of a visit, and the rule that decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ruling {
    /// The band.
    pub band: Band,
    /// The band without knock-outs.
    pub by_points: Band,
    /// What decided the band.
    pub rule: Rule,
    /// What decided the band without knock-outs.
    pub rule_by_points: Rule,
}

/// A visit, added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The state of each item.
    pub states: Vec<State>,
    /// What they add up to.
    pub tally: Tally,
    /// The band.
    pub ruling: Ruling,
}

impl<'a> Applied<'a> {
    /// Lays a model over a checklist.
    #[must_use]
    pub fn new(model: &'a Model, instrument: &'a Instrument) -> Self {
        let items = instrument.items.iter();
        let knocking_out = items.enumerate().filter(|(_, item)| model.knocks_out(item));
        let dimensions = instrument.dimensions.iter();
        Self {
            knocking_out: knocking_out.map(|(index, _)| index).collect(),
            weights: instrument.items.iter().map(|i| model.weight(i.weight_class)).collect(),
            dimension_weights: dimensions.map(|code| model.dimension_weight(code)).collect(),
            model,
            instrument,
        }
    }

    /// The weight of an item, by its index.
    #[must_use]
    pub fn weight(&self, item: usize) -> f64 {
        self.weights[item]
    }

    /// The weight of a dimension in the overall, by its index.
    #[must_use]
    pub fn dimension_weight(&self, dimension: usize) -> f64 {
        self.dimension_weights[dimension]
    }

    /// Adds a visit up and finds its band.
    #[must_use]
    pub fn judge(&self, answered: &Answered, facts: &Facts) -> Judged {
        self.judge_states(self.states(answered, facts))
    }

    /// The same over those items only whose code is `shared`: what two versions of a
    /// checklist both ask can be compared, and nothing else.
    #[must_use]
    pub fn judge_shared(
        &self,
        answered: &Answered,
        facts: &Facts,
        shared: impl Fn(&str) -> bool,
    ) -> Judged {
        let mut states = self.states(answered, facts);
        for (item, state) in self.instrument.items.iter().zip(&mut states) {
            if !shared(&item.code) {
                *state = State::NotDue;
            }
        }
        self.judge_states(states)
    }

    fn judge_states(&self, states: Vec<State>) -> Judged {
        let tally = self.tally(&states);
        Judged { ruling: self.rule(&states, &tally), tally, states }
    }

    /// The states of all items, in the checklist's order.
    #[must_use]
    pub fn states(&self, answered: &Answered, facts: &Facts) -> Vec<State> {
        item_states(self.model, self.instrument, answered, facts)
    }

    /// Adds a visit up.
    #[must_use]
    pub fn tally(&self, states: &[State]) -> Tally {
        let mut by_dimension = vec![Weights::default(); self.dimension_weights.len()];
        for ((item, weight), state) in self.instrument.items.iter().zip(&self.weights).zip(states) {
            by_dimension[item.dimension].add(*weight, *state);
        }
        let mut total = Weights::default();
        let mut scored_weight = 0.0;
        for (sum, weight) in by_dimension.iter().zip(&self.dimension_weights) {
            total.due += sum.due;
            total.observed += sum.observed;
            total.earned += sum.earned;
            scored_weight += if sum.observed > 0.0 { *weight } else { 0.0 };
        }
        let overall = self.overall(&by_dimension, scored_weight);
        Tally { by_dimension, total, scored_weight, overall }
    }

    fn overall(&self, by_dimension: &[Weights], total: f64) -> Option<f64> {
        let each = by_dimension.iter().zip(&self.dimension_weights);
        let scored = each.filter_map(|(sum, weight)| Some((*weight, sum.score()?)));
        if total <= 0.0 {
            return None;
        }
        Some(percent(if self.model.is_geometric() {
            // A dimension at zero makes the whole zero, as ln(0) = -inf and exp(-inf) = 0 say.
            scored.map(|(weight, score)| weight / total * score.ln()).sum::<f64>().exp()
        } else {
            scored.map(|(weight, score)| weight * score).sum::<f64>() / total
        }))
    }

    /// The dimensions with due weight, in the checklist's order.
    #[must_use]
    pub fn dimension_scores(&self, tally: &Tally) -> Vec<DimensionScore> {
        let each = self.instrument.dimensions.iter().zip(&tally.by_dimension);
        let due = each.filter(|(_, sum)| sum.due > 0.0);
        due.map(|(code, sum)| DimensionScore {
            code: code.clone(),
            score: sum.score(),
            coverage: sum.observed / sum.due,
            observed_weight: sum.observed,
            due_weight: sum.due,
        })
        .collect()
    }

    /// The items, by index, that knock the visit out.
    pub fn knocked_out_by<'s>(&'s self, states: &'s [State]) -> impl Iterator<Item = usize> + 's {
        let failed = |state: State| matches!(state, State::Observed(value) if value <= 0.0);
        self.knocking_out.iter().copied().filter(move |item| failed(states[*item]))
    }

    /// The band of a visit.
    #[must_use]
    pub fn rule(&self, states: &[State], tally: &Tally) -> Ruling {
        let (by_points, rule_by_points) = self.band_by_points(states, tally);
        let knocked_out = self.knocked_out_by(states).next().is_some();
        let (band, rule) = if knocked_out {
            (Band::Critical, Rule::KnockOut)
        } else {
            (by_points, rule_by_points)
        };
        Ruling { band, by_points, rule, rule_by_points }
    }

    fn band_by_points(&self, states: &[State], tally: &Tally) -> (Band, Rule) {
        let (Some(overall), Some(coverage)) = (tally.overall, tally.coverage()) else {
            return (Band::NotEnoughData, Rule::NothingScored);
        };
        if coverage < self.model.document.coverage_minimum - TOLERANCE {
            return (Band::NotEnoughData, Rule::Coverage);
        }
        if !self.unseen_sections(states).is_empty() {
            return (Band::NotEnoughData, Rule::UnseenSection);
        }
        let band = self.model.band_of(overall);
        let cap = self.model.document.dimension_floor.cap;
        if band > cap && self.below_floor(tally).next().is_some() {
            return (cap, Rule::DimensionFloor);
        }
        (band, Rule::Points)
    }

    /// The sections, by index, with due items of which none was observed.
    #[must_use]
    pub fn unseen_sections(&self, states: &[State]) -> Vec<usize> {
        let mut due = vec![false; self.instrument.sections];
        let mut observed = vec![false; self.instrument.sections];
        for (item, state) in self.instrument.items.iter().zip(states) {
            due[item.section] |= *state != State::NotDue;
            observed[item.section] |= matches!(state, State::Observed(_));
        }
        let unseen = due.into_iter().zip(observed).enumerate();
        unseen
            .filter(|(_, (due, observed))| *due && !observed)
            .map(|(section, _)| section)
            .collect()
    }

    /// The dimensions, by index, that are below the floor.
    pub fn below_floor<'s>(&'s self, tally: &'s Tally) -> impl Iterator<Item = usize> + 's {
        let floor = self.model.document.dimension_floor.below - TOLERANCE;
        let each = tally.by_dimension.iter().enumerate();
        each.filter(move |(_, sum)| sum.score().is_some_and(|points| points < floor))
            .map(|(dimension, _)| dimension)
    }

    /// What an item that was observed costs the overall, in points (step 7).
    #[must_use]
    pub fn points_lost(&self, item: usize, value: f64, tally: &Tally) -> f64 {
        let dimension = self.instrument.items[item].dimension;
        let share = self.dimension_weights[dimension] / tally.scored_weight;
        let observed = tally.by_dimension[dimension].observed;
        100.0 * self.weights[item] * (1.0 - value) / observed * share
    }
}

/// Rounding may lift a full score a hair above 100 (`exp(ln(100))` does).
fn percent(points: f64) -> f64 {
    points.clamp(0.0, 100.0)
}
