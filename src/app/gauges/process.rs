//! What is looked at of this process and its stores when somebody asks: connections, memory
//! for photos, sizes, the model in force. Sizes cost a look at much, so they are half a minute
//! old at most.

use vigila_core::domain::Instant;

use crate::app::{App, Error};
use crate::store::{photos, sizes};

/// How old a size may become, in seconds.
const SIZES_SECONDS: f64 = 30.0;

/// What the stores hold, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    at: Instant,
    database: i64,
    photos: i64,
}

/// Sets the gauges that are looked at.
///
/// # Errors
/// When the database fails.
#[expect(clippy::cast_precision_loss, reason = "bytes fit 2^53")]
pub async fn look(app: &App, now: Instant) -> Result<(), Error> {
    let gauges = &app.metrics.looked_at;
    let sizes = sizes_of(app, now).await?;
    gauges.database_size.set(sizes.database as f64);
    gauges.photo_store.set(sizes.photos as f64);
    let (used, budget) = app.photos.memory();
    gauges.photo_memory_used.set(used as f64);
    gauges.photo_memory_budget.set(budget as f64);
    let connections = app.db.connections();
    gauges.set_connections(connections.busy, connections.idle);
    gauges.connections_max.set(f64::from(connections.max));
    let model = &app.library.model(now).version;
    gauges.set_model(&model.code, &model.version);
    Ok(())
}

/// As of this half minute. Who asks while another looks waits for what that one finds.
async fn sizes_of(app: &App, now: Instant) -> Result<Sizes, Error> {
    let mut known = app.gauges.sizes.lock().await;
    if let Some(sizes) = known.filter(|sizes| now.seconds_since(sizes.at).abs() < SIZES_SECONDS) {
        return Ok(sizes);
    }
    let read = app.db.read(|conn| Ok((sizes::database_bytes(conn)?, photos::held_bytes(conn)?)));
    let (database, photos) = read.await?;
    let sizes = Sizes { at: now, database, photos };
    *known = Some(sizes);
    Ok(sizes)
}
