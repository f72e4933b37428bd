//! What a program takes: time on the clock, processor time, and memory at its peak.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant as Timer};

use crate::support::{cpu_seconds, megabytes};

/// How often a process is asked for its peak: the peak itself is kept by the system.
const EVERY: Duration = Duration::from_millis(5);

/// What a program took.
#[derive(Debug)]
pub struct Usage {
    /// On the clock.
    pub wall: Duration,
    /// User and system time of all its threads, in seconds.
    pub cpu: f64,
    /// Most memory that it held at once (VmHWM), in MB.
    pub peak: f64,
    /// What it printed.
    pub output: String,
}

/// Runs a program to its end. One that fails is a surprise.
pub fn measured(mut command: Command) -> Usage {
    let began = Timer::now();
    let mut child = command.stdout(Stdio::piped()).spawn().expect("started");
    let mut out = child.stdout.take().expect("its output");
    let reader = thread::spawn(move || {
        let mut output = String::new();
        out.read_to_string(&mut output).expect("its output");
        output
    });
    let mut peak = 0.0;
    // Nobody waits for it before it ended: until then its times stay to be read.
    let stat = loop {
        peak = proc(&child, "status").and_then(|s| megabytes(&s, "VmHWM")).unwrap_or(peak);
        let stat = proc(&child, "stat").expect("its times");
        if stat.contains(") Z ") {
            break stat;
        }
        thread::sleep(EVERY);
    };
    let wall = began.elapsed();
    let cpu = cpu_seconds(&stat).expect("its times");
    assert!(child.wait().expect("ended").success(), "{command:?} failed");
    Usage { wall, cpu, peak, output: reader.join().expect("its output") }
}

fn proc(child: &Child, file: &str) -> Option<String> {
    std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).ok()
}
