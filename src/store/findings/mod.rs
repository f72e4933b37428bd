//! The findings: what visits hold against centres, and each move that the office made. Whoever
//! works out what visits make of them reads the ledger of a centre, and writes what came out
//! only where nobody wrote meanwhile. Knows no rule of findings.

mod list;
mod live;
mod moves;
mod settling;

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::documents::finding::{FindingState, Severity};
use vigila_core::domain::{Day, FacilityId, InspectionId, Instant, Scope, Territory};
use vigila_core::findings::{Basis, Entry, Visit};

use super::Conn;
use super::inspections::codes;
use super::outcome::unreadable;
use super::schema::findings;
use super::types::{Date, Id, Time};

pub use list::{FacilityName, FindingFilter, FindingRow, count, find, list};
pub use live::{LiveFinding, live_of};
pub use moves::{FindingMove, MovedPhoto, Moving, move_finding, moves, unlisted};
pub use settling::{Change, Owed, SeenVisit, indebted, of_facilities, owed_by, pay, visits_of};

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFinding {
    /// Its id, item, stretch, and what visits say of it.
    pub entry: Entry,
    /// The centre.
    pub facility: FacilityId,
    /// The centre's territory.
    pub territory: Territory,
    /// The code of the checklist that the item belongs to.
    pub checklist_code: String,
    /// Where the office's dealing with it stands; void while it is withdrawn.
    pub state: FindingState,
    /// The deadline that the office gave; it takes the place of the checklist's.
    pub ordered_due_on: Option<Day>,
    /// How often it changed.
    pub revision: i64,
}

impl StoredFinding {
    /// A new one, as a visit opened it.
    #[must_use]
    pub fn opened(
        entry: Entry,
        (facility, territory): (FacilityId, Territory),
        checklist_code: &str,
    ) -> Self {
        Self {
            entry,
            facility,
            territory,
            checklist_code: checklist_code.to_owned(),
            state: FindingState::Open,
            ordered_due_on: None,
            revision: 1,
        }
    }

    /// Until when it is to be mended.
    #[must_use]
    pub fn due_on(&self) -> Day {
        self.ordered_due_on.unwrap_or(self.entry.basis.due_on)
    }

    /// Whether it lives: neither settled nor withdrawn.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.entry.settled_at.is_none() && !self.entry.withdrawn
    }

    /// Whether it should have been mended before `today`, and no visit found that it was.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        self.is_live() && self.entry.basis.passed_by.is_none() && self.due_on() < today
    }
}

/// `due_on` holds what counts, so that lists are ordered by it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = findings, treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: Id,
    facility_id: Id,
    territory: String,
    checklist_code: String,
    item: String,
    severity: String,
    state: String,
    opened_by: Id,
    opened_at: Time,
    due_on: Date,
    ordered_due_on: Option<Date>,
    failures: i32,
    failed_by: Id,
    failed_at: Time,
    failed_received_at: Time,
    passed_by: Option<Id>,
    passed_at: Option<Time>,
    passed_received_at: Option<Time>,
    settled_at: Option<Time>,
    withdrawn: bool,
    revision: i64,
}

impl Row {
    fn of(finding: &StoredFinding) -> Self {
        let Entry { id, item, settled_at, basis, withdrawn } = &finding.entry;
        Self {
            id: Id(*id),
            facility_id: Id(finding.facility.0),
            territory: finding.territory.code().to_owned(),
            checklist_code: finding.checklist_code.clone(),
            item: item.clone(),
            severity: basis.severity.as_str().to_owned(),
            state: finding.state.as_str().to_owned(),
            opened_by: Id(basis.opened_by.0),
            opened_at: basis.opened_at.into(),
            due_on: Date(finding.due_on()),
            ordered_due_on: finding.ordered_due_on.map(Date),
            failures: i32::try_from(basis.failures).unwrap_or(i32::MAX),
            failed_by: Id(basis.failed_by.id.0),
            failed_at: basis.failed_by.ended_at.into(),
            failed_received_at: basis.failed_by.received_at.into(),
            passed_by: basis.passed_by.map(|visit| Id(visit.id.0)),
            passed_at: basis.passed_by.map(|visit| visit.ended_at.into()),
            passed_received_at: basis.passed_by.map(|visit| visit.received_at.into()),
            settled_at: settled_at.map(Time::from),
            withdrawn: *withdrawn,
            revision: finding.revision,
        }
    }

