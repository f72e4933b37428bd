//! Settings: one struct, read once at start from flags, `VIGILA_*` variables and an optional
//! `vigila.toml`, in that order. Knows no room; what a setting names is opened elsewhere.

mod log;
mod read;

use std::fmt;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use vigila_core::domain::Zone;

pub use log::{LogForm, LogLevel, LogSetting};
pub use read::{Flags, KEYS, WrongSetting};

/// What the service is told at start.
#[derive(Clone)]
pub struct Settings {
    /// Where it listens, such as `127.0.0.1:8080`; port 0 picks one.
    pub listen: String,
    /// `sqlite://FILE` or `postgres://…`. Holds a password: [`masked`] before showing it.
    pub database_url: String,
    /// `file:///FOLDER` or `s3://BUCKET/PREFIX`.
    pub photos_url: String,
    /// A folder on disk for photos that are coming in.
    pub spool: PathBuf,
    /// A folder of checklists; without it, those built in.
    pub checklists: Option<String>,
    /// Where people reach it, without a slash at its end.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpNet>,
    /// The time zone of civil days.
    pub timezone: Zone,
    /// Addresses that may read `/metrics` without a token.
    pub metrics_allowed: Vec<IpNet>,
    /// Indicators whose values `/metrics` shows: codes, or `all`.
    pub metrics_indicators: Vec<String>,
    /// How much is logged, and in which form.
    pub log: LogSetting,
}

impl Settings {
    /// What holds where nothing is set, for an embedded database in `folder`.
    #[must_use]
    pub fn embedded(folder: &Path) -> Self {
        let database_url = format!("sqlite://{}", folder.join("vigila.db").display());
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            photos_url: photos_beside(&database_url, folder),
            spool: spool_beside(&database_url, folder),
            database_url,
            checklists: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            timezone: chrono_tz::Europe::Rome,
            metrics_allowed: Vec::new(),
            metrics_indicators: Vec::new(),
            log: LogSetting::default(),
        }
    }
}

impl fmt::Debug for Settings {
    /// Without the password of the database: this may end in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("database_url", &masked(&self.database_url))
            .field("photos_url", &self.photos_url)
            .field("spool", &self.spool)
            .field("checklists", &self.checklists)
            .field("public_url", &self.public_url)
            .field("trusted_proxies", &self.trusted_proxies)
            .field("timezone", &self.timezone)
            .field("metrics_allowed", &self.metrics_allowed)
            .field("metrics_indicators", &self.metrics_indicators)
            .field("log", &self.log)
            .finish()
    }
}

/// A database URL as it may be shown: what stands between the scheme and the last `@` is
/// hidden, and so is everything behind a `?`, where a password may stand too. Where it
/// cannot be told which is which, nothing but the scheme is shown.
#[must_use]
pub fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    if scheme == "sqlite" {
        return url.to_owned();
    }
    let (who, place) = rest.rsplit_once('@').map_or(("", rest), |(who, place)| (who, place));
    if who.contains('?') {
        return format!("{scheme}://***");
    }
    let (place, parameters) =
        place.split_once('?').map_or((place, ""), |(place, _)| (place, "?***"));
    let who = if who.is_empty() { "" } else { "***@" };
    format!("{scheme}://{who}{place}{parameters}")
}

/// The folder of photos where none is set: `vigila-photos` beside a SQLite file, or in the
/// working folder for PostgreSQL, which has no file to lie beside.
fn photos_beside(database_url: &str, working: &Path) -> String {
    format!("file://{}", beside(database_url, working).join("vigila-photos").display())
}

/// The folder for photos that are coming in where none is set: there too. It is known to be a
/// disk, while the system's folder for what is temporary is often memory.
fn spool_beside(database_url: &str, working: &Path) -> PathBuf {
    beside(database_url, working).join("vigila-spool")
}

fn beside(database_url: &str, working: &Path) -> PathBuf {
    let file = database_url.strip_prefix("sqlite://").map(PathBuf::from);
    // `join` keeps an absolute path as it is.
    working.join(file.as_deref().and_then(Path::parent).unwrap_or(Path::new("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let table = [
            ("postgres://u:geheim@h:5432/d", "postgres://***@h:5432/d"),
            ("postgres://u:ge@heim@h/d?sslmode=require", "postgres://***@h/d?***"),
            ("postgres://h/d?password=geheim", "postgres://h/d?***"),
            ("postgres://h/d?password=ge@heim", "postgres://***"),
            ("sqlite://vigila.db", "sqlite://vigila.db"),
            ("geheim", "***"),
        ];
        for (url, shown) in table {
            assert_eq!(masked(url), shown, "{url}");
        }
        let mut settings = Settings::embedded(Path::new("/srv"));
        settings.database_url = "postgres://u:geheim@h/d".to_owned();
        assert!(!format!("{settings:?}").contains("geheim"));
    }

    #[test]
    fn photos_lie_beside_the_database() {
        let table = [
            ("sqlite://vigila.db", "file:///srv/vigila-photos"),
            ("sqlite://data/vigila.db", "file:///srv/data/vigila-photos"),
            ("sqlite:///var/lib/vigila.db", "file:///var/lib/vigila-photos"),
            ("postgres://h/d", "file:///srv/vigila-photos"),
        ];
        for (url, expected) in table {
            assert_eq!(photos_beside(url, Path::new("/srv")), expected, "{url}");
            let spool = format!("file://{}", spool_beside(url, Path::new("/srv")).display());
            assert_eq!(spool, expected.replace("photos", "spool"), "{url}");
        }
    }
}
