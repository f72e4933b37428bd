//! The views of the database that Grafana reads: they say what the API says, and a role that
//! may read them may read nothing else.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Double, Nullable, Text};
use diesel::{PgConnection, sql_query};
use serde_json::{Value, json};
use vigila::app::series::keep_shown_model;
use vigila::clock;

use crate::support::{TestApp, TestPerson, address, at, saying, visit, with};

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    told: String,
    #[diesel(sql_type = Nullable<Double>)]
    value: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    other: Option<f64>,
}

async fn rows(app: &TestApp, statement: &'static str) -> Vec<(String, Option<f64>, Option<f64>)> {
    keep_shown_model(&app.app, clock::now()).await.unwrap();
    let read = app.app.db.read(move |conn| sql_query(statement).load::<Row>(conn));
    read.await.unwrap().into_iter().map(|row| (row.told, row.value, row.other)).collect()
}

async fn score(who: &TestPerson, visit: uuid::Uuid) -> Value {
    who.member(&format!("{}/score", address(visit)), "").await
}

#[tokio::test]
async fn visits_and_dimensions_are_those_of_the_api() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT").await;
    let first = at(visit("BT-0001"), "2024-01-01T10:00:00.000Z");
    let first = manager.submitted(&saying(first, "AL-02", "partial")).await;
    let wrong = at(visit("BT-0001"), "2024-02-01T10:00:00.000Z");
    let corrected = manager.submitted(&wrong).await;
    let blocked = with(saying(wrong, "AL-11", "no"), "/corrects", json!(corrected));
    let second = manager.submitted(&blocked).await;

    let visits = rows(
        &app,
        "SELECT CAST(inspection_id AS TEXT) || ' ' || facility || ' ' || facility_name || ' '
            || facility_kind || ' ' || territory || ' ' || checklist || ' ' || checklist_version
            || ' ' || kind || ' ' || CAST(day AS TEXT) || ' ' || band || ' ' || band_by_points
            || ' ' || CAST(photos_missing AS TEXT) || ' ' || model || ' ' || model_version AS told,
            overall AS value, coverage AS other
        FROM quality_inspections
        WHERE territory = 'BT' AND ended_at >= '2024-01-01' AND received_at > started_at
        ORDER BY ended_at",
    )
    .await;

    let mut expected = Vec::new();
    for (id, day) in [(first, "2024-01-01"), (second, "2024-02-01")] {
        let score = score(&manager, id).await;
        let word = |pointer: &str| score.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        let told = format!(
            "{id} BT-0001 Centro di prova BT-0001 cas_collective BT ALFA 1.0.0 unannounced {day} \
             {} {} 0 {} {}",
            word("/band"),
            word("/band_by_points"),
            word("/model/code"),
            word("/model/version")
        );
        expected.push((told, score["overall"].as_f64(), score["coverage"].as_f64()));
    }
    assert_eq!(visits, expected);

    let dimensions = rows(
        &app,
        "SELECT CAST(inspection_id AS TEXT) || ' ' || facility || ' ' || territory || ' '
            || checklist || ' ' || kind || ' ' || dimension AS told, score AS value,
            coverage AS other
        FROM quality_dimensions ORDER BY ended_at, dimension",
    )
    .await;

    let mut expected = Vec::new();
    for id in [first, second] {
        let score = score(&manager, id).await;
        let mut of_visit: Vec<_> = score["dimensions"].as_array().unwrap().iter().collect();
        of_visit.sort_by_key(|dimension| dimension["code"].as_str().unwrap());
        for dimension in of_visit {
            let code = dimension["code"].as_str().unwrap();
            let told = format!("{id} BT-0001 BT ALFA unannounced {code}");
            expected.push((told, dimension["score"].as_f64(), dimension["coverage"].as_f64()));
        }
    }
    assert_eq!(dimensions, expected);
}

