//! The access portal over HTTP: pages for people, and the endpoints that a browser carries SAML to.
//!
//! ```text
//!   GET  /start              who is signed in, or how to; what is set up
//!   GET  /login              to the identity provider, with an AuthnRequest; ?index=1 for another assertion consumer service
//!   POST /platform/saml/acs/ID   a response; then to /start
//!   POST /logout             ends the session
//!   GET  /saml/metadata      the metadata for the identity provider
//!   POST /saml/idp-metadata  the identity provider's, as XML or as the field `metadata` of a form
//! ```
//!
//! # Which browser
//!
//! A response comes to the assertion consumer service from the identity provider's site, so that no cookie with `SameSite=Lax` comes with it, and
//! none with `SameSite=None` does without TLS. The request is therefore found by its id alone. What binds it to a browser is checked one step
//! later: `/login` gives the browser a secret in a cookie, and the session that the response began is dead until `/start`, to which the browser is
//! redirected and which the cookie does reach, sees that secret. A response for one browser's request, carried into another browser, signs nobody
//! in. What the identity provider starts unasked is bound to no browser; that is so with AWS too, and the price of starting there.
//!
//! What changes something and is no response refuses requests whose `Origin` is another site's.

mod html;
mod pages;
mod session;

use std::time::SystemTime;

use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, HOST, HeaderName, HeaderValue, LOCATION,
    ORIGIN, REFERRER_POLICY, SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use http::{Method, Request, Response, StatusCode};

use crate::error::{Error, ErrorKind};
use crate::service::Service;
use crate::sso::{AccessPortal, SignInMessage};
use crate::wire::{Plus, decoded};
use session::{Found, Secret, Sessions};

/// The pages, and who is signed in.
#[derive(Debug, Default)]
pub(crate) struct Portal {
    sessions: Sessions,
}

/// New random bytes for one request.
#[derive(Debug)]
pub(crate) struct Random {
    /// For the content security policy.
    pub(crate) nonce: [u8; 16],
    /// For a request to the identity provider.
    pub(crate) request: [u8; 32],
    /// For a cookie.
    pub(crate) secret: [u8; 32],
}

/// One request that is the portal's, and all that it takes to answer it.
struct Visit<'a> {
    request: &'a Request<Vec<u8>>,
    service: &'a mut Service,
    portal: AccessPortal,
    random: &'a Random,
    nonce: String,
    now: SystemTime,
}

/// What a path of the portal is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Route {
    Start,
    Login,
    Logout,
    Metadata,
    IdpMetadata,
    AssertionConsumerService,
    Home,
    Icon,
}

impl Route {
    /// The portal's own paths; every other one is SCIM's.
    fn find(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Home),
            "/favicon.ico" => Some(Self::Icon),
            "/start" => Some(Self::Start),
            "/login" => Some(Self::Login),
            "/logout" => Some(Self::Logout),
            "/saml/metadata" => Some(Self::Metadata),
            "/saml/idp-metadata" => Some(Self::IdpMetadata),
            _ if path.starts_with("/platform/saml/acs/") => Some(Self::AssertionConsumerService),
            _ => None,
        }
    }

    fn allows(&self, method: &Method) -> bool {
        match self {
            Self::Logout | Self::IdpMetadata | Self::AssertionConsumerService => method == Method::POST,
            _ => method == Method::GET || method == Method::HEAD,
        }
    }

    fn allowed(&self) -> &'static str {
        if self.allows(&Method::POST) { "POST" } else { "GET, HEAD" }
    }
}

/// Whether the portal answers this path.
pub(crate) fn is_portal(path: &str) -> bool {
    Route::find(path).is_some()
}

impl Portal {
    /// Answers a request for one of the portal's paths.
    pub(crate) fn respond(
        &mut self,
        request: &Request<Vec<u8>>,
        service: &mut Service,
        random: &Random,
        now: SystemTime,
    ) -> Response<Vec<u8>> {
        let portal = service.access_portal().clone();
        let nonce = random.nonce.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut visit = Visit { request, service, portal, random, nonce, now };
        let Some(route) = Route::find(request.uri().path()) else {
            return visit.sentence(StatusCode::NOT_FOUND, "Not found", "There is no such page.");
        };
        if !route.allows(request.method()) {
            let mut response = visit.sentence(StatusCode::METHOD_NOT_ALLOWED, "Not like this", "This URL takes another method.");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static(route.allowed()));
            return response;
        }
        match route {
            Route::Home => visit.redirect("/start"),
            Route::Icon => visit.empty(StatusCode::NO_CONTENT),
            Route::Start => visit.start(&mut self.sessions),
            Route::Login => visit.login(&mut self.sessions),
            Route::Logout => visit.logout(&mut self.sessions),
            Route::Metadata => visit.metadata(),
            Route::IdpMetadata => visit.import(),
            Route::AssertionConsumerService => visit.consume(&mut self.sessions),
        }
    }
}

