//! The live findings of centres, in the few columns that are counted: each write of findings
//! notes a change of its centre, so that whoever remembers these knows when to read them again.

use diesel::prelude::*;
use vigila_core::documents::finding::Severity;
use vigila_core::domain::{Day, FacilityId, Instant};

use super::Conn;
use crate::store::outcome::unreadable;
use crate::store::schema::findings;
use crate::store::types::{Date, Id, Time};

/// A finding that is neither settled nor withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveFinding {
    /// How grave it is.
    pub severity: Severity,
    /// When the visit that opened it was received.
    pub opened_at: Instant,
    /// Until when it is to be mended.
    pub due_on: Day,
    /// Whether a later visit found it mended, which proposes to close it.
    pub closing_proposed: bool,
}

impl LiveFinding {
    /// Whether it should have been mended before `today`, and no visit found that it was.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        !self.closing_proposed && self.due_on < today
    }
}

type Row = (Id, String, Time, Date, Option<Id>);

/// The live findings of these centres, the oldest first. A few hundred centres at most: each is
/// a bound value.
///
/// # Errors
/// Those of the database.
pub fn live_of(
    conn: &mut Conn,
    centres: &[FacilityId],
) -> QueryResult<Vec<(FacilityId, LiveFinding)>> {
    let ids: Vec<Id> = centres.iter().map(|id| Id(id.0)).collect();
    let rows: Vec<Row> = findings::table
        .filter(findings::facility_id.eq_any(ids))
        .filter(findings::settled_at.is_null())
        .filter(findings::withdrawn.eq(false))
        .order((findings::opened_at, findings::id))
        .select((
            findings::facility_id,
            findings::severity,
            findings::opened_at,
            findings::due_on,
            findings::passed_by,
        ))
        .load(conn)?;
    let read = rows.into_iter().map(|(facility, severity, opened_at, due_on, passed_by)| {
        let finding = LiveFinding {
            severity: severity.parse().map_err(unreadable)?,
            opened_at: opened_at.into(),
            due_on: due_on.0,
            closing_proposed: passed_by.is_some(),
        };
        Ok((FacilityId(facility.0), finding))
    });
    read.collect()
}
