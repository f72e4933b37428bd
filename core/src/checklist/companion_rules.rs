//! What the structure of facts, standards and scoring cannot say; planning and evidence have
//! rules of their own.

use std::collections::BTreeSet;

use super::file::{Finding, Level, Mend, Parsed};
use super::set::{FileSet, places};
use super::{evidence_rules, planning_rules};
use crate::documents::Pointer;
use crate::documents::companions::{FactKind, FactOrigin};
use crate::documents::model;
use crate::domain::{FacilityKind, parse_day};

/// Checks the files beside the checklists. What they name in checklists is looked for only
/// where the folder is `whole`, all of it read.
pub(super) fn check(set: &FileSet, whole: bool, findings: &mut Vec<Finding>) {
    facts(set, findings);
    standards(set, findings);
    planning(set, findings);
    evidence(set, findings);
    let mut versions = BTreeSet::new();
    for loaded in &set.scoring {
        let header = &loaded.document.scoring;
        if !versions.insert((&header.code, &header.version)) {
            let fault = format!("{} {} stands in two files", header.code, header.version);
            let at = Pointer::from("/scoring/version");
            findings.push(error(&loaded.file, &at, fault, "give one a new version"));
        }
        let mut note = |at: &Pointer, fault: String, mend: &str| {
            findings.push(error(&loaded.file, at, fault, mend));
        };
        scoring(&loaded.document, &mut note);
        if whole {
            named_checklists(&loaded.document, set, &mut note);
        }
    }
}

fn error(file: &Parsed, at: &Pointer, fault: String, mend: &str) -> Finding {
    file.finding(at, Level::Error, Mend { fault, mend: mend.to_owned() })
}

fn facts(set: &FileSet, findings: &mut Vec<Finding>) {
    let Some(loaded) = &set.facts else { return };
    let mut codes = BTreeSet::new();
    for (index, fact) in loaded.document.facts.iter().enumerate() {
        let at = Pointer::root().key("facts").index(index);
        let mut note = |key: &str, fault: String, mend: &str| {
            findings.push(error(&loaded.file, &at.key(key), fault, mend));
        };
        if !codes.insert(&fact.code) {
            note("code", format!("the fact {} stands twice", fact.code), "remove one");
        }
        if fact.kind == FactKind::Number && fact.unit.is_none() {
            note("type", format!("the number {} has no unit", fact.code), "add `unit`");
        }
        let of_contract = fact.code.starts_with("contract.");
        if of_contract != (fact.origin == FactOrigin::Contract) {
            let fault = format!("the origin of {} does not fit its name", fact.code);
            note("origin", fault, "let `contract.` names, and only they, have the origin contract");
        }
    }
}

fn planning(set: &FileSet, findings: &mut Vec<Finding>) {
    let Some(loaded) = &set.planning else { return };
    planning_rules::check(&loaded.document, &mut |at, fault, mend| {
        findings.push(error(&loaded.file, at, fault, mend));
    });
}

fn evidence(set: &FileSet, findings: &mut Vec<Finding>) {
    let Some(loaded) = &set.evidence else { return };
    evidence_rules::check(&loaded.document, &mut |at, fault, mend| {
        findings.push(error(&loaded.file, at, fault, mend));
    });
}

fn standards(set: &FileSet, findings: &mut Vec<Finding>) {
    let Some(loaded) = &set.standards else { return };
    let mut ids = BTreeSet::new();
    for (index, standard) in loaded.document.sets.iter().enumerate() {
        if !ids.insert(&standard.id) {
            let at = Pointer::root().key("sets").index(index).key("id");
            let fault = format!("the set {} stands twice", standard.id);
            findings.push(error(&loaded.file, &at, fault, "join the two"));
        }
    }
}

pub(super) fn scoring(document: &model::Document, note: &mut dyn FnMut(&Pointer, String, &str)) {
    let root = Pointer::root();
    let bands = &document.bands;
    if !(bands.good >= bands.adequate && bands.adequate >= bands.to_improve) {
        note(
            &root.key("bands"),
            "the bands are in the wrong order".into(),
            "good, adequate, to_improve",
        );
    }
    let values = &document.answer_values;
    if !(values.yes >= values.partial && values.partial >= values.no) {
        note(&root.key("answer_values"), "a worse answer is worth more".into(), "yes, partial, no");
    }
    for (dimension, weight) in &document.dimension_weights {
        if *weight <= 0.0 {
            let at = root.key("dimension_weights").key(dimension);
            note(&at, "a dimension that weighs nothing".into(), "use a weight above 0");
        }
    }
    if let Some(day) = &document.scoring.published_from
        && parse_day(day).is_none()
    {
        let at = root.key("scoring").key("published_from");
        note(&at, format!("{day} is no day"), "write a day of the calendar, such as 2026-12-01");
    }
    for kind in document.main_checklists.keys() {
        if kind.parse::<FacilityKind>().is_err() {
            let at = root.key("main_checklists").key(kind);
            note(&at, format!("unknown kind of centre `{kind}`"), "use a kind of the API");
        }
    }
}

fn named_checklists(
    document: &model::Document,
    set: &FileSet,
    note: &mut dyn FnMut(&Pointer, String, &str),
) {
    let root = Pointer::root();
    for dimension in document.dimension_weights.keys() {
        let mut known = set.checklists.iter().flat_map(|c| &c.document.sections);
        if !known.any(|section| section.dimension == *dimension) {
            let at = root.key("dimension_weights").key(dimension);
            note(&at, format!("no checklist has the dimension {dimension}"), "correct its name");
        }
    }
    let rules = &document.knock_outs;
    for (list, codes) in [("also", &rules.also), ("except", &rules.except)] {
        for (index, code) in codes.iter().enumerate() {
            let mut items = set.checklists.iter().flat_map(|c| places(&c.document));
            if !items.any(|(_, item)| item.code == *code) {
                let at = root.key("knock_outs").key(list).index(index);
                note(&at, format!("no checklist has the item {code}"), "correct its code");
            }
        }
    }
    for (kind, code) in &document.main_checklists {
        let at = root.key("main_checklists").key(kind);
        let main = set.checklists.iter().find(|c| c.document.checklist.code == *code);
        match main {
            None => {
                note(&at, format!("no checklist has the code {code}"), "name one of this folder")
            }
            Some(main) if main.document.checklist.anonymous => {
                note(&at, format!("{code} is anonymous and has no scorecard"), "name another");
            }
            Some(_) => {}
        }
    }
}
