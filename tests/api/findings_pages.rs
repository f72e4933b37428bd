//! Findings on pages: at a centre, in the list of a territory, and moved by a form without
//! JavaScript.

use serde_json::json;
use uuid::Uuid;
use vigila::clock;

use crate::pages::Browser;
use crate::support::{
    Answer, TestApp, TestPerson, address, at, days_ago, hash, photo, saying, short, showing, visit,
    with,
};

const LIST: &str = "/territories/BT/findings";
const CENTRE: &str = "/facilities/BT-0001";

struct World {
    app: TestApp,
    monitor: TestPerson,
    manager: TestPerson,
    browser: Browser,
}

async fn world() -> World {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let (monitor, manager) = (app.monitor("BT").await, app.manager("BT").await);
    let browser = Browser::of(&app, &manager);
    World { app, monitor, manager, browser }
}

impl World {
    /// The address of the page of the finding of an item.
    async fn finding(&self, item: &str) -> String {
        let all = self.manager.member("/api/v1/findings", "/items").await;
        let found = all.as_array().unwrap().iter().find(|one| one["item"] == item);
        format!("/findings/{}", found.unwrap()["id"].as_str().unwrap())
    }

    async fn state(&self, page: &str) -> serde_json::Value {
        self.manager.member(&format!("/api/v1{page}"), "/state").await
    }
}

fn failing(item: &str, days: i64) -> serde_json::Value {
    at(saying(visit("BT-0001"), item, "no"), &days_ago(days))
}

fn says(answer: &Answer, parts: &[&str]) {
    assert_eq!(answer.status(), 200, "{}", answer.text());
    for part in parts {
        assert!(answer.text().contains(part), "no {part}: {}", answer.text());
    }
}

fn tells_not(answer: &Answer, parts: &[&str]) {
    for part in parts {
        assert!(!answer.text().contains(part), "{part}: {}", answer.text());
    }
}

