//! Visits that were taken in: their receipts, and giving them back to who may see them.

use std::sync::Arc;

use vigila_core::documents::Faults;
use vigila_core::documents::inspection::{self, ChecklistRef, Inspection};
use vigila_core::documents::score::Score;
use vigila_core::domain::{FacilityRef, InspectionId, Instant, Role, Sha256};
use vigila_core::proof::receipt::Proof;
use vigila_core::scoring::{self, Model, Scored};

use super::{Actor, App, Error, Published, receipts};
pub use crate::store::inspections::{InspectionFilter as Filter, InspectionRow, PhotosState};
use crate::store::inspections::{StoredInspection, Visible};
use crate::store::photos::{Erasure, PhotoState, StoredPhoto};
pub use crate::store::receipts::StoredReceipt;
use crate::store::scores::StoredScore;
use crate::store::{
    Conn, Page, QueryResult, facilities, inspections, photos, receipts as receipt_rows, scores,
};

/// What a phone may keep as proof, and what is still to do.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The inspection.
    pub id: InspectionId,
    /// SHA-256 of its canonical content.
    pub digest: String,
    /// When it was received.
    pub received_at: Instant,
    /// What proves the three.
    pub proof: Proof,
    /// Photos still to come.
    pub missing_photos: Vec<Sha256>,
    /// Items whose evidence the checklist demands and the visit lacks.
    pub evidence_due: Vec<String>,
    /// The score that is shown.
    pub score: Score,
}

fn listed(photos: &[StoredPhoto], sha256: &Sha256) -> bool {
    photos.iter().any(|photo| photo.sha256 == *sha256)
}

/// The hashes of the photos in a state, in the order listed.
pub fn in_state(photos: &[StoredPhoto], state: PhotoState) -> Vec<Sha256> {
    photos.iter().filter(|photo| photo.state == state).map(|photo| photo.sha256.clone()).collect()
}

/// The receipt of a visit as things stand now.
pub(super) async fn receipt_of(
    app: &App,
    stored: &StoredInspection,
    now: Instant,
) -> Result<Receipt, Error> {
    let id = stored.id;
    let model = app.library.model(now);
    let published = model.version.clone();
    let read = app.db.read(move |conn| {
        let photos = photos::of_inspection(conn, id)?;
        let score = scores::shown_of(conn, id, &published)?;
        Ok((photos, score, receipt_rows::of_inspection(conn, id)?))
    });
    let (photos, score, signed) = read.await?;
    let score = read_score(score.as_ref())?;
    Ok(Receipt {
        id,
        digest: stored.digest.clone(),
        received_at: stored.received_at,
        proof: receipts::proof_of(app, stored, signed, now).await?,
        missing_photos: in_state(&photos, PhotoState::Missing),
        evidence_due: evidence_due(app, model, stored, &in_state(&photos, PhotoState::Absent))
            .await?,
        score,
    })
}

pub(super) fn read_score(score: Option<&StoredScore>) -> Result<Score, Error> {
    let score = score.ok_or_else(|| Error::Internal("an inspection without a score".into()))?;
    serde_json::from_str(&score.document).map_err(|e| Error::Internal(e.to_string()))
}

async fn evidence_due(
    app: &App,
    model: &Model,
    stored: &StoredInspection,
    absent: &[Sha256],
) -> Result<Vec<String>, Error> {
    let unreadable =
        |what: &str| Error::Internal(format!("{what} of {} cannot be read", stored.id));
    let published = checklist(app, &stored.checklist).await?;
    let published = published.ok_or_else(|| unreadable("the checklist"))?;
    let visit = content_of(stored)?;
    let answered = scoring::decode(&stored.scored).map_err(|_| unreadable("the compact form"))?;
    let scored = Scored {
        instrument: &published.instrument,
        answered: &answered,
        answers: &visit.answers,
        facts: &stored.facts,
    };
    Ok(scoring::evidence_due(model, &scored, absent))
}

