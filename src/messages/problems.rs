//! Titles and sentences of problems, by code.

use super::Lang;

/// The title and the sentence of a problem. Every code of `http::problem` has them; a test
/// goes through the table.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table: one row a code")]
pub fn problem(code: &str, lang: Lang) -> Option<(&'static str, &'static str)> {
    let (it, en) = match code {
        "malformed-json" => (
            (
                "JSON non valido",
                "Il corpo non è JSON, ripete una chiave o contiene un surrogato isolato: {0}.",
            ),
            (
                "Malformed JSON",
                "The body is no JSON, repeats a key or holds a lone surrogate: {0}.",
            ),
        ),
        "bad-request" => (
            ("Richiesta non valida", "La richiesta non può essere letta."),
            ("Bad request", "The request cannot be read."),
        ),
        "not-signed-in" => (
            ("Accesso richiesto", "Serve un token valido nell'intestazione Authorization: Bearer."),
            ("Not signed in", "A valid token is needed in the header Authorization: Bearer."),
        ),
        "wrong-credentials" => (
            ("Nome o password errati", "Il nome o la password non sono giusti."),
            ("Wrong name or password", "The name or the password is not right."),
        ),
        "forbidden" => (
            ("Operazione non consentita", "Il ruolo di questa persona non consente l'operazione."),
            ("Forbidden", "The role of this person does not allow the operation."),
        ),
        "not-found" => (
            ("Non trovato", "Qui non c'è nulla, o non per questa persona."),
            ("Not found", "There is nothing here, or not for this person."),
        ),
        "method-not-allowed" => (
            ("Metodo non consentito", "Questo indirizzo non conosce il metodo usato."),
            ("Method not allowed", "This address does not know the method used."),
        ),
        "request-timeout" => (
            ("Tempo scaduto", "Il corpo della richiesta non è arrivato in tempo."),
            ("Request time-out", "The body of the request did not come in time."),
        ),
        "code-in-use" => (
            ("Già in uso", "Il codice o il nome è già in uso."),
            ("In use", "The code or name is in use."),
        ),
        "other-content" => (
            (
                "Contenuto diverso",
                "Sotto questo id è conservato un contenuto diverso; resta com'è. Per cambiarlo si invia una correzione con un nuovo id.",
            ),
            (
                "Other content",
                "Other content is stored under this id; it stays. To change it, send a correction with a new id.",
            ),
        ),
        "gone" => (
            ("Cancellato", "Il contenuto è stato cancellato per ordine."),
            ("Gone", "The content was erased by an order."),
        ),
        "stale" => (
            (
                "Versione superata",
                "Nel frattempo è cambiato: leggere di nuovo e ripetere con il nuovo ETag.",
            ),
            ("Stale version", "It changed meanwhile: read it again and repeat with the new ETag."),
        ),
        "body-too-large" => (
            ("Corpo troppo grande", "Il corpo supera il limite di {0} byte."),
            ("Body too large", "The body is larger than the limit of {0} bytes."),
        ),
        "too-many-pixels" => (
            (
                "Foto troppo grande",
                "La foto ha troppi pixel per essere elaborata: al massimo 64 milioni, meno se il formato richiede molta memoria.",
            ),
            (
                "Photo too large",
                "The photo has too many pixels to be worked on: 64 million at most, fewer where its format takes much memory.",
            ),
        ),
        "unsupported-media-type" => (
            ("Tipo non accettato", "Qui si accetta solo {0}."),
            ("Unsupported media type", "Only {0} is taken here."),
        ),
        "unsupported-photo" => (
            ("Formato di foto non accettato", "Le foto si inviano in JPEG, PNG o WebP."),
            ("Unsupported photo format", "Photos are sent as JPEG, PNG or WebP."),
        ),
        "heic-photo" => (
            (
                "Formato HEIC non accettato",
                "Il telefono salva le foto in HEIC. iPhone: Impostazioni, Fotocamera, Formati, «Più compatibile». Android: disattivare «Alta efficienza» nelle impostazioni della fotocamera.",
            ),
            (
                "HEIC is not taken",
                "The phone saves photos as HEIC. iPhone: Settings, Camera, Formats, \"Most Compatible\". Android: switch off \"High efficiency\" in the camera settings.",
            ),
        ),
        "invalid-content" => (
            ("Contenuto non valido", "Il contenuto è leggibile ma non valido: si veda errors."),
            ("Invalid content", "The content can be read but is not valid: see errors."),
        ),
        "hash-mismatch" => (
            (
                "I byte non corrispondono",
                "I byte ricevuti non hanno lo SHA-256 indicato nell'indirizzo.",
            ),
            (
                "The bytes do not match",
                "The bytes received do not have the SHA-256 that the address names.",
            ),
        ),
        "unreadable-photo" => (
            ("Foto illeggibile", "I byte non sono un'immagine leggibile: {0}."),
            ("Unreadable photo", "The bytes are no readable picture: {0}."),
        ),
        "precondition-required" => (
            ("Manca If-Match", "Per modificare serve l'intestazione If-Match con l'ETag letto."),
            (
                "If-Match is missing",
                "To change it, send the header If-Match with the ETag that was read.",
            ),
        ),
        "too-many-requests" => (
            ("Troppi tentativi", "Troppi tentativi falliti: riprovare fra {0} secondi."),
            ("Too many attempts", "Too many failed attempts: try again in {0} seconds."),
        ),
        "wrong-offset" => (
            (
                "Altri byte attesi",
                "Si attendono altri byte di questo invio: HEAD dice quanti ne sono arrivati, e si continua da lì.",
            ),
            (
                "Other bytes are awaited",
                "Other bytes of this upload are awaited: HEAD says how many were received; go on from there.",
            ),
        ),
        "wrong-state" => (
            (
                "Passaggio non possibile",
                "Da dove si trova ora ({0}) il rilievo non può passare allo stato chiesto.",
            ),
            (
                "No such move",
                "From where it stands now ({0}) the finding cannot go to the state asked for.",
            ),
        ),
        "other-protocol" => (
            (
                "Altra versione del protocollo",
                "Gli invii a parti usano tus {0}, detto nell'intestazione Tus-Resumable.",
            ),
            (
                "Another version of the protocol",
                "Uploads in parts speak tus {0}, said in the header Tus-Resumable.",
            ),
        ),
        "headers-too-large" => (
            ("Intestazioni troppo grandi", "Le intestazioni della richiesta sono troppo grandi."),
            ("Headers too large", "The headers of the request are too large."),
        ),
        "internal" => (
            (
                "Errore interno",
                "Qualcosa è andato storto da questa parte; è annotato nel registro.",
            ),
            ("Internal error", "Something went wrong on this side; it is noted in the log."),
        ),
        "unavailable" => (
            (
                "Momentaneamente non disponibile",
                "Il servizio non può rispondere ora: riprovare fra poco. Nulla è stato registrato.",
            ),
            (
                "Unavailable for now",
                "The service cannot answer now: try again shortly. Nothing was recorded.",
            ),
        ),
        _ => return None,
    };
    Some(lang.of(it, en))
}
