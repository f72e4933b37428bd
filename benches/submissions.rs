//! Submissions a second: keep-alive connections send plausible inspections of about 60
//! answers to the built service, beside the raw fdatasync rate of the same disk in the same
//! run. Prints a table; asserts nothing of time.
//!
//! ```text
//! cargo bench --bench submissions                     # SQLite in a temporary folder
//! VIGILA_BENCH_POSTGRES=postgres://… cargo bench --bench submissions
//! ```
#![expect(clippy::expect_used, reason = "a measurement stops at the first surprise")]
#![expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant as Timer};

use vigila::app::shipped_files;
use vigila::sample;
use vigila_core::checklist::{Instrument, read_file_set};
use vigila_core::domain::{Day, Instant};

const SECONDS: u64 = 8;
const PASSWORD: &str = "a long pass phrase";

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    println!("raw append of 4 KiB and fdatasync: {:.0}/s", fdatasyncs(folder.path()));
    let mut service = Service::start(folder.path());
    service.prepare();
    println!("start-up: {:.0} ms; idle: {:.1} MB", service.started, service.memory("VmRSS"));
    let bodies = bodies();
    println!("connections      sub/s     p50 ms     p99 ms   CPU ms each");
    for connections in [8, 32] {
        let before = service.cpu_seconds();
        let mut times = burst(&service, connections, &bodies);
        let cpu = service.cpu_seconds() - before;
        times.sort_unstable();
        let at = |percent: usize| times[times.len() * percent / 100].as_secs_f64() * 1000.0;
        let count = times.len() as f64;
        println!(
            "{connections:>11} {:>10.0} {:>10.2} {:>10.2} {:>13.3}",
            count / SECONDS as f64,
            at(50),
            at(99),
            cpu * 1000.0 / count
        );
    }
    println!("peak: {:.1} MB", service.memory("VmHWM"));
}

/// How often a second this disk makes 4 KiB durable.
fn fdatasyncs(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("raw")).expect("a file");
    let (block, began) = ([7_u8; 4096], Timer::now());
    let mut count = 0;
    while began.elapsed() < Duration::from_secs(2) {
        file.write_all(&block).expect("written");
        file.sync_data().expect("synced");
        count += 1;
    }
    f64::from(count) / began.elapsed().as_secs_f64()
}

/// Bodies of the main job: one checklist, many visits.
fn bodies() -> Vec<String> {
    let (set, _) = read_file_set(&shipped_files());
    let ready = set.checklists.into_iter().map(|loaded| Instrument::new(loaded.document));
    let instruments: Vec<_> = ready.map(|ready| ready.expect("a usable checklist")).collect();
    let all: Vec<_> = instruments.iter().collect();
    let day: Day = "2026-11-20".parse().expect("a day");
    let province = sample::province(sample::SEED, day, &all).expect("a province");
    let collective = instruments.iter().find(|one| one.reference.code == "CAS-COLL");
    let collective = collective.expect("CAS-COLL");
    let start: Instant = "2026-11-20T08:00:00Z".parse().expect("an instant");
    let body = |seed| {
        let mut visit = sample::visit(seed, collective, &province.centres[0], start);
        visit.content["facility"] = "BT-0001".into();
        visit.content.to_string()
    };
    (0..500).map(body).collect()
}

/// The service under measurement.
struct Service {
    child: Child,
    address: String,
    token: String,
    folder: PathBuf,
    started: f64,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let began = Timer::now();
        let mut child = Self::command(folder)
            .arg("serve")
            .env("VIGILA_LISTEN", "127.0.0.1:0")
            .env("VIGILA_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let started = began.elapsed().as_secs_f64() * 1000.0;
        let address = line.trim().rsplit("http://").next().expect("an address").to_owned();
        Self { child, address, token: String::new(), folder: folder.to_owned(), started }
    }

    fn command(folder: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vigila"));
        let photos = format!("file://{}/photos", folder.display());
        command.current_dir(folder).env("VIGILA_PHOTOS_URL", photos);
        if let Ok(url) = std::env::var("VIGILA_BENCH_POSTGRES") {
            command.env("VIGILA_DATABASE_URL", url);
        }
        command
    }

    /// A manager with a token, and a centre.
    fn prepare(&mut self) {
        let mut add = Self::command(&self.folder)
            .args(["people", "add", "manager-1", "--role", "manager", "--territory", "BT"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("people add");
        let mut input = add.stdin.take().expect("its input");
        input.write_all(format!("{PASSWORD}\n").as_bytes()).expect("written");
        drop(input);
        add.wait().expect("ended");
        let mut connection = Connection::open(&self.address);
        let sign_in = serde_json::json!({ "username": "manager-1", "password": PASSWORD });
        let sign_in = sign_in.to_string();
        let (status, body) = connection.send("POST", "/api/v1/sessions", "", &sign_in);
        assert_eq!(status, 201, "{body}");
        let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        self.token = value["token"].as_str().expect("a token").to_owned();
        let centre = serde_json::json!({
            "code": "BT-0001", "name": "Centro di prova", "kind": "cas_collective",
            "territory": "BT", "municipality": "Andria", "facts": { "beds": 40 },
        });
        let centre = centre.to_string();
        let (status, body) = connection.send("POST", "/api/v1/facilities", &self.token, &centre);
        assert!(status == 201 || status == 409, "{body}");
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("/proc")
    }

    /// User and system time so far, in seconds; a tick of Linux is 10 ms.
    fn cpu_seconds(&self) -> f64 {
        let stat = self.proc("stat");
        let fields: Vec<&str> = stat.rsplit(") ").next().expect("fields").split(' ').collect();
        let ticks = |index: usize| fields[index].parse::<f64>().expect("ticks");
        (ticks(11) + ticks(12)) / 100.0
    }

    /// A line of the process's status, in MB.
    fn memory(&self, name: &str) -> f64 {
        let status = self.proc("status");
        let line = status.lines().find(|line| line.starts_with(name)).expect("a line");
        let kilobytes = line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok());
        kilobytes.expect("kB") / 1000.0
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends new visits over so many connections for [`SECONDS`]; the time of each.
fn burst(service: &Service, connections: usize, bodies: &[String]) -> Vec<Duration> {
    let client = || {
        let mut connection = Connection::open(&service.address);
        let (began, mut times) = (Timer::now(), Vec::new());
        while began.elapsed() < Duration::from_secs(SECONDS) {
            let path = format!("/api/v1/inspections/{}", uuid::Uuid::now_v7());
            let body = &bodies[times.len() % bodies.len()];
            let sent = Timer::now();
            let (status, answer) = connection.send("PUT", &path, &service.token, body);
            assert_eq!(status, 201, "{answer}");
            times.push(sent.elapsed());
        }
        times
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..connections).map(|_| scope.spawn(client)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a client")).collect()
    })
}

/// A keep-alive connection: as little client as HTTP/1.1 allows, since it shares the cores.
struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self { stream: BufReader::new(stream), address: address.to_owned() }
    }

    fn send(&mut self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let whole = [head.as_bytes(), body.as_bytes()].concat();
        self.stream.get_mut().write_all(&whole).expect("sent");
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a status");
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a header");
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).expect("a body");
        (status, String::from_utf8_lossy(&answer).into_owned())
    }
}
