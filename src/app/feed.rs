//! What changed since a process last looked. Every write that changes what can be said of a
//! centre leaves a row that says so, in the transaction of the write; whoever remembers
//! something of a centre reads those rows before it shows it, so that what was acknowledged is
//! in the next answer of every process.

use std::collections::HashSet;

use uuid::Uuid;
use vigila_core::domain::Instant;

use crate::store::changes::Change;

/// Changes are read again for this long after they were noted: a transaction may commit a
/// while after it took its time, and clocks of several machines differ.
const AGAIN_SECONDS: i64 = 300;

/// A process that did not look for this long forgets everything: older changes are swept.
const FORGET_DAYS: f64 = 0.5;

/// How far one memory has read the changes.
#[derive(Debug, Default)]
pub struct Feed {
    looked_at: Option<Instant>,
    /// The changes of the last minutes that were heeded.
    heeded: HashSet<Uuid>,
}

impl Feed {
    /// Of a memory that holds the changes noted before `at`.
    pub fn since(at: Instant) -> Self {
        Self { looked_at: Some(at), heeded: HashSet::new() }
    }

    /// Up to when the memory holds the changes, late ones aside; none before the first look.
    pub fn looked_at(&self) -> Option<Instant> {
        self.looked_at
    }

    /// Whether so long ago that changes may be gone unread.
    pub fn is_too_old(&self, now: Instant) -> bool {
        self.looked_at.is_some_and(|at| now.days_since(at).abs() > FORGET_DAYS)
    }

    /// From when on changes must be read.
    pub fn from(&self, now: Instant) -> Instant {
        self.looked_at.unwrap_or(now).plus_seconds(-AGAIN_SECONDS)
    }

    /// Which of the changes read are new.
    pub fn heed(&mut self, read: &[Change], now: Instant) -> Vec<Change> {
        let fresh = read.iter().filter(|change| !self.heeded.contains(&change.id));
        let fresh = fresh.copied().collect();
        self.heeded = read.iter().map(|change| change.id).collect();
        self.looked_at = self.looked_at.max(Some(now));
        fresh
    }
}
