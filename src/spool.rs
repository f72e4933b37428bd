//! Bytes on their way in. They are hashed while they arrive and lie on disk meanwhile, so that
//! however many phones send slowly, they hold no memory to speak of. Knows no photo, no key
//! and no table. The files have no name: whatever ends the process, nothing stays behind.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use vigila_core::photo::Hasher;

/// Bytes that are held in memory before they go to disk, and so the most that a body which is
/// still coming holds. What is smaller never touches the disk.
const PIECE: usize = 128 * 1024;

/// Why bytes could not be kept for the moment.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The setting names no folder that can be written to.
    #[error(
        "incoming photos cannot be kept in {} ({cause}): set VIGILA_SPOOL to a folder on a disk that can be written to", .folder.display()
    )]
    BadFolder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// There are more bytes than are taken.
    #[error("more bytes than are taken")]
    TooLarge,
    /// The disk is full or failed. Worth a later try.
    #[error("the spool failed")]
    Disk(#[from] io::Error),
}

/// The folder where bytes lie while they come in. Clones share it.
#[derive(Debug, Clone)]
pub struct Spool {
    folder: Arc<Path>,
}

impl Spool {
    /// Opens the folder, makes it if it is missing, and tries to write in it.
    ///
    /// # Errors
    /// [`Error::BadFolder`].
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let tried = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
        match tried.and_then(|mut file| file.write_all(b"tried")) {
            Ok(()) => Ok(Self { folder: folder.into() }),
            Err(cause) => Err(Error::BadFolder { folder: folder.to_owned(), cause }),
        }
    }

    /// Begins to take in at most so many bytes.
    #[must_use]
    pub fn begin(&self, most: u64) -> Arriving {
        Arriving {
            folder: Arc::clone(&self.folder),
            most,
            size: 0,
            waiting: Vec::new(),
            written: Some(Written::default()),
        }
    }
}

/// Bytes that are coming in.
#[derive(Debug)]
pub struct Arriving {
    folder: Arc<Path>,
    most: u64,
    size: u64,
    waiting: Vec<u8>,
    /// None while a thread has it, and for good if that was never heard of again.
    written: Option<Written>,
}

/// What is hashed, and written but for what fits into one piece.
#[derive(Debug, Default)]
struct Written {
    hasher: Hasher,
    file: Option<File>,
}

impl Written {
    fn add(&mut self, piece: &[u8], folder: &Path) -> io::Result<()> {
        self.hasher.update(piece);
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(folder)?),
        };
        file.write_all(piece)
    }
}

impl Arriving {
    /// Adds the next bytes.
    ///
    /// # Errors
    /// [`Error::TooLarge`], and then these bytes are not added; [`Error::Disk`], after which
    /// the others fail too.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let size = self.size + bytes.len() as u64;
        if size > self.most {
            return Err(Error::TooLarge);
        }
        self.size = size;
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() < PIECE {
            return Ok(());
        }
        let mut piece = std::mem::take(&mut self.waiting);
        let (mut written, folder) = (self.take()?, Arc::clone(&self.folder));
        // Off the server's threads: others are answered while this is hashed and written.
        let adding = tokio::task::spawn_blocking(move || {
            written.add(&piece, &folder)?;
            piece.clear();
            Ok::<_, io::Error>((written, piece))
        });
        let (written, piece) = adding.await.map_err(io::Error::other)??;
        (self.written, self.waiting) = (Some(written), piece);
        Ok(())
    }

    /// Adds bytes that came in elsewhere.
    ///
    /// # Errors
    /// Those of [`Arriving::push`].
    pub async fn append(&mut self, other: Spooled) -> Result<(), Error> {
        let mut file = match other.place {
            Place::Memory(bytes) => return self.push(&bytes).await,
            Place::Disk(file) => file,
        };
        file.rewind()?;
        let mut piece = vec![0; PIECE];
        loop {
            let reading = tokio::task::spawn_blocking(move || {
                let read = file.read(&mut piece)?;
                Ok::<_, io::Error>((read, file, piece))
            });
            let read;
            (read, file, piece) = reading.await.map_err(io::Error::other)??;
            match read {
                0 => return Ok(()),
                read => self.push(&piece[..read]).await?,
            }
        }
    }

    /// All have come.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub async fn finish(mut self) -> Result<Spooled, Error> {
        let (size, last) = (self.size, std::mem::take(&mut self.waiting));
        let (mut written, folder) = (self.take()?, Arc::clone(&self.folder));
        let finishing = tokio::task::spawn_blocking(move || {
            let place = if written.file.is_none() {
                written.hasher.update(&last);
                Place::Memory(last.into())
            } else {
                written.add(&last, &folder)?;
                written.file.map_or(Place::Memory(Bytes::new()), Place::Disk)
            };
            Ok::<_, io::Error>(Spooled { sha256: written.hasher.finish(), size, place })
        });
        Ok(finishing.await.map_err(io::Error::other)??)
    }

    fn take(&mut self) -> io::Result<Written> {
        self.written.take().ok_or_else(|| io::Error::other("an earlier write failed"))
    }
}

