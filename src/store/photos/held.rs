//! How much the photo store holds.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use crate::store::Conn;
use crate::store::schema::photos;

/// Bytes of the photos that are held, as they came; one that a correction shares counts with
/// each visit that lists it.
///
/// # Errors
/// Those of the database.
pub fn held_bytes(conn: &mut Conn) -> QueryResult<i64> {
    // In the text, not as a bound value: only so does SQLite see that the index answers.
    let held = photos::table.filter(sql::<Bool>("photos.state = 'stored'"));
    let sum = sql::<BigInt>("CAST(COALESCE(SUM(photos.bytes), 0) AS bigint)");
    held.select(sum).first(conn)
}
