//! Whether the audit trail is as it was written: the chain is walked from its beginning with
//! little memory, every hash is recomputed, and the first row that does not fit is named.
//! Reads only, and works beside a running service.

use std::fmt;

use uuid::Uuid;
use vigila_core::domain::Instant;
use vigila_core::proof::chain::{self as proof, BEGINNING};

use super::sealing::form;
use crate::app::Error;
use crate::store::audit::AuditEvent;
use crate::store::audit::chain::{self, Link, Waiting};
use crate::store::{Db, Options};

/// Links that are read at once.
const PAGE: usize = 1000;
/// How long an event may wait to be chained before that is told: a service that runs takes
/// seconds.
const LONG_SECONDS: i64 = 3600;

/// The audit trail of an installation.
pub struct Trail {
    db: Db,
}

/// What was written down elsewhere about the chain, to find out whether its end was cut off.
#[derive(Debug, Clone, Default)]
pub struct Noted {
    /// The hash of a link.
    pub head: Option<String>,
    /// The position of that link; without a hash, how long the chain is at least.
    pub position: Option<i64>,
}

/// A trail that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sound {
    /// How many events are chained.
    pub count: i64,
    /// The hash of the last link.
    pub head: String,
    /// How many events wait to be chained.
    pub waiting: i64,
}

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The event is not what was hashed.
    EventChanged,
    /// The event is not there.
    EventGone,
    /// The link is not what was written.
    LinkChanged,
    /// The link is not there, and later ones are.
    LinkGone,
    /// The chain ends before a link that was noted elsewhere.
    EndGone,
    /// The link is another than the one noted elsewhere.
    NotAsNoted,
    /// The event is neither chained nor does it wait to be.
    Unchained,
    /// An event waits to be chained and is not there.
    WaitingGone,
    /// The event has waited to be chained since then.
    WaitsLong(Instant),
}

/// The first row that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Its place in the chain, if it has one.
    pub position: Option<i64>,
    /// The event, if it is known.
    pub event: Option<Uuid>,
    /// What is wrong.
    pub what: What,
}

/// What came out.
pub type Verdict = Result<Sound, Misfit>;

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the audit trail does not fit")?;
        if let Some(position) = self.position {
            write!(f, " at position {position}")?;
        }
        if let Some(event) = self.event {
            write!(f, ", event {event}")?;
        }
        match &self.what {
            What::EventChanged => f.write_str(": the event was changed after it was written"),
            What::EventGone => f.write_str(": the event is gone"),
            What::LinkChanged => f.write_str(": the row of the chain was changed"),
            What::LinkGone => {
                f.write_str(": the row of the chain is gone, and later ones are there")
            }
            What::EndGone => f.write_str(": the chain ends before it, so its end was cut off"),
            What::NotAsNoted => f.write_str(": its hash is another than the one that was noted"),
            What::Unchained => {
                f.write_str(": the event is not in the chain and does not wait for it")
            }
            What::WaitingGone => f.write_str(": the event was to be chained and is gone"),
            What::WaitsLong(since) => write!(
                f,
                ": the event has waited to be chained since {since}; start the service, which \
                 chains it within seconds, and verify again"
            ),
        }
    }
}

