//! Which questions a photo raises: a table of single causes, limits to the very value, and
//! properties over random photos.

use std::sync::LazyLock;

use proptest::prelude::*;
use uuid::Uuid;
use vigila_core::documents::evidence::{Document, FlagCode, MOST_BITS};
use vigila_core::domain::{InspectionId, Instant, Sha256, Zone};
use vigila_core::evidence::{
    Basis, CameraPlace, CameraTime, Copies, Copy, Declared, Flag, Photo, PhotoFacts, Place, Rules,
    Shown, Visit, bands, bits_apart, metres_between, probes,
};

use crate::evidence_file::EVIDENCE;

/// The rules of [`EVIDENCE`], but that every flag is raised.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut document = document();
    document.not_raised.clear();
    Rules::new(document).unwrap()
});

fn document() -> Document {
    let file = vigila_core::checklist::SourceFile { name: "e.yaml".into(), text: EVIDENCE.into() };
    let (set, _) = vigila_core::checklist::read_file_set(&[file]);
    set.evidence.unwrap().document
}

const ROME: Zone = Zone::Europe__Rome;
/// A centre, and a place a metre to its north for each part of a degree of this size.
const CENTRE: Place = Place { latitude: 41.2, longitude: 16.3 };
const METRE: f64 = 360.0 / (std::f64::consts::TAU * 6_371_008.8);

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn clock(text: &str, offset_seconds: Option<i32>) -> CameraTime {
    CameraTime { local: text.parse().unwrap(), offset_seconds }
}

fn north(metres: f64) -> Place {
    Place { latitude: CENTRE.latitude + metres * METRE, ..CENTRE }
}

fn visit() -> Visit {
    let span = (at("2026-03-04T08:00:00Z"), at("2026-03-04T10:00:00Z"));
    Visit { span, centre: Some(CENTRE), zone: ROME }
}

/// A photo in good order, taken at 09:00 UTC at the centre.
fn honest() -> Photo {
    Photo {
        declared: Declared { taken_at: Some(at("2026-03-04T09:00:20Z")), place: Some(north(8.0)) },
        received_at: Some(at("2026-03-04T11:00:00Z")),
        damaged: false,
        facts: Some(PhotoFacts {
            exif: true,
            taken: Some(clock("2026-03-04T10:00:00", Some(3600))),
            place: Some(CameraPlace { place: CENTRE, accuracy_metres: Some(5.0) }),
            make: Some("Prova".into()),
            model: Some("Prova 1".into()),
            software: Some("15.2".into()),
            fingerprint: Some(0x1234_5678_9abc_def0),
            sharpness: 100.0,
            brightness: 120.0,
        }),
        answers: vec![Shown {
            item: "CAS-B01".into(),
            observed_at: Some(at("2026-03-04T09:05:00Z")),
        }],
        same_elsewhere: Copies::default(),
        near_elsewhere: Copies::default(),
        near_here: Copies::default(),
    }
}

fn facts(photo: &mut Photo) -> &mut PhotoFacts {
    photo.facts.as_mut().unwrap()
}

fn copies() -> Copies {
    let copy = Copy {
        inspection: InspectionId(Uuid::nil()),
        started_at: at("2026-01-01T00:00:00Z"),
        facility: "BT-0002".parse().unwrap(),
        sha256: Sha256::of(b"other"),
        bits: Some(3),
    };
    Copies { named: vec![copy], unnamed: 2, more: false }
}

fn codes(photo: &Photo) -> Vec<FlagCode> {
    RULES.flags(&visit(), photo).into_iter().map(|flag| flag.code).collect()
}

type Change = fn(&mut Photo);

