//! What a person sees.

use std::collections::BTreeMap;
use std::time::SystemTime;

use idbridge_saml::{Binding, Certificate};
use idbridge_scim::Resource;

use crate::error::Error;
use crate::portal::html::Html;
use crate::service::Service;
use crate::sso::{ExternalIdentityProvider, IgnoredAttribute, SignIn, StartedBy};
use crate::time::date_time;

/// The page of somebody who is not signed in. `note` says why they are not any more.
pub(super) fn start(service: &Service, note: Option<&str>, nonce: &str) -> String {
    Html::page("Sign in", nonce, |page| {
        page.start("section", &[]);
        page.element("h1", &[], "Sign in");
        if let Some(note) = note {
            page.element("p", &[("role", "status")], note);
        }
        match service.identity_provider() {
            Some(idp) => {
                page.start("p", &[]);
                page.text("You will be sent to ");
                page.element("code", &[], idp.entity_id().as_str());
                page.text(", which tells who you are.");
                page.end("p");
                page.element("a", &[("class", "button"), ("href", "/login")], "Sign in");
            }
            None => page.element("p", &[], "No identity provider is set up yet. Import its metadata below."),
        }
        page.end("section");
        configuration(page, service);
        import(page, service.identity_provider().is_none());
    })
}

/// The page of somebody who is.
pub(super) fn signed_in(service: &Service, sign_in: &SignIn, nonce: &str) -> String {
    let title = format!("Signed in as {}", sign_in.user_name());
    Html::page(&title, nonce, |page| {
        page.start("section", &[]);
        page.element("h1", &[], &title);
        page.start("dl", &[]);
        let display_name = service.user(sign_in.user()).and_then(|user| user.text("displayName"));
        if let Some(display_name) = display_name {
            page.entry("Name", |page| page.text(display_name));
        }
        page.entry("User id (SCIM)", |page| page.element("code", &[], sign_in.user().as_str()));
        page.entry("Started at", |page| {
            page.text(match sign_in.started_by() {
                StartedBy::ServiceProvider => "this portal (SP-initiated)",
                StartedBy::IdentityProvider => "the identity provider (IdP-initiated)",
            });
        });
        page.entry("Signed in", |page| moment(page, sign_in.at()));
        page.entry("Session ends", |page| moment(page, sign_in.session_end()));
        page.entry("Response came to", |page| page.element("code", &[], sign_in.assertion_consumer_service()));
        // What this portal sent itself says nothing to a person.
        if let (Some(relay_state), StartedBy::IdentityProvider) = (sign_in.relay_state(), sign_in.started_by()) {
            page.entry("RelayState", |page| page.element("code", &[], relay_state));
        }
        page.end("dl");
        page.end("section");
        page.start("section", &[]);
        page.element("h2", &[], "Session tags");
        session_tags(page, sign_in.session_tags());
        page.end("section");
        if !sign_in.ignored_attributes().is_empty() {
            page.start("section", &[]);
            page.element("h2", &[], "Attributes that became no session tags");
            ignored(page, sign_in.ignored_attributes());
            page.end("section");
        }
        page.start("form", &[("method", "post"), ("action", "/logout")]);
        page.element("button", &[("type", "submit"), ("class", "quiet")], "Sign out");
        page.end("form");
    })
}

/// What was refused, and why.
pub(super) fn refused(title: &str, error: &Error, nonce: &str) -> String {
    Html::page(title, nonce, |page| {
        page.start("section", &[("class", "bad"), ("role", "alert")]);
        page.element("h1", &[], title);
        page.start("dl", &[]);
        page.entry("Check that failed", |page| page.text(error.check()));
        if let Some(at) = error.at() {
            page.entry("Where", |page| page.element("code", &[], place(&at.to_string())));
        }
        page.entry("Reason", |page| page.text(&error.to_string()));
        page.end("dl");
        page.end("section");
        page.start("section", &[]);
        page.element("h2", &[], "What AWS would show");
        page.element("p", &[], "Only that something went wrong: AWS does not tell a person the reason. This emulator does.");
        if let Some(reason) = error.aws() {
            page.start("p", &[]);
            page.text("An administrator would find in CloudTrail, in the event ");
            page.element("code", &[], "ExternalIdPDirectoryLogin");
            page.text(": ");
            page.element("q", &[], &reason);
            page.end("p");
        }
        page.end("section");
        page.element("a", &[("class", "button"), ("href", "/start")], "Back to the portal");
    })
}

/// A page with one sentence, for what is asked for wrongly.
pub(super) fn sentence(title: &str, text: &str, nonce: &str) -> String {
    Html::page(title, nonce, |page| {
        page.start("section", &[("class", "bad"), ("role", "alert")]);
        page.element("h1", &[], title);
        page.element("p", &[], text);
        page.end("section");
        page.element("a", &[("class", "button"), ("href", "/start")], "Back to the portal");
    })
}

