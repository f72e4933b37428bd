//! Inspections: sent by phones, listed, shown, scored.

pub mod content;
mod wire;

use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use vigila_core::documents::FaultCode;
use vigila_core::documents::inspection::Kind;
use vigila_core::domain::{InspectionId, Instant};

use self::content::Content;
use self::wire::{ExplainedScore, InspectionList, InspectionShown, ListParams, Receipt};
use super::answers;
use super::paths::known;
use crate::app::App;
use crate::app::explanations::explained_score;
use crate::app::inspections::{self as app_inspections, Filter, PhotosState};
use crate::app::submissions::{self, Submitted};
use crate::clock;
use crate::http::actors::{Reader, Submitter};
use crate::http::body::JsonBody;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::{NoQuery, Query};

/// Send an inspection
///
/// The id is made by the phone (UUIDv7). The same content may be sent any number of times; the
/// answer is then 200 with the same receipt. 201 and 200 mean that it is on durable storage.
#[utoipa::path(
    put, path = "/inspections/{inspection_id}", operation_id = "submit_inspection",
    tag = "inspections", security(("bearer" = [])),
    params(("inspection_id" = String, Path, format = "uuid", description = "The id, made by the phone.")),
    request_body = Content,
    responses(
        (status = 201, description = "Received.", body = Receipt),
        (status = 200, description = "Received before, with the same content.", body = Receipt),
        answers::SignedIn, answers::WithBody, answers::InUse,
    )
)]
pub async fn submit_inspection(
    who: Submitter,
    app: Data<App>,
    id: Path<String>,
    _: NoQuery,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let id = id.parse().map_err(|_| Problem::parameter("inspection_id", FaultCode::NotAUuid))?;
    let sent = (&body.text[..], &body.value);
    match submissions::submit_inspection(&app, &who.0, id, sent, clock::now()).await? {
        Submitted::Accepted(receipt) => Ok(HttpResponse::Created().json(Receipt::from(receipt))),
        Submitted::AlreadyHere(receipt) => Ok(HttpResponse::Ok().json(Receipt::from(receipt))),
    }
}

/// List inspections
///
/// Newest `ended_at` first. A monitor sees its own, and the latest of each centre and checklist.
#[utoipa::path(
    get, path = "/inspections", operation_id = "list_inspections", tag = "inspections",
    security(("bearer" = [])), params(ListParams),
    responses((status = 200, description = "A page.", body = InspectionList), answers::SignedIn)
)]
pub async fn list_inspections(
    who: Reader,
    app: Data<App>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<InspectionList>, Problem> {
    let page = PageRequest::read(&mut query, 2);
    let (filter, facility) = read_filter(&app, &mut query);
    let after = page.after.as_ref().map(|last| cursor(last));
    if matches!(after, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let (after, now) = (after.flatten(), clock::now());
    let found =
        app_inspections::list_inspections(&app, &who.0, filter, facility, (after, page.limit), now)
            .await?;
    let last = found.items.last().filter(|_| found.more);
    let last = last.map(|row| vec![format!("{:?}", row.ended_at), row.id.to_string()]);
    let items = found.items.iter().map(Into::into).collect();
    Ok(Json(InspectionList { items, links: next_link(&request, last) }))
}

fn cursor(parts: &[String]) -> Option<(Instant, InspectionId)> {
    let [at, id] = parts else { return None };
    Some((at.parse().ok()?, id.parse().ok()?))
}

fn read_filter(app: &App, query: &mut Query) -> (Filter, Option<vigila_core::domain::FacilityRef>) {
    let day = |query: &mut Query, name: &'static str| -> Option<chrono::NaiveDate> {
        query.parsed(name, FaultCode::NotADay, &[])
    };
    let facility = query.parsed("facility", FaultCode::BadFormat, &["BT-0007"]);
    let territory = query.parsed("territory", FaultCode::UnknownTerritory, &[]);
    let kind = query.parsed("kind", FaultCode::NotAnOption, &Kind::ALL.map(Kind::as_str));
    let from = day(query, "from").map(|day| Instant::start_of(day, app.zone));
    let until = day(query, "to").and_then(|day| day.succ_opt());
    let state = query.text("state");
    let photos = match state.as_deref() {
        None => None,
        Some("awaiting_photos") => Some(PhotosState::AwaitingPhotos),
        Some("complete") => Some(PhotosState::Complete),
        Some(_) => {
            query.fault("state", FaultCode::NotAnOption, &["awaiting_photos", "complete"]);
            None
        }
    };
    let filter = Filter {
        territory,
        checklist_code: query.text("checklist"),
        kind,
        from,
        until: until.map(|day| Instant::start_of(day, app.zone)),
        state: photos,
        ..Filter::default()
    };
    (filter, facility)
}

/// Show an inspection
///
/// What was sent, and how things stand.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}", operation_id = "show_inspection",
    tag = "inspections", security(("bearer" = [])),
    params(("inspection_id" = String, Path, format = "uuid", description = "The inspection.")),
    responses((status = 200, description = "The inspection.", body = InspectionShown), answers::SignedIn, answers::NotThere)
)]
pub async fn show_inspection(
    who: Reader,
    app: Data<App>,
    id: Path<String>,
    query: Query,
) -> Result<Json<InspectionShown>, Problem> {
    query.end()?;
    let view = app_inspections::inspection(&app, &who.0, known(&id)?, clock::now()).await?;
    Ok(Json(InspectionShown::of(view)?))
}

/// Show the score of an inspection
///
/// In full precision, with the arithmetic: what each item weighs, what it earned and cost,
/// which rule decided the band, and what would lift it.
#[utoipa::path(
    get, path = "/inspections/{inspection_id}/score", operation_id = "show_inspection_score",
    tag = "inspections", security(("bearer" = [])),
    params(("inspection_id" = String, Path, format = "uuid", description = "The inspection.")),
    responses((status = 200, description = "The score.", body = ExplainedScore), answers::SignedIn, answers::NotThere)
)]
pub async fn show_inspection_score(
    who: Reader,
    app: Data<App>,
    id: Path<String>,
    query: Query,
) -> Result<Json<ExplainedScore>, Problem> {
    query.end()?;
    let explained = explained_score(&app, &who.0, known(&id)?, clock::now()).await?;
    Ok(Json(ExplainedScore::from(explained)))
}
