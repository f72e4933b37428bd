//! Photos that an order erased. What is left is a tombstone, which holds for the photo's hash in
//! every visit to the centre, those still to come included; and, until the photo store has let
//! go of them, the keys of the bytes.

use diesel::prelude::*;
use vigila_core::domain::{FacilityId, InspectionId, Instant, PersonId, Sha256};

use super::PhotoState;
use super::debts::count_down;
use crate::store::connection::each;
use crate::store::outcome::unreadable;
use crate::store::schema::{doomed_blobs, inspections, photo_erasures, photos};
use crate::store::types::{Id, Time};
use crate::store::{Conn, changes, photo_facts, uploads};

/// The tombstone of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The centre whose visits it holds for.
    pub facility: FacilityId,
    /// The photo.
    pub sha256: Sha256,
    /// The visit under which the order was carried out.
    pub inspection: InspectionId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = photo_erasures, treat_none_as_default_value = false)]
struct Row {
    facility_id: Id,
    sha256: String,
    inspection_id: Id,
    reason: String,
    at: Time,
    by_person: Id,
}

impl Row {
    fn of(erasure: &Erasure) -> Self {
        Self {
            facility_id: Id(erasure.facility.0),
            sha256: erasure.sha256.to_string(),
            inspection_id: Id(erasure.inspection.0),
            reason: erasure.reason.clone(),
            at: erasure.at.into(),
            by_person: Id(erasure.by.0),
        }
    }

    fn read(self) -> QueryResult<Erasure> {
        Ok(Erasure {
            facility: FacilityId(self.facility_id.0),
            sha256: self.sha256.parse().map_err(unreadable)?,
            inspection: InspectionId(self.inspection_id.0),
            reason: self.reason,
            at: self.at.into(),
            by: PersonId(self.by_person.0),
        })
    }
}

/// The photos of a centre that orders erased, by hash.
///
/// # Errors
/// Those of the database.
pub fn erasures_of(conn: &mut Conn, facility: FacilityId) -> QueryResult<Vec<Erasure>> {
    let rows = photo_erasures::table
        .filter(photo_erasures::facility_id.eq(Id(facility.0)))
        .order(photo_erasures::sha256)
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// A visit that lists a photo with its territory, the photo's state there, and its keys: of the
/// original, the display copy and the thumbnail.
type Listed = (Id, String, String, Option<String>, Option<String>, Option<String>);

/// Erases a photo in every visit to the centre that lists it, whether it is there or owed; its
/// bytes are doomed. True where no order had erased it before: of a repeat nothing is kept.
///
/// # Errors
/// Those of the database.
pub fn erase(conn: &mut Conn, erasure: &Erasure) -> QueryResult<bool> {
    let row = Row::of(erasure);
    let inserted = each!(conn, |c| diesel::insert_into(photo_erasures::table)
        .values(&row)
        .on_conflict((photo_erasures::facility_id, photo_erasures::sha256))
        .do_nothing()
        .execute(c))?;
    if inserted == 0 {
        return Ok(false);
    }
    let listed: Vec<Listed> = photos::table
        .inner_join(inspections::table)
        .filter(photos::sha256.eq(&row.sha256))
        .filter(inspections::facility_id.eq(row.facility_id))
        .select((
            photos::inspection_id,
            inspections::territory,
            photos::state,
            photos::original_key,
            photos::display_key,
            photos::thumbnail_key,
        ))
        .load(conn)?;
    let Some(territory) = listed.first().map(|listed| listed.1.clone()) else { return Ok(true) };
    for (inspection, _, state, original, display, thumbnail) in listed {
        photo_facts::forget(conn, original.as_slice())?;
        for key in [original, display, thumbnail].into_iter().flatten() {
            doom(conn, &key, &row.sha256)?;
        }
        // What came of it in parts is no less of it.
        let of = InspectionId(inspection.0);
        uploads::end_older(conn, of, &erasure.sha256, 0, erasure.at)?;
        for key in uploads::parts_of_photo(conn, of, &erasure.sha256)? {
            doom(conn, &key, &row.sha256)?;
        }
        bury(conn, inspection, &row.sha256)?;
        if state == PhotoState::Missing.as_str() {
            count_down(conn, inspection)?;
        }
    }
    changes::note(conn, row.facility_id, &territory, erasure.at)?;
    Ok(true)
}

fn bury(conn: &mut Conn, inspection: Id, sha256: &str) -> QueryResult<()> {
    let none = None::<String>;
    diesel::update(photos::table.find((inspection, sha256)))
        .set((
            photos::state.eq(PhotoState::Erased.as_str()),
            photos::original_key.eq(&none),
            photos::display_key.eq(&none),
            photos::thumbnail_key.eq(&none),
        ))
        .execute(conn)
        .map(|_| ())
}

fn doom(conn: &mut Conn, key: &str, sha256: &str) -> QueryResult<()> {
    let row = (doomed_blobs::blob_key.eq(key), doomed_blobs::sha256.eq(sha256));
    each!(conn, |c| diesel::insert_into(doomed_blobs::table)
        .values(row)
        .on_conflict(doomed_blobs::blob_key)
        .do_nothing()
        .execute(c))
    .map(|_| ())
}

/// Keys of erased bytes that may still lie in the photo store, of one photo or of any.
///
/// # Errors
/// Those of the database.
pub fn doomed(conn: &mut Conn, sha256: Option<&Sha256>, limit: i64) -> QueryResult<Vec<String>> {
    let mut query = doomed_blobs::table.select(doomed_blobs::blob_key).into_boxed();
    if let Some(sha256) = sha256 {
        query = query.filter(doomed_blobs::sha256.eq(sha256.as_str()));
    }
    query.order(doomed_blobs::blob_key).limit(limit).load(conn)
}

/// Forgets the keys of bytes that are gone.
///
/// # Errors
/// Those of the database.
pub fn are_gone(conn: &mut Conn, keys: &[String]) -> QueryResult<()> {
    let gone = doomed_blobs::table.filter(doomed_blobs::blob_key.eq_any(keys.to_vec()));
    diesel::delete(gone).execute(conn).map(|_| ())
}
