//! Checks the response around the assertion.
//!
//! First everything that concerns signatures, over the whole document: which element is the assertion, that no other one is hidden anywhere, that no
//! signature stands where none belongs, and that each is right. Only then are values read, and those that decide about access from nothing but the
//! element that was verified.

use std::time::SystemTime;

use crate::authn_request::read_issuer;
use crate::dsig::{self, TrustedKeys, Verified};
use crate::error::{Error, ErrorKind, excerpt};
use crate::id::MessageId;
use crate::response::SignedParts;
use crate::sp::{AcceptedAssertion, Expected, ServiceProvider};
use crate::status::{Status, StatusCode};
use crate::time;
use crate::uri;
use crate::xml::{Document, Element};

/// One response, and what it is checked against.
#[derive(Debug)]
pub(super) struct Check<'a> {
    pub(super) sp: &'a ServiceProvider,
    pub(super) expected: &'a Expected,
    pub(super) now: SystemTime,
}

/// The parts of a response whose signatures were verified.
#[derive(Debug)]
pub(super) struct Signed<'d> {
    response: Element<'d>,
    /// The one assertion, if there is one. It is signed itself or lies in what is.
    assertion: Option<Verified<'d>>,
    response_is_signed: bool,
    assertion_is_signed: bool,
}

/// Finds the one assertion of a response, and verifies every signature that there is.
pub(super) fn find_signed<'d>(document: &'d Document<'d>, keys: &TrustedKeys) -> Result<Signed<'d>, Error> {
    let response = document.root();
    if !response.is(uri::PROTOCOL, "Response") {
        let kind = ErrorKind::Element { expected: "a Response of SAML 2.0".to_owned(), found: excerpt(response.local_name()) };
        return Err(Error::new(kind, response.location()));
    }
    let assertion = find_assertion(response)?;
    dsig::only_own_signatures(response, &[Some(response), assertion].into_iter().flatten().collect::<Vec<_>>())?;
    let verified_response = dsig::has_signature(response).then(|| dsig::verify(response, "Response", keys)).transpose()?;
    let assertion_is_signed = assertion.is_some_and(dsig::has_signature);
    let assertion = match assertion {
        None => None,
        Some(assertion) if assertion_is_signed => Some(dsig::verify(assertion, "Assertion", keys)?),
        // It was signed with the response that it is directly in.
        Some(assertion) => {
            let inner = verified_response.and_then(|response| response.inner(assertion));
            let missing = || {
                Error::new(ErrorKind::NotSigned { element: "the Assertion, alone or with the Response around it," }, response.location())
            };
            Some(inner.ok_or_else(missing)?)
        }
    };
    Ok(Signed { response, assertion, response_is_signed: verified_response.is_some(), assertion_is_signed })
}

/// Verifies every signature that there is, of which there must be one at least: of the response, or of its assertion.
///
/// # Errors
///
/// As of [`find_signed`], and [`ErrorKind::NotSigned`] also where there is no assertion that would have to be signed.
pub(crate) fn verify_signatures(document: &Document<'_>, keys: &TrustedKeys) -> Result<(), Error> {
    let signed = find_signed(document, keys)?;
    if signed.response_is_signed || signed.assertion_is_signed {
        return Ok(());
    }
    Err(Error::new(ErrorKind::NotSigned { element: "the Response, which has no Assertion," }, signed.response.location()))
}

