//! The words of the field: bands, kinds of centre and of visit, roles, answers, dimensions of
//! quality, units. The same word everywhere, on pages now and in acts later.

use vigila_core::documents::inspection::Kind;
use vigila_core::documents::score::Band;
use vigila_core::domain::{FacilityKind, Role};

use super::Lang;

/// A band (fascia).
#[must_use]
pub fn band(band: Band, lang: Lang) -> &'static str {
    let (it, en) = match band {
        Band::Critical => ("Critico", "Critical"),
        Band::Insufficient => ("Insufficiente", "Insufficient"),
        Band::NotEnoughData => ("Dati insufficienti", "Not enough data"),
        Band::NeverInspected => ("Mai visitato", "Never inspected"),
        Band::ToImprove => ("Da migliorare", "To improve"),
        Band::Adequate => ("Adeguato", "Adequate"),
        Band::Good => ("Buono", "Good"),
    };
    lang.of(it, en)
}

/// A kind of centre (tipologia).
#[must_use]
pub fn facility_kind(kind: FacilityKind, lang: Lang) -> &'static str {
    let (it, en) = match kind {
        FacilityKind::CasCollective => ("CAS in centro collettivo", "CAS, collective centre"),
        FacilityKind::CasHousingUnit => ("CAS in unità abitative", "CAS, housing units"),
        FacilityKind::Casp => ("Centro provvisorio (CASP)", "Provisional centre (CASP)"),
        FacilityKind::Cpa => {
            ("Centro governativo di prima accoglienza", "Governmental first reception centre")
        }
        FacilityKind::Hotspot => ("Punto di crisi (hotspot)", "Hotspot"),
        FacilityKind::Sai => ("SAI", "SAI"),
        FacilityKind::SaiMsna => {
            ("SAI per minori non accompagnati", "SAI for unaccompanied minors")
        }
        FacilityKind::MsnaCentre => (
            "Centro governativo per minori non accompagnati",
            "Governmental centre for unaccompanied minors",
        ),
        FacilityKind::MsnaCas => {
            ("CAS per minori non accompagnati", "CAS for unaccompanied minors")
        }
        FacilityKind::Other => ("Altro", "Other"),
    };
    lang.of(it, en)
}

/// A kind of visit.
#[must_use]
pub fn visit_kind(kind: Kind, lang: Lang) -> &'static str {
    let (it, en) = match kind {
        Kind::Announced => ("Preavvisata", "Announced"),
        Kind::Unannounced => ("A sorpresa", "Unannounced"),
        Kind::FollowUp => ("Verifica di ottemperanza", "Follow-up"),
        Kind::Complaint => ("Dopo una segnalazione", "After a complaint"),
        Kind::Remote => ("Documentale, a distanza", "Remote, on documents"),
    };
    lang.of(it, en)
}

/// A role.
#[must_use]
pub fn role(role: Role, lang: Lang) -> &'static str {
    let (it, en) = match role {
        Role::Monitor => ("Monitore", "Monitor"),
        Role::Manager => ("Funzionario", "Manager"),
        Role::Viewer => ("Lettore", "Viewer"),
        Role::Admin => ("Amministratore", "Administrator"),
        Role::Scraper => ("Raccolta di metriche", "Metrics reader"),
    };
    lang.of(it, en)
}

/// What an answer to a compliance item says, and the two that every item takes; none for
/// another text.
#[must_use]
pub fn answer(value: &str, lang: Lang) -> Option<&'static str> {
    let (it, en) = match value {
        "yes" => ("Conforme", "Compliant"),
        "partial" => ("Parzialmente conforme", "Partly compliant"),
        "no" => ("Non conforme", "Not compliant"),
        "na" => ("Non applicabile", "Not applicable"),
        "not_observed" => ("Non rilevato", "Not observed"),
        _ => return None,
    };
    Some(lang.of(it, en))
}

/// A dimension of quality; one that this catalogue does not know keeps its code, so that a new
/// checklist needs no new program.
#[must_use]
pub fn dimension(code: &str, lang: Lang) -> &str {
    let (it, en) = match code {
        "CARE" => ("Assistenza e accompagnamento", "Care and support"),
        "CONTEXT" => ("Contesto", "Context"),
        "FOOD" => ("Vitto", "Food"),
        "GOODS" => ("Beni e pocket money", "Goods and allowance"),
        "HEALTH" => ("Salute", "Health"),
        "HOUSING" => ("Alloggio", "Housing"),
        "HYGIENE" => ("Igiene", "Hygiene"),
        "NEEDS" => ("Bisogni", "Needs"),
        "RIGHTS" => ("Diritti", "Rights"),
        "SAFETY" => ("Sicurezza", "Safety"),
        "SERVICES" => ("Servizi", "Services"),
        "STAFF" => ("Personale", "Staff"),
        "VOICE" => ("Voce degli ospiti", "Guests' voice"),
        "VULNERABILITY" => ("Vulnerabilità", "Vulnerability"),
        other => return other,
    };
    lang.of(it, en)
}

/// The unit of a number as it follows one; one that this catalogue does not know stays as the
/// checklist has it.
#[must_use]
pub fn unit(code: &str, lang: Lang) -> &str {
    let (it, en) = match code {
        "beds" => ("posti letto", "beds"),
        "celsius" => ("°C", "°C"),
        "count" => ("in tutto", "in all"),
        "days" => ("giorni", "days"),
        "fixtures" => ("apparecchi", "fixtures"),
        "hours" => ("ore", "hours"),
        "m" => ("m", "m"),
        "m2_per_person" => ("m² a persona", "m² a person"),
        "persons" => ("persone", "people"),
        "persons_per_fixture" => ("persone per apparecchio", "people per fixture"),
        "visits" => ("visite", "visits"),
        other => return other,
    };
    lang.of(it, en)
}

/// A number, already written, with its unit: `1 persona`, `4,5 ore`, `80%`. What is counted
/// without a dimension stands alone.
#[must_use]
pub fn measured(number: &str, code: &str, lang: Lang) -> String {
    let one = match code {
        "beds" => ("posto letto", "bed"),
        "days" => ("giorno", "day"),
        "fixtures" => ("apparecchio", "fixture"),
        "hours" => ("ora", "hour"),
        "persons" => ("persona", "person"),
        "persons_per_fixture" => ("persona per apparecchio", "person per fixture"),
        "visits" => ("visita", "visit"),
        "count" => return number.to_owned(),
        "percent" => return format!("{number}%"),
        _ => return format!("{number} {}", unit(code, lang)),
    };
    let word = if number == "1" { lang.of(one.0, one.1) } else { unit(code, lang) };
    format!("{number} {word}")
}

/// Yes or no.
#[must_use]
pub fn yes_no(yes: bool, lang: Lang) -> &'static str {
    if yes { lang.of("sì", "yes") } else { lang.of("no", "no") }
}

/// The name of a month, 1 to 12, short enough for a table.
#[must_use]
pub fn month(number: u32, lang: Lang) -> &'static str {
    const IT: [&str; 12] =
        ["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"];
    const EN: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let index = usize::try_from(number.saturating_sub(1)).unwrap_or(0).min(11);
    lang.of(&IT, &EN)[index]
}
