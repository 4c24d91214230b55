//! The service over HTTP, on a thread of its own.
//!
//! One thread takes connections, reads requests and writes answers; the service itself is behind a lock that is held for one request at a time
//! and never while anything is waited for. What goes wrong on purpose goes wrong here for real: the connection closes, the body ends early.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use http_body::{Frame, SizeHint};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use crate::fault::Outcome;
use crate::portal::{self, Portal, Random};
use crate::service::Service;
use crate::sso::AccessPortal;

/// The largest body of a request, in bytes: AWS's `maxPayloadSize`. A larger one is answered 413.
const LARGEST_BODY: usize = 1_048_576;

/// A [`Service`] that answers HTTP/1.1 on one address, with the faults that were set, until it is dropped.
///
/// It runs on a thread of its own and reads the system's clock. Connections are kept alive. A lost answer is a connection that closes; a cut one
/// has the `Content-Length` of the whole. It is meant for loopback: nothing is encrypted.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{Server, Service, Settings};
///
/// let server = Server::start(Service::new(Settings::default()), "127.0.0.1:0")?;
/// println!("{} with the token {}", server.endpoint(), server.token());
/// assert!(server.endpoint().ends_with("/scim/v2"));
/// assert_eq!(server.with(|service| service.users().count()), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// Seeded, asked over a socket, and looked into:
///
/// ```
/// use std::io::{Read, Write};
///
/// use idbridge_emulator::{Server, Service, Settings};
/// use idbridge_scim::{Group, Resource};
///
/// let server = Server::start(Service::new(Settings::default()), "127.0.0.1:0")?;
/// server.with(|service| service.seed_group(Resource::from(Group::new("Engineering")), []));
/// let tenant = server.with(|service| service.settings().tenant.clone());
///
/// let mut stream = std::net::TcpStream::connect(server.address())?;
/// let token = server.token();
/// write!(stream, "GET /{tenant}/scim/v2/Groups HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n")?;
/// let mut answer = String::new();
/// stream.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("Engineering"));
/// assert_eq!(server.with(|service| service.log().len()), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

/// What the connections have in common. Whoever takes both locks takes the service's first.
#[derive(Debug)]
struct Shared {
    service: Mutex<Service>,
    portal: Mutex<Portal>,
}

impl Server {
    /// Listens on `address` and answers from a new thread; port 0 takes any free port.
    ///
    /// The address is bound when this returns, so a client may connect at once. The [`AccessPortal`] of the service is placed at the address, with
    /// the instance that it had; [`Service::set_access_portal`] may place it elsewhere, such as at a proxy in front of the server.
    ///
    /// # Errors
    ///
    /// The system's error if the address is none, cannot be bound, or no thread can be had.
    pub fn start(service: Service, address: impl ToSocketAddrs) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let mut service = service;
        // Nobody reaches an address that is none.
        let reached = match address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())),
            IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::from((Ipv6Addr::LOCALHOST, address.port())),
            _ => address,
        };
        let portal = AccessPortal::at(&format!("http://{reached}"), service.access_portal().instance());
        service.set_access_portal(portal.map_err(io::Error::other)?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let shared = Arc::new(Shared { service: Mutex::new(service), portal: Mutex::default() });
        let (stop, stopped) = oneshot::channel();
        let answered = Arc::clone(&shared);
        let thread = std::thread::Builder::new().name("idbridge-emulator".to_owned()).spawn(move || {
            runtime.block_on(async move {
                tokio::spawn(accept(listener, answered));
                // Nothing is ever sent: the channel closes when the server is dropped, and the connections go with the runtime.
                let _closed = stopped.await;
            });
        })?;
        Ok(Self { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL of the SCIM service: `http://127.0.0.1:PORT/{tenant}/scim/v2`, without a slash at the end.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let address = self.address;
        self.with(|service| format!("http://{address}/{}/scim/v2", service.settings().tenant))
    }

    /// The URL of the access portal: `http://127.0.0.1:PORT/start`.
    #[must_use]
    pub fn start_url(&self) -> String {
        self.with(|service| service.access_portal().start_url().to_owned())
    }

    /// The first token that is accepted; empty if none is.
    #[must_use]
    pub fn token(&self) -> String {
        self.with(|service| service.settings().tokens.first().map(|token| token.expose().to_owned()).unwrap_or_default())
    }

    /// The address that it listens on, with the port that the system chose if it was asked to.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Does something with the service between two requests: seeds it, sets faults, looks at what came.
    ///
    /// Requests wait until `action` returns, so that it sees the service between two of them. It must not call this method of the same server again, which would wait for itself.
    pub fn with<T>(&self, action: impl FnOnce(&mut Service) -> T) -> T {
        action(&mut lock(&self.shared.service))
    }
}

impl Drop for Server {
    /// Closes all connections and waits for the thread.
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed; a second one here would abort a test that is failing already.
            let _joined = thread.join();
        }
    }
}

