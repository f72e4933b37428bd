//! Why a page is not shown. The page that says so is made where the language is known.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use crate::app::{Error, LibraryError};
use crate::messages::{Lang, fill, pages};

/// Why a page is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Somebody must sign in first.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The role has no such page.
    #[error("the role has no such page")]
    Forbidden,
    /// It is not there, or not for this person.
    #[error("not found")]
    NotFound,
    /// The form came from another site.
    #[error("the form came from another site")]
    OtherSite,
    /// This address is not used this way.
    #[error("method not allowed")]
    Method,
    /// The address or the form cannot be read.
    #[error("unreadable")]
    Bad,
    /// Not now.
    #[error("unavailable")]
    Unavailable,
    /// Something that cannot be.
    #[error("internal")]
    Internal,
}

impl PageError {
    /// The general one of a status, for answers that no page made.
    pub fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            404 => Self::NotFound,
            405 => Self::Method,
            503 => Self::Unavailable,
            400..=499 => Self::Bad,
            _ => Self::Internal,
        }
    }

    /// Title and sentence; `id` is the request's.
    pub fn words(self, lang: Lang, id: &str) -> (&'static str, String) {
        let t = pages::Trouble::of(lang);
        let (title, text) = match self {
            // Who is not signed in is led to where one can, and reads nothing of it.
            Self::NotSignedIn | Self::Forbidden => (t.forbidden, t.forbidden_text),
            Self::NotFound => (t.not_found, t.not_found_text),
            Self::OtherSite => (t.other_site, t.other_site_text),
            Self::Method => (t.method, t.method_text),
            Self::Bad => (t.bad, t.bad_text),
            Self::Unavailable => (t.unavailable, t.unavailable_text),
            Self::Internal => (t.internal, t.internal_text),
        };
        (title, fill(text, &[id.to_owned()]))
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotSignedIn => StatusCode::SEE_OTHER,
            Self::Forbidden | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Error> for PageError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotSignedIn => Self::NotSignedIn,
            Error::Forbidden => Self::Forbidden,
            Error::NotFound => Self::NotFound,
            error if error.may_pass() => {
                tracing::warn!(cause = %error.with_causes(), "a page answered 503");
                Self::Unavailable
            }
            Error::Database(_) | Error::Internal(_) => {
                tracing::error!(cause = %error.with_causes(), "a page answered 500");
                Self::Internal
            }
            // What is left speaks of something sent, and pages send nothing but addresses.
            _ => Self::Bad,
        }
    }
}

impl From<LibraryError> for PageError {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Database(error) => Error::from(error).into(),
            error => Error::Internal(error.to_string()).into(),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> Self {
        tracing::error!(cause = %error, "a page cannot be rendered");
        Self::Internal
    }
}
