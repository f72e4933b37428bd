//! Writes a country and its history into a database, as submissions would have left them:
//! content, frozen facts, compact answers and score of each visit, hundreds of visits to a
//! transaction. `check.rs` compares a sample of it with what a submission does leave.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant as Timer};

use actix_web::rt::SystemRunner;
use vigila::app::{App, Published, hash_password, shipped_files};
use vigila::config::Settings;
use vigila::sample::{self, Visit};
use vigila::server;
use vigila::store::inspections::{self, Inserted, NewInspection};
use vigila::store::people::{self, Person};
use vigila::store::scores::NewScore;
use vigila::store::{Conn, QueryResult, changes, contracts, facilities, migrate};
use vigila_core::checklist::{check_answers, read_file_set};
use vigila_core::documents::inspection::{ChecklistRef, draft};
use vigila_core::documents::{Faults, json};
use vigila_core::domain::{Instant, PersonId, Role, Territory};
use vigila_core::scoring::{self, Compiled, Scored};

use crate::country::{Country, MONITORS, Planned, first_day, id, id_at, mix, monitor};
use crate::support::PASSWORD;

/// The checklist of all visits.
const CHECKLIST: &str = "CAS-COLL";
/// Visits to a transaction.
const TOGETHER: usize = 500;
/// Threads that make visits while others are written.
const MAKERS: usize = 2;
/// Who may read everything.
pub const READER: &str = "manager-1";

/// What is kept of one visit.
#[derive(Clone)]
pub struct Row {
    /// The inspection.
    pub inspection: NewInspection,
    /// Its score.
    pub score: NewScore,
}

/// A database with an app on it, outside of a service.
pub struct Opened {
    /// The app.
    pub app: App,
    /// The checklist of all visits.
    pub published: Arc<Published>,
}

/// Opens a database, brought up to date.
pub async fn open(url: &str, folder: &Path) -> Opened {
    let mut settings = Settings::embedded(folder);
    url.clone_into(&mut settings.database_url);
    settings.photos_url = "memory:".to_owned();
    // The same that the service under measurement reads.
    settings.checklists = std::env::var("VIGILA_CHECKLISTS").ok();
    let owned = url.to_owned();
    tokio::task::spawn_blocking(move || migrate(&owned)).await.expect("ended").expect("migrated");
    let app = server::build(&settings).await.expect("an app");
    let (set, _) = read_file_set(&shipped_files());
    let headers = set.checklists.iter().map(|loaded| &loaded.document.checklist);
    let header = headers.rev().find(|header| header.code == CHECKLIST);
    let version = header.expect("the checklist").version.clone();
    let wanted = ChecklistRef { code: CHECKLIST.to_owned(), version };
    let published = app.library.checklist(&wanted).await.expect("read").expect("published");
    Opened { app, published }
}

impl Opened {
    /// Whether the history is there, to its last visit. Half a history is a surprise.
    pub async fn is_filled(&self, country: &Country) -> bool {
        let ends = [country.round(0), country.round(country.rounds() - 1)];
        let ids: Vec<_> = [ends[0].first(), ends[1].last()]
            .into_iter()
            .flatten()
            .map(|planned| self.visit(country, planned).id)
            .collect();
        let found = self.app.db.read(move |conn| {
            let there = |id| inspections::find_any(conn, id).map(|found| found.is_some());
            ids.iter().copied().map(there).collect::<QueryResult<Vec<_>>>()
        });
        let found = found.await.expect("read");
        assert!(found[0] == found[1], "the history is there in part: begin with an empty database");
        found[0]
    }

