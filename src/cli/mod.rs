//! The commands, a file each. Each reads its arguments, asks `app` or `server` for the work,
//! and prints what came of it: results to stdout, one sentence on stderr when it failed.
//! Knows no route and no table.

mod audit;
mod checklists;
mod demo;
mod failure;
mod metrics;
mod migrate;
mod openapi;
mod password;
mod people;
mod receipts;
mod rescore;
mod serve;
mod status;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub use self::failure::Failure;
use crate::config::{Flags, Settings};
use crate::telemetry;

/// Quality monitoring of reception centres: checklists, evidence, scores and trends.
#[derive(Debug, Parser)]
#[command(name = "vigila", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes a sample province in a folder of its own, serves it, and says what to try
    Demo(demo::Arguments),
    /// Serves the pages and the API until it is told to stop (SIGTERM or SIGINT)
    Serve(Box<Flags>),
    /// Brings the database up to date
    Migrate(DatabaseFlags),
    /// Exits 0 when the service is ready, for health checks
    Status(status::Arguments),
    /// Work on checklists
    #[command(subcommand)]
    Checklists(checklists::Command),
    /// Who has an account, and what operators do about them
    #[command(subcommand)]
    People(people::Command),
    /// Scores all history again under another model: says what would change, and adds the scores
    Rescore(rescore::Arguments),
    /// The audit trail
    #[command(subcommand)]
    Audit(audit::Command),
    /// What Prometheus is told
    #[command(subcommand)]
    Metrics(metrics::Command),
    /// The keys that sign receipts
    #[command(subcommand)]
    Receipts(receipts::Command),
    /// Checks a receipt with content and photos; without one, every inspection in the database
    Verify(verify::Arguments),
    /// Prints the OpenAPI document
    Openapi,
}

/// The settings that a command on the database alone needs.
#[derive(Debug, Clone, Args)]
#[expect(clippy::doc_markdown, reason = "these comments are the help that people read")]
struct DatabaseFlags {
    /// Settings file [VIGILA_CONFIG] [default: vigila.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Database: sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME [VIGILA_DATABASE_URL]
    /// [default: sqlite://vigila.db]
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// What goes to stderr, such as info or debug,json [VIGILA_LOG] [default: info,text]
    #[arg(long, value_name = "LOG")]
    log: Option<String>,
}

impl DatabaseFlags {
    fn settings(self) -> Result<Settings, Failure> {
        let Self { config, database_url, log } = self;
        start(&Flags { config, database_url, log, ..Flags::default() })
    }
}

/// Reads the settings, and begins to log as they say.
fn start(flags: &Flags) -> Result<Settings, Failure> {
    let settings = flags.settings()?;
    telemetry::start(settings.log);
    Ok(settings)
}

/// Runs the command that these arguments name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, and go to stdout. A closed pipe there is
            // nobody's fault.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let outcome = actix_web::rt::System::new().block_on(dispatch(cli.command));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("vigila: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}

async fn dispatch(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Serve(flags) => serve::run(&start(&flags)?).await,
        Command::Migrate(flags) => migrate::run(&flags.settings()?).await,
        Command::Status(arguments) => status::run(arguments).await,
        Command::Checklists(command) => checklists::run(command),
        Command::People(command) => people::run(command).await,
        Command::Rescore(arguments) => rescore::run(arguments).await,
        Command::Audit(command) => audit::run(command).await,
        Command::Metrics(command) => metrics::run(command).await,
        Command::Receipts(command) => receipts::run(command).await,
        Command::Verify(arguments) => verify::run(arguments).await,
        Command::Openapi => openapi::run(),
    }
}

/// Writes a result to stdout. A reader that went away is a failure like any other, not a
/// panic as with `println!`.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(|e| Failure::new(format!("the result cannot be written: {e}")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn wrong_usage_is_2_and_help_is_0() {
        let code = |line: &str| run(line.split(' ').map(OsString::from));
        for line in ["vigila", "vigila nonsense", "vigila serve --nonsense", "vigila people add"] {
            assert_eq!(code(line), ExitCode::from(2), "{line}");
        }
        for line in ["vigila --help", "vigila serve --help", "vigila --version"] {
            assert_eq!(code(line), ExitCode::SUCCESS, "{line}");
        }
    }
}
