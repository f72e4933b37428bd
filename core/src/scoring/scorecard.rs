//! The scorecard of a centre from its visits (contract, section 3, step 11). Visits are seen
//! one by one, in any order; those that were corrected are left out by whoever shows them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::applied::Applied;
use super::points::{Item, State};
use crate::checklist::{Answered, Verdict};
use crate::documents::score::Band;
use crate::documents::semver;
use crate::domain::{Facts, InspectionId, Instant};

/// A visit as far as the scorecard asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Its id.
    pub id: InspectionId,
    /// When it ended.
    pub ended_at: Instant,
    /// When it was received.
    pub received_at: Instant,
    /// Its band without knock-outs.
    pub band_by_points: Band,
    /// Its coverage.
    pub coverage: Option<f64>,
}

impl Visit {
    /// Whether it can bear a scorecard.
    #[must_use]
    pub fn is_sufficient(&self) -> bool {
        self.band_by_points != Band::NotEnoughData
    }

    fn recency(&self) -> (Instant, Instant, InspectionId) {
        (self.ended_at, self.received_at, self.id)
    }

    /// Which of two visits with one checklist is its base: the latest sufficient one; without
    /// any, the one of highest coverage, then the latest.
    fn outranks(&self, other: &Self) -> bool {
        let sufficient = self.is_sufficient().cmp(&other.is_sufficient());
        let order = sufficient.then_with(|| {
            let seen = |visit: &Self| visit.coverage.unwrap_or(0.0);
            let fuller = if self.is_sufficient() {
                Ordering::Equal
            } else {
                seen(self).total_cmp(&seen(other))
            };
            fuller.then_with(|| self.recency().cmp(&other.recency()))
        });
        order == Ordering::Greater
    }
}

/// What one visit says of one critical item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spoken {
    /// Nothing: it did not look.
    Nothing,
    /// It is not due there, or was found in order.
    InOrder,
    /// It failed.
    Failed,
}

impl Spoken {
    /// What a visit says of an item in this state: it speaks when the item is not due by its
    /// condition, or was answered otherwise than `not_observed`. Not looking never clears a
    /// centre.
    pub(crate) fn of(state: State, item: &Item, verdict: Option<&Verdict>, facts: &Facts) -> Self {
        match state {
            State::Observed(value) if value <= 0.0 => Self::Failed,
            State::Observed(_) => Self::InOrder,
            State::NotObserved => Self::Nothing,
            State::NotDue => {
                let silent = matches!(verdict, None | Some(Verdict::NotObserved));
                let applies = item.condition.as_ref().is_none_or(|c| c.holds(facts));
                if silent && applies { Self::Nothing } else { Self::InOrder }
            }
        }
    }
}

/// The critical items of one checklist, over all versions of it that were used.
#[derive(Debug, Clone)]
pub struct Watched {
    items: Vec<String>,
    versions: Vec<Version>,
}

#[derive(Debug, Clone)]
struct Version {
    name: String,
    /// For each watched item, its index in this version.
    places: Vec<Option<usize>>,
    /// For each watched item, whether this version calls it critical.
    critical: Vec<bool>,
}

impl Watched {
    /// Over these versions of one checklist, laid under one model.
    #[must_use]
    pub fn new<'a>(versions: impl IntoIterator<Item = &'a Applied<'a>> + Clone) -> Self {
        let mut items: Vec<String> = Vec::new();
        for applied in versions.clone() {
            let critical = applied.instrument.items.iter().filter(|i| applied.model.knocks_out(i));
            for item in critical {
                if !items.contains(&item.code) {
                    items.push(item.code.clone());
                }
            }
        }
        let version = |applied: &Applied<'_>| {
            let instrument = applied.instrument;
            let places: Vec<_> = items.iter().map(|code| instrument.index_of(code)).collect();
            let critical = places.iter().map(|place| {
                place.is_some_and(|index| applied.model.knocks_out(&instrument.items[index]))
            });
            Version {
                name: instrument.reference.version.clone(),
                critical: critical.collect(),
                places,
            }
        };
        Self { versions: versions.into_iter().map(version).collect(), items }
    }

    /// Their codes.
    #[must_use]
    pub fn items(&self) -> &[String] {
        &self.items
    }

    /// What a visit with one of the versions says of the watched items.
    #[must_use]
    pub fn says(
        &self,
        applied: &Applied<'_>,
        states: &[State],
        answered: &Answered,
        facts: &Facts,
    ) -> Vec<Spoken> {
        let name = &applied.instrument.reference.version;
        let version = self.versions.iter().find(|version| version.name == *name);
        let places = version.map_or(&[][..], |version| &version.places);
        let spoken = places.iter().map(|place| {
            let Some(index) = *place else { return Spoken::Nothing };
            let item = &applied.instrument.items[index];
            let verdict = answered.get(index).and_then(Option::as_ref);
            Spoken::of(states[index], item, verdict, facts)
        });
        spoken.collect()
    }
}

