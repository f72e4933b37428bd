//! Published checklists: listed and shown.

mod wire;

use actix_web::http::header::{CACHE_CONTROL, ETAG};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use vigila_core::documents::checklist::Document;
use vigila_core::documents::inspection::ChecklistRef;

use self::wire::{ChecklistList, ChecklistVersion};
use super::answers;
use crate::app::{App, checklists};
use crate::http::actors::Reader;
use crate::http::conditions::is_known;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::{Code, Problem};
use crate::http::query::{NoQuery, Query};

/// What was published never changes; only who may read it can.
const CACHED: &str = "private, max-age=86400, immutable";

/// List the checklists
///
/// One row per published version, by code, the newest version first.
#[utoipa::path(
    get, path = "/checklists", operation_id = "list_checklists", tag = "checklists",
    security(("bearer" = [])),
    params(
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of versions.", body = ChecklistList), answers::SignedIn)
)]
pub async fn list_checklists(
    app: Data<App>,
    _: Reader,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<ChecklistList>, Problem> {
    let page = PageRequest::read(&mut query, 2);
    query.end()?;
    let after = page.after.and_then(|parts| <[String; 2]>::try_from(parts).ok());
    let after = after.map(|[code, version]| ChecklistRef { code, version });
    let found = checklists::list_checklists(&app, after, page.limit).await?;
    let items: Vec<_> = found.items.iter().map(|one| ChecklistVersion::from(&**one)).collect();
    let last = items.last().filter(|_| found.more);
    let last = last.map(|one| vec![one.code.clone(), one.version.clone()]);
    Ok(Json(ChecklistList { links: next_link(&request, last), items }))
}

/// Show a version of a checklist
///
/// The whole published document. It never changes: the `ETag` is its digest.
#[utoipa::path(
    get, path = "/checklists/{code}/versions/{version}", operation_id = "show_checklist",
    tag = "checklists", security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "The code of the checklist.", example = "CAS-COLL"),
        ("version" = String, Path, description = "Its version.", example = "1.0.0"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the client has."),
    ),
    responses(
        (status = 200, description = "The document.", body = Document, headers(
            ("ETag" = String, description = "The digest of the document."),
        )),
        (status = 304, description = "The client has it."),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn show_checklist(
    app: Data<App>,
    _: Reader,
    request: HttpRequest,
    _: NoQuery,
    path: Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (code, version) = path.into_inner();
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    if !plain(&code) || !plain(&version) {
        return Err(Problem::new(Code::NotFound));
    }
    let found = checklists::find_checklist(&app, &ChecklistRef { code, version }).await?;
    let tag = format!("\"{}\"", found.digest);
    let known = is_known(&request, &tag);
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, CACHED));
    if known {
        return Ok(answer.finish());
    }
    Ok(answer.content_type("application/json").body(found.text.clone()))
}
