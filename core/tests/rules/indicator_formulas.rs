//! Every operator of a formula, with what it gives; what is missing, zero, not applicable, not
//! observed or not due. The expectations are worked by hand from contract, section 3, step 8.

use serde_json::{Value, json};
use vigila_core::checklist::Instrument;
use vigila_core::documents::companions::FactDeclaration;
use vigila_core::documents::score::{IndicatorLevel, IndicatorValue, InputKind};
use vigila_core::domain::{FactValue, Facts};
use vigila_core::scoring::{History, Indicators, Measured, territory_value};

use crate::support::{MODEL, answer, checklist_of, indicated, instrument_of};

/// N1 and N2 are numbers, N3 one that applies only to many beds; C1 to C3 are compliances, C4
/// one that applies only to many beds; N1 feeds the fact `present`.
fn instrument() -> Instrument {
    let item = |code: &str, rest: Value| {
        let mut item = json!({
            "code": code, "question": {"it": "Domanda", "en": "Question"},
            "answer_type": "yes_partial_no_na", "source": ["OWN"],
            "weight_class": "A", "critical": false, "photo": "none",
        });
        item.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        item
    };
    let number = |code, rest: Value| {
        let mut all = json!({"answer_type": "number", "unit": "persons", "weight_class": "I"});
        all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        item(code, all)
    };
    let many = json!({"applies_when": "beds > 25"});
    instrument_of(checklist_of(json!([{
        "code": "A", "title": {"it": "A", "en": "A"}, "dimension": "HYGIENE",
        "items": [
            number("N1", json!({"feeds": ["present"]})), number("N2", json!({})),
            number("N3", many.clone()),
            item("C1", json!({})), item("C2", json!({})), item("C3", json!({"weight_class": "B"})),
            item("C4", many),
        ],
    }])))
}

fn declared() -> Vec<FactDeclaration> {
    let fact = |code: &str, origin: &str| {
        json!({"code": code, "type": "number", "unit": "persons", "origin": origin,
               "title": {"it": "F", "en": "F"}})
    };
    serde_json::from_value(json!([
        fact("present", "visit"),
        fact("elsewhere", "visit"),
        fact("beds", "facility"),
        fact("contract.hours", "contract"),
        fact("flag", "facility"),
    ]))
    .unwrap()
}

fn set_of(definitions: Vec<Value>) -> Indicators {
    let document = json!({
        "schema_version": 1, "definitions": definitions,
        "indicators": {"code": "IND", "version": "1.0.0", "title": {"it": "P", "en": "T"}},
    });
    Indicators::new(serde_json::from_value(document).unwrap(), "a digest")
}

fn definition(parts: Value) -> Value {
    let mut all = json!({
        "code": "IND-ANY-01", "title": {"it": "P", "en": "T"}, "dimension": "ANY",
        "unit": "count", "direction": "higher_is_better", "source": ["OWN"],
    });
    all.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    all
}

/// What one definition comes to in a visit; `None` where the checklist cannot give it.
fn value_of(parts: Value, answers: &[(&str, Value)], facts: &Facts) -> Option<IndicatorValue> {
    let instrument = instrument();
    let compiled = set_of(vec![definition(parts)]).compile(&instrument, &declared());
    let answers: Vec<_> = answers.iter().map(|(item, value)| answer(item, value)).collect();
    let score = indicated(&MODEL, &compiled, &instrument, &answers, facts);
    assert!(score.indicators.len() <= 1);
    score.indicators.into_iter().next()
}

fn facts(all: &[(&str, f64)]) -> Facts {
    all.iter().map(|(name, value)| ((*name).to_owned(), FactValue::Number(*value))).collect()
}

fn answered() -> Vec<(&'static str, Value)> {
    vec![
        ("N1", json!(30)),
        ("N2", json!(4)),
        ("N3", json!(7)),
        ("C1", json!("yes")),
        ("C2", json!("partial")),
        ("C3", json!("no")),
        ("C4", json!("no")),
    ]
}

