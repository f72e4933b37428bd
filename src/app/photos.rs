//! Photos: taken in when their bytes are what the visit promised and a picture, kept with two
//! renditions, given back.

mod pool;
mod sweep;
mod taking;

use bytes::Bytes;
use vigila_core::domain::{InspectionId, Instant, Role, Sha256};
use vigila_core::photo::{self, Area, DISPLAY_SIDE, THUMBNAIL_SIDE};

use super::audit::{self, Event};
use super::inspections::find_visible;
use super::{Actor, App, Error};
pub use crate::spool::{Error as SpoolError, Spooled};
use crate::store::inspections::StoredInspection;
use crate::store::photos::Held;
pub use crate::store::photos::{PhotoState, StoredPhoto};
use crate::store::{Conn, QueryResult, inspections, photos};
pub use pool::PhotoPool;
pub use sweep::sweep_orphans;
pub use taking::{Taken, add_photo};
pub(super) use taking::{new_key, picture_of};

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
        (true, photo) if photo.state == PhotoState::Erased => Err(Error::Gone),
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

/// A rendition of a photo, with the areas filled that are not shown.
///
/// # Errors
/// [`Error::NotFound`] where the visit is out of reach or the photo has not come,
/// [`Error::Gone`] where an order erased it.
pub async fn photo_rendition(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    rendition: Rendition,
) -> Result<Served, Error> {
    let (held, areas) = held(app, actor, id, sha256).await?;
    let (key, name, longest) = match rendition {
        Rendition::Thumbnail => (held.thumbnail_key, "thumbnail", THUMBNAIL_SIDE),
        Rendition::Display => (held.display_key.clone(), "display", DISPLAY_SIDE),
    };
    let media_type = "image/jpeg".to_owned();
    if areas.is_empty() {
        let bytes = app.blobs.get(&key).await?;
        return Ok(Served { bytes, media_type, etag: format!("{name}-{sha256}") });
    }
    // A name of its own for every set of areas: what a browser keeps must not outlive them.
    let etag = format!("{name}-{sha256}-{}", Sha256::of(format!("{areas:?}").as_bytes()));
    let display = app.blobs.get(&held.display_key).await?;
    let mut share = app.photos.reserve().await?;
    share.shrink_to(photo::memory_needed(&display)?);
    let filled = app.photos.run(move || photo::redact(&display, &areas, longest)).await?;
    drop(share);
    let filled = filled.ok_or_else(|| Error::Internal("filling areas panicked".into()))??;
    Ok(Served { bytes: filled.into(), media_type, etag })
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
    let (held, _) = held(app, actor, id, sha256).await?;
    let subject = format!("{id}/{sha256}");
    let detail = serde_json::json!({ "reason": reason });
    let event = audit::event(now, Some(actor.id), Event::OriginalSeen, &subject, detail);
    app.db.write(move |conn| crate::store::audit::append(conn, &event)).await?;
    let bytes = app.blobs.get(&held.original_key).await?;
    Ok(Served { bytes, media_type: held.media_type, etag: format!("original-{sha256}") })
}

/// A photo with the visit that lists it, within reach of an actor, read inside a transaction.
pub(super) fn listed(
    conn: &mut Conn,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
) -> QueryResult<Option<(StoredInspection, StoredPhoto)>> {
    let Some(visit) = find_visible(conn, actor, id)? else { return Ok(None) };
    Ok(photos::find(conn, id, sha256)?.map(|photo| (visit, photo)))
}

/// How a photo is held, and which of its areas are not shown.
async fn held(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
) -> Result<(Held, Vec<Area>), Error> {
    let (who, wanted) = (actor.clone(), sha256.clone());
    let read = app.db.read(move |conn| {
        let Some((visit, photo)) = listed(conn, &who, id, &wanted)? else { return Ok(None) };
        let areas = photos::areas_of(&photos::redactions_of(conn, visit.facility, &wanted)?);
        Ok(Some((photo, areas)))
    });
    let (photo, areas) = read.await?.ok_or(Error::NotFound)?;
    if photo.state == PhotoState::Erased {
        return Err(Error::Gone);
    }
    Ok((photo.held.ok_or(Error::NotFound)?, areas))
}
