//! The arithmetic of a score as data, item by item, so that nobody has to take it on trust.

use std::collections::HashMap;

use serde_json::Value;

use super::applied::{Applied, Tally};
use super::lift::lift;
use super::points::State;
use super::score::{Scored, raw_json};
use crate::documents::explanation::{
    BandReason, DimensionParts, Explanation, ItemParts, ItemStanding, OverallPart, OverallParts,
};
use crate::documents::inspection::Answer;
use crate::domain::Sha256;

/// How the score of a visit under a model comes about.
#[must_use]
pub fn explain(applied: &Applied<'_>, visit: &Scored<'_>) -> Explanation {
    let states = applied.states(visit.answered, visit.facts);
    let tally = applied.tally(&states);
    let answers = visit.answers.iter().map(|answer| (answer.item.as_str(), answer)).collect();
    let parts = Parts { applied, visit, states: &states, tally: &tally, answers };
    Explanation {
        overall: parts.overall(),
        dimensions: parts.dimensions(),
        band: parts.band(),
        lift: lift(applied, &states),
    }
}

struct Parts<'a> {
    applied: &'a Applied<'a>,
    visit: &'a Scored<'a>,
    states: &'a [State],
    tally: &'a Tally,
    answers: HashMap<&'a str, &'a Answer>,
}

impl Parts<'_> {
    fn overall(&self) -> OverallParts {
        let each = self.applied.instrument.dimensions.iter().zip(&self.tally.by_dimension);
        let parts = each.enumerate().filter_map(|(index, (code, sum))| {
            let weight = self.applied.dimension_weight(index);
            Some(OverallPart {
                dimension: code.clone(),
                score: sum.score()?,
                weight,
                share: weight / self.tally.scored_weight,
            })
        });
        OverallParts {
            aggregation: self.applied.model.document.aggregation,
            parts: parts.collect(),
        }
    }

    fn dimensions(&self) -> Vec<DimensionParts> {
        let each = self.applied.instrument.dimensions.iter().zip(&self.tally.by_dimension);
        let due = each.enumerate().filter(|(_, (_, sum))| sum.due > 0.0);
        due.map(|(index, (code, sum))| DimensionParts {
            code: code.clone(),
            score: sum.score(),
            earned_weight: sum.earned,
            observed_weight: sum.observed,
            due_weight: sum.due,
            items: self.items_of(index),
        })
        .collect()
    }

    fn items_of(&self, dimension: usize) -> Vec<ItemParts> {
        let items = self.applied.instrument.items.iter().enumerate();
        let scored = items.filter(|(index, item)| {
            let counts = self.applied.weight(*index) > 0.0 && item.kind.is_scored();
            item.dimension == dimension && counts
        });
        scored.map(|(index, _)| self.item(index)).collect()
    }

    fn item(&self, index: usize) -> ItemParts {
        let item = &self.applied.instrument.items[index];
        let weight = self.applied.weight(index);
        let observed = self.tally.by_dimension[item.dimension].observed;
        let value = match self.states[index] {
            State::Observed(value) => Some(value),
            State::NotObserved | State::NotDue => None,
        };
        let answer = self.answers.get(item.code.as_str());
        ItemParts {
            item: item.code.clone(),
            standing: self.standing(index),
            weight,
            value,
            points: value.map(|value| 100.0 * weight * value / observed),
            points_lost: value.map(|value| self.applied.points_lost(index, value, self.tally)),
            critical: self.applied.model.knocks_out(item),
            answer: answer.and_then(|a| a.value.as_ref()).map_or(Value::Null, raw_json),
            photos: answer
                .map_or_else(Vec::new, |a| a.photos.iter().map(Sha256::to_string).collect()),
        }
    }

    fn standing(&self, index: usize) -> ItemStanding {
        let condition = self.applied.instrument.items[index].condition.as_ref();
        match self.states[index] {
            State::Observed(_) => ItemStanding::Observed,
            State::NotObserved => ItemStanding::NotObserved,
            State::NotDue if condition.is_some_and(|c| !c.holds(self.visit.facts)) => {
                ItemStanding::ConditionFalse
            }
            State::NotDue => ItemStanding::NotScored,
        }
    }

    fn band(&self) -> BandReason {
        let Applied { model, instrument, .. } = self.applied;
        let ruling = self.applied.rule(self.states, self.tally);
        let items = self.applied.knocked_out_by(self.states);
        let sections = self.applied.unseen_sections(self.states);
        let low = self.applied.below_floor(self.tally);
        BandReason {
            rule: ruling.rule,
            rule_by_points: ruling.rule_by_points,
            knocked_out_by: items.map(|item| instrument.items[item].code.clone()).collect(),
            unseen_sections: sections
                .into_iter()
                .map(|section| instrument.document.sections[section].code.clone())
                .collect(),
            below_floor: low.map(|dimension| instrument.dimensions[dimension].clone()).collect(),
            coverage_minimum: model.document.coverage_minimum,
            floor: model.document.dimension_floor.below,
        }
    }
}
