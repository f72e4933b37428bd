//! The answers of a visit in the checklist's order, each where it stands in the score.

use std::collections::HashMap;

use vigila_core::checklist::Item;
use vigila_core::documents::checklist::Item as ItemText;
use vigila_core::documents::inspection::Answer as Given;
use vigila_core::scoring::{State, decode, item_states};

use super::Subject;
use super::photo::Photo;
use crate::app::Error;
use crate::messages::{fill, words};
use crate::web::format;
use crate::web::instruments::text;
use crate::web::parts::Answer;

/// A section of the checklist.
pub struct Section {
    pub code: String,
    pub title: String,
    pub dimension: String,
    pub answered: String,
    pub items: Vec<ItemRow>,
}

/// One thing that was to check.
pub struct ItemRow {
    pub code: String,
    pub question: String,
    pub critical: bool,
    pub answer: Answer,
    /// That its condition is false here.
    pub not_due: bool,
    pub lost: Option<String>,
    pub reason: Option<String>,
    pub note: Option<String>,
    pub observed: Option<String>,
    pub photos: Vec<Photo>,
}

impl ItemRow {
    /// Whether it counts and is worth nothing.
    pub fn fails(&self) -> bool {
        !self.not_due && self.answer.fails()
    }
}

/// An item that is short of full marks.
pub struct Failed {
    pub code: String,
    pub question: String,
    pub critical: bool,
    pub word: Answer,
}

/// The sections with their items.
///
/// # Errors
/// When the compact form cannot be read.
pub fn sections(subject: &Subject<'_>) -> Result<Vec<Section>, Error> {
    let instrument = &subject.published.instrument;
    let stored = &subject.view.stored;
    let answered = decode(&stored.scored).map_err(|e| Error::Internal(e.to_string()))?;
    let model = subject.model;
    let states = item_states(model, instrument, &answered, &stored.facts);
    let given: HashMap<&str, &Given> =
        subject.content.answers.iter().map(|given| (given.item.as_str(), given)).collect();
    let mut ready = instrument.items.iter().zip(states);
    let each = instrument.document.sections.iter().map(|section| {
        let items: Vec<ItemRow> = section
            .items
            .iter()
            .zip(ready.by_ref())
            .map(|(text, (item, state))| {
                let given = given.get(text.code.as_str()).copied();
                row(subject, (item, text), state, given)
            })
            .collect();
        let said = section.items.iter().filter(|item| given.contains_key(item.code.as_str()));
        let counts = [said.count().to_string(), section.items.len().to_string()];
        Section {
            code: section.code.clone(),
            title: text(&section.title, subject.lang).to_owned(),
            dimension: words::dimension(&section.dimension, subject.lang).to_owned(),
            answered: fill(subject.t.observed_share, &counts),
            items,
        }
    });
    Ok(each.collect())
}

fn row(
    subject: &Subject<'_>,
    (item, shown): (&Item, &ItemText),
    state: State,
    given: Option<&Given>,
) -> ItemRow {
    let (lang, t) = (subject.lang, subject.t);
    let facts = &subject.view.stored.facts;
    let value = given.and_then(|given| given.value.as_ref());
    let answer = value.map_or_else(
        || Answer::none(t.unanswered),
        |value| Answer::new(Some((item, shown)), value, Some(state), lang),
    );
    let cost = subject.score.costliest.iter().find(|cost| cost.item == item.code);
    let lost = cost.filter(|cost| cost.points_lost > 0.0);
    ItemRow {
        code: item.code.clone(),
        question: text(&shown.question, lang).to_owned(),
        critical: item.critical,
        answer,
        not_due: item.condition.as_ref().is_some_and(|condition| !condition.holds(facts)),
        lost: lost.map(|cost| fill(t.lost, &[format::score(cost.points_lost, lang)])),
        reason: given.and_then(|given| given.reason.clone()),
        note: given.and_then(|given| given.note.clone()),
        observed: given.and_then(|given| given.observed_at).map(|at| observed(subject, at)),
        photos: given.map(|given| subject.photos.of_answer(subject, given)).unwrap_or_default(),
    }
}

/// When it was observed: the time alone on the day of the visit.
fn observed(subject: &Subject<'_>, at: vigila_core::domain::Instant) -> String {
    let shown = subject.moment(at);
    if shown.day == subject.moment(subject.view.stored.started_at).day {
        fill(subject.t.observed, &[shown.time])
    } else {
        fill(subject.t.observed_on, &[shown.day, shown.time])
    }
}

/// What is short of full marks, critical items first.
pub fn failed(sections: &[Section]) -> Vec<Failed> {
    let rows = sections.iter().flat_map(|section| &section.items);
    let short = rows.filter(|row| !row.not_due && row.answer.falls_short());
    let mut found: Vec<Failed> = short
        .map(|row| Failed {
            code: row.code.clone(),
            question: row.question.clone(),
            critical: row.critical,
            word: row.answer.clone(),
        })
        .collect();
    let rank = |row: &Failed| (!(row.critical && row.word.fails()), !row.word.fails());
    found.sort_by_key(rank);
    found
}
