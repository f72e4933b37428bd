//! Visits as flat rows of one measure.

mod wire;

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use vigila_core::documents::FaultCode;
use vigila_core::domain::{InspectionId, Instant};

use self::wire::{SeriesList, SeriesParams, SeriesPoint};
use super::answers;
use crate::app::App;
use crate::app::series::{self, Question};
use crate::app::trends::Measure;
use crate::clock;
use crate::http::actors::Reader;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::Query;

/// Most rows of a page, and how many where none is asked: what draws charts reads one address.
const MOST_ROWS: usize = 20_000;
/// The forms of a measure.
const MEASURES: [&str; 3] = ["overall", "dimension:CODE", "indicator:CODE"];

/// List visits as flat rows of one measure
///
/// One row for each visit that counts and in which the measure has a value, the earliest
/// `ended_at` first: for Grafana's Infinity data source and for spreadsheets, which read rows as
/// they are. Up to 20,000 rows come at once.
#[utoipa::path(
    get, path = "/series", operation_id = "list_series", tag = "trends",
    security(("bearer" = [])), params(SeriesParams),
    responses((status = 200, description = "A page.", body = SeriesList), answers::SignedIn)
)]
pub async fn list_series(
    who: Reader,
    app: Data<App>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<SeriesList>, Problem> {
    let page = PageRequest::read_up_to(&mut query, 2, (MOST_ROWS, MOST_ROWS));
    let measure = query.parsed("measure", FaultCode::NotAnOption, &MEASURES);
    let measure = measure.unwrap_or(Measure::Overall);
    let territory = query.parsed("territory", FaultCode::UnknownTerritory, &[]);
    let facility = query.parsed("facility", FaultCode::BadFormat, &["BT-0007"]);
    let checklist = query.text("checklist");
    let from = query.parsed("from", FaultCode::NotADay, &[]);
    let to = query.parsed("to", FaultCode::NotADay, &[]);
    let after = page.after.as_ref().map(|last| cursor(last));
    if matches!(after, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let (after, limit) = (after.flatten(), page.limit);
    let name = measure.to_string();
    let asked = Question { measure, territory, facility, checklist, from, to, after, limit };
    let found = series::list_series(&app, &who.0, asked, clock::now()).await?;
    let last = found.items.last().filter(|_| found.more);
    let last = last.map(|point| vec![format!("{:?}", point.ended_at), point.id.to_string()]);
    let items = found.items.into_iter().map(|point| SeriesPoint::of(point, &name)).collect();
    Ok(Json(SeriesList { items, links: next_link(&request, last) }))
}

fn cursor(parts: &[String]) -> Option<(Instant, InspectionId)> {
    let [at, id] = parts else { return None };
    Some((at.parse().ok()?, id.parse().ok()?))
}
