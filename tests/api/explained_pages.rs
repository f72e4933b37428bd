//! The pages that say why: the band of a visit, its arithmetic, the indicators, and how a
//! centre moves.

use serde_json::{Value, json};

use crate::pages::Browser;
use crate::support::{TestApp, at, days_ago, saying, short, visit, with};

/// The page of a visit in a language.
async fn page(browser: &Browser, id: uuid::Uuid, lang: &str) -> String {
    let page = browser.get(&format!("/inspections/{id}?lang={lang}")).await;
    assert_eq!(page.status(), 200);
    page.text().to_owned()
}

fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part}: {text}");
    }
}

#[tokio::test]
async fn a_visit_says_what_decided_its_band_and_what_would_lift_it() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::of(&app, &monitor);
    let poor = saying(saying(visit("BT-0001"), "AL-11", "no"), "AL-02", "partial");
    let id = monitor.submitted(&poor).await;

    let text = page(&browser, id, "it").await;
    says(
        &text,
        &[
            "Una voce critica non è conforme: basta questa perché la fascia sia «Critico»",
            "Decide il punteggio: 68,7 è almeno 60 e meno di 75, quindi la fascia è «Da migliorare».",
            "Se la voce indicata fosse conforme, la fascia sarebbe «Adeguato» con 89,5 punti.",
            "<a href=\"#AL-11\">Le uscite sono libere</a>",
            "+20,8 punti",
            "Modello di punteggio TRIAL 1.0.0",
            "Dalle dimensioni al punteggio: 68,7",
            "Igiene: 68,7",
            "Punti = 100 × peso × valore ÷ 8, il peso rilevato (su 8 dovuto)",
            "non dovuta in questo centro",
        ],
    );
    // The share of each dimension, what it brings, and what is lost in one of them.
    says(&text, &["33,3%", ">22,9<", ">33,3<", ">31,2<", ">10,4<", ">20,8<"]);
    says(
        &page(&browser, id, "en").await,
        &[
            "A critical item is not compliant",
            "The score decides: 68.7 is at least 60 and less than 75",
            "If the item named were compliant, the band would be “Adequate” with 89.5 points.",
            "+20.8 points",
            "Hygiene: 68.7",
        ],
    );
    // The centre says the same of the visit behind its scorecard, and leads to its answers.
    let centre = browser.get("/facilities/BT-0001?lang=en").await;
    says(
        centre.text(),
        &[
            "A critical item is not compliant",
            "the band would be “Adequate” with 89.5 points.",
            &format!("<a href=\"/inspections/{id}#AL-11\">The exits are free</a>"),
            &format!("href=\"/inspections/{id}#why\""),
        ],
    );
    assert!(!centre.text().contains("found in other visits as well"));

    // A later visit that is well and did not look there leaves the item open. It counts more
    // beds, so that one item less is not too little.
    let unseen = saying(visit("BT-0001"), "AL-11", "not_observed");
    let unseen = saying(saying(unseen, "AL-01", 30), "AL-12", "yes");
    monitor.submitted(&at(unseen, &days_ago(1))).await;
    let centre = browser.get("/facilities/BT-0001?lang=en").await;
    says(centre.text(), &["found in other visits as well", "Of the visit behind the scorecard"]);
}

#[tokio::test]
async fn every_rule_has_its_sentence() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::of(&app, &monitor);
    let well = || visit("BT-0001");
    let unseen = |visit: Value, item: &str| saying(visit, item, "not_observed");
    let stories = [
        (well(), ["Decide il punteggio: 100,0 è almeno 90", "Niente: è la fascia migliore."]),
        (
            saying(well(), "AL-02", "no"),
            [
                "Il punteggio, 79,1, sarebbe da «Adeguato», ma una dimensione è sotto il minimo \
                 di 60: «Igiene» (37,5).",
                "la fascia sarebbe «Buono» con 100,0 punti.",
            ],
        ),
        (
            unseen(unseen(well(), "AL-02"), "AL-21"),
            ["La copertura è 60,0% e deve essere almeno 80,0%", "Bisogna guardare almeno"],
        ),
        (
            unseen(unseen(well(), "AL-21"), "AL-24"),
            ["Della sezione «Servizi» non si è visto nulla", "Bisogna guardare almeno"],
        ),
        (
            with(well(), "/answers", json!([])),
            ["Nessuna delle voci che danno punti era dovuta e rilevata", "Bisogna guardare"],
        ),
    ];
    for (visit, parts) in stories {
        let id = monitor.submitted(&visit).await;
        says(&page(&browser, id, "it").await, &parts);
    }
}

