//! The words for what a photo tells: each question with what it rests on, in a sentence.

use vigila_core::documents::evidence::FlagCode;
use vigila_core::evidence::{Basis, Copies, Flag};

use super::texts::texts;
use super::{Lang, fill};

texts! {
    /// Why a photo raises a question.
    Reasons {
        taken_before: "Secondo la fotocamera è stata scattata {0} prima dell'inizio della visita (tolleranza {1}).",
            "By the camera's clock it was taken {0} before the visit began (tolerance {1}).";
        taken_after: "Secondo la fotocamera è stata scattata {0} dopo la fine della visita (tolleranza {1}).",
            "By the camera's clock it was taken {0} after the visit ended (tolerance {1}).";
        taken_after_receipt: "Secondo la fotocamera è stata scattata {0} dopo essere arrivata al server (tolleranza {1}).",
            "By the camera's clock it was taken {0} after the server received it (tolerance {1}).";
        taken_before_answer: "Secondo la fotocamera è stata scattata {0} prima della risposta a {2} che la cita (tolleranza {1}).",
            "By the camera's clock it was taken {0} before the answer to {2} that names it (tolerance {1}).";
        taken_after_answer: "Secondo la fotocamera è stata scattata {0} dopo la risposta a {2} che la cita (tolleranza {1}).",
            "By the camera's clock it was taken {0} after the answer to {2} that names it (tolerance {1}).";
        clock_behind: "L'ora della fotocamera è {0} prima di quella dichiarata dal telefono (tolleranza {1}).",
            "The camera's time is {0} before the one the phone declared (tolerance {1}).";
        clock_ahead: "L'ora della fotocamera è {0} dopo quella dichiarata dal telefono (tolleranza {1}).",
            "The camera's time is {0} after the one the phone declared (tolerance {1}).";
        declared_before: "Il telefono dichiara che è stata scattata {0} prima dell'inizio della visita (tolleranza {1}).",
            "The phone declares that it was taken {0} before the visit began (tolerance {1}).";
        declared_after: "Il telefono dichiara che è stata scattata {0} dopo la fine della visita (tolleranza {1}).",
            "The phone declares that it was taken {0} after the visit ended (tolerance {1}).";
        far_from_centre: "La posizione nella foto è a {0} dal centro (limite {1}).",
            "The position in the photo is {0} from the centre (limit {1}).";
        declared_far_from_centre: "La posizione dichiarata dal telefono è a {0} dal centro (limite {1}).",
            "The position that the phone declared is {0} from the centre (limit {1}).";
        positions_differ: "La posizione nella foto e quella dichiarata dal telefono distano {0} (limite {1}).",
            "The position in the photo and the one that the phone declared are {0} apart (limit {1}).";
        position_zero: "La posizione nella foto è 0, 0: il ricevitore non sapeva dove fosse.",
            "The position in the photo is 0, 0: the receiver did not know where it was.";
        declared_position_zero: "La posizione dichiarata dal telefono è 0, 0: il ricevitore non sapeva dove fosse.",
            "The position that the phone declared is 0, 0: the receiver did not know where it was.";
        position_without_accuracy: "La posizione nella foto non dice quanto è precisa.",
            "The position in the photo does not say how exact it is.";
        same_one: "Lo stesso file è anche in un'altra visita.", "The same file is in another visit too.";
        same_many: "Lo stesso file è anche in altre {0} visite.",
            "The same file is in {0} other visits too.";
        same_more: "Lo stesso file è anche in {0} o più altre visite.",
            "The same file is in {0} or more other visits too.";
        near_one: "In un'altra visita c'è una foto quasi uguale.",
            "Another visit has a photo that looks nearly the same.";
        near_many: "In altre visite ci sono {0} foto quasi uguali.",
            "Other visits have {0} photos that look nearly the same.";
        near_more: "In altre visite ci sono {0} o più foto quasi uguali.",
            "Other visits have {0} or more photos that look nearly the same.";
        here_one: "Un'altra foto di questa visita è quasi uguale.",
            "Another photo of this visit looks nearly the same.";
        here_many: "Altre {0} foto di questa visita sono quasi uguali.",
            "{0} other photos of this visit look nearly the same.";
        not_to_you: "Quali, lo vede chi può vedere quelle visite.",
            "Which ones is for those to see who may see these visits.";
        edited: "L'ha salvata un programma che modifica le immagini: {0}.",
            "A program that changes pictures saved it: {0}.";
        no_exif: "Il file non dice nulla di sé (nessun EXIF): né quando, né dove, né con quale apparecchio.",
            "The file tells nothing of itself (no EXIF): neither when, nor where, nor with which device.";
        damaged: "Una parte del file manca o è rovinata.", "A part of the file is missing or broken.";
        blurred: "È poco nitida: {0}, sotto {1}.", "It is not sharp: {0}, below {1}.";
        too_dark: "È troppo scura: luminosità media {0} su 255, sotto {1}.",
            "It is too dark: mean brightness {0} of 255, below {1}.";
        too_bright: "È troppo chiara: luminosità media {0} su 255, sopra {1}.",
            "It is too bright: mean brightness {0} of 255, above {1}.";
    }
}

