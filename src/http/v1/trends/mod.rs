//! Trends of a centre and of a territory.

mod wire;

use actix_web::web::{Data, Json, Path};
use vigila_core::documents::FaultCode;
use vigila_core::domain::{FacilityKind, FacilityRef, Territory};

use self::wire::{TerritoryTrendParams, TerritoryTrendShown, TrendParams, TrendShown};
use super::answers;
use crate::app::trends::{self, Measure, Question};
use crate::app::{App, Error};
use crate::clock;
use crate::http::actors::Reader;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// The forms of a measure.
const MEASURES: [&str; 3] = ["overall", "dimension:CODE", "indicator:CODE"];

/// Show a centre's trend
///
/// One measure over time, of one checklist, with the level beneath the chance of single visits,
/// its 90 % interval, and whether it changed within a year. Announced and remote visits are
/// series of their own.
#[utoipa::path(
    get, path = "/facilities/{facility_id}/trends", operation_id = "show_facility_trends",
    tag = "trends", security(("bearer" = [])),
    params(("facility_id" = String, Path, description = "The centre, by id or code."), TrendParams),
    responses((status = 200, description = "The trend.", body = TrendShown), answers::SignedIn, answers::NotThere)
)]
pub async fn show_facility_trends(
    who: Reader,
    app: Data<App>,
    which: Path<String>,
    mut query: Query,
) -> Result<Json<TrendShown>, Problem> {
    let measure = query.parsed("measure", FaultCode::NotAnOption, &MEASURES);
    let checklist = query.text("checklist");
    let from = query.parsed("from", FaultCode::NotADay, &[]);
    let to = query.parsed("to", FaultCode::NotADay, &[]);
    query.end()?;
    let facility: FacilityRef = which.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let measure = measure.unwrap_or(Measure::Overall);
    let question = Question { facility, measure, checklist, from, to };
    let trend = trends::facility_trends(&app, &who.0, question, clock::now()).await?;
    Ok(Json(TrendShown::from(trend)))
}

/// Show a territory's trend
///
/// Kind by kind, month by month: the median and quartiles of one measure over its active
/// centres as they stood at the end of each month, and how many stood in each band.
#[utoipa::path(
    get, path = "/territories/{territory_code}/trends", operation_id = "show_territory_trends",
    tag = "trends", security(("bearer" = [])),
    params(("territory_code" = String, Path, description = "The code of the province."), TerritoryTrendParams),
    responses((status = 200, description = "The trend.", body = TerritoryTrendShown), answers::SignedIn, answers::NotThere)
)]
pub async fn show_territory_trends(
    who: Reader,
    app: Data<App>,
    code: Path<String>,
    mut query: Query,
) -> Result<Json<TerritoryTrendShown>, Problem> {
    let measure = query.parsed("measure", FaultCode::NotAnOption, &MEASURES);
    let kinds: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kind = query.parsed("kind", FaultCode::NotAnOption, &kinds);
    query.end()?;
    let territory: Territory = code.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let measure = measure.unwrap_or(Measure::Overall);
    let which = (territory, kind);
    let trend = trends::territory_trends(&app, &who.0, which, measure, clock::now()).await?;
    Ok(Json(TerritoryTrendShown::from(trend)))
}
