//! Checking the answers of a visit against its checklist: each becomes what it says of its
//! item, or a fault with its pointer.

use std::collections::HashSet;

use super::{Instrument, Item, Kind};
use crate::documents::inspection::{Answer, RawValue};
use crate::documents::{FaultCode, Faults, Pointer};

/// What an answer says of its item.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Conforme.
    Yes,
    /// Parzialmente conforme.
    Partial,
    /// Non conforme.
    No,
    /// Non applicabile, with a reason.
    NotApplicable,
    /// Non rilevato.
    NotObserved,
    /// A number in the item's unit.
    Number(f64),
    /// Options chosen, by their index.
    Chosen(Vec<u16>),
    /// Free text.
    Text,
}

/// The verdicts of a visit, by the item's index; `None` where nothing was answered.
pub type Answered = Vec<Option<Verdict>>;

/// Checks every answer, noting what does not fit. The verdicts of those that fit are given.
pub fn check_answers(instrument: &Instrument, answers: &[Answer], faults: &mut Faults) -> Answered {
    let mut answered: Answered = vec![None; instrument.items.len()];
    let mut seen = HashSet::new();
    for answer in answers {
        let at = Pointer::root().key("answers").index(answer.index);
        let first = seen.insert(&answer.item);
        if !first {
            faults.add(&at.key("item"), FaultCode::Duplicate);
        }
        let Some(index) = instrument.index_of(&answer.item) else {
            faults.with(&at.key("item"), FaultCode::UnknownItem, vec![answer.item.clone()]);
            continue;
        };
        let value = answer.value.as_ref();
        let said =
            value.and_then(|v| verdict(&instrument.items[index], v, &at.key("value"), faults));
        if first {
            answered[index] = said;
        }
    }
    answered
}

fn verdict(item: &Item, value: &RawValue, at: &Pointer, faults: &mut Faults) -> Option<Verdict> {
    if let RawValue::Text(text) = value {
        match text.as_str() {
            "na" => return Some(Verdict::NotApplicable),
            "not_observed" => return Some(Verdict::NotObserved),
            _ => {}
        }
    }
    match (&item.kind, value) {
        (Kind::Compliance { half }, RawValue::Text(text)) => compliance(text, *half, at, faults),
        (Kind::Number { min, max, integer, .. }, RawValue::Number(number)) => {
            let within =
                min.is_none_or(|least| *number >= least) && max.is_none_or(|most| *number <= most);
            if !within {
                let limit = |bound: &Option<f64>| bound.map_or("…".into(), |b| b.to_string());
                faults.with(at, FaultCode::OutOfRange, vec![limit(min), limit(max)]);
            }
            if *integer && number.fract() != 0.0 {
                faults.add(at, FaultCode::NotAnInteger);
                return None;
            }
            within.then_some(Verdict::Number(*number))
        }
        (Kind::Choice { options, multiple: false }, RawValue::Text(text)) => {
            let one = position(options, text, at, faults)?;
            Some(Verdict::Chosen(vec![one]))
        }
        (Kind::Choice { options, multiple: true }, RawValue::List(texts)) => {
            several(options, texts, at, faults)
        }
        (Kind::Text, RawValue::Text(_)) => Some(Verdict::Text),
        (kind, _) => {
            let asked = match kind {
                Kind::Number { .. } => "number",
                Kind::Choice { multiple: true, .. } => "array",
                _ => "string",
            };
            faults.with(at, FaultCode::WrongType, vec![asked.to_owned()]);
            None
        }
    }
}

fn compliance(text: &str, half: bool, at: &Pointer, faults: &mut Faults) -> Option<Verdict> {
    match text {
        "yes" => Some(Verdict::Yes),
        "no" => Some(Verdict::No),
        "partial" if half => Some(Verdict::Partial),
        _ => {
            let half = half.then_some("partial");
            let possible = ["yes"].into_iter().chain(half).chain(["no", "na", "not_observed"]);
            faults.with(at, FaultCode::NotAnOption, possible.map(str::to_owned).collect());
            None
        }
    }
}

type Options = [crate::documents::checklist::Choice];

fn position(options: &Options, text: &str, at: &Pointer, faults: &mut Faults) -> Option<u16> {
    let found = options.iter().position(|option| option.value == text);
    let found = found.and_then(|index| u16::try_from(index).ok());
    if found.is_none() {
        let possible = options.iter().map(|option| option.value.clone());
        faults.with(at, FaultCode::NotAnOption, possible.collect());
    }
    found
}

fn several(
    options: &Options,
    texts: &[Option<String>],
    at: &Pointer,
    faults: &mut Faults,
) -> Option<Verdict> {
    if texts.is_empty() {
        faults.with(at, FaultCode::BadLength, vec!["1".into(), options.len().to_string()]);
        return None;
    }
    let mut chosen = Vec::new();
    let mut whole = true;
    for (index, text) in texts.iter().enumerate() {
        let found =
            text.as_ref().and_then(|text| position(options, text, &at.index(index), faults));
        match found {
            Some(option) if chosen.contains(&option) => {
                faults.add(&at.index(index), FaultCode::Duplicate);
                whole = false;
            }
            Some(option) => chosen.push(option),
            None => whole = false,
        }
    }
    whole.then_some(Verdict::Chosen(chosen))
}
