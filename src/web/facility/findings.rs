//! What visits hold against a centre: what lives, the most urgent first, and what is settled.

use vigila_core::domain::{Day, FacilityRef};

use super::Subject;
use crate::app::findings::{FindingFilter, FindingRow, Questions, list_findings};
use crate::app::{Actor, App, Error};
use crate::messages::fill;
use crate::messages::findings::Findings as Texts;
use crate::web::findings::{Ground, Line};

/// Most findings that live, and most settled ones, which are listed.
const LIVE: usize = 50;
const SETTLED: usize = 30;

/// The findings of a centre as they were found.
pub struct Found {
    questions: Questions,
    today: Day,
    /// Each with whether there are more.
    live: (Vec<FindingRow>, bool),
    settled: (Vec<FindingRow>, bool),
}

impl Found {
    /// Finds them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(
        app: &App,
        actor: &Actor,
        which: &FacilityRef,
        today: Day,
    ) -> Result<Self, Error> {
        let listed = |live: bool, limit: usize| {
            let filter = FindingFilter { live: Some(live), ..FindingFilter::default() };
            list_findings(app, actor, filter, Some(which.clone()), (None, limit))
        };
        let (live, settled) = (listed(true, LIVE).await?, listed(false, SETTLED).await?);
        Ok(Self {
            questions: Questions::load(app).await?,
            today,
            live: (live.items, live.more),
            settled: (settled.items, settled.more),
        })
    }
}

/// The findings of a centre as the page shows them.
pub struct Findings {
    pub f: &'static Texts,
    pub live: Vec<Line>,
    pub settled: Vec<Line>,
    pub settled_words: String,
    /// That there are more than are shown.
    pub cut: Option<String>,
    pub all: String,
}

impl Findings {
    pub fn of(subject: &Subject<'_>, found: &Found) -> Self {
        let f = Texts::of(subject.lang);
        let ground = Ground {
            app: subject.app,
            lang: subject.lang,
            questions: &found.questions,
            today: found.today,
        };
        let lines = |rows: &[FindingRow]| -> Vec<Line> {
            rows.iter().map(|row| ground.line(row, |id| subject.address_of(id))).collect()
        };
        let (settled, many) = &found.settled;
        let words = if *many { f.settled_many } else { f.settled_some };
        let facility = &subject.card.facility;
        let territory = facility.territory.code();
        Self {
            f,
            live: lines(&found.live.0),
            settled_words: fill(words, &[settled.len().to_string()]),
            settled: lines(settled),
            cut: found.live.1.then(|| fill(f.cut, &[LIVE.to_string()])),
            all: format!("/territories/{territory}/findings?state=all&facility={}", facility.code),
        }
    }
}
