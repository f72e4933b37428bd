//! The audit trail: who did or saw what, and when. For admins.

mod wire;

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};
use uuid::Uuid;
use vigila_core::documents::FaultCode;
use vigila_core::domain::{Instant, parse_day};

use self::wire::{AuditList, AuditParams};
use super::answers;
use crate::app::App;
use crate::app::audit::{AuditFilter, Event, list_audit};
use crate::http::actors::AuditReader;
use crate::http::paging::{PageRequest, next_link};
use crate::http::problem::Problem;
use crate::http::query::Query;

/// List the audit trail
///
/// Who did or saw what, newest first. `position` and `hash` are there once the event is
/// chained, which takes seconds. For admins.
#[utoipa::path(
    get, path = "/audit", operation_id = "list_audit_events", tag = "audit",
    security(("bearer" = [])), params(AuditParams),
    responses((status = 200, description = "A page.", body = AuditList), answers::SignedIn)
)]
pub async fn list_audit_events(
    _: AuditReader,
    app: Data<App>,
    request: HttpRequest,
    mut query: Query,
) -> Result<Json<AuditList>, Problem> {
    let page = PageRequest::read(&mut query, 2);
    let filter = read_filter(&app, &mut query);
    let after = page.after.as_ref().map(|last| cursor(last));
    if matches!(after, Some(None)) {
        query.fault("cursor", FaultCode::BadCursor, &[]);
    }
    query.end()?;
    let found = list_audit(&app, filter, after.flatten(), page.limit).await?;
    let last = found.items.last().filter(|_| found.more).map(|row| &row.event);
    let last = last.map(|event| vec![format!("{:?}", event.at), event.id.to_string()]);
    let items = found.items.into_iter().map(Into::into).collect();
    Ok(Json(AuditList { items, links: next_link(&request, last) }))
}

fn cursor(parts: &[String]) -> Option<(Instant, Uuid)> {
    let [at, id] = parts else { return None };
    Some((at.parse().ok()?, id.parse().ok()?))
}

fn read_filter(app: &App, query: &mut Query) -> AuditFilter {
    let names = Event::ALL.map(Event::name);
    let action = query.text("action");
    if action.as_deref().is_some_and(|action| !names.contains(&action)) {
        query.fault("action", FaultCode::NotAnOption, &names);
    }
    let mut day = |name: &'static str| {
        let text = query.text(name)?;
        let day = parse_day(&text);
        if day.is_none() {
            query.fault(name, FaultCode::NotADay, &[]);
        }
        day
    };
    let from = day("from").map(|day| Instant::start_of(day, app.zone));
    let until = day("to").and_then(|day| day.succ_opt());
    AuditFilter {
        action,
        actor: query.parsed("actor", FaultCode::NotAUuid, &[]),
        subject: query.text("subject"),
        from,
        until: until.map(|day| Instant::start_of(day, app.zone)),
    }
}
