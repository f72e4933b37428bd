//! The list of inspections, and who of the monitors sees which.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, ModelVersion};
use vigila_core::domain::{
    FacilityCode, FacilityId, FacilityKind, InspectionId, Instant, PersonId, Scope, Territory,
};

use super::{StoredInspection, codes};
use crate::store::connection::MultiBackend;
use crate::store::outcome::{one_more, unreadable};
use crate::store::schema::{facilities, inspections, scores};
use crate::store::scores::{band, is_shown};
use crate::store::types::{Id, Time};
use crate::store::{Conn, Page};

/// Whether photos are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotosState {
    /// At least one is owed.
    AwaitingPhotos,
    /// None is.
    Complete,
}

/// Which inspections somebody may see within its territories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visible {
    /// All.
    #[default]
    All,
    /// What this person sent, and of each centre and checklist the latest that counts.
    OwnAndLatest(PersonId),
}

/// Which inspections of a list; without any of these, all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InspectionFilter {
    /// Of this centre.
    pub facility: Option<FacilityId>,
    /// Of this territory.
    pub territory: Option<Territory>,
    /// With this checklist, of any version.
    pub checklist_code: Option<String>,
    /// Made why and how.
    pub kind: Option<Kind>,
    /// Ended then or later.
    pub from: Option<Instant>,
    /// Ended before.
    pub until: Option<Instant>,
    /// With photos to come, or without.
    pub state: Option<PhotosState>,
    /// Those that may be seen.
    pub visible: Visible,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct InspectionRow {
    /// The inspection.
    pub id: InspectionId,
    /// The centre.
    pub facility: FacilityId,
    /// The centre's code.
    pub facility_code: FacilityCode,
    /// The centre's name.
    pub facility_name: String,
    /// The centre's kind.
    pub facility_kind: FacilityKind,
    /// The centre's territory.
    pub territory: Territory,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Why and how the visit was made.
    pub kind: Kind,
    /// When the monitors came.
    pub started_at: Instant,
    /// When they left.
    pub ended_at: Instant,
    /// How many photos are still to come.
    pub photos_missing: i32,
    /// The one of its family that counts, where it is not this one.
    pub superseded_by: Option<InspectionId>,
    /// 0-100, by the score that is shown.
    pub overall: Option<f64>,
    /// By the newest score.
    pub band: Band,
}

/// True of the latest inspection that counts of each centre and checklist.
fn is_latest() -> SqlLiteral<Bool> {
    sql("(inspections.superseded_by IS NULL AND NOT EXISTS (SELECT 1 FROM inspections AS later
        WHERE later.facility_id = inspections.facility_id
        AND later.checklist_code = inspections.checklist_code
        AND later.superseded_by IS NULL
        AND (later.ended_at, later.received_at, later.id)
            > (inspections.ended_at, inspections.received_at, inspections.id)))")
}

#[derive(Queryable)]
struct Row {
    id: Id,
    facility: (Id, String, String, String, String),
    checklist: (String, String),
    kind: String,
    started_at: Time,
    ended_at: Time,
    photos_missing: i32,
    superseded_by: Option<Id>,
    overall: Option<f64>,
    band: String,
}

impl Row {
    fn read(self) -> QueryResult<InspectionRow> {
        let (facility, code, name, kind, territory) = self.facility;
        let (checklist_code, version) = self.checklist;
        Ok(InspectionRow {
            id: InspectionId(self.id.0),
            facility: FacilityId(facility.0),
            facility_code: code.parse().map_err(unreadable)?,
            facility_name: name,
            facility_kind: kind.parse().map_err(unreadable)?,
            territory: territory.parse().map_err(unreadable)?,
            checklist: ChecklistRef { code: checklist_code, version },
            kind: self.kind.parse().map_err(unreadable)?,
            started_at: self.started_at.into(),
            ended_at: self.ended_at.into(),
            photos_missing: self.photos_missing,
            superseded_by: self.superseded_by.map(|id| InspectionId(id.0)),
            overall: self.overall,
            band: band(&self.band)?,
        })
    }
}

type Condition = Box<dyn BoxableExpression<inspections::table, MultiBackend, SqlType = Bool>>;

