//! Where the public keys come from: a file that was saved from `GET /receipt-keys`, or the
//! database if it is at hand.

use std::collections::HashMap;
use std::path::Path;

use serde_json::Value;
use vigila_core::domain::Instant;
use vigila_core::proof::receipt::PublicKey;

use super::{DatabaseFlags, read};
use crate::cli::Failure;
use crate::cli::receipts::open;

/// The name under which the keys lie beside a receipt.
const BESIDE: &str = "receipt-keys.json";
/// How far clocks of several processes may lie apart when one of them retires a key.
const TOLERANCE_SECONDS: i64 = 300;

/// A key that is known.
pub(super) struct KnownKey {
    pub public: PublicKey,
    pub retired_at: Option<Instant>,
}

/// The keys that are known, by name.
pub(super) struct KnownKeys {
    /// Where they come from, for people.
    pub from: String,
    keys: HashMap<String, KnownKey>,
}

impl KnownKey {
    /// Whether it had been retired at this time: whoever has an old key may not use it now.
    pub fn was_retired_before(&self, at: &str) -> bool {
        let (Some(retired), Ok(at)) = (self.retired_at, at.parse::<Instant>()) else {
            return false;
        };
        at > retired.plus_seconds(TOLERANCE_SECONDS)
    }
}

impl KnownKeys {
    pub fn get(&self, key_id: &str) -> Option<&KnownKey> {
        self.keys.get(key_id)
    }

    pub async fn find(
        given: Option<&Path>,
        receipt: &Path,
        database: DatabaseFlags,
    ) -> Result<Self, Failure> {
        let beside = receipt.with_file_name(BESIDE);
        if let Some(file) = given.or_else(|| beside.is_file().then_some(&beside)) {
            return Self::of_file(file);
        }
        Self::of_database(database).await.map_err(|why| {
            Failure::new(format!(
                "no public keys to check with ({why}): save them once with `curl -o {BESIDE} \
                 https://…/api/v1/receipt-keys` beside the receipt, or name the file with --keys"
            ))
        })
    }

    fn of_file(file: &Path) -> Result<Self, Failure> {
        let name = file.display().to_string();
        let value = read(file)?;
        let items = value.get("items").and_then(Value::as_array);
        let items = items.ok_or_else(|| {
            Failure::new(format!("{name} is no answer of GET /receipt-keys: it has no items"))
        })?;
        let keys = items.iter().map(|item| {
            read_key(item).ok_or_else(|| {
                Failure::new(format!("{name} has a key that is none, or not what its key_id says"))
            })
        });
        Ok(Self { keys: keys.collect::<Result<_, _>>()?, from: name })
    }

    async fn of_database(database: DatabaseFlags) -> Result<Self, Failure> {
        let url = database.settings()?.database_url;
        // Opening would make the file.
        if let Some(file) = url.strip_prefix("sqlite://")
            && !Path::new(file).is_file()
        {
            return Err(Failure::new(format!("there is no database {file} here")));
        }
        let keys = open(&url).await?;
        let all = keys.all().await;
        keys.close().await;
        let all = all?.into_iter().map(|key| {
            let (public, retired_at) = (key.public, key.retired_at);
            (public.id(), KnownKey { public, retired_at })
        });
        Ok(Self { keys: all.collect(), from: "the database".to_owned() })
    }
}

/// A key under its name, which its bytes must bear out.
fn read_key(item: &Value) -> Option<(String, KnownKey)> {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let public = PublicKey::from_base64(text("public_key")?).ok()?;
    let retired_at = match text("retired_at") {
        None => None,
        Some(at) => Some(at.parse().ok()?),
    };
    let id = text("key_id")?.to_owned();
    (id == public.id()).then_some((id, KnownKey { public, retired_at }))
}
