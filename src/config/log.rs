//! How much is logged, and in which form: `info`, `debug,json`.

use std::str::FromStr;

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// What someone must act on.
    Error,
    /// What someone may want to look at.
    Warn,
    /// A line a request.
    Info,
    /// More, for finding a fault.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Off, "off"),
        (Self::Error, "error"),
        (Self::Warn, "warn"),
        (Self::Info, "info"),
        (Self::Debug, "debug"),
        (Self::Trace, "trace"),
    ];

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(level, _)| *level == self).map_or("info", |(_, name)| name)
    }
}

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogForm {
    /// For people.
    Text,
    /// For machines: a JSON object a line.
    Json,
}

/// How much is logged, and in which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSetting {
    /// How much.
    pub level: LogLevel,
    /// In which form.
    pub form: LogForm,
}

impl Default for LogSetting {
    fn default() -> Self {
        Self { level: LogLevel::Info, form: LogForm::Text }
    }
}

/// Not a log setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a level (off, error, warn, info, debug, trace), a form (text, json), or both with a comma, such as debug,json"
)]
pub struct NotALogSetting;

impl FromStr for LogSetting {
    type Err = NotALogSetting;
    fn from_str(text: &str) -> Result<Self, NotALogSetting> {
        let (mut level, mut form) = (None, None);
        for word in text.split(',').map(str::trim) {
            let named = LogLevel::ALL.iter().find(|(_, name)| *name == word);
            match (named, word) {
                (Some((named, _)), _) if level.is_none() => level = Some(*named),
                (None, "text") if form.is_none() => form = Some(LogForm::Text),
                (None, "json") if form.is_none() => form = Some(LogForm::Json),
                _ => return Err(NotALogSetting),
            }
        }
        let usual = Self::default();
        Ok(Self { level: level.unwrap_or(usual.level), form: form.unwrap_or(usual.form) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_and_a_form_in_any_order() {
        let of = |level, form| Ok(LogSetting { level, form });
        let table = [
            ("info", of(LogLevel::Info, LogForm::Text)),
            ("debug,json", of(LogLevel::Debug, LogForm::Json)),
            ("json", of(LogLevel::Info, LogForm::Json)),
            ("text, off", of(LogLevel::Off, LogForm::Text)),
            ("", Err(NotALogSetting)),
            ("info,debug", Err(NotALogSetting)),
            ("json,text", Err(NotALogSetting)),
            ("verbose", Err(NotALogSetting)),
        ];
        for (text, expected) in table {
            assert_eq!(text.parse(), expected, "{text}");
        }
    }
}
