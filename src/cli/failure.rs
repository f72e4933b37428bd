//! Why a command did not do its work, as one sentence for whoever ran it.

use std::error::Error;
use std::fmt;

use crate::app;
use crate::config::WrongSetting;
use crate::messages::{self, Lang};

/// Why a command did not do its work.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    sentence: String,
    is_usage: bool,
}

impl Failure {
    /// A failure, in a sentence that says what to do.
    #[must_use]
    pub fn new(sentence: impl Into<String>) -> Self {
        // One sentence is one line, whatever a library wrote.
        let sentence: String = sentence.into();
        let words: Vec<&str> = sentence.split_whitespace().collect();
        Self { sentence: words.join(" "), is_usage: false }
    }

    /// The command was given wrongly.
    #[must_use]
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { is_usage: true, ..Self::new(sentence) }
    }

    /// An error and what caused it, each cause said once.
    #[must_use]
    pub fn of(error: &dyn Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            let said = cause.to_string();
            if !text.contains(&said) {
                text = format!("{text}: {said}");
            }
            source = cause.source();
        }
        Self::new(text)
    }

    /// What the process exits with: 2 on wrong usage, 1 otherwise.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        if self.is_usage { 2 } else { 1 }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl From<WrongSetting> for Failure {
    fn from(wrong: WrongSetting) -> Self {
        Self { is_usage: wrong.is_flag, ..Self::of(&wrong) }
    }
}

impl From<crate::store::Error> for Failure {
    fn from(error: crate::store::Error) -> Self {
        Self::of(&error)
    }
}

impl From<crate::server::StartError> for Failure {
    fn from(error: crate::server::StartError) -> Self {
        Self::of(&error)
    }
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Faults(faults) => {
                let told = faults.iter().map(|fault| {
                    let place = fault.pointer.as_str().trim_start_matches('/');
                    format!("{place}: {}", messages::fault(fault, Lang::En))
                });
                Self::new(told.collect::<Vec<_>>().join("; "))
            }
            app::Error::Database(error) => Self::of(&error),
            error => Self::of(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("inner\n  on a second line")]
    struct Inner;

    #[test]
    fn causes_are_one_sentence_on_one_line() {
        assert_eq!(Failure::of(&Outer(Inner)).to_string(), "outer: inner on a second line");
    }

    #[test]
    fn usage_is_2() {
        assert_eq!((Failure::usage("a").exit_code(), Failure::new("a").exit_code()), (2, 1));
    }
}
