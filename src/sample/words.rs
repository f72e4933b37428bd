//! What monitors write beside an answer: short, in Italian, about things and never about
//! people.

use super::chance::Chance;
use super::quality::Finding;

/// Dimensions that are looked at in rooms; the others are read in papers.
pub(super) fn is_seen_on_site(dimension: &str) -> bool {
    matches!(dimension, "HOUSING" | "HYGIENE" | "SAFETY" | "FOOD")
}

const HALF_ON_SITE: [&str; 5] = [
    "In un locale solo, al primo piano.",
    "In parte: il gestore ha cominciato i lavori.",
    "Manca in una camera su quattro.",
    "Da completare; il gestore indica dieci giorni.",
    "Va bene al piano terra, non al piano superiore.",
];
const HALF_IN_PAPERS: [&str; 5] = [
    "Tre fascicoli su dieci sono incompleti.",
    "Documento presente, non aggiornato.",
    "Registro compilato fino al mese scorso.",
    "Esibita una copia senza data.",
    "Risulta per una parte degli ospiti.",
];
const FAILED_ON_SITE: [&str; 5] = [
    "Già rilevato alla visita precedente.",
    "Si vede nella foto; il gestore è stato avvisato sul posto.",
    "In più locali; si chiede un intervento immediato.",
    "Il gestore riferisce un guasto di due settimane fa.",
    "Nessun intervento programmato.",
];
const FAILED_IN_PAPERS: [&str; 5] = [
    "Documento chiesto e non esibito.",
    "Il registro manca.",
    "Il gestore invierà gli atti via PEC.",
    "Nessuna traccia scritta.",
    "Scaduto; rinnovo non ancora chiesto.",
];
const UNSEEN: [&str; 4] = [
    "Locale chiuso al momento della visita.",
    "Archivio non accessibile: responsabile assente.",
    "Non verificato per mancanza di tempo.",
    "Da verificare alla prossima visita.",
];
const FINE: [&str; 4] = [
    "Migliorato rispetto alla visita precedente.",
    "Verificato in tre camere a campione.",
    "Verificato con il registro.",
    "In ordine.",
];
const REASONS: [&str; 4] = [
    "Servizio non previsto per questo centro.",
    "Nessun caso nel periodo.",
    "Nessun ospite in questa situazione.",
    "Non richiesto dal contratto.",
];
const STATEMENTS: [&str; 5] = [
    "Il gestore prende atto e si impegna a intervenire entro dieci giorni.",
    "Nessuna osservazione.",
    "Il gestore chiede un nuovo sopralluogo a lavori finiti.",
    "Il gestore segnala ritardi del fornitore.",
    "Da seguire: manutenzione e registri.",
];

/// Why a finding should not have been opened.
pub(super) const MISTAKEN: [&str; 3] = [
    "Voce non dovuta: il servizio non è previsto per questo centro.",
    "Rilievo doppio: lo stesso guasto è già prescritto.",
    "Il documento era agli atti dell'ufficio.",
];
/// What managing bodies say that they did.
pub(super) const ACTIONS: [&str; 4] = [
    "lavori eseguiti.",
    "documenti allegati.",
    "fornitura completata, bolla allegata.",
    "intervento eseguito, foto allegate.",
];
/// How the office made sure.
pub(super) const CHECKS: [&str; 3] =
    ["Verificato sui documenti inviati.", "Verificato sulle foto inviate.", SEEN_THERE];
/// What the office writes where no paper and no picture was enough.
pub(super) const SEEN_THERE: &str = "Verificato sul posto.";

/// A note to what was found, or none: most answers have none.
pub(super) fn note(finding: Finding, dimension: &str, chance: &mut Chance) -> Option<&'static str> {
    let on_site = is_seen_on_site(dimension);
    let (often, among): (f64, &[&str]) = match (finding, on_site) {
        (Finding::Full, _) => (0.04, &FINE),
        (Finding::Half, true) => (0.55, &HALF_ON_SITE),
        (Finding::Half, false) => (0.55, &HALF_IN_PAPERS),
        (Finding::Failed, true) => (0.8, &FAILED_ON_SITE),
        (Finding::Failed, false) => (0.8, &FAILED_IN_PAPERS),
        (Finding::Unseen, _) => (0.7, &UNSEEN),
        (Finding::Neutral, _) => (0.0, &[]),
    };
    if chance.happens(often) { chance.pick(among).copied() } else { None }
}

/// Why an item does not apply.
pub(super) fn reason(chance: &mut Chance) -> &'static str {
    chance.pick(&REASONS).copied().unwrap_or(REASONS[0])
}

/// An answer to a question that takes free text.
pub(super) fn statement(chance: &mut Chance) -> &'static str {
    chance.pick(&STATEMENTS).copied().unwrap_or(STATEMENTS[0])
}