/// What the visits seen so far make of a centre. `V` is what the caller remembers of a visit.
#[derive(Debug, Clone)]
pub struct Standing<V> {
    checklists: BTreeMap<String, OfChecklist<V>>,
}

impl<V> Default for Standing<V> {
    fn default() -> Self {
        Self { checklists: BTreeMap::new() }
    }
}

#[derive(Debug, Clone)]
struct OfChecklist<V> {
    base: (Visit, V),
    /// The newest version used at the centre.
    newest: String,
    /// For each watched item, the latest visit that spoke of it, and whether it failed there.
    said: Vec<Option<(Visit, bool, V)>>,
    /// Items of which the office settled a finding, and until which end of a visit that holds.
    settled: BTreeMap<String, Instant>,
}

/// A checklist's part of a scorecard.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a, V> {
    /// The checklist's code.
    pub checklist: &'a str,
    /// The visit it stands on.
    pub visit: &'a Visit,
    /// What the caller remembers of it.
    pub what: &'a V,
}

/// The picture of a centre.
#[derive(Debug, Clone)]
pub struct Card<'a, V> {
    /// The band.
    pub band: Band,
    /// The base of each checklist, by code.
    pub bases: Vec<Base<'a, V>>,
    /// Which of the bases speaks for the centre.
    pub main: Option<usize>,
    /// The critical items that are failed now, by checklist and in its order.
    pub critical_now: Vec<CriticalNow<'a, V>>,
}

impl<'a, V> Card<'a, V> {
    /// The base that speaks for the centre.
    #[must_use]
    pub fn main(&self) -> Option<&Base<'a, V>> {
        self.main.map(|main| &self.bases[main])
    }
}

/// A critical item that is failed now.
#[derive(Debug, Clone, Copy)]
pub struct CriticalNow<'a, V> {
    /// The item.
    pub item: &'a str,
    /// The visit that says so.
    pub visit: &'a Visit,
    /// What the caller remembers of it.
    pub what: &'a V,
}

impl<V: Clone> Standing<V> {
    /// Takes a visit in: `version` of `checklist` was used, and `says` is what it says of the
    /// items watched there.
    pub fn see(
        &mut self,
        (checklist, version): (&str, &str),
        visit: &Visit,
        says: &[Spoken],
        what: &V,
    ) {
        if !self.checklists.contains_key(checklist) {
            let first = OfChecklist {
                base: (*visit, what.clone()),
                newest: version.to_owned(),
                said: vec![None; says.len()],
                settled: BTreeMap::new(),
            };
            self.checklists.insert(checklist.to_owned(), first);
        }
        let Some(known) = self.checklists.get_mut(checklist) else { return };
        if visit.outranks(&known.base.0) {
            known.base = (*visit, what.clone());
        }
        known.used(version);
        for (latest, spoken) in known.said.iter_mut().zip(says) {
            if *spoken != Spoken::Nothing && is_newer(visit, latest.as_ref()) {
                *latest = Some((*visit, *spoken == Spoken::Failed, what.clone()));
            }
        }
    }

    /// The office verified or voided a finding of an item: what visits that ended by `at` said
    /// of it does not make the centre critical any more. Visits must be seen before.
    pub fn settle(&mut self, checklist: &str, item: &str, at: Instant) {
        let Some(known) = self.checklists.get_mut(checklist) else { return };
        let until = known.settled.entry(item.to_owned()).or_insert(at);
        *until = at.max(*until);
    }

