//! The findings of one checklist at one centre, and what visits make of them.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::deadline::deadline;
use super::outcome::{Failure, Said};
use crate::documents::finding::Severity;
use crate::domain::{Day, InspectionId, Instant};

/// A visit among others: the order of these is that of the scorecard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Visit {
    /// When it ended.
    pub ended_at: Instant,
    /// When it was received.
    pub received_at: Instant,
    /// Its id.
    pub id: InspectionId,
}

/// A visit that counts, as findings see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The visit.
    pub visit: Visit,
    /// When the first of its family of corrections was received: a correction says what the
    /// visit should have said, and wins no time by it.
    pub first_received_at: Instant,
    /// The civil day of that.
    pub first_received_on: Day,
}

/// What visits say of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Basis {
    /// That of its gravest failure.
    pub severity: Severity,
    /// The visit that opened it: of those that failed the item, the first to be received.
    pub opened_by: InspectionId,
    /// When that visit was received.
    pub opened_at: Instant,
    /// The earliest of the failures' deadlines.
    pub due_on: Day,
    /// How many visits failed it: 1, and 1 more for each repeat.
    pub failures: u32,
    /// The latest visit that failed it.
    pub failed_by: Visit,
    /// The latest visit after that which found the item in order: the closing is proposed.
    pub passed_by: Option<Visit>,
}

/// A finding of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// The item's code.
    pub item: String,
    /// When the office verified, closed or voided it; none while it has not.
    pub settled_at: Option<Instant>,
    /// What visits say of it; of one that is withdrawn, what they said last.
    pub basis: Basis,
    /// No visit that counts fails the item in its stretch: what opened it was corrected.
    pub withdrawn: bool,
}

/// The findings of one checklist at one centre.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Those of each item, the earliest settled first; at most one is not settled.
    by_item: BTreeMap<String, Vec<Entry>>,
}

impl Ledger {
    /// A ledger of these findings.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut by_item: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in entries {
            by_item.entry(entry.item.clone()).or_default().push(entry);
        }
        for entries in by_item.values_mut() {
            entries.sort_by_key(|e| (e.settled_at.is_none(), e.settled_at, e.id));
        }
        Self { by_item }
    }

    /// The findings, by item and from the earliest.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.by_item.values().flatten()
    }

    /// Sees a visit: opens findings, counts repeats, proposes closings. True where it opened
    /// one: later visits, if there are any, may have found that item in order, and only
    /// [`Ledger::rebuild`] knows them.
    pub fn see<'s>(
        &mut self,
        seen: &Seen,
        said: impl IntoIterator<Item = (&'s str, Said)>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> bool {
        let mut opened = false;
        for (item, said) in said {
            match said {
                Said::Nothing => {}
                Said::InOrder => self.pass(item, seen.visit),
                Said::Failed(failure) => opened |= self.fail(item, seen, failure, new_id),
            }
        }
        opened
    }

    /// Sees all visits that count anew, given from the earliest. What no visit bears any more
    /// is withdrawn, unless the office settled it: then it stays as it was.
    pub fn rebuild<'s, S: IntoIterator<Item = (&'s str, Said)>>(
        &mut self,
        visits: impl IntoIterator<Item = (Seen, S)>,
        new_id: &mut dyn FnMut() -> Uuid,
    ) {
        self.by_item.values_mut().flatten().for_each(|entry| entry.withdrawn = true);
        for (seen, said) in visits {
            self.see(&seen, said, new_id);
        }
        let all = self.by_item.values_mut().flatten();
        all.filter(|entry| entry.settled_at.is_some()).for_each(|entry| entry.withdrawn = false);
    }

    fn pass(&mut self, item: &str, visit: Visit) {
        let Some(entries) = self.by_item.get_mut(item) else { return };
        let open = entries.iter_mut().find(|e| e.settled_at.is_none() && !e.withdrawn);
        let Some(Entry { basis, .. }) = open else { return };
        if visit > basis.failed_by {
            basis.passed_by = basis.passed_by.max(Some(visit));
        }
    }

    fn fail(
        &mut self,
        item: &str,
        seen: &Seen,
        failure: Failure,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> bool {
        let first = Basis::of(seen, failure);
        let entries = self.by_item.entry(item.to_owned()).or_default();
        let ended = seen.visit.ended_at;
        let in_stretch = |entry: &&mut Entry| entry.settled_at.is_none_or(|at| ended <= at);
        match entries.iter_mut().find(in_stretch) {
            Some(entry) if entry.withdrawn => {
                entry.withdrawn = false;
                entry.basis = first;
                true
            }
            Some(entry) => {
                entry.basis.add(&first);
                false
            }
            None => {
                entries.push(Entry {
                    id: new_id(),
                    item: item.to_owned(),
                    settled_at: None,
                    basis: first,
                    withdrawn: false,
                });
                true
            }
        }
    }
}

impl Basis {
    fn of(seen: &Seen, failure: Failure) -> Self {
        Self {
            severity: failure.severity,
            opened_by: seen.visit.id,
            opened_at: seen.first_received_at,
            due_on: deadline(seen.first_received_on, failure.days),
            failures: 1,
            failed_by: seen.visit,
            passed_by: None,
        }
    }

    fn add(&mut self, other: &Self) {
        if (other.opened_at, other.opened_by) < (self.opened_at, self.opened_by) {
            self.opened_at = other.opened_at;
            self.opened_by = other.opened_by;
        }
        self.severity = self.severity.max(other.severity);
        self.due_on = self.due_on.min(other.due_on);
        self.failures += other.failures;
        self.failed_by = self.failed_by.max(other.failed_by);
        self.passed_by = self.passed_by.filter(|passed| *passed > self.failed_by);
    }
}
