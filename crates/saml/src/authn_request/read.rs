//! An AuthnRequest, read and written.

use std::time::SystemTime;

use crate::binding::{PostForm, RedirectUrl, RelayState};
use crate::dsig::{Credential, Envelope};
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind, excerpt};
use crate::id::MessageId;
use crate::name_id::NameIdFormat;
use crate::names::{saml, samlp};
use crate::time;
use crate::uri;
use crate::xml::{Element, Writer, trim};

/// A service provider's request that somebody log in (saml-core section 3.4.1).
///
/// What an identity provider receives is a [`ReceivedRequest`](crate::ReceivedRequest), of which this is what it says. A service provider builds
/// one with [`new`](Self::new).
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
///
/// use idbridge_saml::{AuthnRequest, EntityId, MessageId, ReceivedRequest};
///
/// let mut request = AuthnRequest::new(MessageId::from_random([1; 16]), EntityId::new("https://sp.example.com")?, UNIX_EPOCH + Duration::from_secs(9));
/// request.assertion_consumer_service_url = Some("https://sp.example.com/acs".to_owned());
/// request.force_authn = true;
///
/// let url = request.to_redirect("https://idp.example.com/sso", Some("state"), None)?;
/// let query = url.as_str().split_once('?').map_or("", |(_, query)| query);
/// let received = ReceivedRequest::from_redirect(query)?;
/// assert_eq!(received.request(), &request);
/// assert_eq!(received.relay_state(), Some("state"));
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthnRequest {
    /// `ID`, which the response answers to.
    pub id: MessageId,
    /// `IssueInstant`.
    pub issue_instant: SystemTime,
    /// `Issuer`: the service provider.
    pub issuer: EntityId,
    /// `Destination`: where the service provider believes that it sends this. If there is none, a signed request says whereto it is sent.
    pub destination: Option<String>,
    /// `AssertionConsumerServiceURL`: where the response shall go, by URL.
    pub assertion_consumer_service_url: Option<String>,
    /// `AssertionConsumerServiceIndex`: where the response shall go, by its number in the metadata.
    pub assertion_consumer_service_index: Option<u16>,
    /// `ProtocolBinding`: how the response shall travel.
    pub protocol_binding: Option<String>,
    /// `ForceAuthn`: the person must show again who they are, session or not.
    pub force_authn: bool,
    /// `IsPassive`: the person must not be asked for anything.
    pub is_passive: bool,
    /// `NameIDPolicy`'s `Format`.
    pub name_id_format: Option<NameIdFormat>,
    /// `NameIDPolicy`'s `SPNameQualifier`: in whose namespace the name shall be, if that is not the issuer's own.
    pub sp_name_qualifier: Option<String>,
    /// `NameIDPolicy`'s `AllowCreate`; of no meaning where people are provisioned beforehand.
    pub allow_create: bool,
    /// `RequestedAuthnContext`'s `AuthnContextClassRef`s, in the order of preference.
    pub requested_authn_context: Vec<String>,
    /// `RequestedAuthnContext`'s `Comparison`; `exact` if it is not said.
    pub authn_context_comparison: Option<String>,
    /// The value of `Subject`'s `NameID`: whom the service provider asks about.
    pub subject: Option<String>,
}

impl AuthnRequest {
    /// A request of `issuer` that asks for nothing in particular.
    #[must_use]
    pub fn new(id: MessageId, issuer: EntityId, issue_instant: SystemTime) -> Self {
        Self {
            id,
            issue_instant,
            issuer,
            destination: None,
            assertion_consumer_service_url: None,
            assertion_consumer_service_index: None,
            protocol_binding: None,
            force_authn: false,
            is_passive: false,
            name_id_format: None,
            sp_name_qualifier: None,
            allow_create: false,
            requested_authn_context: Vec::new(),
            authn_context_comparison: None,
            subject: None,
        }
    }

    /// The URL that carries it to `location` by the HTTP Redirect binding, signed if there is a credential.
    ///
    /// # Errors
    ///
    /// What the signer says, [`ErrorKind::Value`] for characters that XML has not, and [`ErrorKind::Misuse`] if a browser cannot be sent to
    /// `location`.
    pub fn to_redirect(&self, location: &str, relay_state: Option<&str>, credential: Option<&Credential>) -> Result<RedirectUrl, Error> {
        let relay_state = relay_state.map(RelayState::new).transpose()?;
        RedirectUrl::new(location, "SAMLRequest", &self.envelope(location, credential)?.unsigned(), relay_state.as_ref(), credential)
    }

