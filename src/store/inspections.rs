//! The inspections: sealed content, what was frozen and derived at receipt, and which of a
//! family of corrections counts. Whoever reads them says within which territories. Knows no
//! rule of scoring: facts, compact answers and scores come made.

mod family;
mod history;
mod list;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod texts;
mod unscored;
mod visits;

use std::collections::HashSet;

use diesel::prelude::*;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::domain::{
    Day, FacilityId, Facts, InspectionId, Instant, PersonId, Scope, Territory,
};

use super::Conn;
use super::changes;
use super::connection::{MultiBackend, each};
use super::json::{facts_from_text, facts_to_text};
use super::outcome::{Insert, unreadable};
use super::photos::{self, NewPhoto};
use super::schema::inspections;
use super::scores::{self, NewScore};
use super::types::{Date, Id, Time};

pub use history::{PastAnswers, PastVisit, Stretch, extent, history, past_answers};
pub(super) use list::visible_among;
pub use list::{InspectionFilter, InspectionRow, PhotosState, Visible, is_visible, list};
pub use texts::{
    Family, HashedText, Order, Redacted, Relative, TextRedaction, family, of_texts, redact_texts,
    sealed,
};
pub use unscored::{Unscored, add_scores, count_unscored, unscored};
pub use visits::{
    ShownDimension, TrendPoint, VisitRow, contents, of_facilities, of_facility, shown_dimensions,
    shown_scores, trend_points,
};

/// What is kept of an inspection from the moment it is received, and never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct NewInspection {
    /// Its id, made by the phone.
    pub id: InspectionId,
    /// The centre.
    pub facility: FacilityId,
    /// The centre's territory.
    pub territory: Territory,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Why and how the visit was made.
    pub kind: Kind,
    /// When the monitors came.
    pub started_at: Instant,
    /// When they left.
    pub ended_at: Instant,
    /// The civil day of `started_at`.
    pub day: Day,
    /// What was sent, as canonical JSON (RFC 8785).
    pub content: String,
    /// SHA-256 of `content`, in hexadecimal.
    pub digest: String,
    /// When it was received.
    pub received_at: Instant,
    /// Who sent it.
    pub received_by: PersonId,
    /// The facts as they stood for this visit.
    pub facts: Facts,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
    /// The inspection that this one corrects.
    pub corrects: Option<InspectionId>,
    /// The texts that somebody wrote freely; of a correction alone, where some of them may
    /// have been taken out of sight before.
    pub free_texts: Vec<HashedText>,
}

/// An inspection as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredInspection {
    /// Its id, made by the phone.
    pub id: InspectionId,
    /// The centre.
    pub facility: FacilityId,
    /// The centre's territory.
    pub territory: Territory,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Why and how the visit was made.
    pub kind: Kind,
    /// When the monitors came.
    pub started_at: Instant,
    /// When they left.
    pub ended_at: Instant,
    /// The civil day of `started_at`.
    pub day: Day,
    /// What was sent, as canonical JSON (RFC 8785), without the texts that are not shown: no
    /// one but [`sealed`] reads those.
    pub content: String,
    /// Where texts are not shown, as JSON pointers.
    pub redacted: Vec<String>,
    /// SHA-256 of what was sent, in hexadecimal.
    pub digest: String,
    /// When it was received.
    pub received_at: Instant,
    /// Who sent it.
    pub received_by: PersonId,
    /// The facts as they stood for this visit.
    pub facts: Facts,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
    /// The inspection that this one corrects.
    pub corrects: Option<InspectionId>,
    /// The first of its family: itself, where it corrects none.
    pub root: InspectionId,
    /// The one of its family that counts, where it is not this one.
    pub superseded_by: Option<InspectionId>,
    /// How many of its photos are still to come.
    pub photos_missing: i32,
}

/// What became of an inspection that was sent.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub enum Inserted {
    /// It is kept.
    New,
    /// Its id is in use, by this one; nothing changed. The digests tell whether it is the same.
    Found(Box<StoredInspection>),
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = inspections, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    facility_id: Id,
    territory: String,
    checklist_code: String,
    checklist_version: String,
    kind: String,
    started_at: Time,
    ended_at: Time,
    day: Date,
    digest: String,
    received_at: Time,
    received_by: Id,
    corrects: Option<Id>,
    root: Id,
    superseded_by: Option<Id>,
    photos_missing: i32,
    facts: String,
    scored: Vec<u8>,
    content: String,
    redacted_content: Option<String>,
    redacted: Option<String>,
}

impl Row {
    fn of(new: &NewInspection, root: Id, photos_missing: i32) -> Self {
        Self {
            id: Id(new.id.0),
            facility_id: Id(new.facility.0),
            territory: new.territory.code().to_owned(),
            checklist_code: new.checklist.code.clone(),
            checklist_version: new.checklist.version.clone(),
            kind: new.kind.as_str().to_owned(),
            started_at: new.started_at.into(),
            ended_at: new.ended_at.into(),
            day: Date(new.day),
            content: new.content.clone(),
            redacted_content: None,
            redacted: None,
            digest: new.digest.clone(),
            received_at: new.received_at.into(),
            received_by: Id(new.received_by.0),
            facts: facts_to_text(&new.facts),
            scored: new.scored.clone(),
            corrects: new.corrects.map(|id| Id(id.0)),
            root,
            superseded_by: None,
            photos_missing,
        }
    }

