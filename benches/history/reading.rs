//! What somebody waits for who looks at a centre or at a province, asked of the built service
//! over HTTP. Two services, on a small and on a large history, are asked in turn, so that
//! whatever else the machine does meets both.

use std::path::Path;
use std::time::{Duration, Instant as Timer};

use crate::country::{Country, mix};
use crate::fill::READER;
use crate::support::{Connection, Service, percentile};

/// How many centres are asked for.
const ASKED: usize = 300;
/// How often, and for how long at most, a province is asked for.
const PROVINCES: usize = 50;
const LONGEST: Duration = Duration::from_secs(60);

/// A history that is served.
pub struct Served<'a> {
    service: Service,
    connection: Connection,
    country: &'a Country,
}

impl<'a> Served<'a> {
    /// Starts a service on it.
    pub fn start(folder: &Path, url: &str, country: &'a Country) -> Self {
        let mut service = Service::start(folder, Some(url));
        service.sign_in(READER);
        let connection = Connection::open(&service.address);
        Self { service, connection, country }
    }

    fn get(&mut self, path: &str) -> (Duration, String) {
        let sent = Timer::now();
        let (status, body) = self.connection.send("GET", path, &self.service.token, "");
        assert_eq!(status, 200, "{path}: {body}");
        (sent.elapsed(), body)
    }

    fn centre(&mut self, number: u64, what: &str) -> Duration {
        let centres = &self.country.centres;
        let index = mix(&[number, 13]) as usize % centres.len();
        let code = &centres[index].facility.code;
        self.get(&format!("/api/v1/facilities/{code}/{what}")).0
    }
}

/// Scorecard and trend of centres, in a small and in a large history.
pub fn centres<'a>(small: &mut Served<'a>, large: &mut Served<'a>) {
    println!("\n{ASKED} centres; ms, p99 against p99, and CPU of the service, ms each");
    let (few, many) = (small.country.visits, large.country.visits);
    println!("{:<18} {few:>9} visits {many:>18} visits", "");
    println!("what                    p50      p99      p50      p99   ratio    CPU    CPU");
    // Each is asked for centres of its own, first for the first time and then once more.
    let kinds = [("scorecard", 0), ("trends?measure=overall", 1_000_000)];
    for served in [&mut *small, &mut *large] {
        for (what, from) in kinds {
            served.centre(from + 999_999, what);
        }
    }
    for (what, from) in kinds {
        for pass in ["first", "again"] {
            let before = (small.service.cpu_seconds(), large.service.cpu_seconds());
            let (mut few, mut many) = (Vec::new(), Vec::new());
            for number in from..from + ASKED as u64 {
                few.push(small.centre(number, what));
                many.push(large.centre(number, what));
            }
            let each = |after: f64, before: f64| (after - before) * 1000.0 / ASKED as f64;
            let p99 = (percentile(&mut few, 99), percentile(&mut many, 99));
            println!(
                "{:<18} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7.2} {:>6.2} {:>6.2}",
                format!("{}, {pass}", what.split('?').next().unwrap_or(what)),
                percentile(&mut few, 50),
                p99.0,
                percentile(&mut many, 50),
                p99.1,
                p99.1 / p99.0,
                each(small.service.cpu_seconds(), before.0),
                each(large.service.cpu_seconds(), before.1),
            );
        }
    }
}

/// Scorecards of the province that has most centres, by a service that just started.
pub fn province(served: &mut Served<'_>) {
    let territory = served.country.centres[0].facility.territory;
    let centres = served.country.centres.iter();
    let count = centres.filter(|centre| centre.facility.territory == territory).count();
    let path = format!("/api/v1/territories/{territory}/scorecards?limit=200");
    let (first, body) = served.get(&path);
    let (began, mut times) = (Timer::now(), Vec::new());
    while times.len() < PROVINCES && began.elapsed() < LONGEST {
        times.push(served.get(&path).0);
    }
    println!("\nscorecards of {count} centres of a province, of {} visits", served.country.visits);
    println!("start-up {:.0} ms", served.service.started);
    println!(
        "first {:.1} ms, then p50 {:.1} ms, p99 {:.1} ms ({} times), {:.0} kB of JSON; peak {:.0} MB",
        first.as_secs_f64() * 1000.0,
        percentile(&mut times, 50),
        percentile(&mut times, 99),
        times.len(),
        body.len() as f64 / 1000.0,
        served.service.memory("VmHWM")
    );
}
