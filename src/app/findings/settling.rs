//! What visits make of findings. Each visit leaves a debt in its own transaction; the debts are
//! paid right after, centre by centre, by whoever comes first, and by the standing work where a
//! process died in between. So no phone waits for another, and nothing is left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::PoisonError;

use futures_util::future::join_all;
use tokio::sync::Mutex;
use uuid::Uuid;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::domain::{FacilityId, Instant};
use vigila_core::findings::{Ledger, Said, Seen, Visit, said};
use vigila_core::scoring::{self, Applied};

use crate::app::scorecards::Instruments;
use crate::app::{App, Error};
use crate::store::findings::{self, Change, Owed, SeenVisit, StoredFinding};
use crate::store::{Conn, QueryResult};

/// How many centres are settled at once.
const AT_ONCE: i64 = 16;

/// How often a centre is tried while others change its findings.
const TRIES: usize = 8;

/// Who settles: one request at a time, for all that wait. So many phones that send visits to
/// one centre at once do not overwrite each other in vain.
#[derive(Debug, Default)]
pub struct Settling {
    waiting: std::sync::Mutex<Waiting>,
    /// Up to which of those who asked all is settled.
    done: Mutex<u64>,
}

#[derive(Debug, Default)]
struct Waiting {
    asked: u64,
    centres: BTreeSet<FacilityId>,
}

impl Settling {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, facility: FacilityId) -> u64 {
        let mut waiting = self.waiting();
        waiting.asked += 1;
        waiting.centres.insert(facility);
        waiting.asked
    }

    fn take(&self) -> (u64, BTreeSet<FacilityId>) {
        let mut waiting = self.waiting();
        (waiting.asked, std::mem::take(&mut waiting.centres))
    }
}

/// Settles what the visits to a centre that were taken in so far owe. What other centres owe
/// from before is not waited for.
///
/// # Errors
/// When the database fails. What is owed stays owed then.
pub async fn settle(app: &App, facility: FacilityId, now: Instant) -> Result<(), Error> {
    let own = app.settling.ask(facility);
    let mut done = app.settling.done.lock().await;
    if *done >= own {
        return Ok(());
    }
    let (asked, centres) = app.settling.take();
    *done = asked;
    let all = join_all(centres.into_iter().map(|centre| settle_centre(app, centre, now)));
    all.await.into_iter().collect()
}

/// Settles whatever is owed. A centre that cannot be settled keeps no other from it.
///
/// # Errors
/// When the database fails, and the first cause of a centre that could not be settled.
pub async fn settle_all(app: &App, now: Instant) -> Result<(), Error> {
    let mut after = None;
    let mut failed = None;
    loop {
        let centres = app.db.read(move |conn| findings::indebted(conn, after, AT_ONCE)).await?;
        let Some(last) = centres.last() else { return failed.map_or(Ok(()), Err) };
        after = Some(*last);
        let all = join_all(centres.iter().map(|facility| settle_centre(app, *facility, now)));
        for outcome in all.await {
            failed = failed.or(outcome.err());
        }
    }
}

async fn settle_centre(app: &App, facility: FacilityId, now: Instant) -> Result<(), Error> {
    let mut whole = false;
    for _ in 0..TRIES {
        let read = app.db.read(move |conn| Centre::read(conn, facility, whole)).await?;
        let Some(centre) = read else { return Ok(()) };
        let instruments = Instruments::load(app, &centre.checklists()).await?;
        let (owed, seen) = (centre.owed.clone(), app.clone());
        let work = tokio::task::spawn_blocking(move || work_out(&seen, &instruments, &centre));
        let Some(changes) = work.await.map_err(|e| Error::Internal(e.to_string()))?? else {
            whole = true;
            continue;
        };
        let cause = owed.visits.first().copied().filter(|_| owed.visits.len() == 1);
        let pay = app.db.write(move |conn| findings::pay(conn, &owed, &changes, cause, now));
        if pay.await? {
            return Ok(());
        }
    }
    Err(Error::Busy)
}

/// A centre as it was when its debts were read.
struct Centre {
    owed: Owed,
    /// The visits that owe.
    visits: Vec<SeenVisit>,
    findings: Vec<StoredFinding>,
    /// Whether the one visit that owes is the latest with its checklist.
    is_latest: bool,
    /// Of the checklists of those that owe all visits that count, where they were asked for.
    all: Vec<SeenVisit>,
}

