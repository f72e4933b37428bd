//! The arithmetic of a score as tables: from the dimensions to the overall, from the items to
//! each dimension. Every figure is one of the explanation's; nothing is worked out here but
//! the sums under the columns.

use vigila_core::documents::explanation::{DimensionParts, ItemParts, ItemStanding, OverallPart};
use vigila_core::documents::model::Aggregation;
use vigila_core::scoring::State;

use super::Subject;
use crate::messages::explanations::Explained as Texts;
use crate::messages::{fill, pages, words};
use crate::web::format;
use crate::web::parts::{Answer, raw_value};

/// All tables of a score.
pub struct Sums {
    /// How to read them.
    pub lead: String,
    pub overall: OverallTable,
    pub dimensions: Vec<DimensionTable>,
}

/// From the dimensions to the overall.
pub struct OverallTable {
    pub summary: String,
    pub caption: &'static str,
    /// The head of the column that makes the overall, and what is done with it.
    pub part: &'static str,
    pub joined: &'static str,
    pub rows: Vec<OverallRow>,
    pub total: String,
}

/// A dimension in the overall.
pub struct OverallRow {
    pub name: String,
    pub score: String,
    pub weight: String,
    pub share: String,
    pub part: String,
}

/// From the items to a dimension.
pub struct DimensionTable {
    pub summary: String,
    pub caption: String,
    pub rows: Vec<ItemRow>,
    /// The weight observed, the score and the points taken off the overall.
    pub observed: String,
    pub score: String,
    pub lost: String,
}

/// An item in its dimension.
pub struct ItemRow {
    pub code: String,
    pub question: String,
    pub critical: bool,
    pub answer: Answer,
    /// Why it does not count.
    pub apart: Option<&'static str>,
    pub weight: String,
    pub value: Option<String>,
    pub points: Option<String>,
    pub lost: Option<String>,
    pub photos: usize,
}

/// The tables of a visit's score.
pub fn sums(subject: &Subject<'_>) -> Sums {
    let t = Texts::of(subject.lang);
    let version = &subject.score.model;
    let model = format!("{} {}", version.code, version.version);
    Sums {
        lead: fill(t.sums_lead, &[model]),
        overall: overall(subject, t),
        dimensions: subject
            .explanation
            .dimensions
            .iter()
            .map(|d| dimension(subject, t, d))
            .collect(),
    }
}

fn overall(subject: &Subject<'_>, t: &'static Texts) -> OverallTable {
    let parts = &subject.explanation.overall;
    let total = match subject.score.overall {
        Some(overall) => format::score(overall, subject.lang),
        None => t.none.to_owned(),
    };
    let geometric = parts.aggregation == Aggregation::Geometric;
    OverallTable {
        summary: fill(t.overall_summary, std::slice::from_ref(&total)),
        caption: match (parts.parts.is_empty(), geometric) {
            (true, _) => t.overall_none,
            (_, true) => t.overall_geometric,
            _ => t.overall_arithmetic,
        },
        part: if geometric { t.factor } else { t.brings },
        joined: if geometric { t.product } else { t.sum },
        rows: parts.parts.iter().map(|part| overall_row(subject, part, geometric)).collect(),
        total,
    }
}

fn overall_row(subject: &Subject<'_>, part: &OverallPart, geometric: bool) -> OverallRow {
    let lang = subject.lang;
    OverallRow {
        name: words::dimension(&part.dimension, lang).to_owned(),
        score: format::score(part.score, lang),
        weight: format::trimmed(part.weight, lang),
        share: format::share(part.share, lang),
        part: if geometric {
            format::trimmed(part.score.powf(part.share), lang)
        } else {
            format::score(part.share * part.score, lang)
        },
    }
}

fn dimension(subject: &Subject<'_>, t: &'static Texts, parts: &DimensionParts) -> DimensionTable {
    let lang = subject.lang;
    let name = words::dimension(&parts.code, lang).to_owned();
    let score = parts.score.map_or_else(|| t.none.to_owned(), |score| format::score(score, lang));
    let [observed, due] =
        [parts.observed_weight, parts.due_weight].map(|weight| format::trimmed(weight, lang));
    let lost = parts.items.iter().filter_map(|item| item.points_lost).sum();
    let lost = format::score(lost, lang);
    DimensionTable {
        summary: fill(t.dimension_summary, &[name, score.clone(), lost.clone()]),
        caption: match parts.score {
            Some(_) => fill(t.dimension_caption, &[observed.clone(), due]),
            None => fill(t.dimension_unseen, &[due]),
        },
        rows: parts.items.iter().map(|item| item_row(subject, t, item)).collect(),
        observed,
        score,
        lost,
    }
}

fn item_row(subject: &Subject<'_>, t: &'static Texts, parts: &ItemParts) -> ItemRow {
    let lang = subject.lang;
    let answer = if parts.answer.is_null() {
        Answer::none(pages::Inspection::of(lang).unanswered)
    } else {
        let state = parts.value.map(State::Observed);
        Answer::new(subject.item(&parts.item), &raw_value(&parts.answer), state, lang)
    };
    ItemRow {
        code: parts.item.clone(),
        question: subject.question(&parts.item),
        critical: parts.critical,
        answer,
        apart: match parts.standing {
            ItemStanding::Observed => None,
            ItemStanding::NotObserved => Some(t.not_observed),
            ItemStanding::ConditionFalse => Some(t.condition_false),
            ItemStanding::NotScored => Some(t.not_scored),
        },
        weight: format::trimmed(parts.weight, lang),
        value: parts.value.map(|value| format::trimmed(value, lang)),
        points: parts.points.map(|points| format::score(points, lang)),
        lost: parts.points_lost.map(|lost| format::score(lost, lang)),
        photos: parts.photos.len(),
    }
}
