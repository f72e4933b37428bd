//! A bad link: everything goes through it, and it does to it what the test says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of what a client sends.
#[derive(Debug, Clone, Copy)]
pub enum Link {
    /// It goes through.
    Good,
    /// Each piece of it waits so long first.
    Late(Duration),
    /// Each connection is cut after so many bytes.
    CutAfter(usize),
    /// Somebody in between answers 503 and hangs up.
    Refusing,
}

/// A link to a port of this machine.
pub struct Proxy {
    port: u16,
    link: Arc<Mutex<Link>>,
}

impl Proxy {
    /// A good link, for the beginning.
    pub async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let link = Arc::new(Mutex::new(Link::Good));
        let said = Arc::clone(&link);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let said = Arc::clone(&said);
                // A connection that breaks is what this is for.
                tokio::spawn(async move { drop(carry(client, port, &said).await) });
            }
        });
        Self { port: own, link }
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on the link is like this, also for connections that there are.
    pub fn becomes(&self, link: Link) {
        *self.link.lock().unwrap() = link;
    }
}

async fn carry(mut client: TcpStream, port: u16, link: &Mutex<Link>) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", port)).await?;
    let (mut up, mut down) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
    let mut sent = 0;
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let read = read?;
                if read == 0 {
                    return Ok(());
                }
                let now = *link.lock().unwrap();
                let mut through = read;
                match now {
                    Link::Good => {}
                    Link::Late(time) => tokio::time::sleep(time).await,
                    Link::CutAfter(most) => through = read.min(most.saturating_sub(sent)),
                    Link::Refusing => {
                        let answer = "HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                        client.write_all(answer.as_bytes()).await?;
                        return client.shutdown().await;
                    }
                }
                server.write_all(&up[..through]).await?;
                sent += through;
                if through < read {
                    return Ok(());
                }
            }
            read = server.read(&mut down) => {
                let read = read?;
                if read == 0 {
                    return client.shutdown().await;
                }
                client.write_all(&down[..read]).await?;
            }
        }
    }
}
