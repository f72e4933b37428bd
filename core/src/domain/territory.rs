//! Territories are the Italian provinces, and a [`Scope`] is the set of them that somebody
//! may see. Store functions take a scope, so that a query without one does not compile.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Not the code of an Italian province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the two-letter code of an Italian province, such as BT")]
pub struct UnknownTerritory;

/// An Italian province by its code (`BT`): the reach of one Prefettura.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Territory(usize);

impl Territory {
    /// Its two-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        PROVINCES[self.0].0
    }

    /// Its Italian name.
    #[must_use]
    pub fn name(self) -> &'static str {
        PROVINCES[self.0].1
    }

    /// All of them, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..PROVINCES.len()).map(Self)
    }
}

impl FromStr for Territory {
    type Err = UnknownTerritory;
    fn from_str(text: &str) -> Result<Self, UnknownTerritory> {
        PROVINCES.binary_search_by_key(&text, |row| row.0).map(Self).map_err(|_| UnknownTerritory)
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The territories that somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every territory: admins, and the service's own work.
    All,
    /// These only.
    Only(BTreeSet<Territory>),
}

impl Scope {
    /// Whether this territory lies within.
    #[must_use]
    pub fn holds(&self, territory: Territory) -> bool {
        match self {
            Self::All => true,
            Self::Only(set) => set.contains(&territory),
        }
    }

    /// What both hold.
    #[must_use]
    pub fn narrowed_to(&self, territory: Territory) -> Self {
        let within = self.holds(territory);
        Self::Only(within.then_some(territory).into_iter().collect())
    }

    /// Its territories, by code.
    #[must_use]
    pub fn territories(&self) -> Vec<Territory> {
        match self {
            Self::All => Territory::all().collect(),
            Self::Only(set) => set.iter().copied().collect(),
        }
    }
}

/// Codes and names of the 107 provinces and equal bodies (ISTAT, codes of administrative
/// units up to 2025), sorted by code.
const PROVINCES: [(&str, &str); 107] = [
    ("AG", "Agrigento"),
    ("AL", "Alessandria"),
    ("AN", "Ancona"),
    ("AO", "Aosta"),
    ("AP", "Ascoli Piceno"),
    ("AQ", "L'Aquila"),
    ("AR", "Arezzo"),
    ("AT", "Asti"),
    ("AV", "Avellino"),
    ("BA", "Bari"),
    ("BG", "Bergamo"),
    ("BI", "Biella"),
    ("BL", "Belluno"),
    ("BN", "Benevento"),
    ("BO", "Bologna"),
    ("BR", "Brindisi"),
    ("BS", "Brescia"),
    ("BT", "Barletta-Andria-Trani"),
    ("BZ", "Bolzano"),
    ("CA", "Cagliari"),
    ("CB", "Campobasso"),
    ("CE", "Caserta"),
    ("CH", "Chieti"),
    ("CL", "Caltanissetta"),
    ("CN", "Cuneo"),
    ("CO", "Como"),
    ("CR", "Cremona"),
    ("CS", "Cosenza"),
    ("CT", "Catania"),
    ("CZ", "Catanzaro"),
    ("EN", "Enna"),
    ("FC", "Forlì-Cesena"),
    ("FE", "Ferrara"),
    ("FG", "Foggia"),
    ("FI", "Firenze"),
    ("FM", "Fermo"),
    ("FR", "Frosinone"),
    ("GE", "Genova"),
    ("GO", "Gorizia"),
    ("GR", "Grosseto"),
    ("IM", "Imperia"),
    ("IS", "Isernia"),
    ("KR", "Crotone"),
    ("LC", "Lecco"),
    ("LE", "Lecce"),
    ("LI", "Livorno"),
    ("LO", "Lodi"),
    ("LT", "Latina"),
    ("LU", "Lucca"),
    ("MB", "Monza e della Brianza"),
    ("MC", "Macerata"),
    ("ME", "Messina"),
    ("MI", "Milano"),
    ("MN", "Mantova"),
    ("MO", "Modena"),
    ("MS", "Massa-Carrara"),
    ("MT", "Matera"),
    ("NA", "Napoli"),
    ("NO", "Novara"),
    ("NU", "Nuoro"),
    ("OR", "Oristano"),
    ("PA", "Palermo"),
    ("PC", "Piacenza"),
    ("PD", "Padova"),
    ("PE", "Pescara"),
    ("PG", "Perugia"),
    ("PI", "Pisa"),
    ("PN", "Pordenone"),
    ("PO", "Prato"),
    ("PR", "Parma"),
    ("PT", "Pistoia"),
    ("PU", "Pesaro e Urbino"),
    ("PV", "Pavia"),
    ("PZ", "Potenza"),
    ("RA", "Ravenna"),
    ("RC", "Reggio Calabria"),
    ("RE", "Reggio Emilia"),
    ("RG", "Ragusa"),
    ("RI", "Rieti"),
    ("RM", "Roma"),
    ("RN", "Rimini"),
    ("RO", "Rovigo"),
    ("SA", "Salerno"),
    ("SI", "Siena"),
    ("SO", "Sondrio"),
    ("SP", "La Spezia"),
    ("SR", "Siracusa"),
    ("SS", "Sassari"),
    ("SU", "Sud Sardegna"),
    ("SV", "Savona"),
    ("TA", "Taranto"),
    ("TE", "Teramo"),
    ("TN", "Trento"),
    ("TO", "Torino"),
    ("TP", "Trapani"),
    ("TR", "Terni"),
    ("TS", "Trieste"),
    ("TV", "Treviso"),
    ("UD", "Udine"),
    ("VA", "Varese"),
    ("VB", "Verbano-Cusio-Ossola"),
    ("VC", "Vercelli"),
    ("VE", "Venezia"),
    ("VI", "Vicenza"),
    ("VR", "Verona"),
    ("VT", "Viterbo"),
    ("VV", "Vibo Valentia"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_province_reads_back_and_nothing_else_does() {
        assert!(PROVINCES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for territory in Territory::all() {
            assert_eq!(territory.code().parse(), Ok(territory));
        }
        for wrong in ["", "bt", "XX", "BTX", "B"] {
            assert_eq!(wrong.parse::<Territory>(), Err(UnknownTerritory), "{wrong}");
        }
    }
}
