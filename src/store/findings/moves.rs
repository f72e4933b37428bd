//! The moves of findings. Rows are only added: the database itself refuses to change or remove
//! them.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::documents::finding::FindingState;
use vigila_core::domain::{Day, InspectionId, Instant, PersonId, Sha256, Username};

use super::settling::step;
use super::{Row, StoredFinding};
use crate::store::outcome::unreadable;
use crate::store::schema::{finding_moves, findings, people, photos};
use crate::store::types::{Date, Id, Time};
use crate::store::{Conn, changes};

/// A photo that a move names: one that a visit to the centre lists.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MovedPhoto {
    /// The inspection that lists it.
    pub inspection: InspectionId,
    /// The SHA-256 of its bytes.
    pub sha256: Sha256,
}

/// A move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingMove {
    /// A UUIDv7: moves are in the order of their ids.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// Who; the system, after a correction, where nobody.
    pub by: Option<PersonId>,
    /// From where.
    pub from: FindingState,
    /// To where.
    pub to: FindingState,
    /// What is to be known of it.
    pub note: Option<String>,
    /// The deadline that it gave.
    pub due_on: Option<Day>,
    /// The photos that it names.
    pub photos: Vec<MovedPhoto>,
    /// The correction that caused it.
    pub inspection: Option<InspectionId>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = finding_moves, treat_none_as_default_value = false)]
struct MoveRow {
    id: Id,
    finding_id: Id,
    at: Time,
    by_person: Option<Id>,
    from_state: String,
    to_state: String,
    note: Option<String>,
    due_on: Option<Date>,
    photos: String,
    inspection_id: Option<Id>,
}

impl MoveRow {
    fn of(finding: Uuid, made: &FindingMove) -> Self {
        let photos = made.photos.iter();
        let photos: Vec<_> =
            photos.map(|p| [p.inspection.to_string(), p.sha256.to_string()]).collect();
        Self {
            id: Id(made.id),
            finding_id: Id(finding),
            at: made.at.into(),
            by_person: made.by.map(|id| Id(id.0)),
            from_state: made.from.as_str().to_owned(),
            to_state: made.to.as_str().to_owned(),
            note: made.note.clone(),
            due_on: made.due_on.map(Date),
            photos: serde_json::json!(photos).to_string(),
            inspection_id: made.inspection.map(|id| Id(id.0)),
        }
    }

    fn read(self) -> QueryResult<FindingMove> {
        let photos: Vec<[String; 2]> = serde_json::from_str(&self.photos).map_err(unreadable)?;
        let photos = photos.into_iter().map(|[inspection, sha256]| {
            Ok(MovedPhoto {
                inspection: inspection.parse().map_err(unreadable)?,
                sha256: sha256.parse().map_err(unreadable)?,
            })
        });
        Ok(FindingMove {
            id: self.id.0,
            at: self.at.into(),
            by: self.by_person.map(|id| PersonId(id.0)),
            from: self.from_state.parse().map_err(unreadable)?,
            to: self.to_state.parse().map_err(unreadable)?,
            note: self.note,
            due_on: self.due_on.map(|date| date.0),
            photos: photos.collect::<QueryResult<_>>()?,
            inspection: self.inspection_id.map(|id| InspectionId(id.0)),
        })
    }
}

/// The moves of a finding, from the first, each with the name of who made it.
///
/// # Errors
/// Those of the database.
pub fn moves(conn: &mut Conn, finding: Uuid) -> QueryResult<Vec<(FindingMove, Option<Username>)>> {
    let rows: Vec<MoveRow> = finding_moves::table
        .filter(finding_moves::finding_id.eq(Id(finding)))
        .order(finding_moves::id)
        .load(conn)?;
    let ids: Vec<Id> = rows.iter().filter_map(|row| row.by_person).collect();
    let names: Vec<(Id, String)> = people::table
        .filter(people::id.eq_any(ids))
        .select((people::id, people::name))
        .load(conn)?;
    let names: HashMap<Id, String> = names.into_iter().collect();
    let each = rows.into_iter().map(|row| {
        let name = row.by_person.and_then(|id| names.get(&id));
        let name = name.map(|name| name.parse().map_err(unreadable)).transpose()?;
        Ok((row.read()?, name))
    });
    each.collect()
}

/// A move to be written, and the finding as it is then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moving {
    /// The finding, at the revision from which it was moved.
    pub finding: StoredFinding,
    /// The move.
    pub made: FindingMove,
}

/// Writes a move. False where the finding changed since it was read: nothing changed then.
///
/// # Errors
/// Those of the database.
pub fn move_finding(conn: &mut Conn, moving: &Moving) -> QueryResult<bool> {
    let Moving { finding, made } = moving;
    let mut row = Row::of(finding);
    row.revision += 1;
    let same =
        findings::table.find(Id(finding.entry.id)).filter(findings::revision.eq(finding.revision));
    if diesel::update(same).set(&row).execute(conn)? == 0 {
        return Ok(false);
    }
    diesel::insert_into(finding_moves::table)
        .values(MoveRow::of(finding.entry.id, made))
        .execute(conn)?;
    step(conn, finding.facility, None)?;
    changes::note(conn, Id(finding.facility.0), finding.territory.code(), made.at)?;
    Ok(true)
}

/// Which of these photos no visit to the centre lists.
///
/// # Errors
/// Those of the database.
pub fn unlisted(
    conn: &mut Conn,
    facility: vigila_core::domain::FacilityId,
    named: &[MovedPhoto],
) -> QueryResult<Vec<usize>> {
    use crate::store::schema::inspections;
    let mut missing = Vec::new();
    for (index, photo) in named.iter().enumerate() {
        let listed = photos::table
            .inner_join(inspections::table)
            .filter(photos::inspection_id.eq(Id(photo.inspection.0)))
            .filter(photos::sha256.eq(photo.sha256.as_str()))
            .filter(inspections::facility_id.eq(Id(facility.0)))
            .select(photos::inspection_id);
        if listed.first::<Id>(conn).optional()?.is_none() {
            missing.push(index);
        }
    }
    Ok(missing)
}
