//! What somebody waits for who looks at a centre or at a province, asked of the built service
//! over HTTP. Two services, on a small and on a large history, are asked in turn, so that
//! whatever else the machine does meets both.

use std::collections::BTreeMap;
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

/// Waits until a service does next to nothing: at its start it asks which visits lack scores.
fn rest(service: &Service) {
    loop {
        let before = service.cpu_seconds();
        std::thread::sleep(Duration::from_secs(2));
        if service.cpu_seconds() - before < 0.05 {
            break;
        }
    }
}

impl<'a> Served<'a> {
    /// Starts a service on it.
    pub fn start(folder: &Path, url: &str, country: &'a Country) -> Self {
        let mut service = Service::start(folder, Some(url));
        rest(&service);
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

    fn centre(&mut self, index: usize, what: &str) -> Duration {
        let code = &self.country.centres[index].facility.code;
        self.get(&format!("/api/v1/facilities/{code}/{what}")).0
    }

    /// Centres by chance, the same for the same number.
    fn some(&self, number: u64) -> Vec<usize> {
        let count = self.country.centres.len();
        (0..ASKED as u64).map(|n| mix(&[number, n, 13]) as usize % count).collect()
    }

    /// A centre of each kind in each province.
    fn one_of_each(&self) -> Vec<usize> {
        let centres = self.country.centres.iter().map(|centre| &centre.facility).enumerate();
        let each = centres.map(|(index, one)| ((one.territory, one.kind.as_str()), index));
        each.collect::<BTreeMap<_, _>>().into_values().collect()
    }
}

/// Scorecard and trend of centres, in a small and in a large history.
pub fn centres<'a>(small: &mut Served<'a>, large: &mut Served<'a>) {
    const TREND: &str = "trends?measure=overall";
    println!("\n{ASKED} centres; ms, p99 against p99, and CPU of the service, ms each");
    let (few, many) = (small.country.visits, large.country.visits);
    println!("{:<25} {few:>9} visits {many:>18} visits", "");
    println!("what                           p50      p99      p50      p99   ratio    CPU    CPU");
    for served in [&mut *small, &mut *large] {
        // Neither the first connection to the database nor the first sign-in is meant.
        served.centre(0, "scorecard");
    }
    let (few, many) = (small.some(1), large.some(1));
    row("scorecard, first", "scorecard", (small, &few), (large, &many));
    row("scorecard, again", "scorecard", (small, &few), (large, &many));
    // How series scatter is estimated for a province, and a centre stands among those of its
    // kind there, which is remembered until one of them is visited: who asks first waits.
    let (few, many) = (small.one_of_each(), large.one_of_each());
    row("trend, first of province", TREND, (small, &few), (large, &many));
    let (few, many) = (small.some(2), large.some(2));
    row("trend, first", TREND, (small, &few), (large, &many));
    row("trend, again", TREND, (small, &few), (large, &many));
}

/// Asks for centres of each in turn, so that what else the machine does meets both.
fn row<'a>(
    name: &str,
    what: &str,
    (small, few): (&mut Served<'a>, &[usize]),
    (large, many): (&mut Served<'a>, &[usize]),
) {
    // A service closes what was quiet for long, as the small one's connection may have been.
    for served in [&mut *small, &mut *large] {
        served.connection = Connection::open(&served.service.address);
    }
    let before = (small.service.cpu_seconds(), large.service.cpu_seconds());
    let mut times = (Vec::new(), Vec::new());
    for number in 0..few.len().max(many.len()) {
        times.0.extend(few.get(number).map(|index| small.centre(*index, what)));
        times.1.extend(many.get(number).map(|index| large.centre(*index, what)));
    }
    let each = |served: &Served<'_>, before: f64, count: usize| {
        (served.service.cpu_seconds() - before) * 1000.0 / count as f64
    };
    let p99 = (percentile(&mut times.0, 99), percentile(&mut times.1, 99));
    println!(
        "{name:<25} {:>8.2} {:>8.2} {:>8.2} {:>8.2} {:>7.2} {:>6.1} {:>6.1}",
        percentile(&mut times.0, 50),
        p99.0,
        percentile(&mut times.1, 50),
        p99.1,
        p99.1 / p99.0,
        each(small, before.0, few.len()),
        each(large, before.1, many.len()),
    );
}

/// Scorecards of the province that has most centres, by a service that just started.
pub fn province(served: &mut Served<'_>) {
    let territory = served.country.centres[0].facility.territory;
    let centres = served.country.centres.iter();
    let count = centres.filter(|centre| centre.facility.territory == territory).count();
    let path = format!("/api/v1/territories/{territory}/scorecards?limit=200");
    let before = served.service.cpu_seconds();
    let (first, body) = served.get(&path);
    let cpu = (served.service.cpu_seconds() - before) * 1000.0;
    let (began, mut times) = (Timer::now(), Vec::new());
    while times.len() < PROVINCES && began.elapsed() < LONGEST {
        times.push(served.get(&path).0);
    }
    println!("\nscorecards of {count} centres of a province, of {} visits", served.country.visits);
    println!("start-up {:.0} ms", served.service.started);
    println!(
        "first {:.1} ms ({cpu:.0} of CPU), then p50 {:.1} ms, p99 {:.1} ms ({} times), {:.0} kB of JSON; peak {:.0} MB",
        first.as_secs_f64() * 1000.0,
        percentile(&mut times, 50),
        percentile(&mut times, 99),
        times.len(),
        body.len() as f64 / 1000.0,
        served.service.memory("VmHWM")
    );
}