#[tokio::test]
async fn indicators_and_centres_are_those_of_the_api() {
    let app = TestApp::start().await;
    app.facility_with("BT-0001", |facility| {
        facility.authorised_places = Some(40);
        facility.managing_body = Some(vigila_core::domain::ManagingBody {
            name: Some("Ente \"di prova\"".to_owned()),
            ..Default::default()
        });
    })
    .await;
    app.facility_with("BT-0002", |facility| facility.active = false).await;
    let manager = app.manager("BT").await;
    let made = manager
        .submitted(&json!({
            "facility": "BT-0001", "checklist": {"code": "FIRE-HYG", "version": "1.0.0"},
            "kind": "unannounced", "started_at": "2024-05-14T08:00:00Z",
            "ended_at": "2024-05-14T09:00:00Z",
            "answers": [{"item": "FH-D01", "value": 3}, {"item": "FH-D08", "value": 12}],
        }))
        .await;

    let indicators = rows(
        &app,
        "SELECT CAST(inspection_id AS TEXT) || ' ' || facility || ' ' || territory || ' '
            || checklist || ' ' || indicator || ' ' || COALESCE(level, '-') AS told, value,
            NULL AS other
        FROM quality_indicators WHERE ended_at > '2024-05-14' ORDER BY indicator",
    )
    .await;

    let score = score(&manager, made).await;
    let mut expected = Vec::new();
    for one in score["indicators"].as_array().unwrap() {
        let (code, level) = (one["code"].as_str().unwrap(), one["level"].as_str().unwrap_or("-"));
        let told = format!("{made} BT-0001 BT FIRE-HYG {code} {level}");
        expected.push((told, one["value"].as_f64(), None));
    }
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(expected.iter().any(|(told, value, _)| told.contains("poor") && *value == Some(25.0)));
    assert_eq!(indicators, expected);

    let flat = "/api/v1/series?measure=indicator:IND-HYG-04";
    let flat = manager.member(flat, "/items").await;
    assert_eq!((&flat[0]["value"], &flat[0]["facility"]), (&json!(25.0), &json!("BT-0001")));
    assert_eq!(flat.as_array().unwrap().len(), 1);

    let centres = rows(
        &app,
        "SELECT facility || ' ' || name || ' ' || kind || ' ' || territory || ' ' || municipality
            || ' ' || COALESCE(managing_body, '-') || ' '
            || CASE WHEN active THEN 'active' ELSE 'closed' END AS told,
            CAST(authorised_places AS DOUBLE PRECISION) AS value, NULL AS other
        FROM quality_facilities ORDER BY facility",
    )
    .await;
    let told = |number: &str, body: &str, state: &str| {
        format!(
            "BT-{number} Centro di prova BT-{number} cas_collective BT Comune di prova {body} {state}"
        )
    };
    let expected = [
        (told("0001", "Ente \"di prova\"", "active"), Some(40.0), None),
        (told("0002", "-", "closed"), None, None),
    ];
    assert_eq!(centres, expected);
}

