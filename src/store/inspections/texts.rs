//! Texts of visits that are not shown. The sealed content stays as it was sent, beside the one
//! that everybody else reads, until an order erases a text from both. Which texts may be taken
//! out of sight, the core says; that somebody may do it, `app`.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;
use vigila_core::documents::free_text::redact;
use vigila_core::documents::inspection::ChecklistRef;
use vigila_core::domain::{InspectionId, Instant, PersonId, Sha256};

use super::NewInspection;
use crate::store::Conn;
use crate::store::connection::each;
use crate::store::outcome::unreadable;
use crate::store::schema::{inspections, text_redactions};
use crate::store::types::{Id, Time};

/// A text that is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRedaction {
    /// Its id.
    pub id: Uuid,
    /// The visit.
    pub inspection: InspectionId,
    /// Where the text stands in the content.
    pub pointer: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
    /// That an order erased it for good.
    pub erased: Option<Order>,
}

/// A text of a visit by its hash: what it says is not kept twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashedText {
    /// Where it stands in the content.
    pub pointer: String,
    /// SHA-256 of what it says, by which corrections that repeat it are found.
    pub sha256: Sha256,
}

/// Who wants a text out of sight, or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Why.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: PersonId,
}

/// A visit of a family, as far as its texts go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// The visit.
    pub id: InspectionId,
    /// The checklist it answers.
    pub checklist: ChecklistRef,
    /// Its sealed content.
    pub content: String,
}

/// A family of corrections, in the order of ids.
pub type Family = Vec<Relative>;

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Redacted {
    /// The text is not shown.
    Done,
    /// The family has members that whoever asked did not know of; nothing changed.
    FamilyGrew,
}

#[derive(Clone, Queryable, Insertable)]
#[diesel(table_name = text_redactions, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    inspection_id: Id,
    pointer: String,
    text_sha256: String,
    reason: String,
    at: Time,
    by_person: Id,
    erased_at: Option<Time>,
    erased_by: Option<Id>,
    erasure_reason: Option<String>,
}

impl Row {
    fn of(inspection: InspectionId, text: &HashedText, order: &Order, erase: bool) -> Self {
        Self {
            id: Id(Uuid::now_v7()),
            inspection_id: Id(inspection.0),
            pointer: text.pointer.clone(),
            text_sha256: text.sha256.to_string(),
            reason: order.reason.clone(),
            at: order.at.into(),
            by_person: Id(order.by.0),
            erased_at: erase.then(|| order.at.into()),
            erased_by: erase.then_some(Id(order.by.0)),
            erasure_reason: erase.then(|| order.reason.clone()),
        }
    }

    fn read(self) -> TextRedaction {
        let erased = match (self.erasure_reason, self.erased_at, self.erased_by) {
            (Some(reason), Some(at), Some(by)) => {
                Some(Order { reason, at: at.into(), by: PersonId(by.0) })
            }
            _ => None,
        };
        TextRedaction {
            id: self.id.0,
            inspection: InspectionId(self.inspection_id.0),
            pointer: self.pointer,
            reason: self.reason,
            at: self.at.into(),
            by: PersonId(self.by_person.0),
            erased,
        }
    }
}

/// The content as it is shown: for whoever reads many.
pub(super) fn shown_content() -> SqlLiteral<Text> {
    sql("COALESCE(inspections.redacted_content, inspections.content)")
}

/// The content as it was sent, but for what an order erased.
///
/// # Errors
/// Those of the database; that the visit is not there among them.
pub fn sealed(conn: &mut Conn, id: InspectionId) -> QueryResult<String> {
    inspections::table.find(Id(id.0)).select(inspections::content).first(conn)
}

/// The visit and all that descend from the same one.
///
/// # Errors
/// Those of the database.
pub fn family(conn: &mut Conn, root: InspectionId) -> QueryResult<Family> {
    let rows: Vec<(Id, String, String, String)> = inspections::table
        .filter(inspections::root.eq(Id(root.0)))
        .order(inspections::id)
        .select((
            inspections::id,
            inspections::checklist_code,
            inspections::checklist_version,
            inspections::content,
        ))
        .load(conn)?;
    let each = rows.into_iter().map(|(id, code, version, content)| Relative {
        id: InspectionId(id.0),
        checklist: ChecklistRef { code, version },
        content,
    });
    Ok(each.collect())
}

/// The texts of a visit that are not shown, by where they stand.
///
/// # Errors
/// Those of the database.
pub fn of_texts(conn: &mut Conn, id: InspectionId) -> QueryResult<Vec<TextRedaction>> {
    let rows = text_redactions::table
        .filter(text_redactions::inspection_id.eq(Id(id.0)))
        .order(text_redactions::pointer)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(Row::read).collect())
}

