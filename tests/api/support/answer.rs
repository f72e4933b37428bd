//! What the server answered, read to its end.

use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    /// Reads an answer to its end.
    pub async fn of(response: reqwest::Response) -> Self {
        Self::try_of(response).await.unwrap()
    }

    /// Reads an answer to its end.
    ///
    /// # Errors
    /// When it breaks off.
    pub async fn try_of(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Self { status, headers, body })
    }

    /// Its status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header, empty when it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// Its text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Its JSON.
    pub fn json(&self) -> Value {
        let text = self.text();
        serde_json::from_str(text).unwrap_or_else(|e| panic!("{}: {e}: {text}", self.status))
    }

    /// Its JSON for a snapshot: what differs from run to run (ids, instants, tokens) is
    /// replaced by the name of its member.
    pub fn told(&self) -> Value {
        let mut json = self.json();
        redact(&mut json);
        json
    }

    /// The code of a problem: the last part of its `type`.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let json = self.json();
        json["type"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    /// The same, empty when the answer is no problem.
    pub fn problem_or_none(&self) -> String {
        let is_problem = self.header("content-type") == "application/problem+json";
        if is_problem { self.problem() } else { String::new() }
    }

    /// The faults of a problem, each as `PLACE CODE`, in the order of the answer.
    pub fn faults(&self) -> Vec<String> {
        let json = self.json();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        let each = errors.iter().map(|error| {
            let place = error.get("pointer").or_else(|| error.get("parameter"));
            let place = place.and_then(Value::as_str).unwrap();
            format!("{place} {}", error["code"].as_str().unwrap())
        });
        each.collect()
    }

    /// One member of each row of a list.
    pub fn column(&self, member: &str) -> Vec<String> {
        let json = self.json();
        let rows = json["items"].as_array().unwrap_or_else(|| panic!("no list: {json}")).clone();
        rows.iter().map(|row| row[member].as_str().unwrap().to_owned()).collect()
    }

    /// The address of the next page of a list.
    pub fn next(&self) -> Option<String> {
        self.json()["_links"]["next"].as_str().map(str::to_owned)
    }
}

/// What is different in every run.
const CHANGING: [&str; 14] = [
    "id",
    "instance",
    "token",
    "inspection_id",
    "key_id",
    "signature",
    "expires_at",
    "created_at",
    "received_at",
    "received_by",
    "published_at",
    "computed_at",
    "last_used_at",
    "next",
];

fn redact(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (key, member) in map {
                if CHANGING.contains(&key.as_str()) && member.is_string() {
                    *member = format!("[{key}]").into();
                } else {
                    redact(member);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(redact),
        _ => {}
    }
}
