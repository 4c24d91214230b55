//! The log-in form, and the way out.

use std::time::SystemTime;

use http::StatusCode;
use idbridge_application::Denied;
use idbridge_mapping::directory::Lifecycle;

use super::memory::Session;
use super::pages::{self, LogIn};
use super::web::{Fields, Lives, Reply, Request};
use super::{Footing, Idp, Stop, bad_form, foreign_form, with_session};
use crate::people::{self, Found};
use crate::{random, terminal};

/// What the log-in form says of itself before it is sent.
#[derive(Default)]
struct Shown<'a> {
    request: Option<&'a str>,
    email: &'a str,
    problem: Option<&'a str>,
}

impl Idp {
    pub(super) fn show_log_in(&self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let query = request.query_fields().map_err(|error| bad_form(&error))?;
        let shown = Shown { request: query.get("request"), ..Shown::default() };
        self.log_in_page(request, &shown, StatusCode::OK, now)
    }

    /// Who types the right address, and the right code where there is one, is that person.
    pub(super) fn log_in(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let form = request.form().map_err(|error| bad_form(&error))?;
        self.check_form(request, &form)?;
        let email = form.get("email").unwrap_or_default().trim();
        let refused = |problem| Shown { request: form.get("request"), email, problem: Some(problem) };
        if !self.is_code(form.get("code").unwrap_or_default()) {
            terminal::print("log-in refused: the log-in code was wrong");
            let shown = refused("The log-in code is another one. It was printed when the program started.");
            return self.log_in_page(request, &shown, StatusCode::FORBIDDEN, now);
        }
        let user = match self.setup.people.find(email) {
            Found::Person(user) => user,
            Found::Nobody => {
                let shown = refused("Nobody in the directory has this e-mail address.");
                return self.log_in_page(request, &shown, StatusCode::FORBIDDEN, now);
            }
            Found::Several => {
                let shown = refused("More than one person in the directory has this e-mail address.");
                return self.log_in_page(request, &shown, StatusCode::FORBIDDEN, now);
            }
        };
        let denied = match user.lifecycle {
            Lifecycle::Active => None,
            Lifecycle::Staged => Some(Denied::Staged),
            Lifecycle::Suspended => Some(Denied::Suspended),
        };
        if let Some(denied) = denied {
            return Ok(self.denied(None, email, &denied));
        }
        let label = people::email(user).unwrap_or(email).to_owned();
        let session = Session { person: user.id.clone(), label, authenticated_at: now, form_token: random::token()? };
        // A new session for a new person: nobody can have given the browser this one beforehand.
        if let Some((old, _)) = self.session(request, now) {
            let old = old.to_owned();
            self.sessions.remove(&old);
        }
        let id = random::token()?;
        let next = match form.get("request").filter(|request| self.waiting.get(request, now).is_some()) {
            None => "/".to_owned(),
            Some(waiting) => {
                if let Some(waiting) = self.waiting.get_mut(waiting, now) {
                    waiting.logged_in = Some(id.clone());
                }
                format!("/continue?request={waiting}")
            }
        };
        self.sessions.put(id.clone(), session, now);
        Ok(with_session(Reply::see_other(&next), self, &id, Lives::WithTheBrowser))
    }

    pub(super) fn log_out(&mut self, request: &Request, now: SystemTime) -> Result<Reply, Stop> {
        let (id, _) = self.session_of_form(request, now)?;
        self.sessions.remove(&id);
        Ok(with_session(pages::signed_out(), self, "", Lives::Ended))
    }

    /// Before anybody has a session, a form belongs to the browser that it was shown in: its field has what the browser's cookie has.
    fn check_form(&self, request: &Request, form: &Fields) -> Result<(), Stop> {
        let (cookie, field) = (request.cookie(self.form_cookie()), form.get("form"));
        let is_ours = cookie.zip(field).is_some_and(|(cookie, field)| !cookie.is_empty() && random::is_same(cookie, field));
        if is_ours { Ok(()) } else { Err(foreign_form()) }
    }

    fn form_cookie(&self) -> &'static str {
        if self.is_secure { "__Host-idbridge-form" } else { "idbridge-form" }
    }

    /// The code is compared without case and hyphens, as people type it.
    fn is_code(&self, typed: &str) -> bool {
        let plain = |text: &str| text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect::<String>();
        self.setup.login_code.as_deref().is_none_or(|code| random::is_same(&plain(code), &plain(typed)))
    }

    fn log_in_page(&self, request: &Request, shown: &Shown<'_>, status: StatusCode, now: SystemTime) -> Result<Reply, Stop> {
        // A value that is there already stays, so that two tabs can be open.
        let known =
            request.cookie(self.form_cookie()).filter(|value| value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let form_token = known.map_or_else(random::token, |known| Ok(known.to_owned()))?;
        let waiting = shown.request.and_then(|id| self.waiting.key(id).zip(self.waiting.get(id, now)));
        let page = LogIn {
            footing: self.setup.footing,
            application: waiting.map(|_| self.setup.application.label()),
            request: waiting.map(|(id, _)| id),
            is_again: waiting.is_some_and(|(_, waiting)| waiting.received.request().force_authn),
            form_token: &form_token,
            email: shown.email,
            problem: shown.problem,
            offered: if self.setup.footing == Footing::Demonstration { self.setup.people.emails() } else { &[] },
        };
        Ok(pages::log_in(&page, status).with_cookie(self.form_cookie(), &form_token, self.is_secure, Lives::WithTheBrowser))
    }
}
