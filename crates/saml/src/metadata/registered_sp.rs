//! An SP as an IdP knows it.

use std::sync::Arc;
use std::time::SystemTime;

use crate::crypto::Certificate;
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind, excerpt};
use crate::metadata::endpoint::default_of;
use crate::metadata::entity::check_valid;
use crate::metadata::url::url_expects;
use crate::metadata::{AssertionConsumerService, Binding, EntityDescriptor, MetadataFinding, Registration, SpSsoDescriptor};
use crate::name_id::NameIdFormat;

/// What an IdP believes of one SP: the only place where it learns whereto an assertion may go.
///
/// It is made of metadata in one piece or not at all, and never changed: importing again makes a new one, and nothing of the old stays. Its endpoints
/// are for HTTP-POST, have URLs of https (http by [`Registration::dangerous_allow_http`]) with a host and without a fragment, and are compared as
/// exact strings: what a request names is looked up here, and is never taken from the request.
///
/// To store it, keep [`metadata_xml`](Self::metadata_xml) and the [`registration`](Self::registration): they make the same again.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{RegisteredSp, Registration};
///
/// let sp = RegisteredSp::from_xml(
///     r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com">
///       <md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
///         <md:AssertionConsumerService index="0" Location="https://sp.example.com/acs"
///             Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
///       </md:SPSSODescriptor>
///     </md:EntityDescriptor>"#,
///     &Registration::new(),
/// )?;
/// assert_eq!(sp.default_assertion_consumer_service().url(), "https://sp.example.com/acs");
/// assert!(sp.assertion_consumer_service_at("https://sp.example.com/acs").is_some());
/// assert!(sp.assertion_consumer_service_at("https://sp.example.com/acs/").is_none());
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisteredSp {
    entity_id: EntityId,
    /// Those that can be used; there is one at least.
    services: Vec<AssertionConsumerService>,
    default: AssertionConsumerService,
    name_id_formats: Vec<NameIdFormat>,
    sp: SpSsoDescriptor,
    findings: Vec<MetadataFinding>,
    registration: Registration,
    xml: Arc<str>,
}

impl RegisteredSp {
    /// Registers the SP whose metadata `text` is, as somebody uploads it.
    ///
    /// # Errors
    ///
    /// Those of [`EntityDescriptor::from_xml`] and of [`new`](Self::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::{RegisteredSp, Registration};
    ///
    /// let xml = r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">
    ///   <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/>
    /// </EntityDescriptor>"#;
    /// let error = RegisteredSp::from_xml(xml, &Registration::new()).unwrap_err();
    /// let found = "the metadata of an identity provider (IDPSSODescriptor) of https://idp.example.com";
    /// assert_eq!(error.to_string(), format!("expected the metadata of an SP (SPSSODescriptor), found {found}"));
    /// ```
    pub fn from_xml(text: &str, registration: &Registration) -> Result<Self, Error> {
        Self::new(&EntityDescriptor::from_xml(text)?, registration)
    }

    /// Registers the SP that `entity` is.
    ///
    /// Whether the metadata is still valid is not asked here; see [`check_valid_at`](Self::check_valid_at).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Element`] if it is no SP of SAML 2.0, with what it is instead, or if it has no endpoint that can be used, with the reason;
    /// [`ErrorKind::Key`] if one of its certificates cannot be read. One with a key that nothing can be verified with is a finding.
    pub fn new(entity: &EntityDescriptor, registration: &Registration) -> Result<Self, Error> {
        let sp = entity.sp().ok_or_else(|| {
            let found = format!("{} of {}", entity.instead_of_sp(), excerpt(entity.entity_id().as_str()));
            Error::whole(ErrorKind::Element { expected: "the metadata of an SP (SPSSODescriptor)".to_owned(), found })
        })?;
        check_certificates(sp)?;
        let mut findings = about(entity, sp);
        let mut services = Vec::new();
        for service in sp.assertion_consumer_services() {
            match unusable(service, registration.allows_http()) {
                None => services.push(service.clone()),
                Some(finding) => findings.push(finding),
            }
        }
        let default = default_of(&services).cloned().ok_or_else(|| no_service(entity, &findings))?;
        let name_id_formats = registration.name_id_format().map_or_else(|| sp.name_id_formats().to_vec(), |format| vec![format.clone()]);
        Ok(Self {
            entity_id: registration.entity_id().unwrap_or_else(|| entity.entity_id()).clone(),
            services,
            default,
            name_id_formats,
            sp: sp.clone(),
            findings,
            registration: registration.clone(),
            xml: Arc::clone(&entity.xml),
        })
    }

    /// Who it is: the audience of assertions, and the issuer of requests.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// The endpoints that responses may go to, in the order of the metadata; there is at least one.
    #[must_use]
    pub fn assertion_consumer_services(&self) -> &[AssertionConsumerService] {
        &self.services
    }

    /// The endpoint with this very URL, compared as a string.
    #[must_use]
    pub fn assertion_consumer_service_at(&self, url: &str) -> Option<&AssertionConsumerService> {
        self.services.iter().find(|service| service.url() == url)
    }

