//! Who has an account, and what an admin or an operator does about them. Needs only the
//! database and the place for passwords, so that the commands work while checklists or
//! photos do not.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vigila_core::documents::{FaultCode, Faults, Pointer};
use vigila_core::domain::{Instant, PersonId, Role, Territory, Username};

use super::accounts::new_token;
use super::audit::{self, Event};
use super::passwords::LEAST_LENGTH;
use super::{App, Error, Passwords};
pub use crate::store::people::Person;
use crate::store::sessions::{Session, SessionKind};
use crate::store::{Conn, Db, Insert, Options, Page, QueryResult, Update, people, sessions};

/// Most characters of a password: more would only cost time to hash.
pub const MOST_LENGTH: usize = 1000;

/// The people of this installation.
#[derive(Clone)]
pub struct People {
    db: Db,
    passwords: Passwords,
}

/// Somebody to be added.
pub struct NewPerson {
    /// The name to sign in with.
    pub name: Username,
    /// What the person may do.
    pub role: Role,
    /// Where. An admin has every territory; those given wait for another role.
    pub territories: BTreeSet<Territory>,
    /// The password, 12 to 1000 characters.
    pub password: String,
}

/// What is to change of a person; what is absent stays.
#[derive(Default)]
pub struct PersonChange {
    /// Another role.
    pub role: Option<Role>,
    /// Other territories.
    pub territories: Option<BTreeSet<Territory>>,
    /// Whether the account is closed. Closing it ends the person's sessions.
    pub disabled: Option<bool>,
    /// A new password, 12 to 1000 characters. It ends the person's sessions.
    pub password: Option<String>,
}

/// What a transaction decided: done, or why not.
type Decided<T> = Result<T, Error>;

impl From<&App> for People {
    fn from(app: &App) -> Self {
        Self { db: app.db.clone(), passwords: app.passwords.clone() }
    }
}

impl People {
    /// Opens the database alone. Blocks.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open(database_url: &str) -> Result<Self, Error> {
        let db = Db::open(database_url, Options::default())?;
        Ok(Self { db, passwords: Passwords::new()? })
    }

    /// Closes the database that [`People::open`] opened.
    pub async fn close(&self) {
        self.db.shutdown().await;
    }

    /// Adds a person.
    ///
    /// # Errors
    /// [`Error::Faults`] at `/password` or `/territories`; [`Error::InUse`].
    pub async fn add(
        &self,
        actor: Option<PersonId>,
        new: NewPerson,
        now: Instant,
    ) -> Result<Person, Error> {
        let mut faults = Faults::default();
        check_password(&new.password, &mut faults);
        check_territories(new.role, &new.territories, &mut faults);
        faults.none().map_err(Error::Faults)?;
        let person = Person {
            id: PersonId(uuid::Uuid::now_v7()),
            name: new.name,
            role: new.role,
            territories: new.territories,
            password_hash: self.passwords.hash(new.password).await?,
            disabled: false,
            created_at: now,
            revision: 1,
        };
        let detail = json!({"role": person.role.as_str(), "territories": codes(&person)});
        let event = audit::event(now, actor, Event::PersonAdded, &person.id.to_string(), detail);
        let added = person.clone();
        let outcome = self.db.write(move |conn| {
            let outcome = people::insert(conn, &person)?;
            if outcome == Insert::Done {
                crate::store::audit::append(conn, &event)?;
            }
            Ok(outcome)
        });
        match outcome.await? {
            Insert::Done => Ok(added),
            Insert::Taken => Err(Error::InUse),
        }
    }

    /// People by name, then id; those behind `after`, `limit` of them at most.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn list(
        &self,
        after: Option<(Username, PersonId)>,
        limit: usize,
    ) -> Result<Page<Person>, Error> {
        Ok(self.db.read(move |conn| people::list(conn, after.as_ref(), limit)).await?)
    }

    /// The person of this name.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn find_by_name(&self, name: &Username) -> Result<Person, Error> {
        let name = name.clone();
        let found = self.db.read(move |conn| people::find_by_name(conn, &name)).await?;
        found.ok_or(Error::NotFound)
    }

    /// Changes a person; it counts from the next request. The last enabled admin can be
    /// neither closed nor given another role: nobody could undo it over the API.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Faults`] at `/password`, `/territories`, `/role` or
    /// `/disabled`.
    pub async fn change(
        &self,
        actor: Option<PersonId>,
        id: PersonId,
        change: PersonChange,
        now: Instant,
    ) -> Result<Person, Error> {
        let mut faults = Faults::default();
        if let Some(password) = &change.password {
            check_password(password, &mut faults);
        }
        faults.none().map_err(Error::Faults)?;
        let PersonChange { role, territories, disabled, password } = change;
        let password_hash = match password {
            Some(password) => Some(self.passwords.hash(password).await?),
            None => None,
        };
        let outcome = self.db.write(move |conn| {
            let Some(before) = people::find(conn, id)? else { return Ok(Err(Error::NotFound)) };
            let after = Person {
                role: role.unwrap_or(before.role),
                territories: territories.clone().unwrap_or_else(|| before.territories.clone()),
                disabled: disabled.unwrap_or(before.disabled),
                password_hash: password_hash
                    .clone()
                    .unwrap_or_else(|| before.password_hash.clone()),
                ..before.clone()
            };
            store_change(conn, actor, &before, after, now)
        });
        outcome.await?
    }

    /// Ends all sessions and tokens of a person; tells how many.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn end_sessions(
        &self,
        actor: Option<PersonId>,
        id: PersonId,
        now: Instant,
    ) -> Result<usize, Error> {
        let outcome = self.db.write(move |conn| {
            if people::find(conn, id)?.is_none() {
                return Ok(Err(Error::NotFound));
            }
            let ended = sessions::delete_of_person(conn, id)?;
            let detail = json!({"ended": ended});
            let event = audit::event(now, actor, Event::SessionsEnded, &id.to_string(), detail);
            crate::store::audit::append(conn, &event)?;
            Ok(Ok(ended))
        });
        outcome.await?
    }

    /// Makes a token that does not expire. It is told this once; ending the sessions of the
    /// person revokes it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] for a role other than scraper, because what
    /// never expires must not open more than `/metrics`.
    pub async fn make_token(&self, name: &Username, now: Instant) -> Result<String, Error> {
        let (token, token_hash) = new_token()?;
        let name = name.clone();
        let outcome = self.db.write(move |conn| {
            let Some(person) = people::find_by_name(conn, &name)? else {
                return Ok(Err(Error::NotFound));
            };
            if person.role != Role::Scraper {
                return Ok(Err(Error::Forbidden));
            }
            let session = Session {
                token_hash: token_hash.clone(),
                person_id: person.id,
                kind: SessionKind::Token,
                created_at: now,
                last_used_at: now,
                expires_at: None,
            };
            sessions::insert(conn, &session)?;
            let subject = person.id.to_string();
            let event = audit::event(now, None, Event::TokenMade, &subject, json!({}));
            crate::store::audit::append(conn, &event)?;
            Ok(Ok(()))
        });
        outcome.await??;
        Ok(token)
    }
}

