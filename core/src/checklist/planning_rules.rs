//! What the structure of planning cannot say: kinds of centre, and which numbers a reason
//! needs.

use std::collections::BTreeSet;

use crate::documents::planning::{Document, Rule};
use crate::documents::{Pointer, planning::ReasonCode};
use crate::domain::FacilityKind;

/// Where, what is wrong, and what mends it.
type Note<'a> = dyn FnMut(&Pointer, String, &str) + 'a;

/// Checks a plan.
pub(super) fn check(document: &Document, note: &mut Note<'_>) {
    for (kind, days) in &document.interval_days.kinds {
        let at = Pointer::root().key("interval_days").key("kinds").key(kind);
        if kind.parse::<FacilityKind>().is_err() {
            note(&at, format!("unknown kind of centre `{kind}`"), "use a kind of the API");
        }
        if *days < 1.0 {
            note(&at, format!("an interval of {days} days"), "use a day or more");
        }
    }
    let mut seen = BTreeSet::new();
    for (index, rule) in document.points.iter().enumerate() {
        let at = Pointer::root().key("points").index(index);
        if !seen.insert(rule.reason) {
            let fault = format!("the reason {} stands twice", rule.reason.as_str());
            note(&at.key("reason"), fault, "remove one");
        }
        numbers(rule, &at, note);
    }
}

fn numbers(rule: &Rule, at: &Pointer, note: &mut Note<'_>) {
    let name = rule.reason.as_str();
    let of_reason = [
        ("at_most", rule.at_most, rule.reason.counts()),
        ("limit", rule.limit, rule.reason.has_limit()),
    ];
    for (key, number, needed) in of_reason {
        match number {
            None if needed => note(at, format!("{name} has no `{key}`"), "add it"),
            Some(_) if !needed => {
                note(&at.key(key), format!("{name} takes no `{key}`"), "remove it");
            }
            _ => {}
        }
    }
    if rule.reason == ReasonCode::LowCoverage && rule.limit.is_some_and(|limit| limit > 1.0) {
        let fault = "a limit of coverage above 1".to_owned();
        note(&at.key("limit"), fault, "write a share, such as 0.9");
    }
}
