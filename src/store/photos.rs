//! The photos that inspections list: which are owed, which are held and under what keys,
//! which will never come. Their bytes are elsewhere. Which inspection may be seen is asked
//! in `inspections.rs` first.

mod debts;
mod erasures;
mod held;
mod redactions;
mod sweep;
#[cfg(test)]
pub(super) mod tests;

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use vigila_core::domain::{FacilityId, InspectionId, Instant, PersonId, Sha256};

use super::Conn;
use super::connection::each;
use super::outcome::unreadable;
use super::schema::{inspections, photos};
use super::types::{Id, Time};

pub use debts::{
    Absent, Arrived, Recorded, owed_by_facility, owed_by_territory, record_absent, record_stored,
};
pub use erasures::{Erasure, are_gone, doomed, erase, erasures_of};
pub use held::held_bytes;
pub use redactions::{PhotoRedaction, areas_of, redact, redactions_of};
pub use sweep::{Sweep, find_or_begin, named_keys, set_swept};

/// A photo as a new inspection lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// Its size as the phone says it.
    pub declared_bytes: i64,
}

/// Whether a photo is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoState {
    /// It is owed.
    Missing,
    /// It is held.
    Stored,
    /// It cannot come, somebody said.
    Absent,
    /// An order erased it, whether it had come or not.
    Erased,
}

impl PhotoState {
    const ALL: [Self; 4] = [Self::Missing, Self::Stored, Self::Absent, Self::Erased];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Stored => "stored",
            Self::Absent => "absent",
            Self::Erased => "erased",
        }
    }
}

/// A photo that is held. Inspections of one family may share its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where its bytes lie as they came.
    pub original_key: String,
    /// Where its large rendition lies.
    pub display_key: String,
    /// Where its small rendition lies.
    pub thumbnail_key: String,
    /// What its bytes are, such as `image/jpeg`.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
    /// Upright, in pixels.
    pub width: i32,
    /// Upright, in pixels.
    pub height: i32,
    /// Whether part of it could not be read.
    pub damaged: bool,
    /// When it came.
    pub received_at: Instant,
    /// Who sent it.
    pub received_by: PersonId,
}

impl Held {
    /// Where its bytes lie, all of them.
    #[must_use]
    pub fn keys(&self) -> [String; 3] {
        [&self.original_key, &self.display_key, &self.thumbnail_key].map(Clone::clone)
    }
}

/// Who said that a photo cannot come, when and why. It stays when the photo comes later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Why.
    pub reason: String,
    /// When it was said.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
}

/// A photo of an inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPhoto {
    /// The inspection that lists it.
    pub inspection: InspectionId,
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// Its place in the list as sent, from 0.
    pub position: i32,
    /// Its size as the phone said it.
    pub declared_bytes: i64,
    /// Whether it is there.
    pub state: PhotoState,
    /// That it was said to be absent.
    pub absence: Option<Absence>,
    /// How it is held, if it is.
    pub held: Option<Held>,
}

/// A row that says neither or half of what its state promises.
#[derive(Debug, thiserror::Error)]
#[error("a photo's row does not hold what its state says")]
struct NotOfItsState;

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = photos, treat_none_as_default_value = false)]
pub(super) struct Row {
    inspection_id: Id,
    sha256: String,
    position: i32,
    declared_bytes: i64,
    state: String,
    absence_reason: Option<String>,
    absent_at: Option<Time>,
    absent_by: Option<Id>,
    original_key: Option<String>,
    display_key: Option<String>,
    thumbnail_key: Option<String>,
    media_type: Option<String>,
    bytes: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    damaged: Option<bool>,
    received_at: Option<Time>,
    received_by: Option<Id>,
}

impl Row {
    fn owed(inspection_id: Id, position: i32, new: &NewPhoto) -> Self {
        Self {
            inspection_id,
            sha256: new.sha256.as_str().to_owned(),
            position,
            declared_bytes: new.declared_bytes,
            state: PhotoState::Missing.as_str().to_owned(),
            absence_reason: None,
            absent_at: None,
            absent_by: None,
            original_key: None,
            display_key: None,
            thumbnail_key: None,
            media_type: None,
            bytes: None,
            width: None,
            height: None,
            damaged: None,
            received_at: None,
            received_by: None,
        }
    }

    /// The same photo, held by an inspection of the family, in another one.
    fn held_too(held: Self, inspection_id: Id, position: i32, new: &NewPhoto) -> Self {
        Self {
            inspection_id,
            position,
            declared_bytes: new.declared_bytes,
            absence_reason: None,
            absent_at: None,
            absent_by: None,
            ..held
        }
    }

