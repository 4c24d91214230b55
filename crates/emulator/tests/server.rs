//! The service over a socket.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a helper of a test fails as the test does")]
#![expect(clippy::disallowed_methods, reason = "the tests of the server are timed")]

#[cfg(test)]
mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use common::{group, user};
use idbridge_emulator::{Fault, Faults, Server, Service, Settings};

/// A client of one connection.
struct Client {
    stream: BufReader<TcpStream>,
    tenant: String,
    token: String,
}

/// An answer as far as it came.
struct Answer {
    status: u16,
    announced: usize,
    body: Vec<u8>,
}

impl Client {
    fn of(server: &Server) -> Self {
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self { stream: BufReader::new(stream), tenant: server.with(|service| service.settings().tenant.clone()), token: server.token() }
    }

    /// Sends a request and reads what comes; none if the connection closes before a status.
    fn send(&mut self, method: &str, path: &str, body: &[u8]) -> Option<Answer> {
        let Self { tenant, token, .. } = self;
        let length = body.len();
        let head = format!(
            "{method} /{tenant}/scim/v2{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Length: {length}\r\n\r\n"
        );
        self.stream.get_mut().write_all(&[head.as_bytes(), body].concat()).ok()?;
        self.receive()
    }

    fn receive(&mut self) -> Option<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        let status = line.split(' ').nth(1)?.parse().unwrap();
        let mut announced = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).unwrap();
            if line == "\r\n" {
                break;
            }
            if let Some(length) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                announced = length.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; announced];
        let mut read = 0;
        while read < announced {
            match self.stream.read(&mut body[read..]) {
                Ok(count) if count > 0 => read += count,
                _ => break,
            }
        }
        body.truncate(read);
        Some(Answer { status, announced, body })
    }
}

fn server() -> Server {
    Server::start(Service::new(Settings::unhurried()), "127.0.0.1:0").unwrap()
}

/// Issue 2: everything is there within milliseconds, because `sync` starts one.
#[test]
fn it_starts_at_once() {
    let before = Instant::now();
    let server = server();
    assert_eq!(Client::of(&server).send("GET", "/Users", b"").unwrap().status, 200);
    assert!(before.elapsed() < Duration::from_millis(200), "{:?}", before.elapsed());
    let endpoint = format!("http://{}/{}/scim/v2", server.address(), server.with(|service| service.settings().tenant.clone()));
    assert_eq!(server.endpoint(), endpoint);
}

/// RFC 9112 section 9.3: connections are kept; what was asked over the wire is in the service.
#[test]
fn requests_share_a_connection() {
    let server = server();
    let mut client = Client::of(&server);
    for number in 0..50 {
        let body = group(&format!("group{number}")).to_json();
        assert_eq!(client.send("POST", "/Groups", body.as_bytes()).unwrap().status, 201);
    }
    assert_eq!(server.with(|service| service.groups().count()), 50);
    let id = server.with(|service| service.groups().next().unwrap().id().unwrap());
    let deleted = client.send("DELETE", &format!("/Groups/{id}"), b"").unwrap();
    assert_eq!((deleted.status, deleted.announced), (204, 0));
    let listed = client.send("GET", "/Groups?cursor&filter=displayName+eq+%22group7%22", b"").unwrap();
    assert!(listed.status == 200 && String::from_utf8(listed.body).unwrap().contains("group7"));
    client.token = "wrong".to_owned();
    assert_eq!(client.send("GET", "/Groups", b"").unwrap().status, 401);
    assert_eq!(server.with(|service| service.log().len()), 53);
}

/// Several clients at once are served one request at a time, and none is lost.
#[test]
fn clients_work_at_once() {
    let server = server();
    std::thread::scope(|scope| {
        for client in 0..8 {
            let server = &server;
            scope.spawn(move || {
                let mut connection = Client::of(server);
                for number in 0..20 {
                    let body = user(&format!("user{client}-{number}")).to_json();
                    assert_eq!(connection.send("POST", "/Users", body.as_bytes()).unwrap().status, 201);
                }
            });
        }
    });
    assert_eq!(server.with(|service| service.users().count()), 160);
}

