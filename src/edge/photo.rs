//! A photo as a response, for the API and for the pages: the right type and nothing else,
//! kept by the one browser that asked.

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::photos::Served;

/// The response; 304 where the client has it.
#[must_use]
pub fn photo_response(request: &HttpRequest, served: Served) -> HttpResponse {
    let etag = format!("\"{}\"", served.etag);
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|tags| tags.split(',').any(|tag| tag.trim() == etag));
    let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, etag));
    answer.insert_header((CACHE_CONTROL, "private, max-age=86400"));
    answer.insert_header(("x-content-type-options", "nosniff"));
    answer.insert_header(("content-security-policy", "default-src 'none'; sandbox"));
    if fresh { answer.finish() } else { answer.content_type(served.media_type).body(served.bytes) }
}