    fn held(&self) -> Option<Held> {
        Some(Held {
            original_key: self.original_key.clone()?,
            display_key: self.display_key.clone()?,
            thumbnail_key: self.thumbnail_key.clone()?,
            media_type: self.media_type.clone()?,
            bytes: self.bytes?,
            width: self.width?,
            height: self.height?,
            damaged: self.damaged?,
            received_at: self.received_at?.into(),
            received_by: PersonId(self.received_by?.0),
        })
    }

    fn absence(&self) -> Option<Absence> {
        Some(Absence {
            reason: self.absence_reason.clone()?,
            at: self.absent_at?.into(),
            by: PersonId(self.absent_by?.0),
        })
    }

    fn read(self) -> QueryResult<StoredPhoto> {
        let state = PhotoState::ALL.into_iter().find(|state| state.as_str() == self.state);
        let state = state.ok_or_else(|| unreadable(NotOfItsState))?;
        let (held, absence) = (self.held(), self.absence());
        let fits = match state {
            PhotoState::Missing => held.is_none() && absence.is_none(),
            PhotoState::Stored => held.is_some(),
            PhotoState::Absent => held.is_none() && absence.is_some(),
            PhotoState::Erased => held.is_none(),
        };
        if !fits {
            return Err(unreadable(NotOfItsState));
        }
        Ok(StoredPhoto {
            inspection: InspectionId(self.inspection_id.0),
            sha256: self.sha256.parse().map_err(unreadable)?,
            position: self.position,
            declared_bytes: self.declared_bytes,
            state,
            absence,
            held,
        })
    }
}

/// Photos that a family holds, by hash.
pub(super) type HeldPhotos = HashMap<String, Row>;

/// The photos that the inspections of a family hold.
pub(super) fn held_by_family(conn: &mut Conn, root: Id) -> QueryResult<HeldPhotos> {
    let rows = photos::table
        .inner_join(inspections::table)
        .filter(inspections::root.eq(root))
        .filter(photos::state.eq(PhotoState::Stored.as_str()))
        .select(photos::all_columns)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(|row| (row.sha256.clone(), row)).collect())
}

/// The hashes of the photos that orders erased in a centre.
pub(super) fn erased_in(conn: &mut Conn, facility: FacilityId) -> QueryResult<HashSet<Sha256>> {
    Ok(erasures_of(conn, facility)?.into_iter().map(|erasure| erasure.sha256).collect())
}

/// The rows of the photos that a new inspection lists: owed, unless `held` or `erased`.
pub(super) fn rows_of(
    inspection: Id,
    new: &[NewPhoto],
    mut held: HeldPhotos,
    erased: &HashSet<Sha256>,
) -> Vec<Row> {
    let rows = (0..).zip(new).map(|(position, new)| match held.remove(new.sha256.as_str()) {
        Some(row) => Row::held_too(row, inspection, position, new),
        None if erased.contains(&new.sha256) => Row {
            state: PhotoState::Erased.as_str().to_owned(),
            ..Row::owed(inspection, position, new)
        },
        None => Row::owed(inspection, position, new),
    });
    rows.collect()
}

/// How many of these are owed.
pub(super) fn count_missing(rows: &[Row]) -> i32 {
    let missing = rows.iter().filter(|row| row.state == PhotoState::Missing.as_str()).count();
    // A content of 2 MiB lists far fewer than this.
    i32::try_from(missing).unwrap_or(i32::MAX)
}

/// How many rows one statement inserts: SQLite binds 32,766 values at most, a row has 18.
const ROWS_AT_ONCE: usize = 1_000;

/// Keeps the rows of a new inspection's photos.
pub(super) fn insert(conn: &mut Conn, rows: &[Row]) -> QueryResult<()> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        each!(conn, |c| diesel::insert_into(photos::table).values(some).execute(c))?;
    }
    Ok(())
}

/// The photos of an inspection, in the order of its list.
///
/// # Errors
/// Those of the database.
pub fn of_inspection(conn: &mut Conn, inspection: InspectionId) -> QueryResult<Vec<StoredPhoto>> {
    let rows = photos::table
        .filter(photos::inspection_id.eq(Id(inspection.0)))
        .order(photos::position)
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// The photo with this hash, if the inspection lists it.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut Conn,
    inspection: InspectionId,
    sha256: &Sha256,
) -> QueryResult<Option<StoredPhoto>> {
    let row = photos::table.find((Id(inspection.0), sha256.as_str()));
    row.first::<Row>(conn).optional()?.map(Row::read).transpose()
}
