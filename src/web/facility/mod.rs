//! The scorecard of a centre: what is wrong now, where its points went, how it got here.

mod card;
mod chart;
mod findings;
mod level;
mod scale;
mod visits;

use std::collections::HashSet;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use vigila_core::domain::{FacilityRef, InspectionId, Instant, Role};

use super::error::PageError;
use super::explained;
use super::format::{self, Moment};
use super::frame::{self, Frame};
use super::indicators::{self, Indicators};
use super::instruments::Instruments;
use super::language::Asked;
use super::parts::{Badge, Meter};
use super::visitor::Reader;
use crate::app::explanations::{Explained, explained_score};
use crate::app::inspections::{InspectionRow, list_inspections};
use crate::app::scorecards::{FacilityScorecard, Scorecard, facility_scorecard};
use crate::app::trends::{Measure, Question, Trend, facility_trends};
use crate::app::{Actor, App, Error};
use crate::clock;
use crate::messages::{Lang, explanations, fill, pages, trends, words};

/// Most visits that are listed.
const VISITS: usize = 100;

#[derive(Template)]
#[template(path = "facility.html")]
struct FacilityPage {
    frame: Frame,
    t: &'static pages::Facility,
    head: Head,
    state: Option<StatePart>,
    critical: Vec<card::CriticalRow>,
    e: &'static explanations::Explained,
    why: Option<explained::Why>,
    /// Whether the band is not that of the visit behind the scorecard.
    from_base: bool,
    dimensions: Vec<card::DimensionRow>,
    costliest: Vec<card::CostRow>,
    checklists: Vec<card::ChecklistRow>,
    indicators: Option<Indicators>,
    warnings: Vec<String>,
    chart: Option<chart::Chart>,
    d: &'static trends::Trend,
    trend_lead: String,
    findings: findings::Findings,
    visits: visits::Visits,
}

/// Which centre it is.
struct Head {
    territory: (&'static str, &'static str),
    name: String,
    code: String,
    kind: &'static str,
    municipality: String,
    managing_body: Option<String>,
    places: Option<i32>,
    inactive: bool,
    as_of: String,
    badge: Badge,
}

/// How it stands, once it was visited.
struct StatePart {
    /// The band that points alone give, where another counts.
    by_points: Option<Badge>,
    overall: Option<Meter>,
    coverage: Option<String>,
    /// The visit behind the score, and its address where this person may see it.
    base: Moment,
    base_address: Option<String>,
    base_kind: &'static str,
    checklist: String,
    last_visit: Option<Moment>,
    stale: Option<String>,
    critical: usize,
    owed: i64,
}

/// What the parts of the page are made of.
struct Subject<'a> {
    app: &'a App,
    lang: Lang,
    t: &'static pages::Facility,
    card: &'a Scorecard,
    shown: &'a FacilityScorecard,
    instruments: &'a Instruments,
    rows: &'a [InspectionRow],
    /// The score of the visit behind the scorecard; none where it may not be opened.
    explained: Option<&'a Explained>,
    found: &'a findings::Found,
    /// The visits that a monitor may open; none where all may be opened.
    visible: Option<HashSet<InspectionId>>,
}

impl Subject<'_> {
    /// The address of a visit, where this person may open it.
    fn address_of(&self, id: InspectionId) -> Option<String> {
        let opens = self.visible.as_ref().is_none_or(|visible| visible.contains(&id));
        opens.then(|| format!("/inspections/{id}"))
    }

    fn moment(&self, at: vigila_core::domain::Instant) -> Moment {
        format::moment(at, self.app.zone, self.lang)
    }
}

/// A centre.
pub async fn show_facility(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    code: Path<String>,
) -> Result<HttpResponse, PageError> {
    let which: FacilityRef = code.parse().map_err(|_| PageError::NotFound)?;
    let actor = &who.0;
    let now = clock::now();
    let shown = facility_scorecard(&app, actor, which.clone(), now).await?;
    let listed =
        list_inspections(&app, actor, Default::default(), Some(which.clone()), (None, VISITS), now);
    let listed = listed.await?;
    let found = findings::Found::load(&app, actor, &which, now.day(app.zone)).await?;
    let question = Question {
        facility: which,
        measure: Measure::Overall,
        checklist: None,
        from: None,
        to: None,
    };
    let trend = facility_trends(&app, actor, question, now).await?;
    let of_card = shown.checklists.iter().map(|part| part.checklist.clone());
    let of_critical = shown.card.critical_now.iter().map(|item| item.checklist.clone());
    let instruments = Instruments::load(&app, asked.lang, of_card.chain(of_critical)).await?;
    let explained = match shown.main() {
        Some(main) => base_score(&app, actor, main.inspection, now).await?,
        None => None,
    };
    let is_monitor = actor.role == Role::Monitor;
    let subject = Subject {
        app: &app,
        lang: asked.lang,
        t: pages::Facility::of(asked.lang),
        card: &shown.card,
        shown: &shown,
        instruments: &instruments,
        rows: &listed.items,
        explained: explained.as_ref(),
        found: &found,
        visible: is_monitor.then(|| listed.items.iter().map(|row| row.id).collect()),
    };
    frame::page(StatusCode::OK, &page_of(&subject, actor, &asked, &trend, listed.more))
}