/// What is told, what it changes in an honest photo, the flags that come of it.
const ROWS: &[(&str, Change, &[FlagCode])] = &[
    ("nothing", |_| (), &[]),
    (
        "taken last month",
        |p| facts(p).taken = Some(clock("2026-02-04T10:00:00", Some(3600))),
        &[FlagCode::TakenOutsideVisit, FlagCode::TakenFarFromAnswer, FlagCode::ClockDiffers],
    ),
    (
        "taken last month, and nothing else has a time",
        |p| {
            facts(p).taken = Some(clock("2026-02-04T10:00:00", None));
            p.declared.taken_at = None;
            p.answers[0].observed_at = None;
        },
        &[FlagCode::TakenOutsideVisit],
    ),
    (
        "taken after it came",
        |p| {
            facts(p).taken = Some(clock("2026-03-04T10:00:00", Some(0)));
            p.received_at = Some(at("2026-03-04T09:50:00Z"));
            p.declared.taken_at = None;
            p.answers.clear();
        },
        &[FlagCode::TakenAfterReceipt],
    ),
    (
        "the clock is a quarter of an hour ahead",
        |p| facts(p).taken = Some(clock("2026-03-04T10:15:00", Some(3600))),
        &[FlagCode::ClockDiffers],
    ),
    (
        "no offset, on the clocks of the office",
        |p| facts(p).taken.as_mut().unwrap().offset_seconds = None,
        &[],
    ),
    (
        "no offset, on other clocks",
        |p| facts(p).taken = Some(clock("2026-03-04T09:00:00", None)),
        &[FlagCode::TakenFarFromAnswer, FlagCode::ClockDiffers],
    ),
    (
        "declared for the day before",
        |p| p.declared.taken_at = Some(at("2026-03-03T09:00:00Z")),
        &[FlagCode::ClockDiffers, FlagCode::DeclaredOutsideVisit],
    ),
    (
        "taken in another town",
        |p| {
            facts(p).place =
                Some(CameraPlace { place: north(40_000.0), accuracy_metres: Some(5.0) });
        },
        &[FlagCode::FarFromCentre, FlagCode::PositionsDiffer],
    ),
    (
        "taken in another town, and nothing declared",
        |p| {
            facts(p).place =
                Some(CameraPlace { place: north(40_000.0), accuracy_metres: Some(5.0) });
            p.declared.place = None;
        },
        &[FlagCode::FarFromCentre],
    ),
    (
        "far, but the camera knows no better",
        |p| {
            facts(p).place =
                Some(CameraPlace { place: north(900.0), accuracy_metres: Some(2_000.0) });
        },
        &[],
    ),
    (
        "declared in another town",
        |p| p.declared.place = Some(north(40_000.0)),
        &[FlagCode::DeclaredFarFromCentre, FlagCode::PositionsDiffer],
    ),
    (
        "no fix",
        |p| {
            let place = Place { latitude: 0.0, longitude: -0.0 };
            facts(p).place = Some(CameraPlace { place, accuracy_metres: None });
        },
        &[FlagCode::PositionZero],
    ),
    (
        "no fix of the phone",
        |p| p.declared.place = Some(Place { latitude: 0.0, longitude: 0.0 }),
        &[FlagCode::DeclaredPositionZero],
    ),
    (
        "a position and not how exact",
        |p| facts(p).place.as_mut().unwrap().accuracy_metres = None,
        &[FlagCode::PositionWithoutAccuracy],
    ),
    ("seen elsewhere", |p| p.same_elsewhere = copies(), &[FlagCode::SameBytesElsewhere]),
    ("alike elsewhere", |p| p.near_elsewhere = copies(), &[FlagCode::NearCopyElsewhere]),
    ("alike here", |p| p.near_here = copies(), &[FlagCode::NearCopyInVisit]),
    (
        "alike elsewhere, none of which may be seen",
        |p| p.near_elsewhere = Copies { named: vec![], unnamed: 1, more: false },
        &[FlagCode::NearCopyElsewhere],
    ),
    ("edited", |p| facts(p).software = Some("GIMP 2.10.8".into()), &[FlagCode::Edited]),
    (
        "edited, in other letters",
        |p| facts(p).software = Some("made with gimp".into()),
        &[FlagCode::Edited],
    ),
    ("a word that begins like an editor", |p| facts(p).software = Some("Canvas OS 3".into()), &[]),
    ("a word that ends like an editor", |p| facts(p).software = Some("blimpgimp".into()), &[]),
    (
        "an editor with its version at its name",
        |p| facts(p).software = Some("Canva3".into()),
        &[FlagCode::Edited],
    ),
    (
        "without EXIF",
        |p| {
            let f = facts(p);
            (f.exif, f.taken, f.place) = (false, None, None);
            (f.make, f.model, f.software) = (None, None, None);
        },
        &[FlagCode::NoExif],
    ),
    ("damaged", |p| p.damaged = true, &[FlagCode::Damaged]),
    ("blurred", |p| facts(p).sharpness = 4.9, &[FlagCode::Blurred]),
    ("too dark", |p| facts(p).brightness = 19.9, &[FlagCode::TooDark]),
    ("too bright", |p| facts(p).brightness = 240.1, &[FlagCode::TooBright]),
    ("not yet examined", |p| p.facts = None, &[]),
    (
        "not yet come, and declared elsewhere",
        |p| {
            (p.facts, p.received_at) = (None, None);
            p.declared =
                Declared { taken_at: Some(at("2026-03-04T12:00:00Z")), place: Some(north(500.0)) };
        },
        &[FlagCode::DeclaredOutsideVisit, FlagCode::DeclaredFarFromCentre],
    ),
];

