//! The texts of the pages, a group a page. `{0}`, `{1}` … are filled by
//! [`fill`](super::fill); both languages of a text hold the same ones.

use super::texts::texts;

texts! {
    /// What stands around every page.
    Frame {
        service: "vigila", "vigila";
        tagline: "Qualità dell'accoglienza", "Quality of reception";
        skip: "Vai al contenuto", "Skip to content";
        menu: "Menu principale", "Main menu";
        territories: "Territori", "Territories";
        api: "API", "API";
        sign_out: "Esci", "Sign out";
        language: "Lingua", "Language";
        other_language: "English", "Italiano";
        breadcrumb: "Percorso", "Breadcrumb";
        footer: "vigila, monitoraggio della qualità dei centri di accoglienza. Le pagine non usano JavaScript né risorse di terzi.",
            "vigila, quality monitoring of reception centres. Pages use neither JavaScript nor resources of others.";
    }
}

texts! {
    /// Signing in.
    SignIn {
        title: "Accedi", "Sign in";
        lead: "Le pagine sono riservate al personale della Prefettura e ai monitori.",
            "These pages are for the staff of the Prefettura and its monitors.";
        username: "Nome utente", "User name";
        password: "Password", "Password";
        submit: "Accedi", "Sign in";
        wrong: "Il nome utente o la password non sono giusti.",
            "The user name or the password is not right.";
        missing: "Scrivere il nome utente e la password.", "Write the user name and the password.";
        throttled: "Troppi tentativi falliti: riprovare fra {0} secondi.",
            "Too many failed attempts: try again in {0} seconds.";
        error: "Errore:", "Error:";
    }
}

texts! {
    /// What a page says that cannot be shown.
    Trouble {
        not_found: "Pagina non trovata", "Page not found";
        not_found_text: "Qui non c'è nulla, o non per questa persona.",
            "There is nothing here, or not for this person.";
        forbidden: "Pagina non consentita", "Page not allowed";
        forbidden_text: "Il ruolo di questa persona non ha pagine da vedere qui.",
            "The role of this person has no pages to see here.";
        other_site: "Richiesta rifiutata", "Request refused";
        other_site_text: "Il modulo non è stato inviato da queste pagine. Tornare indietro, ricaricare la pagina e riprovare.",
            "The form was not sent from these pages. Go back, load the page again and retry.";
        method: "Metodo non consentito", "Method not allowed";
        method_text: "Questo indirizzo non si usa così.", "This address is not used this way.";
        bad: "Richiesta non leggibile", "Unreadable request";
        bad_text: "L'indirizzo o il modulo non si leggono.", "The address or the form cannot be read.";
        unavailable: "Momentaneamente non disponibile", "Unavailable for now";
        unavailable_text: "Il servizio non può rispondere ora: riprovare fra poco.",
            "The service cannot answer now: try again shortly.";
        internal: "Errore interno", "Internal error";
        internal_text: "Qualcosa è andato storto da questa parte; è annotato nel registro con il numero {0}.",
            "Something went wrong on this side; it is noted in the log under the number {0}.";
        home: "Vai alla pagina iniziale", "Go to the first page";
    }
}

texts! {
    /// The person's territories.
    Territories {
        title: "Territori", "Territories";
        none: "A questa persona non è assegnato alcun territorio: chiedere all'amministratore.",
            "No territory is assigned to this person: ask the administrator.";
    }
}

texts! {
    /// The centres of a territory.
    Territory {
        title: "Centri della provincia di {0}", "Centres of the province of {0}";
        summary: "In sintesi", "Summary";
        centres_one: "1 centro attivo", "1 active centre";
        centres: "{0} centri attivi", "{0} active centres";
        with_critical: "con voci critiche aperte", "with critical items now";
        unseen: "mai visitati o non visti da oltre {0} giorni",
            "never visited or unseen for over {0} days";
        photos_owed_all: "foto ancora attese", "photos still owed";
        by_band: "Centri per fascia", "Centres by band";
        filter: "Filtra per tipologia", "Filter by kind";
        all_kinds: "Tutte le tipologie", "All kinds";
        caption: "Centri dal più urgente: prima per fascia, poi chi non si vede da più tempo.",
            "Centres, the most urgent first: by band, then the longest unseen.";
        band: "Fascia", "Band";
        centre: "Centro", "Centre";
        overall: "Punteggio", "Score";
        coverage: "Copertura", "Coverage";
        last_visit: "Ultima visita", "Last visit";
        critical: "Voci critiche", "Critical items";
        owed: "Foto attese", "Photos owed";
        never: "mai", "never";
        stale: "di oltre {0} giorni fa", "over {0} days old";
        empty: "Nessun centro attivo in questo territorio.", "No active centre in this territory.";
        empty_kind: "Nessun centro attivo di questa tipologia.", "No active centre of this kind.";
    }
}

