//! Every page in one table.

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, get, post, resource};

use super::around::{dress, not_a_page};
use super::{
    assets, facility, findings, home, inspection, next_visits, redactions, sign_in, territory,
};
use crate::edge::identify_by_cookie;

/// Adds the pages. They take every path that nobody took before, to answer it with a page
/// that says so: this comes last.
pub fn configure(services: &mut ServiceConfig) {
    let pages = web::scope("")
        .wrap(from_fn(identify_by_cookie))
        .wrap(from_fn(dress))
        .service(resource("/").route(get().to(home::show_home)))
        .service(
            resource("/sign-in")
                .route(get().to(sign_in::show_sign_in))
                .route(post().to(sign_in::sign_in)),
        )
        .service(resource("/sign-out").route(post().to(sign_in::sign_out)))
        .service(resource("/territories").route(get().to(home::show_territories)))
        .service(resource("/territories/{code}").route(get().to(territory::show_territory)))
        .service(
            resource("/territories/{code}/next-visits")
                .route(get().to(next_visits::show_next_visits)),
        )
        .service(resource("/territories/{code}/findings").route(get().to(findings::show_findings)))
        .service(
            resource("/territories/{code}/findings.csv")
                .route(get().to(findings::download_findings)),
        )
        .service(
            resource("/findings/{id}")
                .route(get().to(findings::show_finding))
                .route(post().to(findings::move_finding)),
        )
        .service(resource("/facilities/{code}").route(get().to(facility::show_facility)))
        .service(resource("/inspections/{id}").route(get().to(inspection::show_inspection)))
        .service(
            resource("/inspections/{id}/photos/{sha256}").route(get().to(inspection::show_photo)),
        )
        .service(
            resource("/inspections/{id}/redactions")
                .route(get().to(redactions::show_redactions))
                .route(post().to(redactions::redact_texts)),
        )
        .service(
            resource("/inspections/{id}/photos/{sha256}/redactions")
                .route(get().to(redactions::show_photo_redactions))
                .route(post().to(redactions::redact_photo)),
        )
        .service(resource("/assets/{file}").route(get().to(assets::show_asset)))
        .default_service(web::to(not_a_page));
    services.service(pages);
}
