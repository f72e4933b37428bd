//! What the structure of a checklist cannot say: codes within it, conditions and facts,
//! options, thresholds, standards, and how questions read.

use std::collections::BTreeSet;

use super::Condition;
use super::file::{Finding, Level, Mend};
use super::set::{FileSet, Loaded, places};
use crate::documents::Pointer;
use crate::documents::checklist::{AnswerType, Choice, Direction, Document, Item, Limits};
use crate::documents::companions::FactOrigin;
use crate::domain::FacilityKind;

/// Most items that a monitor can go through in one visit.
const MOST_ITEMS: usize = 70;

struct Rules<'a> {
    loaded: &'a Loaded<Document>,
    set: &'a FileSet,
    findings: &'a mut Vec<Finding>,
}

/// Checks one checklist.
pub(super) fn check(loaded: &Loaded<Document>, set: &FileSet, findings: &mut Vec<Finding>) {
    let mut rules = Rules { loaded, set, findings };
    rules.header();
    let mut codes = BTreeSet::new();
    for (at, item) in places(&loaded.document) {
        if !codes.insert(&item.code) {
            rules.error(
                &at.key("code"),
                format!("the code {} stands twice", item.code),
                "give it its own",
            );
        }
        rules.kind(&at, item);
        rules.thresholds(&at, item);
        rules.facts(&at, item);
        rules.standards(&at, item);
        rules.wording(&at, item);
    }
}

