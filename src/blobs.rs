//! Photos at rest: a folder, an S3 store, or memory for tests. Keys are never reused, so
//! nothing here relies on conditional writes. Knows no photo and no table.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3, AmazonS3Builder};
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
    /// The store does not accept the credentials. Worth a later try, because only an operator
    /// can mend it and the phone has the only copy.
    #[error(
        "the photo store refuses: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to a key that may \
         read, write, list and delete"
    )]
    Refused(#[source] object_store::Error),
    /// The store cannot be reached or fails. Worth a later try.
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
        let variables = std::env::vars_os();
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::open_in(url, variables.filter_map(readable))
    }

    /// The same, with these variables instead of the process's own.
    ///
    /// # Errors
    /// Those of [`Blobs::open`].
    pub fn open_in(
        url: &str,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Error> {
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
        let store = s3(bucket, variables).map_err(|e| Error::BadUrl(e.to_string()))?;
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

    /// Writes bytes under a new key, in one request and without copying them; on return they
    /// are on durable storage.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Store`].
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), Error> {
        let put = self.store.put(&self.path(key), PutPayload::from_bytes(bytes)).await;
        put.map(|_| ()).map_err(Error::of)
    }

    /// Reads what lies under a key.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Store`].
    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        let read = async { self.store.get(&self.path(key)).await?.bytes().await };
        read.await.map_err(Error::of)
    }

    /// What lies under a key, piece by piece.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Store`], now or with a piece.
    pub async fn read(&self, key: &str) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        let found = self.store.get(&self.path(key)).await.map_err(Error::of)?;
        Ok(found.into_stream().map_err(Error::of).boxed())
    }

    /// Removes what lies under a key. That nothing lies there is as good.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.store.delete(&self.path(key)).await.map_err(Error::of) {
            Err(Error::Missing) => Ok(()),
            done => done,
        }
    }

    /// Everything below a folder of keys, in no order.
    #[must_use]
    pub fn list(&self, folder: &str) -> BoxStream<'static, Result<Listed, Error>> {
        let before = self.prefix.parts().count();
        let listed = self.store.list(Some(&self.path(folder)));
        let named = move |found: object_store::ObjectMeta| {
            let key: Path = found.location.parts().skip(before).collect();
            Listed { key: key.to_string(), written_at: found.last_modified }
        };
        listed.map_ok(named).map_err(Error::of).boxed()
    }
}

/// Something in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// When it was written, by the store's clock.
    pub written_at: DateTime<Utc>,
}

impl Error {
    fn of(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::Missing,
            object_store::Error::Unauthenticated { .. }
            | object_store::Error::PermissionDenied { .. } => Self::Refused(error),
            error => Self::Store(error),
        }
    }
}

fn s3(
    bucket: &str,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<AmazonS3, object_store::Error> {
    let (mut builder, mut plain_http) = (AmazonS3Builder::new(), false);
    for (name, value) in variables {
        plain_http |= name == "AWS_ENDPOINT_URL" && value.starts_with("http://");
        if let (true, Ok(key)) = (name.starts_with("AWS_"), name.to_ascii_lowercase().parse()) {
            builder = builder.with_config(key, value);
        }
    }
    builder
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

    #[tokio::test]
    async fn what_is_listed_can_be_read_and_removed_by_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(&format!("file://{}", folder.path().display())).unwrap();
        for key in ["2026/11/25/a/original", "2026/11/25/b/original", "2026/11/2/c/original"] {
            blobs.put(key, Bytes::from_static(b"bytes")).await.unwrap();
        }
        let keys = async |folder: &str| -> Vec<String> {
            let listed: Vec<Listed> = blobs.list(folder).try_collect().await.unwrap();
            let mut keys: Vec<String> = listed.into_iter().map(|found| found.key).collect();
            keys.sort();
            keys
        };
        let both = ["2026/11/25/a/original", "2026/11/25/b/original"];
        assert_eq!(keys("2026/11/25").await, both, "2026/11/2 is another folder");
        let read: Vec<Bytes> = blobs.read(both[0]).await.unwrap().try_collect().await.unwrap();
        assert_eq!(read.concat(), b"bytes");
        blobs.delete(both[0]).await.unwrap();
        blobs.delete(both[0]).await.unwrap();
        assert!(matches!(blobs.get(both[0]).await, Err(Error::Missing)));
        assert!(matches!(blobs.read(both[0]).await.err(), Some(Error::Missing)));
        assert_eq!(keys("2026/11/25").await, both[1..]);
        assert_eq!(keys("2027").await, [""; 0]);
    }
}
