//! `/metrics`: the current state of quality, read from the database at each scrape so that
//! every process says the same, and this process's own counters.

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use ipnet::IpNet;
use prometheus::{Encoder, GaugeVec, Opts, Registry, TextEncoder};
use vigila_core::domain::Scope;

use super::problem::{Code, Problem};
use crate::app::scorecards::{Scorecard, scorecards_within};
use crate::app::{App, Error};
use crate::clock;
use crate::edge::{ClientAddress, Identity, TrustedProxies};

/// The addresses that may read `/metrics` without a token.
#[derive(Debug, Clone, Default)]
pub struct MetricsAllowed(pub Vec<IpNet>);

/// The metrics of the territories that whoever asks may read.
pub async fn show_metrics(
    app: Data<App>,
    request: HttpRequest,
    allowed: Data<MetricsAllowed>,
    trusted: Data<TrustedProxies>,
) -> Result<HttpResponse, Problem> {
    let scope = scope_of(&request, &allowed, &trusted)?;
    let cards = scorecards_within(&app, &scope, None, clock::now()).await?;
    let registry = quality(&cards).map_err(|e| Problem::from(Error::Internal(e.to_string())))?;
    let mut families = registry.gather();
    families.extend(app.metrics.registry.gather());
    let mut text = Vec::new();
    let encoder = TextEncoder::new();
    let written = encoder.encode(&families, &mut text);
    written.map_err(|e| Problem::from(Error::Internal(e.to_string())))?;
    Ok(HttpResponse::Ok().content_type(encoder.format_type()).body(text))
}

fn scope_of(
    request: &HttpRequest,
    allowed: &MetricsAllowed,
    trusted: &TrustedProxies,
) -> Result<Scope, Problem> {
    let address = ClientAddress::of(request, trusted).0.parse();
    let known = address
        .is_ok_and(|address: std::net::IpAddr| allowed.0.iter().any(|net| net.contains(&address)));
    match request.extensions().get::<Identity>() {
        Some(Identity::Known(actor)) if actor.role.scrapes() => Ok(actor.scope.clone()),
        _ if known => Ok(Scope::All),
        Some(Identity::Known(_)) => Err(Problem::new(Code::Forbidden)),
        Some(Identity::Unknown) => Err(Problem::from(Error::Busy)),
        Some(Identity::Nobody) | None => Err(Problem::new(Code::NotSignedIn)),
    }
}

/// Families of gauges being filled.
struct Gauges {
    score: GaugeVec,
    dimension: GaugeVec,
    coverage: GaugeVec,
    band: GaugeVec,
    last: GaugeVec,
    critical: GaugeVec,
    owed: GaugeVec,
}

impl Gauges {
    fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str, labels: &[&str]| {
            let gauge = GaugeVec::new(Opts::new(format!("vigila_{name}"), help), labels)?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let centre = &["facility", "territory"];
        Ok(Self {
            score: gauge(
                "facility_score_ratio",
                "Overall score of the centre's scorecard, 0 to 1.",
                centre,
            )?,
            dimension: gauge(
                "facility_dimension_score_ratio",
                "Score of a dimension in the base of the main checklist, 0 to 1.",
                &["facility", "territory", "dimension"],
            )?,
            coverage: gauge(
                "facility_coverage_ratio",
                "Share of due weight observed in the base of the main checklist, 0 to 1.",
                centre,
            )?,
            band: gauge(
                "facility_band_info",
                "The band of the centre's scorecard, always 1.",
                &["facility", "territory", "band"],
            )?,
            last: gauge(
                "facility_last_inspection_timestamp_seconds",
                "When the latest visit to the centre ended.",
                centre,
            )?,
            critical: gauge(
                "facility_critical_items",
                "Critical items of the centre that are failed now.",
                centre,
            )?,
            owed: gauge(
                "photos_owed",
                "Photos that phones said they hold and have not sent yet.",
                &["territory"],
            )?,
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "counts and seconds fit 2^53")]
    fn fill(&self, card: &Scorecard) {
        let code = card.facility.code.as_str();
        let territory = card.facility.territory.code();
        let centre = &[code, territory];
        if let Some(overall) = card.overall {
            self.score.with_label_values(centre).set(overall / 100.0);
        }
        if let Some(coverage) = card.coverage {
            self.coverage.with_label_values(centre).set(coverage);
        }
        for dimension in &card.found.dimensions {
            if let Some(score) = dimension.score {
                let labels = &[code, territory, dimension.code.as_str()];
                self.dimension.with_label_values(labels).set(score / 100.0);
            }
        }
        self.band.with_label_values(&[code, territory, card.band.as_str()]).set(1.0);
        if let Some(last) = card.last_visit {
            let seconds = last.utc().timestamp_millis() as f64 / 1000.0;
            self.last.with_label_values(centre).set(seconds);
        }
        self.critical.with_label_values(centre).set(card.critical_now.len() as f64);
        self.owed.with_label_values(&[territory]).add(card.photos_owed as f64);
    }
}

/// The gauges of these centres. A centre that is closed is not among them: its series end.
fn quality(cards: &[Scorecard]) -> Result<Registry, prometheus::Error> {
    let registry = Registry::new();
    let gauges = Gauges::new(&registry)?;
    for card in cards {
        gauges.fill(card);
    }
    Ok(registry)
}
