//! Trends of a centre.

mod wire;

use actix_web::web::{Data, Json, Path};
use vigila_core::documents::FaultCode;
use vigila_core::domain::FacilityRef;

use self::wire::{TrendParams, TrendShown};
use super::answers;
use crate::app::trends::{self, Measure, Question};
use crate::app::{App, Error};
use crate::clock;
use crate::http::actors::Reader;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// Show a centre's trend
///
/// One measure over time, of one checklist. Announced and remote visits are series of their own.
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
    let forms = ["overall", "dimension:CODE", "indicator:CODE"];
    let measure = query.parsed("measure", FaultCode::NotAnOption, &forms);
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
