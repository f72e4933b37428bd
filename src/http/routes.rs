//! Every route of the API in one table.

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig, get, post, resource};

use super::render::problems;
use super::v1::{facilities, sessions, status};
use crate::edge::identify_by_header;

/// Adds `/api/v1`.
pub fn configure(services: &mut ServiceConfig) {
    let api = web::scope("/api/v1")
        .wrap(from_fn(identify_by_header))
        .wrap(from_fn(problems))
        .service(resource("/status").route(get().to(status::show_status)))
        .service(resource("/sessions").route(post().to(sessions::create_session)))
        .service(
            resource("/sessions/current").route(web::delete().to(sessions::end_current_session)),
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
                .route(web::patch().to(facilities::change_facility)),
        )
        .service(resource("/me").route(get().to(sessions::show_me)));
    services.service(api);
}