#[tokio::test]
async fn findings_and_their_moves_are_those_of_the_api() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let manager = app.manager("BT").await;
    let blocked = saying(at(visit("BT-0001"), "2024-01-01T10:00:00.000Z"), "AL-11", "no");
    manager.submitted(&saying(blocked, "AL-02", "no")).await;
    let mended = at(visit("BT-0001"), "2024-02-01T10:00:00.000Z");
    manager.submitted(&mended).await;
    let all = manager.member("/api/v1/findings", "/items").await;
    let void = all.as_array().unwrap().iter().find(|one| one["item"] == "AL-11").unwrap();
    let moves = format!("/api/v1/findings/{}/moves", void["id"].as_str().unwrap());
    let moved = manager.post(&moves, &json!({"to": "void", "note": "Nome Cognome"})).await;
    assert_eq!(moved.status(), 201, "{}", moved.text());

    let findings = rows(
        &app,
        "SELECT CAST(finding_id AS TEXT) || ' ' || facility || ' ' || territory || ' ' || checklist
            || ' ' || item || ' ' || severity || ' ' || state || ' ' || CAST(due_on AS TEXT) || ' '
            || CASE WHEN closing_proposed THEN 'proposed ' ELSE '' END
            || CASE WHEN live THEN 'live' ELSE 'settled' END AS told,
            CAST(failures AS DOUBLE PRECISION) AS value,
            CASE WHEN settled_at >= opened_at THEN CAST(1 AS DOUBLE PRECISION) END AS other
        FROM quality_findings WHERE territory = 'BT' ORDER BY item",
    )
    .await;

    let all = manager.member("/api/v1/findings", "/items").await;
    let mut expected = Vec::new();
    for one in all.as_array().unwrap() {
        let word = |name: &str| one[name].as_str().unwrap();
        let settled = word("state") == "void";
        let proposed = if settled { "" } else { "proposed " };
        let told = format!(
            "{} BT-0001 BT {} {} {} {} {} {proposed}{}",
            word("id"),
            word("checklist"),
            word("item"),
            word("severity"),
            word("state"),
            word("due_on"),
            if settled { "settled" } else { "live" }
        );
        let failures = one["repeats"].as_f64().unwrap() + 1.0;
        expected.push((word("item").to_owned(), (told, Some(failures), settled.then_some(1.0))));
    }
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    let expected: Vec<_> = expected.into_iter().map(|(_, row)| row).collect();
    assert_eq!((findings.len(), findings), (2, expected));

    let moves = rows(
        &app,
        "SELECT CAST(finding_id AS TEXT) || ' ' || facility || ' ' || territory || ' '
            || from_state || ' ' || to_state AS told, CASE WHEN at > '2024-01-01' THEN CAST(1 AS DOUBLE PRECISION) END AS value,
            NULL AS other
        FROM quality_finding_moves",
    )
    .await;
    let told = format!("{} BT-0001 BT open void", void["id"].as_str().unwrap());
    assert_eq!(moves, [(told, Some(1.0), None)]);
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    readable: bool,
}

/// The statement that docs/operating.md shows for a role that reads.
fn documented() -> String {
    let text = include_str!("../../docs/operating.md");
    let from = text.find("CREATE ROLE grafana").unwrap();
    text[from..].split("```").next().unwrap().to_owned()
}

#[tokio::test]
async fn the_documented_role_reads_the_views_and_nothing_else() {
    let app = TestApp::start().await;
    let url = app.database_url().to_owned();
    if !url.starts_with("postgres") {
        return;
    }
    tokio::task::spawn_blocking(move || {
        // Roles are the server's: one of this name for this test alone.
        let role = format!("reader_{}", uuid::Uuid::now_v7().simple());
        let mut owner = PgConnection::establish(&url).unwrap();
        let name: String = url.rsplit('/').next().unwrap().to_owned();
        let statement = documented()
            .replace("grafana", &role)
            .replace("DATABASE vigila", &format!("DATABASE {name}"));
        owner.batch_execute(&statement).unwrap();
        let (_, host) = url.split_once('@').unwrap();
        let mut reader = PgConnection::establish(&format!("postgres://{role}@{host}")).unwrap();
        let all = "SELECT c.relname::text AS name, c.relname LIKE 'quality\\_%' AS readable
            FROM pg_class c WHERE c.relkind IN ('r', 'v', 'm', 'p')
            AND c.relnamespace = 'public'::regnamespace";
        let relations: Vec<Named> = sql_query(all).load(&mut owner).unwrap();
        assert!(relations.iter().filter(|one| one.readable).count() >= 6);
        for Named { name, readable } in relations {
            let read = reader.batch_execute(&format!("SELECT * FROM {name} LIMIT 1"));
            assert_eq!(read.is_ok(), readable, "{name}: {read:?}");
        }
        for write in ["DELETE FROM quality_facilities", "CREATE TABLE of_its_own (x int)"] {
            assert!(reader.batch_execute(write).is_err(), "{write}");
        }
        drop(reader);
        owner.batch_execute(&format!("DROP OWNED BY {role}; DROP ROLE {role}")).unwrap();
    })
    .await
    .unwrap();
}
