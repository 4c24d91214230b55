//! The identity provider: pages, sessions, and the way from a request to a response.
//!
//! ```text
//!   GET or POST /sso --received--> waits --> /continue --no session--> /login --> /continue --accepted again--> the form that posts itself
//!   /  the tile --POST /launch--------------------------------------------------------------------------------> the same, unsolicited
//! ```
//!
//! A request by HTTP-POST comes from another site, so the browser sends no cookie with it. It waits here, and the browser is sent on to
//! `/continue` by GET, which does carry the cookie. The same way is taken for both bindings.

mod launch;
mod log_in;
mod memory;
pub(crate) mod pages;
mod server;
mod shelf;
mod single_sign_on;
mod web;

pub(crate) use pages::Footing;
pub(crate) use server::Listener;

use std::time::{Duration, SystemTime};

use http::{Method, StatusCode};
use idbridge_application::{Application, Authentication};
use idbridge_saml::{AuthnContext, SignedResponse};

use crate::people::People;
use crate::{Failure, random, terminal};
use memory::{Session, Waiting};
use shelf::Shelf;
use web::{FormError, Lives, Reply, Request};

/// How long a session lasts.
const SESSION: Duration = Duration::from_secs(8 * 3_600);
/// How long a request waits for a person: as long as it may be old.
const PATIENCE: Duration = Duration::from_secs(900);

/// What is here beside the portal and the IdP URL.
const PAGES: [&str; 8] = ["/login", "/logout", "/continue", "/launch", "/metadata", "/style.css", "/icon.svg", "/favicon.ico"];

/// What an identity provider is made of.
pub(crate) struct Setup {
    pub(crate) footing: Footing,
    pub(crate) application: Application,
    pub(crate) people: People,
    /// What has to be typed beside the e-mail address.
    pub(crate) login_code: Option<String>,
}

/// An identity provider with its sessions.
pub(crate) struct Idp {
    setup: Setup,
    sessions: Shelf<Session>,
    waiting: Shelf<Waiting>,
    /// Its own metadata, as it is served.
    metadata: String,
    /// The path of the IdP URL.
    path: String,
    /// Whether browsers reach it by https.
    is_secure: bool,
}

/// What stops a request: a page that says so, or a failure that nobody expected.
enum Stop {
    Page(Box<Reply>),
    Failed(Failure),
}

impl Idp {
    pub(crate) fn new(setup: Setup) -> Result<Self, Failure> {
        let metadata = setup.application.export_metadata()?;
        let url = setup.application.idp_url().ok_or("this application has no identity provider")?;
        let is_secure = url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        let rest = url.split_once("://").map_or("", |(_, rest)| rest);
        let path = rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/");
        let path = path.split('?').next().unwrap_or(path).to_owned();
        if PAGES.contains(&path.as_str()) {
            return Err(format!("the path {path} of the IdP URL is that of a page here; choose another one, such as /sso").into());
        }
        let (sessions, waiting) = (Shelf::new(10_000, SESSION), Shelf::new(1_000, PATIENCE));
        Ok(Self { setup, sessions, waiting, metadata, path, is_secure })
    }

    /// Answers one request.
    fn answer(&mut self, request: &Request, now: SystemTime) -> Reply {
        match self.route(request, now) {
            Ok(reply) => reply,
            Err(Stop::Page(reply)) => *reply,
            Err(Stop::Failed(error)) => {
                terminal::complain(&*error);
                let remedy = "What went wrong stands in the terminal of the program.";
                pages::problem(StatusCode::INTERNAL_SERVER_ERROR, "This did not work", "The identity provider failed.", remedy)
            }
        }
    }

