//! What the structure of `indicators.yaml` cannot say: names of items and facts, units,
//! denominators, limits, sources. Knows nothing of values.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{Finding, Level, Mend, Parsed};
use super::formula_rules::{Names, Trouble, is_zero, may_be_zero, unit_of};
use super::set::{FileSet, places};
use super::units::Unit;
use crate::documents::Pointer;
use crate::documents::checklist::{Direction, Limits};
use crate::documents::indicators::{Definition, Expression};

/// Checks the indicators. What they name in checklists is looked for only where the folder is
/// `whole`, all of it read.
pub(super) fn check(set: &FileSet, whole: bool, findings: &mut Vec<Finding>) {
    let Some(loaded) = &set.indicators else { return };
    let names = Names::of(set, whole);
    let mut codes = BTreeSet::new();
    for (index, definition) in loaded.document.definitions.iter().enumerate() {
        let at = Pointer::root().key("definitions").index(index);
        let mut rules = Rules { file: &loaded.file, at, definition, names: &names, findings };
        if !codes.insert(definition.code.as_str()) {
            let fault = format!("the indicator {} stands twice", definition.code);
            rules.error("code", fault, "give one a code that was never used");
        }
        rules.shape();
        rules.formulas();
        rules.limits();
        rules.sources(set);
    }
    if whole {
        fed_by_items(set, &codes, findings);
    }
}

struct Rules<'a> {
    file: &'a Parsed,
    at: Pointer,
    definition: &'a Definition,
    names: &'a Names<'a>,
    findings: &'a mut Vec<Finding>,
}

