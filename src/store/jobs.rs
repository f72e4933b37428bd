//! Work without a request: what was asked, who works on it, how far it is, and what came out.
//! Who holds the lease of a job works on it; a lease that ran out may be taken by another
//! process. What a request or a result says, others know.

use diesel::prelude::*;
use uuid::Uuid;
use vigila_core::domain::{Instant, PersonId};

use super::Conn;
use super::connection::each;
use super::outcome::unreadable;
use super::schema::jobs;
use super::types::{Id, Time};

/// What kind of work it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What would become of history under another model.
    Preview,
    /// Scores that visits lack are added.
    Rescore,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody began.
    Waiting,
    /// Somebody works on it, or did until its lease ran out.
    Running,
    /// It has its result.
    Done,
    /// It has none, and will not.
    Failed,
}

/// The text names no kind or state of job.
#[derive(Debug, thiserror::Error)]
#[error("a row holds a kind or state of job that does not exist")]
struct Unknown;

impl Kind {
    const ALL: [(Self, &'static str); 2] = [(Self::Preview, "preview"), (Self::Rescore, "rescore")];

    /// Its name, in the rows and in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

impl State {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Waiting, "waiting"),
        (Self::Running, "running"),
        (Self::Done, "done"),
        (Self::Failed, "failed"),
    ];

    /// Its name, in the rows and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("", |(_, name)| name)
    }
}

/// A job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What kind of work it is.
    pub kind: Kind,
    /// Who asked; none where the service itself did.
    pub requested_by: Option<PersonId>,
    /// What was asked, as JSON.
    pub request: String,
    /// How far it is.
    pub state: State,
    /// How many steps are done.
    pub done: i64,
    /// Of how many; 0 until it is known.
    pub total: i64,
    /// What came out, as JSON; or why nothing did.
    pub result: Option<String>,
    /// When it was asked.
    pub created_at: Instant,
    /// When it ended.
    pub finished_at: Option<Instant>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = jobs, treat_none_as_default_value = false)]
struct Row {
    id: Id,
    kind: String,
    requested_by: Option<Id>,
    request: String,
    state: String,
    done: i64,
    total: i64,
    result: Option<String>,
    created_at: Time,
    finished_at: Option<Time>,
    lease_holder: Option<Id>,
    lease_until: Option<Time>,
}

impl Row {
    fn read(self) -> QueryResult<Job> {
        let kind = Kind::ALL.into_iter().find(|(_, name)| *name == self.kind);
        let state = State::ALL.into_iter().find(|(_, name)| *name == self.state);
        Ok(Job {
            id: self.id.0,
            kind: kind.ok_or_else(|| unreadable(Unknown))?.0,
            requested_by: self.requested_by.map(|id| PersonId(id.0)),
            request: self.request,
            state: state.ok_or_else(|| unreadable(Unknown))?.0,
            done: self.done,
            total: self.total,
            result: self.result,
            created_at: self.created_at.into(),
            finished_at: self.finished_at.map(Into::into),
        })
    }
}

/// Keeps a new job, which waits.
///
/// # Errors
/// Those of the database.
pub fn add(
    conn: &mut Conn,
    (id, kind): (Uuid, Kind),
    requested_by: Option<PersonId>,
    request: &str,
    now: Instant,
) -> QueryResult<()> {
    let row = Row {
        id: Id(id),
        kind: kind.as_str().to_owned(),
        requested_by: requested_by.map(|person| Id(person.0)),
        request: request.to_owned(),
        state: State::Waiting.as_str().to_owned(),
        done: 0,
        total: 0,
        result: None,
        created_at: now.into(),
        finished_at: None,
        lease_holder: None,
        lease_until: None,
    };
    diesel::insert_into(jobs::table).values(&row).execute(conn).map(|_| ())
}

/// The job with this id.
///
/// # Errors
/// Those of the database.
pub fn find(conn: &mut Conn, id: Uuid) -> QueryResult<Option<Job>> {
    jobs::table.find(Id(id)).first::<Row>(conn).optional()?.map(Row::read).transpose()
}

/// How many jobs of a kind that somebody asked for have not ended.
///
/// # Errors
/// Those of the database.
pub fn open_of(conn: &mut Conn, kind: Kind, requested_by: PersonId) -> QueryResult<i64> {
    let open = jobs::table.filter(jobs::kind.eq(kind.as_str())).filter(jobs::finished_at.is_null());
    open.filter(jobs::requested_by.eq(Some(Id(requested_by.0)))).count().get_result(conn)
}

/// Whether a job of a kind with this request has not ended.
///
/// # Errors
/// Those of the database.
pub fn is_open(conn: &mut Conn, kind: Kind, request: &str) -> QueryResult<bool> {
    let open = jobs::table.filter(jobs::kind.eq(kind.as_str())).filter(jobs::finished_at.is_null());
    let same: i64 = open.filter(jobs::request.eq(request)).count().get_result(conn)?;
    Ok(same > 0)
}

