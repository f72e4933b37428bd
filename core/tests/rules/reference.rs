//! A second implementation of section 3 of the contract, steps 1 to 7, plain and slow, over
//! the files' own JSON. It shares no type with the code under test.

use std::collections::HashMap;

use serde_json::Value;

/// Facts by name; a flag is 1 or 0.
pub type Known = HashMap<String, f64>;
/// Answers by item.
pub type Given = HashMap<String, Value>;

const NEAR: f64 = 1e-9;

/// What the contract says of one item in one visit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Stand {
    Out,
    Unseen,
    Seen(f64),
}

/// One dimension: code, score, coverage, observed and due weight.
#[derive(Debug)]
pub struct Dimension {
    pub code: String,
    pub score: Option<f64>,
    pub coverage: f64,
    pub observed: f64,
    pub due: f64,
}

/// A score.
#[derive(Debug)]
pub struct Result {
    pub overall: Option<f64>,
    pub coverage: Option<f64>,
    pub band: &'static str,
    pub band_by_points: &'static str,
    pub dimensions: Vec<Dimension>,
    pub knocked_out_by: Vec<String>,
    /// Every item that lost something, in the checklist's order.
    pub lost: Vec<(String, f64)>,
}

/// The items of a checklist with the code and dimension of their sections.
pub fn items(checklist: &Value) -> Vec<(&Value, &str, &str)> {
    let mut all = Vec::new();
    for section in checklist["sections"].as_array().unwrap() {
        for item in section["items"].as_array().unwrap() {
            all.push((
                item,
                section["code"].as_str().unwrap(),
                section["dimension"].as_str().unwrap(),
            ));
        }
    }
    all
}

/// The options of a choice, its own or shared.
pub fn options<'a>(checklist: &'a Value, item: &'a Value) -> &'a Vec<Value> {
    let own = item["options"].as_array();
    own.unwrap_or_else(|| {
        let name = item["option_set"].as_str().unwrap();
        checklist["option_sets"][name]["options"].as_array().unwrap()
    })
}

/// Step 1: the value of an answer, `None` where it has none.
pub fn value(checklist: &Value, item: &Value, answer: &Value) -> Option<f64> {
    match item["answer_type"].as_str().unwrap() {
        "yes_partial_no_na" | "yes_no_na" => match answer.as_str().unwrap() {
            "yes" => Some(1.0),
            "partial" => Some(0.5),
            "no" => Some(0.0),
            _ => None,
        },
        "number" => {
            let scoring = item.get("scoring")?;
            let number = answer.as_f64()?;
            let inside = |limit: &Value| match scoring["direction"].as_str().unwrap() {
                "higher_is_better" => number >= limit.as_f64().unwrap() - NEAR,
                "lower_is_better" => number <= limit.as_f64().unwrap() + NEAR,
                "range" => {
                    number >= limit[0].as_f64().unwrap() - NEAR
                        && number <= limit[1].as_f64().unwrap() + NEAR
                }
                other => panic!("{other}"),
            };
            if inside(&scoring["full"]) {
                return Some(1.0);
            }
            Some(if inside(&scoring["partial"]) { 0.5 } else { 0.0 })
        }
        "choice" => {
            let one = [answer.clone()];
            let chosen: &[Value] = answer.as_array().map_or(&one, |list| list.as_slice());
            let mut sum = 0.0;
            for name in chosen {
                let mut all = options(checklist, item).iter();
                let option = all.find(|option| option["value"] == *name)?;
                sum += option.get("score").and_then(Value::as_f64)?;
            }
            Some(sum / chosen.len() as f64)
        }
        _ => None,
    }
}

/// Step 6: whether the item applies.
pub fn applies(item: &Value, facts: &Known) -> bool {
    let Some(text) = item.get("applies_when").and_then(Value::as_str) else { return true };
    let words: Vec<_> = text.split_whitespace().collect();
    let Some(fact) = facts.get(words[0]).copied() else { return true };
    if words.len() == 1 {
        return fact != 0.0;
    }
    let number: f64 = words[2].parse().unwrap();
    let equal = (fact - number).abs() <= NEAR;
    match words[1] {
        ">" => fact > number && !equal,
        ">=" => fact > number || equal,
        "<" => fact < number && !equal,
        "<=" => fact < number || equal,
        "==" => equal,
        other => panic!("{other}"),
    }
}

/// The facts of a visit: a number answered to an item that feeds a fact replaces it.
pub fn facts(checklist: &Value, given: &Given, known: &Known) -> Known {
    let mut facts = known.clone();
    for (item, _, _) in items(checklist) {
        let number = given.get(item["code"].as_str().unwrap()).and_then(Value::as_f64);
        let fed = item.get("feeds").and_then(Value::as_array);
        for fact in fed.into_iter().flatten().map(|fact| fact.as_str().unwrap()) {
            if let (Some(number), false) = (number, fact.starts_with("IND-")) {
                facts.insert(fact.to_owned(), number);
            }
        }
    }
    facts
}

fn weight(model: &Value, item: &Value) -> f64 {
    model["weight_classes"][item["weight_class"].as_str().unwrap()].as_f64().unwrap()
}

