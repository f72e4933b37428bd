//! Joins the rooms and serves: builds the app, answers, stops in order. Knows no operation.

mod signals;

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{App as ActixApp, HttpServer};

use crate::app::gauges::Gauges;
use crate::app::photos::PhotoPool;
use crate::app::{App, Library, LibraryError, Passwords};
use crate::blobs::Blobs;
use crate::config::Settings;
use crate::edge::{Readiness, TrustedProxies, around};
use crate::jobs::Runner;
use crate::metrics::Metrics;
use crate::spool::Spool;
use crate::store::{Db, Options, Told};
use crate::web::PublicUrl;
use crate::{clock, http};

/// How long requests may take to end once the service is told to stop. Container hosts kill
/// after 30 seconds as a rule, and the database is closed after this.
const LAST_REQUESTS: Duration = Duration::from_secs(15);
/// How long a connection without a request is kept: longer than proxies keep theirs (60 s
/// as a rule), so that none of them sends a request into one that just closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take. Bodies come as slowly as a bad network brings
/// them; a limit of theirs is their handler's.
const REQUEST_HEAD: Duration = Duration::from_secs(10);
/// How long a client may take to end its side of a connection.
const DISCONNECT: Duration = Duration::from_secs(5);
/// Threads that answer requests: what costs time runs elsewhere, so a few are enough.
const MOST_WORKERS: usize = 8;

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database does not open.
    #[error(transparent)]
    Database(#[from] crate::store::Error),
    /// The photo store does not open.
    #[error(transparent)]
    Blobs(#[from] crate::blobs::Error),
    /// What comes in has no place.
    #[error(transparent)]
    Spool(#[from] crate::spool::Error),
    /// The checklists do not load.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// The address cannot be listened on.
    #[error("cannot listen on {listen} ({cause}): set VIGILA_LISTEN to a free address and port")]
    Listen {
        /// The address.
        listen: String,
        /// Why.
        cause: std::io::Error,
    },
    /// Something else.
    #[error("{0}")]
    Other(String),
}

/// Builds the app that commands and the server share.
///
/// # Errors
/// [`StartError`] with a sentence that says what to do.
pub async fn build(settings: &Settings) -> Result<App, StartError> {
    let url = settings.database_url.clone();
    let metrics = Metrics::new().map_err(|e| StartError::Other(e.to_string()))?;
    let batches = metrics.batches.clone();
    #[expect(clippy::cast_precision_loss, reason = "some dozens of writes")]
    let told = Told(Arc::new(move |writes| batches.observe(writes as f64)));
    let options = Options { told: Some(told), ..Options::default() };
    let opened = tokio::task::spawn_blocking(move || Db::open(&url, options)).await;
    let db = opened.map_err(|e| StartError::Other(e.to_string()))??;
    // Made at the first start, so that the public key can be had before the first receipt.
    let now = clock::now();
    let made = crate::app::receipts::current_key(&db, now).await;
    made.map_err(|e| StartError::Other(e.to_string()))?;
    let blobs = Blobs::open(&settings.photos_url)?;
    let spool = Spool::open(&settings.spool)?;
    let folder = settings.checklists.as_deref().map(Path::new);
    let library = Library::load(&db, folder, settings.timezone, now).await?;
    Ok(App {
        gauges: Arc::new(gauges(settings, &library)?),
        db,
        blobs,
        library: Arc::new(library),
        metrics: Arc::new(metrics),
        spool,
        photos: PhotoPool::new().map_err(|e| StartError::Other(e.to_string()))?,
        passwords: Passwords::new().map_err(|e| StartError::Other(e.to_string()))?,
        remembered: Arc::default(),
        settling: Arc::default(),
        pools: Arc::default(),
        work_asked: Arc::default(),
        zone: settings.timezone,
    })
}

/// The gauges that the settings ask for.
fn gauges(settings: &Settings, library: &Library) -> Result<Gauges, StartError> {
    let shown = &settings.metrics_indicators;
    let known = |code: &&String| {
        let definition = library.indicators().and_then(|all| all.definition(code));
        *code == "all" || definition.is_some()
    };
    match shown.iter().find(|code| !known(code)) {
        None => Ok(Gauges::new(shown.clone())),
        Some(code) => Err(StartError::Other(format!(
            "VIGILA_METRICS_INDICATORS: {code} is no indicator of indicators.yaml; name those to show, or all"
        ))),
    }
}

/// Adds every route.
pub fn routes(services: &mut ServiceConfig) {
    http::configure(services);
    // What begins like the API and is none of it gets a problem; all else gets a page.
    services.service(web::scope("/api").default_service(web::to(http::nothing_here)));
    crate::web::configure(services);
}

/// What stops a server.
#[derive(Debug, Clone)]
pub enum StopsBy {
    /// Signals to the process, which [`serve`] minds; then it is no longer ready.
    Signal(Readiness),
    /// Its handle: in tests, where one process holds several.
    Handle,
}

/// Listens, and answers once the returned server is awaited or spawned. What it says of its
/// address counts when the settings ask for port 0.
///
/// # Errors
/// [`StartError::Listen`] when the address cannot be had.
pub fn listen(
    app: &App,
    settings: &Settings,
    stops_by: StopsBy,
) -> Result<(Server, SocketAddr), StartError> {
    let data = Data::new(app.clone());
    let trusted = Data::new(TrustedProxies(settings.trusted_proxies.clone()));
    let allowed = Data::new(http::MetricsAllowed(settings.metrics_allowed.clone()));
    let public = Data::new(PublicUrl(settings.public_url.clone()));
    let (readiness, workers) = match stops_by {
        StopsBy::Signal(readiness) => {
            let cores = std::thread::available_parallelism().map_or(2, usize::from);
            (readiness, cores.clamp(2, MOST_WORKERS))
        }
        StopsBy::Handle => (Readiness::default(), 1),
    };
    let readiness = Data::new(readiness);
    let failed = |cause| StartError::Listen { listen: settings.listen.clone(), cause };
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(data.clone())
            .app_data(trusted.clone())
            .app_data(allowed.clone())
            .app_data(public.clone())
            .app_data(readiness.clone())
            .configure(routes)
            .wrap(from_fn(around))
    })
    .workers(workers)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(REQUEST_HEAD)
    .client_disconnect_timeout(DISCONNECT)
    .shutdown_timeout(LAST_REQUESTS.as_secs())
    .disable_signals()
    .bind(&settings.listen)
    .map_err(failed)?;
    let none = || failed(std::io::Error::other("it has no address"));
    let address = server.addrs().first().copied().ok_or_else(none)?;
    Ok((server.run(), address))
}

