//! Photos that come in parts, over links that die. What arrived before a link died is kept as a
//! part in the photo store, so that any process can go on; with the last byte the parts are put
//! together and the photo is taken in as one that came in one piece.

use futures_util::TryStreamExt;
use uuid::Uuid;
use vigila_core::domain::Instant;

use super::photos::{Spooled, StoredPhoto, add_photo, expect_photo, new_key};
use super::{Actor, App, Error};
use crate::store::uploads;
pub use crate::store::uploads::Upload;

/// How long an upload waits for its next byte, from its beginning.
const DAYS: i64 = 3;
/// The most uploads of one photo that wait; the oldest goes for a new one. A phone that forgot
/// where it was begins anew.
const OF_A_PHOTO: i64 = 3;
/// The most uploads of one person that wait.
const OF_A_PERSON: i64 = 200;
/// Seconds after which it is worth asking again when there are so many.
const WAIT: u64 = 600;
/// How many that are past their time are looked at together.
const AT_ONCE: i64 = 100;

/// Begins to take a photo in parts; of a photo that is there, nothing more is to come. The
/// caller has asked [`expect_photo`].
///
/// # Errors
/// [`Error::Throttled`] where too many wait already.
pub async fn begin_upload(
    app: &App,
    actor: &Actor,
    photo: &StoredPhoto,
    bytes: i64,
    now: Instant,
) -> Result<Upload, Error> {
    let new = Upload {
        id: Uuid::now_v7(),
        inspection: photo.inspection,
        sha256: photo.sha256.clone(),
        person: actor.id,
        bytes,
        received: if photo.held.is_some() { bytes } else { 0 },
        created_at: now,
        expires_at: now.plus_days(DAYS),
    };
    let kept = new.clone();
    let inserted = app.db.write(move |conn| {
        uploads::end_older(conn, kept.inspection, &kept.sha256, OF_A_PHOTO - 1, now)?;
        if uploads::count_open(conn, kept.person, now)? >= OF_A_PERSON {
            return Ok(false);
        }
        uploads::insert(conn, &kept).map(|()| true)
    });
    if inserted.await? { Ok(new) } else { Err(Error::Throttled(WAIT)) }
}

/// An upload, for whom the photo itself would be taken from.
///
/// # Errors
/// [`Error::NotFound`] where there is none or no longer, and those of [`expect_photo`].
pub async fn find_upload(
    app: &App,
    actor: &Actor,
    id: Uuid,
    now: Instant,
) -> Result<Upload, Error> {
    let found = app.db.read(move |conn| uploads::find(conn, id, now)).await?;
    let upload = found.ok_or(Error::NotFound)?;
    expect_photo(app, actor, upload.inspection, &upload.sha256).await?;
    Ok(upload)
}

/// Takes the next bytes, which may be fewer than their sender meant to send; gives how far it
/// is then. With the last one the photo is there. Of what comes twice at once, one counts.
///
/// # Errors
/// [`Error::WrongOffset`] where somebody else was faster. With the last byte those of
/// [`add_photo`]: what is worth a later try leaves the upload where it was, anything else ends it.
pub async fn continue_upload(
    app: &App,
    actor: &Actor,
    mut upload: Upload,
    came: Spooled,
    now: Instant,
) -> Result<Upload, Error> {
    let size = i64::try_from(came.size()).unwrap_or(i64::MAX);
    if size == 0 {
        return Ok(upload);
    }
    if upload.received.saturating_add(size) < upload.bytes {
        add_part(app, &upload, size, came, now).await?;
        upload.received += size;
        return Ok(upload);
    }
    let whole = assemble(app, &upload, came).await?;
    let id = upload.id;
    match add_photo(app, actor, upload.inspection, &upload.sha256, whole, now).await {
        Ok(_) => app.db.write(move |conn| uploads::complete(conn, id)).await?,
        Err(error) if error.may_pass() => return Err(error),
        Err(error @ (Error::Database(_) | Error::Internal(_))) => return Err(error),
        Err(error) => {
            end_upload(app, id, now).await?;
            return Err(error);
        }
    }
    // The photo is there: parts that cannot be removed now are not worth an error.
    if let Err(error) = clear(app, id, now).await {
        tracing::warn!(cause = %error.with_causes(), "parts of a photo wait for the sweep");
    }
    upload.received = upload.bytes;
    Ok(upload)
}

async fn add_part(
    app: &App,
    upload: &Upload,
    size: i64,
    came: Spooled,
    now: Instant,
) -> Result<(), Error> {
    let mut share = app.photos.reserve().await?;
    share.shrink_to(came.size());
    let key = new_key(upload.inspection, &upload.sha256, now, "part");
    app.blobs.put(&key, came.into_bytes().await?).await?;
    let (id, place, row) = (upload.id, (upload.received, size), key.clone());
    let added = app.db.write(move |conn| uploads::add_part(conn, id, place, &row, now));
    if added.await? {
        return Ok(());
    }
    app.blobs.delete(&key).await?;
    Err(Error::WrongOffset)
}

/// The parts and the last bytes as one.
async fn assemble(app: &App, upload: &Upload, last: Spooled) -> Result<Spooled, Error> {
    let id = upload.id;
    let parts = app.db.read(move |conn| uploads::parts(conn, id)).await?;
    if parts.is_empty() {
        return Ok(last);
    }
    let mut whole = app.spool.begin(u64::try_from(upload.bytes).unwrap_or(0));
    for key in parts {
        let mut pieces = app.blobs.read(&key).await?;
        while let Some(piece) = pieces.try_next().await? {
            whole.push(&piece).await?;
        }
    }
    whole.append(last).await?;
    Ok(whole.finish().await?)
}

/// Ends an upload: nothing more is taken, and its parts go.
///
/// # Errors
/// Those of the database and of the store; what stays then goes later.
pub async fn end_upload(app: &App, id: Uuid, now: Instant) -> Result<(), Error> {
    app.db.write(move |conn| uploads::end(conn, id, now)).await?;
    clear(app, id, now).await
}

/// Removes the parts of an upload that takes no more, and itself if it is past its time. The
/// bytes first: a row that names nothing is found again, bytes without a row are not.
async fn clear(app: &App, id: Uuid, now: Instant) -> Result<(), Error> {
    let keys = app.db.read(move |conn| uploads::parts(conn, id)).await?;
    for key in &keys {
        app.blobs.delete(key).await?;
    }
    let forgotten = app.db.write(move |conn| {
        uploads::forget_parts(conn, id, &keys)?;
        uploads::forget(conn, id, now)
    });
    Ok(forgotten.await?)
}

/// Removes what is left of uploads that are past their time, and parts of photos that are there.
///
/// # Errors
/// Those of the database and of the store.
pub async fn sweep_uploads(app: &App, now: Instant) -> Result<(), Error> {
    loop {
        let read = app.db.read(move |conn| {
            let mut ids = uploads::expired(conn, now, AT_ONCE)?;
            ids.extend(uploads::complete_with_parts(conn, AT_ONCE)?);
            Ok(ids)
        });
        let ids = read.await?;
        if ids.is_empty() {
            return Ok(());
        }
        for id in ids {
            clear(app, id, now).await?;
        }
    }
}
