//! A move of a finding, by the office.

use uuid::Uuid;
use vigila_core::documents::FaultCode;
use vigila_core::documents::finding::FindingState;
use vigila_core::domain::{Day, Instant};
use vigila_core::findings::{may_move, settles};

use super::{FindingView, finding};
use crate::app::audit::{self, Event};
use crate::app::{Actor, App, Error};
use crate::store::findings::{self, FindingMove, FindingRow, MovedPhoto, Moving, StoredFinding};
use crate::store::{Conn, QueryResult, audit as trail};

/// How often a move is tried while visits change the finding.
const TRIES: usize = 5;

/// A move that somebody wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Where to.
    pub to: FindingState,
    /// What is to be known of it.
    pub note: Option<String>,
    /// The deadline to give.
    pub due_on: Option<Day>,
    /// The photos that it rests on: of visits to the centre.
    pub photos: Vec<MovedPhoto>,
}

/// What became of a wish. Both are a success.
pub enum Moved {
    /// The finding was moved.
    Done(FindingView),
    /// It was moved so before, by the same person.
    AlreadyThere(FindingView),
}

/// Moves a finding along its course, and puts it on record. The same move again by the same
/// person changes nothing.
///
/// # Errors
/// [`Error::Forbidden`] for roles that may not, [`Error::NotFound`] outside the actor's
/// territories, [`Error::WrongState`] where the finding may not go there from where it stands,
/// faults for a missing reason, a deadline that is past or not asked for, and photos that no
/// visit to the centre lists.
pub async fn move_finding(
    app: &App,
    actor: &Actor,
    id: Uuid,
    wish: Wish,
    now: Instant,
) -> Result<Moved, Error> {
    if !actor.role.moves_findings() {
        return Err(Error::Forbidden);
    }
    for _ in 0..TRIES {
        let (scope, named) = (actor.scope.clone(), wish.photos.clone());
        let known = app.db.read(move |conn| Known::read(conn, &scope, id, &named)).await?;
        let known = known.ok_or(Error::NotFound)?;
        if known.is_done(actor, &wish) {
            return Ok(Moved::AlreadyThere(finding(app, actor, id, now).await?));
        }
        let today = now.day(app.zone);
        known.check(&wish, today)?;
        if write(app, actor, &known.row.finding, &wish, now).await? {
            return Ok(Moved::Done(finding(app, actor, id, now).await?));
        }
    }
    Err(Error::Busy)
}

/// What must be known before a finding is moved.
struct Known {
    row: FindingRow,
    last: Option<FindingMove>,
    /// Another finding of the same item lives, so that this one cannot come back.
    is_followed: bool,
    /// Which of the photos named no visit to the centre lists.
    unlisted: Vec<usize>,
}

impl Known {
    fn read(
        conn: &mut Conn,
        scope: &vigila_core::domain::Scope,
        id: Uuid,
        named: &[MovedPhoto],
    ) -> QueryResult<Option<Self>> {
        let Some(row) = findings::find(conn, scope, id)? else { return Ok(None) };
        let last = findings::moves(conn, id)?.pop().map(|(made, _)| made);
        let facility = row.finding.facility;
        let is_followed = row.finding.entry.settled_at.is_some()
            && findings::of_facilities(conn, &[facility])?.iter().any(|other| {
                other.entry.settled_at.is_none()
                    && other.checklist_code == row.finding.checklist_code
                    && other.entry.item == row.finding.entry.item
            });
        let unlisted = findings::unlisted(conn, facility, named)?;
        Ok(Some(Self { row, last, is_followed, unlisted }))
    }

    fn is_done(&self, actor: &Actor, wish: &Wish) -> bool {
        self.row.finding.state == wish.to
            && self.last.as_ref().is_some_and(|last| {
                last.by == Some(actor.id)
                    && last.to == wish.to
                    && last.note == wish.note
                    && last.due_on == wish.due_on
                    && last.photos == wish.photos
            })
    }

    fn check(&self, wish: &Wish, today: Day) -> Result<(), Error> {
        let finding = &self.row.finding;
        let proposed = finding.is_live() && finding.entry.basis.passed_by.is_some();
        let comes_back = finding.entry.settled_at.is_some() && !settles(wish.to);
        if finding.entry.withdrawn
            || !may_move(finding.state, wish.to, proposed)
            || (comes_back && self.is_followed)
        {
            return Err(Error::WrongState(finding.state));
        }
        let without_reason = wish.note.as_deref().is_none_or(|note| note.trim().is_empty());
        if wish.to == FindingState::Void && without_reason {
            return Err(Error::fault("/note", FaultCode::ReasonRequired));
        }
        match wish.due_on {
            Some(_) if wish.to != FindingState::Prescribed => {
                return Err(Error::fault("/due_on", FaultCode::OnlyWhenPrescribed));
            }
            Some(day) if day < today => {
                return Err(Error::fault("/due_on", FaultCode::InThePast));
            }
            _ => {}
        }
        match self.unlisted.first() {
            Some(index) => {
                Err(Error::fault(&format!("/photos/{index}"), FaultCode::PhotoNotListed))
            }
            None => Ok(()),
        }
    }
}

async fn write(
    app: &App,
    actor: &Actor,
    finding: &StoredFinding,
    wish: &Wish,
    now: Instant,
) -> Result<bool, Error> {
    let made = FindingMove {
        id: Uuid::now_v7(),
        at: now,
        by: Some(actor.id),
        from: finding.state,
        to: wish.to,
        note: wish.note.clone(),
        due_on: wish.due_on,
        photos: wish.photos.clone(),
        inspection: None,
    };
    let mut moved = finding.clone();
    moved.state = wish.to;
    moved.ordered_due_on = wish.due_on.or(finding.ordered_due_on);
    // The office has seen all visits that there are, also one that ends a little in the future.
    let seen = finding.entry.basis.failed_by.ended_at.max(now);
    moved.entry.settled_at = settles(wish.to).then(|| finding.entry.settled_at.unwrap_or(seen));
    let detail = serde_json::json!({ "from": made.from, "to": made.to, "move": made.id });
    let subject = finding.entry.id.to_string();
    let event = audit::event(now, Some(actor.id), Event::FindingMoved, &subject, detail);
    let moving = Moving { finding: moved, made };
    let write = app.db.write(move |conn| {
        let written = findings::move_finding(conn, &moving)?;
        if written {
            trail::append(conn, &event)?;
        }
        Ok(written)
    });
    Ok(write.await?)
}
