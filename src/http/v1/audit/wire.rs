//! What the audit trail looks like on the wire.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::app::audit::AuditRow;
use crate::http::paging::Links;

/// Which events are asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct AuditParams {
    /// What was done, such as `original_seen`.
    action: Option<String>,
    /// Who did it, by the person's id.
    actor: Option<Uuid>,
    /// To what, as the rows have it.
    subject: Option<String>,
    /// First day.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[param(format = Date)]
    to: Option<String>,
    /// Most rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i32>,
    /// Where the page begins: from the last page's `next`.
    cursor: Option<String>,
}

/// A page of the audit trail.
#[derive(Serialize, ToSchema)]
pub struct AuditList {
    /// The rows.
    pub items: Vec<AuditEntry>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Who did or saw what, and when.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01890a5d-ac96-774b-bcce-b302099a8057", "at": "2026-03-04T10:15:00.000Z",
    "actor": "01890a5d-ac96-774b-bcce-b302099a8058", "action": "original_seen",
    "subject": "01890a5d-ac96-774b-bcce-b302099a8059/00000000000000000000000000000000000000000000000000000000000000aa",
    "detail": {"reason": "ricorso"}, "position": 12,
    "hash": "0f2a000000000000000000000000000000000000000000000000000000000000"
}))]
pub struct AuditEntry {
    /// Its id.
    id: Uuid,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// Who, by the person's id; absent where an operator's command did it, or nobody who is
    /// known.
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<Uuid>,
    /// What.
    action: String,
    /// To what.
    subject: String,
    /// What else is known.
    #[schema(value_type = Object)]
    detail: Value,
    /// Its place in the chain, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    position: Option<i64>,
    /// The hash of its link.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    hash: Option<String>,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        let (position, hash) = row.link.unzip();
        let event = row.event;
        // What is no JSON was not written here: shown as it is, for whoever looks into it.
        let detail = serde_json::from_str(&event.detail).unwrap_or_else(|_| {
            Value::Object(Map::from_iter([("unreadable".into(), event.detail.into())]))
        });
        Self {
            id: event.id,
            at: event.at.to_string(),
            actor: event.actor.map(|actor| actor.0),
            action: event.action,
            subject: event.subject,
            detail,
            position,
            hash,
        }
    }
}
