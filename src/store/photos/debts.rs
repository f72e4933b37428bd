//! How what is owed is paid: a photo comes, or is said to be absent. Every step is one
//! statement that looks and changes at once, so that a repeat changes nothing and no count
//! is taken twice.

use diesel::dsl::{count_star, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use vigila_core::domain::{FacilityId, InspectionId, Instant, PersonId, Scope, Sha256, Territory};
use vigila_core::evidence::PhotoFacts;

use super::{Held, PhotoState};
use crate::store::inspections::codes;
use crate::store::outcome::unreadable;
use crate::store::photo_facts::{self, Owner};
use crate::store::schema::{facilities, inspections, photos};
use crate::store::types::{Id, Time};
use crate::store::{Conn, changes};

/// A photo whose bytes lie in the photo store.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrived {
    /// The inspection under whose id it came.
    pub inspection: InspectionId,
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// Where they lie, and what they are.
    pub held: Held,
    /// What they say.
    pub facts: PhotoFacts,
}

/// What became of a photo that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Recorded {
    /// It is held under the keys it came with.
    New {
        /// How many the inspection still owes; 0 where this was the last.
        photos_missing: i32,
    },
    /// It is held under the keys of an earlier time; those it came with name nothing.
    AlreadyThere,
    /// An order erased it meanwhile; the keys that it came with name nothing.
    Erased,
    /// The inspection is not there, or does not list it.
    NotListed,
}

/// What became of the word that a photo cannot come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Absent {
    /// It is no longer owed.
    Recorded {
        /// How many the inspection still owes; 0 where this was the last.
        photos_missing: i32,
    },
    /// That was known; the first reason stays.
    AlreadyAbsent,
    /// It is held.
    AlreadyStored,
    /// An order erased it.
    Erased,
    /// The inspection is not there, or does not list it.
    NotListed,
}

/// The states in which a photo may still come.
const NOT_STORED: [&str; 2] = [PhotoState::Missing.as_str(), PhotoState::Absent.as_str()];

#[derive(AsChangeset)]
#[diesel(table_name = photos)]
struct Arrival<'a> {
    state: &'static str,
    original_key: &'a str,
    display_key: &'a str,
    thumbnail_key: &'a str,
    media_type: &'a str,
    bytes: i64,
    width: i32,
    height: i32,
    damaged: bool,
    received_at: Time,
    received_by: Id,
}

impl<'a> Arrival<'a> {
    fn of(held: &'a Held) -> Self {
        Self {
            state: PhotoState::Stored.as_str(),
            original_key: &held.original_key,
            display_key: &held.display_key,
            thumbnail_key: &held.thumbnail_key,
            media_type: &held.media_type,
            bytes: held.bytes,
            width: held.width,
            height: held.height,
            damaged: held.damaged,
            received_at: held.received_at.into(),
            received_by: Id(held.received_by.0),
        }
    }
}

/// Records that a photo is held, in the inspection under whose id it came and in all of its
/// family that list it and do not hold it, which then share its keys.
///
/// # Errors
/// Those of the database.
pub fn record_stored(conn: &mut Conn, arrived: &Arrived) -> QueryResult<Recorded> {
    let (id, sha256) = (Id(arrived.inspection.0), arrived.sha256.as_str());
    let arrival = Arrival::of(&arrived.held);
    let not_stored = photos::state.eq_any(NOT_STORED);
    // Whoever was said to be absent was counted down then: `absent_at` stays and tells it.
    let own: Option<Option<Time>> =
        diesel::update(photos::table.find((id, sha256)).filter(not_stored))
            .set(&arrival)
            .returning(photos::absent_at)
            .get_result(conn)
            .optional()?;
    let Some(own_absence) = own else {
        let listed = super::find(conn, arrived.inspection, &arrived.sha256)?;
        return Ok(match listed.map(|photo| photo.state) {
            None => Recorded::NotListed,
            Some(PhotoState::Erased) => Recorded::Erased,
            Some(_) => Recorded::AlreadyThere,
        });
    };
    let debtor = match own_absence {
        None => count_down(conn, id)?,
        Some(_) => inspections::table.find(id).select(DEBTOR).first(conn)?,
    };
    if !debtor.is_alone() {
        share(conn, debtor.root, sha256, &arrival)?;
    }
    let Debtor { facility, territory, .. } = &debtor;
    let owner = Owner { inspection: id, facility: *facility, territory, sha256 };
    photo_facts::keep(conn, &owner, &arrived.held.original_key, &arrived.facts)?;
    changes::note(conn, debtor.facility, &debtor.territory, arrived.held.received_at)?;
    Ok(Recorded::New { photos_missing: debtor.photos_missing })
}

/// An inspection as far as it owes photos.
#[derive(Queryable)]
pub(super) struct Debtor {
    photos_missing: i32,
    root: Id,
    corrects: Option<Id>,
    superseded_by: Option<Id>,
    facility: Id,
    territory: String,
}

const DEBTOR: (
    inspections::photos_missing,
    inspections::root,
    inspections::corrects,
    inspections::superseded_by,
    inspections::facility_id,
    inspections::territory,
) = (
    inspections::photos_missing,
    inspections::root,
    inspections::corrects,
    inspections::superseded_by,
    inspections::facility_id,
    inspections::territory,
);