#[test]
fn every_operator_gives_what_it_says() {
    let known = facts(&[("beds", 40.0), ("contract.hours", 8.0)]);
    let table = [
        (json!({"number": 4}), None),
        (json!({"sum": [{"number": 0}, {"fact": "beds"}]}), Some(40.0)),
        (json!({"fact": "beds"}), Some(40.0)),
        (json!({"fact": "present"}), Some(30.0)),
        (json!({"fact": "contract.hours"}), Some(8.0)),
        (json!({"item": "N2"}), Some(4.0)),
        (json!({"item": "N3"}), Some(7.0)),
        (json!({"compliance": "C2"}), Some(0.5)),
        (json!({"sum": [{"item": "N1"}, {"item": "N2"}, {"number": 1}]}), Some(35.0)),
        (json!({"product": [{"item": "N2"}, {"number": 2.5}]}), Some(10.0)),
        (json!({"difference": [{"item": "N1"}, {"item": "N2"}, {"item": "N3"}]}), Some(19.0)),
        (json!({"smallest": [{"item": "N1"}, {"item": "N2"}, {"item": "N3"}]}), Some(4.0)),
        (json!({"largest": [{"item": "N2"}, {"item": "N1"}, {"item": "N3"}]}), Some(30.0)),
        (json!({"first_of": [{"item": "N9"}, {"item": "N3"}, {"item": "N1"}]}), Some(7.0)),
        (json!({"passed": ["C1", "C2", "C3"]}), Some(1.5)),
        (json!({"failed": ["C1", "C2", "C3", "C4"]}), Some(2.0)),
        (json!({"observed": ["C1", "C3", "X1"]}), Some(2.0)),
        // Weights A 5, B 3: C1 5 + C2 2.5 of 5 + 5 + 3 + 5.
        (json!({"weight": "earned"}), Some(7.5)),
        (json!({"weight": "observed"}), Some(18.0)),
        (json!({"weight": "due"}), Some(18.0)),
    ];
    for (formula, expected) in table {
        let found = value_of(json!({"value": formula}), &answered(), &known);
        assert_eq!(found.and_then(|found| found.value), expected, "{formula}");
    }
}

#[test]
fn a_flag_is_one_or_zero() {
    for (flag, expected) in [(true, 1.0), (false, 0.0)] {
        let known = Facts::from([("flag".into(), FactValue::Flag(flag))]);
        let found = value_of(json!({"value": {"fact": "flag"}}), &[], &known).unwrap();
        assert_eq!(found.value, Some(expected));
    }
}

#[test]
fn what_is_missing_gives_no_value_and_never_zero() {
    let not = |item: &'static str, value: Value| {
        let mut all = answered();
        all.retain(|(code, _)| *code != item);
        if !value.is_null() {
            all.push((item, value));
        }
        all
    };
    let many = facts(&[("beds", 40.0)]);
    let few = facts(&[("beds", 10.0)]);
    let item = json!({"item": "N2"});
    let sum = json!({"sum": [{"item": "N1"}, {"item": "N2"}]});
    let product = json!({"product": [{"number": 0}, {"item": "N2"}]});
    let none = [
        (item.clone(), not("N2", Value::Null), &many),
        (item.clone(), not("N2", json!("not_observed")), &many),
        (item, not("N2", json!("na")), &many),
        (sum, not("N2", Value::Null), &many),
        (product, not("N2", Value::Null), &many),
        (json!({"smallest": [{"item": "N1"}, {"item": "N2"}]}), not("N2", json!("na")), &many),
        (json!({"item": "N3"}), answered(), &few),
        (json!({"fact": "beds"}), answered(), &Facts::new()),
        (json!({"fact": "present"}), not("N1", Value::Null), &many),
        (json!({"compliance": "C1"}), not("C1", json!("na")), &many),
        (json!({"compliance": "C1"}), not("C1", json!("not_observed")), &many),
        (json!({"compliance": "C4"}), answered(), &few),
        (json!({"failed": ["C1"]}), not("C1", json!("not_observed")), &many),
        (json!({"first_of": [{"item": "N2"}, {"item": "N9"}]}), not("N2", Value::Null), &many),
    ];
    for (formula, answers, known) in none {
        let found = value_of(json!({"value": formula}), &answers, known).unwrap();
        assert_eq!((found.value, found.level), (None, None), "{formula}");
    }
    let some = [
        // The condition of an item whose fact is unknown holds.
        (json!({"item": "N3"}), answered(), &Facts::new(), 7.0),
        // Nothing due cannot fail; of what is due, one that was seen is enough to count.
        (json!({"failed": ["C4"]}), answered(), &few, 0.0),
        (json!({"failed": ["C1"]}), not("C1", json!("na")), &many, 0.0),
        (json!({"failed": ["C1", "C3"]}), not("C1", json!("not_observed")), &many, 1.0),
        (json!({"observed": ["C1", "C3"]}), not("C1", json!("na")), &many, 1.0),
        (json!({"passed": ["C1", "C2", "C4"]}), not("C1", Value::Null), &few, 0.5),
        (json!({"first_of": [{"item": "N2"}, {"number": 3}]}), not("N2", json!("na")), &many, 3.0),
        (json!({"weight": "observed"}), not("C1", json!("not_observed")), &few, 8.0),
        (json!({"weight": "due"}), not("C1", json!("not_observed")), &few, 13.0),
    ];
    for (formula, answers, known, expected) in some {
        let found = value_of(json!({"value": formula}), &answers, known).unwrap();
        assert_eq!(found.value, Some(expected), "{formula}");
    }
}

