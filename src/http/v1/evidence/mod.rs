//! What the photos of a visit tell beside what was said of them.

mod flags;
mod wire;

use actix_web::http::header::{CONTENT_LANGUAGE, VARY};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use vigila_core::documents::FaultCode;

use self::wire::{EvidenceParams, EvidenceReport};
use super::answers;
use super::paths::known;
use crate::app::App;
use crate::app::evidence::evidence;
use crate::http::actors::Reader;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::Query;
use crate::http::render::language;

/// Show what the photos of an inspection tell
///
/// For each photo, in the order listed: what the phone declared, what its own bytes say, when
/// it was received, the answers that name it, how these differ, and the questions that
/// raises, each with what it rests on. No verdict, and no sum: a flag is a question for a
/// person. Reasons are sentences in the language asked for. Copies are looked for within the
/// territories of who asks, and named where the other inspection may be seen.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}/evidence", operation_id = "show_inspection_evidence",
    tag = "evidence", security(("bearer" = [])),
    params(
        ("inspection_id" = String, Path, format = "uuid", description = "The inspection."),
        EvidenceParams
    ),
    responses((status = 200, description = "A page of its photos.", body = EvidenceReport), answers::SignedIn, answers::NotThere)
)]
pub async fn show_inspection_evidence(
    who: Reader,
    app: Data<App>,
    id: Path<String>,
    request: HttpRequest,
    mut query: Query,
) -> Result<HttpResponse, Problem> {
    let page = PageRequest::read(&mut query, 1);
    let from = page.after.as_ref().map(|parts| parts.first()?.parse().ok());
    if matches!(from, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let from: usize = from.flatten().unwrap_or(0);
    let found = evidence(&app, &who.0, known(&id)?, (from, page.limit)).await?;
    let last = found.more.then(|| vec![(from + found.photos.len()).to_string()]);
    let links = next_link(&request, last);
    let lang = language(request.headers());
    let rules = &app.library.evidence().document.evidence;
    let report = EvidenceReport::of(found, rules, links, lang);
    let mut answer = HttpResponse::Ok();
    Ok(answer
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept-Language"))
        .json(report))
}
