//! The findings of a territory: filtered, a page at a time, or all that fit as a table.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use url::form_urlencoded;
use uuid::Uuid;
use vigila_core::documents::finding::{FindingState, Severity};
use vigila_core::domain::{Day, FacilityCode, FacilityRef, Role, Territory, parse_day};

use super::{Ground, Line};
use crate::app::App;
use crate::app::findings::{FindingFilter, FindingRow, Questions, list_findings};
use crate::messages::findings::Findings as Texts;
use crate::messages::{Lang, fill, findings as words};
use crate::web::error::PageError;
use crate::web::frame::{self, Frame};
use crate::web::instruments::text;
use crate::web::language::Asked;
use crate::web::visitor::Reader;
use crate::{clock, edge};

/// Findings of one page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "findings.html")]
struct FindingsPage {
    frame: Frame,
    f: &'static Texts,
    territory: (&'static str, &'static str),
    /// This list without its filter.
    own: String,
    /// The centre that the list is of, by code.
    centre: Option<String>,
    of_centre: String,
    fields: Vec<Field>,
    rows: Vec<Line>,
    caption: &'static str,
    empty: &'static str,
    /// The same rows as a table.
    table: String,
    next: Option<String>,
    /// Where this is a later page: the first.
    first: Option<String>,
}

/// A choice of the filter.
struct Field {
    name: &'static str,
    label: &'static str,
    options: Vec<Choice>,
}

struct Choice {
    value: &'static str,
    word: &'static str,
    chosen: bool,
}

/// What was asked for.
struct Wanted {
    territory: Territory,
    state: Option<String>,
    severity: Option<Severity>,
    only: Option<String>,
    facility: Option<FacilityCode>,
    filter: FindingFilter,
    after: Option<(Day, Uuid)>,
}

impl Wanted {
    fn read(asked: &Asked, code: &str, today: Day) -> Result<Self, PageError> {
        let given = |name: &str| asked.parameter(name).filter(|value| !value.is_empty());
        let gone = PageError::NotFound;
        let territory: Territory = code.parse().map_err(|_| gone)?;
        let mut filter = FindingFilter { territory: Some(territory), ..FindingFilter::default() };
        let state = given("state");
        match state.as_deref() {
            None => filter.live = Some(true),
            Some("all") => {}
            Some(state) => filter.state = Some(state.parse().map_err(|_| gone)?),
        }
        let severity = given("severity").map(|word| word.parse()).transpose();
        let severity: Option<Severity> = severity.map_err(|_| gone)?;
        filter.severity = severity;
        let only = given("only");
        match only.as_deref() {
            None => {}
            Some("overdue") => filter.overdue = Some((true, today)),
            Some("proposed") => filter.closing_proposed = Some(true),
            Some(_) => return Err(gone),
        }
        let facility = given("facility").map(|code| code.parse()).transpose().map_err(|_| gone)?;
        let after = given("after").map(|text| cursor(&text).ok_or(gone)).transpose()?;
        Ok(Self { territory, state, severity, only, facility, filter, after })
    }

    fn centre(&self) -> Option<FacilityRef> {
        self.facility.clone().map(FacilityRef::Code)
    }

