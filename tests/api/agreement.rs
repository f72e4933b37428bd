//! Inspector agreement: what double visits of a territory say of its questions, and that they
//! say nothing of anybody.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, TestPerson, at, days_ago, saying, visit, with};

const PATH: &str = "/api/v1/territories/BT/agreement";

/// Two centres, three monitors and a manager.
struct Stage {
    app: TestApp,
    monitors: [TestPerson; 3],
    manager: TestPerson,
}

impl Stage {
    async fn new() -> Self {
        let app = TestApp::with_small_checklists().await;
        app.facility("BT-0001").await;
        app.facility("BT-0002").await;
        let monitors = [app.monitor("BT").await, app.monitor("BT").await, app.monitor("BT").await];
        let manager = app.manager("BT").await;
        Self { app, monitors, manager }
    }

    /// A whole visit with ALFA so many days ago that says this besides.
    async fn visit(&self, by: usize, centre: &str, days: i64, said: &[(&str, &str)]) -> Uuid {
        self.monitors[by].submitted(&alfa(centre, days, said)).await
    }

    /// Two double visits by three monitors, who differ on the rooms and on the showers.
    async fn two_double_visits(&self) {
        self.visit(0, "BT-0001", 41, &[("AL-21", "no")]).await;
        self.visit(1, "BT-0001", 40, &[("AL-02", "partial"), ("AL-21", "no")]).await;
        self.visit(1, "BT-0002", 31, &[]).await;
        self.visit(2, "BT-0002", 30, &[("AL-03", "bad")]).await;
    }

    async fn shown(&self) -> Value {
        self.manager.member(PATH, "").await
    }
}

fn alfa(centre: &str, days: i64, said: &[(&str, &str)]) -> Value {
    let whole = at(visit(centre), &days_ago(days));
    said.iter().fold(whole, |visit, (item, value)| saying(visit, item, *value))
}

/// The answer in which nothing is shown.
fn nothing(shown: &Value) -> Value {
    json!({"territory": "BT", "model": shown["model"], "confidence": 0.95, "overall": null,
        "checklists": []})
}

/// Items with what was compared and disputed.
fn items(shown: &Value) -> Vec<(&str, u64, u64)> {
    let items = shown["checklists"][0]["items"].as_array().unwrap().iter();
    let count = |item: &Value, key: &str| item[key].as_u64().unwrap();
    let rows = items.map(|item| {
        (item["item"].as_str().unwrap(), count(item, "compared"), count(item, "disagreed"))
    });
    rows.collect()
}

#[tokio::test]
async fn three_inspectors_differ_on_two_questions() {
    let stage = Stage::new().await;
    stage.two_double_visits().await;

    let shown = stage.shown().await;

    assert_eq!((&shown["territory"], &shown["confidence"]), (&json!("BT"), &json!(0.95)));
    assert_eq!(
        (&shown["model"]["code"], &shown["model"]["version"]),
        (&json!("TRIAL"), &json!("1.0.0"))
    );
    let overall = &shown["overall"];
    // Of ALFA six items are due and scored in these visits: beds, languages and words have no
    // weight, and with 20 beds AL-12 is not due.
    for (member, value) in
        [("double_visits", 2), ("inspectors", 3), ("compared", 12), ("disagreed", 2)]
    {
        assert_eq!(overall[member], json!(value), "{member}");
    }
    // Who came first said 11 times met and once not; who came second 9, 2, and once partly.
    let close = |member: &str, value: f64| {
        let found = overall[member].as_f64().unwrap();
        assert!((found - value).abs() < 1e-12, "{member}: {found}");
    };
    close("observed", 120.0 / 144.0);
    close("expected", 101.0 / 144.0);
    close("kappa", 19.0 / 43.0);
    let reach = 1.959_963_984_540_054 * overall["standard_error"].as_f64().unwrap();
    close("low", 19.0 / 43.0 - reach);
    close("high", 19.0 / 43.0 + reach);
    let of_alfa = &shown["checklists"][0];
    assert_eq!((&of_alfa["checklist"], &of_alfa["kappa"]), (&json!("ALFA"), &overall["kappa"]));
    let expected = [
        ("AL-02", 2, 1),
        ("AL-03", 2, 1),
        ("AL-11", 2, 0),
        ("AL-13", 2, 0),
        ("AL-21", 2, 0),
        ("AL-24", 2, 0),
    ];
    assert_eq!(items(&shown), expected);
    assert_eq!(of_alfa["items"][0]["share"], json!(0.5));
    assert_eq!(stage.shown().await, shown, "the same again");
}

