//! What stands around every page, and how a page becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::assets;
use super::error::PageError;
use super::language::Asked;
use crate::app::Actor;
use crate::messages::{Lang, pages, words};

/// What the layout shows around a page.
pub struct Frame {
    /// The language.
    pub lang: Lang,
    /// Its texts.
    pub t: &'static pages::Frame,
    /// The title of the page.
    pub title: String,
    /// The address of the stylesheet.
    pub style: String,
    /// The address of the icon.
    pub icon: String,
    /// This page in the other language.
    pub other: String,
    /// Who is signed in.
    pub person: Option<Person>,
}

/// Who is signed in, as the layout shows it.
pub struct Person {
    /// The name it signs in with.
    pub name: String,
    /// Its role in words.
    pub role: &'static str,
    /// Whether it has several territories to choose from.
    pub chooses: bool,
}

impl Frame {
    /// The frame of a page with this title.
    pub fn new(asked: &Asked, actor: Option<&Actor>, title: impl Into<String>) -> Self {
        let person = actor.map(|actor| Person {
            name: actor.name.to_string(),
            role: words::role(actor.role, asked.lang),
            chooses: actor.role.reads() && actor.scope.territories().len() > 1,
        });
        Self {
            lang: asked.lang,
            t: pages::Frame::of(asked.lang),
            title: title.into(),
            style: assets::STYLE.address(),
            icon: assets::ICON.address(),
            other: asked.in_other_language(),
            person,
        }
    }
}

/// A page as an answer.
///
/// # Errors
/// [`PageError::Internal`] when it cannot be rendered.
pub fn page(status: StatusCode, page: &impl Template) -> Result<HttpResponse, PageError> {
    let text = page.render()?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(text))
}
