//! `vigila people`: what an operator needs beside the service, as when a phone is stolen.
//! Needs the database alone, so that it works while checklists or photos do not.

use clap::Subcommand;
use vigila_core::domain::{Role, Territory, Username};

use super::password::{Chosen, Source};
use super::{DatabaseFlags, Failure, print};
use crate::app;
use crate::app::people::{NewPerson, People, Person, PersonChange};
use crate::clock;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Adds a person; the password (12 characters or more) is one line on stdin
    Add {
        /// The name to sign in with: 2 to 64 of a-z, 0-9, `.` `_` `@` `-`
        name: Username,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        password: Source,
        #[command(flatten)]
        database: DatabaseFlags,
    },
    /// Lists everybody: name, role, territories, state, since when
    List {
        #[command(flatten)]
        database: DatabaseFlags,
    },
    /// Closes an account and ends its sessions
    Disable(Named),
    /// Opens a closed account again
    Enable(Named),
    /// Sets a new password (one line on stdin) and ends the sessions
    Password {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        password: Source,
    },
    /// Gives a person another role, and other territories if any are named
    Role {
        /// The name
        name: Username,
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        database: DatabaseFlags,
    },
    /// Ends all sessions and tokens of a person
    EndSessions(Named),
    /// Prints a token that does not expire, for a scraper; `end-sessions` revokes it
    Token(Named),
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The name
    name: Username,
    #[command(flatten)]
    database: DatabaseFlags,
}

#[derive(Debug, clap::Args)]
pub(super) struct Place {
    /// monitor, manager, viewer, admin or scraper
    #[arg(long)]
    role: Role,
    /// A province, such as BT; as often as there are. An admin has every one
    #[arg(long = "territory", value_name = "CODE")]
    territories: Vec<Territory>,
}

pub(super) async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Add { name, place, password, database } => {
            add(open(database).await?, name, place, &password).await
        }
        Command::List { database } => list(open(database).await?).await,
        Command::Disable(named) => change(named, disabled(true), "disabled").await,
        Command::Enable(named) => change(named, disabled(false), "enabled").await,
        Command::Password { named, password } => set_password(named, &password).await,
        Command::Role { name, place, database } => {
            let territories = (!place.territories.is_empty())
                .then(|| place.territories.iter().copied().collect());
            let to = PersonChange { role: Some(place.role), territories, ..Default::default() };
            change(Named { name, database }, to, "changed").await
        }
        Command::EndSessions(named) => end_sessions(named).await,
        Command::Token(named) => token(named).await,
    }
}

async fn open(database: DatabaseFlags) -> Result<People, Failure> {
    let settings = database.settings()?;
    let task = tokio::task::spawn_blocking(move || People::open(&settings.database_url));
    Ok(task.await.map_err(|e| Failure::of(&e))??)
}

async fn add(
    people: People,
    name: Username,
    place: Place,
    password: &Source,
) -> Result<(), Failure> {
    let Chosen { password, made } = password.choose()?;
    let new = NewPerson {
        name: name.clone(),
        role: place.role,
        territories: place.territories.into_iter().collect(),
        password: password.clone(),
    };
    let added = people.add(None, new, clock::now()).await;
    let closed = close(&people, added).await;
    closed.map_err(|error| match error {
        app::Error::InUse => Failure::new(format!("the name {name} is in use; choose another")),
        error => error.into(),
    })?;
    tell_password(&name, &password, made, "added")
}

fn tell_password(
    name: &Username,
    password: &str,
    made: bool,
    otherwise: &str,
) -> Result<(), Failure> {
    // The password alone, so that a script can keep it.
    if made { print(&format!("{password}\n")) } else { print(&format!("{otherwise} {name}\n")) }
}

async fn list(people: People) -> Result<(), Failure> {
    let mut text = String::new();
    let mut after = None;
    loop {
        let page = people.list(after.take(), 200).await?;
        text.extend(page.items.iter().map(line));
        after = page.items.last().map(|person| (person.name.clone(), person.id));
        if !page.more {
            break;
        }
    }
    people.close().await;
    print(&text)
}

fn line(person: &Person) -> String {
    let territories = match person.role {
        Role::Admin => "all".to_owned(),
        _ => person.territories.iter().map(|t| t.code()).collect::<Vec<_>>().join(","),
    };
    let state = if person.disabled { "disabled" } else { "enabled" };
    format!("{}\t{}\t{territories}\t{state}\t{}\n", person.name, person.role, person.created_at)
}

fn disabled(disabled: bool) -> PersonChange {
    PersonChange { disabled: Some(disabled), ..Default::default() }
}

async fn change(named: Named, to: PersonChange, done: &str) -> Result<(), Failure> {
    let people = open(named.database).await?;
    change_named(&people, &named.name, to).await?;
    print(&format!("{done} {}\n", named.name))
}

async fn change_named(people: &People, name: &Username, to: PersonChange) -> Result<(), Failure> {
    let changed = async {
        let person = people.find_by_name(name).await?;
        people.change(None, person.id, to, clock::now()).await
    };
    let changed = changed.await;
    close(people, changed).await.map_err(|error| about(name, error))?;
    Ok(())
}

async fn set_password(named: Named, source: &Source) -> Result<(), Failure> {
    let people = open(named.database).await?;
    let Chosen { password, made } = source.choose()?;
    let to = PersonChange { password: Some(password.clone()), ..Default::default() };
    change_named(&people, &named.name, to).await?;
    tell_password(&named.name, &password, made, "changed the password of")
}

async fn end_sessions(named: Named) -> Result<(), Failure> {
    let people = open(named.database).await?;
    let ended = async {
        let person = people.find_by_name(&named.name).await?;
        people.end_sessions(None, person.id, clock::now()).await
    };
    let ended = ended.await;
    let count = close(&people, ended).await.map_err(|error| about(&named.name, error))?;
    print(&format!("ended {count} of {}\n", named.name))
}

async fn token(named: Named) -> Result<(), Failure> {
    let people = open(named.database).await?;
    let made = people.make_token(&named.name, clock::now()).await;
    let token = close(&people, made).await.map_err(|error| match error {
        app::Error::Forbidden => Failure::new(format!(
            "{} is no scraper: tokens without expiry are for the role scraper only",
            named.name
        )),
        error => about(&named.name, error),
    })?;
    print(&format!("{token}\n"))
}

/// Leaves the database in order whatever came of the work.
async fn close<T>(people: &People, outcome: T) -> T {
    people.close().await;
    outcome
}

fn about(name: &Username, error: app::Error) -> Failure {
    match error {
        app::Error::NotFound => {
            Failure::new(format!("nobody is called {name}; `vigila people list` shows everybody"))
        }
        error => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vigila_core::domain::PersonId;

    #[test]
    fn a_line_has_five_fields_and_no_hash() {
        let person = Person {
            id: PersonId(uuid::Uuid::nil()),
            name: "monitor-1".parse().unwrap(),
            role: Role::Monitor,
            territories: ["BT", "BA"].map(|code| code.parse().unwrap()).into(),
            password_hash: "$argon2id$".into(),
            disabled: true,
            created_at: "2026-03-04T10:15:00Z".parse().unwrap(),
            revision: 1,
        };
        let expected = "monitor-1\tmonitor\tBA,BT\tdisabled\t2026-03-04T10:15:00.000Z\n";
        assert_eq!(line(&person), expected);
        let admin = Person { role: Role::Admin, ..person };
        assert!(line(&admin).contains("\tadmin\tall\t"));
    }
}