    /// The form that carries it to `location` by the HTTP POST binding, signed if there is a credential.
    ///
    /// # Errors
    ///
    /// As of [`to_redirect`](Self::to_redirect).
    pub fn to_post(&self, location: &str, relay_state: Option<&str>, credential: Option<&Credential>) -> Result<PostForm, Error> {
        let relay_state = relay_state.map(RelayState::new).transpose()?;
        let envelope = self.envelope(location, credential)?;
        let xml = match credential {
            None => envelope.unsigned(),
            Some(credential) => {
                let pending = envelope.digest(credential.algorithm())?;
                let signature = credential.sign(&pending.signed_info)?;
                pending.complete(&signature, &credential.encoded_certificate())
            }
        };
        PostForm::new(location, "SAMLRequest", &xml, relay_state.as_ref())
    }

    /// Reads the element `AuthnRequest`.
    pub(super) fn read(element: Element<'_>) -> Result<Self, Error> {
        if !element.is(uri::PROTOCOL, "AuthnRequest") {
            let kind = ErrorKind::Element { expected: "an AuthnRequest of SAML 2.0".to_owned(), found: excerpt(element.local_name()) };
            return Err(Error::new(kind, element.location()));
        }
        // saml-core 3.2.1: "The version of this request. The identifier for the version of SAML defined in this specification is "2.0"."
        let version = element.required_attribute("Version")?;
        if version != "2.0" {
            let kind = ErrorKind::Mismatch { what: "Version", expected: "2.0".to_owned(), found: excerpt(version) };
            return Err(Error::new(kind, element.location()));
        }
        let id = MessageId::read("ID", element.required_attribute("ID")?, || element.location())?;
        let issue_instant = time::read("IssueInstant", element.required_attribute("IssueInstant")?, || element.location())?;
        let mut request = Self::new(id, read_issuer(element)?, issue_instant);
        request.destination = element.attribute("Destination").filter(|text| !text.is_empty()).map(str::to_owned);
        request.assertion_consumer_service_url = element.attribute("AssertionConsumerServiceURL").map(str::to_owned);
        request.assertion_consumer_service_index = read_index(element)?;
        request.protocol_binding = element.attribute("ProtocolBinding").map(str::to_owned);
        request.force_authn = read_boolean(element, "ForceAuthn")?.unwrap_or(false);
        request.is_passive = read_boolean(element, "IsPassive")?.unwrap_or(false);
        if let Some(policy) = element.child(uri::PROTOCOL, "NameIDPolicy")? {
            request.name_id_format = policy.attribute("Format").filter(|format| !format.is_empty()).map(NameIdFormat::from);
            request.sp_name_qualifier = policy.attribute("SPNameQualifier").map(str::to_owned);
            request.allow_create = read_boolean(policy, "AllowCreate")?.unwrap_or(false);
        }
        if let Some(context) = element.child(uri::PROTOCOL, "RequestedAuthnContext")? {
            request.authn_context_comparison = read_comparison(context)?;
            // What is asked for and not known would count as granted.
            if let Some(other) = context.children_named(uri::ASSERTION, "AuthnContextDeclRef").next() {
                return Err(Error::new(ErrorKind::Unsupported { what: "an AuthnContextDeclRef".to_owned() }, other.location()));
            }
            for class in context.children_named(uri::ASSERTION, "AuthnContextClassRef") {
                request.requested_authn_context.push(trim(&class.text()?).to_owned());
            }
        }
        if let Some(subject) = element.child(uri::ASSERTION, "Subject")? {
            // Whoever is asked about in a way that is not read here would otherwise be anybody.
            if let Some(other) =
                subject.children().find(|child| child.is(uri::ASSERTION, "BaseID") || child.is(uri::ASSERTION, "EncryptedID"))
            {
                return Err(Error::new(ErrorKind::Unsupported { what: format!("a subject by {}", other.local_name()) }, other.location()));
            }
            request.subject =
                subject.child(uri::ASSERTION, "NameID")?.map(|name_id| name_id.text().map(std::borrow::Cow::into_owned)).transpose()?;
        }
        Ok(request)
    }

