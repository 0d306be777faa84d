//! A client that costs as little as possible, because it shares the cores with the server: it
//! sends prepared requests on connections that stay open, and reads answers by their
//! `Content-Length`, or to their last chunk.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

use crate::Anything;

/// Headers of a client that accepts no page that was read for an earlier request.
pub(crate) const NO_CACHE: &str = "cache-control: no-cache\r\n";

/// Time after which a connection is not used again: the server closes idle ones.
const IDLE_MAX: Duration = Duration::from_secs(10);

/// An answer to a request.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns the body as JSON, or an error if the request did not succeed.
    pub(crate) fn json(&self) -> Anything<serde_json::Value> {
        self.ok()?;
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// Returns an error if the request did not succeed.
    pub(crate) fn ok(&self) -> Anything<()> {
        if (200..300).contains(&self.status) {
            return Ok(());
        }
        Err(format!("{}\n{}", self.head, String::from_utf8_lossy(&self.body)).into())
    }

    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Writes a request as it is sent.
pub(crate) fn request(
    method: &str,
    address: SocketAddr,
    path: &str,
    cookie: &str,
    headers: &str,
    body: &str,
) -> Vec<u8> {
    let cookie = if cookie.is_empty() { String::new() } else { format!("cookie: {cookie}\r\n") };
    let sender = match method {
        "GET" => String::new(),
        _ => format!("origin: http://{address}\r\ncontent-length: {}\r\n", body.len()),
    };
    let media_type = match body {
        "" => "",
        _ if headers.contains("content-type") => "",
        _ => "content-type: application/json\r\n",
    };
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\n{cookie}{sender}{media_type}{headers}\r\n{body}"
    )
    .into_bytes()
}

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Lengths of head and body of the last answer. Answers of one benchmark mostly have the
    /// same, so that their heads are parsed once.
    last: (usize, usize),
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Anything<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 1 << 20], last: (0, 0) })
    }

    /// Sends a request, reads its answer, and returns whether it succeeded.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Anything<bool> {
        self.stream.write_all(request).await?;
        let mut length = 0;
        loop {
            if length == self.buffer.len() {
                self.buffer.resize(2 * length, 0);
            }
            let read = self.stream.read(&mut self.buffer[length..]).await?;
            if read == 0 {
                return Err("the server closed the connection".into());
            }
            length += read;
            let same = length == self.last.0 + self.last.1
                && self.buffer[..self.last.0].ends_with(b"\r\n\r\n");
            if !same {
                let Some(head) = find(&self.buffer[..length], b"\r\n\r\n") else { continue };
                let head = head + 4;
                let body = if find(&self.buffer[..head], b"transfer-encoding: chunked").is_none() {
                    content_length(&self.buffer[..head])?
                } else if self.buffer[head..length].ends_with(b"0\r\n\r\n") {
                    length - head
                } else {
                    continue;
                };
                self.last = (head, body);
            }
            if length >= self.last.0 + self.last.1 {
                return Ok(self.buffer.get(9) == Some(&b'2'));
            }
        }
    }

    /// Sends a request, and returns its answer.
    pub(crate) async fn answer(&mut self, request: &[u8]) -> Anything<Answer> {
        self.exchange(request).await?;
        let (head, body) = self.last;
        let text = String::from_utf8(self.buffer[..head].to_vec())?;
        let status = text.get(9..12).unwrap_or_default().parse()?;
        Ok(Answer { status, head: text, body: self.buffer[head..head + body].to_vec() })
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

fn content_length(head: &[u8]) -> Anything<usize> {
    let head = std::str::from_utf8(head)?;
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    match line {
        Some(length) => Ok(length.parse()?),
        None if head.starts_with("HTTP/1.1 204") => Ok(0),
        None => Err(format!("an answer without a length: {head}").into()),
    }
}

/// A client of one server that sends one request after another.
pub(crate) struct Client {
    runtime: Runtime,
    connection: Connection,
    used: Instant,
    pub(crate) address: SocketAddr,
    pub(crate) cookie: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Anything<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let connection = runtime.block_on(Connection::open(address))?;
        Ok(Self { runtime, connection, used: Instant::now(), address, cookie: String::new() })
    }

    /// Signs in with a demo account.
    pub(crate) fn sign_in(address: SocketAddr, email: &str) -> Anything<Self> {
        let mut client = Self::new(address)?;
        let body = serde_json::json!({"email": email, "password": service::demo::PASSWORD});
        let answer = client.send("POST", "/api/session", "", &body.to_string())?;
        answer.ok()?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        cookie.ok_or("no cookie was set")?.clone_into(&mut client.cookie);
        Ok(client)
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
        request(method, self.address, path, &self.cookie, headers, body)
    }

    pub(crate) fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Anything<Answer> {
        let request = self.request(method, path, headers, body);
        self.connect_again()?;
        let answer = self.runtime.block_on(self.connection.answer(&request));
        self.used = Instant::now();
        answer
    }

    /// Opens a new connection where the server may close the old one because it was idle.
    fn connect_again(&mut self) -> Anything<()> {
        if self.used.elapsed() > IDLE_MAX {
            self.connection = self.runtime.block_on(Connection::open(self.address))?;
        }
        Ok(())
    }

    pub(crate) fn get(&mut self, path: &str) -> Anything<serde_json::Value> {
        self.send("GET", path, "", "")?.json().map_err(|error| format!("{path}: {error}").into())
    }

    /// Sends the same request a number of times, and returns how long each took.
    pub(crate) fn time(&mut self, request: &[u8], times: usize) -> Anything<Vec<Duration>> {
        self.connect_again()?;
        let taken = self.runtime.block_on(async {
            let mut taken = Vec::with_capacity(times);
            for _ in 0..times {
                let begin = Instant::now();
                if !self.connection.exchange(request).await? {
                    return Err("a request of the benchmark failed".into());
                }
                taken.push(begin.elapsed());
            }
            Anything::Ok(taken)
        });
        self.used = Instant::now();
        taken
    }
}

