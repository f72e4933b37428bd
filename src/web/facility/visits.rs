//! The visits of a centre. Those that it expected and those made on documents stand apart:
//! nobody may take them for unannounced ones.

use vigila_core::documents::inspection::Kind;

use super::{Subject, VISITS};
use crate::app::inspections::InspectionRow;
use crate::messages::{fill, words};
use crate::web::format::Moment;
use crate::web::parts::{Badge, Meter};

/// The visits of a centre, newest first.
pub struct Visits {
    pub without_notice: Vec<VisitRow>,
    pub apart: Vec<VisitRow>,
    /// What is to be said of those that are not listed.
    pub remarks: Vec<String>,
}

/// One visit.
pub struct VisitRow {
    pub address: String,
    pub at: Moment,
    pub kind: &'static str,
    pub checklist: String,
    pub badge: Badge,
    pub overall: Option<Meter>,
    pub awaiting: bool,
    pub superseded: bool,
}

impl Visits {
    pub fn of(subject: &Subject<'_>, more: bool) -> Self {
        let is_apart = |row: &&InspectionRow| matches!(row.kind, Kind::Announced | Kind::Remote);
        let (apart, without_notice): (Vec<_>, Vec<_>) = subject.rows.iter().partition(is_apart);
        let rows = |rows: Vec<&InspectionRow>| rows.iter().map(|row| visit(subject, row)).collect();
        let own = subject.visible.as_ref().map(|_| subject.t.visits_own.to_owned());
        let cut = more.then(|| fill(subject.t.more, &[VISITS.to_string()]));
        Self {
            without_notice: rows(without_notice),
            apart: rows(apart),
            remarks: own.into_iter().chain(cut).collect(),
        }
    }
}

fn visit(subject: &Subject<'_>, row: &InspectionRow) -> VisitRow {
    let lang = subject.lang;
    VisitRow {
        address: format!("/inspections/{}", row.id),
        at: subject.moment(row.ended_at),
        kind: words::visit_kind(row.kind, lang),
        checklist: row.checklist.code.clone(),
        badge: Badge::small(row.band, lang),
        overall: row.overall.map(|overall| Meter::new(overall, lang)),
        awaiting: row.photos_missing > 0,
        superseded: row.superseded_by.is_some(),
    }
}