texts! {
    /// What a page calls the questions, in a word or two, and the facts beside them.
    Labels {
        taken_outside_visit: "Ora fuori dalla visita", "Time outside the visit";
        taken_after_receipt: "Ora nel futuro", "Time in the future";
        taken_far_from_answer: "Ora lontana dalla risposta", "Time far from the answer";
        clock_differs: "Orologi diversi", "Clocks differ";
        declared_outside_visit: "Ora dichiarata fuori dalla visita", "Declared time outside the visit";
        far_from_centre: "Lontana dal centro", "Far from the centre";
        declared_far_from_centre: "Dichiarata lontano dal centro", "Declared far from the centre";
        positions_differ: "Posizioni diverse", "Positions differ";
        position_zero: "Posizione assente", "No position";
        declared_position_zero: "Posizione dichiarata assente", "No declared position";
        position_without_accuracy: "Posizione senza precisione", "Position without accuracy";
        same_bytes_elsewhere: "File già usato", "File used elsewhere";
        near_copy_elsewhere: "Foto simile altrove", "Similar photo elsewhere";
        near_copy_in_visit: "Foto simile in questa visita", "Similar photo in this visit";
        edited: "Ritoccata", "Edited";
        no_exif: "Senza dati EXIF", "No EXIF data";
        damaged: "Rovinata", "Damaged";
        blurred: "Poco nitida", "Blurred";
        too_dark: "Troppo scura", "Too dark";
        too_bright: "Troppo chiara", "Too bright";
        questions: "Da verificare:", "To look into:";
        facts: "Dati della foto", "Facts of the photo";
        the_other_photo: "l'altra foto", "the other photo";
        camera_time: "Ora nella foto", "Time in the photo";
        declared_time: "Ora dichiarata", "Declared time";
        no_offset: "{0}, senza fuso orario", "{0}, without time zone";
        with_offset: "{0} (UTC{1})", "{0} (UTC{1})";
        received: "Arrivata al server", "Received by the server";
        camera_place: "Posizione nella foto", "Position in the photo";
        declared_place: "Posizione dichiarata", "Declared position";
        accuracy: "{0}, precisa a {1}", "{0}, within {1}";
        from_centre: "{0}: a {1} dal centro", "{0}: {1} from the centre";
        device: "Apparecchio", "Device";
        software: "Programma", "Software";
        size: "Dimensioni", "Size";
        size_of: "{0} × {1} pixel, {2} byte", "{0} × {1} pixels, {2} bytes";
        sharpness: "Nitidezza", "Sharpness";
        brightness: "Luminosità media (0-255)", "Mean brightness (0-255)";
        unknown: "non detto", "not said";
        picture: "Immagine", "Picture";
        not_examined: "non ancora esaminata", "not yet examined";
        beyond: "I dati delle foto oltre la numero {0} si leggono con l'API.",
            "The facts of photos beyond number {0} are read through the API.";
    }
}

/// What a page calls a question.
#[must_use]
pub fn label(code: FlagCode, lang: Lang) -> &'static str {
    let t = Labels::of(lang);
    match code {
        FlagCode::TakenOutsideVisit => t.taken_outside_visit,
        FlagCode::TakenAfterReceipt => t.taken_after_receipt,
        FlagCode::TakenFarFromAnswer => t.taken_far_from_answer,
        FlagCode::ClockDiffers => t.clock_differs,
        FlagCode::DeclaredOutsideVisit => t.declared_outside_visit,
        FlagCode::FarFromCentre => t.far_from_centre,
        FlagCode::DeclaredFarFromCentre => t.declared_far_from_centre,
        FlagCode::PositionsDiffer => t.positions_differ,
        FlagCode::PositionZero => t.position_zero,
        FlagCode::DeclaredPositionZero => t.declared_position_zero,
        FlagCode::PositionWithoutAccuracy => t.position_without_accuracy,
        FlagCode::SameBytesElsewhere => t.same_bytes_elsewhere,
        FlagCode::NearCopyElsewhere => t.near_copy_elsewhere,
        FlagCode::NearCopyInVisit => t.near_copy_in_visit,
        FlagCode::Edited => t.edited,
        FlagCode::NoExif => t.no_exif,
        FlagCode::Damaged => t.damaged,
        FlagCode::Blurred => t.blurred,
        FlagCode::TooDark => t.too_dark,
        FlagCode::TooBright => t.too_bright,
    }
}

