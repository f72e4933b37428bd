//! Around every request: its id, one line in the log, its time in the metrics, and a body
//! that is read to its end even when it was refused, so that the client sees the answer
//! instead of a broken connection.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant as Timer};

use actix_web::body::MessageBody;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use crate::app::App;

/// The id of a request; in `X-Request-Id`, in the log, in problems.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Most bytes of a refused body that are read and thrown away.
const DRAIN_BYTES: usize = 64_000_000;
/// The longest time for that.
const DRAIN_TIME: Duration = Duration::from_secs(20);

/// The middleware.
///
/// # Errors
/// Those of the handler.
pub async fn around<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let began = Timer::now();
    let id = uuid::Uuid::now_v7().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let app = request.app_data::<web::Data<App>>().cloned();
    let method = request.method().to_string();
    let (request, rest) = share_body(request);
    let outcome = next.call(request).await;
    let mut response = match outcome {
        Ok(response) => response,
        // Middlewares below turn errors into answers; one that still comes is of actix.
        Err(error) => return Err(error),
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        drain(&rest).await;
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "none".into());
    let status = response.status().as_u16();
    let seconds = began.elapsed().as_secs_f64();
    if let Some(app) = app {
        let labels = [method.as_str(), route.as_str(), &status.to_string()];
        app.metrics.requests.with_label_values(&labels).observe(seconds);
    }
    tracing::info!(request_id = %id, method, route, status, duration_seconds = seconds, "request");
    Ok(response)
}

type Body = Rc<RefCell<Payload>>;

/// Gives the handler a body that this middleware can go on reading.
fn share_body(mut request: ServiceRequest) -> (ServiceRequest, Body) {
    let body: Body = Rc::new(RefCell::new(request.take_payload()));
    let shared: Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>> =
        Box::pin(Shared(Rc::clone(&body)));
    request.set_payload(Payload::from(shared));
    (request, body)
}

struct Shared(Body);

impl Stream for Shared {
    type Item = Result<Bytes, PayloadError>;
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next_unpin(context)
    }
}

async fn drain(body: &Body) {
    let reading = async {
        let mut rest = Shared(Rc::clone(body));
        let mut seen = 0;
        while let Some(Ok(chunk)) = rest.next().await {
            seen += chunk.len();
            if seen > DRAIN_BYTES {
                break;
            }
        }
    };
    // Who sends slower than this is cut off; the answer was ready long before.
    let _ = actix_web::rt::time::timeout(DRAIN_TIME, reading).await;
}
