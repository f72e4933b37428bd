//! What the search for files that no row names must know: how far it is, and which files rows
//! name. Knows no file.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{Day, InspectionId, Sha256};

use crate::store::connection::each;
use crate::store::schema::{inspections, photo_sweep, photos};
use crate::store::types::{Date, Id};
use crate::store::{Conn, uploads};

/// The only row there is.
const ROW: i32 = 1;

/// How far the search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sweep {
    /// Whose the photo store is.
    pub owner: Uuid,
    /// The last day that was searched.
    pub swept_until: Day,
}

/// How far the search is; where it never began, it begins after `swept_until`.
///
/// # Errors
/// Those of the database.
pub fn find_or_begin(conn: &mut Conn, begin: Sweep) -> QueryResult<Sweep> {
    let row = (
        photo_sweep::id.eq(ROW),
        photo_sweep::owner.eq(Id(begin.owner)),
        photo_sweep::swept_until.eq(Date(begin.swept_until)),
    );
    each!(conn, |c| diesel::insert_into(photo_sweep::table)
        .values(row)
        .on_conflict(photo_sweep::id)
        .do_nothing()
        .execute(c))?;
    let found = photo_sweep::table.find(ROW);
    let found = found.select((photo_sweep::owner, photo_sweep::swept_until));
    let (owner, until): (Id, Date) = found.first(conn)?;
    Ok(Sweep { owner: owner.0, swept_until: until.0 })
}

/// A day was searched.
///
/// # Errors
/// Those of the database.
pub fn set_swept(conn: &mut Conn, day: Day) -> QueryResult<()> {
    let earlier = photo_sweep::table.find(ROW).filter(photo_sweep::swept_until.lt(Date(day)));
    let set = photo_sweep::swept_until.eq(Date(day));
    diesel::update(earlier).set(set).execute(conn).map(|_| ())
}

/// Every key that a row names of a photo that came under this inspection: its own and its
/// family's, and the parts of uploads.
///
/// # Errors
/// Those of the database.
pub fn named_keys(
    conn: &mut Conn,
    inspection: InspectionId,
    sha256: &Sha256,
) -> QueryResult<Vec<String>> {
    let root = inspections::table.find(Id(inspection.0)).select(inspections::root);
    let Some(root) = root.first::<Id>(conn).optional()? else { return Ok(Vec::new()) };
    let rows: Vec<(Option<String>, Option<String>, Option<String>)> = photos::table
        .inner_join(inspections::table)
        .filter(inspections::root.eq(root))
        .filter(photos::sha256.eq(sha256.as_str()))
        .select((photos::original_key, photos::display_key, photos::thumbnail_key))
        .load(conn)?;
    let mut keys = uploads::parts_of_photo(conn, inspection, sha256)?;
    keys.extend(rows.into_iter().flat_map(|(one, two, three)| [one, two, three]).flatten());
    Ok(keys)
}
