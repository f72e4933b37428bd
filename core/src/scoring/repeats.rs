//! Items that fail again: what was found wrong, and is wrong still at the next visit that
//! looked (indicator IND-NCO-03).

use std::collections::HashMap;

use super::applied::Applied;
use super::points::State;

/// What the last visits found of each item. Visits are seen from the earliest.
#[derive(Debug, Clone, Default)]
pub struct Repeats {
    /// By item code: whether it failed at the visit before the last, and at the last.
    failed: HashMap<String, [bool; 2]>,
}

impl Repeats {
    /// Sees a visit; items that it did not observe are as they were.
    pub fn see(&mut self, applied: &Applied<'_>, states: &[State]) {
        for (item, state) in applied.instrument.items.iter().zip(states) {
            let State::Observed(value) = state else { continue };
            let now = *value <= 0.0;
            match self.failed.get_mut(&item.code) {
                Some(known) => *known = [known[1], now],
                None => {
                    self.failed.insert(item.code.clone(), [false, now]);
                }
            }
        }
    }

    /// How many items failed in the last two visits that looked at them.
    #[must_use]
    pub fn count(&self) -> usize {
        self.failed.values().filter(|failed| **failed == [true, true]).count()
    }
}
