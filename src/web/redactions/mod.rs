//! Where somebody of the office takes texts of a visit out of sight, and chooses the photo of
//! which to redact a part.

mod photo;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use vigila_core::documents::inspection::Inspection;
use vigila_core::domain::InspectionId;

pub use photo::{redact_photo, show_photo_redactions};

use super::error::PageError;
use super::format;
use super::frame::{self, Frame};
use super::language::Asked;
use super::origin::from_these_pages;
use super::visitor::Redactor;
use crate::app::inspections::{InspectionView, inspection};
use crate::app::photos::PhotoState;
use crate::app::texts::{FreeText, TextRedaction, Wish, redact_text, redactable, text_redactions};
use crate::app::{App, Error};
use crate::clock;
use crate::messages::redactions::Redactions as Texts;
use crate::messages::{Lang, fill};

/// Most characters of a reason.
const LONGEST_REASON: usize = 1_000;

#[derive(Template)]
#[template(path = "redactions.html")]
struct RedactionsPage {
    frame: Frame,
    t: &'static Texts,
    /// The address of the visit.
    visit: String,
    trouble: Option<&'static str>,
    texts: Vec<TextRow>,
    redacted: Vec<RedactedRow>,
    photos: Vec<PhotoRow>,
}

/// A text that can be redacted.
struct TextRow {
    pointer: String,
    place: String,
    text: String,
}

/// A text that was.
struct RedactedRow {
    place: String,
    said: String,
    erased: bool,
}

/// A photo of which a part can be redacted.
struct PhotoRow {
    address: String,
    words: String,
}

/// The texts and photos of a visit.
pub async fn show_redactions(
    app: Data<App>,
    who: Redactor,
    asked: Asked,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    let id: InspectionId = id.parse().map_err(|_| PageError::NotFound)?;
    page(&app, &who, &asked, id, None).await
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    pointer: String,
    #[serde(default)]
    reason: String,
}

/// Takes a text out of sight.
pub async fn redact_texts(
    app: Data<App>,
    request: HttpRequest,
    who: Redactor,
    asked: Asked,
    id: Path<String>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, PageError> {
    from_these_pages(&request)?;
    let id: InspectionId = id.parse().map_err(|_| PageError::NotFound)?;
    let t = Texts::of(asked.lang);
    let Some(reason) = reason_of(&sent.reason) else {
        return page(&app, &who, &asked, id, Some(t.wrong_reason)).await;
    };
    let wish = (Wish::Redact, reason);
    match redact_text(&app, &who.0, id, &sent.pointer, wish, clock::now()).await {
        Ok(_) => Ok(lead_to(&format!("/inspections/{id}/redactions"))),
        Err(Error::Faults(_)) => page(&app, &who, &asked, id, Some(t.wrong_text)).await,
        Err(error) => Err(error.into()),
    }
}

/// A reason that may go on record.
fn reason_of(sent: &str) -> Option<&str> {
    let reason = sent.trim();
    let fits = (1..=LONGEST_REASON).contains(&reason.chars().count()) && !reason.contains('\0');
    fits.then_some(reason)
}

fn lead_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, address)).finish()
}

async fn page(
    app: &App,
    who: &Redactor,
    asked: &Asked,
    id: InspectionId,
    trouble: Option<&'static str>,
) -> Result<HttpResponse, PageError> {
    let (lang, t) = (asked.lang, Texts::of(asked.lang));
    let view = inspection(app, &who.0, id, clock::now()).await?;
    let redactions = text_redactions(app, &who.0, id).await?;
    let texts = redactable(app, &view.stored).await?;
    let content = view.content()?;
    let known = |text: &FreeText| redactions.iter().any(|r| r.pointer == text.pointer.as_str());
    let open = texts.iter().filter(|text| !known(text) && !text.text.trim().is_empty());
    let rows = open.map(|text| TextRow {
        pointer: text.pointer.as_str().to_owned(),
        place: place(&content, text.pointer.as_str(), t),
        text: text.text.clone(),
    });
    let redacted = redactions.iter().map(|redaction| RedactedRow {
        place: place(&content, &redaction.pointer, t),
        said: said(app, lang, t, redaction),
        erased: redaction.erased.is_some(),
    });
    let error = trouble.map(|_| format!("{} ", t.error)).unwrap_or_default();
    let page = RedactionsPage {
        frame: Frame::new(asked, Some(&who.0), format!("{error}{}", t.title)),
        t,
        visit: format!("/inspections/{id}"),
        trouble,
        texts: rows.collect(),
        redacted: redacted.collect(),
        photos: photos(&view, t),
    };
    let refused = trouble.map(|_| StatusCode::UNPROCESSABLE_ENTITY);
    frame::page(refused.unwrap_or(StatusCode::OK), &page)
}

fn said(app: &App, lang: Lang, t: &Texts, redaction: &TextRedaction) -> String {
    let at = format::moment(redaction.at, app.zone, lang);
    fill(t.since, &[at.day, at.time, redaction.reason.clone()])
}

fn photos(view: &InspectionView, t: &Texts) -> Vec<PhotoRow> {
    let each = view.photos.iter().enumerate();
    let held = each.filter(|(_, photo)| photo.state == PhotoState::Stored);
    let rows = held.map(|(index, photo)| PhotoRow {
        address: format!("/inspections/{}/photos/{}", view.stored.id, photo.sha256),
        words: fill(t.choose, &[(index + 1).to_string()]),
    });
    rows.collect()
}

/// Where a text of a visit stands, in words.
fn place(content: &Inspection, pointer: &str, t: &Texts) -> String {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let number = |text: &str| text.parse::<usize>().unwrap_or_default();
    match parts[..] {
        ["answers", index, what] => {
            let answer = content.answers.get(number(index));
            let words = match what {
                "value" => t.value,
                "reason" => t.reason_of,
                _ => t.note,
            };
            fill(words, &[answer.map(|answer| answer.item.clone()).unwrap_or_default()])
        }
        ["photos", index, _] => fill(t.caption, &[(number(index) + 1).to_string()]),
        _ => t.device.to_owned(),
    }
}
