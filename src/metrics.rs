//! What this process counts, in one registry per app. Knows no route and no table.

pub mod text;

use prometheus::core::Collector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

/// Requests last from a millisecond to some seconds.
const REQUEST_SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// A photo takes from some hundredths of a second to seconds.
const PHOTO_SECONDS: [f64; 9] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];
/// Up to as many writes as share a commit.
const BATCH_WRITES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// The counters, histograms and gauges of this process (contract, section 4).
pub struct Metrics {
    registry: Registry,
    /// `vigila_inspections_total{territory,kind,outcome}`.
    pub inspections: IntCounterVec,
    /// `vigila_photos_total{outcome}`.
    pub photos: IntCounterVec,
    /// `vigila_http_request_duration_seconds{method,route,status}`.
    pub requests: HistogramVec,
    /// `vigila_photo_processing_seconds`.
    pub photo_processing: Histogram,
    /// `vigila_sign_in_failures_total{reason}`: `refused` or `slowed`.
    pub sign_in_failures: IntCounterVec,
    /// `vigila_commit_batch_writes`.
    pub batches: Histogram,
    /// What is looked at when somebody asks.
    pub looked_at: LookedAt,
    jobs: IntCounterVec,
    job_successes: GaugeVec,
}

/// Gauges of this process that are set when they are asked for.
pub struct LookedAt {
    /// `vigila_photo_memory_used_bytes`.
    pub photo_memory_used: Gauge,
    /// `vigila_photo_memory_budget_bytes`.
    pub photo_memory_budget: Gauge,
    /// `vigila_database_connections_max`.
    pub connections_max: Gauge,
    /// `vigila_database_size_bytes`.
    pub database_size: Gauge,
    /// `vigila_photo_store_bytes`.
    pub photo_store: Gauge,
    connections: GaugeVec,
    model: IntGaugeVec,
}

impl LookedAt {
    /// `vigila_database_connections{state}`: how many are at work, and how many wait for work.
    pub fn set_connections(&self, busy: u32, idle: u32) {
        self.connections.with_label_values(&["busy"]).set(f64::from(busy));
        self.connections.with_label_values(&["idle"]).set(f64::from(idle));
    }

    /// `vigila_scoring_model_info{code,version}`: the model in force, and no other.
    pub fn set_model(&self, code: &str, version: &str) {
        self.model.reset();
        self.model.with_label_values(&[code, version]).set(1);
    }
}

impl Metrics {
    /// A new registry.
    ///
    /// # Errors
    /// When a name or label is wrong, which a test would have seen.
    pub fn new() -> Result<Self, prometheus::Error> {
        let r = &Registry::new();
        let build = info(r, "build_info", "The version of this process, always 1.", &["version"])?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        let sign_in_failures =
            counter(r, "sign_in_failures_total", "Sign-ins that failed, by reason.", &["reason"])?;
        for reason in ["refused", "slowed"] {
            sign_in_failures.with_label_values(&[reason]).inc_by(0);
        }
        Ok(Self {
            inspections: counter(
                r,
                "inspections_total",
                "Inspections sent to this process, by outcome.",
                &["territory", "kind", "outcome"],
            )?,
            photos: counter(
                r,
                "photos_total",
                "Photos sent to this process, by outcome.",
                &["outcome"],
            )?,
            requests: registered(
                r,
                HistogramVec::new(
                    histogram(
                        "http_request_duration_seconds",
                        "Time to answer a request, by route.",
                        &REQUEST_SECONDS,
                    ),
                    &["method", "route", "status"],
                )?,
            )?,
            photo_processing: registered(
                r,
                Histogram::with_opts(histogram(
                    "photo_processing_seconds",
                    "Time to verify a photo and make its renditions.",
                    &PHOTO_SECONDS,
                ))?,
            )?,
            batches: registered(
                r,
                Histogram::with_opts(histogram(
                    "commit_batch_writes",
                    "Writes that shared one commit; of SQLite only.",
                    &BATCH_WRITES,
                ))?,
            )?,
            jobs: counter(
                r,
                "jobs_total",
                "Work without a request that ended in this process, by outcome.",
                &["task", "outcome"],
            )?,
            job_successes: gauge_vec(
                r,
                "job_last_success_timestamp_seconds",
                "When a piece of work without a request last ended well in this process.",
                &["task"],
            )?,
            sign_in_failures,
            looked_at: looked_at(r)?,
            registry: r.clone(),
        })
    }

