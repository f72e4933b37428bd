//! What would become of history under another model. Visits are seen one by one, in any order
//! and in as many heaps as there are processors, which are joined at the end.

use std::collections::{BTreeMap, HashMap};

use super::applied::{Applied, Judged};
use super::formula::Inputs;
use super::indicators::Compiled;
use super::scorecard::{Card, Standing, Visit, Watched};
use crate::checklist::Answered;
use crate::documents::comparison::{
    BandCount, Comparison, Distribution, IndicatorShift, Move, MovedCentre,
};
use crate::documents::explanation::Rule;
use crate::documents::inspection::ChecklistRef;
use crate::documents::score::{Band, IndicatorLevel, ModelVersion};
use crate::domain::{Facility, FacilityId, Facts, Instant};

/// One model, over the checklist of a visit and over the critical items of all its versions.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model over the checklist.
    pub applied: &'a Applied<'a>,
    /// The critical items of the checklist.
    pub watched: &'a Watched,
}

/// A visit to be seen under two models.
pub struct Revisited<'a> {
    /// The centre.
    pub facility: FacilityId,
    /// The visit as the scorecard asks; its band and coverage are worked out.
    pub visit: Visit,
    /// The answers.
    pub answered: &'a Answered,
    /// The facts frozen with it.
    pub facts: &'a Facts,
    /// The indicators of its checklist.
    pub indicators: Option<&'a Compiled>,
}

/// What is remembered of a visit under one model.
#[derive(Debug, Clone, Copy)]
struct Seen {
    overall: Option<f64>,
    rule_by_points: Rule,
}

/// The band before with the rule that decided it, and the same after.
type Kinds = (Band, Rule, Band, Rule);

type Levels = [[u64; 4]; 2];

/// A heap of visits seen under two models.
#[derive(Default)]
pub struct WhatIf {
    visits: BTreeMap<Kinds, u64>,
    centres: HashMap<FacilityId, [Standing<Seen>; 2]>,
    /// By checklist, for each of its indicators: levels before and after.
    levels: HashMap<ChecklistRef, Vec<(String, Levels)>>,
}

impl WhatIf {
    /// Sees a visit.
    pub fn see(&mut self, views: [View<'_>; 2], visit: &Revisited<'_>) {
        let judged = views.map(|view| view.applied.judge(visit.answered, visit.facts));
        let [before, after] = [&judged[0].ruling, &judged[1].ruling];
        let kinds = (before.band, before.rule, after.band, after.rule);
        *self.visits.entry(kinds).or_default() += 1;
        let standings = self.centres.entry(visit.facility).or_default();
        for ((view, judged), standing) in views.iter().zip(&judged).zip(standings) {
            let says = view.watched.says(view.applied, &judged.states, visit.answered, visit.facts);
            let seen = Visit {
                band_by_points: judged.ruling.by_points,
                coverage: judged.tally.coverage(),
                ..visit.visit
            };
            let what = Seen {
                overall: judged.tally.overall,
                rule_by_points: judged.ruling.rule_by_points,
            };
            let reference = &view.applied.instrument.reference;
            standing.see((&reference.code, &reference.version), &seen, &says, &what);
        }
        if let Some(compiled) = visit.indicators {
            self.see_levels(views[0].applied, compiled, visit, &judged);
        }
    }

    fn see_levels(
        &mut self,
        applied: &Applied<'_>,
        compiled: &Compiled,
        visit: &Revisited<'_>,
        judged: &[Judged; 2],
    ) {
        let reference = &applied.instrument.reference;
        if !self.levels.contains_key(reference) {
            let none = compiled.definitions().map(|one| (one.code.clone(), Levels::default()));
            self.levels.insert(reference.clone(), none.collect());
        }
        let Some(levels) = self.levels.get_mut(reference) else { return };
        let facts = compiled.facts().read(visit.facts);
        for (which, judged) in judged.iter().enumerate() {
            let inputs = Inputs {
                answered: visit.answered,
                states: &judged.states,
                facts: &facts,
                weights: judged.tally.total,
            };
            for ((_, counts), level) in levels.iter_mut().zip(compiled.levels(&inputs)) {
                counts[which][place(level)] += 1;
            }
        }
    }

    /// The office settled a finding of an item: visits that ended by `at` do not count against
    /// it. The centre's visits must be seen before.
    pub fn settle(&mut self, facility: FacilityId, (checklist, item): (&str, &str), at: Instant) {
        for standing in self.centres.get_mut(&facility).into_iter().flatten() {
            standing.settle(checklist, item, at);
        }
    }

    /// Adds another heap.
    pub fn join(&mut self, other: Self) {
        for (kinds, count) in other.visits {
            *self.visits.entry(kinds).or_default() += count;
        }
        for (facility, [before, after]) in other.centres {
            let own = self.centres.entry(facility).or_default();
            own[0].join(before);
            own[1].join(after);
        }
        for (reference, levels) in other.levels {
            match self.levels.get_mut(&reference) {
                None => {
                    self.levels.insert(reference, levels);
                }
                Some(own) => {
                    for ((_, own), (_, more)) in own.iter_mut().zip(&levels) {
                        own.iter_mut()
                            .flatten()
                            .zip(more.iter().flatten())
                            .for_each(|(o, m)| *o += m);
                    }
                }
            }
        }
    }

    /// What came out. `centres` are the active ones; `watched` are the critical items under
    /// each model, by checklist.
    #[must_use]
    pub fn told<'a>(
        &self,
        [published, proposed]: [&super::Model; 2],
        watched: [&BTreeMap<String, Watched>; 2],
        centres: impl IntoIterator<Item = &'a Facility>,
    ) -> Comparison {
        let mut stands: BTreeMap<Kinds, u64> = BTreeMap::new();
        let mut moved = Vec::new();
        for facility in centres {
            let Some([before, after]) = self.centres.get(&facility.id) else { continue };
            let card = |standing: &'_ Standing<Seen>, which: usize| -> Option<Stand> {
                let model = [published, proposed][which];
                let main = model.main_checklists.get(&facility.kind).map(String::as_str);
                Stand::of(&standing.card(main, watched[which]))
            };
            let Some((from, to)) = card(before, 0).zip(card(after, 1)) else { continue };
            *stands.entry((from.band, from.rule, to.band, to.rule)).or_default() += 1;
            if from.band != to.band {
                moved.push(moved_centre(facility, &from, to));
            }
        }
        moved.sort_by(|a, b| (&a.territory, &a.facility).cmp(&(&b.territory, &b.facility)));
        Comparison {
            published: ModelVersion::clone(&published.version),
            proposed: proposed.version.clone(),
            visits: distribution(&self.visits),
            centres: distribution(&stands),
            moved,
            indicators: self.shifts(),
        }
    }

    fn shifts(&self) -> Vec<IndicatorShift> {
        let mut all: BTreeMap<&str, Levels> = BTreeMap::new();
        for (code, levels) in self.levels.values().flatten() {
            let sum = all.entry(code).or_default();
            sum.iter_mut().flatten().zip(levels.iter().flatten()).for_each(|(s, l)| *s += l);
        }
        let mut shifts = Vec::new();
        for (code, [before, after]) in all.into_iter().filter(|(_, [b, a])| b != a) {
            for (level, (before, after)) in LEVELS.into_iter().zip(before.into_iter().zip(after)) {
                shifts.push(IndicatorShift { code: code.to_owned(), level, before, after });
            }
        }
        shifts
    }
}

