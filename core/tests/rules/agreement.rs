//! Inspector agreement as stories: what is compared, what is shown, and that nobody can be
//! found in it.

mod pairs;

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;
use vigila_core::checklist::Instrument;
use vigila_core::domain::{FacilityId, FactValue, Facts, InspectionId, Instant, PersonId};
use vigila_core::scoring::{
    Agreement, DoubleVisit, Figures, Judgement, Judgements, VisitBy, agreement, judgements,
};

use crate::support::{MODEL, answer, checklist_of, content, read, verdicts};

/// A person's id that would be found in any text that holds it.
fn person(number: u8) -> PersonId {
    PersonId(Uuid::from_u128(0xdead_beef_0000_0000_0000_0000_0000_0000 + u128::from(number)))
}

/// A visit so many hours after a beginning.
fn visit(number: u8, facility: u8, checklist: &str, by: u8, hours: i64) -> VisitBy {
    let begin: Instant = "2026-03-01T00:00:00Z".parse().unwrap();
    let ended_at = Instant::new(begin.utc() + chrono_hours(hours));
    VisitBy {
        id: InspectionId(Uuid::from_u128(number.into())),
        facility: FacilityId(Uuid::from_u128(facility.into())),
        checklist: checklist.into(),
        person: person(by),
        ended_at,
        received_at: ended_at,
    }
}

fn chrono_hours(hours: i64) -> std::time::Duration {
    std::time::Duration::from_secs(u64::try_from(hours).unwrap() * 3600)
}

/// A checklist with an item of every kind.
fn instrument() -> Instrument {
    let item = |code: &str, more: Value| {
        let mut item = json!({"code": code, "question": {"it": "?", "en": "?"},
            "answer_type": "yes_partial_no_na", "source": ["OWN"], "weight_class": "A",
            "critical": false, "photo": "none"});
        item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        item
    };
    let options = json!([
        {"value": "good", "it": "B", "en": "G", "score": 1}, {"value": "fair", "it": "D", "en": "F", "score": 0.5},
        {"value": "unsure", "it": "I", "en": "U"},
    ]);
    let items = json!([
        item("PLAIN", json!({})),
        item("FAR", json!({"applies_when": "beds > 25"})),
        item(
            "HEAT",
            json!({"answer_type": "number", "unit": "celsius", "min": 0, "max": 50,
            "scoring": {"direction": "range", "full": [18, 27], "partial": [16, 30]}})
        ),
        item("COUNT", json!({"answer_type": "number", "unit": "persons", "min": 0, "max": 50})),
        item("NOTE", json!({"answer_type": "text"})),
        item("INFO", json!({"weight_class": "I"})),
        item("ONE", json!({"answer_type": "choice", "options": options})),
    ]);
    let sections = json!([{"code": "A", "title": {"it": "A", "en": "A"}, "dimension": "ANY",
        "items": items}]);
    Instrument::new(checklist_of(sections)).unwrap()
}

