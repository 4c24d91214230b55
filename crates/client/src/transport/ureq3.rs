//! The blocking transport over ureq 3.

use std::io::{self, Read};
use std::time::Duration;

use http::StatusCode;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use ureq::config::Config;
use ureq::{Agent, SendBody, Timeout};

use crate::transport::{Transport, TransportError};

/// A [`Transport`] over a [`ureq::Agent`], the caller's or one with safe settings.
///
/// Whatever the agent's settings, for each request
/// - redirects are given back and never followed, and every status is an answer;
/// - a body of more than 16 MiB is an error;
/// - a time-out that the agent leaves open is set: 10 seconds to connect, 60 seconds for the whole request.
///
/// ureq sends a request once: on a pooled connection that turns out to be closed, it fails, and the error says [`Sent::Maybe`](crate::Sent).
///
/// TLS, root certificates, proxy and the size of the pool are the agent's. A middleware of the agent that repeats requests breaks what a
/// [`Transport`] promises; do not use one.
///
/// # Examples
///
/// ```
/// use idbridge_client::{Transport, Ureq3Transport};
///
/// // The caller's own agent, for example to go through a proxy that is named in the environment.
/// let config = ureq::Agent::config_builder().proxy(ureq::Proxy::try_from_env()).build();
/// let transport = Ureq3Transport::from_agent(config.new_agent());
/// # let _: &dyn Transport = &transport;
/// ```
#[derive(Debug, Clone)]
pub struct Ureq3Transport {
    agent: Agent,
    /// Whether the agent's own settings are what every request needs; settings of a request cost a TLS configuration for each connection.
    is_fit: bool,
}

/// A page of 100 users is some 200 KiB long; a body without end must not fill the memory.
const MOST_BODY_BYTES: u64 = 16 * 1024 * 1024;
/// Name, connection and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// From the name to the last byte of the answer. AWS answers within seconds, or with an error.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// More than requests are in flight by any sensible policy.
const MOST_IDLE_CONNECTIONS: usize = 32;

impl Ureq3Transport {
    /// A transport with an agent of its own: TLS by rustls with the roots of Mozilla, up to 32 connections kept alive, and **no proxy**, also not
    /// one that the environment names: a token goes where the endpoint says, and nowhere else. To use a proxy, see
    /// [`from_agent`](Self::from_agent).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_client::{Sent, Transport, Ureq3Transport};
    ///
    /// let transport = Ureq3Transport::new();
    /// // Nobody listens there, so nothing was sent.
    /// let request = http::Request::post("http://127.0.0.1:1/tenant/scim/v2/Users").body(b"{}".to_vec())?;
    /// assert_eq!(transport.send(request).unwrap_err().was_sent(), Sent::No);
    /// # Ok::<(), http::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(REQUEST_TIMEOUT))
            .max_idle_connections(MOST_IDLE_CONNECTIONS)
            .max_idle_connections_per_host(MOST_IDLE_CONNECTIONS)
            .build();
        Self::from_agent(config.new_agent())
    }

    /// A transport over the caller's agent.
    ///
    /// Let it keep at least as many idle connections for a host as requests are in flight (8, unless the policy says otherwise), or connections
    /// are opened again and again.
    #[must_use]
    pub fn from_agent(agent: Agent) -> Self {
        let is_fit = is_fit(agent.config());
        Self { agent, is_fit }
    }

    fn run(&self, mut request: http::Request<SendBody<'_>>) -> Result<http::Response<ureq::Body>, ureq::Error> {
        if !self.is_fit {
            let timeouts = self.agent.config().timeouts();
            request = self
                .agent
                .configure_request(request)
                .http_status_as_error(false)
                .max_redirects(0)
                .timeout_connect(timeouts.connect.or(Some(CONNECT_TIMEOUT)))
                .timeout_global(timeouts.global.or(Some(REQUEST_TIMEOUT)))
                .build();
        }
        self.agent.run(request)
    }
}

