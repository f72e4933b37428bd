//! Which language a page speaks: the one just chosen (`?lang=`), else the one chosen before
//! (a cookie), else the one that the browser likes, else Italian.

use std::future::{Ready, ready};

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use url::form_urlencoded;

use crate::messages::Lang;

const COOKIE: &str = "vigila_lang";

/// What every page asks of its request: the language, and its own address.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The language of the page.
    pub lang: Lang,
    path: String,
    query: String,
}

impl Asked {
    /// Reads it off a request.
    pub fn of(request: &HttpRequest) -> Self {
        let known = request.extensions().get::<Lang>().copied();
        Self {
            lang: known.unwrap_or_else(|| language(request)),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
        }
    }

    /// The address of this page in the other language.
    pub fn in_other_language(&self) -> String {
        let kept = form_urlencoded::parse(self.query.as_bytes()).filter(|(key, _)| key != "lang");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.append_pair("lang", self.lang.other().tag());
        format!("{}?{}", self.path, query.finish())
    }

    /// The first value of a parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }
}

impl FromRequest for Asked {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The language of a request.
pub fn language(request: &HttpRequest) -> Lang {
    let before = || request.cookie(COOKIE).and_then(|cookie| Lang::of_tag(cookie.value()));
    let header = || {
        let header = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Lang::accepted(header, Lang::It)
    };
    chosen(request).or_else(before).unwrap_or_else(header)
}

/// The language that this request chooses, if it does.
pub fn chosen(request: &HttpRequest) -> Option<Lang> {
    let mut pairs = form_urlencoded::parse(request.query_string().as_bytes());
    pairs.find(|(key, _)| key == "lang").and_then(|(_, value)| Lang::of_tag(&value))
}

/// The cookie that remembers the choice: a preference, no secret.
pub fn remember(lang: Lang, secure: bool) -> Cookie<'static> {
    Cookie::build(COOKIE, lang.tag())
        .path("/")
        .same_site(SameSite::Lax)
        .secure(secure)
        .http_only(true)
        .max_age(Duration::days(365))
        .finish()
}
