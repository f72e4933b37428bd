//! Signing in and out.

mod wire;

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};

use self::wire::{Credentials, Session};
use super::answers;
use crate::app::{self, App};
use crate::clock;
use crate::edge::{ClientAddress, TrustedProxies};
use crate::http::actors::Anybody;
use crate::http::body::Small;
use crate::http::problem::{Body, Problem};
use crate::http::query::NoQuery;

pub use self::wire::Me;

/// Sign in
///
/// The token goes into `Authorization: Bearer`. It lives 30 days from its last use.
#[utoipa::path(
    post, path = "/sessions", operation_id = "create_session", tag = "sessions",
    request_body = Credentials,
    responses(
        (status = 201, description = "Signed in.", body = Session),
        (status = 401, description = "Wrong name or password.", body = Body, content_type = "application/problem+json"),
        (status = 422, description = "A value is wrong.", body = Body, content_type = "application/problem+json"),
        (status = 429, description = "Too many failures; to be tried again after `Retry-After`.", body = Body, content_type = "application/problem+json"),
        answers::Open, answers::WithBody,
    )
)]
pub async fn create_session(
    app: Data<App>,
    request: HttpRequest,
    trusted: Data<TrustedProxies>,
    _: NoQuery,
    body: Small<Credentials>,
) -> Result<HttpResponse, Problem> {
    let address = ClientAddress::of(&request, &trusted).0;
    let Small(Credentials { username, password }) = body;
    let signed = app::sign_in(&app, &username, &password, &address, clock::now()).await?;
    Ok(HttpResponse::Created().json(Session::from(signed)))
}

/// Sign out
///
/// Ends the session whose token this request carries.
#[utoipa::path(
    delete, path = "/sessions/current", operation_id = "end_current_session", tag = "sessions",
    security(("bearer" = [])),
    responses((status = 204, description = "Ended."), answers::SignedIn)
)]
pub async fn end_current_session(
    app: Data<App>,
    who: Anybody,
    _: NoQuery,
) -> Result<HttpResponse, Problem> {
    app::sign_out(&app, &who.0, clock::now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who I am
///
/// The person whose token this request carries.
#[utoipa::path(
    get, path = "/me", operation_id = "show_me", tag = "sessions",
    security(("bearer" = [])),
    responses((status = 200, description = "The person.", body = Me), answers::SignedIn)
)]
pub async fn show_me(who: Anybody, _: NoQuery) -> Json<Me> {
    Json(Me::from(&who.0))
}
