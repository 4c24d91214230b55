//! The transport over ureq 3, against small servers that misbehave.

#![allow(
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use idbridge_client::{Sent, Transport, TransportError, Ureq3Transport};

/// A server that gives each connection to `serve`, one after the other, with its number.
struct Server {
    address: String,
    /// Requests whose head and body came whole.
    requests: Arc<AtomicUsize>,
}

impl Server {
    fn start(serve: impl Fn(usize, &mut Connection) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let mut connection = Connection { stream: stream.unwrap(), requests: Arc::clone(&counted) };
                serve(number, &mut connection);
            }
        });
        Self { address, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn message(&self, method: &str, body: &str) -> http::Request<Vec<u8>> {
        let builder = http::Request::builder().method(method).uri(format!("{}/t/Users?cursor", self.address));
        builder.header("authorization", "Bearer hunter2").body(body.as_bytes().to_vec()).unwrap()
    }
}

struct Connection {
    stream: TcpStream,
    requests: Arc<AtomicUsize>,
}

impl Connection {
    /// Reads the head of one request, and no more; nothing once the client has closed the connection.
    fn head(&mut self) -> Option<String> {
        let mut text = Vec::new();
        let mut byte = [0];
        while !text.ends_with(b"\r\n\r\n") {
            if self.stream.read(&mut byte).ok()? == 0 {
                return None;
            }
            text.push(byte[0]);
        }
        Some(String::from_utf8(text).unwrap())
    }

    /// Reads one request; nothing once the client has closed the connection.
    fn request(&mut self) -> Option<String> {
        let head = self.head()?;
        let length =
            head.to_lowercase().split("content-length: ").nth(1).map_or(0, |rest| rest.split('\r').next().unwrap().parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        self.requests.fetch_add(1, Ordering::SeqCst);
        Some(head + &String::from_utf8(body).unwrap())
    }

    fn answer(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// Waits for what the client sends and leaves it unread, so that closing the socket sends a reset: what is on its way to the client is lost.
    fn leave_unread(&mut self) {
        self.stream.peek(&mut [0]).unwrap();
    }
}

fn not_sent(result: Result<http::Response<Vec<u8>>, TransportError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.was_sent(), Sent::No, "{error}");
    assert!(!error.to_string().contains("hunter2"));
    error.to_string()
}

fn maybe_sent(result: Result<http::Response<Vec<u8>>, TransportError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.was_sent(), Sent::Maybe, "{error}");
    assert!(!error.to_string().contains("hunter2"));
    error.to_string()
}

