//! The centres. Whoever reads them says within which territories, so that a question
//! without a [`Scope`] does not compile. Their contracts are in `contracts.rs`.

mod labels;

use diesel::prelude::*;
use vigila_core::domain::{
    Facility, FacilityCode, FacilityId, FacilityKind, FacilityRef, Instant, Scope,
};

use super::Conn;
use super::connection::{MultiBackend, each};
use super::json::{body_from_text, body_to_text, facts_from_text, facts_to_text};
use super::outcome::{Insert, Page, Update, one_more, unreadable};
use super::schema::facilities;
use super::types::{Id, Time};

pub use labels::{Label, State, labels_since};

/// Which centres of a list; without any of these, all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacilityFilter {
    /// Part of code, name or municipality, in any case.
    pub q: Option<String>,
    /// Of this kind.
    pub kind: Option<FacilityKind>,
    /// Taking visits, or not.
    pub active: Option<bool>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = facilities, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    code: String,
    name: String,
    kind: String,
    territory: String,
    municipality: String,
    istat_code: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    authorised_places: Option<i32>,
    managing_body: Option<String>,
    facts: String,
    active: bool,
    search: String,
    revision: i64,
    created_at: Time,
    updated_at: Time,
}

impl Row {
    fn of(facility: &Facility, now: Instant) -> Self {
        let Facility { code, name, municipality, .. } = facility;
        Self {
            id: Id(facility.id.0),
            code: code.as_str().to_owned(),
            name: name.clone(),
            kind: facility.kind.as_str().to_owned(),
            territory: facility.territory.code().to_owned(),
            municipality: municipality.clone(),
            istat_code: facility.istat_code.clone(),
            latitude: facility.latitude,
            longitude: facility.longitude,
            authorised_places: facility.authorised_places,
            managing_body: facility.managing_body.as_ref().map(body_to_text),
            facts: facts_to_text(&facility.facts),
            active: facility.active,
            // Lines, so that no search finds the end of one field and the start of the next.
            search: format!("{}\n{name}\n{municipality}", code.as_str()).to_lowercase(),
            revision: facility.revision,
            created_at: now.into(),
            updated_at: now.into(),
        }
    }

    fn read(self) -> QueryResult<Facility> {
        Ok(Facility {
            id: FacilityId(self.id.0),
            code: self.code.parse().map_err(unreadable)?,
            name: self.name,
            kind: self.kind.parse().map_err(unreadable)?,
            territory: self.territory.parse().map_err(unreadable)?,
            municipality: self.municipality,
            istat_code: self.istat_code,
            latitude: self.latitude,
            longitude: self.longitude,
            authorised_places: self.authorised_places,
            managing_body: self.managing_body.as_deref().map(body_from_text).transpose()?,
            facts: facts_from_text(&self.facts)?,
            active: self.active,
            revision: self.revision,
        })
    }
}

type Query<'a> = facilities::BoxedQuery<'a, MultiBackend>;

fn within<'a>(scope: &Scope) -> Query<'a> {
    let query = facilities::table.into_boxed();
    match scope {
        Scope::All => query,
        Scope::Only(set) => {
            let codes: Vec<&'static str> = set.iter().map(|territory| territory.code()).collect();
            query.filter(facilities::territory.eq_any(codes))
        }
    }
}

/// Adds a centre, unless its code is in use anywhere.
///
/// # Errors
/// Those of the database.
pub fn insert(conn: &mut Conn, facility: &Facility, now: Instant) -> QueryResult<Insert> {
    let row = Row::of(facility, now);
    let rows = each!(conn, |c| diesel::insert_into(facilities::table)
        .values(&row)
        .on_conflict(facilities::code)
        .do_nothing()
        .execute(c))?;
    Ok(Insert::of(rows))
}

/// The centre with this id or code, if it lies within `scope`.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, scope: &Scope, which: &FacilityRef) -> QueryResult<Option<Facility>> {
    let query = match which {
        FacilityRef::Id(id) => within(scope).filter(facilities::id.eq(Id(id.0))),
        FacilityRef::Code(code) => within(scope).filter(facilities::code.eq(code.as_str())),
    };
    query.first::<Row>(conn).optional()?.map(Row::read).transpose()
}

