//! Photos in parts, over links that die: as the protocol says, and as its client library does.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use reqwest::Method;
use vigila::app::photos::sweep_orphans;
use vigila::app::uploads::sweep_uploads;
use vigila::clock;

use super::{debts, listed};
use crate::support::{
    Answer, Ask, Link, Proxy, S3, Service, TestApp, TestPerson, hash, photo, photo_address,
};

const PART: &str = "application/offset+octet-stream";

fn large(bytes: usize) -> Vec<u8> {
    let mut photo = photo(0);
    photo.resize(bytes, 0x5a);
    photo
}

fn tus(who: &TestPerson, method: Method, path: &str) -> Ask {
    who.ask(method, path).header("tus-resumable", "1.0.0")
}

async fn begin(who: &TestPerson, at: &str, length: usize) -> Answer {
    let ask = tus(who, Method::POST, &format!("{at}/uploads"));
    ask.header("upload-length", &length.to_string()).send().await
}

async fn begun(who: &TestPerson, at: &str, length: usize) -> String {
    let answer = begin(who, at, length).await;
    assert_eq!(answer.status(), 201, "{}", answer.text());
    answer.header("location").to_owned()
}

async fn send(who: &TestPerson, upload: &str, offset: usize, part: &[u8]) -> Answer {
    let ask = tus(who, Method::PATCH, upload).header("upload-offset", &offset.to_string());
    ask.body(PART, part).send().await
}

/// How many bytes were received, as `HEAD` says it.
async fn received(who: &TestPerson, upload: &str) -> usize {
    let answer = tus(who, Method::HEAD, upload).send().await;
    assert_eq!((answer.status(), answer.bytes().len()), (200, 0));
    assert_eq!(answer.header("cache-control"), "no-store");
    answer.header("upload-offset").parse().unwrap()
}

/// The files of parts and of photos in a folder.
fn files(folder: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.retain(|path| path.file_name().unwrap() != "owner");
    found.into_iter().partition(|path| path.file_name().unwrap() == "part")
}

#[tokio::test]
async fn a_photo_in_parts_is_taken_with_its_last_byte_whichever_process_it_meets() {
    let mut app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(700_000);
    let id = listed(&monitor, &[&bytes]).await;
    let begin = begin(&monitor, &photo_address(id, &bytes), bytes.len()).await;
    assert_eq!(begin.status(), 201, "{}", begin.text());
    assert_eq!(begin.header("tus-resumable"), "1.0.0");
    assert!(begin.header("upload-expires").ends_with(" GMT"), "{}", begin.header("upload-expires"));
    assert_eq!((&begin.json()["bytes"], &begin.json()["received"]), (&700_000.into(), &0.into()));
    let upload = begin.header("location").to_owned();
    let mut at = 0;
    for end in [300_000, 300_001, 600_000, 700_000] {
        assert_eq!(received(&monitor, &upload).await, at);
        assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
        let answer = send(&monitor, &upload, at, &bytes[at..end]).await;
        assert_eq!(answer.status(), 204, "{}", answer.text());
        assert_eq!(answer.header("upload-offset"), end.to_string());
        at = end;
        app.restart().await;
    }
    assert_eq!(debts(&monitor, id).await.0, "complete");
    assert_eq!(received(&monitor, &upload).await, bytes.len(), "for who missed the answer");
    assert_eq!(send(&monitor, &upload, at, b"").await.status(), 204);
    let (parts, photos) = files(app.photos());
    assert_eq!((parts.len(), photos.len()), (0, 3));
    let manager = app.manager("BT").await;
    let path = format!("{}?rendition=original&reason=prova", photo_address(id, &bytes));
    assert_eq!(manager.get(&path).await.bytes(), bytes);

    let again = begun(&monitor, &photo_address(id, &bytes), bytes.len()).await;
    assert_eq!(received(&monitor, &again).await, bytes.len(), "nothing is sent twice");
}

