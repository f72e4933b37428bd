//! The gauges of centres and what they add up to by territory. Of centres that are closed
//! nothing is said: their series end.

use std::collections::BTreeMap;

use vigila_core::documents::score::DimensionScore;
use vigila_core::domain::{Day, FacilityKind, Instant};

use super::{Indicators, findings};
use crate::app::scorecards::Picture;
use crate::metrics::text::{Family, Text};
use crate::store::facilities::Label;
use crate::store::findings::LiveFinding;

const CENTRE: &[&str] = &["facility", "territory"];

const BAND: Family = Family {
    name: "vigila_facility_band_info",
    help: "The band of the centre's scorecard, always 1.",
    labels: &["facility", "territory", "band"],
};
const COVERAGE: Family = Family {
    name: "vigila_facility_coverage_ratio",
    help: "Share of due weight observed in the base of the main checklist, 0 to 1.",
    labels: CENTRE,
};
const CRITICAL: Family = Family {
    name: "vigila_facility_critical_items",
    help: "Critical items of the centre that are failed now.",
    labels: CENTRE,
};
const DIMENSION: Family = Family {
    name: "vigila_facility_dimension_score_ratio",
    help: "Score of a dimension in the base of the main checklist, 0 to 1.",
    labels: &["facility", "territory", "dimension"],
};
const INDICATOR: Family = Family {
    name: "vigila_facility_indicator_value",
    help: "Value of an indicator in its own unit, as the centre's latest bases give it.",
    labels: &["facility", "territory", "indicator"],
};
const INFO: Family = Family {
    name: "vigila_facility_info",
    help: "What kind of centre it is, always 1.",
    labels: &["facility", "territory", "kind"],
};
const LAST: Family = Family {
    name: "vigila_facility_last_inspection_timestamp_seconds",
    help: "When the latest visit to the centre ended.",
    labels: CENTRE,
};
const SCORE: Family = Family {
    name: "vigila_facility_score_ratio",
    help: "Overall score of the centre's scorecard, 0 to 1.",
    labels: CENTRE,
};
const OWED: Family = Family {
    name: "vigila_photos_owed",
    help: "Photos that phones said they hold and have not sent yet.",
    labels: &["territory"],
};
const OWED_SINCE: Family = Family {
    name: "vigila_photos_owed_oldest_timestamp_seconds",
    help: "When the oldest of the visits that owe photos was received.",
    labels: &["territory"],
};

/// A centre as its gauges show it.
#[derive(Clone, Copy)]
pub struct Centre<'a> {
    code: &'a str,
    territory: &'static str,
    kind: FacilityKind,
    picture: &'a Picture,
}

impl<'a> Centre<'a> {
    /// A centre by its codes, with its picture.
    pub fn new(label: &'a Label, picture: &'a Picture) -> Self {
        let Label { code, territory, kind, .. } = label;
        Self { code, territory: territory.code(), kind: *kind, picture }
    }

    /// Its code.
    pub fn code(&self) -> &'a str {
        self.code
    }

    /// The code of its territory.
    pub fn territory(&self) -> &'static str {
        self.territory
    }

    /// Its live findings.
    pub fn findings(&self) -> &'a [LiveFinding] {
        self.picture.findings()
    }

    fn with(self, value: f64) -> ([&'a str; 2], f64) {
        ([self.code, self.territory], value)
    }
}

/// Writes them, by family.
pub fn write(
    text: &mut Text,
    centres: &[Centre<'_>],
    indicators: &Indicators,
    (now, today): (Instant, Day),
) {
    let each = || centres.iter().copied();
    text.gauges(&BAND, each().map(|c| ([c.code, c.territory, c.picture.band().as_str()], 1.0)));
    text.gauges(&COVERAGE, each().filter_map(|c| Some(c.with(c.picture.coverage()?))));
    text.gauges(&CRITICAL, each().map(|c| c.with(count(c.picture.critical_count()))));
    text.gauges(&DIMENSION, each().flat_map(dimensions));
    findings::write_open(text, centres);
    if indicators.any() {
        text.gauges(&INDICATOR, each().flat_map(|centre| values(centre, indicators)));
    }
    text.gauges(&INFO, each().map(|c| ([c.code, c.territory, c.kind.as_str()], 1.0)));
    text.gauges(&LAST, each().filter_map(|c| Some(c.with(seconds(c.picture.last_visit()?)))));
    findings::write_oldest(text, centres);
    text.gauges(&SCORE, each().filter_map(|c| Some(c.with(c.picture.overall()? / 100.0))));
    findings::write_sums(text, centres, now, today);
    write_debts(text, centres);
}

/// Photos owed, by territory.
fn write_debts(text: &mut Text, centres: &[Centre<'_>]) {
    let mut debts: BTreeMap<&str, (i64, Option<Instant>)> = BTreeMap::new();
    for centre in centres {
        let (owed, since) = debts.entry(centre.territory).or_default();
        *owed += centre.picture.photos_owed();
        *since = [*since, centre.picture.owed_since()].into_iter().flatten().min();
    }
    #[expect(clippy::cast_precision_loss, reason = "photos fit 2^53")]
    text.gauges(&OWED, debts.iter().map(|(code, (owed, _))| ([*code], *owed as f64)));
    let since = debts.iter().filter_map(|(code, (_, since))| Some(([*code], seconds((*since)?))));
    text.gauges(&OWED_SINCE, since);
}

fn dimensions<'a>(centre: Centre<'a>) -> impl Iterator<Item = ([&'a str; 3], f64)> {
    let scores = centre.picture.dimensions().iter();
    scores.filter_map(move |DimensionScore { code, score, .. }| {
        Some(([centre.code, centre.territory, code.as_str()], (*score)? / 100.0))
    })
}

fn values<'a>(centre: Centre<'a>, shown: &Indicators) -> impl Iterator<Item = ([&'a str; 3], f64)> {
    let values = centre.picture.indicators().iter().filter(|value| shown.shows(&value.code));
    values.filter_map(move |value| {
        Some(([centre.code, centre.territory, value.code.as_str()], value.value?))
    })
}

#[expect(clippy::cast_precision_loss, reason = "a handful of items")]
fn count(items: usize) -> f64 {
    items as f64
}

/// Seconds since 1970.
#[expect(clippy::cast_precision_loss, reason = "milliseconds fit 2^53")]
pub fn seconds(at: Instant) -> f64 {
    at.utc().timestamp_millis() as f64 / 1000.0
}
