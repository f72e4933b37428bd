//! Photos: taken in when their bytes are what the visit promised and a picture, kept with two
//! renditions, given back. Blobs first, then the short transaction that records them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;
use vigila_core::domain::{InspectionId, Instant, Role, Sha256};
use vigila_core::photo::{self, Picture, Refusal};

use super::audit::{self, Event};
use super::inspections::find_visible;
use super::{Actor, App, Error};
use crate::store::photos::{Arrived, Held, Recorded};
pub use crate::store::photos::{PhotoState, StoredPhoto};
use crate::store::{inspections, photos};

/// Memory for bodies and decoding together, in units of 1 MB.
const BUDGET: u32 = 768;
/// How long a photo waits for its share.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where photos are worked on: as many at once as there are processors, within a budget of
/// memory. Clones share it.
#[derive(Clone)]
pub struct PhotoPool {
    workers: Arc<Semaphore>,
    budget: Arc<Semaphore>,
}

/// A share of the memory budget, given back when dropped.
pub struct Share(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Default for PhotoPool {
    fn default() -> Self {
        let workers = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            workers: Arc::new(Semaphore::new(workers)),
            budget: Arc::new(Semaphore::new(BUDGET as usize)),
        }
    }
}

impl PhotoPool {
    /// A share of the budget for so many bytes.
    ///
    /// # Errors
    /// [`Error::Busy`] when none is free in time.
    pub async fn reserve(&self, bytes: u64) -> Result<Share, Error> {
        let units = u32::try_from(bytes / 1_000_000 + 1).unwrap_or(BUDGET).min(BUDGET);
        let wait = self.budget.clone().acquire_many_owned(units);
        let permit = tokio::time::timeout(PATIENCE, wait).await.map_err(|_| Error::Busy)?;
        permit.map(Share).map_err(|_| Error::Busy)
    }

    /// Runs work on pictures, off the server's threads.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, Error> {
        let permit = self.workers.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        match task.await {
            Ok(done) => Ok(Some(done)),
            Err(error) if error.is_panic() => Ok(None),
            Err(_) => Err(Error::Busy),
        }
    }
}

/// What became of a photo that was sent. Both are a success.
#[derive(Debug)]
pub enum Taken {
    /// It was new.
    New(StoredPhoto),
    /// It was here already.
    AlreadyHere(StoredPhoto),
}

/// Whether the actor may send photos of this visit at all, before its bytes are read: its
/// sender, and managers of its territory.
///
/// # Errors
/// [`Error::NotFound`] where the visit is out of reach or does not list the photo,
/// [`Error::Forbidden`] where it may be seen but is another's.
pub async fn expect_photo(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
) -> Result<StoredPhoto, Error> {
    let (who, wanted) = (actor.clone(), sha256.clone());
    let read = app.db.read(move |conn| {
        // Its sender keeps its debts even when a later visit is the one that shows.
        let Some(visit) = inspections::find(conn, &who.scope, id)? else { return Ok(None) };
        let own = visit.received_by == who.id || who.role == Role::Manager;
        if !own && find_visible(conn, &who, id)?.is_none() {
            return Ok(None);
        }
        Ok(photos::find(conn, id, &wanted)?.map(|photo| (own, photo)))
    });
    match read.await?.ok_or(Error::NotFound)? {
        (true, photo) => Ok(photo),
        (false, _) => Err(Error::Forbidden),
    }
}

/// Takes a photo in. The caller has asked [`expect_photo`].
///
/// # Errors
/// [`Error::HashMismatch`], [`Error::Photo`] for what is no picture, [`Error::Busy`] and
/// [`Error::Blobs`] where it is worth a later try.
pub async fn add_photo(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    bytes: Bytes,
    now: Instant,
) -> Result<Taken, Error> {
    let done = take(app, actor, id, sha256, bytes, now).await;
    let outcome = match &done {
        Ok(Taken::New(_)) => "accepted",
        Ok(Taken::AlreadyHere(_)) => "repeated",
        Err(Error::Busy | Error::Blobs(_) | Error::Database(_)) => "unavailable",
        Err(_) => "refused",
    };
    app.metrics.photos.with_label_values(&[outcome]).inc();
    done
}

async fn take(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    bytes: Bytes,
    now: Instant,
) -> Result<Taken, Error> {
    let (body, name) = (bytes.clone(), sha256.clone());
    let hashed = app.photos.run(move || Sha256::of(&body) == name).await?;
    if hashed != Some(true) {
        return Err(Error::HashMismatch);
    }
    let known = find(app, id, sha256).await?;
    if known.held.is_some() {
        return Ok(Taken::AlreadyHere(known));
    }
    let needed = photo::memory_needed(&bytes)?;
    let share = app.photos.reserve(needed).await?;
    let body = bytes.clone();
    let timer = app.metrics.photo_processing.start_timer();
    let examined = app.photos.run(move || photo::examine(&body)).await?;
    timer.observe_duration();
    drop(share);
    let picture = examined.unwrap_or_else(|| {
        tracing::error!(sha256 = %sha256, "a photo made its decoder panic");
        Err(Refusal::Unreadable { reason: "the decoder failed".into() })
    })?;
    let held = store(app, actor, id, sha256, bytes, picture, now).await?;
    let arrived = Arrived { inspection: id, sha256: sha256.clone(), held };
    let recorded = app.db.write(move |conn| photos::record_stored(conn, &arrived)).await?;
    let photo = find(app, id, sha256).await?;
    match recorded {
        Recorded::New { .. } => Ok(Taken::New(photo)),
        Recorded::AlreadyThere => Ok(Taken::AlreadyHere(photo)),
        Recorded::NotListed => Err(Error::NotFound),
    }
}

