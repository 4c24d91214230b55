//! Checks the assertion, and reads it.

use std::time::SystemTime;

use crate::assertion::{Attribute, AuthnContext};
use crate::dsig::Verified;
use crate::error::{Error, ErrorKind, excerpt};
use crate::id::MessageId;
use crate::name_id::{NameId, NameIdFormat};
use crate::sp::AcceptedAssertion;
use crate::sp::accepted::Session;
use crate::sp::response::{Check, version};
use crate::time;
use crate::uri;
use crate::xml::{Element, trim};

impl Check<'_> {
    /// Everything is read from the element that was verified.
    pub(super) fn assertion(&self, assertion: &Verified<'_>) -> Result<AcceptedAssertion, Error> {
        let assertion = **assertion;
        version(assertion)?;
        let id = MessageId::read("ID", assertion.required_attribute("ID")?, || assertion.location())?;
        self.issue_instant(assertion)?;
        self.issuer("Issuer of the Assertion", assertion)?;
        let subject = assertion.required(uri::ASSERTION, "Subject")?;
        let name_id = read_name_id(subject)?;
        let confirmation = self.confirmation(subject)?;
        self.conditions(assertion)?;
        let session = self.authn_statement(assertion)?;
        let attributes = read_attributes(assertion)?;
        Ok(AcceptedAssertion { id, issuer: self.sp.identity_provider.clone(), name_id, confirmation, session, attributes })
    }

    /// saml-profiles 4.1.4.2: "The assertion or assertions MUST contain one <AuthnStatement> at least".
    fn authn_statement(&self, assertion: Element<'_>) -> Result<Session, Error> {
        let mut sessions = assertion.children_named(uri::ASSERTION, "AuthnStatement").map(|statement| self.session(statement));
        let first = sessions.next().ok_or_else(|| {
            let kind = ErrorKind::Element { expected: "an AuthnStatement".to_owned(), found: "none".to_owned() };
            Error::new(kind, assertion.location())
        })?;
        // Each must hold; the session ends with the first that does.
        sessions.try_fold(first?, |session, other| {
            let not_on_or_after = [session.not_on_or_after, other?.not_on_or_after].into_iter().flatten().min();
            Ok(Session { not_on_or_after, ..session })
        })
    }

    fn session(&self, statement: Element<'_>) -> Result<Session, Error> {
        let authenticated_at = time::read("AuthnInstant", statement.required_attribute("AuthnInstant")?, || statement.location())?;
        self.not_before("AuthnInstant", authenticated_at, statement)?;
        let not_on_or_after = read_moment(statement, "SessionNotOnOrAfter")?;
        if let Some(end) = not_on_or_after {
            self.not_on_or_after("SessionNotOnOrAfter", end, statement)?;
        }
        let context = statement.required(uri::ASSERTION, "AuthnContext")?;
        let class = context.child(uri::ASSERTION, "AuthnContextClassRef")?.map(|class| class.text()).transpose()?;
        let authn_context = class.map_or(AuthnContext::UNSPECIFIED, |class| AuthnContext::from(trim(&class)));
        let index = statement.attribute("SessionIndex").map(str::to_owned);
        Ok(Session { authenticated_at, authn_context, index, not_on_or_after })
    }
}

/// Exactly one, and nothing but text in it: of two, two readers read two.
fn read_name_id(subject: Element<'_>) -> Result<NameId, Error> {
    for other in ["BaseID", "EncryptedID"] {
        if let Some(other) = subject.child(uri::ASSERTION, other)? {
            return Err(Error::new(ErrorKind::Unsupported { what: format!("a subject by {}", other.local_name()) }, other.location()));
        }
    }
    let element = subject.required(uri::ASSERTION, "NameID")?;
    let format = element.attribute("Format").filter(|format| !format.is_empty());
    let format = format.map_or(NameIdFormat::UNSPECIFIED, NameIdFormat::from);
    NameId::new(element.text()?, format).map_err(|error| error.with_location(element.location()))
}

fn read_attributes(assertion: Element<'_>) -> Result<Vec<Attribute>, Error> {
    let mut attributes = Vec::new();
    for statement in assertion.children_named(uri::ASSERTION, "AttributeStatement") {
        for element in statement.children() {
            if !element.is(uri::ASSERTION, "Attribute") {
                let kind = ErrorKind::Unsupported { what: format!("{} in an AttributeStatement", excerpt(element.local_name())) };
                return Err(Error::new(kind, element.location()));
            }
            let name = element.required_attribute("Name")?;
            let values = element.children_named(uri::ASSERTION, "AttributeValue").map(|value| value.text().map(String::from));
            let mut attribute = Attribute::new(name, values.collect::<Result<Vec<_>, _>>()?);
            if let Some(format) = element.attribute("NameFormat") {
                attribute = attribute.with_name_format(format);
            }
            if let Some(friendly_name) = element.attribute("FriendlyName") {
                attribute = attribute.with_friendly_name(friendly_name);
            }
            attributes.push(attribute);
        }
    }
    Ok(attributes)
}

pub(super) fn read_moment(element: Element<'_>, name: &'static str) -> Result<Option<SystemTime>, Error> {
    element.attribute(name).map(|text| time::read(name, text, || element.location())).transpose()
}
