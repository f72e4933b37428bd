//! Scorecards: what a centre's visits add up to (contract, section 3, step 11).

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    TestApp, TestPerson, at, days_ago, photo, saying, short, showing, visit, with,
};

/// A centre with a monitor, a manager and all that they ask.
struct Stage {
    app: TestApp,
    monitor: TestPerson,
}

impl Stage {
    async fn new() -> Self {
        let app = TestApp::with_small_checklists().await;
        app.facility("BT-0001").await;
        let monitor = app.monitor("BT").await;
        Self { app, monitor }
    }

    async fn card(&self) -> Value {
        self.monitor.member("/api/v1/facilities/BT-0001/scorecard", "").await
    }

    /// A whole visit so many days ago.
    async fn whole(&self, days: i64) -> Uuid {
        self.monitor.submitted(&at(visit("BT-0001"), &days_ago(days))).await
    }

    /// A whole visit so many days ago in which the exits were blocked.
    async fn blocked(&self, days: i64) -> Uuid {
        let visit = saying(at(visit("BT-0001"), &days_ago(days)), "AL-11", "no");
        self.monitor.submitted(&visit).await
    }

    /// A follow-up so many days ago that says only this.
    async fn follow_up(&self, days: i64, answers: &[(&str, &str)]) -> Uuid {
        let visit = short("BT-0001", "follow_up", &days_ago(days), answers);
        self.monitor.submitted(&visit).await
    }
}

/// The critical items of a scorecard.
fn critical(card: &Value) -> Vec<&str> {
    let items = card["critical_now"].as_array().unwrap();
    items.iter().map(|item| item["item"].as_str().unwrap()).collect()
}

fn beta(ended: &str, first: &str, second: &str) -> Value {
    let visit = short("BT-0001", "unannounced", ended, &[("BE-01", first), ("BE-02", second)]);
    with(visit, "/checklist/code", json!("BETA"))
}

#[tokio::test]
async fn a_centre_never_visited_has_a_scorecard() {
    let stage = Stage::new().await;
    let answer = stage.monitor.get("/api/v1/facilities/BT-0001/scorecard").await;
    assert_eq!(answer.status(), 200);
    let card = with(answer.told(), "/as_of", json!("[as_of]"));
    insta::assert_json_snapshot!(card);
    let id = answer.json()["facility"]["id"].as_str().unwrap().to_owned();
    let by_id = stage.monitor.get(&format!("/api/v1/facilities/{id}/scorecard")).await;
    assert_eq!(by_id.json()["facility"], answer.json()["facility"]);
    for (who, path, status) in [
        (stage.app.monitor("BA").await, "BT-0001/scorecard", 404),
        (stage.app.viewer("BT").await, "BT-9999/scorecard", 404),
        (stage.app.viewer("BT").await, "BT-0001/scorecard", 200),
        (stage.app.admin().await, "BT-0001/scorecard", 200),
        (stage.app.scraper("BT").await, "BT-0001/scorecard", 403),
        (stage.app.nobody(), "BT-0001/scorecard", 401),
        (stage.app.admin().await, "BT-0001/scorecard?x=1", 422),
    ] {
        assert_eq!(who.get(&format!("/api/v1/facilities/{path}")).await.status(), status, "{path}");
    }
}

#[tokio::test]
async fn a_visit_bears_the_scorecard() {
    let stage = Stage::new().await;
    let ended = days_ago(3);
    let sent = saying(at(visit("BT-0001"), &ended), "AL-02", "partial");
    let sent = showing(sent, "AL-11", &[&photo(0)]);
    let id = stage.monitor.submitted(&sent).await;

    let card = stage.card().await;

    assert_eq!((&card["band"], &card["stale"]), (&json!("adequate"), &json!(false)));
    assert_eq!((&card["coverage"], &card["photos_owed"]), (&json!(1.0), &json!(1)));
    let overall = card["overall"].as_f64().unwrap();
    assert!((overall - (68.75 + 100.0 + 100.0) / 3.0).abs() < 1e-9, "{overall}");
    assert_eq!(card["main_checklist"], "ALFA");
    let part = &card["checklists"][0];
    assert_eq!(part["checklist"], json!({"code": "ALFA", "version": "1.0.0"}));
    assert_eq!((&part["inspection_id"], &part["ended_at"]), (&json!(id), &json!(ended)));
    assert_eq!((&part["kind"], &part["state"]), (&json!("unannounced"), &json!("awaiting_photos")));
    assert_eq!(part["score"]["overall"], card["overall"]);
    assert_eq!(stage.monitor.send_photo(id, &photo(0)).await.status(), 201);
    assert_eq!(stage.card().await["photos_owed"], 0);
}

