//! What-if from the stored documents: of each content the items and values of its answers are
//! parsed, judged and seen under both models, on two threads, while a third reads the
//! database. The program itself scores again from the compact form; this is what that form
//! saves. Runs in a process of its own, so that its memory is its own.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use actix_web::rt::SystemRunner;
use serde::Deserialize;
use serde_json::Value;
use vigila::app::Published;
use vigila::clock;
use vigila::store::inspections::{PastVisit, Unscored, unscored};
use vigila_core::checklist::{SourceFile, check_answers, parse_yaml, read_model};
use vigila_core::documents::Faults;
use vigila_core::documents::inspection::{Answer, RawValue};
use vigila_core::documents::score::{Band, ModelVersion};
use vigila_core::domain::Scope;
use vigila_core::scoring::{Applied, Model, Revisited, View, Visit, Watched, WhatIf, encode};

use crate::fill::open;

/// Threads that parse.
const THREADS: usize = 2;
/// Documents that are read at once.
const PIECE: i64 = 2_000;

type Piece = Vec<(PastVisit, String)>;

/// Sees every visit, and prints how many there were.
pub fn what_if(runtime: &SystemRunner, url: &str, model: &Path, folder: &Path) {
    let opened = runtime.block_on(open(url, folder));
    let before = opened.app.library.model(clock::now()).clone();
    let after = proposed(model);
    let (sender, receiver) = mpsc::sync_channel::<Piece>(THREADS);
    let receiver = Mutex::new(receiver);
    let published = &opened.published;
    let seen: u64 = thread::scope(|scope| {
        let work = || {
            let models = [
                Applied::new(&before, &published.instrument),
                Applied::new(&after, &published.instrument),
            ];
            let watched = [Watched::new([&models[0]]), Watched::new([&models[1]])];
            let views =
                [0, 1].map(|which| View { applied: &models[which], watched: &watched[which] });
            let (mut heap, mut seen) = (WhatIf::default(), 0);
            loop {
                let next = receiver.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(piece) = next else { return seen };
                for (past, content) in piece {
                    see(&mut heap, views, published, &past, &content);
                    seen += 1;
                }
            }
        };
        let workers: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
        // By a model that nobody has, every visit lacks a score: so the program itself reads
        // documents when it adds scores.
        let nobody =
            ModelVersion { code: "NONE".into(), version: "0.0.0".into(), digest: String::new() };
        let lacking = Unscored { scope: Scope::All, model: nobody, with_indicators: false };
        let mut last = None;
        loop {
            let (asked, after) = (lacking.clone(), last);
            let read = opened.app.db.read(move |conn| unscored(conn, &asked, after, PIECE));
            let piece = runtime.block_on(read).expect("read");
            let Some((past, _)) = piece.last() else { break };
            last = Some(past.id.0);
            sender.send(piece).expect("a reader");
        }
        drop(sender);
        workers.into_iter().map(|worker| worker.join().expect("ended")).sum()
    });
    runtime.block_on(opened.app.db.shutdown());
    println!("{seen}");
}

/// What of a content is scored.
#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    answers: Vec<Line<'a>>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    item: Cow<'a, str>,
    value: Value,
}

impl Line<'_> {
    /// As the checks take it. They were passed when it was received.
    fn answer((index, Line { item, value }): (usize, Line<'_>)) -> Answer {
        let value = match value {
            Value::String(text) => RawValue::Text(text),
            Value::Number(number) => RawValue::Number(number.as_f64().expect("a number")),
            Value::Array(list) => {
                RawValue::List(list.iter().map(|one| one.as_str().map(str::to_owned)).collect())
            }
            _ => panic!("a value of no kind"),
        };
        Answer {
            item: item.into_owned(),
            value: Some(value),
            reason: None,
            note: None,
            observed_at: None,
            photos: Vec::new(),
            index,
        }
    }
}

fn see(
    heap: &mut WhatIf,
    views: [View<'_>; 2],
    published: &Published,
    past: &PastVisit,
    content: &str,
) {
    let mut faults = Faults::default();
    let content: Content<'_> = serde_json::from_str(content).expect("JSON");
    let answers: Vec<Answer> = content.answers.into_iter().enumerate().map(Line::answer).collect();
    let answered = check_answers(&published.instrument, &answers, &mut faults);
    assert_eq!(encode(&answered), past.scored, "the compact form says the same");
    let facts = past.facts().expect("facts");
    let visit = Visit {
        id: past.id,
        ended_at: past.ended_at,
        received_at: past.received_at,
        band_by_points: Band::NotEnoughData,
        coverage: None,
    };
    let revisited = Revisited {
        facility: past.facility,
        visit,
        answered: &answered,
        facts: &facts,
        indicators: published.indicators.as_ref(),
    };
    heap.see(views, &revisited);
}

fn proposed(path: &Path) -> Model {
    let text = std::fs::read_to_string(path).expect("the model");
    let parsed = parse_yaml(&SourceFile { name: path.display().to_string(), text });
    let document = read_model(&parsed.expect("YAML").value).expect("a model");
    Model::new(document, "proposed").expect("a model")
}
