//! `vigila status`: whether the service at `VIGILA_LISTEN` is ready.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Failure, print, start};
use crate::config::Flags;

/// How long the service may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of an answer that are read: its first line is what counts.
const HEAD: u64 = 1024;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Settings file [`VIGILA_CONFIG`] [default: vigila.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Where the service listens [`VIGILA_LISTEN`] [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

pub(super) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { config, listen } = arguments;
    let settings = start(&Flags { config, listen, ..Flags::default() })?;
    let address = reachable(&settings.listen)?;
    let asked = tokio::time::timeout(PATIENCE, ask(address)).await;
    let status = match asked {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => {
            return Err(Failure::new(format!(
                "no service answers at {address}: {error}; start it with `vigila serve`"
            )));
        }
        Err(_) => {
            let seconds = PATIENCE.as_secs();
            return Err(Failure::new(format!(
                "the service at {address} did not answer within {seconds} seconds; look at its log"
            )));
        }
    };
    if status == "200" {
        return print("ready\n");
    }
    Err(Failure::new(format!(
        "the service at {address} is not ready (it answers {status}); look at its log"
    )))
}

/// The address to ask: a service that listens on every address is asked on loopback.
fn reachable(listen: &str) -> Result<SocketAddr, Failure> {
    let mut found = listen.to_socket_addrs().ok().into_iter().flatten();
    let address = found.next().ok_or_else(|| {
        Failure::new(format!(
            "{listen} has no address; set VIGILA_LISTEN to one such as 127.0.0.1:8080"
        ))
    })?;
    if address.port() == 0 {
        return Err(Failure::new(
            "port 0 does not say where the service listens; set VIGILA_LISTEN to the port it printed",
        ));
    }
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    Ok(SocketAddr::new(ip, address.port()))
}

/// The status of `GET /api/v1/status`.
async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request =
        format!("GET /api/v1/status HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    stream.take(HEAD).read_to_end(&mut head).await?;
    let head = String::from_utf8_lossy(&head);
    let status = status_of(&head).map(str::to_owned);
    status.ok_or_else(|| std::io::Error::other("what listens there does not speak HTTP"))
}

fn status_of(head: &str) -> Option<&str> {
    let rest = head.strip_prefix("HTTP/1.")?;
    rest.split(' ').nth(1).filter(|status| status.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everywhere_means_loopback() {
        let table = [
            ("0.0.0.0:80", "127.0.0.1:80"),
            ("[::]:80", "[::1]:80"),
            ("10.1.2.3:80", "10.1.2.3:80"),
        ];
        for (listen, expected) in table {
            assert_eq!(reachable(listen).unwrap().to_string(), expected);
        }
        assert!(reachable("127.0.0.1:0").is_err());
    }

    #[test]
    fn the_status_is_read_off_the_first_line() {
        assert_eq!(status_of("HTTP/1.1 503 Service Unavailable\r\n"), Some("503"));
        assert_eq!(status_of("SSH-2.0-OpenSSH"), None);
        assert_eq!(status_of(""), None);
    }
}
