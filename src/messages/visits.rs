//! The texts that say where to go next and why.

use super::texts::texts;

texts! {
    /// The order in which centres should be visited.
    NextVisits {
        title: "Prossime visite nella provincia di {0}", "Next visits in the province of {0}";
        link: "Prossime visite: da quale centro cominciare, e perché",
            "Next visits: which centre to begin with, and why";
        lead: "Ogni motivo dà i suoi punti, secondo il programma dell'ufficio ({0}); la somma mette i centri in ordine. A pari punti viene prima chi non si vede da più tempo. I punti non sono un voto: dicono soltanto dove andare prima.",
            "Each reason gives its points, by the plan of the office ({0}); their sum puts the centres in order. Of equal ones the longest unseen comes first. Points are no mark: they only say where to go first.";
        caption: "Centri da visitare per primi: {0}", "Centres to visit first: {0}";
        caption_rest: "Gli altri centri, nell'ordine", "The other centres, in order";
        rest: "Gli altri centri ({0})", "The other centres ({0})";
        place: "Posto", "Place";
        centre: "Centro", "Centre";
        points: "Punti", "Points";
        reasons: "Motivi", "Reasons";
        last_visit: "Ultima visita", "Last visit";
        never: "mai", "never";
        no_reason: "Nessun motivo: si può attendere.", "No reason: it can wait.";
        empty: "Nessun centro attivo in questo territorio.", "No active centre in this territory.";
        gives: "+{0}", "+{0}";
        overdue: "non visitato da {0} giorni, l'intervallo è di {1}",
            "not visited for {0} days, the interval is {1}";
        never_inspected: "mai visitato", "never visited";
        open_critical: "voci critiche aperte: {0}", "critical items now: {0}";
        insufficient: "per i soli punti è insufficiente", "insufficient by points alone";
        not_enough_data: "le visite hanno visto troppo poco per dare una fascia",
            "visits saw too little for a band";
        worsening: "l'andamento è in peggioramento", "the score is worsening";
        low_coverage: "copertura {0}, sotto {1}", "coverage {0}, below {1}";
        wide_uncertainty: "livello incerto: ±{0} punti, oltre {1}",
            "the level is uncertain: ±{0} points, above {1}";
        many_guests: "{0} ospiti, più di {1}", "{0} guests, more than {1}";
        minors_present: "minorenni presenti: {0}", "minors present: {0}";
    }
}
