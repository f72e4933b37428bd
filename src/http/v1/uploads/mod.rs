//! Photos that come in parts, over links that die: tus 1.0 (core, creation, expiration and
//! termination), as its client libraries speak it.

mod wire;

use actix_web::http::header::{CONTENT_LENGTH, LOCATION};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use uuid::Uuid;
use vigila_core::documents::FaultCode;
use vigila_core::photo::MAX_BYTES;

use self::wire::UploadState;
use super::answers;
use super::paths::named;
use crate::app::uploads::{self, Upload};
use crate::app::{App, Error, photos};
use crate::clock;
use crate::http::actors::Submitter;
use crate::http::body::{has_type, so_far};
use crate::http::problem::{Body, Code, Problem};
use crate::http::query::NoQuery;

/// The version of the protocol that is spoken.
pub const VERSION: &str = "1.0.0";

/// Begin a photo in parts
///
/// For a link that dies before a photo is through: protocol tus 1.0, whose client libraries do
/// the rest. `Location` is where the parts go. The photo is taken in with its last byte, as by
/// `PUT` on the photo itself.
#[utoipa::path(
    post, path = "/inspections/{inspection_id}/photos/{sha256}/uploads",
    operation_id = "create_upload", tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
        ("Tus-Resumable" = String, Header, description = "The version of tus, 1.0.0.", example = "1.0.0"),
        ("Upload-Length" = i64, Header, minimum = 1, maximum = 25_000_000, description = "How many bytes there are in all."),
    ),
    responses(
        (status = 201, description = "Begun.", body = UploadState,
            headers(("Location" = String, description = "Where the parts go."))),
        (status = 410, description = "Erased by an order.", body = Body, content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus.", body = Body, content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Body, content_type = "application/problem+json"),
        (status = 429, description = "Too many have begun.", body = Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn create_upload(
    who: Submitter,
    app: Data<App>,
    which: Path<(String, String)>,
    _: NoQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (id, sha256) = named(&which)?;
    let photo = photos::expect_photo(&app, &who.0, id, &sha256).await?;
    expect_version(&request)?;
    let bytes = number(&request, "Upload-Length")?;
    if u64::try_from(bytes).is_ok_and(|bytes| bytes > MAX_BYTES) {
        return Err(Problem::with(Code::BodyTooLarge, MAX_BYTES.to_string()));
    }
    if bytes == 0 {
        return Err(Problem::parameter("Upload-Length", FaultCode::OutOfRange));
    }
    let upload = uploads::begin_upload(&app, &who.0, &photo, bytes, clock::now()).await?;
    let mut answer = telling(HttpResponse::Created(), &upload);
    answer.insert_header((LOCATION, format!("/api/v1/uploads/{}", upload.id)));
    Ok(answer.json(UploadState::of(&upload)))
}

/// How far a photo in parts is
///
/// `HEAD` gives the same headers without the body.
#[utoipa::path(
    get, path = "/uploads/{upload_id}", operation_id = "show_upload", tag = "photos",
    security(("bearer" = [])),
    params(("upload_id" = String, Path, format = "uuid", description = "As in `Location`.")),
    responses(
        (status = 200, description = "How far it is.", body = UploadState,
            headers(("Upload-Offset" = i64, description = "How many bytes were received."))),
        (status = 410, description = "Erased by an order.", body = Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn show_upload(
    who: Submitter,
    app: Data<App>,
    which: Path<String>,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    let upload = find(&app, &who, &which).await?;
    Ok(telling(HttpResponse::Ok(), &upload).json(UploadState::of(&upload)))
}

/// Send the next part of a photo
///
/// Whatever arrives before the link dies is kept. 204 to the last part means that the photo is on
/// durable storage and that both renditions can be read. What is no photo, or hashes to another
/// name, is told with the last part and ends the upload.
#[utoipa::path(
    patch, path = "/uploads/{upload_id}", operation_id = "continue_upload", tag = "photos",
    security(("bearer" = [])),
    params(
        ("upload_id" = String, Path, format = "uuid", description = "As in `Location`."),
        ("Tus-Resumable" = String, Header, description = "The version of tus, 1.0.0.", example = "1.0.0"),
        ("Upload-Offset" = i64, Header, minimum = 0, maximum = 25_000_000, description = "How many bytes were received before."),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream", description = "The next bytes."),
    responses(
        (status = 204, description = "Received.",
            headers(("Upload-Offset" = i64, description = "How many bytes were received."))),
        (status = 409, description = "Other bytes are awaited.", body = Body, content_type = "application/problem+json"),
        (status = 410, description = "Erased by an order.", body = Body, content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus.", body = Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn continue_upload(
    who: Submitter,
    app: Data<App>,
    which: Path<String>,
    _: NoQuery,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, Problem> {
    let upload = find(&app, &who, &which).await?;
    expect_version(&request)?;
    if !has_type(&request, "application/offset+octet-stream") {
        let kind = "application/offset+octet-stream";
        return Err(Problem::with(Code::UnsupportedMediaType, kind));
    }
    if number(&request, "Upload-Offset")? != upload.received {
        return Err(Error::WrongOffset.into());
    }
    let most = u64::try_from(upload.bytes - upload.received).unwrap_or(0);
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|text| text.parse::<u64>().ok()).is_some_and(|bytes| bytes > most) {
        return Err(Problem::with(Code::BodyTooLarge, most.to_string()));
    }
    // A task of its own: it goes on when the connection is gone, and keeps what had arrived.
    let taking = actix_web::rt::spawn(async move {
        let came = so_far(&app, payload.into_inner(), most).await?;
        let now = clock::now();
        Ok::<_, Problem>(uploads::continue_upload(&app, &who.0, upload, came, now).await?)
    });
    let taken = taking.await.map_err(|_| Problem::new(Code::Internal))??;
    Ok(telling(HttpResponse::NoContent(), &taken).finish())
}

/// Give a photo in parts up
///
/// Its parts go. The photo stays owed.
#[utoipa::path(
    delete, path = "/uploads/{upload_id}", operation_id = "end_upload", tag = "photos",
    security(("bearer" = [])),
    params(
        ("upload_id" = String, Path, format = "uuid", description = "As in `Location`."),
        ("Tus-Resumable" = String, Header, description = "The version of tus, 1.0.0.", example = "1.0.0"),
    ),
    responses(
        (status = 204, description = "It is no more."),
        (status = 410, description = "Erased by an order.", body = Body, content_type = "application/problem+json"),
        (status = 412, description = "Another version of tus.", body = Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn end_upload(
    who: Submitter,
    app: Data<App>,
    which: Path<String>,
    _: NoQuery,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let upload = find(&app, &who, &which).await?;
    expect_version(&request)?;
    uploads::end_upload(&app, upload.id, clock::now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What of tus is spoken, as its core protocol asks for.
pub async fn describe_uploads(_: Submitter) -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("Tus-Extension", "creation,expiration,termination"))
        .insert_header(("Tus-Max-Size", MAX_BYTES.to_string()))
        .finish()
}

async fn find(app: &App, who: &Submitter, which: &str) -> Result<Upload, Problem> {
    let id = which.parse::<Uuid>().map_err(|_| Problem::from(Error::NotFound))?;
    Ok(uploads::find_upload(app, &who.0, id, clock::now()).await?)
}

fn expect_version(request: &HttpRequest) -> Result<(), Problem> {
    let version = request.headers().get("tus-resumable").and_then(|value| value.to_str().ok());
    match version == Some(VERSION) {
        true => Ok(()),
        false => Err(Problem::with(Code::OtherProtocol, VERSION)),
    }
}

fn number(request: &HttpRequest, name: &str) -> Result<i64, Problem> {
    let Some(header) = request.headers().get(name) else {
        return Err(Problem::parameter(name, FaultCode::Required));
    };
    let digits = header.to_str().ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let number = digits.and_then(|text| text.parse().ok());
    number.ok_or_else(|| Problem::parameter(name, FaultCode::BadFormat))
}

/// An answer with the headers by which a client knows how far it is.
fn telling(mut answer: HttpResponseBuilder, upload: &Upload) -> HttpResponseBuilder {
    let until = upload.expires_at.utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    answer
        .insert_header(("Upload-Offset", upload.received.to_string()))
        .insert_header(("Upload-Length", upload.bytes.to_string()))
        .insert_header(("Upload-Expires", until));
    answer
}
