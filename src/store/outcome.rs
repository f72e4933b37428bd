//! What statements of several aggregates answer, and how a row that cannot be read is told.

use std::error::Error as StdError;

use diesel::result::Error as Diesel;

/// Some of a list, and whether there is more behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What was asked for, in order.
    pub items: Vec<T>,
    /// Whether the list goes on after the last of `items`.
    pub more: bool,
}

impl<T> Page<T> {
    /// From the rows of a query that asked for one more than `limit`: it only tells that
    /// there is more.
    pub(super) fn of(mut items: Vec<T>, limit: usize) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        Self { items, more }
    }
}

/// How many rows to ask for, to have `limit` and to know whether there are more.
pub(super) fn one_more(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// What became of a new row whose name must not be in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Insert {
    /// It is there.
    Done,
    /// The name is in use; nothing changed.
    Taken,
}

impl Insert {
    pub(super) fn of(rows: usize) -> Self {
        if rows == 0 { Self::Taken } else { Self::Done }
    }
}

/// What became of a change that was made to a certain revision of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Update {
    /// It is there, as this revision.
    Done {
        /// The revision that the row has now.
        revision: i64,
    },
    /// Somebody changed the row since that revision, or it is not there; nothing changed.
    Stale,
}

impl Update {
    pub(super) fn of(rows: usize, revision: i64) -> Self {
        if rows == 0 { Self::Stale } else { Self::Done { revision } }
    }
}

/// A value in a row that the program cannot have written.
pub(super) fn unreadable(error: impl StdError + Send + Sync + 'static) -> Diesel {
    Diesel::DeserializationError(Box::new(error))
}
