//! A photo as a response, for the API and for the pages: the right type and nothing else,
//! kept by the one browser that asked, which asks each time whether it is still to be shown.

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::photos::Served;

/// The response; 304 where the client has it.
#[must_use]
pub fn photo_response(request: &HttpRequest, served: Served) -> HttpResponse {
    let etag = format!("\"{}\"", served.etag);
    let fresh = is_known(request, &etag);
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, etag));
    answer.insert_header((CACHE_CONTROL, "private, no-cache"));
    answer.insert_header(("x-content-type-options", "nosniff"));
    answer.insert_header(("content-security-policy", "default-src 'none'; sandbox"));
    if fresh { answer.finish() } else { answer.content_type(served.media_type).body(served.bytes) }
}

/// Whether the client has what this tag names. A proxy that packs answers makes tags weak, and
/// for reading that is as good (RFC 9110, section 13.1.2).
fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let values = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}
