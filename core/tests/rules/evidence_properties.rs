//! What holds of every photo: no question without what it is about, distances that are the
//! same both ways, and no near copy that is not looked up.

use proptest::prelude::*;
use vigila_core::documents::evidence::{FlagCode, MOST_BITS};
use vigila_core::domain::Instant;
use vigila_core::evidence::{
    Basis, CameraPlace, CameraTime, Copies, Declared, Photo, PhotoFacts, Place, Rules, Shown,
    Visit, bands, bits_apart, metres_between, probes,
};

use crate::evidence::{CENTRE, RULES, copies, visit};

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
