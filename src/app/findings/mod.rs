//! Findings: listing them, and moving them along their course. What visits make of them is
//! worked out by `settling`.

mod moving;
mod settling;

use std::collections::HashMap;

use uuid::Uuid;
use vigila_core::documents::checklist::Bilingual;
use vigila_core::documents::semver;
use vigila_core::domain::{Day, FacilityRef, Instant, Territory, Username};

use super::scorecards::Instruments;
use super::{Actor, App, Error};
use crate::store::{Page, facilities, findings};

pub use self::moving::{Moved, Wish, move_finding};
pub use self::settling::{Settling, settle, settle_all};
pub use crate::store::findings::{FindingFilter, FindingMove, FindingRow, MovedPhoto};

/// A finding with its whole course.
#[derive(Debug, Clone)]
pub struct FindingView {
    /// The finding.
    pub row: FindingRow,
    /// What the item asks.
    pub question: Option<Bilingual>,
    /// Its moves, from the first, each with who made it.
    pub moves: Vec<(FindingMove, Option<Username>)>,
    /// Today.
    pub today: Day,
}

/// What the items of findings ask, by checklist and item, in the newest version that has them.
#[derive(Debug, Clone, Default)]
pub struct Questions(HashMap<(String, String), Bilingual>);

impl Questions {
    /// Of all checklists that were ever published.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(app: &App) -> Result<Self, Error> {
        let instruments = Instruments::all(app).await?;
        let mut versions: Vec<_> = instruments.each().collect();
        versions.sort_by_key(|published| semver(&published.instrument.reference.version));
        let mut questions = HashMap::new();
        for published in versions {
            let code = &published.instrument.reference.code;
            let sections = published.instrument.document.sections.iter();
            for item in sections.flat_map(|section| &section.items) {
                questions.insert((code.clone(), item.code.clone()), item.question.clone());
            }
        }
        Ok(Self(questions))
    }

    /// What the item of a finding asks.
    #[must_use]
    pub fn of(&self, row: &FindingRow) -> Option<&Bilingual> {
        let finding = &row.finding;
        self.0.get(&(finding.checklist_code.clone(), finding.entry.item.clone()))
    }
}

/// A page of the findings of the actor's territories, those due first at the front.
///
/// # Errors
/// [`Error::Forbidden`] for roles that read nothing; when the database fails.
pub async fn list_findings(
    app: &App,
    actor: &Actor,
    filter: FindingFilter,
    facility: Option<FacilityRef>,
    (after, limit): (Option<(Day, Uuid)>, usize),
) -> Result<Page<FindingRow>, Error> {
    if !actor.role.reads() {
        return Err(Error::Forbidden);
    }
    let scope = actor.scope.clone();
    let read = app.db.read(move |conn| {
        let mut filter = filter.clone();
        if let Some(which) = &facility {
            let Some(found) = facilities::find(conn, &scope, which)? else {
                return Ok(Page { items: Vec::new(), more: false });
            };
            filter.facility = Some(found.id);
        }
        findings::list(conn, &scope, &filter, after, limit)
    });
    Ok(read.await?)
}

/// How many findings of a territory live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// All that live.
    pub live: i64,
    /// Past their day, and no visit found the item in order.
    pub overdue: i64,
    /// Whose closing a visit proposes.
    pub closing_proposed: i64,
}

/// The counts of a territory, as of today.
///
/// # Errors
/// [`Error::Forbidden`] for roles that read nothing; when the database fails.
pub async fn count_findings(
    app: &App,
    actor: &Actor,
    territory: Territory,
    today: Day,
) -> Result<Counts, Error> {
    if !actor.role.reads() {
        return Err(Error::Forbidden);
    }
    let scope = actor.scope.narrowed_to(territory);
    let live = FindingFilter { live: Some(true), ..FindingFilter::default() };
    let overdue = FindingFilter { overdue: Some((true, today)), ..FindingFilter::default() };
    let proposed = FindingFilter { closing_proposed: Some(true), ..FindingFilter::default() };
    let read = app.db.read(move |conn| {
        Ok(Counts {
            live: findings::count(conn, &scope, &live)?,
            overdue: findings::count(conn, &scope, &overdue)?,
            closing_proposed: findings::count(conn, &scope, &proposed)?,
        })
    });
    Ok(read.await?)
}

/// A finding of the actor's territories.
///
/// # Errors
/// [`Error::NotFound`] outside them.
pub async fn finding(
    app: &App,
    actor: &Actor,
    id: Uuid,
    now: Instant,
) -> Result<FindingView, Error> {
    if !actor.role.reads() {
        return Err(Error::Forbidden);
    }
    let scope = actor.scope.clone();
    let read = app.db.read(move |conn| {
        let Some(row) = findings::find(conn, &scope, id)? else { return Ok(None) };
        Ok(Some((row, findings::moves(conn, id)?)))
    });
    let (row, moves) = read.await?.ok_or(Error::NotFound)?;
    let question = Questions::load(app).await?.of(&row).cloned();
    Ok(FindingView { row, question, moves, today: now.day(app.zone) })
}
