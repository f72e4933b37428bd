//! `vigila receipts`: the keys that sign receipts. Needs the database alone.

use clap::Subcommand;
use serde_json::json;
use vigila_core::proof::receipt::ALGORITHM;

use super::{DatabaseFlags, Failure, print};
use crate::app::receipts::{Key, Keys};
use crate::clock;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Prints the public keys as `GET /api/v1/receipt-keys` has them, for `vigila verify --keys`
    Keys {
        #[command(flatten)]
        database: DatabaseFlags,
    },
    /// Makes a new key, which signs receipts from now on; prints its name. Receipts given before
    /// stay valid
    Rotate {
        #[command(flatten)]
        database: DatabaseFlags,
    },
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Keys { database } => {
            let keys = open(&database.settings()?.database_url).await?;
            let all = keys.all().await;
            keys.close().await;
            print(&told(&all?)?)
        }
        Command::Rotate { database } => {
            let keys = open(&database.settings()?.database_url).await?;
            let rotated = keys.rotate(clock::now()).await;
            keys.close().await;
            print(&format!("{}\n", rotated?))
        }
    }
}

pub(super) async fn open(url: &str) -> Result<Keys, Failure> {
    let url = url.to_owned();
    let opened = tokio::task::spawn_blocking(move || Keys::open(&url)).await;
    Ok(opened.map_err(|e| Failure::of(&e))??)
}

fn told(keys: &[Key]) -> Result<String, Failure> {
    let items = keys.iter().map(|key| {
        let mut item = json!({
            "key_id": key.public.id(),
            "algorithm": ALGORITHM,
            "public_key": key.public.base64(),
            "pem": key.public.pem(),
            "created_at": key.created_at.to_string(),
        });
        if let Some(at) = key.retired_at {
            item["retired_at"] = at.to_string().into();
        }
        item
    });
    let list = json!({"items": items.collect::<Vec<_>>()});
    let text = serde_json::to_string_pretty(&list).map_err(|e| Failure::of(&e))?;
    Ok(text + "\n")
}
