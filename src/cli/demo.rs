//! `vigila demo`: a sample province in a folder of its own, made on the first start and
//! served on every one. Of the environment only the address and the log count.

mod folder;
mod make;
mod office;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use uuid::Uuid;
use vigila_core::domain::{Instant, Role};

use self::folder::{Folder, Login, State};
use super::{Failure, print};
use crate::config::Flags;
use crate::{clock, server, telemetry};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder that holds database, photos and logins; made on the first start
    #[arg(long, value_name = "FOLDER", default_value = "vigila-demo")]
    dir: PathBuf,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let folder = Folder::open(&arguments.dir)?;
    let settings = Flags::embedded_settings(folder.path())?;
    telemetry::start(settings.log);
    let logins = match folder.state()? {
        State::Ready(logins) => logins,
        State::New => {
            eprintln!("making the sample province in {} …", folder.path().display());
            let logins = make::logins()?;
            folder.begin(&logins)?;
            // The app that makes it ends with it: the one that serves counts from 0.
            let app = server::build(&settings).await?;
            let made = make::fill(&app, &logins, clock::now()).await;
            app.db.shutdown().await;
            made?;
            folder.finish()?;
            logins
        }
    };
    let app = server::build(&settings).await?;
    let now = clock::now();
    server::serve_announced(app, &settings, |address| welcome(address, &logins, now)).await
}

/// What is said once the service listens.
fn welcome(address: SocketAddr, logins: &[Login], now: Instant) -> Result<(), Failure> {
    let mut text = format!("listening on http://{address}\n\n");
    for Login { name, password, role } in logins {
        // A String takes whatever is written to it.
        let _ = writeln!(text, "login: {name} {password} {role}");
    }
    text.push_str(&things_to_try(address, logins, now));
    print(&text)
}

/// Three commands for a shell with curl, and the page to open. They work as they stand.
fn things_to_try(address: SocketAddr, logins: &[Login], now: Instant) -> String {
    let api = format!("http://{address}/api/v1");
    let manager = logins.iter().find(|login| login.role == Role::Manager);
    let (name, password) =
        manager.map_or(("", ""), |login| (login.name.as_str(), login.password.as_str()));
    let visit = Uuid::now_v7();
    let ended = now.to_string();
    let started = Instant::new(now.utc() - chrono::Duration::minutes(40)).to_string();
    format!(
        r#"
1. Sign in as the manager and keep the token:

TOKEN=$(curl -s {api}/sessions -H 'Content-Type: application/json' -d '{{"username":"{name}","password":"{password}"}}' | sed 's/.*"token": *"\([^"]*\)".*/\1/'); echo "$TOKEN"

2. See the scorecard of a centre:

curl -s {api}/facilities/BT-0002/scorecard -H "Authorization: Bearer $TOKEN"

3. Send a visit (again, as often as you like: the receipt stays the same):

curl -s -X PUT {api}/inspections/{visit} -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{{"facility":"BT-0012","checklist":{{"code":"FIRE-HYG","version":"1.0.0"}},"kind":"unannounced","started_at":"{started}","ended_at":"{ended}","answers":[{{"item":"FH-A01","value":20}},{{"item":"FH-B02","value":"yes"}},{{"item":"FH-C01","value":4.2}},{{"item":"FH-D04","value":"partial","note":"Un bagno su tre"}}]}}'

Or open http://{address}/ and sign in with one of the logins above.
"#
    )
}
