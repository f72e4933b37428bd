//! Reading the settings: a flag counts before a variable, a variable before the file, the
//! file before the default. An empty variable counts as none.

use std::collections::BTreeMap;
use std::path::Path;

use clap::Args;
use ipnet::IpNet;

use super::{Settings, masked, photos_beside, spool_beside};

/// The settings as flags of `vigila serve`. Each is also a variable (`--database-url`,
/// `VIGILA_DATABASE_URL`) and a key of `vigila.toml` (`database_url`).
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::doc_markdown, reason = "these comments are the help that people read")]
pub struct Flags {
    /// Settings file in TOML with these names as keys (database_url = "…"); flags and
    /// variables count before it [VIGILA_CONFIG] [default: vigila.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<String>,
    /// Address and port to listen on; port 0 picks a free one [VIGILA_LISTEN]
    /// [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME. A password is safer in
    /// the variable or the file than in a flag [VIGILA_DATABASE_URL]
    /// [default: sqlite://vigila.db]
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Photo store: file:///FOLDER, or s3://BUCKET/PREFIX with the usual AWS_* variables
    /// (AWS_ENDPOINT_URL for a store of your own) [VIGILA_PHOTOS_URL] [default: the folder
    /// vigila-photos beside the SQLite file, or in the working folder with PostgreSQL]
    #[arg(long, value_name = "URL")]
    pub photos_url: Option<String>,
    /// Folder on disk for photos that are coming in, some hundred MB; it need not be kept
    /// [VIGILA_SPOOL] [default: the folder vigila-spool beside the SQLite file, or in the
    /// working folder with PostgreSQL]
    #[arg(long, value_name = "FOLDER")]
    pub spool: Option<String>,
    /// Folder of checklists and scoring [VIGILA_CHECKLISTS] [default: those built in]
    #[arg(long, value_name = "FOLDER")]
    pub checklists: Option<String>,
    /// Where people reach the service, such as https://vigila.example.org
    /// [VIGILA_PUBLIC_URL] [default: none]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For counts: addresses or networks (10.0.0.0/8), with commas
    /// [VIGILA_TRUSTED_PROXIES] [default: none]
    #[arg(long, value_name = "LIST")]
    pub trusted_proxies: Option<String>,
    /// Who may read /metrics without a token: addresses or networks, with commas
    /// [VIGILA_METRICS_ALLOWED] [default: nobody]
    #[arg(long, value_name = "LIST")]
    pub metrics_allowed: Option<String>,
    /// Indicators whose values /metrics shows for each centre: codes with commas, or all
    /// [VIGILA_METRICS_INDICATORS] [default: none]
    #[arg(long, value_name = "LIST")]
    pub metrics_indicators: Option<String>,
    /// Time zone of the days of visits, by its IANA name [VIGILA_TIMEZONE]
    /// [default: Europe/Rome]
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// What goes to stderr: a level (off, error, warn, info, debug, trace), a form (text,
    /// json), or both with a comma (debug,json) [VIGILA_LOG] [default: info,text]
    #[arg(long, value_name = "LOG")]
    pub log: Option<String>,
}

/// The keys of `vigila.toml`; a variable is `VIGILA_` and the key in capitals.
pub const KEYS: [&str; 11] = [
    "listen",
    "database_url",
    "photos_url",
    "spool",
    "checklists",
    "public_url",
    "trusted_proxies",
    "metrics_allowed",
    "metrics_indicators",
    "timezone",
    "log",
];

/// A setting that does not do.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct WrongSetting {
    /// Which, as the operator wrote it: `--listen`, `VIGILA_LISTEN`, `listen in vigila.toml`.
    pub place: String,
    /// What is asked instead.
    pub reason: String,
    /// Whether it came on the command line.
    pub is_flag: bool,
}

/// A value and where it came from.
struct Found {
    value: String,
    place: String,
    is_flag: bool,
}

impl Found {
    fn wrong(&self, reason: impl Into<String>) -> WrongSetting {
        WrongSetting { place: self.place.clone(), reason: reason.into(), is_flag: self.is_flag }
    }
}

type File = BTreeMap<String, String>;

/// Where settings are looked for.
struct Sources<'a> {
    flags: &'a Flags,
    variable: &'a dyn Fn(&str) -> Option<String>,
    file: File,
    file_name: String,
}

