//! Centres: what an office keeps of them, and who sees which.

use reqwest::Method;
use serde_json::{Value, json};
use vigila_core::domain::{Contract, FacilityKind};

use crate::support::{Answer, TestApp, TestPerson};

const PATH: &str = "/api/v1/facilities";

fn small(code: &str) -> Value {
    json!({"code": code, "name": "Centro di prova", "kind": "cas_collective",
        "territory": &code[..2], "municipality": "Comune di prova"})
}

/// `small` with more members.
fn with(code: &str, more: Value) -> Value {
    let mut body = small(code);
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

async fn import(who: &TestPerson, text: &str) -> Answer {
    who.ask(Method::POST, &format!("{PATH}/import")).body("text/csv", text).send().await
}

#[tokio::test]
async fn a_centre_is_added_and_read_as_it_was_sent() {
    let app = TestApp::start().await;
    let manager = app.manager("BT").await;
    let body = with(
        "BT-0007",
        json!({
            "istat_code": "110001", "latitude": 41.2264, "longitude": 16.2976, "authorised_places": 40,
            "managing_body": {"name": "Ente di prova", "tax_code": "00000000000", "pec": "ente@pec.example.org"},
            "contract": {"cig": "Z000000000", "starts_on": "2020-01-01", "ends_on": "2999-12-31",
                "parameters": {"medical_hours": 12, "night_guard": true, "ratio": 0.5}},
            "facts": {"beds": 38, "special_needs_mobility": true}, "active": true
        }),
    );

    let answer = manager.post(PATH, &body).await;

    assert_eq!(answer.status(), 201, "{}", answer.text());
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("{PATH}/{id}"));
    assert_eq!(answer.header("etag"), "\"1.2020-01-01\"");
    let mut expected = body.clone();
    expected["id"] = json!(id);
    expected["contracts"] = json!([body["contract"]]);
    assert_eq!(answer.json(), expected);
    let viewer = app.viewer("BT").await;
    for name in [id.as_str(), "BT-0007"] {
        let read = viewer.get(&format!("{PATH}/{name}")).await;
        assert_eq!((read.status(), read.json()), (200, expected.clone()), "{name}");
        assert_eq!(read.header("etag"), answer.header("etag"));
    }
    assert_eq!(app.audited().await, ["facility_added"]);
}

#[tokio::test]
async fn what_a_centre_lacks_is_left_out() {
    let app = TestApp::start().await;
    let answer = app.manager("BT").await.post(PATH, &small("BT-0001")).await;
    assert_eq!((answer.status(), answer.header("etag")), (201, "\"1\""));
    insta::assert_json_snapshot!(answer.told(), @r#"
    {
      "active": true,
      "code": "BT-0001",
      "contracts": [],
      "facts": {},
      "id": "[id]",
      "kind": "cas_collective",
      "municipality": "Comune di prova",
      "name": "Centro di prova",
      "territory": "BT"
    }
    "#);
}

#[tokio::test]
async fn a_code_is_of_one_centre_only_wherever_it_lies() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |facility| facility.territory = "BA".parse().unwrap()).await;
    let answer = app.manager("BT").await.post(PATH, &small("BT-0001")).await;
    assert_eq!((answer.status(), answer.problem().as_str()), (409, "code-in-use"));
}

#[tokio::test]
async fn a_manager_keeps_centres_of_its_own_territories_only() {
    let app = TestApp::start().await;
    let manager = app.manager("BT BA").await;
    assert_eq!(manager.post(PATH, &small("BA-0001")).await.status(), 201);
    for territory in ["FG", "XX", "bt", ""] {
        let answer = manager.post(PATH, &with("BT-0009", json!({"territory": territory}))).await;
        assert_eq!(answer.status(), 422);
        assert_eq!(answer.faults(), ["/territory unknown-territory"], "{territory}");
    }
    assert_eq!(app.admin().await.post(PATH, &small("FG-0001")).await.status(), 201);
}

