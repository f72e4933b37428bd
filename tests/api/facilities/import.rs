//! Centres imported from CSV.

use reqwest::Method;
use serde_json::json;
use vigila_core::domain::FacilityKind;

use super::PATH;
use crate::support::{Answer, TestApp, TestPerson};

async fn import(who: &TestPerson, text: &str) -> Answer {
    who.ask(Method::POST, &format!("{PATH}/import")).body("text/csv", text).send().await
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
    let contract = json!({"starts_on": "2020-01-01", "parameters": {"medical_hours": 12.5}});
    let expected = json!({
        "id": two.json()["id"], "code": "BA-0001", "name": "Casa due", "kind": "hotspot",
        "territory": "BA", "municipality": "Bari", "authorised_places": 40, "active": true,
        "managing_body": {"name": "Ente di prova"}, "contract": contract, "contracts": [contract],
        "facts": {"beds": 38, "special_needs_mobility": true}
    });
    assert_eq!(two.json(), expected);
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
