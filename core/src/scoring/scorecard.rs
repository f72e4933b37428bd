//! The scorecard of a centre from its visits (contract, section 3, step 11). The visits given
//! are those that count: corrected ones have left.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::model::Model;
use super::points::{Item, State, item_state};
use crate::checklist::Verdict;
use crate::documents::score::Band;
use crate::domain::{Facts, InspectionId, Instant};

/// A visit as far as the scorecard asks.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Its id.
    pub id: InspectionId,
    /// The checklist's code.
    pub checklist: String,
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
}

/// The visit that a checklist's part of the scorecard stands on.
#[derive(Debug, Clone, Copy)]
pub struct Base<'a> {
    /// The visit.
    pub visit: &'a Visit,
}

/// The base among the visits with one checklist: the latest sufficient one; without any, the
/// one of highest coverage, then the latest.
#[must_use]
pub fn choose_base<'a>(visits: impl IntoIterator<Item = &'a Visit>) -> Option<Base<'a>> {
    let by_rank = |a: &&Visit, b: &&Visit| -> Ordering {
        let sufficient = a.is_sufficient().cmp(&b.is_sufficient());
        sufficient.then_with(|| {
            let seen = |visit: &Visit| visit.coverage.unwrap_or(0.0);
            let fuller =
                if a.is_sufficient() { Ordering::Equal } else { seen(a).total_cmp(&seen(b)) };
            fuller.then_with(|| a.recency().cmp(&b.recency()))
        })
    };
    visits.into_iter().max_by(by_rank).map(|visit| Base { visit })
}

/// The checklist that speaks for the centre: the main one of its kind when its base is
/// sufficient; else the one with the latest sufficient base; if none has, the main one if it
/// was used, else the latest used.
#[must_use]
pub fn main_checklist<'a>(
    bases: &'a BTreeMap<String, Base<'a>>,
    main_of_kind: Option<&str>,
) -> Option<&'a str> {
    let main = main_of_kind.and_then(|code| bases.get_key_value(code));
    if let Some((code, base)) = main
        && base.visit.is_sufficient()
    {
        return Some(code);
    }
    let latest = |sufficient_only: bool| {
        let used = bases.iter().filter(|(_, base)| !sufficient_only || base.visit.is_sufficient());
        used.max_by_key(|(_, base)| base.visit.recency()).map(|(code, _)| code.as_str())
    };
    latest(true).or(main.map(|(code, _)| code.as_str())).or_else(|| latest(false))
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
    /// What a visit says of an item: it speaks when the item is not due by its condition, or
    /// was answered otherwise than `not_observed`. Not looking never clears a centre.
    #[must_use]
    pub fn of(model: &Model, item: &Item, verdict: Option<&Verdict>, facts: &Facts) -> Self {
        if item.condition.as_ref().is_some_and(|condition| !condition.holds(facts)) {
            return Self::InOrder;
        }
        match verdict {
            None | Some(Verdict::NotObserved) => Self::Nothing,
            Some(verdict) => match item_state(model, item, Some(verdict), facts) {
                State::Observed(value) if value <= 0.0 => Self::Failed,
                _ => Self::InOrder,
            },
        }
    }
}

/// A critical item that is failed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriticalNow {
    /// The item.
    pub item: String,
    /// The visit that says so.
    pub inspection: InspectionId,
}

/// The critical items of a checklist that are failed now: for each, the latest visit that
/// speaks of it counts. `says` tells what a visit says of an item.
#[must_use]
pub fn critical_now(
    visits: &[&Visit],
    critical_items: &[String],
    says: impl Fn(&Visit, &str) -> Spoken,
) -> Vec<CriticalNow> {
    let mut latest_first: Vec<&Visit> = visits.to_vec();
    latest_first.sort_by_key(|visit| std::cmp::Reverse(visit.recency()));
    let failed = |item: &String| {
        let mut spoken = latest_first.iter().map(|visit| (*visit, says(visit, item)));
        let (visit, said) = spoken.find(|(_, said)| *said != Spoken::Nothing)?;
        (said == Spoken::Failed).then(|| CriticalNow { item: item.clone(), inspection: visit.id })
    };
    critical_items.iter().filter_map(failed).collect()
}
