//! The chain of the audit trail: which events wait, the links there are, and adding more at
//! the end. What a link's hash is made of, others know.

use diesel::dsl::{exists, not};
use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::Instant;

use super::{AuditEvent, Row};
use crate::store::Conn;
use crate::store::connection::each;
use crate::store::schema::{audit_chain, audit_events, audit_pending};
use crate::store::types::{Id, Time};

/// One link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its place, from 1.
    pub position: i64,
    /// The event that it holds fast.
    pub event: Uuid,
    /// The hash of the link before.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_chain)]
struct LinkRow {
    position: i64,
    event_id: Id,
    previous: String,
    hash: String,
}

impl LinkRow {
    fn of(link: &Link) -> Self {
        Self {
            position: link.position,
            event_id: Id(link.event),
            previous: link.previous.clone(),
            hash: link.hash.clone(),
        }
    }

    fn read(self) -> Link {
        Link {
            position: self.position,
            event: self.event_id.0,
            previous: self.previous,
            hash: self.hash,
        }
    }
}

/// What became of new links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Extended {
    /// They are the end of the chain now.
    Done,
    /// The chain had grown meanwhile; nothing changed.
    Outrun,
}

/// The last link, if there is one.
///
/// # Errors
/// Those of the database.
pub fn head(conn: &mut Conn) -> QueryResult<Option<Link>> {
    let last = audit_chain::table.order(audit_chain::position.desc()).first::<LinkRow>(conn);
    Ok(last.optional()?.map(LinkRow::read))
}

/// The link at a position.
///
/// # Errors
/// Those of the database.
pub fn at(conn: &mut Conn, position: i64) -> QueryResult<Option<Link>> {
    let found = audit_chain::table.find(position).first::<LinkRow>(conn).optional()?;
    Ok(found.map(LinkRow::read))
}

/// Whether an event waits to be chained.
///
/// # Errors
/// Those of the database.
pub fn is_pending(conn: &mut Conn) -> QueryResult<bool> {
    let one = audit_pending::table.select(audit_pending::event_id).first::<Id>(conn).optional()?;
    Ok(one.is_some())
}

/// The events that wait, the oldest first, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn pending(conn: &mut Conn, limit: usize) -> QueryResult<Vec<AuditEvent>> {
    let waits = audit_pending::table.on(audit_pending::event_id.eq(audit_events::id));
    let rows: Vec<Row> = audit_events::table
        .inner_join(waits)
        .select(audit_events::all_columns)
        .order((audit_events::at, audit_events::id))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Adds links to the end of the chain and takes their events off those that wait. `links` are
/// in order, the first one behind the head that they were made for.
///
/// # Errors
/// Those of the database; `RollbackTransaction` where an event does not wait (any more).
pub fn extend(conn: &mut Conn, links: &[Link]) -> QueryResult<Extended> {
    let Some(first) = links.first() else { return Ok(Extended::Done) };
    let end = head(conn)?.map_or(0, |link| link.position);
    if end + 1 != first.position {
        return Ok(Extended::Outrun);
    }
    let rows: Vec<_> = links.iter().map(LinkRow::of).collect();
    let events: Vec<_> = links.iter().map(|link| Id(link.event)).collect();
    each!(conn, |c| diesel::insert_into(audit_chain::table).values(&rows).execute(c))?;
    let waited = audit_pending::table.filter(audit_pending::event_id.eq_any(events));
    if diesel::delete(waited).execute(conn)? != links.len() {
        return Err(diesel::result::Error::RollbackTransaction);
    }
    Ok(Extended::Done)
}

/// The links behind `position` up to `end`, in order, `limit` of them at most, each with its
/// event if that is there.
///
/// # Errors
/// Those of the database.
pub fn links(
    conn: &mut Conn,
    position: i64,
    end: i64,
    limit: usize,
) -> QueryResult<Vec<(Link, Option<AuditEvent>)>> {
    let event = audit_events::table.on(audit_events::id.eq(audit_chain::event_id));
    let rows: Vec<(LinkRow, Option<Row>)> = audit_chain::table
        .left_join(event)
        .filter(audit_chain::position.gt(position))
        .filter(audit_chain::position.le(end))
        .select((audit_chain::all_columns, audit_events::all_columns.nullable()))
        .order(audit_chain::position)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?;
    let read = rows.into_iter().map(|(link, event)| (link.read(), event.map(Row::read)));
    Ok(read.collect())
}

/// Events on the way into the chain, and those that never will get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// How many wait.
    pub count: i64,
    /// The one that has waited longest, and since when.
    pub oldest: Option<(Uuid, Instant)>,
    /// An event that waits and is not there.
    pub gone: Option<Uuid>,
    /// An event that is neither chained nor waits.
    pub loose: Option<Uuid>,
}

/// What waits, and what should and does not. The database looks through all events once; no
/// more than one row of each kind comes out.
///
/// # Errors
/// Those of the database.
pub fn waiting(conn: &mut Conn) -> QueryResult<Waiting> {
    let count = audit_pending::table.count().get_result(conn)?;
    let oldest: Option<(Id, Time)> = audit_events::table
        .inner_join(audit_pending::table.on(audit_pending::event_id.eq(audit_events::id)))
        .select((audit_events::id, audit_events::at))
        .order((audit_events::at, audit_events::id))
        .first(conn)
        .optional()?;
    let event = audit_events::table.filter(audit_events::id.eq(audit_pending::event_id));
    let gone: Option<Id> = audit_pending::table
        .filter(not(exists(event)))
        .select(audit_pending::event_id)
        .first(conn)
        .optional()?;
    let chained = audit_chain::table.filter(audit_chain::event_id.eq(audit_events::id));
    let waits = audit_pending::table.filter(audit_pending::event_id.eq(audit_events::id));
    let loose: Option<Id> = audit_events::table
        .filter(not(exists(chained)))
        .filter(not(exists(waits)))
        .select(audit_events::id)
        .order((audit_events::at, audit_events::id))
        .first(conn)
        .optional()?;
    Ok(Waiting {
        count,
        oldest: oldest.map(|(id, at)| (id.0, at.into())),
        gone: gone.map(|id| id.0),
        loose: loose.map(|id| id.0),
    })
}