/// Whether an agent does of itself what a transport must do.
fn is_fit(config: &Config) -> bool {
    let timeouts = config.timeouts();
    !config.http_status_as_error() && config.max_redirects() == 0 && timeouts.connect.is_some() && timeouts.global.is_some()
}

impl Default for Ureq3Transport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Ureq3Transport {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (mut head, body) = request.into_parts();
        let mut body = Watched { rest: &body, was_asked_for: false };
        let length = body.rest.len();
        let result = if length == 0 {
            self.run(http::Request::from_parts(head, SendBody::none()))
        } else {
            head.headers.insert(CONTENT_LENGTH, length.into());
            self.run(http::Request::from_parts(head, SendBody::from_reader(&mut body)))
        };
        let response = result.map_err(|error| {
            // ureq asks for the body once the head is written. A request without its body is none, so nothing can have come of it.
            let is_proof = is_before_sending(&error) || (length > 0 && !body.was_asked_for);
            let reason = described(&error);
            if is_proof { TransportError::not_sent(reason) } else { TransportError::maybe_sent(reason) }
        })?;
        let (head, mut body) = response.into_parts();
        // ureq compares what it reads with the announced length, or with the last chunk.
        let body = body.with_config().limit(MOST_BODY_BYTES).read_to_vec().map_err(|error| {
            TransportError::maybe_sent(match error {
                ureq::Error::BodyExceedsLimit(most) => format!("the answer {} has more than {most} bytes", head.status),
                ureq::Error::Timeout(_) => format!("the answer {} did not end within the time allowed", head.status),
                _ => format!("the answer {} was cut off", head.status),
            })
        })?;
        let has_length = head.headers.contains_key(CONTENT_LENGTH) || head.headers.contains_key(TRANSFER_ENCODING);
        if body.is_empty() && !has_length && head.status.is_success() && head.status != StatusCode::NO_CONTENT {
            // RFC 9112 section 6.3: such a body ends with the connection, so nobody can say whether there was one.
            return Err(TransportError::maybe_sent(format!("the answer {} ended with its head", head.status)));
        }
        Ok(http::Response::from_parts(head, body))
    }
}

impl Transport for &Ureq3Transport {
    fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, TransportError> {
        (**self).send(request)
    }
}

/// A body that knows whether it was asked for.
struct Watched<'a> {
    rest: &'a [u8],
    was_asked_for: bool,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.was_asked_for = true;
        self.rest.read(buffer)
    }
}

/// Whether ureq can fail so only before the first byte of a request is written. On a connection that is up, the network can report most of what a
/// failed connect reports, so only what a connect alone reports counts.
fn is_before_sending(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound
        | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::BadUri(_)
        | ureq::Error::Http(_)
        | ureq::Error::RequireHttpsOnly(_)
        | ureq::Error::TlsRequired
        | ureq::Error::Tls(_)
        | ureq::Error::Pem(_)
        | ureq::Error::Rustls(_) => true,
        ureq::Error::Io(error) => {
            let text = error.to_string();
            // Two failures have no kind of their own. Where their text is another one, they are unknown outcomes, which is never wrong.
            matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::AddrNotAvailable)
                || text.starts_with("failed to lookup address information")
                || text.starts_with("invalid peer certificate")
        }
        _ => false,
    }
}

/// What went wrong, for people. ureq's errors hold no headers.
fn described(error: &ureq::Error) -> String {
    match error {
        ureq::Error::HostNotFound => "the host has no address".to_owned(),
        ureq::Error::Timeout(Timeout::Connect) => "no connection within the time allowed".to_owned(),
        ureq::Error::Timeout(_) => "no answer within the time allowed".to_owned(),
        ureq::Error::Io(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof => "the connection was closed".to_owned(),
            _ => error.to_string(),
        },
        // The text of this error repeats the URL.
        ureq::Error::RequireHttpsOnly(_) => "the HTTP agent takes https only".to_owned(),
        other => other.to_string(),
    }
}
