//! The code under test beside the second implementation, on random visits over the shipped
//! checklists and models that differ in their settings.

use proptest::prelude::*;
use serde_json::Value;
use vigila_core::documents::score::Score;
use vigila_core::scoring::Model;

use crate::cases::{self, Case, sent};
use crate::reference;
use crate::support::{MODEL, SHIPPED, model_of, score_of};

fn near(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9,
        (found, expected) => found == expected,
    }
}

fn compare(found: &Score, expected: &reference::Result) -> Result<(), TestCaseError> {
    prop_assert!(near(found.overall, expected.overall), "{found:?}\n{expected:?}");
    prop_assert!(near(found.coverage, expected.coverage), "{found:?}\n{expected:?}");
    prop_assert_eq!(found.band.as_str(), expected.band);
    prop_assert_eq!(found.band_by_points.as_str(), expected.band_by_points);
    prop_assert_eq!(&found.knocked_out_by, &expected.knocked_out_by);
    prop_assert_eq!(found.dimensions.len(), expected.dimensions.len());
    for (found, expected) in found.dimensions.iter().zip(&expected.dimensions) {
        prop_assert_eq!(&found.code, &expected.code);
        prop_assert!(near(found.score, expected.score), "{found:?} {expected:?}");
        prop_assert!(near(Some(found.coverage), Some(expected.coverage)));
        prop_assert!(near(Some(found.observed_weight), Some(expected.observed)));
        prop_assert!(near(Some(found.due_weight), Some(expected.due)));
    }
    // The five dearest; whatever ties within 1e-9 stands in the checklist's order.
    let mut left = expected.lost.clone();
    prop_assert_eq!(found.costliest.len(), left.len().min(5));
    for costly in &found.costliest {
        let most = left.iter().map(|(_, points)| *points).fold(0.0, f64::max);
        let first = left.iter().position(|(_, points)| most - points <= 1e-9).unwrap();
        let (code, points) = left.remove(first);
        prop_assert_eq!(&costly.item, &code);
        prop_assert!(near(Some(costly.points_lost), Some(points)));
    }
    Ok(())
}

fn run(case: &Case, model: &Model, file: &Value) -> Result<(), TestCaseError> {
    let given = case.given();
    let instrument = case.instrument();
    let found = score_of(model, instrument, &sent(instrument, &given), &case.facts()).score;
    compare(&found, &reference::score(file, case.file(), &given, &case.known()))?;
    for costly in &found.costliest {
        let answer = &given[&costly.item];
        prop_assert!(costly.answer == *answer || costly.answer.as_f64() == answer.as_f64());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_implementations_agree_under_the_shipped_model(case in cases::any()) {
        run(&case, &MODEL, &SHIPPED.0.scoring[0].file.value)?;
    }

    #[test]
    fn two_implementations_agree_under_other_models(
        case in cases::any(),
        geometric in any::<bool>(),
        weights in (1.0_f64..5.0, 0.1_f64..3.0),
        minimum in 0.0_f64..1.0,
    ) {
        let mut file = SHIPPED.0.scoring[0].file.value.clone();
        file["aggregation"] = if geometric { "geometric" } else { "arithmetic" }.into();
        file["weight_classes"]["B"] = weights.0.into();
        file["coverage_minimum"] = minimum.into();
        file["dimension_weights"] = serde_json::json!({"HYGIENE": weights.1, "SAFETY": weights.0});
        let model = model_of(serde_json::from_value(file.clone()).unwrap());
        run(&case, &model, &file)?;
    }
}
