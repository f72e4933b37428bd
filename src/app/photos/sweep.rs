//! Files that no row names: a process died between storing and recording, or another phone was
//! faster. Each day of the photo store is searched once, when nothing can come to it any more.
//! Keys tell the day, the visit and the photo, so a day is searched without reading history.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use chrono::{DateTime, Days, Utc};
use futures_util::TryStreamExt;
use uuid::Uuid;
use vigila_core::domain::{Day, InspectionId, Instant, Sha256};

use crate::app::{App, Error};
use crate::blobs::{self, Listed};
use crate::store::photos::{self, Sweep};

/// How old a file is at least that is removed, by its key and by the store's clock.
const DAYS: u64 = 1;
/// How many files are looked at together.
const AT_ONCE: usize = 500;
/// Where the store says whose it is.
const OWNER: &str = "owner";

/// Removes files older than a day that no row names; gives how many. The days before this
/// database first saw the store are left alone, and so is the store of another database:
/// what that one's rows name is not known here.
///
/// # Errors
/// Those of the database and of the store; then the day is searched again.
pub async fn sweep_orphans(app: &App, now: Instant) -> Result<u64, Error> {
    let today = now.utc().date_naive();
    let begin = Sweep { owner: Uuid::now_v7(), swept_until: today - Days::new(1) };
    let sweep = app.db.write(move |conn| photos::find_or_begin(conn, begin)).await?;
    if !owns_the_store(app, sweep.owner).await? {
        return Ok(0);
    }
    let before = now.utc() - Days::new(DAYS);
    let mut removed = 0;
    let mut day = sweep.swept_until + Days::new(1);
    while day + Days::new(DAYS) < today {
        let (count, whole) = sweep_day(app, day, before).await?;
        removed += count;
        if !whole {
            break;
        }
        app.db.write(move |conn| photos::set_swept(conn, day)).await?;
        day = day + Days::new(1);
    }
    if removed > 0 {
        tracing::info!(removed, "files that no row names were removed from the photo store");
    }
    Ok(removed)
}

/// Whether the store says that it is this database's. One that says nothing is told, and is
/// searched from the next time on.
async fn owns_the_store(app: &App, owner: Uuid) -> Result<bool, Error> {
    let said = app.blobs.get(OWNER).await;
    match said {
        Ok(said) if said == owner.to_string() => Ok(true),
        Ok(_) => {
            tracing::error!(
                "the photo store belongs to another database (its file `{OWNER}` says so) and is \
                 not searched for leftovers: give each database a photo store of its own"
            );
            Ok(false)
        }
        Err(blobs::Error::Missing) => {
            app.blobs.put(OWNER, owner.to_string().into()).await?;
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

/// Searches a day; gives how many files were removed, and whether none was too young to be
/// judged.
async fn sweep_day(app: &App, day: Day, before: DateTime<Utc>) -> Result<(u64, bool), Error> {
    let folder = day.format("%Y/%m/%d").to_string();
    let mut listed = app.blobs.list(&folder).try_chunks(AT_ONCE);
    let (mut removed, mut whole) = (0, true);
    loop {
        let some = listed.try_next().await.map_err(|error| Error::Blobs(error.1))?;
        let Some(some) = some else { break };
        let found = some.len();
        let old: Vec<Listed> = some.into_iter().filter(|file| file.written_at < before).collect();
        whole &= old.len() == found;
        for key in orphans(app, old).await? {
            app.blobs.delete(&key).await?;
            removed += 1;
        }
    }
    Ok((removed, whole))
}

/// Those of the files that no row names.
async fn orphans(app: &App, files: Vec<Listed>) -> Result<Vec<String>, Error> {
    let mut of_photos: HashMap<(InspectionId, Sha256), Vec<String>> = HashMap::new();
    for Listed { key, .. } in files {
        // What is not named as photos are was put there by somebody else.
        if let Some(photo) = photo_of(&key) {
            of_photos.entry(photo).or_default().push(key);
        }
    }
    let read = app.db.read(move |conn| {
        let mut orphans = Vec::new();
        for ((inspection, sha256), keys) in &of_photos {
            let named = photos::named_keys(conn, *inspection, sha256)?;
            let named: HashSet<String> = named.into_iter().collect();
            orphans.extend(keys.iter().filter(|key| !named.contains(*key)).cloned());
        }
        Ok(orphans)
    });
    Ok(read.await?)
}

/// The visit and the photo of a key: `yyyy/mm/dd/{inspection}/{sha256}/{attempt}/{name}`.
fn photo_of(key: &str) -> Option<(InspectionId, Sha256)> {
    let parts: Vec<&str> = key.split('/').collect();
    let [_, _, _, inspection, sha256, attempt, _] = parts[..] else { return None };
    Uuid::from_str(attempt).ok()?;
    Some((inspection.parse().ok()?, sha256.parse().ok()?))
}