#[tokio::test]
async fn a_follow_up_clears_what_it_saw_and_replaces_nothing() {
    let stage = Stage::new().await;
    let (whole, ended) = (stage.blocked(30).await, days_ago(30));
    let card = stage.card().await;
    assert_eq!((&card["band"], critical(&card)), (&json!("critical"), vec!["AL-11"]));
    let now = &card["critical_now"][0];
    assert_eq!(now["inspection_id"], json!(whole));
    assert_eq!(now["observed_at"].as_str().unwrap()[..16], ended[..16], "the visit's end");
    assert_eq!(now["checklist"]["code"], "ALFA");

    stage.follow_up(20, &[("AL-02", "yes")]).await;
    stage.follow_up(19, &[("AL-11", "not_observed")]).await;
    assert_eq!(critical(&stage.card().await), ["AL-11"], "who does not look clears nothing");

    stage.follow_up(10, &[("AL-11", "yes")]).await;
    let card = stage.card().await;
    assert_eq!(critical(&card), [""; 0]);
    assert_eq!(card["band"], "to_improve", "the whole visit's points, its safety is 3 of 8");
    assert_eq!(card["checklists"][0]["inspection_id"], json!(whole));

    // A visit that ended before it, and is received after it, does not fail it again.
    stage.blocked(15).await;
    assert_eq!(critical(&stage.card().await), [""; 0]);
    stage.follow_up(5, &[("AL-11", "no")]).await;
    let card = stage.card().await;
    assert_eq!((critical(&card), &card["band"]), (vec!["AL-11"], &json!("critical")));
}

#[tokio::test]
async fn an_item_that_is_no_longer_due_is_no_longer_critical() {
    let stage = Stage::new().await;
    let many = saying(at(visit("BT-0001"), &days_ago(30)), "AL-01", 40);
    stage.monitor.submitted(&saying(many, "AL-12", "no")).await;
    assert_eq!(critical(&stage.card().await), ["AL-12"], "more than 25 beds");

    let mut few = short("BT-0001", "follow_up", &days_ago(20), &[("AL-02", "yes")]);
    few["answers"] = json!([{"item": "AL-01", "value": 25}]);
    stage.monitor.submitted(&few).await;

    assert_eq!(critical(&stage.card().await), [""; 0], "25 beds: it is not due there");
}

#[tokio::test]
async fn an_item_says_when_it_was_observed() {
    let stage = Stage::new().await;
    let mut sent = saying(at(visit("BT-0001"), &days_ago(3)), "AL-11", "no");
    let seen = days_ago(4);
    sent["answers"][3]["observed_at"] = json!(seen);
    stage.monitor.submitted(&sent).await;
    assert_eq!(stage.card().await["critical_now"][0]["observed_at"], json!(seen));
}

#[tokio::test]
async fn the_base_is_the_latest_visit_that_saw_enough() {
    let stage = Stage::new().await;
    let base = async || stage.card().await["checklists"][0]["inspection_id"].clone();
    let little = stage.follow_up(50, &[("AL-02", "yes"), ("AL-03", "good")]).await;
    let less = stage.follow_up(40, &[("AL-03", "good")]).await;
    assert_eq!(base().await, json!(little), "without any that saw enough, the fullest");
    assert_eq!(stage.card().await["band"], "not_enough_data");
    let same = stage.follow_up(39, &[("AL-02", "no"), ("AL-03", "bad")]).await;
    assert_eq!(base().await, json!(same), "of two as full the latest");
    assert_ne!(less, same);
    let whole = stage.whole(60).await;
    assert_eq!(base().await, json!(whole), "a visit that saw enough, however old");
    let later = stage.whole(45).await;
    stage.whole(70).await;
    assert_eq!(base().await, json!(later), "the latest by its end, not by its arrival");
}

#[tokio::test]
async fn a_base_older_than_a_year_is_stale() {
    let stage = Stage::new().await;
    stage.whole(366).await;
    assert_eq!(stage.card().await["stale"], true);
    stage.follow_up(1, &[("AL-11", "yes")]).await;
    assert_eq!(stage.card().await["stale"], true, "a follow-up is no base");
    stage.whole(364).await;
    assert_eq!(stage.card().await["stale"], false);
}

#[tokio::test]
async fn the_main_checklist_speaks_where_it_can() {
    let stage = Stage::new().await;
    let main = async || {
        let card = stage.card().await;
        (card["main_checklist"].clone(), card["band"].clone())
    };
    stage.monitor.submitted(&beta(&days_ago(40), "yes", "not_observed")).await;
    assert_eq!(main().await, (json!("BETA"), json!("not_enough_data")), "the latest used");
    stage.follow_up(50, &[("AL-02", "yes")]).await;
    assert_eq!(main().await, (json!("ALFA"), json!("not_enough_data")), "the main one, if used");
    stage.monitor.submitted(&beta(&days_ago(30), "yes", "partial")).await;
    assert_eq!(main().await, (json!("BETA"), json!("adequate")), "the one that saw enough");
    stage.whole(60).await;
    assert_eq!(main().await, (json!("ALFA"), json!("good")), "the main one as soon as it can");
    stage.monitor.submitted(&beta(&days_ago(20), "no", "yes")).await;
    let card = stage.card().await;
    assert_eq!((&card["main_checklist"], &card["band"]), (&json!("ALFA"), &json!("critical")));
    assert_eq!((critical(&card), &card["overall"]), (vec!["BE-01"], &json!(100.0)));
    let codes: Vec<_> = card["checklists"].as_array().unwrap().iter().collect();
    let codes: Vec<_> = codes.iter().map(|part| &part["checklist"]["code"]).collect();
    assert_eq!(codes, ["ALFA", "BETA"]);
}

