//! What must hold of indicators in every visit: always a number or nothing, deaf to inputs
//! that are not theirs, and without a say in the score.

use proptest::prelude::*;
use serde_json::Value;
use vigila_core::scoring::inputs_digest;

use crate::cases::{self, possible, sent};
use crate::reference::{self, Given};
use crate::support::{
    INDICATORS, MODEL, SHIPPED, compiled_for, content, indicated, read, score_of, verdicts,
};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn a_value_is_finite_or_missing(case in cases::any()) {
        let compiled = compiled_for(case.instrument());
        let answers = sent(case.instrument(), &case.given());
        let score = indicated(&MODEL, &compiled, case.instrument(), &answers, &case.facts());
        prop_assert_eq!(score.indicators.len(), compiled.definitions().count());
        for one in &score.indicators {
            let parts = [one.value, one.numerator, one.denominator];
            let inputs = one.inputs.iter().map(|input| input.value);
            for number in parts.into_iter().chain(inputs).flatten() {
                prop_assert!(number.is_finite(), "{one:?}");
            }
            prop_assert!(one.value.is_some() || one.level.is_none(), "{one:?}");
            prop_assert!(one.value.is_none() || one.denominator != Some(0.0), "{one:?}");
            prop_assert!(!one.inputs.is_empty(), "{one:?}");
        }
    }

    #[test]
    fn indicators_change_nothing_else_in_a_score(case in cases::any()) {
        let answers = sent(case.instrument(), &case.given());
        let without = score_of(&MODEL, case.instrument(), &answers, &case.facts()).score;
        let compiled = compiled_for(case.instrument());
        let mut with = indicated(&MODEL, &compiled, case.instrument(), &answers, &case.facts());
        prop_assert!(!with.indicators.is_empty());
        with.indicators.clear();
        prop_assert_eq!(with, without);
    }

    #[test]
    fn an_answer_moves_only_indicators_that_read_it(case in cases::any(), pick in any::<usize>()) {
        let compiled = compiled_for(case.instrument());
        let all = reference::items(case.file());
        let (item, _, _) = all[pick % all.len()];
        let code = item["code"].as_str().unwrap();
        let fed: Vec<_> = item.get("feeds").and_then(Value::as_array).into_iter().flatten().collect();
        let facts_fed = fed.iter().filter_map(|f| f.as_str()).filter(|f| !f.starts_with("IND-"));
        let facts_fed: Vec<_> = facts_fed.collect();
        let conditional: Vec<_> = all
            .iter()
            .filter(|(other, _, _)| {
                let condition = other.get("applies_when").and_then(Value::as_str);
                condition.is_some_and(|c| facts_fed.iter().any(|f| c.split(' ').next() == Some(*f)))
            })
            .map(|(other, _, _)| other["code"].as_str().unwrap())
            .collect();
        let scored = |given: &Given| {
            let answers = sent(case.instrument(), given);
            indicated(&MODEL, &compiled, case.instrument(), &answers, &case.facts()).indicators
        };
        let mut given = case.given();
        given.remove(code);
        let before = scored(&given);
        for value in possible(case.file(), item) {
            given.insert(code.to_owned(), value);
            for (old, new) in before.iter().zip(scored(&given)) {
                let reads = new.inputs.iter().any(|input| {
                    let name = input.code.as_str();
                    name == code || facts_fed.contains(&name) || conditional.contains(&name)
                });
                let of_weights = ["IND-STD-01", "IND-COV-01"].contains(&new.code.as_str());
                prop_assert!(reads || of_weights || *old == new, "{code}: {old:?}\n{new:?}");
            }
        }
    }
}

#[test]
fn the_set_is_in_the_digest_of_the_inputs_only_where_there_is_one() {
    let instrument = &crate::support::INSTRUMENTS[0];
    let answered = verdicts(instrument, &read(&content(&[])));
    let digest =
        |set| inputs_digest(instrument, &answered, &vigila_core::domain::Facts::new(), set);
    let shipped = INDICATORS.version();
    let mut next = shipped.clone();
    next.version = "1.0.1".into();
    let mut relaid = shipped.clone();
    relaid.digest = "another".into();
    assert_ne!(digest(None), digest(Some(shipped)));
    assert_ne!(digest(Some(&next)), digest(Some(shipped)));
    assert_eq!(digest(Some(&relaid)), digest(Some(shipped)));
    let document = &SHIPPED.0.indicators.as_ref().unwrap().document;
    assert_eq!(shipped.code, document.indicators.code);
}
