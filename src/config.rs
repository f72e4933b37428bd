//! Settings: one struct, read once at start from flags, `VIGILA_*` variables and an optional
//! `vigila.toml`, in that order.

use std::net::IpAddr;

use vigila_core::domain::Zone;

/// What the service is told at start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens, such as `127.0.0.1:8080`; port 0 picks one.
    pub listen: String,
    /// `sqlite://FILE` or `postgres://…`.
    pub database_url: String,
    /// `file:///FOLDER` or `s3://BUCKET/PREFIX`.
    pub photos_url: String,
    /// A folder of checklists; without it, those built in.
    pub checklists: Option<String>,
    /// Where people reach it.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// The time zone of civil days.
    pub timezone: Zone,
    /// Addresses that may read `/metrics` without a token.
    pub metrics_allowed: Vec<IpAddr>,
}
