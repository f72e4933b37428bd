//! The rules of a scorecard (contract, section 3, step 11), as tables of visits.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;
use vigila_core::checklist::{Answered, Instrument};
use vigila_core::documents::score::Band;
use vigila_core::domain::{FactValue, Facts, InspectionId};
use vigila_core::scoring::{Applied, Standing, Visit, Watched};

use crate::support::{MODEL, answer, checklist_of, content, read, verdicts};

fn id(number: u128) -> InspectionId {
    InspectionId(Uuid::from_u128(number))
}

/// A visit that ended on a day of March and was received on another.
fn visit(number: u128, days: (u8, u8), band: Band, coverage: f64) -> Visit {
    let at = |day: u8| format!("2026-03-{day:02}T10:00:00Z").parse().unwrap();
    Visit {
        id: id(number),
        ended_at: at(days.0),
        received_at: at(days.1),
        band_by_points: band,
        coverage: Some(coverage),
    }
}

const POOR: Band = Band::NotEnoughData;

/// The base among visits with one checklist.
fn base(visits: &[Visit]) -> Option<InspectionId> {
    let mut standing = Standing::default();
    visits.iter().for_each(|visit| standing.see(("ANY", "1.0.0"), visit, &[], &()));
    let watched = BTreeMap::new();
    let card = standing.card(None, &watched);
    card.main().map(|base| base.visit.id)
}

#[test]
fn the_base_is_the_latest_visit_that_saw_enough() {
    type Row = (&'static str, &'static [(u8, u8, Band, f64)], Option<u128>);
    let table: [Row; 9] = [
        ("none", &[], None),
        ("the latest", &[(1, 1, Band::Good, 1.0), (2, 2, Band::Insufficient, 0.8)], Some(1)),
        (
            "a short follow-up never replaces the whole visit",
            &[(1, 1, Band::Good, 0.9), (2, 2, POOR, 0.1)],
            Some(0),
        ),
        (
            "by its end, not by its receipt",
            &[(5, 6, Band::Good, 1.0), (4, 9, Band::Good, 1.0)],
            Some(0),
        ),
        (
            "of the same end the one received last",
            &[(5, 9, Band::Good, 1.0), (5, 6, Band::Good, 1.0)],
            Some(0),
        ),
        (
            "coverage does not choose among sufficient ones",
            &[(1, 1, Band::Good, 1.0), (2, 2, Band::Good, 0.8)],
            Some(1),
        ),
        ("without any: the highest coverage", &[(1, 1, POOR, 0.7), (2, 2, POOR, 0.3)], Some(0)),
        ("then the latest", &[(1, 1, POOR, 0.7), (2, 2, POOR, 0.7), (3, 3, POOR, 0.1)], Some(1)),
        ("then the one received last", &[(2, 4, POOR, 0.7), (2, 3, POOR, 0.7)], Some(0)),
    ];
    for (what, visits, expected) in table {
        let visits: Vec<_> =
            (0..).zip(visits).map(|(n, v)| visit(n, (v.0, v.1), v.2, v.3)).collect();
        assert_eq!(base(&visits), expected.map(id), "{what}");
        let backwards: Vec<_> = visits.into_iter().rev().collect();
        assert_eq!(base(&backwards), expected.map(id), "{what}, backwards");
    }
}

#[test]
fn a_visit_where_nothing_was_due_is_a_base_only_for_want_of_another() {
    let mut nothing_due = visit(1, (9, 9), POOR, 0.0);
    nothing_due.coverage = None;
    let other = visit(2, (1, 1), POOR, 0.1);
    assert_eq!(base(&[nothing_due]), Some(id(1)));
    assert_eq!(base(&[nothing_due, other]), Some(id(2)));
}