    /// The address of these findings; `path` says in which form.
    fn address(&self, path: &str, after: Option<String>) -> String {
        let facility = self.facility.as_ref().map(ToString::to_string);
        let severity = self.severity.map(|severity| severity.as_str().to_owned());
        let each = [
            ("state", self.state.clone()),
            ("severity", severity),
            ("only", self.only.clone()),
            ("facility", facility),
            ("after", after),
        ];
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in each.iter().filter_map(|(name, v)| Some((name, v.as_ref()?))) {
            query.append_pair(name, value);
        }
        let query = query.finish();
        let path = format!("/territories/{}/{path}", self.territory.code());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

fn cursor(text: &str) -> Option<(Day, Uuid)> {
    let (day, id) = text.split_once('.')?;
    Some((parse_day(day)?, id.parse().ok()?))
}

/// The findings of a territory.
pub async fn show_findings(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    code: Path<String>,
) -> Result<HttpResponse, PageError> {
    let actor = &who.0;
    let today = clock::now().day(app.zone);
    let wanted = Wanted::read(&asked, &code, today)?;
    if !actor.scope.holds(wanted.territory) {
        return Err(PageError::NotFound);
    }
    let (filter, centre) = (wanted.filter.clone(), wanted.centre());
    let found = list_findings(&app, actor, filter, centre, (wanted.after, ROWS)).await?;
    let questions = Questions::load(&app).await?;
    let ground = Ground { app: &app, lang: asked.lang, questions: &questions, today };
    // A monitor sees some visits of others and not the rest; the page of a finding tells which.
    let opens = actor.role != Role::Monitor;
    let line = |row: &FindingRow| Line {
        centre: Some((row.facility.code.to_string(), row.facility.name.clone())),
        ..ground.line(row, |id| opens.then(|| format!("/inspections/{id}")))
    };
    let last = found.items.last().filter(|_| found.more).map(|row| &row.finding);
    let last = last.map(|finding| format!("{}.{}", finding.due_on(), finding.entry.id));
    let f = Texts::of(asked.lang);
    let centre = wanted.facility.as_ref().map(ToString::to_string);
    let page = FindingsPage {
        frame: Frame::new(
            &asked,
            Some(actor),
            fill(f.title_of, &[wanted.territory.name().to_owned()]),
        ),
        f,
        territory: (wanted.territory.code(), wanted.territory.name()),
        own: format!("/territories/{}/findings", wanted.territory.code()),
        of_centre: fill(f.of_centre, &[centre.clone().unwrap_or_default()]),
        centre,
        fields: fields(&wanted, asked.lang),
        rows: found.items.iter().map(line).collect(),
        caption: if wanted.state.is_none() { f.caption } else { f.caption_all },
        empty: f.none,
        table: wanted.address("findings.csv", None),
        next: last.map(|last| wanted.address("findings", Some(last))),
        first: wanted.after.map(|_| wanted.address("findings", None)),
    };
    frame::page(StatusCode::OK, &page)
}

/// The same findings, all of them, as a table for spreadsheets.
pub async fn download_findings(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    code: Path<String>,
) -> Result<HttpResponse, PageError> {
    let today = clock::now().day(app.zone);
    let wanted = Wanted::read(&asked, &code, today)?;
    if !who.0.scope.holds(wanted.territory) {
        return Err(PageError::NotFound);
    }
    let (centre, limit) = (wanted.centre(), (None, edge::MOST_FINDINGS));
    let found = list_findings(&app, &who.0, wanted.filter, centre, limit).await?;
    let questions = Questions::load(&app).await?;
    let ask = |both: &_| text(both, asked.lang).to_owned();
    Ok(edge::findings_table(&found.items, &questions, today, ask)?)
}

fn fields(wanted: &Wanted, lang: Lang) -> Vec<Field> {
    let f = Texts::of(lang);
    let option = |value, word, chosen: Option<&str>| Choice {
        value,
        word,
        chosen: chosen.unwrap_or_default() == value,
    };
    let state = wanted.state.as_deref();
    let severity = wanted.severity.map(Severity::as_str);
    let only = wanted.only.as_deref();
    let states = FindingState::ALL.map(|one| option(one.as_str(), words::state(one, lang), state));
    let severities =
        Severity::ALL.map(|one| option(one.as_str(), words::severity(one, lang), severity));
    let general = [option("", f.not_settled, state), option("all", f.all, state)];
    let situations = [
        option("", f.any, only),
        option("overdue", f.only_overdue, only),
        option("proposed", f.only_proposed, only),
    ];
    vec![
        Field {
            name: "state",
            label: f.state,
            options: general.into_iter().chain(states).collect(),
        },
        Field {
            name: "severity",
            label: f.severity,
            options: std::iter::once(option("", f.any, severity)).chain(severities).collect(),
        },
        Field { name: "only", label: f.situation, options: situations.into_iter().collect() },
    ]
}