/// A request as it was made, and its answer with status and body.
#[test]
fn a_request_goes_out_as_it_was_made() {
    let server = Server::start(|_, connection| {
        while let Some(request) = connection.request() {
            assert!(request.contains(" /t/Users?cursor HTTP/1.1\r\n"), "{request}");
            assert!(request.contains("authorization: Bearer hunter2\r\n"), "{request}");
            let body = request.rsplit("\r\n").next().unwrap().to_owned();
            connection.answer(&format!("HTTP/1.1 409 Conflict\r\nx-amzn-RequestId: r1\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        }
    });
    let transport = Ureq3Transport::new();
    for method in ["POST", "PUT", "PATCH"] {
        let response = transport.send(server.message(method, "{\"a\":1}")).unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_slice()), (409, b"{\"a\":1}".as_slice()));
        assert_eq!(response.headers()["x-amzn-requestid"], "r1");
    }
    for method in ["GET", "DELETE"] {
        assert_eq!(transport.send(server.message(method, "")).unwrap().body(), b"");
    }
    assert_eq!(server.requests(), 5);
}

/// A connection is used again for the next request.
#[test]
fn connections_are_kept_alive() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    let server = Server::start(move |_, connection| {
        counted.fetch_add(1, Ordering::SeqCst);
        while connection.request().is_some() {
            connection.answer("HTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    for transport in [Ureq3Transport::new(), Ureq3Transport::from_agent(ureq::Agent::new_with_defaults())] {
        connections.store(0, Ordering::SeqCst);
        for _ in 0..10 {
            transport.send(server.message("POST", "{}")).unwrap();
        }
        drop(transport);
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }
}

/// A redirect is an answer; the token goes to no other place, whatever the agent would do.
#[test]
fn a_redirect_is_given_back_and_not_followed() {
    let server = Server::start(|_, connection| {
        while let Some(request) = connection.request() {
            assert!(!request.contains("/elsewhere"), "{request}");
            connection.answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 5\r\n\r\nmoved");
        }
    });
    let eager = ureq::Agent::config_builder().max_redirects(10).http_status_as_error(true).build().new_agent();
    for transport in [Ureq3Transport::new(), Ureq3Transport::from_agent(eager)] {
        for method in ["GET", "POST"] {
            let response = transport.send(server.message(method, if method == "POST" { "{}" } else { "" })).unwrap();
            assert_eq!((response.status().as_u16(), response.body().as_slice()), (302, b"moved".as_slice()));
            assert_eq!(response.headers()["location"], "/elsewhere");
        }
    }
    assert_eq!(server.requests(), 4);
}

/// What cannot be connected to was not sent.
#[test]
fn without_a_connection_nothing_was_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let transport = Ureq3Transport::new();
    for (method, body) in [("GET", ""), ("POST", "{}"), ("DELETE", "")] {
        let request =
            |host: &str| http::Request::builder().method(method).uri(format!("http://{host}/t")).body(body.as_bytes().to_vec()).unwrap();
        assert!(not_sent(transport.send(request(&free.to_string()))).contains("refused"));
    }
    // A name that cannot be looked up.
    for (method, body) in [("GET", ""), ("POST", "{}"), ("DELETE", "")] {
        let request = http::Request::builder().method(method).uri("http://no-such-host.invalid/t").body(body.as_bytes().to_vec());
        not_sent(transport.send(request.unwrap()));
    }
    // A server that speaks no TLS.
    let server = Server::start(|_, connection| drop(connection.stream.read(&mut [0; 100])));
    let request = http::Request::post(server.address.replace("http", "https")).body(b"{}".to_vec()).unwrap();
    not_sent(transport.send(request));
}

/// A connection that ends before the answer leaves everything open, whether or not the request was read.
#[test]
fn a_connection_dropped_before_the_answer_is_unknown() {
    for reads in [false, true] {
        let server = Server::start(move |_, connection| {
            if reads {
                connection.request();
            } else {
                connection.leave_unread();
            }
        });
        for (method, body) in [("POST", "{}"), ("PATCH", "{}"), ("DELETE", "")] {
            let before = server.requests();
            maybe_sent(Ureq3Transport::new().send(server.message(method, body)));
            // At most once, whatever happened to it.
            assert_eq!(server.requests() - before, usize::from(reads));
        }
    }
}

/// A body that ends before its length is an error, never a shorter or an empty body.
#[test]
fn a_body_that_is_cut_off_is_an_error() {
    for (answer, resets) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"totalResults\":0}", false),
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"totalResults\":0}", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n{\"totalResults\":0}\r\n", false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n{\"totalRes", true),
        ("HTTP/1.1 200 OK\r\nContent-Le", false),
        ("", false),
        // Without a length, the end of the connection is the end of the body, and nothing may have been cut off.
        ("HTTP/1.1 200 OK\r\n\r\n", false),
    ] {
        let server = Server::start(move |_, connection| {
            if resets {
                connection.head();
                connection.leave_unread();
                connection.answer(answer);
                thread::sleep(Duration::from_millis(50));
            } else {
                connection.request();
                connection.answer(answer);
            }
        });
        maybe_sent(Ureq3Transport::new().send(server.message("POST", "{}")));
        assert_eq!(server.requests(), usize::from(!resets), "{answer:?}");
    }
}

fn timed(time: Duration) -> Ureq3Transport {
    Ureq3Transport::from_agent(ureq::Agent::config_builder().timeout_global(Some(time)).build().new_agent())
}

/// A service that does not answer, or not to the end, is given up after the time that the agent allows.
#[test]
fn a_slow_answer_is_given_up() {
    for answer in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"] {
        let server = Server::start(move |_, connection| {
            connection.request();
            connection.answer(answer);
            thread::sleep(Duration::from_secs(3));
        });
        let started = Instant::now();
        let message = maybe_sent(timed(Duration::from_millis(200)).send(server.message("POST", "{}")));
        assert!(message.contains("within the time allowed"), "{message}");
        assert!(started.elapsed() < Duration::from_secs(2));
        assert_eq!(server.requests(), 1);
    }
}

/// A body without end does not fill the memory.
#[test]
fn a_body_that_is_too_long_is_an_error() {
    let server = Server::start(|_, connection| {
        connection.request();
        connection.answer("HTTP/1.1 200 OK\r\n\r\n");
        while connection.stream.write_all(&[b' '; 65536]).is_ok() {}
    });
    let message = maybe_sent(Ureq3Transport::new().send(server.message("GET", "")));
    assert!(message.contains("more than 16777216 bytes"), "{message}");
}

/// The connection of an earlier request may be dead without a sign. A write on it fails; it is never sent a second time on another one.
#[test]
fn a_write_on_a_stale_connection_is_never_sent_twice() {
    // The server closes each kept connection in another way once the next request is on it, or a moment before.
    for (waits, reads) in [(0, true), (0, false), (5, false), (50, false)] {
        let server = Server::start(move |_, connection| {
            connection.request();
            connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            thread::sleep(Duration::from_millis(waits));
            if reads {
                connection.request();
            }
        });
        let transport = Ureq3Transport::new();
        for _ in 0..20 {
            let before = server.requests();
            let first = transport.send(server.message("POST", "{}"));
            thread::sleep(Duration::from_millis(waits));
            let second = transport.send(server.message("POST", "{}"));
            let sent = [&first, &second].iter().filter(|result| !matches!(result, Err(error) if error.was_sent() == Sent::No)).count();
            let arrived = server.requests() - before;
            assert!(arrived <= sent, "{arrived} requests arrived, and {sent} may have been sent: {first:?} {second:?}");
        }
    }
}

/// Several threads share one transport.
#[test]
fn a_transport_is_shared_by_threads() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut connection = Connection { stream: stream.unwrap(), requests: Arc::default() };
            thread::spawn(move || {
                while connection.request().is_some() {
                    connection.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                }
            });
        }
    });
    let transport = Ureq3Transport::default();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let request = http::Request::post(format!("http://{address}/t")).body(b"{}".to_vec()).unwrap();
                    assert_eq!(transport.send(request).unwrap().body(), b"{}");
                }
            });
        }
    });
}
