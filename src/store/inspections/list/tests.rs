use uuid::Uuid;
use vigila_core::domain::PersonId;

use super::*;
use crate::store::inspections::NewInspection;
use crate::store::inspections::testing::{Visits, only, published, score};
use crate::store::scores::{self, Score};
use crate::store::testing::{at, facility, on_each};
use crate::store::{Db, Insert};

async fn ids(db: &Db, scope: Scope, filter: InspectionFilter) -> Vec<InspectionId> {
    let page = db.read(move |c| list(c, &scope, &filter, &published(), None, 100)).await.unwrap();
    assert!(!page.more);
    page.items.into_iter().map(|row| row.id).collect()
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
        let page =
            db.read(move |c| list(c, &Scope::All, &filter, &published(), None, 10)).await.unwrap();
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
                    let Page { items, more } =
                        list(c, &Scope::All, &filter, &published(), after, limit)?;
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
