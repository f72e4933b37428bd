//! The OpenAPI document, made from the handlers and their types.

use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use super::v1;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "vigila",
        description = "Quality monitoring of reception centres: checklists, inspections with photo \
                       evidence, scores, scorecards and trends.",
        version = "1.0.0",
    ),
    paths(
        v1::status::show_status,
        v1::sessions::create_session,
        v1::sessions::end_current_session,
        v1::sessions::show_me,
        v1::facilities::list_facilities,
        v1::facilities::create_facility,
        v1::facilities::import_facilities,
        v1::facilities::show_facility,
        v1::facilities::change_facility,
        v1::inspections::submit_inspection,
        v1::inspections::list_inspections,
        v1::inspections::show_inspection,
        v1::inspections::show_inspection_score,
        v1::photos::add_photo,
        v1::photos::declare_photo_absent,
        v1::photos::show_photo,
        v1::scorecards::show_facility_scorecard,
        v1::scorecards::list_territory_scorecards,
        v1::trends::show_facility_trends,
    ),
    modifiers(&Finish),
)]
struct Api;

struct Finish;

impl utoipa::Modify for Finish {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        api.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    }
}

/// The document.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The document as `openapi/v1.json` holds it.
#[must_use]
pub fn document_text() -> String {
    let text = document().to_pretty_json().unwrap_or_default();
    format!("{text}\n")
}