    fn read(self) -> QueryResult<StoredFinding> {
        let severity: Severity = self.severity.parse().map_err(unreadable)?;
        let state: FindingState = self.state.parse().map_err(unreadable)?;
        let passed = self.passed_by.zip(self.passed_at).zip(self.passed_received_at);
        let basis = Basis {
            severity,
            opened_by: InspectionId(self.opened_by.0),
            opened_at: self.opened_at.into(),
            due_on: self.due_on.0,
            failures: u32::try_from(self.failures).unwrap_or_default(),
            failed_by: visit(self.failed_by, self.failed_at, self.failed_received_at),
            passed_by: passed.map(|((id, ended), received)| visit(id, ended, received)),
        };
        Ok(StoredFinding {
            entry: Entry {
                id: self.id.0,
                item: self.item,
                settled_at: self.settled_at.map(Instant::from),
                basis,
                withdrawn: self.withdrawn,
            },
            facility: FacilityId(self.facility_id.0),
            territory: self.territory.parse().map_err(unreadable)?,
            checklist_code: self.checklist_code,
            state,
            ordered_due_on: self.ordered_due_on.map(|date| date.0),
            revision: self.revision,
        })
    }
}

fn visit(id: Id, ended_at: Time, received_at: Time) -> Visit {
    Visit { ended_at: ended_at.into(), received_at: received_at.into(), id: InspectionId(id.0) }
}

type SettledRow = (Id, String, String, Option<Time>);

macro_rules! settled_columns {
    () => {
        (findings::facility_id, findings::checklist_code, findings::item, findings::settled_at)
    };
}

/// The items of these centres that count as mended because the office settled a finding of
/// them. A few hundred centres at most: each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn settled_items(conn: &mut Conn, centres: &[FacilityId]) -> QueryResult<Vec<SettledItem>> {
    let ids: Vec<Id> = centres.iter().map(|id| Id(id.0)).collect();
    let rows: Vec<SettledRow> = findings::table
        .filter(findings::facility_id.eq_any(ids))
        .filter(findings::settled_at.is_not_null())
        .select(settled_columns!())
        .load(conn)?;
    Ok(rows.into_iter().filter_map(SettledItem::read).collect())
}

/// An item of which the office settled a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledItem {
    /// The centre.
    pub facility: FacilityId,
    /// The checklist's code.
    pub checklist: String,
    /// The item.
    pub item: String,
    /// Visits that ended by then do not count against it.
    pub at: Instant,
}

impl SettledItem {
    fn read((facility, checklist, item, at): SettledRow) -> Option<Self> {
        Some(Self { facility: FacilityId(facility.0), checklist, item, at: at?.into() })
    }
}

/// The same of every centre within a scope.
///
/// # Errors
/// Those of the database.
pub fn settled_within(conn: &mut Conn, scope: &Scope) -> QueryResult<Vec<SettledItem>> {
    let asked = findings::table.filter(findings::settled_at.is_not_null()).into_boxed();
    let asked = match codes(scope) {
        None => asked,
        Some(codes) => asked.filter(findings::territory.eq_any(codes)),
    };
    let rows: Vec<SettledRow> = asked.select(settled_columns!()).load(conn)?;
    Ok(rows.into_iter().filter_map(SettledItem::read).collect())
}

fn new_move_id() -> Id {
    Id(Uuid::now_v7())
}
