//! What must not be seen: areas of photos and texts of visits, taken out of sight with a
//! reason; and the sealed content, for who states one.

mod wire;

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};

pub use self::wire::TextRedacted;
use self::wire::{
    AreasToRedact, PhotoRedacted, PhotoRedactionList, SealedContent, TextRedactionList,
    TextToRedact,
};
use super::answers;
use super::paths::known;
use super::paths::named;
use crate::app::texts::{Wish, redact_text as redact, sealed_content, text_redactions};
use crate::app::{App, redactions};
use crate::clock;
use crate::http::actors::{OriginalReader, Overseer, Redactor};
use crate::http::body::Small;
use crate::http::paging::PageRequest;
use crate::http::problem::{Body, Problem};
use crate::http::query::{NoQuery, Query};

type Which = Path<(String, String)>;

/// Take areas of a photo out of sight
///
/// They are filled in every rendition from then on, in every visit to the centre that lists the
/// photo; the original stays sealed. A redaction may take the place of an earlier one, even with
/// fewer areas; none is ever removed.
#[utoipa::path(
    post, path = "/inspections/{inspection_id}/photos/{sha256}/redactions",
    operation_id = "redact_photo", tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
    ),
    request_body = AreasToRedact,
    responses(
        (status = 201, description = "They are not shown any more.", body = PhotoRedacted),
        (status = 410, description = "Erased by an order.", body = Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn redact_photo(
    who: Redactor,
    app: Data<App>,
    which: Which,
    _: NoQuery,
    body: Small<AreasToRedact>,
) -> Result<HttpResponse, Problem> {
    let (id, sha256) = named(&which)?;
    let wanted = body.0.into();
    let done = redactions::redact_photo(&app, &who.0, id, &sha256, wanted, clock::now()).await?;
    Ok(HttpResponse::Created().json(PhotoRedacted::of(&done, &[])))
}

/// List the redactions of a photo
///
/// From the oldest; those that another one superseded are among them, and say so.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}/photos/{sha256}/redactions",
    operation_id = "list_photo_redactions", tag = "photos", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection that lists it."),
        ("sha256" = String, Path, description = "The SHA-256 of its bytes.", pattern = "^[0-9a-f]{64}$"),
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "A page of redactions.", body = PhotoRedactionList),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn list_photo_redactions(
    who: Overseer,
    app: Data<App>,
    which: Which,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<PhotoRedactionList>, Problem> {
    let page = PageRequest::read(&mut query, 1);
    query.end()?;
    let (id, sha256) = named(&which)?;
    let all = redactions::photo_redactions(&app, &who.0, id, &sha256).await?;
    let rows = all.iter().map(|redaction| PhotoRedacted::of(redaction, &all)).collect();
    let (items, links) = page.of_all(&request, rows, |row: &PhotoRedacted| row.id());
    Ok(Json(PhotoRedactionList { items, links }))
}

/// Take a text of an inspection out of sight
///
/// A note, a reason, a caption, an answer to a text item or the name of the device. It reads
/// `[redacted]` from then on, here and wherever a correction repeats it; digest, receipt and
/// score stay as they are.
#[utoipa::path(
    post, path = "/inspections/{inspection_id}/redactions", operation_id = "redact_text",
    tag = "inspections", security(("bearer" = [])),
    params(("inspection_id" = String, Path, format = "uuid", description = "The inspection.")),
    request_body = TextToRedact,
    responses(
        (status = 201, description = "It is not shown any more.", body = TextRedacted),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn redact_text(
    who: Redactor,
    app: Data<App>,
    id: Path<String>,
    _: NoQuery,
    body: Small<TextToRedact>,
) -> Result<HttpResponse, Problem> {
    let (id, wanted) = (known(&id)?, body.0);
    let wish = (Wish::Redact, wanted.reason.as_str());
    let done = redact(&app, &who.0, id, &wanted.pointer, wish, clock::now()).await?;
    Ok(HttpResponse::Created().json(TextRedacted::from(done)))
}

/// List the redacted texts of an inspection
///
/// From the oldest; with what was erased by an order.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}/redactions", operation_id = "list_text_redactions",
    tag = "inspections", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection."),
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses(
        (status = 200, description = "A page of redactions.", body = TextRedactionList),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn list_text_redactions(
    who: Overseer,
    app: Data<App>,
    id: Path<String>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<TextRedactionList>, Problem> {
    let page = PageRequest::read(&mut query, 1);
    query.end()?;
    let all = text_redactions(&app, &who.0, known(&id)?).await?;
    let rows = all.into_iter().map(TextRedacted::from).collect();
    let (items, links) = page.of_all(&request, rows, |row: &TextRedacted| row.id());
    Ok(Json(TextRedactionList { items, links }))
}

/// Show the sealed content of an inspection
///
/// As it was sent, redacted texts included, but for what an order erased; put on record.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}/content", operation_id = "show_sealed_content",
    tag = "inspections", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection."),
        ("reason" = String, Query, description = "Why it is asked for; put on record.", min_length = 1, max_length = 1000),
    ),
    responses(
        (status = 200, description = "The sealed content.", body = SealedContent),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn show_sealed_content(
    who: OriginalReader,
    app: Data<App>,
    id: Path<String>,
    mut query: Query,
) -> Result<Json<SealedContent>, Problem> {
    let reason = query.reason();
    query.end()?;
    let reason = reason.unwrap_or_default();
    let sealed = sealed_content(&app, &who.0, known(&id)?, &reason, clock::now()).await?;
    Ok(Json(SealedContent::of(sealed)?))
}
