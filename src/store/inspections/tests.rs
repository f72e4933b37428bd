use uuid::Uuid;
use vigila_core::documents::inspection::Kind;
use vigila_core::documents::score::Band;
use vigila_core::domain::{Facility, FacilityKind, InspectionId, PersonId, Scope};

use super::testing::{Visits, score, sha256};
use super::*;
use crate::store::photos::{Held, PhotoState};
use crate::store::scores::Score;
use crate::store::testing::{at, facility, on_each};
use crate::store::{Db, Page};

fn only(codes: &[&str]) -> Scope {
    Scope::Only(codes.iter().map(|code| code.parse().unwrap()).collect())
}

async fn ids(db: &Db, scope: Scope, filter: InspectionFilter) -> Vec<InspectionId> {
    let page = db.read(move |c| list(c, &scope, &filter, None, 100)).await.unwrap();
    assert!(!page.more);
    page.items.into_iter().map(|row| row.id).collect()
}

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
        let counting = db.read(move |c| of_facility(c, visits.facility.id)).await.unwrap();
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
        let arrived =
            photos::Arrived { inspection: first, sha256: sha256("a"), held: held.clone() };
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

#[tokio::test]
async fn a_row_of_the_list_tells_centre_visit_and_newest_score() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let first = visits.add_all(&visits.visit("CAS-COLL", 100), &["a"]).await;
        let again = Score {
            id: Uuid::now_v7(),
            inputs_digest: "other".to_owned(),
            overall: Some(81.5),
            band: Band::Adequate,
            computed_at: at(1),
            ..score(first)
        };
        db.write(move |c| scores::add(c, &again).map(|done| assert_eq!(done, Insert::Done)))
            .await
            .unwrap();
        let correction = visits.add_all(&visits.correction(first, 900), &[]).await;
        let filter = InspectionFilter::default();
        let page = db.read(move |c| list(c, &Scope::All, &filter, None, 10)).await.unwrap();
        let of_first = InspectionRow {
            id: first,
            facility: visits.facility.id,
            facility_code: visits.facility.code.clone(),
            facility_name: "Centro BT-0001".to_owned(),
            facility_kind: FacilityKind::CasCollective,
            territory: "BT".parse().unwrap(),
            checklist: visits.visit("CAS-COLL", 0).checklist,
            kind: Kind::Unannounced,
            started_at: at(40),
            ended_at: at(100),
            photos_missing: 1,
            superseded_by: Some(correction),
            overall: Some(81.5),
            band: Band::Adequate,
        };
        let of_correction = InspectionRow {
            id: correction,
            photos_missing: 0,
            superseded_by: None,
            overall: Some(200.0 / 3.0),
            band: Band::Critical,
            ..of_first.clone()
        };
        assert_eq!(page, Page { items: vec![of_correction, of_first], more: false });
    })
    .await;
}

#[tokio::test]
async fn the_list_is_filtered_the_same_on_both() {
    on_each(async |db| {
        let one = Visits::new(&db).await;
        let bari = Visits::at_centre(&db, facility("BA-0001")).await;
        let early = one.add_all(&one.visit("CAS-COLL", 100), &["a"]).await;
        let follow_up = NewInspection { kind: Kind::FollowUp, ..one.visit("CAS-COLL", 200) };
        let follow_up = one.add_all(&follow_up, &[]).await;
        let kitchen = one.add("KITCHEN", 300).await;
        let far = bari.add("CAS-COLL", 250).await;

        let all = InspectionFilter::default;
        let of = |filter: InspectionFilter| ids(&db, Scope::All, filter);
        assert_eq!(of(all()).await, [kitchen, far, follow_up, early]);
        assert_eq!(ids(&db, only(&["BA"]), all()).await, [far]);
        assert_eq!(ids(&db, only(&[]), all()).await, []);
        let centre = InspectionFilter { facility: Some(one.facility.id), ..all() };
        assert_eq!(of(centre).await, [kitchen, follow_up, early]);
        let territory = InspectionFilter { territory: "BA".parse().ok(), ..all() };
        assert_eq!(ids(&db, only(&["BT"]), territory.clone()).await, []);
        assert_eq!(of(territory).await, [far]);
        let checklist = InspectionFilter { checklist_code: Some("KITCHEN".to_owned()), ..all() };
        assert_eq!(of(checklist).await, [kitchen]);
        let kind = InspectionFilter { kind: Some(Kind::FollowUp), ..all() };
        assert_eq!(of(kind).await, [follow_up]);
        let time = InspectionFilter { from: Some(at(200)), until: Some(at(300)), ..all() };
        assert_eq!(of(time).await, [far, follow_up]);
        let awaiting = InspectionFilter { state: Some(PhotosState::AwaitingPhotos), ..all() };
        assert_eq!(of(awaiting).await, [early]);
        let complete = InspectionFilter { state: Some(PhotosState::Complete), ..all() };
        assert_eq!(of(complete).await, [kitchen, far, follow_up]);
    })
    .await;
}