/// Step 2: due and observed.
pub fn stand(
    model: &Value,
    checklist: &Value,
    item: &Value,
    given: &Given,
    facts: &Known,
) -> Stand {
    let scored = match item["answer_type"].as_str().unwrap() {
        "text" => false,
        "number" => item.get("scoring").is_some(),
        _ => true,
    };
    if weight(model, item) <= 0.0 || !scored || !applies(item, facts) {
        return Stand::Out;
    }
    match given.get(item["code"].as_str().unwrap()) {
        None => Stand::Unseen,
        Some(answer) if answer == "not_observed" => Stand::Unseen,
        Some(answer) if answer == "na" => Stand::Out,
        Some(answer) => value(checklist, item, answer).map_or(Stand::Out, Stand::Seen),
    }
}

/// Steps 2 to 7.
pub fn score(model: &Value, checklist: &Value, given: &Given, known: &Known) -> Result {
    let facts = facts(checklist, given, known);
    let all: Vec<_> = items(checklist)
        .into_iter()
        .map(|(item, section, dimension)| {
            let stand = stand(model, checklist, item, given, &facts);
            (item, section, dimension, weight(model, item), stand)
        })
        .collect();
    let mut order: Vec<&str> = Vec::new();
    for (_, _, dimension, _, _) in &all {
        if !order.contains(dimension) {
            order.push(dimension);
        }
    }
    let mut dimensions = Vec::new();
    for code in order {
        let mut sum =
            Dimension { code: code.into(), score: None, coverage: 0.0, observed: 0.0, due: 0.0 };
        let mut earned = 0.0;
        for (_, _, _, weight, stand) in all.iter().filter(|item| item.2 == code) {
            if *stand != Stand::Out {
                sum.due += weight;
            }
            if let Stand::Seen(value) = stand {
                sum.observed += weight;
                earned += weight * value;
            }
        }
        if sum.due > 0.0 {
            sum.coverage = sum.observed / sum.due;
            sum.score = (sum.observed > 0.0).then(|| 100.0 * earned / sum.observed);
            dimensions.push(sum);
        }
    }
    let of =
        |code: &str| model["dimension_weights"].get(code).and_then(Value::as_f64).unwrap_or(1.0);
    let with_score: Vec<_> =
        dimensions.iter().filter_map(|d| Some((of(&d.code), d.score?))).collect();
    let total: f64 = with_score.iter().map(|(weight, _)| weight).sum();
    let overall = (!with_score.is_empty()).then(|| {
        if model["aggregation"] == "geometric" {
            with_score.iter().map(|(weight, score)| score.powf(weight / total)).product()
        } else {
            with_score.iter().map(|(weight, score)| weight * score / total).sum::<f64>()
        }
    });
    let due: f64 = dimensions.iter().map(|d| d.due).sum();
    let observed: f64 = dimensions.iter().map(|d| d.observed).sum();
    let coverage = (due > 0.0).then(|| observed / due);

    let mut lost = Vec::new();
    let mut knocked_out_by = Vec::new();
    for (item, _, dimension, weight, stand) in &all {
        let Stand::Seen(value) = stand else { continue };
        let code = item["code"].as_str().unwrap().to_owned();
        if item["critical"] == true && *value == 0.0 {
            knocked_out_by.push(code.clone());
        }
        let sums = dimensions.iter().find(|d| d.code == *dimension).unwrap();
        let points = 100.0 * weight * (1.0 - value) / sums.observed * of(dimension) / total;
        if points > 0.0 {
            lost.push((code, points));
        }
    }
    let unseen_section = all.iter().any(|(_, section, ..)| {
        let of_it = || all.iter().filter(|item| item.1 == *section).map(|item| item.4);
        of_it().any(|stand| stand != Stand::Out) && !of_it().any(|s| matches!(s, Stand::Seen(_)))
    });
    let band_by_points = by_points(model, overall, coverage, unseen_section, &dimensions);
    let band = if knocked_out_by.is_empty() { band_by_points } else { "critical" };
    Result { overall, coverage, band, band_by_points, dimensions, knocked_out_by, lost }
}

/// Step 5, without its first.
fn by_points(
    model: &Value,
    overall: Option<f64>,
    coverage: Option<f64>,
    unseen_section: bool,
    dimensions: &[Dimension],
) -> &'static str {
    let limit = |name: &str| model["bands"][name].as_f64().unwrap() - NEAR;
    let (Some(overall), Some(coverage)) = (overall, coverage) else { return "not_enough_data" };
    if coverage < model["coverage_minimum"].as_f64().unwrap() - NEAR || unseen_section {
        return "not_enough_data";
    }
    let below = model["dimension_floor"]["below"].as_f64().unwrap();
    let weak = dimensions.iter().any(|d| d.score.is_some_and(|score| score < below - NEAR));
    match overall {
        points if points >= limit("adequate") && weak => "to_improve",
        points if points >= limit("good") => "good",
        points if points >= limit("adequate") => "adequate",
        points if points >= limit("to_improve") => "to_improve",
        _ => "insufficient",
    }
}
