//! The problem answers that operations share, by who may ask, for the OpenAPI document.

use utoipa::IntoResponses;

use crate::http::problem::Body;

/// Of an operation that is open to all.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by utoipa alone")]
pub enum Open {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Body),
    /// Not possible for now; to be tried again after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Body),
}

/// Of an operation that asks for somebody signed in.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "read by utoipa alone")]
pub enum SignedIn {
    /// The request cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Body),
    /// Nobody is signed in.
    #[response(status = 401, content_type = "application/problem+json")]
    NotSignedIn(Body),
    /// The role does not allow it.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Body),
    /// A parameter is wrong.
    #[response(status = 422, content_type = "application/problem+json")]
    Faulty(Body),
    /// Not possible for now; to be tried again after `Retry-After`.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Body),
}
