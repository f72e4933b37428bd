//! Who did what that must be accounted for. Rows are only added: the database itself
//! refuses to change or remove them, and notes each as pending until it is chained.

pub mod chain;

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{Instant, PersonId};

use super::Conn;
use super::outcome::{Page, one_more};
use super::schema::{audit_chain, audit_events};
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
    /// What, as a word such as `original_seen`.
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

impl Row {
    fn read(self) -> AuditEvent {
        AuditEvent {
            id: self.id.0,
            at: self.at.into(),
            actor: self.actor_id.map(|id| PersonId(id.0)),
            action: self.action,
            subject: self.subject,
            detail: self.detail,
        }
    }
}

/// The events of an action on these subjects, the oldest first. A few hundred subjects at most:
/// each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn of_subjects(
    conn: &mut Conn,
    action: &str,
    subjects: &[String],
) -> QueryResult<Vec<AuditEvent>> {
    let rows = audit_events::table
        .filter(audit_events::action.eq(action))
        .filter(audit_events::subject.eq_any(subjects))
        .order((audit_events::at, audit_events::id))
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Which events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this action.
    pub action: Option<String>,
    /// By this person.
    pub actor: Option<PersonId>,
    /// To this subject.
    pub subject: Option<String>,
    /// At this time or later.
    pub from: Option<Instant>,
    /// Before this time.
    pub until: Option<Instant>,
}

/// An event and its place in the chain, once it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// The event.
    pub event: AuditEvent,
    /// Its position in the chain and its hash.
    pub link: Option<(i64, String)>,
}

/// Events, newest first; those behind `after`, `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    filter: &AuditFilter,
    after: Option<(Instant, Uuid)>,
    limit: usize,
) -> QueryResult<Page<AuditRow>> {
    let link = audit_chain::table.on(audit_chain::event_id.eq(audit_events::id));
    let mut query = audit_events::table.left_join(link).into_boxed();
    if let Some(action) = &filter.action {
        query = query.filter(audit_events::action.eq(action));
    }
    if let Some(actor) = filter.actor {
        query = query.filter(audit_events::actor_id.eq(Some(Id(actor.0))));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(audit_events::subject.eq(subject));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_events::at.ge(Time::from(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(audit_events::at.lt(Time::from(until)));
    }
    if let Some((at, id)) = after {
        let at = Time::from(at);
        let earlier = audit_events::at.lt(at);
        query = query.filter(earlier.or(audit_events::at.eq(at).and(audit_events::id.lt(Id(id)))));
    }
    let rows: Vec<(Row, Option<(i64, String)>)> = query
        .select((audit_events::all_columns, (audit_chain::position, audit_chain::hash).nullable()))
        .order((audit_events::at.desc(), audit_events::id.desc()))
        .limit(one_more(limit))
        .load(conn)?;
    let rows = rows.into_iter().map(|(row, link)| AuditRow { event: row.read(), link });
    Ok(Page::of(rows.collect(), limit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, on_each};

    fn event(n: u128) -> AuditEvent {
        // Two of the same instant: the id decides.
        AuditEvent {
            id: Uuid::from_u128(n),
            at: at(i64::try_from(n / 2).unwrap()),
            actor: (n == 1).then(|| PersonId(Uuid::from_u128(9))),
            action: if n == 4 { "signed_in" } else { "facility_added" }.to_owned(),
            subject: format!("BT-000{n}"),
            detail: "{}".to_owned(),
        }
    }

    #[tokio::test]
    async fn events_are_listed_newest_first_and_each_once() {
        on_each(async |db| {
            db.write(|c| [2, 5, 1, 4, 3].iter().try_for_each(|n| append(c, &event(*n))))
                .await
                .unwrap();
            let seen = db
                .read(|c| {
                    let (mut seen, mut after) = (Vec::new(), None);
                    loop {
                        let page = list(c, &AuditFilter::default(), after, 2)?;
                        after = page.items.last().map(|row| (row.event.at, row.event.id));
                        seen.extend(page.items.into_iter().map(|row| row.event));
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

    #[tokio::test]
    async fn a_filter_leaves_what_it_names() {
        on_each(async |db| {
            db.write(|c| [1, 2, 3, 4, 5].iter().try_for_each(|n| append(c, &event(*n))))
                .await
                .unwrap();
            let none = AuditFilter::default;
            let table = [
                (AuditFilter { action: Some("signed_in".to_owned()), ..none() }, vec![4]),
                (AuditFilter { actor: event(1).actor, ..none() }, vec![1]),
                (AuditFilter { subject: Some("BT-0003".to_owned()), ..none() }, vec![3]),
                (AuditFilter { from: Some(at(2)), ..none() }, vec![5, 4]),
                (AuditFilter { until: Some(at(2)), ..none() }, vec![3, 2, 1]),
            ];
            for (filter, expected) in table {
                let asked = filter.clone();
                let found = db.read(move |c| list(c, &asked, None, 9)).await.unwrap();
                let found: Vec<_> = found.items.into_iter().map(|row| row.event).collect();
                assert_eq!(
                    found,
                    expected.into_iter().map(event).collect::<Vec<_>>(),
                    "{filter:?}"
                );
            }
        })
        .await;
    }
}
