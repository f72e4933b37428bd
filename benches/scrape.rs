//! What a scrape of `/metrics` costs at 100, 1,000 and 9,000 centres: time, bytes and
//! allocations, beside the registry of the `prometheus` crate filled with the same gauges in
//! the same run; and what the first scrape after a start costs. Prints a table; asserts
//! nothing of time.
//!
//! ```text
//! cargo bench --bench scrape -- [CENTRES …]           # SQLite in a temporary folder
//! VIGILA_TEST_POSTGRES=postgres://… cargo bench --bench scrape
//! ```
#![expect(clippy::expect_used, reason = "a measurement stops at the first surprise")]
#![expect(clippy::cast_precision_loss, reason = "counts that a double holds")]
#![expect(clippy::cast_possible_truncation, reason = "small numbers, drawn from large ones")]

#[path = "history/country.rs"]
mod country;
#[expect(dead_code, reason = "the history's; a scrape needs its centres and a visit to each")]
#[path = "history/fill.rs"]
mod fill;
#[expect(dead_code, reason = "what all measurements share; this one starts no process")]
#[path = "support/mod.rs"]
mod support;

use std::path::Path;
use std::time::{Duration, Instant as Timer};

use actix_web::rt::{System, SystemRunner};
use diesel::connection::SimpleConnection;
use diesel::{Connection as _, PgConnection};
use prometheus::{Encoder, GaugeVec, Opts, Registry, TextEncoder};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use uuid::Uuid;
use vigila::app::App;
use vigila::app::findings::settle_all;
use vigila::app::gauges::{exposition, seconds};
use vigila::app::scorecards::{Picture, keep_standings};
use vigila::clock;
use vigila::config::Settings;
use vigila::server::{self, StopsBy};
use vigila::store::facilities::Label;
use vigila_core::domain::Scope;

use self::country::Country;
use self::support::{Connection, percentile};

#[global_allocator]
static COUNTED: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

/// Seconds after which nothing that was noted is read again.
const LATER: i64 = 400;
/// Scrapes of each kind.
const TIMES: usize = 60;

/// What one way of making the text took.
#[derive(Default)]
struct Cost {
    times: Vec<Duration>,
    bytes: usize,
    series: usize,
    allocations: usize,
    allocated: usize,
}

impl Cost {
    /// Of one more time; what is allocated is that of the last.
    fn add(&mut self, begun: Timer, region: &Region<'_, std::alloc::System>, text: &str) {
        self.times.push(begun.elapsed());
        let change = region.change();
        (self.allocations, self.allocated) = (change.allocations, change.bytes_allocated);
        self.bytes = text.len();
        self.series = text.lines().filter(|line| !line.starts_with('#')).count();
    }

