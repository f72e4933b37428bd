//! Signing in and out, and knowing who a token is.

use std::net::Ipv6Addr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vigila_core::documents::json;
use vigila_core::domain::{Instant, PersonId, Username};

use super::audit::{self, Event};
use super::{Actor, App, Error};
use crate::store::people::Person;
use crate::store::sessions::{Session, SessionKind};
use crate::store::{Conn, QueryResult, people, sessions, throttle};

/// Days that a session lives from its last use.
const SESSION_DAYS: i64 = 30;
/// Failures in a row from which an account or an address is slowed down.
const FREE_FAILURES: i32 = 10;
/// Minutes without a failure after which those of an account are forgotten.
const NAME_MINUTES: i64 = 1440;
/// The same of an address; sooner, because a whole office may stand behind one.
const ADDRESS_MINUTES: i64 = 60;
/// The longest wait after failures, in seconds.
const LONGEST_WAIT: u64 = 900;
/// The last use is written at most this often (in days): each write costs a flush.
const TOUCH_AFTER_DAYS: f64 = 10.0 / 1440.0;

/// Somebody who just signed in.
pub struct SignedIn {
    /// The token, told this once.
    pub token: String,
    /// When it ends unless it is used.
    pub expires_at: Instant,
    /// Who it is.
    pub person: Person,
}

/// A token of 256 random bits, and the hash under which it is known.
pub(crate) fn new_token() -> Result<(String, String), Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(e.to_string()))?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let hash = json::digest(&token);
    Ok((token, hash))
}

/// Signs somebody in.
///
/// # Errors
/// [`Error::WrongCredentials`] for a wrong name, a wrong password and a disabled person
/// alike; [`Error::Throttled`] after ten failures in a row of the account or the address.
pub async fn sign_in(
    app: &App,
    username: &str,
    password: &str,
    address: &str,
    now: Instant,
) -> Result<SignedIn, Error> {
    let name = username.parse::<Username>().ok();
    let subjects = Subjects::of(username, address);
    let asked = subjects.clone();
    let found = app.db.read(move |conn| {
        let person = match &name {
            Some(name) => people::find_by_name(conn, name)?,
            None => None,
        };
        Ok((asked.wait_left(conn, now)?, person))
    });
    let (wait, person) = found.await?;
    if let Some(seconds) = wait {
        app.metrics.sign_in_failures.with_label_values(&["slowed"]).inc();
        return Err(Error::Throttled(seconds));
    }
    let known = person.as_ref().map(|person| person.id);
    let person = person.filter(|person| !person.disabled);
    let hash = person.as_ref().map(|person| person.password_hash.clone());
    let fits = app.passwords.verify(password.to_owned(), hash).await?;
    match person.filter(|_| fits) {
        Some(person) => begin_session(app, person, subjects, now).await,
        None => {
            app.metrics.sign_in_failures.with_label_values(&["refused"]).inc();
            note_failure(app, subjects, known, now).await?;
            Err(Error::WrongCredentials)
        }
    }
}

/// What failures are counted of. Hashes: what is typed into the wrong field (a password, say)
/// must not lie in a database.
#[derive(Clone)]
struct Subjects {
    name: String,
    address: String,
}

impl Subjects {
    fn of(username: &str, address: &str) -> Self {
        Self {
            name: format!("name:{}", json::digest(username)),
            address: format!("address:{}", json::digest(&neighbourhood(address))),
        }
    }

    fn wait_left(&self, conn: &mut Conn, now: Instant) -> QueryResult<Option<u64>> {
        let name = throttle::look_up(conn, &self.name)?;
        let address = throttle::look_up(conn, &self.address)?;
        let waits = [(name, NAME_MINUTES), (address, ADDRESS_MINUTES)]
            .into_iter()
            .filter_map(|(failures, minutes)| wait_left(&failures?, minutes, now));
        Ok(waits.max())
    }

    /// A success clears the account. Of the address it takes back what that account had
    /// failed, as when somebody mistypes and then remembers, and no more: otherwise an
    /// attacker who has one account could clear the address with it again and again, and try
    /// nine passwords on others each time.
    fn forgive(&self, conn: &mut Conn) -> QueryResult<()> {
        let own = throttle::look_up(conn, &self.name)?.map_or(0, |failures| failures.count);
        throttle::take_back(conn, &self.address, own)?;
        throttle::reset(conn, &self.name)
    }
}

/// What counts as one address: of IPv6 the network of 64 bits, because whoever has one
/// address of it has all of them.
fn neighbourhood(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(ip) => Ipv6Addr::from(u128::from(ip) & (u128::MAX << 64)).to_string(),
        Err(_) => address.to_owned(),
    }
}

fn minutes_before(now: Instant, minutes: i64) -> Instant {
    Instant::new(now.utc() - chrono::Duration::minutes(minutes))
}

