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

mod support;

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant as Timer};

use vigila::app::shipped_files;
use vigila::sample;
use vigila_core::checklist::{Instrument, read_file_set};
use vigila_core::domain::{Day, Instant};

use self::support::{Connection, PASSWORD, Service, percentile};

const SECONDS: u64 = 8;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    println!("raw append of 4 KiB and fdatasync: {:.0}/s", fdatasyncs(folder.path()));
    let postgres = std::env::var("VIGILA_BENCH_POSTGRES").ok();
    let mut service = Service::start(folder.path(), postgres.as_deref());
    prepare(&mut service, support::command(folder.path(), postgres.as_deref()));
    println!("start-up: {:.0} ms; idle: {:.1} MB", service.started, service.memory("VmRSS"));
    let bodies = bodies();
    println!("connections      sub/s     p50 ms     p99 ms   CPU ms each");
    for connections in [8, 32] {
        let before = service.cpu_seconds();
        let mut times = burst(&service, connections, &bodies);
        let cpu = service.cpu_seconds() - before;
        let count = times.len() as f64;
        println!(
            "{connections:>11} {:>10.0} {:>10.2} {:>10.2} {:>13.3}",
            count / SECONDS as f64,
            percentile(&mut times, 50),
            percentile(&mut times, 99),
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

/// A manager with a token, and a centre.
fn prepare(service: &mut Service, mut command: Command) {
    let mut add = command
        .args(["people", "add", "manager-1", "--role", "manager", "--territory", "BT"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("people add");
    let mut input = add.stdin.take().expect("its input");
    input.write_all(format!("{PASSWORD}\n").as_bytes()).expect("written");
    drop(input);
    add.wait().expect("ended");
    service.sign_in("manager-1");
    let centre = serde_json::json!({
        "code": "BT-0001", "name": "Centro di prova", "kind": "cas_collective",
        "territory": "BT", "municipality": "Andria", "facts": { "beds": 40 },
    });
    let mut connection = Connection::open(&service.address);
    let centre = centre.to_string();
    let (status, body) = connection.send("POST", "/api/v1/facilities", &service.token, &centre);
    assert!(status == 201 || status == 409, "{body}");
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
