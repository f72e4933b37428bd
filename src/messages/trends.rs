//! The texts that say how a centre's score moves, as far as its visits can tell.

use super::texts::texts;

texts! {
    /// A measure over time.
    Trend {
        improving: "In miglioramento.", "Improving.";
        worsening: "In peggioramento.", "Worsening.";
        no_clear_change: "Nessun cambiamento chiaro.", "No clear change.";
        too_few_visits: "Troppo poche visite.", "Too few visits.";
        rose: "In {1} giorni il livello è salito di {0} punti. La differenza vera sta, con una probabilità del 90%, fra {2} e {3}: il caso non basta a spiegarla.",
            "In {1} days the level rose by {0} points. The true difference lies, with a probability of 90%, between {2} and {3}: chance alone does not explain it.";
        fell: "In {1} giorni il livello è sceso di {0} punti. La differenza vera sta, con una probabilità del 90%, fra {2} e {3}: il caso non basta a spiegarla.",
            "In {1} days the level fell by {0} points. The true difference lies, with a probability of 90%, between {2} and {3}: chance alone does not explain it.";
        unclear: "In {1} giorni la differenza stimata è di {0} punti, ma può stare fra {2} e {3} (probabilità del 90%): il caso basta a spiegarla.",
            "In {1} days the estimated difference is {0} points, but it may lie between {2} and {3} (probability 90%): chance may explain it.";
        too_few_text: "Con meno di tre visite non si dice nulla.", "Of fewer than three visits nothing is said.";
        without_notice: "Visite senza preavviso", "Visits without notice";
        of_kind: "Visite di tipo «{0}», a parte", "Visits of the kind “{0}”, apart";
        level: "Livello stimato, con l'intervallo al 90%", "Estimated level, with its 90% interval";
        level_lead: "La linea è il livello stimato del centro, tolto il caso di ogni singola visita; la fascia attorno lo contiene con una probabilità del 90%.",
            "The line is the estimated level of the centre, the chance of each single visit taken away; the band around it holds it with a probability of 90%.";
        level_head: "Livello (90%)", "Level (90%)";
        level_value: "{0} ({1}–{2})", "{0} ({1}–{2})";
        breaks: "Cambi di scheda o di modello, nel grafico con il loro numero", "Changes of checklist or model, by their number in the chart";
        joined: "{0}: attraverso i cambi si confrontano le {1} voci che tutte le versioni chiedono ({2}), con il modello di oggi; segni e linea valgono per quelle.",
            "{0}: across the changes the {1} items that all versions ask are compared ({2}), by the model of today; marks and line are of those.";
        version_items: "versione {0}: {1} voci", "version {0}: {1} items";
        compared: "Confrontato", "Compared";
        new_checklist: "scheda {0}", "checklist {0}";
        new_model: "modello di punteggio {0}", "scoring model {0}";
        percentile: "Quota degli altri {1} centri della stessa tipologia nella provincia che hanno un punteggio peggiore: {0}% (i pari contano per metà).",
            "Share of the other {1} centres of the same kind in the province whose score is worse: {0}% (equals count by half).";
    }
}
