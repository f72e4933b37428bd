//! `vigila migrate`.

use super::{Failure, print};
use crate::config::Settings;
use crate::store;

pub(super) async fn run(settings: &Settings) -> Result<(), Failure> {
    let url = settings.database_url.clone();
    let task = tokio::task::spawn_blocking(move || store::migrate(&url));
    let applied = task.await.map_err(|e| Failure::of(&e))??;
    if applied.is_empty() {
        return print("the database is up to date\n");
    }
    print(&applied.iter().map(|version| format!("applied {version}\n")).collect::<String>())
}
