//! Where somebody lands: the first of the person's territories, or the list of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use askama::Template;
use vigila_core::domain::Scope;

use super::error::PageError;
use super::frame::{self, Frame};
use super::language::Asked;
use super::visitor::Reader;
use crate::messages::pages;

/// Leads to the person's first territory; whoever has every one is asked which.
pub async fn show_home(who: Reader) -> HttpResponse {
    let first = match &who.0.scope {
        Scope::All => None,
        Scope::Only(own) => own.first(),
    };
    let address = first.map_or_else(
        || "/territories".to_owned(),
        |first| format!("/territories/{}", first.code()),
    );
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

#[derive(Template)]
#[template(path = "territories.html")]
struct TerritoriesPage {
    frame: Frame,
    t: &'static pages::Territories,
    territories: Vec<(&'static str, &'static str)>,
}

/// The person's territories.
pub async fn show_territories(who: Reader, asked: Asked) -> Result<HttpResponse, PageError> {
    let t = pages::Territories::of(asked.lang);
    let territories = who.0.scope.territories();
    let page = TerritoriesPage {
        frame: Frame::new(&asked, Some(&who.0), t.title),
        t,
        territories: territories.iter().map(|one| (one.code(), one.name())).collect(),
    };
    frame::page(StatusCode::OK, &page)
}
