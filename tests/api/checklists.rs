//! Published checklists, and the schemas that editors check them with.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use vigila_core::checklist::{FileKind, schema_text};
use vigila_core::documents::json as canonical;

use crate::support::TestApp;

const PATH: &str = "/api/v1/checklists";

/// A folder with the shipped checklists and what `change` makes of it.
fn folder(change: impl FnOnce(&Path)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in vigila::app::shipped_files() {
        std::fs::write(folder.path().join(file.name), file.text).unwrap();
    }
    change(folder.path());
    folder
}

fn rewrite(folder: &Path, file: &str, from: &str, to: &str) {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    std::fs::write(folder.join(file), text.replace(from, to)).unwrap();
}

const QUICK: &str = "fire-hygiene-quick-check.yaml";

#[tokio::test]
async fn every_version_is_listed_by_code_the_newest_first() {
    let newer = folder(|folder| {
        std::fs::copy(folder.join(QUICK), folder.join("newer.yaml")).unwrap();
        rewrite(folder, "newer.yaml", "version: \"1.0.0\"", "version: \"1.10.0\"");
        std::fs::copy(folder.join(QUICK), folder.join("older.yaml")).unwrap();
        rewrite(folder, "older.yaml", "version: \"1.0.0\"", "version: \"1.9.0\"");
    });
    let name = newer.path().display().to_string();
    let app = TestApp::start_with(|settings| settings.checklists = Some(name)).await;
    let monitor = app.monitor("BT").await;

    let answer = monitor.get(PATH).await;

    assert_eq!(answer.status(), 200);
    let json = answer.json();
    let rows = json["items"].as_array().unwrap();
    let names: Vec<_> = rows
        .iter()
        .map(|row| {
            format!("{} {}", row["code"].as_str().unwrap(), row["version"].as_str().unwrap())
        })
        .collect();
    insta::assert_snapshot!(names.join("\n"), @r"
    CAS-COLL 1.0.0
    CAS-UNIT 1.0.0
    EUAA-2016 1.0.0
    FIRE-HYG 1.10.0
    FIRE-HYG 1.9.0
    FIRE-HYG 1.0.0
    GUEST-VOICE 1.0.0
    UAM-2018 1.0.0
    ");
    let keys: Vec<_> = rows[0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["code", "digest", "published_at", "title", "version"]);
    assert_eq!(rows[0]["digest"].as_str().unwrap().len(), 64);
    assert!(rows[0]["title"]["it"].is_string() && rows[0]["title"]["en"].is_string());

    let (mut seen, mut next) = (Vec::new(), Some(format!("{PATH}?limit=3")));
    while let Some(path) = next {
        let page = monitor.get(&path).await;
        seen.extend(page.json()["items"].as_array().unwrap().clone());
        next = page.next();
    }
    assert_eq!(&seen, rows);
    let faults = monitor.get(&format!("{PATH}?cursor=x&limit=x&q=a")).await.faults();
    assert_eq!(faults, ["limit out-of-range", "cursor bad-cursor", "q unknown-parameter"]);
}

#[tokio::test]
async fn a_version_is_served_whole_and_never_again_to_who_has_it() {
    let app = TestApp::start().await;
    let viewer = app.viewer("BT").await;
    let row = viewer.get(PATH).await.json()["items"][0].clone();
    let path = format!(
        "{PATH}/{}/versions/{}",
        row["code"].as_str().unwrap(),
        row["version"].as_str().unwrap()
    );

    let answer = viewer.get(&path).await;

    assert_eq!((answer.status(), answer.header("content-type")), (200, "application/json"));
    let document = answer.json();
    assert_eq!(document["schema_version"], 1);
    assert!(document["sections"][0]["items"][0]["code"].is_string());
    assert_eq!(document["checklist"]["title"], row["title"]);
    assert_eq!(canonical::digest(&canonical::canonical(&document)), row["digest"]);
    assert_eq!(answer.header("etag"), format!("\"{}\"", row["digest"].as_str().unwrap()));
    let again = viewer.ask(Method::GET, &path).header("if-none-match", answer.header("etag"));
    let again = again.send().await;
    assert_eq!((again.status(), again.bytes()), (304, &b""[..]));
    assert_eq!(again.header("etag"), answer.header("etag"));
    let weak = format!("\"x\", W/{}", answer.header("etag"));
    let ask = |tag: &str| viewer.ask(Method::GET, &path).header("if-none-match", tag).send();
    assert_eq!(ask(&weak).await.status(), 304);
    assert_eq!(ask("\"x\"").await.status(), 200);
}

#[tokio::test]
async fn what_was_never_published_is_not_found() {
    let app = TestApp::start().await;
    let monitor = app.monitor("BT").await;
    let absent = [
        "CAS-COLL/versions/9.9.9",
        "NO-SUCH/versions/1.0.0",
        "CAS-COLL/versions/%00",
        "%00/versions/1.0.0",
        "CAS-COLL/versions/1.0.0%20",
    ];
    for path in absent {
        let answer = monitor.get(&format!("{PATH}/{path}")).await;
        assert_eq!((answer.status(), answer.problem().as_str()), (404, "not-found"), "{path}");
    }
}

#[tokio::test]
async fn what_was_published_is_served_when_its_file_is_gone() {
    let files = folder(|_| ());
    let name = files.path().display().to_string();
    let mut app = TestApp::start_with(|settings| settings.checklists = Some(name)).await;
    let viewer = app.viewer("BT").await;
    let before: Value = viewer.get(PATH).await.json();
    let quick = before["items"].as_array().unwrap().iter().find(|row| row["code"] == "FIRE-HYG");
    let quick = quick.unwrap_or_else(|| panic!("{before}")).clone();

    std::fs::remove_file(files.path().join(QUICK)).unwrap();
    rewrite(files.path(), "scoring.yaml", "version: \"1.1.0\"", "version: \"1.1.1\"");
    app.restart().await;

    assert_eq!(viewer.get(PATH).await.json(), before);
    let version = quick["version"].as_str().unwrap();
    let shown = viewer.get(&format!("{PATH}/FIRE-HYG/versions/{version}")).await;
    assert_eq!(
        (shown.status(), shown.json()["checklist"]["code"].clone()),
        (200, json!("FIRE-HYG"))
    );
}

/// `UPDATE=1 cargo test --test api schemas_for_editors` writes them.
#[test]
fn schemas_for_editors_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("checklists/schema");
    let update = std::env::var_os("UPDATE").is_some();
    for (kind, name) in FileKind::ALL {
        let file = folder.join(format!("{name}.json"));
        let text = schema_text(kind);
        if update {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == text,
            "checklists/schema/{name}.json is not what the types say; to write it:\n\
             UPDATE=1 cargo test --test api schemas_for_editors"
        );
    }
}
