//! The level beneath the visits: as a line with its interval in the picture, and as a sentence
//! that says whether it changed. Places across are in thousandths of the picture's width, since
//! a path knows no percent; places down are pixels.

use vigila_core::documents::trend::Verdict;

use super::Subject;
use super::scale::{Scale, number_of};
use crate::app::trends::{LevelPoint, Series, Trend};
use crate::messages::trends::Trend as Texts;
use crate::messages::{fill, words};
use crate::web::format::{self, Moment};

/// A line of levels and the band around it.
pub struct Level {
    pub series: usize,
    pub line: String,
    pub band: String,
}

/// What may be said of a series.
pub struct Said {
    /// `up`, `down`, `level` or `few`.
    pub shape: &'static str,
    /// Which visits are spoken of.
    pub of: String,
    pub word: &'static str,
    pub text: String,
}

/// A change of checklist or model.
pub struct BreakLine {
    pub number: usize,
    pub x: String,
    pub at: Moment,
    pub what: String,
}

/// The level of a series; none where it was seen once or never.
pub fn level(scale: &Scale, series: &Series) -> Option<Level> {
    let points = &series.level;
    if points.len() < 2 {
        return None;
    }
    let place = |point: &LevelPoint, value: f64| {
        format!("{:.1} {:.1}", scale.percent(point.at) * 10.0, scale.pixels(value))
    };
    let line = points.iter().map(|point| place(point, point.level.value));
    let upper = points.iter().map(|point| place(point, point.level.high));
    let lower = points.iter().rev().map(|point| place(point, point.level.low));
    Some(Level {
        series: number_of(series),
        line: format!("M{}", line.collect::<Vec<_>>().join("L")),
        band: format!("M{}Z", upper.chain(lower).collect::<Vec<_>>().join("L")),
    })
}

/// What may be said of each series that has a change to speak of.
pub fn said(subject: &Subject<'_>, trend: &Trend) -> Vec<Said> {
    let t = Texts::of(subject.lang);
    trend.series.iter().map(|series| said_of(subject, t, series)).collect()
}

fn said_of(subject: &Subject<'_>, t: &Texts, series: &Series) -> Said {
    let (lang, change) = (subject.lang, &series.change);
    let (shape, word) = match change.verdict {
        Verdict::Improving => ("up", t.improving),
        Verdict::Worsening => ("down", t.worsening),
        Verdict::NoClearChange => ("level", t.no_clear_change),
        Verdict::TooFewVisits => ("few", t.too_few_visits),
    };
    let numbers = (change.difference, change.low, change.high);
    let text = if let (Some(difference), Some(low), Some(high)) = numbers {
        let template = match change.verdict {
            Verdict::Improving => t.rose,
            Verdict::Worsening => t.fell,
            Verdict::NoClearChange | Verdict::TooFewVisits => t.unclear,
        };
        let size = if change.verdict == Verdict::NoClearChange {
            format::signed(difference, lang)
        } else {
            format::score(difference.abs(), lang)
        };
        let [low, high] = [low, high].map(|end| format::signed(end, lang));
        fill(template, &[size, format::number(change.over_days.round(), lang), low, high])
    } else {
        t.too_few_text.to_owned()
    };
    Said { shape, of: of_series(subject, t, series), word, text }
}

fn of_series(subject: &Subject<'_>, t: &Texts, series: &Series) -> String {
    match (number_of(series), series.kinds.first()) {
        (0, _) | (_, None) => t.without_notice.to_owned(),
        (_, Some(kind)) => fill(t.of_kind, &[words::visit_kind(*kind, subject.lang).to_owned()]),
    }
}

/// What is compared across the breaks of a series.
pub fn joined(subject: &Subject<'_>, trend: &Trend) -> Vec<String> {
    let t = Texts::of(subject.lang);
    let each = trend.series.iter().filter_map(|series| {
        let joined = series.joined.as_ref()?;
        let versions = joined.versions.iter().map(|(checklist, items)| {
            fill(t.version_items, &[checklist.version.clone(), items.to_string()])
        });
        let versions = versions.collect::<Vec<_>>().join(", ");
        let of = of_series(subject, t, series);
        Some(fill(t.joined, &[of, joined.shared_items.to_string(), versions]))
    });
    each.collect()
}

/// Where the centre stands among those of its kind.
pub fn percentile(subject: &Subject<'_>, trend: &Trend) -> Option<String> {
    let t = Texts::of(subject.lang);
    let found = trend.percentile.filter(|found| found.among > 1)?;
    let value = format::score(found.value, subject.lang);
    Some(fill(t.percentile, &[value, (found.among - 1).to_string()]))
}

/// The breaks of a trend that lie within the picture, numbered.
pub fn breaks(subject: &Subject<'_>, scale: &Scale, trend: &Trend) -> Vec<BreakLine> {
    let t = Texts::of(subject.lang);
    let each = trend.breaks.iter().enumerate().map(|(index, change)| {
        let what = match change.what.split_once(' ') {
            Some(("checklist", rest)) => fill(t.new_checklist, &[rest.to_owned()]),
            Some(("model", rest)) => fill(t.new_model, &[rest.to_owned()]),
            _ => change.what.clone(),
        };
        BreakLine { number: index + 1, x: scale.x(change.at), at: subject.moment(change.at), what }
    });
    each.collect()
}
