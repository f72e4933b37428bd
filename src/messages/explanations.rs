//! The texts that say why a score is what it is, and what the indicators say. For readers who
//! are no statisticians: short sentences, the figures in them.

use super::texts::texts;

texts! {
    /// Why a visit has its score and its band.
    Explained {
        title: "Perché questa fascia", "Why this band";
        knock_out_one: "Una voce critica non è conforme: basta questa perché la fascia sia «{1}», quale che sia il punteggio.",
            "A critical item is not compliant: it is enough for the band “{1}”, whatever the score.";
        knock_out: "{0} voci critiche non sono conformi: ne basta una perché la fascia sia «{1}», quale che sia il punteggio.",
            "{0} critical items are not compliant: one is enough for the band “{1}”, whatever the score.";
        otherwise: "Per i soli punti.", "By points alone.";
        nothing_scored: "Nessuna delle voci che danno punti era dovuta e rilevata: la fascia è «{0}».",
            "None of the items that give points was due and observed: the band is “{0}”.";
        coverage: "La copertura è {0} e deve essere almeno {1}: si è visto troppo poco per una fascia diversa da «{2}».",
            "The coverage is {0} and has to be at least {1}: too little was seen for any band but “{2}”.";
        unseen_one: "Della sezione {0} non si è visto nulla: finché manca una sezione intera la fascia è «{1}».",
            "Nothing was seen of the section {0}: while a whole section is missing the band is “{1}”.";
        unseen: "Non si è visto nulla delle sezioni {0}: finché manca una sezione intera la fascia è «{1}».",
            "Nothing was seen of the sections {0}: while a whole section is missing the band is “{1}”.";
        floor_one: "Il punteggio, {0}, sarebbe da «{1}», ma una dimensione è sotto il minimo di {2}: {3}. Una dimensione debole non si compensa con le altre: la fascia non va oltre «{4}».",
            "The score, {0}, would be “{1}”, but a dimension is below the floor of {2}: {3}. A weak dimension is not made up for by the others: the band goes no further than “{4}”.";
        floor: "Il punteggio, {0}, sarebbe da «{1}», ma alcune dimensioni sono sotto il minimo di {2}: {3}. Una dimensione debole non si compensa con le altre: la fascia non va oltre «{4}».",
            "The score, {0}, would be “{1}”, but some dimensions are below the floor of {2}: {3}. A weak dimension is not made up for by the others: the band goes no further than “{4}”.";
        points_between: "Decide il punteggio: {0} è almeno {1} e meno di {2}, quindi la fascia è «{3}».",
            "The score decides: {0} is at least {1} and less than {2}, so the band is “{3}”.";
        points_above: "Decide il punteggio: {0} è almeno {1}, quindi la fascia è «{2}».",
            "The score decides: {0} is at least {1}, so the band is “{2}”.";
        points_below: "Decide il punteggio: {0} è meno di {1}, quindi la fascia è «{2}».",
            "The score decides: {0} is less than {1}, so the band is “{2}”.";
        quoted: "«{0}»", "“{0}”";
        dimension_at: "«{0}» ({1})", "“{0}” ({1})";
        from_base: "La fascia del centro viene dalle voci critiche aperte, trovate anche in altre visite: finché restano, nulla la alza. Della visita di riferimento, da sola, si può dire questo.",
            "The band of the centre comes from the open critical items, found in other visits as well: while they stay, nothing lifts it. Of the visit behind the scorecard alone this can be said.";
        lift: "Che cosa la alzerebbe", "What would lift it";
        lift_best: "Niente: è la fascia migliore.", "Nothing: it is the best band.";
        lift_none: "Nessuna delle voci chieste in questa visita può portarla a una fascia migliore.",
            "None of the items asked in this visit can lift it to a better band.";
        lift_one: "Se la voce indicata fosse conforme, la fascia sarebbe «{0}» con {1} punti.",
            "If the item named were compliant, the band would be “{0}” with {1} points.";
        lift_all: "Se queste voci fossero conformi, la fascia sarebbe «{0}» con {1} punti. È la via più breve fra quelle provate: si comincia da ciò che dà più punti.",
            "If these items were compliant, the band would be “{0}” with {1} points. It is the shortest way of those tried: what gives most points comes first.";
        lift_knock_out: "Se tutte le voci critiche qui sopra fossero conformi, la fascia sarebbe «{0}» con {1} punti.",
            "If all critical items above were compliant, the band would be “{0}” with {1} points.";
        lift_capped: "I soli punti varrebbero di più, ma una dimensione resta sotto il minimo di {0}.",
            "The points alone would be worth more, but a dimension stays below the floor of {0}.";
        lift_unseen: "I punti ci sarebbero, ma si è visto troppo poco per un'altra fascia.",
            "The points would be there, but too little was seen for another band.";
        lift_observe: "Bisogna guardare almeno queste voci. Quale fascia ne viene dipende da ciò che si trova.",
            "At least these items have to be looked at. Which band comes of it depends on what is found.";
        lift_rest: "Le altre voci ({0})", "The other items ({0})";
        gains: "+{0} punti", "+{0} points";
        costliest: "Che cosa è costato di più", "What cost most";
        costliest_caption: "Le voci, al più cinque, che hanno tolto più punti al punteggio",
            "The items, five at most, that took most points off the score";
        nothing_lost: "Nessuna voce ha tolto punti.", "No item took points off.";
        item: "Voce", "Item";
        answer: "Risposta", "Answer";
        photos: "Foto", "Photos";
        lost: "Punti tolti", "Points taken off";
        sums: "I conti", "The arithmetic";
        sums_lead: "Modello di punteggio {0}. I numeri sono arrotondati per difetto a un decimale: sommando quelli stampati si può restare qualche decimo sotto il totale, che è esatto.",
            "Scoring model {0}. Numbers are rounded down to one decimal: adding up those printed may come to some tenths less than the total, which is exact.";
        overall_summary: "Dalle dimensioni al punteggio: {0}", "From the dimensions to the score: {0}";
        overall_arithmetic: "Ogni dimensione porta la sua quota del punteggio; la somma è il punteggio. Una dimensione in cui non si è rilevato nulla non pesa.",
            "Each dimension brings its share of the score; the sum is the score. A dimension of which nothing was observed has no weight.";
        overall_geometric: "Ogni dimensione dà un fattore, il suo punteggio elevato alla quota; il prodotto dei fattori è il punteggio. Una dimensione in cui non si è rilevato nulla non pesa.",
            "Each dimension gives a factor, its score raised to its share; the product of the factors is the score. A dimension of which nothing was observed has no weight.";
        overall_none: "Nessuna dimensione ha un punteggio.", "No dimension has a score.";
        dimension: "Dimensione", "Dimension";
        score: "Punteggio", "Score";
        weight: "Peso", "Weight";
        share: "Quota", "Share";
        brings: "Porta", "Brings";
        factor: "Fattore", "Factor";
        sum: "Somma", "Sum";
        product: "Prodotto", "Product";
        dimension_summary: "{0}: {1}, {2} punti tolti", "{0}: {1}, {2} points taken off";
        dimension_caption: "Punti = 100 × peso × valore ÷ {0}, il peso rilevato (su {1} dovuto). «Punti» è su 100 della dimensione, «Punti tolti» su 100 del punteggio.",
            "Points = 100 × weight × value ÷ {0}, the weight observed (of {1} due). “Points” is of the dimension's 100, “Points taken off” of the score's 100.";
        dimension_unseen: "Nulla è stato rilevato: nessuna voce conta nel punteggio (peso dovuto: {0}).",
            "Nothing was observed: no item counts in the score (weight due: {0}).";
        weight_observed: "Peso rilevato", "Weight observed";
        value: "Valore", "Value";
        points: "Punti", "Points";
        not_observed: "non rilevata: abbassa la copertura, non il punteggio",
            "not observed: lowers the coverage, not the score";
        condition_false: "non dovuta in questo centro", "not due at this centre";
        not_scored: "risposta che non dà punti: non conta", "an answer without points: does not count";
        none: "nessuno", "none";
    }
}

