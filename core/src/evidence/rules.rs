//! The rules: which questions a photo raises. Each rests on values that are there; what is
//! unknown raises none.

use crate::documents::evidence::{Document, FlagCode};
use crate::domain::{Instant, Zone};

use super::camera_time::{CameraTime, seconds_outside};
use super::flags::{Basis, Copies, Flag};
use super::places::{CameraPlace, Place, metres_between};

/// A document that cannot be used, though its structure is right. The linter says the same
/// of a file, with its line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotRules(String);

/// Rules ready for use.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Their numbers and names.
    pub document: Document,
    /// The editors in lower case.
    editors: Vec<String>,
}

/// The visit that a photo belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// When the monitors came and when they left.
    pub span: (Instant, Instant),
    /// Where the centre lies, where that is known.
    pub centre: Option<Place>,
    /// The zone of clocks that do not say theirs.
    pub zone: Zone,
}

/// What the phone said of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Declared {
    /// When it was taken.
    pub taken_at: Option<Instant>,
    /// Where.
    pub place: Option<Place>,
}

/// What a photo's own bytes say.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoFacts {
    /// Whether it has any EXIF.
    pub exif: bool,
    /// When, by the camera.
    pub taken: Option<CameraTime>,
    /// Where, by the camera.
    pub place: Option<CameraPlace>,
    /// Who made the camera.
    pub make: Option<String>,
    /// Which camera.
    pub model: Option<String>,
    /// What wrote the file.
    pub software: Option<String>,
    /// What it looks like, in 64 bits; none of a picture that shows next to nothing.
    pub fingerprint: Option<u64>,
    /// How sharp it is.
    pub sharpness: f64,
    /// Its mean brightness, 0 to 255.
    pub brightness: f64,
}

/// An answer that names a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The item.
    pub item: String,
    /// When it was observed, where that was said.
    pub observed_at: Option<Instant>,
}

/// A photo with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// What the phone said.
    pub declared: Declared,
    /// When the server received it; none while it has not come.
    pub received_at: Option<Instant>,
    /// Whether a part of it is missing or broken.
    pub damaged: bool,
    /// What its bytes say; none while it has not come or was not examined.
    pub facts: Option<PhotoFacts>,
    /// The answers that name it, in the order sent.
    pub answers: Vec<Shown>,
    /// The same bytes in other inspections.
    pub same_elsewhere: Copies,
    /// Pictures that look the same in other inspections.
    pub near_elsewhere: Copies,
    /// Pictures that look the same in this inspection.
    pub near_here: Copies,
}

/// How the facts of a photo differ; none where one of the two is unknown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Differences {
    /// Seconds by which the camera's time lies outside the visit: 0 inside, below 0 before.
    pub camera_from_visit: Option<f64>,
    /// Seconds from the declared time to the camera's.
    pub camera_from_declared: Option<f64>,
    /// Seconds from the receipt to the camera's time: below 0 as a rule.
    pub camera_from_receipt: Option<f64>,
    /// Seconds by which the declared time lies outside the visit.
    pub declared_from_visit: Option<f64>,
    /// Seconds from each answer that names it to the camera's time.
    pub camera_from_answers: Vec<AnswerTime>,
    /// Metres from the centre to the camera's position.
    pub camera_from_centre: Option<f64>,
    /// Metres from the centre to the declared position.
    pub declared_from_centre: Option<f64>,
    /// Metres between the two positions.
    pub between_places: Option<f64>,
}

/// How far an answer and a photo lie apart in time.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerTime {
    /// The answer.
    pub shown: Shown,
    /// Seconds from the answer to the camera's time.
    pub seconds: Option<f64>,
}

impl Photo {
    fn camera_time(&self) -> Option<CameraTime> {
        self.facts.as_ref()?.taken
    }

    fn camera_place(&self) -> Option<CameraPlace> {
        self.facts.as_ref()?.place
    }

