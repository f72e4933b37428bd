//! The real server in this process, with a database and a photo folder of its own.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use tokio::task::JoinHandle;
use uuid::Uuid;
use vigila::app::App;
use vigila::clock;
use vigila::config::Settings;
use vigila::server::{self, StopsBy};
use vigila::store::audit::{self, AuditEvent, AuditFilter};
use vigila::store::{Insert, contracts, facilities, people as people_rows, sessions};
use vigila_core::documents::json;
use vigila_core::domain::{
    Contract, Facility, FacilityId, FacilityKind, PersonId, Role, Scope, Territory,
};

use super::databases::Place;
use super::people::{self, TestPerson};

/// The server under test.
pub struct TestApp {
    /// Its rooms, to look behind the API or to set the stage.
    pub app: App,
    settings: Settings,
    base: Arc<Mutex<String>>,
    server: ServerHandle,
    running: JoinHandle<std::io::Result<()>>,
    client: reqwest::Client,
    made: AtomicUsize,
    // Dropped last: the database and the photos go when nobody uses them any more.
    photos: tempfile::TempDir,
    spool: tempfile::TempDir,
    _place: Place,
}

impl TestApp {
    /// Starts one with an empty database.
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts one with an empty database and settings changed by `change`.
    pub async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let place = tokio::task::spawn_blocking(Place::new).await.unwrap();
        let (photos, spool) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut settings = Settings {
            listen: "127.0.0.1:0".to_owned(),
            database_url: place.url(),
            photos_url: format!("file://{}", photos.path().display()),
            spool: spool.path().to_owned(),
            checklists: None,
            public_url: None,
            trusted_proxies: Vec::new(),
            timezone: "Europe/Rome".parse().unwrap(),
            metrics_allowed: Vec::new(),
            metrics_indicators: Vec::new(),
            log: vigila::config::LogSetting::default(),
        };
        change(&mut settings);
        let (app, server, running, base) = run(&settings).await;
        Self {
            app,
            settings,
            base: Arc::new(Mutex::new(base)),
            server,
            running,
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            made: AtomicUsize::new(0),
            photos,
            spool,
            _place: place,
        }
    }

    /// Stops it in order and starts it again on the same database and photos, on another
    /// port that its people know.
    pub async fn restart(&mut self) {
        self.restart_with(|_| ()).await;
    }

    /// The same, with settings changed by `change`.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Settings)) {
        change(&mut self.settings);
        self.server.stop(true).await;
        (&mut self.running).await.unwrap().unwrap();
        self.app.db.shutdown().await;
        let (app, server, running, base) = run(&self.settings).await;
        (self.app, self.server, self.running) = (app, server, running);
        *self.base.lock().unwrap() = base;
    }

    /// The rooms of another process on the same database, which answers nobody.
    pub async fn another(&self) -> App {
        server::build(&self.settings).await.unwrap()
    }

    /// Where it answers, without a `/` at the end.
    pub fn base(&self) -> String {
        self.base.lock().unwrap().clone()
    }

    /// The URL of its database.
    pub fn database_url(&self) -> &str {
        &self.settings.database_url
    }

    /// The folder where its photos lie.
    pub fn photos(&self) -> &Path {
        self.photos.path()
    }

    /// The folder where photos lie while they come in.
    pub fn spool(&self) -> &Path {
        self.spool.path()
    }

    /// Somebody without a token.
    pub fn nobody(&self) -> TestPerson {
        self.with_token(None)
    }

    /// Somebody with this token.
    pub fn bearer(&self, token: &str) -> TestPerson {
        self.with_token(Some(token.to_owned()))
    }

    fn with_token(&self, token: Option<String>) -> TestPerson {
        TestPerson {
            client: self.client.clone(),
            base: Arc::clone(&self.base),
            token,
            name: String::new(),
            id: PersonId(Uuid::nil()),
        }
    }

    /// A monitor of these territories, such as `"BT"` or `"BT BA"`.
    pub async fn monitor(&self, territories: &str) -> TestPerson {
        self.person(Role::Monitor, territories).await
    }

    /// A manager of these territories.
    pub async fn manager(&self, territories: &str) -> TestPerson {
        self.person(Role::Manager, territories).await
    }

    /// A viewer of these territories.
    pub async fn viewer(&self, territories: &str) -> TestPerson {
        self.person(Role::Viewer, territories).await
    }

    /// An admin.
    pub async fn admin(&self) -> TestPerson {
        self.person(Role::Admin, "").await
    }

    /// A scraper of these territories.
    pub async fn scraper(&self, territories: &str) -> TestPerson {
        self.person(Role::Scraper, territories).await
    }

    /// A person who is signed in: `monitor-1`, `manager-2` … in the order they come.
    pub async fn person(&self, role: Role, territories: &str) -> TestPerson {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        let name = format!("{role}-{number}");
        let (id, token) = people::add(&self.app.db, &name, role, territories).await;
        TestPerson { name, id, ..self.with_token(Some(token)) }
    }

    /// Closes somebody's account.
    pub async fn disable(&self, whom: &TestPerson) {
        let id = whom.id;
        let done = self.app.db.write(move |conn| {
            let mut person = people_rows::find(conn, id)?.unwrap();
            person.disabled = true;
            people_rows::update(conn, &person)
        });
        assert!(matches!(done.await.unwrap(), vigila::store::Update::Done { .. }));
    }

    /// Lets the session that somebody's token opens end a minute ago.
    pub async fn expire(&self, whose: &TestPerson) {
        let hash = json::digest(whose.token.as_deref().unwrap());
        let now = clock::now();
        let ended = now.plus_days(-1);
        let done = self.app.db.write(move |conn| sessions::touch(conn, &hash, now, Some(ended)));
        assert!(done.await.unwrap());
    }

    /// Adds an active collective centre in the territory that its code begins with.
    pub async fn facility(&self, code: &str) -> Facility {
        self.facility_with(code, |_| ()).await
    }

    /// The same, changed by `change` before it is added.
    pub async fn facility_with(&self, code: &str, change: impl FnOnce(&mut Facility)) -> Facility {
        let mut facility = Facility {
            id: FacilityId(Uuid::now_v7()),
            code: code.parse().unwrap(),
            name: format!("Centro di prova {code}"),
            kind: FacilityKind::CasCollective,
            territory: code[..2].parse::<Territory>().unwrap(),
            municipality: "Comune di prova".to_owned(),
            istat_code: None,
            latitude: None,
            longitude: None,
            authorised_places: None,
            managing_body: None,
            facts: [].into(),
            active: true,
            revision: 1,
        };
        change(&mut facility);
        let row = facility.clone();
        let done = self.app.db.write(move |conn| facilities::insert(conn, &row, clock::now()));
        assert_eq!(done.await.unwrap(), Insert::Done, "{code} is in use");
        facility
    }

    /// Adds a contract of a centre, or changes the one that begins on the same day.
    pub async fn contract(&self, facility: &Facility, contract: Contract) {
        let id = facility.id;
        let done =
            self.app.db.write(move |conn| contracts::upsert(conn, id, Uuid::now_v7(), &contract));
        done.await.unwrap();
    }

    /// A centre as the database has it.
    pub async fn stored_facility(&self, code: &str) -> Option<Facility> {
        let which = code.parse().unwrap();
        let found = self.app.db.read(move |conn| facilities::find(conn, &Scope::All, &which));
        found.await.unwrap()
    }

    /// Runs a statement on the database, beside the service.
    pub async fn sql(&self, statement: &'static str) {
        use diesel::RunQueryDsl;
        let run = self.app.db.write(move |conn| diesel::sql_query(statement).execute(conn));
        run.await.unwrap();
    }

    /// The actions in the audit trail, the oldest first.
    pub async fn audited(&self) -> Vec<String> {
        self.audit().await.into_iter().map(|event| event.action).collect()
    }

    /// The audit trail, the oldest first.
    pub async fn audit(&self) -> Vec<AuditEvent> {
        let all = AuditFilter::default();
        let found = self.app.db.read(move |conn| audit::list(conn, &all, None, 1000));
        let rows = found.await.unwrap().items;
        rows.into_iter().rev().map(|row| row.event).collect()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // The command is sent at once; that it was followed nobody waits for.
        drop(self.server.stop(false));
    }
}

type Running = (App, ServerHandle, JoinHandle<std::io::Result<()>>, String);

async fn run(settings: &Settings) -> Running {
    let app = server::build(settings).await.unwrap();
    let (server, address) = server::listen(&app, settings, StopsBy::Handle).unwrap();
    let handle = server.handle();
    (app, handle, tokio::spawn(server), format!("http://{address}"))
}
