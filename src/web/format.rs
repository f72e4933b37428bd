//! Numbers and times as people read them. Scores and shares are rounded down, so that a page
//! never promises more than was measured.

use chrono::{Datelike, Timelike};
use vigila_core::domain::{Day, Instant, Zone};

use crate::messages::{Lang, words};

/// A number with the decimal sign of the language, all its digits.
pub fn number(value: f64, lang: Lang) -> String {
    let text = value.to_string();
    lang.of(text.replace('.', ","), text)
}

/// A score: rounded down to one decimal.
pub fn score(value: f64, lang: Lang) -> String {
    number_with(tenths(value), lang)
}

/// A share from 0 to 1 in hundredths: rounded down to one decimal.
pub fn share(value: f64, lang: Lang) -> String {
    format!("{}%", score(value * 100.0, lang))
}

/// A measured value: whole where it is whole, else with one decimal, rounded down, or up
/// where a lower value is the better one.
pub fn measure(value: f64, lower_is_better: bool, lang: Lang) -> String {
    if (value - value.round()).abs() < 1e-6 {
        return number(value.round(), lang);
    }
    let worse = if lower_is_better { (value * 10.0 - 1e-6).ceil() / 10.0 } else { tenths(value) };
    number_with(worse, lang)
}

/// A difference with its sign, to the nearest tenth.
pub fn signed(value: f64, lang: Lang) -> String {
    let tenth = (value * 10.0).round() / 10.0;
    // A minus sign, not a hyphen, and no sign at all before zero.
    let sign = if tenth > 0.0 {
        "+"
    } else if tenth < 0.0 {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{}", number_with(tenth.abs(), lang))
}

/// A number that is rounded down to three decimals, without zeros at its end.
pub fn trimmed(value: f64, lang: Lang) -> String {
    number((value * 1000.0 + 1e-6).floor() / 1000.0, lang)
}

/// The thousandth that floats are off by must not turn 90 into 89.9.
fn tenths(value: f64) -> f64 {
    (value * 10.0 + 1e-6).floor() / 10.0
}

fn number_with(value: f64, lang: Lang) -> String {
    let text = format!("{value:.1}");
    lang.of(text.replace('.', ","), text)
}

/// A point in time as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// For machines (RFC 3339).
    pub machine: String,
    /// The civil day.
    pub day: String,
    /// The time of day.
    pub time: String,
}

/// A civil day.
pub fn day(day: Day, lang: Lang) -> String {
    format!("{} {} {}", day.day(), words::month(day.month(), lang), day.year())
}

/// An instant as the clocks of the office show it.
pub fn moment(at: Instant, zone: Zone, lang: Lang) -> Moment {
    let local = at.utc().with_timezone(&zone);
    Moment {
        machine: at.to_string(),
        day: day(local.date_naive(), lang),
        time: format!("{:02}:{:02}", local.hour(), local.minute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_rounded_down_to_one_decimal() {
        let table = [
            (89.999, "89,9"),
            (90.0, "90,0"),
            (82.6, "82,6"),
            (100.0 * 0.29, "29,0"),
            (0.0, "0,0"),
            (66.666_666, "66,6"),
            (100.0, "100,0"),
        ];
        for (value, expected) in table {
            assert_eq!(score(value, Lang::It), expected);
            assert_eq!(score(value, Lang::En), expected.replace(',', "."));
        }
        assert_eq!(share(0.8, Lang::It), "80,0%");
        assert_eq!(number(4.25, Lang::It), "4,25");
        assert_eq!(number(12.0, Lang::En), "12");
        assert_eq!(measure(10.769, true, Lang::It), "10,8");
        assert_eq!(measure(10.769, false, Lang::It), "10,7");
        assert_eq!(measure(4.9, true, Lang::It), "4,9");
        assert_eq!(measure(100.0 * 0.29, true, Lang::It), "29");
        assert_eq!(signed(-3.44, Lang::It), "\u{2212}3,4");
        assert_eq!(signed(3.46, Lang::En), "+3.5");
        assert_eq!(signed(-0.04, Lang::En), "0.0");
        assert_eq!(trimmed(0.1 + 0.2, Lang::En), "0.3");
        assert_eq!(trimmed(2.0 / 3.0, Lang::It), "0,666");
        assert_eq!(trimmed(5.0, Lang::It), "5");
    }

    #[test]
    fn times_are_those_of_the_office() {
        let at = "2026-06-30T22:05:00Z".parse().unwrap();
        let shown = moment(at, chrono_tz::Europe::Rome, Lang::It);
        assert_eq!((shown.day.as_str(), shown.time.as_str()), ("1 lug 2026", "00:05"));
        assert_eq!(shown.machine, "2026-06-30T22:05:00.000Z");
    }
}
