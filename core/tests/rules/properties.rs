//! What must hold of every score, whatever the visit.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use vigila_core::checklist::{Instrument, Verdict};
use vigila_core::documents::json as text;
use vigila_core::documents::model::{Aggregation, Document};
use vigila_core::documents::score::{Band, Score};
use vigila_core::domain::Facts;
use vigila_core::scoring::{Outcome, decode, encode};

use crate::cases::{self, Case, possible, sent};
use crate::reference::{self, Given};
use crate::support::{MODEL, answer, checklist_of, content, model_of, read, score_of, verdicts};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn outcome(case: &Case, given: &Given) -> Outcome {
    score_of(&MODEL, case.instrument(), &sent(case.instrument(), given), &case.facts())
}

fn scored(case: &Case, given: &Given) -> Score {
    outcome(case, given).score
}

/// The worse a band by points, the lower; both visits have the same coverage.
fn rank(band: Band) -> u8 {
    match band {
        Band::Insufficient => 0,
        Band::ToImprove => 1,
        Band::Adequate => 2,
        Band::Good => 3,
        other => panic!("no band by points of a visit with enough data: {other:?}"),
    }
}

/// An item whose answer changes nothing but itself: one that feeds no fact.
fn item_of(case: &Case, pick: usize) -> (&Value, &str) {
    let feeds_facts = |item: &Value| {
        let fed = item.get("feeds").and_then(Value::as_array);
        fed.is_some_and(|all| all.iter().any(|f| !f.as_str().unwrap().starts_with("IND-")))
    };
    let mut all = reference::items(case.file());
    all.retain(|(item, _, _)| !feeds_facts(item));
    let (item, _, dimension) = all[pick % all.len()];
    (item, dimension)
}

fn code_of(item: &Value) -> String {
    item["code"].as_str().unwrap().to_owned()
}

fn with(given: &Given, item: &Value, value: &Value) -> Given {
    let mut given = given.clone();
    given.insert(code_of(item), value.clone());
    given
}

