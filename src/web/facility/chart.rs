//! The overall of a centre over time as a picture. Places along the time are in percent of
//! its width and places along the score in pixels, so that its text keeps its size on a
//! phone. What may not be compared has marks and lines of its own.

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{Datelike, Months, NaiveDate};
use vigila_core::documents::inspection::Kind;
use vigila_core::domain::Instant;

use super::Subject;
use super::level::{self, BreakLine, Level, Said};
use super::scale::{HEIGHT, Scale, TOP, number_of, shown};
use crate::app::trends::{Point, Series, Trend};
use crate::messages::trends::Trend as Texts;
use crate::messages::{fill, words};
use crate::web::format::{self, Moment};

/// Most dates under the picture.
const TICKS: usize = 4;

/// The picture and the table of its values.
pub struct Chart {
    pub alt: String,
    pub limits: Vec<Limit>,
    pub ticks: Vec<Tick>,
    pub levels: Vec<Level>,
    pub breaks: Vec<BreakLine>,
    pub height: String,
    pub marks: Vec<Mark>,
    pub legend: Vec<(Glyph, String)>,
    pub rows: Vec<Row>,
    pub bottom: String,
    /// What may be said of it all.
    pub said: Vec<Said>,
    pub remarks: Vec<String>,
    pub is_joined: bool,
}

/// A line across, at a limit of a band or an end of the scale.
pub struct Limit {
    pub y: String,
    pub label: String,
    pub is_band: bool,
}

/// A date under the picture.
pub struct Tick {
    pub x: String,
    pub label: String,
}

/// A visit.
pub struct Mark {
    pub glyph: Glyph,
    pub at: (String, String),
}

/// The sign of a series; hollow where the visit does not count.
#[derive(Template)]
#[template(path = "mark.html")]
pub struct Glyph {
    series: usize,
    hollow: bool,
}

impl HtmlSafe for Glyph {}

/// A visit in the table.
pub struct Row {
    pub at: Moment,
    pub kind: &'static str,
    pub value: Option<String>,
    /// What the level is made from, in a series that is joined across a break.
    pub compared: Option<String>,
    pub level: Option<String>,
    pub counted: bool,
    pub address: Option<String>,
}

impl Chart {
    /// The picture of a trend; none where no visit has a value.
    pub fn of(subject: &Subject<'_>, trend: &Trend) -> Option<Self> {
        let mut points: Vec<&Point> = trend.series.iter().flat_map(|s| &s.points).collect();
        points.sort_by_key(|point| point.at);
        let valued: Vec<&Point> = points.iter().copied().filter(|p| p.value.is_some()).collect();
        let scale = Scale::of(&valued)?;
        let day = |point: Option<&&Point>| point.map(|p| subject.moment(p.at).day);
        let ends = [day(valued.first()), day(valued.last())].map(Option::unwrap_or_default);
        let [from, to] = ends;
        let chart = Self {
            alt: fill(subject.t.trend_alt, &[valued.len().to_string(), from, to]),
            limits: limits(subject, &scale),
            ticks: ticks(subject, &scale),
            levels: trend.series.iter().filter_map(|series| level::level(&scale, series)).collect(),
            breaks: level::breaks(subject, &scale, trend),
            height: format!("{:.0}", TOP + HEIGHT),
            marks: trend.series.iter().flat_map(|series| marks(&scale, series)).collect(),
            legend: legend(subject, trend, valued.iter().any(|point| !point.counted)),
            rows: points.iter().rev().map(|point| row(subject, trend, point)).collect(),
            bottom: format!("{:.0}", TOP + HEIGHT + 24.0),
            said: level::said(subject, trend),
            remarks: level::percentile(subject, trend)
                .into_iter()
                .chain(level::joined(subject, trend))
                .collect(),
            is_joined: points.iter().any(|point| point.compared.is_some()),
        };
        Some(chart)
    }
}

