//! A centre (struttura): permanent id and code, dated contracts, facts.

use std::fmt;
use std::str::FromStr;

use super::{Day, FacilityId, Facts, Territory};

/// Not a code of a centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a facility code has 2 to 32 of the characters A-Z, 0-9 and -, and begins with a letter or digit, such as BT-0007"
)]
pub struct NotAFacilityCode;

/// The permanent code of a centre, such as `BT-0007`: `^[A-Z0-9][A-Z0-9-]{1,31}$`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FacilityCode(String);

impl FacilityCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FacilityCode {
    type Err = NotAFacilityCode;
    fn from_str(text: &str) -> Result<Self, NotAFacilityCode> {
        let plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        let fits = (2..=32).contains(&text.len())
            && text.bytes().next().is_some_and(plain)
            && text.bytes().all(|b| plain(b) || b == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAFacilityCode) }
    }
}

impl fmt::Display for FacilityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a caller names a centre: by id or by code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacilityRef {
    /// By its id.
    Id(FacilityId),
    /// By its code.
    Code(FacilityCode),
}

impl FromStr for FacilityRef {
    type Err = NotAFacilityCode;
    fn from_str(text: &str) -> Result<Self, NotAFacilityCode> {
        // An id in upper case would also read as a code; 36 characters are longer than any code.
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        text.parse().map(Self::Code)
    }
}

/// Not one of the kinds of centre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a kind of centre is one of cas_collective, cas_housing_unit, casp, cpa, hotspot, sai, sai_msna, msna_centre, msna_cas, other"
)]
pub struct UnknownFacilityKind;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        /// The kind of a centre (tipologia).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FacilityKind { $($(#[$doc])* $variant),+ }

        impl FacilityKind {
            /// All kinds, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

kinds! {
    /// CAS in a collective centre.
    CasCollective = "cas_collective",
    /// CAS in single housing units.
    CasHousingUnit = "cas_housing_unit",
    /// Provisional centre (since 2023).
    Casp = "casp",
    /// Governmental first reception centre (D.Lgs. 142/2015, art. 9).
    Cpa = "cpa",
    /// Crisis point (art. 10-ter TUI).
    Hotspot = "hotspot",
    /// Reception and integration system of the municipalities.
    Sai = "sai",
    /// SAI for unaccompanied minors.
    SaiMsna = "sai_msna",
    /// Governmental centre for unaccompanied minors (DM 1.09.2016).
    MsnaCentre = "msna_centre",
    /// CAS for unaccompanied minors (art. 19, paragraph 3-bis).
    MsnaCas = "msna_cas",
    /// None of these.
    Other = "other",
}

impl FromStr for FacilityKind {
    type Err = UnknownFacilityKind;
    fn from_str(text: &str) -> Result<Self, UnknownFacilityKind> {
        let found = Self::ALL.iter().copied().find(|kind| kind.as_str() == text);
        found.ok_or(UnknownFacilityKind)
    }
}

impl fmt::Display for FacilityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who runs a centre (ente gestore).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ManagingBody {
    /// Its name.
    pub name: Option<String>,
    /// Codice fiscale; no checksum is asked.
    pub tax_code: Option<String>,
    /// Certified mail address.
    pub pec: Option<String>,
}

/// A dated agreement with the managing body (convenzione).
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// Tender code; no checksum is asked.
    pub cig: Option<String>,
    /// First day in force.
    pub starts_on: Day,
    /// Last day in force, open when absent.
    pub ends_on: Option<Day>,
    /// Agreed numbers by name, such as `medical_hours`; facts `contract.NAME`.
    pub parameters: Facts,
}

impl Contract {
    /// Whether it is in force on this day, first and last day included.
    #[must_use]
    pub fn in_force_on(&self, day: Day) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }

    /// The one in force on a day: of several, the one that began last.
    #[must_use]
    pub fn in_force(contracts: &[Self], day: Day) -> Option<&Self> {
        contracts.iter().filter(|c| c.in_force_on(day)).max_by_key(|c| c.starts_on)
    }
}

/// A centre.
#[derive(Debug, Clone, PartialEq)]
pub struct Facility {
    /// Permanent id.
    pub id: FacilityId,
    /// Permanent code.
    pub code: FacilityCode,
    /// Name as people use it.
    pub name: String,
    /// Kind.
    pub kind: FacilityKind,
    /// The province whose Prefettura answers for it.
    pub territory: Territory,
    /// Municipality (comune).
    pub municipality: String,
    /// ISTAT code of the municipality.
    pub istat_code: Option<String>,
    /// Degrees north, -90 to 90.
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    pub longitude: Option<f64>,
    /// Authorised places; the fact `capacity`.
    pub authorised_places: Option<i32>,
    /// Who runs it.
    pub managing_body: Option<ManagingBody>,
    /// Facts as `checklists/facts.yaml` declares them.
    pub facts: Facts,
    /// Whether it takes visits.
    pub active: bool,
    /// Counts changes; the `ETag` is made of it.
    pub revision: i64,
}
