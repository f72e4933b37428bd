//! The history: every visit that counts, in the few columns that scoring again needs, read in
//! pieces. What is made of it, others say; facts come as the text that is stored, because
//! whoever reads a million of them wants numbers and no names. Of a few visits the answers are
//! read by their ids, with the facts as facts.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::domain::{FacilityId, Facts, InspectionId, Instant, PersonId, Scope};

use super::codes;
use crate::store::Conn;
use crate::store::json::facts_from_text;
use crate::store::outcome::unreadable;
use crate::store::schema::inspections;
use crate::store::types::{Id, Time};

/// A visit as history has it.
#[derive(Debug, Clone, PartialEq)]
pub struct PastVisit {
    /// The inspection.
    pub id: InspectionId,
    /// The centre.
    pub facility: FacilityId,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Why and how it was made.
    pub kind: Kind,
    /// When it ended.
    pub ended_at: Instant,
    /// When it was received.
    pub received_at: Instant,
    /// Who sent it.
    pub received_by: PersonId,
    /// The facts as they stood for it, as JSON text.
    pub facts: String,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
}

impl PastVisit {
    /// The facts as they stood for it.
    ///
    /// # Errors
    /// When the text is not of the form.
    pub fn facts(&self) -> QueryResult<Facts> {
        facts_from_text(&self.facts)
    }
}

/// Which part of history.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// Of these territories.
    pub scope: Scope,
    /// With this checklist, of any version.
    pub checklist: Option<String>,
    /// Ids behind this one.
    pub after: Option<Uuid>,
    /// Ids up to this one, itself included.
    pub until: Option<Uuid>,
}

impl Stretch {
    /// All of it within a scope.
    #[must_use]
    pub fn all(scope: Scope) -> Self {
        Self { scope, checklist: None, after: None, until: None }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = inspections)]
pub(super) struct Row {
    id: Id,
    facility_id: Id,
    checklist_code: String,
    checklist_version: String,
    kind: String,
    ended_at: Time,
    received_at: Time,
    received_by: Id,
    facts: String,
    scored: Vec<u8>,
}

impl Row {
    pub(super) fn read(self) -> QueryResult<PastVisit> {
        Ok(PastVisit {
            id: InspectionId(self.id.0),
            facility: FacilityId(self.facility_id.0),
            checklist: ChecklistRef { code: self.checklist_code, version: self.checklist_version },
            kind: self.kind.parse().map_err(unreadable)?,
            ended_at: self.ended_at.into(),
            received_at: self.received_at.into(),
            received_by: PersonId(self.received_by.0),
            facts: self.facts,
            scored: self.scored,
        })
    }
}

/// The visits of a stretch that count, by id, `limit` of them at most; active centres or not.
///
/// # Errors
/// Those of the database.
pub fn history(conn: &mut Conn, stretch: &Stretch, limit: i64) -> QueryResult<Vec<PastVisit>> {
    let mut query = inspections::table
        .filter(inspections::superseded_by.is_null())
        .order(inspections::id)
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(codes) = codes(&stretch.scope) {
        query = query.filter(inspections::territory.eq_any(codes));
    }
    if let Some(code) = &stretch.checklist {
        query = query.filter(inspections::checklist_code.eq(code.clone()));
    }
    if let Some(after) = stretch.after {
        query = query.filter(inspections::id.gt(Id(after)));
    }
    if let Some(until) = stretch.until {
        query = query.filter(inspections::id.le(Id(until)));
    }
    query.load::<Row>(conn)?.into_iter().map(Row::read).collect()
}

/// What a visit answered.
#[derive(Debug, Clone, PartialEq)]
pub struct PastAnswers {
    /// The inspection.
    pub id: InspectionId,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// The facts as they stood for it.
    pub facts: Facts,
    /// The answers in their compact form.
    pub scored: Vec<u8>,
}

