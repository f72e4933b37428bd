//! What is wrong with a document, in words.

use vigila_core::documents::{Fault, FaultCode};

use super::{Lang, fill};

/// The sentence of a fault.
#[must_use]
pub fn fault(fault: &Fault, lang: Lang) -> String {
    let (it, en) = template(fault.code);
    let text = lang.of(it, en).replace("{*}", &fault.args.join(", "));
    fill(&text, &fault.args)
}

#[expect(clippy::too_many_lines, reason = "a table: one row a code")]
fn template(code: FaultCode) -> (&'static str, &'static str) {
    match code {
        FaultCode::Required => ("questo campo è obbligatorio", "this member is required"),
        FaultCode::UnknownField => (
            "questo campo non esiste: correggerne il nome o toglierlo",
            "there is no such member: correct its name or remove it",
        ),
        FaultCode::WrongType => {
            ("tipo sbagliato: qui si aspetta {0}", "wrong type: {0} is expected here")
        }
        FaultCode::InexactInteger => (
            "numero intero oltre ±2^53: non può essere conservato esattamente",
            "an integer beyond ±2^53 cannot be kept exactly",
        ),
        FaultCode::NullCharacter => (
            "il testo contiene il carattere U+0000, che non può essere conservato",
            "the text holds the character U+0000, which cannot be kept",
        ),
        FaultCode::NotAnInstant => (
            "non è un istante come 2026-03-04T10:15:00.000Z",
            "not an instant such as 2026-03-04T10:15:00.000Z",
        ),
        FaultCode::NotUtc => (
            "gli istanti si scrivono in UTC con Z, come 2026-03-04T10:15:00.000Z",
            "instants are written in UTC with Z, such as 2026-03-04T10:15:00.000Z",
        ),
        FaultCode::NotADay => ("non è un giorno come 2026-03-04", "not a day such as 2026-03-04"),
        FaultCode::NotAUuid => ("non è un UUID di 36 caratteri", "not a UUID of 36 characters"),
        FaultCode::NotASha256 => (
            "non è uno SHA-256 di 64 cifre esadecimali minuscole",
            "not a SHA-256 of 64 lower-case hexadecimal digits",
        ),
        FaultCode::NotAnOption => (
            "valore non ammesso; i valori possibili sono: {*}",
            "not possible here; the values possible are: {*}",
        ),
        FaultCode::OutOfRange => {
            ("fuori dai limiti: da {0} a {1}", "out of range: from {0} to {1}")
        }
        FaultCode::NotAnInteger => ("deve essere un numero intero", "must be a whole number"),
        FaultCode::BadLength => {
            ("lunghezza non ammessa: da {0} a {1}", "bad length: from {0} to {1}")
        }
        FaultCode::BadFormat => ("forma non ammessa: {0}", "bad form: {0}"),
        FaultCode::Duplicate => ("compare più di una volta", "stands more than once"),
        FaultCode::UnknownItem => ("la scheda non ha la voce {0}", "the checklist has no item {0}"),
        FaultCode::ReasonRequired => ("qui va detto il motivo", "the reason must be told here"),
        FaultCode::PhotoNotListed => {
            ("la foto non è elencata in photos", "the photo is not listed in photos")
        }
        FaultCode::NotAFreeText => (
            "qui non c'è un testo libero (nota, motivo, didascalia, risposta testuale, dispositivo)",
            "no free text stands there (note, reason, caption, answer in text, device)",
        ),
        FaultCode::CannotSupersede => (
            "non è un oscuramento di questa foto, o è già stato sostituito",
            "not a redaction of this photo, or superseded already",
        ),
        FaultCode::EndedBeforeStarted => {
            ("la visita finisce prima di cominciare", "the visit ends before it starts")
        }
        FaultCode::InTheFuture => (
            "la visita finisce oltre un giorno nel futuro: controllare l'orologio del telefono",
            "the visit ends more than a day in the future: check the phone's clock",
        ),
        FaultCode::InThePast => ("il giorno è già passato", "the day is past"),
        FaultCode::OnlyWhenPrescribed => (
            "un termine si dà solo prescrivendo (prescribed)",
            "a deadline is given only when prescribing (prescribed)",
        ),
        FaultCode::UnknownFacility => (
            "nessun centro con questo codice o id fra quelli di competenza",
            "no centre with this code or id among yours",
        ),
        FaultCode::InactiveFacility => ("il centro non è attivo", "the centre is not active"),
        FaultCode::UnknownChecklist => (
            "nessuna scheda con questo codice e versione",
            "no checklist with this code and version",
        ),
        FaultCode::AnonymousChecklist => (
            "una scheda anonima non accetta ispezioni",
            "an anonymous checklist takes no inspections",
        ),
        FaultCode::CannotCorrect => (
            "si può correggere solo una propria ispezione (o, per un funzionario, una del territorio) dello stesso centro e della stessa scheda",
            "only an own inspection (for a manager, one of the territory) of the same centre and checklist can be corrected",
        ),
        FaultCode::UnknownTerritory => {
            ("non è la sigla di una provincia di competenza", "not the code of a province of yours")
        }
        FaultCode::UnknownFact => (
            "il fatto {0} non è dichiarato per i centri in facts.yaml",
            "the fact {0} is not declared for centres in facts.yaml",
        ),
        FaultCode::Immutable => ("questo campo non cambia mai", "this member never changes"),
        FaultCode::UnknownParameter => {
            ("questo parametro non esiste", "there is no such parameter")
        }
        FaultCode::BadCursor => (
            "il cursore non viene da una pagina di questo elenco",
            "the cursor does not come from a page of this list",
        ),
        FaultCode::BadRow => (
            "la riga ha un numero di campi diverso dall'intestazione",
            "the row has another number of fields than the header",
        ),
        FaultCode::CodeInUse => ("il codice è già in uso", "the code is in use"),
        FaultCode::WeakPassword => {
            ("la password ha meno di {0} caratteri", "the password has fewer than {0} characters")
        }
        FaultCode::LastAdmin => (
            "è l'ultimo amministratore attivo: prima nominarne un altro",
            "this is the last enabled admin: make another one first",
        ),
    }
}
