//! The content of an inspection as a phone sends it: read from untrusted JSON with every
//! fault. What an answer may be depends on its item; that is `checklist`'s to check.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::{FaultCode, Faults, Object, Pointer, read};
use crate::domain::{InspectionId, Instant, Sha256};

/// Why and how a visit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The centre knew (preavvisata).
    Announced,
    /// Nobody knew (a sorpresa).
    Unannounced,
    /// To see whether prescriptions were met (verifica di ottemperanza).
    FollowUp,
    /// After a complaint.
    Complaint,
    /// On documents, from afar.
    Remote,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] =
        [Self::Announced, Self::Unannounced, Self::FollowUp, Self::Complaint, Self::Remote];

    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Unannounced => "unannounced",
            Self::FollowUp => "follow_up",
            Self::Complaint => "complaint",
            Self::Remote => "remote",
        }
    }
}

/// Not one of the kinds of visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a kind of visit is one of announced, unannounced, follow_up, complaint, remote")]
pub struct UnknownKind;

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownKind)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The value of an answer before its item is known.
#[derive(Debug, Clone, PartialEq)]
pub enum RawValue {
    /// A text: a compliance, an option, or free text.
    Text(String),
    /// A number.
    Number(f64),
    /// Several options; `None` is one that could not be read (a fault was noted), which keeps
    /// the places of the others.
    List(Vec<Option<String>>),
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The item's code.
    pub item: String,
    /// What was found; absent when it could not be read (a fault was noted).
    pub value: Option<RawValue>,
    /// Why the item does not apply.
    pub reason: Option<String>,
    /// Free note.
    pub note: Option<String>,
    /// When it was observed.
    pub observed_at: Option<Instant>,
    /// Photos that show it, by hash.
    pub photos: Vec<Sha256>,
    /// Its index in the list as sent.
    pub index: usize,
}

/// A photo that the phone holds and will send.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedPhoto {
    /// The hash of its bytes.
    pub sha256: Sha256,
    /// Its size as the phone says it: a hint for progress.
    pub bytes: i64,
    /// When it was taken, by the phone's clock.
    pub taken_at: Option<Instant>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// What it shows.
    pub caption: Option<String>,
}

/// A checklist by code and version.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChecklistRef {
    /// Its code, such as `CAS-COLL`.
    pub code: String,
    /// Its version, such as `1.0.0`.
    pub version: String,
}

/// The content of an inspection.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The centre, by id or code, as the phone names it.
    pub facility: String,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Why and how the visit was made.
    pub kind: Kind,
    /// When the monitors came.
    pub started_at: Instant,
    /// When they left.
    pub ended_at: Instant,
    /// The phone, as it calls itself.
    pub device: Option<String>,
    /// The inspection that this one corrects.
    pub corrects: Option<InspectionId>,
    /// The answers.
    pub answers: Vec<Answer>,
    /// The photos.
    pub photos: Vec<ListedPhoto>,
}

/// The content of an inspection as far as it could be read: what is missing or wrong is
/// absent here and noted as a fault, so that the rest can still be checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The centre, by id or code.
    pub facility: Option<String>,
    /// The checklist it answers.
    pub checklist: Option<ChecklistRef>,
    /// The answers that could be read.
    pub answers: Option<Vec<Answer>>,
    kind: Option<Kind>,
    started_at: Option<Instant>,
    ended_at: Option<Instant>,
    device: Option<String>,
    corrects: Option<InspectionId>,
    photos: Vec<ListedPhoto>,
}

impl Draft {
    /// The inspection, where nothing that it must have is absent.
    #[must_use]
    pub fn whole(self) -> Option<Inspection> {
        Some(Inspection {
            facility: self.facility?,
            checklist: self.checklist?,
            kind: self.kind?,
            started_at: self.started_at?,
            ended_at: self.ended_at?,
            device: self.device,
            corrects: self.corrects,
            answers: self.answers?,
            photos: self.photos,
        })
    }

    /// Why and how the visit was made, where it could be read.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.kind
    }

    /// The inspection that this one corrects.
    #[must_use]
    pub fn corrects(&self) -> Option<InspectionId> {
        self.corrects
    }
}

/// Reads the content of an inspection, noting every fault. `now` is for the one rule that
/// needs it: no visit ends more than a day in the future.
pub fn parse(value: &Value, now: Instant, faults: &mut Faults) -> Option<Inspection> {
    draft(value, now, faults)?.whole()
}

