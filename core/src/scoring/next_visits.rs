//! Which centre to visit next, and why: each reason with the points it gives and what was
//! measured. Plain sums, so that an office can check every order by hand.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::model::TOLERANCE;
use crate::documents::planning::{Document, ReasonCode, Rule};
use crate::documents::score::Band;
use crate::domain::{FacilityCode, FacilityKind};

/// A document that cannot be used, though its structure is right. The linter says the same
/// of a file, with its line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlan {
    /// A kind of centre that is none.
    #[error("unknown kind of centre {0} in interval_days")]
    Kind(String),
    /// An interval that is not above 0.
    #[error("an interval of no days for {0}")]
    Interval(String),
}

/// A plan ready for use.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its numbers.
    pub document: Document,
    intervals: BTreeMap<FacilityKind, f64>,
}

impl Plan {
    /// Makes a document ready for use.
    ///
    /// # Errors
    /// [`NotAPlan`] where `interval_days` names an unknown kind, or is not above 0.
    pub fn new(document: Document) -> Result<Self, NotAPlan> {
        let lasts = |name: &str, days: f64| {
            if days > 0.0 { Ok(days) } else { Err(NotAPlan::Interval(name.to_owned())) }
        };
        lasts("default", document.interval_days.default)?;
        let named = document.interval_days.kinds.iter().map(|(name, days)| {
            let kind = name.parse().map_err(|_| NotAPlan::Kind(name.clone()))?;
            Ok((kind, lasts(name, *days)?))
        });
        let intervals = named.collect::<Result<_, NotAPlan>>()?;
        Ok(Self { document, intervals })
    }

    /// The days from one visit to the next of a kind of centre, above 0.
    #[must_use]
    pub fn interval_days(&self, kind: FacilityKind) -> f64 {
        self.intervals.get(&kind).copied().unwrap_or(self.document.interval_days.default)
    }
}

/// How a centre stands today.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// The centre.
    pub facility: FacilityCode,
    /// Its kind.
    pub kind: FacilityKind,
    /// Days since its last visit with any checklist; none where there was none.
    pub days_since: Option<f64>,
    /// How many critical items are failed now.
    pub critical_open: usize,
    /// Its band by points, knock-outs aside; none where it was never inspected.
    pub band: Option<Band>,
    /// Whether its trend is said to be worsening.
    pub worsening: bool,
    /// The coverage that its scorecard stands on, 0 to 1.
    pub coverage: Option<f64>,
    /// Half the width of its level's interval, in points of score.
    pub half_width: Option<f64>,
    /// Guests, as last known.
    pub guests: Option<f64>,
    /// Minors among them, as last known.
    pub minors: Option<f64>,
}

/// One reason to visit a centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// Which.
    pub code: ReasonCode,
    /// What it gives, above 0.
    pub points: f64,
    /// What was measured, where something was: days, items, a share, points, persons.
    pub value: Option<f64>,
    /// What it was held against, in the same unit.
    pub limit: Option<f64>,
}

/// How urgent a visit is.
#[derive(Debug, Clone, PartialEq)]
pub struct Priority {
    /// The sum of the points of its reasons.
    pub total: f64,
    /// The reasons that give points, in the file's order.
    pub reasons: Vec<Reason>,
}

/// What a reason finds in a centre.
struct Found {
    /// Once, or how many units.
    times: f64,
    value: Option<f64>,
    limit: Option<f64>,
}

impl Found {
    fn once_if(holds: bool) -> Option<Self> {
        holds.then_some(Self { times: 1.0, value: None, limit: None })
    }

    fn measured(times: f64, value: f64, limit: f64) -> Self {
        Self { times, value: Some(value), limit: Some(limit) }
    }
}

