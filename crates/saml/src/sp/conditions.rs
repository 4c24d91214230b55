//! For whom an assertion is, and when.

use std::time::SystemTime;

use crate::error::{Error, ErrorKind, excerpt};
use crate::id::MessageId;
use crate::sp::accepted::Confirmation;
use crate::sp::assertion::read_moment;
use crate::sp::response::{Check, mismatch};
use crate::uri;
use crate::xml::{Element, trim};

/// The most confirmations by bearer that are looked at.
const MOST_CONFIRMATIONS: usize = 64;

impl Check<'_> {
    /// The bearer's confirmation that holds, with the last moment of all of them.
    ///
    /// saml-profiles 4.1.4.2: "At least one bearer <SubjectConfirmation> element MUST contain a <SubjectConfirmationData> element that itself MUST
    /// contain a Recipient attribute containing the service provider's assertion consumer service URL and a `NotOnOrAfter` attribute".
    pub(super) fn confirmation(&self, subject: Element<'_>) -> Result<Confirmation, Error> {
        let is_bearer = |confirmation: &Element<'_>| confirmation.attribute("Method") == Some(uri::BEARER);
        let bearers = || subject.children_named(uri::ASSERTION, "SubjectConfirmation").filter(is_bearer);
        if bearers().nth(MOST_CONFIRMATIONS).is_some() {
            return Err(Error::new(ErrorKind::Limit { what: "bearer confirmations", most: MOST_CONFIRMATIONS }, subject.location()));
        }
        let mut refusal = None;
        for confirmation in bearers() {
            match self.bearer(confirmation) {
                Ok(mut confirmed) => {
                    // Another one may hold when this one does not any more, and until then the assertion must be remembered.
                    let ends = bearers().filter_map(|other| other.child(uri::ASSERTION, "SubjectConfirmationData").ok().flatten());
                    let ends = ends.filter_map(|data| read_moment(data, "NotOnOrAfter").ok().flatten());
                    confirmed.not_on_or_after = ends.fold(confirmed.not_on_or_after, SystemTime::max);
                    return Ok(confirmed);
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        Err(refusal.unwrap_or_else(|| {
            let kind = ErrorKind::Element { expected: "a SubjectConfirmation by bearer".to_owned(), found: "none".to_owned() };
            Error::new(kind, subject.location())
        }))
    }

    fn bearer(&self, confirmation: Element<'_>) -> Result<Confirmation, Error> {
        let data = confirmation.required(uri::ASSERTION, "SubjectConfirmationData")?;
        let recipient = data.required_attribute("Recipient")?;
        self.own_url("Recipient", recipient, data)?;
        // "If the containing message is in response to an <AuthnRequest>, then the InResponseTo attribute MUST match the request's ID."
        self.in_response_to("InResponseTo of the SubjectConfirmationData", data.attribute("InResponseTo"), data)?;
        let not_on_or_after = read_moment(data, "NotOnOrAfter")?.ok_or_else(|| {
            let kind = ErrorKind::Value { name: "NotOnOrAfter", expected: "an attribute", found: "none".to_owned() };
            Error::new(kind, data.location())
        })?;
        self.not_on_or_after("NotOnOrAfter of the SubjectConfirmationData", not_on_or_after, data)?;
        // "It MUST NOT contain a NotBefore attribute."
        if let Some(found) = data.attribute("NotBefore") {
            let kind = ErrorKind::Value { name: "NotBefore", expected: "no such attribute here", found: excerpt(found) };
            return Err(Error::new(kind, data.location()));
        }
        let in_response_to =
            data.attribute("InResponseTo").map(|id| MessageId::read("InResponseTo", id, || data.location())).transpose()?;
        Ok(Confirmation { recipient: recipient.to_owned(), in_response_to, not_on_or_after })
    }

    /// saml-core 2.5.1.1: "If [...] one or more conditions are [...] unknown, the assertion's validity is indeterminate", and then it is refused.
    pub(super) fn conditions(&self, assertion: Element<'_>) -> Result<(), Error> {
        let conditions = assertion.required(uri::ASSERTION, "Conditions")?;
        if let Some(not_before) = read_moment(conditions, "NotBefore")? {
            self.not_before("NotBefore of the Conditions", not_before, conditions)?;
        }
        if let Some(not_on_or_after) = read_moment(conditions, "NotOnOrAfter")? {
            self.not_on_or_after("NotOnOrAfter of the Conditions", not_on_or_after, conditions)?;
        }
        let mut restrictions = 0;
        for condition in conditions.children() {
            match (condition.namespace(), condition.local_name()) {
                (uri::ASSERTION, "AudienceRestriction") => {
                    self.audience(condition)?;
                    restrictions += 1;
                }
                // No assertion is used twice anyway, and none is passed on.
                (uri::ASSERTION, "OneTimeUse" | "ProxyRestriction") => {}
                (_, other) => {
                    return Err(Error::new(
                        ErrorKind::Unsupported { what: format!("the condition {}", excerpt(other)) },
                        condition.location(),
                    ));
                }
            }
        }
        // saml-profiles 4.1.4.2: each must have "an <AudienceRestriction> including the service provider's unique identifier as an <Audience>."
        if restrictions == 0 {
            return Err(mismatch("Audience", self.sp.entity_id.as_str(), "none", conditions));
        }
        Ok(())
    }

    /// One of those that it lists must be us; of several restrictions, each must hold (saml-core 2.5.1.4).
    fn audience(&self, restriction: Element<'_>) -> Result<(), Error> {
        let mut found = Vec::new();
        for audience in restriction.children_named(uri::ASSERTION, "Audience") {
            let text = audience.text()?;
            if trim(&text) == self.sp.entity_id.as_str() {
                return Ok(());
            }
            found.push(excerpt(trim(&text)));
        }
        let found = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
        Err(mismatch("Audience", self.sp.entity_id.as_str(), &found, restriction))
    }
}