    /// Lets a piece of work without a request be counted from 0, before it first ended.
    pub fn expect_job(&self, job: &str) {
        for outcome in ["done", "failed"] {
            self.jobs.with_label_values(&[job, outcome]).inc_by(0);
        }
    }

    /// A piece of work without a request ended: well, at this second, or not.
    pub fn job_ended(&self, job: &str, well: Option<f64>) {
        let outcome = if well.is_some() { "done" } else { "failed" };
        self.jobs.with_label_values(&[job, outcome]).inc();
        if let Some(second) = well {
            self.job_successes.with_label_values(&[job]).set(second);
        }
    }

    /// Adds all of it to a text in the format 0.0.4. Of what is counted by territory, only
    /// what lies in one that `is_seen` says yes to.
    ///
    /// # Errors
    /// When a family is empty, which the registry leaves out.
    pub fn write(
        &self,
        text: &mut String,
        is_seen: impl Fn(&str) -> bool,
    ) -> Result<(), prometheus::Error> {
        let mut families = self.registry.gather();
        for family in &mut families {
            keep_seen(family, &is_seen);
        }
        families.retain(|family| !family.get_metric().is_empty());
        TextEncoder::new().encode_utf8(&families, text)
    }
}

/// Leaves out of a family the numbers of territories that are not seen.
fn keep_seen(family: &mut MetricFamily, is_seen: &impl Fn(&str) -> bool) {
    let mut metrics = family.take_metric();
    metrics.retain(|metric| {
        let labels = metric.get_label().iter();
        let mut territories = labels.filter(|label| label.name() == "territory");
        territories.all(|label| is_seen(label.value()))
    });
    family.set_metric(metrics);
}

fn looked_at(r: &Registry) -> Result<LookedAt, prometheus::Error> {
    Ok(LookedAt {
        photo_memory_used: gauge(
            r,
            "photo_memory_used_bytes",
            "Memory set aside for photos that are worked on in this process.",
        )?,
        photo_memory_budget: gauge(
            r,
            "photo_memory_budget_bytes",
            "Memory that photos may take in this process, together.",
        )?,
        connections_max: gauge(
            r,
            "database_connections_max",
            "Connections to the database that this process opens at most.",
        )?,
        database_size: gauge(r, "database_size_bytes", "Size of the database on its disk.")?,
        photo_store: gauge(
            r,
            "photo_store_bytes",
            "Bytes of the photos that are held, as they came; their renditions come on top.",
        )?,
        connections: gauge_vec(
            r,
            "database_connections",
            "Connections of this process to the database, at work or waiting for work.",
            &["state"],
        )?,
        model: info(
            r,
            "scoring_model_info",
            "The scoring model in force, always 1.",
            &["code", "version"],
        )?,
    })
}

fn registered<C: Collector + Clone + 'static>(
    registry: &Registry,
    what: C,
) -> Result<C, prometheus::Error> {
    registry.register(Box::new(what.clone()))?;
    Ok(what)
}

fn opts(name: &str, help: &str) -> Opts {
    Opts::new(format!("vigila_{name}"), help)
}

fn histogram(name: &str, help: &str, buckets: &[f64]) -> HistogramOpts {
    HistogramOpts { common_opts: opts(name, help), buckets: buckets.to_vec() }
}

fn counter(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntCounterVec, prometheus::Error> {
    registered(registry, IntCounterVec::new(opts(name, help), labels)?)
}

fn info(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntGaugeVec, prometheus::Error> {
    registered(registry, IntGaugeVec::new(opts(name, help), labels)?)
}

fn gauge_vec(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<GaugeVec, prometheus::Error> {
    registered(registry, GaugeVec::new(opts(name, help), labels)?)
}

fn gauge(registry: &Registry, name: &str, help: &str) -> Result<Gauge, prometheus::Error> {
    registered(registry, Gauge::with_opts(opts(name, help))?)
}
