//! One visit: what was answered, section by section, with the photos at their item.

mod arithmetic;
mod photo;
mod sections;
mod told;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use vigila_core::checklist::Item;
use vigila_core::documents::checklist::Item as ItemText;
use vigila_core::documents::explanation::Explanation;
use vigila_core::documents::inspection::{Inspection, Kind};
use vigila_core::documents::score::Score;
use vigila_core::domain::{Facility, FacilityRef, InspectionId};
use vigila_core::scoring::Model;

pub use photo::show_photo;

use super::error::PageError;
use super::explained;
use super::format::{self, Moment};
use super::frame::{self, Frame};
use super::indicators::{self, Indicators};
use super::instruments::{Instruments, text};
use super::language::Asked;
use super::parts::{Badge, Meter};
use super::visitor::Reader;
use crate::app::evidence::evidence;
use crate::app::explanations::explained_score;
use crate::app::facilities::find_facility;
use crate::app::inspections::{InspectionView, inspection};
use crate::app::{App, Error, Published};
use crate::clock;
use crate::messages::evidence::Labels;
use crate::messages::redactions::Redactions;
use crate::messages::{Lang, explanations, fill, pages, words};
use photo::Photos;

#[derive(Template)]
#[template(path = "inspection.html")]
struct InspectionPage {
    frame: Frame,
    t: &'static pages::Inspection,
    e: &'static explanations::Explained,
    l: &'static Labels,
    beyond: Option<String>,
    head: Head,
    outcome: Outcome,
    why: explained::Why,
    sums: arithmetic::Sums,
    indicators: Option<Indicators>,
    failed: Vec<sections::Failed>,
    sections: Vec<sections::Section>,
    other_photos: Vec<photo::Photo>,
    /// Where who may takes names and faces out of sight.
    redactions: Option<(String, &'static str)>,
}

/// Which visit it is.
struct Head {
    territory: (&'static str, &'static str),
    centre: String,
    centre_code: String,
    kind: &'static str,
    /// That it does not compare with unannounced visits.
    apart: Option<&'static str>,
    checklist: String,
    version: String,
    time: String,
    received: String,
    id: String,
    digest: String,
    superseded_by: Option<String>,
    corrects: Option<String>,
    receipt: Receipt,
}

/// What the office signed.
struct Receipt {
    /// The beginning of the digest.
    digest: String,
    at: String,
    key_id: String,
    signature: String,
}

/// What came of it.
struct Outcome {
    badge: Badge,
    by_points: Option<Badge>,
    overall: Option<Meter>,
    coverage: Option<String>,
    awaiting: Option<String>,
    absent: Option<String>,
    critical: usize,
    model: String,
}

/// What the parts of the page are made of.
struct Subject<'a> {
    app: &'a App,
    lang: Lang,
    t: &'static pages::Inspection,
    view: &'a InspectionView,
    content: &'a Inspection,
    score: &'a Score,
    explanation: &'a Explanation,
    instruments: &'a Instruments,
    published: &'a Published,
    model: &'a Model,
    photos: &'a Photos,
}

impl Subject<'_> {
    fn moment(&self, at: vigila_core::domain::Instant) -> Moment {
        format::moment(at, self.app.zone, self.lang)
    }

    /// What an item asks.
    fn question(&self, code: &str) -> String {
        self.instruments.question(&self.view.stored.checklist, code)
    }

    /// An item of the checklist of the visit.
    fn item(&self, code: &str) -> Option<(&Item, &ItemText)> {
        self.instruments.item(&self.view.stored.checklist, code)
    }
}

