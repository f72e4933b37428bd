//! Files that no row names go after a day; what a row names, and what is young, stays.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::json;
use uuid::Uuid;
use vigila::app::App;
use vigila::app::photos::sweep_orphans;
use vigila::blobs::Blobs;
use vigila::clock;

use super::listed;
use crate::support::{S3, TestApp, hash, photo, photo_address, saying, showing, visit, with};

const HOUR: u64 = 3600;

/// Writes a file under a key as if that had been so many hours ago.
fn orphan(folder: &Path, id: Uuid, name: &str, hours: u64) -> PathBuf {
    let day = clock::now().plus_seconds(-i64::try_from(hours * HOUR).unwrap()).utc();
    let attempt = Uuid::now_v7().simple();
    let key = format!("{}/{id}/{}/{attempt}/{name}", day.format("%Y/%m/%d"), hash(&photo(0)));
    let path = folder.join(key);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, "left over").unwrap();
    age(&path, hours);
    path
}

fn age(path: &Path, hours: u64) {
    let then = SystemTime::now() - Duration::from_secs(hours * HOUR);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

/// Searches as if it were so many days from now.
async fn sweep_at(app: &App, days: i64) -> u64 {
    sweep_orphans(app, clock::now().plus_days(days)).await.unwrap()
}

#[tokio::test]
async fn a_leftover_goes_after_a_day_and_no_sooner() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let folder = app.photos().to_owned();
    // The first time it learns whose the store is, the second from when on it is to search.
    assert_eq!(sweep_at(&app.app, -6).await, 0);
    let id = listed(&monitor, &[&photo(0)]).await;
    let old = [orphan(&folder, id, "original", 72), orphan(&folder, id, "display.jpg", 72)];
    let unknown = orphan(&folder, Uuid::now_v7(), "original", 72);
    let before = orphan(&folder, id, "original", 24 * 30);
    let young = orphan(&folder, id, "original", 1);
    // Its key says three days, but the store says an hour: somebody's clock is wrong.
    let doubtful = orphan(&folder, id, "original", 72);
    age(&doubtful, 1);
    let stranger = folder.join("a file of somebody else");
    std::fs::write(&stranger, "").unwrap();
    age(&stranger, 72);

    assert_eq!(sweep_at(&app.app, 0).await, 3);

    assert!(old.iter().chain([&unknown]).all(|path| !path.exists()));
    for stays in [&before, &young, &doubtful, &stranger] {
        assert!(stays.exists(), "{}", stays.display());
    }
    assert_eq!(sweep_at(&app.app, 0).await, 0);
    age(&doubtful, 30);
    assert_eq!(sweep_at(&app.app, 0).await, 1, "the day was not done with");
    assert!(!doubtful.exists() && young.exists());
}

#[tokio::test]
async fn what_a_visit_or_its_corrections_name_stays() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    assert_eq!(sweep_at(&app.app, -1).await, 0);
    let first = listed(&monitor, &[&photo(0), &photo(1)]).await;
    assert_eq!(monitor.send_photo(first, &photo(0)).await.status(), 201);
    let sent = showing(saying(visit("BT-0001"), "AL-02", "no"), "AL-11", &[&photo(0), &photo(1)]);
    let second = monitor.submitted(&with(sent, "/corrects", json!(first))).await;
    assert_eq!(monitor.send_photo(second, &photo(1)).await.status(), 201);
    let left = orphan(app.photos(), first, "original", 0);

    // In three days all of this is old, by the keys and by the store.
    assert_eq!(sweep_at(&app.app, 3).await, 1);

    assert!(!left.exists());
    for (id, bytes) in [(first, photo(0)), (first, photo(1)), (second, photo(0))] {
        assert_eq!(monitor.get(&photo_address(id, &bytes)).await.status(), 200);
    }
}

#[tokio::test]
async fn the_store_of_another_database_is_left_alone() {
    let (own, other) = (TestApp::start().await, TestApp::start().await);
    assert_eq!(sweep_at(&own.app, -6).await, 0);
    let left = orphan(own.photos(), Uuid::now_v7(), "original", 72);
    // The other service is led to this store by mistake.
    let lost = App { blobs: own.app.blobs.clone(), ..other.app.clone() };
    assert_eq!(sweep_at(&lost, -6).await, 0);
    assert_eq!(sweep_at(&lost, 0).await, 0);
    assert!(left.exists());
    assert_eq!(sweep_at(&own.app, 0).await, 1);
}

#[tokio::test]
async fn a_bucket_is_searched_as_a_folder_is() {
    let Some(s3) = S3::start().await else { return };
    let app = TestApp::with_small_checklists().await;
    let variables = S3::settings(s3.endpoint());
    let (_, url) = &variables[0];
    let all = variables.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let app = App { blobs: Blobs::open_in(url, all).unwrap(), ..app.app.clone() };
    assert_eq!(sweep_at(&app, -1).await, 0);
    let day = clock::now().utc().format("%Y/%m/%d").to_string();
    let folder = format!("{day}/{}/{}", Uuid::now_v7(), hash(&photo(0)));
    // More than one answer of the store lists.
    let attempts: Vec<_> = (0..1_100).map(|_| Uuid::now_v7().simple().to_string()).collect();
    for attempt in &attempts {
        let key = format!("{folder}/{attempt}/original");
        app.blobs.put(&key, "left over".into()).await.unwrap();
    }
    assert_eq!(sweep_at(&app, 1).await, 0);
    assert_eq!(sweep_at(&app, 3).await, 1_100);
    assert_eq!(s3.files(), []);
}
