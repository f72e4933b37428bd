//! `vigila checklists check`.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use vigila_core::checklist::{Finding, Level};

use super::{Failure, print};
use crate::app;
use crate::config::Flags;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Lints checklists, facts, indicators and scoring: every fault with its file, line, item
    /// and mend. Exits 1 when there is an error
    Check {
        /// The folder [default: what `VIGILA_CHECKLISTS` names, else those built in]
        folder: Option<PathBuf>,
    },
}

pub(super) fn run(command: Command) -> Result<(), Failure> {
    let Command::Check { folder } = command;
    let folder = match folder {
        Some(folder) => Some(folder),
        None => Flags::default().settings()?.checklists.map(PathBuf::from),
    };
    let findings = app::check_checklists(folder.as_deref().map(Path::new))
        .map_err(|error| Failure::of(&error))?;
    print(&findings.iter().map(|finding| format!("{finding}\n")).collect::<String>())?;
    verdict(&findings)
}

fn verdict(findings: &[Finding]) -> Result<(), Failure> {
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    let warnings = findings.len() - errors;
    if errors == 0 {
        return print(&format!("no errors, {}\n", counted(warnings, "warning")));
    }
    let told = format!("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    Err(Failure::new(format!("{told}: mend the errors listed and check again")))
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

#[cfg(test)]
mod tests {
    use vigila_core::checklist::Mend;

    use super::*;

    #[test]
    fn only_errors_fail() {
        let finding = |level| Finding {
            file: "a.yaml".into(),
            line: 1,
            item: None,
            level,
            what: Mend { fault: "f".into(), mend: "m".into() },
        };
        assert_eq!(verdict(&[finding(Level::Warning)]), Ok(()));
        let failed = verdict(&[finding(Level::Error), finding(Level::Warning)]).unwrap_err();
        assert!(failed.to_string().starts_with("1 error, 1 warning:"), "{failed}");
    }
}
