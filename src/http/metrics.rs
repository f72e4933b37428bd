//! `/metrics`: who may read it. What it shows, `app` knows.

use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use ipnet::IpNet;
use vigila_core::domain::Scope;

use super::problem::{Code, Problem};
use crate::app::gauges::exposition;
use crate::app::{App, Error};
use crate::clock;
use crate::edge::{ClientAddress, Identity, TrustedProxies};

/// The text format of Prometheus.
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

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
    let text = exposition(&app, &scope, clock::now()).await?;
    Ok(HttpResponse::Ok().content_type(FORMAT).body(text))
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
