//! How the centres of a territory stood at the end of each month, kind by kind: kinds are not
//! compared with each other. Drawn from the visits as the scorecard is, as of that day.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use vigila_core::documents::score::{Band, ModelVersion};
use vigila_core::domain::{
    Day, Facility, FacilityId, FacilityKind, InspectionId, Instant, Scope, Territory,
};
use vigila_core::scoring::{Spoken, Standing, Visit, Watched};

use super::{Measure, Scale};
use crate::app::history::fold;
use crate::app::scorecards::Instruments;
use crate::app::{Actor, App, Error};
use crate::store::facilities::{self, FacilityFilter};
use crate::store::inspections::Stretch;

/// A measure of a territory over time.
#[derive(Debug, Clone)]
pub struct TerritoryTrend {
    /// The territory.
    pub territory: Territory,
    /// The measure.
    pub measure: Measure,
    /// How its values are read.
    pub scale: Scale,
    /// The model all visits are scored under.
    pub model: ModelVersion,
    /// Each kind of which a centre was visited.
    pub kinds: Vec<KindTrend>,
}

/// The centres of one kind over time.
#[derive(Debug, Clone)]
pub struct KindTrend {
    /// The kind.
    pub kind: FacilityKind,
    /// Each month from the first visit on.
    pub months: Vec<Month>,
}

/// How the centres of a kind stood at the end of a month.
#[derive(Debug, Clone)]
pub struct Month {
    /// Its first day.
    pub month: Day,
    /// How many centres had been visited by then.
    pub centres: usize,
    /// The quartiles of the measure over those that have a value: lower, median, upper.
    pub quartiles: Option<[f64; 3]>,
    /// How many stood in each band, from the worst; bands without a centre left out.
    pub bands: Vec<BandShare>,
}

/// How many centres stood in a band.
#[derive(Debug, Clone, Copy)]
pub struct BandShare {
    /// The band.
    pub band: Band,
    /// How many.
    pub centres: usize,
    /// Their share of those visited, 0-1.
    pub share: f64,
}

/// A visit as the fold over months needs it.
struct Seen {
    checklist: (String, String),
    visit: Visit,
    says: Vec<Spoken>,
    value: Option<f64>,
}

type OfCentres = HashMap<FacilityId, Vec<Seen>>;

/// A measure of the centres of a territory, month by month.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn territory_trends(
    app: &App,
    actor: &Actor,
    (territory, kind): (Territory, Option<FacilityKind>),
    measure: Measure,
    now: Instant,
) -> Result<TerritoryTrend, Error> {
    if !actor.scope.holds(territory) {
        return Err(Error::NotFound);
    }
    let scope = actor.scope.narrowed_to(territory);
    let asked = scope.clone();
    let read = app.db.read(move |conn| {
        let filter = FacilityFilter { q: None, kind, active: Some(true) };
        Ok(facilities::list(conn, &asked, &filter, None, usize::from(u16::MAX))?.items)
    });
    let centres = read.await?;
    let mut seen = visits(app, scope, &measure, now).await?;
    let instruments = Instruments::all(app).await?;
    let model = app.library.model(now);
    let laid = instruments.under(model);
    let mut kinds = Vec::new();
    for kind in FacilityKind::ALL.iter().copied() {
        let of_kind: Vec<&Facility> = centres.iter().filter(|c| c.kind == kind).collect();
        let visits = of_kind.iter().filter_map(|centre| seen.remove(&centre.id));
        let main = model.main_checklists.get(&kind).map(String::as_str);
        let until = now.day(app.zone);
        let months = Months { app, main, watched: &laid.watched, until }.of(visits.collect());
        if !months.is_empty() {
            kinds.push(KindTrend { kind, months });
        }
    }
    let (scale, model) = (measure.scale(app), model.version.clone());
    Ok(TerritoryTrend { territory, measure, scale, model, kinds })
}