    fn envelope(&self, location: &str, credential: Option<&Credential>) -> Result<Envelope, Error> {
        // saml-bindings 3.4.5.2 and 3.5.5.2: if the message is signed, Destination "MUST contain the URL to which the sender has instructed the user
        // agent to deliver the message."
        let destination = self.destination.as_deref().or_else(|| credential.map(|_| location));
        let mut writer = Writer::with_capacity(2_048);
        let index = self.assertion_consumer_service_index.map(|index| index.to_string());
        let issue_instant = time::write(self.issue_instant)?;
        let flag = |value: bool| value.then_some("true");
        writer.start(
            samlp("AuthnRequest"),
            &[
                ("AssertionConsumerServiceIndex", index.as_deref()),
                ("AssertionConsumerServiceURL", self.assertion_consumer_service_url.as_deref()),
                ("Destination", destination),
                ("ForceAuthn", flag(self.force_authn)),
                ("ID", Some(self.id.as_str())),
                ("IsPassive", flag(self.is_passive)),
                ("IssueInstant", Some(&issue_instant)),
                ("ProtocolBinding", self.protocol_binding.as_deref()),
                ("Version", Some("2.0")),
            ],
        );
        writer.element(saml("Issuer"), &[], self.issuer.as_str());
        let place = writer.length();
        if let Some(subject) = &self.subject {
            writer.start(saml("Subject"), &[]);
            writer.element(saml("NameID"), &[], subject);
            writer.end();
        }
        if self.name_id_format.is_some() || self.sp_name_qualifier.is_some() || self.allow_create {
            let format = self.name_id_format.as_ref().map(NameIdFormat::as_str);
            writer.start(
                samlp("NameIDPolicy"),
                &[("AllowCreate", flag(self.allow_create)), ("Format", format), ("SPNameQualifier", self.sp_name_qualifier.as_deref())],
            );
            writer.end();
        }
        if !self.requested_authn_context.is_empty() {
            writer.start(samlp("RequestedAuthnContext"), &[("Comparison", self.authn_context_comparison.as_deref())]);
            for class in &self.requested_authn_context {
                writer.element(saml("AuthnContextClassRef"), &[], class);
            }
            writer.end();
        }
        let mut before = writer.finish()?;
        let behind = before.split_off(place);
        Ok(Envelope { id: self.id.as_str().to_owned(), before, behind })
    }
}

/// saml-profiles 4.1.4.1: "The <Issuer> element MUST be present and MUST contain the unique identifier of the requesting service provider; the
/// Format attribute MUST be omitted or have a value of urn:oasis:names:tc:SAML:2.0:nameid-format:entity."
pub(crate) fn read_issuer(element: Element<'_>) -> Result<EntityId, Error> {
    let issuer = element.required(uri::ASSERTION, "Issuer")?;
    if let Some(format) = issuer.attribute("Format").filter(|format| *format != "urn:oasis:names:tc:SAML:2.0:nameid-format:entity") {
        let kind = ErrorKind::Value { name: "Format", expected: "no format, or that of an entity", found: excerpt(format) };
        return Err(Error::new(kind, issuer.location()));
    }
    EntityId::new(trim(&issuer.text()?)).map_err(|error| error.with_location(issuer.location()))
}

fn read_index(element: Element<'_>) -> Result<Option<u16>, Error> {
    let Some(text) = element.attribute("AssertionConsumerServiceIndex") else { return Ok(None) };
    trim(text).parse().map(Some).map_err(|_| {
        let kind = ErrorKind::Value { name: "AssertionConsumerServiceIndex", expected: "a number from 0 to 65535", found: excerpt(text) };
        Error::new(kind, element.location())
    })
}

/// saml-core 3.3.2.2.1 has four.
fn read_comparison(context: Element<'_>) -> Result<Option<String>, Error> {
    match context.attribute("Comparison") {
        None => Ok(None),
        Some(known @ ("exact" | "minimum" | "maximum" | "better")) => Ok(Some(known.to_owned())),
        Some(other) => {
            let expected = "exact, minimum, maximum or better";
            Err(Error::new(ErrorKind::Value { name: "Comparison", expected, found: excerpt(other) }, context.location()))
        }
    }
}

/// XML Schema part 2 section 3.2.2.
fn read_boolean(element: Element<'_>, name: &'static str) -> Result<Option<bool>, Error> {
    match element.attribute(name).map(trim) {
        None => Ok(None),
        Some("true" | "1") => Ok(Some(true)),
        Some("false" | "0") => Ok(Some(false)),
        Some(other) => {
            let kind = ErrorKind::Value { name, expected: "true or false", found: excerpt(other) };
            Err(Error::new(kind, element.location()))
        }
    }
}