#[test]
fn what_an_answer_says_of_its_item() {
    use Judgement::{Met, NotApplicable, NotMet, Partly};
    let instrument = instrument();
    // Item, answer (null: none), beds known, what it says.
    let table: [(&str, Value, f64, Option<Judgement>); 26] = [
        ("PLAIN", json!("yes"), 0.0, Some(Met)),
        ("PLAIN", json!("partial"), 0.0, Some(Partly)),
        ("PLAIN", json!("no"), 0.0, Some(NotMet)),
        ("PLAIN", json!("na"), 0.0, Some(NotApplicable)),
        ("PLAIN", json!("not_observed"), 0.0, None),
        ("PLAIN", Value::Null, 0.0, None),
        ("FAR", json!("yes"), 30.0, Some(Met)),
        ("FAR", json!("na"), 30.0, Some(NotApplicable)),
        // Its condition is false: stored, not judged.
        ("FAR", json!("yes"), 20.0, None),
        ("FAR", json!("na"), 20.0, None),
        ("HEAT", json!(20), 0.0, Some(Met)),
        ("HEAT", json!(17), 0.0, Some(Partly)),
        ("HEAT", json!(5), 0.0, Some(NotMet)),
        ("HEAT", json!("na"), 0.0, Some(NotApplicable)),
        ("COUNT", json!(5), 0.0, None),
        ("COUNT", json!("na"), 0.0, None),
        ("NOTE", json!("words"), 0.0, None),
        ("NOTE", json!("na"), 0.0, None),
        ("INFO", json!("yes"), 0.0, None),
        ("INFO", json!("na"), 0.0, None),
        ("ONE", json!("good"), 0.0, Some(Met)),
        ("ONE", json!("fair"), 0.0, Some(Partly)),
        // An option without score.
        ("ONE", json!("unsure"), 0.0, None),
        ("ONE", json!("na"), 0.0, Some(NotApplicable)),
        ("ONE", json!("not_observed"), 0.0, None),
        ("ONE", Value::Null, 0.0, None),
    ];
    for (code, value, beds, expected) in table {
        let sent: Vec<_> = (!value.is_null()).then(|| answer(code, &value)).into_iter().collect();
        let answered = verdicts(&instrument, &read(&content(&sent)));
        let facts = Facts::from([("beds".to_owned(), FactValue::Number(beds))]);
        let found = judgements(&MODEL, &instrument, &answered, &facts);
        let expected: BTreeMap<_, _> =
            expected.map(|said| (code.to_owned(), said)).into_iter().collect();
        assert_eq!(found, expected, "{code} {value} with {beds} beds");
    }
}

/// Judgements in letters: item by item `m`et, `p`artly, `f`ailed, not `a`pplicable; a dot
/// where nothing was said. Items are I00, I01, …
fn said(letters: &str) -> Judgements {
    let each = letters.chars().enumerate().filter_map(|(index, letter)| {
        let judgement = match letter {
            'm' => Judgement::Met,
            'p' => Judgement::Partly,
            'f' => Judgement::NotMet,
            'a' => Judgement::NotApplicable,
            _ => return None,
        };
        Some((format!("I{index:02}"), judgement))
    });
    each.collect()
}

/// One double visit: its checklist, its two people, what each said.
type Told<'a> = (&'a str, (u8, u8), (&'a str, &'a str));