/// Why a photo raises a question, in a sentence.
#[must_use]
pub fn reason(flag: &Flag, lang: Lang) -> String {
    let t = Reasons::of(lang);
    match &flag.basis {
        Basis::Plain => plain(flag.code, t).to_owned(),
        Basis::Software(software) => fill(t.edited, std::slice::from_ref(software)),
        Basis::Seconds { value, limit } => {
            fill(of_time(flag.code, *value < 0.0, t), &[span(*value, lang), span(*limit, lang)])
        }
        Basis::Answer { item, value, limit } => {
            let words = [span(*value, lang), span(*limit, lang), item.clone()];
            fill(of_time(flag.code, *value < 0.0, t), &words)
        }
        Basis::Metres { value, limit } => {
            let template = match flag.code {
                FlagCode::DeclaredFarFromCentre => t.declared_far_from_centre,
                FlagCode::PositionsDiffer => t.positions_differ,
                _ => t.far_from_centre,
            };
            fill(template, &[distance(*value, lang), distance(*limit, lang)])
        }
        Basis::Picture { value, limit } => {
            let template = match flag.code {
                FlagCode::TooDark => t.too_dark,
                FlagCode::TooBright => t.too_bright,
                _ => t.blurred,
            };
            fill(template, &[decimal(*value, lang), decimal(*limit, lang)])
        }
        Basis::Copies(copies) => of_copies(flag.code, copies, t),
    }
}

