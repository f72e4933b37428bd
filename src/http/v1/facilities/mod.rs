//! Centres: listed, shown, added, changed, imported.

mod bodies;
mod import;
mod patch;
mod read;
mod table;
mod wire;

use std::collections::BTreeMap;

use actix_web::http::header::{ETAG, LOCATION};
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use uuid::Uuid;
use vigila_core::documents::{FaultCode, Faults, Pointer, json};
use vigila_core::domain::{FacilityCode, FacilityId, FacilityKind, FacilityRef, Territory};

use self::read::Ground;
use self::wire::{Facility, FacilityList, ImportReport};
use super::answers;
use crate::app::facilities::{
    self, ContractChange, Draft, FacilityFilter, FacilityQuery, FacilityView,
};
use crate::app::{Actor, App};
use crate::clock;
use crate::http::actors::{FacilityKeeper, Reader};
use crate::http::body::{CsvBody, JsonBody, MergePatch};
use crate::http::conditions::must_match;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::{Code, Problem};
use crate::http::query::{NoQuery, Query};

/// List the centres
///
/// The centres of the person's territories, by code. Every filter narrows the list; without
/// any, closed centres are among them.
#[utoipa::path(
    get, path = "/facilities", operation_id = "list_facilities", tag = "facilities",
    security(("bearer" = [])),
    params(
        ("q" = Option<String>, Query, description = "Part of code, name or municipality, in any case.", min_length = 1, max_length = 200),
        ("kind" = Option<wire::KindName>, Query, description = "Of this kind."),
        ("territory" = Option<String>, Query, description = "Of this territory. One that is not the person's has no centres.", pattern = "^[A-Z]{2}$", example = "BT"),
        ("active" = Option<bool>, Query, description = "Taking visits, or closed."),
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of centres.", body = FacilityList), answers::SignedIn)
)]
pub async fn list_facilities(
    app: Data<App>,
    who: Reader,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<FacilityList>, Problem> {
    let wanted = read_query(&mut query);
    query.end()?;
    let page = facilities::list_facilities(&app, &who.0, wanted, clock::now()).await?;
    let last = page
        .items
        .last()
        .filter(|_| page.more)
        .map(|view| vec![view.facility.code.to_string(), view.facility.id.to_string()]);
    let items = page.items.iter().map(Facility::from).collect();
    Ok(Json(FacilityList { items, links: next_link(&request, last) }))
}

fn read_query(query: &mut Query) -> FacilityQuery {
    let page = PageRequest::read(query, 2);
    let after = page.after.as_deref().map(|parts| {
        Some((parts[0].parse::<FacilityCode>().ok()?, parts[1].parse::<FacilityId>().ok()?))
    });
    if after == Some(None) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    let q = query.text("q");
    if q.as_ref().is_some_and(|q| q.is_empty() || q.chars().count() > 200) {
        query.fault("q", FaultCode::BadLength, &["1", "200"]);
    }
    let kinds: Vec<_> = FacilityKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kind = query.parsed("kind", FaultCode::NotAnOption, &kinds);
    let territory = query.parsed::<Territory>("territory", FaultCode::UnknownTerritory, &[]);
    let active = query.parsed("active", FaultCode::NotAnOption, &["true", "false"]);
    let filter = FacilityFilter { q, kind, active };
    FacilityQuery { territory, filter, after: after.flatten(), limit: page.limit }
}

/// Add a centre
///
/// Its code and its territory are for good. A code that is in use in any territory is
/// refused with 409.
#[utoipa::path(
    post, path = "/facilities", operation_id = "create_facility", tag = "facilities",
    security(("bearer" = [])),
    request_body = bodies::NewFacility,
    responses(
        (status = 201, description = "Added.", body = Facility, headers(
            ("Location" = String, description = "Where the centre is."),
            ("ETag" = String, description = "Names this state of the centre."),
        )),
        answers::SignedIn, answers::WithBody, answers::InUse,
    )
)]
pub async fn create_facility(
    app: Data<App>,
    who: FacilityKeeper,
    request: HttpRequest,
    _: NoQuery,
    body: JsonBody,
) -> Result<HttpResponse, Problem> {
    let draft = new_draft(&app, &who.0, &body)?;
    let view = facilities::add_facility(&app, &who.0, draft, clock::now()).await?;
    let location = format!("{}/{}", request.path(), view.facility.id);
    let mut answer = HttpResponse::Created();
    answer.insert_header((LOCATION, location)).insert_header((ETAG, tag(&view)));
    Ok(answer.json(Facility::from(&view)))
}

fn new_draft(app: &App, actor: &Actor, body: &JsonBody) -> Result<Draft, Problem> {
    let mut faults = Faults::default();
    json::check_storable(&body.text, &body.value, &mut faults);
    let ground = Ground {
        library: &app.library,
        scope: &actor.scope,
        id: FacilityId(Uuid::now_v7()),
        revision: 1,
        present: &BTreeMap::new(),
    };
    let read = read::facility(&body.value, &Pointer::root(), &ground, &mut faults);
    let (facility, contract) = without_faults(read, faults)?;
    let contract = contract.map_or(ContractChange::Keep, ContractChange::Put);
    Ok(Draft { facility, contract })
}

