//! One request for the portal: what it shows of a browser, and the answers that there are.

use std::time::SystemTime;

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderValue, LOCATION, ORIGIN, REFERRER_POLICY, SET_COOKIE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{Request, Response, StatusCode};

use crate::error::{Error, ErrorKind};
use crate::portal::session::Secret;
use crate::portal::{Random, pages};
use crate::service::Service;
use crate::sso::AccessPortal;

/// The title of what AWS would be silent about.
pub(super) const SIGN_IN_REFUSED: &str = "Sign-in refused";

/// One request that is the portal's, and all that it takes to answer it.
pub(super) struct Visit<'a> {
    /// What the browser sent.
    pub(super) request: &'a Request<Vec<u8>>,
    pub(super) service: &'a mut Service,
    /// Where the portal is: a copy, because the service is changed meanwhile.
    pub(super) portal: AccessPortal,
    pub(super) random: &'a Random,
    /// What the content security policy of the answer knows its style sheet by.
    pub(super) nonce: String,
    pub(super) now: SystemTime,
}

impl Visit<'_> {
    /// Where to go instead if this is the right server under another name for one's own machine: cookies and the assertion consumer service
    /// go by one.
    pub(super) fn canonical(&self) -> Option<String> {
        let base = self.portal.start_url().strip_suffix("/start")?;
        let port = base.strip_prefix("http://127.0.0.1:")?;
        let host = self.request.headers().get(HOST)?.to_str().ok()?;
        let is_alias = host.strip_suffix(port).is_some_and(|name| matches!(name, "localhost:" | "[::1]:"));
        is_alias.then(|| format!("{base}{}", self.request.uri()))
    }

    /// Whether a page of another site sent this.
    pub(super) fn is_foreign(&self) -> bool {
        let own = self.portal.start_url().strip_suffix("/start").map(origin_of);
        let origin = self.request.headers().get(ORIGIN);
        origin.is_some_and(|origin| origin.to_str().ok() != own)
    }

    /// What a page of another site gets.
    pub(super) fn foreign(&self) -> Response<Vec<u8>> {
        self.sentence(StatusCode::FORBIDDEN, "Refused", "A page of another site sent this.")
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, cookie: Cookie) -> Option<Secret> {
        let name = cookie.name(&self.portal);
        let headers = self.request.headers().get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
        let mut pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(given, _)| *given == name).map(|(_, value)| Secret::given(value))
    }

    /// `Secure` is for TLS, which there may be in front of the server.
    pub(super) fn set_cookie(&self, response: &mut Response<Vec<u8>>, cookie: Cookie, value: &str, max_age: Option<u64>) {
        let name = cookie.name(&self.portal);
        let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.portal.is_http() { "" } else { "; Secure" };
        if let Ok(header) = HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}")) {
            response.headers_mut().append(SET_COOKIE, header);
        }
    }

    /// Makes the browser forget its session.
    pub(super) fn without_cookie(&self, mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        self.set_cookie(&mut response, Cookie::Session, "", Some(0));
        response
    }

    /// A page that says what was refused and why, with the status that fits.
    pub(super) fn refused(&self, title: &str, error: &Error) -> Response<Vec<u8>> {
        let status = match error.kind() {
            ErrorKind::NotProvisioned { .. } | ErrorKind::NotActive { .. } | ErrorKind::Ambiguous { .. } | ErrorKind::OtherBrowser => {
                StatusCode::FORBIDDEN
            }
            ErrorKind::NoIdentityProvider | ErrorKind::NoBinding { .. } => StatusCode::CONFLICT,
            ErrorKind::UnknownEndpoint { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        self.page(status, pages::refused(title, error, title == SIGN_IN_REFUSED, &self.nonce))
    }

    /// A page with one sentence.
    pub(super) fn sentence(&self, status: StatusCode, title: &str, text: &str) -> Response<Vec<u8>> {
        self.page(status, pages::sentence(title, text, &self.nonce))
    }

    /// Sends the browser elsewhere by GET, whatever it came by (RFC 9110 section 15.4.4).
    pub(super) fn redirect(&self, location: &str) -> Response<Vec<u8>> {
        let mut response = self.empty(StatusCode::SEE_OTHER);
        if let Ok(location) = HeaderValue::try_from(location) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }

    /// A page.
    pub(super) fn page(&self, status: StatusCode, html: String) -> Response<Vec<u8>> {
        self.respond(status, "text/html; charset=utf-8", html)
    }

    /// Nothing but a status.
    pub(super) fn empty(&self, status: StatusCode) -> Response<Vec<u8>> {
        let mut response = self.respond(status, "", String::new());
        response.headers_mut().remove(CONTENT_TYPE);
        response
    }

    /// Any answer, with the headers that all have: nothing is kept, guessed, framed or loaded from elsewhere.
    pub(super) fn respond(&self, status: StatusCode, kind: &'static str, body: String) -> Response<Vec<u8>> {
        let mut response = Response::new(body.into_bytes());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // With `no-referrer`, the browser would say `Origin: null` of this site's own forms.
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        let policy =
            format!("default-src 'none'; style-src 'nonce-{}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", self.nonce);
        if let Ok(policy) = HeaderValue::try_from(policy) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// What a browser keeps.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cookie {
    /// The session.
    Session,
    /// That it asked to sign in.
    Browser,
}

impl Cookie {
    /// Cookies go to every port of a host, so the port is in the name: there may be more than one emulator.
    fn name(self, portal: &AccessPortal) -> String {
        let name = match self {
            Self::Session => "portal-session",
            Self::Browser => "portal-browser",
        };
        let authority = origin_of(portal.start_url());
        let port = authority.rsplit(':').next().filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
        port.map_or_else(|| name.to_owned(), |port| format!("{name}-{port}"))
    }
}

/// Scheme, host and port of a URL.
fn origin_of(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let length = url.get(authority..).and_then(|rest| rest.find('/'));
    length.and_then(|length| url.get(..authority + length)).unwrap_or(url)
}

/// The path of a URL.
pub(super) fn path_of(url: &str) -> &str {
    url.get(origin_of(url).len()..).unwrap_or_default()
}
