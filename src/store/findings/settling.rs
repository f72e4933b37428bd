//! What is still to be worked out, and writing what came of it: all of a centre or nothing,
//! and only where nobody changed the centre's findings since they were read.

use std::collections::HashMap;

use diesel::prelude::*;
use vigila_core::documents::finding::FindingState;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::domain::{FacilityId, Facts, InspectionId, Instant, Territory};

use super::{Row, StoredFinding, new_move_id};
use crate::store::connection::each;
use crate::store::json::facts_from_text;
use crate::store::outcome::unreadable;
use crate::store::schema::{
    facilities, finding_debts, finding_ledgers, finding_moves, findings, inspections,
};
use crate::store::types::{Id, Time};
use crate::store::{Conn, changes};

/// Visits of one centre whose findings are still to be worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The centre.
    pub facility: FacilityId,
    /// Its territory.
    pub territory: Territory,
    /// How often the centre's findings changed so far.
    pub revision: i64,
    /// The visits.
    pub visits: Vec<InspectionId>,
}

/// The centres that owe, by id: those behind `after`, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn indebted(
    conn: &mut Conn,
    after: Option<FacilityId>,
    limit: i64,
) -> QueryResult<Vec<FacilityId>> {
    let mut owing = finding_debts::table
        .select(finding_debts::facility_id)
        .distinct()
        .order(finding_debts::facility_id)
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        owing = owing.filter(finding_debts::facility_id.gt(Id(after.0)));
    }
    let ids: Vec<Id> = owing.load(conn)?;
    Ok(ids.into_iter().map(|id| FacilityId(id.0)).collect())
}

/// All that a centre owes, if it does.
///
/// # Errors
/// Those of the database.
pub fn owed_by(conn: &mut Conn, facility: FacilityId) -> QueryResult<Option<Owed>> {
    let id = Id(facility.0);
    let visits: Vec<Id> = finding_debts::table
        .filter(finding_debts::facility_id.eq(id))
        .select(finding_debts::inspection_id)
        .load(conn)?;
    if visits.is_empty() {
        return Ok(None);
    }
    let revision =
        finding_ledgers::table.find(id).select(finding_ledgers::revision).first(conn).optional()?;
    let territory: String = facilities::table.find(id).select(facilities::territory).first(conn)?;
    Ok(Some(Owed {
        facility,
        territory: territory.parse().map_err(unreadable)?,
        revision: revision.unwrap_or(0),
        visits: visits.into_iter().map(|visit| InspectionId(visit.0)).collect(),
    }))
}

/// A visit as findings see it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenVisit {
    /// The inspection.
    pub id: InspectionId,
    /// The centre.
    pub facility: FacilityId,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// When it ended.
    pub ended_at: Instant,
    /// When it was received.
    pub received_at: Instant,
    /// When the first of its family was received.
    pub first_received_at: Instant,
    /// Whether it corrects another.
    pub corrects: bool,
    /// Whether it counts.
    pub counts: bool,
    /// The facts as they stood for it.
    pub facts: Facts,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
}

type Columns = (Id, Id, (String, String), Time, Time, Id, Option<Id>, Option<Id>, String, Vec<u8>);

macro_rules! columns {
    () => {
        (
            inspections::id,
            inspections::facility_id,
            (inspections::checklist_code, inspections::checklist_version),
            inspections::ended_at,
            inspections::received_at,
            inspections::root,
            inspections::corrects,
            inspections::superseded_by,
            inspections::facts,
            inspections::scored,
        )
    };
}

/// These visits, whether they count or not, in no order. A few hundred ids at most: each is a
/// bound value.
///
/// # Errors
/// Those of the database.
pub fn visits_of(conn: &mut Conn, ids: &[InspectionId]) -> QueryResult<Vec<SeenVisit>> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(id.0)).collect();
    let rows = inspections::table.filter(inspections::id.eq_any(ids)).select(columns!());
    let rows: Vec<Columns> = rows.load(conn)?;
    read(conn, rows)
}

impl SeenVisit {
    /// All visits of a centre with a checklist, of any version, that count, from the earliest.
    ///
    /// # Errors
    /// Those of the database.
    pub fn all(conn: &mut Conn, facility: FacilityId, checklist: &str) -> QueryResult<Vec<Self>> {
        let rows: Vec<Columns> = inspections::table
            .filter(inspections::facility_id.eq(Id(facility.0)))
            .filter(inspections::checklist_code.eq(checklist))
            .filter(inspections::superseded_by.is_null())
            .select(columns!())
            .load(conn)?;
        let mut all = read(conn, rows)?;
        all.sort_by_key(|visit| (visit.ended_at, visit.received_at, visit.id));
        Ok(all)
    }

    /// Whether no other visit of its centre with its checklist counts that ended later.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_latest(&self, conn: &mut Conn) -> QueryResult<bool> {
        let later = inspections::table
            .filter(inspections::facility_id.eq(Id(self.facility.0)))
            .filter(inspections::checklist_code.eq(&self.checklist.code))
            .filter(inspections::superseded_by.is_null())
            .filter(inspections::ended_at.ge(Time::from(self.ended_at)))
            .filter(inspections::id.ne(Id(self.id.0)))
            .select(inspections::id);
        Ok(later.first::<Id>(conn).optional()?.is_none())
    }
}