impl Rules<'_> {
    fn error_at(&mut self, at: &Pointer, fault: String, mend: &str) {
        let what = Mend { fault, mend: mend.to_owned() };
        self.findings.push(self.file.finding(at, Level::Error, what));
    }

    fn error(&mut self, key: &str, fault: String, mend: &str) {
        let at = self.at.key(key);
        self.error_at(&at, fault, mend);
    }

    /// Which of value, numerator, denominator and otherwise stand together.
    fn shape(&mut self) {
        let has = |part: &Option<Expression>| part.is_some();
        let Definition { value, numerator, denominator, otherwise, .. } = self.definition;
        let fits = match (has(value), has(numerator), has(denominator)) {
            (true, false, false) => !has(otherwise),
            (false, true, true) => true,
            _ => false,
        };
        if !fits {
            let at = self.at.clone();
            let mend = "write `value`, or `numerator` and `denominator` and perhaps `otherwise`";
            self.error_at(&at, "neither a single value nor a quotient".into(), mend);
        }
        let of_visit = |e: &Expression| {
            let of_history = matches!(e, Expression::History(_));
            !of_history && e.parts().is_empty() && !matches!(e, Expression::Number(_))
        };
        let mut parts = self.definition.expressions();
        if self.definition.is_history() && parts.any(|(_, part)| part.any(&of_visit)) {
            let at = self.at.clone();
            let fault = "mixes the history of a centre with the answers of a visit".into();
            self.error_at(&at, fault, "make two indicators of it");
        }
    }

    fn formulas(&mut self) {
        let mut units = BTreeMap::new();
        for (key, part) in self.definition.expressions() {
            let mut troubles = Vec::new();
            let unit = unit_of(part, &self.at.key(key), self.names, &mut troubles);
            for Trouble { at, fault, mend } in troubles {
                self.error_at(&at, fault, mend);
            }
            units.insert(key, unit);
        }
        let whole = |key: &str| units.get(key).cloned().flatten();
        self.declared(whole("value"), "value");
        self.declared(whole("otherwise"), "otherwise");
        if let (Some(above), Some(below)) = (whole("numerator"), whole("denominator")) {
            let quotient = above.over(below);
            if self.definition.is_percent() {
                if quotient != Unit::none() {
                    let fault = format!("a percentage of unlike units, {quotient}");
                    self.error("unit", fault, "declare the unit of the quotient");
                }
            } else {
                self.declared(Some(quotient), "unit");
            }
        }
        self.denominator();
    }

    fn declared(&mut self, unit: Option<Unit>, key: &str) {
        let Some(unit) = unit else { return };
        let declared = Unit::named(&self.definition.unit);
        if !unit.fits(&declared) {
            let fault = format!("the formula gives {unit}, not {}", self.definition.unit);
            self.error(key, fault, "correct `unit` or the formula");
        }
    }

    fn denominator(&mut self) {
        let Some(denominator) = &self.definition.denominator else { return };
        if is_zero(denominator) {
            let fault = "the denominator is zero in every visit".into();
            self.error("denominator", fault, "divide by what can be counted");
        } else if may_be_zero(denominator, self.names) && !self.definition.may_be_empty {
            let fault = "the denominator can be zero or missing in a visit".into();
            let mend = "see that such a visit has no value, and write `may_be_empty: true`";
            self.error("denominator", fault, mend);
        }
    }

    fn limits(&mut self) {
        let definition = self.definition;
        let is_range = definition.direction == Direction::Range;
        for (key, limits) in [("good", definition.good), ("fair", definition.fair)] {
            match limits {
                Some(Limits::One(_)) if is_range => {
                    let fault = format!("a range needs two limits for `{key}`");
                    self.error(key, fault, "write them as [lower, upper]");
                }
                Some(Limits::Two(_)) if !is_range => {
                    let fault = format!("this direction needs one limit for `{key}`");
                    self.error(key, fault, "write one number");
                }
                Some(Limits::Two([lower, upper])) if lower > upper => {
                    let fault = format!("the limits of `{key}` are in the wrong order");
                    self.error(key, fault, "write them as [lower, upper]");
                }
                _ => {}
            }
        }
        let in_order = match (definition.direction, definition.good, definition.fair) {
            (Direction::HigherIsBetter, Some(Limits::One(good)), Some(Limits::One(fair))) => {
                good >= fair
            }
            (Direction::LowerIsBetter, Some(Limits::One(good)), Some(Limits::One(fair))) => {
                good <= fair
            }
            (Direction::Range, Some(Limits::Two(good)), Some(Limits::Two(fair))) => {
                fair[0] <= good[0] && good[1] <= fair[1]
            }
            _ => true,
        };
        if !in_order {
            let fault = "good and fair are in the wrong order".into();
            self.error("fair", fault, "let `fair` ask for no more than `good`");
        }
        if definition.good.is_none() {
            if definition.fair.is_some() {
                self.error("fair", "`fair` without `good`".into(), "add `good`");
            }
            if definition.critical {
                let fault = "critical, but without `good` it is never poor".into();
                self.error("critical", fault, "add `good`, or remove `critical`");
            }
        }
    }

    fn sources(&mut self, set: &FileSet) {
        for (index, citation) in self.definition.source.iter().enumerate() {
            if !set.lists(citation) {
                let at = self.at.key("source").index(index);
                let fault = format!("the standard {citation} is not listed");
                self.error_at(&at, fault, "add it to standards.yaml");
            }
        }
    }
}

/// An item that names an indicator nobody defined is a warning only: its checklist may be
/// published, and the indicators have versions of their own. Those of anonymous checklists
/// wait for their own channel.
fn fed_by_items(set: &FileSet, codes: &BTreeSet<&str>, findings: &mut Vec<Finding>) {
    for loaded in set.checklists.iter().filter(|c| !c.document.checklist.anonymous) {
        for (at, item) in places(&loaded.document) {
            for (index, name) in item.feeds.iter().enumerate() {
                if name.starts_with("IND-") && !codes.contains(name.as_str()) {
                    let what = Mend {
                        fault: format!("no indicator has the code {name}"),
                        mend: "define it in indicators.yaml, or do not feed it".into(),
                    };
                    let at = at.key("feeds").index(index);
                    findings.push(loaded.file.finding(&at, Level::Warning, what));
                }
            }
        }
    }
}
