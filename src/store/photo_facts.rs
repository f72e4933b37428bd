//! What the bytes of stored photos say, one row for each original: kept with the photo, read
//! for a visit, and looked through for copies. Whoever looks for copies says within which
//! territories, and which visits may be named to whom. Knows no rule of evidence.

mod copies;
#[cfg(test)]
pub(super) mod tests;

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use vigila_core::domain::InspectionId;
use vigila_core::evidence::{CameraPlace, CameraTime, PhotoFacts, Place, bands};

use super::Conn;
use super::connection::each;
use super::outcome::unreadable;
use super::schema::{inspections, photo_facts, photos};
use super::types::Id;

pub use copies::{Reader, near, same};

/// How a camera's clock is written down: it shows a time and no instant.
const CLOCK: &str = "%Y-%m-%dT%H:%M:%S";

#[derive(Queryable, Insertable)]
#[diesel(table_name = photo_facts, treat_none_as_default_value = false)]
struct Row {
    original_key: String,
    inspection_id: Id,
    facility_id: Id,
    territory: String,
    sha256: String,
    exif: bool,
    taken_local: Option<String>,
    taken_offset_seconds: Option<i32>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    accuracy: Option<f64>,
    make: Option<String>,
    model: Option<String>,
    software: Option<String>,
    fingerprint: Option<i64>,
    band_0: Option<i32>,
    band_1: Option<i32>,
    band_2: Option<i32>,
    band_3: Option<i32>,
    sharpness: f64,
    brightness: f64,
}

/// Whose photo it is: the inspection under whose id it came, its centre and territory.
pub(super) struct Owner<'a> {
    pub inspection: Id,
    pub facility: Id,
    pub territory: &'a str,
    pub sha256: &'a str,
}

impl Row {
    fn of(owner: &Owner<'_>, original_key: &str, facts: &PhotoFacts) -> Self {
        let place = facts.place.map(|camera| camera.place);
        let band = |at: usize| facts.fingerprint.map(|all| i32::from(bands(all)[at]));
        Self {
            original_key: original_key.to_owned(),
            inspection_id: owner.inspection,
            facility_id: owner.facility,
            territory: owner.territory.to_owned(),
            sha256: owner.sha256.to_owned(),
            exif: facts.exif,
            taken_local: facts.taken.map(|taken| taken.local.format(CLOCK).to_string()),
            taken_offset_seconds: facts.taken.and_then(|taken| taken.offset_seconds),
            latitude: place.map(|place| place.latitude),
            longitude: place.map(|place| place.longitude),
            accuracy: facts.place.and_then(|camera| camera.accuracy_metres),
            make: facts.make.clone(),
            model: facts.model.clone(),
            software: facts.software.clone(),
            fingerprint: facts.fingerprint.map(u64::cast_signed),
            band_0: band(0),
            band_1: band(1),
            band_2: band(2),
            band_3: band(3),
            sharpness: facts.sharpness,
            brightness: facts.brightness,
        }
    }

    fn read(self) -> QueryResult<PhotoFacts> {
        let local = self.taken_local.map(|text| NaiveDateTime::parse_from_str(&text, CLOCK));
        let place = Place::of(self.latitude, self.longitude);
        Ok(PhotoFacts {
            exif: self.exif,
            taken: local
                .transpose()
                .map_err(unreadable)?
                .map(|local| CameraTime { local, offset_seconds: self.taken_offset_seconds }),
            place: place.map(|place| CameraPlace { place, accuracy_metres: self.accuracy }),
            make: self.make,
            model: self.model,
            software: self.software,
            fingerprint: self.fingerprint.map(i64::cast_unsigned),
            sharpness: self.sharpness,
            brightness: self.brightness,
        })
    }
}

/// Keeps what the bytes under a key say, in the transaction that records the photo. What is
/// kept of them already stays.
pub(super) fn keep(
    conn: &mut Conn,
    owner: &Owner<'_>,
    original_key: &str,
    facts: &PhotoFacts,
) -> QueryResult<()> {
    let row = Row::of(owner, original_key, facts);
    each!(conn, |c| diesel::insert_into(photo_facts::table)
        .values(&row)
        .on_conflict(photo_facts::original_key)
        .do_nothing()
        .execute(c))?;
    Ok(())
}

/// The facts of the photos that an inspection holds, by the key of the original.
///
/// # Errors
/// Those of the database.
pub fn of_inspection(
    conn: &mut Conn,
    inspection: InspectionId,
) -> QueryResult<HashMap<String, PhotoFacts>> {
    let keys = photos::table
        .filter(photos::inspection_id.eq(Id(inspection.0)))
        .filter(photos::original_key.is_not_null())
        .select(photos::original_key.assume_not_null());
    let rows = photo_facts::table.filter(photo_facts::original_key.eq_any(keys));
    let rows = rows.load::<Row>(conn)?;
    rows.into_iter().map(|row| Ok((row.original_key.clone(), row.read()?))).collect()
}

/// Lets go of what these originals said: their bytes were erased.
///
/// # Errors
/// Those of the database.
pub fn forget(conn: &mut Conn, original_keys: &[String]) -> QueryResult<usize> {
    let gone = photo_facts::table.filter(photo_facts::original_key.eq_any(original_keys));
    diesel::delete(gone).execute(conn)
}

/// A stored photo that nobody has looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unexamined {
    /// An inspection that holds it.
    pub inspection: InspectionId,
    /// The hash of its bytes.
    pub sha256: String,
    /// Where they lie.
    pub original_key: String,
}

/// Stored photos without facts, by inspection and hash; those behind `after`, `limit` of them
/// at most. They came before facts were kept.
///
/// # Errors
/// Those of the database.
pub fn unexamined(
    conn: &mut Conn,
    after: Option<&Unexamined>,
    limit: i64,
) -> QueryResult<Vec<Unexamined>> {
    let mut query = photos::table
        .left_join(
            photo_facts::table.on(photos::original_key.eq(photo_facts::original_key.nullable())),
        )
        .filter(photos::state.eq("stored"))
        .filter(photos::original_key.is_not_null())
        .filter(photo_facts::original_key.is_null())
        .select((photos::inspection_id, photos::sha256, photos::original_key.assume_not_null()))
        .order((photos::inspection_id, photos::sha256))
        .limit(limit)
        .into_boxed();
    if let Some(last) = after {
        let id = Id(last.inspection.0);
        let same = photos::inspection_id.eq(id).and(photos::sha256.gt(last.sha256.clone()));
        query = query.filter(photos::inspection_id.gt(id).or(same));
    }
    let rows: Vec<(Id, String, String)> = query.load(conn)?;
    let each = rows.into_iter().map(|(id, sha256, original_key)| Unexamined {
        inspection: InspectionId(id.0),
        sha256,
        original_key,
    });
    Ok(each.collect())
}

/// Keeps the facts of a photo that was looked at later, unless its bytes are gone meanwhile.
///
/// # Errors
/// Those of the database.
pub fn examined(conn: &mut Conn, photo: &Unexamined, facts: &PhotoFacts) -> QueryResult<()> {
    let id = Id(photo.inspection.0);
    let held = photos::table
        .find((id, &photo.sha256))
        .inner_join(inspections::table)
        .filter(photos::state.eq("stored"))
        .filter(photos::original_key.eq(&photo.original_key))
        .select((inspections::facility_id, inspections::territory));
    let held: Option<(Id, String)> = held.first(conn).optional()?;
    let Some((facility, territory)) = held else { return Ok(()) };
    let owner = Owner { inspection: id, facility, territory: &territory, sha256: &photo.sha256 };
    keep(conn, &owner, &photo.original_key, facts)
}