#[test]
fn the_main_checklist_speaks_when_it_has_seen_enough() {
    type Row = (
        &'static str,
        &'static [(&'static str, u8, Band)],
        Option<&'static str>,
        Option<&'static str>,
    );
    let table: [Row; 9] = [
        ("no visit", &[], Some("MAIN"), None),
        (
            "the main one, though older",
            &[("MAIN", 1, Band::Good), ("B", 9, Band::Good)],
            Some("MAIN"),
            Some("MAIN"),
        ),
        (
            "the main one is insufficient in points, not in data",
            &[("MAIN", 1, Band::Insufficient), ("B", 9, Band::Good)],
            Some("MAIN"),
            Some("MAIN"),
        ),
        (
            "the latest sufficient one",
            &[("MAIN", 9, POOR), ("A", 2, Band::Good), ("B", 3, Band::Good), ("C", 8, POOR)],
            Some("MAIN"),
            Some("B"),
        ),
        (
            "the main one was never used",
            &[("A", 4, Band::Good), ("B", 3, Band::Good)],
            Some("MAIN"),
            Some("A"),
        ),
        (
            "none has: the main one if used",
            &[("MAIN", 1, POOR), ("A", 9, POOR)],
            Some("MAIN"),
            Some("MAIN"),
        ),
        (
            "none has, main not used: the latest",
            &[("A", 1, POOR), ("B", 9, POOR)],
            Some("MAIN"),
            Some("B"),
        ),
        ("no main is set for the kind", &[("A", 1, Band::Good), ("B", 9, POOR)], None, Some("A")),
        ("no main is set, none sufficient", &[("A", 9, POOR), ("B", 1, POOR)], None, Some("A")),
    ];
    for (what, used, main, expected) in table {
        let mut standing = Standing::default();
        for (n, (code, day, band)) in (0..).zip(used) {
            let visit = visit(n, (*day, *day), *band, 0.5);
            standing.see((code, "1.0.0"), &visit, &[], &());
        }
        let watched = BTreeMap::new();
        let card = standing.card(main, &watched);
        assert_eq!(card.main().map(|base| base.checklist), expected, "{what}");
        let of_main = card.main().map_or(Band::NeverInspected, |b| b.visit.band_by_points);
        assert_eq!(card.band, of_main, "{what}");
    }
}

/// A checklist of three critical items; FAR is due with more than 25 beds only.
fn instrument(version: &str, codes: &[&str]) -> Instrument {
    let item = |code: &&str| {
        let mut item = json!({"code": code, "question": {"it": "?", "en": "?"},
            "answer_type": "yes_no_na", "source": ["OWN"], "weight_class": "A", "critical": true,
            "photo": "none"});
        if *code == "FAR" {
            item["applies_when"] = json!("beds > 25");
        }
        item
    };
    let items: Vec<_> = codes.iter().map(item).collect();
    let mut document = checklist_of(json!([{
        "code": "A", "title": {"it": "A", "en": "A"}, "dimension": "ANY", "items": items,
    }]));
    document.checklist.version = version.into();
    Instrument::new(document).unwrap()
}

/// One visit of a story: its version, the beds known, its answers.
struct Told<'a> {
    instrument: &'a Instrument,
    answered: Answered,
    facts: Facts,
    visit: Visit,
}

fn tell<'a>(
    number: u128,
    day: u8,
    instrument: &'a Instrument,
    beds: f64,
    answers: &[(&str, &str)],
) -> Told<'a> {
    let sent: Vec<Value> =
        answers.iter().map(|(item, value)| answer(item, &json!(value))).collect();
    Told {
        instrument,
        answered: verdicts(instrument, &read(&content(&sent))),
        facts: Facts::from([("beds".into(), FactValue::Number(beds))]),
        visit: visit(number, (day, day), POOR, 0.5),
    }
}