/// Bytes that came in whole.
#[derive(Debug)]
pub struct Spooled {
    sha256: String,
    size: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Memory(Bytes),
    Disk(File),
}

impl Spooled {
    /// Their SHA-256 in lower-case hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many they are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Reads them, into memory of just their size.
    ///
    /// # Errors
    /// [`Error::Disk`].
    pub async fn into_bytes(self) -> Result<Bytes, Error> {
        let mut file = match self.place {
            Place::Memory(bytes) => return Ok(bytes),
            Place::Disk(file) => file,
        };
        let size = usize::try_from(self.size).map_err(io::Error::other)?;
        let reading = tokio::task::spawn_blocking(move || {
            file.rewind()?;
            let mut bytes = vec![0; size];
            file.read_exact(&mut bytes)?;
            Ok::<_, io::Error>(Bytes::from(bytes))
        });
        Ok(reading.await.map_err(io::Error::other)??)
    }
}

#[cfg(test)]
mod tests {
    use vigila_core::photo::sha256_hex;

    use super::*;

    async fn spooled(spool: &Spool, bytes: &[u8], step: usize) -> Spooled {
        let mut arriving = spool.begin(1_000_000);
        for piece in bytes.chunks(step) {
            arriving.push(piece).await.unwrap();
        }
        arriving.finish().await.unwrap()
    }

    #[tokio::test]
    async fn bytes_come_back_as_they_came_and_leave_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path()).unwrap();
        let all: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
        let sizes = [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, all.len()];
        for (size, step) in sizes.into_iter().flat_map(|size| [(size, 1_460), (size, 1 << 20)]) {
            let spooled = spooled(&spool, &all[..size], step).await;
            assert_eq!(spooled.size(), size as u64);
            assert_eq!(spooled.sha256(), sha256_hex(&all[..size]), "{size} by {step}");
            assert_eq!(matches!(spooled.place, Place::Disk(_)), size >= PIECE, "{size}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "no name is seen");
            assert_eq!(spooled.into_bytes().await.unwrap(), all[..size], "{size} by {step}");
        }
    }

    #[tokio::test]
    async fn bytes_can_come_from_elsewhere() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path()).unwrap();
        let parts = [vec![1; 10], vec![2; 3 * PIECE + 7], vec![], vec![3; PIECE]];
        let mut whole = spool.begin(1_000_000);
        for part in &parts {
            whole.append(spooled(&spool, part, 9_999).await).await.unwrap();
        }
        let whole = whole.finish().await.unwrap();
        assert_eq!(whole.sha256(), sha256_hex(&parts.concat()));
        assert_eq!(whole.into_bytes().await.unwrap(), parts.concat());
    }

    #[tokio::test]
    async fn what_is_still_coming_holds_one_piece_at_most() {
        let folder = tempfile::tempdir().unwrap();
        let mut arriving = Spool::open(folder.path()).unwrap().begin(u64::MAX);
        for _ in 0..1_000 {
            arriving.push(&[7; 1_460]).await.unwrap();
            assert!(arriving.waiting.capacity() <= 2 * PIECE, "{}", arriving.waiting.capacity());
        }
    }

    #[tokio::test]
    async fn the_limit_is_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let mut arriving = Spool::open(folder.path()).unwrap().begin(10);
        arriving.push(&[1; 10]).await.unwrap();
        assert!(matches!(arriving.push(&[1]).await, Err(Error::TooLarge)));
        assert_eq!(arriving.finish().await.unwrap().size(), 10);
    }

    #[tokio::test]
    async fn a_disk_that_fails_is_said_and_what_follows_fails_too() {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path()).unwrap();
        folder.close().unwrap();
        let mut arriving = spool.begin(u64::MAX);
        assert!(matches!(arriving.push(&vec![1; PIECE]).await, Err(Error::Disk(_))));
        arriving.push(b"more").await.unwrap();
        assert!(matches!(arriving.finish().await, Err(Error::Disk(_))), "bytes are missing");
    }

    #[test]
    fn a_folder_that_does_not_do_is_said_with_the_setting() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let said = Spool::open(&file.join("spool")).unwrap_err().to_string();
        assert!(said.contains("VIGILA_SPOOL") && said.contains("file/spool"), "{said}");
        Spool::open(&folder.path().join("new/folder")).unwrap();
    }
}
