//! Pages of lists: an opaque cursor that says after which row the next page begins.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;
use vigila_core::documents::FaultCode;

use super::query::Query;

/// Rows of a page where none is asked.
const DEFAULT_LIMIT: usize = 50;
/// Most rows of a page.
const MAX_LIMIT: usize = 200;

/// Links to other pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Links {
    /// The next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri-reference")]
    pub next: Option<String>,
}

/// Which page is asked for.
pub struct PageRequest {
    /// Most rows.
    pub limit: usize,
    /// The parts of the last row before it, as the list's order has them.
    pub after: Option<Vec<String>>,
}

impl PageRequest {
    /// Reads `limit` and `cursor`, of which the list's cursors have so many parts.
    pub fn read(query: &mut Query, parts: usize) -> Self {
        Self::read_up_to(query, parts, (DEFAULT_LIMIT, MAX_LIMIT))
    }

    /// As [`Self::read`], for a list whose pages have other sizes: where none is asked, and at
    /// most.
    pub fn read_up_to(query: &mut Query, parts: usize, (usual, most): (usize, usize)) -> Self {
        let limit = query.text("limit").map(|text| text.parse::<usize>());
        let limit = match limit {
            None => usual,
            Some(Ok(limit)) if (1..=most).contains(&limit) => limit,
            Some(_) => {
                query.fault("limit", FaultCode::OutOfRange, &["1", &most.to_string()]);
                usual
            }
        };
        let cursor = query.text("cursor");
        let after = cursor.as_deref().and_then(decode).filter(|after| after.len() == parts);
        if cursor.is_some() && after.is_none() {
            query.fault("cursor", FaultCode::BadCursor, &[]);
        }
        Self { limit, after }
    }
}

impl PageRequest {
    /// The page of a list that is all there, in the order of `key`; its cursors have one part.
    pub fn of_all<T>(
        &self,
        request: &actix_web::HttpRequest,
        all: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> (Vec<T>, Links) {
        let after = self.after.as_ref().and_then(|parts| parts.first());
        let mut behind = all.into_iter().filter(|row| after.is_none_or(|after| key(row) > *after));
        let items: Vec<T> = behind.by_ref().take(self.limit).collect();
        let more = behind.next().is_some();
        let last = items.last().filter(|_| more).map(|row| vec![key(row)]);
        (items, next_link(request, last))
    }
}

fn decode(cursor: &str) -> Option<Vec<String>> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// The address of the next page: that of this request, with the cursor after its last row.
pub fn next_link(request: &actix_web::HttpRequest, last: Option<Vec<String>>) -> Links {
    let Some(last) = last else { return Links { next: None } };
    let cursor = URL_SAFE_NO_PAD.encode(serde_json::json!(last).to_string());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    for (key, value) in pairs.filter(|(key, _)| key != "cursor") {
        query.append_pair(&key, &value);
    }
    query.append_pair("cursor", &cursor);
    Links { next: Some(format!("{}?{}", request.path(), query.finish())) }
}