impl Debtor {
    /// Whether it corrects nothing and nothing took its place: then nobody waits for its
    /// photos but itself. Told by its own row: looking for others means reading the index
    /// where every new inspection is entered, which SERIALIZABLE takes for a conflict.
    fn is_alone(&self) -> bool {
        self.corrects.is_none() && self.superseded_by.is_none()
    }
}

/// Records that a photo is held in all of a family that list it and do not hold it.
fn share(conn: &mut Conn, root: Id, sha256: &str, arrival: &Arrival<'_>) -> QueryResult<()> {
    let family = inspections::table.filter(inspections::root.eq(root)).select(inspections::id);
    let family: Vec<Id> = family.load(conn)?;
    let others = photos::table
        .filter(photos::inspection_id.eq_any(family))
        .filter(photos::sha256.eq(sha256))
        .filter(photos::state.eq_any(NOT_STORED));
    let others: Vec<(Id, Option<Time>)> = diesel::update(others)
        .set(arrival)
        .returning((photos::inspection_id, photos::absent_at))
        .get_results(conn)?;
    let missed = others.into_iter().filter(|(_, absence)| absence.is_none());
    for (other, _) in missed {
        count_down(conn, other)?;
    }
    Ok(())
}

/// Counts one photo less.
pub(super) fn count_down(conn: &mut Conn, id: Id) -> QueryResult<Debtor> {
    diesel::update(inspections::table.find(id))
        .set(inspections::photos_missing.eq(inspections::photos_missing - 1))
        .returning(DEBTOR)
        .get_result(conn)
}

/// Records that a photo cannot come, unless it is there.
///
/// # Errors
/// Those of the database.
pub fn record_absent(
    conn: &mut Conn,
    inspection: InspectionId,
    sha256: &Sha256,
    reason: &str,
    at: Instant,
    by: PersonId,
) -> QueryResult<Absent> {
    let id = Id(inspection.0);
    let photo = photos::table.find((id, sha256.as_str()));
    let owed = photo.filter(photos::state.eq(PhotoState::Missing.as_str()));
    let rows = diesel::update(owed)
        .set((
            photos::state.eq(PhotoState::Absent.as_str()),
            photos::absence_reason.eq(Some(reason)),
            photos::absent_at.eq(Some(Time::from(at))),
            photos::absent_by.eq(Some(Id(by.0))),
        ))
        .execute(conn)?;
    if rows > 0 {
        let debtor = count_down(conn, id)?;
        changes::note(conn, debtor.facility, &debtor.territory, at)?;
        return Ok(Absent::Recorded { photos_missing: debtor.photos_missing });
    }
    Ok(match super::find(conn, inspection, sha256)?.map(|photo| photo.state) {
        None => Absent::NotListed,
        Some(PhotoState::Stored) => Absent::AlreadyStored,
        Some(PhotoState::Erased) => Absent::Erased,
        Some(PhotoState::Absent | PhotoState::Missing) => Absent::AlreadyAbsent,
    })
}

/// True of a photo that is owed. It stands in the text, not as a bound value: only so does
/// SQLite see that the index of these photos answers. Counts are not asked of
/// `inspections.photos_missing`: with an index on a column that every photo counts down,
/// PostgreSQL would write all indexes of the row anew, where other transactions look.
fn is_owed() -> SqlLiteral<Bool> {
    sql("photos.state = 'missing'")
}

/// How many photos the visits that count of each territory's active centres owe; territories
/// that owe none are left out.
///
/// # Errors
/// Those of the database.
pub fn owed_by_territory(conn: &mut Conn, scope: &Scope) -> QueryResult<Vec<(Territory, i64)>> {
    let query = photos::table
        .inner_join(inspections::table.inner_join(facilities::table))
        .filter(is_owed())
        .filter(inspections::superseded_by.is_null())
        .filter(facilities::active.eq(true))
        .group_by(inspections::territory)
        .order(inspections::territory)
        .select((inspections::territory, count_star()));
    let rows: Vec<(String, i64)> = match codes(scope) {
        None => query.load(conn)?,
        Some(codes) => query.filter(inspections::territory.eq_any(codes)).load(conn)?,
    };
    rows.into_iter().map(|(code, owed)| Ok((code.parse().map_err(unreadable)?, owed))).collect()
}

/// How many photos the visits that count of each active centre within `scope` owe; centres
/// that owe none are left out.
///
/// # Errors
/// Those of the database.
pub fn owed_by_facility(conn: &mut Conn, scope: &Scope) -> QueryResult<Vec<(FacilityId, i64)>> {
    let query = photos::table
        .inner_join(inspections::table.inner_join(facilities::table))
        .filter(is_owed())
        .filter(inspections::superseded_by.is_null())
        .filter(facilities::active.eq(true))
        .group_by(inspections::facility_id)
        .order(inspections::facility_id)
        .select((inspections::facility_id, count_star()));
    let rows: Vec<(Id, i64)> = match codes(scope) {
        None => query.load(conn)?,
        Some(codes) => query.filter(inspections::territory.eq_any(codes)).load(conn)?,
    };
    Ok(rows.into_iter().map(|(id, owed)| (FacilityId(id.0), owed)).collect())
}
