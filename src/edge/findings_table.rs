//! Findings as comma-separated values (RFC 4180), for spreadsheets: the API and the pages give
//! the same.

use actix_web::HttpResponse;
use vigila_core::documents::checklist::Bilingual;
use vigila_core::domain::Day;

use crate::app::Error;
use crate::app::findings::{FindingRow, Questions};

/// Most rows of the table: far more than all of Italy has open at once.
pub const MOST_FINDINGS: usize = 100_000;

const HEADER: [&str; 16] = [
    "id",
    "facility",
    "facility_name",
    "territory",
    "checklist",
    "item",
    "question",
    "severity",
    "state",
    "opened_at",
    "due_on",
    "overdue",
    "repeats",
    "last_failed_at",
    "closing_proposed_at",
    "settled_at",
];

/// The table as a download; `ask` chooses the language of questions.
///
/// # Errors
/// When it cannot be written, which cannot be.
pub fn findings_table(
    rows: &[FindingRow],
    questions: &Questions,
    today: Day,
    ask: impl Fn(&Bilingual) -> String,
) -> Result<HttpResponse, Error> {
    let text = text_of(rows, questions, today, ask);
    let text = text.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("Content-Disposition", "attachment; filename=\"findings.csv\""))
        .insert_header(("Vary", "Accept, Accept-Language"))
        .body(text))
}

fn text_of(
    rows: &[FindingRow],
    questions: &Questions,
    today: Day,
    ask: impl Fn(&Bilingual) -> String,
) -> Result<Vec<u8>, csv::Error> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(HEADER)?;
    for row in rows {
        let (finding, basis) = (&row.finding, &row.finding.entry.basis);
        let question = questions.of(row).map(&ask);
        let passed = basis.passed_by.filter(|_| finding.is_live());
        table.write_record([
            finding.entry.id.to_string(),
            row.facility.code.to_string(),
            harmless(&row.facility.name),
            finding.territory.to_string(),
            finding.checklist_code.clone(),
            finding.entry.item.clone(),
            harmless(&question.unwrap_or_default()),
            basis.severity.to_string(),
            finding.state.to_string(),
            basis.opened_at.to_string(),
            finding.due_on().to_string(),
            finding.is_overdue(today).to_string(),
            (basis.failures - 1).to_string(),
            basis.failed_by.ended_at.to_string(),
            passed.map(|visit| visit.ended_at.to_string()).unwrap_or_default(),
            finding.entry.settled_at.map(|at| at.to_string()).unwrap_or_default(),
        ])?;
    }
    table.into_inner().map_err(|error| error.into_error().into())
}

/// A text that no spreadsheet takes for a formula (OWASP, CSV Injection).
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