    /// Writes everything; how long it took.
    pub fn fill(&self, runtime: &SystemRunner, country: &Country) -> Duration {
        let began = Timer::now();
        runtime.block_on(self.add_people());
        runtime.block_on(self.add_centres(country));
        let rounds: Vec<Vec<Planned>> = (0..country.rounds()).map(|n| country.round(n)).collect();
        let plan = rounds.concat();
        let batches: Vec<&[Planned]> = plan.chunks(TOGETHER).collect();
        let (batches, next) = (&batches, &AtomicUsize::new(0));
        let (sender, receiver) = mpsc::sync_channel(MAKERS);
        thread::scope(|scope| {
            for _ in 0..MAKERS {
                let sender = sender.clone();
                scope.spawn(move || {
                    while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let rows = batch.iter().map(|planned| self.row(country, planned));
                        sender.send(rows.collect::<Vec<_>>()).expect("a reader");
                    }
                });
            }
            drop(sender);
            runtime.block_on(self.keep(receiver, plan.len()));
        });
        began.elapsed()
    }

    async fn keep(&self, batches: mpsc::Receiver<Vec<Row>>, all: usize) {
        let mut kept = 0;
        for rows in batches {
            kept += rows.len();
            self.app.db.write(move |conn| insert(conn, &rows)).await.expect("written");
            if kept % 50_000 < TOGETHER {
                eprintln!("{kept} of {all} visits written");
            }
        }
    }

    async fn add_people(&self) {
        let hash = hash_password(PASSWORD).expect("a hash");
        let mut all = vec![Person {
            id: PersonId(id(first_day(), mix(&[0]))),
            name: READER.parse().expect("a name"),
            role: Role::Manager,
            territories: Territory::all().collect(),
            password_hash: hash.clone(),
            disabled: false,
            created_at: entered(),
            revision: 1,
        }];
        for territory in Territory::all() {
            all.extend((0..MONITORS).map(|number| person(territory, number, &hash)));
        }
        let written = self.app.db.write(move |conn| {
            all.iter().try_for_each(|person| people::insert(conn, person).map(|_| ()))
        });
        written.await.expect("people");
    }

    async fn add_centres(&self, country: &Country) {
        for centres in country.centres.chunks(TOGETHER) {
            let centres = centres.to_vec();
            let written = self.app.db.write(move |conn| {
                for centre in &centres {
                    let _ = facilities::insert(conn, &centre.facility, entered())?;
                    for (contract, number) in centre.contracts.iter().zip(0_u64..) {
                        let seed = mix(&[u64::from(centre.facility.id.0.as_fields().0), number]);
                        let of =
                            id(contract.starts_on, seed ^ centre.facility.id.0.as_u64_pair().1);
                        contracts::upsert(conn, centre.facility.id, of, contract)?;
                    }
                }
                Ok(())
            });
            written.await.expect("centres");
        }
    }

    /// A visit as its phone sends it.
    pub fn visit(&self, country: &Country, planned: &Planned) -> Visit {
        let centre = &country.centres[planned.centre];
        let (instrument, started) = (&self.published.instrument, Instant::new(planned.started));
        sample::visit_in(planned.seed, instrument, centre, started, &planned.way)
    }

    /// What a submission keeps of a visit.
    fn row(&self, country: &Country, planned: &Planned) -> Row {
        let (app, instrument) = (&self.app, &self.published.instrument);
        let centre = &country.centres[planned.centre];
        let visit = self.visit(country, planned);
        let (now, mut faults) = (visit.received_at, Faults::default());
        let whole = draft(&visit.content, now, &mut faults).and_then(|draft| draft.whole());
        let whole = whole.expect("a whole visit");
        let answered = check_answers(instrument, &whole.answers, &mut faults);
        assert!(faults.is_empty(), "{faults:?}");
        let day = whole.started_at.day(app.zone);
        let known = scoring::from_centre(&centre.facility, &centre.contracts, day);
        let facts = scoring::at_visit(&known, instrument, &answered);
        let scored =
            Scored { instrument, answered: &answered, answers: &whole.answers, facts: &facts };
        let indicators = self.published.indicators.as_ref();
        let outcome = scoring::score(app.library.model(now), indicators, &scored, now);
        let content = json::canonical(&visit.content);
        let inspection = NewInspection {
            id: visit.id,
            facility: centre.facility.id,
            territory: centre.facility.territory,
            checklist: whole.checklist.clone(),
            kind: whole.kind,
            started_at: whole.started_at,
            ended_at: whole.ended_at,
            day,
            digest: json::digest(&content),
            content,
            received_at: now,
            received_by: monitor(centre.facility.territory, planned.way.monitor),
            scored: scoring::encode(&answered),
            corrects: None,
            free_texts: Vec::new(),
            facts,
        };
        let score = outcome.score;
        let document = serde_json::to_string(&score).expect("JSON");
        let score = NewScore {
            id: id_at(now.utc(), mix(&[planned.seed, 10])),
            inspection: visit.id,
            model: score.model,
            checklist: whole.checklist,
            inputs_digest: outcome.inputs_digest,
            overall: score.overall,
            coverage: score.coverage,
            band: score.band,
            band_by_points: score.band_by_points,
            dimensions: score.dimensions,
            document,
            computed_at: now,
            indicators: indicators.map(Compiled::name),
        };
        Row { inspection, score }
    }
}

/// Keeps visits. Changes of years ago are swept, as they are in a service.
pub fn insert(conn: &mut Conn, rows: &[Row]) -> QueryResult<()> {
    let mut last = entered();
    for Row { inspection, score } in rows {
        let inserted = inspections::insert(conn, inspection, &[], score)?;
        assert!(matches!(inserted, Inserted::New), "an id twice: {}", inspection.id);
        last = last.max(inspection.received_at);
    }
    changes::sweep(conn, last.plus_days(1)).map(|_| ())
}

/// When people and centres were entered.
fn entered() -> Instant {
    Instant::new(first_day().and_time(chrono::NaiveTime::MIN).and_utc()).plus_days(-30)
}

fn person(territory: Territory, number: usize, hash: &str) -> Person {
    let name = format!("monitor-{}-{}", territory.code().to_lowercase(), number + 1);
    Person {
        id: monitor(territory, number),
        name: name.parse().expect("a name"),
        role: Role::Monitor,
        territories: BTreeSet::from([territory]),
        password_hash: hash.to_owned(),
        disabled: false,
        created_at: entered(),
        revision: 1,
    }
}
