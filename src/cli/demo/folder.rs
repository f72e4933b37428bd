//! The folder of the demo: whose it is, how far it was made, and the logins in it. A folder
//! with anybody else's database is left alone.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use vigila_core::domain::{Role, Username};

use super::Failure;

/// Names, passwords and roles, a line each.
const LOGINS: &str = "logins.txt";
/// Lies there while the sample is being made.
const UNFINISHED: &str = "unfinished";
/// Held by the demo that runs.
const LOCK: &str = "demo.lock";
/// The database and the photos, where `Settings::embedded` puts them.
const DATABASE: &str = "vigila.db";
const PHOTOS: &str = "vigila-photos";

/// Somebody who can sign in to the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Login {
    pub name: Username,
    pub password: String,
    pub role: Role,
}

/// How far a demo was made.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing is there.
    New,
    /// All of it.
    Ready(Vec<Login>),
}

/// The folder of a demo, held by this process.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder where it is missing, and holds it against a second demo.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let failed = |e: io::Error| Failure::new(format!("the folder {shown} cannot be used: {e}"));
        fs::create_dir_all(path).map_err(failed)?;
        let path = path.canonicalize().map_err(failed)?;
        let lock = File::create(path.join(LOCK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(Failure::new(format!(
                "another `vigila demo` runs in {shown}: stop it, or name another folder with --dir"
            ))),
            Err(TryLockError::Error(e)) => Err(failed(e)),
        }
    }

    /// Its path, without links and dots.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How far the demo in it was made. What an interrupted start left is removed.
    pub fn state(&self) -> Result<State, Failure> {
        let has = |name: &str| self.path.join(name).exists();
        if has(UNFINISHED) {
            self.clear().map_err(|e| self.failed(e))?;
        }
        if has(DATABASE) && has(LOGINS) {
            let text = fs::read_to_string(self.path.join(LOGINS)).map_err(|e| self.failed(e))?;
            return read_logins(&text).map(State::Ready).ok_or_else(|| {
                Failure::new(format!(
                    "{} cannot be read: remove the folder to begin anew",
                    self.path.join(LOGINS).display()
                ))
            });
        }
        if has(DATABASE) || has(PHOTOS) {
            return Err(Failure::new(format!(
                "{} holds a database or photos that no demo made: name another folder with --dir",
                self.path.display()
            )));
        }
        Ok(State::New)
    }

    /// Notes that the sample is being made, and keeps the logins.
    pub fn begin(&self, logins: &[Login]) -> Result<(), Failure> {
        let write = || {
            File::create(self.path.join(UNFINISHED))?.sync_all()?;
            self.sync()?;
            let text: String = logins
                .iter()
                .map(|Login { name, password, role }| format!("{name} {password} {role}\n"))
                .collect();
            // One that lies there may be readable by others, and would stay so.
            remove(&self.path.join(LOGINS))?;
            let mut options = OpenOptions::new();
            let mut file =
                options.write(true).create_new(true).mode(0o600).open(self.path.join(LOGINS))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|e| self.failed(e))
    }

    /// Notes that all of it is there.
    pub fn finish(&self) -> Result<(), Failure> {
        let done = fs::remove_file(self.path.join(UNFINISHED)).and_then(|()| self.sync());
        done.map_err(|e| self.failed(e))
    }

    fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            // The database has companions, such as its log, that begin with its name.
            if entry.file_name().to_string_lossy().starts_with(DATABASE) {
                remove(&entry.path())?;
            }
        }
        let photos = self.path.join(PHOTOS);
        if photos.exists() {
            fs::remove_dir_all(photos)?;
        }
        remove(&self.path.join(LOGINS))?;
        remove(&self.path.join(UNFINISHED))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    fn failed(&self, cause: io::Error) -> Failure {
        Failure::new(format!("the folder {} cannot be used: {cause}", self.path.display()))
    }
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn read_logins(text: &str) -> Option<Vec<Login>> {
    let line = |line: &str| {
        let mut words = line.split(' ');
        let name = words.next()?.parse().ok()?;
        let password = words.next()?.to_owned();
        let role = words.next()?.parse().ok()?;
        words.next().is_none().then_some(Login { name, password, role })
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn logins() -> Vec<Login> {
        let password = "a-long-word".to_owned();
        vec![Login { name: "viewer-1".parse().unwrap(), password, role: Role::Viewer }]
    }

    #[test]
    fn what_was_finished_is_used_again() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(&place.path().join("a/b")).unwrap();
        assert_eq!(folder.state().unwrap(), State::New);
        folder.begin(&logins()).unwrap();
        let file = folder.path().join(LOGINS);
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(folder.path().join(DATABASE), "").unwrap();
        folder.finish().unwrap();
        assert_eq!(folder.state().unwrap(), State::Ready(logins()));
    }

    #[test]
    fn what_was_interrupted_begins_anew() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::open(place.path()).unwrap();
        folder.begin(&logins()).unwrap();
        fs::write(place.path().join("vigila.db-wal"), "").unwrap();
        fs::write(place.path().join(DATABASE), "").unwrap();
        fs::create_dir_all(place.path().join(PHOTOS).join("2026")).unwrap();
        assert_eq!(folder.state().unwrap(), State::New);
        let left: Vec<_> = fs::read_dir(place.path()).unwrap().map(|e| e.unwrap()).collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }

    #[test]
    fn the_database_of_others_is_left_alone() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(DATABASE), "precious").unwrap();
        let folder = Folder::open(place.path()).unwrap();
        assert!(folder.state().unwrap_err().to_string().contains("--dir"));
        assert_eq!(fs::read_to_string(place.path().join(DATABASE)).unwrap(), "precious");
    }

    #[test]
    fn one_demo_at_a_time_in_a_folder() {
        let place = tempfile::tempdir().unwrap();
        let first = Folder::open(place.path()).unwrap();
        assert!(Folder::open(place.path()).unwrap_err().to_string().contains("another"));
        drop(first);
        Folder::open(place.path()).unwrap();
    }
}
