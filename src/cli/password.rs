//! A new password for a command: one line on stdin, or made here.

use std::io::{BufRead, IsTerminal};

use clap::Args;

use super::Failure;
use crate::app;

/// Most bytes that are read for a line.
const LONGEST: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub(super) struct Source {
    /// Makes a password and prints it, instead of reading one line from stdin
    #[arg(long)]
    generate: bool,
}

/// A password, and whether it was made here and so must be told.
pub(super) struct Chosen {
    pub password: String,
    pub made: bool,
}

impl Source {
    pub fn choose(&self) -> Result<Chosen, Failure> {
        if self.generate {
            return Ok(Chosen { password: app::generate_password()?, made: true });
        }
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            eprintln!("New password, shown as you type (--generate makes one):");
        }
        Ok(Chosen { password: first_line(stdin.lock())?, made: false })
    }
}

fn first_line(input: impl BufRead) -> Result<String, Failure> {
    let mut line = String::new();
    let read = input.take(LONGEST).read_line(&mut line);
    read.map_err(|e| Failure::new(format!("the password cannot be read from stdin: {e}")))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(Failure::new(
            "no password on stdin: write it there as one line, or use --generate",
        ));
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_with_its_blanks() {
        let table = [
            ("a pass phrase \nmore", "a pass phrase "),
            ("a pass phrase\r\n", "a pass phrase"),
            ("no end", "no end"),
        ];
        for (input, expected) in table {
            assert_eq!(first_line(input.as_bytes()).unwrap(), expected);
        }
        assert!(first_line(b"\n".as_slice()).is_err());
        assert!(first_line(b"".as_slice()).is_err());
        assert!(first_line(b"\xff\n".as_slice()).is_err());
    }
}