/// How urgent a visit to a centre is. The same situation under the same plan gives the same
/// points.
#[must_use]
pub fn priority(plan: &Plan, centre: &Situation) -> Priority {
    let given = plan.document.points.iter().filter_map(|rule| {
        let found = look(plan, rule, centre)?;
        let points = (rule.points * found.times).min(rule.at_most.unwrap_or(f64::INFINITY));
        let reason = Reason { code: rule.reason, points, value: found.value, limit: found.limit };
        (points > 0.0).then_some(reason)
    });
    let reasons: Vec<_> = given.collect();
    // From 0.0, because the sum of nothing is -0.0.
    let total = reasons.iter().fold(0.0, |sum, reason| sum + reason.points);
    Priority { total, reasons }
}

fn look(plan: &Plan, rule: &Rule, centre: &Situation) -> Option<Found> {
    // A limit that a rule lacks is never passed; the linter asks for it.
    let above = |value: Option<f64>| {
        let limit = rule.limit?;
        value.filter(|value| *value > limit + TOLERANCE).map(|value| (value, limit))
    };
    match rule.reason {
        ReasonCode::Overdue => {
            let (days, interval) = (centre.days_since?, plan.interval_days(centre.kind));
            Some(Found::measured(days / interval - 1.0, days, interval))
        }
        ReasonCode::NeverInspected => Found::once_if(centre.days_since.is_none()),
        ReasonCode::OpenCritical => {
            #[expect(clippy::cast_precision_loss, reason = "a handful of items")]
            let open = centre.critical_open as f64;
            Some(Found::measured(open, open, 0.0))
        }
        ReasonCode::Insufficient => Found::once_if(centre.band == Some(Band::Insufficient)),
        ReasonCode::NotEnoughData => Found::once_if(centre.band == Some(Band::NotEnoughData)),
        ReasonCode::Worsening => Found::once_if(centre.worsening),
        ReasonCode::LowCoverage => {
            let (coverage, limit) = (centre.coverage?, rule.limit?);
            (coverage < limit - TOLERANCE).then(|| Found::measured(1.0, coverage, limit))
        }
        ReasonCode::WideUncertainty => {
            above(centre.half_width).map(|(width, limit)| Found::measured(1.0, width, limit))
        }
        ReasonCode::ManyGuests => above(centre.guests)
            .map(|(guests, limit)| Found::measured(guests - limit, guests, limit)),
        ReasonCode::MinorsPresent => {
            let minors = centre.minors.filter(|minors| *minors > 0.0)?;
            Some(Found::measured(1.0, minors, 0.0))
        }
    }
}

/// Where a centre stands in the order of visits: the most points, then the longest unseen
/// (never before all), then by code. What stands earlier is less.
#[derive(Debug, Clone)]
pub struct Rank {
    /// Points.
    pub total: f64,
    /// Days since its last visit; none where there was none.
    pub days_since: Option<f64>,
    /// Its code.
    pub facility: FacilityCode,
}

impl Rank {
    /// Of a centre in a situation of this priority.
    #[must_use]
    pub fn of(centre: &Situation, priority: &Priority) -> Self {
        let facility = centre.facility.clone();
        Self { total: priority.total, days_since: centre.days_since, facility }
    }
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let unseen = |rank: &Self| rank.days_since.unwrap_or(f64::INFINITY);
        let most = other.total.total_cmp(&self.total);
        let longest = most.then_with(|| unseen(other).total_cmp(&unseen(self)));
        longest.then_with(|| self.facility.cmp(&other.facility))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

/// The centres with their priorities, in the order in which they should be visited, which
/// [`Rank`] says. The order in which they are given is no matter.
#[must_use]
pub fn in_order(
    plan: &Plan,
    centres: impl IntoIterator<Item = Situation>,
) -> Vec<(Situation, Priority)> {
    let each = centres.into_iter().map(|centre| {
        let urgency = priority(plan, &centre);
        (centre, urgency)
    });
    let mut all: Vec<_> = each.collect();
    all.sort_by_cached_key(|(centre, urgency)| Rank::of(centre, urgency));
    all
}
