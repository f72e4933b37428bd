//! The two years of the province: the calendar's visits, made in their order.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use vigila_core::checklist::{Instrument, Kind as ItemKind};
use vigila_core::documents::inspection::Kind;
use vigila_core::domain::{Day, Facility, InspectionId, Instant};

use super::answers::Extent;
use super::calendar::{Cover, Planned, YEARS, Years};
use super::camera::{Shot, shoot};
use super::centres::{self, Centre};
use super::chance::Chance;
use super::photos::Photo;
use super::quality::{Course, Finding, Profile};
use super::scene::{Look, Scene};
use super::visits::{self, Parts, SentPhoto, Sheet, Slot, Visit};

/// A checklist that the sample needs is not among those given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the sample needs the checklist {0}")]
pub struct MissingChecklist(pub String);

/// A province with its centres and their visits.
#[derive(Debug, Clone)]
pub struct Province {
    /// The centres, by code.
    pub centres: Vec<Centre>,
    /// The visits, in the order in which they are received.
    pub visits: Vec<Visit>,
}

/// Days that the calendar spans.
const SPAN: f64 = 730.0;
/// How many monitors there are.
pub const MONITORS: usize = 2;
/// One visit in this many leaves a photo owed.
const OWING: i64 = 9;
/// Of so many photos one is older than the visit by its camera, and one from elsewhere.
const ODD: i64 = 20;
/// How long a visit of ten items takes, in minutes.
const TEN_ITEMS_MINUTES: i32 = 40;

/// Makes the province as it stands on the day `end`: the same for the same seed, day and
/// checklists. Its last visit is some weeks before `end`.
///
/// # Errors
/// [`MissingChecklist`].
pub fn province(
    seed: u64,
    end: Day,
    instruments: &[&Instrument],
) -> Result<Province, MissingChecklist> {
    let centres = centres::all(seed, end);
    let mut visits = Vec::new();
    for ((centre, years), number) in centres.iter().zip(&YEARS).zip(1_u64..) {
        let mut history = History { centre, years, seed, number, end, whole: HashMap::new() };
        for (planned, place) in years.visits.iter().zip(1_u64..) {
            let instrument = instruments.iter().find(|i| i.reference.code == planned.1);
            let instrument = instrument.ok_or_else(|| MissingChecklist(planned.1.to_owned()))?;
            visits.extend(history.visit(planned, place, instrument));
        }
    }
    visits.sort_by_key(|visit| (visit.received_at, visit.id));
    Ok(Province { centres, visits })
}

/// What a centre's visits found so far.
struct History<'a> {
    centre: &'a Centre,
    years: &'a Years,
    seed: u64,
    number: u64,
    end: Day,
    /// The last whole visit with each checklist.
    whole: HashMap<String, Past>,
}

struct Past {
    id: InspectionId,
    kind: Kind,
    slot: Slot,
    sheet: Sheet,
    photos: Vec<Shot>,
}