/// What a filter and a scope ask of an inspection.
fn conditions(scope: &Scope, filter: &InspectionFilter) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    match codes(scope).as_deref() {
        None => {}
        // Of one territory both databases read the list in its order, by the index.
        Some(&[code]) => all.push(Box::new(inspections::territory.eq(code))),
        Some(codes) => all.push(Box::new(inspections::territory.eq_any(codes.to_vec()))),
    }
    if let Some(facility) = filter.facility {
        all.push(Box::new(inspections::facility_id.eq(Id(facility.0))));
    }
    if let Some(territory) = filter.territory {
        all.push(Box::new(inspections::territory.eq(territory.code())));
    }
    if let Some(code) = &filter.checklist_code {
        all.push(Box::new(inspections::checklist_code.eq(code.clone())));
    }
    if let Some(kind) = filter.kind {
        all.push(Box::new(inspections::kind.eq(kind.as_str())));
    }
    if let Some(from) = filter.from {
        all.push(Box::new(inspections::ended_at.ge(Time::from(from))));
    }
    if let Some(until) = filter.until {
        all.push(Box::new(inspections::ended_at.lt(Time::from(until))));
    }
    match filter.state {
        None => {}
        Some(PhotosState::AwaitingPhotos) => {
            all.push(Box::new(inspections::photos_missing.gt(0)));
        }
        Some(PhotosState::Complete) => all.push(Box::new(inspections::photos_missing.eq(0))),
    }
    if let Visible::OwnAndLatest(person) = filter.visible {
        all.push(Box::new(inspections::received_by.eq(Id(person.0)).or(is_latest())));
    }
    all
}

/// The inspections within `scope`, those that ended last first, then by id from the highest;
/// those behind `after`, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &InspectionFilter,
    published: &ModelVersion,
    after: Option<(Instant, InspectionId)>,
    limit: usize,
) -> QueryResult<Page<InspectionRow>> {
    let mut asked = inspections::table.select(inspections::id).into_boxed();
    for condition in conditions(scope, filter) {
        asked = asked.filter(condition);
    }
    if let Some((ended_at, id)) = after {
        let ended_at = Time::from(ended_at);
        let same = inspections::ended_at.eq(ended_at).and(inspections::id.lt(Id(id.0)));
        asked = asked.filter(inspections::ended_at.lt(ended_at).or(same));
    }
    let ids: Vec<Id> = asked
        .order((inspections::ended_at.desc(), inspections::id.desc()))
        .limit(one_more(limit))
        .load(conn)?;
    // Ids first, by an index; then what a page of them is joined with.
    let Page { items: ids, more } = Page::of(ids, limit);
    let rows = inspections::table
        .inner_join(facilities::table)
        .inner_join(scores::table)
        .filter(inspections::id.eq_any(ids))
        .filter(is_shown(published))
        .order((inspections::ended_at.desc(), inspections::id.desc()))
        .select((
            inspections::id,
            (
                facilities::id,
                facilities::code,
                facilities::name,
                facilities::kind,
                facilities::territory,
            ),
            (inspections::checklist_code, inspections::checklist_version),
            inspections::kind,
            inspections::started_at,
            inspections::ended_at,
            inspections::photos_missing,
            inspections::superseded_by,
            scores::overall,
            scores::band,
        ))
        .load::<Row>(conn)?;
    let items = rows.into_iter().map(Row::read).collect::<QueryResult<_>>()?;
    Ok(Page { items, more })
}

/// Those of these inspections that may be seen.
pub(in crate::store) fn visible_among(
    conn: &mut Conn,
    ids: Vec<Id>,
    visible: Visible,
) -> QueryResult<HashSet<Id>> {
    match visible {
        Visible::All => Ok(ids.into_iter().collect()),
        Visible::OwnAndLatest(_) if ids.is_empty() => Ok(HashSet::new()),
        Visible::OwnAndLatest(person) => {
            let seen = inspections::table
                .filter(inspections::id.eq_any(ids))
                .filter(inspections::received_by.eq(Id(person.0)).or(is_latest()))
                .select(inspections::id);
            Ok(seen.load(conn)?.into_iter().collect())
        }
    }
}

/// Whether an inspection is among those that may be seen.
///
/// # Errors
/// Those of the database.
pub fn is_visible(
    conn: &mut Conn,
    inspection: &StoredInspection,
    visible: Visible,
) -> QueryResult<bool> {
    match visible {
        Visible::All => Ok(true),
        Visible::OwnAndLatest(person) if inspection.received_by == person => Ok(true),
        Visible::OwnAndLatest(_) => {
            let latest = inspections::table
                .filter(inspections::id.eq(Id(inspection.id.0)))
                .filter(is_latest())
                .select(inspections::id);
            Ok(latest.first::<Id>(conn).optional()?.is_some())
        }
    }
}
