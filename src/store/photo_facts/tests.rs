use uuid::Uuid;
use vigila_core::domain::{PersonId, Scope, Sha256};
use vigila_core::evidence::Copies;

use super::*;
use crate::store::Db;
use crate::store::inspections::Visible;
use crate::store::inspections::testing::{Visits, sha256};
use crate::store::photos::tests::held;
use crate::store::photos::{Arrived, Recorded, record_stored};
use crate::store::testing::{facility, on_each};

/// Facts that are all there, of a picture with this fingerprint.
pub fn facts(fingerprint: u64) -> PhotoFacts {
    PhotoFacts {
        exif: true,
        taken: Some(CameraTime {
            local: "2026-03-04T10:15:00".parse().unwrap(),
            offset_seconds: Some(3600),
        }),
        place: Some(CameraPlace {
            place: Place { latitude: 41.2, longitude: 16.3 },
            accuracy_metres: Some(4.5),
        }),
        make: Some("Prova".into()),
        model: Some("Prova 1".into()),
        software: Some("1.0".into()),
        fingerprint: Some(fingerprint),
        sharpness: 123.5,
        brightness: 99.25,
    }
}

fn bare() -> PhotoFacts {
    PhotoFacts {
        exif: false,
        taken: None,
        place: None,
        make: None,
        model: None,
        software: None,
        fingerprint: None,
        ..facts(0)
    }
}

async fn store(db: &Db, inspection: InspectionId, photo: &str, facts: &PhotoFacts) {
    let held = held(&format!("{inspection}/{photo}"), PersonId(Uuid::nil()));
    let arrived = Arrived { inspection, sha256: sha256(photo), held, facts: facts.clone() };
    let recorded = db.write(move |c| record_stored(c, &arrived)).await.unwrap();
    assert!(matches!(recorded, Recorded::New { .. }), "{recorded:?}");
}

/// A visit that holds a photo which looks like this.
async fn seen(db: &Db, visits: &Visits, ended: i64, photo: &str, fingerprint: u64) -> InspectionId {
    let id = visits.add_all(&visits.visit("CAS-COLL", ended), &[photo]).await;
    store(db, id, photo, &facts(fingerprint)).await;
    id
}

fn reader(root: InspectionId) -> Reader {
    Reader { scope: Scope::All, visible: Visible::All, root }
}

async fn look_for_same(db: &Db, reader: &Reader, photo: &str) -> Copies {
    let (reader, photo) = (reader.clone(), sha256(photo));
    db.read(move |c| same(c, &reader, &photo)).await.unwrap()
}

async fn look_for_near(db: &Db, reader: &Reader, photo: &str, print: u64, bits: u32) -> Copies {
    let (reader, photo) = (reader.clone(), sha256(photo));
    db.read(move |c| near(c, &reader, (&photo, print), bits)).await.unwrap()
}

/// The named copies: inspection and bits, and how many others.
fn short(copies: &Copies) -> (Vec<(InspectionId, Option<u32>)>, usize, bool) {
    let named = copies.named.iter().map(|copy| (copy.inspection, copy.bits)).collect();
    (named, copies.unnamed, copies.more)
}

#[tokio::test]
async fn facts_come_back_as_they_were_kept() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let id = visits.add_all(&visits.visit("CAS-COLL", 100), &["a", "b", "c"]).await;
        // The highest bit: fingerprints are kept as signed numbers.
        store(&db, id, "a", &facts(u64::MAX - 1)).await;
        store(&db, id, "b", &bare()).await;
        let of = async |id| db.read(move |c| of_inspection(c, id)).await.unwrap();
        let key = |photo: &str| format!("{id}/{photo}/original");
        let expected = HashMap::from([(key("a"), facts(u64::MAX - 1)), (key("b"), bare())]);
        assert_eq!(of(id).await, expected);

        // A correction that lists a photo of its family has its facts.
        let correction = visits.add_all(&visits.correction(id, 300), &["a"]).await;
        assert_eq!(of(correction).await, HashMap::from([(key("a"), facts(u64::MAX - 1))]));

        let gone = vec![key("a"), key("nothing")];
        assert_eq!(db.write(move |c| forget(c, &gone)).await.unwrap(), 1);
        assert_eq!(of(id).await.into_keys().collect::<Vec<_>>(), [key("b")]);
        assert_eq!(of(correction).await, HashMap::new());
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_loses_the_race_leaves_no_facts() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let id = seen(&db, &visits, 100, "a", 1).await;
        let late = Arrived {
            inspection: id,
            sha256: sha256("a"),
            held: held("late", PersonId(Uuid::nil())),
            facts: facts(2),
        };
        let recorded = db.write(move |c| record_stored(c, &late)).await.unwrap();
        assert_eq!(recorded, Recorded::AlreadyThere);
        let kept = db.read(move |c| of_inspection(c, id)).await.unwrap();
        assert_eq!(kept.into_values().collect::<Vec<_>>(), [facts(1)]);
    })
    .await;
}

