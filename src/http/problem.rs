//! Errors as clients see them: RFC 9457 problem details. One table code, status; the words are
//! the catalogue's. Nothing of an internal cause is ever in them.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use vigila_core::documents::{Fault, FaultCode, Pointer};
use vigila_core::photo::Refusal;

use crate::app::Error;
use crate::messages::{self, Lang};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = ($status:literal, $code:literal)),+ $(,)?) => {
        /// The kinds of problem. Codes are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// All of them, in the order of `docs/api.md`.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name, the last part of its `type`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Its status.
            #[must_use]
            pub fn status(self) -> StatusCode {
                let status = match self { $(Self::$variant => $status),+ };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    };
}

codes! {
    /// Malformed JSON.
    Malformed = (400, "malformed-json"),
    /// Bad request.
    BadRequest = (400, "bad-request"),
    /// Not signed in.
    NotSignedIn = (401, "not-signed-in"),
    /// Wrong name or password.
    WrongCredentials = (401, "wrong-credentials"),
    /// Forbidden.
    Forbidden = (403, "forbidden"),
    /// Not found.
    NotFound = (404, "not-found"),
    /// Method not allowed.
    MethodNotAllowed = (405, "method-not-allowed"),
    /// Request time-out.
    RequestTimeout = (408, "request-timeout"),
    /// In use.
    CodeInUse = (409, "code-in-use"),
    /// Other content.
    OtherContent = (409, "other-content"),
    /// The finding may not go there.
    WrongState = (409, "wrong-state"),
    /// Other bytes are awaited.
    WrongOffset = (409, "wrong-offset"),
    /// Gone.
    Gone = (410, "gone"),
    /// Stale version.
    Stale = (412, "stale"),
    /// Another version of the protocol.
    OtherProtocol = (412, "other-protocol"),
    /// Body too large.
    BodyTooLarge = (413, "body-too-large"),
    /// Photo too large.
    TooManyPixels = (413, "too-many-pixels"),
    /// Unsupported media type.
    UnsupportedMediaType = (415, "unsupported-media-type"),
    /// Unsupported photo format.
    UnsupportedPhoto = (415, "unsupported-photo"),
    /// HEIC is not taken.
    HeicPhoto = (415, "heic-photo"),
    /// Invalid content.
    Faulty = (422, "invalid-content"),
    /// The bytes do not match.
    HashMismatch = (422, "hash-mismatch"),
    /// Unreadable photo.
    UnreadablePhoto = (422, "unreadable-photo"),
    /// If-Match is missing.
    PreconditionRequired = (428, "precondition-required"),
    /// Too many attempts.
    Throttled = (429, "too-many-requests"),
    /// Headers too large.
    HeadersTooLarge = (431, "headers-too-large"),
    /// Internal error.
    Internal = (500, "internal"),
    /// Unavailable for now.
    Unavailable = (503, "unavailable"),
}

/// A problem on its way to a client.
#[derive(Debug)]
pub struct Problem {
    /// Its kind.
    pub code: Code,
    /// The words that its sentence needs.
    pub words: Vec<String>,
    /// Bad input, place by place.
    pub faults: Vec<Fault>,
    /// Whether the places are query or path parameters rather than parts of the body.
    pub in_parameters: bool,
    /// Seconds to wait before another try.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem that needs no words.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            words: Vec::new(),
            faults: Vec::new(),
            in_parameters: false,
            retry_after: None,
        }
    }

    /// A problem whose sentence needs a word.
    #[must_use]
    pub fn with(code: Code, word: impl Into<String>) -> Self {
        Self { words: vec![word.into()], ..Self::new(code) }
    }

    /// Bad parameters.
    #[must_use]
    pub fn parameters(faults: Vec<Fault>) -> Self {
        Self { faults, in_parameters: true, ..Self::new(Code::Faulty) }
    }

    /// One bad parameter.
    #[must_use]
    pub fn parameter(name: &str, code: FaultCode) -> Self {
        let pointer = Pointer::root().key(name);
        Self::parameters(vec![Fault { pointer, code, args: Vec::new() }])
    }

    /// An error whose faults, if any, are of parameters rather than of a body.
    #[must_use]
    pub fn of_parameters(error: Error) -> Self {
        Self { in_parameters: true, ..error.into() }
    }

    /// The general problem of a status, for answers that no handler made.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let same = |code: &&Code| code.status() == status;
        let code = match status.as_u16() {
            400 => Code::BadRequest,
            401 => Code::NotSignedIn,
            413 => Code::BodyTooLarge,
            415 => Code::UnsupportedMediaType,
            422 => Code::Faulty,
            500 => Code::Internal,
            _ => Code::ALL.iter().find(same).copied().unwrap_or(if status.is_server_error() {
                Code::Internal
            } else {
                Code::BadRequest
            }),
        };
        Self::new(code)
    }

    /// Its JSON in a language; `instance` is the request's id.
    #[must_use]
    pub fn body(&self, lang: Lang, instance: &str) -> Body {
        let (title, detail) = messages::problem(self.code.as_str(), lang).unwrap_or_default();
        let errors = self.faults.iter().map(|fault| {
            let place = fault.pointer.as_str().to_owned();
            let (pointer, parameter) = if self.in_parameters {
                (None, Some(place.trim_start_matches('/').to_owned()))
            } else {
                (Some(place), None)
            };
            let detail = messages::fault(fault, lang);
            BodyError { pointer, parameter, code: fault.code.as_str().to_owned(), detail }
        });
        Body {
            kind: format!("{TYPE_BASE}{}", self.code.as_str()),
            title: title.to_owned(),
            status: i32::from(self.code.status().as_u16()),
            detail: messages::fill(detail, &self.words),
            instance: instance.to_owned(),
            errors: errors.collect(),
        }
    }
}

