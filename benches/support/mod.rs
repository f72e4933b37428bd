//! What measurements share: the built service as a process of its own, a client that costs
//! next to nothing, and percentiles. Knows no operation but signing in.

mod percentile;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant as Timer;

pub use percentile::percentile;

/// The password of everybody in a measurement.
pub const PASSWORD: &str = "a long pass phrase";

/// The service under measurement.
pub struct Service {
    child: Child,
    /// Host and port.
    pub address: String,
    /// The token of who signed in last.
    pub token: String,
    /// From the command to the line `listening on`, in milliseconds.
    pub started: f64,
}

impl Service {
    /// Starts it in a folder, on its own SQLite file there or on the database of this URL.
    pub fn start(folder: &Path, database: Option<&str>) -> Self {
        let began = Timer::now();
        let mut child = command(folder, database)
            .arg("serve")
            .env("VIGILA_LISTEN", "127.0.0.1:0")
            .env("VIGILA_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("started");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let started = began.elapsed().as_secs_f64() * 1000.0;
        let address = line.trim().rsplit("http://").next().expect("an address").to_owned();
        Self { child, address, token: String::new(), started }
    }

    /// Signs somebody in, whose token all later requests carry.
    pub fn sign_in(&mut self, name: &str) {
        let body = serde_json::json!({ "username": name, "password": PASSWORD }).to_string();
        let mut connection = Connection::open(&self.address);
        let (status, body) = connection.send("POST", "/api/v1/sessions", "", &body);
        assert_eq!(status, 201, "{body}");
        let value: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        self.token = value["token"].as_str().expect("a token").to_owned();
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).expect("/proc")
    }

    /// User and system time so far, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&self.proc("stat")).expect("times")
    }

    /// A line of the process's status, in MB.
    pub fn memory(&self, name: &str) -> f64 {
        megabytes(&self.proc("status"), name).expect("a line in kB")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The built program in a folder, on its own SQLite file there or on the database of this URL.
pub fn command(folder: &Path, database: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigila"));
    let photos = format!("file://{}/photos", folder.display());
    command.current_dir(folder).env("VIGILA_PHOTOS_URL", photos);
    if let Some(url) = database {
        command.env("VIGILA_DATABASE_URL", url);
    }
    command
}

/// User and system time in `/proc/PID/stat`, in seconds; a tick of Linux is 10 ms.
pub fn cpu_seconds(stat: &str) -> Option<f64> {
    // The name of the program stands in parentheses and may hold anything.
    let fields: Vec<&str> = stat.rsplit(") ").next()?.split(' ').collect();
    let ticks = |index: usize| fields.get(index)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// A line of `/proc/PID/status` that is in kB, in MB; none of a process that ended.
pub fn megabytes(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find(|line| line.starts_with(name))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1000.0)
}

/// A keep-alive connection: as little client as HTTP/1.1 allows, since it shares the cores.
pub struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    /// Connects.
    pub fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self { stream: BufReader::new(stream), address: address.to_owned() }
    }

    /// Sends a request, and reads status and body of the answer.
    pub fn send(&mut self, method: &str, path: &str, token: &str, body: &str) -> (u16, String) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let whole = [head.as_bytes(), body.as_bytes()].concat();
        self.stream.get_mut().write_all(&whole).expect("sent");
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a status");
        let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("a header");
            let header = line.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer).expect("a body");
        (status, String::from_utf8_lossy(&answer).into_owned())
    }
}