texts! {
    /// The scorecard of a centre.
    Facility {
        caption: "Scheda sintetica del centro", "Scorecard of the centre";
        code: "Codice", "Code";
        kind: "Tipologia", "Kind";
        municipality: "Comune", "Municipality";
        managing_body: "Ente gestore", "Managing body";
        places: "Posti autorizzati", "Authorised places";
        inactive: "Centro non più attivo", "Centre no longer active";
        state: "Situazione al {0}", "State on {0}";
        by_points: "Per i soli punti sarebbe:", "By points alone it would be:";
        overall: "Punteggio", "Score";
        of_hundred: "su 100", "of 100";
        coverage: "Copertura", "Coverage";
        coverage_help: "quota del peso dovuto che è stata rilevata",
            "share of the due weight that was observed";
        last_visit: "Ultima visita", "Last visit";
        based_on: "Punteggio dalla visita del", "Score from the visit of";
        main_checklist: "Scheda di riferimento", "Main checklist";
        stale: "La visita su cui poggia la scheda ha più di {0} giorni: non descrive più il centro.",
            "The visit behind this scorecard is more than {0} days old: it no longer describes the centre.";
        owed: "Foto attese", "Photos owed";
        why: "Come nasce il punteggio e che cosa lo alzerebbe",
            "How the score comes about and what would lift it";
        never: "Questo centro non è mai stato visitato.", "This centre was never visited.";
        critical: "Voci critiche aperte", "Critical items now";
        critical_lead: "Ognuna tiene il centro nella fascia «Critico» finché una visita non la trova in regola. Non averla guardata non basta.",
            "Each keeps the centre in the band “Critical” until a visit finds it in order. Not looking does not clear it.";
        no_critical: "Nessuna voce critica aperta.", "No critical item is open.";
        item: "Voce", "Item";
        checklist: "Scheda", "Checklist";
        seen: "Rilevata il", "Observed on";
        dimensions: "Dimensioni", "Dimensions";
        dimensions_caption: "Punteggi per dimensione, da 0 a 100, nella visita di riferimento",
            "Scores by dimension, from 0 to 100, in the visit behind the scorecard";
        dimension: "Dimensione", "Dimension";
        score: "Punteggio", "Score";
        below_floor: "sotto il minimo di {0}", "below the floor of {0}";
        not_observed: "non rilevata", "not observed";
        costliest: "Che cosa è costato di più", "What cost most";
        costliest_caption: "Le voci che hanno tolto più punti al punteggio",
            "The items that took most points off the score";
        answer: "Risposta", "Answer";
        lost: "Punti persi", "Points lost";
        photos: "Foto", "Photos";
        nothing_lost: "Nessuna voce ha tolto punti.", "No item took points off.";
        trend: "Andamento del punteggio", "Score over time";
        trend_lead: "Visite con la scheda {0}. Le visite preavvisate e quelle a distanza hanno segno e linea propri: non si confrontano con le altre.",
            "Visits with the checklist {0}. Announced and remote visits have marks and lines of their own: they do not compare with the others.";
        trend_none: "Nessuna visita con punteggio.", "No visit with a score.";
        trend_alt: "Grafico del punteggio nel tempo: {0} visite, dal {1} al {2}. I valori sono nella tabella che segue.",
            "Chart of the score over time: {0} visits, from {1} to {2}. The values are in the table that follows.";
        trend_data: "I valori del grafico", "The values of the chart";
        day: "Giorno", "Day";
        visit_kind: "Tipo di visita", "Kind of visit";
        counted: "Conta", "Counts";
        counted_yes: "sì", "yes";
        counted_no: "no: copertura insufficiente", "no: too little was observed";
        not_counted: "segno vuoto: copertura insufficiente", "hollow mark: too little was observed";
        series_without_notice: "Senza preavviso (a sorpresa, ottemperanza, segnalazione)",
            "Without notice (unannounced, follow-up, complaint)";
        visits: "Visite", "Visits";
        visits_caption: "Visite senza preavviso, dalla più recente", "Visits without notice, latest first";
        visits_apart: "Visite preavvisate e a distanza", "Announced and remote visits";
        visits_apart_lead: "Il centro le aspettava, o si sono svolte sui documenti: si leggono a parte.",
            "The centre expected them, or they were made on documents: they are read apart.";
        visits_none: "Nessuna.", "None.";
        visits_own: "Un monitore vede le proprie visite e le ultime di ogni scheda.",
            "A monitor sees its own visits and the latest of each checklist.";
        more: "Sono mostrate le {0} più recenti.", "The latest {0} are shown.";
        ended: "Conclusa il", "Ended on";
        band: "Fascia", "Band";
        photo_state: "Foto", "Photos";
        owed_some: "attese", "owed";
        owed_none: "complete", "complete";
        superseded: "corretta", "corrected";
        other_checklists: "Tutte le schede usate", "All checklists used";
        other_caption: "Per ogni scheda, la visita che conta", "For each checklist, the visit that counts";
    }
}

