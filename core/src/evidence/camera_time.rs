//! What a camera's clock may mean. With an offset it is one instant. Without, it is the local
//! time of wherever the clock was set, which is taken to be the office's zone; in the hour
//! that comes twice it is two instants, and of two readings the one that fits counts.

use chrono::{Duration, FixedOffset, NaiveDateTime, Offset, TimeZone};

use crate::domain::{Instant, Zone};

/// When a camera says that a photo was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraTime {
    /// Date and time on its clock.
    pub local: NaiveDateTime,
    /// How many seconds that clock was ahead of UTC, where it says so.
    pub offset_seconds: Option<i32>,
}

impl CameraTime {
    /// The instants that it may mean: one or two, the earlier first; none only for a time
    /// at the very ends of the calendar.
    #[must_use]
    pub fn readings(self, zone: Zone) -> Vec<Instant> {
        let offsets = match self.offset_seconds {
            Some(seconds) => vec![seconds],
            None => offsets(self.local, zone),
        };
        let at = |seconds: i32| {
            let utc = self.local.checked_sub_signed(Duration::seconds(seconds.into()))?;
            Some(Instant::new(utc.and_utc()))
        };
        let mut readings: Vec<_> = offsets.into_iter().filter_map(at).collect();
        readings.sort_unstable();
        readings.dedup();
        readings
    }

    /// Seconds from `other` to this, of the reading that lies nearest to it; below 0 where
    /// this was before.
    #[must_use]
    pub fn seconds_since(self, other: Instant, zone: Zone) -> Option<f64> {
        let each = self.readings(zone).into_iter().map(|at| at.seconds_since(other));
        each.min_by(|one, two| one.abs().total_cmp(&two.abs()))
    }

    /// Seconds by which this lies outside a span of time: 0 inside, below 0 before it, of the
    /// reading that lies nearest.
    #[must_use]
    pub fn seconds_outside(self, (began, ended): (Instant, Instant), zone: Zone) -> Option<f64> {
        let each = self.readings(zone).into_iter().map(|at| seconds_outside(at, (began, ended)));
        each.min_by(|one, two| one.abs().total_cmp(&two.abs()))
    }
}

/// Seconds by which an instant lies outside a span of time: 0 inside, below 0 before it.
pub(super) fn seconds_outside(at: Instant, (began, ended): (Instant, Instant)) -> f64 {
    if at < began {
        at.seconds_since(began)
    } else if at > ended {
        at.seconds_since(ended)
    } else {
        0.0
    }
}

/// How far the zone's clocks are ahead of UTC when they show this. A time that they skip is
/// one of a clock that was not put forward yet, or that was too early: both are tried.
fn offsets(local: NaiveDateTime, zone: Zone) -> Vec<i32> {
    let seconds = |offset: FixedOffset| offset.local_minus_utc();
    match zone.offset_from_local_datetime(&local) {
        chrono::LocalResult::Single(one) => vec![seconds(one.fix())],
        chrono::LocalResult::Ambiguous(one, two) => vec![seconds(one.fix()), seconds(two.fix())],
        chrono::LocalResult::None => {
            let beside =
                [Duration::hours(-24), Duration::hours(24)].into_iter().filter_map(|day| {
                    let near = local.checked_add_signed(day)?;
                    Some(seconds(zone.offset_from_utc_datetime(&near).fix()))
                });
            beside.collect()
        }
    }
}
