//! What would lift a visit into a better band, found by doing it: items are set right, one
//! after the other, and the visit is added up again each time.

use super::applied::{Applied, Tally};
use super::model::TOLERANCE;
use super::points::State;
use crate::documents::explanation::{Lift, LiftItem, Rule};
use crate::documents::score::Band;

/// The shortest way we know into the next better band: what knocks out first, then what is
/// unseen, then dimensions below the floor, then what costs most. None for the best band, and
/// where nothing that was asked could lift it.
#[must_use]
pub fn lift(applied: &Applied<'_>, states: &[State]) -> Option<Lift> {
    let tally = applied.tally(states);
    let ruling = applied.rule(states, &tally);
    let mut way =
        Way { applied, states: states.to_vec(), tally, observe: Vec::new(), mend: Vec::new() };
    match ruling.rule {
        Rule::KnockOut => {
            let items: Vec<usize> = applied.knocked_out_by(states).collect();
            items.into_iter().for_each(|item| way.mend(item));
        }
        Rule::NothingScored | Rule::Coverage | Rule::UnseenSection => way.see_enough(),
        Rule::DimensionFloor | Rule::Points => {
            let next = Band::ALL.into_iter().filter(|band| *band > ruling.band);
            let next = next.filter(|b| !matches!(b, Band::NotEnoughData | Band::NeverInspected));
            way.reach(next.min()?);
        }
    }
    way.told(ruling.band)
}

struct Way<'a> {
    applied: &'a Applied<'a>,
    states: Vec<State>,
    tally: Tally,
    observe: Vec<usize>,
    mend: Vec<(usize, f64)>,
}

impl Way<'_> {
    fn mend(&mut self, item: usize) {
        let before = self.tally.overall.unwrap_or(0.0);
        self.states[item] = State::Observed(1.0);
        self.tally = self.applied.tally(&self.states);
        self.mend.push((item, self.tally.overall.unwrap_or(0.0) - before));
    }

    /// Names what must be looked at: one item of each unseen section, then the heaviest.
    /// What will be found there nobody knows, so it is counted as found in order.
    fn see_enough(&mut self) {
        let mut unseen: Vec<usize> = (0..self.states.len())
            .filter(|item| self.states[*item] == State::NotObserved)
            .collect();
        // Heaviest first; the sort is stable, so ties stay in the checklist's order.
        unseen.sort_by(|a, b| self.applied.weight(*b).total_cmp(&self.applied.weight(*a)));
        let minimum = self.applied.model.document.coverage_minimum - TOLERANCE;
        while let Some(section) = self.applied.unseen_sections(&self.states).first().copied() {
            let items = &self.applied.instrument.items;
            let Some(at) = unseen.iter().position(|item| items[*item].section == section) else {
                return;
            };
            self.see(unseen.remove(at));
        }
        while self.tally.coverage().is_some_and(|coverage| coverage < minimum) && !unseen.is_empty()
        {
            self.see(unseen.remove(0));
        }
    }

    fn see(&mut self, item: usize) {
        self.states[item] = State::Observed(1.0);
        self.tally = self.applied.tally(&self.states);
        self.observe.push(item);
    }

    fn reach(&mut self, target: Band) {
        let reached = |way: &Self| way.applied.rule(&way.states, &way.tally).by_points >= target;
        while !reached(self) {
            let low: Vec<usize> = if target > self.applied.model.document.dimension_floor.cap {
                self.applied.below_floor(&self.tally).collect()
            } else {
                Vec::new()
            };
            let within = |item: usize| {
                low.is_empty() || low.contains(&self.applied.instrument.items[item].dimension)
            };
            let Some(item) = self.costliest(within) else { return };
            self.mend(item);
        }
    }

    /// Of what was found short, the item that lifts the overall most; the first of equals.
    fn costliest(&self, within: impl Fn(usize) -> bool) -> Option<usize> {
        let mut best: Option<(usize, f64)> = None;
        for (item, state) in self.states.iter().enumerate() {
            let State::Observed(value) = *state else { continue };
            if value >= 1.0 || !within(item) || self.applied.weight(item) <= 0.0 {
                continue;
            }
            let points = self.applied.points_lost(item, value, &self.tally);
            if best.is_none_or(|(_, most)| points > most + TOLERANCE) {
                best = Some((item, points));
            }
        }
        best.map(|(item, _)| item)
    }

    fn told(self, from: Band) -> Option<Lift> {
        let band = self.applied.rule(&self.states, &self.tally).band;
        let changed = !self.mend.is_empty() || !self.observe.is_empty();
        if band == from || !changed {
            return None;
        }
        let code = |item: usize| self.applied.instrument.items[item].code.clone();
        let mended =
            self.mend.iter().map(|(item, points)| LiftItem { item: code(*item), points: *points });
        let seen_only = !self.observe.is_empty();
        Some(Lift {
            band: (!seen_only).then_some(band),
            overall: if seen_only { None } else { self.tally.overall },
            mend: mended.collect(),
            observe: self.observe.iter().map(|item| code(*item)).collect(),
        })
    }
}
