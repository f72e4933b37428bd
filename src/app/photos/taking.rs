//! Taking a photo in: its bytes are on disk and hashed, now they are examined, stored and
//! recorded. Blobs first, then the short transaction that records them.

use bytes::Bytes;
use uuid::Uuid;
use vigila_core::domain::{InspectionId, Instant, Sha256};
use vigila_core::photo::{self, Picture, Refusal};

use super::pool::Share;
use crate::app::evidence::facts_of;
use crate::app::{Actor, App, Error, receipts};
use crate::spool::Spooled;
use crate::store::photos::{self, Arrived, Held, Recorded, StoredPhoto};
use crate::store::receipts as receipt_rows;

/// What became of a photo that was sent. Both are a success.
#[derive(Debug)]
pub enum Taken {
    /// It was new.
    New(StoredPhoto),
    /// It was here already.
    AlreadyHere(StoredPhoto),
}

/// Takes a photo in. The caller has asked [`super::expect_photo`].
///
/// # Errors
/// [`Error::HashMismatch`], [`Error::Photo`] for what is no picture, [`Error::Busy`],
/// [`Error::Spool`] and [`Error::Blobs`] where it is worth a later try.
pub async fn add_photo(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    came: Spooled,
    now: Instant,
) -> Result<Taken, Error> {
    let done = take(app, actor, id, sha256, came, now).await;
    let outcome = match &done {
        Ok(Taken::New(_)) => "accepted",
        Ok(Taken::AlreadyHere(_)) => "repeated",
        Err(error) if error.may_pass() => "unavailable",
        Err(Error::Database(_)) => "unavailable",
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
    came: Spooled,
    now: Instant,
) -> Result<Taken, Error> {
    if came.sha256() != sha256.as_str() {
        return Err(Error::HashMismatch);
    }
    let known = find(app, id, sha256).await?;
    if known.held.is_some() {
        return Ok(Taken::AlreadyHere(known));
    }
    let Examined { bytes, mut picture, share } = examine(app, sha256, came).await?;
    let keys = Keys::new(id, sha256, now);
    let size = bytes.len();
    store(app, &keys, bytes, &mut picture).await?;
    drop(share);
    let arrived = arrived(actor, id, sha256, keys, size, &picture, now);
    let files = arrived.held.keys();
    let key = receipts::current_key(&app.db, now).await?;
    let signed = receipts::sign_photo(&key, id, sha256, now);
    let recorded = app.db.write(move |conn| {
        let recorded = photos::record_stored(conn, &arrived)?;
        if matches!(recorded, Recorded::New { .. }) {
            receipt_rows::keep(conn, std::slice::from_ref(&signed))?;
        }
        Ok(recorded)
    });
    let recorded = recorded.await?;
    let photo = find(app, id, sha256).await?;
    match recorded {
        Recorded::New { .. } => Ok(Taken::New(photo)),
        Recorded::AlreadyThere => Ok(Taken::AlreadyHere(photo)),
        Recorded::Erased => {
            // An order must not wait for the sweep.
            for key in files {
                app.blobs.delete(&key).await?;
            }
            Err(Error::Gone)
        }
        Recorded::NotListed => Err(Error::NotFound),
    }
}

async fn find(app: &App, id: InspectionId, sha256: &Sha256) -> Result<StoredPhoto, Error> {
    let wanted = sha256.clone();
    let found = app.db.read(move |conn| photos::find(conn, id, &wanted)).await?;
    found.ok_or(Error::NotFound)
}

/// A photo in memory, with the share of the budget that it holds.
struct Examined {
    bytes: Bytes,
    picture: Picture,
    share: Share,
}

/// Reads the bytes and makes the renditions, once there is memory for both.
async fn examine(app: &App, sha256: &Sha256, came: Spooled) -> Result<Examined, Error> {
    let mut share = app.photos.reserve().await?;
    let bytes = came.into_bytes().await?;
    let timer = app.metrics.photo_processing.start_timer();
    let work = move || {
        share.shrink_to(photo::memory_needed(&bytes)?);
        let picture = photo::examine(&bytes)?;
        let renditions = picture.display.len() + picture.thumbnail.len();
        share.shrink_to((bytes.len() + renditions) as u64);
        Ok(Examined { bytes, picture, share })
    };
    let examined = app.photos.run(work).await?;
    timer.observe_duration();
    let examined: Result<Examined, Refusal> = examined.unwrap_or_else(|| {
        tracing::error!(sha256 = %sha256, "a photo made its decoder panic");
        Err(Refusal::Unreadable { reason: "the decoder failed".into() })
    });
    Ok(examined?)
}

/// Looks again at a photo that is held.
///
/// # Errors
/// [`Error::Blobs`] and [`Error::Busy`] where it is worth a later try, [`Error::Photo`]
/// where the rules of today refuse it.
pub(in crate::app) async fn picture_of(app: &App, original_key: &str) -> Result<Picture, Error> {
    let mut share = app.photos.reserve().await?;
    let bytes = app.blobs.get(original_key).await?;
    let work = move || {
        share.shrink_to(photo::memory_needed(&bytes)?);
        photo::examine(&bytes)
    };
    let examined = app.photos.run(work).await?;
    Ok(examined.ok_or_else(|| Error::Internal("a photo made its decoder panic".into()))??)
}

/// Where a photo's three files lie: under keys that are never used again.
struct Keys {
    original: String,
    display: String,
    thumbnail: String,
}

impl Keys {
    fn new(id: InspectionId, sha256: &Sha256, now: Instant) -> Self {
        let original = new_key(id, sha256, now, "original");
        let folder = original.trim_end_matches("original");
        let beside = |name: &str| format!("{folder}{name}");
        Self { display: beside("display.jpg"), thumbnail: beside("thumbnail.jpg"), original }
    }
}

/// A key for something of a photo, in a folder of its own. The sweep of leftovers reads it.
pub fn new_key(id: InspectionId, sha256: &Sha256, now: Instant, name: &str) -> String {
    let day = now.utc().format("%Y/%m/%d");
    format!("{day}/{id}/{sha256}/{}/{name}", Uuid::now_v7().simple())
}

/// Writes the three files; the renditions leave `picture`.
async fn store(app: &App, keys: &Keys, bytes: Bytes, picture: &mut Picture) -> Result<(), Error> {
    let display = std::mem::take(&mut picture.display);
    let thumbnail = std::mem::take(&mut picture.thumbnail);
    app.blobs.put(&keys.original, bytes).await?;
    app.blobs.put(&keys.display, display.into()).await?;
    app.blobs.put(&keys.thumbnail, thumbnail.into()).await?;
    Ok(())
}

/// All that is recorded of a photo whose files are stored, in one transaction.
fn arrived(
    actor: &Actor,
    inspection: InspectionId,
    sha256: &Sha256,
    keys: Keys,
    size: usize,
    picture: &Picture,
    now: Instant,
) -> Arrived {
    let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
    let held = Held {
        original_key: keys.original,
        display_key: keys.display,
        thumbnail_key: keys.thumbnail,
        media_type: picture.format.media_type().to_owned(),
        bytes: i64::try_from(size).unwrap_or(i64::MAX),
        width: side(picture.width),
        height: side(picture.height),
        damaged: picture.damaged,
        received_at: now,
        received_by: actor.id,
    };
    Arrived { inspection, sha256: sha256.clone(), held, facts: facts_of(picture) }
}
