//! DuckDB's weighted sums over the same history, by the script beside this file, each step a
//! process of its own so that its memory is its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::usage::{Usage, measured};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/history/duckdb_sums.py");
const PINS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/history/requirements.txt");

/// How far a sum may be from the stored score.
const TOLERANCE: f64 = 1e-6;

/// Measures; `folder` holds what DuckDB is given and makes, which can be as large as the
/// history, and is removed.
pub fn sums(history: &Path, folder: &Path) {
    let python = environment();
    std::fs::create_dir_all(folder).expect("a folder");
    let step = |what: &str, history: Option<&Path>| {
        let mut command = Command::new(&python);
        measured({
            command.arg(SCRIPT).arg(what).args(history).arg(folder);
            command
        })
    };
    println!("\nDuckDB, 2 threads: weighted sums only, the best of three");
    println!("step                    wall s    CPU s   peak MB");
    let exported = step("export", Some(history));
    tell("documents exported", &exported, &size(&exported));
    let documents = step("documents", None);
    tell("sums from documents", &documents, &outcome(&documents));
    let built = step("build", None);
    tell("columnar table built", &built, &size(&built));
    let columns = step("columns", None);
    tell("sums from its table", &columns, &outcome(&columns));
    std::fs::remove_dir_all(folder).expect("removed");
}

fn tell(what: &str, usage: &Usage, more: &str) {
    let wall = usage.wall.as_secs_f64();
    println!("{what:<20} {wall:>9.2} {:>8.2} {:>9.0}   {more}", usage.cpu, usage.peak);
}

fn size(usage: &Usage) -> String {
    let bytes: f64 = usage.output.trim().parse().expect("bytes");
    format!("{:.2} GB", bytes / 1e9)
}

/// Seconds of the best run alone, and whether all sums are the stored scores.
fn outcome(usage: &Usage) -> String {
    let fields: Vec<&str> = usage.output.split_whitespace().collect();
    let [seconds, cpu, count, differs] = fields[..] else { panic!("{}", usage.output) };
    let difference: f64 = differs.parse().expect("a difference");
    assert!(difference <= TOLERANCE, "DuckDB's sums differ from the stored scores by {differs}");
    format!("one run {seconds} s, {cpu} s of CPU; {count} scores, within {differs} of the stored")
}

/// A Python with the pinned DuckDB, beside what Cargo builds.
fn environment() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_vigila"));
    let folder = program.parent().expect("a folder").join("duckdb-venv");
    let (python, mark) = (folder.join("bin/python"), folder.join("installed.txt"));
    let wanted = std::fs::read(PINS).expect("the pins");
    if std::fs::read(&mark).is_ok_and(|found| found == wanted) {
        return python;
    }
    let run = |command: &mut Command| assert!(command.status().expect("run").success());
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(PINS));
    std::fs::copy(PINS, mark).expect("noted");
    python
}
