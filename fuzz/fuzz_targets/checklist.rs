//! Whatever lies in the folder of checklists is read and linted with findings that name a line
//! of the file; what has no error can be used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigila_core::checklist::{Instrument, Level, SourceFile, read_file_set};

fuzz_target!(|text: &str| {
    let file = SourceFile { name: "fuzzed.yaml".to_owned(), text: text.to_owned() };
    let (set, findings) = read_file_set(&[file]);
    if findings.iter().all(|finding| finding.level != Level::Error) {
        for loaded in set.checklists {
            assert!(Instrument::new(loaded.document).is_ok(), "linted, and yet not usable");
        }
    }
});
