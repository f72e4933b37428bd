//! People with an account: listed, added, changed, signed out. For admins.

mod wire;

use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse};
use vigila_core::documents::FaultCode;
use vigila_core::domain::{PersonId, Username};

use self::wire::{Person, PersonList, PersonPatch, PersonToAdd};
use super::answers;
use crate::app::App;
use crate::app::people::People;
use crate::clock;
use crate::http::actors::PeopleKeeper;
use crate::http::body::{Small, SmallPatch};
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::{NoQuery, Query};

pub use self::wire::RoleName;

/// List people
///
/// Everybody with an account, by name. For admins.
#[utoipa::path(
    get, path = "/people", operation_id = "list_people", tag = "people",
    security(("bearer" = [])),
    params(
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `_links.next` has it."),
        ("limit" = Option<i32>, Query, description = "Most rows of the page; 50 where it is not told.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A page of people.", body = PersonList), answers::SignedIn)
)]
pub async fn list_people(
    app: Data<App>,
    _: PeopleKeeper,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<PersonList>, Problem> {
    let page = PageRequest::read(&mut query, 2);
    let after = after(&page, &mut query);
    query.end()?;
    let found = People::from(app.get_ref()).list(after, page.limit).await?;
    let last = found.items.last().filter(|_| found.more);
    let last = last.map(|person| vec![person.name.to_string(), person.id.to_string()]);
    let items = found.items.iter().map(Person::from).collect();
    Ok(Json(PersonList { items, links: next_link(&request, last) }))
}

fn after(page: &PageRequest, query: &mut Query) -> Option<(Username, PersonId)> {
    let parts = page.after.as_deref()?;
    let read = || Some((parts.first()?.parse().ok()?, parts.get(1)?.parse().ok()?));
    let read = read();
    if read.is_none() {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    read
}

/// Add a person
///
/// The name is for good; one that is in use is refused with 409. For admins.
#[utoipa::path(
    post, path = "/people", operation_id = "create_person", tag = "people",
    security(("bearer" = [])),
    request_body = PersonToAdd,
    responses(
        (status = 201, description = "Added.", body = Person, headers(
            ("Location" = String, description = "Where the person is changed."),
        )),
        answers::SignedIn, answers::WithBody, answers::InUse,
    )
)]
pub async fn create_person(
    app: Data<App>,
    who: PeopleKeeper,
    request: HttpRequest,
    _: NoQuery,
    body: Small<PersonToAdd>,
) -> Result<HttpResponse, Problem> {
    let people = People::from(app.get_ref());
    let added = people.add(Some(who.0.id), body.0.read()?, clock::now()).await?;
    let location = format!("{}/{}", request.path(), added.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(Person::from(&added)))
}

/// Change a person
///
/// A JSON merge patch (RFC 7396): what is not named stays. It counts from the person's next
/// request; a new password, or closing the account, ends the person's sessions and tokens.
/// The last enabled admin can be neither closed nor given another role: 422. For admins.
#[utoipa::path(
    patch, path = "/people/{person_id}", operation_id = "change_person", tag = "people",
    security(("bearer" = [])),
    params(("person_id" = uuid::Uuid, Path, description = "The id of the person.")),
    request_body(content = PersonPatch, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "Changed.", body = Person),
        answers::SignedIn, answers::NotThere, answers::WithBody,
    )
)]
pub async fn change_person(
    app: Data<App>,
    who: PeopleKeeper,
    _: NoQuery,
    path: Path<String>,
    body: SmallPatch<PersonPatch>,
) -> Result<Json<Person>, Problem> {
    let people = People::from(app.get_ref());
    let (id, change) = (named(&path)?, body.0.read()?);
    let changed = people.change(Some(who.0.id), id, change, clock::now()).await?;
    Ok(Json(Person::from(&changed)))
}

/// End a person's sessions
///
/// All of them, and its tokens: as when a phone is stolen. For admins.
#[utoipa::path(
    delete, path = "/people/{person_id}/sessions", operation_id = "end_sessions", tag = "people",
    security(("bearer" = [])),
    params(("person_id" = uuid::Uuid, Path, description = "The id of the person.")),
    responses(
        (status = 204, description = "Ended, if there were any."),
        answers::SignedIn, answers::NotThere,
    )
)]
pub async fn end_sessions(
    app: Data<App>,
    who: PeopleKeeper,
    _: NoQuery,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let people = People::from(app.get_ref());
    people.end_sessions(Some(who.0.id), named(&path)?, clock::now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn named(path: &str) -> Result<PersonId, Problem> {
    path.parse().map_err(|_| Problem::parameter("person_id", FaultCode::NotAUuid))
}
