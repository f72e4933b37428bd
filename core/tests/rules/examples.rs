//! `docs/scoring-examples.md`, read and run: the page is the test's table.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use vigila_core::checklist::Instrument;
use vigila_core::documents::model::{Aggregation, Document};
use vigila_core::documents::score::Score;
use vigila_core::domain::{FactValue, Facts};
use vigila_core::scoring::{Model, State, item_state, value_of};

use crate::support::{MODEL, answer, checklist_of, content, model_of, read, score_of, verdicts};

type Row = BTreeMap<String, String>;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scoring-examples.md");
    std::fs::read_to_string(path).unwrap()
}

/// The rows of the one table under a heading, by the names of its columns.
fn table(page: &str, heading: &str) -> Vec<Row> {
    let below = page.split(&format!("\n## {heading}\n")).nth(1).expect(heading);
    let section = below.split("\n## ").next().unwrap();
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_start_matches('|');
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        inner.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = section.lines().filter(|line| line.starts_with('|'));
    let names = cells(lines.next().unwrap());
    let rule = lines.next().unwrap();
    assert!(rule.starts_with("| ---"), "{rule}");
    let rows: Vec<Row> = lines
        .map(|line| {
            let cells = cells(line);
            assert_eq!(cells.len(), names.len(), "{line}");
            names.iter().cloned().zip(cells).collect()
        })
        .collect();
    assert!(!rows.is_empty(), "{heading}");
    rows
}

/// `3`, `2.5`, `250/3`, `cbrt(8)`.
fn number(cell: &str) -> f64 {
    if let Some(inner) = cell.strip_prefix("cbrt(") {
        return number(inner.strip_suffix(')').unwrap()).cbrt();
    }
    match cell.split_once('/') {
        Some((above, below)) => number(above) / number(below),
        None => cell.parse().unwrap_or_else(|_| panic!("no number: {cell}")),
    }
}

fn near(found: Option<f64>, cell: &str, what: &str) {
    let expected = (cell != "null").then(|| number(cell));
    let same = match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() <= 1e-9,
        (found, expected) => found == expected,
    };
    assert!(same, "{what}: the page says {cell}, the program {found:?}");
}

fn option(text: &str) -> Value {
    let (value, score) = text.split_once(' ').unwrap();
    let mut option = json!({"value": value, "it": value, "en": value});
    if score != "without score" {
        option["score"] = json!(number(score));
    }
    option
}

fn limits(text: &str) -> Value {
    match text.split_once(" to ") {
        Some((lower, upper)) => json!([number(lower), number(upper)]),
        None => json!(number(text)),
    }
}

fn item(row: &Row) -> Value {
    let more = row["more"].as_str();
    let kind = row["answer type"].split(',').next().unwrap();
    let mut item = json!({
        "code": row["item"], "question": {"it": "?", "en": "?"}, "answer_type": kind,
        "source": ["OWN"], "weight_class": row["class"], "critical": more == "critical",
        "photo": "none",
    });
    if row["answer type"].ends_with("several") {
        item["multiple"] = json!(true);
    }
    if let Some(fact) = more.strip_prefix("feeds ") {
        item["feeds"] = json!([fact]);
    } else if let Some(condition) = more.strip_prefix("applies when ") {
        item["applies_when"] = json!(condition);
    } else if let Some(options) = more.strip_prefix("options: ") {
        item["options"] = options.split(", ").map(option).collect();
    } else if let Some((direction, rest)) = more.split_once(": full ") {
        let (full, partial) = rest.split_once(", partial ").unwrap();
        item["scoring"] =
            json!({"direction": direction, "full": limits(full), "partial": limits(partial)});
    } else {
        assert!(["", "critical"].contains(&more), "{more}");
    }
    item
}

fn instrument(page: &str) -> Instrument {
    let mut sections: Vec<Value> = Vec::new();
    for row in table(page, "The checklist") {
        let code = row["section"].as_str();
        if sections.last().is_none_or(|section| section["code"] != code) {
            sections.push(json!({
                "code": code, "title": {"it": code, "en": code},
                "dimension": row["dimension"], "items": [],
            }));
        }
        sections.last_mut().unwrap()["items"].as_array_mut().unwrap().push(item(&row));
    }
    Instrument::new(checklist_of(json!(sections))).unwrap()
}

/// A value of the page as a phone sends it.
fn value(instrument: &Instrument, item: &str, text: &str) -> Value {
    use vigila_core::checklist::Kind;
    let kind = &instrument.items[instrument.index_of(item).unwrap()].kind;
    match (kind, text) {
        (_, "na") => json!("na"),
        (_, "nobs") => json!("not_observed"),
        (Kind::Number { .. }, text) => json!(number(text)),
        (Kind::Choice { multiple: true, .. }, text) => json!(text.split(", ").collect::<Vec<_>>()),
        (_, text) => json!(text),
    }
}