    fn route(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let is_get = request.method == Method::GET || request.method == Method::HEAD;
        let is_post = request.method == Method::POST;
        if request.path == "/sso" || (request.path == self.path && (request.path != "/" || is_post || self.has_message(request))) {
            return match request.method {
                Method::GET => self.receive_redirect(request, now),
                Method::POST => self.receive_post(request, now),
                _ => Err(not_allowed()),
            };
        }
        match request.path.as_str() {
            "/" if is_get => self.portal(request, now),
            "/login" if is_get => self.show_log_in(request, now),
            "/login" if is_post => self.log_in(request, now),
            "/logout" if is_post => self.log_out(request, now),
            "/continue" if request.method == Method::GET => self.go_on(request, now),
            "/launch" if is_post => self.launch(request, now),
            "/metadata" if is_get => Ok(Reply::file("application/samlmetadata+xml", &self.metadata)),
            "/style.css" if is_get => Ok(Reply::file("text/css; charset=utf-8", pages::STYLE)),
            "/icon.svg" | "/favicon.ico" if is_get => Ok(Reply::file("image/svg+xml", pages::ICON)),
            path if path == "/" || PAGES.contains(&path) => Err(not_allowed()),
            _ => Err(Stop::page(pages::problem(
                StatusCode::NOT_FOUND,
                "There is nothing here",
                "No page of the identity provider has this address.",
                "Begin with your applications.",
            ))),
        }
    }

    /// Whether a query has a message, for an IdP URL without a path, which is that of the portal as well.
    fn has_message(&self, request: &Request) -> bool {
        request.query.as_deref().is_some_and(|query| query.split('&').any(|pair| pair.starts_with("SAMLRequest=")))
    }

    /// The name of the session's cookie. A browser takes one with the prefix from this very host only.
    fn session_cookie(&self) -> &'static str {
        if self.is_secure { "__Host-idbridge-session" } else { "idbridge-session" }
    }

    fn session(&self, request: &Request, now: SystemTime) -> Option<(&str, &Session)> {
        let id = request.cookie(self.session_cookie())?;
        let session = self.sessions.get(id, now)?;
        // The key that is kept, not the text that came.
        self.sessions.key(id).map(|key| (key, session))
    }

    /// The session whose form was posted from one of its own pages.
    fn session_of_form(&self, request: &Request, now: SystemTime) -> Result<(String, Session), Stop> {
        let form = request.form().map_err(|error| bad_form(&error))?;
        let token = form.get("form").unwrap_or_default();
        match self.session(request, now) {
            Some((id, session)) if random::is_same(&session.form_token, token) => Ok((id.to_owned(), session.clone())),
            Some(_) => Err(foreign_form()),
            None => Err(Stop::page(Reply::see_other("/login"))),
        }
    }

    /// How the person of a session showed who they are.
    fn authentication(&self, session: &Session) -> Authentication {
        let mut authentication = Authentication::new(session.authenticated_at);
        // An e-mail address alone shows nothing.
        if self.setup.login_code.is_none() {
            authentication.context = AuthnContext::UNSPECIFIED;
        }
        authentication
    }

    /// The form that takes a response to where it is for, with a line about it in the terminal.
    fn send(&self, response: &SignedResponse, about: &str) -> Result<Reply, Stop> {
        terminal::print(&format!("{about} -> {}", response.destination()));
        Ok(Reply::post(&response.to_form()?)?)
    }
}

impl Stop {
    fn page(reply: Reply) -> Self {
        Self::Page(Box::new(reply))
    }
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

fn not_allowed() -> Stop {
    let (check, remedy) = ("This address is not for this method.", "Begin with your applications.");
    Stop::page(pages::problem(StatusCode::METHOD_NOT_ALLOWED, "This cannot be done here", check, remedy))
}

fn foreign_form() -> Stop {
    let check = "The form was not made for this session: it is from another page, or from before you signed in or out.";
    Stop::page(pages::problem(StatusCode::FORBIDDEN, "This form is not taken", check, "Load the page again, and send its form."))
}

fn bad_form(error: &FormError) -> Stop {
    let remedy = "Go back, and send the form as the page has it.";
    Stop::page(pages::problem(StatusCode::BAD_REQUEST, "This form is not taken", &format!("{error}."), remedy))
}

/// Sets the session's cookie, or ends it.
fn with_session(reply: Reply, idp: &Idp, id: &str, lives: Lives) -> Reply {
    reply.with_cookie(idp.session_cookie(), id, idp.is_secure, lives)
}
