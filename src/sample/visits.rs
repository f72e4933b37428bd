//! Visits put together: when, by whom, which items, with which photos, as a phone sends them.

use chrono::{DateTime, Datelike, Duration, Utc, Weekday};
use serde_json::{Map, Value, json};
use uuid::Builder;
use vigila_core::checklist::{Instrument, Item};
use vigila_core::documents::checklist as document;
use vigila_core::documents::inspection::Kind;
use vigila_core::domain::{Day, FactValue, InspectionId, Instant};

use super::answers::{self, Answered, Extent};
use super::camera::Shot;
use super::centres::Centre;
use super::chance::{Chance, seed_of};
use super::photos::{Photo, photos};
use super::quality::Finding;
use super::scene::Scene;

/// A visit of the sample, as its phone sends it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Its id: a UUIDv7 of its end and the seed.
    pub id: InspectionId,
    /// The content.
    pub content: Value,
    /// When the monitors left.
    pub ended_at: Instant,
    /// When the service receives it.
    pub received_at: Instant,
    /// Which of the monitors sends it, counted from 0.
    pub monitor: usize,
    /// The photos that the content lists.
    pub photos: Vec<SentPhoto>,
}

/// A photo of a visit.
#[derive(Debug, Clone)]
pub struct SentPhoto {
    /// The photo.
    pub shot: Shot,
    /// Whether its bytes come too; without them it is still owed.
    pub arrives: bool,
}

/// What a visit answered, and what it found there: for the visit that looks again, and for
/// the one that puts it right.
pub(super) struct Sheet {
    /// Index of the item, answer, second of the visit at which it was given.
    pub lines: Vec<(usize, Answered, i64)>,
}

/// When and by whom a visit is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// When it began.
    pub started: DateTime<Utc>,
    /// How long it took, in seconds.
    pub seconds: i64,
    /// Which of the monitors.
    pub monitor: usize,
}

/// A working morning on or before this day.
pub(super) fn slot(day: Day, minutes: i32, monitor: usize, chance: &mut Chance) -> Slot {
    let back = match day.weekday() {
        Weekday::Sat => 1,
        Weekday::Sun => 2,
        _ => 0,
    };
    let morning = (day - Duration::days(back)).and_time(chrono::NaiveTime::MIN).and_utc();
    let started = morning + Duration::minutes(chance.whole(7 * 60, 10 * 60));
    let seconds = (f64::from(minutes) * 60.0 * chance.between(0.7, 1.1)) as i64;
    Slot { started, seconds, monitor }
}

/// Answers the items whose conditions hold; those of `only`, where it is given.
pub(super) fn answer(
    instrument: &Instrument,
    scene: &mut Scene,
    (extent, only): (Extent, Option<&[usize]>),
    seconds: i64,
    seed: u64,
) -> Sheet {
    let written = instrument.document.sections.iter().flat_map(|section| &section.items);
    let all: Vec<(usize, &Item, &document::Item)> = instrument
        .items
        .iter()
        .zip(written)
        .enumerate()
        .map(|(index, (item, written))| (index, item, written))
        .collect();
    // What is counted decides what applies. An item that feeds a fact hangs on none.
    for (_, item, _) in &all {
        let mut chance = Chance::of(&[seed, seed_of(&item.code), 1]);
        if let Some(count) = answers::counted(item, scene, &mut chance) {
            let fed = item.feeds.iter().cloned();
            scene.facts.extend(fed.map(|fact| (fact, FactValue::Number(count))));
        }
    }
    let applies = |item: &Item| item.condition.as_ref().is_none_or(|c| c.holds(&scene.facts));
    let asked = |index: usize| only.is_none_or(|only| only.contains(&index));
    let asked: Vec<_> =
        all.into_iter().filter(|(index, item, _)| asked(*index) && applies(item)).collect();
    let each = (seconds - 60).max(1) / i64::try_from(asked.len().max(1)).unwrap_or(1);
    let lines = asked.into_iter().zip(1_i64..).map(|((index, item, written), place)| {
        let dimension = &instrument.dimensions[item.dimension];
        let mut chance = Chance::of(&[seed, seed_of(&item.code), 2]);
        let answer = answers::draw(item, written, dimension, scene, extent, &mut chance);
        (index, answer, place * each - chance.whole(0, each / 2))
    });
    Sheet { lines: lines.collect() }
}

/// The ten items to look at again: what failed, what fell short, then the first others.
pub(super) fn ten_items(instrument: &Instrument, before: Option<&Sheet>) -> Vec<usize> {
    let rank = |finding: Finding| match finding {
        Finding::Failed => 0,
        Finding::Half => 1,
        Finding::Unseen => 2,
        Finding::Full | Finding::Neutral => 3,
    };
    let scored = |index: usize| instrument.items[index].kind.is_scored();
    let mut items: Vec<(i32, usize)> = match before {
        Some(sheet) => {
            sheet.lines.iter().map(|(i, answer, _)| (rank(answer.finding), *i)).collect()
        }
        None => (0..instrument.items.len()).map(|index| (3, index)).collect(),
    };
    items.retain(|(_, index)| scored(*index));
    items.sort_unstable();
    items.truncate(10);
    let mut items: Vec<usize> = items.into_iter().map(|(_, index)| index).collect();
    items.sort_unstable();
    items
}