impl Flags {
    fn value(&self, key: &str) -> Option<&String> {
        let flag = match key {
            "listen" => &self.listen,
            "database_url" => &self.database_url,
            "photos_url" => &self.photos_url,
            "spool" => &self.spool,
            "checklists" => &self.checklists,
            "public_url" => &self.public_url,
            "trusted_proxies" => &self.trusted_proxies,
            "metrics_allowed" => &self.metrics_allowed,
            "metrics_indicators" => &self.metrics_indicators,
            "timezone" => &self.timezone,
            "log" => &self.log,
            _ => return None,
        };
        flag.as_ref()
    }

    /// The settings, from these flags, the process's environment and its working folder.
    ///
    /// # Errors
    /// [`WrongSetting`], with a sentence that names the setting and never a secret.
    pub fn settings(&self) -> Result<Settings, WrongSetting> {
        let working = std::env::current_dir().map_err(|e| WrongSetting {
            place: "the working folder".to_owned(),
            reason: format!("it cannot be found: {e}"),
            is_flag: false,
        })?;
        self.settings_in(&working, &|name| std::env::var(name).ok())
    }

    /// The settings of an embedded database in `folder`, whatever else is set: of the
    /// environment only the address to listen on and what is logged count.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn embedded_settings(folder: &Path) -> Result<Settings, WrongSetting> {
        Self::embedded_settings_in(folder, &|name| std::env::var(name).ok())
    }

    fn embedded_settings_in(
        folder: &Path,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Settings, WrongSetting> {
        let heard = |name: &str| match name {
            "VIGILA_LISTEN" | "VIGILA_LOG" => variable(name),
            _ => None,
        };
        let flags = Self::default();
        let sources = Sources {
            flags: &flags,
            variable: &heard,
            file: File::new(),
            file_name: String::new(),
        };
        let Settings { listen, log, .. } = sources.settings(folder)?;
        Ok(Settings { listen, log, ..Settings::embedded(folder) })
    }

    fn settings_in(
        &self,
        working: &Path,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Settings, WrongSetting> {
        let asked = self.config.clone().map(|name| (name, "--config", true)).or_else(|| {
            let name = variable("VIGILA_CONFIG").filter(|name| !name.is_empty());
            name.map(|name| (name, "VIGILA_CONFIG", false))
        });
        let (file, file_name) = match asked {
            Some((name, place, is_flag)) => {
                let wrong = |reason| WrongSetting { place: place.to_owned(), reason, is_flag };
                let text = std::fs::read_to_string(working.join(&name))
                    .map_err(|e| wrong(format!("{name} cannot be read: {e}")))?;
                (read_file(&text, &name)?, name)
            }
            None => {
                let name = "vigila.toml".to_owned();
                match std::fs::read_to_string(working.join(&name)) {
                    Ok(text) => (read_file(&text, &name)?, name),
                    Err(e) if e.kind() == std::io::ErrorKind::NotFound => (File::new(), name),
                    Err(e) => return Err(wrong_file(&name, format!("it cannot be read: {e}"))),
                }
            }
        };
        Sources { flags: self, variable, file, file_name }.settings(working)
    }
}

impl Sources<'_> {
    fn find(&self, key: &str) -> Option<Found> {
        if let Some(value) = self.flags.value(key) {
            let place = format!("--{}", key.replace('_', "-"));
            return Some(Found { value: value.clone(), place, is_flag: true });
        }
        let name = format!("VIGILA_{}", key.to_uppercase());
        if let Some(value) = (self.variable)(&name).filter(|value| !value.is_empty()) {
            return Some(Found { value, place: name, is_flag: false });
        }
        let value = self.file.get(key)?.clone();
        Some(Found { value, place: format!("{key} in {}", self.file_name), is_flag: false })
    }

    fn or_usual<T>(
        &self,
        key: &str,
        usual: T,
        read: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, WrongSetting> {
        match self.find(key) {
            None => Ok(usual),
            Some(found) => read(&found.value).map_err(|reason| found.wrong(reason)),
        }
    }

    fn settings(&self, working: &Path) -> Result<Settings, WrongSetting> {
        let usual = Settings::embedded(working);
        let database_url =
            self.or_usual("database_url", "sqlite://vigila.db".to_owned(), database_url)?;
        let photos = photos_beside(&database_url, working);
        let spool = spool_beside(&database_url, working);
        let log = |text: &str| text.parse().map_err(|e: super::log::NotALogSetting| e.to_string());
        let checklists = |text: &str| folder(working, text).map(Some);
        Ok(Settings {
            listen: self.or_usual("listen", usual.listen, listen)?,
            photos_url: self.or_usual("photos_url", photos, photos_url)?,
            spool: self.or_usual("spool", spool, |text| Ok(working.join(text)))?,
            database_url,
            checklists: self.or_usual("checklists", None, checklists)?,
            public_url: self.or_usual("public_url", None, |text| public_url(text).map(Some))?,
            trusted_proxies: self.or_usual("trusted_proxies", Vec::new(), networks)?,
            metrics_allowed: self.or_usual("metrics_allowed", Vec::new(), networks)?,
            metrics_indicators: self.or_usual("metrics_indicators", Vec::new(), codes)?,
            timezone: self.or_usual("timezone", usual.timezone, |text| {
                let wrong = |_| format!("{text} is no time zone; one is Europe/Rome");
                text.parse().map_err(wrong)
            })?,
            log: self.or_usual("log", usual.log, log)?,
        })
    }
}

fn wrong_file(name: &str, reason: String) -> WrongSetting {
    WrongSetting { place: name.to_owned(), reason, is_flag: false }
}

/// The file's values as the texts that flags would be. What it says of a fault never quotes
/// the file, which may hold a password.
fn read_file(text: &str, name: &str) -> Result<File, WrongSetting> {
    let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
        let before = e.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        wrong_file(name, format!("line {line} is no TOML: {}", e.message()))
    })?;
    let mut file = File::new();
    for (key, value) in table {
        if !KEYS.contains(&key.as_str()) {
            let known = KEYS.join(", ");
            return Err(wrong_file(name, format!("{key} is no setting; there are {known}")));
        }
        let text = match value {
            toml::Value::String(text) => Some(text),
            toml::Value::Array(list) => {
                let words = list.iter().map(|value| value.as_str());
                words.collect::<Option<Vec<_>>>().map(|words| words.join(","))
            }
            _ => None,
        };
        let wrong = || wrong_file(name, format!("{key} is a text in quotation marks"));
        file.insert(key.clone(), text.ok_or_else(wrong)?);
    }
    Ok(file)
}

