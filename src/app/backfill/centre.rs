//! The past of one centre: how it stood at each moment, as changes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use vigila_core::documents::finding::Severity;
use vigila_core::documents::score::Band;
use vigila_core::domain::{Facility, FacilityCode, InspectionId, Instant, Territory};

use super::moments::Moments;
use super::steps::Steps;
use crate::app::Error;
use crate::app::scorecards::{Laid, Past, Standpoint};
use crate::store::findings::{SettledItem, StoredFinding};
use crate::store::inspections::{ShownDimension, VisitRow};

/// The dimensions of visits that have a score, each with it.
pub type Dimensions = HashMap<InspectionId, Vec<(Arc<str>, f64)>>;

/// What the database says of a centre.
#[derive(Debug, Default)]
pub struct Seen {
    /// Its visits that count, from the earliest.
    pub visits: Vec<VisitRow>,
    /// When it was added.
    pub created: Option<Instant>,
    /// When it was closed or opened again, from the earliest.
    pub switched: Vec<Instant>,
    /// The items of which the office settled a finding.
    pub settled: Vec<SettledItem>,
    /// What visits hold against it.
    pub findings: Vec<StoredFinding>,
}

/// By what its visits are read.
pub struct Rules<'a> {
    /// The model over the checklists.
    pub laid: &'a Laid<'a>,
    /// The dimensions of its visits and others.
    pub dimensions: &'a Dimensions,
    /// The main checklist of its kind.
    pub main: Option<&'a str>,
}

/// How a centre stood, as changes.
#[derive(Debug)]
pub struct CentreHistory {
    pub code: FacilityCode,
    pub territory: Territory,
    /// 0-1.
    pub score: Steps,
    /// 0-1.
    pub coverage: Steps,
    /// By their place in [`Band::ALL`].
    pub band: Steps,
    /// Seconds since 1970.
    pub last_visit: Steps,
    pub critical: Steps,
    /// 0-1, by code.
    pub dimensions: BTreeMap<Arc<str>, Steps>,
    /// How many findings are open, by their place in [`Severity::ALL`].
    pub findings: [Steps; Severity::ALL.len()],
}

/// Gathers the dimensions of each visit.
pub fn by_visit(rows: Vec<ShownDimension>) -> Dimensions {
    let mut names: HashMap<String, Arc<str>> = HashMap::new();
    let mut all = Dimensions::new();
    for (visit, code, score) in rows {
        let name = names.entry(code).or_insert_with_key(|code| code.as_str().into()).clone();
        all.entry(visit).or_default().push((name, score));
    }
    all
}

impl CentreHistory {
    /// Goes through the visits of a centre from the earliest.
    pub fn new(
        facility: &Facility,
        seen: &Seen,
        rules: &Rules<'_>,
        moments: &Moments,
    ) -> Result<Self, Error> {
        let mut history = Self {
            code: facility.code.clone(),
            territory: facility.territory,
            score: Steps::default(),
            coverage: Steps::default(),
            band: Steps::default(),
            last_visit: Steps::default(),
            critical: Steps::default(),
            dimensions: BTreeMap::new(),
            findings: Default::default(),
        };
        let presence = Presence::of(facility, seen, moments);
        let (mut past, mut ahead) = (Past::default(), seen.visits.iter().peekable());
        for moment in changes(seen, &presence, moments) {
            let Some(until) = moments.until(moment) else { break };
            while let Some(visit) = ahead.next_if(|visit| visit.ended_at < until) {
                past.see(rules.laid, visit)?;
            }
            seen.settled.iter().filter(|item| item.at < until).for_each(|item| past.settle(item));
            let there = presence.is_there_before(until);
            let stands = there.then(|| past.stands(rules.laid, rules.main));
            history.note(moment, stands.as_ref(), rules.dimensions);
            for (severity, steps) in Severity::ALL.into_iter().zip(&mut history.findings) {
                let of_it = |one: &&StoredFinding| one.entry.basis.severity == severity;
                let open = seen.findings.iter().filter(of_it).filter(|one| is_open(one, until));
                steps.set(moment, there.then(|| open.count()).and_then(count));
            }
        }
        history.settle();
        Ok(history)
    }