    fn read(self) -> QueryResult<StoredInspection> {
        Ok(StoredInspection {
            id: InspectionId(self.id.0),
            facility: FacilityId(self.facility_id.0),
            territory: self.territory.parse().map_err(unreadable)?,
            checklist: ChecklistRef { code: self.checklist_code, version: self.checklist_version },
            kind: self.kind.parse().map_err(unreadable)?,
            started_at: self.started_at.into(),
            ended_at: self.ended_at.into(),
            day: self.day.0,
            content: self.redacted_content.unwrap_or(self.content),
            redacted: match self.redacted {
                Some(pointers) => serde_json::from_str(&pointers).map_err(unreadable)?,
                None => Vec::new(),
            },
            digest: self.digest,
            received_at: self.received_at.into(),
            received_by: PersonId(self.received_by.0),
            facts: facts_from_text(&self.facts)?,
            scored: self.scored,
            corrects: self.corrects.map(|id| InspectionId(id.0)),
            root: InspectionId(self.root.0),
            superseded_by: self.superseded_by.map(|id| InspectionId(id.0)),
            photos_missing: self.photos_missing,
        })
    }
}

/// The codes of a scope's territories; none where it holds them all.
pub(super) fn codes(scope: &Scope) -> Option<Vec<&'static str>> {
    match scope {
        Scope::All => None,
        Scope::Only(set) => Some(set.iter().map(|territory| territory.code()).collect()),
    }
}

type Query<'a> = inspections::BoxedQuery<'a, MultiBackend>;

fn within<'a>(scope: &Scope) -> Query<'a> {
    let query = inspections::table.into_boxed();
    match codes(scope) {
        None => query,
        Some(codes) => query.filter(inspections::territory.eq_any(codes)),
    }
}

/// The inspection with this id in any territory: to recognise a repeat, and for nothing else.
///
/// # Errors
/// Those of the database.
pub fn find_any(conn: &mut Conn, id: InspectionId) -> QueryResult<Option<StoredInspection>> {
    find(conn, &Scope::All, id)
}

/// The inspection with this id, if it lies within `scope`.
///
/// # Errors
/// Those of the database.
pub fn find(
    conn: &mut Conn,
    scope: &Scope,
    id: InspectionId,
) -> QueryResult<Option<StoredInspection>> {
    let row = within(scope).filter(inspections::id.eq(Id(id.0))).first::<Row>(conn).optional()?;
    row.map(Row::read).transpose()
}

/// The inspections behind `after` in any territory, by id, `limit` of them at most: to check
/// what is kept, and for nothing else.
pub(super) fn from(
    conn: &mut Conn,
    after: Option<InspectionId>,
    limit: usize,
) -> QueryResult<Vec<StoredInspection>> {
    let mut all = inspections::table.into_boxed();
    if let Some(after) = after {
        all = all.filter(inspections::id.gt(Id(after.0)));
    }
    let rows = all
        .order(inspections::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load::<Row>(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// Keeps an inspection with its photos, which are owed or, in a correction, already held by
/// its family, and its score; and decides anew which of its family counts. Nothing of it is
/// read before it is written, so that phones that send at once do not hold each other up.
///
/// # Errors
/// Those of the database; `NotFound` where what it corrects is not there.
pub fn insert(
    conn: &mut Conn,
    new: &NewInspection,
    photos: &[NewPhoto],
    score: &NewScore,
) -> QueryResult<Inserted> {
    let own = Id(new.id.0);
    let (root, held) = match new.corrects {
        None => (own, photos::HeldPhotos::default()),
        Some(corrected) => match family::root_of(conn, corrected)? {
            Some(root) => (root, photos::held_by_family(conn, root)?),
            None => return found(conn, new.id),
        },
    };
    let erased = match photos.is_empty() {
        true => HashSet::new(),
        false => photos::erased_in(conn, new.facility)?,
    };
    let rows = photos::rows_of(own, photos, held, &erased);
    let row = Row::of(new, root, photos::count_missing(&rows));
    let inserted = each!(conn, |c| diesel::insert_into(inspections::table)
        .values(&row)
        .on_conflict(inspections::id)
        .do_nothing()
        .execute(c))?;
    if inserted == 0 {
        return found(conn, new.id);
    }
    photos::insert(conn, &rows)?;
    if scores::add(conn, score)? == Insert::Taken {
        // The inspection did not exist, so no score of it can have.
        return Err(diesel::result::Error::RollbackTransaction);
    }
    if new.corrects.is_some() {
        family::decide(conn, root)?;
        texts::carry_over(conn, root, new)?;
    }
    changes::note(conn, row.facility_id, &row.territory, new.received_at)?;
    Ok(Inserted::New)
}

fn found(conn: &mut Conn, id: InspectionId) -> QueryResult<Inserted> {
    let found = find_any(conn, id)?.ok_or(diesel::result::Error::NotFound)?;
    Ok(Inserted::Found(Box::new(found)))
}
