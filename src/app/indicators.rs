//! Indicators of a territory: the quotient of sums over its centres, never the mean of
//! quotients (contract, section 3, step 8).

use std::collections::HashMap;

use vigila_core::documents::indicators::Definition;
use vigila_core::documents::score::{IndicatorLevel, IndicatorValue};
use vigila_core::domain::{FacilityKind, Instant, Territory};
use vigila_core::scoring::{Measured, level_of, territory_value};

use super::scorecards::{Scorecard, territory_scorecards};
use super::{Actor, App, Error};

/// An indicator over the centres of a territory.
#[derive(Debug, Clone)]
pub struct TerritoryIndicator {
    /// What it is.
    pub definition: Definition,
    /// Its value over all centres that have one.
    pub value: Option<f64>,
    /// The level of that value.
    pub level: Option<IndicatorLevel>,
    /// How many centres have a value.
    pub centres: usize,
    /// How many of them are good, fair, poor.
    pub levels: [usize; 3],
}

/// The indicators of a territory, in the file's order: of each active centre the bases that
/// its scorecard stands on, and its history.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn territory_indicators(
    app: &App,
    actor: &Actor,
    territory: Territory,
    kind: Option<FacilityKind>,
    now: Instant,
) -> Result<Vec<TerritoryIndicator>, Error> {
    let cards = territory_scorecards(app, actor, territory, kind, now).await?;
    let Some(all) = app.library.indicators() else { return Ok(Vec::new()) };
    let mut values: HashMap<String, Vec<IndicatorValue>> = HashMap::new();
    let of_history = |card: &Scorecard| all.of_history(&card.history());
    for card in &cards {
        for value in card.found.indicators.iter().cloned().chain(of_history(card)) {
            values.entry(value.code.clone()).or_default().push(value);
        }
    }
    let each = all.definitions().map(|definition| {
        let known = values.remove(&definition.code).unwrap_or_default();
        over(definition, &known)
    });
    Ok(each.collect())
}

fn over(definition: &Definition, known: &[IndicatorValue]) -> TerritoryIndicator {
    let measured = known.iter().map(|one| Measured {
        value: one.value,
        numerator: one.numerator,
        denominator: one.denominator,
    });
    let value = territory_value(definition, measured);
    let having = |level: IndicatorLevel| known.iter().filter(|v| v.level == Some(level)).count();
    TerritoryIndicator {
        value,
        level: value.and_then(|value| level_of(definition, value)),
        centres: known.iter().filter(|one| one.value.is_some()).count(),
        levels: [IndicatorLevel::Good, IndicatorLevel::Fair, IndicatorLevel::Poor].map(having),
        definition: definition.clone(),
    }
}