/// Takes the oldest job that nobody works on, until `until`.
///
/// # Errors
/// Those of the database.
pub fn take(
    conn: &mut Conn,
    holder: Uuid,
    now: Instant,
    until: Instant,
) -> QueryResult<Option<Job>> {
    let free = jobs::lease_until.is_null().or(jobs::lease_until.lt(Time::from(now)));
    let oldest: Option<Id> = jobs::table
        .filter(jobs::finished_at.is_null())
        .filter(free)
        .order((jobs::created_at, jobs::id))
        .select(jobs::id)
        .first(conn)
        .optional()?;
    let Some(id) = oldest else { return Ok(None) };
    diesel::update(jobs::table.find(id))
        .set((
            jobs::state.eq(State::Running.as_str()),
            jobs::lease_holder.eq(Some(Id(holder))),
            jobs::lease_until.eq(Some(Time::from(until))),
        ))
        .execute(conn)?;
    find(conn, id.0)
}

/// Notes how far a job is and holds it until `until`; false where somebody else holds it.
///
/// # Errors
/// Those of the database.
pub fn progress(
    conn: &mut Conn,
    (id, holder): (Uuid, Uuid),
    (done, total): (i64, i64),
    until: Instant,
) -> QueryResult<bool> {
    let held = jobs::table.find(Id(id)).filter(jobs::lease_holder.eq(Some(Id(holder))));
    let rows = diesel::update(held.filter(jobs::finished_at.is_null()))
        .set((
            jobs::done.eq(done),
            jobs::total.eq(total),
            jobs::lease_until.eq(Some(Time::from(until))),
        ))
        .execute(conn)?;
    Ok(rows > 0)
}

/// Ends a job with its result, or with why it has none; nothing where somebody else holds it.
///
/// # Errors
/// Those of the database.
pub fn finish(
    conn: &mut Conn,
    (id, holder): (Uuid, Uuid),
    state: State,
    result: &str,
    now: Instant,
) -> QueryResult<bool> {
    let held = jobs::table.find(Id(id)).filter(jobs::lease_holder.eq(Some(Id(holder))));
    let rows = diesel::update(held.filter(jobs::finished_at.is_null()))
        .set((
            jobs::state.eq(state.as_str()),
            jobs::result.eq(Some(result)),
            jobs::finished_at.eq(Some(Time::from(now))),
            jobs::lease_holder.eq(None::<Id>),
            jobs::lease_until.eq(None::<Time>),
        ))
        .execute(conn)?;
    Ok(rows > 0)
}

/// Lets go of what a process holds: another may go on at once.
///
/// # Errors
/// Those of the database.
pub fn let_go(conn: &mut Conn, holder: Uuid) -> QueryResult<()> {
    let held = jobs::table.filter(jobs::lease_holder.eq(Some(Id(holder))));
    let free = (jobs::lease_holder.eq(None::<Id>), jobs::lease_until.eq(None::<Time>));
    each!(conn, |c| diesel::update(held).set(free).execute(c)).map(|_| ())
}

/// Forgets the jobs that ended before `at`.
///
/// # Errors
/// Those of the database.
pub fn sweep(conn: &mut Conn, at: Instant) -> QueryResult<usize> {
    let old = jobs::table.filter(jobs::finished_at.lt(Time::from(at)));
    diesel::delete(old).execute(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::{at, on_each};

    #[tokio::test]
    async fn a_job_is_held_by_one_and_taken_over_when_its_lease_runs_out() {
        on_each(async |db| {
            let person = PersonId(Uuid::now_v7());
            let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
            let (one, two) = (Uuid::now_v7(), Uuid::now_v7());
            db.write(move |c| {
                add(c, (first, Kind::Preview), Some(person), "{}", at(0))?;
                add(c, (second, Kind::Rescore), None, "[]", at(1))
            })
            .await
            .unwrap();
            let take_at =
                async |who, from| db.write(move |c| take(c, who, at(from), at(from + 60))).await;
            let taken = take_at(one, 10).await.unwrap().unwrap();
            assert_eq!(
                (taken.id, taken.state, taken.requested_by),
                (first, State::Running, Some(person))
            );
            assert_eq!(take_at(two, 10).await.unwrap().unwrap().id, second);
            assert_eq!(take_at(two, 20).await.unwrap(), None, "both are held");
            let open = db.read(move |c| {
                Ok((open_of(c, Kind::Preview, person)?, is_open(c, Kind::Rescore, "[]")?))
            });
            assert_eq!(open.await.unwrap(), (1, true));

            let held = move |who| (first, who);
            let told = db.write(move |c| progress(c, held(one), (5, 9), at(80)));
            assert!(told.await.unwrap());
            assert_eq!(
                take_at(two, 75).await.unwrap().map(|job| job.id),
                Some(second),
                "its own ran out"
            );
            assert_eq!(take_at(two, 81).await.unwrap().map(|job| job.id), Some(first));
            let told = db.write(move |c| progress(c, held(one), (6, 9), at(99)));
            assert!(!told.await.unwrap(), "it lost the job");
            let ended = db.write(move |c| finish(c, held(one), State::Done, "1", at(90)));
            assert!(!ended.await.unwrap());
            let ended = db.write(move |c| finish(c, held(two), State::Done, "2", at(90)));
            assert!(ended.await.unwrap());
            let job = db.read(move |c| find(c, first)).await.unwrap().unwrap();
            assert_eq!((job.state, job.result.as_deref(), job.done), (State::Done, Some("2"), 5));
            db.write(move |c| let_go(c, two)).await.unwrap();
            assert_eq!(take_at(one, 91).await.unwrap().map(|job| job.id), Some(second));
            assert_eq!(db.write(|c| sweep(c, at(91))).await.unwrap(), 1);
            assert_eq!(db.read(move |c| find(c, first)).await.unwrap(), None);
        })
        .await;
    }
}
