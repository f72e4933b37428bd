//! The command line: parses it, runs one command, tells how it went.

use std::process::ExitCode;

fn main() -> ExitCode {
    vigila::cli::run(std::env::args_os())
}