const INDICATORS: &str = r#"
schema_version: 1
indicators: { code: TRIAL-IND, version: "1.0.0", title: { it: Prova, en: Trial } }
definitions:
- code: IND-HYG-01
  title: { it: Locali in ordine, en: Rooms in order }
  dimension: HYGIENE
  unit: percent
  numerator: { passed: [AL-02, AL-03] }
  denominator: { observed: [AL-02, AL-03] }
  may_be_empty: true
  direction: higher_is_better
  good: 95
  fair: 80
  critical: true
  source: [OWN]
- code: IND-SER-01
  title: { it: Medico nel mese, en: Doctor in the month }
  dimension: SERVICES
  unit: hours
  value: { item: AL-24 }
  direction: higher_is_better
  good: 40
  fair: 20
  source: [OWN]
- code: IND-SAF-01
  title: { it: Caldo nelle camere, en: Warmth of rooms }
  dimension: SAFETY
  unit: celsius
  value: { item: AL-13 }
  direction: range
  good: [18, 22]
  source: [OWN]
"#;

#[tokio::test]
async fn indicators_stand_beside_the_score_and_a_critical_one_warns() {
    let folder = tempfile::tempdir().unwrap();
    let trial = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/trial");
    for file in std::fs::read_dir(trial).unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    std::fs::write(folder.path().join("indicators.yaml"), INDICATORS).unwrap();
    let path = folder.path().display().to_string();
    let app = TestApp::start_with(|settings| settings.checklists = Some(path)).await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::of(&app, &monitor);
    let visit = saying(visit("BT-0001"), "AL-02", "partial");
    let id = monitor.submitted(&saying(visit, "AL-13", "not_observed")).await;

    let text = page(&browser, id, "it").await;
    says(
        &text,
        &[
            "Locali in ordine",
            ">75%<",
            "Scarso",
            "Buono: almeno 95%",
            "1,5 diviso 2",
            "Avviso",
            "40 ore",
            "Senza valore (1)",
            "nessun valore: manca Temperatura delle camere",
        ],
    );
    let centre = browser.get("/facilities/BT-0001?lang=en").await;
    let warning =
        "Rooms in order: 75%, level poor. This is a warning: it does not change the band.";
    says(centre.text(), &[warning, "no value: Temperature of the rooms is missing", "40 hours"]);
    assert!(centre.text().find(warning) < centre.text().find("id=\"dimensions\""), "at the top");
    let visit_link = format!("<a href=\"/inspections/{id}#AL-02\">The rooms are clean</a>");
    says(centre.text(), &[&visit_link]);
}

