//! Findings: listed, also as a table for spreadsheets; shown; moved along their course.

mod wire;

use actix_web::http::header::ACCEPT;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use uuid::Uuid;
use vigila_core::documents::FaultCode;
use vigila_core::documents::checklist::Bilingual;
use vigila_core::documents::finding::{FindingState, Severity};
use vigila_core::domain::{FacilityRef, parse_day};

use self::wire::{FindingList, FindingParams, FindingShown, MoveToMake};
use super::answers;
use crate::app::findings::{self as app_findings, FindingFilter, Moved, Questions};
use crate::app::{App, Error};
use crate::clock;
use crate::edge;
use crate::http::actors::{FindingMover, Reader};
use crate::http::body::Small;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::{NoQuery, Query};
use crate::http::render::language;

/// List findings
///
/// Those due first at the front. A finding lives until it is verified, closed or voided.
/// With `Accept: text/csv` all of them come at once, as a table with a header.
#[utoipa::path(
    get, path = "/findings", operation_id = "list_findings", tag = "findings",
    security(("bearer" = [])), params(FindingParams),
    responses(
        (status = 200, description = "A page, or the whole table.", content(
            (FindingList = "application/json"), (String = "text/csv")
        )),
        answers::SignedIn
    )
)]
pub async fn list_findings(
    who: Reader,
    app: Data<App>,
    request: HttpRequest,
    mut query: Query,
) -> Result<HttpResponse, Problem> {
    let page = PageRequest::read(&mut query, 2);
    let today = clock::now().day(app.zone);
    let (filter, facility) = read_filter(&mut query, today);
    let after = page.after.as_ref().map(|parts| {
        let [day, id] = &parts[..] else { return None };
        Some((parse_day(day)?, id.parse::<Uuid>().ok()?))
    });
    if matches!(after, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let as_table = wants_table(&request);
    let limit = if as_table { edge::MOST_FINDINGS } else { page.limit };
    let after = (after.flatten(), limit);
    let found = app_findings::list_findings(&app, &who.0, filter, facility, after).await?;
    let questions = Questions::load(&app).await?;
    if as_table {
        let lang = language(request.headers());
        let ask = |text: &Bilingual| lang.of(text.it.clone(), text.en.clone());
        return Ok(edge::findings_table(&found.items, &questions, today, ask)?);
    }
    let last = found.items.last().filter(|_| found.more);
    let last =
        last.map(|row| vec![row.finding.due_on().to_string(), row.finding.entry.id.to_string()]);
    let items = found.items.iter().map(|row| wire::row(row, questions.of(row), today)).collect();
    Ok(HttpResponse::Ok()
        .insert_header(("Vary", "Accept"))
        .json(FindingList { items, links: next_link(&request, last) }))
}

fn wants_table(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|accepted| accepted.trim_start().starts_with("text/csv"))
}

fn read_filter(
    query: &mut Query,
    today: vigila_core::domain::Day,
) -> (FindingFilter, Option<FacilityRef>) {
    let flag = |query: &mut Query, name: &'static str| -> Option<bool> {
        query.parsed(name, FaultCode::NotAnOption, &["true", "false"])
    };
    let states = FindingState::ALL.map(FindingState::as_str);
    let filter = FindingFilter {
        live: None,
        state: query.parsed("state", FaultCode::NotAnOption, &states),
        severity: query.parsed(
            "severity",
            FaultCode::NotAnOption,
            &Severity::ALL.map(Severity::as_str),
        ),
        overdue: flag(query, "overdue").map(|overdue| (overdue, today)),
        closing_proposed: flag(query, "closing_proposed"),
        facility: None,
        territory: query.parsed("territory", FaultCode::UnknownTerritory, &[]),
        checklist_code: query.text("checklist"),
    };
    (filter, query.parsed("facility", FaultCode::BadFormat, &["BT-0007"]))
}

/// Show a finding
///
/// With every move of its course.
#[utoipa::path(
    get, path = "/findings/{finding_id}", operation_id = "show_finding", tag = "findings",
    security(("bearer" = [])),
    params(("finding_id" = String, Path, format = "uuid", description = "The finding.")),
    responses(
        (status = 200, description = "The finding.", body = FindingShown),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn show_finding(
    who: Reader,
    app: Data<App>,
    id: Path<String>,
    _: NoQuery,
) -> Result<Json<FindingShown>, Problem> {
    let id = id.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let view = app_findings::finding(&app, &who.0, id, clock::now()).await?;
    Ok(Json(FindingShown::of(&view)))
}

/// Move a finding
///
/// Along its course: `open`, `prescribed`, `action_submitted`, `verified`, `closed`; or to
/// `contested`, or to `void` with a note that says why. It is closed only once it is verified,
/// or when a later visit found the item in order. The same move again by the same person
/// changes nothing, and is answered with 200.
#[utoipa::path(
    post, path = "/findings/{finding_id}/moves", operation_id = "move_finding", tag = "findings",
    security(("bearer" = [])),
    params(("finding_id" = String, Path, format = "uuid", description = "The finding.")),
    request_body = MoveToMake,
    responses(
        (status = 201, description = "Moved.", body = FindingShown),
        (status = 200, description = "Moved so before.", body = FindingShown),
        (status = 409, description = "Not possible from where it stands.", body = crate::http::problem::Body, content_type = "application/problem+json"),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn move_finding(
    who: FindingMover,
    app: Data<App>,
    id: Path<String>,
    _: NoQuery,
    body: Small<MoveToMake>,
) -> Result<HttpResponse, Problem> {
    let id = id.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let wish = body.0.wish()?;
    Ok(match app_findings::move_finding(&app, &who.0, id, wish, clock::now()).await? {
        Moved::Done(view) => HttpResponse::Created().json(FindingShown::of(&view)),
        Moved::AlreadyThere(view) => HttpResponse::Ok().json(FindingShown::of(&view)),
    })
}
