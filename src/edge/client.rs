//! The address of a client. `X-Forwarded-For` counts only where a trusted proxy wrote it.

use std::net::IpAddr;

use actix_web::HttpRequest;
use ipnet::IpNet;

/// The proxies whose `X-Forwarded-For` counts; none by default.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(pub Vec<IpNet>);

impl TrustedProxies {
    /// Whether this address is one of theirs.
    #[must_use]
    pub fn hold(&self, address: IpAddr) -> bool {
        // A socket that takes both families shows IPv4 as ::ffff:a.b.c.d.
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

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
        let headers: Vec<&str> = headers.filter_map(|value| value.to_str().ok()).collect();
        let hops = headers.iter().rev().flat_map(|value| value.rsplit(','));
        let mut address = peer;
        for hop in hops {
            // What stands left of something that is no address was written by whoever wrote
            // that: it counts no more.
            let (true, Ok(next)) = (trusted.hold(address), hop.trim().parse()) else { break };
            address = next;
        }
        Self(address.to_canonical().to_string())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap()]);
        let table = [
            ("203.0.113.9:1", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1:1", "198.51.100.1", "198.51.100.1"),
            ("[::ffff:10.0.0.1]:1", "198.51.100.1", "198.51.100.1"),
            // What the client itself wrote stands left of what the proxy saw.
            ("10.0.0.1:1", "192.0.2.7, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            ("10.0.0.1:1", "nonsense, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1:1", "", "10.0.0.1"),
        ];
        for (peer, forwarded, expected) in table {
            let request = TestRequest::default()
                .peer_addr(peer.parse().unwrap())
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            let found = ClientAddress::of(&request, &trusted);
            assert_eq!(found.0, expected, "{peer} {forwarded}");
        }
    }
}
