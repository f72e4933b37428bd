//! A country from a seed: centres in all provinces, monitors, and ten years of planned
//! visits. Pure: the same seed and sizes make the same country everywhere; nobody in it
//! exists. What is answered at a visit is the sample's.

use chrono::{DateTime, Datelike, Duration, NaiveTime, Utc, Weekday};
use uuid::{Builder, Uuid};
use vigila::sample::{Centre, Way};
use vigila_core::documents::inspection::Kind;
use vigila_core::domain::{
    Contract, Day, Facility, FacilityId, FacilityKind, FactValue, Facts, ManagingBody, PersonId,
    Territory,
};

/// The seed of the country.
const SEED: u64 = 41;
/// The day before which the last visit ends, and how many days before it the first begins.
const END: (i32, u32, u32) = (2026, 11, 1);
const DAYS: i64 = 3_650;
/// The province that is made crowded, and how many centres it has at most.
const CROWDED: &str = "RM";
const CROWD: usize = 250;
/// How many monitors each province has.
pub const MONITORS: usize = 4;
/// One visit in so many follows another of the same centre by a day, made by someone else.
const DOUBLE_IN: u64 = 40;

/// The country.
pub struct Country {
    /// Its centres.
    pub centres: Vec<Centre>,
    /// How many visits there are.
    pub visits: usize,
}

/// A visit that is planned.
#[derive(Debug, Clone, Copy)]
pub struct Planned {
    /// Index of the centre.
    pub centre: usize,
    /// A seed of the visit's own.
    pub seed: u64,
    /// When it begins.
    pub started: DateTime<Utc>,
    /// How it is made.
    pub way: Way,
}

impl Country {
    /// A country with so many centres and visits.
    pub fn new(centres: usize, visits: usize) -> Self {
        let crowded: Territory = CROWDED.parse().expect("a province");
        let crowd = CROWD.min(centres.div_ceil(2));
        let others: Vec<Territory> = Territory::all().filter(|one| *one != crowded).collect();
        let territory = |index: usize| {
            if index < crowd { crowded } else { others[(index - crowd) % others.len()] }
        };
        let centres = (0..centres).map(|index| centre(index, territory(index)));
        Self { centres: centres.collect(), visits }
    }

    /// The visits of a round, of which each centre has one, in the order of their days. All
    /// rounds together are as many as there are visits.
    pub fn round(&self, round: usize) -> Vec<Planned> {
        let count = self.centres.len();
        let order = shuffled(count, round);
        let before = (round > 0).then(|| shuffled(count, round - 1));
        let mut place_before = vec![0; count];
        for (place, centre) in before.iter().flatten().enumerate() {
            place_before[*centre] = place;
        }
        let left = self.visits.saturating_sub(round * count);
        let each = order.into_iter().enumerate().take(left).map(|(place, centre)| {
            let seed = mix(&[SEED, 1, centre as u64, round as u64]);
            let double = before.is_some() && seed.is_multiple_of(DOUBLE_IN);
            let (day, turn) = if double {
                (self.day(round - 1, place_before[centre]) + Duration::days(1), round + 1)
            } else {
                (self.day(round, place), round)
            };
            let monitor = (mix(&[SEED, 2, centre as u64, turn as u64]) % 2) as usize
                + if double { MONITORS / 2 } else { 0 };
            Planned {
                centre,
                seed,
                started: morning(day, seed),
                way: self.way(centre, seed, day, monitor),
            }
        });
        each.collect()
    }

    /// How many rounds there are.
    pub fn rounds(&self) -> usize {
        self.visits.div_ceil(self.centres.len())
    }

    fn day(&self, round: usize, place: usize) -> Day {
        let share =
            (round as f64 + place as f64 / self.centres.len() as f64) / self.rounds() as f64;
        first_day() + Duration::days((share * (DAYS - 2) as f64) as i64)
    }

    /// Each centre has a level, a drift over the years and a slow swing.
    fn way(&self, centre: usize, seed: u64, day: Day, monitor: usize) -> Way {
        let own = |what: u64| unit(mix(&[SEED, 3, centre as u64, what]));
        let passed = (day - first_day()).num_days() as f64 / DAYS as f64;
        let drift = (own(2) - 0.5) * 0.3 * passed;
        let swing = 0.08 * (std::f64::consts::TAU * (passed * (1.0 + 3.0 * own(3)) + own(4))).sin();
        let kind = match seed / DOUBLE_IN % 50 {
            0..35 => Kind::Unannounced,
            35..41 => Kind::Announced,
            41..46 => Kind::FollowUp,
            46..49 => Kind::Complaint,
            _ => Kind::Remote,
        };
        let level = (0.6 + 0.38 * own(1) + drift + swing).clamp(0.2, 0.99);
        Way { kind, monitor, level, noise: 0.05, lasting: mix(&[SEED, 4, centre as u64]) }
    }
}

