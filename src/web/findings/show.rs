//! The page of a finding: what it is, its visits, its course, and what may come next.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;
use vigila_core::documents::finding::FindingState;
use vigila_core::domain::{InspectionId, Instant, Username};
use vigila_core::findings::may_move;

use super::moving::{Entered, Troubles};
use super::photos::{self, Offered, Shown, Visits};
use super::{DueDay, Ground, Line};
use crate::app::findings::{FindingMove, FindingView, Questions, finding};
use crate::app::{Actor, App};
use crate::clock;
use crate::messages::findings::{Course, Findings as Texts};
use crate::messages::{Lang, fill, findings as words};
use crate::web::error::PageError;
use crate::web::format::{self, Moment};
use crate::web::frame::{self, Frame};
use crate::web::language::Asked;
use crate::web::visitor::Reader;

#[derive(Template)]
#[template(path = "finding.html")]
struct FindingPage {
    frame: Frame,
    f: &'static Texts,
    c: &'static Course,
    territory: (&'static str, &'static str),
    centre: (String, String),
    checklist: String,
    line: Line,
    repeats: String,
    settled: Option<Moment>,
    withdrawn: bool,
    visits: Vec<Said>,
    opened: String,
    course: Vec<Step>,
    form: Option<MoveForm>,
}

/// What a visit said of the finding.
struct Said {
    labels: Vec<&'static str>,
    words: String,
    address: Option<String>,
}

/// A move that was made.
struct Step {
    state: &'static str,
    was: String,
    said: String,
    note: Option<String>,
    due: Option<String>,
    photos: Vec<Shown>,
    correction: Option<String>,
}

/// The move that may come next.
struct MoveForm {
    moves: Vec<Choice>,
    /// Whether prescribing is among them: only that gives a deadline.
    prescribes: bool,
    seen: usize,
    entered: Entered,
    troubles: Troubles,
    due_help: String,
    today: String,
    at_item: Vec<Offered>,
    others: Vec<Offered>,
    others_words: String,
    others_open: bool,
}

struct Choice {
    value: &'static str,
    verb: &'static str,
    meaning: &'static str,
    chosen: bool,
}

/// What the parts of the page are made of.
pub struct Subject<'a> {
    pub app: &'a App,
    pub lang: Lang,
    pub c: &'static Course,
    pub view: &'a FindingView,
    pub visits: &'a Visits,
}

/// A finding.
pub async fn show_finding(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    let id: Uuid = id.parse().map_err(|_| PageError::NotFound)?;
    let view = finding(&app, &who.0, id, clock::now()).await?;
    page(&app, &who.0, &asked, &view, Entered::default(), (StatusCode::OK, Troubles::default()))
        .await
}

/// The page, with what was entered and why that was refused.
pub async fn page(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    view: &FindingView,
    entered: Entered,
    (status, troubles): (StatusCode, Troubles),
) -> Result<HttpResponse, PageError> {
    let (lang, c) = (asked.lang, Course::of(asked.lang));
    let visits = Visits::load(app, actor, view).await?;
    let questions = Questions::load(app).await?;
    let subject = Subject { app, lang, c, view, visits: &visits };
    let ground = Ground { app, lang, questions: &questions, today: view.today };
    let address = |id| visits.get(id).map(|_| format!("/inspections/{id}"));
    let line = ground.line(&view.row, address);
    let error = if troubles.any() { format!("{} ", c.error) } else { String::new() };
    let title = format!("{error}{} · {}", line.question, view.row.facility.name);
    let form = actor.role.moves_findings().then(|| form(&subject, entered, troubles));
    let (finding, basis) = (&view.row.finding, &view.row.finding.entry.basis);
    let opened = format::moment(basis.opened_at, app.zone, lang);
    let page = FindingPage {
        frame: Frame::new(asked, Some(actor), title),
        f: Texts::of(lang),
        c,
        territory: (finding.territory.code(), finding.territory.name()),
        centre: (view.row.facility.code.to_string(), view.row.facility.name.clone()),
        checklist: finding.checklist_code.clone(),
        repeats: fill(c.repeats_of, &[line.repeats, basis.failures].map(|count| count.to_string())),
        line,
        settled: finding.entry.settled_at.map(|at| format::moment(at, app.zone, lang)),
        withdrawn: finding.entry.withdrawn,
        visits: said(&subject),
        opened: fill(c.opened, &[opened.day, opened.time]),
        course: view.moves.iter().map(|made| step(&subject, made)).collect(),
        form: form.transpose()?.flatten(),
    };
    frame::page(status, &page)
}

