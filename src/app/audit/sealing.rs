//! Chains what waits. Whoever writes an event has gone on long before: here one process at a
//! time reads what waits, works out the hashes outside of any transaction, and adds the links
//! in a short one that gives up if the chain has grown meanwhile. So a second process that
//! believes to hold the lease does no harm: positions are unique, and one of the two begins
//! again.

use vigila_core::domain::Instant;
use vigila_core::proof::chain::{self as proof, BEGINNING};

use crate::app::Error;
use crate::store::audit::AuditEvent;
use crate::store::audit::chain::{self, Extended, Link};
use crate::store::{Db, leases};
use uuid::Uuid;

/// Events that are chained in one transaction at most.
const BATCH: usize = 256;
/// How long the lease holds: another process goes on where one died.
const LEASE_SECONDS: i64 = 10;
/// Whose lease it is.
const LEASE: &str = "audit-seal";

/// The form in which an event is hashed.
pub(super) fn form(event: &AuditEvent) -> proof::Event<'_> {
    proof::Event {
        id: event.id,
        at: event.at,
        actor: event.actor,
        action: &event.action,
        subject: &event.subject,
        detail: &event.detail,
    }
}

/// Chains all that waits, if nobody else does; tells how many events it chained. `clock` is
/// asked before each batch.
///
/// # Errors
/// When the database fails.
pub async fn seal(db: &Db, holder: Uuid, clock: impl Fn() -> Instant) -> Result<usize, Error> {
    let mut sealed = 0;
    // Looked at without a write: a service at rest does not touch its disk.
    while db.read(chain::is_pending).await? {
        let now = clock();
        let until = now.plus_seconds(LEASE_SECONDS);
        if !db.write(move |conn| leases::take(conn, LEASE, holder, now, until)).await? {
            break;
        }
        match seal_batch(db).await? {
            Some(0) | None => break,
            Some(count) => sealed += count,
        }
    }
    Ok(sealed)
}

/// Chains some; nothing where somebody else was faster.
async fn seal_batch(db: &Db) -> Result<Option<usize>, Error> {
    let read = db.read(|conn| Ok((chain::head(conn)?, chain::pending(conn, BATCH)?)));
    let (head, events) = read.await?;
    let links = link(head, &events);
    let count = links.len();
    match db.write(move |conn| chain::extend(conn, &links)).await? {
        Extended::Done => Ok(Some(count)),
        Extended::Outrun => Ok(None),
    }
}

fn link(head: Option<Link>, events: &[AuditEvent]) -> Vec<Link> {
    let (mut position, mut previous) =
        head.map_or((0, BEGINNING.to_owned()), |link| (link.position, link.hash));
    let mut links = Vec::with_capacity(events.len());
    for event in events {
        position += 1;
        let hash = proof::hash(position, &previous, &form(event));
        links.push(Link { position, event: event.id, previous, hash: hash.clone() });
        previous = hash;
    }
    links
}
