//! `vigila demo`, through the built program: it makes the sample province, serves it, says how
//! to sign in, and finds all of it again when it is started a second time.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends where its ground is missing")]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A running demo, which ends with this.
struct Demo {
    child: Child,
    base: String,
    said: Vec<String>,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigila"));
    command
        .args(["demo", "--dir"])
        .arg(folder)
        .current_dir(folder.parent().unwrap())
        // Whatever the environment names, the demo keeps to its folder.
        .env("VIGILA_LISTEN", "127.0.0.1:0")
        .env("VIGILA_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .env("VIGILA_PHOTOS_URL", "s3://none/none")
        .stdout(Stdio::piped());
    command
}

impl Demo {
    /// Starts one and reads what it says up to the page to open.
    fn start(folder: &Path) -> Self {
        let mut child = command(folder).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut said = Vec::new();
        for line in out.lines() {
            let line = line.unwrap();
            let is_last = line.starts_with("Or open ");
            said.push(line);
            if is_last {
                break;
            }
        }
        let address = said.first().and_then(|line| line.strip_prefix("listening on "));
        let base = address.unwrap_or_else(|| panic!("{said:?}")).to_owned();
        Self { child, base, said }
    }

    /// Names, passwords and roles as they were told.
    fn logins(&self) -> Vec<[String; 3]> {
        let lines = self.said.iter().filter_map(|line| line.strip_prefix("login: "));
        let words = lines.map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        words.map(|words| words.try_into().unwrap()).collect()
    }

    async fn sign_in(&self, name: &str) -> String {
        let [_, password, _] = self.logins().into_iter().find(|login| login[0] == name).unwrap();
        let body = json!({"username": name, "password": password});
        let sent = client().post(format!("{}/api/v1/sessions", self.base)).json(&body).send().await;
        let answer = sent.unwrap();
        assert_eq!(answer.status(), 201, "{name}");
        let answer: Value = answer.json().await.unwrap();
        answer["token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, token: &str, path: &str) -> Value {
        let asked = client().get(format!("{}/api/v1{path}", self.base)).bearer_auth(token);
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    /// Runs the commands that it said to try, as a shell does, and gives what they print.
    fn paste(&self) -> Vec<String> {
        let is_command = |line: &&String| line.starts_with("curl ") || line.starts_with("TOKEN=");
        let commands: Vec<&str> = self.said.iter().filter(is_command).map(String::as_str).collect();
        assert_eq!(commands.len(), 3, "{commands:?}");
        let script = commands.join("; echo; ");
        let done = Command::new("sh").arg("-c").arg(script).output().unwrap();
        let out = String::from_utf8(done.stdout).unwrap();
        out.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
async fn a_demo_is_made_once_and_found_again() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("demo");
    let demo = Demo::start(&folder);
    let roles: BTreeSet<String> = demo.logins().into_iter().map(|[_, _, role]| role).collect();
    assert_eq!(
        roles,
        ["admin", "manager", "monitor", "scraper", "viewer"].map(String::from).into()
    );
    let mode = std::fs::metadata(folder.join("logins.txt")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for [name, ..] in demo.logins() {
        demo.sign_in(&name).await;
    }

    let viewer = demo.sign_in("viewer-1").await;
    let cards = demo.get(&viewer, "/territories/BT/scorecards?limit=200").await;
    let cards = cards["items"].as_array().unwrap();
    let bands: BTreeSet<&str> = cards.iter().map(|card| card["band"].as_str().unwrap()).collect();
    assert_eq!((cards.len(), bands.len()), (12, 7), "{bands:?}");
    let visits = demo.get(&viewer, "/inspections?limit=200").await;
    let visits = visits["items"].as_array().unwrap();
    assert_eq!(visits.len(), 60);
    let waiting = visits.iter().filter(|visit| visit["state"] == "awaiting_photos").count();
    assert!((1..15).contains(&waiting), "{waiting}");

    an_office_deals_with_the_findings(&demo, &viewer).await;
    let printed = demo.paste();
    let card: Value = serde_json::from_str(&printed[1]).unwrap();
    assert_eq!(card["facility"]["code"], "BT-0002");
    let receipt: Value = serde_json::from_str(&printed[2]).unwrap();
    assert_eq!(receipt["state"], "complete");
    let first = demo.logins();
    drop(demo);

    let again = Demo::start(&folder);
    assert_eq!(again.logins(), first);
    let viewer = again.sign_in("viewer-1").await;
    let visits = again.get(&viewer, "/inspections?limit=200").await;
    assert_eq!(visits["items"].as_array().unwrap().len(), 61);
    assert!(!place.path().join("vigila.db").exists());
}

/// There is something of everything that an office has on its desk.
async fn an_office_deals_with_the_findings(demo: &Demo, viewer: &str) {
    let mut all = Vec::new();
    let states =
        ["open", "prescribed", "action_submitted", "contested", "verified", "closed", "void"];
    for state in states {
        let listed = demo.get(viewer, &format!("/findings?limit=200&state={state}")).await;
        let listed = listed["items"].as_array().unwrap().clone();
        // What is verified is closed within days, so that there may be none at the moment.
        assert!(!listed.is_empty() || state == "verified", "{state}");
        all.extend(listed);
    }
    let lives = |f: &&Value| f["settled_at"].is_null() && f["withdrawn"] == false;
    let live: Vec<_> = all.iter().filter(lives).collect();
    let proposed = |f: &&&Value| !f["closing_proposed"].is_null();
    let overdue = live.iter().filter(|f| f["overdue"] == true).count();
    let critical = live.iter().filter(|f| f["severity"] == "critical" && !proposed(f));
    assert!((30..150).contains(&live.len()), "{}", live.len());
    assert!((10..80).contains(&overdue), "{overdue}");
    assert!(live.iter().filter(proposed).count() > 0);
    assert!((1..10).contains(&critical.count()));
    assert!(all.iter().any(|f| f["repeats"].as_u64().unwrap() > 1));
}

#[test]
fn a_demo_touches_no_other_database() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("vigila.db"), "precious").unwrap();
    let refused = command(&folder).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8(refused.stderr).unwrap().contains("--dir"));
    assert_eq!(std::fs::read(folder.join("vigila.db")).unwrap(), b"precious");
}
