//! The shipped indicators: which checklist gives which, and what they come to, worked out here
//! a second time from the answers.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use vigila_core::documents::score::{IndicatorLevel, IndicatorValue};
use vigila_core::domain::{FactValue, Facts};
use vigila_core::scoring::History;

use crate::reference::Given;
use crate::support::{INDICATORS, INSTRUMENTS, MODEL, compiled_for, indicated};

/// A visit in which everything was answered: compliances turn through yes, partial and no,
/// numbers are those given here or 2.
fn whole_visit(checklist: &str) -> Given {
    let file = INSTRUMENTS.iter().find(|i| i.reference.code == checklist).unwrap();
    let numbers = BTreeMap::from([
        ("CAS-A02", 41.0),
        ("CAS-A03", 50.0),
        ("CAS-A07", 3.0),
        ("CAS-A05", 5.0),
        ("CAS-B01", 4.6),
        ("CAS-B06", 15.0),
        ("CAS-C01", 4.0),
        ("CAS-C02", 5.0),
        ("CAS-C03", 8.0),
        ("CAS-G01", 30.0),
        ("CAS-G02", 55.0),
        ("CAS-H05", 6.0),
        ("CAS-I01", 3.0),
        ("CAS-I07", 4.0),
        ("CAS-U-A01", 6.0),
        ("CAS-U-A02", 5.0),
        ("CAS-U-C01", 2.0),
        ("CAS-U-F01", 7.0),
        ("EU-I08", 11.0),
        ("EU-I09", 16.5),
        ("EU-I10", 10.0),
        ("FH-A01", 40.0),
        ("FH-A03", 45.0),
        ("FH-B03", 1.0),
        ("FH-C01", 4.0),
        ("FH-C02", -12.0),
        ("FH-D01", 3.0),
        ("FH-D08", 24.0),
        ("UAM-A01", 20.0),
        ("UAM-A03", 4.0),
        ("UAM-B04", 1.0),
        ("UAM-C06", 3.0),
        ("UAM-E01", 2.0),
        ("UAM-F05", 17.0),
        ("UAM-H01", 5.0),
    ]);
    let mut given = Given::new();
    for (index, item) in file.document.sections.iter().flat_map(|s| &s.items).enumerate() {
        use vigila_core::documents::checklist::AnswerType;
        let value = match item.answer_type {
            AnswerType::YesPartialNoNa => json!(["yes", "partial", "no"][index % 3]),
            AnswerType::YesNoNa => json!(["yes", "no"][index % 2]),
            AnswerType::Number => json!(numbers.get(item.code.as_str()).copied().unwrap_or(2.0)),
            AnswerType::Text => json!("something"),
            AnswerType::Choice => continue,
        };
        given.insert(item.code.clone(), value);
    }
    given
}

fn known() -> Facts {
    let all = [
        ("capacity", 40.0),
        ("beds", 40.0),
        ("special_needs_mobility", 1.0),
        ("contract.mediation_hours", 40.0),
        ("contract.social_assistance_hours", 50.0),
        ("contract.medical_hours", 8.0),
        ("contract.guests_per_operator", 10.0),
    ];
    all.into_iter().map(|(name, value)| (name.to_owned(), FactValue::Number(value))).collect()
}

fn indicators_of(checklist: &str, given: &Given) -> BTreeMap<String, IndicatorValue> {
    let instrument = INSTRUMENTS.iter().find(|i| i.reference.code == checklist).unwrap();
    let answers = crate::cases::sent(instrument, given);
    let score = indicated(&MODEL, &compiled_for(instrument), instrument, &answers, &known());
    score.indicators.into_iter().map(|one| (one.code.clone(), one)).collect()
}

const INSPECTED: [&str; 5] = ["CAS-COLL", "CAS-UNIT", "EUAA-2016", "FIRE-HYG", "UAM-2018"];

#[test]
fn every_indicator_is_computed_somewhere() {
    let mut computed = BTreeSet::new();
    for checklist in INSPECTED {
        let all = indicators_of(checklist, &whole_visit(checklist));
        for (code, one) in all {
            assert!(one.value.is_some(), "{checklist} lists {code} without a value: {one:?}");
            computed.insert(code);
        }
    }
    let history = History {
        days_since_last_visit: Some(200.0),
        critical_open: Some(0.0),
        oldest_critical_days: Some(0.0),
        repeated_failures: Some(2.0),
    };
    for one in INDICATORS.of_history(&history) {
        assert!(one.value.is_some(), "{one:?}");
        assert!(computed.insert(one.code.clone()), "{} is of visits and of history", one.code);
    }
    let defined: BTreeSet<_> = INDICATORS.definitions().map(|one| one.code.clone()).collect();
    assert_eq!(computed, defined);
    assert!(defined.len() >= 30, "{} indicators", defined.len());
}

