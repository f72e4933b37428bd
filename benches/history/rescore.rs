//! What-if over all of the history: `vigila rescore --dry-run`, which reads the compact form
//! of the answers, and the same from the stored documents. Each is a process of its own.

use std::path::Path;
use std::process::Command;

use vigila::app::shipped_files;

use crate::support;
use crate::usage::{Usage, measured};

/// The argument by which this program is run for [`crate::documents`].
pub const FROM_DOCUMENTS: &str = "from-documents";

/// Measures both, each twice: the first run may have to read what lies on the disk.
pub fn what_if(url: &str, visits: usize, folder: &Path) {
    let model = folder.join("proposed.yaml");
    std::fs::write(&model, proposed()).expect("written");
    println!("\nwhat-if over {visits} visits under two models, indicators included");
    println!("from                wall s    visits/s    CPU s   peak MB");
    for run in ["first", "again"] {
        let mut command = support::command(folder, Some(url));
        command.args(["rescore", "--dry-run", "--model"]).arg(&model).env("VIGILA_LOG", "warn");
        let usage = measured(command);
        let counted = format!("visits: {visits}, of which");
        assert!(usage.output.contains(&counted), "{}", usage.output);
        tell(&format!("compact, {run}"), &usage, visits);
    }
    for run in ["first", "again"] {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.arg(FROM_DOCUMENTS).arg(url).arg(&model).arg(folder);
        let usage = measured(command);
        assert_eq!(usage.output.trim(), visits.to_string());
        tell(&format!("documents, {run}"), &usage, visits);
    }
    std::fs::remove_file(model).expect("removed");
}

fn tell(what: &str, usage: &Usage, visits: usize) {
    let wall = usage.wall.as_secs_f64();
    let rate = visits as f64 / wall;
    println!("{what:<16} {wall:>9.2} {rate:>11.0} {:>8.2} {:>9.0}", usage.cpu, usage.peak);
}

/// The shipped model with other weights and limits.
fn proposed() -> String {
    let files = shipped_files();
    let shipped = files.iter().find(|file| file.name.ends_with("scoring.yaml"));
    let text = &shipped.expect("the shipped model").text;
    let mut changed = text.clone();
    for (from, to) in [
        ("version: \"1.0.0\"", "version: \"9.9.9\""),
        ("dimension_weights: {}", "dimension_weights: { SAFETY: 2, HYGIENE: 2 }"),
        ("good: 90", "good: 92"),
    ] {
        assert!(changed.contains(from), "the shipped model is another one: no `{from}`");
        changed = changed.replacen(from, to, 1);
    }
    changed
}