#[tokio::test]
async fn every_fault_of_a_centre_is_told_with_its_place() {
    let app = TestApp::start().await;
    let manager = app.manager("BT").await;

    let empty = manager.post(PATH, &json!({})).await;
    assert_eq!(empty.status(), 422);
    let required = ["code", "name", "kind", "territory", "municipality"];
    assert_eq!(empty.faults(), required.map(|name| format!("/{name} required")));

    let table = [
        (json!({"code": "bt-1"}), "/code bad-format"),
        (json!({"code": 7}), "/code wrong-type"),
        (json!({"name": ""}), "/name bad-length"),
        (json!({"name": " \t"}), "/name bad-length"),
        (json!({"name": "x".repeat(201)}), "/name bad-length"),
        (json!({"name": null}), "/name wrong-type"),
        (json!({"name": "a\u{0}b"}), "/name null-character"),
        (json!({"kind": "villa"}), "/kind not-an-option"),
        (json!({"municipality": "x".repeat(121)}), "/municipality bad-length"),
        (json!({"istat_code": "12345"}), "/istat_code bad-format"),
        (json!({"latitude": 41.2}), "/longitude required"),
        (json!({"longitude": 16.2}), "/latitude required"),
        (json!({"latitude": 90.1, "longitude": 1}), "/latitude out-of-range"),
        (json!({"latitude": 1, "longitude": -180.5}), "/longitude out-of-range"),
        (json!({"authorised_places": -1}), "/authorised_places out-of-range"),
        (json!({"authorised_places": 100_001}), "/authorised_places out-of-range"),
        (json!({"authorised_places": 1.5}), "/authorised_places not-an-integer"),
        (json!({"managing_body": "Ente"}), "/managing_body wrong-type"),
        (json!({"managing_body": {"vat": "1"}}), "/managing_body/vat unknown-field"),
        (json!({"contract": {}}), "/contract/starts_on required"),
        (json!({"contract": {"starts_on": "2026-1-1"}}), "/contract/starts_on not-a-day"),
        (
            json!({"contract": {"starts_on": "2026-02-01", "ends_on": "2026-01-31"}}),
            "/contract/ends_on out-of-range",
        ),
        (
            json!({"contract": {"starts_on": "2026-01-01", "parameters": {"Medical": 1}}}),
            "/contract/parameters/Medical bad-format",
        ),
        (
            json!({"contract": {"starts_on": "2026-01-01", "parameters": {"medical": "12"}}}),
            "/contract/parameters/medical wrong-type",
        ),
        (json!({"facts": {"towers": 3}}), "/facts/towers unknown-fact"),
        (json!({"facts": {"capacity": 3}}), "/facts/capacity unknown-fact"),
        (json!({"facts": {"beds": true}}), "/facts/beds wrong-type"),
        (
            json!({"facts": {"special_needs_mobility": 1}}),
            "/facts/special_needs_mobility wrong-type",
        ),
        (json!({"facts": {"beds": 9_007_199_254_740_993_i64}}), "/facts/beds inexact-integer"),
        (json!({"active": "yes"}), "/active wrong-type"),
        (json!({"id": "x"}), "/id unknown-field"),
        (json!({"contracts": []}), "/contracts unknown-field"),
        (json!({"colour": null}), "/colour unknown-field"),
    ];
    for (more, fault) in table {
        let answer = manager.post(PATH, &with("BT-0001", more.clone())).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{more}");
    }
    assert_eq!(manager.post(PATH, &json!([])).await.faults(), [" wrong-type"]);
    assert_eq!(app.stored_facility("BT-0001").await, None);

    let post = |kind, text: String| manager.ask(Method::POST, PATH).body(kind, text).send();
    let text = small("BT-0001").to_string();
    assert_eq!(post("application/merge-patch+json", text.clone()).await.status(), 415);
    assert_eq!(post("application/json", text.replace('}', "")).await.status(), 400);
    assert_eq!(post("application/json", text + &" ".repeat(2 * 1024 * 1024)).await.status(), 413);
}

