//! Whether the service is ready.

use actix_web::web::{Data, Json};
use serde::Serialize;
use utoipa::ToSchema;

use super::answers;
use crate::app::App;
use crate::http::problem::{Code, Problem};

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
/// Answers 200 once the database can be read and written.
#[utoipa::path(
    get, path = "/status", operation_id = "show_status", tag = "status",
    responses((status = 200, description = "Ready.", body = Status), answers::Open)
)]
pub async fn show_status(app: Data<App>) -> Result<Json<Status>, Problem> {
    if !app.db.is_healthy().await {
        return Err(Problem { retry_after: Some(2), ..Problem::new(Code::Unavailable) });
    }
    Ok(Json(Status { status: "ready".into(), version: env!("CARGO_PKG_VERSION").into() }))
}
