//! What the form at a finding sends, and what becomes of it.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded;
use uuid::Uuid;
use vigila_core::documents::finding::FindingState;
use vigila_core::documents::{Fault, FaultCode};
use vigila_core::domain::{Day, parse_day};

use super::photos::read_named;
use super::show::page;
use crate::app::findings::{FindingView, MovedPhoto, Wish, finding, move_finding as move_it};
use crate::app::{Actor, App, Error};
use crate::clock;
use crate::messages::findings::Course;
use crate::messages::{Lang, fault};
use crate::web::error::PageError;
use crate::web::language::Asked;
use crate::web::origin::from_these_pages;
use crate::web::visitor::FindingMover;

/// Most characters of a note, as the API has it.
const LONGEST_NOTE: usize = 2_000;
/// Most photos of a move, as the API has it.
const MOST_PHOTOS: usize = 40;

/// What somebody entered.
#[derive(Debug, Default)]
pub struct Entered {
    pub to: String,
    pub note: String,
    pub due_on: String,
    /// As the form names them.
    pub photos: Vec<String>,
    /// How many moves there were when the form was shown.
    seen: Option<usize>,
}

impl Entered {
    fn read(body: &[u8]) -> Self {
        let mut entered = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let value = value.into_owned();
            match &*name {
                "to" => entered.to = value,
                // Browsers end lines with CR LF; what is kept has the one character.
                "note" => entered.note = value.replace("\r\n", "\n"),
                "due_on" => entered.due_on = value,
                "photos" => entered.photos.push(value),
                "seen" => entered.seen = value.parse().ok(),
                _ => {}
            }
        }
        entered
    }

    fn wish(&self, lang: Lang) -> Result<Wish, Troubles> {
        let (c, mut troubles) = (Course::of(lang), Troubles::default());
        let to: Option<FindingState> = self.to.parse().ok();
        if to.is_none() {
            troubles.to = Some(c.wrong_to.to_owned());
        }
        let note = self.note.trim();
        if note.chars().count() > LONGEST_NOTE || note.contains('\0') {
            troubles.note = Some(c.wrong_note.to_owned());
        }
        let due_on = Some(self.due_on.trim()).filter(|text| !text.is_empty()).map(parse_day);
        if due_on == Some(None) {
            troubles.due_on = Some(c.not_a_day.to_owned());
        }
        let photos: Option<Vec<MovedPhoto>> =
            self.photos.iter().map(|text| read_named(text)).collect();
        let photos = photos.filter(|photos| photos.len() <= MOST_PHOTOS);
        if photos.is_none() {
            troubles.photos = Some(c.wrong_photos.to_owned());
        }
        match (to, photos) {
            (Some(to), Some(photos)) if !troubles.any() => Ok(Wish {
                to,
                note: Some(note.to_owned()).filter(|note| !note.is_empty()),
                due_on: due_on.flatten(),
                photos,
            }),
            _ => Err(troubles.with_head(c)),
        }
    }
}

/// Why what was entered is refused, field by field.
#[derive(Debug, Default)]
pub struct Troubles {
    /// Of all of it.
    pub head: Option<&'static str>,
    pub to: Option<String>,
    pub note: Option<String>,
    pub due_on: Option<String>,
    pub photos: Option<String>,
}

impl Troubles {
    /// Whether there is any.
    pub fn any(&self) -> bool {
        let fields = [&self.to, &self.note, &self.due_on, &self.photos];
        self.head.is_some() || fields.into_iter().any(Option::is_some)
    }

    fn with_head(self, c: &Course) -> Self {
        Self { head: self.head.or(Some(c.mend)), ..self }
    }

    fn of_all(head: &'static str) -> Self {
        Self { head: Some(head), ..Self::default() }
    }

    fn of(faults: &[Fault], lang: Lang) -> Self {
        let c = Course::of(lang);
        let mut troubles = Self::default();
        for one in faults {
            let words = match one.code {
                FaultCode::ReasonRequired => c.no_reason.to_owned(),
                FaultCode::InThePast => c.past.to_owned(),
                FaultCode::OnlyWhenPrescribed => c.only_prescribed.to_owned(),
                FaultCode::PhotoNotListed => c.wrong_photos.to_owned(),
                _ => fault(one, lang),
            };
            let pointer = one.pointer.as_str();
            let field = match pointer.split('/').nth(1) {
                Some("note") => &mut troubles.note,
                Some("due_on") => &mut troubles.due_on,
                Some("photos") => &mut troubles.photos,
                _ => &mut troubles.to,
            };
            *field = Some(words);
        }
        troubles.with_head(c)
    }
}

/// Moves a finding.
pub async fn move_finding(
    app: Data<App>,
    request: HttpRequest,
    who: FindingMover,
    asked: Asked,
    id: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    from_these_pages(&request)?;
    let id: Uuid = id.parse().map_err(|_| PageError::NotFound)?;
    let (actor, c) = (&who.0, Course::of(asked.lang));
    let entered = Entered::read(&body);
    let view = finding(&app, actor, id, clock::now()).await?;
    let refused = match entered.wish(asked.lang) {
        Err(troubles) => (StatusCode::UNPROCESSABLE_ENTITY, troubles),
        Ok(wish) if is_repeat(&view, actor, &wish) => return Ok(lead_to(id)),
        Ok(_) if entered.seen != Some(view.moves.len()) => {
            (StatusCode::CONFLICT, Troubles::of_all(c.stale))
        }
        Ok(wish) => match move_it(&app, actor, id, wish, clock::now()).await {
            Ok(_) => return Ok(lead_to(id)),
            Err(Error::Faults(faults)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Troubles::of(&faults, asked.lang))
            }
            Err(Error::WrongState(_)) => (StatusCode::CONFLICT, Troubles::of_all(c.wrong_state)),
            Err(error) => return Err(error.into()),
        },
    };
    let view = finding(&app, actor, id, clock::now()).await?;
    page(&app, actor, &asked, &view, entered, refused).await
}

/// Whether the last move is this very one: a button was pressed twice.
fn is_repeat(view: &FindingView, actor: &Actor, wish: &Wish) -> bool {
    view.moves.last().is_some_and(|(last, _)| {
        let told: (&Option<String>, Option<Day>) = (&last.note, last.due_on);
        last.by == Some(actor.id)
            && last.to == wish.to
            && told == (&wish.note, wish.due_on)
            && last.photos == wish.photos
    })
}

fn lead_to(id: Uuid) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, format!("/findings/{id}"))).finish()
}
