//! Signing in and out, and knowing who a token is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vigila_core::documents::json;
use vigila_core::domain::{Instant, Username};

use super::audit::{self, Event};
use super::{Actor, App, Error};
use crate::store::people::Person;
use crate::store::sessions::{Session, SessionKind};
use crate::store::{people, sessions, throttle};

/// Days that a session lives from its last use.
const SESSION_DAYS: i64 = 30;
/// Failures in a row from which an account or an address is slowed down.
const FREE_FAILURES: i32 = 10;
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
    // The table of failures holds hashes, not names: what is typed into the wrong field
    // (a password, say) must not lie in a database.
    let subjects =
        [format!("name:{}", json::digest(username)), format!("address:{}", json::digest(address))];
    let asked = subjects.clone();
    let found = app.db.read(move |conn| {
        let failures = asked.iter().map(|subject| throttle::look_up(conn, subject));
        let failures = failures.collect::<Result<Vec<_>, _>>()?;
        let person = match &name {
            Some(name) => people::find_by_name(conn, name)?,
            None => None,
        };
        Ok((failures, person))
    });
    let (failures, person) = found.await?;
    let wait = failures.into_iter().flatten().filter_map(|f| wait_left(&f, now)).max();
    if let Some(seconds) = wait {
        return Err(Error::Throttled(seconds));
    }
    let person = person.filter(|person| !person.disabled);
    let hash = person.as_ref().map(|person| person.password_hash.clone());
    let fits = app.passwords.verify(password.to_owned(), hash).await?;
    match person.filter(|_| fits) {
        Some(person) => begin_session(app, person, subjects, now).await,
        None => {
            note_failure(app, subjects, now).await?;
            Err(Error::WrongCredentials)
        }
    }
}

fn wait_left(failures: &throttle::Failures, now: Instant) -> Option<u64> {
    let beyond = u32::try_from(failures.count - FREE_FAILURES).ok()?;
    let wait = (1_u64 << beyond.min(10)).saturating_mul(2).min(LONGEST_WAIT);
    let passed = (now.utc() - failures.last_at.utc()).num_seconds();
    let left = i64::try_from(wait).unwrap_or(i64::MAX) - passed;
    u64::try_from(left).ok().filter(|left| *left > 0)
}

async fn note_failure(app: &App, subjects: [String; 2], now: Instant) -> Result<(), Error> {
    let event = audit::event(now, None, Event::SignInFailed, "session", serde_json::json!({}));
    app.db
        .write(move |conn| {
            for subject in &subjects {
                throttle::record_failure(conn, subject, now, now.plus_days(-1))?;
            }
            crate::store::audit::append(conn, &event)
        })
        .await?;
    Ok(())
}

async fn begin_session(
    app: &App,
    person: Person,
    subjects: [String; 2],
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
    app.db
        .write(move |conn| {
            for subject in &subjects {
                throttle::reset(conn, subject)?;
            }
            sessions::insert(conn, &session)?;
            crate::store::audit::append(conn, &event)
        })
        .await?;
    Ok(SignedIn { token, expires_at, person })
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