impl Trail {
    /// Opens the database alone. Blocks.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open(database_url: &str) -> Result<Self, Error> {
        Ok(Self { db: Db::open(database_url, Options::default())? })
    }

    /// The trail in a database that is open.
    #[must_use]
    pub fn of(db: Db) -> Self {
        Self { db }
    }

    /// Closes the database that [`Trail::open`] opened.
    pub async fn close(&self) {
        self.db.shutdown().await;
    }

    /// Walks the whole trail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify(&self, noted: &Noted, now: Instant) -> Result<Verdict, Error> {
        let head = self.db.read(chain::head).await?;
        let end = head.map_or(0, |link| link.position);
        let mut walk = Walk::new(noted);
        while walk.position < end {
            let from = walk.position;
            let page = self.db.read(move |conn| chain::links(conn, from, end, PAGE)).await?;
            // The head was there a moment ago: a page without rows is a chain that lost some.
            if page.is_empty() {
                return Ok(Err(misfit(Some(from + 1), None, What::LinkGone)));
            }
            for (link, event) in &page {
                if let Err(misfit) = walk.step(link, event.as_ref()) {
                    return Ok(Err(self.explained(misfit, link, event.as_ref()).await?));
                }
            }
        }
        if let Err(misfit) = walk.end() {
            return Ok(Err(misfit));
        }
        let waiting = self.db.read(chain::waiting).await?;
        Ok(waits_well(&waiting, now).map(|()| Sound {
            count: walk.position,
            head: walk.previous,
            waiting: waiting.count,
        }))
    }

    /// Which of the two was changed, the event or its link: the next link has the hash as it
    /// was written.
    async fn explained(
        &self,
        misfit: Misfit,
        link: &Link,
        event: Option<&AuditEvent>,
    ) -> Result<Misfit, Error> {
        let (What::EventChanged, Some(event)) = (&misfit.what, event) else { return Ok(misfit) };
        let next = link.position + 1;
        let next = self.db.read(move |conn| chain::at(conn, next)).await?;
        let recomputed = proof::hash(link.position, &link.previous, &form(event));
        if next.is_some_and(|next| next.previous == recomputed) {
            return Ok(Misfit { what: What::LinkChanged, ..misfit });
        }
        Ok(misfit)
    }
}

fn misfit(position: Option<i64>, event: Option<Uuid>, what: What) -> Misfit {
    Misfit { position, event, what }
}

/// How far the walk has come.
struct Walk<'a> {
    position: i64,
    previous: String,
    noted: &'a Noted,
    seen: bool,
}

impl<'a> Walk<'a> {
    fn new(noted: &'a Noted) -> Self {
        let seen = noted.head.as_deref().is_none_or(|head| head == BEGINNING);
        Self { position: 0, previous: BEGINNING.to_owned(), noted, seen }
    }

    fn step(&mut self, link: &Link, event: Option<&AuditEvent>) -> Result<(), Misfit> {
        let wrong = |what| Err(misfit(Some(link.position), Some(link.event), what));
        if link.position != self.position + 1 {
            return Err(misfit(Some(self.position + 1), None, What::LinkGone));
        }
        if link.previous != self.previous {
            return wrong(What::LinkChanged);
        }
        let Some(event) = event else { return wrong(What::EventGone) };
        if link.hash != proof::hash(link.position, &link.previous, &form(event)) {
            return wrong(What::EventChanged);
        }
        let here = self.noted.position.is_none_or(|position| position == link.position);
        let same = self.noted.head.as_ref().is_some_and(|head| *head == link.hash);
        if self.noted.position == Some(link.position) && self.noted.head.is_some() && !same {
            return wrong(What::NotAsNoted);
        }
        self.seen |= here && same;
        self.position = link.position;
        self.previous.clone_from(&link.hash);
        Ok(())
    }

    fn end(&self) -> Result<(), Misfit> {
        let short = self.noted.position.is_some_and(|position| position > self.position);
        if short || !self.seen {
            return Err(misfit(self.noted.position, None, What::EndGone));
        }
        Ok(())
    }
}

fn waits_well(waiting: &Waiting, now: Instant) -> Result<(), Misfit> {
    if let Some(loose) = waiting.loose {
        return Err(misfit(None, Some(loose), What::Unchained));
    }
    if let Some(gone) = waiting.gone {
        return Err(misfit(None, Some(gone), What::WaitingGone));
    }
    match waiting.oldest {
        Some((event, since)) if since < now.plus_seconds(-LONG_SECONDS) => {
            Err(misfit(None, Some(event), What::WaitsLong(since)))
        }
        _ => Ok(()),
    }
}
