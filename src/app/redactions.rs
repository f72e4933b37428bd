//! Photos that must not be seen, in part or at all. Areas are filled in every rendition from
//! then on, while the original stays sealed; an order erases the bytes and leaves a tombstone.
//! Both hold for the photo's hash in every visit to the centre.

use uuid::Uuid;
use vigila_core::documents::FaultCode;
use vigila_core::domain::{InspectionId, Instant, Sha256};
use vigila_core::photo::{Area, display_size};

use super::audit::{self, Event};
use super::photos::listed;
use super::{Actor, App, Error};
use crate::store::inspections::StoredInspection;
use crate::store::photos::{self, PhotoState, StoredPhoto};
pub use crate::store::photos::{Erasure, PhotoRedaction};
use crate::store::{Insert, audit as trail};

/// How many keys of erased bytes are worked on at once.
const KEYS_AT_ONCE: i64 = 100;

/// Areas to take out of sight.
#[derive(Debug, Clone)]
pub struct NewRedaction {
    /// In pixels of the upright display copy.
    pub areas: Vec<Area>,
    /// Why.
    pub reason: String,
    /// The redaction whose place it takes.
    pub supersedes: Option<Uuid>,
}

/// Takes areas of a photo out of sight.
///
/// # Errors
/// [`Error::Forbidden`] for roles that may not, [`Error::NotFound`] where the visit is out of
/// reach or the photo has not come, [`Error::Gone`] where an order erased it, and faults for
/// areas outside the picture and for a redaction that cannot be superseded.
pub async fn redact_photo(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    new: NewRedaction,
    now: Instant,
) -> Result<PhotoRedaction, Error> {
    if !actor.role.redacts() {
        return Err(Error::Forbidden);
    }
    let (visit, photo) = find_listed(app, actor, id, sha256).await?;
    let held = match (photo.state, photo.held) {
        (PhotoState::Erased, _) => return Err(Error::Gone),
        (_, held) => held.ok_or(Error::NotFound)?,
    };
    let side = |pixels: i32| u32::try_from(pixels).unwrap_or_default();
    check_areas(&new, display_size(side(held.width), side(held.height)))?;
    let redaction = PhotoRedaction {
        id: Uuid::now_v7(),
        facility: visit.facility,
        sha256: sha256.clone(),
        inspection: id,
        areas: new.areas,
        reason: new.reason,
        supersedes: new.supersedes,
        at: now,
        by: actor.id,
    };
    let detail = serde_json::json!({
        "redaction": redaction.id, "reason": redaction.reason, "supersedes": redaction.supersedes,
    });
    let subject = format!("{id}/{sha256}");
    let event = audit::event(now, Some(actor.id), Event::PhotoRedacted, &subject, detail);
    let kept = redaction.clone();
    let write = app.db.write(move |conn| {
        let inserted = photos::redact(conn, &kept)?;
        if inserted == Insert::Done {
            trail::append(conn, &event)?;
        }
        Ok(inserted)
    });
    match write.await? {
        Insert::Done => Ok(redaction),
        Insert::Taken => Err(Error::fault("/supersedes", FaultCode::CannotSupersede)),
    }
}

/// Every area begins within the picture; none at all is for taking one back.
fn check_areas(new: &NewRedaction, (width, height): (u32, u32)) -> Result<(), Error> {
    if new.areas.is_empty() && new.supersedes.is_none() {
        return Err(Error::fault("/rectangles", FaultCode::Required));
    }
    for (index, area) in new.areas.iter().enumerate() {
        let beyond = |name: &str, least: u32, most: u32| {
            let at = format!("/rectangles/{index}/{name}");
            let limits = vec![least.to_string(), most.to_string()];
            Err(Error::fault_with(&at, FaultCode::OutOfRange, limits))
        };
        match area {
            Area { x, .. } if *x >= width => return beyond("x", 0, width.saturating_sub(1)),
            Area { y, .. } if *y >= height => return beyond("y", 0, height.saturating_sub(1)),
            Area { width: 0, .. } => return beyond("width", 1, width),
            Area { height: 0, .. } => return beyond("height", 1, height),
            _ => {}
        }
    }
    Ok(())
}

/// The redactions of a photo, by id, those superseded among them.
///
/// # Errors
/// [`Error::NotFound`] where the visit is out of reach or does not list the photo.
pub async fn photo_redactions(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
) -> Result<Vec<PhotoRedaction>, Error> {
    let (visit, _) = find_listed(app, actor, id, sha256).await?;
    let (facility, wanted) = (visit.facility, sha256.clone());
    let read = app.db.read(move |conn| photos::redactions_of(conn, facility, &wanted));
    let mut all = read.await?;
    all.sort_unstable_by_key(|redaction| redaction.id);
    Ok(all)
}

async fn find_listed(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
) -> Result<(StoredInspection, StoredPhoto), Error> {
    let (who, wanted) = (actor.clone(), sha256.clone());
    let read = app.db.read(move |conn| listed(conn, &who, id, &wanted));
    read.await?.ok_or(Error::NotFound)
}

/// Erases a photo by an order: its bytes and renditions, in every visit to the centre. Of a
/// repeat the first order stays. It returns once the bytes are gone from the photo store.
///
/// # Errors
/// [`Error::Forbidden`] for roles that may not, [`Error::NotFound`] where the visit is out of
/// reach or does not list the photo, [`Error::Blobs`] where the bytes could not be removed
/// yet: the photo is not served any more, and the same order tries again.
pub async fn erase_photo(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    sha256: &Sha256,
    reason: &str,
    now: Instant,
) -> Result<Erasure, Error> {
    if !actor.role.erases() {
        return Err(Error::Forbidden);
    }
    let (who, wanted, reason) = (actor.clone(), sha256.clone(), reason.to_owned());
    let subject = format!("{id}/{sha256}");
    let detail = serde_json::json!({ "reason": reason });
    let event = audit::event(now, Some(actor.id), Event::PhotoErased, &subject, detail);
    let write = app.db.write(move |conn| {
        let Some((visit, _)) = listed(conn, &who, id, &wanted)? else { return Ok(None) };
        let erasure = Erasure {
            facility: visit.facility,
            sha256: wanted.clone(),
            inspection: id,
            reason: reason.clone(),
            at: now,
            by: who.id,
        };
        if photos::erase(conn, &erasure)? {
            trail::append(conn, &event)?;
            return Ok(Some(erasure));
        }
        let first = photos::erasures_of(conn, visit.facility)?;
        Ok(first.into_iter().find(|first| first.sha256 == wanted))
    });
    let erasure = write.await?.ok_or(Error::NotFound)?;
    while remove_doomed(app, Some(sha256)).await? > 0 {}
    Ok(erasure)
}

/// Removes erased bytes from the photo store, of one photo or of any, as far as it can be
/// reached; tells how many keys it worked on.
///
/// # Errors
/// [`Error::Blobs`], [`Error::Database`].
pub async fn remove_doomed(app: &App, sha256: Option<&Sha256>) -> Result<usize, Error> {
    let wanted = sha256.cloned();
    let read = app.db.read(move |conn| photos::doomed(conn, wanted.as_ref(), KEYS_AT_ONCE));
    let keys = read.await?;
    for key in &keys {
        app.blobs.delete(key).await?;
    }
    let count = keys.len();
    if count > 0 {
        app.db.write(move |conn| photos::are_gone(conn, &keys)).await?;
    }
    Ok(count)
}
