//! The API's documentation for people, at `/docs`: Swagger UI from files in the binary, so
//! that it can be read without internet. Knows no operation.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::DefaultHeaders;
use actix_web::web::{self, ServiceConfig};
use utoipa::openapi::Server;
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::openapi::document;

/// Swagger UI sets styles from its script and draws icons from `data:`; nothing else of its
/// own, and nothing of others.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data:; connect-src 'self'; font-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds `/docs` and `/docs/openapi.json`.
pub fn configure(services: &mut ServiceConfig) {
    // Tried out from here, the operations are those of this service.
    let mut document = document();
    document.servers = Some(vec![Server::new("/api/v1")]);
    let text = document.to_json().unwrap_or_default();
    let docs = web::scope("/docs")
        .wrap(
            DefaultHeaders::new()
                .add((CONTENT_SECURITY_POLICY, POLICY))
                .add((X_CONTENT_TYPE_OPTIONS, "nosniff")),
        )
        .route("", web::get().to(to_folder))
        .route(
            "/openapi.json",
            web::get().to(move || {
                let text = text.clone();
                async move { HttpResponse::Ok().content_type("application/json").body(text) }
            }),
        )
        .service(SwaggerUi::new("/{_:.*}").config(Config::from("/docs/openapi.json")));
    services.service(docs);
}

/// The pages name their files relative to the folder.
async fn to_folder() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}
