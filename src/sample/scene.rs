//! What there is to be counted in a centre on the day of a visit, so that the numbers of one
//! visit agree with each other: guests, beds, fixtures, hours.

use vigila_core::documents::inspection::Kind;
use vigila_core::domain::{Day, FactValue, Facts};
use vigila_core::scoring::from_centre;

use super::centres::Centre;
use super::chance::Chance;
use super::quality::Profile;

/// A centre on the day of a visit.
pub(super) struct Scene {
    /// How the centre is run.
    pub profile: Profile,
    /// How well it does on that day, as the visit will see it: 0 to 1.
    pub quality: f64,
    /// Why and how the visit is made.
    pub kind: Kind,
    /// What is known of the centre, then also what was counted.
    pub facts: Facts,
    /// Whether more guests are there than places.
    pub overcrowded: bool,
    /// Whether it is the quick check of fire and hygiene.
    pub quick_check: bool,
    /// A seed of the centre, for what lasts from visit to visit.
    pub centre: u64,
    counts: Counts,
}

/// What a visit is.
pub(super) struct Look {
    /// Why and how it is made.
    pub kind: Kind,
    /// Its civil day.
    pub day: Day,
    /// Whether it is the quick check of fire and hygiene.
    pub quick_check: bool,
}

struct Counts {
    guests: i64,
    registered: i64,
    absent: i64,
    minors: i64,
    fixtures: i64,
    operators: i64,
    planned: i64,
}

/// How much of the distance to perfection a visit does not see when the centre knew of it.
const FLATTERED: f64 = 0.45;
/// The same when what was prescribed is looked at again.
const MENDED: f64 = 0.4;

impl Scene {
    /// The scene of a visit. `quality` is that of the centre on that day; a visit that was
    /// announced sees better, and so does one that looks again at what was prescribed.
    pub fn new(
        centre: &Centre,
        profile: Profile,
        look: &Look,
        quality: f64,
        seed: u64,
        chance: &mut Chance,
    ) -> Self {
        let &Look { kind, day, quick_check } = look;
        let short = match kind {
            Kind::Announced => FLATTERED,
            Kind::FollowUp => MENDED,
            _ => 1.0,
        };
        let quality = 1.0 - (1.0 - quality) * short;
        let facts = from_centre(&centre.facility, &centre.contracts, day);
        let places = centre.facility.authorised_places.map_or(30, i64::from);
        let overcrowded = chance.happens((1.0 - quality) * profile.criticals * 0.5);
        let counts = Counts::draw(places, overcrowded, quality, &facts, chance);
        Self { profile, quality, kind, facts, overcrowded, quick_check, centre: seed, counts }
    }

    /// What is counted for an item that feeds this fact; `None` where it is no such count.
    pub fn count(&self, fact: &str, chance: &mut Chance) -> Option<f64> {
        let counts = &self.counts;
        let whole = match fact {
            "guests_present" => counts.guests,
            "guests_registered" => counts.registered,
            "absences_justified" => counts.absent,
            "minors_present" => counts.minors,
            "toilets_working" | "showers_working" | "basins_working" => counts.fixtures,
            "toilets_total" => counts.fixtures + 1,
            "beds" => return self.known("beds"),
            "operators_present" => counts.operators,
            "operators_planned" => counts.planned,
            "school_enrolled" => (counts.minors - chance.whole(0, 2)).max(0),
            "worker_visits_28d" => return self.delivered("contract.worker_visits", 8.0, chance),
            "mediation_hours_28d" => {
                return self.delivered("contract.mediation_hours", 24.0, chance);
            }
            "social_hours_28d" => {
                return self.delivered("contract.social_assistance_hours", 36.0, chance);
            }
            "medical_hours_28d" => return self.delivered("contract.medical_hours", 12.0, chance),
            _ => return None,
        };
        Some(whole as f64)
    }

    fn known(&self, fact: &str) -> Option<f64> {
        self.facts.get(fact).map(|value| value.number())
    }

    /// What was delivered of what the contract asks: all of it where a centre is well run.
    fn delivered(&self, agreed: &str, usual: f64, chance: &mut Chance) -> Option<f64> {
        let agreed = self.known(agreed).unwrap_or(usual);
        let share = 1.0 - (1.0 - self.quality) * chance.between(0.2, 1.2);
        Some((agreed * share.clamp(0.2, 1.1)).round())
    }
}

impl Counts {
    fn draw(
        places: i64,
        overcrowded: bool,
        quality: f64,
        facts: &Facts,
        chance: &mut Chance,
    ) -> Self {
        let registered = if overcrowded {
            places + chance.whole(1, 1 + places / 8)
        } else {
            places - chance.whole(0, places / 6)
        };
        let away = chance.whole(0, registered / 5);
        let guests = registered - away;
        let minors = facts.get("minors_present").map_or(0.0, |value: &FactValue| value.number());
        // Drawn around the guests per fixture that a well-run and a badly run centre have.
        let per_fixture = 14.0 - 7.0 * quality + chance.between(-1.0, 1.0);
        let planned = 1 + registered / 12;
        let missing = i64::from(chance.happens((1.0 - quality) * 0.8));
        Self {
            guests,
            registered,
            absent: (away - i64::from(chance.happens(1.0 - quality))).max(0),
            minors: (minors as i64).min(guests),
            fixtures: ((registered as f64 / per_fixture).ceil() as i64).max(1),
            operators: (planned - missing).max(0),
            planned,
        }
    }
}
