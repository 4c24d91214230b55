//! Writes an assertion.

use std::time::SystemTime;

use crate::assertion::Login;
use crate::dsig::Envelope;
use crate::entity_id::EntityId;
use crate::error::Error;
use crate::id::MessageId;
use crate::names::saml;
use crate::time;
use crate::uri;
use crate::xml::Writer;

/// Who may use the assertion, where, and how long.
#[derive(Debug)]
pub(crate) struct Bearer<'a> {
    pub(crate) id: &'a MessageId,
    pub(crate) issuer: &'a EntityId,
    pub(crate) audience: &'a EntityId,
    pub(crate) recipient: &'a str,
    pub(crate) in_response_to: Option<&'a MessageId>,
    pub(crate) now: SystemTime,
    pub(crate) not_before: SystemTime,
    pub(crate) not_on_or_after: SystemTime,
}

/// The assertion in canonical form, ready to be signed.
///
/// saml-profiles 4.1.4.2 says what must be in it.
pub(crate) fn write(bearer: &Bearer<'_>, login: &Login) -> Result<Envelope, Error> {
    login.check()?;
    let (now, not_before) = (time::write(bearer.now)?, time::write(bearer.not_before)?);
    let not_on_or_after = time::write(bearer.not_on_or_after)?;
    let mut writer = Writer::with_capacity(4_096);
    let id = bearer.id.as_str();
    writer.start(saml("Assertion"), &[("ID", Some(id)), ("IssueInstant", Some(&now)), ("Version", Some("2.0"))]);
    writer.element(saml("Issuer"), &[], bearer.issuer.as_str());
    let place = writer.length();

    writer.start(saml("Subject"), &[]);
    writer.element(saml("NameID"), &[("Format", Some(login.name_id.format().as_str()))], login.name_id.value());
    writer.start(saml("SubjectConfirmation"), &[("Method", Some(uri::BEARER))]);
    let in_response_to = bearer.in_response_to.map(MessageId::as_str);
    writer.start(
        saml("SubjectConfirmationData"),
        &[("InResponseTo", in_response_to), ("NotOnOrAfter", Some(&not_on_or_after)), ("Recipient", Some(bearer.recipient))],
    );
    (0..3).for_each(|_| writer.end());

    writer.start(saml("Conditions"), &[("NotBefore", Some(&not_before)), ("NotOnOrAfter", Some(&not_on_or_after))]);
    writer.start(saml("AudienceRestriction"), &[]);
    writer.element(saml("Audience"), &[], bearer.audience.as_str());
    (0..2).for_each(|_| writer.end());

    let session_end = login.session_not_on_or_after.map(time::write).transpose()?;
    let authn_instant = time::write(login.authenticated_at)?;
    let session_index = login.session_index.as_deref().unwrap_or(id);
    writer.start(
        saml("AuthnStatement"),
        &[("AuthnInstant", Some(&authn_instant)), ("SessionIndex", Some(session_index)), ("SessionNotOnOrAfter", session_end.as_deref())],
    );
    writer.start(saml("AuthnContext"), &[]);
    writer.element(saml("AuthnContextClassRef"), &[], login.authn_context.as_str());
    (0..2).for_each(|_| writer.end());

    write_attributes(&mut writer, login);
    let mut before = writer.finish()?;
    let behind = before.split_off(place);
    Ok(Envelope { id: id.to_owned(), before, behind })
}

fn write_attributes(writer: &mut Writer, login: &Login) {
    let mut with_values = login.attributes.iter().filter(|attribute| !attribute.values().is_empty()).peekable();
    // saml-core 2.7.3: a statement has one attribute or more.
    if with_values.peek().is_none() {
        return;
    }
    writer.start(saml("AttributeStatement"), &[]);
    for attribute in with_values {
        writer.start(
            saml("Attribute"),
            &[("FriendlyName", attribute.friendly_name()), ("Name", Some(attribute.name())), ("NameFormat", attribute.name_format())],
        );
        for value in attribute.values() {
            writer.element(saml("AttributeValue"), &[], value);
        }
        writer.end();
    }
    writer.end();
}
