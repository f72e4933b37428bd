//! A real S3 server of a test's own, which can be killed and started again, over a folder that
//! can be looked into.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The server; it is killed when this is dropped.
pub struct S3 {
    program: String,
    folder: tempfile::TempDir,
    port: u16,
    child: Child,
}

const KEY: &str = "test-key";
/// The secret that it asks for.
pub const SECRET: &str = "test-secret";

impl S3 {
    /// Starts one with the empty bucket `photos`; none where `VIGILA_TEST_S3` does not name the
    /// program (`tests/tools/s3.sh` does).
    pub async fn start() -> Option<Self> {
        let program = std::env::var("VIGILA_TEST_S3").ok()?;
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("photos")).unwrap();
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut child = run(&program, folder.path(), port);
            if answers(&mut child, port).await {
                return Some(Self { program, folder, port, child });
            }
        }
        panic!("{program} does not start");
    }

    /// Where it answers.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The variables that lead to it, by way of `endpoint`, and the setting. The prefix is short:
    /// this server writes a file beside each object whose name holds the key in Base64, and a
    /// file's name has 255 bytes at most.
    pub fn settings(endpoint: String) -> Vec<(&'static str, String)> {
        vec![
            ("VIGILA_PHOTOS_URL", "s3://photos/p".to_owned()),
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_ACCESS_KEY_ID", KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET.to_owned()),
        ]
    }

    /// Ends it as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again on the same port and the same folder.
    pub async fn start_again(&mut self) {
        self.child = run(&self.program, self.folder.path(), self.port);
        assert!(answers(&mut self.child, self.port).await, "it does not start again");
    }

    /// The files of photos, by key without the prefix, with where they lie.
    pub fn files(&self) -> Vec<(String, PathBuf)> {
        let root = self.folder.path().join("photos/p");
        let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            for path in entries.map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let key = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    found.push((key, path));
                }
            }
        }
        // Whose the store is, is written at the top.
        found.retain(|(key, _)| key.contains('/'));
        found.sort();
        found
    }
}

fn run(program: &str, folder: &Path, port: u16) -> Child {
    Command::new(program)
        .args(["--host", "127.0.0.1", "--port", &port.to_string()])
        .args(["--access-key", KEY, "--secret-key", SECRET])
        .arg(folder)
        .env("RUST_LOG", "off")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

async fn answers(child: &mut Child, port: u16) -> bool {
    for _ in 0..1_000 {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

impl Drop for S3 {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
