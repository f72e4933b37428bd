//! What the photos of a visit tell beside what was said of them: the facts of each side by
//! side, and the questions they raise. The rules are the core's; what is put together here
//! is what they need, and who may know of which copy.

mod examining;

use std::collections::HashMap;

use vigila_core::documents::evidence::MOST_BITS;
use vigila_core::documents::inspection::{Inspection, ListedPhoto};
use vigila_core::domain::{Facility, FacilityRef, InspectionId, Sha256};
use vigila_core::evidence::{
    CameraPlace, CameraTime, Copies, Copy, Declared, Differences, Flag, Photo, PhotoFacts, Place,
    Shown, Visit, bits_apart,
};
use vigila_core::photo::Picture;

use super::inspections::{content_of, find_visible, visible_to};
use super::{Actor, App, Error};
use crate::store::inspections::StoredInspection;
use crate::store::photo_facts::{self, Reader};
use crate::store::photos::StoredPhoto;
use crate::store::{Conn, QueryResult, facilities, photos};

pub use examining::examine_earlier;

/// The most near copies of a photo in its own visit that are named.
const NAMED: usize = 10;

/// What the photos of a visit tell.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The visit.
    pub stored: StoredInspection,
    /// Its centre.
    pub facility: Facility,
    /// Where the centre lies, where that is known.
    pub centre: Option<Place>,
    /// The photos that were asked for, in the order listed.
    pub photos: Vec<PhotoEvidence>,
    /// Whether the visit lists more behind them.
    pub more: bool,
}

/// What one photo tells.
#[derive(Debug, Clone)]
pub struct PhotoEvidence {
    /// What the phone said of it.
    pub listed: ListedPhoto,
    /// Whether and how it is held.
    pub stored: StoredPhoto,
    /// All that is known of it.
    pub photo: Photo,
    /// When the camera's clock may have shown what it showed.
    pub readings: Vec<vigila_core::domain::Instant>,
    /// How its facts differ.
    pub differences: Differences,
    /// The questions it raises.
    pub flags: Vec<Flag>,
}

impl PhotoEvidence {
    /// Whether its bytes were looked at.
    #[must_use]
    pub fn is_examined(&self) -> bool {
        self.photo.facts.is_some()
    }
}

/// What the bytes of a picture say, without the picture.
#[must_use]
pub fn facts_of(picture: &Picture) -> PhotoFacts {
    PhotoFacts {
        exif: picture.exif,
        taken: picture.taken.map(|taken| CameraTime {
            local: taken.local,
            offset_seconds: taken.offset.map(|offset| offset.local_minus_utc()),
        }),
        place: picture.position.map(|position| CameraPlace {
            place: Place { latitude: position.latitude, longitude: position.longitude },
            accuracy_metres: position.accuracy_metres,
        }),
        make: picture.make.clone(),
        model: picture.model.clone(),
        software: picture.software.clone(),
        fingerprint: picture.fingerprint,
        sharpness: picture.sharpness,
        brightness: picture.brightness,
    }
}

/// What the photos of a visit tell: those from a place in its list on, so many at most.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories, and for a monitor among others'.
pub async fn evidence(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    (from, limit): (usize, usize),
) -> Result<Evidence, Error> {
    let (who, bits) = (actor.clone(), app.library.evidence().document.copies.bits);
    let read = app.db.read(move |conn| gather(conn, &who, id, (from, limit), bits));
    let gathered = read.await?.ok_or(Error::NotFound)?;
    let content = content_of(&gathered.stored)?;
    Ok(gathered.judged(app, &content))
}

/// What the database knows.
struct Gathered {
    stored: StoredInspection,
    facility: Facility,
    photos: Vec<StoredPhoto>,
    facts: HashMap<String, PhotoFacts>,
    /// From where in `photos` on; for each, where else it lies.
    from: usize,
    elsewhere: Vec<(Copies, Copies)>,
}

fn gather(
    conn: &mut Conn,
    actor: &Actor,
    id: InspectionId,
    (from, limit): (usize, usize),
    bits: u32,
) -> QueryResult<Option<Gathered>> {
    let Some(stored) = find_visible(conn, actor, id)? else { return Ok(None) };
    let centre = FacilityRef::Id(stored.facility);
    let Some(facility) = facilities::find(conn, &actor.scope, &centre)? else { return Ok(None) };
    let photos = photos::of_inspection(conn, id)?;
    let facts = photo_facts::of_inspection(conn, id)?;
    let reader =
        Reader { scope: actor.scope.clone(), visible: visible_to(actor), root: stored.root };
    let asked = photos.iter().skip(from).take(limit);
    let elsewhere = asked.map(|photo| elsewhere(conn, &reader, photo, of(photo, &facts), bits));
    let elsewhere = elsewhere.collect::<QueryResult<_>>()?;
    Ok(Some(Gathered { stored, facility, photos, facts, from, elsewhere }))
}