/// The centres within `scope` by code, then id; those behind `after`, `limit` of them at
/// most. One territory is a scope: [`Scope::narrowed_to`].
///
/// # Errors
/// Those of the database.
pub fn list(
    conn: &mut Conn,
    scope: &Scope,
    filter: &FacilityFilter,
    after: Option<&(FacilityCode, FacilityId)>,
    limit: usize,
) -> QueryResult<Page<Facility>> {
    let mut query = within(scope);
    if let Some(q) = &filter.q {
        query = query.filter(facilities::search.like(containing(q)).escape('\\'));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(facilities::kind.eq(kind.as_str()));
    }
    if let Some(active) = filter.active {
        query = query.filter(facilities::active.eq(active));
    }
    if let Some((code, id)) = after {
        let code = code.as_str();
        let same = facilities::code.eq(code).and(facilities::id.gt(Id(id.0)));
        query = query.filter(facilities::code.gt(code).or(same));
    }
    let rows =
        query.order((facilities::code, facilities::id)).limit(one_more(limit)).load::<Row>(conn)?;
    let found = rows.into_iter().map(Row::read).collect::<QueryResult<_>>()?;
    Ok(Page::of(found, limit))
}

/// When these centres were added. A few hundred at most: each is a bound value.
///
/// # Errors
/// Those of the database.
pub fn created(conn: &mut Conn, ids: &[FacilityId]) -> QueryResult<Vec<(FacilityId, Instant)>> {
    let ids: Vec<Id> = ids.iter().map(|id| Id(id.0)).collect();
    let rows: Vec<(Id, Time)> = facilities::table
        .filter(facilities::id.eq_any(ids))
        .select((facilities::id, facilities::created_at))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, at)| (FacilityId(id.0), at.into())).collect())
}