texts! {
    /// What the indicators say.
    Indicators {
        title: "Indicatori", "Indicators";
        lead: "Gli indicatori stanno accanto al punteggio e non cambiano mai la fascia. I numeri sono arrotondati a un decimale, dalla parte peggiore.",
            "Indicators stand beside the score and never change the band. Numbers are rounded to one decimal, to the worse side.";
        caption: "Indicatori scarsi", "Poor indicators";
        caption_others: "Gli altri indicatori con un valore", "The other indicators with a value";
        none_poor: "Nessun indicatore è scarso.", "No indicator is poor.";
        others: "Discreti, buoni o senza limiti ({0})", "Fair, good or without limits ({0})";
        indicator: "Indicatore", "Indicator";
        value: "Valore", "Value";
        level: "Livello", "Level";
        good: "Buono", "Good";
        fair: "Discreto", "Fair";
        poor: "Scarso", "Poor";
        no_level: "senza limiti", "without limits";
        warning: "Avviso", "Warning";
        warning_text: "{0}: {1}, livello scarso. È un avviso: non cambia la fascia.",
            "{0}: {1}, level poor. This is a warning: it does not change the band.";
        made_of: "Da che cosa nasce", "What it is made of";
        quotient: "{0} diviso {1}", "{0} divided by {1}";
        at_least: "almeno {0}", "at least {0}";
        at_most: "al più {0}", "at most {0}";
        within: "da {0} a {1}", "{0} to {1}";
        limit: "{0}: {1}", "{0}: {1}";
        input: "{0}: {1}", "{0}: {1}";
        missing: "manca", "missing";
        none_title: "Senza valore ({0})", "Without a value ({0})";
        none_lead: "Un dato manca, o si dividerebbe per zero: allora non c'è un valore, nemmeno zero.",
            "An input is missing, or zero would divide: then there is no value, not even zero.";
        none_missing: "nessun valore: manca {0}", "no value: {0} is missing";
        none_missing_many: "nessun valore: mancano {0} dati, fra cui {1}",
            "no value: {0} inputs are missing, among them {1}";
        none_zero: "nessun valore: si dividerebbe per zero", "no value: zero would divide";
        of_base: "Vengono dalla visita di riferimento.", "They come from the visit behind the scorecard.";
        weight_earned: "peso ottenuto", "weight earned";
        weight_observed: "peso rilevato", "weight observed";
        weight_due: "peso dovuto", "weight due";
        days_since_last_visit: "giorni dall'ultima visita", "days since the last visit";
        critical_open: "voci critiche aperte", "critical items now";
        oldest_critical_days: "giorni dalla più vecchia voce critica aperta",
            "days since the oldest open critical item";
        repeated_failures: "voci fallite in due visite di seguito", "items failed in two visits running";
    }
}
