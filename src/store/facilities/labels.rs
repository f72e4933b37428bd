//! The active centres as metrics name them: by codes alone. They are read anew only where a
//! centre was added or changed.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use vigila_core::domain::{FacilityId, FacilityKind, Territory};

use crate::store::Conn;
use crate::store::outcome::unreadable;
use crate::store::schema::facilities;
use crate::store::types::Id;

/// A centre by its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its id.
    pub id: FacilityId,
    /// Its permanent code.
    pub code: String,
    /// Its territory.
    pub territory: Territory,
    /// Its kind.
    pub kind: FacilityKind,
}

/// Which state of all centres: how many there are, and the sum of their revisions. None is
/// ever deleted and revisions only rise, so that no two states have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State(i64, i64);

/// The active centres by code, unless all centres are still as they were at `known`.
///
/// # Errors
/// Those of the database.
pub fn labels_since(
    conn: &mut Conn,
    known: Option<State>,
) -> QueryResult<Option<(State, Vec<Label>)>> {
    let sum = sql::<BigInt>("CAST(COALESCE(SUM(revision), 0) AS bigint)");
    let (count, revisions) =
        facilities::table.select((diesel::dsl::count_star(), sum)).first::<(i64, i64)>(conn)?;
    let state = State(count, revisions);
    if known == Some(state) {
        return Ok(None);
    }
    let rows: Vec<(Id, String, String, String)> = facilities::table
        .filter(facilities::active.eq(true))
        .order((facilities::code, facilities::id))
        .select((facilities::id, facilities::code, facilities::territory, facilities::kind))
        .load(conn)?;
    let read = rows.into_iter().map(|(id, code, territory, kind)| {
        Ok(Label {
            id: FacilityId(id.0),
            code,
            territory: territory.parse().map_err(unreadable)?,
            kind: kind.parse().map_err(unreadable)?,
        })
    });
    Ok(Some((state, read.collect::<QueryResult<_>>()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::facilities::{insert, update};
    use crate::store::testing::{at, facility, on_each};
    use crate::store::{Insert, Update};

    #[tokio::test]
    async fn labels_are_read_again_when_a_centre_comes_changes_or_closes() {
        on_each(async |db| {
            let known = db.read(|c| labels_since(c, None)).await.unwrap().unwrap();
            assert_eq!(known.1, []);
            let one = facility("BT-0001");
            let added = one.clone();
            assert_eq!(db.write(move |c| insert(c, &added, at(0))).await.unwrap(), Insert::Done);
            let state = known.0;
            let known = db.read(move |c| labels_since(c, Some(state))).await.unwrap().unwrap();
            assert_eq!(known.1.len(), 1);
            assert_eq!((known.1[0].code.as_str(), known.1[0].id), ("BT-0001", one.id));
            let state = known.0;
            assert_eq!(db.read(move |c| labels_since(c, Some(state))).await.unwrap(), None);
            let mut closed = one;
            closed.active = false;
            let done = db.write(move |c| update(c, &closed, at(1))).await.unwrap();
            assert_eq!(done, Update::Done { revision: 2 });
            let known = db.read(move |c| labels_since(c, Some(state))).await.unwrap().unwrap();
            assert_eq!(known.1, []);
        })
        .await;
    }
}