fn without_faults<T>(read: Option<T>, faults: Faults) -> Result<T, Problem> {
    let faulty = |faults| Problem { faults, ..Problem::new(Code::Faulty) };
    faults.none().map_err(faulty)?;
    read.ok_or_else(|| faulty(Vec::new()))
}

/// Show a centre
///
/// By its id or its code.
#[utoipa::path(
    get, path = "/facilities/{facility_id}", operation_id = "show_facility", tag = "facilities",
    security(("bearer" = [])),
    params(("facility_id" = String, Path, description = "The id or the code of the centre.", example = "BT-0007")),
    responses(
        (status = 200, description = "The centre.", body = Facility, headers(
            ("ETag" = String, description = "Names this state of the centre, for `If-Match`."),
        )),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn show_facility(
    app: Data<App>,
    who: Reader,
    _: NoQuery,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let view = facilities::find_facility(&app, &who.0, &named(&path)?, clock::now()).await?;
    let mut answer = HttpResponse::Ok();
    Ok(answer.insert_header((ETAG, tag(&view))).json(Facility::from(&view)))
}

/// Change a centre
///
/// A JSON merge patch (RFC 7396): what is not named stays, null removes what is optional.
/// `id`, `code` and `territory` never change, and `contracts` only through `contract`. A
/// `contract` whose `starts_on` no contract of the centre has is added; otherwise it is merged
/// into the one that begins on that day, or, without `starts_on`, into the one in force. Null
/// removes the one in force.
#[utoipa::path(
    patch, path = "/facilities/{facility_id}", operation_id = "change_facility", tag = "facilities",
    security(("bearer" = [])),
    params(
        ("facility_id" = String, Path, description = "The id or the code of the centre.", example = "BT-0007"),
        ("If-Match" = String, Header, description = "The `ETag` of the centre as it was read."),
    ),
    request_body(content = bodies::FacilityPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "Changed.", body = Facility, headers(
            ("ETag" = String, description = "Names the new state of the centre."),
        )),
        answers::SignedIn, answers::NotThere, answers::WithBody, answers::Conditional,
    )
)]
pub async fn change_facility(
    app: Data<App>,
    who: FacilityKeeper,
    request: HttpRequest,
    _: NoQuery,
    path: Path<String>,
    body: MergePatch,
) -> Result<HttpResponse, Problem> {
    let now = clock::now();
    let present = facilities::find_facility(&app, &who.0, &named(&path)?, now).await?;
    must_match(&request, &tag(&present))?;
    let mut faults = Faults::default();
    let MergePatch(JsonBody { value, text }) = body;
    json::check_storable(&text, &value, &mut faults);
    let ground = (&*app.library, &who.0.scope);
    let read = patch::patched(&present, &value, &Pointer::root(), ground, &mut faults);
    let draft = without_faults(read, faults)?;
    let view = facilities::change_facility(&app, &who.0, present, draft, now).await?;
    let mut answer = HttpResponse::Ok();
    Ok(answer.insert_header((ETAG, tag(&view))).json(Facility::from(&view)))
}

/// Import centres
///
/// A table in CSV with the names of members as its header, those of inner objects with dots:
/// `code`, `name`, `kind`, `territory`, `municipality` (these five are required), `istat_code`,
/// `latitude`, `longitude`, `authorised_places`, `active`, `managing_body.name`,
/// `managing_body.tax_code`, `managing_body.pec`, `contract.cig`, `contract.starts_on`,
/// `contract.ends_on`, `contract.parameters.NAME`, `facts.NAME`. UTF-8, separated by commas (or
/// by semicolons throughout), decimal point, `true` and `false`.
///
/// A row whose code is new adds a centre; otherwise the centre of that code becomes what the
/// row says: a column that the table lacks changes nothing, an empty cell removes the value
/// (an empty `active` and wholly empty contract columns change nothing). One bad row refuses
/// all: 422 names each, as `/rows/N/FIELD` with N from 0.
#[utoipa::path(
    post, path = "/facilities/import", operation_id = "import_facilities", tag = "facilities",
    security(("bearer" = [])),
    request_body(
        content = String, content_type = "text/csv",
        example = "code,name,kind,territory,municipality,facts.beds\nBT-0007,Centro di esempio,cas_collective,BT,Andria,38\n",
    ),
    responses(
        (status = 200, description = "Imported, every row.", body = ImportReport),
        answers::SignedIn, answers::WithBody,
    )
)]
pub async fn import_facilities(
    app: Data<App>,
    who: FacilityKeeper,
    _: NoQuery,
    body: CsvBody,
) -> Result<Json<ImportReport>, Problem> {
    import::import(&app, &who.0, &body.0, clock::now()).await.map(Json)
}

fn named(path: &str) -> Result<FacilityRef, Problem> {
    path.parse().map_err(|_| Problem::new(Code::NotFound))
}

/// Names a state of a centre: its revision, and the contract in force, which changes with the
/// day alone.
fn tag(view: &FacilityView) -> String {
    match view.contract() {
        Some(contract) => format!("\"{}.{}\"", view.facility.revision, contract.starts_on),
        None => format!("\"{}\"", view.facility.revision),
    }
}
