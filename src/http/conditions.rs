//! Conditional requests (RFC 9110, section 13): changing only what was read, and reading only
//! what is new.

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};

use super::problem::{Code, Problem};

/// That a change is meant for the representation with this tag (in its quotes).
///
/// # Errors
/// 428 without `If-Match`, 412 when it names other tags. A weak tag names none here.
pub fn must_match(request: &HttpRequest, tag: &str) -> Result<(), Problem> {
    match tags(request, &IF_MATCH) {
        None => Err(Problem::new(Code::PreconditionRequired)),
        Some(tags) if tags.iter().any(|given| given == "*" || given == tag) => Ok(()),
        Some(_) => Err(Problem::new(Code::Stale)),
    }
}

/// Whether the client has the representation with this tag already (`If-None-Match`).
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let tags = tags(request, &IF_NONE_MATCH).unwrap_or_default();
    tags.iter().any(|given| given == "*" || given.strip_prefix("W/").unwrap_or(given) == tag)
}

/// The tags of a header. None of ours holds a comma.
fn tags(request: &HttpRequest, name: &HeaderName) -> Option<Vec<String>> {
    request.headers().contains_key(name).then(|| {
        let values = request.headers().get_all(name).filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect()
    })
}
