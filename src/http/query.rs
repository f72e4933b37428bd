//! Query parameters, read like everything else: every fault is told, and a parameter that
//! the operation does not have is one.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use vigila_core::documents::{FaultCode, Faults, Pointer};

use super::problem::Problem;

/// Most characters of a reason.
const MOST_OF_A_REASON: usize = 1_000;

/// The parameters of a request, being read.
pub struct Query {
    pairs: Vec<(String, String)>,
    asked: Vec<&'static str>,
    faults: Faults,
}

impl FromRequest for Query {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        let pairs = pairs.into_owned().collect();
        ready(Ok(Self { pairs, asked: Vec::new(), faults: Faults::default() }))
    }
}

/// That a request has no query parameter: the operation knows none.
pub struct NoQuery;

impl FromRequest for NoQuery {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        let query =
            Query { pairs: pairs.into_owned().collect(), asked: vec![], faults: Faults::default() };
        ready(query.end().map(|()| Self))
    }
}

impl Query {
    /// A parameter as text. One that stands twice, or holds U+0000, is a fault.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.asked.push(name);
        let at = Pointer::root().key(name);
        let mut found = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let value = found.next()?.clone();
        if found.next().is_some() {
            self.faults.add(&at, FaultCode::Duplicate);
        }
        if value.contains('\0') {
            self.faults.add(&at, FaultCode::NullCharacter);
            return None;
        }
        Some(value)
    }

    /// A parameter that has a form; `code` and `args` say what is wrong otherwise.
    pub fn parsed<T: FromStr>(
        &mut self,
        name: &'static str,
        code: FaultCode,
        args: &[&str],
    ) -> Option<T> {
        let read = self.text(name)?.parse().ok();
        if read.is_none() {
            self.fault(name, code, args);
        }
        read
    }

    /// Why something is asked that goes on record: it must be told, in 1,000 characters.
    pub fn reason(&mut self) -> Option<String> {
        let reason = self.text("reason").filter(|reason| !reason.trim().is_empty());
        match &reason {
            None => self.fault("reason", FaultCode::ReasonRequired, &[]),
            Some(long) if long.chars().count() > MOST_OF_A_REASON => {
                self.fault("reason", FaultCode::BadLength, &["1", &MOST_OF_A_REASON.to_string()]);
            }
            Some(_) => {}
        }
        reason
    }

    /// Notes that a parameter is wrong.
    pub fn fault(&mut self, name: &'static str, code: FaultCode, args: &[&str]) {
        let args = args.iter().map(ToString::to_string).collect();
        self.faults.with(&Pointer::root().key(name), code, args);
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 422 with every fault, unknown parameters among them.
    pub fn end(mut self) -> Result<(), Problem> {
        let unknown = self.pairs.iter().filter(|(key, _)| !self.asked.contains(&key.as_str()));
        for (key, _) in unknown {
            self.faults.add(&Pointer::root().key(key), FaultCode::UnknownParameter);
        }
        self.faults.none().map_err(Problem::parameters)
    }
}
