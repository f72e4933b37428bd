//! Who did what that must be accounted for. Rows are only added: the database itself
//! refuses to change or remove them.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{Instant, PersonId};

use super::Conn;
use super::outcome::{Page, one_more};
use super::schema::audit_events;
use super::types::{Id, Time};

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// A UUIDv7, so that events of the same instant have an order.
    pub id: Uuid,
    /// When.
    pub at: Instant,
    /// By whom; the service itself or an operator's command, when absent.
    pub actor: Option<PersonId>,
    /// What, as a word such as `photo.original.read`.
    pub action: String,
    /// To what, such as an inspection's id.
    pub subject: String,
    /// What else is to be known, as a JSON object.
    pub detail: String,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    at: Time,
    actor_id: Option<Id>,
    action: String,
    subject: String,
    detail: String,
}

/// Adds an event, in the transaction of what it tells of.
///
/// # Errors
/// Those of the database.
pub fn append(conn: &mut Conn, event: &AuditEvent) -> QueryResult<()> {
    let row = Row {
        id: Id(event.id),
        at: event.at.into(),
        actor_id: event.actor.map(|actor| Id(actor.0)),
        action: event.action.clone(),
        subject: event.subject.clone(),
        detail: event.detail.clone(),
    };
    diesel::insert_into(audit_events::table).values(&row).execute(conn)?;
    Ok(())
}

/// Events, newest first; those behind `after`, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    after: Option<(Instant, Uuid)>,
    limit: usize,
) -> QueryResult<Page<AuditEvent>> {
    let mut query = audit_events::table.into_boxed();
    if let Some((at, id)) = after {
        let at = Time::from(at);
        let earlier = audit_events::at.lt(at);
        query = query.filter(earlier.or(audit_events::at.eq(at).and(audit_events::id.lt(Id(id)))));
    }
    let rows = query
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(one_more(limit))
        .load::<Row>(conn)?;
    let events = rows.into_iter().map(|row| AuditEvent {
        id: row.id.0,
        at: row.at.into(),
        actor: row.actor_id.map(|id| PersonId(id.0)),
        action: row.action,
        subject: row.subject,
        detail: row.detail,
    });
    Ok(Page::of(events.collect(), limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, on_each};

    #[tokio::test]
    async fn events_are_listed_newest_first_and_each_once() {
        on_each(async |db| {
            // Two of the same instant: the id decides.
            let event = |n: u128| AuditEvent {
                id: Uuid::from_u128(n),
                at: at(i64::try_from(n / 2).unwrap()),
                actor: (n == 1).then(|| PersonId(Uuid::from_u128(9))),
                action: "facility.create".to_owned(),
                subject: "BT-0001".to_owned(),
                detail: "{}".to_owned(),
            };
            db.write(move |c| [2, 5, 1, 4, 3].iter().try_for_each(|n| append(c, &event(*n))))
                .await
                .unwrap();
            let seen = db
                .read(|c| {
                    let (mut seen, mut after) = (Vec::new(), None);
                    loop {
                        let page = list(c, after, 2)?;
                        after = page.items.last().map(|e| (e.at, e.id));
                        seen.extend(page.items);
                        if !page.more {
                            return Ok(seen);
                        }
                    }
                })
                .await
                .unwrap();
            assert_eq!(seen, [5, 4, 3, 2, 1].map(event));
        })
        .await;
    }
}
