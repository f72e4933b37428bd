//! A series across a change of checklist or of model: two versions ask different things, so
//! their scores do not compare. What compares is what all of them ask, under one model.

use std::collections::BTreeSet;

use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::domain::Instant;
use vigila_core::scoring;

use super::{Measure, Point, TrendPoint};
use crate::app::inspections::checklist;
use crate::app::scorecards::Instruments;
use crate::app::{App, Error};

/// What a series is compared over, where the checklist or the model changed in it.
#[derive(Debug, Clone)]
pub struct Joined {
    /// How many items all versions of the series ask.
    pub shared_items: usize,
    /// The versions, each with how many items it asks.
    pub versions: Vec<(ChecklistRef, usize)>,
}

/// Gives each point of a series the value that compares with the others, where the series has
/// a break. Indicators need none: their formula is the same in every version.
pub async fn join(
    app: &App,
    measure: &Measure,
    rows: &[&TrendPoint],
    mut points: Vec<Point>,
    now: Instant,
) -> Result<(Vec<Point>, Option<Joined>), Error> {
    let whole = rows
        .windows(2)
        .all(|pair| (&pair[0].checklist, &pair[0].model) == (&pair[1].checklist, &pair[1].model));
    if whole || matches!(measure, Measure::Indicator(_)) {
        return Ok((points, None));
    }
    let instruments = Instruments::load(app, rows.iter().map(|row| &row.checklist)).await?;
    let mut versions: Vec<(ChecklistRef, usize)> = Vec::new();
    let mut shared: Option<BTreeSet<String>> = None;
    for row in rows {
        if versions.iter().any(|(known, _)| *known == row.checklist) {
            continue;
        }
        let Some(published) = checklist(app, &row.checklist).await? else { continue };
        let items = &published.instrument.items;
        let codes: BTreeSet<String> = items.iter().map(|item| item.code.clone()).collect();
        versions.push((row.checklist.clone(), codes.len()));
        shared = Some(shared.map_or(codes.clone(), |known| &known & &codes));
    }
    let shared = shared.unwrap_or_default();
    let model = app.library.model(now);
    let laid = instruments.under(model);
    for (row, point) in rows.iter().zip(&mut points) {
        let Some(applied) = laid.of(&row.checklist) else { continue };
        let answered = scoring::decode(&row.scored).map_err(|e| Error::Internal(e.to_string()))?;
        let judged = applied.judge_shared(&answered, &row.facts, |code| shared.contains(code));
        point.compared = measure.of_tally(applied, &judged.tally);
    }
    Ok((points, Some(Joined { shared_items: shared.len(), versions })))
}
