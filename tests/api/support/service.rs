//! The built program as an operator runs it: a process of its own, which can be killed.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;
use vigila_core::domain::PersonId;

use super::databases::Place;
use super::{PASSWORD, TestPerson};

/// How long a request may take: the server may die in the middle of one.
const PATIENCE: Duration = Duration::from_secs(60);

/// A database, a photo folder and settings; the program runs on them, time and again.
pub struct Service {
    settings: Vec<(String, String)>,
    base: Arc<Mutex<String>>,
    client: reqwest::Client,
    // Dropped last.
    folder: tempfile::TempDir,
    _place: Place,
}

/// The program while it runs. It is killed when this is dropped.
pub struct Running {
    child: Child,
    // Kept open: the program would die of a closed pipe.
    _out: BufReader<ChildStdout>,
}

impl Service {
    /// With these settings beside the usual ones.
    pub async fn new(settings: &[(&str, String)]) -> Self {
        let place = tokio::task::spawn_blocking(Place::new).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let own = [
            ("VIGILA_LISTEN", "127.0.0.1:0".to_owned()),
            ("VIGILA_DATABASE_URL", place.url()),
            ("VIGILA_PHOTOS_URL", format!("file://{}/photos", folder.path().display())),
            ("VIGILA_CHECKLISTS", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/api/trial").into()),
            ("VIGILA_LOG", "warn".to_owned()),
            ("AWS_ACCESS_KEY_ID", "any".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "any".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
        ];
        let all =
            own.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            settings: all.collect(),
            base: Arc::default(),
            client: reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap(),
            folder,
            _place: place,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigila"));
        // No setting of whoever runs the tests: the later of two values counts.
        command.env_clear().envs(self.settings.iter().cloned()).args(arguments);
        let log = File::options().create(true).append(true).open(self.log_file()).unwrap();
        command.current_dir(self.folder.path()).stdout(Stdio::piped()).stderr(log);
        command
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What it said on stderr up to now.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap()
    }

    /// Adds a person of `BT` by the command.
    pub fn add_person(&self, name: &str, role: &str) {
        let arguments = ["people", "add", name, "--role", role, "--territory", "BT"];
        let mut child = self.command(&arguments).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{name}: {}", done.status);
    }

    /// Runs a command to its end; gives its exit code, stdout and stderr.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let done = self.command(arguments).stderr(Stdio::piped()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
    }

    /// Starts it; returns once it listens.
    pub fn start(&self) -> Running {
        let mut child = self.command(&["serve"]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("listening on ") {
            line.clear();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended without listening");
        }
        let base = line.trim().trim_start_matches("listening on ").to_owned();
        *self.base.lock().unwrap() = base;
        Running { child, _out: out }
    }

    /// Starts it for the first time, with a monitor, a manager and the centre `BT-0001`.
    pub async fn start_with_people(&self) -> (Running, TestPerson, TestPerson) {
        for (name, role) in [("monitor-1", "monitor"), ("manager-1", "manager")] {
            self.add_person(name, role);
        }
        let running = self.start();
        let (monitor, manager) = (self.sign_in("monitor-1").await, self.sign_in("manager-1").await);
        let centre = json!({"code": "BT-0001", "name": "Centro di prova", "territory": "BT",
            "kind": "cas_collective", "municipality": "Comune di prova"});
        let added = manager.post("/api/v1/facilities", &centre).await;
        assert_eq!(added.status(), 201, "{}", added.text());
        (running, monitor, manager)
    }

    async fn sign_in(&self, name: &str) -> TestPerson {
        let mut person = TestPerson {
            client: self.client.clone(),
            base: Arc::clone(&self.base),
            token: None,
            name: name.to_owned(),
            id: PersonId(Uuid::nil()),
        };
        let ask = person.ask(Method::POST, "/api/v1/sessions");
        let answer = ask.json(&json!({"username": name, "password": PASSWORD})).send().await;
        assert_eq!(answer.status(), 201, "{}", answer.text());
        person.token = answer.json()["token"].as_str().map(str::to_owned);
        person
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

impl Running {
    /// Ends it as `kill -9` does, in the middle of whatever it does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
