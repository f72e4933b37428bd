//! Whether the service is ready.

use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::answers;
use crate::app::App;
use crate::edge::Readiness;
use crate::http::problem::{Body, Code, Problem};
use crate::http::query::NoQuery;

/// That the service is ready.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// `ready`.
    pub status: String,
    /// The version of the service.
    pub version: String,
}

/// Whether the service is ready
///
/// Answers 200 while the database can be read and written, and 503 from when the service was
/// told to stop.
#[utoipa::path(
    get, path = "/status", operation_id = "show_status", tag = "status",
    responses((status = 200, description = "Ready.", body = Status), (status = 422, description = "A parameter is wrong.", body = Body, content_type = "application/problem+json"), answers::Open)
)]
pub async fn show_status(
    app: Data<App>,
    readiness: Option<Data<Readiness>>,
    _: NoQuery,
) -> Result<Json<Status>, Problem> {
    let stops = readiness.is_some_and(|readiness| readiness.has_ended());
    if stops || !app.db.is_healthy().await {
        return Err(Problem { retry_after: Some(2), ..Problem::new(Code::Unavailable) });
    }
    Ok(Json(Status { status: "ready".into(), version: env!("CARGO_PKG_VERSION").into() }))
}
