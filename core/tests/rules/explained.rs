//! The explanation of a score adds up to the score, and what it says would lift the band
//! lifts it.

use proptest::prelude::*;
use vigila_core::documents::explanation::{Explanation, ItemStanding, Lift, Rule};
use vigila_core::documents::model::Aggregation;
use vigila_core::documents::score::{Band, Score};
use vigila_core::scoring::{Applied, Model, Scored, State, explain, lift};

use crate::cases::{self, Case, sent};
use crate::support::{INSTRUMENTS, MODEL, content, model_of, read, score_of, verdicts};

const CLOSE: f64 = 1e-9;

fn explained(case: &Case, model: &Model) -> (Score, Explanation) {
    let instrument = case.instrument();
    let answers = sent(instrument, &case.given());
    let score = score_of(model, instrument, &answers, &case.facts()).score;
    let visit = read(&content(&answers));
    let answered = verdicts(instrument, &visit);
    let facts = vigila_core::scoring::at_visit(&case.facts(), instrument, &answered);
    let scored = Scored { instrument, answered: &answered, answers: &visit.answers, facts: &facts };
    (score, explain(&Applied::new(model, instrument), &scored))
}

/// The overall, worked out from the parts as a reader would.
fn overall(explanation: &Explanation) -> Option<f64> {
    let parts = &explanation.overall.parts;
    let sum = match explanation.overall.aggregation {
        Aggregation::Arithmetic => parts.iter().map(|p| p.share * p.score).sum::<f64>(),
        Aggregation::Geometric => parts.iter().map(|p| p.score.powf(p.share)).product(),
    };
    (!parts.is_empty()).then_some(sum)
}

fn near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= CLOSE,
        (a, b) => a == b,
    }
}

fn adds_up(score: &Score, explanation: &Explanation) -> Result<(), TestCaseError> {
    prop_assert!(near(overall(explanation), score.overall), "{explanation:?}\n{score:?}");
    prop_assert_eq!(explanation.dimensions.len(), score.dimensions.len());
    for (parts, dimension) in explanation.dimensions.iter().zip(&score.dimensions) {
        prop_assert_eq!(&parts.code, &dimension.code);
        prop_assert_eq!(parts.score, dimension.score);
        let sum =
            |part: &dyn Fn(&vigila_core::documents::explanation::ItemParts) -> Option<f64>| {
                parts.items.iter().filter_map(part).sum::<f64>()
            };
        if let Some(points) = dimension.score {
            prop_assert!((sum(&|item| item.points) - points).abs() <= CLOSE, "{parts:?}");
        }
        let observed = sum(&|item| item.value.map(|_| item.weight));
        prop_assert!((observed - dimension.observed_weight).abs() <= CLOSE);
        let due = sum(&|item| {
            let due = [ItemStanding::Observed, ItemStanding::NotObserved].contains(&item.standing);
            due.then_some(item.weight)
        });
        prop_assert!((due - dimension.due_weight).abs() <= CLOSE);
    }
    let all = explanation.dimensions.iter().flat_map(|d| &d.items);
    if let (Some(overall), Aggregation::Arithmetic) =
        (score.overall, explanation.overall.aggregation)
    {
        let lost: f64 = all.clone().filter_map(|item| item.points_lost).sum();
        prop_assert!((lost - (100.0 - overall)).abs() <= CLOSE);
    }
    for costly in &score.costliest {
        let item = all.clone().find(|item| item.item == costly.item).expect("it is in the parts");
        prop_assert_eq!(item.points_lost, Some(costly.points_lost));
        prop_assert_eq!(&item.answer, &costly.answer);
    }
    prop_assert_eq!(&explanation.band.knocked_out_by, &score.knocked_out_by);
    Ok(())
}

/// The rule that is named is the one that decided.
fn rule_fits(score: &Score, explanation: &Explanation, model: &Model) -> Result<(), TestCaseError> {
    let band = &explanation.band;
    let points = score.overall.map(|overall| model.band_of(overall));
    match band.rule {
        Rule::KnockOut => prop_assert_eq!(score.band, Band::Critical),
        Rule::NothingScored => prop_assert!(score.overall.is_none()),
        Rule::Coverage => prop_assert!(score.coverage.unwrap() < band.coverage_minimum),
        Rule::UnseenSection => prop_assert!(!band.unseen_sections.is_empty()),
        Rule::DimensionFloor => {
            prop_assert!(!band.below_floor.is_empty() && points > Some(score.band));
        }
        Rule::Points => prop_assert_eq!(points, Some(score.band)),
    }
    Ok(())
}

/// What is said to lift the band does, and its last step is needed.
fn lifts(case: &Case, model: &Model, score: &Score, said: &Lift) -> Result<(), TestCaseError> {
    let instrument = case.instrument();
    let answers = sent(instrument, &case.given());
    let answered = verdicts(instrument, &read(&content(&answers)));
    let facts = vigila_core::scoring::at_visit(&case.facts(), instrument, &answered);
    let applied = Applied::new(model, instrument);
    let mut states = applied.states(&answered, &facts);
    let steps: Vec<&String> = said.mend.iter().map(|m| &m.item).chain(&said.observe).collect();
    prop_assert!(!steps.is_empty());
    let band = |states: &[State]| {
        let tally = applied.tally(states);
        (applied.rule(states, &tally), tally.overall)
    };
    for step in &steps {
        prop_assert_eq!(band(&states).0.band, score.band, "before the last step nothing changes");
        states[instrument.index_of(step).unwrap()] = State::Observed(1.0);
    }
    let (ruling, overall) = band(&states);
    prop_assert_ne!(ruling.band, score.band);
    if said.observe.is_empty() {
        prop_assert_eq!(said.band, Some(ruling.band));
        prop_assert_eq!(said.overall, overall);
        let gained: f64 = said.mend.iter().map(|m| m.points).sum();
        prop_assert!((overall.unwrap() - score.overall.unwrap() - gained).abs() <= CLOSE);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parts_add_up_to_the_whole(case in cases::any(), geometric in any::<bool>(), weight in 0.5_f64..4.0) {
        let mut document = MODEL.document.clone();
        document.aggregation = if geometric { Aggregation::Geometric } else { Aggregation::Arithmetic };
        document.dimension_weights = [("HYGIENE".to_owned(), weight)].into();
        let model = model_of(document);
        let (score, explanation) = explained(&case, &model);
        adds_up(&score, &explanation)?;
        rule_fits(&score, &explanation, &model)?;
        match &explanation.lift {
            Some(said) => lifts(&case, &model, &score, said)?,
            // Nothing lifts the best band, nor what nobody could look at.
            None => prop_assert!(
                score.band == Band::Good || explanation.band.rule == Rule::NothingScored,
                "{score:?}"
            ),
        }
    }
}

#[test]
fn a_full_visit_needs_no_lift() {
    let instrument = &INSTRUMENTS[0];
    let applied = Applied::new(&MODEL, instrument);
    let full = vec![State::Observed(1.0); instrument.items.len()];
    assert_eq!(lift(&applied, &full), None);
    let mut failed = full;
    let critical = instrument.items.iter().position(|item| item.critical).unwrap();
    failed[critical] = State::Observed(0.0);
    let said = lift(&applied, &failed).unwrap();
    assert_eq!(said.band, Some(Band::Good));
    assert_eq!(said.mend[0].item, instrument.items[critical].code);
}