/// What is failed now, by the critical items of the newest version used.
fn now_failed(story: &[Told<'_>]) -> Vec<(String, InspectionId)> {
    let mut versions: Vec<_> = story.iter().map(|told| told.instrument).collect();
    versions.sort_by_key(|instrument| instrument.reference.version.clone());
    versions.dedup_by_key(|instrument| instrument.reference.version.clone());
    let laid: Vec<_> = versions.into_iter().map(|i| Applied::new(&MODEL, i)).collect();
    let watched: BTreeMap<_, _> = [("DEMO".to_owned(), Watched::new(&laid))].into();
    let mut standing = Standing::default();
    for told in story {
        let version = &told.instrument.reference.version;
        let applied = laid.iter().find(|l| l.instrument.reference.version == *version).unwrap();
        let states = applied.states(&told.answered, &told.facts);
        let says = watched["DEMO"].says(applied, &states, &told.answered, &told.facts);
        standing.see(("DEMO", version), &told.visit, &says, &());
    }
    let card = standing.card(None, &watched);
    let critical = card.band == Band::Critical;
    assert_eq!(critical, !card.critical_now.is_empty());
    card.critical_now.iter().map(|now| (now.item.to_owned(), now.visit.id)).collect()
}

#[test]
fn a_failed_critical_item_stays_until_a_visit_speaks_of_it_again() {
    let one = instrument("1.0.0", &["FIRE", "WATER", "FAR"]);
    type Step = (&'static [(&'static str, &'static str)], f64, &'static [(&'static str, u128)]);
    // One story, visit after visit: what is answered, the beds, what is failed after it.
    let story: [Step; 9] = [
        (&[("FIRE", "yes"), ("WATER", "yes"), ("FAR", "yes")], 30.0, &[]),
        (
            &[("FIRE", "no"), ("WATER", "no"), ("FAR", "no")],
            30.0,
            &[("FIRE", 1), ("WATER", 1), ("FAR", 1)],
        ),
        // A follow-up that does not look clears nothing, nor does `not_observed`.
        (&[("WATER", "not_observed")], 30.0, &[("FIRE", 1), ("WATER", 1), ("FAR", 1)]),
        // It speaks of what it saw.
        (&[("FIRE", "yes")], 30.0, &[("WATER", 1), ("FAR", 1)]),
        // `na` speaks: the item is not due there.
        (&[("WATER", "na")], 30.0, &[("FAR", 1)]),
        // So does a condition that is false, without any answer.
        (&[], 20.0, &[]),
        // With many beds again and nobody looking, the last that spoke was the one before.
        (&[("FIRE", "yes")], 30.0, &[]),
        // Failing again.
        (&[("FIRE", "no"), ("FAR", "no")], 30.0, &[("FIRE", 7), ("FAR", 7)]),
        // An answer to an item whose condition is false is stored, not scored.
        (&[("FAR", "no")], 20.0, &[("FIRE", 7)]),
    ];
    let mut told: Vec<Told<'_>> = Vec::new();
    for (number, (answers, beds, expected)) in (0_u8..).zip(story) {
        told.push(tell(number.into(), number + 1, &one, beds, answers));
        let expected: Vec<_> =
            expected.iter().map(|(code, by)| ((*code).to_owned(), id(*by))).collect();
        assert_eq!(now_failed(&told), expected, "after visit {number}");
    }
    // The order in which visits are given is no matter.
    told.reverse();
    assert_eq!(now_failed(&told), [("FIRE".to_owned(), id(7))]);
}

#[test]
fn a_visit_received_late_speaks_at_its_own_time() {
    let one = instrument("1.0.0", &["FIRE"]);
    let mut late = tell(1, 1, &one, 30.0, &[("FIRE", "no")]);
    late.visit.received_at = "2026-03-20T10:00:00Z".parse().unwrap();
    let clear = tell(2, 5, &one, 30.0, &[("FIRE", "yes")]);
    assert_eq!(now_failed(&[clear, late]), []);
}

#[test]
fn of_a_new_version_its_own_items_count() {
    let one = instrument("1.0.0", &["FIRE", "WATER"]);
    let two = instrument("2.0.0", &["WATER", "GAS"]);
    let old = tell(1, 1, &one, 30.0, &[("FIRE", "no"), ("WATER", "no")]);
    // FIRE left with version 2; WATER failed under version 1 and nobody looked since.
    let new = tell(2, 5, &two, 30.0, &[("GAS", "yes")]);
    assert_eq!(now_failed(&[old, new]), [("WATER".to_owned(), id(1))]);
    let old = tell(1, 1, &one, 30.0, &[("WATER", "no")]);
    let new = tell(2, 5, &two, 30.0, &[("GAS", "no"), ("WATER", "yes")]);
    // A later visit with the old version cannot speak of GAS.
    let older_version = tell(3, 6, &one, 30.0, &[("FIRE", "no"), ("WATER", "yes")]);
    assert_eq!(now_failed(&[old, new, older_version]), [("GAS".to_owned(), id(2))]);
}
