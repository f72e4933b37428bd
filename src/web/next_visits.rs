//! Where to go next: the centres of a territory in the order of the office's plan, each with
//! its reasons and what they give.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use vigila_core::documents::planning::ReasonCode;
use vigila_core::domain::Territory;
use vigila_core::scoring::Reason;

use super::error::PageError;
use super::format::{self, Moment};
use super::frame::{self, Frame};
use super::language::Asked;
use super::visitor::Reader;
use crate::app::App;
use crate::app::next_visits::{NextVisit, next_visits};
use crate::clock;
use crate::messages::visits::NextVisits as Texts;
use crate::messages::{Lang, fill, words};

/// Centres that are shown at once; the rest can be opened.
const FIRST: usize = 10;

#[derive(Template)]
#[template(path = "next_visits.html")]
struct NextVisitsPage {
    frame: Frame,
    t: &'static Texts,
    territory: (&'static str, &'static str),
    lead: String,
    first_caption: String,
    first: Vec<Row>,
    rest: Vec<Row>,
    rest_words: String,
}

/// A centre.
struct Row {
    place: usize,
    code: String,
    name: String,
    kind: &'static str,
    municipality: String,
    points: String,
    reasons: Vec<Given>,
    last_visit: Option<Moment>,
}

/// A reason with its points.
struct Given {
    text: String,
    points: String,
}

/// The next visits of a territory.
pub async fn show_next_visits(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    code: Path<String>,
) -> Result<HttpResponse, PageError> {
    let territory: Territory = code.parse().map_err(|_| PageError::NotFound)?;
    let now = clock::now();
    let visits = next_visits(&app, &who.0, territory, now, now).await?;
    let (lang, t) = (asked.lang, Texts::of(asked.lang));
    let each = visits.iter().enumerate().map(|(index, visit)| row(&app, lang, t, index + 1, visit));
    let mut first: Vec<Row> = each.collect();
    let rest = first.split_off(first.len().min(FIRST));
    let plan = &app.library.plan().document.planning;
    let title = fill(t.title, &[territory.name().to_owned()]);
    let page = NextVisitsPage {
        frame: Frame::new(&asked, Some(&who.0), title),
        t,
        territory: (territory.code(), territory.name()),
        lead: fill(t.lead, &[format!("{} {}", plan.code, plan.version)]),
        first_caption: fill(t.caption, &[first.len().to_string()]),
        rest_words: fill(t.rest, &[rest.len().to_string()]),
        first,
        rest,
    };
    frame::page(StatusCode::OK, &page)
}

fn row(app: &App, lang: Lang, t: &'static Texts, place: usize, visit: &NextVisit) -> Row {
    let facility = &visit.facility;
    let reasons = visit.priority.reasons.iter().map(|reason| Given {
        text: words_of(t, reason, lang),
        points: fill(t.gives, &[format::score(reason.points, lang)]),
    });
    Row {
        place,
        code: facility.code.to_string(),
        name: facility.name.clone(),
        kind: words::facility_kind(facility.kind, lang),
        municipality: facility.municipality.clone(),
        points: format::score(visit.priority.total, lang),
        reasons: reasons.collect(),
        last_visit: visit.last_visit.map(|at| format::moment(at, app.zone, lang)),
    }
}

/// A reason with what was measured and what that was held against.
fn words_of(t: &'static Texts, reason: &Reason, lang: Lang) -> String {
    let template = match reason.code {
        ReasonCode::Overdue => t.overdue,
        ReasonCode::NeverInspected => t.never_inspected,
        ReasonCode::OpenCritical => t.open_critical,
        ReasonCode::Insufficient => t.insufficient,
        ReasonCode::NotEnoughData => t.not_enough_data,
        ReasonCode::Worsening => t.worsening,
        ReasonCode::LowCoverage => t.low_coverage,
        ReasonCode::WideUncertainty => t.wide_uncertainty,
        ReasonCode::ManyGuests => t.many_guests,
        ReasonCode::MinorsPresent => t.minors_present,
    };
    let told = [reason.value, reason.limit].map(|number| {
        let number = number.unwrap_or_default();
        match reason.code {
            ReasonCode::LowCoverage => format::share(number, lang),
            ReasonCode::Overdue => format::number(number.floor(), lang),
            _ => format::measure(number, false, lang),
        }
    });
    fill(template, &told)
}
