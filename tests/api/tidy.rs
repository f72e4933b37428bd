//! What the compiler does not hold: who may know whom inside each crate, what is generated and
//! checked in, how long a file may be. Reads the sources as text; knows no operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of the service, whom each may know, and why. `server` and `cli` join them and
/// may know all.
const SERVICE: &[(&str, &[&str], &str)] = &[
    ("clock", &[], "a leaf: it asks the system for the time and nobody for anything"),
    ("config", &[], "a leaf: settings are read once, before there is any room"),
    ("messages", &[], "a leaf: words are looked up by code, whoever asks"),
    ("metrics", &[], "a leaf: it counts what it is told"),
    ("blobs", &[], "bytes under keys: what a photo or a row is, others know"),
    ("sample", &[], "pure: the same seed makes the same province everywhere"),
    ("store", &[], "SQL alone: told the time and whose territories, never asking"),
    ("spool", &[], "bytes on their way in: what they are, others know"),
    ("telemetry", &["config"], "logs are set up from the settings"),
    (
        "app",
        &["blobs", "metrics", "spool", "store"],
        "joins the rooms below and knows no HTTP and no clock",
    ),
    ("jobs", &["app", "blobs", "clock", "metrics", "store"], "work without a request"),
    ("edge", &["app", "clock"], "what http and web share knows neither of them"),
    ("http", &["app", "clock", "edge", "messages"], "the API knows neither store nor pages"),
    ("web", &["app", "clock", "edge", "messages"], "the pages know neither store nor API"),
];
/// Those that may know every room.
const JOINERS: [&str; 2] = ["cli", "server"];

/// The same of the core.
const CORE: &[(&str, &[&str], &str)] = &[
    ("domain", &[], "the words of the field know nobody who uses them"),
    ("documents", &["domain"], "what lives for decades knows no rule that may change"),
    ("checklist", &["documents", "domain"], "an instrument knows nothing of scores"),
    ("scoring", &["checklist", "documents", "domain"], "the rules of points, from answers alone"),
    (
        "findings",
        &["scoring", "checklist", "documents", "domain"],
        "what visits open goes by their points; who asks is not theirs",
    ),
    ("proof", &["documents", "domain"], "what others recompute knows no rule that may change"),
    ("evidence", &["documents", "domain"], "questions from plain facts, of any picture"),
    ("photo", &[], "pictures are bytes: of no visit and no person"),
];

/// What of the outside stays in one place.
const OUTSIDE: &[(&str, &[&str], &str)] = &[
    ("diesel", &["src/store"], "SQL has one home"),
    ("object_store::", &["src/blobs.rs"], "photos at rest have one home"),
    ("Utc::now", &["src/clock.rs"], "one place asks what time it is"),
    ("SystemTime::now", &[], "one place asks what time it is, and it asks chrono"),
    ("tempfile::", &["src/spool.rs"], "what comes in has one place on disk"),
    ("image::", &["core/src/photo"], "decoders of untrusted bytes have one home"),
    ("zune_jpeg", &["core/src/photo"], "decoders of untrusted bytes have one home"),
    (
        "actix_web",
        &["src/cli/mod.rs", "src/edge", "src/http", "src/server.rs", "src/server", "src/web"],
        "HTTP has its rooms; `app` and below never see it",
    ),
];