#[tokio::test]
async fn copies_are_found_in_other_families_and_in_scope_alone() {
    on_each(async |db| {
        let here = Visits::new(&db).await;
        let there = Visits::at_centre(&db, facility("BT-0002")).await;
        let away = Visits::at_centre(&db, facility("BA-0001")).await;
        let print = 0x00ff_00ff_1234_5678;
        let own = seen(&db, &here, 100, "a", print).await;
        let correction = here.add_all(&here.correction(own, 300), &["b"]).await;
        store(&db, correction, "b", &facts(print)).await;
        let same_centre = seen(&db, &here, 200, "a", print).await;
        let other_centre = seen(&db, &there, 300, "c", print ^ 0b101).await;
        let far = seen(&db, &there, 400, "d", print ^ 0x0f0f_0003).await;
        let elsewhere = seen(&db, &away, 500, "a", print ^ 1).await;

        let all = reader(own);
        let bt = Reader { scope: Scope::Only(["BT".parse().unwrap()].into()), ..all.clone() };
        let found = look_for_same(&db, &all, "a").await;
        assert_eq!(short(&found), (vec![(elsewhere, None), (same_centre, None)], 0, false));
        assert_eq!(found.named[0].facility.as_str(), "BA-0001");
        let found = look_for_same(&db, &bt, "a").await;
        assert_eq!(short(&found), (vec![(same_centre, None)], 0, false));
        let found = look_for_near(&db, &bt, "a", print, 10).await;
        assert_eq!(short(&found), (vec![(other_centre, Some(2)), (far, Some(10))], 0, false));
        assert_eq!(found.named[0].sha256, Sha256::of(b"c"));
        let found = look_for_near(&db, &bt, "a", print, 9).await;
        assert_eq!(short(&found), (vec![(other_centre, Some(2))], 0, false));
        // The correction counts to no one of its family, and its hash is not that of `a`.
        let of_correction = look_for_near(&db, &reader(own), "b", print, 0).await;
        assert_eq!(short(&of_correction), (vec![(same_centre, Some(0))], 0, false));
        let nowhere = Reader { scope: Scope::Only([].into()), ..all };
        assert!(look_for_same(&db, &nowhere, "a").await.is_empty());
        assert!(look_for_near(&db, &nowhere, "a", print, 11).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_may_not_be_seen_is_counted_and_not_named() {
    on_each(async |db| {
        let (here, there) =
            (Visits::new(&db).await, Visits::at_centre(&db, facility("BT-0002")).await);
        let own = seen(&db, &here, 100, "a", 7).await;
        let older = seen(&db, &there, 200, "a", 7).await;
        let latest = seen(&db, &there, 300, "b", 7).await;

        let monitor = Reader { visible: Visible::OwnAndLatest(here.person), ..reader(own) };
        assert_eq!(short(&look_for_same(&db, &monitor, "a").await), (vec![], 1, false));
        let found = look_for_near(&db, &monitor, "a", 7, 3).await;
        assert_eq!(short(&found), (vec![(latest, Some(0))], 0, false));
        let theirs = Reader { visible: Visible::OwnAndLatest(there.person), ..reader(own) };
        let found = look_for_same(&db, &theirs, "a").await;
        assert_eq!(short(&found), (vec![(older, None)], 0, false));
    })
    .await;
}

#[tokio::test]
async fn of_many_copies_the_nearest_are_named_and_that_there_are_more_is_said() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let own = seen(&db, &visits, 10, "a", 0).await;
        for n in 0..60 {
            let bits = if n < 5 { 1 } else { 3 };
            seen(&db, &visits, 100 + n, &format!("x{n}"), (1 << bits) - 1).await;
        }
        let found = look_for_near(&db, &reader(own), "a", 0, 10).await;
        assert_eq!((found.named.len(), found.count(), found.more), (10, 50, true));
        let bits: Vec<_> = found.named.iter().map(|copy| copy.bits.unwrap()).collect();
        assert_eq!(bits, [1, 1, 1, 1, 1, 3, 3, 3, 3, 3]);
        let found = look_for_near(&db, &reader(own), "a", 0, 2).await;
        assert_eq!((found.named.len(), found.count(), found.more), (5, 5, false));
    })
    .await;
}

#[tokio::test]
async fn photos_without_facts_are_examined_unless_they_are_gone() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = seen(&db, &visits, 100, "a", 1).await;
        let second = visits.add_all(&visits.visit("CAS-COLL", 200), &["b", "c", "owed"]).await;
        store(&db, second, "b", &facts(2)).await;
        store(&db, second, "c", &facts(3)).await;
        let none = async |limit, after: Option<Unexamined>| {
            db.read(move |c| unexamined(c, after.as_ref(), limit)).await.unwrap()
        };
        assert_eq!(none(9, None).await, []);
        let keys: Vec<String> = [(first, "a"), (second, "b"), (second, "c")]
            .map(|(id, photo)| format!("{id}/{photo}/original"))
            .into();
        db.write(move |c| forget(c, &keys)).await.unwrap();

        let all = none(9, None).await;
        assert_eq!(all.len(), 3);
        assert!(all.is_sorted_by_key(|photo| (photo.inspection, photo.sha256.clone())));
        assert_eq!(none(2, None).await, all[..2]);
        assert_eq!(none(2, Some(all[1].clone())).await, all[2..]);

        let examine = async |photo: Unexamined| {
            db.write(move |c| examined(c, &photo, &facts(9))).await.unwrap();
        };
        examine(all[0].clone()).await;
        // Meanwhile its bytes went, or other bytes took their place.
        examine(Unexamined { original_key: "another".into(), ..all[1].clone() }).await;
        examine(Unexamined { sha256: sha256("owed").to_string(), ..all[1].clone() }).await;
        assert_eq!(none(9, None).await, all[1..]);
        let id = all[0].inspection;
        let kept = db.read(move |c| of_inspection(c, id)).await.unwrap();
        assert_eq!(kept.get(&all[0].original_key), Some(&facts(9)));
        let found = look_for_near(&db, &reader(InspectionId(Uuid::nil())), "z", 9, 0).await;
        assert_eq!(found.named[0].inspection, id);
    })
    .await;
}