    /// Notes how it stands from a moment on; nothing where it is not there.
    fn note(&mut self, moment: u16, stands: Option<&Standpoint>, dimensions: &Dimensions) {
        let of = |value: fn(&Standpoint) -> Option<f64>| stands.and_then(value);
        self.score.set(moment, of(|stands| stands.overall.map(|points| points / 100.0)));
        self.coverage.set(moment, of(|stands| stands.coverage));
        self.band.set(moment, of(|stands| place(stands.band)));
        self.critical.set(moment, of(|stands| count(stands.critical)));
        self.last_visit.set(moment, of(|stands| stands.last_visit.map(seconds)));
        let base = stands.and_then(|stands| dimensions.get(&stands.base?));
        let base = base.map_or(&[][..], Vec::as_slice);
        for (code, steps) in &mut self.dimensions {
            if base.iter().all(|(other, _)| other != code) {
                steps.set(moment, None);
            }
        }
        for (code, score) in base {
            let steps = self.dimensions.entry(code.clone()).or_default();
            steps.set(moment, Some(score / 100.0));
        }
    }

    fn settle(&mut self) {
        let own = [
            &mut self.score,
            &mut self.coverage,
            &mut self.band,
            &mut self.last_visit,
            &mut self.critical,
        ];
        let dimensions = self.dimensions.values_mut();
        own.into_iter().chain(dimensions).chain(&mut self.findings).for_each(Steps::settle);
    }
}

/// The moments at which anything of a centre may change.
fn changes(seen: &Seen, presence: &Presence, moments: &Moments) -> BTreeSet<u16> {
    let ended = seen.visits.iter().map(|visit| visit.ended_at);
    let settled = seen.settled.iter().map(|item| item.at);
    let findings = seen.findings.iter().map(|one| &one.entry);
    let findings =
        findings.flat_map(|entry| [Some(entry.basis.opened_at), entry.settled_at]).flatten();
    let all = ended.chain(settled).chain(findings).chain(presence.changes());
    all.map(|at| moments.first_after(at)).collect()
}

/// Whether a finding was open just before an instant, as far as it stands today.
fn is_open(finding: &StoredFinding, until: Instant) -> bool {
    let entry = &finding.entry;
    let opened = !entry.withdrawn && entry.basis.opened_at < until;
    opened && entry.settled_at.is_none_or(|at| at >= until)
}

fn place(band: Band) -> Option<f64> {
    count(Band::ALL.iter().position(|one| *one == band)?)
}

#[expect(clippy::unnecessary_wraps, reason = "each of a standpoint's values may be none")]
#[expect(clippy::cast_precision_loss, reason = "a handful of items")]
fn count(number: usize) -> Option<f64> {
    Some(number as f64)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds fit 2^53")]
fn seconds(at: Instant) -> f64 {
    at.utc().timestamp_millis() as f64 / 1000.0
}

/// When a centre took visits, and so had series.
struct Presence {
    /// From when on it is known.
    begins: Option<Instant>,
    /// When that changed, from the earliest.
    switched: Vec<Instant>,
    /// Whether it does after the last of these.
    in_the_end: bool,
    /// When the series of a centre end that is closed, nobody knows since when.
    over: Option<Instant>,
}

impl Presence {
    /// A centre begins when it was added, or with its first visit where that is older: one that
    /// came from another system has a past. Backwards from whether it is active today, each
    /// switch on record tells how it was before. Of a closed one without such a record only
    /// its visits are sure: it ends with the day of the last.
    fn of(facility: &Facility, seen: &Seen, moments: &Moments) -> Self {
        let first = seen.visits.first().map(|visit| visit.ended_at);
        let last = seen.visits.iter().map(|visit| visit.ended_at).max();
        let closed_unsaid = !facility.active && seen.switched.is_empty();
        Self {
            begins: first.into_iter().chain(seen.created).min(),
            in_the_end: facility.active || (closed_unsaid && last.is_some()),
            over: last.filter(|_| closed_unsaid).map(|at| moments.end_of_day(at)),
            switched: seen.switched.clone(),
        }
    }

    /// The instants at which it may change.
    fn changes(&self) -> impl Iterator<Item = Instant> + '_ {
        self.switched.iter().copied().chain(self.begins).chain(self.over)
    }

    /// Whether it had series just before an instant.
    fn is_there_before(&self, until: Instant) -> bool {
        let begun = self.begins.is_some_and(|begins| begins < until);
        let to_come = self.switched.iter().filter(|at| **at >= until).count();
        let open = self.in_the_end == to_come.is_multiple_of(2);
        begun && open && self.over.is_none_or(|over| until <= over)
    }
}