#[test]
fn each_checklist_gives_its_own() {
    let of = |checklist: &str| {
        let all = indicators_of(checklist, &Given::new());
        assert!(all.values().all(|one| one.value.is_none()
            || one.inputs.iter().any(|input| { input.code == "due" || input.value.is_some() })));
        all.into_keys().map(|code| code.trim_start_matches("IND-").to_owned()).collect::<Vec<_>>()
    };
    let listed = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        of("CAS-COLL"),
        listed(
            "ADM-01 ADM-02 ADM-03 COV-01 GOO-01 HEA-01 HEA-02 HOU-01 HOU-02 HOU-03 HOU-08 HYG-01 \
             HYG-02 HYG-03 SAF-01 SER-01 SER-02 SER-03 SER-05 STD-01 STF-01 STF-02 VUL-01"
        )
    );
    assert_eq!(
        of("CAS-UNIT"),
        listed(
            "ADM-01 ADM-02 COV-01 GOO-01 HOU-01 HOU-02 HYG-01 HYG-02 HYG-03 SER-03 SER-04 STD-01"
        )
    );
    assert_eq!(
        of("EUAA-2016"),
        listed(
            "ADM-02 COV-01 GOO-01 HOU-02 HOU-03 HYG-01 HYG-02 HYG-03 SER-03 STD-01 VUL-01 VUL-02"
        )
    );
    assert_eq!(of("FIRE-HYG"), listed("ADM-02 COV-01 FOO-02 HYG-04 SAF-01 SAF-02 SAF-03 STD-01"));
    assert_eq!(
        of("UAM-2018"),
        listed(
            "ADM-02 COV-01 GOO-01 HOU-01 HOU-02 HOU-04 SER-06 STD-01 STF-01 UAM-01 UAM-02 UAM-03 \
             UAM-04 VUL-01 VUL-02"
        )
    );
}

/// What an answer is worth by contract, section 3, step 1, for compliances.
fn worth(given: &Given, item: &str) -> f64 {
    match given[item].as_str().unwrap() {
        "yes" => 1.0,
        "partial" => 0.5,
        "no" => 0.0,
        other => panic!("{item}: {other}"),
    }
}

#[test]
fn values_are_those_worked_out_by_hand() {
    use IndicatorLevel::{Fair, Good, Poor};
    type By = fn(&dyn Fn(&str) -> f64) -> f64;
    let table: [(&str, &str, By, IndicatorLevel); 23] = [
        (
            "CAS-COLL",
            "IND-ADM-01",
            |n| 100.0 * (n("CAS-A03") - n("CAS-A02") - n("CAS-A07")) / n("CAS-A03"),
            Fair,
        ),
        ("CAS-COLL", "IND-HOU-01", |n| 100.0 * n("CAS-A02") / 40.0, Poor),
        ("CAS-COLL", "IND-HOU-02", |n| n("CAS-B01"), Fair),
        ("CAS-COLL", "IND-HOU-08", |n| n("CAS-B06"), Poor),
        ("CAS-COLL", "IND-HYG-01", |n| n("CAS-A02") / n("CAS-C01"), Fair),
        ("CAS-COLL", "IND-HYG-02", |n| n("CAS-A02") / n("CAS-C02"), Good),
        ("CAS-COLL", "IND-HYG-03", |n| n("CAS-A02") / n("CAS-C03"), Good),
        ("CAS-COLL", "IND-SER-01", |n| 100.0 * n("CAS-G01") / 40.0, Poor),
        ("CAS-COLL", "IND-SER-02", |n| 100.0 * n("CAS-G02") / 50.0, Good),
        ("CAS-COLL", "IND-HEA-01", |n| 100.0 * n("CAS-H02") / n("CAS-A03"), Fair),
        ("CAS-COLL", "IND-HEA-02", |n| 100.0 * n("CAS-H05") / 8.0, Poor),
        ("CAS-COLL", "IND-STF-01", |n| 100.0 * (n("CAS-A02") / n("CAS-I01")) / 10.0, Poor),
        ("CAS-COLL", "IND-STF-02", |n| 100.0 * n("CAS-I01") / n("CAS-I07"), Poor),
        (
            "CAS-UNIT",
            "IND-ADM-01",
            |n| 100.0 * (n("CAS-U-A02") - n("CAS-U-A01")).abs() / n("CAS-U-A02"),
            Poor,
        ),
        ("CAS-UNIT", "IND-HYG-03", |n| n("CAS-U-A01") / n("CAS-U-C01"), Good),
        ("CAS-UNIT", "IND-SER-04", |n| n("CAS-U-F01"), Fair),
        ("EUAA-2016", "IND-HYG-01", |n| n("EU-I08"), Fair),
        ("EUAA-2016", "IND-HYG-02", |n| n("EU-I09"), Poor),
        ("FIRE-HYG", "IND-SAF-02", |n| n("FH-A03"), Fair),
        ("FIRE-HYG", "IND-HYG-04", |n| 100.0 * n("FH-D01") / n("FH-D08"), Poor),
        ("UAM-2018", "IND-SER-06", |n| 100.0 * n("UAM-F05") / n("UAM-A01"), Fair),
        ("UAM-2018", "IND-UAM-04", |n| n("UAM-A03"), Poor),
        ("UAM-2018", "IND-HOU-04", |n| n("UAM-H01"), Fair),
    ];
    for (checklist, code, by_hand, level) in table {
        let given = whole_visit(checklist);
        let found = &indicators_of(checklist, &given)[code];
        let expected = by_hand(&|item| given[item].as_f64().unwrap());
        let value = found.value.unwrap();
        assert!((value - expected).abs() < 1e-9, "{checklist} {code}: {value}, not {expected}");
        assert_eq!(found.level, Some(level), "{checklist} {code}: {value}");
    }
}

