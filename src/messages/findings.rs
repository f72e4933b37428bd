//! The words of findings: how grave, where they stand, what the office can do, and the texts of
//! their pages.

use vigila_core::documents::finding::{FindingState, Severity};

use super::Lang;
use super::texts::texts;

/// How grave a finding is.
#[must_use]
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    let (it, en) = match severity {
        Severity::Minor => ("Lieve", "Minor"),
        Severity::Major => ("Grave", "Major"),
        Severity::Critical => ("Critica", "Critical"),
    };
    lang.of(it, en)
}

/// Where a finding stands.
#[must_use]
pub fn state(state: FindingState, lang: Lang) -> &'static str {
    let (it, en) = match state {
        FindingState::Open => ("Aperta", "Open"),
        FindingState::Prescribed => ("Prescritta", "Prescribed"),
        FindingState::ActionSubmitted => ("Azione presentata", "Action submitted"),
        FindingState::Contested => ("Contestata", "Contested"),
        FindingState::Verified => ("Verificata", "Verified"),
        FindingState::Closed => ("Chiusa", "Closed"),
        FindingState::Void => ("Annullata", "Void"),
    };
    lang.of(it, en)
}

/// The move that leads to a state, as the office chooses it. Nothing leads back to open.
#[must_use]
pub fn move_to(state: FindingState, lang: Lang) -> &'static str {
    let (it, en) = match state {
        FindingState::Open => ("Riapri", "Open again"),
        FindingState::Prescribed => ("Prescrivi", "Prescribe"),
        FindingState::ActionSubmitted => {
            ("Registra l'azione presentata", "Record the action submitted")
        }
        FindingState::Contested => ("Contesta", "Contest"),
        FindingState::Verified => ("Verifica", "Verify"),
        FindingState::Closed => ("Chiudi", "Close"),
        FindingState::Void => ("Annulla", "Void"),
    };
    lang.of(it, en)
}

/// What that move means.
#[must_use]
pub fn meaning(state: FindingState, lang: Lang) -> &'static str {
    let (it, en) = match state {
        FindingState::Open => ("", ""),
        FindingState::Prescribed => (
            "l'ente gestore ha un ordine scritto, con un termine",
            "the managing body has a written order, with a deadline",
        ),
        FindingState::ActionSubmitted => (
            "l'ente gestore dichiara di aver rimediato",
            "the managing body says that it was mended",
        ),
        FindingState::Contested => (
            "l'ufficio ha contestato l'addebito, o l'ente gestore si oppone",
            "formal charges were made, or the managing body objects",
        ),
        FindingState::Verified => {
            ("l'ufficio ha accertato che è rimediata", "the office found that it was mended")
        }
        FindingState::Closed => ("non resta nulla da fare", "nothing is left to do"),
        FindingState::Void => (
            "non andava aperta: la nota dice perché",
            "it should not have been opened: the note says why",
        ),
    };
    lang.of(it, en)
}

texts! {
    /// Lists of findings.
    Findings {
        title: "Non conformità", "Findings";
        title_of: "Non conformità nella provincia di {0}", "Findings in the province of {0}";
        lead: "Le apre una visita, una per ogni voce non conforme; il termine viene dalla scheda o dalla prescrizione. Prima quelle da rimediare per prime.",
            "A visit opens one for each item that failed; the deadline is that of the checklist or of the order. Those due first come first.";
        caption: "Non conformità da definire, dal termine più vicino", "Findings not settled yet, those due first at the front";
        caption_settled: "Non conformità definite", "Settled findings";
        caption_all: "Non conformità, dal termine più vicino", "Findings, those due first at the front";
        none_live: "Nessuna non conformità da definire.", "No finding is left to settle.";
        none: "Nessuna non conformità corrisponde al filtro.", "No finding fits the filter.";
        item: "Voce", "Item";
        severity: "Gravità", "Severity";
        state: "Stato", "State";
        due: "Termine", "Due";
        repeats: "Ripetizioni", "Repeats";
        since: "Aperta il", "Open since";
        failed: "Ultima visita che l'ha rilevata", "Latest visit that failed it";
        overdue: "Termine scaduto", "Overdue";
        proposed: "Chiusura proposta", "Closing proposed";
        by_visit: "dalla visita del {0}", "by the visit of {0}";
        settled_some: "Definite: verificate, chiuse o annullate ({0})",
            "Settled: verified, closed or void ({0})";
        settled_many: "Definite: verificate, chiuse o annullate (oltre {0})",
            "Settled: verified, closed or void (over {0})";
        cut: "Sono mostrate le prime {0}.", "The first {0} are shown.";
        all_of_centre: "Tutte le non conformità del centro", "All findings of the centre";
        of_centre: "Solo il centro {0}.", "The centre {0} alone.";
        whole_territory: "Tutta la provincia", "The whole province";
        counts: "Non conformità: {0} scadute, {1} con chiusura proposta, {2} da definire in tutto",
            "Findings: {0} overdue, {1} with a closing proposed, {2} to settle in all";
        figure: "non conformità scadute", "findings overdue";
        figure_of: "{0} da definire", "{0} to settle";
        filter: "Filtro", "Filter";
        not_settled: "Da definire", "Not settled";
        all: "Tutte", "All";
        any: "Qualsiasi", "Any";
        situation: "Situazione", "Situation";
        only_overdue: "Con termine scaduto", "Overdue";
        only_proposed: "Con chiusura proposta", "Closing proposed";
        apply: "Applica", "Apply";
        download: "Scarica queste righe come tabella (CSV)", "Download these rows as a table (CSV)";
        next: "Pagina successiva", "Next page";
        first: "Dall'inizio", "From the start";
    }
}

