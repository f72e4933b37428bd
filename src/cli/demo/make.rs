//! Makes the sample province, through the same doors that people and phones use.

use chrono::Duration;
use futures_util::future::try_join_all;
use vigila_core::checklist::{Instrument, read_file_set};
use vigila_core::domain::{Instant, Role, Territory};
use vigila_core::photo::MAX_BYTES;

use super::Failure;
use super::folder::Login;
use super::office::Office;
use crate::app::facilities::{ContractChange, Draft, add_facility, change_facility};
use crate::app::people::{NewPerson, People};
use crate::app::photos::add_photo;
use crate::app::submissions::{Submitted, submit_inspection};
use crate::app::{self, Actor, App};
use crate::sample::{self, Centre, Visit};

/// Who there is: two monitors, and one of every other role.
const PEOPLE: [(&str, Role); 6] = [
    ("monitor-1", Role::Monitor),
    ("monitor-2", Role::Monitor),
    ("manager-1", Role::Manager),
    ("viewer-1", Role::Viewer),
    ("admin-1", Role::Admin),
    ("scraper-1", Role::Scraper),
];

/// How long before today people and centres were entered.
const ENTERED_DAYS: i64 = 800;

/// New logins.
pub(super) fn logins() -> Result<Vec<Login>, Failure> {
    let login = |(name, role): (&str, Role)| {
        let name = name.parse().map_err(|e| Failure::of(&e))?;
        Ok(Login { name, password: app::generate_password()?, role })
    };
    PEOPLE.into_iter().map(login).collect()
}

/// Makes people, centres, visits, photos and the office's moves, as if each had come at its own
/// time.
pub(super) async fn fill(app: &App, logins: &[Login], now: Instant) -> Result<(), Failure> {
    let instruments = instruments()?;
    let instruments: Vec<&Instrument> = instruments.iter().collect();
    let province = sample::province(sample::SEED, now.day(app.zone), &instruments)
        .map_err(|e| Failure::of(&e))?;
    let entered = now.plus_days(-ENTERED_DAYS);
    let people = add_people(app, logins, entered).await?;
    let of_role = |role: Role| people.iter().filter(move |person| person.role == role);
    let manager = of_role(Role::Manager).next().ok_or_else(|| nobody(Role::Manager))?;
    for centre in province.centres {
        add_centre(app, manager, centre, entered).await?;
    }
    // Visits and the office's moves in the order of time: which finding a visit belongs to
    // hangs on what was settled before it.
    let mut office = Office::new(app, manager, now);
    for visit in &province.visits {
        office.work_until(visit.received_at).await?;
        let monitor = of_role(Role::Monitor).nth(visit.monitor);
        send(app, monitor.ok_or_else(|| nobody(Role::Monitor))?, visit).await?;
        let centre = visit.content["facility"].as_str().unwrap_or_default();
        office.look(centre.parse().map_err(|e| Failure::of(&e))?).await?;
    }
    office.work_until(now).await
}

fn nobody(role: Role) -> Failure {
    Failure::new(format!("the sample lacks a {role}"))
}

fn instruments() -> Result<Vec<Instrument>, Failure> {
    let (set, _) = read_file_set(&app::shipped_files());
    let each = set.checklists.into_iter().map(|loaded| Instrument::new(loaded.document));
    each.map(|made| made.map_err(|e| Failure::of(&e))).collect()
}

/// Adds everybody.
async fn add_people(app: &App, logins: &[Login], now: Instant) -> Result<Vec<Actor>, Failure> {
    let people = People::from(app);
    let territory: Territory = "BT".parse().map_err(|e| Failure::of(&e))?;
    let mut added = Vec::new();
    for Login { name, password, role } in logins {
        let (name, password, role) = (name.clone(), password.clone(), *role);
        let new = NewPerson { name, role, territories: [territory].into(), password };
        let person = people.add(None, new, now).await?;
        // They have not signed in: there is no token to name.
        added.push(Actor::of(&person, ""));
    }
    Ok(added)
}

/// Adds a centre with its contracts, one after the other.
async fn add_centre(
    app: &App,
    manager: &Actor,
    centre: Centre,
    now: Instant,
) -> Result<(), Failure> {
    let Centre { facility, contracts } = centre;
    let mut contracts = contracts.into_iter().map(ContractChange::Put);
    let contract = contracts.next().unwrap_or(ContractChange::Keep);
    let mut kept = add_facility(app, manager, Draft { facility, contract }, now).await?;
    for contract in contracts {
        let facility = kept.facility.clone();
        kept = change_facility(app, manager, kept, Draft { facility, contract }, now).await?;
    }
    Ok(())
}

/// Sends a visit and the photos that come with it, as its phone would.
async fn send(app: &App, monitor: &Actor, visit: &Visit) -> Result<(), Failure> {
    let text = visit.content.to_string();
    let body = (text.as_bytes(), &visit.content);
    let sent = submit_inspection(app, monitor, visit.id, body, visit.received_at).await?;
    let (Submitted::Accepted(receipt) | Submitted::AlreadyHere(receipt)) = sent;
    let owed = visit.photos.iter().zip(1_i64..);
    let owed =
        owed.filter(|(sent, _)| sent.arrives && receipt.missing_photos.contains(&sent.shot.sha256));
    let sending = owed.map(async |(sent, minutes)| {
        let at = Instant::new(visit.received_at.utc() + Duration::minutes(minutes));
        let mut arriving = app.spool.begin(MAX_BYTES);
        arriving.push(&sent.shot.bytes).await?;
        let came = arriving.finish().await?;
        add_photo(app, monitor, visit.id, &sent.shot.sha256, came, at).await
    });
    // At once: pictures take most of the time, and there is more than one processor.
    try_join_all(sending).await?;
    Ok(())
}
