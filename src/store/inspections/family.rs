//! A family is an inspection and all that corrects it, over any number of steps. The one
//! received last counts; the others name it.

use diesel::prelude::*;
use vigila_core::domain::InspectionId;

use crate::store::Conn;
use crate::store::schema::inspections;
use crate::store::types::Id;

/// The first of the family of an inspection, if there is such an inspection.
pub(super) fn root_of(conn: &mut Conn, id: InspectionId) -> QueryResult<Option<Id>> {
    inspections::table.find(Id(id.0)).select(inspections::root).first(conn).optional()
}

/// Lets the one received last count, the id deciding between equals. It goes by the rows
/// that are there, not by what was just added: a correction can be overtaken.
pub(super) fn decide(conn: &mut Conn, root: Id) -> QueryResult<()> {
    let family = inspections::table.filter(inspections::root.eq(root));
    let last: Id = family
        .order((inspections::received_at.desc(), inspections::id.desc()))
        .select(inspections::id)
        .first(conn)?;
    diesel::update(family.filter(inspections::id.ne(last)))
        .set(inspections::superseded_by.eq(Some(last)))
        .execute(conn)?;
    diesel::update(inspections::table.find(last))
        .set(inspections::superseded_by.eq(None::<Id>))
        .execute(conn)?;
    Ok(())
}
