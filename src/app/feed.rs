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

#[cfg(test)]
mod tests {
    use vigila_core::domain::FacilityId;

    use super::*;

    fn at(second: i64) -> Instant {
        Instant::new(chrono::DateTime::UNIX_EPOCH).plus_seconds(1_770_000_000 + second)
    }

    fn change() -> Change {
        let territory = "BT".parse().unwrap();
        Change { id: Uuid::now_v7(), facility: FacilityId(Uuid::now_v7()), territory }
    }

    #[test]
    fn a_change_is_heeded_once_however_often_it_is_read() {
        let (mut feed, [one, two, late]) = (Feed::default(), [change(), change(), change()]);
        assert_eq!(feed.from(at(0)), at(-300), "nothing was shown before");
        assert_eq!(feed.heed(&[one], at(0)), [one]);
        assert_eq!(feed.heed(&[one, two], at(10)), [two]);
        assert_eq!(feed.from(at(20)), at(-290), "what is committed late is read still");
        assert_eq!(feed.heed(&[late, one, two], at(5)), [late]);
        assert_eq!(feed.looked_at(), Some(at(10)), "clocks that go back take nothing back");
    }

    #[test]
    fn a_memory_from_before_heeds_all_that_may_be_missing() {
        let (mut feed, one) = (Feed::since(at(0)), change());
        assert_eq!(feed.from(at(5_000)), at(-300));
        assert_eq!(feed.heed(&[one], at(5_000)), [one]);
        let half_a_day = 43_200;
        assert!(!Feed::since(at(0)).is_too_old(at(half_a_day)));
        assert!(Feed::since(at(0)).is_too_old(at(half_a_day + 1)));
        assert!(!Feed::default().is_too_old(at(0)));
    }
}