fn ranges_hold(score: &Score) -> Result<(), TestCaseError> {
    let percent = |points: f64| (0.0..=100.0).contains(&points);
    let share = |part: f64| (0.0..=1.0).contains(&part);
    prop_assert!(score.overall.is_none_or(percent), "{score:?}");
    prop_assert!(score.coverage.is_none_or(share), "{score:?}");
    prop_assert_eq!(score.overall.is_some(), score.dimensions.iter().any(|d| d.score.is_some()));
    for dimension in &score.dimensions {
        prop_assert!(dimension.score.is_none_or(percent), "{dimension:?}");
        prop_assert!(share(dimension.coverage), "{dimension:?}");
        prop_assert!(
            dimension.due_weight > 0.0 && dimension.observed_weight <= dimension.due_weight
        );
        prop_assert_eq!(dimension.score.is_some(), dimension.observed_weight > 0.0);
    }
    prop_assert!(score.costliest.len() <= 5);
    prop_assert!(score.costliest.iter().all(|c| c.points_lost > 0.0 && c.points_lost <= 100.0));
    prop_assert_eq!(score.band == Band::Critical, !score.knocked_out_by.is_empty());
    prop_assert!(score.band_by_points != Band::Critical);
    Ok(())
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn scores_stay_within_their_bounds(
        case in cases::any(), geometric in any::<bool>(), weights in vec(0.01_f64..9.0, 9),
    ) {
        let mut document: Document = MODEL.document.clone();
        let dimensions = &case.instrument().dimensions;
        document.dimension_weights = dimensions.iter().cloned().zip(weights.iter().copied()).collect();
        (document.weight_classes.a, document.weight_classes.b) = (weights[0] * 1.1, weights[1] * 0.7);
        if geometric {
            document.aggregation = Aggregation::Geometric;
        }
        let answers = sent(case.instrument(), &case.given());
        let model = model_of(document);
        ranges_hold(&score_of(&model, case.instrument(), &answers, &case.facts()).score)?;
        // All as well as can be: where rounding would lift a score above 100.
        let mut best = Given::new();
        for (item, _, _) in reference::items(case.file()) {
            let worth = |v: &Value| reference::value(case.file(), item, v).unwrap_or(-1.0);
            let all = possible(case.file(), item);
            let top = all.into_iter().max_by(|a, b| worth(a).total_cmp(&worth(b)));
            best.insert(code_of(item), top.unwrap());
        }
        let answers = sent(case.instrument(), &best);
        ranges_hold(&score_of(&model, case.instrument(), &answers, &case.facts()).score)?;
    }

    #[test]
    fn a_better_answer_never_lowers_a_score(case in cases::any(), pick in any::<usize>()) {
        let (item, dimension) = item_of(&case, pick);
        let mut answers: Vec<_> = possible(case.file(), item)
            .into_iter()
            .filter_map(|value| Some((reference::value(case.file(), item, &value)?, value)))
            .collect();
        answers.sort_by(|a, b| a.0.total_cmp(&b.0));
        let given = case.given();
        let scores: Vec<_> = answers.iter().map(|(_, v)| scored(&case, &with(&given, item, v))).collect();
        for pair in scores.windows(2) {
            let (worse, better) = (&pair[0], &pair[1]);
            prop_assert!(better.overall >= worse.overall, "{worse:?}\n{better:?}");
            prop_assert_eq!(better.coverage, worse.coverage);
            for (b, w) in better.dimensions.iter().zip(&worse.dimensions) {
                prop_assert!(b.score >= w.score);
                prop_assert!(b.code == dimension || b == w, "another dimension moved");
            }
            if worse.band_by_points == Band::NotEnoughData {
                prop_assert_eq!(better.band_by_points, Band::NotEnoughData);
            } else {
                prop_assert!(rank(better.band_by_points) >= rank(worse.band_by_points));
            }
            prop_assert!(better.knocked_out_by.iter().all(|code| worse.knocked_out_by.contains(code)));
        }
    }

    #[test]
    fn a_better_number_is_never_worth_less(case in cases::any(), a in -1e3_f64..1e3, b in -1e3_f64..1e3) {
        use vigila_core::checklist::Kind;
        use vigila_core::documents::checklist::Direction;
        use vigila_core::scoring::value_of;
        for item in &case.instrument().items {
            let Kind::Number { scoring: Some(scoring), .. } = &item.kind else { continue };
            let worth = |number: f64| value_of(&MODEL, item, &Verdict::Number(number)).unwrap();
            let (low, high) = (worth(a.min(b)), worth(a.max(b)));
            match scoring.direction {
                Direction::HigherIsBetter => prop_assert!(high >= low),
                Direction::LowerIsBetter => prop_assert!(low >= high),
                Direction::Range => {}
            }
        }
    }

    #[test]
    fn the_order_of_answers_is_irrelevant(
        (case, order) in cases::any().prop_flat_map(|case| {
            let answers = sent(case.instrument(), &case.given());
            (Just(case), Just(answers).prop_shuffle())
        }),
    ) {
        let first = outcome(&case, &case.given());
        let second = score_of(&MODEL, case.instrument(), &order, &case.facts());
        prop_assert_eq!(first.score, second.score);
        prop_assert_eq!(first.inputs_digest, second.inputs_digest);
    }

    #[test]
    fn na_neither_lifts_nor_lowers_what_is_not_its_own(case in cases::any(), pick in any::<usize>()) {
        let (item, dimension) = item_of(&case, pick);
        let given = case.given();
        let facts = reference::facts(case.file(), &given, &case.known());
        let model = &crate::support::SHIPPED.0.scoring[0].file.value;
        let stand = reference::stand(model, case.file(), item, &given, &facts);
        let weight = model["weight_classes"][item["weight_class"].as_str().unwrap()].as_f64().unwrap();
        let (due, observed, earned) = match stand {
            reference::Stand::Out => (0.0, 0.0, 0.0),
            reference::Stand::Unseen => (weight, 0.0, 0.0),
            reference::Stand::Seen(value) => (weight, weight, weight * value),
        };
        let before = scored(&case, &given);
        let after = scored(&case, &with(&given, item, &json!("na")));
        let earned_by = |d: &vigila_core::documents::score::DimensionScore| {
            d.score.unwrap_or(0.0) / 100.0 * d.observed_weight
        };
        for old in &before.dimensions {
            let new = after.dimensions.iter().find(|d| d.code == old.code);
            if old.code != dimension {
                prop_assert_eq!(Some(old), new);
                continue;
            }
            let (new_due, new_observed, new_earned) =
                new.map_or((0.0, 0.0, 0.0), |d| (d.due_weight, d.observed_weight, earned_by(d)));
            prop_assert!((old.due_weight - due - new_due).abs() <= 1e-9);
            prop_assert!((old.observed_weight - observed - new_observed).abs() <= 1e-9);
            prop_assert!((earned_by(old) - earned - new_earned).abs() <= 1e-9);
        }
        prop_assert!(after.dimensions.len() <= before.dimensions.len());
    }

    #[test]
    fn a_knock_out_beats_everything_and_leaves_the_band_by_points(case in cases::any(), pick in any::<usize>()) {
        let (given, file) = (case.given(), case.file());
        let fails = |item: &Value, v: &Value| reference::value(file, item, v) == Some(0.0);
        let mut critical: Vec<(&Value, Value)> = reference::items(file)
            .into_iter()
            .filter(|(item, _, _)| item["critical"] == true && item["weight_class"] != "I")
            .filter_map(|(item, _, _)| {
                let mut all = possible(file, item).into_iter();
                Some((item, all.find(|v| fails(item, v))?))
            })
            .collect();
        prop_assume!(!critical.is_empty());
        let (item, failing) = critical.swap_remove(pick % critical.len());
        let given = with(&given, item, &failing);
        let score = scored(&case, &given);
        let facts = reference::facts(file, &given, &case.known());
        let due = reference::applies(item, &facts);
        prop_assert_eq!(score.knocked_out_by.contains(&code_of(item)), due);
        prop_assert!(!due || score.band == Band::Critical);
        // The same checklist without critical items: the points stay as they were.
        let mut tame = case.instrument().document.clone();
        tame.sections.iter_mut().flat_map(|s| &mut s.items).for_each(|item| item.critical = false);
        let tame = Instrument::new(tame).unwrap();
        let points = score_of(&MODEL, &tame, &sent(&tame, &given), &case.facts()).score;
        prop_assert_eq!(points.band, score.band_by_points);
        prop_assert_eq!(points.overall, score.overall);
        prop_assert_eq!(points.dimensions, score.dimensions);
        prop_assert_eq!(points.costliest, score.costliest);
    }

    #[test]
    fn what_was_lost_is_what_lies_below_100(case in cases::any(), failing in vec(any::<usize>(), 5)) {
        // At most five items lose something, so that `costliest` names all of them.
        let mut given = Given::new();
        for (item, _, _) in reference::items(case.file()) {
            let all = possible(case.file(), item);
            let worth = |v: &Value| reference::value(case.file(), item, v).unwrap_or(-1.0);
            given.insert(code_of(item), all.into_iter().max_by(|a, b| worth(a).total_cmp(&worth(b))).unwrap());
        }
        for pick in failing {
            let (item, _) = item_of(&case, pick);
            let all = possible(case.file(), item);
            given.insert(code_of(item), all[pick % all.len()].clone());
        }
        let score = scored(&case, &given);
        let Some(overall) = score.overall else { return Ok(()) };
        let full = |s: &Score| s.costliest.iter().map(|c| c.points_lost).sum::<f64>();
        prop_assert!((full(&score) - (100.0 - overall)).abs() <= 1e-9, "{score:?}");
        let with_score = score.dimensions.iter().filter(|d| d.score.is_some()).count();
        for dimension in &score.dimensions {
            let of_it: Vec<_> = reference::items(case.file())
                .into_iter()
                .filter(|(_, _, code)| *code == dimension.code)
                .map(|(item, _, _)| code_of(item))
                .collect();
            let lost = score.costliest.iter().filter(|c| of_it.contains(&c.item));
            let lost: f64 = lost.map(|c| c.points_lost).sum();
            let expected = dimension.score.map_or(0.0, |points| (100.0 - points) / with_score as f64);
            prop_assert!((lost - expected).abs() <= 1e-9, "{dimension:?} lost {lost}");
        }
    }

    #[test]
    fn a_score_survives_its_json(case in cases::any()) {
        let score = scored(&case, &case.given());
        let written = serde_json::to_string(&score).unwrap();
        let again: Score = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(&again, &score);
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), written);
    }

    #[test]
    fn the_compact_form_keeps_every_verdict_and_is_rebuilt_from_the_content(case in cases::any()) {
        let answers = sent(case.instrument(), &case.given());
        let visit = read(&content(&answers));
        let answered = verdicts(case.instrument(), &visit);
        let bytes = encode(&answered);
        prop_assert_eq!(decode(&bytes).unwrap(), answered);
        // As `verify` does it: from the canonical text that is stored.
        let stored = text::canonical(&content(&answers));
        let rebuilt = read(&text::parse(stored.as_bytes()).unwrap());
        prop_assert_eq!(encode(&verdicts(case.instrument(), &rebuilt)), bytes);
    }
}