    /// How its facts differ. A position of 0, 0 is none, and has no distance.
    #[must_use]
    pub fn differences(&self, visit: &Visit) -> Differences {
        let taken = self.camera_time();
        let since = |other: Option<Instant>| taken?.seconds_since(other?, visit.zone);
        let camera = self.camera_place().map(|camera| camera.place);
        let [camera, declared, centre] = [camera, self.declared.place, visit.centre]
            .map(|place| place.filter(|place| !place.is_zero()));
        let apart = |one: Option<Place>, other: Option<Place>| Some(metres_between(one?, other?));
        let of_answer =
            |shown: &Shown| AnswerTime { shown: shown.clone(), seconds: since(shown.observed_at) };
        Differences {
            camera_from_visit: taken
                .and_then(|taken| taken.seconds_outside(visit.span, visit.zone)),
            camera_from_declared: since(self.declared.taken_at),
            camera_from_receipt: since(self.received_at),
            declared_from_visit: self.declared.taken_at.map(|at| seconds_outside(at, visit.span)),
            camera_from_answers: self.answers.iter().map(of_answer).collect(),
            camera_from_centre: apart(camera, centre),
            declared_from_centre: apart(declared, centre),
            between_places: apart(camera, declared),
        }
    }
}

impl Rules {
    /// Makes a document ready for use.
    ///
    /// # Errors
    /// [`NotRules`] where its limits leave no picture that is neither too dark nor too bright.
    pub fn new(document: Document) -> Result<Self, NotRules> {
        let pictures = &document.pictures;
        // So written that a limit which is no number is refused too.
        if pictures.dark_below.partial_cmp(&pictures.bright_above) != Some(std::cmp::Ordering::Less)
        {
            return Err(NotRules("every picture is too dark or too bright".to_owned()));
        }
        let editors = document.editors.iter().map(|name| name.to_lowercase()).collect();
        Ok(Self { document, editors })
    }

    /// The questions that a photo raises, in the order of [`FlagCode::ALL`].
    #[must_use]
    pub fn flags(&self, visit: &Visit, photo: &Photo) -> Vec<Flag> {
        let apart = photo.differences(visit);
        let mut flags = self.of_times(&apart);
        flags.extend(self.of_places(photo, &apart));
        flags.extend(self.of_copies(photo));
        flags.extend(self.of_picture(photo));
        flags.retain(|flag| !self.document.not_raised.contains(&flag.code));
        flags.sort_by_key(|flag| flag.code);
        flags
    }

    fn of_times(&self, apart: &Differences) -> Vec<Flag> {
        let times = &self.document.times;
        let [visit, answer, clock] =
            [times.visit_minutes, times.answer_minutes, times.clock_minutes].map(|m| m * 60.0);
        let beyond = |code, value: Option<f64>, limit: f64| {
            let value = value.filter(|value| value.abs() > limit)?;
            Some(Flag { code, basis: Basis::Seconds { value, limit } })
        };
        let after = apart.camera_from_receipt.filter(|seconds| *seconds > 0.0);
        let single = [
            beyond(FlagCode::TakenOutsideVisit, apart.camera_from_visit, visit),
            beyond(FlagCode::TakenAfterReceipt, after, clock),
            beyond(FlagCode::ClockDiffers, apart.camera_from_declared, clock),
            beyond(FlagCode::DeclaredOutsideVisit, apart.declared_from_visit, visit),
        ];
        let of_answers = apart.camera_from_answers.iter().filter_map(|time| {
            let value = time.seconds.filter(|seconds| seconds.abs() > answer)?;
            let item = time.shown.item.clone();
            let basis = Basis::Answer { item, value, limit: answer };
            Some(Flag { code: FlagCode::TakenFarFromAnswer, basis })
        });
        single.into_iter().flatten().chain(of_answers).collect()
    }

