//! Which visits there were: for every centre how it is run, and its visits over two years.

use vigila_core::documents::inspection::Kind;
use vigila_core::documents::inspection::Kind::{
    Announced, Complaint, FollowUp, Remote, Unannounced,
};

use super::quality::{Course, Profile};

/// What a planned visit covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cover {
    /// The checklist.
    All,
    /// Ten items: what fell short last time, first.
    Ten,
    /// What can be read from afar.
    Papers,
    /// The visit before, sent once more with one answer put right.
    Correction,
}

/// A planned visit: days before the end, checklist, kind, what it covers.
pub(super) struct Planned(pub i64, pub &'static str, pub Kind, pub Cover);

/// A centre's two years.
pub(super) struct Years {
    /// How it is run.
    pub profile: Profile,
    /// Its visits, the oldest first.
    pub visits: &'static [Planned],
}

const COLL: &str = "CAS-COLL";
const UNIT: &str = "CAS-UNIT";
const EUAA: &str = "EUAA-2016";
const UAM: &str = "UAM-2018";
const FIRE: &str = "FIRE-HYG";

use Cover::{All, Correction, Papers, Ten};

/// The two years of the centres, in their order.
pub(super) const YEARS: [Years; 12] = [
    Years {
        profile: profile(Course::Drift(0.55, 0.9), "HYGIENE", 0.3, 0.0),
        visits: &[
            Planned(706, COLL, Unannounced, All),
            Planned(676, COLL, FollowUp, Ten),
            Planned(610, COLL, Unannounced, All),
            Planned(512, COLL, Announced, All),
            Planned(400, COLL, Unannounced, All),
            Planned(330, FIRE, Unannounced, All),
            Planned(287, COLL, Unannounced, All),
            Planned(171, COLL, Complaint, All),
            Planned(62, COLL, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Drift(0.95, 0.55), "SAFETY", 0.6, 0.3),
        visits: &[
            Planned(690, COLL, Unannounced, All),
            Planned(580, COLL, Unannounced, All),
            Planned(470, COLL, Unannounced, All),
            Planned(350, COLL, Announced, All),
            Planned(240, COLL, Unannounced, All),
            Planned(205, FIRE, Unannounced, All),
            Planned(130, COLL, Complaint, All),
            Planned(20, COLL, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Steady(0.96), "SERVICES", 0.05, 0.0),
        visits: &[
            Planned(640, UNIT, Unannounced, All),
            Planned(455, UNIT, Unannounced, All),
            Planned(300, UNIT, Announced, All),
            Planned(190, UNIT, Unannounced, All),
            Planned(45, UNIT, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Noisy(0.82, 0.12), "GOODS", 0.05, 0.0),
        visits: &[
            Planned(700, UNIT, Unannounced, All),
            Planned(560, UNIT, Unannounced, All),
            Planned(420, UNIT, Unannounced, All),
            Planned(320, UNIT, Complaint, All),
            Planned(210, UNIT, Unannounced, All),
            Planned(90, UNIT, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Steady(0.35), "FOOD", 0.0, 0.0),
        visits: &[
            Planned(660, COLL, Unannounced, All),
            Planned(540, COLL, Unannounced, All),
            Planned(515, COLL, FollowUp, Ten),
            Planned(390, COLL, Unannounced, All),
            Planned(260, COLL, Unannounced, All),
            Planned(120, COLL, Unannounced, All),
            Planned(35, COLL, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Steady(0.85), "STAFF", 0.0, 0.1),
        visits: &[
            Planned(620, EUAA, Unannounced, All),
            Planned(430, EUAA, Announced, All),
            Planned(340, FIRE, Unannounced, All),
            Planned(250, EUAA, Unannounced, All),
            Planned(75, EUAA, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Steady(0.7), "CARE", 0.02, 0.0),
        visits: &[
            Planned(680, UAM, Unannounced, All),
            Planned(500, UAM, Unannounced, All),
            Planned(360, UAM, Unannounced, All),
            Planned(345, UAM, FollowUp, Ten),
            Planned(220, UAM, Unannounced, All),
            Planned(60, UAM, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Steady(0.94), "GOODS", 0.0, 0.0),
        visits: &[
            Planned(650, UAM, Unannounced, All),
            Planned(540, UAM, Announced, All),
            Planned(410, UAM, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Noisy(0.8, 0.13), "HEALTH", 0.1, 0.0),
        visits: &[
            Planned(630, COLL, Unannounced, All),
            Planned(515, COLL, Unannounced, All),
            Planned(395, COLL, Unannounced, All),
            Planned(150, COLL, Unannounced, All),
            Planned(149, COLL, Unannounced, Correction),
            Planned(50, COLL, Unannounced, All),
        ],
    },
    Years {
        profile: profile(Course::Steady(0.85), "SERVICES", 0.0, 0.0),
        visits: &[Planned(200, UNIT, Remote, Papers), Planned(85, UNIT, FollowUp, Ten)],
    },
    Years {
        profile: profile(Course::Steady(0.86), "FOOD", 0.0, 2.5),
        visits: &[
            Planned(370, COLL, Unannounced, All),
            Planned(160, COLL, Unannounced, All),
            Planned(25, FIRE, Unannounced, All),
        ],
    },
    Years { profile: profile(Course::Steady(0.9), "STAFF", 0.0, 0.0), visits: &[] },
];

const fn profile(course: Course, weak: &'static str, criticals: f64, fire: f64) -> Profile {
    Profile { course, weak, criticals, fire }
}
