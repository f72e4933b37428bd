//! Signing in and out.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::StatusCode;
use actix_web::http::header::{LOCATION, RETRY_AFTER};
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::error::PageError;
use super::frame::{self, Frame};
use super::language::Asked;
use super::origin::{PublicUrl, from_these_pages};
use super::visitor::{Anybody, signed_in};
use crate::app::{self, App, Error};
use crate::clock;
use crate::edge::{ClientAddress, SESSION_COOKIE, TrustedProxies};
use crate::messages::{Lang, fill, pages};

/// The longest name and password that are looked at, in bytes, as in the API.
const LONGEST: (usize, usize) = (200, 1000);

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    t: &'static pages::SignIn,
    username: String,
    /// Where it leads afterwards.
    next: String,
    trouble: Option<String>,
}

impl SignInPage {
    fn new(asked: &Asked, username: &str, next: &str, trouble: Option<String>) -> Self {
        let t = pages::SignIn::of(asked.lang);
        let title = trouble
            .as_ref()
            .map_or_else(|| t.title.to_owned(), |_| format!("{} {}", t.error, t.title));
        Self {
            frame: Frame::new(asked, None, title),
            t,
            username: username.to_owned(),
            next: local(next).to_owned(),
            trouble,
        }
    }
}

/// The form.
pub async fn show_sign_in(request: HttpRequest, asked: Asked) -> Result<HttpResponse, PageError> {
    let next = asked.parameter("next").unwrap_or_default();
    if signed_in(&request).is_ok() {
        return Ok(lead_to(local(&next)));
    }
    frame::page(StatusCode::OK, &SignInPage::new(&asked, "", &next, None))
}

/// What the form sends. No `Debug`: it must end in no log.
#[derive(Deserialize)]
pub struct Credentials {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Signs in.
pub async fn sign_in(
    app: Data<App>,
    request: HttpRequest,
    asked: Asked,
    trusted: Data<TrustedProxies>,
    Form(sent): Form<Credentials>,
) -> Result<HttpResponse, PageError> {
    from_these_pages(&request)?;
    let Credentials { username, password, next } = sent;
    let name = username.trim();
    let outcome = if name.is_empty() || password.is_empty() {
        Err(Refused::Missing)
    } else if name.len() > LONGEST.0 || password.len() > LONGEST.1 {
        Err(Refused::Wrong)
    } else {
        let address = ClientAddress::of(&request, &trusted).0;
        Refused::sort(app::sign_in(&app, name, &password, &address, clock::now()).await)?
    };
    match outcome {
        Ok(signed) => {
            let cookie = session_cookie(signed.token, PublicUrl::is_secure(&request));
            let mut response = lead_to(local(&next));
            response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
            Ok(response)
        }
        Err(refused) => refused.page(&asked, name, &next),
    }
}

/// Why a form comes back.
enum Refused {
    Missing,
    Wrong,
    Throttled(u64),
}

impl Refused {
    /// Tells what the form can say from what it cannot.
    fn sort(outcome: Result<app::SignedIn, Error>) -> Result<Result<app::SignedIn, Self>, Error> {
        match outcome {
            Ok(signed) => Ok(Ok(signed)),
            Err(Error::WrongCredentials) => Ok(Err(Self::Wrong)),
            Err(Error::Throttled(seconds)) => Ok(Err(Self::Throttled(seconds))),
            Err(error) => Err(error),
        }
    }

    fn words(&self, lang: Lang) -> String {
        let t = pages::SignIn::of(lang);
        match self {
            Self::Missing => t.missing.to_owned(),
            Self::Wrong => t.wrong.to_owned(),
            Self::Throttled(seconds) => fill(t.throttled, &[seconds.to_string()]),
        }
    }

    fn page(&self, asked: &Asked, name: &str, next: &str) -> Result<HttpResponse, PageError> {
        let status = match self {
            Self::Missing => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Wrong => StatusCode::UNAUTHORIZED,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
        };
        let page = SignInPage::new(asked, name, next, Some(self.words(asked.lang)));
        let mut response = frame::page(status, &page)?;
        if let Self::Throttled(seconds) = self {
            response.headers_mut().insert(RETRY_AFTER, (*seconds).into());
        }
        Ok(response)
    }
}

/// Signs out.
pub async fn sign_out(
    app: Data<App>,
    request: HttpRequest,
    who: Anybody,
) -> Result<HttpResponse, PageError> {
    from_these_pages(&request)?;
    app::sign_out(&app, &who.0, clock::now()).await?;
    let mut cookie = session_cookie(String::new(), PublicUrl::is_secure(&request));
    cookie.make_removal();
    let mut response = lead_to("/sign-in");
    response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
    Ok(response)
}

/// It ends with the browser: desks in an office are shared.
fn session_cookie(token: String, secure: bool) -> Cookie<'static> {
    Cookie::build(SESSION_COOKIE, token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .finish()
}

fn lead_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

/// An address of these pages as it was asked; `/` for any other, so that nobody is led
/// elsewhere after signing in.
fn local(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let own = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/sign-");
    if plain && own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_these_pages_only() {
        let own = ["/", "/territories/BT?kind=sai", "/facilities/BT-0001"];
        for address in own {
            assert_eq!(local(address), address);
        }
        let others = [
            "",
            "https://other.example/",
            "//other.example",
            "/\\other.example",
            "/\t/other.example",
            "/sign-out",
            "javascript:1",
            "/é",
        ];
        for address in others {
            assert_eq!(local(address), "/", "{address}");
        }
    }
}
