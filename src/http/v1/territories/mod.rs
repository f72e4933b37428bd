//! The territories of whoever asks.

use actix_web::HttpRequest;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;
use vigila_core::documents::FaultCode;

use super::answers;
use crate::http::actors::Anybody;
use crate::http::paging::{Links, PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::Query;

/// A province: the reach of one Prefettura.
#[derive(Debug, Serialize, ToSchema)]
pub struct Territory {
    /// Its code.
    #[schema(pattern = "^[A-Z]{2}$", example = "BT")]
    pub code: &'static str,
    /// Its Italian name.
    #[schema(example = "Barletta-Andria-Trani")]
    pub name: &'static str,
}

/// A page of territories.
#[derive(Debug, Serialize, ToSchema)]
pub struct TerritoryList {
    /// Territories, by code.
    pub items: Vec<Territory>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// List the person's territories
///
/// By code; an admin has every province.
#[utoipa::path(
    get, path = "/territories", operation_id = "list_territories", tag = "territories",
    security(("bearer" = [])),
    params(
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of territories.", body = TerritoryList), answers::SignedIn)
)]
pub async fn list_territories(
    who: Anybody,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<TerritoryList>, Problem> {
    let page = PageRequest::read(&mut query, 1);
    let after = page.after.and_then(|parts| parts.into_iter().next());
    let is_code = |code: &String| code.parse::<vigila_core::domain::Territory>().is_ok();
    if after.as_ref().is_some_and(|code| !is_code(code)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let all = who.0.scope.territories().into_iter();
    let mut behind = all.filter(|t| after.as_deref().is_none_or(|after| t.code() > after));
    let items: Vec<_> = behind
        .by_ref()
        .take(page.limit)
        .map(|t| Territory { code: t.code(), name: t.name() })
        .collect();
    let more = behind.next().is_some();
    let last = items.last().filter(|_| more).map(|territory| vec![territory.code.to_owned()]);
    Ok(Json(TerritoryList { items, links: next_link(&request, last) }))
}