texts! {
    /// One visit.
    Inspection {
        title: "Visita del {0}", "Visit of {0}";
        centre: "Centro", "Centre";
        kind: "Tipo di visita", "Kind of visit";
        checklist: "Scheda", "Checklist";
        version: "versione", "version";
        time: "Orario", "Time";
        from_to: "dalle {0} alle {1}", "from {0} to {1}";
        from_to_days: "dal {0}, ore {1}, al {2}, ore {3}", "from {0}, {1}, to {2}, {3}";
        received: "Ricevuta", "Received";
        received_at: "{0}, ore {1}", "{0}, {1}";
        id: "Numero", "Number";
        digest: "Impronta (SHA-256)", "Digest (SHA-256)";
        receipt: "Ricevuta firmata", "Signed receipt";
        receipt_lead: "L'ufficio ha firmato numero, impronta e ora di ricezione. Con la ricevuta e le chiavi pubbliche chiunque può verificare, anche senza vigila, che il contenuto è quello ricevuto.",
            "The office signed number, digest and time of receipt. With the receipt and the public keys anybody can check, also without vigila, that the content is the one received.";
        receipt_how: "Dal terminale: vigila verify RICEVUTA.json", "In a terminal: vigila verify RECEIPT.json";
        receipt_key: "Chiave", "Key";
        receipt_signature: "Firma (Ed25519)", "Signature (Ed25519)";
        receipt_keys: "Chiavi pubbliche", "Public keys";
        apart_announced: "Visita preavvisata: il centro la aspettava. Non si confronta con le visite a sorpresa.",
            "Announced visit: the centre expected it. It does not compare with unannounced ones.";
        apart_remote: "Visita a distanza, sui documenti: nessuno è entrato nel centro.",
            "Remote visit, on documents: nobody entered the centre.";
        superseded: "Questa visita è stata corretta e non conta più. Conta",
            "This visit was corrected and no longer counts. What counts is";
        superseded_link: "la correzione", "the correction";
        corrects: "Questa visita corregge", "This visit corrects";
        corrects_link: "una precedente", "an earlier one";
        outcome: "Esito", "Outcome";
        by_points: "Per i soli punti sarebbe:", "By points alone it would be:";
        overall: "Punteggio", "Score";
        of_hundred: "su 100", "of 100";
        coverage: "Copertura", "Coverage";
        state: "Foto", "Photos";
        complete: "Complete", "Complete";
        awaiting: "{0} ancora attese", "{0} still owed";
        absent: "{0} dichiarate mancanti", "{0} declared absent";
        knocked_out: "Voci critiche non conformi", "Critical items failed";
        failed: "Non conformità", "What is not compliant";
        failed_none: "Nessuna voce non conforme o parzialmente conforme.",
            "No item is not or only partly compliant.";
        model: "Modello di punteggio", "Scoring model";
        sections: "Sezioni", "Sections";
        answers: "Risposte", "Answers";
        critical: "Voce critica", "Critical item";
        not_due: "Non dovuta in questo centro", "Not due at this centre";
        unanswered: "Nessuna risposta", "No answer";
        reason: "Motivo", "Reason";
        note: "Nota", "Note";
        observed: "Rilevata alle {0}", "Observed at {0}";
        observed_on: "Rilevata il {0} alle {1}", "Observed on {0} at {1}";
        photo_alt: "Foto {0} di {1}", "Photo {0} of {1}";
        photo_alt_caption: "Foto: {0}", "Photo: {0}";
        photo_owed: "Foto non ancora arrivata", "Photo not yet arrived";
        photo_absent: "Foto dichiarata mancante", "Photo declared absent";
        photo_erased: "Foto cancellata per ordine", "Photo erased by an order";
        other_photos: "Altre foto della visita", "Other photos of the visit";
        points: "punti", "points";
        lost: "{0} punti persi", "{0} points lost";
        observed_share: "{0} su {1} voci con risposta", "{0} of {1} items answered";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{evidence, explanations, findings, redactions, trends, visits};

    /// The places `{0}` … of a text, sorted.
    fn places(text: &str) -> Vec<char> {
        let mut found: Vec<char> =
            text.split('{').skip(1).filter_map(|rest| rest.chars().next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn both_languages_of_a_text_hold_the_same_places() {
        let groups = [
            Frame::pairs(),
            SignIn::pairs(),
            Trouble::pairs(),
            Territories::pairs(),
            Territory::pairs(),
            Facility::pairs(),
            Inspection::pairs(),
            evidence::Reasons::pairs(),
            evidence::Labels::pairs(),
            explanations::Explained::pairs(),
            explanations::Indicators::pairs(),
            trends::Trend::pairs(),
            visits::NextVisits::pairs(),
            redactions::Redactions::pairs(),
            findings::Findings::pairs(),
            findings::Course::pairs(),
        ];
        for (field, it, en) in groups.into_iter().flatten() {
            assert!(!it.trim().is_empty() && !en.trim().is_empty(), "{field}");
            assert_eq!(places(it), places(en), "{field}");
        }
    }
}
