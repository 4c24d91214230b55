//! HTTP/1.1 on one address, on this thread.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};

use super::web::{Reply, Request};
use super::{Idp, pages};
use crate::{Failure, application, clock};

/// The largest body of a request: a request by HTTP-POST has some thousand bytes.
const LARGEST_BODY: usize = 256 * 1024;
/// How long a request may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// The most connections at a time.
const MOST_CONNECTIONS: usize = 256;

/// An address that is bound, and not answered on yet.
pub(crate) struct Listener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Binds a loopback address. Nothing is encrypted here, so no other machine may see it.
    pub(crate) fn bind(address: SocketAddr) -> Result<Self, Failure> {
        if !address.ip().is_loopback() {
            let advice = "listen on loopback, such as 127.0.0.1:8443, and put a TLS proxy in front that others reach and that talks to it";
            return Err(format!(
                "{address} is not on loopback, and plain HTTP would show every sign-in to whoever is on the way: {advice}"
            )
            .into());
        }
        let listener = TcpListener::bind(address).map_err(|error| format!("{address} cannot be listened on: {error}"))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// The base URL, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers until the process ends.
    pub(crate) fn serve(self, idp: Idp) -> Result<Infallible, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let hosts = Hosts::new(self.address, idp.setup.application.idp_url().unwrap_or_default());
        runtime.block_on(accept(self.listener, Arc::new(Mutex::new(idp)), Arc::new(hosts)))
    }
}

/// The hosts that browsers may ask for. A page of a stranger whose name is made to lead here asks for another one, and gets nothing.
struct Hosts(Vec<String>);

impl Hosts {
    fn new(address: SocketAddr, idp_url: &str) -> Self {
        let public = application::authority(idp_url).unwrap_or_default();
        let port = address.port();
        let names = [address.to_string(), format!("localhost:{port}"), public.to_owned()];
        // Browsers leave out a port that the scheme has anyway.
        let bare = public.strip_suffix(":443").map(str::to_owned);
        Self(names.into_iter().chain(bare).map(|name| name.to_ascii_lowercase()).collect())
    }

    fn know(&self, head: &http::request::Parts) -> bool {
        let named = head.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let host = named.map(str::to_ascii_lowercase);
        host.is_some_and(|host| self.0.contains(&host) && head.uri.authority().is_none_or(|authority| *authority == *host))
    }
}

async fn accept(listener: TcpListener, idp: Arc<Mutex<Idp>>, hosts: Arc<Hosts>) -> Result<Infallible, Failure> {
    /// How long to wait when the system has no more connections to give.
    const BREATH: Duration = Duration::from_millis(10);
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let places = Arc::new(tokio::sync::Semaphore::new(MOST_CONNECTIONS));
    loop {
        let place = Arc::clone(&places).acquire_owned().await?;
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let (idp, hosts) = (Arc::clone(&idp), Arc::clone(&hosts));
        tokio::spawn(async move {
            let answering = hyper::service::service_fn(|request| answer(request, &idp, &hosts));
            let mut connection = http1::Builder::new();
            connection.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(64 * 1024);
            // An error is a browser that went away.
            let _ended = connection.serve_connection(TokioIo::new(stream), answering).await;
            drop(place);
        });
    }
}

async fn answer(request: hyper::Request<Incoming>, idp: &Mutex<Idp>, hosts: &Hosts) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let reply = if hosts.know(&head) {
        match tokio::time::timeout(PATIENCE, Limited::new(body, LARGEST_BODY).collect()).await {
            Ok(Ok(body)) => {
                let request = Request::new(&head, body.to_bytes());
                idp.lock().unwrap_or_else(PoisonError::into_inner).answer(&request, clock::now())
            }
            Ok(Err(error)) if error.is::<LengthLimitError>() => closing(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large."),
            Ok(Err(_)) => closing(StatusCode::BAD_REQUEST, "The form did not come whole."),
            Err(_) => closing(StatusCode::REQUEST_TIMEOUT, "The form took too long to come."),
        }
    } else {
        closing(StatusCode::MISDIRECTED_REQUEST, "The identity provider is not called so.")
    };
    Ok(reply.into_response().map(Full::new))
}

/// A problem after which the connection ends, because what is left of the request is not read.
fn closing(status: StatusCode, check: &str) -> Reply {
    pages::problem(status, "This request is not taken", check, "Begin with your applications.").with(http::header::CONNECTION, "close")
}