#[cfg(test)]
mod tests {
    use vigila_core::domain::{FacilityId, FacilityKind, Scope};

    use super::super::Question;
    use super::*;

    fn centre(active: bool) -> Facility {
        Facility {
            id: FacilityId(uuid::Uuid::nil()),
            code: "BT-0001".parse().unwrap(),
            name: "Centro di prova".to_owned(),
            kind: FacilityKind::CasCollective,
            territory: "BT".parse().unwrap(),
            municipality: "Comune di prova".to_owned(),
            istat_code: None,
            latitude: None,
            longitude: None,
            authorised_places: None,
            managing_body: None,
            facts: [].into(),
            active,
            revision: 1,
        }
    }

    fn at(day: &str) -> Instant {
        format!("{day}T12:00:00Z").parse().unwrap()
    }

    /// For each day from the first to the tenth of January whether it has series.
    fn there(active: bool, created: &str, switched: &[&str], visits: &[VisitRow]) -> String {
        let question = Question {
            scope: Scope::All,
            from: "2025-01-01".parse().unwrap(),
            to: "2025-01-10".parse().unwrap(),
            step: 1,
        };
        let zone = "Europe/Rome".parse().unwrap();
        let moments = Moments::new(&question, zone, at("2025-03-01")).unwrap();
        let switched = switched.iter().copied().map(at).collect();
        let (created, visits) = (Some(at(created)), visits.to_vec());
        let seen = Seen { visits, created, switched, ..Seen::default() };
        let presence = Presence::of(&centre(active), &seen, &moments);
        let each = (0..moments.count()).filter_map(|moment| moments.until(moment));
        each.map(|until| if presence.is_there_before(until) { '#' } else { '.' }).collect()
    }

    fn visit(day: &str) -> VisitRow {
        VisitRow {
            id: InspectionId(uuid::Uuid::nil()),
            checklist: vigila_core::documents::inspection::ChecklistRef {
                code: "ALFA".to_owned(),
                version: "1.0.0".to_owned(),
            },
            kind: vigila_core::documents::inspection::Kind::Announced,
            ended_at: at(day),
            received_at: at(day),
            photos_missing: 0,
            facts: [].into(),
            scored: Vec::new(),
            overall: None,
            coverage: None,
            band_by_points: Band::Good,
        }
    }

    #[test]
    fn a_closed_centre_does_not_look_alive() {
        let seen = [visit("2025-01-02"), visit("2025-01-06")];
        let table: [(&str, String); 8] = [
            ("......####", there(true, "2025-01-07", &[], &[])),
            (".#########", there(true, "2025-01-07", &[], &seen)),
            ("..##......", there(false, "2025-01-03", &["2025-01-05"], &[])),
            (".###......", there(false, "2025-01-03", &["2025-01-05"], &seen)),
            (
                "#..####...",
                there(false, "2024-01-01", &["2025-01-02", "2025-01-04", "2025-01-08"], &[]),
            ),
            ("#..#######", there(true, "2024-01-01", &["2025-01-02", "2025-01-04"], &[])),
            // Nobody knows when: its visits are sure.
            (".#####....", there(false, "2025-01-08", &[], &seen)),
            ("..........", there(false, "2025-01-03", &[], &[])),
        ];
        for (expected, found) in table {
            assert_eq!(found, expected);
        }
    }
}
