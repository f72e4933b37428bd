//! Which questions a photo raises: a table of single causes, and limits to the very value.

use std::sync::LazyLock;

use uuid::Uuid;
use vigila_core::documents::evidence::{Document, FlagCode};
use vigila_core::domain::{InspectionId, Instant, Sha256, Zone};
use vigila_core::evidence::{
    Basis, CameraPlace, CameraTime, Copies, Copy, Declared, Flag, Photo, PhotoFacts, Place, Rules,
    Shown, Visit, metres_between,
};

use crate::evidence_file::EVIDENCE;

/// The rules of [`EVIDENCE`], but that every flag is raised.
pub static RULES: LazyLock<Rules> = LazyLock::new(|| {
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
pub const CENTRE: Place = Place { latitude: 41.2, longitude: 16.3 };
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

pub fn visit() -> Visit {
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

pub fn copies() -> Copies {
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