/// Takes texts of a family out of sight, or erases them. Those that were before keep their
/// first reason.
///
/// # Errors
/// Those of the database.
pub fn redact_texts(
    conn: &mut Conn,
    root: InspectionId,
    texts: &[(InspectionId, Vec<HashedText>)],
    order: &Order,
    erase: bool,
) -> QueryResult<Redacted> {
    let members = inspections::table.filter(inspections::root.eq(Id(root.0)));
    let members: Vec<Id> = members.order(inspections::id).select(inspections::id).load(conn)?;
    if !members.iter().map(|id| InspectionId(id.0)).eq(texts.iter().map(|(id, _)| *id)) {
        return Ok(Redacted::FamilyGrew);
    }
    for (inspection, texts) in texts {
        for text in texts {
            keep(conn, &Row::of(*inspection, text, order, erase))?;
        }
        if !texts.is_empty() {
            write_shown(conn, Id(inspection.0))?;
        }
    }
    Ok(Redacted::Done)
}

fn keep(conn: &mut Conn, row: &Row) -> QueryResult<()> {
    let inserted = each!(conn, |c| diesel::insert_into(text_redactions::table)
        .values(row)
        .on_conflict((text_redactions::inspection_id, text_redactions::pointer))
        .do_nothing()
        .execute(c))?;
    if inserted == 0 && row.erased_at.is_some() {
        let known = text_redactions::table
            .filter(text_redactions::inspection_id.eq(row.inspection_id))
            .filter(text_redactions::pointer.eq(&row.pointer))
            .filter(text_redactions::erased_at.is_null());
        diesel::update(known)
            .set((
                text_redactions::erased_at.eq(row.erased_at),
                text_redactions::erased_by.eq(row.erased_by),
                text_redactions::erasure_reason.eq(&row.erasure_reason),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Writes the content that is shown, and takes what was erased out of the sealed one. Here and
/// not before: only the transaction knows which texts are redacted, and few visits have any.
fn write_shown(conn: &mut Conn, id: Id) -> QueryResult<()> {
    let rows: Vec<(String, Option<Time>)> = text_redactions::table
        .filter(text_redactions::inspection_id.eq(id))
        .order(text_redactions::pointer)
        .select((text_redactions::pointer, text_redactions::erased_at))
        .load(conn)?;
    let content: String = inspections::table.find(id).select(inspections::content).first(conn)?;
    let pointers: Vec<&str> = rows.iter().map(|(pointer, _)| pointer.as_str()).collect();
    let erased = rows.iter().filter(|(_, erased)| erased.is_some());
    let erased: Vec<&str> = erased.map(|(pointer, _)| pointer.as_str()).collect();
    let shown = redact(&content, pointers.iter().copied()).map_err(unreadable)?;
    // Untouched to the byte where nothing was erased: its digest is the proof.
    let sealed = match erased.is_empty() {
        true => content,
        false => redact(&content, erased).map_err(unreadable)?,
    };
    diesel::update(inspections::table.find(id))
        .set((
            inspections::content.eq(sealed),
            inspections::redacted_content.eq(Some(shown)),
            inspections::redacted.eq(Some(serde_json::json!(pointers).to_string())),
        ))
        .execute(conn)
        .map(|_| ())
}

/// A correction repeats texts: those that are not shown in its family are not shown in it, and
/// those that were erased are not kept.
pub(super) fn carry_over(conn: &mut Conn, root: Id, new: &NewInspection) -> QueryResult<()> {
    if new.free_texts.is_empty() {
        return Ok(());
    }
    let known: Vec<Row> = text_redactions::table
        .inner_join(inspections::table)
        .filter(inspections::root.eq(root))
        .select(text_redactions::all_columns)
        .order((text_redactions::at, text_redactions::id))
        .load(conn)?;
    let mut carried = false;
    for text in &new.free_texts {
        let of_text = || known.iter().filter(|row| row.text_sha256 == text.sha256.as_str());
        let Some(row) = of_text().find(|row| row.erased_at.is_some()).or(of_text().next()) else {
            continue;
        };
        let pointer = text.pointer.clone();
        let id = Id(Uuid::now_v7());
        keep(conn, &Row { id, inspection_id: Id(new.id.0), pointer, ..row.clone() })?;
        carried = true;
    }
    if carried { write_shown(conn, Id(new.id.0)) } else { Ok(()) }
}
