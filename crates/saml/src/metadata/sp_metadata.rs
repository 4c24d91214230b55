//! The metadata of an SP, to be given to IdPs.

use std::collections::BTreeSet;
use std::time::SystemTime;

use crate::crypto::Certificate;
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind};
use crate::metadata::write::{self, METADATA};
use crate::metadata::{AssertionConsumerService, check_url};
use crate::name_id::NameIdFormat;
use crate::uri;

/// The metadata that an SP gives to its IdPs, in the form of AWS IAM Identity Center: who it is, where responses go, and what it wants.
///
/// The same values give the same bytes, and [`EntityDescriptor::from_xml`](crate::EntityDescriptor::from_xml) reads the same values from them.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{AssertionConsumerService, EntityDescriptor, EntityId, SpMetadata};
///
/// let services = [
///     AssertionConsumerService::new(0, "https://sp.example.com/acs").with_default(true),
///     AssertionConsumerService::new(1, "https://dual-stack.sp.example.com/acs"),
/// ];
/// let metadata = SpMetadata::new(EntityId::new("https://sp.example.com")?, services);
/// let entity = EntityDescriptor::from_xml(&metadata.to_xml()?)?;
/// let sp = entity.sp().ok_or("no SP")?;
/// assert_eq!(sp.assertion_consumer_services(), metadata.assertion_consumer_services());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpMetadata {
    entity_id: EntityId,
    services: Vec<AssertionConsumerService>,
    certificates: Vec<Certificate>,
    name_id_formats: Vec<NameIdFormat>,
    authn_requests_signed: bool,
    want_assertions_signed: bool,
    valid_until: Option<SystemTime>,
    allow_http: bool,
}

impl SpMetadata {
    /// The metadata of an SP that takes responses at these endpoints, wants assertions signed and e-mail addresses as names, and does not sign
    /// its requests.
    #[must_use]
    pub fn new(entity_id: EntityId, services: impl IntoIterator<Item = AssertionConsumerService>) -> Self {
        Self {
            entity_id,
            services: services.into_iter().collect(),
            certificates: Vec::new(),
            name_id_formats: vec![NameIdFormat::EMAIL_ADDRESS],
            authn_requests_signed: false,
            want_assertions_signed: true,
            valid_until: None,
            allow_http: false,
        }
    }

    /// The same, with the certificate of a key that it signs requests with; several while it changes from one to another.
    #[must_use]
    pub fn with_certificate(mut self, certificate: Certificate) -> Self {
        if !self.certificates.contains(&certificate) {
            self.certificates.push(certificate);
        }
        self
    }

    /// The same, with these formats of names in place of the one for e-mail addresses.
    #[must_use]
    pub fn with_name_id_formats(mut self, formats: impl IntoIterator<Item = NameIdFormat>) -> Self {
        self.name_id_formats = write::each_once(formats);
        self
    }

    /// Whether it signs its requests.
    #[must_use]
    pub fn with_authn_requests_signed(mut self, signed: bool) -> Self {
        self.authn_requests_signed = signed;
        self
    }

    /// Whether it wants assertions signed, and not only responses.
    #[must_use]
    pub fn with_want_assertions_signed(mut self, want: bool) -> Self {
        self.want_assertions_signed = want;
        self
    }

    /// The same, to be used before this moment only; it is written with whole seconds.
    #[must_use]
    pub fn with_valid_until(mut self, moment: SystemTime) -> Self {
        self.valid_until = Some(moment);
        self
    }

    /// Takes URLs of http, too.
    ///
    /// # Security
    ///
    /// Whoever is on the way reads the assertions that are sent there, and is their subject from then on. It is for one's own machine.
    #[must_use]
    pub fn dangerous_allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Who the SP is.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// Its endpoints for responses.
    #[must_use]
    pub fn assertion_consumer_services(&self) -> &[AssertionConsumerService] {
        &self.services
    }

    /// The certificates of the keys that it signs requests with.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The formats of names that it takes.
    #[must_use]
    pub fn name_id_formats(&self) -> &[NameIdFormat] {
        &self.name_id_formats
    }

    /// Whether it signs its requests.
    #[must_use]
    pub fn authn_requests_signed(&self) -> bool {
        self.authn_requests_signed
    }

    /// Whether it wants assertions signed.
    #[must_use]
    pub fn want_assertions_signed(&self) -> bool {
        self.want_assertions_signed
    }

    /// When it is not to be used any more.
    #[must_use]
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.valid_until
    }

    /// Writes it, in the order that the schema of saml-metadata has, with an XML declaration, in one line.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] if there is no endpoint, and for a moment without a year of four digits; [`ErrorKind::Value`] if two endpoints have
    /// one index, if a URL is not https (or http where that is allowed) or no URL that a browser is sent to, or if a text has a character that XML
    /// cannot carry; [`ErrorKind::Limit`] beyond 16 certificates or 64 formats of names;
    /// [`ErrorKind::Key`] for a certificate with a key that nothing can be verified with.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::{EntityId, SpMetadata};
    ///
    /// let error = SpMetadata::new(EntityId::new("https://sp.example.com")?, []).to_xml().unwrap_err();
    /// assert_eq!(error.to_string(), "an SP needs an AssertionConsumerService to take responses at");
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    pub fn to_xml(&self) -> Result<String, Error> {
        self.check()?;
        write::entity(&self.entity_id, self.valid_until, |writer| {
            let attributes = [
                ("AuthnRequestsSigned", Some(write::boolean(self.authn_requests_signed))),
                ("WantAssertionsSigned", Some(write::boolean(self.want_assertions_signed))),
                ("protocolSupportEnumeration", Some(uri::PROTOCOL)),
            ];
            writer.start(METADATA.named("SPSSODescriptor"), &attributes);
            write::signing_keys(writer, &self.certificates);
            write::name_id_formats(writer, &self.name_id_formats);
            for service in &self.services {
                let attributes = [
                    ("Binding", Some(service.binding().as_str())),
                    ("Location", Some(service.url())),
                    ("index", Some(&*service.index().to_string())),
                    ("isDefault", service.is_default().map(write::boolean)),
                ];
                writer.element(METADATA.named("AssertionConsumerService"), &attributes, "");
            }
            writer.end();
        })
    }

    fn check(&self) -> Result<(), Error> {
        if self.services.is_empty() {
            let reason = "an SP needs an AssertionConsumerService to take responses at".to_owned();
            return Err(Error::whole(ErrorKind::Misuse { reason }));
        }
        let mut indexes = BTreeSet::new();
        for service in &self.services {
            check_url("AssertionConsumerService", service.url(), self.allow_http)?;
            if !indexes.insert(service.index()) {
                let expected = "another number for every AssertionConsumerService";
                return Err(Error::whole(ErrorKind::Value { name: "index", expected, found: service.index().to_string() }));
            }
        }
        write::check(&self.certificates, &self.name_id_formats)
    }
}