#[tokio::test]
async fn of_two_inspectors_nothing_is_told() {
    let stage = Stage::new().await;
    let shown = stage.shown().await;
    assert_eq!(shown, nothing(&shown), "no visits at all");
    stage.visit(0, "BT-0001", 41, &[]).await;
    stage.visit(1, "BT-0001", 40, &[("AL-02", "no")]).await;
    stage.visit(1, "BT-0002", 31, &[]).await;
    stage.visit(0, "BT-0002", 30, &[]).await;
    // A third who visits alone, and one who comes too late, make no double visit.
    stage.visit(2, "BT-0002", 20, &[]).await;
    stage.visit(2, "BT-0001", 37, &[]).await;
    // Double visits with another checklist are counted by themselves.
    for (by, days) in [(1, 11), (2, 10)] {
        let beta = with(alfa("BT-0001", days, &[]), "/checklist/code", json!("BETA"));
        let answers = json!([{"item": "BE-01", "value": "yes"}]);
        stage.monitors[by].submitted(&with(beta, "/answers", answers)).await;
    }
    let shown = stage.shown().await;
    assert_eq!(shown, nothing(&shown));
    stage.visit(2, "BT-0001", 61, &[]).await;
    stage.visit(0, "BT-0001", 60, &[]).await;
    let shown = stage.shown().await;
    assert_eq!(
        (&shown["overall"]["double_visits"], &shown["overall"]["compared"]),
        (&json!(3), &json!(18))
    );
    assert_eq!(shown["checklists"].as_array().unwrap().len(), 1, "of BETA still nothing");
}

#[tokio::test]
async fn the_correction_counts_and_not_what_it_corrects() {
    let stage = Stage::new().await;
    stage.two_double_visits().await;
    let wrong = stage.visit(2, "BT-0001", 21, &[("AL-02", "no")]).await;
    stage.visit(0, "BT-0001", 20, &[]).await;
    assert_eq!(items(&stage.shown().await)[0], ("AL-02", 3, 2));
    let right = with(alfa("BT-0001", 21, &[]), "/corrects", json!(wrong));
    stage.monitors[2].submitted(&right).await;
    let shown = stage.shown().await;
    assert_eq!(items(&shown)[..2], [("AL-02", 3, 1), ("AL-03", 3, 1)]);
    assert_eq!(shown["overall"]["double_visits"], 3);
}

#[tokio::test]
async fn what_either_did_not_judge_is_not_compared() {
    let stage = Stage::new().await;
    stage.two_double_visits().await;
    // 40 beds for one and 20 for the other: AL-12 is due in one of the two only.
    stage.visit(2, "BT-0001", 21, &[("AL-02", "not_observed"), ("AL-12", "yes")]).await;
    let many = saying(alfa("BT-0001", 20, &[("AL-12", "yes")]), "AL-01", 40);
    stage.monitors[0].submitted(&many).await;
    let shown = stage.shown().await;
    assert_eq!(items(&shown)[0], ("AL-02", 2, 1));
    assert!(items(&shown).iter().all(|(item, ..)| *item != "AL-12"));
    assert_eq!(shown["overall"]["compared"], 17);
}

#[tokio::test]
async fn a_territory_is_by_itself() {
    let stage = Stage::new().await;
    stage.two_double_visits().await;
    let alone = stage.shown().await;
    stage.app.facility("BA-0001").await;
    for (days, said) in [(11, "yes"), (10, "no"), (9, "no"), (8, "yes")] {
        let monitor = stage.app.monitor("BA").await;
        monitor.submitted(&alfa("BA-0001", days, &[("AL-02", said)])).await;
    }
    assert_eq!(stage.shown().await, alone);
    let far = stage.app.viewer("BA").await.member("/api/v1/territories/BA/agreement", "").await;
    assert_eq!(items(&far)[0], ("AL-02", 2, 2));
    assert_eq!(far["territory"], "BA");
}

#[tokio::test]
async fn who_may_not_read_every_visit_may_not_ask() {
    let stage = Stage::new().await;
    let app = &stage.app;
    let table = [
        (stage.monitors[0].clone(), PATH, 403),
        (app.scraper("BT").await, PATH, 403),
        (app.nobody(), PATH, 401),
        (app.viewer("BT").await, PATH, 200),
        (app.admin().await, PATH, 200),
        (app.viewer("BA").await, PATH, 404),
        (stage.manager.clone(), "/api/v1/territories/BA/agreement", 404),
        (stage.manager.clone(), "/api/v1/territories/XX/agreement", 404),
        // Nothing narrows it.
        (stage.manager.clone(), "/api/v1/territories/BT/agreement?from=2026-01-01", 422),
        (stage.manager.clone(), "/api/v1/territories/BT/agreement?checklist=ALFA", 422),
    ];
    for (who, path, status) in table {
        assert_eq!(who.get(path).await.status(), status, "{path} as {}", who.name);
    }
}

#[tokio::test]
async fn nobody_is_named() {
    let stage = Stage::new().await;
    stage.two_double_visits().await;
    let fifth = stage.visit(0, "BT-0002", 29, &[]).await;
    let text = stage.manager.get(PATH).await.text().to_owned();
    assert!(text.contains("AL-02"), "{text}");
    for person in stage.monitors.iter().chain([&stage.manager]) {
        let id = person.id.0;
        for secret in [person.name.clone(), id.to_string(), id.simple().to_string()] {
            assert!(!text.contains(&secret), "{secret} is in {text}");
        }
    }
    // A visit says who made it to whoever may read it.
    assert!(!text.contains(&fifth.to_string()) && !text.contains("BT-00"), "{text}");
}