async fn find(app: &App, id: InspectionId, sha256: &Sha256) -> Result<StoredPhoto, Error> {
    let wanted = sha256.clone();
    let found = app.db.read(move |conn| photos::find(conn, id, &wanted)).await?;
    found.ok_or(Error::NotFound)
}

/// Writes the three files under a key that is never used again; the row names the winner.
async fn store(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    bytes: Bytes,
    picture: Picture,
    now: Instant,
) -> Result<Held, Error> {
    let day = now.utc().format("%Y/%m/%d");
    let folder = format!("{day}/{id}/{sha256}/{}", Uuid::now_v7().simple());
    let key = |name: &str| format!("{folder}/{name}");
    let (original_key, display_key) = (key("original"), key("display.jpg"));
    let thumbnail_key = key("thumbnail.jpg");
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    app.blobs.put(&original_key, bytes).await?;
    app.blobs.put(&display_key, picture.display.into()).await?;
    app.blobs.put(&thumbnail_key, picture.thumbnail.into()).await?;
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    Ok(Held {
        original_key,
        display_key,
        thumbnail_key,
        media_type: picture.format.media_type().to_owned(),
        bytes: size,
        width: side(picture.width),
        height: side(picture.height),
        damaged: picture.damaged,
        received_at: now,
        received_by: actor.id,
    })
}

/// Ends the debt of a photo that cannot come. Of a photo that came it changes nothing.
///
/// # Errors
/// As [`expect_photo`], which the caller has asked.
pub async fn declare_absent(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    reason: &str,
    now: Instant,
) -> Result<Vec<StoredPhoto>, Error> {
    let (who, name, reason) = (actor.id, sha256.clone(), reason.to_owned());
    let subject = format!("{id}/{sha256}");
    let event = audit::event(now, Some(who), Event::PhotoAbsent, &subject, serde_json::json!({}));
    let write = app.db.write(move |conn| {
        let outcome = photos::record_absent(conn, id, &name, &reason, now, who)?;
        if matches!(outcome, photos::Absent::Recorded { .. }) {
            crate::store::audit::append(conn, &event)?;
        }
        photos::of_inspection(conn, id)
    });
    Ok(write.await?)
}

/// The renditions of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    /// Longest side 320.
    Thumbnail,
    /// Longest side 1,600.
    Display,
}

/// A photo as bytes to serve.
pub struct Served {
    /// The bytes.
    pub bytes: Bytes,
    /// Their type.
    pub media_type: String,
    /// A name that changes when they do.
    pub etag: String,
}

/// A rendition of a photo.
///
/// # Errors
/// [`Error::NotFound`] where the visit is out of reach or the photo has not come.
pub async fn photo_rendition(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    rendition: Rendition,
) -> Result<Served, Error> {
    let held = held(app, actor, id, sha256).await?;
    let (key, name) = match rendition {
        Rendition::Thumbnail => (held.thumbnail_key, "thumbnail"),
        Rendition::Display => (held.display_key, "display"),
    };
    let bytes = app.blobs.get(&key).await?;
    let etag = format!("{name}-{sha256}");
    Ok(Served { bytes, media_type: "image/jpeg".into(), etag })
}

/// The sealed original, for who states a reason; that it was seen is on record before it is
/// given.
///
/// # Errors
/// [`Error::Forbidden`] for roles that do not see originals; otherwise as
/// [`photo_rendition`].
pub async fn photo_original(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    reason: &str,
    now: Instant,
) -> Result<Served, Error> {
    if !actor.role.sees_originals() {
        return Err(Error::Forbidden);
    }
    let held = held(app, actor, id, sha256).await?;
    let subject = format!("{id}/{sha256}");
    let detail = serde_json::json!({ "reason": reason });
    let event = audit::event(now, Some(actor.id), Event::OriginalSeen, &subject, detail);
    app.db.write(move |conn| crate::store::audit::append(conn, &event)).await?;
    let bytes = app.blobs.get(&held.original_key).await?;
    Ok(Served { bytes, media_type: held.media_type, etag: format!("original-{sha256}") })
}

async fn held(app: &App, actor: &Actor, id: InspectionId, sha256: &Sha256) -> Result<Held, Error> {
    let (who, wanted) = (actor.clone(), sha256.clone());
    let read = app.db.read(move |conn| match find_visible(conn, &who, id)? {
        Some(_) => photos::find(conn, id, &wanted),
        None => Ok(None),
    });
    read.await?.and_then(|photo| photo.held).ok_or(Error::NotFound)
}