const LEVELS: [Option<IndicatorLevel>; 4] =
    [Some(IndicatorLevel::Good), Some(IndicatorLevel::Fair), Some(IndicatorLevel::Poor), None];

fn place(level: Option<IndicatorLevel>) -> usize {
    LEVELS.iter().position(|known| *known == level).unwrap_or(LEVELS.len() - 1)
}

/// How a centre stands under a model.
struct Stand {
    band: Band,
    rule: Rule,
    overall: Option<f64>,
    critical: Vec<String>,
    inspection: crate::domain::InspectionId,
}

impl Stand {
    fn of(card: &Card<'_, Seen>) -> Option<Self> {
        let main = card.main()?;
        let critical: Vec<_> = card.critical_now.iter().map(|now| now.item.to_owned()).collect();
        Some(Self {
            band: card.band,
            rule: if critical.is_empty() { main.what.rule_by_points } else { Rule::KnockOut },
            overall: main.what.overall,
            critical,
            inspection: main.visit.id,
        })
    }
}

fn moved_centre(facility: &Facility, from: &Stand, to: Stand) -> MovedCentre {
    MovedCentre {
        facility_id: facility.id.to_string(),
        facility: facility.code.to_string(),
        territory: facility.territory.code().to_owned(),
        from: from.band,
        rule_before: from.rule,
        to: to.band,
        rule_after: to.rule,
        overall_before: from.overall,
        overall_after: to.overall,
        critical_after: to.critical,
        inspection_id: to.inspection.to_string(),
    }
}

fn distribution(counts: &BTreeMap<Kinds, u64>) -> Distribution {
    let sum = |which: &dyn Fn(&Kinds) -> bool| -> u64 {
        counts.iter().filter(|(kinds, _)| which(kinds)).map(|(_, count)| count).sum()
    };
    let bands = Band::ALL.into_iter().map(|band| BandCount {
        band,
        before: sum(&|kinds| kinds.0 == band),
        after: sum(&|kinds| kinds.2 == band),
    });
    let moves = counts.iter().filter(|((from, _, to, _), _)| from != to);
    Distribution {
        total: sum(&|_| true),
        changed: sum(&|kinds| kinds.0 != kinds.2),
        bands: bands.filter(|count| count.before + count.after > 0).collect(),
        moves: moves
            .map(|((from, rule_before, to, rule_after), count)| Move {
                from: *from,
                rule_before: *rule_before,
                to: *to,
                rule_after: *rule_after,
                count: *count,
            })
            .collect(),
    }
}
