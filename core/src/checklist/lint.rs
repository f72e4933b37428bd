//! The whole folder of checklists at once: which file is what, its structure, and what the
//! structure cannot say (codes, conditions, facts, thresholds, standards).

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use super::file::{Finding, Level, Mend, Parsed, SourceFile, parse_yaml};
use super::schema::check_structure;
use super::set::{FileKind, FileSet, Loaded, places};
use super::{companion_rules, indicator_rules, item_rules};
use crate::documents::{Pointer, checklist};

/// Reads and lints a folder of files. The set holds what could be read; whether it may be
/// used is whether no finding is an error.
#[must_use]
pub fn read_file_set(files: &[SourceFile]) -> (FileSet, Vec<Finding>) {
    read_file_set_beside(files, Vec::new())
}

/// The same, where these checklists were published before: one whose file is gone is still
/// answered, and indicators may go on reading its items.
#[must_use]
pub fn read_file_set_beside(
    files: &[SourceFile],
    published: Vec<checklist::Document>,
) -> (FileSet, Vec<Finding>) {
    let mut set = FileSet { published, ..FileSet::default() };
    let mut findings = Vec::new();
    for source in files {
        match parse_yaml(source) {
            Ok(parsed) => sort_in(parsed, &mut set, &mut findings),
            Err(finding) => findings.push(finding),
        }
    }
    for (there, name) in [
        (set.facts.is_some(), "facts.yaml"),
        (set.standards.is_some(), "standards.yaml"),
        (!set.scoring.is_empty(), "scoring.yaml"),
    ] {
        if !there && !findings.iter().any(|f| f.file.ends_with(name)) {
            findings.push(missing(name));
        }
    }
    // What a file that could not be read would have declared is not missed a second time.
    let whole = findings.iter().all(|finding| finding.level != Level::Error);
    check_codes(&set, &mut findings);
    for checklist in &set.checklists {
        item_rules::check(checklist, &set, &mut findings);
    }
    companion_rules::check(&set, whole, &mut findings);
    indicator_rules::check(&set, whole, &mut findings);
    findings.sort_by(|a, b| (&a.file, a.line, a.level).cmp(&(&b.file, b.line, b.level)));
    (set, findings)
}

fn missing(name: &str) -> Finding {
    Finding {
        file: name.to_owned(),
        line: 1,
        item: None,
        level: Level::Error,
        what: Mend {
            fault: "the file is missing".into(),
            mend: "add it beside the checklists".into(),
        },
    }
}

fn sort_in(parsed: Parsed, set: &mut FileSet, findings: &mut Vec<Finding>) {
    let Some(kind) = FileKind::of(&parsed.value) else {
        let what = Mend {
            fault: "neither a checklist nor facts, standards, scoring, planning, evidence or \
                    indicators"
                .into(),
            mend: "begin with one of the keys checklist, facts, sets, scoring, planning, \
                   evidence, indicators"
                .into(),
        };
        findings.push(parsed.finding(&Pointer::root(), Level::Error, what));
        return;
    };
    let before = findings.len();
    check_structure(kind, &parsed, findings);
    if findings.len() > before {
        return;
    }
    match kind {
        FileKind::Checklist => set.checklists.extend(typed(parsed, findings)),
        FileKind::Scoring => set.scoring.extend(typed(parsed, findings)),
        FileKind::Facts => once(&mut set.facts, parsed, findings),
        FileKind::Standards => once(&mut set.standards, parsed, findings),
        FileKind::Planning => once(&mut set.planning, parsed, findings),
        FileKind::Evidence => once(&mut set.evidence, parsed, findings),
        FileKind::Indicators => once(&mut set.indicators, parsed, findings),
    }
}

fn once<T: DeserializeOwned>(
    place: &mut Option<Loaded<T>>,
    parsed: Parsed,
    findings: &mut Vec<Finding>,
) {
    if let Some(first) = place {
        let fault = format!("{} is such a file already", first.file.name);
        let what = Mend { fault, mend: "join the two".into() };
        findings.push(parsed.finding(&Pointer::root(), Level::Error, what));
        return;
    }
    *place = typed(parsed, findings);
}

fn typed<T: DeserializeOwned>(file: Parsed, findings: &mut Vec<Finding>) -> Option<Loaded<T>> {
    match T::deserialize(&file.value) {
        Ok(document) => Some(Loaded { file, document }),
        Err(error) => {
            let what = Mend { fault: error.to_string(), mend: "write a value that fits".into() };
            findings.push(file.finding(&Pointer::root(), Level::Error, what));
            None
        }
    }
}

/// Codes are permanent: no two checklists share one, and no item code means two things.
fn check_codes(set: &FileSet, findings: &mut Vec<Finding>) {
    let mut versions = BTreeSet::new();
    let mut items: BTreeMap<&str, (&str, &checklist::Item)> = BTreeMap::new();
    for loaded in &set.checklists {
        let header = &loaded.document.checklist;
        if !versions.insert((&header.code, &header.version)) {
            let fault = format!("{} {} stands in two files", header.code, header.version);
            let what = Mend { fault, mend: "give one a new version".into() };
            findings.push(loaded.file.finding(
                &Pointer::from("/checklist/version"),
                Level::Error,
                what,
            ));
        }
        for (at, item) in places(&loaded.document) {
            let owner = items.entry(&item.code).or_insert((&header.code, item));
            let reused = owner.0 != header.code || owner.1.answer_type != item.answer_type;
            if reused {
                let fault =
                    format!("the code {} is used by {} for another item", item.code, owner.0);
                let what = Mend { fault, mend: "give it a code that was never used".into() };
                findings.push(loaded.file.finding(&at.key("code"), Level::Error, what));
            }
        }
    }
}
