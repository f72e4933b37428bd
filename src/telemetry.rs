//! Logs: to stderr, one line a request, ids as fields, nothing personal. Knows no room.

use std::io;

use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt;

use crate::config::{LogForm, LogLevel, LogSetting};

/// Begins to log. A second call changes nothing.
pub fn start(setting: LogSetting) {
    let filter = EnvFilter::new(directives(setting.level));
    let logs = fmt::fmt().with_env_filter(filter).with_writer(io::stderr);
    // Who set up a log before, as tests do, keeps it.
    let _ = match setting.form {
        LogForm::Text => logs.with_ansi(false).try_init(),
        LogForm::Json => logs.json().flatten_event(true).try_init(),
    };
}

/// The level is vigila's own. Libraries say no more than warnings: at `debug` they would
/// bury what is looked for, and some write whole requests.
fn directives(level: LogLevel) -> String {
    let others = match level {
        LogLevel::Off | LogLevel::Error => level.as_str(),
        _ => "warn",
    };
    // What a client sends malformed is an error to actix-http, and nobody here can mend it.
    format!("{others},actix_http=off,vigila={0},vigila_core={0}", level.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_quieter_than_vigila() {
        assert_eq!(directives(LogLevel::Off), "off,actix_http=off,vigila=off,vigila_core=off");
        let debug = "warn,actix_http=off,vigila=debug,vigila_core=debug";
        assert_eq!(directives(LogLevel::Debug), debug);
    }
}