#[test]
fn each_cause_raises_its_own_flags() {
    for (what, change, expected) in ROWS {
        let mut photo = honest();
        change(&mut photo);
        assert_eq!(codes(&photo), *expected, "{what}");
    }
    let raised: Vec<_> = ROWS.iter().flat_map(|row| row.2).collect();
    let missed: Vec<_> = FlagCode::ALL.iter().filter(|code| !raised.contains(code)).collect();
    assert_eq!(missed, Vec::<&FlagCode>::new(), "no row raises these");
}

#[test]
fn a_flag_that_is_not_wanted_is_not_raised() {
    let rules = Rules::new(document()).unwrap();
    let mut photo = honest();
    photo.damaged = true;
    facts(&mut photo).exif = false;
    facts(&mut photo).sharpness = 0.0;
    let codes: Vec<_> = rules.flags(&visit(), &photo).into_iter().map(|flag| flag.code).collect();
    assert_eq!(codes, [FlagCode::Blurred]);
}

/// Just within a limit, and just beyond it.
const LIMITS: &[(FlagCode, Change, Change)] = &[
    (
        FlagCode::TakenOutsideVisit,
        |p| facts(p).taken = Some(clock("2026-03-04T07:50:00", Some(0))),
        |p| facts(p).taken = Some(clock("2026-03-04T07:49:59", Some(0))),
    ),
    (
        FlagCode::TakenOutsideVisit,
        |p| facts(p).taken = Some(clock("2026-03-04T10:10:00", Some(0))),
        |p| facts(p).taken = Some(clock("2026-03-04T10:10:01", Some(0))),
    ),
    (
        FlagCode::TakenFarFromAnswer,
        |p| facts(p).taken = Some(clock("2026-03-04T08:35:00", Some(0))),
        |p| facts(p).taken = Some(clock("2026-03-04T08:34:59", Some(0))),
    ),
    (
        FlagCode::ClockDiffers,
        |p| facts(p).taken = Some(clock("2026-03-04T09:02:20", Some(0))),
        |p| facts(p).taken = Some(clock("2026-03-04T09:02:21", Some(0))),
    ),
    (
        FlagCode::TakenAfterReceipt,
        |p| p.received_at = Some(at("2026-03-04T08:58:00Z")),
        |p| p.received_at = Some(at("2026-03-04T08:57:59Z")),
    ),
    (
        FlagCode::DeclaredOutsideVisit,
        |p| p.declared.taken_at = Some(at("2026-03-04T07:50:00Z")),
        |p| p.declared.taken_at = Some(at("2026-03-04T07:49:59.999Z")),
    ),
    (
        FlagCode::FarFromCentre,
        |p| facts(p).place.as_mut().unwrap().place = north(104.9),
        |p| facts(p).place.as_mut().unwrap().place = north(105.1),
    ),
    (
        FlagCode::DeclaredFarFromCentre,
        |p| p.declared.place = Some(north(99.9)),
        |p| p.declared.place = Some(north(100.1)),
    ),
    (
        FlagCode::PositionsDiffer,
        |p| p.declared.place = Some(north(54.9)),
        |p| p.declared.place = Some(north(55.1)),
    ),
    (FlagCode::Blurred, |p| facts(p).sharpness = 5.0, |p| facts(p).sharpness = 4.999),
    (FlagCode::TooDark, |p| facts(p).brightness = 20.0, |p| facts(p).brightness = 19.999),
    (FlagCode::TooBright, |p| facts(p).brightness = 240.0, |p| facts(p).brightness = 240.001),
];

