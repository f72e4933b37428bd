//! Around every page: its language, its headers, and a page for every error.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName,
    HeaderValue, LOCATION, REFERRER_POLICY, RETRY_AFTER, VARY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use url::form_urlencoded;

use super::error::PageError;
use super::frame::{self, Frame};
use super::language::{self, Asked};
use super::origin::PublicUrl;
use super::visitor::signed_in;
use crate::edge::RequestId;
use crate::messages::{Lang, pages};

/// Nothing but what this service itself serves, no script at all, and in nobody's frame.
const POLICY: &str = "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// The middleware.
///
/// # Errors
/// None of its own.
pub async fn dress<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let lang = language::language(request.request());
    let chosen = language::chosen(request.request());
    let secure = PublicUrl::is_secure(request.request());
    request.extensions_mut().insert(lang);
    let response = next.call(request).await?;
    let mut response = match trouble_of(&response) {
        None => response.map_into_left_body(),
        Some(trouble) => {
            let allow = response.headers().get(ALLOW).cloned();
            let mut page = error_page(response.request(), trouble);
            if let Some(allow) = allow {
                page.headers_mut().insert(ALLOW, allow);
            }
            let (request, _) = response.into_parts();
            ServiceResponse::new(request, page).map_into_right_body()
        }
    };
    if let Some(lang) = chosen {
        response.response_mut().add_cookie(&language::remember(lang, secure))?;
    }
    guard(response.headers_mut(), lang);
    Ok(response)
}

/// What stands behind an answer that is no page yet.
fn trouble_of<B>(response: &ServiceResponse<B>) -> Option<PageError> {
    let found = response.response().error().and_then(|e| e.as_error::<PageError>()).copied();
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    let is_page = response.headers().contains_key(actix_web::http::header::CONTENT_TYPE);
    match found {
        Some(trouble) => Some(trouble),
        None if refused && (!is_page || response.response().error().is_some()) => {
            Some(PageError::of_status(status))
        }
        None => None,
    }
}

fn guard(headers: &mut HeaderMap, lang: Lang) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    // Pages are of one person and one moment: nobody keeps them, so that after signing out
    // the way back shows nothing. What says otherwise of itself may be kept.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
        headers.insert(VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    }
}

/// Answers a path that is no page.
pub async fn not_a_page() -> Result<HttpResponse, PageError> {
    Err(PageError::NotFound)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    text: String,
    home: &'static str,
}

fn error_page(request: &HttpRequest, trouble: PageError) -> HttpResponse {
    let asked = Asked::of(request);
    if trouble == PageError::NotSignedIn {
        return to_sign_in(request);
    }
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let (title, text) = trouble.words(asked.lang, &id);
    let actor = signed_in(request).ok();
    let home = pages::Trouble::of(asked.lang).home;
    let page = ErrorPage { frame: Frame::new(&asked, actor.as_ref(), title), text, home };
    let mut response = match frame::page(trouble.status_code(), &page) {
        Ok(response) => response,
        Err(_) => HttpResponse::new(trouble.status_code()),
    };
    if trouble == PageError::Unavailable {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    response
}

/// Leads to the sign-in page, which leads back to what was asked, if that was a page.
fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let address = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
    let back = if request.method().is_safe() && address != "/" {
        let address: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        format!("?next={address}")
    } else {
        String::new()
    };
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/sign-in{back}"))).finish()
}
