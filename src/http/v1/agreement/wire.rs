//! What agreement looks like on the wire. There is no place in it for a person.

use serde::Serialize;
use utoipa::ToSchema;
use vigila_core::documents::score::ModelVersion;
use vigila_core::scoring::{ChecklistAgreement, Figures, ItemAgreement, KAPPA_CONFIDENCE};

use crate::app::agreement::TerritoryAgreement;

/// How far the inspectors of a territory agree.
#[derive(Serialize, ToSchema)]
#[schema(as = Agreement)]
pub struct AgreementShown {
    /// The code of the province.
    territory: String,
    /// The model that says what an answer is worth.
    model: ModelVersion,
    /// How sure the intervals are.
    #[schema(minimum = 0, maximum = 1)]
    confidence: f64,
    /// Over all checklists below; null where there is none.
    overall: Option<AgreementFigures>,
    /// The checklists in whose double visits three or more inspectors took part, by code.
    checklists: Vec<AgreementOfChecklist>,
}

/// Figures over double visits.
#[derive(Serialize, ToSchema)]
pub struct AgreementFigures {
    /// How many double visits.
    #[schema(minimum = 1)]
    double_visits: i64,
    /// How many different inspectors made them.
    #[schema(minimum = 3)]
    inspectors: i64,
    /// How many items both judged, counted each time.
    #[schema(minimum = 1)]
    compared: i64,
    /// How many of them were judged differently.
    #[schema(minimum = 0)]
    disagreed: i64,
    /// The share judged alike.
    #[schema(minimum = 0, maximum = 1)]
    observed: f64,
    /// The share that chance would judge alike, each round of visits keeping to its own habit.
    #[schema(minimum = 0, maximum = 1)]
    expected: f64,
    /// Cohen's kappa: 1 is perfect agreement, 0 what chance alone would give; the visit that
    /// ended first is the first rater. Null where all judgements were the one same.
    #[schema(minimum = -1, maximum = 1)]
    kappa: Option<f64>,
    /// The large-sample standard error of kappa.
    #[schema(minimum = 0)]
    standard_error: Option<f64>,
    /// The lower end of kappa's interval, not clipped.
    low: Option<f64>,
    /// The upper end of kappa's interval, not clipped.
    high: Option<f64>,
}

/// Agreement over one checklist.
#[derive(Serialize, ToSchema)]
#[schema(as = ChecklistAgreement)]
pub struct AgreementOfChecklist {
    /// Its code; all its versions are one.
    checklist: String,
    /// Over all that was compared, also on items that are not listed.
    #[serde(flatten)]
    figures: AgreementFigures,
    /// The items that three or more inspectors judged: most disputed first, then most
    /// compared, then by code.
    items: Vec<AgreementOnItem>,
}

/// Agreement over one item.
#[derive(Serialize, ToSchema)]
#[schema(as = ItemAgreement)]
pub struct AgreementOnItem {
    /// Its code.
    item: String,
    /// How often it was compared.
    #[schema(minimum = 1)]
    compared: i64,
    /// How often it was judged differently.
    #[schema(minimum = 0)]
    disagreed: i64,
    /// `disagreed` of `compared`.
    #[schema(minimum = 0, maximum = 1)]
    share: f64,
}

impl From<TerritoryAgreement> for AgreementShown {
    fn from(found: TerritoryAgreement) -> Self {
        Self {
            territory: found.territory.to_string(),
            model: found.model,
            confidence: KAPPA_CONFIDENCE,
            overall: found.agreement.overall.map(Into::into),
            checklists: found.agreement.checklists.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Figures> for AgreementFigures {
    fn from(figures: Figures) -> Self {
        Self {
            double_visits: whole(figures.double_visits),
            inspectors: whole(figures.inspectors),
            compared: whole(figures.compared),
            disagreed: whole(figures.disagreed),
            observed: figures.observed,
            expected: figures.expected,
            kappa: figures.kappa.map(|kappa| kappa.value),
            standard_error: figures.kappa.map(|kappa| kappa.standard_error),
            low: figures.kappa.map(|kappa| kappa.low),
            high: figures.kappa.map(|kappa| kappa.high),
        }
    }
}

impl From<ChecklistAgreement> for AgreementOfChecklist {
    fn from(found: ChecklistAgreement) -> Self {
        Self {
            checklist: found.checklist,
            figures: found.figures.into(),
            items: found.items.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<ItemAgreement> for AgreementOnItem {
    fn from(found: ItemAgreement) -> Self {
        Self {
            item: found.item,
            compared: whole(found.compared),
            disagreed: whole(found.disagreed),
            share: found.share,
        }
    }
}

/// A count; none comes near the largest.
fn whole(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