#[test]
fn exactly_a_limit_is_no_flag() {
    for (code, within, beyond) in LIMITS {
        let told = |change: &Change| {
            let mut photo = honest();
            change(&mut photo);
            codes(&photo).contains(code)
        };
        assert!(!told(within), "{code} is raised within its limit");
        assert!(told(beyond), "{code} is not raised beyond its limit");
    }
}

#[test]
fn a_flag_tells_what_it_rests_on() {
    let mut photo = honest();
    facts(&mut photo).taken = Some(clock("2026-03-04T08:50:00", Some(3600)));
    facts(&mut photo).software = Some("GIMP 2.10".into());
    let seconds = |code, value, limit| Flag { code, basis: Basis::Seconds { value, limit } };
    let expected = [
        seconds(FlagCode::TakenOutsideVisit, -600.0 - 0.0, 600.0),
        Flag {
            code: FlagCode::TakenFarFromAnswer,
            basis: Basis::Answer { item: "CAS-B01".into(), value: -4_500.0, limit: 1_800.0 },
        },
        seconds(FlagCode::ClockDiffers, -4_220.0, 120.0),
        Flag { code: FlagCode::Edited, basis: Basis::Software("GIMP 2.10".into()) },
    ];
    // Ten minutes before the visit is its limit.
    assert_eq!(RULES.flags(&visit(), &photo), expected[1..]);
    facts(&mut photo).taken = Some(clock("2026-03-04T08:49:59", Some(3600)));
    let flags = RULES.flags(&visit(), &photo);
    assert_eq!(flags[0], seconds(FlagCode::TakenOutsideVisit, -601.0, 600.0));
}

