//! A visit's page asks at each photo what its facts raise, in words, and tells the facts.

use serde_json::json;

use super::exif::Camera;
use super::{HONEST, sent, showing_here, stage};
use crate::pages::Browser;
use crate::support::{photo, with};

fn says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part}: {text}");
    }
}

#[tokio::test]
async fn a_visit_asks_at_its_photos_what_is_to_look_into() {
    let (app, monitor) = stage().await;
    app.facility("BT-0002").await;
    let colleague = app.monitor("BT").await;
    let old = Camera { taken: Some("2024:04:12 11:02:00"), offset: None, ..HONEST };
    let old = Camera { software: Some("Snapseed <2.0>"), ..old }.wrote(&photo(0));
    let honest = HONEST.wrote(&photo(1));
    let hidden = sent(&colleague, &showing_here("BT-0002", &[&old]), &[&old]).await;
    let later = with(showing_here("BT-0002", &[]), "/ended_at", json!("2024-05-15T10:30:00.000Z"));
    colleague.submitted(&later).await;
    let photos = [&old[..], &honest];
    let id = sent(&monitor, &showing_here("BT-0001", &photos), &photos).await;

    let page = |lang: &str| format!("/inspections/{id}?lang={lang}");
    let italian = Browser::of(&app, &monitor).get(&page("it")).await;
    says(
        italian.text(),
        &[
            "Da verificare:",
            "<strong>Ora fuori dalla visita.</strong> Secondo la fotocamera è stata scattata 31 giorni prima dell&#39;inizio della visita (tolleranza 15 min).",
            "<strong>Ritoccata.</strong> L&#39;ha salvata un programma che modifica le immagini: Snapseed &#60;2.0&#62;.",
            "<strong>File già usato.</strong> Lo stesso file è anche in un&#39;altra visita. Quali, lo vede chi può vedere quelle visite.",
            "<dt>Ora nella foto</dt><dd>12 apr 2024, 11:02:00, senza fuso orario</dd>",
            "<dt>Ora nella foto</dt><dd>14 mag 2024, 11:02:00 (UTC+02:00)</dd>",
            "<dt>Posizione nella foto</dt><dd>41,22800; 16,29510, precisa a 5 m: a 13,9 m dal centro</dd>",
            "<dt>Ora dichiarata</dt><dd>non detto</dd>",
            "<dt>Apparecchio</dt><dd>Prova</dd>",
        ],
    );
    // The honest one has facts and no question.
    assert_eq!(italian.text().matches("Da verificare:").count(), 1);
    assert_eq!(italian.text().matches("Dati della foto").count(), 2);
    for secret in [hidden.to_string(), "BT-0002".to_owned()] {
        assert!(!italian.text().contains(&secret), "a monitor learns of {secret}");
    }

    let manager = app.manager("BT").await;
    let english = Browser::of(&app, &manager).get(&page("en")).await;
    let link = format!("<a href=\"/inspections/{hidden}\">BT-0002, 14 May 2024</a>");
    says(
        english.text(),
        &[
            "To look into:",
            "<strong>File used elsewhere.</strong> The same file is in another visit too.",
            &link,
        ],
    );
    // Whoever may not see the visit's photos sees none of this.
    let other = app.manager("BA").await;
    assert_eq!(Browser::of(&app, &other).get(&page("it")).await.status(), 404);
}
