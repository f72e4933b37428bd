//! The problem answers that operations share, by who may ask, for the OpenAPI document.

use utoipa::IntoResponses;

use crate::http::problem::Body;

/// Of an operation that is open to all.
#[derive(IntoResponses)]
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

/// Of an operation on something that the path names.
#[derive(IntoResponses)]
pub enum NotThere {
    /// There is no such thing, or not for this person.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Body),
}

/// Of an operation that takes a body.
#[derive(IntoResponses)]
pub enum WithBody {
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Body),
    /// The body is of another media type.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(Body),
}

/// Of an operation that gives something a code or a name.
#[derive(IntoResponses)]
pub enum InUse {
    /// The code or name is in use.
    #[response(status = 409, content_type = "application/problem+json")]
    InUse(Body),
}

/// Of an operation that changes what was read.
#[derive(IntoResponses)]
pub enum Conditional {
    /// It changed since it was read.
    #[response(status = 412, content_type = "application/problem+json")]
    Stale(Body),
    /// `If-Match` is missing.
    #[response(status = 428, content_type = "application/problem+json")]
    PreconditionRequired(Body),
}
