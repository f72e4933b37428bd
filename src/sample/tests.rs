//! The sample is what it says: valid, plausible, and every band occurs in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use vigila_core::checklist::{Instrument, SourceFile, Verdict, check_answers, read_file_set};
use vigila_core::documents::finding::FindingState::{self, Prescribed};
use vigila_core::documents::finding::Severity;
use vigila_core::documents::inspection::{Inspection, parse};
use vigila_core::documents::score::{Band, Score};
use vigila_core::documents::{Faults, json};
use vigila_core::domain::{Day, Facts, InspectionId, Instant};
use vigila_core::findings::{is_working_day, may_move, settles};
use vigila_core::scoring::{
    self, Applied, Model, Scored, Standing, Watched, at_visit, from_centre,
};

use super::*;

/// The shipped checklists and model, read once.
static SHIPPED: LazyLock<(Vec<Instrument>, Model)> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/checklists");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            let text = std::fs::read_to_string(&path).unwrap();
            files.push(SourceFile { name: path.display().to_string(), text });
        }
    }
    let (set, _) = read_file_set(&files);
    let instruments =
        set.checklists.iter().map(|c| Instrument::new(c.document.clone()).unwrap()).collect();
    let model = Model::new(set.scoring[0].document.clone(), "0").unwrap();
    (instruments, model)
});

fn end() -> Day {
    "2026-11-24".parse().unwrap()
}

/// A visit as the service would have it.
struct Read {
    inspection: Inspection,
    answered: Vec<Option<Verdict>>,
    facts: Facts,
    score: Score,
}

fn read(visit: &Visit, province: &Province, instruments: &[Instrument], model: &Model) -> Read {
    let mut faults = Faults::default();
    let inspection = parse(&visit.content, visit.received_at, &mut faults);
    let inspection = inspection.unwrap_or_else(|| panic!("{faults:?}"));
    let instrument = instruments.iter().find(|i| i.reference == inspection.checklist).unwrap();
    let answered = check_answers(instrument, &inspection.answers, &mut faults);
    assert!(faults.is_empty(), "{} {faults:?}", inspection.checklist.code);
    let centre = province
        .centres
        .iter()
        .find(|centre| centre.facility.code.as_str() == inspection.facility)
        .unwrap();
    let day = inspection.started_at.day(chrono_tz::Europe::Rome);
    let known = from_centre(&centre.facility, &centre.contracts, day);
    let facts = at_visit(&known, instrument, &answered);
    let scored =
        Scored { instrument, answered: &answered, answers: &inspection.answers, facts: &facts };
    let score = scoring::score(model, None, &scored, visit.received_at).score;
    Read { inspection, answered, facts, score }
}

struct World {
    instruments: &'static [Instrument],
    model: &'static Model,
    province: Province,
    read: BTreeMap<InspectionId, Read>,
}

fn world(seed: u64, end: Day) -> World {
    let (instruments, model) = &*SHIPPED;
    let all: Vec<&Instrument> = instruments.iter().collect();
    let province = province(seed, end, &all).unwrap();
    let each = province.visits.iter();
    let read = each.map(|v| (v.id, read(v, &province, instruments, model))).collect();
    World { instruments, model, province, read }
}

impl World {
    fn visits_of<'a>(&'a self, code: &str) -> Vec<&'a Visit> {
        let corrected: BTreeSet<_> =
            self.read.values().filter_map(|read| read.inspection.corrects).collect();
        let of = |visit: &&Visit| self.read[&visit.id].inspection.facility == code;
        let each = self.province.visits.iter().filter(of);
        each.filter(|visit| !corrected.contains(&visit.id)).collect()
    }

    /// The band of a centre's scorecard (contract, section 3, step 11).
    fn band(&self, centre: &Centre) -> Band {
        let each = self.instruments.iter();
        let laid: Vec<_> = each.map(|instrument| Applied::new(self.model, instrument)).collect();
        let watched = laid.iter().map(|applied| {
            let code = applied.instrument.reference.code.clone();
            (code, Watched::new([applied]))
        });
        let watched: BTreeMap<_, _> = watched.collect();
        let mut standing = Standing::default();
        for visit in self.visits_of(centre.facility.code.as_str()) {
            let Read { inspection, answered, facts, score } = &self.read[&visit.id];
            let wanted = &inspection.checklist;
            let applied = laid.iter().find(|l| l.instrument.reference == *wanted).unwrap();
            let states = applied.states(answered, facts);
            let says = watched[&wanted.code].says(applied, &states, answered, facts);
            let seen = scoring::Visit {
                id: visit.id,
                ended_at: inspection.ended_at,
                received_at: visit.received_at,
                band_by_points: score.band_by_points,
                coverage: score.coverage,
            };
            standing.see((&wanted.code, &wanted.version), &seen, &says, &());
        }
        let main = self.model.main_checklists.get(&centre.facility.kind).map(String::as_str);
        standing.card(main, &watched).band
    }
}