#[tokio::test]
async fn the_chart_of_a_centre_says_whether_it_changed_and_where_it_breaks() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let browser = Browser::of(&app, &monitor);
    let centre = |lang: &str| format!("/facilities/BT-0001?lang={lang}");
    let made = async |kind: &str, ended: &str, rooms: &str, version: &str| {
        let visit = saying(at(visit("BT-0001"), ended), "AL-02", rooms);
        let visit = with(with(visit, "/kind", json!(kind)), "/checklist/version", json!(version));
        monitor.submitted(&visit).await
    };
    made("unannounced", "2024-01-01T10:00:00.000Z", "yes", "1.0.0").await;
    made("announced", "2024-02-01T10:00:00.000Z", "yes", "1.0.0").await;
    let page = browser.get(&centre("it")).await;
    says(page.text(), &["Visite senza preavviso: <strong>Troppo poche visite.</strong>"]);
    says(page.text(), &["Visite di tipo «Preavvisata», a parte: <strong>Troppo poche visite."]);
    assert!(!page.text().contains("class=\"level s0\" vector"), "one visit is no line");

    for month in ["2024-02", "2024-03", "2024-04"] {
        made("unannounced", &format!("{month}-03T10:00:00.000Z"), "yes", "1.0.0").await;
    }
    for month in ["2024-11", "2024-12", "2025-01", "2025-02"] {
        made("unannounced", &format!("{month}-03T10:00:00.000Z"), "no", "1.0.0").await;
    }
    let little = short("BT-0001", "follow_up", "2025-02-10T10:00:00.000Z", &[("AL-02", "yes")]);
    monitor.submitted(&little).await;
    made("unannounced", "2025-03-03T10:00:00.000Z", "no", "1.1.0").await;
    let page = browser.get(&centre("it")).await;
    says(
        page.text(),
        &[
            "Visite senza preavviso: <strong>In peggioramento.</strong> In 365 giorni il livello \
             è sceso di ",
            "il caso non basta a spiegarla",
            "class=\"level s0\" vector",
            "class=\"interval s0\" vector",
            "<text class=\"break\"",
            "3 mar 2025</time>: scheda ALFA 1.1.0",
            "segno vuoto: copertura insufficiente",
            "attraverso i cambi si confrontano le 10 voci che tutte le versioni chiedono \
             (versione 1.0.0: 10 voci, versione 1.1.0: 10 voci)",
        ],
    );
    let page = browser.get(&centre("en")).await;
    says(page.text(), &["<strong>Worsening.</strong> In 365 days the level fell by "]);
    says(page.text(), &["checklist ALFA 1.1.0"]);

    for (code, rooms) in
        [("BT-0002", "no"), ("BT-0003", "yes"), ("BT-0004", "yes"), ("BT-0005", "yes")]
    {
        app.facility(code).await;
        let other = saying(at(visit(code), "2025-02-01T10:00:00.000Z"), "AL-02", rooms);
        monitor.submitted(&other).await;
    }
    let page = browser.get(&centre("it")).await;
    says(page.text(), &["Quota degli altri 4 centri", "che hanno un punteggio peggiore: 12,5%"]);
}

#[tokio::test]
async fn the_next_visits_stand_in_order_with_their_reasons() {
    let app = TestApp::start().await;
    for code in ["BT-0001", "BT-0002", "BT-0003"] {
        app.facility(code).await;
    }
    let manager = app.manager("BT").await;
    let browser = Browser::of(&app, &manager);
    let address = "/territories/BT/next-visits";
    let territory = browser.get("/territories/BT").await;
    says(territory.text(), &[&format!("href=\"{address}\"")]);
    let ended = days_ago(10);
    let content = json!({
        "facility": "BT-0002", "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
        "kind": "unannounced", "started_at": ended, "ended_at": ended,
        "answers": [{"item": "FH-A02", "value": "no"}],
    });
    manager.submitted(&content).await;

    let page = browser.get(address).await;
    assert_eq!(page.status(), 200);
    let text = page.text();
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what}: {text}"));
    assert!(place("/facilities/BT-0001") < place("/facilities/BT-0003"), "by code");
    assert!(place("/facilities/BT-0003") < place("/facilities/BT-0002"), "never seen goes first");
    says(text, &["mai visitato <b class=\"nowrap\">+90,0</b>", "VIGILA-VISITS 1.0.0"]);
    says(text, &["voci critiche aperte: 1 <b class=\"nowrap\">+40,0</b>"]);
    let english = browser.get(&format!("{address}?lang=en")).await;
    says(english.text(), &["critical items now: 1", "never visited", "Centres to visit first: 3"]);
    let stranger = Browser::of(&app, &app.manager("BA").await);
    assert_eq!(stranger.get(address).await.status(), 404);
}
