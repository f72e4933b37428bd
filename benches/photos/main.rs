//! Processor time of the photo pipeline for the files named: hash, EXIF, both copies,
//! fingerprint and measures. `compare.py` runs it beside others.
//!
//!   cargo bench -p vigila-core --bench photos -- RUNS FILE…
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a program that measures")]

use vigila_core::photo::{examine, sha256_hex};

/// Nanoseconds that this thread was on a processor.
fn busy() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let runs: u32 = arguments.next().unwrap().parse().unwrap();
    for file in arguments {
        for _ in 0..runs {
            let before = busy();
            let bytes = std::fs::read(&file).unwrap();
            let name = sha256_hex(&bytes);
            let picture = examine(&bytes).unwrap();
            let spent = (busy() - before) as f64 / 1e6;
            assert!(name.len() == 64 && !picture.damaged);
            println!("{file} {spent:.2}");
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("peak {}", peak.trim());
}