#[tokio::test]
async fn a_monitor_sees_its_own_and_the_latest_of_each_centre_and_checklist() {
    on_each(async |db| {
        let one = Visits::new(&db).await;
        let me = PersonId(Uuid::now_v7());
        let mine = NewInspection { received_by: me, ..one.visit("CAS-COLL", 100) };
        let mine = one.add_all(&mine, &[]).await;
        let middle = one.add("CAS-COLL", 200).await;
        // The latest to end is corrected: its correction, which ended at 100, is not the latest.
        let late = one.add("CAS-COLL", 300).await;
        let correction = one.add_all(&one.correction(late, 900), &[]).await;
        let kitchen = one.add("KITCHEN", 150).await;
        let (tie_id, tie) = {
            let other = Visits::at_centre(&db, facility("BT-0002")).await;
            let low = other.add("CAS-COLL", 50).await;
            let mut high = other.visit("CAS-COLL", 50);
            high.received_at = at(61);
            (other.add_all(&high, &[]).await, low)
        };
        let visible = Visible::OwnAndLatest(me);
        let seen = ids(&db, Scope::All, InspectionFilter { visible, ..Default::default() }).await;
        assert_eq!(seen, [middle, kitchen, mine, tie_id]);
        for id in [mine, middle, late, correction, kitchen, tie_id, tie] {
            let kept = one.kept(id).await;
            let (told, all) = db
                .read(move |c| {
                    Ok((is_visible(c, &kept, visible)?, is_visible(c, &kept, Visible::All)?))
                })
                .await
                .unwrap();
            assert_eq!((told, all), (seen.contains(&id), true), "{id:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn pages_skip_and_double_no_inspection() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        for n in 0..17 {
            visits.add("CAS-COLL", 100 + n / 3).await;
        }
        let all = ids(&db, Scope::All, InspectionFilter::default()).await;
        assert_eq!(all.len(), 17);
        for limit in [1, 4, 17] {
            let paged = db.read(move |c| {
                let (mut seen, mut after) = (Vec::new(), None);
                loop {
                    let filter = InspectionFilter::default();
                    let Page { items, more } = list(c, &Scope::All, &filter, after, limit)?;
                    after = items.last().map(|row| (row.ended_at, row.id));
                    seen.extend(items.into_iter().map(|row| row.id));
                    if !more {
                        return Ok(seen);
                    }
                }
            });
            assert_eq!(paged.await.unwrap(), all, "{limit} a page");
        }
    })
    .await;
}

#[tokio::test]
async fn visits_of_a_territory_are_those_of_its_active_centres() {
    on_each(async |db| {
        let one = Visits::new(&db).await;
        let two = Visits::at_centre(&db, facility("BT-0002")).await;
        let bari = Visits::at_centre(&db, facility("BA-0001")).await;
        let closed = Facility { active: false, ..facility("BT-0003") };
        let closed = Visits::at_centre(&db, closed).await;
        let later = one.add("CAS-COLL", 300).await;
        let earlier = one.add("KITCHEN", 100).await;
        let of_two = two.add("CAS-COLL", 200).await;
        let far = bari.add("CAS-COLL", 400).await;
        closed.add("CAS-COLL", 500).await;

        let centres = [one.facility.id, two.facility.id, bari.facility.id];
        let of_scope = async |scope: Scope| -> Vec<_> {
            let rows = db.read(move |c| of_facilities(c, &scope)).await.unwrap();
            rows.into_iter().map(|(facility, visit)| (facility, visit.id)).collect()
        };
        let bt = [(centres[0], earlier), (centres[0], later), (centres[1], of_two)];
        assert_eq!(of_scope(only(&["BT"])).await, bt);
        let mut all = bt.to_vec();
        all.push((centres[2], far));
        assert_eq!(of_scope(Scope::All).await, all);

        let rows = db.read(move |c| of_facility(c, centres[0])).await.unwrap();
        let (kept, score) = (one.kept(earlier).await, score(earlier));
        let expected = VisitRow {
            id: earlier,
            checklist: kept.checklist,
            kind: kept.kind,
            started_at: kept.started_at,
            ended_at: kept.ended_at,
            received_at: kept.received_at,
            photos_missing: 0,
            facts: kept.facts,
            scored: kept.scored,
            overall: score.overall,
            coverage: score.coverage,
            band: score.band,
            band_by_points: score.band_by_points,
            document: score.document,
        };
        assert_eq!(rows[0], expected);
        let asked = [earlier, far, InspectionId(Uuid::nil())];
        let mut contents = db.read(move |c| contents(c, &asked)).await.unwrap();
        contents.sort();
        let expected = [earlier, far].map(|id| (id, ()));
        assert_eq!(contents.iter().map(|(id, _)| (*id, ())).collect::<Vec<_>>(), expected);
        assert_eq!(contents[0].1, kept.content);
    })
    .await;
}

#[tokio::test]
async fn a_trend_has_the_visits_that_count_in_time() {
    on_each(async |db| {
        let visits = Visits::new(&db).await;
        let corrected = visits.add("CAS-COLL", 100).await;
        let correction = visits.add_all(&visits.correction(corrected, 900), &[]).await;
        let last = visits.add("CAS-COLL", 300).await;
        let received_later =
            NewInspection { received_at: at(800), ..visits.visit("CAS-COLL", 200) };
        let received_later = visits.add_all(&received_later, &[]).await;
        let middle = visits.add("CAS-COLL", 200).await;
        visits.add("KITCHEN", 200).await;
        let id = visits.facility.id;
        for (from, until, expected) in [
            (None, None, vec![correction, middle, received_later, last]),
            (Some(at(200)), Some(at(300)), vec![middle, received_later]),
        ] {
            let points = db.read(move |c| trend_points(c, id, "CAS-COLL", from, until));
            let points = points.await.unwrap();
            assert_eq!(points.iter().map(|p| p.id).collect::<Vec<_>>(), expected);
            let score = score(points[0].id);
            assert_eq!(
                points[0],
                TrendPoint {
                    id: expected[0],
                    ended_at: points[0].ended_at,
                    kind: Kind::Unannounced,
                    checklist: score.checklist,
                    model: score.model,
                    overall: score.overall,
                    band_by_points: score.band_by_points,
                    document: score.document,
                }
            );
        }
    })
    .await;
}
