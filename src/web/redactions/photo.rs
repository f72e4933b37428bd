//! Where somebody of the office chooses an area of a photo and takes it out of sight: by
//! touching two corners of the picture, or by writing measures.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use vigila_core::domain::{InspectionId, Sha256};
use vigila_core::photo::{Area, display_size};

use super::{Texts, lead_to, reason_of};
use crate::app::inspections::inspection;
use crate::app::redactions::{self, NewRedaction, PhotoRedaction, photo_redactions};
use crate::app::{App, Error};
use crate::clock;
use crate::messages::fill;
use crate::web::error::PageError;
use crate::web::format;
use crate::web::frame::{self, Frame};
use crate::web::language::Asked;
use crate::web::origin::from_these_pages;
use crate::web::visitor::Redactor;

#[derive(Template)]
#[template(path = "redact_photo.html")]
struct RedactPhotoPage {
    frame: Frame,
    t: &'static Texts,
    /// The address of the list of the visit.
    back: String,
    /// The address of this page.
    own: String,
    /// The address of the picture.
    picture: String,
    size: (u32, u32),
    trouble: Option<String>,
    /// What the picture asks for next.
    alt: String,
    /// The corner that was touched first.
    corner: Option<(u32, u32)>,
    area: [String; 4],
    reason: String,
    supersedes: String,
    /// Those that count, by id.
    counting: Vec<Row>,
    superseded: Vec<Row>,
}

/// A redaction.
struct Row {
    id: String,
    said: String,
    areas: String,
}

type Which = Path<(String, String)>;

fn named(which: &(String, String)) -> Result<(InspectionId, Sha256), PageError> {
    let id = which.0.parse().map_err(|_| PageError::NotFound)?;
    Ok((id, which.1.parse().map_err(|_| PageError::NotFound)?))
}

/// What has been chosen so far.
#[derive(Default)]
struct Chosen {
    corner: Option<(u32, u32)>,
    area: [String; 4],
    reason: String,
    supersedes: String,
}

/// The picture, on which corners are chosen.
pub async fn show_photo_redactions(
    app: Data<App>,
    who: Redactor,
    asked: Asked,
    which: Which,
) -> Result<HttpResponse, PageError> {
    let (id, sha256) = named(&which)?;
    // A touched picture sends the place under its name.
    let number = |name: &str| asked.parameter(name).and_then(|text| text.parse::<u32>().ok());
    let pair = |x: &str, y: &str| Some((number(x)?, number(y)?));
    let chosen = match (pair("x", "y"), pair("corner.x", "corner.y")) {
        (Some(first), Some(second)) => {
            let area = between(first, second).map(|pixels| pixels.to_string());
            Chosen { area, ..Chosen::default() }
        }
        (None, corner) => Chosen { corner, ..Chosen::default() },
        (corner, None) => Chosen { corner, ..Chosen::default() },
    };
    page(&app, &who, &asked, (id, &sha256), chosen, None).await
}

