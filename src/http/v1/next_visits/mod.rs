//! Which centres of a territory to visit next.

mod wire;

use actix_web::HttpRequest;
use actix_web::web::{Data, Json, Path};
use vigila_core::documents::FaultCode;
use vigila_core::domain::{Instant, Territory};
use vigila_core::scoring::Rank;

use self::wire::{NextVisitList, NextVisitParams};
use super::answers;
use crate::app::next_visits::{self, NextVisit};
use crate::app::{App, Error};
use crate::clock;
use crate::http::actors::Reader;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::Query;

/// List the centres to visit next
///
/// Every active centre: the most points first, then the longest unseen (never before all), then by
/// code. The points of a centre are the sum of its reasons, which the plan of the office weighs.
#[utoipa::path(
    get, path = "/territories/{territory_code}/next-visits", operation_id = "list_next_visits",
    tag = "next-visits", security(("bearer" = [])),
    params(("territory_code" = String, Path, description = "The code of the province."), NextVisitParams),
    responses((status = 200, description = "A page.", body = NextVisitList), answers::SignedIn, answers::NotThere)
)]
pub async fn list_next_visits(
    who: Reader,
    app: Data<App>,
    code: Path<String>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<NextVisitList>, Problem> {
    let page = PageRequest::read(&mut query, 4);
    let after = page.after.as_ref().map(|parts| place(parts));
    if matches!(after, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let after = after.flatten();
    let territory: Territory = code.parse().map_err(|_| Problem::from(Error::NotFound))?;
    let now = clock::now();
    let as_of = after.as_ref().map_or(now, |(as_of, _)| *as_of);
    let all = next_visits::next_visits(&app, &who.0, territory, as_of, now).await?;
    let behind = |visit: &NextVisit| after.as_ref().is_none_or(|(_, last)| visit.rank > *last);
    let mut rest: Vec<_> = all.into_iter().filter(behind).take(page.limit + 1).collect();
    let more = rest.len() > page.limit;
    rest.truncate(page.limit);
    let last = rest.last().filter(|_| more).map(|visit| cursor(as_of, &visit.rank));
    let items = rest.into_iter().map(Into::into).collect();
    Ok(Json(NextVisitList { items, links: next_link(&request, last) }))
}

/// When the list was begun, and the last row of a page.
fn cursor(as_of: Instant, rank: &Rank) -> Vec<String> {
    let days = rank.days_since.map(|days| days.to_string()).unwrap_or_default();
    vec![format!("{as_of:?}"), rank.total.to_string(), days, rank.facility.to_string()]
}

fn place(parts: &[String]) -> Option<(Instant, Rank)> {
    let [as_of, total, days, facility] = parts else { return None };
    let days_since = if days.is_empty() { None } else { Some(days.parse().ok()?) };
    let facility = facility.parse().ok()?;
    let rank = Rank { total: total.parse().ok()?, days_since, facility };
    Some((as_of.parse().ok()?, rank))
}
