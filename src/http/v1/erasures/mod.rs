//! What an order erases for good: photos and texts. The reason and the day stay.

use actix_web::web::{Data, Json, Path};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use vigila_core::documents::FaultCode;

use super::answers;
use super::paths::known;
use super::paths::named;
use super::redactions::TextRedacted;
use crate::app::App;
use crate::app::redactions::{Erasure, erase_photo as erase};
use crate::app::texts::{Wish, redact_text};
use crate::clock;
use crate::http::actors::Eraser;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// What is left of a photo that an order erased.
#[derive(Serialize, ToSchema)]
pub struct PhotoErased {
    /// The SHA-256 that its bytes had.
    sha256: String,
    /// The inspection under which the order was carried out.
    inspection_id: Uuid,
    /// Why.
    reason: String,
    /// When.
    #[schema(format = DateTime)]
    erased_at: String,
    /// The person who carried it out.
    erased_by: Uuid,
}

impl From<&Erasure> for PhotoErased {
    fn from(erasure: &Erasure) -> Self {
        Self {
            sha256: erasure.sha256.to_string(),
            inspection_id: erasure.inspection.0,
            reason: erasure.reason.clone(),
            erased_at: erasure.at.to_string(),
            erased_by: erasure.by.0,
        }
    }
}

/// Erase a photo
///
/// By an order: the original and the renditions are removed, in every inspection of the centre
/// that lists it; hash, reason and date stay. Bytes that come later are refused (410). A repeat
/// answers what the first order left.
#[utoipa::path(
    delete, path = "/inspections/{inspection_id}/photos/{sha256}", operation_id = "erase_photo",
    tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
        ("reason" = String, Query, description = "The order; put on record, without names.", min_length = 1, max_length = 1000),
    ),
    responses(
        (status = 200, description = "It is gone.", body = PhotoErased),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn erase_photo(
    who: Eraser,
    app: Data<App>,
    which: Path<(String, String)>,
    mut query: Query,
) -> Result<Json<PhotoErased>, Problem> {
    let reason = query.reason();
    query.end()?;
    let (id, sha256) = named(&which)?;
    let reason = reason.unwrap_or_default();
    let erasure = erase(&app, &who.0, id, &sha256, &reason, clock::now()).await?;
    Ok(Json(PhotoErased::from(&erasure)))
}

/// Erase a text of an inspection
///
/// By an order: it is removed from the sealed content too, here and wherever a correction
/// repeats it. Digest, receipt and score stay, and a repeat of what was sent is still known.
#[utoipa::path(
    delete, path = "/inspections/{inspection_id}/content", operation_id = "erase_text",
    tag = "inspections", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection."),
        ("pointer" = String, Query, description = "Where the text stands in the content (RFC 6901)."),
        ("reason" = String, Query, description = "The order; put on record, without names.", min_length = 1, max_length = 1000),
    ),
    responses(
        (status = 200, description = "It is gone.", body = TextRedacted),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn erase_text(
    who: Eraser,
    app: Data<App>,
    id: Path<String>,
    mut query: Query,
) -> Result<Json<TextRedacted>, Problem> {
    let reason = query.reason();
    let pointer = query.text("pointer");
    if pointer.is_none() {
        query.fault("pointer", FaultCode::Required, &[]);
    }
    query.end()?;
    let (id, pointer) = (known(&id)?, pointer.unwrap_or_default());
    let wish = (Wish::Erase, reason.as_deref().unwrap_or_default());
    let done = redact_text(&app, &who.0, id, &pointer, wish, clock::now()).await;
    Ok(Json(done.map_err(Problem::of_parameters)?.into()))
}
