//! Photos at rest: a folder, an S3 store, or memory for tests. Keys are never reused, so
//! nothing here relies on conditional writes. Knows no photo and no table.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
};

/// How often a request to an S3 store is tried again, and for how long at most. The phone that
/// waits for the answer tries again by itself: left to its defaults the client of the store
/// would keep it for minutes.
const RETRIES: usize = 2;
const RETRY_TIME: Duration = Duration::from_secs(10);
/// How long a connection to an S3 store may take, and one request with its body.
const CONNECT_TIME: Duration = Duration::from_secs(3);
const REQUEST_TIME: Duration = Duration::from_secs(20);

/// Why a photo could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The setting names no store.
    #[error("the photo store URL does not do: {0}")]
    BadUrl(String),
    /// Nothing lies under this key.
    #[error("nothing lies under the key")]
    Missing,
    /// The store cannot be reached or refuses. Worth a later try.
    #[error("the photo store failed")]
    Store(#[source] object_store::Error),
}

/// The photo store. Clones share it.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
}

impl Blobs {
    /// Opens the store at `file:///FOLDER`, `s3://BUCKET/PREFIX` (with the usual `AWS_*`
    /// variables) or `memory:` (tests).
    ///
    /// # Errors
    /// [`Error::BadUrl`] when the URL names no such store or the folder cannot be made.
    pub fn open(url: &str) -> Result<Self, Error> {
        if url == "memory:" {
            return Ok(Self { store: Arc::new(InMemory::new()), prefix: Path::default() });
        }
        if let Some(folder) = url.strip_prefix("file://") {
            return Self::folder(std::path::Path::new(folder));
        }
        let Some(rest) = url.strip_prefix("s3://") else {
            return Err(Error::BadUrl("it begins with file:// or s3://".into()));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let plain_http = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|u| u.starts_with("http://"));
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_client_options(
                ClientOptions::new()
                    .with_allow_http(plain_http)
                    .with_connect_timeout(CONNECT_TIME)
                    .with_timeout(REQUEST_TIME),
            )
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: RETRIES,
                retry_timeout: RETRY_TIME,
            })
            .build()
            .map_err(|e| Error::BadUrl(e.to_string()))?;
        Ok(Self { store: Arc::new(store), prefix: Path::from(prefix) })
    }

    fn folder(folder: &std::path::Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|e| Error::BadUrl(e.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(folder)
            .map_err(|e| Error::BadUrl(e.to_string()))?
            // Without it a photo could be acknowledged and lost with the power.
            .with_fsync(true);
        Ok(Self { store: Arc::new(store), prefix: Path::default() })
    }

    fn path(&self, key: &str) -> Path {
        self.prefix.parts().chain(Path::from(key).parts()).collect()
    }

    /// Writes bytes under a new key; on return they are on durable storage.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), Error> {
        let put = self.store.put(&self.path(key), PutPayload::from_bytes(bytes)).await;
        put.map(|_| ()).map_err(Error::Store)
    }

    /// Removes what lies under a key; that nothing does is as good.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.store.delete(&self.path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::Store(error)),
        }
    }

    /// Reads what lies under a key.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Store`].
    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        let read = async { self.store.get(&self.path(key)).await?.bytes().await };
        read.await.map_err(|error| match error {
            object_store::Error::NotFound { .. } => Error::Missing,
            error => Error::Store(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The setting cannot be asked for, but it is shown; that a file outlives a loss of power
    /// cannot be tried here.
    #[test]
    fn a_folder_makes_photos_durable_before_it_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&format!("file://{}", folder.path().display())).unwrap();
        let shown = format!("{:?}", blobs.store);
        assert!(shown.contains("fsync: true"), "{shown}");
    }
}