fn answers(instrument: &Instrument, changes: &str) -> Vec<Value> {
    let best = "H1 yes; H2 yes; H3 20; H4 8; S1 yes; S2 yes; S3 good; S4 yes; R1 40; \
                R2 leaflet; R3 a text; D1 yes; D2 yes";
    let all_na = changes == "all na";
    let changes = if all_na { "" } else { changes };
    let mut visit: BTreeMap<&str, &str> = BTreeMap::new();
    for answer in best.split("; ").chain(changes.split("; ")).filter(|text| !text.is_empty()) {
        let (item, text) = answer.split_once(' ').unwrap();
        visit.insert(item, if all_na { "na" } else { text });
    }
    visit.retain(|_, text| *text != "-");
    visit.iter().map(|(item, text)| answer(item, &value(instrument, item, text))).collect()
}

fn scored(model: &Model, instrument: &Instrument, row: &Row) -> Score {
    let mut facts = Facts::new();
    match row.get("beds").map_or("30", String::as_str) {
        "unknown" => {}
        beds => {
            facts.insert("beds".into(), FactValue::Number(number(beds)));
        }
    }
    score_of(model, instrument, &answers(instrument, &row["changes"]), &facts).score
}

fn check_costliest(score: &Score, cell: &str, visit: &str) {
    let named: Vec<_> = cell.split("; ").filter(|text| !text.is_empty()).collect();
    let found: Vec<_> = score.costliest.iter().map(|costly| costly.item.as_str()).collect();
    let items: Vec<_> = named.iter().map(|text| text.split(' ').next().unwrap()).collect();
    assert_eq!(found, items, "visit {visit}");
    for (costly, text) in score.costliest.iter().zip(named) {
        let points = text.split(' ').nth(1).unwrap();
        near(Some(costly.points_lost), points, &format!("visit {visit}, {}", costly.item));
    }
}

#[test]
fn what_one_answer_is_worth() {
    let page = page();
    let instrument = instrument(&page);
    for row in table(&page, "What one answer is worth") {
        let (code, text) = (row["item"].as_str(), row["answer"].as_str());
        let sent = [answer(code, &value(&instrument, code, text))];
        let answered = verdicts(&instrument, &read(&content(&sent)));
        let index = instrument.index_of(code).unwrap();
        let item = &instrument.items[index];
        let verdict = answered[index].as_ref().unwrap();
        let cell = row["v"].replace("none", "null");
        near(value_of(&MODEL, item, verdict), &cell, &format!("{code} {text}"));
        if cell == "null" {
            let state = item_state(&MODEL, item, Some(verdict), &Facts::new());
            assert_eq!(state, State::NotDue, "{code} {text}");
        }
    }
}

#[test]
fn the_visits_score_what_the_page_says() {
    let page = page();
    let instrument = instrument(&page);
    for row in table(&page, "Visits") {
        let visit = row["visit"].as_str();
        let score = scored(&MODEL, &instrument, &row);
        near(score.overall, &row["overall"], &format!("overall of visit {visit}"));
        near(score.coverage, &row["coverage"], &format!("coverage of visit {visit}"));
        assert_eq!(score.band.as_str(), row["band"], "visit {visit}");
        assert_eq!(score.band_by_points.as_str(), row["by points"], "visit {visit}");
        let knocked: &[&str] = if row["band"] == "critical" { &["S1"] } else { &[] };
        assert_eq!(score.knocked_out_by, knocked, "visit {visit}");
        let columns = ["HYGIENE", "SAFETY", "RIGHTS"];
        let there: Vec<_> = columns.into_iter().filter(|code| row[*code] != "absent").collect();
        let found: Vec<_> = score.dimensions.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(found, there, "visit {visit}");
        for dimension in &score.dimensions {
            let what = format!("{} of visit {visit}", dimension.code);
            near(dimension.score, &row[&dimension.code], &what);
        }
    }
}

#[test]
fn what_cost_most_is_what_the_page_says() {
    let page = page();
    let instrument = instrument(&page);
    let visits = table(&page, "Visits");
    for row in table(&page, "What cost most") {
        let visit = visits.iter().find(|v| v["visit"] == row["visit"]).unwrap();
        check_costliest(&scored(&MODEL, &instrument, visit), &row["costliest"], &row["visit"]);
    }
}

fn other_model(name: &str) -> Model {
    let mut document: Document = MODEL.document.clone();
    match name {
        "arithmetic" => document.aggregation = Aggregation::Arithmetic,
        "geometric" => document.aggregation = Aggregation::Geometric,
        "HYGIENE weighs 2" => {
            document.dimension_weights.insert("HYGIENE".into(), 2.0);
        }
        other => panic!("no such model: {other}"),
    }
    model_of(document)
}

#[test]
fn other_models_score_what_the_page_says() {
    let page = page();
    let instrument = instrument(&page);
    for row in table(&page, "Other models") {
        let score = scored(&other_model(&row["model"]), &instrument, &row);
        near(score.overall, &row["overall"], &format!("overall of visit {}", row["visit"]));
        assert_eq!(score.band.as_str(), row["band"], "visit {}", row["visit"]);
        check_costliest(&score, &row["costliest"], &row["visit"]);
    }
}