/// The one assertion, directly in the response; another one anywhere, but for those that it brings along as advice, is there to be taken for it.
fn find_assertion(response: Element<'_>) -> Result<Option<Element<'_>>, Error> {
    for child in response.children() {
        let is_known = match child.namespace() {
            uri::PROTOCOL => matches!(child.local_name(), "Extensions" | "Status"),
            uri::ASSERTION => matches!(child.local_name(), "Issuer" | "Assertion"),
            uri::DSIG => child.local_name() == "Signature",
            _ => false,
        };
        if child.is(uri::ASSERTION, "EncryptedAssertion") {
            return Err(Error::new(ErrorKind::Unsupported { what: "an encrypted assertion".to_owned() }, child.location()));
        }
        if !is_known {
            let expected = "Issuer, Signature, Extensions, Status and Assertion in a Response".to_owned();
            return Err(Error::new(ErrorKind::Element { expected, found: excerpt(child.local_name()) }, child.location()));
        }
    }
    let assertion = response.child(uri::ASSERTION, "Assertion")?;
    let is_message = |element: &Element<'_>| element.is(uri::ASSERTION, "Assertion") || element.is(uri::PROTOCOL, "Response");
    let is_other = |element: &Element<'_>| Some(*element) != assertion && is_message(element);
    let is_advice = |element: &Element<'_>| {
        let ancestors = || std::iter::successors(element.parent(), Element::parent);
        let advice = ancestors().find(|ancestor| ancestor.is(uri::ASSERTION, "Advice") && ancestor.parent() == assertion);
        advice.is_some() && assertion.is_some()
    };
    match response.descendants().find(|element| is_other(element) && !is_advice(element)) {
        None => Ok(assertion),
        Some(other) => {
            let kind =
                ErrorKind::Element { expected: "one Assertion, directly in one Response".to_owned(), found: "another one".to_owned() };
            Err(Error::new(kind, other.location()))
        }
    }
}

