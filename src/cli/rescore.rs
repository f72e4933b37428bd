//! `vigila rescore`: all history under another model, beside a running service.

use std::path::PathBuf;
use std::sync::Arc;

use indicatif::{ProgressBar, ProgressStyle};
use vigila_core::checklist::{Level, SourceFile, parse_yaml, read_model};
use vigila_core::documents::comparison::{Comparison, Distribution};
use vigila_core::documents::{json, model};
use vigila_core::domain::{Scope, Territory};
use vigila_core::scoring::Model;

use super::{DatabaseFlags, Failure, print, start};
use crate::app::App;
use crate::app::rescoring::{Progress, add_scores, compare};
use crate::clock;
use crate::config::Flags;
use crate::server;

#[derive(Debug, clap::Args)]
#[expect(clippy::doc_markdown, reason = "these comments are the help that people read")]
pub(super) struct Arguments {
    /// The model, a file such as scoring.yaml
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// Says what would change, and adds nothing
    #[arg(long)]
    dry_run: bool,
    /// Only this territory, by code; may be given more than once [default: all]
    #[arg(long, value_name = "CODE")]
    territory: Vec<Territory>,
    /// Prints what would change as JSON
    #[arg(long)]
    json: bool,
    /// Folder of checklists [VIGILA_CHECKLISTS] [default: those built in]
    #[arg(long, value_name = "DIR")]
    checklists: Option<String>,
    #[command(flatten)]
    database: DatabaseFlags,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { model, dry_run, territory, json: as_json, checklists, database } = arguments;
    let (document, value) = read(&model)?;
    let DatabaseFlags { config, database_url, log } = database;
    let settings = start(&Flags { config, database_url, log, checklists, ..Flags::default() })?;
    let app = server::build(&settings).await?;
    let scope = if territory.is_empty() {
        Scope::All
    } else {
        Scope::Only(territory.into_iter().collect())
    };
    let now = clock::now();
    let digest = json::digest(&json::canonical(&value));
    let proposed = Model::new(document.clone(), &digest).map_err(|e| Failure::of(&e))?;
    let (bar, progress) = bar("comparing");
    let compared = compare(&app, Arc::new(proposed), &scope, progress, now).await;
    bar.finish_and_clear();
    let comparison = compared.map_err(|e| Failure::of(&e))?;
    print(&if as_json { pretty(&comparison)? } else { told(&comparison) })?;
    if !dry_run {
        add(&app, &document, &value, &scope).await?;
    }
    app.db.shutdown().await;
    Ok(())
}

async fn add(
    app: &App,
    document: &model::Document,
    value: &serde_json::Value,
    scope: &Scope,
) -> Result<(), Failure> {
    let now = clock::now();
    let published = app.library.publish_model(document, value, now).await;
    let model = published.map_err(|e| Failure::of(&e))?;
    let (bar, progress) = bar("adding scores");
    let added = add_scores(app, &model, scope, progress, now).await;
    bar.finish_and_clear();
    let added = added.map_err(|e| Failure::of(&e))?;
    print(&format!("{added} scores added by {} {}\n", model.version.code, model.version.version))
}

/// Reads the model, or says every fault of the file with its line.
fn read(path: &std::path::Path) -> Result<(model::Document, serde_json::Value), Failure> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::new(format!("{name} cannot be read: {e}")))?;
    let parsed = parse_yaml(&SourceFile { name, text });
    let parsed = parsed.map_err(|finding| Failure::new(finding.to_string()))?;
    match read_model(&parsed.value) {
        Ok(document) => Ok((document, parsed.value)),
        Err(faults) => {
            let count = faults.len();
            let told = faults
                .into_iter()
                .map(|(at, what)| format!("{}\n", parsed.finding(&at, Level::Error, what)));
            print(&told.collect::<String>())?;
            let name = parsed.name;
            Err(Failure::new(format!("{name} has {count} faults: mend those listed")))
        }
    }
}

/// A bar for whoever watches; into a pipe it writes nothing.
fn bar(what: &'static str) -> (ProgressBar, Progress) {
    let bar = ProgressBar::new(0).with_message(what);
    let form = "{msg} {wide_bar} {human_pos}/{human_len} visits, {per_sec}, {eta} to go";
    if let Ok(style) = ProgressStyle::with_template(form) {
        bar.set_style(style);
    }
    let shown = bar.clone();
    let progress = move |done, total| {
        shown.set_length(total);
        shown.set_position(done);
    };
    (bar, Arc::new(progress))
}

fn pretty(comparison: &Comparison) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(comparison);
    text.map(|text| text + "\n").map_err(|e| Failure::new(e.to_string()))
}

fn told(comparison: &Comparison) -> String {
    let name = |model: &vigila_core::documents::score::ModelVersion| {
        format!("{} {}", model.code, model.version)
    };
    let mut lines = vec![format!(
        "{} (published) against {}",
        name(&comparison.published),
        name(&comparison.proposed)
    )];
    lines.extend(distribution("visits", &comparison.visits));
    lines.extend(distribution("centres", &comparison.centres));
    for moved in &comparison.moved {
        let critical = if moved.critical_after.is_empty() {
            String::new()
        } else {
            format!(" ({})", moved.critical_after.join(", "))
        };
        lines.push(format!(
            "{} {}: {} ({}) -> {} ({}){critical}",
            moved.territory,
            moved.facility,
            moved.from.as_str(),
            moved.rule_before.as_str(),
            moved.to.as_str(),
            moved.rule_after.as_str(),
        ));
    }
    lines.join("\n") + "\n"
}

fn distribution(what: &str, distribution: &Distribution) -> Vec<String> {
    let Distribution { total, changed, bands, moves } = distribution;
    let mut lines = vec![format!("{what}: {total}, of which {changed} would change band")];
    for count in bands {
        let name = count.band.as_str();
        lines.push(format!("  {name:<16} {:>9} -> {:>9}", count.before, count.after));
    }
    for moved in moves {
        lines.push(format!(
            "  {} from {} ({}) to {} ({})",
            moved.count,
            moved.from.as_str(),
            moved.rule_before.as_str(),
            moved.to.as_str(),
            moved.rule_after.as_str(),
        ));
    }
    lines
}
