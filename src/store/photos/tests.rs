use uuid::Uuid;
use vigila_core::domain::{Facility, InspectionId, PersonId, Scope};

use super::*;
use crate::store::Db;
use crate::store::inspections::testing::{Visits, sha256};
use crate::store::photo_facts::tests::facts;
use crate::store::testing::{at, facility, on_each};

/// A photo that lies under keys of this name.
pub fn held(key: &str, by: PersonId) -> Held {
    Held {
        original_key: format!("{key}/original"),
        display_key: format!("{key}/display"),
        thumbnail_key: format!("{key}/thumbnail"),
        media_type: "image/jpeg".to_owned(),
        bytes: 812_345,
        width: 4_000,
        height: 3_000,
        damaged: true,
        received_at: at(5_000),
        received_by: by,
    }
}

async fn store(db: &Db, inspection: InspectionId, photo: &str, key: &str) -> Recorded {
    let held = held(key, PersonId(Uuid::nil()));
    let arrived = Arrived { inspection, sha256: sha256(photo), held, facts: facts(0) };
    db.write(move |c| record_stored(c, &arrived)).await.unwrap()
}

async fn give_up(db: &Db, inspection: InspectionId, photo: &str, reason: &'static str) -> Absent {
    let (photo, by) = (sha256(photo), PersonId(Uuid::nil()));
    db.write(move |c| record_absent(c, inspection, &photo, reason, at(4_000), by)).await.unwrap()
}

async fn look(db: &Db, inspection: InspectionId, photo: &str) -> StoredPhoto {
    let photo = sha256(photo);
    db.read(move |c| find(c, inspection, &photo)).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_photo_is_held_under_the_keys_of_its_first_arrival() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let id = visits.add_all(&visits.visit("CAS-COLL", 100), &["b", "a"]).await;
        let listed = db.read(move |c| of_inspection(c, id)).await.unwrap();
        let owed = |photo: &str, position| StoredPhoto {
            inspection: id,
            sha256: sha256(photo),
            position,
            declared_bytes: 1_000,
            state: PhotoState::Missing,
            absence: None,
            held: None,
        };
        assert_eq!(listed, [owed("b", 0), owed("a", 1)]);

        assert_eq!(store(&db, id, "a", "k1").await, Recorded::New { photos_missing: 1 });
        assert_eq!(store(&db, id, "a", "k2").await, Recorded::AlreadyThere);
        assert_eq!(store(&db, id, "c", "k3").await, Recorded::NotListed);
        let nobody = InspectionId(Uuid::nil());
        assert_eq!(store(&db, nobody, "a", "k4").await, Recorded::NotListed);
        let expected = StoredPhoto {
            state: PhotoState::Stored,
            held: Some(held("k1", PersonId(Uuid::nil()))),
            ..owed("a", 1)
        };
        assert_eq!(look(&db, id, "a").await, expected);
        assert_eq!(store(&db, id, "b", "k5").await, Recorded::New { photos_missing: 0 });
        assert_eq!(visits.kept(id).await.photos_missing, 0);
        let missing = sha256("c");
        assert_eq!(db.read(move |c| find(c, id, &missing)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn arrivals_at_once_are_counted_once_each() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let id = visits.add_all(&visits.visit("CAS-COLL", 100), &["a", "b", "c"]).await;
        let sending: Vec<_> = ["a", "b", "a", "c", "a", "b"]
            .into_iter()
            .enumerate()
            .map(|(n, photo)| {
                let db = db.clone();
                tokio::spawn(async move { store(&db, id, photo, &format!("k{n}")).await })
            })
            .collect();
        let mut left = Vec::new();
        for one in sending {
            match one.await.unwrap() {
                Recorded::New { photos_missing } => left.push(photos_missing),
                other => assert_eq!(other, Recorded::AlreadyThere),
            }
        }
        left.sort_unstable();
        assert_eq!(left, [0, 1, 2]);
        assert_eq!(visits.kept(id).await.photos_missing, 0);
    })
    .await;
}

#[tokio::test]
async fn eight_phones_at_once_are_all_served() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let phones: Vec<_> = (0..8)
            .map(|phone| {
                let (db, visits) = (db.clone(), visits.clone());
                tokio::spawn(async move {
                    for n in 0..25 {
                        let new = visits.visit("CAS-COLL", 1_000 + phone * 100 + n);
                        let id = visits.add_all(&new, &["a", "b", "c"]).await;
                        for (photo, photos_missing) in [("b", 2), ("a", 1), ("c", 0)] {
                            let recorded = store(&db, id, photo, "k").await;
                            assert_eq!(recorded, Recorded::New { photos_missing });
                        }
                    }
                })
            })
            .collect();
        for phone in phones {
            phone.await.unwrap();
        }
        let debts = db.read(|c| owed_by_facility(c, &Scope::All)).await.unwrap();
        assert_eq!(debts, []);
    })
    .await;
}