#[test]
fn a_quotient_needs_both_and_is_never_divided_by_zero() {
    let quotient = |unit: &str| json!({"unit": unit, "numerator": {"item": "N2"}, "denominator": {"fact": "beds"}});
    let table = [
        ("count", Some(4.0), Some(8.0), Some(0.5)),
        ("percent", Some(4.0), Some(8.0), Some(50.0)),
        ("percent", Some(0.0), Some(8.0), Some(0.0)),
        ("percent", Some(4.0), Some(0.0), None),
        ("percent", Some(0.0), Some(0.0), None),
        ("percent", None, Some(8.0), None),
        ("percent", Some(4.0), None, None),
        ("count", Some(1e300), Some(1e-300), None),
    ];
    for (unit, above, below, expected) in table {
        let answers: Vec<_> = above.iter().map(|n| ("N2", json!(n))).collect();
        let known: Vec<_> = below.iter().map(|n| ("beds", *n)).collect();
        let found = value_of(quotient(unit), &answers, &facts(&known)).unwrap();
        assert_eq!(found.value, expected, "{unit} {above:?} {below:?}");
        assert_eq!((found.numerator, found.denominator), (above, below));
    }
    // Too large on the way is no value either, however it would be joined further.
    let huge = json!({"value": {"smallest": [
        {"product": [{"item": "N2"}, {"item": "N2"}]}, {"number": 3},
    ]}});
    assert_eq!(value_of(huge, &[("N2", json!(1e200))], &Facts::new()).unwrap().value, None);
}

#[test]
fn what_the_checklist_cannot_give_is_left_out() {
    let left_out = [
        json!({"value": {"item": "X1"}}),
        json!({"value": {"fact": "elsewhere"}}),
        json!({"value": {"sum": [{"item": "N1"}, {"item": "X1"}]}}),
        json!({"value": {"passed": ["X1", "X2"]}}),
        json!({"value": {"first_of": [{"item": "X1"}, {"fact": "elsewhere"}]}}),
        // Written numbers alone say nothing of a visit.
        json!({"value": {"first_of": [{"item": "X1"}, {"number": 3}]}}),
        json!({"numerator": {"item": "N1"}, "denominator": {"item": "X1"}}),
        json!({"value": {"history": "critical_open"}}),
    ];
    for parts in left_out {
        assert_eq!(value_of(parts.clone(), &answered(), &facts(&[("beds", 9.0)])), None, "{parts}");
    }
    let otherwise = json!({
        "numerator": {"item": "N1"}, "denominator": {"fact": "elsewhere"},
        "otherwise": {"item": "N2"},
    });
    let found = value_of(otherwise, &answered(), &Facts::new()).unwrap();
    assert_eq!((found.value, found.numerator, found.denominator), (Some(4.0), None, None));
    // Where the quotient can be given, the other value is not looked at, even if it has none.
    let quotient = json!({
        "numerator": {"item": "N1"}, "denominator": {"fact": "beds"}, "otherwise": {"item": "N2"},
    });
    assert_eq!(value_of(quotient, &answered(), &Facts::new()).unwrap().value, None);
}

#[test]
fn an_indicator_names_what_it_was_made_of() {
    let parts = json!({
        "unit": "percent",
        "numerator": {"sum": [{"item": "N2"}, {"passed": ["C2", "C4", "X1"]}, {"weight": "due"}]},
        "denominator": {"largest": [{"fact": "beds"}, {"item": "N2"}]},
    });
    let found = value_of(parts, &answered(), &facts(&[("beds", 20.0)])).unwrap();
    let inputs: Vec<_> =
        found.inputs.iter().map(|input| (input.kind, input.code.as_str(), input.value)).collect();
    let expected = [
        (InputKind::Item, "N2", Some(4.0)),
        (InputKind::Compliance, "C2", Some(0.5)),
        (InputKind::Compliance, "C4", None),
        (InputKind::Weight, "due", Some(13.0)),
        (InputKind::Fact, "beds", Some(20.0)),
    ];
    assert_eq!(inputs, expected);
    assert_eq!((found.numerator, found.denominator), (Some(17.5), Some(20.0)));
    assert_eq!(found.value, Some(87.5));
    let wire = serde_json::to_value(&found.inputs[0]).unwrap();
    assert_eq!(wire, json!({"kind": "item", "code": "N2", "value": 4.0}));
}

