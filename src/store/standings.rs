//! The pictures of centres as they were last drawn, and up to which change they hold what
//! happened. What a picture is, others know; here it is a text. Whoever writes says on which
//! generation of the table it builds: of two that write at once, one does not.

use diesel::prelude::*;
use vigila_core::domain::{FacilityId, Instant};

use super::Conn;
use super::connection::each;
use super::schema::{facility_standings, standing_mark};
use super::types::{Id, Time};

/// How far the pictures go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Raised by every write; 0 where nothing was ever written.
    pub generation: i64,
    /// They hold the changes noted before.
    pub at: Instant,
    /// How they were drawn.
    pub drawn_by: String,
}

/// What to write.
#[derive(Debug, Clone)]
pub struct Keep {
    /// The generation that the writer built on.
    pub generation: i64,
    /// What the mark says afterwards; none: what it said before.
    pub at: Option<Instant>,
    /// How the pictures were drawn.
    pub drawn_by: String,
    /// Whether all earlier pictures go.
    pub wipe: bool,
    /// The new picture of each of these centres, or that it has none. A few hundred at most:
    /// each id is a bound value.
    pub pictures: Vec<(FacilityId, Option<String>)>,
}

/// The mark; none where nothing was ever written.
///
/// # Errors
/// Those of the database.
pub fn mark(conn: &mut Conn) -> QueryResult<Option<Mark>> {
    let row: Option<(i64, Time, String)> = standing_mark::table
        .find(1)
        .select((standing_mark::generation, standing_mark::at, standing_mark::drawn_by))
        .first(conn)
        .optional()?;
    Ok(row.map(|(generation, at, drawn_by)| Mark { generation, at: at.into(), drawn_by }))
}

/// All pictures, in no order.
///
/// # Errors
/// Those of the database.
pub fn pictures(conn: &mut Conn) -> QueryResult<Vec<(FacilityId, String)>> {
    let rows: Vec<(Id, String)> = facility_standings::table.load(conn)?;
    Ok(rows.into_iter().map(|(id, picture)| (FacilityId(id.0), picture)).collect())
}

/// Writes pictures; false where somebody else wrote since that generation, and nothing
/// changed.
///
/// # Errors
/// Those of the database.
pub fn keep(conn: &mut Conn, keep: &Keep) -> QueryResult<bool> {
    if !raise(conn, keep)? {
        return Ok(false);
    }
    let ids = keep.pictures.iter().map(|(id, _)| Id(id.0));
    if keep.wipe {
        diesel::delete(facility_standings::table).execute(conn)?;
    } else {
        let ids: Vec<Id> = ids.collect();
        let replaced =
            facility_standings::table.filter(facility_standings::facility_id.eq_any(ids));
        diesel::delete(replaced).execute(conn)?;
    }
    let rows = keep.pictures.iter().filter_map(|(id, picture)| {
        let row = (
            facility_standings::facility_id.eq(Id(id.0)),
            facility_standings::picture.eq(picture.as_ref()?),
        );
        Some(row)
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        each!(conn, |c| diesel::insert_into(facility_standings::table).values(&rows).execute(c))?;
    }
    Ok(true)
}

/// Moves the mark one generation on, if it is still where the writer saw it.
fn raise(conn: &mut Conn, keep: &Keep) -> QueryResult<bool> {
    let next = standing_mark::generation.eq(keep.generation + 1);
    let drawn_by = standing_mark::drawn_by.eq(&keep.drawn_by);
    if keep.generation == 0 {
        // Before the first write there is no earlier time to leave.
        let Some(at) = keep.at else { return Ok(false) };
        let row = (standing_mark::id.eq(1), next, standing_mark::at.eq(Time::from(at)), drawn_by);
        let made = each!(conn, |c| diesel::insert_into(standing_mark::table)
            .values(row)
            .on_conflict(standing_mark::id)
            .do_nothing()
            .execute(c))?;
        return Ok(made > 0);
    }
    let seen = standing_mark::table.filter(standing_mark::generation.eq(keep.generation));
    let at = keep.at.map(|at| standing_mark::at.eq(Time::from(at)));
    let moved = diesel::update(seen).set((next, at, drawn_by)).execute(conn)?;
    Ok(moved > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::facilities;
    use crate::store::testing::{at, facility, on_each};

    fn write(generation: i64, at: Option<Instant>, pictures: &[(FacilityId, &str)]) -> Keep {
        let pictures = pictures
            .iter()
            .map(|(id, text)| (*id, Some((*text).to_owned()).filter(|text| !text.is_empty())));
        let pictures = pictures.collect();
        Keep { generation, at, drawn_by: "hand".to_owned(), wipe: false, pictures }
    }

    #[tokio::test]
    async fn of_two_that_build_on_one_generation_one_writes() {
        on_each(async |db| {
            let centres = [facility("BT-0001"), facility("BT-0002")];
            let ids = centres.clone().map(|centre| centre.id);
            let added = db.write(move |c| {
                centres.iter().try_for_each(|f| facilities::insert(c, f, at(0)).map(|_| ()))
            });
            added.await.unwrap();
            let kept = async |what: Keep| db.write(move |c| keep(c, &what)).await.unwrap();
            let seen = async || db.read(|c| Ok((mark(c)?, pictures(c)?))).await.unwrap();
            assert_eq!(seen().await, (None, vec![]));
            assert!(!kept(write(1, Some(at(5)), &[(ids[0], "a")])).await, "no such generation");
            let first = write(0, Some(at(5)), &[(ids[0], "a"), (ids[1], "b")]);
            assert!(kept(first.clone()).await);
            assert!(!kept(first).await, "somebody was first");
            assert!(kept(write(1, None, &[(ids[0], "c"), (ids[1], "")])).await);
            let mark = |generation, second| {
                Some(Mark { generation, at: at(second), drawn_by: "hand".to_owned() })
            };
            assert_eq!(seen().await, (mark(2, 5), vec![(ids[0], "c".to_owned())]));
            let wiped = Keep { wipe: true, ..write(2, Some(at(9)), &[(ids[1], "d")]) };
            assert!(kept(wiped).await);
            assert_eq!(seen().await, (mark(3, 9), vec![(ids[1], "d".to_owned())]));
            assert!(kept(write(3, Some(at(10)), &[])).await);
            assert_eq!(seen().await.0, mark(4, 10));
        })
        .await;
    }
}
