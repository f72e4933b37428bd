//! People who ask, each with a token of its own.

use std::sync::{Arc, Mutex, OnceLock};

use bytes::Bytes;
use futures_util::Stream;
use reqwest::Method;
use serde::Serialize;
use uuid::Uuid;
use vigila::app::hash_password;
use vigila::clock;
use vigila::store::people::Person;
use vigila::store::sessions::{Session, SessionKind};
use vigila::store::{Db, people, sessions};
use vigila_core::documents::json;
use vigila_core::domain::{PersonId, Role, Territory};

use super::Answer;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "a long pass phrase";

/// Days that a session lives.
const SESSION_DAYS: i64 = 30;

/// Somebody who asks, over HTTP; without a token, nobody.
#[derive(Clone)]
pub struct TestPerson {
    pub(super) client: reqwest::Client,
    pub(super) base: Arc<Mutex<String>>,
    /// The token, if it has one.
    pub token: Option<String>,
    /// The name it signs in with.
    pub name: String,
    /// Its id; nil for nobody.
    pub id: PersonId,
}

impl TestPerson {
    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path).send().await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &impl Serialize) -> Answer {
        self.ask(Method::PUT, path).json(body).send().await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        self.ask(Method::POST, path).json(body).send().await
    }

    /// PATCH with a JSON merge patch, for the version that `etag` names.
    pub async fn patch(&self, path: &str, etag: &str, body: &impl Serialize) -> Answer {
        let text = serde_json::to_vec(body).unwrap();
        let ask = self.ask(Method::PATCH, path).header("if-match", etag);
        ask.body("application/merge-patch+json", text).send().await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path).send().await
    }

    /// Where it asks, without a `/` at the end.
    pub fn base(&self) -> String {
        self.base.lock().unwrap().clone()
    }

    /// A request to be filled with headers and a body. `path` begins with `/`.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let mut request = self.client.request(method, format!("{}{path}", self.base()));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        Ask(request)
    }
}

/// A request on its way.
pub struct Ask(reqwest::RequestBuilder);

impl Ask {
    /// With a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// With JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.json(body))
    }

    /// With these bytes as that media type.
    pub fn body(self, kind: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self(self.0.header("content-type", kind).body(bytes.into()))
    }

    /// With bytes of an unsaid number, as they come.
    pub fn pieces<S>(self, pieces: S) -> Self
    where
        S: Stream<Item = std::io::Result<Bytes>> + Send + 'static,
    {
        Self(self.0.body(reqwest::Body::wrap_stream(pieces)))
    }

    /// Sends it.
    pub async fn send(self) -> Answer {
        self.try_send().await.unwrap()
    }

    /// Sends it to a server that may die meanwhile.
    pub async fn try_send(self) -> reqwest::Result<Answer> {
        Answer::try_of(self.0.send().await?).await
    }
}

/// The hash of [`PASSWORD`], computed once a process: it takes long on purpose.
fn password_hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash_password(PASSWORD).unwrap()).clone()
}

/// Adds a person with a session; gives its id and token.
pub async fn add(db: &Db, name: &str, role: Role, territories: &str) -> (PersonId, String) {
    let now = clock::now();
    let parsed = territories.split_whitespace().map(|code| code.parse::<Territory>().unwrap());
    let person = Person {
        id: PersonId(Uuid::now_v7()),
        name: name.parse().unwrap(),
        role,
        territories: parsed.collect(),
        password_hash: password_hash(),
        disabled: false,
        created_at: now,
        revision: 1,
    };
    let token = Uuid::new_v4().simple().to_string();
    let machine = role == Role::Scraper;
    let session = Session {
        token_hash: json::digest(&token),
        person_id: person.id,
        kind: if machine { SessionKind::Token } else { SessionKind::Session },
        created_at: now,
        last_used_at: now,
        expires_at: (!machine).then(|| now.plus_days(SESSION_DAYS)),
    };
    let id = person.id;
    db.write(move |conn| {
        assert_eq!(people::insert(conn, &person)?, vigila::store::Insert::Done);
        sessions::insert(conn, &session)
    })
    .await
    .unwrap();
    (id, token)
}
