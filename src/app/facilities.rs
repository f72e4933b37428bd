//! Centres: found, listed, added, changed, imported. What a body says has become words of the
//! domain before it comes here; who may keep centres has been asked.

use std::collections::BTreeMap;

use serde_json::json;
use uuid::Uuid;
use vigila_core::domain::{
    Contract, Day, Facility, FacilityCode, FacilityId, FacilityRef, Instant, Scope, Territory,
};

use super::audit::{self, Event};
use super::{Actor, App, Error};
pub use crate::store::facilities::FacilityFilter;
use crate::store::{Conn, Insert, Page, QueryResult, Update, contracts, facilities};

/// A centre with its contracts.
#[derive(Debug, Clone, PartialEq)]
pub struct FacilityView {
    /// The centre.
    pub facility: Facility,
    /// All its contracts, the oldest first.
    pub contracts: Vec<Contract>,
    /// Today, in the office's time zone.
    pub today: Day,
}

impl FacilityView {
    /// The contract in force today.
    #[must_use]
    pub fn contract(&self) -> Option<&Contract> {
        Contract::in_force(&self.contracts, self.today)
    }
}

/// What becomes of a centre's contracts.
#[derive(Debug, Clone, PartialEq)]
pub enum ContractChange {
    /// Nothing.
    Keep,
    /// This one is added, or takes the place of the one that begins on the same day.
    Put(Contract),
    /// The one that begins on this day is removed.
    Remove(Day),
}

/// A centre as it is to be. Of one that is there, `facility.revision` is the one that was
/// read.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The centre.
    pub facility: Facility,
    /// Its contract.
    pub contract: ContractChange,
}

/// What an import did with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imported {
    /// The centre was added.
    Created,
    /// The centre was there and is now as the row says.
    Updated,
}

/// Which centres of a list.
#[derive(Debug, Clone, Default)]
pub struct FacilityQuery {
    /// Of this territory.
    pub territory: Option<Territory>,
    /// Of these.
    pub filter: FacilityFilter,
    /// Those behind this one.
    pub after: Option<(FacilityCode, FacilityId)>,
    /// At most so many.
    pub limit: usize,
}

/// The centres that the actor may see, by code.
///
/// # Errors
/// When the database fails.
pub async fn list_facilities(
    app: &App,
    actor: &Actor,
    query: FacilityQuery,
    now: Instant,
) -> Result<Page<FacilityView>, Error> {
    let FacilityQuery { territory, filter, after, limit } = query;
    let scope = match territory {
        Some(territory) => actor.scope.narrowed_to(territory),
        None => actor.scope.clone(),
    };
    let found = app.db.read(move |conn| {
        let page = facilities::list(conn, &scope, &filter, after.as_ref(), limit)?;
        let ids: Vec<_> = page.items.iter().map(|facility| facility.id).collect();
        Ok((page, contracts::list_of(conn, &ids)?))
    });
    let (page, mut contracts) = found.await?;
    let today = now.day(app.zone);
    let items = page.items.into_iter().map(|facility| {
        let contracts = contracts.remove(&facility.id).unwrap_or_default();
        FacilityView { facility, contracts, today }
    });
    Ok(Page { items: items.collect(), more: page.more })
}

/// A centre that the actor may see.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or none for the actor.
pub async fn find_facility(
    app: &App,
    actor: &Actor,
    which: &FacilityRef,
    now: Instant,
) -> Result<FacilityView, Error> {
    let (scope, which) = (actor.scope.clone(), which.clone());
    let today = now.day(app.zone);
    let found = app.db.read(move |conn| {
        let Some(facility) = facilities::find(conn, &scope, &which)? else { return Ok(None) };
        let contracts = contracts::list(conn, facility.id)?;
        Ok(Some(FacilityView { facility, contracts, today }))
    });
    found.await?.ok_or(Error::NotFound)
}

/// The centres that there are under these codes, also those that are not the actor's.
///
/// # Errors
/// When the database fails.
pub async fn facilities_by_code(
    app: &App,
    codes: Vec<FacilityCode>,
    now: Instant,
) -> Result<BTreeMap<FacilityCode, FacilityView>, Error> {
    let today = now.day(app.zone);
    let found = app.db.read(move |conn| {
        let mut all = BTreeMap::new();
        for code in &codes {
            let which = FacilityRef::Code(code.clone());
            if let Some(facility) = facilities::find(conn, &Scope::All, &which)? {
                let contracts = contracts::list(conn, facility.id)?;
                all.insert(code.clone(), FacilityView { facility, contracts, today });
            }
        }
        Ok(all)
    });
    Ok(found.await?)
}

/// Adds a centre.
///
/// # Errors
/// [`Error::InUse`] when its code is in use anywhere.
pub async fn add_facility(
    app: &App,
    actor: &Actor,
    draft: Draft,
    now: Instant,
) -> Result<FacilityView, Error> {
    let facility = draft.facility.clone();
    let detail = json!({"code": facility.code.as_str()});
    let subject = facility.id.to_string();
    let event = audit::event(now, Some(actor.id), Event::FacilityAdded, &subject, detail);
    let contract_id = Uuid::now_v7();
    let added = app.db.write(move |conn| {
        if facilities::insert(conn, &draft.facility, now)? == Insert::Taken {
            return Ok(None);
        }
        change_contract(conn, draft.facility.id, &draft.contract, contract_id)?;
        crate::store::audit::append(conn, &event)?;
        contracts::list(conn, draft.facility.id).map(Some)
    });
    let contracts = added.await?.ok_or(Error::InUse)?;
    Ok(FacilityView { facility, contracts, today: now.day(app.zone) })
}

