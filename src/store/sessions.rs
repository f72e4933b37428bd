//! What people and machines are signed in with: sessions, which end, and tokens for
//! scrapers, which do not. The token itself is never here, only its SHA-256. Time is told,
//! never asked.

use diesel::prelude::*;
use vigila_core::domain::{Instant, PersonId};

use super::Conn;
use super::outcome::unreadable;
use super::people::{self, Person};
use super::schema;
use super::schema::sessions;
use super::types::{Id, Time};

/// Which of the two a token opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    /// Somebody signed in; ends some time after its last use.
    Session,
    /// Printed by an operator for a machine; lives until it is revoked.
    Token,
}

impl SessionKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Token => "token",
        }
    }
}

/// Not a kind of session; only a row of a later version can hold one.
#[derive(Debug, thiserror::Error)]
#[error("a session has a kind that this version does not know")]
struct UnknownKind;

/// An open door for one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token, in lower-case hexadecimal.
    pub token_hash: String,
    /// Whose it is.
    pub person_id: PersonId,
    /// Which kind.
    pub kind: SessionKind,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used, as far as that was written down.
    pub last_used_at: Instant,
    /// When it ends; never, when absent.
    pub expires_at: Option<Instant>,
}

impl Session {
    /// Whether it has ended.
    #[must_use]
    pub fn has_expired(&self, now: Instant) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false)]
struct Row {
    token_hash: String,
    person_id: Id,
    kind: String,
    created_at: Time,
    last_used_at: Time,
    expires_at: Option<Time>,
}

impl Row {
    fn read(self) -> QueryResult<Session> {
        let kinds = [SessionKind::Session, SessionKind::Token];
        let kind = kinds.into_iter().find(|kind| kind.as_str() == self.kind);
        Ok(Session {
            token_hash: self.token_hash,
            person_id: PersonId(self.person_id.0),
            kind: kind.ok_or_else(|| unreadable(UnknownKind))?,
            created_at: self.created_at.into(),
            last_used_at: self.last_used_at.into(),
            expires_at: self.expires_at.map(Into::into),
        })
    }
}

/// Opens a session.
///
/// # Errors
/// Those of the database; a person who is not there among them.
pub fn insert(conn: &mut Conn, session: &Session) -> QueryResult<()> {
    let row = Row {
        token_hash: session.token_hash.clone(),
        person_id: Id(session.person_id.0),
        kind: session.kind.as_str().to_owned(),
        created_at: session.created_at.into(),
        last_used_at: session.last_used_at.into(),
        expires_at: session.expires_at.map(Into::into),
    };
    diesel::insert_into(sessions::table).values(&row).execute(conn)?;
    Ok(())
}

/// The session of this token and its person, ended or not, disabled or not: the caller
/// looks at both.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, token_hash: &str) -> QueryResult<Option<(Session, Person)>> {
    let found = sessions::table
        .inner_join(schema::people::table)
        .filter(sessions::token_hash.eq(token_hash))
        .first::<(Row, people::Row)>(conn)
        .optional()?;
    found.map(|(session, person)| Ok((session.read()?, person.read()?))).transpose()
}

/// Notes that a session was used, and until when it now lives. Never moves back, so of two
/// requests at once the later one counts. False when the session is gone or was used later.
///
/// # Errors
/// Those of the database.
pub fn touch(
    conn: &mut Conn,
    token_hash: &str,
    used_at: Instant,
    expires_at: Option<Instant>,
) -> QueryResult<bool> {
    let used_at = Time::from(used_at);
    let earlier = sessions::table.find(token_hash).filter(sessions::last_used_at.lt(used_at));
    let rows = diesel::update(earlier)
        .set((
            sessions::last_used_at.eq(used_at),
            sessions::expires_at.eq(expires_at.map(Time::from)),
        ))
        .execute(conn)?;
    Ok(rows > 0)
}

/// Ends a session. False when there was none.
///
/// # Errors
/// Those of the database.
pub fn delete(conn: &mut Conn, token_hash: &str) -> QueryResult<bool> {
    Ok(diesel::delete(sessions::table.find(token_hash)).execute(conn)? > 0)
}

/// Ends all sessions and tokens of a person; tells how many.
///
/// # Errors
/// Those of the database.
pub fn delete_of_person(conn: &mut Conn, id: PersonId) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::person_id.eq(Id(id.0)))).execute(conn)
}

/// Removes what has ended by `now`; tells how many.
///
/// # Errors
/// Those of the database.
pub fn purge_expired(conn: &mut Conn, now: Instant) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(Time::from(now)))).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, on_each, person};

    fn session(token_hash: &str, whose: &Person, ends: Option<i64>) -> Session {
        Session {
            token_hash: token_hash.to_owned(),
            person_id: whose.id,
            kind: if ends.is_some() { SessionKind::Session } else { SessionKind::Token },
            created_at: at(0),
            last_used_at: at(0),
            expires_at: ends.map(at),
        }
    }

    #[tokio::test]
    async fn a_session_leads_to_its_person_until_it_ends() {
        on_each(async |db| {
            db.write(|c| {
                let (one, other) = (person("monitor-1"), person("monitor-2"));
                assert_eq!(people::insert(c, &one)?, crate::store::Insert::Done);
                assert_eq!(people::insert(c, &other)?, crate::store::Insert::Done);
                insert(c, &session("a", &one, Some(10)))?;
                insert(c, &session("b", &one, None))?;
                insert(c, &session("c", &other, Some(20)))?;
                insert(c, &session("d", &other, Some(30)))?;

                let (found, whose) = find(c, "a")?.unwrap();
                assert_eq!((found.kind, whose), (SessionKind::Session, one.clone()));
                assert!(!found.has_expired(at(9)) && found.has_expired(at(10)));
                let (found, _) = find(c, "b")?.unwrap();
                assert_eq!(
                    (found.kind, found.has_expired(at(1_000_000))),
                    (SessionKind::Token, false)
                );
                assert!(find(c, "x")?.is_none());

                assert_eq!(purge_expired(c, at(10))?, 1, "a, which ended just then");
                assert!(find(c, "a")?.is_none());
                assert!(delete(c, "c")?);
                assert!(!delete(c, "c")?);
                assert_eq!(delete_of_person(c, one.id)?, 1);
                assert!(find(c, "b")?.is_none() && find(c, "d")?.is_some());
                Ok(())
            })
            .await
            .unwrap();
        })
        .await;
    }

    #[tokio::test]
    async fn use_moves_the_end_and_never_back() {
        on_each(async |db| {
            db.write(|c| {
                let one = person("monitor-1");
                assert_eq!(people::insert(c, &one)?, crate::store::Insert::Done);
                insert(c, &session("a", &one, Some(10)))?;
                assert!(touch(c, "a", at(5), Some(at(15)))?);
                assert!(!touch(c, "a", at(4), Some(at(14)))?);
                assert!(!touch(c, "x", at(5), None)?);
                let (found, _) = find(c, "a")?.unwrap();
                assert_eq!((found.last_used_at, found.expires_at), (at(5), Some(at(15))));
                Ok(())
            })
            .await
            .unwrap();
        })
        .await;
    }
}