#[test]
fn every_band_occurs_among_the_centres() {
    for end in ["2026-11-24", "2026-11-28", "2027-02-28", "2028-02-29"] {
        let world = world(SEED, end.parse().unwrap());
        let bands: BTreeMap<&str, Band> = world
            .province
            .centres
            .iter()
            .map(|centre| (centre.facility.code.as_str(), world.band(centre)))
            .collect();
        for band in Band::ALL {
            assert!(bands.values().any(|have| *have == band), "{} in {bands:?}", band.as_str());
        }
    }
}

#[test]
fn the_numbers_are_those_of_a_province() {
    let world = world(SEED, end());
    let Province { centres, visits } = &world.province;
    assert_eq!((centres.len(), visits.len()), (12, 60));
    let kinds: BTreeSet<_> = centres.iter().map(|centre| centre.facility.kind).collect();
    assert!(kinds.len() >= 5, "{kinds:?}");
    let of_kind = |kind: &str| {
        world.read.values().filter(|read| read.inspection.kind.as_str() == kind).count()
    };
    assert!(of_kind("unannounced") > 40);
    for kind in ["announced", "follow_up", "complaint", "remote"] {
        assert!(of_kind(kind) > 0, "{kind}");
    }
    let corrections = world.read.values().filter(|read| read.inspection.corrects.is_some());
    assert_eq!(corrections.count(), 1);
    let listed: usize = visits.iter().map(|visit| visit.photos.len()).sum();
    let owed = visits.iter().flat_map(|visit| &visit.photos).filter(|photo| !photo.arrives);
    assert!(listed > 60, "{listed}");
    let owed = owed.count();
    assert!((2..=9).contains(&owed), "{owed}");
    let says = |what: &str| {
        let answers = visits.iter().flat_map(|v| v.content["answers"].as_array().unwrap());
        answers.filter(|answer| answer["value"] == what).count()
    };
    assert!(says("na") > 10 && says("not_observed") > 20 && says("partial") > 100);
}

#[test]
fn every_visit_is_what_a_phone_may_send_whatever_the_seed() {
    for seed in 0..20 {
        let world = world(seed, end());
        let ids: BTreeSet<_> = world.province.visits.iter().map(|visit| visit.id).collect();
        assert_eq!(ids.len(), 60);
        for visit in &world.province.visits {
            let now = Instant::start_of(end(), chrono_tz::Europe::Rome);
            assert!(visit.ended_at < visit.received_at && visit.received_at < now);
            assert!(visit.photos.len() <= 4);
        }
    }
}

#[test]
fn the_same_seed_and_day_make_the_same_province() {
    let text = |seed: u64| {
        let world = world(seed, end());
        let visits = world.province.visits.iter();
        let visits: Vec<String> =
            visits.map(|v| format!("{} {}", v.id, json::canonical(&v.content))).collect();
        (world.province.centres, visits)
    };
    assert_eq!(text(SEED), text(SEED));
    assert_ne!(text(SEED).1, text(SEED + 1).1);
}

