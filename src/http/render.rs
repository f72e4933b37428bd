//! Writes every error of the API as a problem in the client's language, whoever made it.

use actix_web::HttpMessage;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};

use super::problem::{Code, Problem};
use crate::edge::RequestId;
use crate::messages::Lang;

/// The middleware.
///
/// # Errors
/// None of its own.
pub async fn problems<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    // The request must not be cloned here: the router below changes it in place.
    match next.call(request).await {
        Ok(response) if is_plain_error(&response) => {
            let found = response.response().error().and_then(|e| e.as_error::<Problem>());
            let answer = match found {
                Some(problem) => answer(response.request(), problem),
                None => answer(response.request(), &Problem::of_status(response.status())),
            };
            let kept = ["allow", "tus-resumable", "tus-version"]
                .map(|name| (HeaderName::from_static(name), response.headers().get(name).cloned()));
            let (request, _) = response.into_parts();
            let mut answer = answer;
            for (name, value) in kept {
                if let Some(value) = value {
                    answer.headers_mut().insert(name, value);
                }
            }
            Ok(ServiceResponse::new(request, answer).map_into_right_body())
        }
        Ok(mut response) => {
            let headers = response.headers_mut();
            if !headers.contains_key(CACHE_CONTROL) {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
            }
            Ok(response.map_into_left_body())
        }
        // Handlers and extractors come back as answers that carry their error; what comes as
        // an error has lost its request.
        Err(error) => Err(error),
    }
}

fn is_plain_error<B>(response: &ServiceResponse<B>) -> bool {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_problem = kind.is_some_and(|kind| kind.starts_with("application/problem+json"));
    (status.is_client_error() || status.is_server_error()) && !is_problem
}

/// A problem as the answer to a request.
pub fn answer(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let lang = language(request.headers());
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let mut builder = HttpResponse::build(problem.code.status());
    builder.insert_header((CACHE_CONTROL, "no-store"));
    builder.insert_header((CONTENT_LANGUAGE, lang.tag()));
    if let Some(seconds) = problem.retry_after {
        builder.insert_header((RETRY_AFTER, seconds.to_string()));
    }
    if matches!(problem.code, Code::NotSignedIn | Code::WrongCredentials) {
        builder.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    let body = serde_json::to_string(&problem.body(lang, &id)).unwrap_or_default();
    builder.content_type("application/problem+json").body(body)
}

/// What an address answers that nothing lies at.
pub async fn nothing_here(request: HttpRequest) -> HttpResponse {
    answer(&request, &Problem::new(Code::NotFound))
}

/// The language of the API's sentences: English where the client asks for none.
pub fn language(headers: &HeaderMap) -> Lang {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Lang::accepted(header, Lang::En)
}
