//! Photos that came before facts were kept of them: looked at one after the other, by one
//! process, in the background, with a pause after each as long as the work, so that those
//! which come in the meantime find the processors.

use tokio::time::Instant as Stopwatch;
use uuid::Uuid;
use vigila_core::domain::Instant;

use super::facts_of;
use crate::app::{App, Error, photos};
use crate::store::leases;
use crate::store::photo_facts::{self, Unexamined};

/// Photos that are asked for at once.
const BATCH: i64 = 50;
/// How long the lease holds without a word: a photo takes a second or two.
const LEASE_SECONDS: i64 = 120;
/// Whose lease it is.
const LEASE: &str = "photo-facts";

/// Looks at all stored photos that have no facts, if nobody else does; tells how many it
/// looked at. One that cannot be read is left for the next time. `clock` is asked before
/// each.
///
/// # Errors
/// When the database fails.
pub async fn examine_earlier(
    app: &App,
    holder: Uuid,
    clock: impl Fn() -> Instant,
) -> Result<usize, Error> {
    let mut examined = 0;
    let mut last: Option<Unexamined> = None;
    loop {
        let after = last.clone();
        let read = app.db.read(move |conn| photo_facts::unexamined(conn, after.as_ref(), BATCH));
        let batch = read.await?;
        let Some(end) = batch.last() else { return Ok(examined) };
        last = Some(end.clone());
        for photo in batch {
            if !hold(app, holder, clock()).await? {
                return Ok(examined);
            }
            let begun = Stopwatch::now();
            examined += usize::from(examine(app, photo).await?);
            tokio::time::sleep(begun.elapsed()).await;
        }
    }
}

async fn hold(app: &App, holder: Uuid, now: Instant) -> Result<bool, Error> {
    let until = now.plus_seconds(LEASE_SECONDS);
    Ok(app.db.write(move |conn| leases::take(conn, LEASE, holder, now, until)).await?)
}

/// Whether it could be looked at.
async fn examine(app: &App, photo: Unexamined) -> Result<bool, Error> {
    let picture = match photos::picture_of(app, &photo.original_key).await {
        Ok(picture) => picture,
        Err(error @ Error::Database(_)) => return Err(error),
        Err(error) => {
            let (inspection, sha256) = (&photo.inspection, &photo.sha256);
            tracing::warn!(%error, %inspection, sha256, "a stored photo was not examined");
            return Ok(false);
        }
    };
    let facts = facts_of(&picture);
    app.db.write(move |conn| photo_facts::examined(conn, &photo, &facts)).await?;
    Ok(true)
}
