//! Joins the rooms and serves: builds the app, answers, stops in order.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App as ActixApp, HttpServer};

use crate::app::{App, Library, LibraryError, Passwords};
use crate::blobs::Blobs;
use crate::config::Settings;
use crate::edge::{TrustedProxies, around};
use crate::metrics::Metrics;
use crate::store::{Db, Options};
use crate::{clock, http};

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database does not open.
    #[error(transparent)]
    Database(#[from] crate::store::Error),
    /// The photo store does not open.
    #[error(transparent)]
    Blobs(#[from] crate::blobs::Error),
    /// The checklists do not load.
    #[error(transparent)]
    Library(#[from] LibraryError),
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
    let opened = tokio::task::spawn_blocking(move || Db::open(&url, Options::default())).await;
    let db = opened.map_err(|e| StartError::Other(e.to_string()))??;
    let blobs = Blobs::open(&settings.photos_url)?;
    let folder = settings.checklists.as_deref().map(Path::new);
    let library = Library::load(&db, folder, clock::now()).await?;
    Ok(App {
        db,
        blobs,
        library: Arc::new(library),
        metrics: Arc::new(Metrics::new().map_err(|e| StartError::Other(e.to_string()))?),
        photos: crate::app::photos::PhotoPool::default(),
        passwords: Passwords::new().map_err(|e| StartError::Other(e.to_string()))?,
        zone: settings.timezone,
    })
}

/// Adds every route.
pub fn routes(services: &mut ServiceConfig) {
    http::configure(services);
}

/// Listens, and answers once the returned server is awaited or spawned. What it says of its
/// address counts when the settings ask for port 0.
///
/// # Errors
/// [`StartError::Other`] when the address cannot be had.
pub fn listen(
    app: &App,
    settings: &Settings,
    stops_by: StopsBy,
) -> Result<(Server, SocketAddr), StartError> {
    let data = Data::new(app.clone());
    let trusted = Data::new(TrustedProxies(settings.trusted_proxies.clone()));
    let mut server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(data.clone())
            .app_data(trusted.clone())
            .configure(routes)
            .wrap(from_fn(around))
    })
    .shutdown_timeout(30);
    if stops_by == StopsBy::Handle {
        server = server.disable_signals().workers(1);
    }
    let cannot = |cause: &dyn std::fmt::Display| {
        StartError::Other(format!("cannot listen on {}: {cause}", settings.listen))
    };
    let server = server.bind(&settings.listen).map_err(|e| cannot(&e))?;
    let address = server.addrs().first().copied().ok_or_else(|| cannot(&"no such address"))?;
    Ok((server.run(), address))
}

/// What stops a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopsBy {
    /// SIGTERM or SIGINT to the process.
    Signal,
    /// Its handle: in tests, where one process holds several.
    Handle,
}

/// Serves until the process is told to stop, then stops in order.
///
/// # Errors
/// [`StartError`].
pub async fn serve(app: App, settings: &Settings) -> Result<(), StartError> {
    let (running, address) = listen(&app, settings, StopsBy::Signal)?;
    println!("listening on http://{address}");
    running.await.map_err(|e| StartError::Other(e.to_string()))?;
    app.db.shutdown().await;
    Ok(())
}
