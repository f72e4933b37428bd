//! The test app: a server of its own on a free port, a database of its own, people who ask.
//!
//! ```ignore
//! let app = TestApp::start().await;
//! let monitor = app.monitor("BT").await;
//! app.facility("BT-0001").await;
//! let answer = monitor.get("/api/v1/facilities").await;
//! assert_eq!(answer.status(), 200);
//! ```

mod answer;
mod app;
mod databases;
mod people;
mod proxy;
mod s3;
mod service;
mod visits;

pub use answer::Answer;
pub use app::TestApp;
pub use people::{Ask, PASSWORD, TestPerson};
pub use proxy::{Link, Proxy};
pub use s3::{S3, SECRET};
pub use service::{Running, Service};
pub use visits::*;
