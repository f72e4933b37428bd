//! The twelve centres. Names, managing bodies and codes are plainly invented; the towns are
//! those of the province, with their ISTAT codes and the approximate place of each town.

use chrono::Duration;
use uuid::Builder;
use vigila_core::domain::{
    Contract, Day, Facility, FacilityCode, FacilityId, FacilityKind, FactValue, Facts,
    ManagingBody, Territory,
};

use super::chance::Chance;

/// A centre with its contracts.
#[derive(Debug, Clone, PartialEq)]
pub struct Centre {
    /// The centre.
    pub facility: Facility,
    /// Its contracts, the oldest first.
    pub contracts: Vec<Contract>,
}

/// A town: name, ISTAT code, degrees north and east.
struct Town(&'static str, &'static str, f64, f64);

const ANDRIA: Town = Town("Andria", "110001", 41.2267, 16.2953);
const BARLETTA: Town = Town("Barletta", "110002", 41.3190, 16.2830);
const BISCEGLIE: Town = Town("Bisceglie", "110003", 41.2410, 16.5030);
const CANOSA: Town = Town("Canosa di Puglia", "110004", 41.2220, 16.0660);
const MARGHERITA: Town = Town("Margherita di Savoia", "110005", 41.3730, 16.1500);
const MINERVINO: Town = Town("Minervino Murge", "110006", 41.0840, 16.0780);
const SAN_FERDINANDO: Town = Town("San Ferdinando di Puglia", "110007", 41.3030, 16.0700);
const SPINAZZOLA: Town = Town("Spinazzola", "110008", 40.9690, 16.0900);
const TRANI: Town = Town("Trani", "110009", 41.2770, 16.4180);
const TRINITAPOLI: Town = Town("Trinitapoli", "110010", 41.3580, 16.0870);

