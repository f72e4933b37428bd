//! What a process that starts shows is what was shown before: pictures come from the table of
//! standings, and are those that would be drawn anew.

use uuid::Uuid;
use vigila::app::App;
use vigila::app::gauges::exposition;
use vigila::app::scorecards::{keep_standings, scorecards_within};
use vigila::clock;
use vigila::store::standings::{self, Keep, Mark};
use vigila_core::domain::{FacilityId, FacilityKind, Instant, Scope};

use super::change;
use crate::support::{
    TestApp, TestPerson, at, days_ago, photo, photo_address, saying, short, showing, visit, with,
};

const CODES: [&str; 4] = ["BT-0001", "BT-0002", "BT-0003", "BT-0004"];

struct Stage {
    app: TestApp,
    monitor: TestPerson,
    holder: Uuid,
}

impl Stage {
    async fn new() -> Self {
        let app = TestApp::with_small_checklists().await;
        for code in CODES {
            app.facility(code).await;
        }
        let monitor = app.monitor("BT").await;
        Self { app, monitor, holder: Uuid::now_v7() }
    }

    async fn keep(&self) {
        keep_standings(&self.app.app, self.holder, clock::now).await.unwrap();
    }

    async fn mark(&self) -> Mark {
        self.app.app.db.read(standings::mark).await.unwrap().unwrap()
    }

    async fn rows(&self) -> Vec<(FacilityId, String)> {
        self.app.app.db.read(standings::pictures).await.unwrap()
    }

    /// Writes into the table what nobody drew: BT-0002 looks like BT-0001.
    async fn tamper(&self, change: impl FnOnce(&mut Keep)) {
        let (first, second) = (self.id(CODES[0]).await, self.id(CODES[1]).await);
        let rows = self.rows().await;
        let (_, text) = rows.into_iter().find(|(id, _)| *id == first).unwrap();
        let Mark { generation, at, drawn_by } = self.mark().await;
        let pictures = vec![(second, Some(text))];
        let mut keep = Keep { generation, at: Some(at), drawn_by, wipe: false, pictures };
        change(&mut keep);
        let done = self.app.app.db.write(move |conn| standings::keep(conn, &keep));
        assert!(done.await.unwrap());
    }

    async fn id(&self, code: &str) -> FacilityId {
        self.app.stored_facility(code).await.unwrap().id
    }

    /// A process that starts.
    async fn another(&self) -> App {
        self.app.another().await
    }

    /// A process that starts and finds no table.
    async fn without_table(&self) -> App {
        let app = self.another().await;
        let shown = app.db.read(standings::mark).await.unwrap();
        assert!(shown.is_none_or(|mark| mark.drawn_by == "nobody"));
        app
    }
}

/// What an app shows of quality: its gauges, and the cards of all centres.
async fn shown(app: &App) -> String {
    let now: Instant = clock::now();
    let text = exposition(app, &Scope::All, now).await.unwrap();
    let quality = ["vigila_facility_", "vigila_findings_", "vigila_photos_owed"];
    let lines = text.lines().filter(|line| quality.iter().any(|name| line.starts_with(name)));
    let mut cards = scorecards_within(app, &Scope::All, None, now).await.unwrap();
    cards.sort_by_key(|card| card.facility.code.clone());
    let cards = cards.into_iter().map(|mut card| {
        card.as_of = "2026-01-01T00:00:00Z".parse().unwrap();
        format!("{card:#?}")
    });
    lines.map(ToOwned::to_owned).chain(cards).collect::<Vec<_>>().join("\n")
}

/// One of the things that can happen to a centre.
async fn happen(stage: &Stage, chance: u64) {
    let Stage { app, monitor, .. } = stage;
    let code = CODES[usize::try_from(chance % 4).unwrap()];
    if !app.stored_facility(code).await.unwrap().active {
        return change(app, code, |centre| centre.active = true).await;
    }
    let days = i64::try_from(chance / 4 % 900).unwrap();
    let ended = days_ago(days);
    match chance / 4_000 % 8 {
        0 => {
            let sent = showing(at(visit(code), &ended), "AL-11", &[&photo(0), &photo(1)]);
            let id = monitor.submitted(&sent).await;
            monitor.send_photo(id, &photo(0)).await;
        }
        1 => drop(monitor.submitted(&saying(at(visit(code), &ended), "AL-11", "no")).await),
        2 => drop(monitor.submitted(&short(code, "follow_up", &ended, &[("AL-11", "yes")])).await),
        3 => {
            let first = monitor.submitted(&saying(at(visit(code), &ended), "AL-02", "no")).await;
            let better = at(visit(code), &ended);
            let better = serde_json::json!({"corrects": first}).as_object().map(|more| {
                let mut whole = better.clone();
                whole.as_object_mut().unwrap().extend(more.clone());
                whole
            });
            monitor.submitted(&better.unwrap()).await;
        }
        4 => change(app, code, |centre| centre.active = false).await,
        5 => change(app, code, |centre| centre.kind = FacilityKind::Hotspot).await,
        6 => change(app, code, |centre| centre.kind = FacilityKind::CasCollective).await,
        _ => {
            let sent = showing(at(visit(code), &ended), "AL-11", &[&photo(2)]);
            let id = monitor.submitted(&sent).await;
            let absence = format!("{}/absence", photo_address(id, &photo(2)));
            monitor.put(&absence, &serde_json::json!({"reason": "perso"})).await;
        }
    }
}

