//! Which centres of a territory to visit next, and why: how each stands today, put through
//! the plan of the office. The plan's arithmetic is the core's.

use std::collections::HashMap;

use vigila_core::domain::{Facility, FacilityCode, FacilityId, Instant, Territory};
use vigila_core::scoring::{Priority, Rank, Situation, in_order};

use super::scorecards::{Scorecard, territory_scorecards};
use super::trends::{CentreLevel, levels_within};
use super::{Actor, App, Error};

/// A centre with how urgent a visit to it is.
#[derive(Debug, Clone)]
pub struct NextVisit {
    /// The centre.
    pub facility: Facility,
    /// When it was last seen.
    pub last_visit: Option<Instant>,
    /// The points and their reasons.
    pub priority: Priority,
    /// Where it stands in the list.
    pub rank: Rank,
}

/// The active centres of a territory in the order in which they should be visited. Time is
/// counted up to `as_of`, so that the pages of one list have one order, however long
/// somebody reads; all else is as it stands now.
///
/// # Errors
/// [`Error::NotFound`] outside the actor's territories.
pub async fn next_visits(
    app: &App,
    actor: &Actor,
    territory: Territory,
    as_of: Instant,
    now: Instant,
) -> Result<Vec<NextVisit>, Error> {
    let cards = territory_scorecards(app, actor, territory, None, now).await?;
    let levels = levels_within(app, territory, now).await?;
    let centres: Vec<_> = cards.iter().map(|card| situation(card, &levels, as_of)).collect();
    let mut by_code: HashMap<FacilityCode, Scorecard> =
        cards.into_iter().map(|card| (card.facility.code.clone(), card)).collect();
    let each =
        in_order(app.library.plan(), centres).into_iter().filter_map(|(centre, priority)| {
            let card = by_code.remove(&centre.facility)?;
            let (rank, last_visit) = (Rank::of(&centre, &priority), card.last_visit);
            Some(NextVisit { facility: card.facility, last_visit, priority, rank })
        });
    Ok(each.collect())
}

fn situation(
    card: &Scorecard,
    levels: &HashMap<FacilityId, CentreLevel>,
    as_of: Instant,
) -> Situation {
    let level = levels.get(&card.facility.id);
    Situation {
        facility: card.facility.code.clone(),
        kind: card.facility.kind,
        days_since: card.last_visit.map(|last| as_of.days_since(last)),
        critical_open: card.critical_now.len(),
        band: card.band_by_points,
        worsening: level.is_some_and(|level| level.worsening),
        coverage: card.coverage,
        half_width: level.map(|level| level.half_width),
        guests: card.residents.guests,
        minors: card.residents.minors,
    }
}
