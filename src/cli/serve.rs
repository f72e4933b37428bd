//! `vigila serve`.

use super::Failure;
use crate::config::Settings;
use crate::server;

pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    tracing::debug!(?settings, "starting");
    let app = server::build(settings).await?;
    Ok(server::serve(app, settings).await?)
}