/// A lost answer is a connection that closes, before or after the effect.
#[test]
fn a_dropped_connection_really_closes() {
    for (applied, expected) in [(false, 0), (true, 1)] {
        let server = server();
        server.with(|service| service.set_faults(Faults::script([Some(Fault::Dropped { applied })])));
        let mut client = Client::of(&server);
        assert!(client.send("POST", "/Groups", group("Tools").to_json().as_bytes()).is_none());
        assert_eq!(server.with(|service| service.groups().count()), expected);
        let mut client = Client::of(&server);
        assert_eq!(client.send("GET", "/Groups", b"").unwrap().status, 200);
    }
}

/// RFC 9112 section 8: the body ends before its Content-Length, and then the connection does.
#[test]
fn a_truncated_body_is_really_cut() {
    let server = server();
    server.with(|service| service.set_faults(Faults::script([Some(Fault::Truncated)])));
    let mut client = Client::of(&server);
    let answer = client.send("POST", "/Groups", group("Tools").to_json().as_bytes()).unwrap();
    assert_eq!(answer.status, 201);
    assert!(!answer.body.is_empty() && answer.body.len() == answer.announced / 2, "{} of {}", answer.body.len(), answer.announced);
    assert!(client.send("GET", "/Groups", b"").is_none());
    assert_eq!(server.with(|service| service.groups().count()), 1);
}

/// A delay holds up its own connection and no other.
#[test]
fn a_delayed_answer_comes_later() {
    let server = server();
    let after = Duration::from_millis(300);
    server.with(|service| service.set_faults(Faults::none().once("CreateGroup", Fault::Delayed(after))));
    let before = Instant::now();
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| Client::of(&server).send("POST", "/Groups", group("Tools").to_json().as_bytes()).unwrap().status);
        assert_eq!(Client::of(&server).send("GET", "/Groups", b"").unwrap().status, 200);
        assert!(before.elapsed() < after);
        assert_eq!(slow.join().unwrap(), 201);
    });
    assert!(before.elapsed() >= after);
}

/// Developer guide, `ServiceProviderConfig`: `maxPayloadSize` is 1,048,576 bytes.
#[test]
fn a_body_that_is_too_large_is_refused() {
    let server = server();
    let chunk = format!("100001\r\n{}\r\n0\r\n\r\n", " ".repeat(1_048_577));
    for (length, body) in [("Content-Length: 1048577", ""), ("Transfer-Encoding: chunked", chunk.as_str())] {
        let mut client = Client::of(&server);
        let Client { tenant, token, .. } = &client;
        let head = format!("POST /{tenant}/scim/v2/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{length}\r\n\r\n");
        client.stream.get_mut().write_all(head.as_bytes()).unwrap();
        // The service may close before it has all of the body.
        let _sent = client.stream.get_mut().write_all(body.as_bytes());
        assert_eq!(client.receive().unwrap().status, 413, "{length}");
    }
    assert!(server.with(|service| service.log().is_empty()));
}

/// What is no HTTP is not answered as SCIM, and harms nobody else.
#[test]
fn bytes_that_are_no_request_are_not_answered() {
    let server = server();
    let mut client = Client::of(&server);
    client.stream.get_mut().write_all(b"\x16\x03\x01 hello\r\n\r\n").unwrap();
    assert!(client.receive().is_none_or(|answer| answer.status == 400));
    assert_eq!(Client::of(&server).send("GET", "/Users", b"").unwrap().status, 200);
}

/// Dropping the server ends its connections and frees its port.
#[test]
fn it_ends_when_it_is_dropped() {
    let server = server();
    let address = server.address();
    let mut client = Client::of(&server);
    assert_eq!(client.send("GET", "/Users", b"").unwrap().status, 200);
    drop(server);
    assert!(client.send("GET", "/Users", b"").is_none());
    assert!(TcpStream::connect(address).is_err());
    let again = Server::start(Service::new(Settings::default()), address);
    assert!(again.is_ok_and(|server| server.address() == address));
}

/// A port that is taken is an error, not a panic.
#[test]
fn a_port_that_is_taken_is_an_error() {
    let server = server();
    assert!(Server::start(Service::new(Settings::default()), server.address()).is_err());
}