fn listen(text: &str) -> Result<String, String> {
    let port = text.rsplit_once(':').filter(|(host, _)| !host.is_empty());
    match port.map(|(_, port)| port.parse::<u16>()) {
        Some(Ok(_)) => Ok(text.to_owned()),
        _ => Err(format!("{text} is no address with a port; one is 127.0.0.1:8080")),
    }
}

fn database_url(text: &str) -> Result<String, String> {
    let schemes = ["sqlite://", "postgres://", "postgresql://"];
    if schemes.iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme)) {
        return Ok(text.to_owned());
    }
    let shown = masked(text);
    Err(format!("{shown} is neither sqlite://FILE nor postgres://USER:PASSWORD@HOST/NAME"))
}

fn photos_url(text: &str) -> Result<String, String> {
    let schemes = ["file://", "s3://"];
    let known = schemes.iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme));
    // Keys in the URL would be shown with it.
    if known && !text.contains('@') || text == "memory:" {
        return Ok(text.to_owned());
    }
    Err("it is neither file:///FOLDER nor s3://BUCKET/PREFIX (keys go into AWS_* variables)".into())
}

fn folder(working: &Path, text: &str) -> Result<String, String> {
    if working.join(text).is_dir() {
        return Ok(text.to_owned());
    }
    Err(format!(
        "{text} is no folder; name one with checklists, or leave it out for those built in"
    ))
}

fn public_url(text: &str) -> Result<String, String> {
    let read = url::Url::parse(text).ok();
    let fits = read.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none()
    });
    if fits {
        return Ok(text.trim_end_matches('/').to_owned());
    }
    Err(format!("{text} is no http(s) URL; one is https://vigila.example.org"))
}

fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let read = words.map(|word| {
        let single = word.parse().map(|address: std::net::IpAddr| IpNet::from(address));
        let wrong = || format!("{word} is neither an address nor a network such as 10.0.0.0/8");
        single.ok().or_else(|| word.parse().ok()).ok_or_else(wrong)
    });
    read.collect()
}

/// Which codes there are, the checklists say at the start.
fn codes(text: &str) -> Result<Vec<String>, String> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let read = words.map(|word| match word.chars().all(letter) {
        true => Ok(word.to_owned()),
        false => Err(format!("{word} is no code of an indicator such as IND-HYG-01")),
    });
    read.collect()
}

#[cfg(test)]
mod tests;