/// A visit.
pub async fn show_inspection(
    app: Data<App>,
    who: Reader,
    asked: Asked,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    let id: InspectionId = id.parse().map_err(|_| PageError::NotFound)?;
    let view = inspection(&app, &who.0, id, clock::now()).await?;
    let explained = explained_score(&app, &who.0, id, clock::now()).await?;
    let stored = &view.stored;
    let centre = FacilityRef::Id(stored.facility);
    let facility = find_facility(&app, &who.0, &centre, clock::now()).await?.facility;
    let content = view.content()?;
    let found = evidence(&app, &who.0, id, (0, told::MOST)).await?;
    let (l, more) = (Labels::of(asked.lang), found.more);
    let told = told::told(&found, app.zone, asked.lang);
    let instruments = Instruments::load(&app, asked.lang, [stored.checklist.clone()]).await?;
    let gone = || Error::Internal(format!("the checklist of {id} is gone"));
    let published = instruments.get(&stored.checklist).ok_or_else(gone)?;
    let subject = Subject {
        app: &app,
        lang: asked.lang,
        t: pages::Inspection::of(asked.lang),
        view: &view,
        content: &content,
        score: &explained.score,
        explanation: &explained.explanation,
        instruments: &instruments,
        published,
        model: &explained.model,
        photos: &Photos::of(&view, &content, told),
    };
    let day = subject.moment(stored.ended_at).day;
    let title = fill(subject.t.title, &[day]);
    let frame_title = format!("{title} · {}", facility.name);
    let ground = explained::Ground {
        lang: asked.lang,
        explained: &explained,
        instruments: &instruments,
        checklist: &stored.checklist,
        visit: String::new(),
    };
    let sections = sections::sections(&subject)?;
    let page =
        InspectionPage {
            frame: Frame::new(&asked, Some(&who.0), frame_title),
            t: subject.t,
            e: explanations::Explained::of(asked.lang),
            l,
            beyond: more.then(|| fill(l.beyond, &[told::MOST.to_string()])),
            head: head(&subject, &facility),
            outcome: outcome(&subject),
            why: explained::why(&ground),
            sums: arithmetic::sums(&subject),
            indicators: indicators(&subject),
            failed: sections::failed(&sections),
            other_photos: subject.photos.unnamed(&subject),
            redactions: who.0.role.redacts().then(|| {
                (format!("/inspections/{id}/redactions"), Redactions::of(asked.lang).link)
            }),
            sections,
        };
    frame::page(StatusCode::OK, &page)
}

fn indicators(subject: &Subject<'_>) -> Option<Indicators> {
    let source = indicators::Source {
        library: &subject.app.library,
        lang: subject.lang,
        instruments: subject.instruments,
        checklist: &subject.view.stored.checklist,
        visit: Some(String::new()),
    };
    Indicators::of(&source, &subject.score.indicators)
}

fn head(subject: &Subject<'_>, facility: &Facility) -> Head {
    let (t, stored) = (subject.t, &subject.view.stored);
    let [began, ended, received] =
        [stored.started_at, stored.ended_at, stored.received_at].map(|at| subject.moment(at));
    let time = if began.day == ended.day {
        fill(t.from_to, &[began.time, ended.time])
    } else {
        fill(t.from_to_days, &[began.day, began.time, ended.day, ended.time])
    };
    let header = &subject.published.instrument.document.checklist;
    Head {
        territory: (facility.territory.code(), facility.territory.name()),
        centre: facility.name.clone(),
        centre_code: facility.code.to_string(),
        kind: words::visit_kind(stored.kind, subject.lang),
        apart: match stored.kind {
            Kind::Announced => Some(t.apart_announced),
            Kind::Remote => Some(t.apart_remote),
            _ => None,
        },
        checklist: text(&header.title, subject.lang).to_owned(),
        version: stored.checklist.version.clone(),
        time,
        received: fill(t.received_at, &[received.day, received.time]),
        id: stored.id.to_string(),
        digest: stored.digest.clone(),
        superseded_by: stored.superseded_by.map(|id| format!("/inspections/{id}")),
        corrects: stored.corrects.map(|id| format!("/inspections/{id}")),
        receipt: Receipt {
            digest: stored.digest.chars().take(12).collect(),
            at: stored.received_at.to_string(),
            key_id: subject.view.proof.key_id.clone(),
            signature: subject.view.proof.signature.clone(),
        },
    }
}

fn outcome(subject: &Subject<'_>) -> Outcome {
    let Subject { score, lang, t, photos, .. } = subject;
    let counted = |count: usize, text: &str| (count > 0).then(|| fill(text, &[count.to_string()]));
    Outcome {
        badge: Badge::large(score.band, *lang),
        by_points: (score.band_by_points != score.band)
            .then(|| Badge::small(score.band_by_points, *lang)),
        overall: score.overall.map(|overall| Meter::new(overall, *lang)),
        coverage: score.coverage.map(|coverage| format::share(coverage, *lang)),
        awaiting: counted(photos.owed(), t.awaiting),
        absent: counted(photos.absent(), t.absent),
        critical: score.knocked_out_by.len(),
        model: format!("{} {}", score.model.code, score.model.version),
    }
}
