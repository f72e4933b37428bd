//! Visits for the tests of the store.

use uuid::Uuid;
use vigila_core::documents::inspection::{ChecklistRef, Kind};
use vigila_core::documents::score::{Band, DimensionScore, ModelVersion};
use vigila_core::domain::{Facility, FactValue, InspectionId, PersonId, Scope, Sha256};

use super::{Inserted, NewInspection, StoredInspection, find, insert};
use crate::store::photos::NewPhoto;
use crate::store::scores::NewScore;
use crate::store::testing::{at, facility};
use crate::store::{Db, Insert, facilities};

/// A centre with a monitor who visits it.
#[derive(Clone)]
pub struct Visits {
    db: Db,
    pub facility: Facility,
    pub person: PersonId,
}

impl Visits {
    /// A first centre.
    pub async fn new(db: &Db) -> Self {
        Self::at_centre(db, facility("BT-0001")).await
    }

    /// Another centre, by somebody else.
    pub async fn at_centre(db: &Db, facility: Facility) -> Self {
        let added = facility.clone();
        let done = db.write(move |c| facilities::insert(c, &added, at(0))).await.unwrap();
        assert_eq!(done, Insert::Done);
        Self { db: db.clone(), facility, person: PersonId(Uuid::now_v7()) }
    }

    /// A visit that ended then and was received ten seconds later.
    pub fn visit(&self, checklist: &str, ended: i64) -> NewInspection {
        NewInspection {
            id: InspectionId(Uuid::now_v7()),
            facility: self.facility.id,
            territory: self.facility.territory,
            checklist: ChecklistRef { code: checklist.to_owned(), version: "1.0.0".to_owned() },
            kind: Kind::Unannounced,
            started_at: at(ended - 60),
            ended_at: at(ended),
            day: "2026-03-04".parse().unwrap(),
            content: format!(r#"{{"ended":{ended}}}"#),
            digest: Sha256::of(&ended.to_be_bytes()).to_string(),
            received_at: at(ended + 10),
            received_by: self.person,
            facts: [("beds".to_owned(), FactValue::Number(38.0))].into(),
            scored: vec![1, 0, 255],
            corrects: None,
            free_texts: Vec::new(),
        }
    }

    /// A correction of a visit, received then.
    pub fn correction(&self, of: InspectionId, received: i64) -> NewInspection {
        NewInspection {
            corrects: Some(of),
            received_at: at(received),
            ..self.visit("CAS-COLL", 100)
        }
    }

    /// Sends a visit with photos of these contents.
    pub async fn send(&self, new: &NewInspection, photos: &[&str]) -> Inserted {
        let new = new.clone();
        let photos: Vec<NewPhoto> = photos
            .iter()
            .map(|photo| NewPhoto { sha256: sha256(photo), declared_bytes: 1_000 })
            .collect();
        let score = score(new.id);
        self.db.write(move |c| insert(c, &new, &photos, &score)).await.unwrap()
    }

    /// Sends a new visit without photos.
    pub async fn add(&self, checklist: &str, ended: i64) -> InspectionId {
        self.add_all(&self.visit(checklist, ended), &[]).await
    }

    /// Sends this new visit.
    pub async fn add_all(&self, new: &NewInspection, photos: &[&str]) -> InspectionId {
        assert_eq!(self.send(new, photos).await, Inserted::New);
        new.id
    }

    /// The visit as it is kept.
    pub async fn kept(&self, id: InspectionId) -> StoredInspection {
        self.db.read(move |c| find(c, &Scope::All, id)).await.unwrap().unwrap()
    }
}

/// The hash of a photo of this content.
pub fn sha256(photo: &str) -> Sha256 {
    Sha256::of(photo.as_bytes())
}

/// The score of a visit.
pub fn score(inspection: InspectionId) -> NewScore {
    let dimension = |code: &str, score| DimensionScore {
        code: code.to_owned(),
        score,
        coverage: 0.1 + 0.2,
        observed_weight: 8.0,
        due_weight: 10.0,
    };
    NewScore {
        id: Uuid::now_v7(),
        inspection,
        model: published(),
        checklist: ChecklistRef { code: "CAS-COLL".to_owned(), version: "1.0.0".to_owned() },
        inputs_digest: "inputs".to_owned(),
        overall: Some(200.0 / 3.0),
        coverage: Some(0.9),
        band: Band::Critical,
        band_by_points: Band::ToImprove,
        dimensions: vec![dimension("SAFETY", Some(100.0 / 7.0)), dimension("HYGIENE", None)],
        document: r#"{"overall":66.66666666666667}"#.to_owned(),
        computed_at: at(0),
        indicators: None,
    }
}

/// A scope of these territories.
pub fn only(codes: &[&str]) -> Scope {
    Scope::Only(codes.iter().map(|code| code.parse().unwrap()).collect())
}

/// The model that makes the scores of these tests.
pub fn published() -> ModelVersion {
    ModelVersion {
        code: "VIGILA".to_owned(),
        version: "1.0.0".to_owned(),
        digest: "model".to_owned(),
    }
}