/// Takes the service or the portal, also behind a panic: they have no state in between, and a test that failed may still look into it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes connections and answers on each, until the runtime goes.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    /// How long to wait when the system has no more connections to give.
    const BREATH: Duration = Duration::from_millis(10);
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        // An answer is small and waited for; not to be held back is all that this asks for, so an error changes nothing.
        let _set = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let answering = hyper::service::service_fn(|request| answer(request, &shared));
            // An error is a client that went away, or a fault that was asked for.
            let _ended = http1::Builder::new().serve_connection(TokioIo::new(stream), answering).await;
        });
    }
}

/// Answers one request. Only what comes before and behind the service waits; the lock is not held meanwhile.
async fn answer(request: hyper::Request<Incoming>, shared: &Shared) -> Result<http::Response<Answer>, Dropped> {
    let (head, body) = request.into_parts();
    let most = u64::try_from(LARGEST_BODY).unwrap_or(u64::MAX);
    if http_body::Body::size_hint(&body).lower() > most {
        return Ok(too_large());
    }
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(too_large()),
        Err(_) => return Err(Dropped),
    };
    #[expect(clippy::disallowed_methods, reason = "the server is where the clock is read")]
    let now = SystemTime::now();
    let request = http::Request::from_parts(head, body);
    if portal::is_portal(request.uri().path()) {
        return Ok(visit(&request, shared, now).map(Answer::whole));
    }
    let outcome = lock(&shared.service).exchange(request, now);
    match outcome {
        Outcome::Replied(response) => Ok(response.map(Answer::whole)),
        Outcome::Late { reply, after } => {
            tokio::time::sleep(after).await;
            Ok(reply.map(Answer::whole))
        }
        Outcome::Cut(response) => Ok(response.map(Answer::cut)),
        Outcome::Lost { .. } => Err(Dropped),
    }
}

/// Answers for the access portal, which has no faults.
fn visit(request: &http::Request<Vec<u8>>, shared: &Shared, now: SystemTime) -> http::Response<Vec<u8>> {
    let Ok(random) = draw() else {
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return response;
    };
    let mut service = lock(&shared.service);
    lock(&shared.portal).respond(request, &mut service, &random, now)
}

/// Random bytes of the system.
fn draw() -> Result<Random, getrandom::Error> {
    let mut random = Random { nonce: [0; 16], request: [0; 32], secret: [0; 32] };
    getrandom::fill(&mut random.nonce)?;
    getrandom::fill(&mut random.request)?;
    getrandom::fill(&mut random.secret)?;
    Ok(random)
}

/// 413, and the end of the connection, because what is left of the body is not read.
fn too_large() -> http::Response<Answer> {
    let mut response = http::Response::new(Answer::whole(Vec::new()));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response.headers_mut().insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The body of an answer: all of it, or the first half of it and then a broken connection.
struct Answer {
    bytes: Bytes,
    announced: u64,
    after: After,
}

/// What follows the bytes.
enum After {
    /// The end of the body.
    End,
    /// A turn in which hyper writes what it has, because an error would throw it away.
    Pause,
    /// The end of the connection.
    Break,
}

/// The connection is to be closed without another byte.
#[derive(Debug)]
struct Dropped;

impl std::error::Error for Dropped {}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is dropped on purpose")
    }
}

impl Answer {
    /// All of it.
    fn whole(bytes: Vec<u8>) -> Self {
        Self { announced: u64::try_from(bytes.len()).unwrap_or(u64::MAX), bytes: bytes.into(), after: After::End }
    }

    /// The first half of it, announced as the whole.
    fn cut(bytes: Vec<u8>) -> Self {
        let whole = Self::whole(bytes);
        Self { bytes: whole.bytes.slice(..whole.bytes.len() / 2), after: After::Pause, ..whole }
    }
}

impl http_body::Body for Answer {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        let this = self.get_mut();
        if !this.bytes.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.bytes)))));
        }
        match this.after {
            After::End => Poll::Ready(None),
            After::Pause => {
                this.after = After::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            After::Break => Poll::Ready(Some(Err(Dropped))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.after, After::End) && self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        // Read once, before the first frame: it becomes the Content-Length.
        SizeHint::with_exact(self.announced)
    }
}