/// Serves until the process is told to stop (SIGTERM or SIGINT), then stops in order: not
/// ready, no new connections, the requests begun are answered, the database is closed. A
/// second signal ends the process at once; what was acknowledged is on disk all the same.
///
/// # Errors
/// [`StartError`].
pub async fn serve(app: App, settings: &Settings) -> Result<(), StartError> {
    serve_announced(app, settings, announce).await
}

/// As [`serve`], but says where it listens in the words of `announce`.
///
/// # Errors
/// [`StartError`], or what `announce` fails with: then nothing is served.
pub async fn serve_announced<E: From<StartError>>(
    app: App,
    settings: &Settings,
    announce: impl FnOnce(SocketAddr) -> Result<(), E>,
) -> Result<(), E> {
    let mut signals = signals::Signals::new().map_err(|e| StartError::Other(e.to_string()))?;
    let told = crate::app::series::keep_shown_model(&app, clock::now()).await;
    told.map_err(|e| StartError::Other(e.to_string()))?;
    let readiness = Readiness::default();
    let (server, address) = listen(&app, settings, StopsBy::Signal(readiness.clone()))?;
    let handle = server.handle();
    let serving = actix_web::rt::spawn(server);
    announce(address)?;
    let jobs = Runner::start(app.clone()).map_err(|e| StartError::Other(e.to_string()))?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "listening");
    signals.next().await;
    tracing::info!("stopping; a second signal ends at once");
    readiness.end();
    let stopping = async {
        handle.stop(true).await;
        let served = serving.await;
        jobs.stop().await;
        app.db.shutdown().await;
        served
    };
    let served = tokio::select! {
        served = stopping => served,
        () = signals.next() => {
            tracing::warn!("a second signal: ended at once");
            std::process::exit(1);
        }
    };
    let ended = |cause: &dyn std::fmt::Display| StartError::Other(cause.to_string());
    served.map_err(|e| ended(&e))?.map_err(|e| ended(&e))?;
    tracing::info!("stopped");
    Ok(())
}

/// Says where the service listens, at once even into a pipe: scripts wait for this line. The
/// socket listens already, so who connects from now on is served.
fn announce(address: SocketAddr) -> Result<(), StartError> {
    let mut out = std::io::stdout().lock();
    let said = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
    said.map_err(|e| StartError::Other(format!("stdout cannot be written: {e}")))
}
