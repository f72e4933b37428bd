//! The sixteen photographs, what each shows, and the items to which it can be evidence.

use std::sync::LazyLock;

use super::quality::Finding;

/// A photograph of the sample.
#[derive(Debug)]
pub struct Photo {
    /// Its file name without the end.
    pub name: &'static str,
    /// Its bytes, a JPEG.
    pub bytes: &'static [u8],
    /// What it shows, in Italian.
    pub caption: &'static str,
    shows: Shows,
    items: &'static [&'static str],
}

/// What a photograph says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Order,
    Fault,
}

impl Photo {
    /// The items to which it can be evidence.
    #[cfg(test)]
    pub(super) fn items(&self) -> &'static [&'static str] {
        self.items
    }

    /// Whether the phone was held upright and its sensor lay on the side.
    pub(super) fn sideways(&self) -> bool {
        ["extinguisher-on-wall", "shower-cubicle"].contains(&self.name)
    }

    /// Whether it can be evidence to an item that was found so.
    pub(super) fn fits(&self, item: &str, finding: Finding) -> bool {
        let says = match finding {
            Finding::Half | Finding::Failed => Shows::Fault,
            _ => Shows::Order,
        };
        self.shows == says && self.items.contains(&item)
    }
}

/// All of them, by name.
#[must_use]
pub fn photos() -> &'static [Photo] {
    &*PHOTOS
}

macro_rules! photo {
    ($name:literal, $shows:ident, $caption:literal, [$($item:literal),+ $(,)?]) => {{
        let bytes: &'static [u8] =
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/sample/photos/", $name, ".jpg"));
        Photo {
            name: $name,
            bytes,
            caption: $caption,
            shows: Shows::$shows,
            items: &[$($item),+],
        }
    }};
}

static PHOTOS: LazyLock<[Photo; 16]> = LazyLock::new(|| {
    [
        photo!(
            "bedroom-tidy",
            Order,
            "Camera in ordine",
            ["CAS-B01", "CAS-U-B01", "EU-I01", "EU-I03", "EU-I07", "UAM-H02", "UAM-H04"]
        ),
        photo!(
            "canteen-table",
            Order,
            "Sala mensa apparecchiata",
            ["CAS-E01", "CAS-E05", "EU-J07", "EU-K03"]
        ),
        photo!(
            "corridor-exit-sign",
            Order,
            "Corridoio con uscita segnalata",
            ["CAS-D03", "UAM-H07", "FH-B02", "FH-B09"]
        ),
        photo!("courtyard-drying-lines", Order, "Esterno dell’edificio", ["CAS-U-A04", "CAS-C07"]),
        photo!(
            "dormitory-bunk-beds",
            Fault,
            "Quattro letti a castello in una camera",
            [
                "CAS-B01",
                "CAS-B03",
                "CAS-B04",
                "CAS-U-B01",
                "CAS-U-B08",
                "EU-I01",
                "EU-I03",
                "EU-I07",
                "UAM-H02",
                "UAM-H04"
            ]
        ),
        photo!("extinguisher-on-wall", Order, "Estintore con cartellino", ["CAS-D02", "FH-B03"]),
        photo!(
            "fire-exit-blocked",
            Fault,
            "Uscita di emergenza chiusa e ingombra",
            ["CAS-D03", "CAS-U-D08", "FH-B01", "FH-B02", "UAM-H07"]
        ),
        photo!(
            "kitchen-worktop",
            Order,
            "Piano di lavoro della cucina",
            ["CAS-E05", "CAS-U-C04", "EU-J09"]
        ),
        photo!("laundry-washing-machines", Order, "Lavanderia", ["CAS-C07", "EU-J09"]),
        photo!(
            "mouldy-wall-corner",
            Fault,
            "Muffa tra parete e soffitto",
            [
                "CAS-B07",
                "CAS-C05",
                "CAS-U-B05",
                "CAS-U-C03",
                "EU-J10",
                "EU-J12",
                "EU-J16",
                "FH-D04",
                "UAM-H06"
            ]
        ),
        photo!(
            "notice-board",
            Order,
            "Bacheca con gli avvisi",
            [
                "CAS-E02",
                "CAS-G05",
                "CAS-G09",
                "CAS-U-D04",
                "EU-J04",
                "EU-K04",
                "EU-N01",
                "FH-B09",
                "UAM-B02",
                "UAM-B07"
            ]
        ),
        photo!(
            "office-shelf-binders",
            Order,
            "Raccoglitori con i registri",
            [
                "CAS-A03", "CAS-C08", "CAS-D01", "CAS-E04", "CAS-I02", "EU-I12", "FH-A02",
                "FH-A04", "FH-A05", "FH-A09", "FH-C06", "UAM-E04", "UAM-E07"
            ]
        ),
        photo!(
            "playroom-corner",
            Order,
            "Angolo dei giochi",
            ["CAS-B08", "EU-J08", "EU-J15", "UAM-D04", "UAM-H05"]
        ),
        photo!("refrigerator-thermometer", Order, "Frigorifero: 4,2 °C", ["CAS-E04", "FH-C01"]),
        photo!(
            "shower-cubicle",
            Order,
            "Doccia",
            ["CAS-C02", "CAS-C05", "CAS-U-C03", "FH-D04", "UAM-H06"]
        ),
        photo!(
            "wash-basins-row",
            Fault,
            "Fila di lavabi, uno specchio manca",
            ["CAS-C05", "EU-I11", "EU-J10", "FH-D01", "FH-D04", "UAM-H06"]
        ),
    ]
});
