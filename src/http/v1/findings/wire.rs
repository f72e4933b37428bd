//! What findings look like on the wire.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;
use vigila_core::documents::checklist::Bilingual;
use vigila_core::documents::finding::{FindingState, Severity};
use vigila_core::documents::{FaultCode, Faults, Pointer};
use vigila_core::domain::{Day, InspectionId, Username, parse_day};
use vigila_core::findings::Visit;

use crate::app::findings::{FindingMove, FindingRow, FindingView, MovedPhoto, Wish};
use crate::http::paging::Links;
use crate::http::problem::{Code, Problem};
use crate::http::v1::wire::{FacilityBrief, not_null};

/// Something that a visit holds against a centre.
#[derive(Serialize, ToSchema)]
pub struct Finding {
    /// Its id.
    id: Uuid,
    /// The centre.
    facility: FacilityBrief,
    /// The code of the checklist.
    checklist: String,
    /// The item that failed.
    item: String,
    /// What the item asks.
    question: Option<Bilingual>,
    /// How grave it is.
    severity: Severity,
    /// Where the office's dealing with it stands.
    state: FindingState,
    /// The visit that opened it.
    opened_by: Uuid,
    /// When that visit was received.
    #[schema(format = DateTime)]
    opened_at: String,
    /// The day by which it is to be mended.
    #[schema(format = Date)]
    due_on: String,
    /// Whether that day is past, and no visit found the item in order.
    overdue: bool,
    /// How many visits failed the item again.
    #[schema(minimum = 0)]
    repeats: u32,
    /// The latest visit that failed it.
    last_failed: VisitNamed,
    /// The later visit that found the item in order, which proposes the closing.
    closing_proposed: Option<VisitNamed>,
    /// When it was verified, closed or voided by the office.
    #[schema(format = DateTime)]
    settled_at: Option<String>,
    /// Whether it is void because a correction took away what it rested on.
    withdrawn: bool,
}

/// A visit.
#[derive(Serialize, ToSchema)]
pub struct VisitNamed {
    /// The inspection.
    inspection_id: Uuid,
    /// When it ended.
    #[schema(format = DateTime)]
    ended_at: String,
}

impl From<Visit> for VisitNamed {
    fn from(visit: Visit) -> Self {
        Self { inspection_id: visit.id.0, ended_at: visit.ended_at.to_string() }
    }
}

/// A page of findings.
#[derive(Serialize, ToSchema)]
pub struct FindingList {
    /// The findings.
    pub items: Vec<Finding>,
    /// Other pages.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// Which findings are asked for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "described by utoipa, read by `Query`")]
pub struct FindingParams {
    /// In this state.
    #[param(inline)]
    state: Option<FindingState>,
    /// Of this severity.
    #[param(inline)]
    severity: Option<Severity>,
    /// Past their day, or not.
    overdue: Option<bool>,
    /// With a closing that a visit proposes, or without.
    closing_proposed: Option<bool>,
    /// Of this centre, by id or code.
    facility: Option<String>,
    /// Of this province.
    territory: Option<String>,
    /// Of this checklist, by code.
    checklist: Option<String>,
    /// Most rows of the page.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i32>,
    /// Where the page begins: from the last page's `next`.
    cursor: Option<String>,
}

/// A finding with its course.
#[derive(Serialize, ToSchema)]
pub struct FindingShown {
    #[serde(flatten)]
    finding: Finding,
    /// Its moves, from the first.
    moves: Vec<FindingMoved>,
}

/// A move of a finding.
#[derive(Serialize, ToSchema)]
pub struct FindingMoved {
    /// Its id.
    id: Uuid,
    /// When.
    #[schema(format = DateTime)]
    at: String,
    /// The person; null where a correction moved it.
    by: Option<Uuid>,
    /// The name that the person signs in with.
    by_name: Option<String>,
    /// From where.
    from: FindingState,
    /// To where.
    to: FindingState,
    /// What is to be known of it.
    note: Option<String>,
    /// The deadline that it gave.
    #[schema(format = Date)]
    due_on: Option<String>,
    /// The photos that it rests on.
    photos: Vec<PhotoNamed>,
    /// The correction that moved it.
    inspection_id: Option<Uuid>,
}

/// A photo of a visit.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhotoNamed {
    /// The inspection that lists it.
    inspection_id: Uuid,
    /// The SHA-256 of its bytes.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    sha256: String,
}

