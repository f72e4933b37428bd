//! Bodies as they come in: the right media type, no more bytes than allowed, JSON that
//! repeats no key.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::{Validate, ValidationErrorsKind};
use vigila_core::documents::{Fault, FaultCode, Faults, Pointer, json};

use super::problem::{Code, Problem};
use crate::app::photos::{SpoolError, Spooled};
use crate::app::{App, Error};

/// The largest body of JSON (an inspection) or CSV (an import).
pub const MAX_JSON: usize = 2 * 1024 * 1024;
/// The largest small body.
const MAX_SMALL: usize = 64 * 1024;

/// How long nothing may come before a link counts as dead.
const SILENCE: Duration = Duration::from_secs(30);

type Reading<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// JSON read strictly, with the text it was read from.
pub struct JsonBody {
    /// The value.
    pub value: Value,
    /// The text.
    pub text: Bytes,
}

impl FromRequest for JsonBody {
    type Error = Problem;
    type Future = Reading<Self>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        json_of(request, payload, "application/json", MAX_JSON)
    }
}

/// A JSON merge patch (RFC 7396), read strictly.
pub struct MergePatch(pub JsonBody);

impl FromRequest for MergePatch {
    type Error = Problem;
    type Future = Reading<Self>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = json_of(request, payload, "application/merge-patch+json", MAX_SMALL);
        Box::pin(async { body.await.map(Self) })
    }
}

/// A small JSON body, read into its type: every value that is wrong is told, and the first
/// thing wrong with its form.
pub struct Small<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Small<T> {
    type Error = Problem;
    type Future = Reading<Self>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = json_of(request, payload, "application/json", MAX_SMALL);
        Box::pin(async { body.await.and_then(|body| typed(&body)).map(Self) })
    }
}

/// A small JSON merge patch, read into its type.
pub struct SmallPatch<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for SmallPatch<T> {
    type Error = Problem;
    type Future = Reading<Self>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = json_of(request, payload, "application/merge-patch+json", MAX_SMALL);
        Box::pin(async { body.await.and_then(|body| typed(&body)).map(Self) })
    }
}

/// A table as comma-separated values (RFC 4180), in UTF-8.
pub struct CsvBody(pub Bytes);

impl FromRequest for CsvBody {
    type Error = Problem;
    type Future = Reading<Self>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let fits = has_type(request, "text/csv");
        let payload = payload.take();
        Box::pin(async move {
            if !fits {
                return Err(Problem::with(Code::UnsupportedMediaType, "text/csv"));
            }
            read(payload, MAX_JSON).await.map(Self)
        })
    }
}

fn json_of(
    request: &HttpRequest,
    payload: &mut Payload,
    kind: &'static str,
    most: usize,
) -> Reading<JsonBody> {
    let fits = has_type(request, kind);
    let payload = payload.take();
    Box::pin(async move {
        if !fits {
            return Err(Problem::with(Code::UnsupportedMediaType, kind));
        }
        let text = read(payload, most).await?;
        let value =
            json::parse(&text).map_err(|e| Problem::with(Code::Malformed, e.to_string()))?;
        Ok(JsonBody { value, text })
    })
}

/// Whether the body is declared to be of this media type; of parameters only
/// `charset=utf-8` is known.
pub fn has_type(request: &HttpRequest, kind: &str) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    header.is_some_and(|value| {
        let mut parts = value.split(';').map(str::trim);
        let same = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(kind));
        same && parts
            .all(|p| p.is_empty() || p.to_ascii_lowercase().replace('"', "") == "charset=utf-8")
    })
}