/// Makes the requests of one connection, from the number of requests before.
pub(crate) type RequestMaker = Box<dyn FnMut(u64) -> Vec<u8> + Send>;

/// Many connections that send requests at the same time, each the next one as soon as it has
/// an answer.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    count: Arc<AtomicU64>,
    threads: Vec<thread::JoinHandle<Result<(), String>>>,
}

impl Load {
    /// Starts one connection for each maker, spread over a number of threads.
    pub(crate) fn start(address: SocketAddr, threads: usize, makers: Vec<RequestMaker>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let count = Arc::new(AtomicU64::new(0));
        let mut parts: Vec<Vec<RequestMaker>> = (0..threads).map(|_| Vec::new()).collect();
        for (place, maker) in makers.into_iter().enumerate() {
            parts[place % threads].push(maker);
        }
        let threads = parts
            .into_iter()
            .map(|makers| {
                let (stop, count) = (Arc::clone(&stop), Arc::clone(&count));
                thread::spawn(move || {
                    run_connections(address, makers, &stop, &count)
                        .map_err(|error| error.to_string())
                })
            })
            .collect();
        Self { stop, count, threads }
    }

    /// Returns the number of answers so far.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Ends the load, and returns the number of its answers.
    pub(crate) fn stop(self) -> Anything<u64> {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().map_err(|_| "a client panicked")??;
        }
        Ok(self.count.load(Ordering::Relaxed))
    }
}

fn run_connections(
    address: SocketAddr,
    makers: Vec<RequestMaker>,
    stop: &Arc<AtomicBool>,
    count: &Arc<AtomicU64>,
) -> Anything<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for mut maker in makers {
            let (stop, count) = (Arc::clone(stop), Arc::clone(count));
            tasks.push(tokio::spawn(async move {
                let run = async {
                    let mut connection = Connection::open(address).await?;
                    let mut number = 0;
                    while !stop.load(Ordering::Relaxed) {
                        if !connection.exchange(&maker(number)).await? {
                            let shown = connection.buffer[..connection.last.0].to_vec();
                            return Err(String::from_utf8_lossy(&shown).into());
                        }
                        number += 1;
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    Anything::Ok(())
                };
                run.await.map_err(|error| error.to_string())
            }));
        }
        for task in tasks {
            task.await??;
        }
        Ok(())
    })
}
