use uuid::Uuid;
use vigila_core::domain::{InspectionId, Scope};

use super::testing::{Visits, only, published, score, sha256};
use super::*;
use crate::store::photo_facts::tests::facts;
use crate::store::photos::{Held, PhotoState};
use crate::store::testing::on_each;

#[tokio::test]
async fn an_inspection_is_found_as_it_was_sent_and_only_within_the_scope() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let sent = visits.visit("CAS-COLL", 100);
        visits.add_all(&sent, &["one", "two"]).await;
        let expected = StoredInspection {
            id: sent.id,
            facility: sent.facility,
            territory: sent.territory,
            checklist: sent.checklist.clone(),
            kind: sent.kind,
            started_at: sent.started_at,
            ended_at: sent.ended_at,
            day: sent.day,
            content: sent.content.clone(),
            redacted: Vec::new(),
            digest: sent.digest.clone(),
            received_at: sent.received_at,
            received_by: sent.received_by,
            facts: sent.facts.clone(),
            scored: sent.scored.clone(),
            corrects: None,
            root: sent.id,
            superseded_by: None,
            photos_missing: 2,
        };
        for (scope, seen) in
            [(Scope::All, true), (only(&["BA", "BT"]), true), (only(&["BA"]), false)]
        {
            let found = db.read(move |c| find(c, &scope, sent.id)).await.unwrap();
            assert_eq!(found, seen.then(|| expected.clone()));
        }
        let other = NewInspection { content: "{}".to_owned(), ..sent.clone() };
        let again = visits.send(&other, &["three"]).await;
        assert_eq!(again, Inserted::Found(Box::new(expected)));
        let photos = db.read(move |c| photos::of_inspection(c, sent.id)).await.unwrap();
        let photos: Vec<_> = photos.into_iter().map(|photo| photo.sha256).collect();
        assert_eq!(photos, [sha256("one"), sha256("two")], "nothing changed");
    })
    .await;
}

#[tokio::test]
async fn sent_many_times_at_once_it_is_kept_once() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let sent = visits.visit("CAS-COLL", 100);
        let sending: Vec<_> = (0..8)
            .map(|_| {
                let (visits, sent) = (visits.clone(), sent.clone());
                tokio::spawn(async move { visits.send(&sent, &["one"]).await })
            })
            .collect();
        let mut new = 0;
        for one in sending {
            match one.await.unwrap() {
                Inserted::New => new += 1,
                Inserted::Found(found) => assert_eq!(found.digest, sent.digest),
            }
        }
        assert_eq!(new, 1);
        assert_eq!(visits.kept(sent.id).await.photos_missing, 1);
    })
    .await;
}

#[tokio::test]
async fn of_a_family_the_one_received_last_counts() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add("CAS-COLL", 100).await;
        let other = visits.add("CAS-COLL", 300).await;
        let late = visits.add_all(&visits.correction(first, 900), &[]).await;
        // Overtaken on its way: received before the other, kept after it.
        let early = visits.add_all(&visits.correction(first, 500), &[]).await;
        // A correction of a correction belongs to the same family.
        let last = visits.add_all(&visits.correction(early, 901), &[]).await;
        for (id, by) in [(first, Some(last)), (late, Some(last)), (early, Some(last)), (last, None)]
        {
            let kept = visits.kept(id).await;
            assert_eq!((kept.root, kept.superseded_by), (first, by));
        }
        assert_eq!(visits.kept(last).await.corrects, Some(early));
        assert_eq!(visits.kept(other).await.superseded_by, None);
        let counting =
            db.read(move |c| of_facility(c, visits.facility.id, &published())).await.unwrap();
        let counting: Vec<_> = counting.into_iter().map(|visit| visit.id).collect();
        assert_eq!(counting, [last, other]);
    })
    .await;
}

#[tokio::test]
async fn an_overtaken_correction_does_not_count_and_equals_go_by_id() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add("CAS-COLL", 100).await;
        let mut high = visits.correction(first, 900);
        high.id = InspectionId(Uuid::max());
        visits.add_all(&high, &[]).await;
        let early = visits.add_all(&visits.correction(first, 500), &[]).await;
        let equal = visits.add_all(&visits.correction(first, 900), &[]).await;
        for (id, by) in [
            (first, Some(high.id)),
            (early, Some(high.id)),
            (equal, Some(high.id)),
            (high.id, None),
        ] {
            assert_eq!(visits.kept(id).await.superseded_by, by);
        }
    })
    .await;
}

#[tokio::test]
async fn racing_corrections_agree_on_one() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add("CAS-COLL", 100).await;
        let sending: Vec<_> = (0..6)
            .map(|n| {
                let visits = visits.clone();
                let correction = visits.correction(first, 900 + (n * 5) % 6);
                tokio::spawn(async move { visits.add_all(&correction, &["one"]).await })
            })
            .collect();
        let mut family = vec![first];
        for one in sending {
            family.push(one.await.unwrap());
        }
        let mut kept = Vec::new();
        for id in family {
            kept.push(visits.kept(id).await);
        }
        let last = kept.iter().max_by_key(|one| one.received_at).unwrap().id;
        for one in kept {
            assert_eq!(one.superseded_by, (one.id != last).then_some(last), "{:?}", one.id);
        }
    })
    .await;
}

#[tokio::test]
async fn a_correction_of_nothing_is_refused_but_a_repeat_is_found() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add("CAS-COLL", 100).await;
        let nobody = InspectionId(Uuid::now_v7());
        let bad = NewInspection { id: first, ..visits.correction(nobody, 900) };
        let Inserted::Found(found) = visits.send(&bad, &[]).await else { panic!("taken") };
        assert_eq!(found.id, first);
        let bad = visits.correction(nobody, 900);
        let score = score(bad.id);
        let sent = bad.clone();
        let refused = db.write(move |c| insert(c, &sent, &[], &score)).await;
        assert!(refused.is_err());
        assert_eq!(db.read(move |c| find_any(c, bad.id)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_correction_does_not_owe_what_its_family_holds() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add_all(&visits.visit("CAS-COLL", 100), &["a", "b", "c"]).await;
        let held = photos::tests::held("key-of-a", visits.person);
        let arrived = photos::Arrived {
            inspection: first,
            sha256: sha256("a"),
            held: held.clone(),
            facts: facts(0),
        };
        let recorded = db.write(move |c| photos::record_stored(c, &arrived)).await.unwrap();
        assert_eq!(recorded, photos::Recorded::New { photos_missing: 2 });
        let correction = visits.add_all(&visits.correction(first, 900), &["d", "a", "b"]).await;
        assert_eq!(visits.kept(correction).await.photos_missing, 2);
        let listed = db.read(move |c| photos::of_inspection(c, correction)).await.unwrap();
        let listed: Vec<(_, _, Option<Held>)> =
            listed.into_iter().map(|p| (p.sha256, p.state, p.held)).collect();
        assert_eq!(
            listed,
            [
                (sha256("d"), PhotoState::Missing, None),
                (sha256("a"), PhotoState::Stored, Some(held)),
                (sha256("b"), PhotoState::Missing, None),
            ]
        );
    })
    .await;
}
