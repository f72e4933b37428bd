//! What this process counts, in one registry per app. Knows no route and no table.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry,
};

/// The counters and histograms of this process (contract, section 4).
pub struct Metrics {
    /// The registry that `/metrics` reads.
    pub registry: Registry,
    /// `vigila_inspections_total{territory,kind,outcome}`.
    pub inspections: IntCounterVec,
    /// `vigila_photos_total{outcome}`.
    pub photos: IntCounterVec,
    /// `vigila_http_request_duration_seconds{method,route,status}`.
    pub requests: HistogramVec,
    /// `vigila_photo_processing_seconds`.
    pub photo_processing: Histogram,
}

impl Metrics {
    /// A new registry.
    ///
    /// # Errors
    /// When a name or label is wrong, which a test would have seen.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let inspections = IntCounterVec::new(
            Opts::new("vigila_inspections_total", "Inspections sent to this process, by outcome."),
            &["territory", "kind", "outcome"],
        )?;
        let photos = IntCounterVec::new(
            Opts::new("vigila_photos_total", "Photos sent to this process, by outcome."),
            &["outcome"],
        )?;
        let requests = HistogramVec::new(
            HistogramOpts::new(
                "vigila_http_request_duration_seconds",
                "Time to answer a request, by route.",
            )
            .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]),
            &["method", "route", "status"],
        )?;
        let photo_processing = Histogram::with_opts(
            HistogramOpts::new(
                "vigila_photo_processing_seconds",
                "Time to verify a photo and make its renditions.",
            )
            .buckets(vec![0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0]),
        )?;
        let build = IntGaugeVec::new(
            Opts::new("vigila_build_info", "The version of this process, always 1."),
            &["version"],
        )?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        registry.register(Box::new(inspections.clone()))?;
        registry.register(Box::new(photos.clone()))?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(photo_processing.clone()))?;
        registry.register(Box::new(build))?;
        Ok(Self { registry, inspections, photos, requests, photo_processing })
    }
}
