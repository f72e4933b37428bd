//! Formulas of indicators, read before they are used: what they name, the unit that comes of
//! them, and whether they can be zero.

use std::collections::{HashMap, HashSet};

use super::set::{FileSet, places};
use super::units::Unit;
use crate::documents::Pointer;
use crate::documents::checklist::{AnswerType, Item, WeightClass};
use crate::documents::companions::{FactDeclaration, FactKind};
use crate::documents::indicators::{Expression, History};

/// What formulas may name.
pub(super) struct Names<'a> {
    facts: Option<HashMap<&'a str, &'a FactDeclaration>>,
    /// An item stands in every version of its checklist.
    items: Option<HashMap<&'a str, Vec<&'a Item>>>,
    anonymous: HashSet<&'a str>,
}

impl<'a> Names<'a> {
    /// Those of a folder. Names of items are known only where it is `whole`.
    pub fn of(set: &'a FileSet, whole: bool) -> Self {
        let facts = set.facts.as_ref().map(|loaded| {
            let each = loaded.document.facts.iter();
            each.map(|fact| (fact.code.as_str(), fact)).collect()
        });
        let mut items: HashMap<&str, Vec<&Item>> = HashMap::new();
        let mut anonymous = HashSet::new();
        let files = set.checklists.iter().map(|loaded| &loaded.document);
        for document in files.chain(&set.published) {
            for (_, item) in places(document) {
                items.entry(&item.code).or_default().push(item);
                if document.checklist.anonymous {
                    anonymous.insert(item.code.as_str());
                }
            }
        }
        Self { facts, items: whole.then_some(items), anonymous }
    }

    fn versions(&self, code: &str) -> &[&'a Item] {
        let items = self.items.as_ref().and_then(|all| all.get(code));
        items.map_or(&[], Vec::as_slice)
    }
}

/// What is wrong with a formula, and where.
pub(super) struct Trouble {
    pub at: Pointer,
    pub fault: String,
    pub mend: &'static str,
}

/// The unit of a formula; `None` where a trouble, noted, leaves it open.
pub(super) fn unit_of(
    expression: &Expression,
    at: &Pointer,
    names: &Names<'_>,
    troubles: &mut Vec<Trouble>,
) -> Option<Unit> {
    let at = at.key(expression.operator());
    let mut note = |at: &Pointer, fault: String, mend| {
        troubles.push(Trouble { at: at.clone(), fault, mend });
    };
    match expression {
        Expression::Number(_) => Some(Unit::Any),
        Expression::Weight(_) => Some(Unit::none()),
        Expression::History(History::DaysSinceLastVisit | History::OldestCriticalDays) => {
            Some(Unit::named("days"))
        }
        Expression::History(_) => Some(Unit::none()),
        Expression::Fact(name) => fact_unit(name, names, &mut |fault, mend| note(&at, fault, mend)),
        Expression::Item(code) => item_unit(code, names, &mut |fault, mend| note(&at, fault, mend)),
        Expression::Compliance(code) => {
            scored(code, names, &mut |fault, mend| note(&at, fault, mend));
            Some(Unit::none())
        }
        Expression::Passed(codes) | Expression::Failed(codes) | Expression::Observed(codes) => {
            let mut seen = HashSet::new();
            for (index, code) in codes.iter().enumerate() {
                let at = at.index(index);
                if !seen.insert(code) {
                    note(&at, format!("the item {code} stands twice"), "remove one");
                }
                scored(code, names, &mut |fault, mend| note(&at, fault, mend));
            }
            Some(Unit::none())
        }
        Expression::Product(parts) => {
            let each = parts.iter().enumerate();
            let units = each.map(|(index, part)| unit_of(part, &at.index(index), names, troubles));
            let units: Vec<_> = units.collect();
            units.into_iter().try_fold(Unit::none(), |all, unit| Some(all.times(unit?)))
        }
        Expression::Sum(parts)
        | Expression::Difference(parts)
        | Expression::Smallest(parts)
        | Expression::Largest(parts)
        | Expression::FirstOf(parts) => like_units(parts, &at, names, troubles),
    }
}

