//! What would become of a manager's territories under another scoring model: asked once, worked
//! out by a job, looked at until it is done.

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;
use vigila_core::checklist::read_model;
use vigila_core::documents::comparison::Comparison;
use vigila_core::documents::{Fault, FaultCode, Pointer, json as canonical};
use vigila_core::domain::{Instant, Scope, Territory};
use vigila_core::scoring::Model;

use super::rescoring::{Progress, compare};
use super::{Actor, App, Error};
use crate::store::jobs::{self, Job, Kind, State};

/// How many previews of one person may be open at once.
const MOST_OPEN: i64 = 5;

/// Seconds after which somebody with too many may try again.
const LATER: u64 = 30;

/// A preview as its owner sees it.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Its id.
    pub id: Uuid,
    /// How far it is.
    pub state: &'static str,
    /// Visits done.
    pub done: i64,
    /// Visits in all; 0 until it is known.
    pub total: i64,
    /// When it was asked.
    pub created_at: Instant,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// What came out, once it is done.
    pub result: Option<Comparison>,
}

/// Asks what would become of the actor's territories, or some of them, under `model`.
///
/// # Errors
/// [`Error::Faults`] for a model that cannot be used or a territory of others;
/// [`Error::Throttled`] where too many are open.
pub async fn request_preview(
    app: &App,
    actor: &Actor,
    model: &Value,
    territories: Option<Vec<Territory>>,
    now: Instant,
) -> Result<Preview, Error> {
    check(model)?;
    let all = || actor.scope.territories().into_iter().collect();
    let territories: Vec<Territory> = territories.unwrap_or_else(all);
    let mut faults = Vec::new();
    for (index, territory) in territories.iter().enumerate() {
        if !actor.scope.holds(*territory) {
            let pointer = Pointer::root().key("territories").index(index);
            faults.push(Fault { pointer, code: FaultCode::UnknownTerritory, args: Vec::new() });
        }
    }
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let codes: Vec<_> = territories.iter().map(|territory| territory.code()).collect();
    let request = json!({"model": model, "territories": codes}).to_string();
    let (id, person) = (Uuid::now_v7(), actor.id);
    let added = app.db.write(move |conn| {
        if jobs::open_of(conn, Kind::Preview, person)? >= MOST_OPEN {
            return Ok(None);
        }
        jobs::add(conn, (id, Kind::Preview), Some(person), &request, now)?;
        jobs::find(conn, id)
    });
    let job = added.await?.ok_or(Error::Throttled(LATER))?;
    app.work_asked.notify_one();
    shown(job)
}

fn check(model: &Value) -> Result<(), Error> {
    let faults = match read_model(model) {
        Ok(_) => return Ok(()),
        Err(faults) => faults,
    };
    let each = faults.into_iter().map(|(at, what)| Fault {
        pointer: Pointer::from(format!("/model{}", at.as_str()).as_str()),
        code: FaultCode::BadFormat,
        args: vec![format!("{}; {}", what.fault, what.mend)],
    });
    Err(Error::Faults(each.collect()))
}

/// A preview that the actor asked for.
///
/// # Errors
/// [`Error::NotFound`] for one of somebody else.
pub async fn preview(app: &App, actor: &Actor, id: Uuid) -> Result<Preview, Error> {
    let job = app.db.read(move |conn| jobs::find(conn, id)).await?;
    let own = job.filter(|job| job.kind == Kind::Preview && job.requested_by == Some(actor.id));
    shown(own.ok_or(Error::NotFound)?)
}

fn shown(job: Job) -> Result<Preview, Error> {
    let result = match (&job.state, &job.result) {
        (State::Done, Some(text)) => {
            Some(serde_json::from_str(text).map_err(|e| Error::Internal(e.to_string()))?)
        }
        _ => None,
    };
    Ok(Preview {
        id: job.id,
        state: job.state.as_str(),
        done: job.done,
        total: job.total,
        created_at: job.created_at,
        finished_at: job.finished_at,
        result,
    })
}

/// Works a preview out; what came out is JSON.
///
/// # Errors
/// When the request cannot be read any more, or the database fails.
pub async fn run_preview(
    app: &App,
    request: &str,
    progress: Progress,
    now: Instant,
) -> Result<String, Error> {
    let unreadable = |what: &str| Error::Internal(format!("the request of a preview: {what}"));
    let request: Value = serde_json::from_str(request).map_err(|e| unreadable(&e.to_string()))?;
    let digest = canonical::digest(&canonical::canonical(&request["model"]));
    let document = read_model(&request["model"]).map_err(|_| unreadable("its model"))?;
    let model = Model::new(document, &digest).map_err(|e| unreadable(&e.to_string()))?;
    let codes = request["territories"].as_array().into_iter().flatten();
    let territories = codes.filter_map(|code| code.as_str()?.parse().ok()).collect();
    let scope = Scope::Only(territories);
    let comparison = compare(app, Arc::new(model), &scope, progress, now).await?;
    serde_json::to_string(&comparison).map_err(|e| Error::Internal(e.to_string()))
}
