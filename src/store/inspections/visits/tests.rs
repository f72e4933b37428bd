use uuid::Uuid;

use super::*;
use crate::store::inspections::NewInspection;
use crate::store::inspections::testing::{Visits, published, score};
use crate::store::testing::{at, facility, on_each};

#[tokio::test]
async fn visits_of_centres_are_those_that_count_from_the_earliest() {
    on_each(async |db| {
        let one = Visits::new(&db).await;
        let two = Visits::at_centre(&db, facility("BT-0002")).await;
        let bari = Visits::at_centre(&db, facility("BA-0001")).await;
        let later = one.add("CAS-COLL", 300).await;
        let earlier = one.add("KITCHEN", 100).await;
        two.add("CAS-COLL", 200).await;
        let corrected = bari.add("CAS-COLL", 400).await;
        let far = bari.add_all(&bari.correction(corrected, 900), &[]).await;

        let centres = [one.facility.id, two.facility.id, bari.facility.id];
        let of_two_centres = [centres[0], centres[2]];
        let some = db.read(move |c| of_facilities(c, &of_two_centres, &published())).await.unwrap();
        let some: Vec<_> = some.into_iter().map(|(facility, visit)| (facility, visit.id)).collect();
        assert_eq!(some, [(centres[0], earlier), (centres[0], later), (centres[2], far)]);
        let rows = db.read(move |c| of_facility(c, centres[0], &published())).await.unwrap();
        let (kept, score) = (one.kept(earlier).await, score(earlier));
        let expected = VisitRow {
            id: earlier,
            checklist: kept.checklist,
            kind: kept.kind,
            ended_at: kept.ended_at,
            received_at: kept.received_at,
            photos_missing: 0,
            facts: kept.facts,
            scored: kept.scored,
            overall: score.overall,
            coverage: score.coverage,
            band_by_points: score.band_by_points,
        };
        assert_eq!(rows[0], expected);
        let asked = [earlier, far, InspectionId(Uuid::nil())];
        let shown = db.read(move |c| shown_scores(c, &asked, &published())).await.unwrap();
        assert_eq!(shown.len(), 2);
        assert!(shown.iter().all(|(_, document)| *document == score.document));
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
            let points =
                db.read(move |c| trend_points(c, id, "CAS-COLL", &published(), from, until));
            let points = points.await.unwrap();
            assert_eq!(points.iter().map(|p| p.id).collect::<Vec<_>>(), expected);
            let score = score(points[0].id);
            let kept = visits.kept(expected[0]).await;
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
                    facts: kept.facts,
                    scored: kept.scored,
                }
            );
        }
    })
    .await;
}
