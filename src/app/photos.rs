//! Photos: taken in when their bytes are what the visit promised and a picture, kept with two
//! renditions, given back.

mod pool;
mod taking;

use bytes::Bytes;
use vigila_core::domain::{InspectionId, Instant, Role, Sha256};

use super::audit::{self, Event};
use super::inspections::find_visible;
use super::{Actor, App, Error};
pub use crate::spool::{Error as SpoolError, Spooled};
use crate::store::photos::Held;
pub use crate::store::photos::{PhotoState, StoredPhoto};
use crate::store::{inspections, photos};
pub use pool::PhotoPool;
pub use taking::{Taken, add_photo};

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
