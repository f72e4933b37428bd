//! `vigila metrics backfill`: the past for Prometheus, as a file that `promtool` makes blocks
//! of. Reads only, beside a running service.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use vigila_core::domain::{Day, Scope, Territory, parse_day};

use super::{DatabaseFlags, Failure, start};
use crate::app::backfill::{self, HEAD_HOURS, NoHistory, Question};
use crate::clock;
use crate::config::Flags;
use crate::server;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Writes how every centre stood at the end of each day, in the OpenMetrics text format, for
    /// `promtool tsdb create-blocks-from openmetrics`
    Backfill(Arguments),
}

#[derive(Debug, clap::Args)]
#[expect(clippy::doc_markdown, reason = "these comments are the help that people read")]
pub(super) struct Arguments {
    /// The first day, such as 2025-01-01
    #[arg(long, value_name = "DAY", value_parser = day)]
    from: Day,
    /// The last day; what ends within the last three hours or later is left out
    #[arg(long, value_name = "DAY", value_parser = day)]
    to: Day,
    /// Only this territory, by code; may be given more than once [default: all]
    #[arg(long, value_name = "CODE", num_args = 1..)]
    territory: Vec<Territory>,
    /// Days from one sample to the next
    #[arg(long, value_name = "DAYS", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=366))]
    step: u32,
    /// The file that is written [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Folder of checklists [VIGILA_CHECKLISTS] [default: those built in]
    #[arg(long, value_name = "DIR")]
    checklists: Option<String>,
    #[command(flatten)]
    database: DatabaseFlags,
}

fn day(text: &str) -> Result<Day, &'static str> {
    parse_day(text).ok_or("a day is written like 2025-01-31")
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Backfill(arguments) = command;
    let Arguments { from, to, territory, step, out, checklists, database } = arguments;
    if from > to {
        return Err(Failure::usage(format!(
            "--from {from} lies behind --to {to}: turn them round"
        )));
    }
    let DatabaseFlags { config, database_url, log } = database;
    let settings = start(&Flags { config, database_url, log, checklists, ..Flags::default() })?;
    let app = server::build(&settings).await?;
    let scope = if territory.is_empty() {
        Scope::All
    } else {
        Scope::Only(territory.into_iter().collect())
    };
    let gathered = backfill::gather(&app, Question { scope, from, to, step }, clock::now()).await;
    app.db.shutdown().await;
    let history = gathered.map_err(|error| match error {
        NoHistory::TooMany(error) => Failure::usage(error.to_string()),
        NoHistory::Failed(error) => Failure::from(error),
    })?;
    let (centres, left_out) = (history.centres(), history.left_out());
    let work = tokio::task::spawn_blocking(move || {
        let mut place = open(out.as_ref())?;
        history.write(&mut place)
    });
    let written = work.await.map_err(|e| Failure::of(&e))?;
    let written =
        written.map_err(|e| Failure::new(format!("the samples cannot be written: {e}")))?;
    if left_out > 0 {
        eprintln!(
            "the last {left_out} of the days asked for are left out: they end less than \
             {HEAD_HOURS} hours ago or later, and Prometheus scrapes them itself"
        );
    }
    eprintln!("{} samples of {} series, {centres} centres", written.samples, written.series);
    Ok(())
}

fn open(out: Option<&PathBuf>) -> std::io::Result<Box<dyn Write>> {
    Ok(match out {
        Some(file) => Box::new(File::create(file)?),
        None => Box::new(std::io::stdout()),
    })
}