    fn print(&mut self, database: &str, centres: usize, way: &str) {
        println!(
            "{database:<10} {centres:>7} {way:<22} {:>8.1} {:>8.1} {:>8} {:>9.2} {:>11} {:>9.1}",
            percentile(&mut self.times, 50),
            percentile(&mut self.times, 99),
            self.series,
            self.bytes as f64 / 1e6,
            self.allocations,
            self.allocated as f64 / 1e6,
        );
    }
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![100, 1_000, 9_000] } else { sizes };
    println!(
        "{:<10} {:>7} {:<22} {:>8} {:>8} {:>8} {:>9} {:>11} {:>9}",
        "database",
        "centres",
        "what",
        "p50 ms",
        "p99 ms",
        "series",
        "MB",
        "allocations",
        "MB alloc."
    );
    let runtime = System::new();
    for centres in sizes {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}/vigila.db", folder.path().display());
        measure(&runtime, &url, folder.path(), "SQLite", centres);
        if let Ok(server) = std::env::var("VIGILA_TEST_POSTGRES") {
            let name = format!("vigila_scrape_{}", Uuid::now_v7().simple());
            let authority = server.split_once("://").expect("a URL").1;
            let authority = authority.split(['/', '?']).next().expect("a host");
            let door = |statement: &str| {
                let url = format!("postgres://{authority}/postgres");
                let mut conn = PgConnection::establish(&url).expect("a server");
                conn.batch_execute(statement).expect(statement);
            };
            door(&format!("CREATE DATABASE {name}"));
            let url = format!("postgres://{authority}/{name}");
            measure(&runtime, &url, folder.path(), "PostgreSQL", centres);
            door(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn measure(runtime: &SystemRunner, url: &str, folder: &Path, database: &str, centres: usize) {
    let opened = runtime.block_on(fill::open(url, folder));
    opened.fill(runtime, &Country::new(centres, centres));
    // The history writes visits as they are stored; their findings are worked out here.
    runtime.block_on(settle_all(&opened.app, clock::now())).expect("settled");
    let first = runtime.block_on(first_scrape(&opened.app));
    println!("{database:<10} {centres:>7} first, from the visits {first:>8.1}");
    // Later than the minutes in which changes are read again: all centres changed just now,
    // and would all be drawn again.
    let later = || clock::now().plus_seconds(LATER);
    let kept = keep_standings(&opened.app, Uuid::now_v7(), later);
    runtime.block_on(kept).expect("kept");
    runtime.block_on(opened.app.db.shutdown());
    drop(opened);

    let app = runtime.block_on(fill::open(url, folder)).app;
    let first = runtime.block_on(first_scrape(&app));
    println!("{database:<10} {centres:>7} first, from the table  {first:>8.1}");
    runtime.block_on(text(&app)).print(database, centres, "the text");
    runtime.block_on(over_http(&app, folder)).print(database, centres, "over HTTP");
    runtime.block_on(registry(&app)).print(database, centres, "a registry, pictures only");
    runtime.block_on(app.db.shutdown());
}

/// How long the first scrape of a process takes, in milliseconds.
async fn first_scrape(app: &App) -> f64 {
    let begun = Timer::now();
    exposition(app, &Scope::All, clock::now()).await.expect("a text");
    begun.elapsed().as_secs_f64() * 1000.0
}

/// What a scrape costs without the connection.
async fn text(app: &App) -> Cost {
    let mut cost = Cost::default();
    for _ in 0..TIMES {
        let (begun, region) = (Timer::now(), Region::new(COUNTED));
        let text = exposition(app, &Scope::All, clock::now()).await.expect("a text");
        cost.add(begun, &region, &text);
    }
    cost
}

/// What it costs a client on the same machine. The client's allocations are counted, too.
async fn over_http(app: &App, folder: &Path) -> Cost {
    let mut settings = Settings::embedded(folder);
    "127.0.0.1:0".clone_into(&mut settings.listen);
    settings.metrics_allowed = vec!["127.0.0.0/8".parse().expect("a network")];
    let (server, address) = server::listen(app, &settings, StopsBy::Handle).expect("a server");
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    let client = tokio::task::spawn_blocking(move || {
        let (mut connection, mut cost) = (Connection::open(&address.to_string()), Cost::default());
        for _ in 0..TIMES {
            let (begun, region) = (Timer::now(), Region::new(COUNTED));
            let (status, text) = connection.send("GET", "/metrics", "", "");
            assert_eq!(status, 200, "{text}");
            cost.add(begun, &region, &text);
        }
        cost
    });
    let cost = client.await.expect("a client");
    handle.stop(false).await;
    serving.await.expect("ended").expect("served");
    cost
}

/// What the same gauges cost as a registry of the `prometheus` crate, the pictures at hand.
async fn registry(app: &App) -> Cost {
    let mut cost = Cost::default();
    let pictures = app.remembered.pictures(app, clock::now()).await.expect("pictures");
    let (labels, shown) = &pictures;
    for _ in 0..TIMES {
        let (begun, region) = (Timer::now(), Region::new(COUNTED));
        let gauges = Gauges::new();
        for (place, picture) in shown {
            gauges.fill(&labels[*place], picture);
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&gauges.registry.gather(), &mut text).expect("a text");
        let text = String::from_utf8(text).expect("a text");
        cost.add(begun, &region, &text);
    }
    cost
}

struct Gauges {
    registry: Registry,
    families: [GaugeVec; 7],
}

impl Gauges {
    fn new() -> Self {
        let registry = Registry::new();
        let centre = ["facility", "territory"];
        let gauge = |name: &str, more: &[&str]| {
            let labels = [&centre[..], more].concat();
            let opts = Opts::new(format!("vigila_facility_{name}"), "A sentence of some length.");
            let gauge = GaugeVec::new(opts, &labels).expect("a gauge");
            registry.register(Box::new(gauge.clone())).expect("registered");
            gauge
        };
        let families = [
            gauge("score_ratio", &[]),
            gauge("coverage_ratio", &[]),
            gauge("critical_items", &[]),
            gauge("last_inspection_timestamp_seconds", &[]),
            gauge("band_info", &["band"]),
            gauge("info", &["kind"]),
            gauge("dimension_score_ratio", &["dimension"]),
        ];
        Self { registry, families }
    }

    fn fill(&self, label: &Label, picture: &Picture) {
        let [score, coverage, critical, last, band, info, dimension] = &self.families;
        let (code, territory) = (label.code.as_str(), label.territory.code());
        let centre = &[code, territory];
        let plain = [
            (score, picture.overall().map(|points| points / 100.0)),
            (coverage, picture.coverage()),
            (critical, Some(picture.critical_count() as f64)),
            (last, picture.last_visit().map(seconds)),
        ];
        for (gauge, value) in plain {
            if let Some(value) = value {
                gauge.with_label_values(centre).set(value);
            }
        }
        band.with_label_values(&[code, territory, picture.band().as_str()]).set(1.0);
        info.with_label_values(&[code, territory, label.kind.as_str()]).set(1.0);
        for of in picture.dimensions() {
            if let Some(points) = of.score {
                let labels = &[code, territory, of.code.as_str()];
                dimension.with_label_values(labels).set(points / 100.0);
            }
        }
    }
}
