//! `vigila verify`: without a receipt, whether what is kept of visits holds together; with one,
//! offline, whether content and photos are what the office received, and when.

mod keys;
mod photos;
mod record;
mod report;

use std::path::{Path, PathBuf};

use serde_json::Value;
use vigila_core::documents::json;
use vigila_core::proof::receipt::{Received, Statement};

use self::keys::KnownKeys;
use self::record::{Record, Signed, Subject};
use self::report::Report;
use super::{DatabaseFlags, Failure, print, start};
use crate::app::stored::check_store;
use crate::config::Flags;
use crate::server;

#[derive(Debug, clap::Args)]
#[expect(clippy::doc_markdown, reason = "these comments are the help that people read")]
pub(super) struct Arguments {
    /// A receipt as a phone keeps it, or the answer of GET /inspections/{id} or of a photo's PUT;
    /// without one, every inspection in the database is checked
    receipt: Option<PathBuf>,
    /// The content as it was sent, or the answer of GET /inspections/{id}/content [default: the one in the receipt's file, if there is one]
    #[arg(long, value_name = "FILE", requires = "receipt")]
    content: Option<PathBuf>,
    /// The folder in which the photos lie: any names, the bytes decide
    #[arg(long, value_name = "DIR", requires = "receipt")]
    photos: Option<PathBuf>,
    /// The public keys, as GET /receipt-keys answers them [default: receipt-keys.json beside the
    /// receipt, else the database]
    #[arg(long, value_name = "FILE", requires = "receipt")]
    keys: Option<PathBuf>,
    /// Prints what was found as JSON
    #[arg(long)]
    json: bool,
    /// Folder of checklists [VIGILA_CHECKLISTS] [default: those built in]
    #[arg(long, value_name = "DIR")]
    checklists: Option<String>,
    #[command(flatten)]
    database: DatabaseFlags,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    match &arguments.receipt {
        Some(receipt) => {
            let receipt = receipt.clone();
            verify_receipt(arguments, &receipt).await
        }
        None => verify_store(arguments).await,
    }
}

async fn verify_store(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { checklists, database, json, .. } = arguments;
    let DatabaseFlags { config, database_url, log } = database;
    let settings = start(&Flags { config, database_url, log, checklists, ..Flags::default() })?;
    let app = server::build(&settings).await?;
    let mut report = Report::default();
    let mut printed = Ok(());
    let checked = check_store(&app, |id, wrong| {
        // Told at once as text; kept for the JSON, which is one document.
        let (of, says) = (format!("inspection {id}"), wrong.to_string());
        if json {
            report.bad(of, says);
        } else if printed.is_ok() {
            printed = print(&format!("{of}: {says}\n"));
        }
    })
    .await;
    app.db.shutdown().await;
    printed?;
    let checked = checked?;
    let counts = format!(
        "{} inspections checked, {} with a signed receipt, {} that do not fit",
        checked.inspections, checked.signed, checked.wrong
    );
    if json {
        report.note("inspections".to_owned(), counts.clone());
        print(&report.json()?)?;
    } else {
        print(&format!("{counts}\n"))?;
    }
    if checked.wrong > 0 {
        return Err(Failure::new(format!(
            "{} inspections are not as they were received: compare those listed with a backup",
            checked.wrong
        )));
    }
    Ok(())
}

async fn verify_receipt(arguments: Arguments, path: &Path) -> Result<(), Failure> {
    let Arguments { content, photos, keys, json, database, .. } = arguments;
    let record = Record::read(&read(path)?, path)?;
    let content = content.as_deref().map(read).transpose()?.map(content_of);
    let keys = KnownKeys::find(keys.as_deref(), path, database).await?;
    let mut report = Report::default();
    check_signature(&record, &record.own, &keys, &mut report);
    check_content(&record, content.as_ref(), &mut report);
    for receipt in &record.photo_receipts {
        check_signature(&record, receipt, &keys, &mut report);
    }
    if let Some(folder) = photos {
        let listed = record.listed_photos(content.as_ref())?;
        photos::check(&folder, &listed, &record, &mut report)?;
    }
    print(&if json { report.json()? } else { report.text() })?;
    report.verdict()
}

/// The content of a file that has it alone, or in an answer of the service: no content has a
/// member of that name.
fn content_of(mut value: Value) -> Value {
    value.get_mut("content").map(Value::take).unwrap_or(value)
}

/// A JSON file, refused where a key stands twice: two readers would see two contents.
fn read(path: &Path) -> Result<Value, Failure> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|e| Failure::new(format!("{name}: {e}")))?;
    json::parse(&bytes).map_err(|e| Failure::new(format!("{name} is no JSON: {e}")))
}

fn check_signature(record: &Record, signed: &Signed, keys: &KnownKeys, report: &mut Report) {
    let (of, received) = match &signed.subject {
        Subject::Inspection { digest } => (
            format!("receipt of inspection {}", record.inspection),
            Received::Inspection { digest },
        ),
        Subject::Photo { sha256 } => {
            (format!("receipt of photo {sha256}"), Received::Photo { sha256 })
        }
    };
    let Some(key) = keys.get(&signed.key_id) else {
        let says = format!(
            "signed by the key {}, which is not among those of {}: get GET /api/v1/receipt-keys anew",
            signed.key_id, keys.from
        );
        return report.bad(of, says);
    };
    let statement = Statement { inspection: record.inspection, received, at: &signed.at };
    if !key.public.signed(&statement, &signed.signature) {
        let says = "the signature does not fit: this was not given by the office, or was changed";
        return report.bad(of, says.to_owned());
    }
    if key.was_retired_before(&signed.at) {
        let says = format!("signed by the key {} after it had been retired", signed.key_id);
        return report.bad(of, says);
    }
    let since = key.retired_at.map_or_else(String::new, |at| format!(" (retired since {at})"));
    report.good(of, format!("received {}, signed by the key {}{since}", signed.at, signed.key_id));
}

fn check_content(record: &Record, given: Option<&Value>, report: &mut Report) {
    let of = "content".to_owned();
    let Subject::Inspection { digest } = &record.own.subject else {
        if given.is_some() {
            report.bad(of, "the receipt is of a photo, and says nothing of a content".to_owned());
        }
        return;
    };
    let content = match (given, &record.content) {
        (Some(given), _) => given,
        (None, Some(_)) if record.is_redacted => {
            let says = "parts of it are redacted, so it cannot be compared: give the content as it \
                        was sent with --content, or the receipt alone";
            return report.bad(of, says.to_owned());
        }
        (None, Some(content)) => content,
        (None, None) => return report.note(of, "none was given to compare".to_owned()),
    };
    if json::digest(&json::canonical(content)) == *digest {
        report.good(of, "is what was received".to_owned());
    } else {
        report.bad(of, "is not what was received: its digest is another".to_owned());
    }
}