#[test]
fn what_is_known_to_happen_shows_in_the_scores() {
    let world = world(SEED, end());
    let overall = |code: &str, checklist: &str, kinds: &[&str]| -> Vec<f64> {
        let visits = world.visits_of(code).into_iter().map(|visit| &world.read[&visit.id]);
        let fits = |read: &&Read| {
            read.inspection.checklist.code == checklist
                && kinds.contains(&read.inspection.kind.as_str())
        };
        visits.filter(fits).map(|read| read.score.overall.unwrap()).collect()
    };
    let improving = overall("BT-0001", "CAS-COLL", &["unannounced"]);
    assert!(improving.last().unwrap() - improving[0] > 15.0, "{improving:?}");
    let worsening = overall("BT-0002", "CAS-COLL", &["unannounced"]);
    assert!(worsening[0] - worsening.last().unwrap() > 15.0, "{worsening:?}");
    let announced = overall("BT-0002", "CAS-COLL", &["announced"]);
    assert!(announced[0] > worsening[3], "{announced:?} {worsening:?}");
}

#[test]
fn photos_are_evidence_to_items_that_there_are() {
    let (instruments, _) = &*SHIPPED;
    let known: BTreeMap<&str, vigila_core::documents::checklist::PhotoRule> = instruments
        .iter()
        .flat_map(|instrument| &instrument.items)
        .map(|item| (item.code.as_str(), item.photo))
        .collect();
    assert_eq!(photos().len(), 16);
    for photo in photos() {
        assert!(photo.bytes.starts_with(&[0xff, 0xd8]), "{}", photo.name);
        for item in photo.items() {
            let rule = known.get(item).unwrap_or_else(|| panic!("{item}"));
            assert_ne!(*rule, vigila_core::documents::checklist::PhotoRule::None, "{item}");
        }
    }
}

#[test]
fn the_office_works_on_working_days_and_by_the_rules() {
    let until: Instant = "2026-11-24T12:00:00Z".parse().unwrap();
    let mut reached = BTreeSet::new();
    for number in 0..400_u128 {
        let opened_at = until.plus_days(-i64::try_from(number).unwrap() * 2);
        let severity = [Severity::Minor, Severity::Major, Severity::Critical]
            [usize::try_from(number % 3).unwrap()];
        let visit = InspectionId(uuid::Uuid::from_u128(number << 7));
        let held = Held { visit, item: "CAS-A06", severity, opened_at };
        let steps = course(SEED, &held, until);
        assert_eq!(steps, course(SEED, &held, until));
        let (mut state, mut last) = (FindingState::Open, opened_at);
        for step in &steps {
            assert!(may_move(state, step.to, false), "{state} to {}", step.to);
            assert!(step.at > last);
            let day = step.at.day(chrono_tz::Europe::Rome);
            assert!(is_working_day(day), "{day}");
            assert!(step.due_on.is_none_or(|due| due >= day && step.to == Prescribed));
            assert!(step.to != FindingState::Void || step.note.is_some());
            (state, last) = (step.to, step.at);
        }
        reached.insert(state.as_str());
        if severity == Severity::Critical {
            let young = opened_at.plus_days(75) > until;
            assert_eq!(settles(state), !young, "old critical findings are dealt with");
        }
        let closed = closing(SEED, &held, visit, opened_at);
        assert!(closed.at > opened_at && closed.to == FindingState::Closed);
        let ordered = again(SEED, &held, visit, opened_at);
        assert!(ordered.at > opened_at && ordered.to == Prescribed && ordered.due_on.is_some());
    }
    assert_eq!(
        reached.into_iter().collect::<Vec<_>>(),
        ["action_submitted", "closed", "contested", "open", "prescribed", "void"]
    );
}

#[test]
fn a_visit_for_measurements_answers_the_whole_checklist() {
    let World { instruments, model, province, .. } = world(SEED, end());
    let instrument = instruments.iter().find(|i| i.reference.code == "CAS-COLL").unwrap();
    let started = "2026-11-20T08:00:00Z".parse().unwrap();
    for seed in 0..50 {
        let visit = visit(seed, instrument, &province.centres[0], started);
        let read = read(&visit, &province, instruments, model);
        assert!(read.inspection.answers.len() > 55, "{}", read.inspection.answers.len());
    }
}