fn legend(subject: &Subject<'_>, trend: &Trend, any_hollow: bool) -> Vec<(Glyph, String)> {
    let each = trend.series.iter().map(|series| {
        let words = match number_of(series) {
            0 => subject.t.series_without_notice,
            1 => words::visit_kind(Kind::Announced, subject.lang),
            _ => words::visit_kind(Kind::Remote, subject.lang),
        };
        (Glyph { series: number_of(series), hollow: false }, words.to_owned())
    });
    let hollow = (Glyph { series: 0, hollow: true }, subject.t.not_counted.to_owned());
    each.chain(any_hollow.then_some(hollow)).collect()
}

fn limits(subject: &Subject<'_>, scale: &Scale) -> Vec<Limit> {
    let bands = &subject.app.library.model(subject.card.as_of).document.bands;
    let ends = [100.0, scale.lowest].map(|value| (value, false));
    let limits = [bands.good, bands.adequate, bands.to_improve].map(|value| (value, true));
    let shown = ends.into_iter().chain(limits).filter(|(value, _)| *value >= scale.lowest);
    let each = shown.map(|(value, is_band)| Limit {
        y: scale.y(value),
        label: format::number(value, subject.lang),
        is_band,
    });
    each.collect()
}

/// Firsts of months, as far apart as lets few of them be.
fn ticks(subject: &Subject<'_>, scale: &Scale) -> Vec<Tick> {
    let zone = subject.app.zone;
    let last = scale
        .first
        .plus_days(1)
        .max(Instant::new(scale.first.utc() + chrono::Duration::seconds(seconds(scale.days))));
    for step in [1, 2, 3, 6, 12, 24, 60, 120] {
        let firsts = months(scale.first.day(zone), last.day(zone), step);
        if firsts.len() <= TICKS {
            let each = firsts.into_iter().map(|day| Tick {
                x: scale.x(Instant::start_of(day, zone)),
                label: format!("{} {}", words::month(day.month(), subject.lang), day.year()),
            });
            return if scale.days > 0.0 { each.collect() } else { Vec::new() };
        }
    }
    Vec::new()
}

#[expect(clippy::cast_possible_truncation, reason = "the seconds of centuries fit")]
fn seconds(days: f64) -> i64 {
    (days * 86_400.0) as i64
}

/// The firsts of every so many months after `from`, up to `to`.
fn months(from: NaiveDate, to: NaiveDate, step: u32) -> Vec<NaiveDate> {
    let year = NaiveDate::from_ymd_opt(from.year(), 1, 1);
    let firsts = std::iter::successors(year, |day| day.checked_add_months(Months::new(step)));
    firsts.take_while(|day| *day <= to).filter(|day| *day >= from).take(TICKS + 1).collect()
}

fn marks(scale: &Scale, series: &Series) -> Vec<Mark> {
    let each = series.points.iter().filter_map(|point| {
        let at = (scale.x(point.at), scale.y(shown(point)?));
        Some(Mark { glyph: Glyph { series: number_of(series), hollow: !point.counted }, at })
    });
    each.collect()
}

fn row(subject: &Subject<'_>, trend: &Trend, point: &Point) -> Row {
    let lang = subject.lang;
    let levels = trend.series.iter().filter(|series| series.kinds.contains(&point.kind));
    let level = levels.flat_map(|series| &series.level).find(|level| level.at == point.at);
    let texts = Texts::of(lang);
    Row {
        at: subject.moment(point.at),
        kind: words::visit_kind(point.kind, subject.lang),
        value: point.value.map(|value| format::score(value, lang)),
        compared: point.compared.map(|value| format::score(value, lang)),
        level: level.filter(|_| point.counted).map(|found| {
            let parts = [found.level.value, found.level.low, found.level.high];
            fill(texts.level_value, &parts.map(|part| format::score(part.clamp(0.0, 100.0), lang)))
        }),
        counted: point.counted,
        address: subject.address_of(point.inspection),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_begin_within_the_picture_and_are_not_many() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let found = months(day("2024-11-20"), day("2026-11-02"), 6);
        let firsts: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(firsts, ["2025-01-01", "2025-07-01", "2026-01-01", "2026-07-01"]);
        assert_eq!(months(day("2000-01-01"), day("2026-01-01"), 1).len(), TICKS + 1);
    }
}
