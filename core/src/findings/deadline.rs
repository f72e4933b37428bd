//! Until when: terms in days that never end on a Sunday or a public holiday.

use chrono::{Datelike, Days, Weekday};

use crate::domain::Day;

/// The last day of a term of `days` from `from`, which is not counted itself (art. 155 of the
/// Italian code of civil procedure, art. 2963 of the civil code): where it would be a Sunday
/// or a public holiday, the next working day. Saturdays count as working days, as they do for
/// terms of substance. A term of 0 or fewer days ends on the day itself or the next working
/// one.
#[must_use]
pub fn deadline(from: Day, days: i32) -> Day {
    let term = Days::new(u64::try_from(days).unwrap_or(0));
    let mut last = from.checked_add_days(term).unwrap_or(Day::MAX);
    while !is_working_day(last) {
        let Some(next) = last.succ_opt() else { return last };
        last = next;
    }
    last
}

/// Whether a day is neither a Sunday nor a public holiday of the whole of Italy (Law 260/1949,
/// Law 54/1977, DPR 792/1985, Law 336/2000; from 2026 also 4 October, Law 151/2025). Feasts of
/// patron saints are local and do not count.
#[must_use]
pub fn is_working_day(day: Day) -> bool {
    let fixed = matches!(
        (day.month(), day.day()),
        (1, 1 | 6) | (4, 25) | (5, 1) | (6, 2) | (8, 15) | (11, 1) | (12, 8 | 25 | 26)
    );
    let saint_francis = day.year() >= 2026 && (day.month(), day.day()) == (10, 4);
    let easter_monday = easter(day.year()).and_then(|sunday| sunday.succ_opt());
    day.weekday() != Weekday::Sun && !fixed && !saint_francis && easter_monday != Some(day)
}

/// Easter Sunday of the Gregorian calendar, by the anonymous rule of 1876 that Meeus gives
/// (Astronomical Algorithms, chapter 8).
fn easter(year: i32) -> Option<Day> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let months = h + l - 7 * m + 114;
    let part = |number: i32| u32::try_from(number).ok();
    Day::from_ymd_opt(year, part(months / 31)?, part(months % 31 + 1)?)
}
