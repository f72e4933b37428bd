//! The photos that moves of a finding name, and those that the next may name.

use std::collections::{HashMap, HashSet};

use vigila_core::domain::{InspectionId, Sha256};

use super::show::Subject;
use crate::app::findings::{FindingView, MovedPhoto};
use crate::app::inspections::{InspectionView, inspection};
use crate::app::photos::PhotoState;
use crate::app::{Actor, App, Error};
use crate::clock;
use crate::messages::fill;
use crate::web::format;

/// The visits that a finding speaks of, as far as somebody may open them.
pub struct Visits(HashMap<InspectionId, InspectionView>);

impl Visits {
    /// Loads them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(app: &App, actor: &Actor, view: &FindingView) -> Result<Self, Error> {
        let photos = view.moves.iter().flat_map(|(made, _)| &made.photos);
        let ids: HashSet<InspectionId> =
            said_by(view).into_iter().chain(photos.map(|photo| photo.inspection)).collect();
        let mut known = HashMap::new();
        for id in ids {
            match inspection(app, actor, id, clock::now()).await {
                Ok(visit) => {
                    known.insert(id, visit);
                }
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Self(known))
    }

    /// One of them, where it may be opened.
    pub fn get(&self, id: InspectionId) -> Option<&InspectionView> {
        self.0.get(&id)
    }
}

/// The visits that failed or passed the finding, as it names them, each once.
fn said_by(view: &FindingView) -> Vec<InspectionId> {
    let basis = &view.row.finding.entry.basis;
    let mut ids = vec![basis.opened_by, basis.failed_by.id];
    ids.extend(basis.passed_by.map(|visit| visit.id));
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    ids
}

/// A photo at a move.
pub struct Shown {
    /// None where it is gone, or may not be seen.
    pub address: Option<String>,
    pub words: String,
}

/// A photo that the next move may name.
pub struct Offered {
    /// What the form sends.
    pub value: String,
    pub address: String,
    pub words: String,
    pub chosen: bool,
}

/// A photo as the form names it.
pub fn named(photo: &MovedPhoto) -> String {
    format!("{}/{}", photo.inspection, photo.sha256)
}

/// The other way round.
pub fn read_named(text: &str) -> Option<MovedPhoto> {
    let (inspection, sha256) = text.split_once('/')?;
    Some(MovedPhoto { inspection: inspection.parse().ok()?, sha256: sha256.parse().ok()? })
}

/// A photo that a move names.
pub fn shown(subject: &Subject<'_>, photo: &MovedPhoto) -> Shown {
    let visit = subject.visits.get(photo.inspection);
    let listed = visit.and_then(|visit| {
        let at = visit.photos.iter().position(|one| one.sha256 == photo.sha256)?;
        (visit.photos[at].state == PhotoState::Stored).then_some((visit, at))
    });
    match listed {
        Some((visit, at)) => Shown {
            address: Some(address_of(visit.stored.id, &photo.sha256)),
            words: words_of(subject, visit, at),
        },
        None => Shown { address: None, words: subject.c.photo_hidden.to_owned() },
    }
}

/// The photos that the next move may name: first those at the item of the finding, then the
/// others of the same visits.
pub fn offered(
    subject: &Subject<'_>,
    chosen: &[String],
) -> Result<(Vec<Offered>, Vec<Offered>), Error> {
    let item = &subject.view.row.finding.entry.item;
    let (mut at_item, mut others) = (Vec::new(), Vec::new());
    for visit in said_by(subject.view).into_iter().filter_map(|id| subject.visits.get(id)) {
        let content = visit.content()?;
        let answer = content.answers.iter().find(|answer| answer.item == *item);
        let named_there = answer.map(|answer| answer.photos.as_slice()).unwrap_or_default();
        for (at, photo) in visit.photos.iter().enumerate() {
            if photo.state != PhotoState::Stored {
                continue;
            }
            let id = visit.stored.id;
            let value = named(&MovedPhoto { inspection: id, sha256: photo.sha256.clone() });
            let row = Offered {
                address: address_of(id, &photo.sha256),
                words: words_of(subject, visit, at),
                chosen: chosen.contains(&value),
                value,
            };
            if named_there.contains(&photo.sha256) { at_item.push(row) } else { others.push(row) }
        }
    }
    Ok((at_item, others))
}

fn address_of(visit: InspectionId, sha256: &Sha256) -> String {
    format!("/inspections/{visit}/photos/{sha256}")
}

fn words_of(subject: &Subject<'_>, visit: &InspectionView, at: usize) -> String {
    let day = format::moment(visit.stored.ended_at, subject.app.zone, subject.lang).day;
    fill(subject.c.photo, &[(at + 1).to_string(), day])
}