/// The content of a visit as it is shown. It was whole when it was received, and is not
/// judged again by today's clock.
pub(super) fn content_of(stored: &StoredInspection) -> Result<Inspection, Error> {
    let unreadable = || Error::Internal(format!("the content of {} cannot be read", stored.id));
    let value = serde_json::from_str(&stored.content).map_err(|_| unreadable())?;
    let mut ignored = Faults::default();
    inspection::parse(&value, stored.received_at, &mut ignored).ok_or_else(unreadable)
}

/// A published checklist.
pub(super) async fn checklist(
    app: &App,
    wanted: &ChecklistRef,
) -> Result<Option<Arc<Published>>, Error> {
    Ok(app.library.checklist(wanted).await?)
}

/// A visit with its photos, as somebody may see it.
pub struct InspectionView {
    /// The visit.
    pub stored: StoredInspection,
    /// Its photos, in the order listed.
    pub photos: Vec<StoredPhoto>,
    /// The orders that erased some of them.
    pub erasures: Vec<Erasure>,
    /// What proves its receipt.
    pub proof: Proof,
    /// What proves that its photos came, by hash.
    pub photo_receipts: Vec<StoredReceipt>,
}

impl InspectionView {
    /// The content of the visit.
    ///
    /// # Errors
    /// When it cannot be read, which cannot be.
    pub fn content(&self) -> Result<Inspection, Error> {
        content_of(&self.stored)
    }
}

/// Which visits of its territories somebody may see.
#[must_use]
pub fn visible_to(actor: &Actor) -> Visible {
    match actor.role {
        Role::Monitor => Visible::OwnAndLatest(actor.id),
        _ => Visible::All,
    }
}

/// A visit within reach of an actor, read inside a transaction.
pub(super) fn find_visible(
    conn: &mut Conn,
    actor: &Actor,
    id: InspectionId,
) -> QueryResult<Option<StoredInspection>> {
    let Some(stored) = inspections::find(conn, &actor.scope, id)? else { return Ok(None) };
    let visible = inspections::is_visible(conn, &stored, visible_to(actor))?;
    Ok(visible.then_some(stored))
}

/// One visit.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories, and for a monitor among others'.
pub async fn inspection(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    now: Instant,
) -> Result<InspectionView, Error> {
    let actor = actor.clone();
    let read = app.db.read(move |conn| {
        let Some(stored) = find_visible(conn, &actor, id)? else { return Ok(None) };
        let photos = photos::of_inspection(conn, id)?;
        let mut erasures = Vec::new();
        if !in_state(&photos, PhotoState::Erased).is_empty() {
            erasures = photos::erasures_of(conn, stored.facility)?;
            erasures.retain(|erasure| listed(&photos, &erasure.sha256));
        }
        let signed = (receipt_rows::of_inspection(conn, id)?, receipt_rows::of_photos(conn, id)?);
        Ok(Some((stored, photos, erasures, signed)))
    });
    let (stored, photos, erasures, (signed, known)) = read.await?.ok_or(Error::NotFound)?;
    let proof = receipts::proof_of(app, &stored, signed, now).await?;
    let photo_receipts = receipts::photo_receipts(app, id, &photos, known, now).await?;
    Ok(InspectionView { stored, photos, erasures, proof, photo_receipts })
}

/// A page of visits, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_inspections(
    app: &App,
    actor: &Actor,
    mut filter: Filter,
    facility: Option<FacilityRef>,
    (after, limit): (Option<(Instant, InspectionId)>, usize),
    now: Instant,
) -> Result<Page<InspectionRow>, Error> {
    filter.visible = visible_to(actor);
    let scope = actor.scope.clone();
    let published = app.library.model(now).version.clone();
    let read = app.db.read(move |conn| {
        let mut filter = filter.clone();
        if let Some(which) = &facility {
            match facilities::find(conn, &scope, which)? {
                Some(found) => filter.facility = Some(found.id),
                None => return Ok(Page { items: Vec::new(), more: false }),
            }
        }
        inspections::list(conn, &scope, &filter, &published, after, limit)
    });
    Ok(read.await?)
}
