//! Who may: extractor types that a handler names first. Each holds the person who asks, with
//! a role that allows the operation; otherwise 401, or 403.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use vigila_core::domain::Role;

use super::problem::{Code, Problem};
use crate::app::Actor;
use crate::edge::Identity;

macro_rules! actor {
    ($(#[$doc:meta])* $name:ident, $allows:expr) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(pub Actor);

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;
            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(who(request, $allows).map(Self))
            }
        }
    };
}

actor!(
    /// Anybody who is signed in.
    Anybody, |_| true
);
actor!(
    /// Who reads centres, checklists, scorecards and visits.
    Reader, Role::reads
);
actor!(
    /// Who reads every visit of its territories.
    Overseer, Role::reads_every_visit
);
actor!(
    /// Who tries other scoring models.
    Previewer, Role::tries_models
);
actor!(
    /// Who sees originals and sealed contents, with a reason.
    OriginalReader, Role::sees_originals
);
actor!(
    /// Who moves findings.
    FindingMover, Role::moves_findings
);
actor!(
    /// Who takes parts of photos and texts out of sight.
    Redactor, Role::redacts
);
actor!(
    /// Who carries out erasure orders.
    Eraser, Role::erases
);
actor!(
    /// Who submits inspections and photos.
    Submitter, Role::submits
);
actor!(
    /// Who creates, changes and imports centres.
    FacilityKeeper, Role::keeps_facilities
);
actor!(
    /// Who keeps people.
    PeopleKeeper, Role::keeps_people
);
actor!(
    /// Who reads the audit trail.
    AuditReader, Role::reads_audit
);

fn who(request: &HttpRequest, allows: fn(Role) -> bool) -> Result<Actor, Problem> {
    let identity = request.extensions().get::<Identity>().cloned();
    match identity {
        Some(Identity::Known(actor)) if allows(actor.role) => Ok(*actor),
        Some(Identity::Known(_)) => Err(Problem::new(Code::Forbidden)),
        Some(Identity::Unknown) => {
            Err(Problem { retry_after: Some(2), ..Problem::new(Code::Unavailable) })
        }
        Some(Identity::Nobody) | None => Err(Problem::new(Code::NotSignedIn)),
    }
}
