//! Findings: opened by visits, moved by the office, gone with what is corrected.

use serde_json::{Value, json};
use uuid::Uuid;
use vigila::app::findings::settle_all;
use vigila::clock;

use crate::support::{
    TestApp, TestPerson, address, at, days_ago, hash, photo, saying, short, showing, visit, with,
};

const CARD: &str = "/api/v1/facilities/BT-0001/scorecard";
const ALL: &str = "/api/v1/findings";

async fn world() -> (TestApp, TestPerson, TestPerson) {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    (app, monitor, manager)
}

async fn listed(who: &TestPerson, query: &str) -> Vec<Value> {
    let answer = who.get(&format!("{ALL}{query}")).await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    answer.json()["items"].as_array().unwrap().clone()
}

async fn the_only(who: &TestPerson, query: &str) -> Value {
    let all = listed(who, query).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

fn moves_of(finding: &Value) -> String {
    format!("{ALL}/{}/moves", finding["id"].as_str().unwrap())
}

async fn moved(who: &TestPerson, finding: &Value, wish: Value) -> Value {
    let answer = who.post(&moves_of(finding), &wish).await;
    assert_eq!(answer.status(), 201, "{wish}: {}", answer.text());
    answer.json()
}

/// A visit of today in which only this failed.
fn failing(item: &str, value: impl Into<Value>) -> Value {
    at(saying(visit("BT-0001"), item, value), &days_ago(0))
}

#[tokio::test]
async fn a_visit_opens_a_finding_for_each_failure() {
    let (app, monitor, manager) = world().await;
    let mut sent = failing("AL-11", "no");
    for (item, value) in
        [("AL-02", json!("partial")), ("AL-13", json!(30)), ("AL-21", json!("partial"))]
    {
        sent = saying(sent, item, value);
    }
    let id = monitor.submitted(&sent).await;

    let all = listed(&manager, "").await;

    let told: Vec<_> = all.iter().map(|f| (&f["item"], &f["severity"], &f["state"])).collect();
    let open = json!("open");
    assert_eq!(
        told,
        [
            (&json!("AL-11"), &json!("critical"), &open),
            // Half of a heavy item is a finding; half of a lighter one is none.
            (&json!("AL-02"), &json!("major"), &open),
            (&json!("AL-13"), &json!("minor"), &open),
        ]
    );
    let today = clock::now().day(app.app.zone);
    for (finding, days) in all.iter().zip([2, 10, 20]) {
        let due = vigila_core::findings::deadline(today, days).to_string();
        assert_eq!(finding["due_on"], json!(due));
        assert_eq!(finding["opened_by"], json!(id));
        assert_eq!((&finding["repeats"], &finding["overdue"]), (&json!(0), &json!(false)));
        let received = manager.member(&address(id), "/received_at").await;
        assert_eq!(finding["opened_at"], received);
    }
    assert_eq!(all[0]["question"]["it"], "Le uscite sono libere");
    assert_eq!(listed(&monitor, "?severity=critical").await.len(), 1);
    assert_eq!(listed(&app.manager("FG").await, "").await.len(), 0, "another's territory");
    // A repeat of the same sending opens nothing.
    assert_eq!(monitor.submit(id, &sent).await.status(), 200);
    assert_eq!(listed(&manager, "").await.len(), 3);
}

#[tokio::test]
async fn a_later_visit_repeats_a_finding_or_proposes_its_closing() {
    let (_app, monitor, manager) = world().await;
    let when = days_ago(9);
    monitor.submitted(&at(failing("AL-11", "no"), &when)).await;
    let again = monitor.submitted(&at(failing("AL-11", "no"), &days_ago(6))).await;
    let repeated = the_only(&manager, "").await;
    assert_eq!((&repeated["repeats"], &repeated["closing_proposed"]), (&json!(1), &json!(null)));
    assert_eq!(repeated["last_failed"]["inspection_id"], json!(again));
    assert_eq!(manager.member(CARD, "/band").await, "critical");

    let well = short("BT-0001", "follow_up", &days_ago(3), &[("AL-11", "yes")]);
    let passed = monitor.submitted(&well).await;

    let proposed = the_only(&manager, "?closing_proposed=true").await;
    assert_eq!(proposed["closing_proposed"]["inspection_id"], json!(passed));
    assert_eq!((&proposed["state"], &proposed["overdue"]), (&json!("open"), &json!(false)));
    assert_eq!(manager.member(CARD, "/critical_now").await, json!([]), "the band clears at once");
    let closed = moved(&manager, &proposed, json!({"to": "closed"})).await;
    assert_eq!(closed["state"], "closed");
    assert_eq!(closed["closing_proposed"], json!(null));
    // A visit that ended before, sent late, is one more repeat of what is closed.
    monitor.submitted(&at(failing("AL-11", "no"), &days_ago(4))).await;
    assert_eq!(the_only(&manager, "").await["repeats"], 2);
    let later = clock::now().plus_seconds(3600).to_string();
    monitor.submitted(&at(failing("AL-11", "no"), &later)).await;
    let open = the_only(&manager, "?state=open").await;
    assert_ne!(open["id"], closed["id"], "what is closed stays, and a new one is opened");
    assert_eq!(manager.member(CARD, "/band").await, "critical");
}

#[tokio::test]
async fn verifying_takes_a_critical_item_out_until_a_visit_that_ended_later() {
    for last in [json!({"to": "verified"}), json!({"to": "void", "note": "misurato altrove"})] {
        let (_app, monitor, manager) = world().await;
        monitor.submitted(&at(failing("AL-11", "no"), &days_ago(3))).await;
        let finding = the_only(&manager, "").await;
        assert_eq!(manager.member(CARD, "/critical_now/0/item").await, "AL-11");

        moved(&manager, &finding, last).await;

        // The points of the visit stay as they are; only the knock-out is gone.
        let card = manager.member(CARD, "").await;
        let by_points = &card["checklists"][0]["score"]["band_by_points"];
        assert_eq!((&card["band"], &card["critical_now"]), (by_points, &json!([])));
        let list = manager.member("/api/v1/territories/BT/scorecards", "/items/0/band").await;
        assert_eq!(&list, by_points);
        monitor.submitted(&at(failing("AL-11", "no"), &days_ago(1))).await;
        assert_eq!(manager.member(CARD, "/critical_now").await, json!([]), "it ended before");
        let later = clock::now().plus_seconds(600).to_string();
        let again = monitor.submitted(&at(failing("AL-11", "no"), &later)).await;
        assert_eq!(manager.member(CARD, "/critical_now/0/inspection_id").await, json!(again));
        assert_eq!(listed(&manager, "?state=open").await.len(), 1);
    }
}

#[tokio::test]
async fn the_office_moves_a_finding_and_every_move_stays() {
    let (app, monitor, manager) = world().await;
    let bytes = photo(0);
    let sent = showing(failing("AL-11", "no"), "AL-11", &[&bytes]);
    let visit = monitor.submitted(&sent).await;
    monitor.send_photo(visit, &bytes).await;
    let finding = the_only(&manager, "").await;
    let due = clock::now().day(app.app.zone).succ_opt().unwrap().to_string();
    let photos = json!([{"inspection_id": visit, "sha256": hash(&bytes)}]);
    let order = json!({"to": "prescribed", "note": "Nota 12", "due_on": due, "photos": photos});

    let ordered = moved(&manager, &finding, order.clone()).await;

    assert_eq!((&ordered["state"], &ordered["due_on"]), (&json!("prescribed"), &json!(due)));
    let again = manager.post(&moves_of(&finding), &order).await;
    assert_eq!(again.status(), 200, "the same again changes nothing");
    assert_eq!(again.json()["moves"].as_array().unwrap().len(), 1);
    for to in ["action_submitted", "contested", "verified", "closed"] {
        moved(&manager, &finding, json!({"to": to})).await;
    }
    let shown = manager.member(&format!("{ALL}/{}", finding["id"].as_str().unwrap()), "").await;
    let course = shown["moves"].as_array().unwrap();
    let course: Vec<_> = course.iter().map(|made| made["to"].as_str().unwrap()).collect();
    assert_eq!(course, ["prescribed", "action_submitted", "contested", "verified", "closed"]);
    let first = &shown["moves"][0];
    assert_eq!((&first["note"], &first["photos"]), (&json!("Nota 12"), &photos));
    assert_eq!((&first["by"], &first["by_name"]), (&json!(manager.id.0), &json!(manager.name)));
    let audited = app.audited().await;
    assert_eq!(audited.iter().filter(|action| *action == "finding_moved").count(), 5);
}

#[tokio::test]
async fn a_move_that_is_not_possible_changes_nothing() {
    let (app, monitor, manager) = world().await;
    monitor.submitted(&failing("AL-11", "no")).await;
    let finding = the_only(&manager, "").await;
    let nowhere = json!([{"inspection_id": Uuid::nil(), "sha256": "00".repeat(32)}]);
    let table = [
        (json!({"to": "closed"}), 409, "wrong-state", ""),
        (json!({"to": "open"}), 409, "wrong-state", ""),
        (json!({"to": "void"}), 422, "reason-required", "/note"),
        (json!({"to": "void", "note": " "}), 422, "reason-required", "/note"),
        (json!({"to": "verified", "due_on": "2099-01-01"}), 422, "only-when-prescribed", "/due_on"),
        (json!({"to": "prescribed", "due_on": "2020-01-01"}), 422, "in-the-past", "/due_on"),
        (json!({"to": "prescribed", "due_on": "tomorrow"}), 422, "not-a-day", "/due_on"),
        (json!({"to": "prescribed", "photos": nowhere}), 422, "photo-not-listed", "/photos/0"),
        (json!({"to": "gone"}), 422, "not-an-option", "/to"),
        (json!({"to": "prescribed", "by": "me"}), 422, "unknown-field", "/by"),
    ];
    for (wish, status, code, pointer) in table {
        let answer = manager.post(&moves_of(&finding), &wish).await;
        assert_eq!(answer.status(), status, "{wish}: {}", answer.text());
        if status == 409 {
            assert_eq!(answer.problem_or_none(), code, "{wish}");
        } else {
            let fault = answer.json()["errors"][0].clone();
            assert_eq!((&fault["code"], &fault["pointer"]), (&json!(code), &json!(pointer)));
        }
    }
    let wish = json!({"to": "prescribed"});
    for other in [&monitor, &app.viewer("BT").await, &app.admin().await] {
        assert_eq!(other.post(&moves_of(&finding), &wish).await.status(), 403);
    }
    let elsewhere = app.manager("FG").await;
    assert_eq!(elsewhere.post(&moves_of(&finding), &wish).await.status(), 404);
    assert_eq!(the_only(&manager, "").await, finding);
}

#[tokio::test]
async fn a_correction_moves_the_findings_with_it() {
    let (_app, monitor, manager) = world().await;
    let first = monitor.submitted(&failing("AL-11", "no")).await;
    let before = the_only(&manager, "").await;
    moved(&manager, &before, json!({"to": "prescribed"})).await;
    let corrected = with(failing("AL-02", "no"), "/corrects", json!(first));

    let second = monitor.submitted(&corrected).await;

    let gone = the_only(&manager, "?state=void").await;
    assert_eq!((&gone["id"], &gone["withdrawn"]), (&before["id"], &json!(true)));
    let shown = manager.member(&format!("{ALL}/{}", gone["id"].as_str().unwrap()), "").await;
    let last = &shown["moves"][1];
    assert_eq!((&last["by"], &last["inspection_id"]), (&json!(null), &json!(second)));
    let other = the_only(&manager, "?state=open").await;
    assert_eq!((&other["item"], &other["opened_at"]), (&json!("AL-02"), &before["opened_at"]));
    let refused = manager.post(&moves_of(&gone), &json!({"to": "verified"})).await;
    assert_eq!(refused.problem_or_none(), "wrong-state");
    // Another correction takes it back: the finding is where it stood.
    let again = with(failing("AL-11", "no"), "/corrects", json!(second));
    monitor.submitted(&again).await;
    let back = the_only(&manager, "?state=prescribed").await;
    assert_eq!((&back["id"], &back["withdrawn"]), (&before["id"], &json!(false)));
    assert_eq!(the_only(&manager, "?state=void").await["item"], "AL-02");
}

#[tokio::test]
async fn overdue_is_reckoned_when_it_is_asked() {
    let (app, monitor, manager) = world().await;
    monitor.submitted(&failing("AL-11", "no")).await;
    assert_eq!(listed(&manager, "?overdue=true").await.len(), 0);
    // Time does not pass in a test: the day is moved instead.
    app.sql("UPDATE findings SET due_on = '2026-01-02'").await;
    let late = the_only(&manager, "?overdue=true").await;
    assert_eq!(late["overdue"], true);
    assert_eq!(listed(&manager, "?overdue=false").await.len(), 0);
    moved(&manager, &late, json!({"to": "verified"})).await;
    assert_eq!(listed(&manager, "?overdue=true").await.len(), 0);
}

#[tokio::test]
async fn findings_come_as_a_table_for_spreadsheets() {
    let (_app, monitor, manager) = world().await;
    monitor.submitted(&saying(failing("AL-11", "no"), "AL-02", "no")).await;
    let ask = manager.ask(reqwest::Method::GET, ALL).header("accept", "text/csv");
    let answer = ask.header("accept-language", "it").send().await;
    assert_eq!(answer.status(), 200);
    let text = answer.text().to_owned();
    let mut lines = text.lines();
    assert!(
        lines.next().unwrap().starts_with("id,facility,facility_name,territory,checklist,item,")
    );
    let rest: Vec<_> = lines.collect();
    assert_eq!(rest.len(), 2, "{text}");
    assert!(rest[0].contains(",AL-11,Le uscite sono libere,critical,open,"), "{text}");
}

#[tokio::test]
async fn visits_that_still_owe_are_settled_in_any_order_to_the_same() {
    let (app, monitor, manager) = world().await;
    // As if a process had died before it worked them out, or was of the release before.
    let days = [5, 9, 2, 7];
    for (day, value) in days.into_iter().zip(["no", "no", "yes", "no"]) {
        monitor.submitted(&at(failing("AL-11", value), &days_ago(day))).await;
    }
    let known = the_only(&manager, "").await;
    assert_eq!(known["repeats"], 2);
    assert_ne!(known["closing_proposed"], json!(null));
    app.sql("DELETE FROM findings").await;
    app.sql("INSERT INTO finding_debts SELECT id, facility_id FROM inspections").await;
    settle_all(&app.app, clock::now()).await.unwrap();
    let mut again = the_only(&manager, "").await;
    again["id"] = known["id"].clone();
    assert_eq!(again, known);
}

#[tokio::test]
async fn many_visits_at_once_open_each_finding_once() {
    let (app, monitor, manager) = world().await;
    app.facility("BT-0002").await;
    let sent = (0..16).map(|number| {
        let mut sent = at(failing("AL-11", "no"), &days_ago(number / 2));
        sent["facility"] = json!(if number % 2 == 0 { "BT-0001" } else { "BT-0002" });
        let monitor = monitor.clone();
        tokio::spawn(async move { monitor.submit(Uuid::now_v7(), &sent).await.status() })
    });
    for one in sent.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap(), 201);
    }
    settle_all(&app.app, clock::now()).await.unwrap();
    let all = listed(&manager, "").await;
    assert_eq!(all.len(), 2, "{all:#?}");
    assert!(all.iter().all(|finding| finding["repeats"] == 7), "{all:#?}");
}