impl History<'_> {
    fn visit(
        &mut self,
        Planned(before, code, kind, cover): &Planned,
        place: u64,
        instrument: &Instrument,
    ) -> Option<Visit> {
        let seed = Chance::of(&[self.seed, 2, self.number, place]).next();
        let mut chance = Chance::of(&[seed]);
        if *cover == Cover::Correction {
            return self.correction(code, instrument, &mut chance);
        }
        let day = self.end - Duration::days(before + chance.whole(-2, 2));
        let ten = *cover == Cover::Ten;
        let minutes = if ten { TEN_ITEMS_MINUTES } else { minutes_of(instrument) };
        // Teams take turns, so that a centre is not always seen by the same eyes.
        let monitor = usize::try_from((self.number + place) % MONITORS as u64).unwrap_or(0);
        let slot = visits::slot(day, minutes, monitor, &mut chance);
        let passed = (1.0 - *before as f64 / SPAN).clamp(0.0, 1.0);
        let quality = self.years.profile.quality(passed, &mut chance);
        let quick_check = *code == "FIRE-HYG";
        let look = Look { kind: *kind, day: slot.started.date_naive(), quick_check };
        let lasting = Chance::of(&[self.seed, 3, self.number]).next();
        let mut scene =
            Scene::new(self.centre, self.years.profile, &look, quality, lasting, &mut chance);
        let only =
            ten.then(|| visits::ten_items(instrument, self.whole.get(*code).map(|p| &p.sheet)));
        let extent = if *cover == Cover::Papers { Extent::Papers } else { Extent::Whole };
        let asked = (extent, only.as_deref());
        let sheet = visits::answer(instrument, &mut scene, asked, slot.seconds, seed);
        let most = if extent == Extent::Papers { 0 } else { chance.whole(0, 4) };
        let most = usize::try_from(most).unwrap_or(0);
        let photos = visits::choose_photos(instrument, &sheet, most, &mut chance);
        let shots = photos.into_iter().map(|(photo, item)| {
            let at = slot.started + Duration::seconds(visits::second_of(&sheet, item));
            self.shot(photo, item, at)
        });
        let photos = shots.collect();
        let ended = Instant::new(slot.started + Duration::seconds(slot.seconds));
        let id = visits::id(ended, &mut chance);
        let past = Past { id, kind: *kind, slot, sheet, photos };
        let minutes = chance.whole(4, 180);
        let visit = self.sent(&past, instrument, None, minutes, &mut chance);
        if *cover == Cover::All {
            self.whole.insert((*code).to_owned(), past);
        }
        Some(visit)
    }

    /// A photo as the phone of the visit takes it; of some the camera says that they are a month
    /// older, or from elsewhere.
    fn shot(&self, photo: &'static Photo, item: usize, at: DateTime<Utc>) -> Shot {
        let mut chance =
            Chance::of(&[self.seed, 4, self.number, at.timestamp().unsigned_abs(), item as u64]);
        let Facility { latitude, longitude, .. } = &self.centre.facility;
        let mut near = || chance.between(-0.0003, 0.0003);
        let place = latitude.zip(*longitude).map(|(n, e)| (n + near(), e + near()));
        match chance.whole(1, ODD) {
            1 => shoot(photo, item, at - Duration::days(30), place),
            2 => shoot(photo, item, at, place.map(|(n, e)| (n + 0.02, e))),
            _ => shoot(photo, item, at, place),
        }
    }

    /// The last whole visit once more, a day later, with one answer put right; `None` where
    /// there is none.
    fn correction(
        &mut self,
        code: &str,
        instrument: &Instrument,
        chance: &mut Chance,
    ) -> Option<Visit> {
        let mut past = self.whole.remove(code)?;
        let corrected = past.id;
        let slip = past.sheet.lines.iter_mut().find(|(index, answer, _)| {
            let item = &instrument.items[*index];
            answer.finding == Finding::Failed
                && !item.critical
                && matches!(item.kind, ItemKind::Compliance { .. })
        });
        if let Some((_, answer, _)) = slip {
            answer.value = json!("yes");
            answer.finding = Finding::Full;
            answer.note = Some("Corretto: risposta toccata per errore.");
        }
        let ended = Instant::new(past.slot.started + Duration::seconds(past.slot.seconds));
        past.id = visits::id(ended, chance);
        let minutes = 24 * 60 + chance.whole(30, 120);
        let visit = self.sent(&past, instrument, Some(corrected), minutes, chance);
        self.whole.insert(code.to_owned(), past);
        Some(visit)
    }

    fn sent(
        &self,
        past: &Past,
        instrument: &Instrument,
        corrects: Option<InspectionId>,
        minutes: i64,
        chance: &mut Chance,
    ) -> Visit {
        let Past { id, kind, slot, sheet, photos } = past;
        let parts = Parts {
            centre: self.centre,
            instrument,
            kind: *kind,
            slot: *slot,
            sheet,
            photos,
            corrects,
        };
        let ended = slot.started + Duration::seconds(slot.seconds);
        // A photo of the past may be owed for good; what a correction lists is there already.
        let owes = corrects.is_none() && chance.whole(1, OWING) == 1;
        let last = photos.len().saturating_sub(1);
        let sent = photos.iter().enumerate().map(|(index, shot)| SentPhoto {
            shot: shot.clone(),
            arrives: !(owes && index == last),
        });
        Visit {
            id: *id,
            content: visits::content(&parts),
            ended_at: Instant::new(ended),
            received_at: Instant::new(ended + Duration::minutes(minutes)),
            monitor: slot.monitor,
            photos: sent.collect(),
        }
    }
}

fn minutes_of(instrument: &Instrument) -> i32 {
    instrument.document.checklist.estimated_minutes
}

/// One plausible whole visit to a centre, without photos, that began then: for measurements.
/// The same for the same arguments.
#[must_use]
pub fn visit(seed: u64, instrument: &Instrument, centre: &Centre, started_at: Instant) -> Visit {
    let way = Way { kind: Kind::Unannounced, monitor: 0, level: 0.8, noise: 0.15, lasting: seed };
    visit_in(seed, instrument, centre, started_at, &way)
}

/// In which way a visit is made, and how its centre is run.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Why and how.
    pub kind: Kind,
    /// Which of the monitors sends it, counted from 0.
    pub monitor: usize,
    /// How well the centre does at that time, 0 to 1.
    pub level: f64,
    /// How far a visit may lie from that.
    pub noise: f64,
    /// A seed of the centre, for what lasts from visit to visit.
    pub lasting: u64,
}

/// As [`visit`], in another way: for measurements that need a history.
#[must_use]
pub fn visit_in(
    seed: u64,
    instrument: &Instrument,
    centre: &Centre,
    started_at: Instant,
    way: &Way,
) -> Visit {
    let &Way { kind, monitor, level, noise, lasting } = way;
    let mut chance = Chance::of(&[seed, 4]);
    let course = Course::Noisy(level, noise);
    let profile = Profile { course, weak: "HYGIENE", criticals: 0.2, fire: 0.2 };
    let seconds = i64::from(minutes_of(instrument)) * 60;
    let slot = Slot { started: started_at.utc(), seconds, monitor };
    let quality = profile.quality(0.5, &mut chance);
    let look = Look { kind, day: slot.started.date_naive(), quick_check: false };
    let mut scene = Scene::new(centre, profile, &look, quality, lasting, &mut chance);
    let sheet = visits::answer(instrument, &mut scene, (Extent::Whole, None), seconds, seed);
    let ended_at = Instant::new(slot.started + Duration::seconds(seconds));
    let parts =
        Parts { centre, instrument, kind, slot, sheet: &sheet, photos: &[], corrects: None };
    Visit {
        id: visits::id(ended_at, &mut chance),
        content: visits::content(&parts),
        ended_at,
        received_at: Instant::new(ended_at.utc() + Duration::minutes(5)),
        monitor,
        photos: Vec::new(),
    }
}
