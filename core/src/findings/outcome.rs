//! What a visit says of each item, as far as findings ask.

use crate::checklist::{Answered, Item};
use crate::documents::checklist::WeightClass;
use crate::documents::finding::Severity;
use crate::domain;
use crate::scoring::{Applied, Model, Spoken, State};

/// A failure that opens a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// How grave it is.
    pub severity: Severity,
    /// Days to mend it, from the checklist's defaults.
    pub days: i32,
}

/// What a visit says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nothing: it did not look.
    Nothing,
    /// It was found in order, or is not due there.
    InOrder,
    /// It failed.
    Failed(Failure),
}

/// What a visit says of the items of its checklist, in their order, under the model in force
/// when it was received. An item is failed when it is due and worth 0, or worth less than 1
/// where the model says so of its class; a critical failure is one that knocks the visit out.
#[must_use]
pub fn said(applied: &Applied<'_>, answered: &Answered, facts: &domain::Facts) -> Vec<Said> {
    let states = applied.states(answered, facts);
    let items = applied.instrument.items.iter().zip(&states).zip(answered);
    items
        .map(|((item, state), verdict)| {
            if let Some(failure) = failure(applied, item, *state) {
                return Said::Failed(failure);
            }
            match Spoken::of(*state, item, verdict.as_ref(), facts) {
                Spoken::Nothing => Said::Nothing,
                Spoken::InOrder | Spoken::Failed => Said::InOrder,
            }
        })
        .collect()
}

fn failure(applied: &Applied<'_>, item: &Item, state: State) -> Option<Failure> {
    let State::Observed(value) = state else { return None };
    let rules = &applied.model.document.findings;
    let failed = value <= 0.0;
    if !failed && (value >= 1.0 || !rules.partial.contains(&item.weight_class)) {
        return None;
    }
    let critical = failed && applied.model.knocks_out(item);
    let days = &applied.instrument.document.checklist.default_deadline_days;
    Some(Failure {
        severity: if critical { Severity::Critical } else { severity(applied.model, item) },
        days: match item.weight_class {
            _ if critical => days.critical,
            WeightClass::A => days.a,
            WeightClass::B => days.b,
            WeightClass::C | WeightClass::I => days.c,
        },
    })
}

fn severity(model: &Model, item: &Item) -> Severity {
    let severities = &model.document.findings.severities;
    match item.weight_class {
        WeightClass::A => severities.a,
        WeightClass::B => severities.b,
        WeightClass::C | WeightClass::I => severities.c,
    }
}