/// The longest a file may be without a reason.
const LONGEST: usize = 400;
/// Files that are longer, and why.
const LONG_FILES: &[(&str, &str)] = &[
    ("src/app/people.rs", "the rules are shorter than that; the rest are their tests"),
    ("src/store/schema.rs", "all tables, in the one place where diesel looks for them"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder, by name from the root.
fn rust_files(folder: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

/// A file without its unit tests, which may know whom they like, and without its comments.
fn body_of(name: &str, text: &str) -> String {
    if name.ends_with("tests.rs") || name.ends_with("testing.rs") {
        return String::new();
    }
    let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.fold(String::new(), |text, line| text + line + "\n")
}

/// Whom a file names as `crate::NAME` or in `crate::{NAME, …}`.
fn known(body: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in body.split("crate::").skip(1) {
        let inside = rest.strip_prefix('{').and_then(|rest| rest.split_once("};"));
        let parts: Vec<&str> = match inside {
            Some((list, _)) => list.split(',').collect(),
            None => vec![rest],
        };
        for part in parts {
            let letters = |c: &char| c.is_ascii_lowercase() || *c == '_';
            names.insert(part.trim().chars().take_while(letters).collect::<String>());
        }
    }
    names.remove("");
    names
}

fn room_of<'a>(name: &'a str, folder: &str) -> &'a str {
    let rest = name.strip_prefix(folder).unwrap().trim_start_matches('/');
    rest.split('/').next().unwrap().trim_end_matches(".rs")
}

fn check_rooms(folder: &str, rules: &[(&str, &[&str], &str)], free: &[&str]) {
    let mut faults = Vec::new();
    for (name, text) in rust_files(folder) {
        let room = room_of(&name, folder);
        if ["lib", "main"].contains(&room) || free.contains(&room) {
            continue;
        }
        let Some((_, allowed, why)) = rules.iter().find(|rule| rule.0 == room) else {
            faults.push(format!("{name}: say in tidy.rs whom `{room}` may know, and why"));
            continue;
        };
        for other in known(&body_of(&name, &text)) {
            if other != room && !allowed.contains(&other.as_str()) {
                faults.push(format!("{name} knows `{other}`, but `{room}` may not: {why}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn rooms_of_the_service_know_only_whom_they_may() {
    check_rooms("src", SERVICE, &JOINERS);
}

#[test]
fn rooms_of_the_core_know_only_whom_they_may() {
    check_rooms("core/src", CORE, &[]);
}

#[test]
fn what_comes_from_outside_stays_in_its_place() {
    let mut faults = Vec::new();
    for (name, text) in rust_files("src").into_iter().chain(rust_files("core/src")) {
        let body = body_of(&name, &text);
        for (word, places, why) in OUTSIDE {
            let allowed = places.iter().any(|place| Path::new(&name).starts_with(place));
            let begins = |line: &str| {
                line.match_indices(word).any(|(at, _)| {
                    !line[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
                })
            };
            if !allowed && body.lines().any(begins) {
                faults.push(format!("{name} names `{word}`: {why}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_file_is_short_or_says_why() {
    let folders = ["src", "core/src", "core/tests", "tests", "benches"];
    let there = folders.iter().filter(|folder| root().join(folder).is_dir());
    let files: BTreeMap<_, _> = there.flat_map(|folder| rust_files(folder)).collect();
    let long: BTreeMap<_, _> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .collect();
    let unsaid: Vec<_> =
        long.iter().filter(|(name, _)| !LONG_FILES.iter().any(|row| row.0 == **name)).collect();
    assert!(unsaid.is_empty(), "split these, or say in tidy.rs why not: {unsaid:?}");
    let stale: Vec<_> = LONG_FILES.iter().filter(|row| !long.contains_key(row.0)).collect();
    assert!(stale.is_empty(), "these are short now; take them out of tidy.rs: {stale:?}");
}

#[test]
fn every_module_says_what_it_is_for() {
    let all = rust_files("src").into_iter().chain(rust_files("core/src"));
    let silent: Vec<_> = all
        .filter(|(name, text)| !name.ends_with("tests.rs") && !text.starts_with("//!"))
        .map(|(name, _)| name)
        .collect();
    assert!(silent.is_empty(), "begin with what the module is for and must not know: {silent:?}");
}

#[test]
fn no_lint_is_silenced_without_a_reason() {
    // In two parts, so that this file does not find itself.
    let silencers = [["#[", "allow("].concat(), ["#![", "allow("].concat()];
    let folders = ["src", "core/src", "core/tests", "tests"];
    let mut faults = Vec::new();
    for (name, text) in folders.into_iter().flat_map(rust_files) {
        for (index, line) in text.lines().enumerate() {
            if silencers.iter().any(|silencer| line.contains(silencer)) {
                faults.push(format!("{name}:{}", index + 1));
            }
        }
    }
    assert!(faults.is_empty(), "use #[expect(…, reason = \"…\")]: {faults:?}");
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |database: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(database);
        let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let whole = |path: &PathBuf| path.join("up.sql").is_file();
        all.filter(whole).map(|p| p.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("sqlite"), names("postgres"), "a migration is missing, or has no up.sql");
}

#[test]
fn the_openapi_document_is_the_one_checked_in() {
    let kept = fs::read_to_string(root().join("openapi/v1.json")).unwrap_or_default();
    assert!(
        kept == vigila::http::document_text(),
        "openapi/v1.json is not what the operations say; to write it:\n\
         cargo run -- openapi > openapi/v1.json"
    );
}

#[test]
fn every_decision_record_is_linked() {
    let folder = root().join("docs/adr");
    let index = fs::read_to_string(folder.join("README.md")).unwrap();
    let names: BTreeSet<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    let unlinked: Vec<_> =
        names.iter().filter(|name| !index.contains(&format!("({name})"))).collect();
    assert!(unlinked.is_empty(), "link these in docs/adr/README.md: {unlinked:?}");
    let numbers: BTreeSet<_> = names.iter().map(|name| &name[..4]).collect();
    assert_eq!(numbers.len(), names.len(), "two records have the same number");
}
