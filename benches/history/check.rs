//! Whether the history is what submissions leave: a sample of its visits is sent to an empty
//! database through the app, and what is kept there compared with what was written here.

use std::path::Path;

use serde_json::Value;
use vigila::app::Actor;
use vigila::app::submissions::{Submitted, submit_inspection};
use vigila::store::inspections::{self, StoredInspection};
use vigila::store::scores::{self, StoredScore};
use vigila::store::{contracts, facilities, people};
use vigila_core::domain::{InspectionId, PersonId, Role};

use crate::country::{Country, mix};
use crate::fill::{Opened, open};

/// How many visits are compared.
const SAMPLE: u64 = 200;

/// Compares; how many visits were found to be the same. Stops at the first that is not.
pub async fn check(filled: &Opened, country: &Country, folder: &Path) -> u64 {
    let url = format!("sqlite://{}", folder.join("check.db").display());
    let fresh = open(&url, folder).await;
    for number in 0..SAMPLE {
        let round = mix(&[number, 11]) as usize % country.rounds();
        let planned = country.round(round);
        let planned = &planned[mix(&[number, 12]) as usize % planned.len()];
        let id = filled.visit(country, planned).id;
        let (kept, score) = read(filled, id).await;
        let actor = actor(filled, kept.received_by).await;
        let centre = country.centres[planned.centre].clone();
        let written = fresh.app.db.write(move |conn| {
            let _ = facilities::insert(conn, &centre.facility, kept.received_at)?;
            centre.contracts.iter().try_for_each(|contract| {
                contracts::upsert(conn, centre.facility.id, uuid::Uuid::now_v7(), contract)
            })
        });
        written.await.expect("a centre");
        let (kept, _) = read(filled, id).await;
        let value: Value = serde_json::from_str(&kept.content).expect("JSON");
        let body = (kept.content.as_bytes(), &value);
        let sent = submit_inspection(&fresh.app, &actor, id, body, kept.received_at).await;
        match sent.map_err(|error| error.to_string()) {
            Ok(Submitted::Accepted(_)) => {}
            // The same visit may be drawn twice.
            Ok(Submitted::AlreadyHere(_)) => continue,
            Err(error) => panic!("{id}: {error}"),
        }
        let (sent, sent_score) = read(&fresh, id).await;
        assert_eq!(sent, kept, "a submission leaves another inspection");
        assert_eq!(StoredScore { id: score.id, ..sent_score }, score, "and another score");
    }
    fresh.app.db.shutdown().await;
    SAMPLE
}

async fn read(opened: &Opened, id: InspectionId) -> (StoredInspection, StoredScore) {
    let found = opened.app.db.read(move |conn| inspections::find_any(conn, id));
    let found = found.await.expect("read").expect("the inspection");
    let model = opened.app.library.model(found.received_at).version.clone();
    let score = opened.app.db.read(move |conn| scores::shown_of(conn, id, &model));
    (found, score.await.expect("read").expect("a score"))
}

async fn actor(opened: &Opened, id: PersonId) -> Actor {
    let found = opened.app.db.read(move |conn| people::find(conn, id));
    let person = found.await.expect("read").expect("a person");
    assert_eq!(person.role, Role::Monitor);
    Actor::of(&person, "")
}
