//! Random visits over the shipped checklists: every draw is a visit that has no fault.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use vigila_core::checklist::Instrument;
use vigila_core::domain::{FactValue, Facts};

use crate::reference::{self, Given, Known};
use crate::support::{INSTRUMENTS, SHIPPED, answer};

/// A visit as it was drawn.
#[derive(Debug, Clone)]
pub struct Case {
    /// Which of the shipped checklists.
    pub checklist: usize,
    picks: Vec<u16>,
    facts: Vec<u8>,
}

/// Any visit with any of the shipped checklists: a third with many gaps, a third with few, a
/// third without.
pub fn any() -> impl Strategy<Value = Case> {
    let gaps = vec(0_u16..16, 80);
    let few_gaps = vec(0_u16..90, 80);
    let whole = vec(4_u16..90, 80);
    (0..INSTRUMENTS.len(), prop_oneof![gaps, few_gaps, whole], vec(0_u8..5, 40))
        .prop_map(|(checklist, picks, facts)| Case { checklist, picks, facts })
}

impl Case {
    /// The checklist.
    pub fn instrument(&self) -> &'static Instrument {
        &INSTRUMENTS[self.checklist]
    }

    /// The checklist's file.
    pub fn file(&self) -> &'static Value {
        &SHIPPED.0.checklists[self.checklist].file.value
    }

    /// What was answered.
    pub fn given(&self) -> Given {
        let mut given = Given::new();
        for ((item, _, _), pick) in reference::items(self.file()).into_iter().zip(&self.picks) {
            let value = match pick {
                0 => continue,
                1 => json!("not_observed"),
                2 | 3 => json!("na"),
                pick => {
                    let mut all = possible(self.file(), item);
                    let place = usize::from(*pick) % all.len();
                    all.swap_remove(place)
                }
            };
            given.insert(item["code"].as_str().unwrap().to_owned(), value);
        }
        given
    }

    /// What is known of the centre.
    pub fn known(&self) -> Known {
        let declared = &SHIPPED.0.facts.as_ref().unwrap().document.facts;
        let drawn = declared.iter().zip(self.facts.iter().cycle());
        let known = drawn.filter_map(|(fact, drawn)| {
            let number = [0.0, 1.0, 25.0, 26.0].get(usize::from(*drawn))?;
            Some((fact.code.clone(), *number))
        });
        known.collect()
    }

    /// The same as the code under test takes it.
    pub fn facts(&self) -> Facts {
        let each = self.known().into_iter();
        each.map(|(name, number)| (name, FactValue::Number(number))).collect()
    }
}

/// Answers as a phone sends them, in the checklist's order.
pub fn sent(instrument: &Instrument, given: &Given) -> Vec<Value> {
    let codes = instrument.items.iter().map(|item| &item.code);
    codes.filter_map(|code| Some(answer(code, given.get(code)?))).collect()
}

/// Answers worth trying for an item, beside `na` and `not_observed`: all of a short list, and
/// for numbers those at and around every limit.
pub fn possible(checklist: &Value, item: &Value) -> Vec<Value> {
    match item["answer_type"].as_str().unwrap() {
        "yes_partial_no_na" => vec![json!("yes"), json!("partial"), json!("no")],
        "yes_no_na" => vec![json!("yes"), json!("no")],
        "number" => numbers(item),
        "text" => vec![json!("something")],
        _ => {
            let options = reference::options(checklist, item);
            let values: Vec<_> = options.iter().map(|option| option["value"].clone()).collect();
            if item.get("multiple") != Some(&json!(true)) {
                return values;
            }
            let runs = (0..values.len()).flat_map(|from| {
                let values = &values;
                (from + 1..=values.len()).map(move |to| json!(values[from..to]))
            });
            runs.collect()
        }
    }
}

fn numbers(item: &Value) -> Vec<Value> {
    let mut around = vec![0.0, 1.0, 26.0];
    let limits = ["full", "partial"].map(|name| item["scoring"][name].clone());
    for limit in
        limits.iter().flat_map(|l| l.as_array().cloned().unwrap_or_else(|| vec![l.clone()]))
    {
        let Some(limit) = limit.as_f64() else { continue };
        around.extend([limit, limit - 1.0, limit + 1.0, limit - 5e-10, limit + 5e-10, limit + 0.3]);
    }
    let bound = |name: &str| item.get(name).and_then(Value::as_f64);
    around.extend(bound("min").into_iter().chain(bound("max")));
    around.retain(|number| {
        bound("min").is_none_or(|min| *number >= min)
            && bound("max").is_none_or(|max| *number <= max)
            && (item.get("integer") != Some(&json!(true)) || number.fract() == 0.0)
    });
    assert!(!around.is_empty(), "{item}");
    around.into_iter().map(|number| json!(number)).collect()
}
