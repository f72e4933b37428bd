//! Scorecards of centres and of territories.

mod wire;

use actix_web::HttpRequest;
use actix_web::web::{Data, Json, Path};
use vigila_core::documents::FaultCode;
use vigila_core::documents::score::Band;
use vigila_core::domain::{FacilityKind, FacilityRef, Instant, Territory};

use self::wire::{ScorecardBrief, ScorecardList, ScorecardShown, TerritoryParams};
use super::answers;
use crate::app::scorecards::{self, Scorecard};
use crate::app::{App, Error};
use crate::clock;
use crate::http::actors::Reader;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::Query;

/// Show a centre's scorecard
///
/// How the centre stands now, with the base of each checklist and the critical items that are
/// failed.
#[utoipa::path(
    get, path = "/facilities/{facility_id}/scorecard", operation_id = "show_facility_scorecard",
    tag = "scorecards", security(("bearer" = [])),
    params(("facility_id" = String, Path, description = "The centre, by id or code.")),
    responses((status = 200, description = "The scorecard.", body = ScorecardShown), answers::SignedIn, answers::NotThere)
)]
pub async fn show_facility_scorecard(
    who: Reader,
    app: Data<App>,
    which: Path<String>,
    query: Query,
) -> Result<Json<ScorecardShown>, Problem> {
    query.end()?;
    let which: FacilityRef = which.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let card = scorecards::facility_scorecard(&app, &who.0, which, clock::now()).await?;
    Ok(Json(ScorecardShown::from(card)))
}

/// List a territory's scorecards
///
/// One for every active centre: the worst band first, then the longest unseen, then by code.
#[utoipa::path(
    get, path = "/territories/{territory_code}/scorecards",
    operation_id = "list_territory_scorecards", tag = "scorecards", security(("bearer" = [])),
    params(("territory_code" = String, Path, description = "The code of the province."), TerritoryParams),
    responses((status = 200, description = "A page.", body = ScorecardList), answers::SignedIn, answers::NotThere)
)]
pub async fn list_territory_scorecards(
    who: Reader,
    app: Data<App>,
    code: Path<String>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<ScorecardList>, Problem> {
    let page = PageRequest::read(&mut query, 3);
    let kinds: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kind = query.parsed("kind", FaultCode::NotAnOption, &kinds);
    let after = page.after.as_ref().map(|parts| rank(parts));
    if matches!(after, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let territory: Territory = code.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let now = clock::now();
    let cards = scorecards::territory_scorecards(&app, &who.0, territory, kind, now).await?;
    let rest =
        cards.into_iter().filter(|card| after.iter().flatten().all(|last| card.rank() > *last));
    let mut rest: Vec<Scorecard> = rest.take(page.limit + 1).collect();
    let more = rest.len() > page.limit;
    rest.truncate(page.limit);
    let last = rest.last().filter(|_| more).map(cursor);
    let items = rest.into_iter().map(ScorecardBrief::from).collect();
    Ok(Json(ScorecardList { items, links: next_link(&request, last) }))
}

type Rank = (Band, Option<Instant>, String);

fn cursor(card: &Scorecard) -> Vec<String> {
    let (band, seen, code) = card.rank();
    let seen = seen.map(|at| format!("{at:?}")).unwrap_or_default();
    vec![band.as_str().to_owned(), seen, code]
}

fn rank(parts: &[String]) -> Option<Rank> {
    let [band, seen, code] = parts else { return None };
    let seen = if seen.is_empty() { None } else { Some(seen.parse().ok()?) };
    Some((Band::from_name(band)?, seen, code.clone()))
}