async fn visits(
    app: &App,
    scope: Scope,
    measure: &Measure,
    now: Instant,
) -> Result<OfCentres, Error> {
    let wanted = measure.clone();
    let model = app.library.model(now);
    let seen = fold(app, model, Stretch::all(scope), OfCentres::new(), move |all, again| {
        let (past, judged) = (again.visit, &again.judged);
        let says = again.watched.says(again.applied, &judged.states, again.answered, again.facts);
        all.entry(past.facility).or_default().push(Seen {
            checklist: (past.checklist.code.clone(), past.checklist.version.clone()),
            visit: Visit {
                id: past.id,
                ended_at: past.ended_at,
                received_at: past.received_at,
                band_by_points: judged.ruling.by_points,
                coverage: judged.tally.coverage(),
            },
            value: wanted.again(&again),
            says,
        });
        Ok(())
    });
    let mut seen = seen.await?;
    let recency = |seen: &Seen| -> (Instant, Instant, InspectionId) {
        (seen.visit.ended_at, seen.visit.received_at, seen.visit.id)
    };
    seen.values_mut().for_each(|visits| visits.sort_by_key(recency));
    Ok(seen)
}

struct Months<'a> {
    app: &'a App,
    main: Option<&'a str>,
    watched: &'a BTreeMap<String, Watched>,
    /// The last month is that of this day.
    until: Day,
}

impl Months<'_> {
    fn of(&self, centres: Vec<Vec<Seen>>) -> Vec<Month> {
        let first = centres.iter().filter_map(|visits| visits.first());
        let first = first.map(|seen| seen.visit.ended_at).min();
        let Some(first) = first.map(|at| at.day(self.app.zone)) else { return Vec::new() };
        let mut standings: Vec<(Standing<Option<f64>>, std::vec::IntoIter<Seen>)> =
            centres.into_iter().map(|visits| (Standing::default(), visits.into_iter())).collect();
        let mut months = Vec::new();
        let mut month = first.with_day(1).unwrap_or(first);
        while month <= self.until {
            let Some(next) = month.checked_add_months(chrono::Months::new(1)) else { break };
            let end = Instant::start_of(next, self.app.zone);
            for (standing, ahead) in &mut standings {
                while let Some(seen) =
                    ahead.as_slice().first().filter(|seen| seen.visit.ended_at < end)
                {
                    let checklist = (seen.checklist.0.as_str(), seen.checklist.1.as_str());
                    standing.see(checklist, &seen.visit, &seen.says, &seen.value);
                    ahead.next();
                }
            }
            months.push(self.month(month, standings.iter().map(|(standing, _)| standing)));
            month = next;
        }
        months
    }

    fn month<'s>(
        &self,
        month: Day,
        standings: impl Iterator<Item = &'s Standing<Option<f64>>>,
    ) -> Month {
        let mut values = Vec::new();
        let mut bands = [0_usize; Band::ALL.len()];
        for standing in standings {
            let card = standing.card(self.main, self.watched);
            let Some(base) = card.main() else { continue };
            values.extend(*base.what);
            if let Some(count) = bands.get_mut(card.band as usize) {
                *count += 1;
            }
        }
        let centres = bands.iter().sum();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand centres")]
        let share = |count: usize| count as f64 / centres as f64;
        let each = Band::ALL.into_iter().zip(bands).filter(|(_, count)| *count > 0);
        let bands =
            each.map(|(band, count)| BandShare { band, centres: count, share: share(count) });
        Month { month, centres, quartiles: quartiles(values), bands: bands.collect() }
    }
}

/// The quartiles, by linear interpolation between the values around each (definition 7 of
/// Hyndman and Fan 1996, what spreadsheets and most statistics programs give).
fn quartiles(mut values: Vec<f64>) -> Option<[f64; 3]> {
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    Some([1, 2, 3].map(|quarter| {
        let (below, rest) = (last * quarter / 4, last * quarter % 4);
        #[expect(clippy::cast_precision_loss, reason = "it is 0 to 3")]
        let part = rest as f64 / 4.0;
        let above = (below + 1).min(last);
        values[below] + part * (values[above] - values[below])
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_those_of_a_spreadsheet() {
        let table: [(&[f64], Option<[f64; 3]>); 5] = [
            (&[], None),
            (&[7.0], Some([7.0, 7.0, 7.0])),
            (&[2.0, 1.0], Some([1.25, 1.5, 1.75])),
            (&[4.0, 1.0, 3.0, 2.0], Some([1.75, 2.5, 3.25])),
            (&[1.0, 2.0, 3.0, 4.0, 5.0], Some([2.0, 3.0, 4.0])),
        ];
        for (values, expected) in table {
            assert_eq!(quartiles(values.to_vec()), expected, "{values:?}");
        }
    }
}