#[test]
fn a_clock_that_does_not_say_its_zone_is_read_as_the_office_reads_clocks() {
    let table = [
        // Winter, summer.
        ("2026-01-15T12:00:00", None, &["2026-01-15T11:00:00.000Z"][..]),
        ("2026-07-15T12:00:00", None, &["2026-07-15T10:00:00.000Z"]),
        // The hour that comes twice, and the one that is skipped.
        ("2026-10-25T02:30:00", None, &["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]),
        ("2026-03-29T02:30:00", None, &["2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"]),
        // An offset is believed.
        ("2026-07-15T12:00:00", Some(-3 * 3600), &["2026-07-15T15:00:00.000Z"]),
        ("2026-10-25T02:30:00", Some(3600), &["2026-10-25T01:30:00.000Z"]),
    ];
    for (local, offset, expected) in table {
        let readings = clock(local, offset).readings(ROME);
        let readings: Vec<_> = readings.iter().map(ToString::to_string).collect();
        assert_eq!(readings, expected, "{local} {offset:?}");
    }
    // Of two readings the one that fits counts, in every comparison on its own.
    let taken = clock("2026-10-25T02:30:00", None);
    let first = at("2026-10-25T00:30:00Z");
    assert_eq!(taken.seconds_since(first, ROME), Some(0.0));
    assert_eq!(taken.seconds_since(first.plus_seconds(3600), ROME), Some(0.0));
    let late = (at("2026-10-25T01:00:00Z"), at("2026-10-25T03:00:00Z"));
    assert_eq!(taken.seconds_outside(late, ROME), Some(0.0));
    let later = (at("2026-10-25T02:00:00Z"), at("2026-10-25T03:00:00Z"));
    assert_eq!(taken.seconds_outside(later, ROME), Some(-1800.0));
}

#[test]
fn distances_are_those_of_the_earth() {
    let place = |latitude, longitude| Place { latitude, longitude };
    let (rome, bari) = (place(41.9028, 12.4964), place(41.1171, 16.8719));
    // By the ellipsoid 374.9 km (Vincenty); a sphere is half a percent off at most.
    assert!((metres_between(rome, bari) / 374_900.0 - 1.0).abs() < 0.005);
    let half = std::f64::consts::PI * 6_371_008.8;
    let poles = metres_between(place(90.0, 0.0), place(-90.0, 77.0));
    assert!((poles - half).abs() < 1.0, "{poles}");
    let date_line = metres_between(place(0.0, 179.9995), place(0.0, -179.9995));
    assert!((date_line - 111.195).abs() < 0.01, "{date_line}");
}

fn any_place() -> impl Strategy<Value = Place> {
    (-90.0..=90.0, -180.0..=180.0).prop_map(|(latitude, longitude)| Place { latitude, longitude })
}

fn any_copies() -> impl Strategy<Value = Copies> {
    (any::<bool>(), 0_usize..3, any::<bool>()).prop_map(|(named, unnamed, more)| Copies {
        named: if named { copies().named } else { vec![] },
        unnamed,
        more,
    })
}

prop_compose! {
    fn any_instant()(seconds in 1_700_000_000_i64..1_800_000_000) -> Instant {
        Instant::new(chrono::DateTime::from_timestamp(seconds, 0).unwrap())
    }
}

prop_compose! {
    fn any_facts()(
        exif in any::<bool>(),
        taken in proptest::option::of((any_instant(), proptest::option::of(-50_000..50_000))),
        place in proptest::option::of((any_place(), proptest::option::of(0.0..5_000.0))),
        software in proptest::option::of("[A-Za-z .]{0,12}"),
        fingerprint in any::<Option<u64>>(),
        sharpness in 0.0..1_000.0,
        brightness in 0.0..=255.0,
    ) -> PhotoFacts {
        PhotoFacts {
            exif,
            taken: taken.map(|(at, offset_seconds)| CameraTime {
                local: at.utc().naive_utc(),
                offset_seconds,
            }),
            place: place.map(|(place, accuracy_metres)| CameraPlace { place, accuracy_metres }),
            make: None,
            model: None,
            software,
            fingerprint,
            sharpness,
            brightness,
        }
    }
}

prop_compose! {
    fn any_photo()(
        taken_at in proptest::option::of(any_instant()),
        place in proptest::option::of(any_place()),
        received_at in proptest::option::of(any_instant()),
        damaged in any::<bool>(),
        facts in proptest::option::of(any_facts()),
        answers in proptest::collection::vec(proptest::option::of(any_instant()), 0..3),
        copies in [any_copies(), any_copies(), any_copies()],
    ) -> Photo {
        let answers = answers.into_iter().map(|observed_at| Shown { item: "X".into(), observed_at });
        let [same_elsewhere, near_elsewhere, near_here] = copies;
        Photo {
            declared: Declared { taken_at, place },
            received_at,
            damaged,
            facts,
            answers: answers.collect(),
            same_elsewhere,
            near_elsewhere,
            near_here,
        }
    }
}

/// Whether a photo has what a flag is about.
fn has_what_it_takes(photo: &Photo, code: FlagCode) -> bool {
    let facts = photo.facts.as_ref();
    let taken = facts.is_some_and(|facts| facts.taken.is_some());
    let place = facts.is_some_and(|facts| facts.place.is_some());
    let declared = photo.declared.place.is_some();
    match code {
        FlagCode::TakenOutsideVisit => taken,
        FlagCode::TakenAfterReceipt => taken && photo.received_at.is_some(),
        FlagCode::TakenFarFromAnswer => {
            taken && photo.answers.iter().any(|a| a.observed_at.is_some())
        }
        FlagCode::ClockDiffers => taken && photo.declared.taken_at.is_some(),
        FlagCode::DeclaredOutsideVisit => photo.declared.taken_at.is_some(),
        FlagCode::FarFromCentre | FlagCode::PositionZero | FlagCode::PositionWithoutAccuracy => {
            place
        }
        FlagCode::DeclaredFarFromCentre | FlagCode::DeclaredPositionZero => declared,
        FlagCode::PositionsDiffer => place && declared,
        FlagCode::SameBytesElsewhere => photo.same_elsewhere.count() > 0,
        FlagCode::NearCopyElsewhere => photo.near_elsewhere.count() > 0,
        FlagCode::NearCopyInVisit => photo.near_here.count() > 0,
        FlagCode::Edited => facts.is_some_and(|facts| facts.software.is_some()),
        FlagCode::Damaged => photo.damaged,
        FlagCode::NoExif | FlagCode::Blurred | FlagCode::TooDark | FlagCode::TooBright => {
            facts.is_some()
        }
    }
}

proptest! {
    #[test]
    fn no_flag_without_what_it_is_about(photo in any_photo(), centre in any::<bool>()) {
        let visit = Visit { centre: centre.then_some(CENTRE), ..visit() };
        let flags = RULES.flags(&visit, &photo);
        for flag in &flags {
            prop_assert!(has_what_it_takes(&photo, flag.code), "{flag:?}");
            let from_centre = [FlagCode::FarFromCentre, FlagCode::DeclaredFarFromCentre];
            prop_assert!(centre || !from_centre.contains(&flag.code), "{flag:?}");
        }
        prop_assert!(flags.is_sorted_by_key(|flag| flag.code));
    }

    #[test]
    fn a_flag_tells_a_value_that_is_beyond_its_limit(photo in any_photo()) {
        for flag in RULES.flags(&visit(), &photo) {
            match flag.basis {
                Basis::Seconds { value, limit } | Basis::Answer { value, limit, .. } => {
                    prop_assert!(value.abs() > limit);
                }
                Basis::Metres { value, limit } => prop_assert!(value > limit),
                Basis::Picture { value, limit } => {
                    prop_assert_eq!(flag.code == FlagCode::TooBright, value > limit);
                }
                Basis::Copies(copies) => prop_assert!(!copies.is_empty()),
                Basis::Software(_) | Basis::Plain => {}
            }
        }
    }

    #[test]
    fn wider_limits_never_raise_more(photo in any_photo(), wider in 1.0..10.0) {
        let mut document = RULES.document.clone();
        document.times.visit_minutes *= wider;
        document.times.answer_minutes *= wider;
        document.times.clock_minutes *= wider;
        document.places.centre_metres *= wider;
        document.places.between_metres *= wider;
        document.pictures.blurred_below /= wider;
        document.pictures.dark_below /= wider;
        let codes = |rules: &Rules| -> Vec<FlagCode> {
            rules.flags(&visit(), &photo).into_iter().map(|flag| flag.code).collect()
        };
        let (strict, mild) = (codes(&RULES), codes(&Rules::new(document).unwrap()));
        prop_assert!(mild.iter().all(|code| strict.contains(code)));
        prop_assert!(mild.len() <= strict.len());
    }

    #[test]
    fn a_distance_is_the_same_both_ways(one in any_place(), other in any_place(), third in any_place()) {
        let there = metres_between(one, other);
        prop_assert!((there - metres_between(other, one)).abs() < 1e-3);
        prop_assert!(metres_between(one, one) < 1e-3);
        prop_assert!((0.0..=20_015_115.0).contains(&there), "{there}");
        let around = metres_between(one, third) + metres_between(third, other);
        prop_assert!(there <= around + 1.0, "{there} {around}");
    }

    #[test]
    fn every_near_copy_is_among_those_looked_up(
        fingerprint in any::<u64>(),
        bits in 0..=MOST_BITS,
        flips in proptest::collection::btree_set(0_u32..64, 0..=11),
    ) {
        let other = flips.iter().take(bits as usize).fold(fingerprint, |all, bit| all ^ (1 << bit));
        prop_assert!(bits_apart(fingerprint, other) <= bits);
        let theirs = bands(other);
        let found = probes(fingerprint, bits)
            .into_iter()
            .any(|(band, values)| values.contains(&theirs[band]));
        prop_assert!(found, "{fingerprint:x} {other:x} {bits}");
    }
}

#[test]
fn few_values_are_looked_up_and_none_twice() {
    let counts = |bits| -> Vec<usize> {
        let each = probes(0xfedc_ba98_7654_3210, bits).into_iter();
        let each = each.map(|(_, mut values)| {
            let all = values.len();
            values.sort_unstable();
            values.dedup();
            assert_eq!(values.len(), all);
            all
        });
        each.collect()
    };
    assert_eq!(counts(0), [1]);
    assert_eq!(counts(3), [1, 1, 1, 1]);
    assert_eq!(counts(4), [17, 1, 1, 1]);
    assert_eq!(counts(10), [137, 137, 137, 17]);
    assert_eq!(counts(11), [137, 137, 137, 137]);
    assert_eq!(counts(40), [137, 137, 137, 137], "it looks no further than it is exact");
    assert_eq!(bands(0xfedc_ba98_7654_3210), [0xfedc, 0xba98, 0x7654, 0x3210]);
}
