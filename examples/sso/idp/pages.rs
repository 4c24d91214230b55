//! What people see: pages that need no script, no mouse and no other host.

use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::memory::Session;
use super::web::Reply;

/// The style sheet of all pages.
pub(super) const STYLE: &str = include_str!("style.css");

/// A key, for the tab.
pub(super) const ICON: &str = concat!(
    r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5cad"/>"##,
    r##"<g fill="none" stroke="#fff" stroke-width="3"><circle cx="11" cy="16" r="4.5"/><path d="M15.5 16H26v5M21 16v4"/></g></svg>"##
);

/// Where the identity provider is the demonstration's, or a real one that is for trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Footing {
    /// For the emulator.
    Demonstration,
    /// For a real service.
    Serve,
}

/// What the log-in form is shown for.
pub(super) struct LogIn<'a> {
    pub(super) footing: Footing,
    /// The label of the application that waits for it, if one does.
    pub(super) application: Option<&'a str>,
    /// The request that waits for it.
    pub(super) request: Option<&'a str>,
    pub(super) is_again: bool,
    pub(super) form_token: &'a str,
    pub(super) email: &'a str,
    pub(super) problem: Option<&'a str>,
    /// Whom the demonstration offers.
    pub(super) offered: &'a [String],
}

/// A tile of the user portal.
pub(super) struct Tile<'a> {
    pub(super) label: &'a str,
    pub(super) description: Option<&'a str>,
}

pub(super) fn log_in(page: &LogIn<'_>, status: StatusCode) -> Reply {
    let has_code = page.footing == Footing::Serve;
    let body = html! {
        h1 { "Sign in" }
        @if let Some(application) = page.application {
            p { "to continue to " strong { (application) } "." }
            @if page.is_again { p { "It asks you to show again who you are." } }
        }
        @if let Some(problem) = page.problem {
            p.warn role="alert" id="problem" { (problem) }
        }
        form method="post" action="/login" {
            input type="hidden" name="form" value=(page.form_token);
            @if let Some(request) = page.request { input type="hidden" name="request" value=(request); }
            label for="email" { "E-mail address" }
            input #email type="email" name="email" value=(page.email) required autofocus[page.email.is_empty()] autocomplete="username"
                spellcheck="false" list=[(!page.offered.is_empty()).then_some("people")] aria-describedby=[page.problem.map(|_| "problem")];
            @if !page.offered.is_empty() {
                datalist #people { @for email in page.offered { option value=(email) {} } }
            }
            @if has_code {
                label for="code" { "Log-in code" }
                input #code type="password" name="code" required autocomplete="off" spellcheck="false" aria-describedby="about-code";
                p.note #about-code { "It was printed in the terminal when the program started." }
            }
            button type="submit" { "Sign in" }
        }
        @if !has_code {
            p.note { "For trying only: the directory has no passwords, so nobody is asked for one." }
        }
    };
    Reply::page(status, document("Sign in", None, "narrow", &body), None)
}

pub(super) fn portal(session: &Session, tile: Option<&Tile<'_>>, denied: Option<&str>, login_origin: Option<&str>) -> Reply {
    let body = html! {
        h1 { "Your applications" }
        @if let Some(tile) = tile {
            form method="post" action="/launch" {
                input type="hidden" name="form" value=(session.form_token);
                button.tile type="submit" {
                    strong { (tile.label) }
                    @if let Some(description) = tile.description { span.soft { (description) } }
                }
            }
        } @else {
            p { "There is none for you." }
        }
        @if let Some(denied) = denied { p.note { (denied) } }
    };
    Reply::page(StatusCode::OK, document("Your applications", Some(session), "", &body), login_origin)
}

/// Somebody may not go where they want to go.
pub(super) fn denied(session: Option<&Session>, application: &str, reason: &str) -> Reply {
    let body = html! {
        h1 { "You may not sign in to " (application) }
        p { (reason) }
        p.soft { "Nothing was sent there. If this is a mistake, whoever keeps the directory can change it." }
        @if session.is_none() { p { a href="/login" { "Sign in as somebody else" } } }
    };
    Reply::page(StatusCode::FORBIDDEN, document("Not allowed", session, "", &body), None)
}

/// Something went wrong: what, which check, and what to do.
pub(super) fn problem(status: StatusCode, title: &str, check: &str, remedy: &str) -> Reply {
    let body = html! {
        h1 { (title) }
        p.warn role="alert" { (check) }
        p { (remedy) }
        p { a href="/" { "To your applications" } }
    };
    Reply::page(status, document(title, None, "", &body), None)
}

pub(super) fn signed_out() -> Reply {
    let body = html! {
        h1 { "You have signed out" }
        p { "Here, that is. Where you signed in from here, such as at AWS, your session goes on until it ends or you sign out there." }
        p { a href="/login" { "Sign in again" } }
    };
    Reply::page(StatusCode::OK, document("Signed out", None, "narrow", &body), None)
}

fn document(title: &str, session: Option<&Session>, class: &str, body: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " - idbridge" }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
            }
            body {
                header {
                    p.name { "idbridge user portal" }
                    @if let Some(session) = session {
                        form method="post" action="/logout" {
                            p { "Signed in as " strong #signed-in { (session.label) } }
                            input type="hidden" name="form" value=(session.form_token);
                            button.plain type="submit" { "Sign out" }
                        }
                    }
                }
                main class=[(!class.is_empty()).then_some(class)] { section.card { (body) } }
            }
        }
    }
    .into_string()
}