/// Changes a centre that was found as `present` to what `draft` says. When that is what it
/// is already, nothing is written.
///
/// # Errors
/// [`Error::Stale`] when somebody changed it since it was found.
pub async fn change_facility(
    app: &App,
    actor: &Actor,
    present: FacilityView,
    draft: Draft,
    now: Instant,
) -> Result<FacilityView, Error> {
    let changed = changed(&present.facility, &draft);
    if changed.is_empty() {
        return Ok(present);
    }
    let mut facility = draft.facility.clone();
    let detail = json!({"code": facility.code.as_str(), "changed": changed});
    let subject = facility.id.to_string();
    let event = audit::event(now, Some(actor.id), Event::FacilityChanged, &subject, detail);
    let contract_id = Uuid::now_v7();
    let done = app.db.write(move |conn| {
        let Update::Done { revision } = facilities::update(conn, &draft.facility, now)? else {
            return Ok(None);
        };
        change_contract(conn, draft.facility.id, &draft.contract, contract_id)?;
        crate::store::audit::append(conn, &event)?;
        Ok(Some((revision, contracts::list(conn, draft.facility.id)?)))
    });
    let (revision, contracts) = done.await?.ok_or(Error::Stale)?;
    facility.revision = revision;
    Ok(FacilityView { facility, contracts, today: now.day(app.zone) })
}

/// Adds and changes many centres, all or none. Those of `drafts` that are `Updated` were
/// found with the revision that they carry.
///
/// # Errors
/// [`Error::Busy`] when one of them changed, or came to be, since they were read: nothing
/// was written, and another try will see it.
pub async fn import_facilities(
    app: &App,
    actor: &Actor,
    drafts: Vec<(Imported, Draft)>,
    now: Instant,
) -> Result<(), Error> {
    let codes = |which: Imported| {
        let some = drafts.iter().filter(|(imported, _)| *imported == which);
        some.map(|(_, draft)| draft.facility.code.as_str()).collect::<Vec<_>>()
    };
    let detail = json!({
        "created": codes(Imported::Created),
        "updated": codes(Imported::Updated),
    });
    let event = audit::event(now, Some(actor.id), Event::FacilitiesImported, "facilities", detail);
    let rows: Vec<_> =
        drafts.into_iter().map(|(imported, draft)| (imported, draft, Uuid::now_v7())).collect();
    let done = app.db.write(move |conn| {
        // Looked at before anything is written: whatever is written here stays.
        for (imported, draft, _) in &rows {
            let which = FacilityRef::Code(draft.facility.code.clone());
            let found = facilities::find(conn, &Scope::All, &which)?;
            let as_read = match imported {
                Imported::Created => found.is_none(),
                Imported::Updated => {
                    found.is_some_and(|found| found.revision == draft.facility.revision)
                }
            };
            if !as_read {
                return Ok(false);
            }
        }
        for (imported, draft, contract_id) in &rows {
            let written = match imported {
                Imported::Created => {
                    facilities::insert(conn, &draft.facility, now)? == Insert::Done
                }
                Imported::Updated => {
                    facilities::update(conn, &draft.facility, now)? != Update::Stale
                }
            };
            debug_assert!(written, "a transaction sees one state of the database");
            change_contract(conn, draft.facility.id, &draft.contract, *contract_id)?;
        }
        crate::store::audit::append(conn, &event)?;
        Ok(true)
    });
    if done.await? { Ok(()) } else { Err(Error::Busy) }
}

fn change_contract(
    conn: &mut Conn,
    facility: FacilityId,
    change: &ContractChange,
    id: Uuid,
) -> QueryResult<()> {
    match change {
        ContractChange::Keep => Ok(()),
        ContractChange::Put(contract) => contracts::upsert(conn, facility, id, contract),
        ContractChange::Remove(starts_on) => {
            contracts::remove(conn, facility, *starts_on).map(|_| ())
        }
    }
}

/// The members that a draft changes, for the audit trail.
fn changed(before: &Facility, draft: &Draft) -> Vec<&'static str> {
    let after = &draft.facility;
    let table = [
        ("name", before.name != after.name),
        ("kind", before.kind != after.kind),
        ("municipality", before.municipality != after.municipality),
        ("istat_code", before.istat_code != after.istat_code),
        ("latitude", before.latitude != after.latitude),
        ("longitude", before.longitude != after.longitude),
        ("authorised_places", before.authorised_places != after.authorised_places),
        ("managing_body", before.managing_body != after.managing_body),
        ("contract", draft.contract != ContractChange::Keep),
        ("facts", before.facts != after.facts),
        ("active", before.active != after.active),
    ];
    table.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
