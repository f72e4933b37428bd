//! Findings as they are listed: the most urgent first, with the centre's name.

use diesel::prelude::*;
use diesel::sql_types::Bool;
use uuid::Uuid;
use vigila_core::documents::finding::{FindingState, Severity};
use vigila_core::domain::{Day, Facility, FacilityId, Scope, Territory};

use super::{Row, StoredFinding};
use crate::store::connection::MultiBackend;
use crate::store::inspections::codes;
use crate::store::outcome::{one_more, unreadable};
use crate::store::schema::{facilities, findings};
use crate::store::types::{Date, Id};
use crate::store::{Conn, Page};

/// Which findings of a list; without any of these, all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FindingFilter {
    /// Neither settled nor withdrawn, or else one of the two.
    pub live: Option<bool>,
    /// In this state.
    pub state: Option<FindingState>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Overdue on a day, or not.
    pub overdue: Option<(bool, Day)>,
    /// With a closing that a visit proposed, or without.
    pub closing_proposed: Option<bool>,
    /// Of this centre.
    pub facility: Option<FacilityId>,
    /// Of this territory.
    pub territory: Option<Territory>,
    /// Of this checklist.
    pub checklist_code: Option<String>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct FindingRow {
    /// The finding.
    pub finding: StoredFinding,
    /// The centre in short.
    pub facility: FacilityName,
}

/// A centre in short.
#[derive(Debug, Clone, PartialEq)]
pub struct FacilityName {
    /// Its code.
    pub code: vigila_core::domain::FacilityCode,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: vigila_core::domain::FacilityKind,
}

impl From<&Facility> for FacilityName {
    fn from(facility: &Facility) -> Self {
        Self { code: facility.code.clone(), name: facility.name.clone(), kind: facility.kind }
    }
}

type Condition = Box<dyn BoxableExpression<findings::table, MultiBackend, SqlType = Bool>>;

fn conditions(scope: &Scope, filter: &FindingFilter) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    match codes(scope).as_deref() {
        None => {}
        Some(&[code]) => all.push(Box::new(findings::territory.eq(code))),
        Some(codes) => all.push(Box::new(findings::territory.eq_any(codes.to_vec()))),
    }
    if let Some(state) = filter.state {
        all.push(Box::new(findings::state.eq(state.as_str())));
    }
    if let Some(severity) = filter.severity {
        all.push(Box::new(findings::severity.eq(severity.as_str())));
    }
    if let Some(facility) = filter.facility {
        all.push(Box::new(findings::facility_id.eq(Id(facility.0))));
    }
    if let Some(territory) = filter.territory {
        all.push(Box::new(findings::territory.eq(territory.code())));
    }
    if let Some(code) = &filter.checklist_code {
        all.push(Box::new(findings::checklist_code.eq(code.clone())));
    }
    let live = || findings::settled_at.is_null().and(findings::withdrawn.eq(false));
    match filter.live {
        None => {}
        Some(true) => all.push(Box::new(live())),
        Some(false) => all.push(Box::new(diesel::dsl::not(live()))),
    }
    match filter.closing_proposed {
        None => {}
        Some(true) => all.push(Box::new(live().and(findings::passed_by.is_not_null()))),
        Some(false) => {
            all.push(Box::new(diesel::dsl::not(live().and(findings::passed_by.is_not_null()))))
        }
    }
    if let Some((overdue, today)) = filter.overdue {
        let late = live().and(findings::passed_by.is_null()).and(findings::due_on.lt(Date(today)));
        all.push(if overdue { Box::new(late) } else { Box::new(diesel::dsl::not(late)) });
    }
    all
}

/// The findings within `scope`, those due first at the front, then by id; those behind `after`,
/// `limit` of them at most.
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &FindingFilter,
    after: Option<(Day, Uuid)>,
    limit: usize,
) -> QueryResult<Page<FindingRow>> {
    let mut asked = findings::table.select(findings::id).into_boxed();
    for condition in conditions(scope, filter) {
        asked = asked.filter(condition);
    }
    if let Some((day, id)) = after {
        let same = findings::due_on.eq(Date(day)).and(findings::id.gt(Id(id)));
        asked = asked.filter(findings::due_on.gt(Date(day)).or(same));
    }
    let ids: Vec<Id> =
        asked.order((findings::due_on, findings::id)).limit(one_more(limit)).load(conn)?;
    let Page { items: ids, more } = Page::of(ids, limit);
    let mut items = Vec::with_capacity(ids.len());
    for some in ids.chunks(200) {
        let rows = findings::table
            .inner_join(facilities::table)
            .filter(findings::id.eq_any(some))
            .order((findings::due_on, findings::id))
            .select((Row::as_select(), (facilities::code, facilities::name, facilities::kind)))
            .load::<(Row, (String, String, String))>(conn)?;
        for (row, name) in rows {
            items.push(FindingRow { finding: row.read()?, facility: read_name(name)? });
        }
    }
    Ok(Page { items, more })
}

/// How many findings within `scope` there are.
///
/// # Errors
/// Those of the database.
pub fn count(conn: &mut Conn, scope: &Scope, filter: &FindingFilter) -> QueryResult<i64> {
    let mut asked = findings::table.count().into_boxed();
    for condition in conditions(scope, filter) {
        asked = asked.filter(condition);
    }
    asked.get_result(conn)
}

fn read_name((code, name, kind): (String, String, String)) -> QueryResult<FacilityName> {
    Ok(FacilityName {
        code: code.parse().map_err(unreadable)?,
        name,
        kind: kind.parse().map_err(unreadable)?,
    })
}

/// A finding, if it lies within `scope`.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, scope: &Scope, id: Uuid) -> QueryResult<Option<FindingRow>> {
    let mut asked = findings::table
        .inner_join(facilities::table)
        .filter(findings::id.eq(Id(id)))
        .select((Row::as_select(), (facilities::code, facilities::name, facilities::kind)))
        .into_boxed();
    if let Some(codes) = codes(scope) {
        asked = asked.filter(findings::territory.eq_any(codes));
    }
    let row = asked.first::<(Row, (String, String, String))>(conn).optional()?;
    row.map(|(row, name)| Ok(FindingRow { finding: row.read()?, facility: read_name(name)? }))
        .transpose()
}
