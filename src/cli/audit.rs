//! `vigila audit verify`: whether the audit trail is as it was written. Reads only, beside a
//! running service. Needs the database alone.

use clap::Subcommand;

use super::{DatabaseFlags, Failure, print};
use crate::app::audit::{Noted, Sound, Trail};
use crate::clock;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Recomputes the chain of the audit trail from its beginning; names the first row that does
    /// not fit and exits 1, or prints how many events are chained and the head
    Verify {
        /// A hash that was printed earlier: the chain must still have it, or its end was cut off
        #[arg(long, value_name = "HASH", value_parser = hash)]
        head: Option<String>,
        /// The position that was printed with it; alone, how long the chain must be at least
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
        position: Option<i64>,
        #[command(flatten)]
        database: DatabaseFlags,
    },
}

fn hash(text: &str) -> Result<String, &'static str> {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let is_hash = text.len() == 64 && text.chars().all(digit);
    if is_hash { Ok(text.to_owned()) } else { Err("a hash has 64 digits of 0-9 and a-f") }
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    let Command::Verify { head, position, database } = command;
    let settings = database.settings()?;
    let opened = tokio::task::spawn_blocking(move || Trail::open(&settings.database_url)).await;
    let trail = opened.map_err(|e| Failure::of(&e))??;
    let verdict = trail.verify(&Noted { head, position }, clock::now()).await;
    trail.close().await;
    match verdict? {
        Ok(sound) => print(&told(&sound)),
        Err(misfit) => Err(Failure::new(misfit.to_string())),
    }
}

fn told(sound: &Sound) -> String {
    let Sound { count, head, waiting } = sound;
    let waits =
        if *waiting == 0 { String::new() } else { format!(", {waiting} wait to be chained") };
    format!("sound: {count} events are chained{waits}\nhead {count} {head}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_hash() {
        assert!(hash(&"0f".repeat(32)).is_ok());
        for bad in ["", "0", &"0F".repeat(32), &"0f".repeat(33), &"é".repeat(32)] {
            assert!(hash(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_head_stands_in_a_line_of_its_own() {
        let sound = Sound { count: 2, head: "ab".into(), waiting: 0 };
        assert_eq!(told(&sound), "sound: 2 events are chained\nhead 2 ab\n");
        let waits = told(&Sound { waiting: 1, ..sound });
        assert!(waits.starts_with("sound: 2 events are chained, 1 wait"), "{waits}");
    }
}