fn read(conn: &mut Conn, rows: Vec<Columns>) -> QueryResult<Vec<SeenVisit>> {
    // Of a visit that corrects none, the first of the family is itself.
    let roots: Vec<Id> = rows.iter().filter(|row| row.5 != row.0).map(|row| row.5).collect();
    let mut first: HashMap<Id, Time> = HashMap::new();
    for some in roots.chunks(200) {
        let times = inspections::table
            .filter(inspections::id.eq_any(some))
            .select((inspections::id, inspections::received_at));
        first.extend(times.load::<(Id, Time)>(conn)?);
    }
    let each = rows.into_iter().map(|row| {
        let (id, facility, (code, version), ended, received, root, corrects, by, facts, scored) =
            row;
        Ok(SeenVisit {
            id: InspectionId(id.0),
            facility: FacilityId(facility.0),
            checklist: ChecklistRef { code, version },
            ended_at: ended.into(),
            received_at: received.into(),
            first_received_at: first.get(&root).copied().unwrap_or(received).into(),
            corrects: corrects.is_some(),
            counts: by.is_none(),
            facts: facts_from_text(&facts)?,
            scored,
        })
    });
    each.collect()
}

/// The findings of these centres, in no order.
///
/// # Errors
/// Those of the database.
pub fn of_facilities(conn: &mut Conn, centres: &[FacilityId]) -> QueryResult<Vec<StoredFinding>> {
    let ids: Vec<Id> = centres.iter().map(|id| Id(id.0)).collect();
    let rows = findings::table.filter(findings::facility_id.eq_any(ids)).load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// What a visit made of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It was opened.
    Opened(StoredFinding),
    /// Visits say something else of it.
    Changed(StoredFinding),
    /// A correction withdrew it.
    Withdrawn(StoredFinding),
    /// A visit bears it again: it is back where it stood before.
    CameBack(StoredFinding),
}

/// Writes what came of a centre's debts. False where somebody changed the centre's findings
/// since they were read, or paid one of the debts: nothing changed then.
///
/// # Errors
/// Those of the database.
pub fn pay(
    conn: &mut Conn,
    owed: &Owed,
    changes: &[Change],
    cause: Option<InspectionId>,
    now: Instant,
) -> QueryResult<bool> {
    if !step(conn, owed.facility, Some(owed.revision))? {
        return Ok(false);
    }
    for some in owed.visits.chunks(200) {
        let ids: Vec<Id> = some.iter().map(|id| Id(id.0)).collect();
        let paid = finding_debts::table.filter(finding_debts::inspection_id.eq_any(ids));
        diesel::delete(paid).execute(conn)?;
    }
    for change in changes {
        write(conn, change, cause, now)?;
    }
    if !changes.is_empty() {
        changes::note(conn, Id(owed.facility.0), owed.territory.code(), now)?;
    }
    Ok(true)
}

/// One more change of a centre's findings; false where it is not at the revision told.
pub(super) fn step(conn: &mut Conn, facility: FacilityId, from: Option<i64>) -> QueryResult<bool> {
    let own = finding_ledgers::table.find(Id(facility.0));
    let next = finding_ledgers::revision.eq(finding_ledgers::revision + 1);
    let stepped = match from {
        None => diesel::update(own).set(next).execute(conn)?,
        Some(0) => 0,
        Some(revision) => {
            let same = own.filter(finding_ledgers::revision.eq(revision));
            diesel::update(same).set(next).execute(conn)?
        }
    };
    if stepped > 0 || from != Some(0) {
        return Ok(stepped > 0);
    }
    let row =
        (finding_ledgers::facility_id.eq(Id(facility.0)), finding_ledgers::revision.eq(1_i64));
    let made = each!(conn, |c| diesel::insert_into(finding_ledgers::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

fn write(
    conn: &mut Conn,
    change: &Change,
    cause: Option<InspectionId>,
    now: Instant,
) -> QueryResult<()> {
    let (Change::Opened(finding)
    | Change::Changed(finding)
    | Change::Withdrawn(finding)
    | Change::CameBack(finding)) = change;
    let id = Id(finding.entry.id);
    let mut row = Row::of(finding);
    let from = finding.state;
    let to = match change {
        Change::Opened(_) => {
            diesel::insert_into(findings::table).values(&row).execute(conn)?;
            return Ok(());
        }
        Change::Changed(_) => from,
        Change::Withdrawn(_) => FindingState::Void,
        Change::CameBack(_) => state_before(conn, id)?,
    };
    to.as_str().clone_into(&mut row.state);
    row.revision += 1;
    diesel::update(findings::table.find(id)).set(&row).execute(conn)?;
    if to != from {
        let moved = (
            finding_moves::id.eq(new_move_id()),
            finding_moves::finding_id.eq(id),
            finding_moves::at.eq(Time::from(now)),
            finding_moves::from_state.eq(from.as_str()),
            finding_moves::to_state.eq(to.as_str()),
            finding_moves::photos.eq("[]"),
            finding_moves::inspection_id.eq(cause.map(|id| Id(id.0))),
        );
        diesel::insert_into(finding_moves::table).values(moved).execute(conn)?;
    }
    Ok(())
}

/// Where a finding stood before it was withdrawn: as its last move has it.
fn state_before(conn: &mut Conn, finding: Id) -> QueryResult<FindingState> {
    let from: Option<String> = finding_moves::table
        .filter(finding_moves::finding_id.eq(finding))
        .order(finding_moves::id.desc())
        .select(finding_moves::from_state)
        .first(conn)
        .optional()?;
    from.map_or(Ok(FindingState::Open), |state| state.parse().map_err(unreadable))
}
