//! What a verification found, as text for people or JSON for programs.

use std::fmt::Write as _;

use serde_json::json;

use crate::cli::Failure;

/// What was found of one thing.
struct Finding {
    of: String,
    /// None where there was nothing to judge.
    sound: Option<bool>,
    says: String,
}

/// All that was found, in the order of looking.
#[derive(Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// As it should be.
    pub fn good(&mut self, of: String, says: String) {
        self.findings.push(Finding { of, sound: Some(true), says });
    }

    /// Not as it should be.
    pub fn bad(&mut self, of: String, says: String) {
        self.findings.push(Finding { of, sound: Some(false), says });
    }

    /// Neither.
    pub fn note(&mut self, of: String, says: String) {
        self.findings.push(Finding { of, sound: None, says });
    }

    fn faults(&self) -> usize {
        self.findings.iter().filter(|finding| finding.sound == Some(false)).count()
    }

    /// A line each.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for Finding { of, sound, says } in &self.findings {
            let mark = match sound {
                Some(true) => "ok   ",
                Some(false) => "WRONG",
                None => "-    ",
            };
            // A String takes whatever is written to it.
            let _ = writeln!(text, "{mark} {of}: {says}");
        }
        text
    }

    /// One document.
    pub fn json(&self) -> Result<String, Failure> {
        let findings = self
            .findings
            .iter()
            .map(|Finding { of, sound, says }| json!({"of": of, "sound": sound, "says": says}));
        let all = json!({"sound": self.faults() == 0, "findings": findings.collect::<Vec<_>>()});
        let text = serde_json::to_string_pretty(&all).map_err(|e| Failure::of(&e))?;
        Ok(text + "\n")
    }

    /// Whether all is sound.
    pub fn verdict(&self) -> Result<(), Failure> {
        match self.faults() {
            0 => Ok(()),
            1 => Err(Failure::new("1 thing is not as the office received it: see what is listed")),
            n => Err(Failure::new(format!(
                "{n} things are not as the office received them: see what is listed"
            ))),
        }
    }
}