/// The moves that are possible from where it stands.
pub fn possible(view: &FindingView) -> Vec<FindingState> {
    let finding = &view.row.finding;
    if finding.entry.withdrawn {
        return Vec::new();
    }
    let proposed = finding.is_live() && finding.entry.basis.passed_by.is_some();
    let to = FindingState::ALL.into_iter();
    to.filter(|to| may_move(finding.state, *to, proposed)).collect()
}

/// The visits that the finding names; one that plays two parts stands once.
fn said(subject: &Subject<'_>) -> Vec<Said> {
    let (c, basis) = (subject.c, &subject.view.row.finding.entry.basis);
    let opened = (basis.opened_by, None, c.opened_by);
    let failed = (basis.failed_by.id, Some(basis.failed_by.ended_at), c.failed_by);
    let passed = basis.passed_by.map(|visit| (visit.id, Some(visit.ended_at), c.passed_by));
    let mut parts: Vec<(InspectionId, Option<Instant>, Vec<&'static str>)> = Vec::new();
    for (id, ended_at, label) in [opened, failed].into_iter().chain(passed) {
        match parts.iter_mut().find(|part| part.0 == id) {
            Some(part) => {
                part.1 = part.1.or(ended_at);
                part.2.push(label);
            }
            None => parts.push((id, ended_at, vec![label])),
        }
    }
    let item = &subject.view.row.finding.entry.item;
    let each = parts.into_iter().map(|(id, ended_at, labels)| {
        let visit = subject.visits.get(id);
        let ended_at = ended_at.or_else(|| visit.map(|visit| visit.stored.ended_at));
        let day = ended_at.map(|at| format::moment(at, subject.app.zone, subject.lang).day);
        Said {
            labels,
            words: day.map_or_else(|| c.visit_hidden.to_owned(), |day| fill(c.visit_of, &[day])),
            address: visit.map(|_| format!("/inspections/{id}#{item}")),
        }
    });
    each.collect()
}

fn step(subject: &Subject<'_>, (made, by): &(FindingMove, Option<Username>)) -> Step {
    let (c, lang) = (subject.c, subject.lang);
    let at = format::moment(made.at, subject.app.zone, lang);
    let said = match by {
        Some(name) => fill(c.moved_by, &[name.as_str().to_owned(), at.day, at.time]),
        None => fill(c.moved_by_system, &[at.day, at.time]),
    };
    Step {
        state: words::state(made.to, lang),
        was: fill(c.was, &[words::state(made.from, lang).to_lowercase()]),
        said,
        note: made.note.clone(),
        due: made.due_on.map(|day| fill(c.given, &[format::day(day, lang)])),
        photos: made.photos.iter().map(|photo| photos::shown(subject, photo)).collect(),
        correction: made.inspection.map(|id| format!("/inspections/{id}")),
    }
}

/// None where nothing is left to do.
fn form(
    subject: &Subject<'_>,
    entered: Entered,
    troubles: Troubles,
) -> Result<Option<MoveForm>, PageError> {
    let (c, lang, view) = (subject.c, subject.lang, subject.view);
    let moves = possible(view).into_iter().map(|to| Choice {
        value: to.as_str(),
        verb: words::move_to(to, lang),
        meaning: words::meaning(to, lang),
        chosen: entered.to == to.as_str(),
    });
    let moves: Vec<Choice> = moves.collect();
    // What was refused because it came too late is told even where nothing may follow.
    if moves.is_empty() && !troubles.any() {
        return Ok(None);
    }
    let (at_item, others) = photos::offered(subject, &entered.photos)?;
    let due = DueDay::new(view.row.finding.due_on(), lang).day;
    Ok(Some(MoveForm {
        prescribes: moves.iter().any(|one| one.value == FindingState::Prescribed.as_str()),
        moves,
        seen: view.moves.len(),
        due_help: fill(c.due_help, &[due]),
        today: view.today.to_string(),
        others_words: fill(c.photos_other, &[others.len().to_string()]),
        others_open: others.iter().any(|photo| photo.chosen),
        at_item,
        others,
        entered,
        troubles,
    }))
}
