//! The address of a client. `X-Forwarded-For` counts only where a trusted proxy wrote it.

use std::net::IpAddr;

use actix_web::HttpRequest;

/// The proxies whose `X-Forwarded-For` counts; none by default.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

/// The address of the client of this request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientAddress(pub String);

impl ClientAddress {
    /// Reads it off a request: from the nearest hop outwards, the first address that is no
    /// trusted proxy.
    #[must_use]
    pub fn of(request: &HttpRequest, trusted: &TrustedProxies) -> Self {
        let Some(peer) = request.peer_addr().map(|peer| peer.ip()) else {
            return Self("unknown".into());
        };
        let headers = request.headers().get_all("x-forwarded-for");
        let hops: Vec<IpAddr> = headers
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map_while(|hop| hop.trim().parse().ok())
            .collect();
        let mut address = peer;
        for hop in hops.into_iter().rev() {
            if !trusted.0.contains(&address) {
                break;
            }
            address = hop;
        }
        Self(address.to_string())
    }
}
