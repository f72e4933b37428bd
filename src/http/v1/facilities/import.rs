//! An import of centres: a row adds the centre of its code, or merges into the one that is
//! there. All rows or none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use uuid::Uuid;
use vigila_core::documents::{Fault, FaultCode, Faults, Pointer};
use vigila_core::domain::{FacilityCode, FacilityId, Instant};

use super::read::{self, Ground};
use super::wire::{ImportReport, ImportedRow, outcome};
use super::{patch, table};
use crate::app::facilities::{self, ContractChange, Draft, FacilityView, Imported};
use crate::app::{Actor, App};
use crate::http::problem::{Code, Problem};

/// Imports a table.
///
/// # Errors
/// 400 when it is no UTF-8, 422 with every fault of every row, 503 when somebody changed one
/// of the centres meanwhile.
pub async fn import(
    app: &App,
    actor: &Actor,
    bytes: &[u8],
    now: Instant,
) -> Result<ImportReport, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(Code::BadRequest))?;
    let mut faults = Faults::default();
    let rows = table::rows(text, &mut faults);
    let present = facilities::facilities_by_code(app, codes(&rows), now).await?;
    let mut drafts = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row.is_null()) {
        let at = Pointer::root().key("rows").index(index);
        if code_of(row).is_some_and(|code| !seen.insert(code)) {
            faults.add(&at.key("code"), FaultCode::Duplicate);
        }
        let mut found = Faults::default();
        drafts.extend(draft(app, actor, &present, row, &at, &mut found));
        for fault in found.into_vec() {
            faults.with(&dotted(&at, &fault), fault.code, fault.args);
        }
    }
    faults.none().map_err(|mut faults| {
        faults.sort_by_key(|fault| row_of(&fault.pointer));
        Problem { faults, ..Problem::new(Code::Faulty) }
    })?;
    let report = report(&drafts);
    facilities::import_facilities(app, actor, drafts, now).await?;
    Ok(report)
}

/// The number of the row that a place is in; none of the header, which comes first.
fn row_of(place: &Pointer) -> Option<usize> {
    place.as_str().strip_prefix("/rows/")?.split('/').next()?.parse().ok()
}

fn code_of(row: &Value) -> Option<FacilityCode> {
    row["code"].as_str()?.parse().ok()
}

fn codes(rows: &[Value]) -> Vec<FacilityCode> {
    rows.iter().filter_map(code_of).collect()
}

/// What a row makes of the centre of its code.
fn draft(
    app: &App,
    actor: &Actor,
    present: &BTreeMap<FacilityCode, FacilityView>,
    row: &Value,
    at: &Pointer,
    faults: &mut Faults,
) -> Option<(Imported, Draft)> {
    let ground = (&*app.library, &actor.scope);
    match code_of(row).and_then(|code| present.get(&code)) {
        Some(view) if !actor.scope.holds(view.facility.territory) => {
            faults.add(&at.key("code"), FaultCode::CodeInUse);
            None
        }
        Some(view) => {
            let draft = patch::patched(view, row, at, ground, faults)?;
            Some((Imported::Updated, draft))
        }
        None => {
            let mut whole = Value::Null;
            patch::merge(&mut whole, row);
            let ground = Ground {
                library: ground.0,
                scope: ground.1,
                id: FacilityId(Uuid::now_v7()),
                revision: 1,
                present: &BTreeMap::new(),
            };
            let (facility, contract) = read::facility(&whole, at, &ground, faults)?;
            let contract = contract.map_or(ContractChange::Keep, ContractChange::Put);
            Some((Imported::Created, Draft { facility, contract }))
        }
    }
}

/// The place of a fault as the table names it: `/rows/3/managing_body.name`.
fn dotted(row: &Pointer, fault: &Fault) -> Pointer {
    let whole = fault.pointer.as_str();
    match whole.strip_prefix(row.as_str()).and_then(|rest| rest.strip_prefix('/')) {
        Some(rest) => {
            Pointer::from(format!("{}/{}", row.as_str(), rest.replace('/', ".")).as_str())
        }
        None => fault.pointer.clone(),
    }
}

fn report(drafts: &[(Imported, Draft)]) -> ImportReport {
    let created = drafts.iter().filter(|(imported, _)| *imported == Imported::Created).count();
    let rows = drafts.iter().map(|(imported, draft)| ImportedRow {
        code: draft.facility.code.to_string(),
        id: draft.facility.id.0,
        outcome: outcome(*imported),
    });
    ImportReport { created, updated: drafts.len() - created, rows: rows.collect() }
}