/// What is written of a centre: name, kind, town, places, minors, reduced mobility, body.
struct Written(&'static str, FacilityKind, Town, i32, i32, bool, Body);

/// A managing body: what tells its name from others, and its number.
#[derive(Clone, Copy)]
struct Body(&'static str, u32);

const ALFA: Body = Body("Alfa", 1);
const BETA: Body = Body("Beta", 2);
const GAMMA: Body = Body("Gamma", 3);
const DELTA: Body = Body("Delta", 4);

const CENTRES: [Written; 12] = {
    use FacilityKind::{CasCollective, CasHousingUnit, Casp, MsnaCas, Other, Sai, SaiMsna};
    [
        Written("Centro Esempio Ulivo", CasCollective, ANDRIA, 48, 5, true, ALFA),
        Written("Centro Esempio Mandorlo", CasCollective, BARLETTA, 60, 0, false, BETA),
        Written("Appartamento Esempio Rosmarino", CasHousingUnit, TRANI, 6, 2, false, ALFA),
        Written("Appartamento Esempio Timo", CasHousingUnit, BISCEGLIE, 5, 0, false, GAMMA),
        Written("Centro Esempio Ginestra", Casp, CANOSA, 32, 3, false, GAMMA),
        Written("Progetto Esempio Quercia", Sai, MINERVINO, 24, 6, true, DELTA),
        Written("Comunità Esempio Melograno", SaiMsna, ANDRIA, 12, 12, false, DELTA),
        Written("Comunità Esempio Corbezzolo", MsnaCas, BARLETTA, 16, 16, false, BETA),
        Written("Centro Esempio Fico", CasCollective, TRINITAPOLI, 40, 0, false, ALFA),
        Written("Appartamento Esempio Alloro", CasHousingUnit, SAN_FERDINANDO, 4, 1, false, GAMMA),
        Written("Centro Esempio Tamerice", CasCollective, MARGHERITA, 36, 4, false, BETA),
        Written("Centro Esempio Pino", Other, SPINAZZOLA, 20, 0, false, DELTA),
    ]
};

/// All centres, by code, as they stand on the day `end`.
pub(super) fn all(seed: u64, end: Day) -> Vec<Centre> {
    let written = CENTRES.iter().enumerate();
    written.filter_map(|(index, row)| centre(seed, end, index, row)).collect()
}

/// `None` never: the code is of the right form and the province exists.
fn centre(seed: u64, end: Day, index: usize, row: &Written) -> Option<Centre> {
    let Written(name, kind, Town(municipality, istat, latitude, longitude), places, ..) = row;
    let number = u64::try_from(index).ok()? + 1;
    let mut chance = Chance::of(&[seed, 1, number]);
    let code: FacilityCode = format!("BT-{number:04}").parse().ok()?;
    let territory: Territory = "BT".parse().ok()?;
    let made = (end - Duration::days(800)).and_hms_opt(8, 0, 0)?.and_utc().timestamp_millis();
    let id = Builder::from_unix_timestamp_millis(u64::try_from(made).ok()?, &chance.bytes());
    let facility = Facility {
        id: FacilityId(id.into_uuid()),
        code,
        name: (*name).to_owned(),
        kind: *kind,
        territory,
        municipality: (*municipality).to_owned(),
        istat_code: Some((*istat).to_owned()),
        // Four decimals are ten metres, which no sample knows: somewhere in the town.
        latitude: Some(places_after_comma(latitude + chance.between(-0.004, 0.004))),
        longitude: Some(places_after_comma(longitude + chance.between(-0.004, 0.004))),
        authorised_places: Some(*places),
        managing_body: Some(body(row.6)),
        facts: facts(row),
        active: true,
        revision: 1,
    };
    Some(Centre { facility, contracts: contracts(end, number, row) })
}

fn places_after_comma(degrees: f64) -> f64 {
    (degrees * 1e4).round() / 1e4
}

fn body(Body(letter, number): Body) -> ManagingBody {
    ManagingBody {
        name: Some(format!("Ente gestore di prova {letter}")),
        tax_code: Some(format!("{number:011}")),
        pec: Some(format!("{}@pec.example", letter.to_lowercase())),
    }
}

fn facts(row: &Written) -> Facts {
    let Written(_, _, _, places, minors, mobility, _) = row;
    Facts::from([
        ("beds".to_owned(), FactValue::Number(f64::from(*places))),
        ("minors_present".to_owned(), FactValue::Number(f64::from(*minors))),
        ("special_needs_mobility".to_owned(), FactValue::Flag(*mobility)),
    ])
}

/// Two contracts for a centre that has been there for long, one for the newest.
fn contracts(end: Day, number: u64, row: &Written) -> Vec<Contract> {
    let agreed = |letter: char, from: i64, to: i64| Contract {
        cig: Some(format!("PROVA{number:04}{letter}")),
        starts_on: end - Duration::days(from),
        ends_on: Some(end - Duration::days(to)),
        parameters: parameters(row),
    };
    if number == CENTRES.len() as u64 {
        return vec![agreed('A', 30, -335)];
    }
    vec![agreed('A', 1_090, 360), agreed('B', 359, -371)]
}

fn parameters(row: &Written) -> Facts {
    let Written(_, kind, _, places, ..) = row;
    let places = f64::from(*places);
    let mut agreed = vec![
        ("mediation_hours", FactValue::Number(places.max(8.0))),
        ("social_assistance_hours", FactValue::Number((places * 1.5).round().max(8.0))),
        ("meals_per_day", FactValue::Number(3.0)),
        ("needs_assessment_days", FactValue::Number(30.0)),
        ("italian_course", FactValue::Flag(true)),
    ];
    if *kind == FacilityKind::CasHousingUnit {
        agreed.push(("worker_visits", FactValue::Number(8.0)));
    } else {
        agreed.push(("medical_hours", FactValue::Number((places / 2.0).round().max(8.0))));
        agreed.push(("guests_per_operator", FactValue::Number(12.0)));
    }
    agreed.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