fn visits_of(story: &[Told<'_>]) -> Vec<[VisitBy; 2]> {
    let pair = |(n, (checklist, by, _)): (u8, &Told<'_>)| {
        [visit(2 * n, n, checklist, by.0, 0), visit(2 * n + 1, n, checklist, by.1, 3)]
    };
    (0..).zip(story).map(pair).collect()
}

fn agreement_of(story: &[Told<'_>]) -> Agreement {
    let visits = visits_of(story);
    let doubles = visits.iter().zip(story).map(|([first, second], (_, _, letters))| DoubleVisit {
        visits: [first, second],
        judgements: [said(letters.0), said(letters.1)],
    });
    agreement(&doubles.collect::<Vec<_>>())
}

/// Items with what was compared and disputed.
fn items(found: &Agreement) -> Vec<(&str, &str, u64, u64)> {
    let each = found.checklists.iter().flat_map(|checklist| {
        let row = |item: &vigila_core::scoring::ItemAgreement| (item.compared, item.disagreed);
        let items = checklist.items.iter();
        items.map(move |item| (checklist.checklist.as_str(), &*item.item, row(item).0, row(item).1))
    });
    each.collect()
}

#[test]
fn three_inspectors_who_differ_on_one_question() {
    let found = agreement_of(&[("A", (1, 2), ("mmfp", "mffp")), ("A", (2, 3), ("mmfa", "mmfa"))]);
    // Most disputed first; then by code, as all were compared twice.
    assert_eq!(
        items(&found),
        [("A", "I01", 2, 1), ("A", "I00", 2, 0), ("A", "I02", 2, 0), ("A", "I03", 2, 0)]
    );
    let overall = found.overall.as_ref().unwrap();
    assert_eq!((overall.double_visits, overall.inspectors), (2, 3));
    assert_eq!((overall.compared, overall.disagreed), (8, 1));
    // First: 4 met, 2 failed, 1 partly, 1 not applicable; second: 3, 3, 1, 1.
    // By chance (12 + 6 + 1 + 1) / 64 = 20/64; kappa (56/64 - 20/64) / (44/64) = 36/44.
    assert!((overall.observed - 0.875).abs() < 1e-12);
    assert!((overall.expected - 20.0 / 64.0).abs() < 1e-12);
    assert!((overall.kappa.unwrap().value - 36.0 / 44.0).abs() < 1e-12);
    assert_eq!(Some(&found.checklists[0].figures), found.overall.as_ref());
}

#[test]
fn what_only_one_of_the_two_judged_is_not_compared() {
    let found = agreement_of(&[
        ("A", (1, 2), ("mm.f", "m.mf")),
        ("A", (2, 3), ("mmmf", "mmmp")),
        ("A", (3, 1), ("mmm.", "mmmm")),
    ]);
    // I01 and I02 were compared twice each, among three inspectors; I03 twice.
    assert_eq!(
        items(&found),
        [("A", "I03", 2, 1), ("A", "I00", 3, 0), ("A", "I01", 2, 0), ("A", "I02", 2, 0)]
    );
}

#[test]
fn of_fewer_than_three_inspectors_nothing_is_shown() {
    let none: [&[Told<'_>]; 4] = [
        &[],
        &[("A", (1, 2), ("mmff", "mfff"))],
        &[("A", (1, 2), ("mmff", "mfff")), ("A", (2, 1), ("mmff", "mfff"))],
        // Four people in all, but no checklist has three.
        &[("A", (1, 2), ("mmff", "mfff")), ("B", (3, 4), ("mmff", "mfff"))],
    ];
    for story in none {
        let found = agreement_of(story);
        assert!(found.is_withheld());
        assert_eq!(found, Agreement { overall: None, checklists: vec![] }, "{story:?}");
    }
}

#[test]
fn a_checklist_of_two_people_is_in_no_total() {
    let shown: [Told<'_>; 2] = [("A", (1, 2), ("mmf", "mff")), ("A", (2, 3), ("mmf", "mmf"))];
    let alone = agreement_of(&shown);
    // Though the two are known from another.
    let mut story = shown.to_vec();
    story.push(("B", (1, 2), ("ffff", "mmmm")));
    assert_eq!(agreement_of(&story), alone);
    // A third brings it in, with all that was compared before.
    story.push(("B", (2, 3), ("f", "f")));
    let found = agreement_of(&story);
    assert_eq!(found.checklists[1].figures.compared, 5);
    assert_eq!(found.overall.map(|all| (all.double_visits, all.compared)), Some((4, 11)));
}

#[test]
fn totals_hold_every_comparison_and_the_list_only_items_that_three_judged() {
    let story = [("A", (1, 2), ("mmff", "mffm")), ("A", (2, 3), ("mmf", "mmf"))];
    let found = agreement_of(&story);
    // The fourth item was compared by two people alone, who said opposite things of it.
    assert_eq!(items(&found), [("A", "I01", 2, 1), ("A", "I00", 2, 0), ("A", "I02", 2, 0)]);
    let figures = &found.checklists[0].figures;
    assert_eq!((figures.compared, figures.disagreed), (7, 2));
    // First: 4 met, 3 failed; second the same. Kappa of (5/7 - 25/49) / (24/49).
    assert!((figures.kappa.unwrap().value - 10.0 / 24.0).abs() < 1e-12);
    assert_eq!(found.overall.as_ref(), Some(figures));
}

#[test]
fn a_double_visit_counts_though_nothing_was_judged_twice() {
    let found = agreement_of(&[("A", (1, 2), ("mf", "mf")), ("A", (2, 3), ("m.", ".m"))]);
    let overall = found.overall.as_ref().unwrap();
    assert_eq!((overall.double_visits, overall.inspectors, overall.compared), (2, 3, 2));
    assert_eq!(items(&found), [], "two people alone judged each");
    let nothing = agreement_of(&[("A", (1, 2), ("m.", ".m")), ("A", (2, 3), ("m.", ".m"))]);
    assert!(nothing.is_withheld(), "nothing was compared at all");
}

#[test]
fn where_all_judge_all_alike_there_is_no_kappa() {
    let found = agreement_of(&[("A", (1, 2), ("mmm", "mmm")), ("A", (2, 3), ("mmm", "mmm"))]);
    let overall = found.overall.unwrap();
    assert_eq!((overall.compared, overall.disagreed, overall.kappa), (6, 0, None));
}

/// A double visit as it is drawn by lot.
type Drawn = (&'static str, (u8, u8), (String, String));

/// Stories of up to twelve double visits with two checklists, by five people.
fn story() -> impl Strategy<Value = Vec<Drawn>> {
    let people = (0_u8..5, 1_u8..5).prop_map(|(one, step)| (one, (one + step) % 5));
    let letters = || "[mpfa.]{4}";
    let checklist = prop_oneof![Just("A"), Just("B")];
    vec((checklist, people, (letters(), letters())), 0..12)
}

fn borrowed(story: &[Drawn]) -> Vec<Told<'_>> {
    story.iter().map(|(list, by, said)| (*list, *by, (&*said.0, &*said.1))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn the_order_of_double_visits_is_no_matter(
        (story, shuffled) in story().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle())),
    ) {
        prop_assert_eq!(agreement_of(&borrowed(&story)), agreement_of(&borrowed(&shuffled)));
    }

    #[test]
    fn totals_are_counts_of_every_comparison(story in story()) {
        let found = agreement_of(&borrowed(&story));
        let (mut shown, mut overall) = (Vec::new(), (0, 0, 0));
        for code in ["A", "B"] {
            let told: Vec<_> = story.iter().filter(|told| told.0 == code).collect();
            let people: BTreeSet<_> = told.iter().flat_map(|t| [t.1.0, t.1.1]).collect();
            let both = told.iter().flat_map(|(_, _, said)| said.0.chars().zip(said.1.chars()));
            let both: Vec<_> = both.filter(|(one, two)| *one != '.' && *two != '.').collect();
            if people.len() >= 3 && !both.is_empty() {
                let apart = both.iter().filter(|(one, two)| one != two).count() as u64;
                let counts = (told.len(), both.len() as u64, apart);
                overall = (overall.0 + counts.0, overall.1 + counts.1, overall.2 + counts.2);
                shown.push((code.to_owned(), counts));
            }
        }
        let counts = |f: &Figures| (f.double_visits, f.compared, f.disagreed);
        let told = found.checklists.iter().map(|c| (c.checklist.clone(), counts(&c.figures)));
        prop_assert_eq!(told.collect::<Vec<_>>(), shown);
        prop_assert_eq!(found.overall.as_ref().map_or((0, 0, 0), counts), overall);
    }

    #[test]
    fn what_is_listed_is_no_more_than_the_total(story in story()) {
        let found = agreement_of(&borrowed(&story));
        for one in &found.checklists {
            prop_assert!(one.figures.inspectors >= 3);
            let sums = one.items.iter().fold((0, 0), |s, i| (s.0 + i.compared, s.1 + i.disagreed));
            prop_assert!(sums.0 <= one.figures.compared && sums.1 <= one.figures.disagreed);
        }
    }

    #[test]
    fn people_who_always_agree_have_a_kappa_of_one(story in story()) {
        let mut story = story;
        story.iter_mut().for_each(|(_, _, said)| said.1.clone_from(&said.0));
        let found = agreement_of(&borrowed(&story));
        for figures in found.checklists.iter().map(|c| &c.figures).chain(&found.overall) {
            prop_assert_eq!(figures.disagreed, 0);
            prop_assert!(figures.kappa.is_none_or(|kappa| (kappa.value - 1.0).abs() < 1e-12));
        }
    }

    #[test]
    fn nobody_is_named(story in story()) {
        let shown = format!("{:?}", agreement_of(&borrowed(&story)));
        for number in 0..5 {
            let id = person(number);
            prop_assert!(!shown.contains(&id.to_string()));
            prop_assert!(!shown.contains(&id.0.as_u128().to_string()));
        }
    }
}