#[tokio::test]
async fn pictures_of_the_table_are_those_that_would_be_drawn_anew() {
    let stage = Stage::new().await;
    let mut chance: u64 = 0x9e37_79b9;
    for round in 0..12 {
        for _ in 0..3 {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888);
            happen(&stage, chance >> 20).await;
        }
        // Kept at some times and not at others; never is anything missed.
        if round % 3 != 1 {
            stage.keep().await;
        }
        let from_table = shown(&stage.another().await).await;
        assert_eq!(from_table, shown(&stage.app.app).await, "round {round}");
    }
    let before = shown(&stage.another().await).await;
    stage.tamper(|keep| (keep.wipe, keep.drawn_by) = (true, "nobody".to_owned())).await;
    assert_eq!(before, shown(&stage.without_table().await).await);
}

#[tokio::test]
async fn a_start_shows_the_table_and_draws_what_changed() {
    let stage = Stage::new().await;
    stage.monitor.submitted(&at(visit(CODES[0]), &days_ago(10))).await;
    stage.keep().await;
    let right = shown(&stage.another().await).await;
    // The mark lies ahead, so that the changes so far are not read again.
    stage.tamper(|keep| keep.at = Some(clock::now().plus_seconds(400))).await;
    let tampered = shown(&stage.another().await).await;
    assert_ne!(tampered, right, "what is in the table is what is shown");
    assert!(tampered.contains("vigila_facility_score_ratio{facility=\"BT-0002\""));

    let hand = stage.mark().await.drawn_by;
    for (what, at, drawn_by) in [
        ("drawn otherwise", Some(clock::now().plus_seconds(400)), Some("0 other 1.0.0 digest")),
        ("down for longer than changes are kept", Some(clock::now().plus_days(-1)), None),
    ] {
        stage
            .tamper(|keep| {
                keep.at = at;
                keep.drawn_by = drawn_by.map_or(keep.drawn_by.clone(), ToOwned::to_owned);
            })
            .await;
        assert_eq!(shown(&stage.another().await).await, right, "{what}");
        stage.tamper(|keep| keep.drawn_by = hand.clone()).await;
    }
}

#[tokio::test]
async fn a_change_that_was_committed_late_is_not_missed() {
    let stage = Stage::new().await;
    stage.keep().await;
    // A process whose clock runs ahead keeps the table; the visit is noted before the mark.
    let ahead = || clock::now().plus_seconds(200);
    stage.monitor.submitted(&at(visit(CODES[1]), &days_ago(3))).await;
    keep_standings(&stage.app.app, stage.holder, ahead).await.unwrap();
    stage.monitor.submitted(&at(visit(CODES[0]), &days_ago(3))).await;
    assert!(stage.mark().await.at > clock::now());
    let fresh = shown(&stage.another().await).await;
    assert!(fresh.contains("vigila_facility_score_ratio{facility=\"BT-0001\""), "{fresh}");
    assert_eq!(fresh, shown(&stage.app.app).await);
}

#[tokio::test]
async fn two_processes_agree_and_take_over_from_each_other() {
    let stage = Stage::new().await;
    let (one, two) = (&stage.app.app, stage.another().await);
    let other = Uuid::now_v7();
    stage.keep().await;
    keep_standings(&two, other, clock::now).await.unwrap();
    let first = stage.mark().await;
    stage.monitor.submitted(&at(visit(CODES[0]), &days_ago(3))).await;
    assert_eq!(shown(one).await, shown(&two).await);
    keep_standings(&two, other, clock::now).await.unwrap();
    assert_eq!(stage.mark().await, first, "the other holds the lease");
    let later = || clock::now().plus_seconds(90);
    keep_standings(&two, other, later).await.unwrap();
    assert_eq!(stage.mark().await.generation, first.generation + 1, "it took over");
    stage.monitor.submitted(&saying(at(visit(CODES[1]), &days_ago(3)), "AL-11", "no")).await;
    assert_eq!(shown(one).await, shown(&two).await);
    let latest = || clock::now().plus_seconds(180);
    keep_standings(one, stage.holder, latest).await.unwrap();
    assert_eq!(stage.mark().await.generation, first.generation + 2, "and back");
    assert_eq!(shown(&stage.another().await).await, shown(&two).await);
    assert_eq!(stage.rows().await.len(), CODES.len());
}

#[tokio::test]
async fn a_restart_moves_no_gauge() {
    let mut stage = Stage::new().await;
    for (code, days) in CODES.into_iter().zip(1..) {
        let sent = with(at(visit(code), &days_ago(days)), "/answers/1/value", "partial".into());
        stage.monitor.submitted(&sent).await;
    }
    stage.keep().await;
    stage.monitor.submitted(&saying(at(visit(CODES[2]), &days_ago(0)), "AL-11", "no")).await;
    let before = shown(&stage.app.app).await;
    stage.app.restart().await;
    assert_eq!(shown(&stage.app.app).await, before);
    let unchanged = stage.mark().await;
    stage.keep().await;
    stage.keep().await;
    assert_eq!(stage.mark().await.generation, unchanged.generation + 1, "once is enough");
    assert_eq!(shown(&stage.another().await).await, before);
}