    /// Takes in what another heap of the same centre's visits came to, the same items watched.
    pub fn join(&mut self, other: Self) {
        for (checklist, more) in other.checklists {
            let Some(known) = self.checklists.get_mut(&checklist) else {
                self.checklists.insert(checklist, more);
                continue;
            };
            if more.base.0.outranks(&known.base.0) {
                known.base = more.base;
            }
            known.used(&more.newest);
            for (item, at) in more.settled {
                let until = known.settled.entry(item).or_insert(at);
                *until = at.max(*until);
            }
            for (latest, said) in known.said.iter_mut().zip(more.said) {
                if said.as_ref().is_some_and(|(visit, ..)| is_newer(visit, latest.as_ref())) {
                    *latest = said;
                }
            }
        }
    }

    /// The picture. `watched` are the checklists' critical items, by code.
    #[must_use]
    pub fn card<'a>(
        &'a self,
        main_of_kind: Option<&str>,
        watched: &'a BTreeMap<String, Watched>,
    ) -> Card<'a, V> {
        let each = self.checklists.iter();
        let bases: Vec<_> = each
            .map(|(code, of)| Base { checklist: code, visit: &of.base.0, what: &of.base.1 })
            .collect();
        let critical_now: Vec<_> =
            self.checklists.iter().flat_map(|(code, of)| of.failed(watched.get(code))).collect();
        let main = main_base(&bases, main_of_kind);
        let band = match main.map(|main| bases[main].visit) {
            _ if !critical_now.is_empty() => Band::Critical,
            Some(base) => base.band_by_points,
            None => Band::NeverInspected,
        };
        Card { band, bases, main, critical_now }
    }
}

fn is_newer<V>(visit: &Visit, than: Option<&(Visit, bool, V)>) -> bool {
    than.is_none_or(|(by, ..)| visit.recency() > by.recency())
}

impl<V> OfChecklist<V> {
    fn used(&mut self, version: &str) {
        if self.newest != version && semver(version) > semver(&self.newest) {
            version.clone_into(&mut self.newest);
        }
    }

    fn is_settled(&self, item: &str, visit: &Visit) -> bool {
        self.settled.get(item).is_some_and(|until| visit.ended_at <= *until)
    }

    /// The critical items of the newest version used here that are failed now.
    fn failed<'a>(&'a self, watched: Option<&'a Watched>) -> Vec<CriticalNow<'a, V>> {
        let Some(watched) = watched else { return Vec::new() };
        let Some(newest) = watched.versions.iter().find(|v| v.name == self.newest) else {
            return Vec::new();
        };
        let each = watched.items.iter().zip(&newest.critical).zip(&self.said).zip(&newest.places);
        let failed = each.filter_map(|(((item, critical), said), place)| match said {
            Some((visit, true, what)) if *critical && !self.is_settled(item, visit) => {
                Some((place, CriticalNow { item, visit, what }))
            }
            _ => None,
        });
        let mut failed: Vec<_> = failed.collect();
        failed.sort_by_key(|(place, _)| **place);
        failed.into_iter().map(|(_, now)| now).collect()
    }
}

/// The base that speaks for the centre: the main checklist's of its kind when it is
/// sufficient; else the latest sufficient one; if none is, the main one if it was used, else
/// the latest.
fn main_base<V>(bases: &[Base<'_, V>], main_of_kind: Option<&str>) -> Option<usize> {
    let main = bases.iter().position(|base| Some(base.checklist) == main_of_kind);
    let latest = |sufficient_only: bool| {
        let used = bases.iter().enumerate();
        let used = used.filter(|(_, base)| !sufficient_only || base.visit.is_sufficient());
        used.max_by_key(|(_, base)| base.visit.recency()).map(|(index, _)| index)
    };
    main.filter(|index| bases[*index].visit.is_sufficient())
        .or_else(|| latest(true))
        .or(main)
        .or_else(|| latest(false))
}
