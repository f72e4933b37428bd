//! A national history: ten years of visits to centres in all provinces, and what it costs to
//! look at a centre, at a province, and to add up all of it, beside DuckDB doing the same
//! sums. Prints tables; asserts nothing of time.
//!
//! ```text
//! VIGILA_BENCH_INSPECTIONS=1000 cargo bench --bench history     # a try, in seconds
//! cargo bench --bench history                                   # a million visits
//! cargo bench --bench history -- fill province                  # some parts of it
//! ```
//!
//! Parts: `fill`, `check`, `centres`, `province`, `rescore`, `duckdb`; all of them where none is
//! named.
//! A history that is there already is not written again:
//!
//! - `VIGILA_BENCH_FOLDER`: where `small.db` and `national.db` are kept (by default a
//!   temporary folder, gone at the end);
//! - `VIGILA_BENCH_INSPECTIONS`, `VIGILA_BENCH_CENTRES`: the size (1,000,000; nine for each
//!   thousand visits);
//! - `VIGILA_BENCH_POSTGRES`, `VIGILA_BENCH_POSTGRES_SMALL`: two databases instead of the
//!   files; DuckDB is then left out.
#![expect(clippy::expect_used, reason = "a measurement stops at the first surprise")]
#![expect(clippy::panic, reason = "a measurement stops at the first surprise")]
#![expect(clippy::cast_precision_loss, reason = "counts that a double holds")]
#![expect(clippy::cast_possible_truncation, reason = "small numbers, drawn from large ones")]

mod check;
mod country;
mod documents;
mod duckdb;
mod fill;
mod reading;
mod rescore;
#[path = "../support/mod.rs"]
mod support;
mod usage;

use std::path::{Path, PathBuf};

use actix_web::rt::{System, SystemRunner};

use self::country::Country;
use self::fill::Opened;
use self::reading::Served;

const PARTS: [&str; 6] = ["fill", "check", "centres", "province", "rescore", "duckdb"];
/// Visits and centres of the small history: as many visits to a centre as in the large one.
const SMALL: (usize, usize) = (1_000, 9);

/// A history and where it is.
struct History {
    url: String,
    /// Where it is a file.
    file: Option<PathBuf>,
    country: Country,
}

impl History {
    fn new(folder: &Path, name: &str, variable: &str, (visits, centres): (usize, usize)) -> Self {
        let country = Country::new(centres, visits);
        if let Ok(url) = std::env::var(variable) {
            return Self { url, file: None, country };
        }
        let file = folder.join(name);
        Self { url: format!("sqlite://{}", file.display()), file: Some(file), country }
    }

    fn open(&self, runtime: &SystemRunner, folder: &Path) -> Opened {
        runtime.block_on(fill::open(&self.url, folder))
    }

    fn fill(&self, runtime: &SystemRunner, folder: &Path) {
        let opened = self.open(runtime, folder);
        let (visits, centres) = (self.country.visits, self.country.centres.len());
        if runtime.block_on(opened.is_filled(&self.country)) {
            println!("{visits} visits to {centres} centres are there");
        } else {
            let took = opened.fill(runtime, &self.country).as_secs_f64();
            let rate = visits as f64 / took;
            println!("{visits} visits to {centres} centres written in {took:.0} s: {rate:.0}/s");
        }
        runtime.block_on(opened.app.db.shutdown());
        if let Some(file) = &self.file {
            let bytes = std::fs::metadata(file).expect("the file").len();
            println!("{:.2} GB, {} bytes a visit", bytes as f64 / 1e9, bytes / visits as u64);
        }
    }

    fn check(&self, runtime: &SystemRunner, folder: &Path) {
        let opened = self.open(runtime, folder);
        let scratch = tempfile::tempdir().expect("a folder");
        let count = runtime.block_on(check::check(&opened, &self.country, scratch.path()));
        runtime.block_on(opened.app.db.shutdown());
        println!("{count} of the visits are to the last bit what a submission leaves");
    }
}

fn number(variable: &str, otherwise: usize) -> usize {
    let text = std::env::var(variable).ok();
    text.map_or(otherwise, |text| text.parse().expect("a whole number"))
}

fn main() {
    let named: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    if let [first, url, model, folder] = &named[..]
        && first == rescore::FROM_DOCUMENTS
    {
        documents::what_if(&System::new(), url, Path::new(model), Path::new(folder));
        return;
    }
    if let Some(wrong) = named.iter().find(|part| !PARTS.contains(&part.as_str())) {
        panic!("{wrong} is none of {PARTS:?}");
    }
    let asks = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = std::env::var_os("VIGILA_BENCH_FOLDER");
    let folder = folder.map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    std::fs::create_dir_all(&folder).expect("a folder");
    // The service runs in there, where a relative name would be another.
    let folder = folder.canonicalize().expect("a folder");
    let visits = number("VIGILA_BENCH_INSPECTIONS", 1_000_000);
    let centres = number("VIGILA_BENCH_CENTRES", visits * 9 / 1_000).max(1);
    let small = History::new(&folder, "small.db", "VIGILA_BENCH_POSTGRES_SMALL", SMALL);
    let large = History::new(&folder, "national.db", "VIGILA_BENCH_POSTGRES", (visits, centres));

    let runtime = System::new();
    // The other parts need both, so they are written where they are not yet.
    for history in [&small, &large] {
        history.fill(&runtime, &folder);
    }
    if asks("check") {
        large.check(&runtime, &folder);
    }
    if asks("province") {
        reading::province(&mut Served::start(&folder, &large.url, &large.country));
    }
    if asks("centres") {
        let mut few = Served::start(&folder, &small.url, &small.country);
        let mut many = Served::start(&folder, &large.url, &large.country);
        reading::centres(&mut few, &mut many);
    }
    if asks("rescore") {
        rescore::what_if(&large.url, large.country.visits, &folder);
    }
    if let Some(file) = large.file.as_ref().filter(|_| asks("duckdb")) {
        duckdb::sums(file, &folder.join("duckdb"));
    }
}