/// The pattern of LIKE for a text that contains `part`, whose `%` and `_` are themselves.
fn containing(part: &str) -> String {
    let mut pattern = String::from("%");
    for letter in part.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// Changes a centre to `facility`, if `facility.revision` is still the present one. Id, code
/// and territory are for good.
///
/// # Errors
/// Those of the database.
pub fn update(conn: &mut Conn, facility: &Facility, now: Instant) -> QueryResult<Update> {
    let row = Row::of(facility, now);
    let present = facilities::table.find(row.id).filter(facilities::revision.eq(row.revision));
    let rows = diesel::update(present)
        .set((
            facilities::name.eq(row.name),
            facilities::kind.eq(row.kind),
            facilities::municipality.eq(row.municipality),
            facilities::istat_code.eq(row.istat_code),
            facilities::latitude.eq(row.latitude),
            facilities::longitude.eq(row.longitude),
            facilities::authorised_places.eq(row.authorised_places),
            facilities::managing_body.eq(row.managing_body),
            facilities::facts.eq(row.facts),
            facilities::active.eq(row.active),
            facilities::search.eq(row.search),
            facilities::revision.eq(row.revision + 1),
            facilities::updated_at.eq(row.updated_at),
        ))
        .execute(conn)?;
    Ok(Update::of(rows, row.revision + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, facility, on_each};
    use crate::store::{Db, Page};

    async fn add(db: &Db, facilities: Vec<Facility>) {
        db.write(move |c| {
            for facility in &facilities {
                assert_eq!(insert(c, facility, at(0))?, Insert::Done);
            }
            Ok(())
        })
        .await
        .unwrap();
    }

    fn only(codes: &[&str]) -> Scope {
        Scope::Only(codes.iter().map(|code| code.parse().unwrap()).collect())
    }

    async fn codes(db: &Db, scope: Scope, filter: FacilityFilter) -> Vec<String> {
        let page = db.read(move |c| list(c, &scope, &filter, None, 100)).await.unwrap();
        page.items.iter().map(|facility| facility.code.to_string()).collect()
    }

    fn q(text: &str) -> FacilityFilter {
        FacilityFilter { q: Some(text.to_owned()), ..FacilityFilter::default() }
    }

    #[tokio::test]
    async fn a_centre_is_found_by_id_and_code_and_only_within_the_scope() {
        on_each(async |db| {
            let one = facility("BT-0001");
            let plain = Facility {
                id: FacilityId(uuid::Uuid::now_v7()),
                managing_body: None,
                latitude: None,
                authorised_places: None,
                facts: [].into(),
                ..facility("BA-0001")
            };
            add(&db, vec![one.clone(), plain.clone()]).await;
            for which in [FacilityRef::Id(one.id), FacilityRef::Code(one.code.clone())] {
                for (scope, seen) in
                    [(Scope::All, true), (only(&["BT"]), true), (only(&["BA"]), false)]
                {
                    let which = which.clone();
                    let found = db.read(move |c| find(c, &scope, &which)).await.unwrap();
                    assert_eq!(found, seen.then(|| one.clone()));
                }
            }
            let which = FacilityRef::Code(plain.code.clone());
            let found = db.read(move |c| find(c, &only(&["BA", "FG"]), &which)).await.unwrap();
            assert_eq!(found, Some(plain));
            let again = db.write(move |c| insert(c, &facility("BT-0001"), at(1)));
            assert_eq!(again.await.unwrap(), Insert::Taken);
        })
        .await;
    }

    #[tokio::test]
    async fn a_list_is_filtered_and_ordered_the_same_on_both() {
        on_each(async |db| {
            let mut forli = facility("FC-A1");
            forli.municipality = "FORLÌ".to_owned();
            let mut inactive = facility("BT-0002");
            inactive.active = false;
            inactive.name = "100%_a\\b".to_owned();
            let mut hotspot = facility("BT-A");
            hotspot.kind = FacilityKind::Hotspot;
            add(&db, vec![hotspot, forli, facility("BT-0001"), inactive, facility("BA-1")]).await;

            let all = ["BA-1", "BT-0001", "BT-0002", "BT-A", "FC-A1"];
            assert_eq!(codes(&db, Scope::All, FacilityFilter::default()).await, all);
            assert_eq!(codes(&db, only(&[]), FacilityFilter::default()).await, [""; 0]);
            assert_eq!(codes(&db, only(&["BA", "FC"]), q("a")).await, ["BA-1", "FC-A1"]);
            assert_eq!(codes(&db, Scope::All, q("forlì")).await, ["FC-A1"]);
            assert_eq!(codes(&db, Scope::All, q("bt-0")).await, ["BT-0001", "BT-0002"]);
            for literal in ["100%_", "%_A\\", "\\b"] {
                assert_eq!(codes(&db, Scope::All, q(literal)).await, ["BT-0002"], "{literal}");
            }
            assert_eq!(codes(&db, Scope::All, q("0_0")).await, [""; 0]);
            assert_eq!(codes(&db, Scope::All, q("01Centro")).await, [""; 0]);
            let hotspots =
                FacilityFilter { kind: Some(FacilityKind::Hotspot), ..FacilityFilter::default() };
            assert_eq!(codes(&db, Scope::All, hotspots).await, ["BT-A"]);
            let closed = FacilityFilter { active: Some(false), ..q("100") };
            assert_eq!(codes(&db, only(&["BT"]), closed).await, ["BT-0002"]);
        })
        .await;
    }

    #[tokio::test]
    async fn pages_skip_and_double_no_centre() {
        on_each(async |db| {
            let made: Vec<_> =
                (0..23).map(|n| facility(&format!("BT-{:02}", (n * 7) % 23))).collect();
            add(&db, made).await;
            for limit in [1, 5, 23, 100] {
                let seen = db
                    .read(move |c| {
                        let (mut seen, mut after) = (Vec::new(), None);
                        loop {
                            let filter = FacilityFilter::default();
                            let Page { items, more } =
                                list(c, &Scope::All, &filter, after.as_ref(), limit)?;
                            after = items.last().map(|f| (f.code.clone(), f.id));
                            seen.extend(items.into_iter().map(|f| f.code.to_string()));
                            if !more {
                                return Ok(seen);
                            }
                        }
                    })
                    .await
                    .unwrap();
                let expected: Vec<_> = (0..23).map(|n| format!("BT-{n:02}")).collect();
                assert_eq!(seen, expected, "{limit} a page");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn of_two_changes_to_one_revision_one_is_stale() {
        on_each(async |db| {
            let one = facility("BT-0001");
            add(&db, vec![one.clone()]).await;
            let changes = ["Casa Alfa", "Casa Beta"].map(|name| {
                let changed = Facility { name: name.to_owned(), active: false, ..one.clone() };
                db.write(move |c| update(c, &changed, at(1)))
            });
            let [alfa, beta] = changes;
            let (alfa, beta) = tokio::join!(alfa, beta);
            let (alfa, beta) = (alfa.unwrap(), beta.unwrap());
            let done = Update::Done { revision: 2 };
            assert!([(done, Update::Stale), (Update::Stale, done)].contains(&(alfa, beta)));
            let kept = if alfa == done { "Casa Alfa" } else { "Casa Beta" };
            let which = FacilityRef::Id(one.id);
            let found = db.read(move |c| find(c, &Scope::All, &which)).await.unwrap().unwrap();
            assert_eq!(
                found,
                Facility { name: kept.to_owned(), active: false, revision: 2, ..one }
            );
            assert_eq!(codes(&db, Scope::All, q(kept)).await, ["BT-0001"], "the search follows");
            assert_eq!(codes(&db, Scope::All, q("centro")).await, [""; 0]);
        })
        .await;
    }
}
