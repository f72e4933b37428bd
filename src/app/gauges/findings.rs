//! The gauges of findings: what centres have, and what that adds up to by territory. Overdue
//! and age are those of now.

use std::collections::BTreeMap;

use vigila_core::documents::finding::Severity;
use vigila_core::domain::{Day, Instant};

use super::centres::{Centre, seconds};
use crate::metrics::text::{Family, Text};
use crate::store::findings::LiveFinding;

const BY_TERRITORY: &[&str] = &["territory", "severity"];

const OF_CENTRE: Family = Family {
    name: "vigila_facility_findings_open",
    help: "Live findings of the centre.",
    labels: &["facility", "territory", "severity"],
};
const OLDEST: Family = Family {
    name: "vigila_facility_oldest_critical_finding_timestamp_seconds",
    help: "When the oldest live critical finding of the centre that no later visit found mended was opened.",
    labels: &["facility", "territory"],
};
const AGES: Family = Family {
    name: "vigila_findings_by_age",
    help: "Live findings by how long ago they were opened.",
    labels: &["territory", "severity", "age"],
};
const PROPOSED: Family = Family {
    name: "vigila_findings_closing_proposed",
    help: "Live findings that a later visit found mended, which the office may close.",
    labels: BY_TERRITORY,
};
const OPEN: Family =
    Family { name: "vigila_findings_open", help: "Live findings.", labels: BY_TERRITORY };
const OVERDUE: Family = Family {
    name: "vigila_findings_overdue",
    help: "Live findings past their deadline that no later visit found mended.",
    labels: BY_TERRITORY,
};

/// Classes of age: each goes up to so many days, the last has no end.
const CLASSES: [(&str, f64); 4] = [
    ("up_to_2_days", 2.0),
    ("up_to_10_days", 10.0),
    ("up_to_45_days", 45.0),
    ("over_45_days", f64::INFINITY),
];

/// What live findings of one severity in one territory come to.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    open: u32,
    overdue: u32,
    proposed: u32,
    ages: [u32; CLASSES.len()],
}

impl Sum {
    fn add(&mut self, finding: &LiveFinding, now: Instant, today: Day) {
        let days = now.days_since(finding.opened_at);
        let class = CLASSES.iter().position(|(_, most)| days <= *most);
        self.ages[class.unwrap_or(CLASSES.len() - 1)] += 1;
        self.open += 1;
        self.overdue += u32::from(finding.is_overdue(today));
        self.proposed += u32::from(finding.closing_proposed);
    }
}

/// Those of each centre.
pub fn write_open(text: &mut Text, centres: &[Centre<'_>]) {
    let each = centres.iter().flat_map(|centre| {
        Severity::ALL.into_iter().filter_map(move |severity| {
            let of = centre.findings().iter().filter(|finding| finding.severity == severity);
            let count = u32::try_from(of.count()).unwrap_or(u32::MAX);
            let labels = [centre.code(), centre.territory(), severity.as_str()];
            (count > 0).then_some((labels, f64::from(count)))
        })
    });
    text.gauges(&OF_CENTRE, each);
}

/// Since when the oldest critical one of each centre waits.
pub fn write_oldest(text: &mut Text, centres: &[Centre<'_>]) {
    let each = centres.iter().filter_map(|centre| {
        let waits = |finding: &&LiveFinding| {
            finding.severity == Severity::Critical && !finding.closing_proposed
        };
        let oldest = centre.findings().iter().filter(waits).map(|finding| finding.opened_at).min();
        Some(([centre.code(), centre.territory()], seconds(oldest?)))
    });
    text.gauges(&OLDEST, each);
}

/// Those of territories: of each that has a centre, every severity, be it 0.
pub fn write_sums(text: &mut Text, centres: &[Centre<'_>], now: Instant, today: Day) {
    let mut sums: BTreeMap<(&str, Severity), Sum> = BTreeMap::new();
    for centre in centres {
        for severity in Severity::ALL {
            sums.entry((centre.territory(), severity)).or_default();
        }
        for finding in centre.findings() {
            let sum = sums.entry((centre.territory(), finding.severity)).or_default();
            sum.add(finding, now, today);
        }
    }
    let ages = sums.iter().flat_map(|((territory, severity), sum)| {
        let classes = CLASSES.iter().zip(sum.ages);
        classes.map(|((age, _), count)| ([*territory, severity.as_str(), age], f64::from(count)))
    });
    text.gauges(&AGES, ages);
    let of = |what: fn(&Sum) -> u32| {
        let each = sums.iter();
        each.map(move |((territory, severity), sum)| {
            ([*territory, severity.as_str()], f64::from(what(sum)))
        })
    };
    text.gauges(&PROPOSED, of(|sum| sum.proposed));
    text.gauges(&OPEN, of(|sum| sum.open));
    text.gauges(&OVERDUE, of(|sum| sum.overdue));
}