fn wait_left(failures: &throttle::Failures, forgotten: i64, now: Instant) -> Option<u64> {
    if failures.last_at < minutes_before(now, forgotten) {
        return None;
    }
    let beyond = u32::try_from(failures.count - FREE_FAILURES).ok()?;
    let wait = (1_u64 << beyond.min(10)).saturating_mul(2).min(LONGEST_WAIT);
    let passed = (now.utc() - failures.last_at.utc()).num_seconds();
    let left = i64::try_from(wait).unwrap_or(i64::MAX) - passed;
    u64::try_from(left).ok().filter(|left| *left > 0)
}

/// On record with whose account it was, if it is anybody's; never with what was typed.
async fn note_failure(
    app: &App,
    subjects: Subjects,
    whose: Option<PersonId>,
    now: Instant,
) -> Result<(), Error> {
    let subject = whose.map_or_else(|| "unknown".to_owned(), |id| id.to_string());
    let event = audit::event(now, None, Event::SignInFailed, &subject, serde_json::json!({}));
    app.db
        .write(move |conn| {
            let (name, address) =
                (minutes_before(now, NAME_MINUTES), minutes_before(now, ADDRESS_MINUTES));
            throttle::record_failure(conn, &subjects.name, now, name)?;
            throttle::record_failure(conn, &subjects.address, now, address)?;
            crate::store::audit::append(conn, &event)
        })
        .await?;
    Ok(())
}

async fn begin_session(
    app: &App,
    person: Person,
    subjects: Subjects,
    now: Instant,
) -> Result<SignedIn, Error> {
    let (token, token_hash) = new_token()?;
    let expires_at = now.plus_days(SESSION_DAYS);
    let session = Session {
        token_hash,
        person_id: person.id,
        kind: SessionKind::Session,
        created_at: now,
        last_used_at: now,
        expires_at: Some(expires_at),
    };
    let event = audit::event(
        now,
        Some(person.id),
        Event::SignedIn,
        &person.id.to_string(),
        serde_json::json!({}),
    );
    let wait = app.db.write(move |conn| {
        // Looked at again: of many guesses at once each saw the count before the others
        // failed, and the one that is right must not count if it came too late.
        let wait = subjects.wait_left(conn, now)?;
        if wait.is_none() {
            subjects.forgive(conn)?;
            sessions::insert(conn, &session)?;
            crate::store::audit::append(conn, &event)?;
        }
        Ok(wait)
    });
    match wait.await? {
        Some(seconds) => {
            app.metrics.sign_in_failures.with_label_values(&["slowed"]).inc();
            Err(Error::Throttled(seconds))
        }
        None => Ok(SignedIn { token, expires_at, person }),
    }
}

/// Who a token is, now: the role and territories of this moment count.
///
/// # Errors
/// [`Error::NotSignedIn`] for a token that is unknown or ended, or whose person is disabled.
pub async fn authenticate(app: &App, token: &str, now: Instant) -> Result<Actor, Error> {
    let hash = json::digest(token);
    let asked = hash.clone();
    let found = app.db.read(move |conn| sessions::find(conn, &asked)).await?;
    let (session, person) = found.ok_or(Error::NotSignedIn)?;
    if session.has_expired(now) || person.disabled {
        return Err(Error::NotSignedIn);
    }
    if now.days_since(session.last_used_at) > TOUCH_AFTER_DAYS {
        let ends = session.expires_at.map(|_| now.plus_days(SESSION_DAYS));
        let used = hash.clone();
        app.db.write(move |conn| sessions::touch(conn, &used, now, ends)).await?;
    }
    Ok(Actor::of(&person, &hash))
}

/// Ends the session that the actor came with.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(app: &App, actor: &Actor, now: Instant) -> Result<(), Error> {
    let hash = actor.token_hash.clone();
    let event = audit::event(
        now,
        Some(actor.id),
        Event::SignedOut,
        &actor.id.to_string(),
        serde_json::json!({}),
    );
    app.db
        .write(move |conn| {
            sessions::delete(conn, &hash)?;
            crate::store::audit::append(conn, &event)
        })
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_the_tenth_failure_and_ends() {
        let now: Instant = "2026-03-04T10:15:00Z".parse().unwrap();
        let wait =
            |count| wait_left(&throttle::Failures { count, last_at: now }, NAME_MINUTES, now);
        let table = [(1, None), (9, None), (10, Some(2)), (11, Some(4)), (12, Some(8))];
        for (count, expected) in table {
            assert_eq!(wait(count), expected, "{count}");
        }
        assert_eq!((wait(19), wait(1_000_000)), (Some(LONGEST_WAIT), Some(LONGEST_WAIT)));
        let before = throttle::Failures { count: 50, last_at: now.plus_days(-2) };
        assert_eq!(wait_left(&before, NAME_MINUTES, now), None);
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        assert_eq!(neighbourhood("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(neighbourhood("203.0.113.9"), "203.0.113.9");
        assert_eq!(neighbourhood("unknown"), "unknown");
    }
}