#[tokio::test]
async fn what_arrived_before_the_link_died_need_not_be_sent_again() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(700_000);
    let id = listed(&monitor, &[&bytes]).await;
    let upload = begun(&monitor, &photo_address(id, &bytes), bytes.len()).await;
    let mut at = 0;
    for part in [1_000, 250_000] {
        let half = Bytes::copy_from_slice(&bytes[at..at + part]);
        // The link dies once it is through.
        let dying = stream::unfold(Some(half), |half| async move {
            match half {
                Some(half) => Some((Ok(half), None)),
                None => {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    Some((Err(std::io::Error::other("the link died")), None))
                }
            }
        });
        let ask = tus(&monitor, Method::PATCH, &upload).header("upload-offset", &at.to_string());
        let sent = ask.header("content-type", PART).pieces(dying).try_send().await;
        assert!(sent.is_err());
        at += part;
        while received(&monitor, &upload).await < at {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert_eq!(received(&monitor, &upload).await, at);
    assert_eq!(send(&monitor, &upload, at, &bytes[at..]).await.status(), 204);
    assert_eq!(debts(&monitor, id).await.0, "complete");
}

#[tokio::test]
async fn of_parts_that_come_at_once_one_counts() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(400_000);
    let id = listed(&monitor, &[&bytes]).await;
    let upload = begun(&monitor, &photo_address(id, &bytes), bytes.len()).await;
    let (one, two) = tokio::join!(
        send(&monitor, &upload, 0, &bytes[..200_000]),
        send(&monitor, &upload, 0, &bytes[..300_000]),
    );
    let mut statuses = [one.status(), two.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
    let at = received(&monitor, &upload).await;
    assert!([200_000, 300_000].contains(&at), "{at}");
    assert_eq!(files(app.photos()).0.len(), 1, "the other part is not kept");
    let late = send(&monitor, &upload, 0, &bytes).await;
    assert_eq!((late.status(), late.problem().as_str()), (409, "wrong-offset"));
    let (one, two) = tokio::join!(
        send(&monitor, &upload, at, &bytes[at..]),
        send(&monitor, &upload, at, &bytes[at..]),
    );
    assert!([one.status(), two.status()].contains(&204), "{} {}", one.text(), two.text());
    assert_eq!(debts(&monitor, id).await.0, "complete");
    assert_eq!(files(app.photos()).0.len(), 0);
}

#[tokio::test]
async fn what_is_not_the_photo_ends_the_upload() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let (bytes, text) = (large(300_000), vec![b'x'; 300_000]);
    let id = listed(&monitor, &[&bytes, &text]).await;
    for (named, sent, expected) in [
        (&bytes, &large(300_001)[1..], (422, "hash-mismatch")),
        (&text, &text[..], (415, "unsupported-photo")),
    ] {
        let upload = begun(&monitor, &photo_address(id, named), sent.len()).await;
        assert_eq!(send(&monitor, &upload, 0, &sent[..200_000]).await.status(), 204);
        let answer = send(&monitor, &upload, 200_000, &sent[200_000..]).await;
        assert_eq!((answer.status(), answer.problem().as_str()), expected);
        assert_eq!(tus(&monitor, Method::HEAD, &upload).send().await.status(), 404);
    }
    assert_eq!(debts(&monitor, id).await.0, "awaiting_photos");
    assert_eq!(files(app.photos()), (vec![], vec![]));
}

#[tokio::test]
async fn what_the_protocol_does_not_allow_is_said() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(300_000);
    let id = listed(&monitor, &[&bytes]).await;
    let (photo, uploads) =
        (photo_address(id, &bytes), format!("{}/uploads", photo_address(id, &bytes)));
    let told = |answer: Answer| (answer.status(), answer.problem());
    let without = monitor.ask(Method::POST, &uploads).header("upload-length", "1").send().await;
    assert_eq!(without.header("tus-version"), "1.0.0");
    assert_eq!(told(without), (412, "other-protocol".into()));
    for (length, expected) in [
        ("25000001", (413, "body-too-large".to_owned())),
        ("0", (422, "invalid-content".to_owned())),
        ("-1", (422, "invalid-content".to_owned())),
        ("many", (422, "invalid-content".to_owned())),
    ] {
        let ask = tus(&monitor, Method::POST, &uploads).header("upload-length", length);
        assert_eq!(told(ask.send().await), expected, "{length}");
    }
    let unsaid = tus(&monitor, Method::POST, &uploads).send().await;
    assert_eq!(unsaid.faults(), ["Upload-Length required"]);
    let upload = begun(&monitor, &photo, bytes.len()).await;
    let part = tus(&monitor, Method::PATCH, &upload).header("upload-offset", "0");
    assert_eq!(told(part.body("image/jpeg", b"x").send().await).0, 415);
    let early = send(&monitor, &upload, 1, b"x").await;
    assert_eq!(told(early), (409, "wrong-offset".into()));
    let more = send(&monitor, &upload, 0, &large(300_001)).await;
    assert_eq!(told(more), (413, "body-too-large".into()));
    let most = [large(300_000), vec![1]].concat().into_iter().collect::<Bytes>();
    let ask = tus(&monitor, Method::PATCH, &upload).header("upload-offset", "0");
    let ask = ask.header("content-type", PART).pieces(stream::iter([Ok(most)]));
    assert_eq!(told(ask.send().await), (413, "body-too-large".into()), "of unsaid length");
    assert_eq!(received(&monitor, &upload).await, 0);
    let spoken = monitor.ask(Method::OPTIONS, &upload).send().await;
    assert_eq!(spoken.header("tus-extension"), "creation,expiration,termination");
    assert_eq!((spoken.status(), spoken.header("tus-max-size")), (204, "25000000"));
    let nowhere = tus(&monitor, Method::HEAD, "/api/v1/uploads/nonsense").send().await;
    assert_eq!(nowhere.status(), 404);
}