/// The area between two corners, both included.
fn between((x1, y1): (u32, u32), (x2, y2): (u32, u32)) -> [u32; 4] {
    let across = x1.abs_diff(x2).saturating_add(1);
    [x1.min(x2), y1.min(y2), across, y1.abs_diff(y2).saturating_add(1)]
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Sent {
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
    #[serde(default)]
    width: String,
    #[serde(default)]
    height: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    supersedes: String,
}

impl Sent {
    fn area(&self) -> Option<Area> {
        let number = |text: &str| text.trim().parse().ok();
        let (x, y) = (number(&self.x)?, number(&self.y)?);
        Some(Area { x, y, width: number(&self.width)?, height: number(&self.height)? })
    }
}

/// Takes an area out of sight.
pub async fn redact_photo(
    app: Data<App>,
    request: HttpRequest,
    who: Redactor,
    asked: Asked,
    which: Which,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, PageError> {
    from_these_pages(&request)?;
    let (id, sha256) = named(&which)?;
    let t = Texts::of(asked.lang);
    let done = match (sent.area(), reason_of(&sent.reason)) {
        (_, None) => Err(t.wrong_reason),
        (None, _) => Err(t.wrong_area),
        (Some(area), Some(reason)) => {
            let new = NewRedaction {
                areas: vec![area],
                reason: reason.to_owned(),
                supersedes: sent.supersedes.parse().ok(),
            };
            match redactions::redact_photo(&app, &who.0, id, &sha256, new, clock::now()).await {
                Ok(_) => Ok(()),
                Err(Error::Faults(_)) => Err(t.wrong_area),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let Err(trouble) = done else {
        return Ok(lead_to(&format!("/inspections/{id}/photos/{sha256}/redactions")));
    };
    let chosen = Chosen {
        corner: None,
        area: [sent.x, sent.y, sent.width, sent.height],
        reason: sent.reason,
        supersedes: sent.supersedes,
    };
    page(&app, &who, &asked, (id, &sha256), chosen, Some(trouble)).await
}

async fn page(
    app: &App,
    who: &Redactor,
    asked: &Asked,
    (id, sha256): (InspectionId, &Sha256),
    chosen: Chosen,
    trouble: Option<&str>,
) -> Result<HttpResponse, PageError> {
    let t = Texts::of(asked.lang);
    let view = inspection(app, &who.0, id, clock::now()).await?;
    let photo = view.photos.iter().find(|photo| photo.sha256 == *sha256);
    let held = photo.and_then(|photo| photo.held.as_ref()).ok_or(PageError::NotFound)?;
    let side = |pixels: i32| u32::try_from(pixels).unwrap_or_default();
    let size = display_size(side(held.width), side(held.height));
    let all = photo_redactions(app, &who.0, id, sha256).await?;
    let is_superseded = |one: &PhotoRedaction| all.iter().any(|o| o.supersedes == Some(one.id));
    let (gone, counting): (Vec<_>, Vec<_>) = all.iter().partition(|one| is_superseded(one));
    let row = |one: &PhotoRedaction| {
        let at = format::moment(one.at, app.zone, asked.lang);
        Row {
            id: one.id.to_string(),
            said: fill(t.since, &[at.day, at.time, one.reason.clone()]),
            areas: fill(t.areas, &[one.areas.len().to_string()]),
        }
    };
    let sides = [size.0.to_string(), size.1.to_string()];
    let error = trouble.map(|_| format!("{} ", t.error)).unwrap_or_default();
    let picture = format!("/inspections/{id}/photos/{sha256}");
    let page = RedactPhotoPage {
        frame: Frame::new(asked, Some(&who.0), format!("{error}{}", t.photo_title)),
        t,
        back: format!("/inspections/{id}/redactions"),
        own: format!("{picture}/redactions"),
        picture,
        size,
        trouble: trouble.map(|text| fill(text, &sides)),
        alt: match chosen.corner {
            Some((x, y)) => fill(t.second_corner, &[x.to_string(), y.to_string()]),
            None => t.first_corner.to_owned(),
        },
        corner: chosen.corner,
        area: chosen.area,
        reason: chosen.reason,
        supersedes: chosen.supersedes,
        counting: counting.into_iter().map(row).collect(),
        superseded: gone.into_iter().map(row).collect(),
    };
    let refused = trouble.map(|_| StatusCode::UNPROCESSABLE_ENTITY);
    frame::page(refused.unwrap_or(StatusCode::OK), &page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_corners_in_any_order_make_the_same_area() {
        for (first, second) in [((3, 9), (7, 4)), ((7, 4), (3, 9)), ((3, 4), (7, 9))] {
            assert_eq!(between(first, second), [3, 4, 5, 6]);
        }
        assert_eq!(between((5, 5), (5, 5)), [5, 5, 1, 1]);
    }
}
