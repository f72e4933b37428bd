//! Photos: sent by phones, shown.

mod wire;

use actix_web::http::header::{CONTENT_DISPOSITION, HeaderName};
use actix_web::web::{self, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use vigila_core::documents::FaultCode;
use vigila_core::domain::Sha256;
use vigila_core::photo::MAX_BYTES;

use self::wire::{AbsenceReason, PhotoDebts, PhotoReceived, RenditionParams};
use super::answers;
use super::paths::named;
use crate::app::photos::{self, Rendition, Served, Taken};
use crate::app::{App, receipts};
use crate::clock;
use crate::edge::photo_response;
use crate::http::actors::{Reader, Submitter};
use crate::http::body::{Small, spooled};
use crate::http::problem::{Body, Code, Problem};
use crate::http::query::{NoQuery, Query};

type Which = Path<(String, String)>;

/// Send a photo
///
/// The raw bytes, whatever `Content-Type` says. 201 and 200 mean that they are on durable
/// storage and that both renditions can be read.
#[utoipa::path(
    put, path = "/inspections/{inspection_id}/photos/{sha256}", operation_id = "add_photo",
    tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "JPEG, PNG or WebP."),
    responses(
        (status = 201, description = "Received.", body = PhotoReceived),
        (status = 200, description = "Received before.", body = PhotoReceived),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn add_photo(
    who: Submitter,
    app: Data<App>,
    which: Which,
    _: NoQuery,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let (id, sha256) = named(&which)?;
    photos::expect_photo(&app, &who.0, id, &sha256).await?;
    let came = spooled(&app, &request, payload.into_inner(), MAX_BYTES).await?;
    let taken = photos::add_photo(&app, &who.0, id, &sha256, came, clock::now()).await?;
    let (mut answer, photo) = match taken {
        Taken::New(photo) => (HttpResponse::Created(), photo),
        Taken::AlreadyHere(photo) => (HttpResponse::Ok(), photo),
    };
    let proof = receipts::photo_proof(&app, &photo, clock::now()).await?;
    Ok(answer.json(PhotoReceived::of(&photo, proof)))
}

/// Say that a photo cannot come
///
/// Ends its debt: it leaves `missing_photos` for `absent_photos`. If its bytes come later they
/// are taken all the same. Of a photo that came already it changes nothing.
#[utoipa::path(
    put, path = "/inspections/{inspection_id}/photos/{sha256}/absence",
    operation_id = "declare_photo_absent", tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
    ),
    request_body = AbsenceReason,
    responses(
        (status = 200, description = "What is still to come.", body = PhotoDebts),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn declare_photo_absent(
    who: Submitter,
    app: Data<App>,
    which: Which,
    _: NoQuery,
    body: Small<AbsenceReason>,
) -> Result<Json<PhotoDebts>, Problem> {
    let (id, sha256) = named(&which)?;
    photos::expect_photo(&app, &who.0, id, &sha256).await?;
    let reason = body.0.reason;
    let now = clock::now();
    let all = photos::declare_absent(&app, &who.0, id, &sha256, &reason, now).await?;
    Ok(Json(PhotoDebts::of(id, &all)))
}

/// Show a photo
///
/// A rendition without metadata, upright; or, for managers who state a reason, the original,
/// which is put on record.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}/photos/{sha256}", operation_id = "show_photo",
    tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
        RenditionParams,
    ),
    responses(
        (status = 200, description = "The picture.", content(
            (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"),
        )),
        (status = 304, description = "As the client has it."),
        (status = 410, description = "Erased by an order.", body = Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn show_photo(
    who: Reader,
    app: Data<App>,
    which: Which,
    request: HttpRequest,
    mut query: Query,
) -> Result<HttpResponse, Problem> {
    let rendition = query.text("rendition").unwrap_or_else(|| "display".into());
    let small = match rendition.as_str() {
        "thumbnail" => Some(Rendition::Thumbnail),
        "display" => Some(Rendition::Display),
        "original" => None,
        _ => {
            query.fault("rendition", FaultCode::NotAnOption, &["thumbnail", "display", "original"]);
            None
        }
    };
    if rendition == "original" && !who.0.role.sees_originals() {
        return Err(Problem::new(Code::Forbidden));
    }
    let reason = match rendition.as_str() {
        "original" => query.reason(),
        _ => query.text("reason"),
    };
    query.end()?;
    let (id, sha256) = named(&which)?;
    match small {
        Some(small) => {
            let served = photos::photo_rendition(&app, &who.0, id, &sha256, small).await?;
            Ok(photo_response(&request, served))
        }
        None => {
            let reason = reason.unwrap_or_default();
            let now = clock::now();
            let served = photos::photo_original(&app, &who.0, id, &sha256, &reason, now).await?;
            Ok(attachment(&request, served, &sha256))
        }
    }
}

/// An original is for keeping, not for showing: a browser must not run what it might hold.
fn attachment(request: &HttpRequest, served: Served, sha256: &Sha256) -> HttpResponse {
    let ending = served.media_type.rsplit('/').next().unwrap_or("bin").replace("jpeg", "jpg");
    let name = format!("attachment; filename=\"{sha256}.{ending}\"");
    let mut response = photo_response(request, served);
    let header: HeaderName = CONTENT_DISPOSITION;
    if let Ok(value) = name.parse() {
        response.headers_mut().insert(header, value);
    }
    response
}
