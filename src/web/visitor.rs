//! Who may: extractors that a page names first.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::error::PageError;
use crate::app::Actor;
use crate::edge::Identity;

/// Somebody who is signed in.
#[derive(Debug)]
pub struct Anybody(pub Actor);

/// Somebody who reads centres, scorecards and visits.
#[derive(Debug)]
pub struct Reader(pub Actor);

/// Somebody who takes parts of photos and texts out of sight.
#[derive(Debug)]
pub struct Redactor(pub Actor);

/// Somebody who moves findings.
#[derive(Debug)]
pub struct FindingMover(pub Actor);

impl FromRequest for FindingMover {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let moves = |actor: Actor| {
            if actor.role.moves_findings() { Ok(Self(actor)) } else { Err(PageError::Forbidden) }
        };
        ready(signed_in(request).and_then(moves))
    }
}

impl FromRequest for Redactor {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let redacts = |actor: Actor| {
            if actor.role.redacts() { Ok(Self(actor)) } else { Err(PageError::Forbidden) }
        };
        ready(signed_in(request).and_then(redacts))
    }
}

impl FromRequest for Anybody {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(signed_in(request).map(Self))
    }
}

impl FromRequest for Reader {
    type Error = PageError;
    type Future = Ready<Result<Self, PageError>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let reads = |actor: Actor| {
            if actor.role.reads() { Ok(Self(actor)) } else { Err(PageError::Forbidden) }
        };
        ready(signed_in(request).and_then(reads))
    }
}

/// Who is signed in.
///
/// # Errors
/// [`PageError::NotSignedIn`], [`PageError::Unavailable`].
pub fn signed_in(request: &HttpRequest) -> Result<Actor, PageError> {
    match request.extensions().get::<Identity>() {
        Some(Identity::Known(actor)) => Ok((**actor).clone()),
        Some(Identity::Unknown) => Err(PageError::Unavailable),
        Some(Identity::Nobody) | None => Err(PageError::NotSignedIn),
    }
}
