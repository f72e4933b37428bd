//! Who asks: from the header for the API, from the cookie for the pages. Found before any
//! extractor runs, so that who may not ask is told so before its body is looked at.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use crate::app::{self, Actor, App};
use crate::clock;

/// The cookie of the pages.
pub const SESSION_COOKIE: &str = "vigila_session";

/// What is known of who asks.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Somebody.
    Known(Box<Actor>),
    /// Nobody, or a token that does not count.
    Nobody,
    /// The database could not say.
    Unknown,
}

/// Finds out who asks, by `Authorization: Bearer` (RFC 6750).
///
/// # Errors
/// Those of the handler.
pub async fn identify_by_header<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let bearer = header.and_then(|value| value.split_once(' '));
    let token = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = token.map(|(_, token)| token.trim().to_owned());
    identify(request, token, next).await
}

/// Finds out who asks, by the session cookie.
///
/// # Errors
/// Those of the handler.
pub async fn identify_by_cookie<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let token = request.cookie(SESSION_COOKIE).map(|cookie| cookie.value().to_owned());
    identify(request, token, next).await
}

async fn identify<B: MessageBody>(
    request: ServiceRequest,
    token: Option<String>,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let identity = match (app, token) {
        (Some(app), Some(token)) => match app::authenticate(&app, &token, clock::now()).await {
            Ok(actor) => Identity::Known(Box::new(actor)),
            Err(app::Error::NotSignedIn) => Identity::Nobody,
            Err(error) => {
                tracing::warn!(cause = %error, "cannot tell who asks");
                Identity::Unknown
            }
        },
        _ => Identity::Nobody,
    };
    request.extensions_mut().insert(identity);
    next.call(request).await
}