impl Centre {
    fn read(conn: &mut Conn, facility: FacilityId, whole: bool) -> QueryResult<Option<Self>> {
        let Some(owed) = findings::owed_by(conn, facility)? else { return Ok(None) };
        let mut visits = Vec::new();
        for some in owed.visits.chunks(200) {
            visits.extend(findings::visits_of(conn, some)?);
        }
        let mut centre = Self {
            findings: findings::of_facilities(conn, &[facility])?,
            is_latest: false,
            all: Vec::new(),
            owed,
            visits,
        };
        if whole || !centre.is_simple() {
            let mut checklists: Vec<_> =
                centre.visits.iter().map(|visit| visit.checklist.code.clone()).collect();
            checklists.sort_unstable();
            checklists.dedup();
            for checklist in &checklists {
                centre.all.extend(SeenVisit::all(conn, facility, checklist)?);
            }
        } else if let Some(visit) = centre.visits.first() {
            centre.is_latest = visit.is_latest(conn)?;
        }
        Ok(Some(centre))
    }

    fn checklists(&self) -> Vec<ChecklistRef> {
        let all = self.visits.iter().chain(&self.all);
        let used: BTreeSet<_> = all.map(|visit| visit.checklist.clone()).collect();
        used.into_iter().collect()
    }

    /// One new visit, which can be added to what is known.
    fn is_simple(&self) -> bool {
        matches!(&self.visits[..], [visit] if !visit.corrects && visit.counts)
    }
}

/// What the visits that owe make of a centre's findings; nothing where all visits must be known
/// for it.
fn work_out(
    app: &App,
    instruments: &Instruments,
    centre: &Centre,
) -> Result<Option<Vec<Change>>, Error> {
    let mut by_checklist: BTreeMap<&str, Vec<&StoredFinding>> = BTreeMap::new();
    for visit in &centre.visits {
        by_checklist.entry(&visit.checklist.code).or_default();
    }
    for finding in &centre.findings {
        if let Some(own) = by_checklist.get_mut(finding.checklist_code.as_str()) {
            own.push(finding);
        }
    }
    let mut changes = Vec::new();
    for (checklist, before) in by_checklist {
        let mut ledger = Ledger::new(before.iter().map(|finding| finding.entry.clone()));
        if centre.all.is_empty() && centre.is_simple() {
            let (seen, says) = read(app, instruments, &centre.visits[0])?;
            let opened = ledger.see(&seen, says.iter().map(borrowed), &mut Uuid::now_v7);
            if opened && !centre.is_latest {
                return Ok(None);
            }
        } else {
            let own = centre.all.iter().filter(|visit| visit.checklist.code == checklist);
            let visits = own.map(|visit| read(app, instruments, visit));
            let visits = visits.collect::<Result<Vec<_>, _>>()?;
            let visits = visits.iter().map(|(seen, says)| (*seen, says.iter().map(borrowed)));
            ledger.rebuild(visits, &mut Uuid::now_v7);
        }
        changes.extend(compare(&ledger, &before, &centre.owed, checklist));
    }
    Ok(Some(changes))
}

type Says = Vec<(String, Said)>;

fn borrowed((item, said): &(String, Said)) -> (&str, Said) {
    (item, *said)
}

fn read(app: &App, instruments: &Instruments, visit: &SeenVisit) -> Result<(Seen, Says), Error> {
    let gone = || Error::Internal("a checklist is gone".into());
    let instrument = &instruments.of(&visit.checklist).ok_or_else(gone)?.instrument;
    let answered = scoring::decode(&visit.scored).map_err(|e| Error::Internal(e.to_string()))?;
    // What a visit opens is for the model of its day to say: a later one changes nothing of it.
    let applied = Applied::new(app.library.model(visit.received_at), instrument);
    let all = said(&applied, &answered, &visit.facts);
    let items = instrument.items.iter().map(|item| item.code.clone());
    let seen = Seen {
        visit: Visit { ended_at: visit.ended_at, received_at: visit.received_at, id: visit.id },
        first_received_at: visit.first_received_at,
        first_received_on: visit.first_received_at.day(app.zone),
    };
    Ok((seen, items.zip(all).collect()))
}

fn compare(
    ledger: &Ledger,
    before: &[&StoredFinding],
    owed: &Owed,
    checklist: &str,
) -> Vec<Change> {
    let known: HashMap<Uuid, &StoredFinding> =
        before.iter().map(|finding| (finding.entry.id, *finding)).collect();
    let each = ledger.entries().filter_map(|entry| {
        let Some(before) = known.get(&entry.id) else {
            let place = (owed.facility, owed.territory);
            return Some(Change::Opened(StoredFinding::opened(entry.clone(), place, checklist)));
        };
        let after = StoredFinding { entry: entry.clone(), ..(*before).clone() };
        match (before.entry.withdrawn, entry.withdrawn) {
            _ if before.entry == *entry => None,
            (false, true) => Some(Change::Withdrawn(after)),
            (true, false) => Some(Change::CameBack(after)),
            _ => Some(Change::Changed(after)),
        }
    });
    each.collect()
}