    /// The endpoint with this index.
    #[must_use]
    pub fn assertion_consumer_service_with_index(&self, index: u16) -> Option<&AssertionConsumerService> {
        self.services.iter().find(|service| service.index() == index)
    }

    /// The endpoint that is meant where none is named, by saml-metadata 2.2.3 among those that can be used.
    #[must_use]
    pub fn default_assertion_consumer_service(&self) -> &AssertionConsumerService {
        &self.default
    }

    /// The formats of names that it takes: that of the registration, else those of the metadata; none means any.
    #[must_use]
    pub fn name_id_formats(&self) -> &[NameIdFormat] {
        &self.name_id_formats
    }

    /// Whether it signs its requests, so that one without a signature is not from it.
    #[must_use]
    pub fn authn_requests_signed(&self) -> bool {
        self.sp.authn_requests_signed()
    }

    /// Whether it wants assertions signed, and not only responses.
    #[must_use]
    pub fn want_assertions_signed(&self) -> bool {
        self.sp.want_assertions_signed()
    }

    /// The certificates of the keys that it signs its requests with, and that can be verified with.
    ///
    /// That there is none switches nothing off: a request with a signature that no key verifies is refused.
    #[must_use]
    pub fn signing_certificates(&self) -> &[Certificate] {
        self.sp.signing_certificates()
    }

    /// The first moment when this is not to be used any more.
    #[must_use]
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.sp.valid_until()
    }

    /// Whether it may be used at `now`. What says no `validUntil` always may.
    #[must_use]
    pub fn is_valid_at(&self, now: SystemTime) -> bool {
        self.check_valid_at(now).is_ok()
    }

    /// The same, as an error.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLate`] if `now` is [`valid_until`](Self::valid_until) or later.
    pub fn check_valid_at(&self, now: SystemTime) -> Result<(), Error> {
        check_valid(self.valid_until(), now)
    }

    /// What was passed over in the metadata, and what a person should know of it.
    #[must_use]
    pub fn findings(&self) -> &[MetadataFinding] {
        &self.findings
    }

    /// What the administrator decided.
    #[must_use]
    pub fn registration(&self) -> &Registration {
        &self.registration
    }

    /// The metadata that it was made of; see [`EntityDescriptor::metadata_xml`].
    #[must_use]
    pub fn metadata_xml(&self) -> &str {
        &self.xml
    }
}

/// The three partitions of AWS have it in their own names: `urn:amazon:webservices:govcloud`, `urn:amazon:webservices:cn-north-1`.
const AMAZON_WEB_SERVICES: &str = "urn:amazon:webservices";

/// All or nothing: with a certificate less, requests would be refused later, and nobody would know why.
fn check_certificates(sp: &SpSsoDescriptor) -> Result<(), Error> {
    let is_unreadable = |finding: &&MetadataFinding| matches!(finding, MetadataFinding::UnreadableCertificate { .. });
    sp.findings()
        .iter()
        .find(is_unreadable)
        .map_or(Ok(()), |finding| Err(Error::whole(ErrorKind::Key { what: "metadata of an SP", reason: finding.to_string() })))
}

/// What is to be said of the whole.
fn about(entity: &EntityDescriptor, sp: &SpSsoDescriptor) -> Vec<MetadataFinding> {
    let mut findings = Vec::new();
    let rest = entity.entity_id().as_str().strip_prefix(AMAZON_WEB_SERVICES);
    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':')) {
        findings.push(MetadataFinding::NotIdentityCenter { entity_id: entity.entity_id().clone() });
    }
    let count = entity.sp_descriptors().len();
    if count > 1 {
        findings.push(MetadataFinding::SeveralDescriptors { element: "SPSSODescriptor", count });
    }
    if sp.authn_requests_signed() && sp.signing_certificates().is_empty() {
        findings.push(MetadataFinding::NoSigningCertificate);
    }
    findings.extend_from_slice(sp.findings());
    findings
}

/// Why no response goes to `service`, if none does.
fn unusable(service: &AssertionConsumerService, allow_http: bool) -> Option<MetadataFinding> {
    let index = service.index();
    if *service.binding() != Binding::HTTP_POST {
        return Some(MetadataFinding::UnsupportedBinding { index, binding: service.binding().clone() });
    }
    let url = service.url();
    url_expects(url, allow_http).map(|expected| MetadataFinding::RefusedLocation { index, url: url.to_owned(), expected })
}

/// An SP that nothing can be sent to, with the first reason.
fn no_service(entity: &EntityDescriptor, findings: &[MetadataFinding]) -> Error {
    let is_endpoint = |finding: &&MetadataFinding| {
        matches!(
            finding,
            MetadataFinding::IncompleteEndpoint { .. }
                | MetadataFinding::UnsupportedBinding { .. }
                | MetadataFinding::RefusedLocation { .. }
        )
    };
    let reason = findings.iter().find(is_endpoint).map_or_else(String::new, |finding| format!(": {finding}"));
    let found = format!("none of {}{reason}", excerpt(entity.entity_id().as_str()));
    Error::whole(ErrorKind::Element { expected: "an AssertionConsumerService that a response can go to".to_owned(), found })
}
