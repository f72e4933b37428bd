//! Scoring models: those published, and what would become of history under another.

mod wire;

use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use uuid::Uuid;
use vigila_core::documents::{FaultCode, Faults, Pointer, json, model};
use vigila_core::domain::Territory;

use self::wire::{ModelList, NewPreview, PreviewShown};
use super::answers;
use crate::app::{App, Error, previews};
use crate::clock;
use crate::http::actors::{Previewer, Reader};
use crate::http::body::JsonBody;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::{NoQuery, Query};

/// List the scoring models
///
/// Every version that was published, by code, the newest first, and which is in force.
#[utoipa::path(
    get, path = "/scoring-models", operation_id = "list_scoring_models", tag = "scoring-models",
    security(("bearer" = [])),
    params(
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page.", body = ModelList), answers::SignedIn)
)]
pub async fn list_scoring_models(
    _: Reader,
    app: Data<App>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<ModelList>, Problem> {
    let page = PageRequest::read(&mut query, 2);
    query.end()?;
    let after = page.after.map(|parts| (parts[0].clone(), parts[1].clone()));
    let found = app.library.published_models(after, page.limit).await.map_err(Error::from)?;
    let last = found.items.last().filter(|_| found.more);
    let last = last.map(|row| vec![row.code.clone(), row.version.clone()]);
    let in_force = app.library.model(clock::now()).version.clone();
    Ok(Json(ModelList::of(&found.items, &in_force, next_link(&request, last))))
}

/// Show a scoring model
///
/// The whole published document, in the structure of its file.
#[utoipa::path(
    get, path = "/scoring-models/{code}/versions/{version}", operation_id = "show_scoring_model",
    tag = "scoring-models", security(("bearer" = [])),
    params(
        ("code" = String, Path, description = "The code of the model."),
        ("version" = String, Path, description = "Its version."),
    ),
    responses((status = 200, description = "The model.", body = model::Document), answers::SignedIn, answers::NotThere)
)]
pub async fn show_scoring_model(
    _: Reader,
    app: Data<App>,
    name: Path<(String, String)>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    query.end()?;
    let (code, version) = name.into_inner();
    let text = app.library.model_text(&code, &version).await.map_err(Error::from)?;
    let text = text.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok().content_type("application/json").body(text))
}

/// Ask what would become of history under another scoring model
///
/// All visits of the manager's territories, or of some of them, are scored again with the
/// facts frozen at each; nothing is stored. The answer names where progress and result are.
#[utoipa::path(
    post, path = "/scoring-models/preview", operation_id = "request_scoring_preview",
    tag = "scoring-models", security(("bearer" = [])),
    request_body = NewPreview,
    responses(
        (status = 202, description = "It is being worked out.", body = PreviewShown, headers(
            ("Location" = String, description = "Where progress and result are."),
        )),
        (status = 429, description = "Too many previews of this person are open.", body = crate::http::problem::Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::WithBody,
    )
)]
pub async fn request_scoring_preview(
    app: Data<App>,
    who: Previewer,
    request: HttpRequest,
    _: NoQuery,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let (model, territories) = read_body(&body)?;
    let now = clock::now();
    let asked = previews::request_preview(&app, &who.0, model, territories, now).await?;
    let base = request.path().trim_end_matches("/preview");
    let location = format!("{base}/previews/{}", asked.id);
    let mut answer = HttpResponse::Accepted();
    answer.insert_header((LOCATION, location));
    Ok(answer.json(PreviewShown::from(asked)))
}

type Asked<'a> = (&'a serde_json::Value, Option<Vec<Territory>>);

fn read_body(body: &JsonBody) -> Result<Asked<'_>, Problem> {
    let mut faults = Faults::default();
    json::check_storable(&body.text, &body.value, &mut faults);
    let root = Pointer::root();
    let Some(object) = body.value.as_object() else {
        faults.with(&root, FaultCode::WrongType, vec!["object".to_owned()]);
        return Err(Error::Faults(faults.into_vec()).into());
    };
    for key in object.keys().filter(|key| !["model", "territories"].contains(&key.as_str())) {
        faults.add(&root.key(key), FaultCode::UnknownField);
    }
    if !object.contains_key("model") {
        faults.add(&root.key("model"), FaultCode::Required);
    }
    let territories = object.get("territories").and_then(|list| {
        let at = root.key("territories");
        let Some(list) = list.as_array().filter(|list| !list.is_empty()) else {
            faults.with(&at, FaultCode::WrongType, vec!["array".to_owned()]);
            return None;
        };
        let mut read = Vec::new();
        for (index, code) in list.iter().enumerate() {
            match code.as_str().map(str::parse::<Territory>) {
                Some(Ok(territory)) => read.push(territory),
                _ => faults.add(&at.index(index), FaultCode::UnknownTerritory),
            }
        }
        Some(read)
    });
    faults.none().map_err(Error::Faults)?;
    Ok((&body.value["model"], territories))
}

/// Show a preview
///
/// How far it is, and once it is done what came out: who would change band and because of
/// which rule, and the distribution before and after. Kept for 30 days, for whoever asked.
#[utoipa::path(
    get, path = "/scoring-models/previews/{preview_id}", operation_id = "show_scoring_preview",
    tag = "scoring-models", security(("bearer" = [])),
    params(("preview_id" = String, Path, format = "uuid", description = "The preview.")),
    responses((status = 200, description = "The preview.", body = PreviewShown), answers::SignedIn, answers::NotThere)
)]
pub async fn show_scoring_preview(
    app: Data<App>,
    who: Previewer,
    id: Path<String>,
    query: Query,
) -> Result<Json<PreviewShown>, Problem> {
    query.end()?;
    let id: Uuid = id.parse().map_err(|_| Problem::from(Error::NotFound))?;
    Ok(Json(PreviewShown::from(previews::preview(&app, &who.0, id).await?)))
}