impl Rules<'_> {
    fn note(&mut self, at: &Pointer, level: Level, fault: String, mend: &str) {
        let what = Mend { fault, mend: mend.to_owned() };
        self.findings.push(self.loaded.file.finding(at, level, what));
    }

    fn error(&mut self, at: &Pointer, fault: String, mend: &str) {
        self.note(at, Level::Error, fault, mend);
    }

    fn warning(&mut self, at: &Pointer, fault: String, mend: &str) {
        self.note(at, Level::Warning, fault, mend);
    }

    fn header(&mut self) {
        let document = &self.loaded.document;
        let root = Pointer::root().key("checklist");
        for (index, kind) in document.checklist.facility_kinds.iter().enumerate() {
            if kind.parse::<FacilityKind>().is_err() {
                let at = root.key("facility_kinds").index(index);
                self.error(
                    &at,
                    format!("unknown kind of centre `{kind}`"),
                    "use a kind of the API",
                );
            }
        }
        for language in ["it", "en"] {
            if !document.checklist.languages.iter().any(|l| l == language) {
                self.error(&root.key("languages"), format!("`{language}` is missing"), "add it");
            }
        }
        for (index, source) in document.checklist.sources.iter().enumerate() {
            if !self.lists_set(&source.id) {
                let at = root.key("sources").index(index).key("id");
                self.error(
                    &at,
                    format!("the set {} is not in standards.yaml", source.id),
                    "add it there",
                );
            }
        }
        let mut sections = BTreeSet::new();
        for (index, section) in document.sections.iter().enumerate() {
            if !sections.insert(&section.code) {
                let at = Pointer::root().key("sections").index(index).key("code");
                self.error(
                    &at,
                    format!("the section {} stands twice", section.code),
                    "give it its own code",
                );
            }
        }
        for (name, set) in &document.option_sets {
            self.options(
                &Pointer::root().key("option_sets").key(name).key("options"),
                &set.options,
            );
        }
        let count = places(document).count();
        if count > MOST_ITEMS {
            let mend = "split it: monitors stop reading";
            self.warning(&root, format!("{count} items, more than {MOST_ITEMS}"), mend);
        }
    }

    fn options(&mut self, at: &Pointer, options: &[Choice]) {
        let mut values = BTreeSet::new();
        for (index, option) in options.iter().enumerate() {
            let at = at.index(index).key("value");
            if !values.insert(&option.value) {
                self.error(&at, format!("the option {} stands twice", option.value), "remove one");
            }
            if ["na", "not_observed"].contains(&option.value.as_str()) {
                let fault =
                    format!("the option `{}` is possible on every item already", option.value);
                self.error(&at, fault, "remove it");
            }
        }
    }

    fn kind(&mut self, at: &Pointer, item: &Item) {
        let is_choice = item.answer_type == AnswerType::Choice;
        let is_number = item.answer_type == AnswerType::Number;
        if is_number && item.unit.is_none() {
            self.error(at, "a number without unit".into(), "add `unit`");
        }
        let belongs = [
            (item.options.is_some(), "options", is_choice),
            (item.option_set.is_some(), "option_set", is_choice),
            (item.multiple.is_some(), "multiple", is_choice),
            (item.scoring.is_some(), "scoring", is_number),
            (item.unit.is_some(), "unit", is_number),
            (item.min.is_some(), "min", is_number),
            (item.max.is_some(), "max", is_number),
            (item.integer.is_some(), "integer", is_number),
        ];
        for (there, key, fits) in belongs {
            if there && !fits {
                let fault = format!("`{key}` does not belong to this answer type");
                self.error(&at.key(key), fault, "remove it or change `answer_type`");
            }
        }
        if let (Some(min), Some(max)) = (item.min, item.max)
            && min > max
        {
            self.error(&at.key("min"), "`min` is above `max`".into(), "exchange them");
        }
        if is_choice {
            match (&item.options, &item.option_set) {
                (Some(_), Some(_)) => {
                    self.error(
                        &at.key("option_set"),
                        "both `options` and `option_set`".into(),
                        "keep one",
                    );
                }
                (Some(options), None) => self.options(&at.key("options"), options),
                (None, Some(name)) if !self.loaded.document.option_sets.contains_key(name) => {
                    let fault = format!("no option set is named `{name}`");
                    self.error(&at.key("option_set"), fault, "declare it in `option_sets`");
                }
                (None, Some(_)) => {}
                (None, None) => self.error(at, "a choice without options".into(), "add `options`"),
            }
        }
    }

    fn thresholds(&mut self, at: &Pointer, item: &Item) {
        let Some(scoring) = &item.scoring else { return };
        let at = at.key("scoring");
        let in_order = match (scoring.direction, scoring.full, scoring.partial) {
            (Direction::HigherIsBetter, Limits::One(full), Limits::One(partial)) => full >= partial,
            (Direction::LowerIsBetter, Limits::One(full), Limits::One(partial)) => full <= partial,
            (Direction::Range, Limits::Two(full), Limits::Two(partial)) => {
                full[0] <= full[1] && partial[0] <= full[0] && full[1] <= partial[1]
            }
            (Direction::Range, ..) => {
                let fault = "a range needs two limits for `full` and for `partial`".into();
                return self.error(&at, fault, "write them as [lower, upper]");
            }
            _ => {
                let fault = "this direction needs one limit for `full` and for `partial`".into();
                return self.error(&at, fault, "write one number each");
            }
        };
        if !in_order {
            let mend = "let `partial` ask for no more than `full`";
            self.error(&at, "the thresholds are in the wrong order".into(), mend);
        }
    }

    fn facts(&mut self, at: &Pointer, item: &Item) {
        let declared = |name: &str| {
            let facts = self.set.facts.as_ref();
            facts.is_none_or(|f| f.document.facts.iter().any(|fact| fact.code == name))
        };
        let mut faults = Vec::new();
        if let Some(text) = &item.applies_when {
            match text.parse::<Condition>() {
                Ok(condition) if !declared(&condition.fact) => faults.push((
                    at.key("applies_when"),
                    format!("the fact `{}` is not declared", condition.fact),
                    "declare it in facts.yaml",
                )),
                Ok(_) => {}
                Err(error) => faults.push((
                    at.key("applies_when"),
                    error.to_string(),
                    "write FACT or FACT OP NUMBER",
                )),
            }
        }
        let feeds_facts: Vec<_> = item.feeds.iter().filter(|f| !f.starts_with("IND-")).collect();
        for name in &feeds_facts {
            if !declared(name) {
                let fault = format!("the fact `{name}` is not declared");
                faults.push((at.key("feeds"), fault, "declare it in facts.yaml"));
            }
            let contract = self.set.facts.as_ref().is_some_and(|facts| {
                let mut all = facts.document.facts.iter();
                all.any(|f| f.code == **name && f.origin == FactOrigin::Contract)
            });
            if contract {
                let fault = format!("the fact `{name}` is the contract's, which no visit changes");
                faults.push((at.key("feeds"), fault, "feed another fact"));
            }
        }
        if !feeds_facts.is_empty() && item.applies_when.is_some() {
            let fault = "feeds a fact while it hangs on a condition itself".into();
            faults.push((
                at.key("feeds"),
                fault,
                "remove `applies_when`, or feed from another item",
            ));
        }
        if !feeds_facts.is_empty() && item.answer_type != AnswerType::Number {
            let fault = "feeds a fact, but is not a number".into();
            faults.push((at.key("feeds"), fault, "ask for a number, or do not feed"));
        }
        for (at, fault, mend) in faults {
            self.error(&at, fault, mend);
        }
    }

    fn lists_set(&self, id: &str) -> bool {
        let standards = self.set.standards.as_ref();
        standards.is_none_or(|s| s.document.sets.iter().any(|set| set.id == id))
    }

    fn standards(&mut self, at: &Pointer, item: &Item) {
        for (index, citation) in item.source.iter().enumerate() {
            if !self.set.lists(citation) {
                let at = at.key("source").index(index);
                self.error(
                    &at,
                    format!("the standard {citation} is not listed"),
                    "add it to standards.yaml",
                );
            }
        }
    }

    fn wording(&mut self, at: &Pointer, item: &Item) {
        if item.critical && item.answer_type == AnswerType::YesPartialNoNa {
            let mend = "ask for a clear yes or no (`yes_no_na`)";
            self.warning(&at.key("answer_type"), "a critical item with a `partial`".into(), mend);
        }
        if !matches!(item.answer_type, AnswerType::YesNoNa | AnswerType::YesPartialNoNa) {
            return;
        }
        let words = |text: &str| -> Vec<String> {
            let split = text.split(|c: char| !c.is_alphanumeric());
            split.map(str::to_lowercase).collect()
        };
        let has =
            |text: &str, of: &[&str]| words(text).iter().any(|word| of.contains(&word.as_str()));
        let question = &item.question;
        let negative = has(&question.it, &["non", "nessun", "nessuno", "nessuna"])
            && has(&question.en, &["not", "no", "none", "never", "nobody", "cannot"]);
        if negative {
            let mend = "ask in the positive sense, so that yes is good";
            self.warning(&at.key("question"), "a negative question".into(), mend);
        }
        let double = question.it.matches('?').count() > 1
            || [" e/o ", " oppure ", "; "].iter().any(|sign| question.it.contains(sign))
            || [" and/or ", "; "].iter().any(|sign| question.en.contains(sign))
            || (item.critical && has(&question.it, &["e", "ed"]) && has(&question.en, &["and"]));
        if double {
            self.warning(
                &at.key("question"),
                "perhaps two questions in one".into(),
                "split the item",
            );
        }
    }
}
