//! Indicators: what they are, and how a territory stands.

mod wire;

use actix_web::web::{Data, Json, Path};
use vigila_core::documents::FaultCode;
use vigila_core::domain::{FacilityKind, Territory};

use self::wire::{IndicatorFilter, TerritoryIndicators};
use super::answers;
use crate::app::{App, Error, indicators};
use crate::clock;
use crate::http::actors::Reader;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// Show a territory's indicators
///
/// Each indicator with its definition and its value over the active centres: the quotient of
/// sums, or the mean where it is no quotient. Those of a visit come from the bases of the
/// scorecards, the others from the history of each centre.
#[utoipa::path(
    get, path = "/territories/{territory_code}/indicators",
    operation_id = "show_territory_indicators", tag = "indicators", security(("bearer" = [])),
    params(("territory_code" = String, Path, description = "The code of the province."), IndicatorFilter),
    responses((status = 200, description = "The indicators.", body = TerritoryIndicators), answers::SignedIn, answers::NotThere)
)]
pub async fn show_territory_indicators(
    who: Reader,
    app: Data<App>,
    code: Path<String>,
    mut query: Query,
) -> Result<Json<TerritoryIndicators>, Problem> {
    let kinds: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kind = query.parsed("kind", FaultCode::NotAnOption, &kinds);
    query.end()?;
    let territory: Territory = code.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let now = clock::now();
    let found = indicators::territory_indicators(&app, &who.0, territory, kind, now).await?;
    let set = app.library.indicators().map(|all| all.version().clone());
    Ok(Json(TerritoryIndicators::of(territory, set, found)))
}