impl Visit<'_> {
    fn start(&mut self, sessions: &mut Sessions) -> Response<Vec<u8>> {
        if let Some(elsewhere) = self.canonical() {
            return self.redirect(&elsewhere);
        }
        let browser = self.cookie(Cookie::Browser);
        let Some(secret) = self.cookie(Cookie::Session) else {
            return self.page(StatusCode::OK, pages::start(self.service, None, &self.nonce));
        };
        match sessions.find(&secret, browser.as_ref(), self.now) {
            Found::Nothing => self.page(StatusCode::OK, pages::start(self.service, Some("Your session has ended."), &self.nonce)),
            // Who is deprovisioned is out at once.
            Found::SignedIn(sign_in) if !self.service.is_active(sign_in.user()) => {
                sessions.end(&secret);
                let note = format!("Your session has ended: {} is not active any more.", sign_in.user_name());
                let response = self.page(StatusCode::OK, pages::start(self.service, Some(&note), &self.nonce));
                self.without_cookie(response)
            }
            Found::SignedIn(sign_in) => self.page(StatusCode::OK, pages::signed_in(self.service, &sign_in, &self.nonce)),
            Found::OtherBrowser(sign_in) => {
                let error = Error::from(ErrorKind::OtherBrowser);
                self.service.withdraw_sign_in(&sign_in, &error, self.now);
                let response = self.refused("Sign-in refused", &error);
                self.without_cookie(response)
            }
        }
    }

    fn login(&mut self, sessions: &mut Sessions) -> Response<Vec<u8>> {
        if let Some(elsewhere) = self.canonical() {
            return self.redirect(&elsewhere);
        }
        let parameter = self.request.uri().query().and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("index=")));
        let index = match parameter.map(str::parse::<u16>) {
            None => None,
            Some(Ok(index)) => Some(index),
            Some(Err(_)) => {
                return self.sentence(
                    StatusCode::BAD_REQUEST,
                    "No such endpoint",
                    "The index of an assertion consumer service is a number.",
                );
            }
        };
        let request = match self.service.start_sign_in(index, self.random.request, self.now) {
            Ok(request) => request,
            Err(error) => return self.refused("Nobody can sign in yet", &error),
        };
        let known = self.cookie(Cookie::Browser).filter(|browser| sessions.is_waiting(browser, self.now));
        let browser = known.unwrap_or_else(|| Secret::from_random(self.random.secret));
        let lifetime = self.service.settings().request_lifetime;
        sessions.ask(request.id().clone(), browser.clone(), self.now.checked_add(lifetime).unwrap_or(self.now));
        let mut response = match request.message() {
            SignInMessage::Redirect(url) => self.redirect(url.as_str()),
            SignInMessage::Post(form) => {
                let html = match form.html(None) {
                    Ok(html) => html,
                    Err(error) => return self.refused("Nobody can sign in yet", &ErrorKind::Saml(error).into()),
                };
                let mut response = self.page(StatusCode::OK, html);
                for (name, value) in form.headers() {
                    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                        response.headers_mut().insert(name, value);
                    }
                }
                response
            }
        };
        self.set_cookie(&mut response, Cookie::Browser, browser.expose(), Some(lifetime.as_secs()));
        response
    }

    fn consume(&mut self, sessions: &mut Sessions) -> Response<Vec<u8>> {
        let path = self.request.uri().path();
        let services = self.portal.assertion_consumer_services().iter();
        // One that is none is refused by the service, which keeps it among the failures.
        let url = services.map(|service| service.url()).find(|url| path_of(url) == path).unwrap_or(path).to_owned();
        let body = String::from_utf8_lossy(self.request.body());
        match self.service.consume_response(&url, &body, self.now) {
            Ok(sign_in) => {
                let secret = Secret::from_random(self.random.secret);
                let mut response = self.redirect(self.portal.start_url());
                self.set_cookie(&mut response, Cookie::Session, secret.expose(), None);
                sessions.begin(secret, sign_in);
                response
            }
            Err(error) => self.refused("Sign-in refused", &error),
        }
    }

    fn logout(&mut self, sessions: &mut Sessions) -> Response<Vec<u8>> {
        if self.is_foreign() {
            return self.foreign();
        }
        if let Some(secret) = self.cookie(Cookie::Session) {
            sessions.end(&secret);
        }
        let response = self.redirect("/start");
        self.without_cookie(response)
    }

    fn metadata(&self) -> Response<Vec<u8>> {
        match self.portal.metadata() {
            Ok(xml) => {
                let name = format!("attachment; filename=\"{}-metadata.xml\"", self.portal.instance());
                let mut response = self.respond(StatusCode::OK, "application/samlmetadata+xml", xml);
                if let Ok(name) = HeaderValue::try_from(name) {
                    response.headers_mut().insert(CONTENT_DISPOSITION, name);
                }
                response
            }
            Err(error) => self.refused("There is no metadata", &error),
        }
    }

    /// Takes a form, which is answered with a page, or the XML itself, which is answered without one.
    fn import(&mut self) -> Response<Vec<u8>> {
        if self.is_foreign() {
            return self.foreign();
        }
        let kind = self.request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"));
        let Ok(body) = std::str::from_utf8(self.request.body()) else {
            return self.sentence(StatusCode::BAD_REQUEST, "Metadata refused", "The metadata is not UTF-8.");
        };
        // curl says that what it sends is a form if nobody tells it otherwise.
        if !is_form || body.trim_start_matches('\u{FEFF}').trim_start().starts_with('<') {
            return match self.service.import_idp_metadata(body) {
                Ok(_) => self.empty(StatusCode::NO_CONTENT),
                Err(error) => self.respond(StatusCode::BAD_REQUEST, "text/plain; charset=utf-8", format!("{}: {error}\n", error.check())),
            };
        }
        let field = body.split('&').find_map(|pair| pair.strip_prefix("metadata="));
        let Some(text) = field.and_then(|field| decoded(field, Plus::IsSpace)) else {
            return self.sentence(StatusCode::BAD_REQUEST, "Metadata refused", "The form has no field metadata.");
        };
        // A form has line ends of two characters, which are none of the file's.
        match self.service.import_idp_metadata(&text.replace("\r\n", "\n")) {
            Ok(_) => self.redirect("/start"),
            Err(error) => self.refused("Metadata refused", &error),
        }
    }

    /// Where to go instead if this is the right server under another name for one's own machine: cookies and the assertion consumer service
    /// go by one.
    fn canonical(&self) -> Option<String> {
        let base = self.portal.start_url().strip_suffix("/start")?;
        let port = base.strip_prefix("http://127.0.0.1:")?;
        let host = self.request.headers().get(HOST)?.to_str().ok()?;
        let is_alias = host.strip_suffix(port).is_some_and(|name| matches!(name, "localhost:" | "[::1]:"));
        is_alias.then(|| format!("{base}{}", self.request.uri()))
    }

    /// Whether a page of another site sent this.
    fn is_foreign(&self) -> bool {
        let own = self.portal.start_url().strip_suffix("/start").map(origin_of);
        let origin = self.request.headers().get(ORIGIN);
        origin.is_some_and(|origin| origin.to_str().ok() != own)
    }

    fn foreign(&self) -> Response<Vec<u8>> {
        self.sentence(StatusCode::FORBIDDEN, "Refused", "A page of another site sent this.")
    }

    /// The value of a cookie.
    fn cookie(&self, cookie: Cookie) -> Option<Secret> {
        let name = cookie.name(&self.portal);
        let headers = self.request.headers().get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
        let mut pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(given, _)| *given == name).map(|(_, value)| Secret::given(value))
    }

    /// `Secure` is for TLS, which there may be in front of the server.
    fn set_cookie(&self, response: &mut Response<Vec<u8>>, cookie: Cookie, value: &str, max_age: Option<u64>) {
        let name = cookie.name(&self.portal);
        let max_age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.portal.is_http() { "" } else { "; Secure" };
        if let Ok(header) = HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{max_age}{secure}")) {
            response.headers_mut().append(SET_COOKIE, header);
        }
    }

    fn without_cookie(&self, mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        self.set_cookie(&mut response, Cookie::Session, "", Some(0));
        response
    }

    fn refused(&self, title: &str, error: &Error) -> Response<Vec<u8>> {
        let status = match error.kind() {
            ErrorKind::NotProvisioned { .. } | ErrorKind::NotActive { .. } | ErrorKind::Ambiguous { .. } | ErrorKind::OtherBrowser => {
                StatusCode::FORBIDDEN
            }
            ErrorKind::NoIdentityProvider | ErrorKind::NoBinding { .. } => StatusCode::CONFLICT,
            ErrorKind::UnknownEndpoint { .. } => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        self.page(status, pages::refused(title, error, &self.nonce))
    }

    fn sentence(&self, status: StatusCode, title: &str, text: &str) -> Response<Vec<u8>> {
        self.page(status, pages::sentence(title, text, &self.nonce))
    }

    fn redirect(&self, location: &str) -> Response<Vec<u8>> {
        let mut response = self.empty(StatusCode::SEE_OTHER);
        if let Ok(location) = HeaderValue::try_from(location) {
            response.headers_mut().insert(LOCATION, location);
        }
        response
    }

    fn page(&self, status: StatusCode, html: String) -> Response<Vec<u8>> {
        self.respond(status, "text/html; charset=utf-8", html)
    }

    fn empty(&self, status: StatusCode) -> Response<Vec<u8>> {
        let mut response = self.respond(status, "", String::new());
        response.headers_mut().remove(CONTENT_TYPE);
        response
    }

    fn respond(&self, status: StatusCode, kind: &'static str, body: String) -> Response<Vec<u8>> {
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
enum Cookie {
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
fn path_of(url: &str) -> &str {
    url.get(origin_of(url).len()..).unwrap_or_default()
}