fn page_of(
    subject: &Subject<'_>,
    actor: &Actor,
    asked: &Asked,
    trend: &Trend,
    more: bool,
) -> FacilityPage {
    let Subject { card, t, .. } = subject;
    let title = format!("{} ({})", card.facility.name, card.facility.code);
    let main = subject.shown.main().map(|main| subject.instruments.title(&main.checklist));
    let indicators = indicators(subject);
    FacilityPage {
        frame: Frame::new(asked, Some(actor), title),
        t,
        head: head(subject),
        state: state(subject),
        critical: card::critical(subject),
        e: explanations::Explained::of(asked.lang),
        why: why(subject),
        from_base: subject.shown.main().is_some_and(|main| main.score.band != card.band),
        dimensions: card::dimensions(subject),
        costliest: card::costliest(subject),
        checklists: card::checklists(subject),
        warnings: indicators.as_ref().map(Indicators::warnings).unwrap_or_default(),
        indicators,
        d: trends::Trend::of(asked.lang),
        chart: chart::Chart::of(subject, trend),
        trend_lead: fill(t.trend_lead, &[main.unwrap_or_default()]),
        findings: findings::Findings::of(subject, subject.found),
        visits: visits::Visits::of(subject, more),
    }
}

/// The score of the visit behind the scorecard, where this person may open that visit.
async fn base_score(
    app: &App,
    actor: &Actor,
    id: InspectionId,
    now: Instant,
) -> Result<Option<Explained>, Error> {
    match explained_score(app, actor, id, now).await {
        Ok(explained) => Ok(Some(explained)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn why(subject: &Subject<'_>) -> Option<explained::Why> {
    let main = subject.shown.main()?;
    let ground = explained::Ground {
        lang: subject.lang,
        explained: subject.explained?,
        instruments: subject.instruments,
        checklist: &main.checklist,
        visit: format!("/inspections/{}", main.inspection),
    };
    Some(explained::why(&ground))
}

/// Those of the visit behind the scorecard.
fn indicators(subject: &Subject<'_>) -> Option<Indicators> {
    let main = subject.shown.main()?;
    let source = indicators::Source {
        library: &subject.app.library,
        lang: subject.lang,
        instruments: subject.instruments,
        checklist: &main.checklist,
        visit: subject.address_of(main.inspection),
    };
    Indicators::of(&source, &subject.card.found.indicators)
}

fn head(subject: &Subject<'_>) -> Head {
    let Subject { card, lang, .. } = subject;
    let facility = &card.facility;
    let body = facility.managing_body.as_ref().and_then(|body| body.name.clone());
    Head {
        territory: (facility.territory.code(), facility.territory.name()),
        name: facility.name.clone(),
        code: facility.code.to_string(),
        kind: words::facility_kind(facility.kind, *lang),
        municipality: facility.municipality.clone(),
        managing_body: body,
        places: facility.authorised_places,
        inactive: !facility.active,
        as_of: fill(subject.t.state, &[subject.moment(card.as_of).day]),
        badge: Badge::large(card.band, *lang),
    }
}

fn state(subject: &Subject<'_>) -> Option<StatePart> {
    let Subject { card, lang, .. } = subject;
    let main = subject.shown.main()?;
    let by_points = main.score.band_by_points;
    let days = subject.app.library.model(card.as_of).document.stale_after_days;
    Some(StatePart {
        by_points: (by_points != card.band).then(|| Badge::small(by_points, *lang)),
        overall: card.overall.map(|overall| Meter::new(overall, *lang)),
        coverage: card.coverage.map(|coverage| format::share(coverage, *lang)),
        base: subject.moment(main.ended_at),
        base_address: subject.address_of(main.inspection),
        base_kind: words::visit_kind(main.kind, *lang),
        checklist: subject.instruments.title(&main.checklist),
        last_visit: card.last_visit.map(|at| subject.moment(at)),
        stale: card.stale.then(|| fill(subject.t.stale, &[days.to_string()])),
        critical: card.critical_now.len(),
        owed: card.photos_owed,
    })
}