/// The moves that the form offers.
fn offered(answer: &Answer) -> Vec<&str> {
    let each = answer.text().split(r#"name="to" value=""#).skip(1);
    each.map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test]
async fn a_centre_lists_its_findings_those_due_first_and_the_settled_folded_away() {
    let world = world().await;
    says(&world.browser.get(CENTRE).await, &["Nessuna non conformità da definire."]);
    world.monitor.submitted(&saying(failing("AL-11", 9), "AL-02", "no")).await;
    let again = world.monitor.submitted(&failing("AL-11", 6)).await;
    world.app.sql("UPDATE findings SET due_on = '2026-01-02' WHERE item = 'AL-11'").await;
    let (late, other) = (world.finding("AL-11").await, world.finding("AL-02").await);

    let page = world.browser.get(CENTRE).await;

    let last = format!(r#"<a href="/inspections/{again}#AL-11">"#);
    let parts = ["Le uscite sono libere", "Critica", "Termine scaduto", "2 gen 2026", &late, &last];
    says(&page, &parts);
    let place = |address: &str| page.text().find(address).unwrap();
    assert!(place(&late) < place(&other), "the most urgent first");
    // A later visit found the other in order: that is said, with the visit.
    let passed = format!("/inspections/{again}#AL-02");
    says(&page, &["Chiusura proposta", &passed, "dalla visita del"]);
    tells_not(&page, &["<summary>Definite"]);

    let closed = world.browser.post(&other, &[("to", "closed"), ("seen", "0")]).await;
    assert_eq!((closed.status(), closed.header("location")), (303, &*other));
    let page = world.browser.get(&format!("{CENTRE}?lang=en")).await;
    says(&page, &["Settled: verified, closed or void (1)", "Overdue", "Closed", "All findings of"]);
    tells_not(&page, &["Closing proposed"]);
}

#[tokio::test]
async fn a_manager_moves_a_finding_by_the_form() {
    let world = world().await;
    let bytes = photo(0);
    let visit = world.monitor.submitted(&showing(failing("AL-11", 3), "AL-11", &[&bytes])).await;
    world.monitor.send_photo(visit, &bytes).await;
    let finding = world.finding("AL-11").await;
    let page = world.browser.get(&finding).await;
    says(&page, &["Le uscite sono libere", "L&#39;ha aperta; L&#39;ha rilevata per ultima"]);
    let to = ["prescribed", "action_submitted", "contested", "verified", "void"];
    assert_eq!(offered(&page), to);
    let photo = format!("{visit}/{}", hash(&bytes));
    says(&page, &[&format!(r#"name="photos" value="{photo}""#), "Prescrivi", "Annulla"]);

    let due = clock::now().day(world.app.app.zone).succ_opt().unwrap().to_string();
    let fields = [
        ("to", "prescribed"),
        ("note", " Nota <12>\r\nalla cooperativa "),
        ("due_on", &*due),
        ("photos", &*photo),
        ("seen", "0"),
    ];
    let done = world.browser.post(&finding, &fields).await;
    assert_eq!((done.status(), done.header("location")), (303, &*finding));
    // The button pressed twice makes one move.
    assert_eq!(world.browser.post(&finding, &fields).await.status(), 303);

    let page = world.browser.get(&finding).await;
    let name = format!("{}, il ", world.manager.name);
    let thumbnail = format!("/inspections/{visit}/photos/{}?rendition=thumbnail", hash(&bytes));
    let parts = ["Prescritta", &name, "Nota &#60;12&#62;\nalla cooperativa", "Termine dato"];
    says(&page, &parts);
    says(&page, &[&thumbnail]);
    assert_eq!(page.text().matches("(prima: aperta)").count(), 1);
    let moves = world.manager.member(&format!("/api/v1{finding}"), "/moves").await;
    assert_eq!(moves.as_array().unwrap().len(), 1, "{moves:#}");
    assert_eq!(moves[0]["due_on"], json!(due));
    for (seen, to) in ["verified", "closed"].into_iter().enumerate() {
        let seen = (seen + 1).to_string();
        let done = world.browser.post(&finding, &[("to", to), ("seen", &seen)]).await;
        assert_eq!(done.status(), 303, "{}", done.text());
    }
    let page = world.browser.get(&finding).await;
    says(&page, &["Chiusa", "Definita il"]);
    assert_eq!(offered(&page), <[&str; 0]>::default(), "what is closed stays so");
    tells_not(&page, &[r#"method="post" action="/findings"#]);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_told_at_its_field_and_kept_in_the_form() {
    let world = world().await;
    world.monitor.submitted(&failing("AL-11", 3)).await;
    let finding = world.finding("AL-11").await;
    let nowhere = format!("{}/{}", Uuid::nil(), "00".repeat(32));
    let long = "x".repeat(2001);
    type Fields<'a> = &'a [(&'a str, &'a str)];
    let table: [(Fields<'_>, u16, &str, &str); 9] = [
        (&[], 422, "to-wrong", "Scegliere uno dei passaggi."),
        (&[("to", "gone")], 422, "to-wrong", "Scegliere uno dei passaggi."),
        (&[("to", "void"), ("note", " ")], 422, "note-wrong", "va detto il motivo"),
        (&[("to", "void"), ("note", &long)], 422, "note-wrong", "fino a 2000"),
        (&[("to", "prescribed"), ("due_on", "domani")], 422, "due-wrong", "Non è un giorno"),
        (&[("to", "prescribed"), ("due_on", "2020-01-01")], 422, "due-wrong", "già passato"),
        (&[("to", "verified"), ("due_on", "2099-01-01")], 422, "due-wrong", "solo prescrivendo"),
        (&[("to", "prescribed"), ("photos", &nowhere)], 422, "photos-wrong", "Scegliere fino"),
        (&[("to", "closed")], 409, "trouble", "questo passaggio non è possibile"),
    ];
    for (fields, status, id, words) in table {
        let sent = [fields, &[("seen", "0")]].concat();
        let answer = world.browser.post(&finding, &sent).await;
        assert_eq!(answer.status(), status, "{fields:?}: {}", answer.text());
        for part in [&format!(r#"id="{id}""#), words, "<title>Errore:"] {
            assert!(answer.text().contains(part), "{fields:?}, {part}: {}", answer.text());
        }
    }
    let sent = [("to", "void"), ("note", ""), ("due_on", "2099-05-06"), ("seen", "0")];
    let again = world.browser.post(&format!("{finding}?lang=en"), &sent).await;
    for part in ["To void it, say why.", r#"value="void" required checked"#, "2099-05-06"] {
        assert!(again.text().contains(part), "{part}: {}", again.text());
    }
    assert_eq!(world.state(&finding).await, "open");

    // Somebody moved it after the form was shown.
    let moved = world.browser.post(&finding, &[("to", "prescribed"), ("seen", "0")]).await;
    assert_eq!(moved.status(), 303);
    let late = world.browser.post(&finding, &[("to", "verified"), ("seen", "0")]).await;
    assert_eq!(late.status(), 409);
    assert!(late.text().contains("Nel frattempo è cambiata"), "{}", late.text());
    assert_eq!(world.state(&finding).await, "prescribed");
}

#[tokio::test]
async fn others_read_and_move_nothing() {
    let world = world().await;
    world.monitor.submitted(&failing("AL-11", 3)).await;
    let finding = world.finding("AL-11").await;
    let viewer = world.app.viewer("BT").await;
    for other in [&world.monitor, &viewer, &world.app.admin().await] {
        let browser = Browser::of(&world.app, other);
        let page = browser.get(&finding).await;
        says(&page, &["Le uscite sono libere", "Iter"]);
        tells_not(&page, &[r#"name="to""#]);
        let refused = browser.post(&finding, &[("to", "prescribed"), ("seen", "0")]).await;
        assert_eq!(refused.status(), 403);
    }
    let elsewhere = Browser::of(&world.app, &world.app.manager("FG").await);
    for page in [&*finding, LIST, "/territories/BT/findings.csv"] {
        assert_eq!(elsewhere.get(page).await.status(), 404, "{page}");
    }
    let moved = elsewhere.post(&finding, &[("to", "prescribed"), ("seen", "0")]).await;
    assert_eq!(moved.status(), 404);
    assert_eq!(world.state(&finding).await, "open");
}

#[tokio::test]
async fn a_monitor_is_led_to_no_visit_of_others() {
    let world = world().await;
    let colleague = world.app.monitor("BT").await;
    let hidden = colleague.submitted(&failing("AL-11", 9)).await;
    let own = world.monitor.submitted(&failing("AL-11", 6)).await;
    let page = Browser::of(&world.app, &world.monitor).get(&world.finding("AL-11").await).await;
    says(&page, &[&format!("/inspections/{own}#AL-11"), "una visita di altri"]);
    tells_not(&page, &[&hidden.to_string()]);
}

#[tokio::test]
async fn the_list_of_a_territory_is_filtered_paged_and_downloaded() {
    let world = world().await;
    let sent = saying(saying(failing("AL-11", 3), "AL-02", "no"), "AL-13", json!(30));
    world.monitor.submitted(&sent).await;
    world.app.sql("UPDATE findings SET due_on = '2026-01-02' WHERE item = 'AL-11'").await;
    let territory = world.browser.get("/territories/BT").await;
    let counts = "Non conformità: 1 scadute, 0 con chiusura proposta, 3 da definire in tutto";
    says(&territory, &[LIST, counts]);
    let passed = short("BT-0001", "follow_up", &days_ago(1), &[("AL-02", "yes")]);
    world.monitor.submitted(&passed).await;
    let finding = world.finding("AL-13").await;
    let void = [("to", "void"), ("note", "misurata altrove"), ("seen", "0")];
    assert_eq!(world.browser.post(&finding, &void).await.status(), 303);

    let table: [(&str, &[&str]); 8] = [
        ("", &["AL-11", "AL-02"]),
        ("?state=all", &["AL-11", "AL-02", "AL-13"]),
        ("?state=void&severity=&only=", &["AL-13"]),
        ("?severity=critical", &["AL-11"]),
        ("?only=overdue", &["AL-11"]),
        ("?only=proposed", &["AL-02"]),
        ("?facility=BT-0001&state=open&severity=major", &["AL-02"]),
        ("?facility=BT-0009", &[]),
    ];
    for (query, expected) in table {
        let page = world.browser.get(&format!("{LIST}{query}")).await;
        says(&page, &["Non conformità nella provincia di Barletta-Andria-Trani"]);
        let download = world.browser.get(&format!("{LIST}.csv{query}")).await;
        assert!(download.header("content-type").starts_with("text/csv"));
        assert_eq!(download.text().lines().count(), expected.len() + 1, "{}", download.text());
        for item in ["AL-11", "AL-02", "AL-13"] {
            let is_there = expected.contains(&item);
            let cell = format!(r#"<span class="code">{item}</span>"#);
            assert_eq!(page.text().contains(&cell), is_there, "{query} {item}");
            assert_eq!(download.text().contains(item), is_there, "{query} {item}");
        }
    }
    for query in ["?state=gone", "?severity=x", "?only=x", "?facility=x%00", "?after=x"] {
        assert_eq!(world.browser.get(&format!("{LIST}{query}")).await.status(), 404, "{query}");
    }
    let filtered = world.browser.get(&format!("{LIST}?state=all&only=overdue")).await;
    let same = "/territories/BT/findings.csv?state=all&#38;only=overdue";
    says(&filtered, &[same, r#"<option value="overdue" selected>"#]);
}

#[tokio::test]
async fn many_findings_come_page_by_page_each_once() {
    let world = world().await;
    for number in 2..30 {
        let code = format!("BT-{number:04}");
        world.app.facility(&code).await;
        let sent = with(saying(failing("AL-11", 3), "AL-02", "no"), "/facility", json!(code));
        world.monitor.submitted(&sent).await;
    }
    let mut page = world.browser.get(LIST).await;
    let mut found = Vec::new();
    let mut pages = 1;
    loop {
        let links = page.text().split(r#"row"><a href="/findings/"#).skip(1);
        found.extend(links.map(|rest| rest[..36].to_owned()));
        let Some(next) = page.text().split(r#"" rel="next""#).next().filter(|_| pages < 5) else {
            break;
        };
        if next.len() == page.text().len() {
            break;
        }
        let next = next.rsplit(r#"href=""#).next().unwrap().replace("&#38;", "&");
        page = world.browser.get(&next).await;
        pages += 1;
    }
    let count = found.len();
    found.sort();
    found.dedup();
    assert_eq!((pages, count, found.len()), (2, 56, 56));
    says(&page, &["Dall&#39;inizio"]);
}

#[tokio::test]
async fn a_correction_is_told_in_the_course() {
    let world = world().await;
    let first = world.monitor.submitted(&failing("AL-11", 3)).await;
    let finding = world.finding("AL-11").await;
    let moved = world.browser.post(&finding, &[("to", "prescribed"), ("seen", "0")]).await;
    assert_eq!(moved.status(), 303);
    let corrected = with(failing("AL-02", 3), "/corrects", json!(first));
    let second = world.monitor.submitted(&corrected).await;
    let page = world.browser.get(&finding).await;
    let link = format!(r#"<a href="/inspections/{second}">la correzione</a>"#);
    says(&page, &["Annullata", "a seguito di una correzione", &link, "nessuna visita che conta"]);
    assert_eq!(offered(&page), <[&str; 0]>::default());
    assert_eq!(world.manager.get(&address(second)).await.status(), 200);
}