fn of<'a>(photo: &StoredPhoto, facts: &'a HashMap<String, PhotoFacts>) -> Option<&'a PhotoFacts> {
    facts.get(&photo.held.as_ref()?.original_key)
}

/// The same bytes and near copies in other inspections, of a photo that was looked at.
fn elsewhere(
    conn: &mut Conn,
    reader: &Reader,
    photo: &StoredPhoto,
    facts: Option<&PhotoFacts>,
    bits: u32,
) -> QueryResult<(Copies, Copies)> {
    let Some(facts) = facts else { return Ok((Copies::default(), Copies::default())) };
    let same = photo_facts::same(conn, reader, &photo.sha256)?;
    let near = match facts.fingerprint {
        Some(own) => photo_facts::near(conn, reader, (&photo.sha256, own), bits.min(MOST_BITS))?,
        None => Copies::default(),
    };
    Ok((same, near))
}

impl Gathered {
    /// Each photo put through the rules.
    fn judged(self, app: &App, content: &Inspection) -> Evidence {
        let rules = app.library.evidence();
        let centre = Place::of(self.facility.latitude, self.facility.longitude);
        let span = (self.stored.started_at, self.stored.ended_at);
        let visit = Visit { span, centre, zone: app.zone };
        let listed: HashMap<&Sha256, &ListedPhoto> =
            content.photos.iter().map(|photo| (&photo.sha256, photo)).collect();
        let answers = answers_by_photo(content);
        let asked = self.photos.iter().skip(self.from).zip(&self.elsewhere);
        let photos = asked.filter_map(|(stored, (same, near))| {
            let listed = *listed.get(&stored.sha256)?;
            let photo = Photo {
                declared: Declared {
                    taken_at: listed.taken_at,
                    place: Place::of(listed.latitude, listed.longitude),
                },
                received_at: stored.held.as_ref().map(|held| held.received_at),
                damaged: stored.held.as_ref().is_some_and(|held| held.damaged),
                facts: of(stored, &self.facts).cloned(),
                answers: answers.get(&stored.sha256).cloned().unwrap_or_default(),
                same_elsewhere: same.clone(),
                near_elsewhere: near.clone(),
                near_here: self.near_here(stored, rules.document.copies.bits),
            };
            let taken = photo.facts.as_ref().and_then(|facts| facts.taken);
            Some(PhotoEvidence {
                listed: listed.clone(),
                stored: stored.clone(),
                readings: taken.map(|taken| taken.readings(app.zone)).unwrap_or_default(),
                differences: photo.differences(&visit),
                flags: rules.flags(&visit, &photo),
                photo,
            })
        });
        let photos: Vec<_> = photos.collect();
        let more = self.photos.len() > self.from.saturating_add(self.elsewhere.len());
        Evidence { stored: self.stored, facility: self.facility, centre, photos, more }
    }

    /// Other photos of the visit that look like one of it.
    fn near_here(&self, photo: &StoredPhoto, bits: u32) -> Copies {
        let print = |photo: &StoredPhoto| of(photo, &self.facts)?.fingerprint;
        let Some(own) = print(photo) else { return Copies::default() };
        let others = self.photos.iter().filter(|other| other.sha256 != photo.sha256);
        let near = others.filter_map(|other| {
            let apart = bits_apart(own, print(other)?);
            (apart <= bits).then(|| (apart, other.sha256.clone()))
        });
        let mut near: Vec<_> = near.collect();
        near.sort_unstable();
        let unnamed = near.len().saturating_sub(NAMED);
        let named = near.into_iter().take(NAMED).map(|(apart, sha256)| Copy {
            inspection: self.stored.id,
            started_at: self.stored.started_at,
            facility: self.facility.code.clone(),
            sha256,
            bits: Some(apart),
        });
        Copies { named: named.collect(), unnamed, more: false }
    }
}

fn answers_by_photo(content: &Inspection) -> HashMap<Sha256, Vec<Shown>> {
    let mut by_photo: HashMap<Sha256, Vec<Shown>> = HashMap::new();
    for answer in &content.answers {
        let shown = Shown { item: answer.item.clone(), observed_at: answer.observed_at };
        for photo in &answer.photos {
            let of_photo = by_photo.entry(photo.clone()).or_default();
            // An answer may name a photo twice, and says it once.
            if of_photo.last() != Some(&shown) {
                of_photo.push(shown.clone());
            }
        }
    }
    by_photo
}
