//! Pictures as the table of standings keeps them: JSON of our own, read again by programs that
//! would draw alike and by no other. Derived, so that what cannot be read is drawn anew.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use vigila_core::documents::finding::Severity;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::documents::score::{Band, DimensionScore, IndicatorValue, ModelVersion};
use vigila_core::domain::{Day, FacilityId, InspectionId, Instant};

use super::drawing::{BaseVisit, Drawing};
use super::remembered::Picture;
use super::{CriticalItem, Found, Residents};
use crate::app::Error;
use crate::store::findings::LiveFinding;

/// To be raised by whoever changes what a picture holds or how it is drawn: then no picture
/// from before is shown again.
const DRAWING: u32 = 2;

/// What two programs have in common that draw the same pictures.
pub fn drawn_by(model: &ModelVersion) -> String {
    let ModelVersion { code, version, digest } = model;
    format!("{DRAWING} {code} {version} {digest}")
}

/// A picture in short words. Instants are microseconds since 1970, which is what the database
/// keeps of them.
#[derive(Serialize, Deserialize)]
struct Kept {
    kind: String,
    band: Band,
    bases: Vec<KeptBase>,
    main: Option<usize>,
    critical: Vec<KeptItem>,
    owed: i64,
    owed_since: Option<i64>,
    last: Option<i64>,
    guests: Option<f64>,
    minors: Option<f64>,
    oldest: Option<i64>,
    repeated: usize,
    dimensions: Vec<DimensionScore>,
    indicators: Vec<IndicatorValue>,
    findings: Vec<KeptFinding>,
}

#[derive(Serialize, Deserialize)]
struct KeptBase {
    code: String,
    version: String,
    id: String,
    ended: i64,
    kind: String,
    missing: i32,
    overall: Option<f64>,
    coverage: Option<f64>,
    points: Band,
}

#[derive(Serialize, Deserialize)]
struct KeptItem {
    item: String,
    code: String,
    version: String,
    id: String,
    at: i64,
}

#[derive(Serialize, Deserialize)]
struct KeptFinding {
    severity: Severity,
    opened: i64,
    due: Day,
    proposed: bool,
}

/// The text of a picture.
pub fn write(picture: &Picture) -> Result<String, Error> {
    let Picture { drawing, found, findings } = picture;
    let kept = Kept {
        kind: drawing.kind.as_str().to_owned(),
        band: drawing.band,
        bases: drawing.bases.iter().map(KeptBase::of).collect(),
        main: drawing.main,
        critical: drawing.critical_now.iter().map(KeptItem::of).collect(),
        owed: drawing.photos_owed,
        owed_since: drawing.owed_since.map(micros),
        last: drawing.last_visit.map(micros),
        guests: drawing.residents.guests,
        minors: drawing.residents.minors,
        oldest: drawing.oldest_critical.map(micros),
        repeated: drawing.repeated_failures,
        dimensions: found.dimensions.clone(),
        indicators: found.indicators.clone(),
        findings: findings.iter().map(KeptFinding::of).collect(),
    };
    serde_json::to_string(&kept).map_err(|e| Error::Internal(e.to_string()))
}

/// The pictures of these texts, on a thread that may take its time. One that cannot be read
/// is left out.
pub async fn read_all(
    rows: Vec<(FacilityId, String)>,
) -> Result<HashMap<FacilityId, Arc<Picture>>, Error> {
    let work = tokio::task::spawn_blocking(move || {
        let read = rows.iter().filter_map(|(id, text)| Some((*id, Arc::new(read(text)?))));
        read.collect()
    });
    work.await.map_err(|e| Error::Internal(e.to_string()))
}

fn read(text: &str) -> Option<Picture> {
    let kept: Kept = serde_json::from_str(text).ok()?;
    let bases = kept.bases.iter().map(KeptBase::read).collect::<Option<Vec<_>>>()?;
    let critical = kept.critical.iter().map(KeptItem::read).collect::<Option<Vec<_>>>()?;
    // A base is looked up by its place.
    let main = kept.main.filter(|main| *main < bases.len());
    let drawing = Drawing {
        kind: kept.kind.parse().ok()?,
        band: kept.band,
        bases,
        main: if main == kept.main { main } else { return None },
        critical_now: critical,
        photos_owed: kept.owed,
        owed_since: optional(kept.owed_since)?,
        last_visit: optional(kept.last)?,
        residents: Residents { guests: kept.guests, minors: kept.minors },
        oldest_critical: optional(kept.oldest)?,
        repeated_failures: kept.repeated,
    };
    let found = Found { dimensions: kept.dimensions, indicators: kept.indicators };
    let findings = kept.findings.iter().map(KeptFinding::read).collect::<Option<Vec<_>>>()?;
    Some(Picture { drawing, found, findings })
}