/// A monitor of a province.
pub fn monitor(territory: Territory, number: usize) -> PersonId {
    let place = Territory::all().position(|one| one == territory).expect("a province");
    PersonId(id(first_day() - Duration::days(60), mix(&[SEED, 5, place as u64, number as u64])))
}

/// The day on which the history begins.
pub fn first_day() -> Day {
    let (year, month, day) = END;
    Day::from_ymd_opt(year, month, day).expect("a day") - Duration::days(DAYS)
}

/// A UUIDv7 of the beginning of a day.
pub fn id(day: Day, seed: u64) -> Uuid {
    id_at(day.and_time(NaiveTime::MIN).and_utc(), seed)
}

/// A UUIDv7 of a time.
pub fn id_at(at: DateTime<Utc>, seed: u64) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).expect("after 1970");
    let mut chance = [0; 10];
    chance[..8].copy_from_slice(&seed.to_le_bytes());
    Builder::from_unix_timestamp_millis(millis, &chance).into_uuid()
}

/// Mixes seeds into one (SplitMix64).
pub fn mix(seeds: &[u64]) -> u64 {
    seeds.iter().fold(0, |state, seed| {
        let mut mixed = (state ^ seed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

/// From 0, 1 excluded.
fn unit(seed: u64) -> f64 {
    (seed >> 11) as f64 / (1_u64 << 53) as f64
}

/// The centres in the order of a round (Fisher and Yates).
fn shuffled(count: usize, round: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let other = mix(&[SEED, 6, round as u64, last as u64]) % (last as u64 + 1);
        order.swap(last, other as usize);
    }
    order
}

/// A working morning on or before this day.
fn morning(day: Day, seed: u64) -> DateTime<Utc> {
    let back = match day.weekday() {
        Weekday::Sat => 1,
        Weekday::Sun => 2,
        _ => 0,
    };
    let minutes = 7 * 60 + (mix(&[seed, 7]) % 180) as i64;
    (day - Duration::days(back)).and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minutes)
}

fn centre(index: usize, territory: Territory) -> Centre {
    let own = |what: u64, most: u64| mix(&[SEED, 8, index as u64, what]) % most;
    let places = 12 + own(1, 139) as i32;
    let minors = if own(2, 3) == 0 { own(3, 9) as i32 } else { 0 };
    let kind = match own(4, 20) {
        0..15 => FacilityKind::CasCollective,
        15..19 => FacilityKind::Casp,
        _ => FacilityKind::Cpa,
    };
    let number = |name: &str, value: i32| (name.to_owned(), FactValue::Number(f64::from(value)));
    let facility = Facility {
        id: FacilityId(id(first_day() - Duration::days(60), mix(&[SEED, 9, index as u64]))),
        code: format!("{}-{index:05}", territory.code()).parse().expect("a code"),
        name: format!("Centro Esempio {index:05}"),
        kind,
        territory,
        municipality: territory.name().to_owned(),
        istat_code: None,
        latitude: None,
        longitude: None,
        authorised_places: Some(places),
        managing_body: Some(ManagingBody {
            name: Some(format!("Ente gestore di prova {}", own(5, 900))),
            ..ManagingBody::default()
        }),
        facts: Facts::from([
            number("beds", places),
            number("minors_present", minors),
            ("special_needs_mobility".to_owned(), FactValue::Flag(own(6, 5) == 0)),
        ]),
        active: true,
        revision: 1,
    };
    Centre { contracts: contracts(index, f64::from(places)), facility }
}

/// Four contracts of three years, from before the first visit to after the last.
fn contracts(index: usize, places: f64) -> Vec<Contract> {
    let agreed = [
        ("mediation_hours", FactValue::Number(places.max(8.0))),
        ("social_assistance_hours", FactValue::Number((places * 1.5).round().max(8.0))),
        ("medical_hours", FactValue::Number((places / 2.0).round().max(8.0))),
        ("meals_per_day", FactValue::Number(3.0)),
        ("needs_assessment_days", FactValue::Number(30.0)),
        ("guests_per_operator", FactValue::Number(12.0)),
        ("italian_course", FactValue::Flag(true)),
    ];
    let contract = |number: i64| Contract {
        cig: Some(format!("PROVA{index:05}{number}")),
        starts_on: first_day() + Duration::days(number * 1_095 - 60),
        ends_on: Some(first_day() + Duration::days((number + 1) * 1_095 - 61)),
        parameters: agreed.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
    };
    (0..4).map(contract).collect()
}