fn like_units(
    parts: &[Expression],
    at: &Pointer,
    names: &Names<'_>,
    troubles: &mut Vec<Trouble>,
) -> Option<Unit> {
    let mut common = Some(Unit::Any);
    for (index, part) in parts.iter().enumerate() {
        let place = at.index(index);
        let unit = unit_of(part, &place, names, troubles);
        common = match (common, unit) {
            (Some(a), Some(b)) => {
                let fault = format!("{b} beside {a}");
                let like = a.like(b);
                if like.is_none() {
                    let mend = "bring together what has one unit";
                    troubles.push(Trouble { at: place, fault, mend });
                }
                like
            }
            _ => None,
        };
    }
    common
}

type Note<'a> = dyn FnMut(String, &'static str) + 'a;

fn fact_unit(name: &str, names: &Names<'_>, note: &mut Note<'_>) -> Option<Unit> {
    let facts = names.facts.as_ref()?;
    let Some(fact) = facts.get(name) else {
        note(format!("the fact `{name}` is not declared"), "declare it in facts.yaml");
        return None;
    };
    match fact.kind {
        FactKind::Boolean => Some(Unit::none()),
        FactKind::Number => fact.unit.as_deref().map(Unit::named),
    }
}

/// The versions of an item that visits can answer; what hinders is noted.
fn answered<'a>(code: &str, names: &'a Names<'_>, note: &mut Note<'_>) -> &'a [&'a Item] {
    if names.items.is_none() {
        return &[];
    }
    let versions = names.versions(code);
    if versions.is_empty() {
        note(format!("no checklist has the item {code}"), "correct its code");
    } else if names.anonymous.contains(code) {
        let fault = format!("{code} is asked anonymously, which no visit answers");
        note(fault, "name an item of another checklist");
    }
    versions
}

fn item_unit(code: &str, names: &Names<'_>, note: &mut Note<'_>) -> Option<Unit> {
    let versions = answered(code, names, note);
    let first = versions.first()?;
    if first.answer_type != AnswerType::Number {
        note(format!("{code} is not a number"), "use `compliance`, or name a number");
        return None;
    }
    if versions.iter().any(|item| item.unit != first.unit) {
        let fault = format!("{code} has another unit in another version");
        note(fault, "give the changed item a code that was never used");
        return None;
    }
    first.unit.as_deref().map(Unit::named)
}

fn scored(code: &str, names: &Names<'_>, note: &mut Note<'_>) {
    let is_unscored = |item: &&Item| {
        item.answer_type == AnswerType::Text
            || (item.answer_type == AnswerType::Number && item.scoring.is_none())
            || item.weight_class == WeightClass::I
    };
    if answered(code, names, note).iter().any(is_unscored) {
        let fault = format!("{code} is not scored, so no answer to it counts");
        note(fault, "use `item` for its number, or name a scored item");
    }
}

/// Whether it is zero in every visit that gives it a value.
pub(super) fn is_zero(expression: &Expression) -> bool {
    match expression {
        Expression::Number(number) => *number == 0.0,
        Expression::Product(parts) => parts.iter().any(is_zero),
        Expression::Difference(parts) => {
            parts.iter().all(is_zero) || matches!(&parts[..], [a, b] if a == b)
        }
        Expression::Sum(parts)
        | Expression::Smallest(parts)
        | Expression::Largest(parts)
        | Expression::FirstOf(parts) => parts.iter().all(is_zero),
        _ => false,
    }
}

/// Whether it could be zero or missing in a visit: all but what is surely above zero. An item
/// that is answered at all is above zero where its `min` is.
pub(super) fn may_be_zero(expression: &Expression, names: &Names<'_>) -> bool {
    !is_at_least(expression, names, |limit| limit > 0.0)
}

fn is_at_least(expression: &Expression, names: &Names<'_>, enough: fn(f64) -> bool) -> bool {
    let same = |part: &Expression| is_at_least(part, names, enough);
    let not_negative = |part: &Expression| is_at_least(part, names, |limit| limit >= 0.0);
    match expression {
        Expression::Number(number) => enough(*number),
        Expression::Item(code) => {
            // An item that nobody knows is another fault.
            names.versions(code).iter().all(|item| item.min.is_some_and(enough))
        }
        Expression::Sum(parts) => parts.iter().any(same) && parts.iter().all(not_negative),
        Expression::Largest(parts) => parts.iter().any(same),
        Expression::Product(parts) | Expression::Smallest(parts) | Expression::FirstOf(parts) => {
            parts.iter().all(same)
        }
        _ => false,
    }
}
