//! Points in time and civil days. An instant is UTC with microseconds, which is what both
//! databases keep; a day is that of the office's time zone.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeZone, Utc};

/// The time zone whose civil days count (`Europe/Rome` by default).
pub type Zone = chrono_tz::Tz;

/// A civil day.
pub type Day = NaiveDate;

/// The day that a text such as `2026-03-04` names: exactly that form, years 0001 to 9999.
#[must_use]
pub fn parse_day(text: &str) -> Option<Day> {
    // chrono alone would also take `2026-3-4` and `+2026-03-04`.
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && [&bytes[..4], &bytes[5..7], &bytes[8..]].into_iter().all(digits);
    let day = shape.then(|| Day::parse_from_str(text, "%Y-%m-%d").ok())??;
    (text >= "0001").then_some(day)
}

/// The text is no instant in UTC as RFC 3339 writes it with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInstant {
    /// Not RFC 3339 at all.
    #[error("not an instant such as 2026-03-04T10:15:00.000Z")]
    Malformed,
    /// Another offset than `Z`.
    #[error("an instant is written in UTC with Z, such as 2026-03-04T10:15:00.000Z")]
    NotUtc,
}

/// A point in time, UTC, to the microsecond.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// This time, cut to whole microseconds.
    #[must_use]
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.trunc_subsecs(6))
    }

    /// The same, cut to whole milliseconds: what its text shows.
    #[must_use]
    pub fn cut_to_millis(self) -> Self {
        Self(self.0.trunc_subsecs(3))
    }

    /// The same as chrono has it.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// The civil day of this instant in `zone`.
    #[must_use]
    pub fn day(self, zone: Zone) -> Day {
        self.0.with_timezone(&zone).date_naive()
    }

    /// The first instant of a civil day in `zone`. Where a change of clocks skips midnight,
    /// the first minute that exists.
    #[must_use]
    pub fn start_of(day: Day, zone: Zone) -> Self {
        let midnight = day.and_time(NaiveTime::MIN);
        let earliest = (0..24 * 60)
            .filter_map(|minute| {
                let local = midnight.checked_add_signed(chrono::Duration::minutes(minute))?;
                zone.from_local_datetime(&local).earliest()
            })
            .next();
        Self::new(earliest.map_or_else(|| midnight.and_utc(), |at| at.to_utc()))
    }

    /// This many days later (earlier when negative), stopping at the ends of time.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let step = chrono::Duration::days(days);
        Self(self.0.checked_add_signed(step).unwrap_or(self.0))
    }

    /// This many seconds later (earlier when negative), stopping at the ends of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let step = chrono::Duration::seconds(seconds);
        Self(self.0.checked_add_signed(step).unwrap_or(self.0))
    }

    /// Seconds from `earlier` to this, fractions included.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "microseconds of centuries fit 2^53")]
    pub fn seconds_since(self, earlier: Self) -> f64 {
        let micros = (self.0 - earlier.0).num_microseconds().unwrap_or(i64::MAX);
        micros as f64 / 1e6
    }

    /// Days from `earlier` to this, fractions included.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "microseconds of centuries fit 2^53")]
    pub fn days_since(self, earlier: Self) -> f64 {
        let micros = (self.0 - earlier.0).num_microseconds().unwrap_or(i64::MAX);
        micros as f64 / 86_400e6
    }
}

/// Whether each character is of the kind that its place asks. chrono alone would also take
/// blanks and signs before a number.
fn is_plain(seconds: &str) -> bool {
    let shape = b"0000-00-00T00:00:00";
    let fits =
        |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    seconds.len() == shape.len() && seconds.bytes().zip(shape).all(fits)
}