/// The change in the transaction that read `before`, so that it is not stale.
fn store_change(
    conn: &mut Conn,
    actor: Option<PersonId>,
    before: &Person,
    mut after: Person,
    now: Instant,
) -> QueryResult<Decided<Person>> {
    if after == *before {
        return Ok(Ok(after));
    }
    let mut faults = Faults::default();
    check_territories(after.role, &after.territories, &mut faults);
    let was_admin = before.role == Role::Admin && !before.disabled;
    let stays_admin = after.role == Role::Admin && !after.disabled;
    if was_admin && !stays_admin && !people::has_another_admin(conn, before.id)? {
        let member = if after.disabled { "disabled" } else { "role" };
        faults.add(&Pointer::root().key(member), FaultCode::LastAdmin);
    }
    if let Err(faults) = faults.none() {
        return Ok(Err(Error::Faults(faults)));
    }
    match people::update(conn, &after)? {
        Update::Done { revision } => after.revision = revision,
        Update::Stale => return Ok(Err(Error::Busy)),
    }
    let new_password = after.password_hash != before.password_hash;
    let closed = after.disabled && !before.disabled;
    // A token that never expires opens /metrics and must not come to open more.
    let no_scraper = before.role == Role::Scraper && after.role != Role::Scraper;
    let mut ended = 0;
    if new_password || closed || no_scraper {
        ended = sessions::delete_of_person(conn, after.id)?;
    }
    let detail = difference(before, &after, ended);
    let event = audit::event(now, actor, Event::PersonChanged, &after.id.to_string(), detail);
    crate::store::audit::append(conn, &event)?;
    Ok(Ok(after))
}

/// What changed, for the audit trail; of a password only that it did.
fn difference(before: &Person, after: &Person, ended: usize) -> Value {
    let mut detail = serde_json::Map::new();
    if before.role != after.role {
        detail.insert("role".into(), json!(after.role.as_str()));
    }
    if before.territories != after.territories {
        detail.insert("territories".into(), codes(after));
    }
    if before.disabled != after.disabled {
        detail.insert("disabled".into(), json!(after.disabled));
    }
    if before.password_hash != after.password_hash {
        detail.insert("password".into(), json!("changed"));
    }
    if ended > 0 {
        detail.insert("sessions_ended".into(), json!(ended));
    }
    Value::Object(detail)
}

fn codes(person: &Person) -> Value {
    person.territories.iter().map(|territory| territory.code()).collect()
}

/// Notes at `/password` what a new password lacks.
pub fn check_password(password: &str, faults: &mut Faults) {
    let at = Pointer::root().key("password");
    let length = password.chars().count();
    if length < LEAST_LENGTH {
        faults.with(&at, FaultCode::WeakPassword, vec![LEAST_LENGTH.to_string()]);
    } else if length > MOST_LENGTH {
        let limits = vec![LEAST_LENGTH.to_string(), MOST_LENGTH.to_string()];
        faults.with(&at, FaultCode::BadLength, limits);
    }
    if password.contains('\0') {
        faults.add(&at, FaultCode::NullCharacter);
    }
}

