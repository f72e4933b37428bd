//! The office of the sample: looks at what each visit opened, and moves the findings in the
//! order of time, between the visits, as rules allow.

use std::collections::HashSet;

use futures_util::future::try_join_all;
use uuid::Uuid;
use vigila_core::domain::{FacilityRef, InspectionId, Instant};

use super::Failure;
use crate::app::findings::{FindingFilter, Moved, Wish, list_findings, move_finding};
use crate::app::{Actor, App, Error};
use crate::sample::{self, Held, Step};

/// Moves that are made at once: they share commits.
const AT_ONCE: usize = 16;
/// Far more than a centre has.
const MOST: usize = 10_000;

/// The office, with what it means to do.
pub(super) struct Office<'a> {
    app: &'a App,
    manager: &'a Actor,
    now: Instant,
    known: HashSet<Uuid>,
    proposed: HashSet<(Uuid, InspectionId)>,
    failed: HashSet<(Uuid, InspectionId)>,
    /// Which finding, and what is to be done about it.
    agenda: Vec<(Uuid, Step)>,
}

impl<'a> Office<'a> {
    /// An office that works until `now`.
    pub(super) fn new(app: &'a App, manager: &'a Actor, now: Instant) -> Self {
        Self {
            app,
            manager,
            now,
            known: HashSet::new(),
            proposed: HashSet::new(),
            failed: HashSet::new(),
            agenda: Vec::new(),
        }
    }

    /// Looks at the findings of a centre after a visit, and plans what to do about new ones.
    pub(super) async fn look(&mut self, centre: FacilityRef) -> Result<(), Failure> {
        let all = FindingFilter::default();
        let page = (None, MOST);
        let found = list_findings(self.app, self.manager, all, Some(centre), page).await?;
        for row in found.items.iter().filter(|row| row.finding.is_live()) {
            let entry = &row.finding.entry;
            let held = Held {
                visit: entry.basis.opened_by,
                item: &entry.item,
                severity: entry.basis.severity,
                opened_at: entry.basis.opened_at,
            };
            let failed = entry.basis.failed_by;
            if self.known.insert(entry.id) {
                let steps = sample::course(sample::SEED, &held, self.now);
                self.agenda.extend(steps.into_iter().map(|step| (entry.id, step)));
            } else if self.failed.insert((entry.id, failed.id)) && failed.id != held.visit {
                let step = sample::again(sample::SEED, &held, failed.id, failed.received_at);
                self.agenda.push((entry.id, step));
            }
            if let Some(passed) = entry.basis.passed_by
                && self.proposed.insert((entry.id, passed.id))
            {
                let step = sample::closing(sample::SEED, &held, passed.id, passed.received_at);
                self.agenda.push((entry.id, step));
            }
        }
        Ok(())
    }

    /// Does what is due before an instant, the earliest first.
    pub(super) async fn work_until(&mut self, end: Instant) -> Result<(), Failure> {
        let end = end.min(self.now);
        self.agenda.sort_by_key(|(_, step)| step.at);
        let later = self.agenda.partition_point(|(_, step)| step.at < end);
        let due: Vec<_> = self.agenda.drain(..later).collect();
        let mut rest = &due[..];
        while !rest.is_empty() {
            let (now, then) = rest.split_at(different(rest));
            try_join_all(now.iter().map(|(id, step)| self.take(*id, step))).await?;
            rest = then;
        }
        Ok(())
    }

    async fn take(&self, id: Uuid, step: &Step) -> Result<(), Failure> {
        let Step { at, to, note, due_on } = step.clone();
        let wish = Wish { to, note, due_on, photos: Vec::new() };
        match move_finding(self.app, self.manager, id, wish, at).await {
            Ok(Moved::Done(_) | Moved::AlreadyThere(_)) => Ok(()),
            // A visit, or a closing it proposed, came in between: the plan is overtaken.
            Err(Error::WrongState(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// How many of the first are of different findings, so that they may be made at once.
fn different(due: &[(Uuid, Step)]) -> usize {
    let mut seen = HashSet::new();
    due.iter().take(AT_ONCE).take_while(|(id, _)| seen.insert(*id)).count()
}