/// A move to make.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "prescribed", "note": "Nota prot. 1234", "due_on": "2030-03-15"}))]
pub struct MoveToMake {
    /// Where to.
    to: FindingState,
    /// What is to be known of it, without names of guests; why, for `void`.
    #[serde(default, deserialize_with = "not_null")]
    #[validate(length(min = 1, max = 2000))]
    #[schema(nullable = false, min_length = 1, max_length = 2000)]
    note: Option<String>,
    /// The day by which it is to be mended, today or later; for `prescribed` alone.
    #[serde(default, deserialize_with = "not_null")]
    #[schema(nullable = false, format = Date)]
    due_on: Option<String>,
    /// The photos that it rests on: of visits to the centre.
    #[serde(default)]
    #[validate(length(max = 40))]
    #[schema(max_items = 40)]
    photos: Vec<PhotoNamed>,
}

impl MoveToMake {
    /// In the words of the app.
    pub fn wish(self) -> Result<Wish, Problem> {
        let mut faults = Faults::default();
        let root = Pointer::root();
        let due_on = self.due_on.as_deref().and_then(|text| {
            let day = parse_day(text);
            if day.is_none() {
                faults.add(&root.key("due_on"), FaultCode::NotADay);
            }
            day
        });
        let mut photos = Vec::new();
        for (index, photo) in self.photos.iter().enumerate() {
            match photo.sha256.parse() {
                Ok(sha256) => {
                    photos
                        .push(MovedPhoto { inspection: InspectionId(photo.inspection_id), sha256 });
                }
                Err(_) => {
                    let at = root.key("photos").index(index).key("sha256");
                    faults.add(&at, FaultCode::NotASha256);
                }
            }
        }
        let none = faults.none();
        none.map_err(|faults| Problem { faults, ..Problem::new(Code::Faulty) })?;
        Ok(Wish { to: self.to, note: self.note, due_on, photos })
    }
}

/// A finding on the wire.
pub fn row(row: &FindingRow, question: Option<&Bilingual>, today: Day) -> Finding {
    let (finding, entry) = (&row.finding, &row.finding.entry);
    let named = (finding.facility, &row.facility.code);
    let passed = entry.basis.passed_by.filter(|_| finding.is_live());
    Finding {
        id: entry.id,
        facility: FacilityBrief::new(
            named,
            &row.facility.name,
            row.facility.kind,
            finding.territory,
        ),
        checklist: finding.checklist_code.clone(),
        item: entry.item.clone(),
        question: question.cloned(),
        severity: entry.basis.severity,
        state: finding.state,
        opened_by: entry.basis.opened_by.0,
        opened_at: entry.basis.opened_at.to_string(),
        due_on: finding.due_on().to_string(),
        overdue: finding.is_overdue(today),
        repeats: entry.basis.failures.saturating_sub(1),
        last_failed: entry.basis.failed_by.into(),
        closing_proposed: passed.map(Into::into),
        settled_at: entry.settled_at.map(|at| at.to_string()),
        withdrawn: entry.withdrawn,
    }
}

impl FindingShown {
    /// On the wire.
    pub fn of(view: &FindingView) -> Self {
        Self {
            finding: row(&view.row, view.question.as_ref(), view.today),
            moves: view.moves.iter().map(FindingMoved::of).collect(),
        }
    }
}

impl FindingMoved {
    fn of((made, by): &(FindingMove, Option<Username>)) -> Self {
        let photos = made.photos.iter();
        Self {
            id: made.id,
            at: made.at.to_string(),
            by: made.by.map(|id| id.0),
            by_name: by.as_ref().map(|name| name.as_str().to_owned()),
            from: made.from,
            to: made.to,
            note: made.note.clone(),
            due_on: made.due_on.map(|day| day.to_string()),
            photos: photos
                .map(|photo| PhotoNamed {
                    inspection_id: photo.inspection.0,
                    sha256: photo.sha256.to_string(),
                })
                .collect(),
            inspection_id: made.inspection.map(|id| id.0),
        }
    }
}
