//! What the photos of a visit tell beside what was said of them: the questions at each photo,
//! and its facts side by side.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDateTime, Timelike};
use vigila_core::documents::evidence::FlagCode;
use vigila_core::domain::{InspectionId, Instant, Sha256, Zone};
use vigila_core::evidence::{Basis, CameraPlace, CameraTime, Copy, Flag, PhotoFacts, Place};

use crate::app::evidence::{Evidence, PhotoEvidence};
use crate::messages::evidence::{Labels, decimal, distance, label, reason};
use crate::messages::{Lang, fill, words};
use crate::web::format;

/// The photos of a visit whose facts its page tells.
pub const MOST: usize = 200;

/// What one photo tells.
#[derive(Clone)]
pub struct Told {
    pub questions: Vec<Question>,
    /// Names and values.
    pub facts: Vec<(&'static str, String)>,
}

/// A question that a photo raises.
#[derive(Clone)]
pub struct Question {
    pub label: &'static str,
    pub reason: String,
    /// Where else it lies: addresses and names.
    pub copies: Vec<(String, String)>,
}

/// What the photos tell, by hash.
pub fn told(found: &Evidence, zone: Zone, lang: Lang) -> HashMap<Sha256, Told> {
    let teller = Teller { visit: found.stored.id, zone, lang, t: Labels::of(lang) };
    let each = found.photos.iter().map(|photo| (photo.stored.sha256.clone(), teller.told(photo)));
    each.collect()
}

struct Teller {
    visit: InspectionId,
    zone: Zone,
    lang: Lang,
    t: &'static Labels,
}

impl Teller {
    fn told(&self, photo: &PhotoEvidence) -> Told {
        let questions = photo.flags.iter().map(|flag| self.question(flag));
        Told { questions: questions.collect(), facts: self.facts(photo) }
    }

    fn question(&self, flag: &Flag) -> Question {
        let copies: &[Copy] = match &flag.basis {
            Basis::Copies(copies) => &copies.named,
            _ => &[],
        };
        let copies = copies.iter().map(|copy| self.copy(flag.code, copy));
        Question {
            label: label(flag.code, self.lang),
            reason: reason(flag, self.lang),
            copies: copies.collect(),
        }
    }

    fn copy(&self, code: FlagCode, copy: &Copy) -> (String, String) {
        if code == FlagCode::NearCopyInVisit {
            let address = format!("/inspections/{}/photos/{}", self.visit, copy.sha256);
            return (format!("{address}?rendition=display"), self.t.the_other_photo.to_owned());
        }
        let day = format::moment(copy.started_at, self.zone, self.lang).day;
        (format!("/inspections/{}", copy.inspection), format!("{}, {day}", copy.facility))
    }

    fn facts(&self, photo: &PhotoEvidence) -> Vec<(&'static str, String)> {
        let t = self.t;
        let unknown = || t.unknown.to_owned();
        let apart = &photo.differences;
        let facts = photo.photo.facts.as_ref();
        let mut rows = Vec::new();
        if let Some(facts) = facts {
            let taken = facts.taken.map(|taken| self.camera_time(taken));
            rows.push((t.camera_time, taken.unwrap_or_else(unknown)));
        }
        let declared = photo.listed.taken_at.map(|at| self.instant(at));
        rows.push((t.declared_time, declared.unwrap_or_else(unknown)));
        if let Some(held) = &photo.stored.held {
            rows.push((t.received, self.instant(held.received_at)));
        }
        if let Some(facts) = facts {
            let place = facts.place.map(|camera| self.camera_place(camera));
            let place = place.map(|place| self.away(place, apart.camera_from_centre));
            rows.push((t.camera_place, place.unwrap_or_else(unknown)));
        }
        let place = photo.photo.declared.place.map(|place| self.place(place));
        let place = place.map(|place| self.away(place, apart.declared_from_centre));
        rows.push((t.declared_place, place.unwrap_or_else(unknown)));
        if let Some(facts) = facts {
            self.picture(facts, &mut rows);
        }
        if let Some(held) = &photo.stored.held {
            let size = [held.width.to_string(), held.height.to_string(), held.bytes.to_string()];
            rows.push((t.size, fill(t.size_of, &size)));
            if facts.is_none() {
                rows.push((t.picture, t.not_examined.to_owned()));
            }
        }
        rows
    }

    fn picture(&self, facts: &PhotoFacts, rows: &mut Vec<(&'static str, String)>) {
        let t = self.t;
        let device: Vec<&str> =
            [&facts.make, &facts.model].into_iter().flatten().map(String::as_str).collect();
        let said = |text: String| if text.is_empty() { t.unknown.to_owned() } else { text };
        rows.push((t.device, said(device.join(" "))));
        rows.push((t.software, said(facts.software.clone().unwrap_or_default())));
        rows.push((t.sharpness, decimal(facts.sharpness, self.lang)));
        rows.push((t.brightness, decimal(facts.brightness, self.lang)));
    }

    /// To the second: that is what is compared.
    fn clock(&self, at: NaiveDateTime) -> String {
        let month = words::month(at.month(), self.lang);
        let (hour, minute, second) = (at.hour(), at.minute(), at.second());
        format!("{} {month} {}, {hour:02}:{minute:02}:{second:02}", at.day(), at.year())
    }

    fn instant(&self, at: Instant) -> String {
        self.clock(at.utc().with_timezone(&self.zone).naive_local())
    }

    fn camera_time(&self, taken: CameraTime) -> String {
        let shown = self.clock(taken.local);
        let Some(seconds) = taken.offset_seconds else {
            return fill(self.t.no_offset, &[shown]);
        };
        let sign = if seconds < 0 { '\u{2212}' } else { '+' };
        let minutes = seconds.abs() / 60;
        let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        fill(self.t.with_offset, &[shown, offset])
    }

    fn place(&self, place: Place) -> String {
        // Five decimals are a metre. A comma parts the two, so the decimal sign is a point.
        let Place { latitude, longitude } = place;
        format!("{latitude:.5}; {longitude:.5}").replace('.', self.lang.of(",", "."))
    }

    fn camera_place(&self, camera: CameraPlace) -> String {
        let place = self.place(camera.place);
        match camera.accuracy_metres {
            Some(metres) => fill(self.t.accuracy, &[place, distance(metres, self.lang)]),
            None => place,
        }
    }

    fn away(&self, place: String, metres: Option<f64>) -> String {
        match metres {
            Some(metres) => fill(self.t.from_centre, &[place, distance(metres, self.lang)]),
            None => place,
        }
    }
}