/// The photos of a visit, at most `most`: of what fell short first, then what must be shown,
/// then what may be. Each is listed once.
pub(super) fn choose_photos(
    instrument: &Instrument,
    sheet: &Sheet,
    most: usize,
    chance: &mut Chance,
) -> Vec<(&'static Photo, usize)> {
    use document::PhotoRule::{None as Never, OnFail, Required};
    let wanted = |(index, answer, _): &(usize, Answered, i64)| {
        let short = matches!(answer.finding, Finding::Half | Finding::Failed);
        let rank = match instrument.items[*index].photo {
            Never => return None,
            _ if answer.finding == Finding::Unseen => return None,
            OnFail if !short => return None,
            _ if short => 0,
            Required => 1,
            _ => 2,
        };
        Some((rank, *index, answer.finding))
    };
    let mut wanted: Vec<_> = sheet.lines.iter().filter_map(wanted).collect();
    wanted.sort_by_key(|(rank, index, _)| (*rank, *index));
    let mut chosen: Vec<(&'static Photo, usize)> = Vec::new();
    for (_, index, finding) in wanted {
        let code = &instrument.items[index].code;
        let free = |photo: &&Photo| chosen.iter().all(|(taken, _)| taken.name != photo.name);
        let fitting: Vec<&'static Photo> =
            photos().iter().filter(|photo| photo.fits(code, finding)).filter(free).collect();
        if chosen.len() < most
            && let Some(photo) = chance.pick(&fitting)
        {
            chosen.push((photo, index));
        }
    }
    chosen
}

/// What a content is made of.
pub(super) struct Parts<'a> {
    /// The centre.
    pub centre: &'a Centre,
    /// The checklist.
    pub instrument: &'a Instrument,
    /// Why and how the visit was made.
    pub kind: Kind,
    /// When and by whom.
    pub slot: Slot,
    /// What was answered.
    pub sheet: &'a Sheet,
    /// Photos, each evidence to an item.
    pub photos: &'a [Shot],
    /// What it corrects.
    pub corrects: Option<InspectionId>,
}

/// The second of the visit at which an item was answered.
pub(super) fn second_of(sheet: &Sheet, item: usize) -> i64 {
    let line = sheet.lines.iter().find(|(index, ..)| *index == item);
    line.map_or(0, |(_, _, second)| *second)
}

/// The content as JSON, as a phone sends it.
pub(super) fn content(parts: &Parts<'_>) -> Value {
    let Parts { centre, instrument, slot, .. } = parts;
    let at = |second: i64| Instant::new(slot.started + Duration::seconds(second)).to_string();
    let answers: Vec<Value> =
        parts.sheet.lines.iter().map(|line| answer_json(parts, line)).collect();
    let photos: Vec<Value> = parts
        .photos
        .iter()
        .map(|shot| {
            json!({
                "sha256": shot.sha256.as_str(),
                "bytes": shot.bytes.len(),
                "taken_at": at(second_of(parts.sheet, shot.item)),
                "latitude": centre.facility.latitude,
                "longitude": centre.facility.longitude,
                "caption": shot.photo.caption,
            })
        })
        .collect();
    let mut content = json!({
        "facility": centre.facility.code.as_str(),
        "checklist": {
            "code": instrument.reference.code,
            "version": instrument.reference.version,
        },
        "kind": parts.kind.as_str(),
        "started_at": at(0),
        "ended_at": at(slot.seconds),
        "device": format!("telefono-{}", slot.monitor + 1),
        "answers": answers,
        "photos": photos,
    });
    if let Some(corrected) = parts.corrects {
        content["corrects"] = json!(corrected.to_string());
    }
    content
}

fn answer_json(parts: &Parts<'_>, (index, answer, second): &(usize, Answered, i64)) -> Value {
    let at = Instant::new(parts.slot.started + Duration::seconds(*second));
    let mut line = Map::new();
    line.insert("item".into(), json!(parts.instrument.items[*index].code));
    line.insert("value".into(), answer.value.clone());
    line.insert("observed_at".into(), json!(at.to_string()));
    if let Some(reason) = answer.reason {
        line.insert("reason".into(), json!(reason));
    }
    if let Some(note) = answer.note {
        line.insert("note".into(), json!(note));
    }
    let shown = parts.photos.iter().filter(|shot| shot.item == *index);
    let shown: Vec<&str> = shown.map(|shot| shot.sha256.as_str()).collect();
    if !shown.is_empty() {
        line.insert("photos".into(), json!(shown));
    }
    Value::Object(line)
}

/// The id of a visit that ended then.
pub(super) fn id(ended: Instant, chance: &mut Chance) -> InspectionId {
    let millis = u64::try_from(ended.utc().timestamp_millis()).unwrap_or(0);
    InspectionId(Builder::from_unix_timestamp_millis(millis, &chance.bytes()).into_uuid())
}