#[tokio::test]
async fn the_contract_in_force_is_shown_and_all_are_listed() {
    let app = TestApp::start().await;
    let facility = app.facility("BT-0001").await;
    for (starts_on, ends_on) in
        [("2001-01-01", Some("2001-12-31")), ("2002-01-01", None), ("2999-01-01", None)]
    {
        let contract = Contract {
            cig: None,
            starts_on: starts_on.parse().unwrap(),
            ends_on: ends_on.map(|day| day.parse().unwrap()),
            parameters: [].into(),
        };
        app.contract(&facility, contract).await;
    }
    let monitor = app.monitor("BT").await;
    for shown in [
        monitor.get(&format!("{PATH}/BT-0001")).await.json(),
        monitor.get(PATH).await.json()["items"][0].clone(),
    ] {
        assert_eq!(shown["contract"]["starts_on"], "2002-01-01");
        let all = shown["contracts"].as_array().unwrap();
        let days: Vec<_> = all.iter().map(|contract| contract["starts_on"].clone()).collect();
        assert_eq!(days, ["2001-01-01", "2002-01-01", "2999-01-01"]);
    }
}

#[tokio::test]
async fn a_change_names_the_version_that_was_read() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let etag = manager.get(&path).await.header("etag").to_owned();
    let kind = "application/merge-patch+json";

    let blind = manager.ask(Method::PATCH, &path).body(kind, r#"{"name":"A"}"#).send().await;
    assert_eq!((blind.status(), blind.problem().as_str()), (428, "precondition-required"));
    let first = manager.patch(&path, &etag, &json!({"name": "Casa A"})).await;
    assert_eq!((first.status(), first.json()["name"].as_str()), (200, Some("Casa A")));
    assert_ne!(first.header("etag"), etag);
    let late = manager.patch(&path, &etag, &json!({"name": "Casa B"})).await;
    assert_eq!((late.status(), late.problem().as_str()), (412, "stale"));
    let weak = format!("W/{}", first.header("etag"));
    assert_eq!(manager.patch(&path, &weak, &json!({"name": "Casa C"})).await.status(), 412);
    let any = manager.patch(&path, "*", &json!({"name": "Casa D"})).await;
    assert_eq!(any.status(), 200);
    let one_of = format!("\"other\", {}", any.header("etag"));
    assert_eq!(manager.patch(&path, &one_of, &json!({"name": "Casa E"})).await.status(), 200);
    let json = manager.ask(Method::PATCH, &path).header("if-match", "*").json(&json!({}));
    assert_eq!(json.send().await.status(), 415);
    assert_eq!(app.audited().await, ["facility_changed"; 3]);
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_told_that_it_is_late() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let (a, b) = (json!({"name": "Casa A"}), json!({"name": "Casa B"}));
    let (a, b) = tokio::join!(manager.patch(&path, "\"1\"", &a), manager.patch(&path, "\"1\"", &b));
    let mut statuses = [a.status(), b.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_change_that_changes_nothing_leaves_no_trace() {
    let app = TestApp::start().await;
    app.facility("BT-0001").await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let before = manager.get(&path).await;
    for patch in [json!({}), before.json()] {
        let answer = manager.patch(&path, before.header("etag"), &patch).await;
        assert_eq!((answer.status(), answer.json()), (200, before.json()));
        assert_eq!(answer.header("etag"), before.header("etag"));
    }
    assert!(app.audited().await.is_empty());
}

#[tokio::test]
async fn what_a_change_does_not_name_stays_and_null_removes() {
    let app = TestApp::start().await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let body = with(
        "BT-0001",
        json!({
            "istat_code": "110001", "latitude": 41.5, "longitude": 16.5, "authorised_places": 40,
            "managing_body": {"name": "Ente di prova", "pec": "ente@pec.example.org"},
            "facts": {"beds": 38, "special_needs_mobility": true}
        }),
    );
    assert_eq!(manager.post(PATH, &body).await.status(), 201);

    let patch = json!({
        "istat_code": null, "authorised_places": 44, "active": false,
        "managing_body": {"pec": null, "tax_code": "1"},
        "facts": {"minors_present": 2, "special_needs_mobility": null}
    });
    let answer = manager.patch(&path, "*", &patch).await;

    assert_eq!(answer.status(), 200, "{}", answer.text());
    insta::assert_json_snapshot!(answer.told(), @r#"
    {
      "active": false,
      "authorised_places": 44,
      "code": "BT-0001",
      "contracts": [],
      "facts": {
        "beds": 38,
        "minors_present": 2
      },
      "id": "[id]",
      "kind": "cas_collective",
      "latitude": 41.5,
      "longitude": 16.5,
      "managing_body": {
        "name": "Ente di prova",
        "tax_code": "1"
      },
      "municipality": "Comune di prova",
      "name": "Centro di prova",
      "territory": "BT"
    }
    "#);
    let bare = json!({"managing_body": null, "facts": null, "latitude": null, "longitude": null,
        "authorised_places": null});
    let answer = manager.patch(&path, "*", &bare).await;
    assert_eq!(answer.status(), 200);
    for gone in ["managing_body", "latitude", "longitude", "authorised_places"] {
        assert_eq!(answer.json().get(gone), None, "{gone}");
    }
    assert_eq!(answer.json()["facts"], json!({}));
}

#[tokio::test]
async fn what_never_changes_is_refused_and_so_is_what_is_wrong() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |f| {
        f.facts.insert("beds".into(), vigila_core::domain::FactValue::Number(3.0));
        // What facts.yaml declared once, and does no longer, stays until it is removed.
        f.facts.insert("of_old".into(), vigila_core::domain::FactValue::Number(3.0));
    })
    .await;
    let (manager, path) = (app.manager("BT BA").await, format!("{PATH}/BT-0001"));
    let table = [
        (json!({"id": "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07"}), "/id immutable"),
        (json!({"code": "BT-0002"}), "/code immutable"),
        (json!({"code": null}), "/code immutable"),
        (json!({"territory": "BA"}), "/territory immutable"),
        (json!({"contracts": [{"starts_on": "2026-01-01"}]}), "/contracts immutable"),
        (json!({"name": null}), "/name required"),
        (json!({"colour": "red"}), "/colour unknown-field"),
        (json!({"colour": null}), "/colour unknown-field"),
        (json!({"managing_body": {"vat": null}}), "/managing_body/vat unknown-field"),
        (json!({"latitude": 41.2}), "/longitude required"),
        (json!({"contract": {"cig": "Z1"}}), "/contract/starts_on required"),
        (json!({"contract": 7}), "/contract wrong-type"),
        (json!({"facts": {"of_old": 4}}), "/facts/of_old unknown-fact"),
        (json!({"facts": 7}), "/facts wrong-type"),
        (json!({"name": "a\u{0}"}), "/name null-character"),
        (json!(["name"]), " wrong-type"),
    ];
    for (patch, fault) in table {
        let answer = manager.patch(&path, "*", &patch).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{patch}");
    }
    let removed = manager.patch(&path, "*", &json!({"facts": {"of_old": null}})).await;
    assert_eq!((removed.status(), removed.json()["facts"].clone()), (200, json!({"beds": 3})));
}

#[tokio::test]
async fn a_contract_is_known_by_the_day_it_begins() {
    let app = TestApp::start().await;
    let (manager, path) = (app.manager("BT").await, format!("{PATH}/BT-0001"));
    let body = with(
        "BT-0001",
        json!({"contract": {"cig": "Z1", "starts_on": "2020-01-01",
        "ends_on": "2998-12-31", "parameters": {"medical_hours": 12, "mediation_hours": 40}}}),
    );
    assert_eq!(manager.post(PATH, &body).await.status(), 201);

    let in_force = json!({"contract": {"parameters": {"medical_hours": 16}}});
    let changed = manager.patch(&path, "*", &in_force).await.json();
    assert_eq!(
        changed["contract"],
        json!({"cig": "Z1", "starts_on": "2020-01-01",
        "ends_on": "2998-12-31", "parameters": {"medical_hours": 16, "mediation_hours": 40}})
    );

    let next =
        json!({"contract": {"starts_on": "2999-01-01", "parameters": {"medical_hours": 20}}});
    let added = manager.patch(&path, "*", &next).await;
    assert_eq!(added.status(), 200, "{}", added.text());
    assert_eq!(added.json()["contract"], changed["contract"], "today's stays in force");
    assert_eq!(added.json()["contracts"][1], next["contract"], "nothing is taken from the other");

    let since = json!({"contract": {"starts_on": "2021-01-01"}});
    let newer = manager.patch(&path, "*", &since).await;
    assert_eq!(newer.json()["contract"], json!({"starts_on": "2021-01-01", "parameters": {}}));
    assert_eq!(newer.header("etag"), "\"4.2021-01-01\"");

    let gone = manager.patch(&path, "*", &json!({"contract": null})).await.json();
    assert_eq!(gone["contract"], changed["contract"], "the one before is in force again");
    assert_eq!(gone["contracts"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_has_the_centres_of_ones_territories_by_code() {
    let app = TestApp::start().await;
    for code in ["BT-0002", "FG-0001", "BA-0001", "BT-0001"] {
        app.facility(code).await;
    }
    let reads = async |who: &TestPerson, query: &str| {
        let answer = who.get(&format!("{PATH}{query}")).await;
        assert_eq!(answer.status(), 200, "{}", answer.text());
        answer.column("code")
    };
    let monitor = app.monitor("BT BA").await;
    assert_eq!(reads(&monitor, "").await, ["BA-0001", "BT-0001", "BT-0002"]);
    assert_eq!(reads(&monitor, "?territory=BT").await, ["BT-0001", "BT-0002"]);
    assert_eq!(reads(&monitor, "?territory=FG").await, [""; 0]);
    let admin = app.admin().await;
    assert_eq!(reads(&admin, "").await, ["BA-0001", "BT-0001", "BT-0002", "FG-0001"]);
    for path in ["FG-0001", "nothing", "01995f1e-0a10-7c53-9a3b-0d6c2f1f7a07", "%00", "FG-9999"] {
        let answer = monitor.get(&format!("{PATH}/{path}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (404, "not-found"), "{path}");
    }
}

#[tokio::test]
async fn a_list_is_filtered() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |f| f.name = "Villa Prova".into()).await;
    app.facility_with("BT-0002", |f| f.kind = FacilityKind::Hotspot).await;
    app.facility_with("BT-0003", |f| {
        f.active = false;
        f.municipality = "Città Nuova".into();
    })
    .await;
    let viewer = app.viewer("BT").await;
    let table = [
        ("q=villa", vec!["BT-0001"]),
        ("q=CITT%C3%80", vec!["BT-0003"]),
        ("q=%25", vec![]),
        ("q=bt-000", vec!["BT-0001", "BT-0002", "BT-0003"]),
        ("kind=hotspot", vec!["BT-0002"]),
        ("active=false", vec!["BT-0003"]),
        ("active=true&kind=cas_collective", vec!["BT-0001"]),
    ];
    for (query, codes) in table {
        assert_eq!(viewer.get(&format!("{PATH}?{query}")).await.column("code"), codes, "{query}");
    }
    let faults = [
        ("kind=villa", "kind not-an-option"),
        ("active=1", "active not-an-option"),
        ("territory=XX", "territory unknown-territory"),
        ("q=", "q bad-length"),
        ("q=a%00", "q null-character"),
        ("limit=0", "limit out-of-range"),
        ("limit=201", "limit out-of-range"),
        ("limit=5&limit=6", "limit duplicate"),
        ("cursor=x", "cursor bad-cursor"),
        // ["a"], ["a","b"]: cursors of another list, or nobody's
        ("cursor=WyJhIl0", "cursor bad-cursor"),
        ("cursor=WyJhIiwiYiJd", "cursor bad-cursor"),
        ("colour=red", "colour unknown-parameter"),
    ];
    for (query, fault) in faults {
        let answer = viewer.get(&format!("{PATH}?{query}")).await;
        assert_eq!((answer.status(), answer.faults()), (422, vec![fault.to_owned()]), "{query}");
    }
    let answer = viewer.get(&format!("{PATH}/BT-0001?colour=red")).await;
    assert_eq!(answer.faults(), ["colour unknown-parameter"]);
}

#[tokio::test]
async fn pages_lead_through_a_list_once() {
    let app = TestApp::start().await;
    for number in 1..=7 {
        app.facility(&format!("BT-{number:04}")).await;
    }
    app.facility_with("BT-0008", |f| f.kind = FacilityKind::Sai).await;
    let viewer = app.viewer("BT").await;
    let (mut seen, mut next) = (Vec::new(), Some(format!("{PATH}?limit=3&kind=cas_collective")));
    while let Some(path) = next {
        let page = viewer.get(&path).await;
        assert!(page.json()["items"].as_array().unwrap().len() <= 3);
        seen.extend(page.column("code"));
        if seen.len() == 3 {
            // Who comes in between, before or behind, is neither doubled nor moves others.
            app.facility("BT-0000").await;
        }
        next = page.next();
    }
    let expected: Vec<_> = (1..=7).map(|number| format!("BT-{number:04}")).collect();
    assert_eq!(seen, expected);
    let whole = viewer.get(&format!("{PATH}?limit=9")).await;
    assert_eq!((whole.column("code").len(), whole.json()["_links"].clone()), (9, json!({})));
}

#[tokio::test]
async fn an_import_adds_and_changes_by_code() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |f| {
        f.authorised_places = Some(10);
        f.istat_code = Some("110001".into());
        f.active = false;
    })
    .await;
    let manager = app.manager("BT BA").await;
    let text = "\u{feff}code,name,kind,territory,municipality,authorised_places,active,managing_body.name,contract.starts_on,contract.parameters.medical_hours,facts.beds,facts.special_needs_mobility\r\n\
        BT-0001,\"Casa, nuova\",sai,BT,Andria,,,,,,,\r\n\
        \r\n\
        BA-0001,Casa due,hotspot,BA,Bari, 40 ,true,Ente di prova,2020-01-01,12.5,38,true\r\n";

    let answer = import(&manager, text).await;

    assert_eq!(answer.status(), 200, "{}", answer.text());
    insta::assert_json_snapshot!(answer.told(), @r#"
    {
      "created": 1,
      "rows": [
        {
          "code": "BT-0001",
          "id": "[id]",
          "outcome": "updated"
        },
        {
          "code": "BA-0001",
          "id": "[id]",
          "outcome": "created"
        }
      ],
      "updated": 1
    }
    "#);
    let one = app.stored_facility("BT-0001").await.unwrap();
    assert_eq!((one.name.as_str(), one.kind), ("Casa, nuova", FacilityKind::Sai));
    assert_eq!(one.authorised_places, None, "an empty cell removes");
    assert_eq!(one.istat_code.as_deref(), Some("110001"), "a column that is not there keeps");
    assert!(!one.active, "an empty `active` keeps");
    let two = manager.get(&format!("{PATH}/BA-0001")).await;
    insta::assert_json_snapshot!(two.told(), @r#"
    {
      "active": true,
      "authorised_places": 40,
      "code": "BA-0001",
      "contract": {
        "parameters": {
          "medical_hours": 12.5
        },
        "starts_on": "2020-01-01"
      },
      "contracts": [
        {
          "parameters": {
            "medical_hours": 12.5
          },
          "starts_on": "2020-01-01"
        }
      ],
      "facts": {
        "beds": 38,
        "special_needs_mobility": true
      },
      "id": "[id]",
      "kind": "hotspot",
      "managing_body": {
        "name": "Ente di prova"
      },
      "municipality": "Bari",
      "name": "Casa due",
      "territory": "BA"
    }
    "#);
    let again = import(&manager, &text.replace(',', ";").replace("\"Casa; nuova\"", "Casa")).await;
    assert_eq!((again.status(), again.json()["updated"].clone()), (200, json!(2)));
    assert_eq!(app.audited().await, ["facilities_imported"; 2]);
}

#[tokio::test]
async fn one_bad_row_refuses_an_import_and_each_is_named() {
    let app = TestApp::start().await;
    app.facility_with("FG-0001", |_| ()).await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT BA").await;
    let text = "code,name,kind,territory,municipality,authorised_places,managing_body.pec,contract.cig,facts.beds\n\
        BT-0002,Buona,sai,BT,Andria,,,,\n\
        BT-0003,,villa,FG,Andria,molti,,,true\n\
        FG-0001,Di altri,sai,BT,Andria,,,,\n\
        BT-0001,Spostata,sai,BA,Andria,,,,\n\
        BT-0002,Doppia,sai,BT,Andria,,,Z1,\n\
        BT-0005,Corta,sai\n\
        BT-0006,Nulla\u{0},sai,BT,Andria,1.5,x,,\n";

    let answer = import(&manager, text).await;

    assert_eq!(answer.status(), 422);
    insta::assert_snapshot!(answer.faults().join("\n"), @r"
    /rows/1/name required
    /rows/1/kind not-an-option
    /rows/1/territory unknown-territory
    /rows/1/authorised_places wrong-type
    /rows/1/facts.beds wrong-type
    /rows/2/code code-in-use
    /rows/3/territory immutable
    /rows/4/code duplicate
    /rows/4/contract.starts_on required
    /rows/5 bad-row
    /rows/6/name null-character
    /rows/6/authorised_places not-an-integer
    /rows/6/managing_body.pec bad-length
    ");
    assert_eq!(app.stored_facility("BT-0002").await, None, "the good row neither");
    assert_eq!(app.stored_facility("BT-0001").await.unwrap().revision, 1);
    assert!(app.audited().await.is_empty());
}

#[tokio::test]
async fn an_import_is_a_table_with_known_columns() {
    let app = TestApp::start().await;
    let manager = app.manager("BT").await;
    let header = "code,name,kind,territory,municipality";
    let table = [
        (
            String::new(),
            vec![
                "/header/code required",
                "/header/name required",
                "/header/kind required",
                "/header/territory required",
                "/header/municipality required",
                "/rows bad-length",
            ],
        ),
        (format!("{header}\n"), vec!["/rows bad-length"]),
        (
            format!("{header},colour,name,facts.\nBT-0001,A,sai,BT,Andria,,,\n"),
            vec![
                "/header/colour unknown-field",
                "/header/name duplicate",
                "/header/facts. unknown-field",
                "/rows/0/name required",
            ],
        ),
    ];
    for (text, faults) in table {
        let answer = import(&manager, &text).await;
        assert_eq!(
            (answer.status(), answer.faults()),
            (422, faults.iter().map(|f| (*f).to_owned()).collect())
        );
    }
    let many = format!("{header}\n") + &"BT-1,A,sai,BT,Andria\n".repeat(5001);
    assert!(import(&manager, &many).await.faults().contains(&"/rows bad-length".to_owned()));
    let path = format!("{PATH}/import");
    let post = |kind, bytes: Vec<u8>| manager.ask(Method::POST, &path).body(kind, bytes).send();
    assert_eq!(post("application/json", b"{}".to_vec()).await.status(), 415);
    assert_eq!(post("text/csv", vec![0xff, 0xfe]).await.status(), 400);
    assert_eq!(post("text/csv; charset=utf-8", b"".to_vec()).await.status(), 422);
    assert_eq!(post("text/csv", vec![b'a'; 3_000_000]).await.status(), 413);
}
