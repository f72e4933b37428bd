//! Photos in a folder against those that a visit lists: there, missing, or altered. What else
//! lies in the folder says nothing and is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use vigila_core::domain::Sha256;
use vigila_core::photo::MAX_BYTES;

use super::record::Record;
use super::report::Report;
use crate::cli::Failure;

/// What lies in the folder.
#[derive(Default)]
struct Folder {
    /// Files by the hash of their bytes.
    by_hash: BTreeMap<Sha256, String>,
    /// Files whose name is a listed hash and whose bytes have another.
    altered: BTreeMap<Sha256, String>,
}

pub(super) fn check(
    folder: &Path,
    listed: &BTreeSet<Sha256>,
    record: &Record,
    report: &mut Report,
) -> Result<(), Failure> {
    let found = look(folder, listed)?;
    for sha256 in listed {
        let of = format!("photo {sha256}");
        if let Some(file) = found.altered.get(sha256) {
            report.bad(of.clone(), format!("altered: {file} has its name and other bytes"));
        }
        if let Some(file) = found.by_hash.get(sha256) {
            report.good(of, format!("there: {file}"));
        } else if found.altered.contains_key(sha256) {
            // That it is altered has been said.
        } else if record.erased.contains(sha256) {
            report.note(of, "erased by an order after it was received".to_owned());
        } else if record.never_came.contains(sha256) && !record.has_receipt(sha256) {
            report.note(of, "had not come to the office".to_owned());
        } else {
            report.bad(of, format!("missing in {}", folder.display()));
        }
    }
    Ok(())
}

/// Reads the folder, one file at a time, and no file that is larger than a photo may be.
fn look(folder: &Path, listed: &BTreeSet<Sha256>) -> Result<Folder, Failure> {
    let failed = |path: &Path, e: std::io::Error| Failure::new(format!("{}: {e}", path.display()));
    let mut found = Folder::default();
    for entry in std::fs::read_dir(folder).map_err(|e| failed(folder, e))? {
        let path = entry.map_err(|e| failed(folder, e))?.path();
        let about = path.metadata().map_err(|e| failed(&path, e))?;
        if !about.is_file() {
            continue;
        }
        let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let named = path.file_stem().and_then(|stem| stem.to_str()?.parse::<Sha256>().ok());
        let named = named.filter(|named| listed.contains(named));
        let hash = if about.len() > MAX_BYTES {
            None
        } else {
            Some(Sha256::of(&std::fs::read(&path).map_err(|e| failed(&path, e))?))
        };
        if let Some(named) = named.filter(|named| Some(named) != hash.as_ref()) {
            found.altered.insert(named, file.clone());
        }
        if let Some(hash) = hash.filter(|hash| listed.contains(hash)) {
            found.by_hash.insert(hash, file);
        }
    }
    Ok(found)
}
