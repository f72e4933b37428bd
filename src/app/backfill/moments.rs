//! The instants of which samples are written: the last second of civil days. Knows no centre.

use vigila_core::domain::{Instant, Zone};

use super::{Question, TooManyDays};

/// The instants, from the earliest.
#[derive(Debug, Clone)]
pub struct Moments {
    /// The midnight that ends each day: what ended before it counts.
    until: Vec<Instant>,
    /// The last full second of each day, as samples write it, with the end of their line.
    stamps: Vec<String>,
    left_out: usize,
    zone: Zone,
}

impl Moments {
    /// The ends of the days that are asked for, as far as they lie before `head`.
    pub fn new(question: &Question, zone: Zone, head: Instant) -> Result<Self, TooManyDays> {
        let mut moments = Self { until: Vec::new(), stamps: Vec::new(), left_out: 0, zone };
        let mut next = Some(question.from);
        while let Some(day) = next.filter(|day| *day <= question.to) {
            let Some(morrow) = day.succ_opt() else { break };
            let until = Instant::start_of(morrow, zone);
            if until > head {
                moments.left_out += 1;
            } else {
                moments.until.push(until);
                moments.stamps.push(format!(" {}\n", until.plus_seconds(-1).utc().timestamp()));
            }
            if moments.until.len() > usize::from(u16::MAX) {
                return Err(TooManyDays);
            }
            next = day.checked_add_days(chrono::Days::new(u64::from(question.step.max(1))));
        }
        Ok(moments)
    }

    /// How many there are.
    pub fn count(&self) -> u16 {
        u16::try_from(self.until.len()).unwrap_or(u16::MAX)
    }

    /// How many were asked for and lie too near.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The first of them by which something that happened then has happened; their count where
    /// none is late enough.
    pub fn first_after(&self, at: Instant) -> u16 {
        let index = self.until.partition_point(|until| *until <= at);
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// The midnight that ends the civil day of an instant.
    pub fn end_of_day(&self, at: Instant) -> Instant {
        at.day(self.zone).succ_opt().map_or(at, |morrow| Instant::start_of(morrow, self.zone))
    }

    /// The midnight that ends the day of a moment.
    pub fn until(&self, moment: u16) -> Option<Instant> {
        self.until.get(usize::from(moment)).copied()
    }

    /// How samples write these.
    pub fn stamps(&self, moments: std::ops::Range<u16>) -> &[String] {
        let range = usize::from(moments.start)..usize::from(moments.end);
        self.stamps.get(range).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use vigila_core::domain::Scope;

    use super::*;

    fn moments(from: &str, to: &str, step: u32, head: &str) -> Moments {
        let question = Question {
            scope: Scope::All,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            step,
        };
        Moments::new(&question, "Europe/Rome".parse().unwrap(), head.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_sample_stands_at_the_last_second_of_a_civil_day() {
        // Clocks in Italy went back on the 27th of October 2024, a day of 25 hours.
        let days = moments("2024-10-26", "2024-10-28", 1, "2026-01-01T00:00:00Z");
        let stamps = [" 1729979999\n", " 1730069999\n", " 1730156399\n"];
        assert_eq!((days.stamps(0..3), days.left_out()), (&stamps.map(String::from)[..], 0));
        let table = [
            ("2024-10-26T21:59:59.999Z", 0),
            ("2024-10-26T22:00:00Z", 1),
            ("2024-10-27T22:59:59.999Z", 1),
            ("2024-10-27T23:00:00Z", 2),
            ("2024-10-28T23:00:00Z", 3),
        ];
        for (at, expected) in table {
            assert_eq!(days.first_after(at.parse().unwrap()), expected, "{at}");
        }
    }

    #[test]
    fn steps_begin_with_the_first_day_and_end_before_the_head() {
        let days = moments("2024-01-01", "2024-01-20", 7, "2024-01-15T22:59:59Z");
        assert_eq!((days.count(), days.left_out()), (2, 1));
        let days = moments("2024-01-01", "2024-01-20", 7, "2024-01-15T23:00:00Z");
        assert_eq!((days.count(), days.left_out()), (3, 0));
        assert_eq!(moments("2024-01-02", "2024-01-01", 1, "2026-01-01T00:00:00Z").count(), 0);
    }

    #[test]
    fn there_is_an_end_to_days() {
        let question = Question {
            scope: Scope::All,
            from: "0001-01-01".parse().unwrap(),
            to: "2024-01-01".parse().unwrap(),
            step: 1,
        };
        let zone = "Europe/Rome".parse().unwrap();
        let head = "2026-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(Moments::new(&question, zone, head).err(), Some(TooManyDays));
        let seldom = Question { step: 30, ..question };
        assert!(Moments::new(&seldom, zone, head).is_ok());
    }
}
