//! Findings: the lists of a territory and of a centre, and the page of one, where a manager
//! moves it.

mod list;
mod moving;
mod photos;
mod show;

use vigila_core::domain::{Day, InspectionId, Instant};
use vigila_core::findings::Visit;

use super::format::{self, Moment};
use super::instruments::text;
use super::parts::Badge;
use crate::app::App;
use crate::app::findings::{FindingRow, Questions};
use crate::messages::{Lang, fill, findings as words};

pub use list::{download_findings, show_findings};
pub use moving::move_finding;
pub use show::show_finding;

/// A finding as a list shows it.
pub struct Line {
    pub address: String,
    pub question: String,
    pub item: String,
    /// Code and name, where the list is of several centres.
    pub centre: Option<(String, String)>,
    pub severity: Badge,
    pub state: &'static str,
    pub overdue: bool,
    /// The visit that proposes the closing.
    pub proposed: Option<Seen>,
    pub due: DueDay,
    pub repeats: u32,
    pub since: Moment,
    /// The visit that failed it last.
    pub failed: Seen,
}

/// A day for machines and for people.
pub struct DueDay {
    pub machine: String,
    pub day: String,
}

impl DueDay {
    fn new(day: Day, lang: Lang) -> Self {
        Self { machine: day.to_string(), day: format::day(day, lang) }
    }
}

/// A visit, and its address where this person may open it.
pub struct Seen {
    pub at: Moment,
    /// It as what proposes the closing.
    pub words: String,
    pub address: Option<String>,
}

/// What lines are made of.
pub struct Ground<'a> {
    pub app: &'a App,
    pub lang: Lang,
    pub questions: &'a Questions,
    pub today: Day,
}

impl Ground<'_> {
    fn moment(&self, at: Instant) -> Moment {
        format::moment(at, self.app.zone, self.lang)
    }

    /// A line; `address_of` knows which visits this person may open.
    pub fn line(
        &self,
        row: &FindingRow,
        address_of: impl Fn(InspectionId) -> Option<String>,
    ) -> Line {
        let (finding, entry) = (&row.finding, &row.finding.entry);
        let seen = |visit: Visit| {
            let at = self.moment(visit.ended_at);
            Seen {
                words: fill(words::Findings::of(self.lang).by_visit, std::slice::from_ref(&at.day)),
                at,
                address: address_of(visit.id).map(|address| format!("{address}#{}", entry.item)),
            }
        };
        Line {
            address: address_of_finding(row),
            question: self.question(row),
            item: entry.item.clone(),
            centre: None,
            severity: Badge::severity(entry.basis.severity, self.lang),
            state: words::state(finding.state, self.lang),
            overdue: finding.is_overdue(self.today),
            proposed: entry.basis.passed_by.filter(|_| finding.is_live()).map(seen),
            due: DueDay::new(finding.due_on(), self.lang),
            repeats: entry.basis.failures.saturating_sub(1),
            since: self.moment(entry.basis.opened_at),
            failed: seen(entry.basis.failed_by),
        }
    }

    /// What its item asks; the code of the item where the checklist is gone.
    fn question(&self, row: &FindingRow) -> String {
        let asked = self.questions.of(row).map(|question| text(question, self.lang).to_owned());
        asked.unwrap_or_else(|| row.finding.entry.item.clone())
    }
}

fn address_of_finding(row: &FindingRow) -> String {
    format!("/findings/{}", row.finding.entry.id)
}