#[tokio::test]
async fn the_newest_version_used_says_what_is_critical() {
    let stage = Stage::new().await;
    let many = saying(at(visit("BT-0001"), &days_ago(30)), "AL-01", 40);
    stage.monitor.submitted(&saying(many, "AL-12", "no")).await;
    assert_eq!(critical(&stage.card().await), ["AL-12"]);
    let next = short("BT-0001", "follow_up", &days_ago(20), &[("AL-02", "yes")]);
    stage.monitor.submitted(&with(next, "/checklist/version", json!("1.1.0"))).await;
    assert_eq!(critical(&stage.card().await), [""; 0], "AL-12 is critical no more in 1.1.0");
}

/// Another centre with a whole visit in which these items failed.
async fn centre(stage: &Stage, code: &str, days: i64, failed: &[(&str, &str)]) {
    stage.app.facility(code).await;
    let whole = at(visit(code), &days_ago(days));
    let sent = failed.iter().fold(whole, |visit, (item, value)| saying(visit, item, *value));
    stage.monitor.submitted(&sent).await;
}

#[tokio::test]
async fn a_territory_lists_the_worst_and_the_longest_unseen_first() {
    let stage = Stage::new().await;
    centre(&stage, "BT-0010", 5, &[]).await;
    centre(&stage, "BT-0011", 9, &[]).await;
    centre(&stage, "BT-0012", 9, &[("AL-02", "partial")]).await;
    centre(&stage, "BT-0013", 5, &[("AL-21", "no")]).await;
    centre(&stage, "BT-0014", 5, &[("AL-11", "no")]).await;
    let all_bad = [("AL-02", "no"), ("AL-03", "bad"), ("AL-21", "no")];
    centre(&stage, "BT-0015", 5, &all_bad).await;
    let unseen = [("AL-21", "not_observed"), ("AL-24", "not_observed")];
    centre(&stage, "BT-0016", 5, &unseen).await;
    centre(&stage, "BT-0017", 7, &[("AL-11", "no")]).await;
    // A short visit counts as seen, and so puts it behind the other.
    let short = short("BT-0017", "follow_up", &days_ago(1), &[("AL-02", "yes")]);
    stage.monitor.submitted(&short).await;
    stage.app.facility("BT-0002").await;
    stage.app.facility_with("BT-0003", |f| f.active = false).await;
    stage.app.facility("BA-0001").await;
    let expected = [
        ("BT-0014", "critical"),
        ("BT-0017", "critical"),
        ("BT-0015", "insufficient"),
        ("BT-0016", "not_enough_data"),
        ("BT-0001", "never_inspected"),
        ("BT-0002", "never_inspected"),
        ("BT-0013", "to_improve"),
        ("BT-0012", "adequate"),
        ("BT-0011", "good"),
        ("BT-0010", "good"),
    ];
    let path = "/api/v1/territories/BT/scorecards";
    let viewer = stage.app.viewer("BT").await;
    for limit in [1, 3, 4, 200] {
        let (mut rows, mut next) = (Vec::new(), Some(format!("{path}?limit={limit}")));
        while let Some(page) = next {
            let answer = viewer.get(&page).await;
            assert_eq!(answer.status(), 200, "{page}");
            next = answer.next();
            rows.extend(answer.json()["items"].as_array().unwrap().clone());
        }
        let named = rows
            .iter()
            .map(|row| (row["facility"]["code"].as_str().unwrap(), row["band"].as_str().unwrap()));
        assert_eq!(named.collect::<Vec<_>>(), expected, "{limit} a page");
        assert!(rows.iter().all(|row| row.get("checklists").is_none()));
    }
    let housing = viewer.get(&format!("{path}?kind=sai")).await;
    assert_eq!((housing.status(), housing.json()["items"].clone()), (200, json!([])));
    let table = [
        ("/api/v1/territories/BA/scorecards", 404),
        ("/api/v1/territories/XX/scorecards", 404),
        ("/api/v1/territories/BT/scorecards?kind=hut", 422),
        ("/api/v1/territories/BT/scorecards?cursor=x", 422),
        ("/api/v1/territories/BT/scorecards?order=name", 422),
    ];
    for (path, status) in table {
        assert_eq!(viewer.get(path).await.status(), status, "{path}");
    }
}
