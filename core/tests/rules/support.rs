//! What the tests share: the shipped folder, and the way from answers to a score.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use vigila_core::checklist::{
    Answered, FileSet, Finding, Instrument, SourceFile, check_answers, read_file_set,
};
use vigila_core::documents::inspection::{self, Inspection};
use vigila_core::documents::score::Score;
use vigila_core::documents::{Faults, checklist, json as text, model};
use vigila_core::domain::{Facts, Instant};
use vigila_core::scoring::{Compiled, Indicators, Model, Outcome, Scored, at_visit, score};

/// The shipped folder as it lies there.
pub static SHIPPED_FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checklists");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .map(|path| SourceFile {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
});

/// The shipped folder, read and linted.
pub static SHIPPED: LazyLock<(FileSet, Vec<Finding>)> =
    LazyLock::new(|| read_file_set(&SHIPPED_FILES));

/// The shipped checklists, ready for use.
pub static INSTRUMENTS: LazyLock<Vec<Instrument>> = LazyLock::new(|| {
    let each = SHIPPED.0.checklists.iter();
    each.map(|loaded| Instrument::new(loaded.document.clone()).unwrap()).collect()
});

/// The shipped scoring model.
pub static MODEL: LazyLock<Model> =
    LazyLock::new(|| model_of(SHIPPED.0.scoring[0].document.clone()));

/// The shipped indicators.
pub static INDICATORS: LazyLock<Indicators> = LazyLock::new(|| {
    let loaded = SHIPPED.0.indicators.as_ref().unwrap();
    Indicators::new(loaded.document.clone(), "a digest")
});

/// The shipped indicators, made ready for a checklist.
pub fn compiled_for(instrument: &Instrument) -> Compiled {
    INDICATORS.compile(instrument, &SHIPPED.0.facts.as_ref().unwrap().document.facts)
}

/// A checklist ready for use.
pub fn instrument_of(document: checklist::Document) -> Instrument {
    Instrument::new(document).unwrap()
}

/// A model of a document.
pub fn model_of(document: model::Document) -> Model {
    Model::new(document, "a digest").unwrap()
}

/// The time of all tests.
pub fn now() -> Instant {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

/// The content of a visit with these answers.
pub fn content(answers: &[Value]) -> Value {
    json!({
        "facility": "BT-0007", "checklist": {"code": "ANY", "version": "1.0.0"},
        "kind": "unannounced", "started_at": "2026-03-04T09:00:00Z",
        "ended_at": "2026-03-04T11:00:00Z", "answers": answers,
    })
}

/// One answer as a phone sends it.
pub fn answer(item: &str, value: &Value) -> Value {
    if value == "na" {
        json!({"item": item, "value": "na", "reason": "not here"})
    } else {
        json!({"item": item, "value": value})
    }
}

/// Reads a content that has no fault.
pub fn read(content: &Value) -> Inspection {
    let mut faults = Faults::default();
    let read = inspection::parse(content, now(), &mut faults);
    assert_eq!(faults.into_vec(), []);
    read.unwrap()
}

/// The verdicts of a content that has no fault.
pub fn verdicts(instrument: &Instrument, inspection: &Inspection) -> Answered {
    let mut faults = Faults::default();
    let answered = check_answers(instrument, &inspection.answers, &mut faults);
    assert_eq!(faults.into_vec(), []);
    answered
}

/// The score of answers with these indicators.
pub fn indicated(
    model: &Model,
    indicators: &Compiled,
    instrument: &Instrument,
    answers: &[Value],
    known: &Facts,
) -> Score {
    outcome_of(model, Some(indicators), instrument, answers, known).score
}

/// The score of answers, from the text a phone sends to the outcome.
pub fn score_of(
    model: &Model,
    instrument: &Instrument,
    answers: &[Value],
    known: &Facts,
) -> Outcome {
    outcome_of(model, None, instrument, answers, known)
}

fn outcome_of(
    model: &Model,
    indicators: Option<&Compiled>,
    instrument: &Instrument,
    answers: &[Value],
    known: &Facts,
) -> Outcome {
    let sent = text::canonical(&content(answers));
    let visit = read(&text::parse(sent.as_bytes()).unwrap());
    let answered = verdicts(instrument, &visit);
    let facts = at_visit(known, instrument, &answered);
    let scored = Scored { instrument, answered: &answered, answers: &visit.answers, facts: &facts };
    score(model, indicators, &scored, now())
}

/// A checklist around sections, for tests that need few items.
pub fn checklist_of(sections: Value) -> checklist::Document {
    serde_json::from_value(json!({
        "schema_version": 1,
        "checklist": {
            "code": "DEMO", "version": "1.0.0",
            "title": {"it": "Prova", "en": "Trial"},
            "description": {"it": "Prova", "en": "Trial"},
            "facility_kinds": [], "respondent": "inspector", "anonymous": false,
            "estimated_minutes": 1, "languages": ["it", "en"],
            "default_deadline_days": {"critical": 1, "A": 1, "B": 1, "C": 1},
            "photo_policy": {"values": [], "it": "cose", "en": "things"}, "sources": [],
        },
        "sections": sections,
    }))
    .unwrap()
}