texts! {
    /// One finding and its course.
    Course {
        centre: "Centro", "Centre";
        checklist: "Scheda", "Checklist";
        repeats_of: "{0}, in {1} visite", "{0}, in {1} visits";
        settled: "Definita il", "Settled on";
        proposed: "Una visita successiva ha trovato la voce in regola: la chiusura è proposta, e l'ufficio può chiudere.",
            "A later visit found the item in order: the closing is proposed, and the office may close.";
        withdrawn: "Una correzione ha tolto ciò su cui poggiava: nessuna visita che conta la rileva più.",
            "A correction took away what it rested on: no visit that counts fails the item any more.";
        visits: "Visite", "Visits";
        opened_by: "L'ha aperta", "Opened it";
        failed_by: "L'ha rilevata per ultima", "Failed it last";
        passed_by: "L'ha trovata in regola", "Found it in order";
        visit_of: "la visita del {0}", "the visit of {0}";
        visit_hidden: "una visita di altri", "a visit of others";
        course: "Iter", "Course";
        opened: "Aperta da una visita ricevuta il {0}, alle {1}", "Opened by a visit received on {0}, at {1}";
        moved_by: "{0}, il {1} alle {2}", "{0}, on {1} at {2}";
        moved_by_system: "a seguito di una correzione, il {0} alle {1}", "after a correction, on {0} at {1}";
        was: "prima: {0}", "before: {0}";
        correction: "la correzione", "the correction";
        given: "Termine dato: {0}", "Deadline given: {0}";
        photo: "Foto {0} della visita del {1}", "Photo {0} of the visit of {1}";
        photo_hidden: "Foto che non si può mostrare", "A photo that cannot be shown";
        next: "Nuovo passaggio", "Next move";
        which: "Che cosa si registra", "What is recorded";
        note: "Nota", "Note";
        note_help: "Obbligatoria per annullare; senza nomi di ospiti. Fino a 2000 caratteri. Resta agli atti.",
            "Required to void; without names of guests. Up to 2,000 characters. It stays on record.";
        due: "Nuovo termine", "New deadline";
        due_help: "Solo prescrivendo; senza, resta il {0}.", "Only when prescribing; without one, it stays {0}.";
        photos: "Foto su cui poggia", "Photos that it rests on";
        photos_item: "Foto di questa voce", "Photos of this item";
        photos_other: "Altre foto delle stesse visite ({0})", "Other photos of the same visits ({0})";
        submit: "Registra", "Record";
        stays: "Ogni passaggio resta agli atti con autore e ora, e non si cancella.",
            "Each move stays on record with author and time, and is never deleted.";
        error: "Errore:", "Error:";
        mend: "Il passaggio non è stato registrato: correggere i campi indicati.",
            "The move was not recorded: mend the fields named.";
        wrong_to: "Scegliere uno dei passaggi.", "Choose one of the moves.";
        wrong_note: "La nota va fino a 2000 caratteri.", "The note has up to 2,000 characters.";
        no_reason: "Per annullare va detto il motivo.", "To void it, say why.";
        not_a_day: "Non è un giorno: scrivere come 2026-03-04.", "Not a day: write it as 2026-03-04.";
        past: "Il giorno è già passato.", "The day is past.";
        only_prescribed: "Un termine si dà solo prescrivendo: lasciarlo vuoto.",
            "A deadline is given only when prescribing: leave it empty.";
        wrong_photos: "Scegliere fino a 40 foto delle visite a questo centro.",
            "Choose up to 40 photos of visits to this centre.";
        stale: "Nel frattempo è cambiata: il passaggio non è stato registrato. Lo stato attuale è quello qui sopra.",
            "It changed meanwhile: the move was not recorded. Its present state is shown above.";
        wrong_state: "Da dove si trova ora questo passaggio non è possibile: non è stato registrato. Se la voce ha già un'altra non conformità aperta, si lavora su quella.",
            "From where it stands now this move is not possible: it was not recorded. If the item already has another open finding, go on with that one.";
    }
}
