//! Which centres changed, one row a write: what processes that remember pictures of centres
//! ask before they show one. What a picture is, others know.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{FacilityId, Instant, Territory};

use super::Conn;
use super::outcome::unreadable;
use super::schema::facility_changes;
use super::types::{Id, Time};

/// One change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Its id: the same change is read more than once.
    pub id: Uuid,
    /// The centre that changed.
    pub facility: FacilityId,
    /// Its territory.
    pub territory: Territory,
}

/// Notes that a centre changed.
pub(super) fn note(conn: &mut Conn, facility: Id, territory: &str, at: Instant) -> QueryResult<()> {
    let row = (
        facility_changes::id.eq(Id(Uuid::now_v7())),
        facility_changes::at.eq(Time::from(at)),
        facility_changes::facility_id.eq(facility),
        facility_changes::territory.eq(territory),
    );
    diesel::insert_into(facility_changes::table).values(row).execute(conn).map(|_| ())
}

/// The changes noted at `at` or later, in no order.
///
/// # Errors
/// Those of the database.
pub fn since(conn: &mut Conn, at: Instant) -> QueryResult<Vec<Change>> {
    let rows: Vec<(Id, Id, String)> = facility_changes::table
        .filter(facility_changes::at.ge(Time::from(at)))
        .select((facility_changes::id, facility_changes::facility_id, facility_changes::territory))
        .load(conn)?;
    let read = rows.into_iter().map(|(id, facility, territory)| {
        Ok(Change {
            id: id.0,
            facility: FacilityId(facility.0),
            territory: territory.parse().map_err(unreadable)?,
        })
    });
    read.collect()
}

/// Forgets the changes noted before `at`.
///
/// # Errors
/// Those of the database.
pub fn sweep(conn: &mut Conn, at: Instant) -> QueryResult<usize> {
    let old = facility_changes::table.filter(facility_changes::at.lt(Time::from(at)));
    diesel::delete(old).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::inspections::testing::Visits;
    use crate::store::testing::{at, on_each};

    #[tokio::test]
    async fn each_visit_taken_in_leaves_a_change_until_it_is_swept() {
        on_each(async |db| {
            let visits = Visits::new(&db).await;
            visits.add("CAS-COLL", 100).await;
            visits.add("CAS-COLL", 200).await;
            let centre = (visits.facility.id, visits.facility.territory);
            for (from, expected) in [(0, 2), (110, 2), (111, 1), (211, 0)] {
                let found = db.read(move |c| since(c, at(from))).await.unwrap();
                assert_eq!(found.len(), expected, "from {from}");
                assert!(found.iter().all(|change| (change.facility, change.territory) == centre));
            }
            assert_eq!(db.write(|c| sweep(c, at(111))).await.unwrap(), 1);
            assert_eq!(db.read(|c| since(c, at(0))).await.unwrap().len(), 1);
        })
        .await;
    }
}