#[tokio::test]
async fn an_absent_photo_is_not_owed_and_is_taken_if_it_comes() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let id = visits.add_all(&visits.visit("CAS-COLL", 100), &["a", "b"]).await;
        let first = give_up(&db, id, "a", "telefono perso").await;
        assert_eq!(first, Absent::Recorded { photos_missing: 1 });
        assert_eq!(give_up(&db, id, "a", "another").await, Absent::AlreadyAbsent);
        assert_eq!(give_up(&db, id, "c", "x").await, Absent::NotListed);
        let absence = Absence {
            reason: "telefono perso".to_owned(),
            at: at(4_000),
            by: PersonId(Uuid::nil()),
        };
        let absent = look(&db, id, "a").await;
        assert_eq!((absent.state, absent.held), (PhotoState::Absent, None));
        assert_eq!(absent.absence.as_ref(), Some(&absence));

        assert_eq!(store(&db, id, "a", "k1").await, Recorded::New { photos_missing: 1 });
        let stored = look(&db, id, "a").await;
        assert_eq!((stored.state, stored.absence), (PhotoState::Stored, Some(absence)));
        assert_eq!(give_up(&db, id, "a", "x").await, Absent::AlreadyStored);
        assert_eq!(give_up(&db, id, "b", "x").await, Absent::Recorded { photos_missing: 0 });
        assert_eq!(visits.kept(id).await.photos_missing, 0);
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_comes_is_held_by_its_whole_family() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add_all(&visits.visit("CAS-COLL", 100), &["a", "b"]).await;
        let second = visits.add_all(&visits.correction(first, 900), &["a", "c"]).await;
        let third = visits.add_all(&visits.correction(second, 901), &["c", "a"]).await;
        let stranger = visits.add_all(&visits.visit("CAS-COLL", 100), &["a"]).await;
        let given_up = give_up(&db, third, "a", "x").await;
        assert_eq!(given_up, Absent::Recorded { photos_missing: 1 });

        assert_eq!(store(&db, second, "a", "k1").await, Recorded::New { photos_missing: 1 });
        for (id, owed) in [(first, 1), (second, 1), (third, 1), (stranger, 1)] {
            assert_eq!(visits.kept(id).await.photos_missing, owed, "{id:?}");
        }
        for id in [first, second, third] {
            let held = look(&db, id, "a").await.held.unwrap();
            assert_eq!(held.original_key, "k1/original");
        }
        assert_eq!(look(&db, stranger, "a").await.state, PhotoState::Missing);
        assert_eq!(store(&db, first, "a", "k2").await, Recorded::AlreadyThere);
        assert_eq!(store(&db, third, "c", "k3").await, Recorded::New { photos_missing: 0 });
        assert_eq!(visits.kept(second).await.photos_missing, 0);
        assert_eq!(visits.kept(first).await.photos_missing, 1);
    })
    .await;
}

#[tokio::test]
async fn a_photo_that_meets_a_correction_is_not_owed_after() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        for round in 0..6 {
            let first = visits.add_all(&visits.visit("CAS-COLL", 100), &["a", "b"]).await;
            let correction = visits.correction(first, 900 + round);
            let id = correction.id;
            let (sender, courier) = (visits.clone(), db.clone());
            let sent = tokio::spawn(async move { sender.add_all(&correction, &["b", "a"]).await });
            let came = tokio::spawn(async move { store(&courier, first, "a", "k").await });
            assert_eq!(came.await.unwrap(), Recorded::New { photos_missing: 1 });
            assert_eq!(sent.await.unwrap(), id);
            assert_eq!(look(&db, id, "a").await.state, PhotoState::Stored);
            assert_eq!(visits.kept(id).await.photos_missing, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_list_of_photos_is_kept_whole() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let names: Vec<String> = (0..2_100).map(|n| n.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let id = visits.add_all(&visits.visit("CAS-COLL", 100), &names).await;
        let listed = db.read(move |c| of_inspection(c, id)).await.unwrap();
        let expected: Vec<Sha256> = names.iter().map(|name| sha256(name)).collect();
        assert_eq!(listed.into_iter().map(|p| p.sha256).collect::<Vec<_>>(), expected);
        assert_eq!(visits.kept(id).await.photos_missing, 2_100);
    })
    .await;
}

#[tokio::test]
async fn debts_are_those_of_visits_that_count_in_active_centres() {
    on_each(async |db| {
        let one = Visits::new(&db).await;
        let two = Visits::at_centre(&db, facility("BT-0002")).await;
        let bari = Visits::at_centre(&db, facility("BA-0001")).await;
        let closed =
            Visits::at_centre(&db, Facility { active: false, ..facility("BT-0003") }).await;
        let corrected = one.add_all(&one.visit("CAS-COLL", 100), &["a", "b", "c"]).await;
        one.add_all(&one.correction(corrected, 900), &["a"]).await;
        one.add_all(&one.visit("CAS-COLL", 200), &["d", "e"]).await;
        two.add_all(&two.visit("CAS-COLL", 100), &["a"]).await;
        bari.add("CAS-COLL", 100).await;
        let far = bari.add_all(&bari.visit("CAS-COLL", 200), &["a", "b"]).await;
        closed.add_all(&closed.visit("CAS-COLL", 100), &["a"]).await;
        assert_eq!(store(&db, far, "a", "k").await, Recorded::New { photos_missing: 1 });

        let owed = async |scope: Scope| {
            db.read(move |c| Ok((owed_by_territory(c, &scope)?, owed_by_facility(c, &scope)?)))
                .await
                .unwrap()
        };
        let (bt, ba) = ("BT".parse().unwrap(), "BA".parse().unwrap());
        let [one, two, far] = [one.facility.id, two.facility.id, bari.facility.id];
        let all = (vec![(ba, 1), (bt, 4)], vec![(one, 3), (two, 1), (far, 1)]);
        assert_eq!(owed(Scope::All).await, all);
        assert_eq!(owed(Scope::Only([ba].into())).await, (vec![(ba, 1)], vec![(far, 1)]));
        assert_eq!(owed(Scope::Only([].into())).await, (vec![], vec![]));
        assert_eq!(store(&db, InspectionId(far.0), "a", "k").await, Recorded::NotListed);
    })
    .await;
}