impl KeptBase {
    fn of(base: &BaseVisit) -> Self {
        Self {
            code: base.checklist.code.clone(),
            version: base.checklist.version.clone(),
            id: base.inspection.to_string(),
            ended: micros(base.ended_at),
            kind: base.kind.as_str().to_owned(),
            missing: base.photos_missing,
            overall: base.overall,
            coverage: base.coverage,
            points: base.band_by_points,
        }
    }

    fn read(&self) -> Option<BaseVisit> {
        Some(BaseVisit {
            checklist: checklist(&self.code, &self.version),
            inspection: inspection(&self.id)?,
            ended_at: instant(self.ended)?,
            kind: self.kind.parse().ok()?,
            photos_missing: self.missing,
            overall: self.overall,
            coverage: self.coverage,
            band_by_points: self.points,
        })
    }
}

impl KeptItem {
    fn of(item: &CriticalItem) -> Self {
        Self {
            item: item.item.clone(),
            code: item.checklist.code.clone(),
            version: item.checklist.version.clone(),
            id: item.inspection.to_string(),
            at: micros(item.observed_at),
        }
    }

    fn read(&self) -> Option<CriticalItem> {
        Some(CriticalItem {
            item: self.item.clone(),
            checklist: checklist(&self.code, &self.version),
            inspection: inspection(&self.id)?,
            observed_at: instant(self.at)?,
        })
    }
}

impl KeptFinding {
    fn of(finding: &LiveFinding) -> Self {
        Self {
            severity: finding.severity,
            opened: micros(finding.opened_at),
            due: finding.due_on,
            proposed: finding.closing_proposed,
        }
    }

    fn read(&self) -> Option<LiveFinding> {
        Some(LiveFinding {
            severity: self.severity,
            opened_at: instant(self.opened)?,
            due_on: self.due,
            closing_proposed: self.proposed,
        })
    }
}

fn checklist(code: &str, version: &str) -> ChecklistRef {
    ChecklistRef { code: code.to_owned(), version: version.to_owned() }
}

fn inspection(id: &str) -> Option<InspectionId> {
    id.parse().ok()
}

fn micros(at: Instant) -> i64 {
    at.utc().timestamp_micros()
}

fn instant(micros: i64) -> Option<Instant> {
    DateTime::from_timestamp_micros(micros).map(Instant::new)
}

/// None inside where there is nothing to read, none outside where it cannot be read.
#[expect(clippy::option_option, reason = "for `?`: what is not there, and what is wrong")]
fn optional(micros: Option<i64>) -> Option<Option<Instant>> {
    micros.map_or(Some(None), |micros| instant(micros).map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"kind":"cas_collective","band":"critical","bases":[{"code":"CAS-COLL","version":"1.0.0","id":"0199e750-bc20-7ab6-b89c-c6c33905eddf","ended":1760522452000123,"kind":"follow_up","missing":2,"overall":92.7875569419687,"coverage":0.9650655021834061,"points":"good"}],"main":0,"critical":[{"item":"CAS-F01","code":"CAS-COLL","version":"1.0.0","id":"0199e750-bc20-7ab6-b89c-c6c33905eddf","at":1760522451000001}],"owed":2,"owed_since":1760522453000456,"last":1760522452000123,"guests":14.0,"minors":null,"oldest":1760522452000123,"repeated":3,"dimensions":[{"code":"HYGIENE","score":0.1,"coverage":1.0,"observed_weight":13.0,"due_weight":13.0}],"indicators":[],"findings":[{"severity":"critical","opened":1760522452000123,"due":"2025-10-17","proposed":true}]}"#;

    #[test]
    fn a_picture_comes_back_to_the_last_bit() {
        assert_eq!(write(&read(TEXT).unwrap()).unwrap(), TEXT);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        for (right, wrong) in [
            ("\"main\":0", "\"main\":1"),
            ("cas_collective", "castle"),
            ("0199e750", "0199"),
            ("\"owed\":2,", ""),
            ("{\"kind\"", "{{\"kind\""),
        ] {
            assert!(read(&TEXT.replacen(right, wrong, 1)).is_none(), "{wrong}");
        }
    }
}
