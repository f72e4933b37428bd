//! Whatever is sent as an inspection is read or refused with faults; what can be read has one
//! canonical form, which reads as the same.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use vigila_core::checklist::{Instrument, SourceFile, check_answers, read_file_set};
use vigila_core::documents::{Faults, inspection, json};
use vigila_core::domain::Instant;

static INSTRUMENTS: LazyLock<Vec<Instrument>> = LazyLock::new(|| {
    let files: Vec<SourceFile> = [
        include_str!("../../checklists/cas-collective-capitolato.yaml"),
        include_str!("../../checklists/fire-hygiene-quick-check.yaml"),
        include_str!("../../checklists/guest-voice-anonymous.yaml"),
        include_str!("../../checklists/facts.yaml"),
        include_str!("../../checklists/standards.yaml"),
    ]
    .into_iter()
    .enumerate()
    .map(|(n, text)| SourceFile { name: format!("{n}.yaml"), text: text.to_owned() })
    .collect();
    let (set, _) = read_file_set(&files);
    let documents = set.checklists.into_iter().map(|loaded| loaded.document);
    documents.map(|document| Instrument::new(document).expect("a shipped checklist")).collect()
});

fuzz_target!(|bytes: &[u8]| {
    assert!(!INSTRUMENTS.is_empty());
    let Ok(value) = json::parse(bytes) else { return };
    let mut faults = Faults::default();
    json::check_storable(bytes, &value, &mut faults);
    let now: Instant = "2026-11-24T12:00:00Z".parse().expect("a time");
    let draft = inspection::draft(&value, now, &mut faults);
    for instrument in &*INSTRUMENTS {
        if let Some(answers) = draft.as_ref().and_then(|draft| draft.answers.as_ref()) {
            let answered = check_answers(instrument, answers, &mut Faults::default());
            assert_eq!(answered.len(), instrument.items.len());
        }
    }
    if faults.is_empty() {
        assert!(draft.and_then(inspection::Draft::whole).is_some(), "no fault, and yet not whole");
        let canonical = json::canonical(&value);
        let again = json::parse(canonical.as_bytes()).expect("a canonical form that can be read");
        assert_eq!(canonical, json::canonical(&again));
        assert_eq!(json::digest(&canonical).len(), 64);
    }
});
