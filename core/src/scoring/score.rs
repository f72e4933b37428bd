//! The score of a visit as it is stored: what it adds up to, and what cost most (contract,
//! section 3, steps 3 to 8).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::applied::{Applied, Tally};
use super::compact::encode;
use super::formula::Inputs;
use super::indicators::Compiled;
use super::model::{Model, TOLERANCE};
use super::points::State;
use crate::checklist::{Answered, Instrument, Verdict};
use crate::documents::checklist::PhotoRule;
use crate::documents::inspection::{Answer, RawValue};
use crate::documents::json;
use crate::documents::score::{ChecklistVersion, CostlyItem, ModelVersion, Score};
use crate::domain::{FactValue, Facts, Instant, Sha256};

/// How many items `costliest` names.
const COSTLIEST: usize = 5;

/// A visit as it was answered, with the facts frozen at its receipt.
pub struct Scored<'a> {
    /// The checklist.
    pub instrument: &'a Instrument,
    /// The verdicts, by item.
    pub answered: &'a Answered,
    /// The answers as sent, for the explanation.
    pub answers: &'a [Answer],
    /// The facts.
    pub facts: &'a Facts,
}

/// A score with the digest of what it was made of.
pub struct Outcome {
    /// The score.
    pub score: Score,
    /// SHA-256 over checklist, answers, facts and the set of indicators in canonical form.
    pub inputs_digest: String,
}

/// Scores a visit under a model. `indicators` are those compiled for its checklist; they change
/// nothing else in the score.
#[must_use]
pub fn score(
    model: &Model,
    indicators: Option<&Compiled>,
    visit: &Scored<'_>,
    now: Instant,
) -> Outcome {
    let instrument = visit.instrument;
    let applied = Applied::new(model, instrument);
    let states = applied.states(visit.answered, visit.facts);
    let tally = applied.tally(&states);
    let ruling = applied.rule(&states, &tally);
    let knocked_out = applied.knocked_out_by(&states);
    let score = Score {
        overall: tally.overall,
        coverage: tally.coverage(),
        band: ruling.band,
        band_by_points: ruling.by_points,
        costliest: costliest(&applied, visit, &states, &tally),
        dimensions: applied.dimension_scores(&tally),
        indicators: indicators.map_or_else(Vec::new, |all| {
            let facts = all.facts().read(visit.facts);
            all.explain(&Inputs {
                answered: visit.answered,
                states: &states,
                facts: &facts,
                weights: tally.total,
            })
        }),
        knocked_out_by: knocked_out.map(|item| instrument.items[item].code.clone()).collect(),
        checklist: ChecklistVersion {
            code: instrument.reference.code.clone(),
            version: instrument.reference.version.clone(),
        },
        model: model.version.clone(),
        computed_at: now.to_string(),
    };
    let inputs_digest =
        inputs_digest(instrument, visit.answered, visit.facts, indicators.map(Compiled::version));
    Outcome { score, inputs_digest }
}

fn costliest(
    applied: &Applied<'_>,
    visit: &Scored<'_>,
    states: &[State],
    tally: &Tally,
) -> Vec<CostlyItem> {
    let mut lost: Vec<(usize, f64)> = Vec::new();
    for (index, state) in states.iter().enumerate() {
        let State::Observed(value) = state else { continue };
        let points = applied.points_lost(index, *value, tally);
        if points > 0.0 {
            lost.push((index, points));
        }
    }
    // Points within the tolerance tie, and the sort is stable: ties stay in the checklist's order.
    let steps = |points: f64| (points / TOLERANCE).round();
    lost.sort_by(|a, b| steps(b.1).total_cmp(&steps(a.1)));
    lost.truncate(COSTLIEST);
    let answers: HashMap<_, _> = visit.answers.iter().map(|a| (a.item.as_str(), a)).collect();
    let explain = |(index, points_lost): (usize, f64)| {
        let item = visit.instrument.items[index].code.clone();
        let answer = answers.get(item.as_str());
        CostlyItem {
            answer: answer.and_then(|a| a.value.as_ref()).map_or(Value::Null, raw_json),
            photos: answer
                .map_or_else(Vec::new, |a| a.photos.iter().map(Sha256::to_string).collect()),
            item,
            points_lost,
        }
    };
    lost.into_iter().map(explain).collect()
}

pub(super) fn raw_json(value: &RawValue) -> Value {
    match value {
        RawValue::Text(text) => json!(text),
        RawValue::Number(number) => json!(number),
        RawValue::List(list) => json!(list),
    }
}

/// The digest of what a score is made of: checklist, verdicts, facts, and the set of indicators
/// where there is one.
#[must_use]
pub fn inputs_digest(
    instrument: &Instrument,
    answered: &Answered,
    facts: &Facts,
    indicators: Option<&ModelVersion>,
) -> String {
    let facts: serde_json::Map<_, _> = facts
        .iter()
        .map(|(name, value)| {
            let value = match value {
                FactValue::Number(number) => json!(number),
                FactValue::Flag(flag) => json!(flag),
            };
            (name.clone(), value)
        })
        .collect();
    let mut inputs = json!({
        "checklist": { "code": instrument.reference.code, "version": instrument.reference.version },
        "answers": hex::encode(encode(answered)),
        "facts": facts,
    });
    if let Some(set) = indicators {
        inputs["indicators"] = json!({ "code": set.code, "version": set.version });
    }
    json::digest(&json::canonical(&inputs))
}

/// The items whose evidence the checklist demands and the visit lacks: `required` ones that
/// were answered, and `on_fail` ones that failed, without a photo that came or is still to
/// come. An item that does not apply or was not observed owes nothing.
#[must_use]
pub fn evidence_due(model: &Model, visit: &Scored<'_>, absent: &[Sha256]) -> Vec<String> {
    let answers: HashMap<_, _> = visit.answers.iter().map(|a| (a.item.as_str(), a)).collect();
    let lacks = |code: &str| {
        let photos = answers.get(code).map_or(&[][..], |answer| &answer.photos);
        photos.iter().all(|photo| absent.contains(photo))
    };
    let demands = |item: &super::Item, verdict: &Verdict| {
        let applies = item.condition.as_ref().is_none_or(|c| c.holds(visit.facts));
        let answered = !matches!(verdict, Verdict::NotApplicable | Verdict::NotObserved);
        let failed = || super::value_of(model, item, verdict).is_some_and(|value| value <= 0.0);
        applies
            && answered
            && match item.photo {
                PhotoRule::Required => true,
                PhotoRule::OnFail => failed(),
                PhotoRule::None | PhotoRule::Optional => false,
            }
    };
    let each = visit.instrument.items.iter().zip(visit.answered);
    each.filter(|(item, verdict)| verdict.as_ref().is_some_and(|v| demands(item, v)))
        .filter(|(item, _)| lacks(&item.code))
        .map(|(item, _)| item.code.clone())
        .collect()
}