/// Where the types of problem are documented; the code follows.
pub const TYPE_BASE: &str = "https://vigila.example.org/problems/";

/// A problem as JSON (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Body {
    /// A stable URL per kind of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// What kind of problem it is.
    pub title: String,
    /// The status.
    #[schema(minimum = 100, maximum = 599)]
    pub status: i32,
    /// What happened, and what to do.
    pub detail: String,
    /// The id of the request, as in the header `X-Request-Id`.
    pub instance: String,
    /// Bad input, place by place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<BodyError>,
}

/// One place where the input is bad.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemError)]
pub struct BodyError {
    /// The place in the body (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The parameter of the path or query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// A stable code.
    pub code: String,
    /// What is wrong.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// Without the request nothing is known of its language and id: `edge` writes the body.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Faults(faults) => Self { faults, ..Self::new(Code::Faulty) },
            Error::NotSignedIn => Self::new(Code::NotSignedIn),
            Error::WrongCredentials => Self::new(Code::WrongCredentials),
            Error::Throttled(seconds) => Self {
                retry_after: Some(seconds),
                ..Self::with(Code::Throttled, seconds.to_string())
            },
            Error::Forbidden => Self::new(Code::Forbidden),
            Error::NotFound => Self::new(Code::NotFound),
            Error::Gone => Self::new(Code::Gone),
            Error::InUse => Self::new(Code::CodeInUse),
            Error::OtherContent => Self::new(Code::OtherContent),
            Error::WrongState(state) => Self::with(Code::WrongState, state.as_str()),
            Error::Stale => Self::new(Code::Stale),
            Error::WrongOffset => Self::new(Code::WrongOffset),
            Error::HashMismatch => Self::new(Code::HashMismatch),
            Error::Photo(refusal) => of_photo(&refusal),
            error if error.may_pass() => {
                tracing::warn!(cause = %error.with_causes(), "answered 503");
                Self { retry_after: Some(2), ..Self::new(Code::Unavailable) }
            }
            Error::Busy
            | Error::Blobs(_)
            | Error::Spool(_)
            | Error::Database(_)
            | Error::Internal(_) => {
                tracing::error!(cause = %error.with_causes(), "answered 500");
                Self::new(Code::Internal)
            }
        }
    }
}

fn of_photo(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::Heic => Problem::new(Code::HeicPhoto),
        Refusal::UnsupportedType { .. } => Problem::new(Code::UnsupportedPhoto),
        Refusal::TooLarge { .. } => {
            Problem::with(Code::BodyTooLarge, vigila_core::photo::MAX_BYTES.to_string())
        }
        Refusal::TooManyPixels { .. } | Refusal::TooMuchMemory { .. } => {
            Problem::new(Code::TooManyPixels)
        }
        other => Problem::with(Code::UnreadablePhoto, other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_words_in_both_languages() {
        for code in Code::ALL {
            for lang in [Lang::It, Lang::En] {
                assert!(messages::problem(code.as_str(), lang).is_some(), "{code:?}");
            }
        }
    }
}