impl FromStr for Instant {
    type Err = NotAnInstant;

    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let bytes = text.as_bytes();
        let shape = bytes.len() >= 20 && bytes[10] == b'T';
        if !shape {
            return Err(NotAnInstant::Malformed);
        }
        let Some(local) = text.strip_suffix('Z') else {
            let other_offset = DateTime::parse_from_rfc3339(text).is_ok();
            return Err(if other_offset { NotAnInstant::NotUtc } else { NotAnInstant::Malformed });
        };
        // A fraction of a second is one or more digits; chrono reads nine and would take
        // others as an error, while RFC 3339 sets no limit.
        let (seconds, fraction) = local.split_once('.').unwrap_or((local, "0"));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if !is_plain(seconds) || fraction.is_empty() || !digits(fraction) {
            return Err(NotAnInstant::Malformed);
        }
        // The leap second 60 of RFC 3339 has no place in either database: refused as malformed.
        if seconds.ends_with(":60") {
            return Err(NotAnInstant::Malformed);
        }
        let base = NaiveDateTime::parse_from_str(seconds, "%Y-%m-%dT%H:%M:%S")
            .map_err(|_| NotAnInstant::Malformed)?;
        let micros: String = fraction.chars().chain("000000".chars()).take(6).collect();
        let micros: i64 = micros.parse().map_err(|_| NotAnInstant::Malformed)?;
        base.checked_add_signed(chrono::Duration::microseconds(micros))
            .map(|at| Self(at.and_utc()))
            .ok_or(NotAnInstant::Malformed)
    }
}

impl fmt::Display for Instant {
    /// Three decimals, as everything that vigila writes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.6fZ"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling() {
        assert_eq!(parse_day("2024-02-29"), Day::from_ymd_opt(2024, 2, 29));
        assert_eq!(parse_day("9999-12-31"), Day::from_ymd_opt(9999, 12, 31));
        for bad in [
            "",
            "2026-3-04",
            "2026-03-4",
            "+026-03-04",
            "2025-02-29",
            "2026-13-01",
            "0000-01-01",
            "2026-03-04 ",
            "2026/03/04",
            "20260304",
            "２026-03-0",
        ] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_utc_with_z_is_an_instant() {
        let table = [
            ("2026-03-04T10:15:00Z", Ok("2026-03-04T10:15:00.000Z")),
            ("2026-03-04T10:15:00.1Z", Ok("2026-03-04T10:15:00.100Z")),
            ("2026-03-04T10:15:00.123456789123Z", Ok("2026-03-04T10:15:00.123Z")),
            ("2026-03-04T10:15:00+01:00", Err(NotAnInstant::NotUtc)),
            ("2026-03-04T10:15:00+00:00", Err(NotAnInstant::NotUtc)),
            ("2026-03-04 10:15:00Z", Err(NotAnInstant::Malformed)),
            ("2026-02-30T10:15:00Z", Err(NotAnInstant::Malformed)),
            ("2026-03-04T10:15Z", Err(NotAnInstant::Malformed)),
            ("2026-03-04T10:15:60Z", Err(NotAnInstant::Malformed)),
            ("2026-03-04T10:15:00.Z", Err(NotAnInstant::Malformed)),
            ("2026-3-04T10:15:00.00Z", Err(NotAnInstant::Malformed)),
            ("é026-03-04T10:15:00Z", Err(NotAnInstant::Malformed)),
            ("2026-03-04T10:15é:0Z", Err(NotAnInstant::Malformed)),
            ("2026- 3-04T10:15:00Z", Err(NotAnInstant::Malformed)),
            ("2026-03-04T10:15: 0Z", Err(NotAnInstant::Malformed)),
            ("+026-03-04T10:15:00Z", Err(NotAnInstant::Malformed)),
            ("", Err(NotAnInstant::Malformed)),
        ];
        for (text, expected) in table {
            let read = text.parse::<Instant>().map(|at| at.to_string());
            assert_eq!(read.as_deref().map_err(|e| *e), expected, "{text}");
        }
    }

    #[test]
    fn a_day_is_the_civil_day_of_the_zone() {
        let rome: Zone = chrono_tz::Europe::Rome;
        let late: Instant = "2026-03-04T23:30:00Z".parse().unwrap();
        assert_eq!(late.day(rome).to_string(), "2026-03-05");
        let start = Instant::start_of("2026-03-05".parse().unwrap(), rome);
        assert_eq!(start.to_string(), "2026-03-04T23:00:00.000Z");
    }
}