impl Check<'_> {
    pub(super) fn response(&self, document: &Document<'_>) -> Result<AcceptedAssertion, Error> {
        let signed = find_signed(document, &self.sp.keys)?;
        let response = signed.response;
        version(response)?;
        MessageId::read("ID", response.required_attribute("ID")?, || response.location())?;
        self.issue_instant(response)?;
        self.response_issuer(&signed)?;
        self.destination(&signed)?;
        self.status(response)?;
        self.required_signature(&signed)?;
        let found = response.attribute("InResponseTo");
        self.in_response_to("InResponseTo of the Response", found, response)?;
        let assertion = signed.assertion.ok_or_else(|| {
            let kind = ErrorKind::Element { expected: "an Assertion, because the status is Success".to_owned(), found: "none".to_owned() };
            Error::new(kind, response.location())
        })?;
        let accepted = self.assertion(&assertion)?;
        match response.attribute("Destination").filter(|destination| *destination != accepted.recipient()) {
            None => Ok(accepted),
            Some(destination) => Err(mismatch("Destination", accepted.recipient(), destination, response)),
        }
    }

    /// saml-profiles 4.1.4.2: "If the <Response> message is signed or if an enclosed assertion is encrypted, the <Issuer> element MUST be present.
    /// Otherwise it MAY be omitted."
    fn response_issuer(&self, signed: &Signed<'_>) -> Result<(), Error> {
        let response = signed.response;
        if !signed.response_is_signed && response.child(uri::ASSERTION, "Issuer")?.is_none() {
            return Ok(());
        }
        self.issuer("Issuer of the Response", response)
    }

    pub(super) fn issuer(&self, what: &'static str, element: Element<'_>) -> Result<(), Error> {
        let issuer = read_issuer(element)?;
        if issuer == self.sp.identity_provider {
            return Ok(());
        }
        Err(mismatch(what, self.sp.identity_provider.as_str(), issuer.as_str(), element))
    }

    /// saml-bindings 3.5.5.2: "If the message is signed, the Destination XML attribute in the root SAML element of the protocol message MUST contain
    /// the URL to which the sender has instructed the user agent to deliver the message."
    fn destination(&self, signed: &Signed<'_>) -> Result<(), Error> {
        match signed.response.attribute("Destination") {
            Some(destination) => self.own_url("Destination", destination, signed.response),
            None if signed.response_is_signed => self.own_url("Destination", "none, and the Response is signed", signed.response),
            None => Ok(()),
        }
    }

    /// Compared as text: two spellings are two URLs.
    pub(super) fn own_url(&self, what: &'static str, found: &str, at: Element<'_>) -> Result<(), Error> {
        if self.sp.assertion_consumer_services.iter().any(|own| own == found) {
            return Ok(());
        }
        Err(mismatch(what, &self.sp.assertion_consumer_services.join(" or "), found, at))
    }

    fn status(&self, response: Element<'_>) -> Result<(), Error> {
        let element = response.required(uri::PROTOCOL, "Status")?;
        let code = element.required(uri::PROTOCOL, "StatusCode")?;
        let second = code.child(uri::PROTOCOL, "StatusCode")?;
        let uri_of = |code: Element<'_>| code.required_attribute("Value").map(StatusCode::from);
        let message = element.child(uri::PROTOCOL, "StatusMessage")?.map(|message| message.text()).transpose()?;
        let status = Status::read(uri_of(code)?, second.map(uri_of).transpose()?, message.map(|message| excerpt(&message)));
        if status.is_success() {
            return Ok(());
        }
        let second = status.second_code().map(|second| format!(" / {second}")).unwrap_or_default();
        let kind = ErrorKind::Status { code: excerpt(&format!("{}{second}", status.code())), message: status.message().map(str::to_owned) };
        Err(Error::new(kind, element.location()))
    }

    fn required_signature(&self, signed: &Signed<'_>) -> Result<(), Error> {
        let (response, assertion) = match self.sp.required {
            None => return Ok(()),
            Some(SignedParts::Response) => (true, false),
            Some(SignedParts::Assertion) => (false, true),
            Some(SignedParts::Both) => (true, true),
        };
        let missing = |element| Err(Error::new(ErrorKind::NotSigned { element }, signed.response.location()));
        match (response && !signed.response_is_signed, assertion && !signed.assertion_is_signed) {
            (true, _) => missing("the Response"),
            (_, true) => missing("the Assertion"),
            _ => Ok(()),
        }
    }

    pub(super) fn in_response_to(&self, what: &'static str, found: Option<&str>, at: Element<'_>) -> Result<(), Error> {
        match (self.expected, found) {
            (Expected::ResponseTo(id), Some(found)) if id.as_str() == found => Ok(()),
            (Expected::Unsolicited, None) => Ok(()),
            (Expected::ResponseTo(id), found) => Err(mismatch(what, id.as_str(), found.unwrap_or("none"), at)),
            (Expected::Unsolicited, Some(found)) => Err(mismatch(what, "none, because no request is outstanding", found, at)),
        }
    }

    /// It cannot have been issued later than now.
    pub(super) fn issue_instant(&self, element: Element<'_>) -> Result<(), Error> {
        let issued = time::read("IssueInstant", element.required_attribute("IssueInstant")?, || element.location())?;
        self.not_before("IssueInstant", issued, element)
    }

    pub(super) fn not_before(&self, what: &'static str, not_before: SystemTime, at: Element<'_>) -> Result<(), Error> {
        let skew = self.sp.clock_skew;
        if not_before.checked_sub(skew).is_some_and(|earliest| self.now < earliest) {
            return Err(Error::new(ErrorKind::TooEarly { what, now: self.now, not_before, skew: skew.as_secs() }, at.location()));
        }
        Ok(())
    }

    pub(super) fn not_on_or_after(&self, what: &'static str, not_on_or_after: SystemTime, at: Element<'_>) -> Result<(), Error> {
        let skew = self.sp.clock_skew;
        if not_on_or_after.checked_add(skew).is_none_or(|latest| self.now >= latest) {
            return Err(Error::new(ErrorKind::TooLate { what, now: self.now, not_on_or_after, skew: skew.as_secs() }, at.location()));
        }
        Ok(())
    }
}

/// saml-core 2.3.3 and 3.2.2: "The identifier for the version of SAML defined in this specification is "2.0"."
pub(super) fn version(element: Element<'_>) -> Result<(), Error> {
    match element.required_attribute("Version")? {
        "2.0" => Ok(()),
        other => Err(mismatch("Version", "2.0", other, element)),
    }
}

pub(super) fn mismatch(what: &'static str, expected: &str, found: &str, at: Element<'_>) -> Error {
    Error::new(ErrorKind::Mismatch { what, expected: excerpt(expected), found: excerpt(found) }, at.location())
}