fn any_verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![
        Just(Verdict::Yes),
        Just(Verdict::Partial),
        Just(Verdict::No),
        Just(Verdict::NotApplicable),
        Just(Verdict::NotObserved),
        Just(Verdict::Text),
        (proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO)
            .prop_map(Verdict::Number),
        vec(any::<u16>(), 0..9).prop_map(Verdict::Chosen),
    ]
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn any_verdicts_survive_the_compact_form(answered in vec(proptest::option::of(any_verdict()), 0..60)) {
        prop_assert_eq!(decode(&encode(&answered)).unwrap(), answered);
    }

    #[test]
    fn any_bytes_are_read_without_panic(mut bytes in vec(any::<u8>(), 0..200), format in any::<bool>()) {
        if let (true, Some(first)) = (format, bytes.first_mut()) {
            *first = 1;
        }
        if let Ok(answered) = decode(&bytes) {
            // What can be read can be written, and reads the same again. NaN is not equal to itself.
            let again = decode(&encode(&answered)).unwrap();
            prop_assert_eq!(format!("{again:?}"), format!("{answered:?}"));
        }
    }

    #[test]
    fn a_cut_compact_form_is_refused_or_shorter(answered in vec(proptest::option::of(any_verdict()), 1..20), cut in any::<usize>()) {
        let bytes = encode(&answered);
        if let Ok(shorter) = decode(&bytes[..cut % bytes.len()]) {
            prop_assert_eq!(shorter.len(), answered.len());
            prop_assert!(shorter.iter().zip(&answered).all(|(s, a)| s.is_none() || s == a));
        }
    }
}

#[test]
fn ties_that_only_rounding_breaks_stay_in_the_checklists_order() {
    // 5 · (1 − 0.8) = 1 · (1 − 0), but in binary the first is a hair less.
    let item = |code: &str, class: &str| {
        json!({"code": code, "question": {"it": "?", "en": "?"}, "answer_type": "choice",
            "source": ["OWN"], "weight_class": class, "critical": false, "photo": "none",
            "options": [{"value": "good", "it": "?", "en": "?", "score": 0.8},
                {"value": "bad", "it": "?", "en": "?", "score": 0.0}]})
    };
    let instrument = Instrument::new(checklist_of(json!([{
        "code": "A", "title": {"it": "A", "en": "A"}, "dimension": "ANY",
        "items": [item("FIRST", "A"), item("SECOND", "C")],
    }])))
    .unwrap();
    let answers = [answer("FIRST", &json!("good")), answer("SECOND", &json!("bad"))];
    let score = score_of(&MODEL, &instrument, &answers, &Facts::new()).score;
    let order: Vec<_> = score.costliest.iter().map(|c| c.item.as_str()).collect();
    assert_eq!(order, ["FIRST", "SECOND"]);
}
