//! From a service provider's request to a response.

use std::time::SystemTime;

use http::StatusCode;
use idbridge_application::{Denied, SignInRequest};
use idbridge_saml::{ReceivedRequest, Status, StatusCode as SamlStatus};

use super::memory::{Session, Waiting};
use super::pages;
use super::web::{Reply, Request};
use super::{Idp, Stop, bad_form};
use crate::people;
use crate::{random, terminal};

impl Idp {
    pub(super) fn receive_redirect(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let received = ReceivedRequest::from_redirect(request.query.as_deref().unwrap_or_default());
        self.receive(received.map_err(|error| refused(&error))?, now)
    }

    pub(super) fn receive_post(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let body = request.body().map_err(|error| bad_form(&error))?;
        self.receive(ReceivedRequest::from_post_body(body).map_err(|error| refused(&error))?, now)
    }

    /// Keeps a request that can be answered until it is known who the person is.
    fn receive(&mut self, received: ReceivedRequest, now: SystemTime) -> Result<Reply, Stop> {
        self.setup.application.accept(&received, now).map_err(|error| refused(&error))?;
        let id = random::token()?;
        self.waiting.put(id.clone(), Waiting { received, logged_in: None }, now);
        Ok(Reply::see_other(&format!("/continue?request={id}")))
    }

    /// Answers a request that waits, or first finds out who is there.
    pub(super) fn go_on(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let query = request.query_fields().map_err(|error| bad_form(&error))?;
        let id = query.get("request").unwrap_or_default().to_owned();
        let Some(waiting) = self.waiting.get(&id, now).cloned() else {
            return Err(Stop::page(pages::problem(
                StatusCode::GONE,
                "This sign-in is over",
                "It was answered already, or it waited too long.",
                "Begin again where you want to sign in, or with your applications.",
            )));
        };
        // What was true when it came may have changed while it waited.
        let accepted = self.setup.application.accept(&waiting.received, now).map_err(|error| refused(&error))?;
        let session = self.session(request, now).filter(|(session_id, _)| {
            let is_new = waiting.logged_in.as_deref() == Some(*session_id);
            !accepted.request().force_authn || is_new
        });
        let reply = match session {
            None if accepted.request().is_passive => self.refuse(&accepted, &Status::denied(SamlStatus::NO_PASSIVE), now)?,
            None => return Ok(Reply::see_other(&format!("/login?request={id}"))),
            Some((_, session)) => self.respond(&accepted, session, now)?,
        };
        // One answer to one request.
        self.waiting.remove(&id);
        Ok(reply)
    }

    fn respond(&self, accepted: &SignInRequest<'_>, session: &Session, now: SystemTime) -> Result<Reply, Stop> {
        let authorised = match accepted.sign_in(&self.setup.people.snapshot, &session.person) {
            Ok(authorised) => authorised,
            Err(denied) => return Ok(self.denied(Some(session), &session.label, &denied)),
        };
        let authentication = self.authentication(session);
        if let Some(status) = authorised.status_for(&authentication) {
            return self.refuse(accepted, &status, now);
        }
        for finding in authorised.findings() {
            terminal::note(&format!("sso: {finding}"));
        }
        let response = authorised.respond(&authentication, &random::response_ids()?, now)?;
        self.send(&response, &format!("signed in: {}, as {} asked", session.label, accepted.request().id))
    }

    /// Tells the service provider, without an assertion, why its request is not met.
    fn refuse(&self, accepted: &SignInRequest<'_>, status: &Status, now: SystemTime) -> Result<Reply, Stop> {
        let response = accepted.refuse(status, &random::response_ids()?, now)?;
        let code = status.second_code().unwrap_or_else(|| status.code());
        self.send(&response, &format!("refused: {}, {}", accepted.request().id, code.as_str()))
    }

    /// Nothing is sent to the service provider: it would not know what to do with it.
    pub(super) fn denied(&self, session: Option<&Session>, label: &str, denied: &Denied) -> Reply {
        terminal::print(&format!("{denied}: {label}"));
        pages::denied(session, self.setup.application.label(), &people::explain(denied))
    }
}

/// A request that is not answered by a response, because nobody knows who would get it.
fn refused(error: &dyn std::error::Error) -> Stop {
    terminal::print(&format!("request refused: {error}"));
    let remedy =
        "Nothing was sent. Begin again where you want to sign in; if it happens again, its metadata here or ours there is another one.";
    Stop::page(pages::problem(StatusCode::BAD_REQUEST, "This sign-in request is not answered", &format!("{error}."), remedy))
}
