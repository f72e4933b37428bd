//! Every route of the API in one table.

use actix_web::http::Method;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::web::{self, ServiceConfig, delete, get, head, method, patch, post, put, resource};

use super::docs;
use super::metrics::show_metrics;
use super::render::problems;
use super::v1::{
    agreement, audit, checklists, erasures, evidence, facilities, findings, indicators,
    inspections, next_visits, people, photos, receipt_keys, redactions, scorecards, scoring_models,
    series, sessions, status, territories, trends, uploads,
};
use crate::edge::identify_by_header;

/// Adds `/api/v1`, `/metrics` and `/docs`.
pub fn configure(services: &mut ServiceConfig) {
    let api = web::scope("/api/v1")
        .wrap(from_fn(identify_by_header))
        .wrap(from_fn(problems))
        .service(resource("/status").route(get().to(status::show_status)))
        .service(resource("/sessions").route(post().to(sessions::create_session)))
        .service(resource("/sessions/current").route(delete().to(sessions::end_current_session)))
        .service(resource("/me").route(get().to(sessions::show_me)))
        .service(resource("/checklists").route(get().to(checklists::list_checklists)))
        .service(
            resource("/checklists/{code}/versions/{version}")
                .route(get().to(checklists::show_checklist)),
        )
        .service(
            resource("/facilities")
                .route(get().to(facilities::list_facilities))
                .route(post().to(facilities::create_facility)),
        )
        .service(resource("/facilities/import").route(post().to(facilities::import_facilities)))
        .service(
            resource("/facilities/{facility_id}")
                .route(get().to(facilities::show_facility))
                .route(patch().to(facilities::change_facility)),
        )
        .service(resource("/inspections").route(get().to(inspections::list_inspections)))
        .service(
            resource("/inspections/{inspection_id}")
                .route(put().to(inspections::submit_inspection))
                .route(get().to(inspections::show_inspection)),
        )
        .service(
            resource("/inspections/{inspection_id}/score")
                .route(get().to(inspections::show_inspection_score)),
        )
        .service(
            resource("/inspections/{inspection_id}/evidence")
                .route(get().to(evidence::show_inspection_evidence)),
        )
        .service(
            resource("/inspections/{inspection_id}/photos/{sha256}")
                .route(put().to(photos::add_photo))
                .route(get().to(photos::show_photo))
                .route(delete().to(erasures::erase_photo)),
        )
        .service(
            resource("/inspections/{inspection_id}/photos/{sha256}/absence")
                .route(put().to(photos::declare_photo_absent)),
        )
        .configure(of_evidence)
        .service(
            resource("/facilities/{facility_id}/scorecard")
                .route(get().to(scorecards::show_facility_scorecard)),
        )
        .service(
            resource("/facilities/{facility_id}/trends")
                .route(get().to(trends::show_facility_trends)),
        )
        .service(resource("/series").route(get().to(series::list_series)))
        .service(resource("/receipt-keys").route(get().to(receipt_keys::list_receipt_keys)))
        .configure(of_findings)
        .configure(of_people)
        .configure(of_uploads)
        .configure(of_models)
        .configure(of_territories);
    services.service(api);
    let metrics = resource("/metrics")
        .wrap(from_fn(identify_by_header))
        .wrap(from_fn(problems))
        .route(get().to(show_metrics));
    services.service(metrics);
    docs::configure(services);
}

/// What visits hold against centres.
fn of_findings(services: &mut ServiceConfig) {
    services
        .service(resource("/findings").route(get().to(findings::list_findings)))
        .service(resource("/findings/{finding_id}").route(get().to(findings::show_finding)))
        .service(resource("/findings/{finding_id}/moves").route(post().to(findings::move_finding)));
}

/// Who has an account, and what was done.
fn of_people(services: &mut ServiceConfig) {
    services
        .service(
            resource("/people")
                .route(get().to(people::list_people))
                .route(post().to(people::create_person)),
        )
        .service(resource("/people/{person_id}").route(patch().to(people::change_person)))
        .service(resource("/people/{person_id}/sessions").route(delete().to(people::end_sessions)))
        .service(resource("/audit").route(get().to(audit::list_audit_events)));
}

/// What must not be seen of visits.
fn of_evidence(services: &mut ServiceConfig) {
    services
        .service(
            resource("/inspections/{inspection_id}/photos/{sha256}/redactions")
                .route(post().to(redactions::redact_photo))
                .route(get().to(redactions::list_photo_redactions)),
        )
        .service(
            resource("/inspections/{inspection_id}/redactions")
                .route(post().to(redactions::redact_text))
                .route(get().to(redactions::list_text_redactions)),
        )
        .service(
            resource("/inspections/{inspection_id}/content")
                .route(get().to(redactions::show_sealed_content))
                .route(delete().to(erasures::erase_text)),
        );
}

/// Photos in parts. The protocol wants its version in every answer.
fn of_uploads(services: &mut ServiceConfig) {
    let spoken = || {
        let headers = DefaultHeaders::new().add(("Tus-Resumable", uploads::VERSION));
        headers.add(("Tus-Version", uploads::VERSION))
    };
    services
        .service(
            resource("/inspections/{inspection_id}/photos/{sha256}/uploads")
                .wrap(spoken())
                .route(post().to(uploads::create_upload))
                .route(method(Method::OPTIONS).to(uploads::describe_uploads)),
        )
        .service(
            resource("/uploads/{upload_id}")
                .wrap(spoken())
                .route(get().to(uploads::show_upload))
                .route(head().to(uploads::show_upload))
                .route(patch().to(uploads::continue_upload))
                .route(delete().to(uploads::end_upload))
                .route(method(Method::OPTIONS).to(uploads::describe_uploads)),
        );
}

/// Scoring models and what another one would change.
fn of_models(services: &mut ServiceConfig) {
    services
        .service(resource("/scoring-models").route(get().to(scoring_models::list_scoring_models)))
        .service(
            resource("/scoring-models/{code}/versions/{version}")
                .route(get().to(scoring_models::show_scoring_model)),
        )
        .service(
            resource("/scoring-models/preview")
                .route(post().to(scoring_models::request_scoring_preview)),
        )
        .service(
            resource("/scoring-models/previews/{preview_id}")
                .route(get().to(scoring_models::show_scoring_preview)),
        );
}

/// What is asked of whole territories.
fn of_territories(services: &mut ServiceConfig) {
    let of = |what: &str| resource(format!("/territories/{{territory_code}}/{what}"));
    services
        .service(resource("/territories").route(get().to(territories::list_territories)))
        .service(of("scorecards").route(get().to(scorecards::list_territory_scorecards)))
        .service(of("trends").route(get().to(trends::show_territory_trends)))
        .service(of("indicators").route(get().to(indicators::show_territory_indicators)))
        .service(of("agreement").route(get().to(agreement::show_territory_agreement)))
        .service(of("next-visits").route(get().to(next_visits::list_next_visits)));
}