/// As [`parse`], but gives what could be read even where something is missing.
pub fn draft(value: &Value, now: Instant, faults: &mut Faults) -> Option<Draft> {
    let mut object = Object::new(value, &Pointer::root(), faults)?;
    let draft = Draft {
        facility: object.required("facility", faults, read::text),
        checklist: object.required("checklist", faults, checklist),
        kind: object.required("kind", faults, kind),
        started_at: object.required("started_at", faults, read::instant),
        ended_at: object.required("ended_at", faults, read::instant),
        device: object.optional("device", faults, read::text),
        corrects: object.optional("corrects", faults, read::inspection_id),
        answers: object.required("answers", faults, answers),
        photos: object.optional("photos", faults, photos).unwrap_or_default(),
    };
    if let (Some(started), Some(ended)) = (draft.started_at, draft.ended_at)
        && ended < started
    {
        faults.add(&object.at("ended_at"), FaultCode::EndedBeforeStarted);
    }
    if draft.ended_at.is_some_and(|ended| ended > now.plus_days(1)) {
        faults.add(&object.at("ended_at"), FaultCode::InTheFuture);
    }
    if let Some(answers) = &draft.answers {
        check_photo_names(answers, &draft.photos, faults);
    }
    object.end(faults);
    Some(draft)
}

fn checklist(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<ChecklistRef> {
    let mut object = Object::new(value, at, faults)?;
    let code = object.required("code", faults, read::text);
    let version = object.required("version", faults, read::text);
    object.end(faults);
    Some(ChecklistRef { code: code?, version: version? })
}

fn kind(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Kind> {
    let names = Kind::ALL.map(Kind::as_str);
    read::parsed(value, at, faults, FaultCode::NotAnOption, &names)
}

fn answers(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Vec<Answer>> {
    let mut index = 0;
    read::list(value, at, faults, |value, at, faults| {
        index += 1;
        answer(value, at, faults, index - 1)
    })
}

fn answer(value: &Value, at: &Pointer, faults: &mut Faults, index: usize) -> Option<Answer> {
    let mut object = Object::new(value, at, faults)?;
    let item = object.required("item", faults, read::text);
    let value = object.required("value", faults, raw_value);
    let reason = object.optional("reason", faults, read::text);
    let note = object.optional("note", faults, read::text);
    let observed_at = object.optional("observed_at", faults, read::instant);
    let photos = object
        .optional("photos", faults, |value, at, faults| read::list(value, at, faults, read::sha256))
        .unwrap_or_default();
    let says_na = matches!(&value, Some(RawValue::Text(text)) if text == "na");
    if says_na && (!object.has("reason") || reason.as_deref().is_some_and(|r| r.trim().is_empty()))
    {
        faults.add(&object.at("reason"), FaultCode::ReasonRequired);
    }
    object.end(faults);
    Some(Answer { item: item?, value, reason, note, observed_at, photos, index })
}

fn raw_value(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<RawValue> {
    match value {
        Value::String(text) => Some(RawValue::Text(text.clone())),
        Value::Number(_) => read::number(value, at, faults).map(RawValue::Number),
        Value::Array(_) => {
            let text = |v: &Value, at: &Pointer, f: &mut Faults| Some(read::text(v, at, f));
            read::list(value, at, faults, text).map(RawValue::List)
        }
        _ => {
            faults.with(at, FaultCode::WrongType, vec!["string, number, array".into()]);
            None
        }
    }
}

fn photos(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<Vec<ListedPhoto>> {
    let mut seen = HashSet::new();
    read::list(value, at, faults, |value, at, faults| {
        let photo = listed_photo(value, at, faults)?;
        if !seen.insert(photo.sha256.clone()) {
            faults.add(&at.key("sha256"), FaultCode::Duplicate);
        }
        Some(photo)
    })
}

fn listed_photo(value: &Value, at: &Pointer, faults: &mut Faults) -> Option<ListedPhoto> {
    let mut object = Object::new(value, at, faults)?;
    let sha256 = object.required("sha256", faults, read::sha256);
    let bytes = object.required("bytes", faults, |v, at, f| read::integer(v, at, f, 1));
    let taken_at = object.optional("taken_at", faults, read::instant);
    let degrees = |most: f64| {
        move |v: &Value, at: &Pointer, f: &mut Faults| read::number_within(v, at, f, (-most, most))
    };
    let latitude = object.optional("latitude", faults, degrees(90.0));
    let longitude = object.optional("longitude", faults, degrees(180.0));
    let caption = object.optional("caption", faults, read::text);
    object.end(faults);
    // A photo whose size is wrong is listed all the same, so that the answers which name it
    // do not get a second fault for the one mistake.
    Some(ListedPhoto {
        sha256: sha256?,
        bytes: bytes.unwrap_or(1),
        taken_at,
        latitude,
        longitude,
        caption,
    })
}

fn check_photo_names(answers: &[Answer], photos: &[ListedPhoto], faults: &mut Faults) {
    let listed: HashSet<_> = photos.iter().map(|photo| &photo.sha256).collect();
    for answer in answers {
        let at = Pointer::root().key("answers").index(answer.index).key("photos");
        for (index, photo) in answer.photos.iter().enumerate() {
            if !listed.contains(photo) {
                faults.add(&at.index(index), FaultCode::PhotoNotListed);
            }
        }
    }
}