#[tokio::test]
async fn uploads_that_nobody_goes_on_with_leave_nothing() {
    let app = TestApp::with_small_checklists().await;
    app.facility("BT-0001").await;
    let monitor = app.monitor("BT").await;
    let bytes = large(300_000);
    let id = listed(&monitor, &[&bytes]).await;
    let now = clock::now();
    assert_eq!(sweep_orphans(&app.app, now.plus_days(-1)).await.unwrap(), 0);
    let path = photo_address(id, &bytes);
    let given_up = begun(&monitor, &path, bytes.len()).await;
    assert_eq!(send(&monitor, &given_up, 0, &bytes[..1_000]).await.status(), 204);
    let ended = tus(&monitor, Method::DELETE, &given_up).send().await;
    assert_eq!((ended.status(), files(app.photos()).0.len()), (204, 0));
    assert_eq!(tus(&monitor, Method::DELETE, &given_up).send().await.status(), 404);

    let mut begun_before = Vec::new();
    for number in 1..=4 {
        let upload = begun(&monitor, &path, bytes.len()).await;
        assert_eq!(send(&monitor, &upload, 0, &bytes[..number]).await.status(), 204);
        begun_before.push(upload);
    }
    let first = tus(&monitor, Method::HEAD, &begun_before[0]).send().await;
    assert_eq!(first.status(), 404, "a new one takes the place of the oldest of four");
    assert_eq!(received(&monitor, &begun_before[1]).await, 2);
    sweep_uploads(&app.app, now.plus_seconds(60)).await.unwrap();
    assert_eq!(files(app.photos()).0.len(), 3);

    // As long as they wait, the search for leftovers knows their parts.
    assert_eq!(sweep_orphans(&app.app, now.plus_days(2)).await.unwrap(), 0);
    sweep_uploads(&app.app, now.plus_days(2)).await.unwrap();
    assert_eq!(files(app.photos()).0.len(), 3);
    sweep_uploads(&app.app, now.plus_days(4)).await.unwrap();
    assert_eq!(files(app.photos()).0.len(), 0);
    assert_eq!(tus(&monitor, Method::HEAD, &begun_before[3]).send().await.status(), 404);
}

/// The client library as `tests/tools/install.sh` brings it; none where that was not run.
fn library() -> Option<PathBuf> {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    tools.join("node_modules/tus-js-client").is_dir().then(|| tools.join("tus.mjs"))
}

#[tokio::test]
async fn the_client_library_brings_a_photo_over_a_link_that_dies_time_and_again() {
    let Some(script) = library() else { return };
    let s3 = S3::start().await;
    let settings = s3.as_ref().map(|s3| S3::settings(s3.endpoint())).unwrap_or_default();
    let service = Service::new(&settings).await;
    let (_running, monitor, manager) = service.start_with_people().await;
    let port = monitor.base().rsplit(':').next().unwrap().parse().unwrap();
    let link = Proxy::to(port).await;
    link.becomes(Link::CutAfter(300_000));
    let bytes = large(2_500_000);
    let id = listed(&monitor, &[&bytes]).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&bytes).unwrap();
    let address = format!("{}{}/uploads", link.address(), photo_address(id, &bytes));

    let mut node = Command::new("node");
    node.args([script.as_path(), Path::new(&address), file.path()]);
    node.env("TOKEN", monitor.token.as_deref().unwrap());
    let sent = tokio::task::spawn_blocking(move || node.output()).await.unwrap().unwrap();

    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let resumed: usize = String::from_utf8(sent.stdout).unwrap().trim().parse().unwrap();
    assert!(resumed >= 8, "the link died {resumed} times");
    assert_eq!(debts(&monitor, id).await.0, "complete");
    let path = format!("{}?rendition=original&reason=prova", photo_address(id, &bytes));
    assert_eq!(hash(manager.get(&path).await.bytes()), hash(&bytes));
}
