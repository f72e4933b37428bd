//! The centres of a territory, the most urgent first.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use vigila_core::documents::score::Band;
use vigila_core::domain::{FacilityKind, Territory};
use vigila_core::scoring::Model;

use super::error::PageError;
use super::format::{self, Moment};
use super::frame::{self, Frame};
use super::language::Asked;
use super::parts::{Badge, Meter};
use super::visitor::Reader;
use crate::app::findings::{Counts, count_findings};
use crate::app::scorecards::{Scorecard, territory_scorecards};
use crate::app::{Actor, App};
use crate::clock;
use crate::messages::{Lang, fill, findings, pages, visits, words};

#[derive(Template)]
#[template(path = "territory.html")]
struct TerritoryPage {
    frame: Frame,
    t: &'static pages::Territory,
    next_address: String,
    next_words: &'static str,
    findings_address: String,
    findings_words: String,
    findings_overdue: i64,
    findings_figure: &'static str,
    findings_of: String,
    centres: String,
    critical: usize,
    unseen: usize,
    unseen_words: String,
    owed: i64,
    bands: Vec<(Badge, usize)>,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    filtered: bool,
}

/// A kind to filter by.
struct Chip {
    address: String,
    word: &'static str,
    count: usize,
    current: bool,
}

/// A centre.
struct Row {
    badge: Badge,
    code: String,
    name: String,
    kind: &'static str,
    municipality: String,
    meter: Option<Meter>,
    stale: Option<String>,
    coverage: Option<String>,
    last_visit: Option<Moment>,
    critical: usize,
    owed: i64,
}

/// The centres of a territory.
pub async fn show_territory(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    code: Path<String>,
) -> Result<HttpResponse, PageError> {
    let territory: Territory = code.parse().map_err(|_| PageError::NotFound)?;
    let kind = match asked.parameter("kind").filter(|kind| !kind.is_empty()) {
        None => None,
        Some(kind) => Some(kind.parse().map_err(|_| PageError::NotFound)?),
    };
    // The list of kinds to choose from counts them all, so all are drawn.
    let now = clock::now();
    let cards = territory_scorecards(&app, &who.0, territory, None, now).await?;
    let model = app.library.model(now);
    let counts = count_findings(&app, &who.0, territory, now.day(app.zone)).await?;
    let page = page_of(&app, model, (&who.0, &asked), (territory, kind), (&cards, counts));
    frame::page(StatusCode::OK, &page)
}

fn page_of(
    app: &App,
    model: &Model,
    (actor, asked): (&Actor, &Asked),
    (territory, kind): (Territory, Option<FacilityKind>),
    (cards, counts): (&[Scorecard], Counts),
) -> TerritoryPage {
    let lang = asked.lang;
    let (t, f) = (pages::Territory::of(lang), findings::Findings::of(lang));
    let count = |count: i64| count.to_string();
    let days = model.document.stale_after_days.to_string();
    let is_shown = |card: &&Scorecard| kind.is_none_or(|kind| card.facility.kind == kind);
    let shown: Vec<&Scorecard> = cards.iter().filter(is_shown).collect();
    let title = fill(t.title, &[territory.name().to_owned()]);
    let unseen = |card: &&&Scorecard| card.stale || card.last_visit.is_none();
    let row = |card: &&Scorecard| row(app, lang, t, &days, card);
    TerritoryPage {
        frame: Frame::new(asked, Some(actor), title),
        t,
        next_address: format!("/territories/{}/next-visits", territory.code()),
        next_words: visits::NextVisits::of(lang).link,
        findings_address: format!("/territories/{}/findings", territory.code()),
        findings_words: fill(
            f.counts,
            &[counts.overdue, counts.closing_proposed, counts.live].map(count),
        ),
        findings_overdue: counts.overdue,
        findings_figure: f.figure,
        findings_of: fill(f.figure_of, &[count(counts.live)]),
        centres: match shown.len() {
            1 => t.centres_one.to_owned(),
            count => fill(t.centres, &[count.to_string()]),
        },
        critical: shown.iter().filter(|card| !card.critical_now.is_empty()).count(),
        unseen: shown.iter().filter(unseen).count(),
        unseen_words: fill(t.unseen, std::slice::from_ref(&days)),
        owed: shown.iter().map(|card| card.photos_owed).sum(),
        bands: bands(&shown, lang),
        chips: chips(cards, territory, kind, lang),
        rows: shown.iter().map(row).collect(),
        filtered: kind.is_some(),
    }
}

fn bands(shown: &[&Scorecard], lang: Lang) -> Vec<(Badge, usize)> {
    let counted = Band::ALL.into_iter().map(|band| {
        let count = shown.iter().filter(|card| card.band == band).count();
        (Badge::small(band, lang), count)
    });
    counted.filter(|(_, count)| *count > 0).collect()
}

/// The kinds that there are, to choose from; none where there is no choice.
fn chips(
    cards: &[Scorecard],
    territory: Territory,
    chosen: Option<FacilityKind>,
    lang: Lang,
) -> Vec<Chip> {
    let address = format!("/territories/{}", territory.code());
    let of_kind = FacilityKind::ALL.iter().map(|kind| Chip {
        address: format!("{address}?kind={kind}"),
        word: words::facility_kind(*kind, lang),
        count: cards.iter().filter(|card| card.facility.kind == *kind).count(),
        current: chosen == Some(*kind),
    });
    let present: Vec<Chip> = of_kind.filter(|chip| chip.count > 0 || chip.current).collect();
    if present.len() < 2 && chosen.is_none() {
        return Vec::new();
    }
    let all = Chip {
        address,
        word: pages::Territory::of(lang).all_kinds,
        count: cards.len(),
        current: chosen.is_none(),
    };
    std::iter::once(all).chain(present).collect()
}

fn row(app: &App, lang: Lang, t: &pages::Territory, days: &str, card: &Scorecard) -> Row {
    Row {
        badge: Badge::small(card.band, lang),
        code: card.facility.code.to_string(),
        name: card.facility.name.clone(),
        kind: words::facility_kind(card.facility.kind, lang),
        municipality: card.facility.municipality.clone(),
        meter: card.overall.map(|overall| Meter::new(overall, lang)),
        stale: card.stale.then(|| fill(t.stale, &[days.to_owned()])),
        coverage: card.coverage.map(|coverage| format::share(coverage, lang)),
        last_visit: card.last_visit.map(|at| format::moment(at, app.zone, lang)),
        critical: card.critical_now.len(),
        owed: card.photos_owed,
    }
}