    fn of_places(&self, photo: &Photo, apart: &Differences) -> Vec<Flag> {
        let limits = &self.document.places;
        let camera = photo.camera_place();
        // A phone that says it may be two kilometres off contradicts nothing within them.
        let may_be_off = camera.and_then(|camera| camera.accuracy_metres).unwrap_or(0.0).max(0.0);
        let beyond = |code, value: Option<f64>, limit: f64| {
            let value = value.filter(|value| *value > limit)?;
            Some(Flag { code, basis: Basis::Metres { value, limit } })
        };
        let plain = |code, holds: bool| holds.then_some(Flag { code, basis: Basis::Plain });
        let zero = |place: Option<Place>| place.is_some_and(Place::is_zero);
        let exact = camera.is_none_or(|c| c.accuracy_metres.is_some() || c.place.is_zero());
        let all = [
            beyond(
                FlagCode::FarFromCentre,
                apart.camera_from_centre,
                limits.centre_metres + may_be_off,
            ),
            beyond(
                FlagCode::DeclaredFarFromCentre,
                apart.declared_from_centre,
                limits.centre_metres,
            ),
            beyond(
                FlagCode::PositionsDiffer,
                apart.between_places,
                limits.between_metres + may_be_off,
            ),
            plain(FlagCode::PositionZero, zero(camera.map(|camera| camera.place))),
            plain(FlagCode::DeclaredPositionZero, zero(photo.declared.place)),
            plain(FlagCode::PositionWithoutAccuracy, !exact),
        ];
        all.into_iter().flatten().collect()
    }

    fn of_copies(&self, photo: &Photo) -> Vec<Flag> {
        let found = [
            (FlagCode::SameBytesElsewhere, &photo.same_elsewhere),
            (FlagCode::NearCopyElsewhere, &photo.near_elsewhere),
            (FlagCode::NearCopyInVisit, &photo.near_here),
        ];
        let flags = found.into_iter().filter(|(_, copies)| !copies.is_empty());
        flags.map(|(code, copies)| Flag { code, basis: Basis::Copies(copies.clone()) }).collect()
    }

    fn of_picture(&self, photo: &Photo) -> Vec<Flag> {
        let plain = |code| Flag { code, basis: Basis::Plain };
        let mut flags: Vec<_> =
            photo.damaged.then(|| plain(FlagCode::Damaged)).into_iter().collect();
        let Some(facts) = &photo.facts else { return flags };
        if !facts.exif {
            flags.push(plain(FlagCode::NoExif));
        }
        let signed = facts.software.as_ref().filter(|software| self.names_an_editor(software));
        flags.extend(signed.map(|software| Flag {
            code: FlagCode::Edited,
            basis: Basis::Software(software.clone()),
        }));
        let limits = &self.document.pictures;
        let measured = [
            (
                FlagCode::Blurred,
                facts.sharpness,
                limits.blurred_below,
                facts.sharpness < limits.blurred_below,
            ),
            (
                FlagCode::TooDark,
                facts.brightness,
                limits.dark_below,
                facts.brightness < limits.dark_below,
            ),
            (
                FlagCode::TooBright,
                facts.brightness,
                limits.bright_above,
                facts.brightness > limits.bright_above,
            ),
        ];
        let beyond = measured.into_iter().filter(|(.., holds)| *holds);
        flags.extend(
            beyond.map(|(code, value, limit, _)| Flag {
                code,
                basis: Basis::Picture { value, limit },
            }),
        );
        flags
    }

    /// Whether a text names an editor as a word: `Canva 1.0`, and not `Canvas`.
    fn names_an_editor(&self, software: &str) -> bool {
        let software = software.to_lowercase();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        self.editors.iter().any(|name| {
            software.match_indices(name.as_str()).any(|(at, _)| {
                let before = software[..at].chars().next_back();
                let after = software[at + name.len()..].chars().next();
                !letter(before) && !letter(after)
            })
        })
    }
}