fn plain(code: FlagCode, t: &'static Reasons) -> &'static str {
    match code {
        FlagCode::PositionZero => t.position_zero,
        FlagCode::DeclaredPositionZero => t.declared_position_zero,
        FlagCode::PositionWithoutAccuracy => t.position_without_accuracy,
        FlagCode::NoExif => t.no_exif,
        _ => t.damaged,
    }
}

fn of_time(code: FlagCode, before: bool, t: &'static Reasons) -> &'static str {
    match (code, before) {
        (FlagCode::TakenAfterReceipt, _) => t.taken_after_receipt,
        (FlagCode::TakenFarFromAnswer, true) => t.taken_before_answer,
        (FlagCode::TakenFarFromAnswer, false) => t.taken_after_answer,
        (FlagCode::ClockDiffers, true) => t.clock_behind,
        (FlagCode::ClockDiffers, false) => t.clock_ahead,
        (FlagCode::DeclaredOutsideVisit, true) => t.declared_before,
        (FlagCode::DeclaredOutsideVisit, false) => t.declared_after,
        (_, true) => t.taken_before,
        (_, false) => t.taken_after,
    }
}

fn of_copies(code: FlagCode, copies: &Copies, t: &'static Reasons) -> String {
    let (one, many, more) = match code {
        FlagCode::SameBytesElsewhere => (t.same_one, t.same_many, t.same_more),
        FlagCode::NearCopyInVisit => (t.here_one, t.here_many, t.here_many),
        _ => (t.near_one, t.near_many, t.near_more),
    };
    let count = copies.count();
    let template = match (count, copies.more) {
        (_, true) => more,
        (1, false) => one,
        _ => many,
    };
    let sentence = fill(template, &[count.to_string()]);
    if copies.named.is_empty() { format!("{sentence} {}", t.not_to_you) } else { sentence }
}

/// A length of time, whichever way: `42 s`, `15 min 1 s`, `3 h 5 min`, `32 giorni`.
#[must_use]
pub fn span(seconds: f64, lang: Lang) -> String {
    // A little more than a limit must not read like the limit.
    let whole = seconds.abs().ceil();
    let parts = |large: f64, (big, small): (&str, &str)| {
        let (count, rest) = ((whole / large).floor(), whole % large);
        let rest = if large > 60.0 { (rest / 60.0).floor() } else { rest };
        if rest > 0.0 { format!("{count} {big} {rest} {small}") } else { format!("{count} {big}") }
    };
    match whole {
        ..60.0 => format!("{whole} s"),
        ..3600.0 => parts(60.0, ("min", "s")),
        ..172_800.0 => parts(3600.0, ("h", "min")),
        _ => format!("{} {}", (whole / 86_400.0).floor(), lang.of("giorni", "days")),
    }
}

/// A distance: metres, from a thousand on kilometres, to a tenth.
#[must_use]
pub fn distance(metres: f64, lang: Lang) -> String {
    if metres < 999.95 {
        format!("{} m", decimal(metres, lang))
    } else {
        format!("{} km", decimal(metres / 1000.0, lang))
    }
}

/// A number to a tenth, without a zero at its end.
#[must_use]
pub fn decimal(value: f64, lang: Lang) -> String {
    let tenth = (value * 10.0).round() / 10.0;
    let text = tenth.to_string();
    lang.of(text.replace('.', ","), text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_two_units_at_most() {
        let table = [
            (0.0, "0 s"),
            (-42.2, "43 s"),
            (60.0, "1 min"),
            (901.0, "15 min 1 s"),
            (3_600.0, "1 h"),
            (-11_100.0, "3 h 5 min"),
            (172_799.0, "47 h 59 min"),
            (2_764_800.0, "32 giorni"),
        ];
        for (seconds, expected) in table {
            assert_eq!(span(seconds, Lang::It), expected, "{seconds}");
        }
        assert_eq!(span(172_800.0, Lang::En), "2 days");
        let table = [(0.0, "0 m"), (300.44, "300,4 m"), (999.9, "999,9 m"), (12_345.0, "12,3 km")];
        for (metres, expected) in table {
            assert_eq!(distance(metres, Lang::It), expected, "{metres}");
        }
        assert_eq!(distance(1_000.0, Lang::En), "1 km");
    }

    /// A flag of each code, on what its rules make it rest.
    fn flags() -> Vec<Flag> {
        let copies = |unnamed, more| Basis::Copies(Copies { named: vec![], unnamed, more });
        let each = FlagCode::ALL.iter().flat_map(|code| {
            let signed = |basis: fn(f64) -> Basis| vec![basis(-4_000.0), basis(4_000.0)];
            let bases = match code {
                FlagCode::TakenFarFromAnswer => {
                    signed(|value| Basis::Answer { item: "CAS-B01".into(), value, limit: 1_800.0 })
                }
                FlagCode::TakenOutsideVisit
                | FlagCode::ClockDiffers
                | FlagCode::DeclaredOutsideVisit => {
                    signed(|value| Basis::Seconds { value, limit: 900.0 })
                }
                FlagCode::TakenAfterReceipt => vec![Basis::Seconds { value: 901.0, limit: 300.0 }],
                FlagCode::FarFromCentre
                | FlagCode::DeclaredFarFromCentre
                | FlagCode::PositionsDiffer => vec![Basis::Metres { value: 1_200.0, limit: 300.0 }],
                FlagCode::SameBytesElsewhere
                | FlagCode::NearCopyElsewhere
                | FlagCode::NearCopyInVisit => {
                    vec![copies(1, false), copies(3, false), copies(50, true)]
                }
                FlagCode::Edited => vec![Basis::Software("GIMP 2.10".into())],
                FlagCode::Blurred | FlagCode::TooDark | FlagCode::TooBright => {
                    vec![Basis::Picture { value: 7.25, limit: 20.0 }]
                }
                FlagCode::PositionZero
                | FlagCode::DeclaredPositionZero
                | FlagCode::PositionWithoutAccuracy
                | FlagCode::NoExif
                | FlagCode::Damaged => vec![Basis::Plain],
            };
            bases.into_iter().map(|basis| Flag { code: *code, basis })
        });
        each.collect()
    }

    #[test]
    fn every_question_has_a_sentence_of_its_own_in_both_languages() {
        for lang in [Lang::It, Lang::En] {
            let mut told: Vec<String> = flags().iter().map(|flag| reason(flag, lang)).collect();
            for sentence in &told {
                assert!(sentence.ends_with('.') && !sentence.contains('{'), "{sentence}");
            }
            let all = told.len();
            told.sort();
            told.dedup();
            // That of one visit is the same whether or not there are more.
            assert_eq!(told.len(), all, "{told:#?}");
            let mut labels: Vec<_> = FlagCode::ALL.iter().map(|code| label(*code, lang)).collect();
            labels.sort_unstable();
            labels.dedup();
            assert_eq!(labels.len(), FlagCode::ALL.len());
        }
        let flag = Flag {
            code: FlagCode::TakenOutsideVisit,
            basis: Basis::Seconds { value: -2_764_800.0, limit: 900.0 },
        };
        let expected = "Secondo la fotocamera è stata scattata 32 giorni prima dell'inizio della visita (tolleranza 15 min).";
        assert_eq!(reason(&flag, Lang::It), expected);
    }
}