#[test]
fn shares_counts_and_warnings_are_those_worked_out_by_hand() {
    let given = whole_visit("UAM-2018");
    let found = indicators_of("UAM-2018", &given);
    let vulnerable = ["UAM-C01", "UAM-C02", "UAM-C04"];
    let mean = vulnerable.iter().map(|item| worth(&given, item)).sum::<f64>() / 3.0;
    assert!((found["IND-VUL-01"].value.unwrap() - 100.0 * mean).abs() < 1e-9);
    // 3 gone missing in 90 days of 20 minors: 3 over 60 months, 5 of each 100.
    assert_eq!(found["IND-UAM-02"].value, Some(5.0));
    assert_eq!(found["IND-UAM-02"].level, None);
    assert_eq!((found["IND-UAM-01"].value, found["IND-UAM-01"].critical), (Some(1.0), true));

    let mut given = whole_visit("FIRE-HYG");
    // The fridge is cold enough, the freezer not even nearly.
    assert_eq!(indicators_of("FIRE-HYG", &given)["IND-FOO-02"].value, Some(50.0));
    for (title, value, critical) in [("yes", 1.0, false), ("no", 0.0, true), ("na", 1.0, false)] {
        given.insert("FH-A02".into(), json!(title));
        let found = indicators_of("FIRE-HYG", &given);
        assert_eq!(found["IND-SAF-01"].value, Some(value), "{title}");
        assert_eq!(found["IND-SAF-01"].critical, critical, "{title}");
    }
    given.insert("FH-A02".into(), json!("not_observed"));
    assert_eq!(indicators_of("FIRE-HYG", &given)["IND-SAF-01"].value, None);
    // Up to 25 beds no title is due, and whatever was answered does not count.
    given.insert("FH-A02".into(), json!("no"));
    given.insert("FH-A01".into(), json!(25));
    let found = indicators_of("FIRE-HYG", &given);
    assert_eq!((found["IND-SAF-01"].value, found["IND-SAF-02"].value), (Some(1.0), None));
}

#[test]
fn a_gap_needs_the_justified_absences_where_they_are_asked_for() {
    let mut given = whole_visit("CAS-COLL");
    given.remove("CAS-A07");
    let found = indicators_of("CAS-COLL", &given);
    assert_eq!((found["IND-ADM-01"].value, found["IND-ADM-01"].level), (None, None));
    let empty = Value::from(0);
    given.insert("CAS-A07".into(), empty.clone());
    assert_eq!(indicators_of("CAS-COLL", &given)["IND-ADM-01"].value, Some(18.0));
    // Nobody registered: a division by zero, and no value.
    given.insert("CAS-A03".into(), empty);
    assert_eq!(indicators_of("CAS-COLL", &given)["IND-ADM-01"].value, None);
}

#[test]
fn coverage_and_standards_met_are_those_of_the_visit() {
    for checklist in INSPECTED {
        let mut given = whole_visit(checklist);
        let some: Vec<_> = given.keys().step_by(4).cloned().collect();
        for item in some {
            given.remove(&item);
        }
        let instrument = INSTRUMENTS.iter().find(|i| i.reference.code == checklist).unwrap();
        let answers = crate::cases::sent(instrument, &given);
        let compiled = compiled_for(instrument);
        let score = indicated(&MODEL, &compiled, instrument, &answers, &known());
        let of = |code: &str| score.indicators.iter().find(|one| one.code == code).unwrap().value;
        let near = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 1e-9;
        assert!(near(of("IND-COV-01"), 100.0 * score.coverage.unwrap()), "{checklist}");
        let observed: f64 = score.dimensions.iter().map(|d| d.observed_weight).sum();
        let earned = score.dimensions.iter().filter_map(|d| Some(d.score? * d.observed_weight));
        assert!(near(of("IND-STD-01"), earned.sum::<f64>() / observed), "{checklist}");
    }
}