/// Reads a body of at most so many bytes.
///
/// # Errors
/// 413 when it is larger, 400 when it breaks off.
pub async fn read(mut payload: Payload, most: usize) -> Result<Bytes, Problem> {
    let mut whole = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::BadRequest))?;
        if whole.len() + chunk.len() > most {
            return Err(Problem::with(Code::BodyTooLarge, most.to_string()));
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

/// Takes a body of at most so many bytes in, to disk and hashed.
///
/// # Errors
/// 413 when it is larger, 400 when it breaks off, 503 when the disk is full or fails.
pub async fn spooled(
    app: &App,
    request: &HttpRequest,
    mut payload: Payload,
    most: u64,
) -> Result<Spooled, Problem> {
    let too_large = || Problem::with(Code::BodyTooLarge, most.to_string());
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if declared.and_then(|text| text.parse::<u64>().ok()).is_some_and(|bytes| bytes > most) {
        return Err(too_large());
    }
    let mut arriving = app.spool.begin(most);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::BadRequest))?;
        arriving.push(&chunk).await.map_err(|error| match error {
            SpoolError::TooLarge => too_large(),
            error => Error::Spool(error).into(),
        })?;
    }
    Ok(arriving.finish().await.map_err(Error::Spool)?)
}

/// Takes in what of a body arrives, to disk and hashed: all of it, or what there was when the
/// link died or nothing came for too long.
///
/// # Errors
/// 413 when it is larger than `most`, 503 when the disk is full or fails.
pub async fn so_far(app: &App, mut payload: Payload, most: u64) -> Result<Spooled, Problem> {
    let mut arriving = app.spool.begin(most);
    while let Ok(Some(Ok(chunk))) = tokio::time::timeout(SILENCE, payload.next()).await {
        arriving.push(&chunk).await.map_err(|error| match error {
            SpoolError::TooLarge => Problem::with(Code::BodyTooLarge, most.to_string()),
            error => Error::Spool(error).into(),
        })?;
    }
    Ok(arriving.finish().await.map_err(Error::Spool)?)
}

fn typed<T: DeserializeOwned + Validate>(body: &JsonBody) -> Result<T, Problem> {
    let mut faults = Faults::default();
    json::check_storable(&body.text, &body.value, &mut faults);
    faults.none().map_err(|faults| Problem { faults, ..Problem::new(Code::Faulty) })?;
    let read: T = serde_path_to_error::deserialize(&body.value).map_err(|error| {
        let fault = form_fault(&error);
        Problem { faults: vec![fault], ..Problem::new(Code::Faulty) }
    })?;
    read.validate().map_err(|errors| {
        let mut faults = Vec::new();
        for (field, kind) in errors.errors() {
            if let ValidationErrorsKind::Field(found) = kind {
                faults.extend(found.iter().map(|error| value_fault(field, error)));
            }
        }
        faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        Problem { faults, ..Problem::new(Code::Faulty) }
    })?;
    Ok(read)
}

/// serde's first complaint, with the place that `serde_path_to_error` kept.
fn form_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    use serde_path_to_error::Segment;
    let mut pointer = Pointer::root();
    for segment in error.path() {
        pointer = match segment {
            Segment::Seq { index } => pointer.index(*index),
            Segment::Map { key } => pointer.key(key),
            Segment::Enum { variant } => pointer.key(variant),
            Segment::Unknown => pointer,
        };
    }
    let text = error.inner().to_string();
    let named = || text.split('`').nth(1).unwrap_or_default().to_owned();
    if text.starts_with("missing field") {
        Fault { pointer: pointer.key(&named()), code: FaultCode::Required, args: Vec::new() }
    } else if text.starts_with("unknown field") {
        // serde names the field in the path already.
        Fault { pointer, code: FaultCode::UnknownField, args: Vec::new() }
    } else if text.starts_with("unknown variant") {
        let options = text.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        Fault { pointer, code: FaultCode::NotAnOption, args: options }
    } else {
        let asked = text.split("expected ").nth(1).unwrap_or(&text);
        Fault { pointer, code: FaultCode::WrongType, args: vec![asked.to_owned()] }
    }
}

fn value_fault(field: &str, error: &validator::ValidationError) -> Fault {
    let word = |name: &str| error.params.get(name).map_or_else(|| "…".to_owned(), Value::to_string);
    let (code, args) = match error.code.as_ref() {
        "length" => (FaultCode::BadLength, vec![word("min"), word("max")]),
        "range" => (FaultCode::OutOfRange, vec![word("min"), word("max")]),
        other => {
            let known = FaultCode::ALL.iter().find(|code| code.as_str() == other);
            (known.copied().unwrap_or(FaultCode::BadFormat), vec![other.to_owned()])
        }
    };
    Fault { pointer: Pointer::root().key(field), code, args }
}