#[test]
fn levels_follow_the_limits() {
    use IndicatorLevel::{Fair, Good, Poor};
    let level = |limits: Value, number: f64| {
        let mut parts = json!({"value": {"item": "N2"}});
        parts.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
        let found = value_of(parts, &[("N2", json!(number))], &Facts::new()).unwrap();
        (found.level, found.critical)
    };
    let up = json!({"good": 90, "fair": 80, "critical": true});
    let down = json!({"direction": "lower_is_better", "good": 5, "fair": 15});
    let range = json!({"direction": "range", "good": [18, 27], "fair": [16, 30]});
    let strict = json!({"good": 1, "critical": true});
    let table = [
        (&up, 90.0, Some(Good), false),
        (&up, 89.999_999_999_9, Some(Good), false),
        (&up, 89.999, Some(Fair), false),
        (&up, 80.0, Some(Fair), false),
        (&up, 79.999, Some(Poor), true),
        (&down, 5.0, Some(Good), false),
        (&down, 15.000_000_000_1, Some(Fair), false),
        (&down, 15.1, Some(Poor), false),
        (&range, 27.0, Some(Good), false),
        (&range, 16.0, Some(Fair), false),
        (&range, 30.5, Some(Poor), false),
        (&strict, 1.0, Some(Good), false),
        (&strict, 0.0, Some(Poor), true),
        (&json!({}), 0.0, None, false),
    ];
    for (limits, number, expected, critical) in table {
        assert_eq!(level(limits.clone(), number), (expected, critical), "{limits} {number}");
    }
}

#[test]
fn the_history_of_a_centre_has_indicators_of_its_own() {
    let of = |code: &str, history: &str, good: u32| {
        definition(json!({
            "code": code, "value": {"history": history}, "direction": "lower_is_better",
            "good": good, "critical": true,
        }))
    };
    let set = set_of(vec![
        of("IND-FRQ-01", "days_since_last_visit", 180),
        definition(json!({"value": {"item": "N1"}})),
        of("IND-CRI-01", "critical_open", 0),
        of("IND-CRI-02", "oldest_critical_days", 0),
        of("IND-NCO-03", "repeated_failures", 0),
    ]);
    let history = History {
        days_since_last_visit: Some(100.5),
        critical_open: Some(2.0),
        oldest_critical_days: None,
        repeated_failures: Some(0.0),
    };
    let found = set.of_history(&history);
    let found: Vec<_> =
        found.iter().map(|one| (one.code.as_str(), one.value, one.critical)).collect();
    let expected = [
        ("IND-FRQ-01", Some(100.5), false),
        ("IND-CRI-01", Some(2.0), true),
        ("IND-CRI-02", None, false),
        ("IND-NCO-03", Some(0.0), false),
    ];
    assert_eq!(found, expected);
}

#[test]
fn the_value_of_a_territory_is_the_quotient_of_the_sums() {
    let read = |parts| serde_json::from_value(definition(parts)).unwrap();
    let quotient = |unit: &str| {
        read(json!({"unit": unit, "numerator": {"item": "N1"}, "denominator": {"item": "N2"}}))
    };
    let pair = |above: f64, below: f64| Measured {
        value: (below != 0.0).then(|| above / below),
        numerator: Some(above),
        denominator: Some(below),
    };
    let single = |value: Option<f64>| Measured { value, ..Measured::default() };
    let plain = quotient("persons_per_fixture");
    let percent = quotient("percent");
    // 10 of 10 and 30 of 90: 40 of 100, not the mean of 100 and 33.3.
    let two = || vec![pair(10.0, 10.0), pair(30.0, 90.0)];
    assert_eq!(territory_value(&percent, two()), Some(40.0));
    assert_eq!(territory_value(&plain, two()), Some(0.4));
    // Without a value a centre does not count, be its numerator known or not.
    let with_gaps = [pair(5.0, 0.0), single(None), pair(10.0, 10.0), pair(30.0, 90.0)];
    assert_eq!(territory_value(&percent, with_gaps), Some(40.0));
    assert_eq!(
        territory_value(&plain, [single(Some(3.0)), single(None), single(Some(4.0))]),
        Some(3.5)
    );
    assert_eq!(territory_value(&plain, [single(Some(99.0)), pair(1.0, 2.0)]), Some(0.5));
    assert_eq!(territory_value(&percent, []), None);
    assert_eq!(territory_value(&percent, [single(None)]), None);
}