/// The answers of those of these visits that count, in no order. A few hundred ids at most:
/// each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn past_answers(conn: &mut Conn, ids: &[InspectionId]) -> QueryResult<Vec<PastAnswers>> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(id.0)).collect();
    let rows = inspections::table
        .filter(inspections::id.eq_any(ids))
        .filter(inspections::superseded_by.is_null())
        .select((
            inspections::id,
            (inspections::checklist_code, inspections::checklist_version),
            inspections::facts,
            inspections::scored,
        ))
        .load::<(Id, (String, String), String, Vec<u8>)>(conn)?;
    let each = rows.into_iter().map(|(id, (code, version), facts, scored)| {
        let (id, checklist) = (InspectionId(id.0), ChecklistRef { code, version });
        Ok(PastAnswers { id, checklist, facts: facts_from_text(&facts)?, scored })
    });
    each.collect()
}

/// How many visits of a scope count, and the first and last of their ids.
///
/// # Errors
/// Those of the database.
pub fn extent(conn: &mut Conn, scope: &Scope) -> QueryResult<(i64, Option<(Uuid, Uuid)>)> {
    let counting = || {
        let query = inspections::table.filter(inspections::superseded_by.is_null()).into_boxed();
        match codes(scope) {
            None => query,
            Some(codes) => query.filter(inspections::territory.eq_any(codes)),
        }
    };
    let count = counting().count().get_result(conn)?;
    let ids = || counting().select(inspections::id);
    let first: Option<Id> = ids().order(inspections::id).first(conn).optional()?;
    let last: Option<Id> = ids().order(inspections::id.desc()).first(conn).optional()?;
    Ok((count, first.zip(last).map(|(first, last)| (first.0, last.0))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::inspections::testing::{Visits, only};
    use crate::store::testing::{facility, on_each};

    #[tokio::test]
    async fn history_in_pieces_is_every_visit_that_counts_once() {
        on_each(async |db| {
            let one = Visits::new(&db).await;
            let bari = Visits::at_centre(&db, facility("BA-0001")).await;
            let corrected = one.add("CAS-COLL", 100).await;
            let mut expected = vec![one.add_all(&one.correction(corrected, 900), &[]).await];
            for ended in 200..210 {
                expected.push(one.add("CAS-COLL", ended).await);
            }
            let kitchen = one.add("KITCHEN", 300).await;
            let far = bari.add("CAS-COLL", 300).await;
            expected.sort_unstable();
            for limit in [1, 3, 100] {
                let read = db.read(move |c| {
                    let mut stretch = Stretch::all(only(&["BT"]));
                    stretch.checklist = Some("CAS-COLL".to_owned());
                    let mut seen: Vec<InspectionId> = Vec::new();
                    loop {
                        let piece = history(c, &stretch, limit)?;
                        if piece.is_empty() {
                            return Ok(seen);
                        }
                        seen.extend(piece.iter().map(|visit| visit.id));
                        stretch.after = seen.last().map(|id| id.0);
                    }
                });
                assert_eq!(read.await.unwrap(), expected, "{limit} a piece");
            }
            let all = db.read(|c| extent(c, &Scope::All)).await.unwrap();
            assert_eq!(all.0, 13);
            let ids = expected.iter().chain([&kitchen, &far]).map(|id| id.0);
            assert_eq!(all.1, ids.clone().min().zip(ids.max()));
            let none = db.read(|c| extent(c, &only(&["FG"]))).await.unwrap();
            assert_eq!(none, (0, None));
            // Of these one was corrected, and one is not there.
            let asked = [corrected, kitchen, InspectionId(Uuid::nil())];
            let answers = db.read(move |c| past_answers(c, &asked)).await.unwrap();
            let kept = one.kept(kitchen).await;
            let (checklist, facts, scored) = (kept.checklist, kept.facts, kept.scored);
            assert_eq!(answers, [PastAnswers { id: kitchen, checklist, facts, scored }]);
        })
        .await;
    }
}
