//! What indicators look like on the wire.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use vigila_core::documents::checklist::Bilingual;
use vigila_core::documents::score::{IndicatorLevel, ModelVersion};
use vigila_core::domain::Territory;

use crate::app::indicators::TerritoryIndicator;

/// The indicators of a territory.
#[derive(Serialize, ToSchema)]
pub struct TerritoryIndicators {
    /// The code of the province.
    territory: String,
    /// The set of indicators in force; null where there is none.
    set: Option<ModelVersion>,
    /// The indicators, in the order of their file.
    indicators: Vec<IndicatorOver>,
}

/// An indicator over the centres of a territory.
#[derive(Serialize, ToSchema)]
#[schema(as = TerritoryIndicator)]
pub struct IndicatorOver {
    /// Its code.
    code: String,
    /// Its name.
    title: Bilingual,
    /// The dimension of quality that it speaks of.
    dimension: String,
    /// The unit of its value.
    unit: String,
    /// Whether it is critical where it is poor.
    critical: bool,
    /// The quotient of sums over the centres that have a value, or their mean where it is no
    /// quotient; null where none has.
    value: Option<f64>,
    /// The level of that value; null without limits or value.
    level: Option<IndicatorLevel>,
    /// How many centres have a value.
    #[schema(format = Int64)]
    centres: u64,
    /// How many of them are good.
    #[schema(format = Int64)]
    good: u64,
    /// How many are fair.
    #[schema(format = Int64)]
    fair: u64,
    /// How many are poor.
    #[schema(format = Int64)]
    poor: u64,
}

/// Which centres are counted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct IndicatorFilter {
    /// A kind of centre; all of them where none is asked.
    kind: Option<String>,
}

impl TerritoryIndicators {
    /// As found in a territory.
    pub fn of(
        territory: Territory,
        set: Option<ModelVersion>,
        found: Vec<TerritoryIndicator>,
    ) -> Self {
        let indicators = found.into_iter().map(Into::into).collect();
        Self { territory: territory.code().to_owned(), set, indicators }
    }
}

impl From<TerritoryIndicator> for IndicatorOver {
    fn from(found: TerritoryIndicator) -> Self {
        let TerritoryIndicator { definition, value, level, centres, levels } = found;
        let [good, fair, poor] = levels.map(|count| count as u64);
        Self {
            code: definition.code,
            title: definition.title,
            dimension: definition.dimension,
            unit: definition.unit,
            critical: definition.critical,
            value,
            level,
            centres: centres as u64,
            good,
            fair,
            poor,
        }
    }
}