fn check_territories(role: Role, territories: &BTreeSet<Territory>, faults: &mut Faults) {
    if role != Role::Admin && territories.is_empty() {
        faults.add(&Pointer::root().key("territories"), FaultCode::Required);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_measured_in_characters() {
        let faulty = |password: &str| {
            let mut faults = Faults::default();
            check_password(password, &mut faults);
            !faults.is_empty()
        };
        assert!(faulty("elevenchars") && !faulty("twelve chars"));
        assert!(!faulty(&"è".repeat(12)) && faulty(&"è".repeat(11)));
        assert!(!faulty(&"è".repeat(1000)) && faulty(&"è".repeat(1001)));
        assert!(faulty("a null\0 inside it"));
    }

    fn people(folder: &tempfile::TempDir) -> People {
        People::open(&format!("sqlite://{}/vigila.db", folder.path().display())).unwrap()
    }

    fn new(name: &str, role: Role, territories: &[&str]) -> NewPerson {
        NewPerson {
            name: name.parse().unwrap(),
            role,
            territories: territories.iter().map(|code| code.parse().unwrap()).collect(),
            password: "a long pass phrase".into(),
        }
    }

    fn faults<T>(outcome: Result<T, Error>) -> Vec<(String, FaultCode)> {
        match outcome {
            Err(Error::Faults(faults)) => {
                faults.into_iter().map(|f| (f.pointer.as_str().to_owned(), f.code)).collect()
            }
            Err(other) => panic!("{other}"),
            Ok(_) => Vec::new(),
        }
    }

    #[tokio::test]
    async fn the_last_enabled_admin_stays() {
        let folder = tempfile::tempdir().unwrap();
        let people = people(&folder);
        let now = crate::clock::now();
        let one = people.add(None, new("admin-1", Role::Admin, &[]), now).await.unwrap();
        let other = people.add(None, new("admin-2", Role::Admin, &["BT"]), now).await.unwrap();
        let close = || PersonChange { disabled: Some(true), ..Default::default() };
        let demote = || PersonChange {
            role: Some(Role::Viewer),
            territories: Some(["BT".parse().unwrap()].into()),
            ..Default::default()
        };
        people.change(None, one.id, close(), now).await.unwrap();
        let last = people.change(None, other.id, close(), now).await;
        assert_eq!(faults(last), [("/disabled".into(), FaultCode::LastAdmin)]);
        let last = people.change(None, other.id, demote(), now).await;
        assert_eq!(faults(last), [("/role".into(), FaultCode::LastAdmin)]);
        let open = PersonChange { disabled: Some(false), ..Default::default() };
        people.change(None, one.id, open, now).await.unwrap();
        let viewer = people.change(None, other.id, demote(), now).await.unwrap();
        assert_eq!((viewer.role, viewer.revision), (Role::Viewer, 2));
    }

    #[tokio::test]
    async fn every_other_role_has_a_territory() {
        let folder = tempfile::tempdir().unwrap();
        let people = people(&folder);
        let now = crate::clock::now();
        let outcome = people.add(None, new("monitor-1", Role::Monitor, &[]), now).await;
        assert_eq!(faults(outcome), [("/territories".into(), FaultCode::Required)]);
        let added = people.add(None, new("monitor-1", Role::Monitor, &["BT"]), now).await.unwrap();
        let again = people.add(None, new("monitor-1", Role::Admin, &[]), now).await;
        assert!(matches!(again, Err(Error::InUse)));
        let none = PersonChange { territories: Some(BTreeSet::new()), ..Default::default() };
        let outcome = people.change(None, added.id, none, now).await;
        assert_eq!(faults(outcome), [("/territories".into(), FaultCode::Required)]);
    }

    #[tokio::test]
    async fn a_token_is_for_scrapers_and_ends_with_the_sessions() {
        let folder = tempfile::tempdir().unwrap();
        let people = people(&folder);
        let now = crate::clock::now();
        let viewer = people.add(None, new("viewer-1", Role::Viewer, &["BT"]), now).await.unwrap();
        let refused = people.make_token(&viewer.name, now).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        let scraper =
            people.add(None, new("scraper-1", Role::Scraper, &["BT"]), now).await.unwrap();
        people.make_token(&scraper.name, now).await.unwrap();
        people.make_token(&scraper.name, now).await.unwrap();
        assert_eq!(people.end_sessions(None, scraper.id, now).await.unwrap(), 2);
        assert_eq!(people.end_sessions(None, scraper.id, now).await.unwrap(), 0);
        people.make_token(&scraper.name, now).await.unwrap();
        let viewer = PersonChange { role: Some(Role::Viewer), ..Default::default() };
        people.change(None, scraper.id, viewer, now).await.unwrap();
        assert_eq!(people.end_sessions(None, scraper.id, now).await.unwrap(), 0, "it ended");
    }
}
