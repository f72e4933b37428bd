//! What the scorecard says: critical items, dimensions, what cost most, each checklist.

use super::Subject;
use crate::app::scorecards::ChecklistCard;
use crate::messages::{fill, words};
use crate::web::format::{self, Moment};
use crate::web::parts::{Answer, Badge, Meter, raw_value};

/// A critical item that is failed now.
pub struct CriticalRow {
    pub code: String,
    pub question: String,
    pub checklist: String,
    pub at: Moment,
    pub address: Option<String>,
}

/// One dimension.
pub struct DimensionRow {
    pub name: String,
    pub meter: Option<Meter>,
    pub coverage: String,
    /// That it lies below the floor.
    pub low: Option<String>,
}

/// An item that cost points.
pub struct CostRow {
    pub code: String,
    pub question: String,
    pub answer: Answer,
    pub lost: String,
    pub photos: usize,
    pub address: Option<String>,
}

/// What one checklist says.
pub struct ChecklistRow {
    pub title: String,
    pub version: String,
    pub badge: Badge,
    pub overall: Option<Meter>,
    pub coverage: Option<String>,
    pub at: Moment,
    pub kind: &'static str,
    pub address: Option<String>,
}

fn at_item(address: Option<String>, item: &str) -> Option<String> {
    address.map(|address| format!("{address}#{item}"))
}

pub fn critical(subject: &Subject<'_>) -> Vec<CriticalRow> {
    let each = subject.card.critical_now.iter().map(|critical| CriticalRow {
        code: critical.item.clone(),
        question: subject.instruments.question(&critical.checklist, &critical.item),
        checklist: subject.instruments.title(&critical.checklist),
        at: subject.moment(critical.observed_at),
        address: at_item(subject.address_of(critical.inspection), &critical.item),
    });
    each.collect()
}

pub fn dimensions(subject: &Subject<'_>) -> Vec<DimensionRow> {
    let lang = subject.lang;
    let floor = subject.app.library.model(subject.card.as_of).document.dimension_floor.below;
    let scored = subject.shown.main().map(|main| main.score.dimensions.as_slice());
    let each = scored.unwrap_or_default().iter().map(|dimension| DimensionRow {
        name: words::dimension(&dimension.code, lang).to_owned(),
        meter: dimension.score.map(|score| Meter::with_floor(score, floor, lang)),
        coverage: format::share(dimension.coverage, lang),
        low: dimension
            .score
            .filter(|score| *score < floor - 1e-9)
            .map(|_| fill(subject.t.below_floor, &[format::number(floor, lang)])),
    });
    each.collect()
}

pub fn costliest(subject: &Subject<'_>) -> Vec<CostRow> {
    let lang = subject.lang;
    let Some(main) = subject.shown.main() else { return Vec::new() };
    let lost = main.score.costliest.iter().filter(|item| item.points_lost > 0.0);
    let each = lost.map(|item| CostRow {
        code: item.item.clone(),
        question: subject.instruments.question(&main.checklist, &item.item),
        answer: Answer::new(
            subject.instruments.item(&main.checklist, &item.item),
            &raw_value(&item.answer),
            None,
            lang,
        ),
        lost: format::score(item.points_lost, lang),
        photos: item.photos.len(),
        address: at_item(subject.address_of(main.inspection), &item.item),
    });
    each.collect()
}

/// Each checklist's part; none where there is only the one that speaks for the centre.
pub fn checklists(subject: &Subject<'_>) -> Vec<ChecklistRow> {
    let cards = &subject.shown.checklists;
    if cards.len() < 2 {
        return Vec::new();
    }
    cards.iter().map(|card| checklist(subject, card)).collect()
}

fn checklist(subject: &Subject<'_>, card: &ChecklistCard) -> ChecklistRow {
    let lang = subject.lang;
    ChecklistRow {
        title: subject.instruments.title(&card.checklist),
        version: card.checklist.version.clone(),
        badge: Badge::small(card.score.band, lang),
        overall: card.score.overall.map(|overall| Meter::new(overall, lang)),
        coverage: card.score.coverage.map(|coverage| format::share(coverage, lang)),
        at: subject.moment(card.ended_at),
        kind: words::visit_kind(card.kind, lang),
        address: subject.address_of(card.inspection),
    }
}
