//! Pages for people, rendered on the server, whole without JavaScript. They know what can be
//! asked of `app`, what `edge` shares and the words of `messages`; neither the API nor the
//! database.

mod around;
mod assets;
mod error;
mod explained;
mod facility;
mod findings;
mod format;
mod frame;
mod home;
mod indicators;
mod inspection;
mod instruments;
mod language;
mod next_visits;
mod origin;
mod parts;
mod redactions;
mod routes;
mod sign_in;
mod territory;
mod visitor;

pub use origin::PublicUrl;
pub use routes::configure;
