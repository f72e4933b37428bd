//! Areas of photos that no rendition shows. They hold for a photo's hash in every visit to the
//! centre, those still to come included. Rows are only added: one may take the place of another,
//! which stays. How areas are filled, the core says.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{FacilityId, InspectionId, Instant, PersonId, Sha256};
use vigila_core::photo::Area;

use crate::store::Conn;
use crate::store::connection::each;
use crate::store::outcome::{Insert, unreadable};
use crate::store::schema::photo_redactions;
use crate::store::types::{Id, Time};

/// Areas that are not shown, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRedaction {
    /// Its id.
    pub id: Uuid,
    /// The centre whose visits it holds for.
    pub facility: FacilityId,
    /// The photo.
    pub sha256: Sha256,
    /// The visit under which it was asked.
    pub inspection: InspectionId,
    /// The areas, in pixels of the upright display copy.
    pub areas: Vec<Area>,
    /// Why.
    pub reason: String,
    /// The one whose place it takes.
    pub supersedes: Option<Uuid>,
    /// When it was asked.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = photo_redactions, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    facility_id: Id,
    sha256: String,
    inspection_id: Id,
    areas: String,
    reason: String,
    supersedes: Option<Id>,
    at: Time,
    by_person: Id,
}

impl Row {
    fn of(redaction: &PhotoRedaction) -> Self {
        let areas = redaction.areas.iter().map(|a| [a.x, a.y, a.width, a.height]);
        Self {
            id: Id(redaction.id),
            facility_id: Id(redaction.facility.0),
            sha256: redaction.sha256.to_string(),
            inspection_id: Id(redaction.inspection.0),
            areas: serde_json::json!(areas.collect::<Vec<_>>()).to_string(),
            reason: redaction.reason.clone(),
            supersedes: redaction.supersedes.map(Id),
            at: redaction.at.into(),
            by_person: Id(redaction.by.0),
        }
    }

    fn read(self) -> QueryResult<PhotoRedaction> {
        let areas: Vec<[u32; 4]> = serde_json::from_str(&self.areas).map_err(unreadable)?;
        let areas = areas.into_iter().map(|[x, y, width, height]| Area { x, y, width, height });
        Ok(PhotoRedaction {
            id: self.id.0,
            facility: FacilityId(self.facility_id.0),
            sha256: self.sha256.parse().map_err(unreadable)?,
            inspection: InspectionId(self.inspection_id.0),
            areas: areas.collect(),
            reason: self.reason,
            supersedes: self.supersedes.map(|id| id.0),
            at: self.at.into(),
            by: PersonId(self.by_person.0),
        })
    }
}

/// Keeps a redaction. [`Insert::Taken`] where the one it supersedes is not of this photo and
/// centre, or was superseded by another before.
///
/// # Errors
/// Those of the database.
pub fn redact(conn: &mut Conn, redaction: &PhotoRedaction) -> QueryResult<Insert> {
    if let Some(superseded) = redaction.supersedes {
        let known = redactions_of(conn, redaction.facility, &redaction.sha256)?;
        if !known.iter().any(|known| known.id == superseded) {
            return Ok(Insert::Taken);
        }
    }
    let row = Row::of(redaction);
    let rows = each!(conn, |c| diesel::insert_into(photo_redactions::table)
        .values(&row)
        .on_conflict(photo_redactions::supersedes)
        .do_nothing()
        .execute(c))?;
    Ok(Insert::of(rows))
}

/// The redactions of a photo in a centre, the oldest first, those superseded among them.
///
/// # Errors
/// Those of the database.
pub fn redactions_of(
    conn: &mut Conn,
    facility: FacilityId,
    sha256: &Sha256,
) -> QueryResult<Vec<PhotoRedaction>> {
    let rows = photo_redactions::table
        .filter(photo_redactions::facility_id.eq(Id(facility.0)))
        .filter(photo_redactions::sha256.eq(sha256.as_str()))
        .order((photo_redactions::at, photo_redactions::id))
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// The areas that count: of all redactions that none supersedes.
#[must_use]
pub fn areas_of(redactions: &[PhotoRedaction]) -> Vec<Area> {
    let superseded = |id| redactions.iter().any(|other| other.supersedes == Some(id));
    let counting = redactions.iter().filter(|redaction| !superseded(redaction.id));
    counting.flat_map(|redaction| redaction.areas.clone()).collect()
}