/// The instance, and whom it believes.
fn configuration(page: &mut Html, service: &Service) {
    let portal = service.access_portal();
    page.start("section", &[]);
    page.element("h2", &[], "This instance");
    page.start("dl", &[]);
    page.entry("Instance", |page| page.element("code", &[], portal.instance()));
    page.entry("Entity ID (issuer URL)", |page| page.element("code", &[], portal.entity_id()));
    page.entry("Assertion consumer services", |page| {
        page.start("ul", &[]);
        for service in portal.assertion_consumer_services() {
            page.start("li", &[]);
            page.element("code", &[], service.url());
            let default = if service.is_default() == Some(true) { ", default" } else { "" };
            page.element("span", &[("class", "soft")], &format!(" (index {}{default})", service.index()));
            page.end("li");
        }
        page.end("ul");
    });
    page.entry("Metadata", |page| page.element("a", &[("href", "/saml/metadata")], "Download the metadata for the identity provider"));
    page.entry("Users", |page| {
        let active = service.users().filter(|user| is_active(user)).count();
        page.text(&format!("{} provisioned, {active} active", service.users().count()));
    });
    page.end("dl");
    page.end("section");
    if let Some(idp) = service.identity_provider() {
        identity_provider(page, idp);
    }
}

fn identity_provider(page: &mut Html, idp: &ExternalIdentityProvider) {
    page.start("section", &[]);
    page.element("h2", &[], "Identity provider");
    page.start("dl", &[]);
    page.entry("Entity ID", |page| page.element("code", &[], idp.entity_id().as_str()));
    for (term, binding) in [("Sign-in URL, Redirect", Binding::HTTP_REDIRECT), ("Sign-in URL, POST", Binding::HTTP_POST)] {
        if let Some(url) = idp.single_sign_on_url(&binding) {
            page.entry(term, |page| page.element("code", &[], url));
        }
    }
    for certificate in idp.certificates() {
        page.entry("Certificate", |page| describe(page, certificate));
    }
    page.end("dl");
    page.end("section");
}

fn describe(page: &mut Html, certificate: &Certificate) {
    page.text(&certificate.subject());
    page.text(", until ");
    moment(page, certificate.not_after());
    page.start("br", &[]);
    page.element("code", &[], &certificate.fingerprint_sha256());
}

/// The form that sets up the identity provider.
fn import(page: &mut Html, is_open: bool) {
    page.start("section", &[]);
    page.start("details", if is_open { &[("open", "")] } else { &[] });
    page.element("summary", &[], "Import the identity provider's metadata");
    page.start("form", &[("method", "post"), ("action", "/saml/idp-metadata")]);
    page.element("label", &[("for", "metadata")], "Metadata (XML)");
    let most = ExternalIdentityProvider::MOST_CHARACTERS;
    let attributes = [("id", "metadata"), ("name", "metadata"), ("required", ""), ("spellcheck", "false"), ("aria-describedby", "limit")];
    page.element("textarea", &attributes, "");
    page.element(
        "p",
        &[("id", "limit"), ("class", "soft")],
        &format!("At most {most} characters, as AWS takes. It replaces what is set up."),
    );
    page.element("button", &[("type", "submit")], "Import");
    page.end("form");
    page.end("details");
    page.end("section");
}

fn session_tags(page: &mut Html, tags: &BTreeMap<String, String>) {
    if tags.is_empty() {
        page.element("p", &[("class", "soft")], "The assertion brought none.");
        return;
    }
    table(page, ["Key", "Value"], tags.iter().map(|(key, value)| [key.as_str(), value.as_str()].map(str::to_owned)));
}

fn ignored(page: &mut Html, ignored: &[IgnoredAttribute]) {
    table(page, ["Attribute", "Why not"], ignored.iter().map(|ignored| [ignored.name().to_owned(), ignored.reason().to_string()]));
}

fn table(page: &mut Html, head: [&str; 2], rows: impl Iterator<Item = [String; 2]>) {
    page.start("table", &[]);
    page.start("thead", &[]);
    page.start("tr", &[]);
    for name in head {
        page.element("th", &[("scope", "col")], name);
    }
    page.end("tr");
    page.end("thead");
    page.start("tbody", &[]);
    for [first, second] in rows {
        page.start("tr", &[]);
        page.element("th", &[("scope", "row")], &first);
        page.element("td", &[], &second);
        page.end("tr");
    }
    page.end("tbody");
    page.end("table");
}

fn moment(page: &mut Html, moment: SystemTime) {
    let text = date_time(moment);
    page.element("time", &[("datetime", &text)], &text);
}

/// A location of idbridge-saml without the word that leads to it in a sentence.
fn place(text: &str) -> &str {
    let text = text.trim_start();
    text.strip_prefix("at ").or_else(|| text.strip_prefix("in ")).unwrap_or(text)
}

fn is_active(user: &Resource) -> bool {
    user.get("active").is_some_and(|active| active.as_bool() == Some(true))
}
