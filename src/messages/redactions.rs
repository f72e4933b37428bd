//! The texts of the pages where what must not be seen is taken out of sight.

use super::texts::texts;

texts! {
    /// Taking texts and areas of photos of a visit out of sight.
    Redactions {
        title: "Oscuramenti della visita", "Redactions of the visit";
        link: "Oscura nomi o volti di questa visita", "Redact names or faces of this visit";
        visit: "Visita", "Visit";
        lead: "Ciò che si oscura non si vede più, nelle pagine e nell'API. L'originale resta sigillato, per chi ne dichiara il motivo; il punteggio e la ricevuta non cambiano. Un oscuramento di testo non si toglie; quello di una foto si può sostituire.",
            "What is redacted is seen no more, in pages and in the API. The original stays sealed, for who states a reason; score and receipt do not change. A redacted text stays so; that of a photo can be replaced.";
        error: "Errore:", "Error:";
        texts: "Testi", "Texts";
        which: "Quale testo oscurare", "Which text to redact";
        no_texts: "La visita non ha testi liberi da oscurare.", "The visit has no free texts to redact.";
        device: "Dispositivo", "Device";
        value: "{0}, risposta", "{0}, answer";
        reason_of: "{0}, motivo", "{0}, reason";
        note: "{0}, nota", "{0}, note";
        caption: "Didascalia della foto {0}", "Caption of photo {0}";
        reason: "Motivo dell'oscuramento", "Reason of the redaction";
        reason_help: "Senza nomi: il motivo resta leggibile.", "Without names: the reason stays readable.";
        submit_text: "Oscura il testo", "Redact the text";
        redacted: "Testi già oscurati", "Texts redacted already";
        since: "{0}, alle {1}: {2}", "{0}, at {1}: {2}";
        erased: "cancellato per ordine", "erased by an order";
        photos: "Foto", "Photos";
        no_photos: "Nessuna foto è arrivata.", "No photo has come.";
        choose: "Oscura una parte della foto {0}", "Redact a part of photo {0}";
        photo_title: "Oscurare una foto", "Redact a photo";
        photo_lead: "Si può toccare la foto nei due angoli opposti dell'area, oppure scrivere le misure in pixel. L'area diventa nera in ogni copia servita.",
            "Touch the photo at two opposite corners of the area, or write the measures in pixels. The area turns black in every copy that is served.";
        first_corner: "Foto: scegliere il primo angolo dell'area", "Photo: choose the first corner of the area";
        second_corner: "Foto: scegliere l'angolo opposto (il primo è a {0}, {1})",
            "Photo: choose the opposite corner (the first is at {0}, {1})";
        area: "Area, in pixel", "Area, in pixels";
        x: "Da sinistra", "From the left";
        y: "Dall'alto", "From the top";
        width: "Larghezza", "Width";
        height: "Altezza", "Height";
        again: "Ricomincia", "Start again";
        submit_area: "Oscura l'area", "Redact the area";
        supersedes: "Al posto di", "In place of";
        supersedes_none: "nessuno: si aggiunge", "none: it is added";
        redactions: "Oscuramenti di questa foto", "Redactions of this photo";
        none_yet: "Nessuno.", "None.";
        areas: "aree: {0}", "areas: {0}";
        superseded: "sostituito", "superseded";
        wrong_area: "L'area non sta nella foto, che misura {0} per {1} pixel, o è vuota.",
            "The area is not within the photo, which is {0} by {1} pixels, or is empty.";
        wrong_reason: "Il motivo va da 1 a 1000 caratteri.", "The reason has 1 to 1,000 characters.";
        wrong_text: "Scegliere uno dei testi.", "Choose one of the texts.";
    }
}
