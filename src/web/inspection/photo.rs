//! The photos of a visit: those at an item, those that no answer names, and their bytes.

use std::collections::{HashMap, HashSet};

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use vigila_core::documents::inspection::{Answer as Given, Inspection, ListedPhoto};
use vigila_core::domain::{InspectionId, Sha256};

use super::Subject;
use super::told::Told;
use crate::app::App;
use crate::app::inspections::InspectionView;
use crate::app::photos::{PhotoState, Rendition, photo_rendition};
use crate::edge;
use crate::messages::fill;
use crate::web::error::PageError;
use crate::web::language::Asked;
use crate::web::visitor::Reader;

/// A photo as a page shows it.
pub struct Photo {
    /// Where its bytes are; none while it has not come.
    pub address: Option<String>,
    pub alt: String,
    pub caption: Option<String>,
    /// Why there is no picture.
    pub missing: &'static str,
    /// What it tells.
    pub told: Option<Told>,
}

/// Whether a photo is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Here,
    Owed,
    Absent,
    Erased,
}

/// What is known of the photos of a visit.
pub struct Photos {
    presence: HashMap<Sha256, Presence>,
    listed: Vec<ListedPhoto>,
    told: HashMap<Sha256, Told>,
}

impl Photos {
    /// Those that the visit lists.
    pub fn of(view: &InspectionView, content: &Inspection, told: HashMap<Sha256, Told>) -> Self {
        let each = view.photos.iter().map(|photo| {
            let presence = match photo.state {
                PhotoState::Stored => Presence::Here,
                PhotoState::Absent => Presence::Absent,
                PhotoState::Missing => Presence::Owed,
                PhotoState::Erased => Presence::Erased,
            };
            (photo.sha256.clone(), presence)
        });
        Self { presence: each.collect(), listed: content.photos.clone(), told }
    }

    /// How many are still to come.
    pub fn owed(&self) -> usize {
        self.count(Presence::Owed)
    }

    /// How many cannot come.
    pub fn absent(&self) -> usize {
        self.count(Presence::Absent)
    }

    fn count(&self, wanted: Presence) -> usize {
        self.presence.values().filter(|presence| **presence == wanted).count()
    }

    /// Those that an answer names.
    pub fn of_answer(&self, subject: &Subject<'_>, given: &Given) -> Vec<Photo> {
        let count = given.photos.len();
        let each = given.photos.iter().enumerate();
        each.map(|(index, name)| self.photo(subject, name, (index + 1, count))).collect()
    }

    /// Those that no answer names.
    pub fn unnamed(&self, subject: &Subject<'_>) -> Vec<Photo> {
        let named: HashSet<&Sha256> =
            subject.content.answers.iter().flat_map(|given| &given.photos).collect();
        let others: Vec<_> =
            self.listed.iter().filter(|photo| !named.contains(&photo.sha256)).collect();
        let count = others.len();
        let each = others.iter().enumerate();
        each.map(|(index, photo)| self.photo(subject, &photo.sha256, (index + 1, count))).collect()
    }

    fn photo(&self, subject: &Subject<'_>, name: &Sha256, (nth, count): (usize, usize)) -> Photo {
        let t = subject.t;
        let listed = self.listed.iter().find(|photo| photo.sha256 == *name);
        let caption = listed.and_then(|photo| photo.caption.clone());
        let caption = caption.filter(|caption| !caption.trim().is_empty());
        let presence = self.presence.get(name).copied().unwrap_or(Presence::Owed);
        let address = format!("/inspections/{}/photos/{name}", subject.view.stored.id);
        Photo {
            address: (presence == Presence::Here).then_some(address),
            alt: match &caption {
                Some(caption) => fill(t.photo_alt_caption, std::slice::from_ref(caption)),
                None => fill(t.photo_alt, &[nth.to_string(), count.to_string()]),
            },
            caption,
            told: self.told.get(name).cloned(),
            missing: match presence {
                Presence::Here | Presence::Owed => t.photo_owed,
                Presence::Absent => t.photo_absent,
                Presence::Erased => t.photo_erased,
            },
        }
    }
}

/// The bytes of a photo.
pub async fn show_photo(
    app: Data<App>,
    request: HttpRequest,
    who: Reader,
    asked: Asked,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let id: InspectionId = path.0.parse().map_err(|_| PageError::NotFound)?;
    let name: Sha256 = path.1.parse().map_err(|_| PageError::NotFound)?;
    let rendition = match asked.parameter("rendition").as_deref() {
        Some("thumbnail") => Rendition::Thumbnail,
        None | Some("display") => Rendition::Display,
        Some(_) => return Err(PageError::NotFound),
    };
    let served = photo_rendition(&app, &who.0, id, &name, rendition).await?;
    Ok(edge::photo_response(&request, served))
}
