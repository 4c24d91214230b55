//! The role of an SP.

use std::collections::BTreeSet;
use std::time::SystemTime;

use crate::crypto::Certificate;
use crate::error::Error;
use crate::metadata::endpoint::default_of;
use crate::metadata::role::{Role, boolean, invalid, unsigned_short};
use crate::metadata::{AssertionConsumerService, MetadataFinding};
use crate::name_id::NameIdFormat;
use crate::xml::Element;

/// What an SP says of itself (saml-metadata section 2.4.4): `SPSSODescriptor`.
///
/// This is what the file says. What an IdP may use of it is a [`RegisteredSp`](crate::RegisteredSp).
///
/// # Examples
///
/// ```
/// use idbridge_saml::{Binding, EntityDescriptor, NameIdFormat};
///
/// let entity = EntityDescriptor::from_xml(
///     r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com">
///       <md:SPSSODescriptor WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
///         <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>
///         <md:AssertionConsumerService index="0" isDefault="true" Location="https://sp.example.com/acs"
///             Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"/>
///       </md:SPSSODescriptor>
///     </md:EntityDescriptor>"#,
/// )?;
/// let sp = entity.sp().ok_or("no SP")?;
/// assert!(sp.want_assertions_signed() && !sp.authn_requests_signed());
/// assert_eq!(sp.name_id_formats(), [NameIdFormat::EMAIL_ADDRESS]);
/// assert_eq!(sp.assertion_consumer_services()[0].binding(), &Binding::HTTP_POST);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpSsoDescriptor {
    role: Role,
    services: Vec<AssertionConsumerService>,
    authn_requests_signed: bool,
    want_assertions_signed: bool,
}

impl SpSsoDescriptor {
    pub(super) fn read(descriptor: Element<'_>, outer: Option<SystemTime>) -> Result<Self, Error> {
        let mut role = Role::read(descriptor, outer)?;
        let mut services = Vec::new();
        let mut indexes = BTreeSet::new();
        for (endpoint, url, binding) in role.endpoints(descriptor, "AssertionConsumerService", &["Binding", "Location", "index"]) {
            let index = unsigned_short(endpoint, "index")?;
            if !indexes.insert(index) {
                return Err(invalid(endpoint, "index", "another number for every AssertionConsumerService", &index.to_string()));
            }
            services.push(AssertionConsumerService { index, url: url.to_owned(), binding, is_default: boolean(endpoint, "isDefault")? });
        }
        // Both are false if they are left out (section 2.4.4).
        let authn_requests_signed = boolean(descriptor, "AuthnRequestsSigned")?.unwrap_or(false);
        let want_assertions_signed = boolean(descriptor, "WantAssertionsSigned")?.unwrap_or(false);
        Ok(Self { role, services, authn_requests_signed, want_assertions_signed })
    }

    /// Its endpoints for responses, usable or not, in the order of the file.
    #[must_use]
    pub fn assertion_consumer_services(&self) -> &[AssertionConsumerService] {
        &self.services
    }

    /// The endpoint that is meant where none is named.
    ///
    /// By saml-metadata 2.2.3: the first with `isDefault="true"`, else the first without `isDefault`, else the first.
    #[must_use]
    pub fn default_assertion_consumer_service(&self) -> Option<&AssertionConsumerService> {
        default_of(&self.services)
    }

    /// The formats of names that it takes, in the order of the file; none means any.
    #[must_use]
    pub fn name_id_formats(&self) -> &[NameIdFormat] {
        &self.role.name_id_formats
    }

    /// Whether it signs its requests.
    #[must_use]
    pub fn authn_requests_signed(&self) -> bool {
        self.authn_requests_signed
    }

    /// Whether it wants assertions signed, and not only responses.
    #[must_use]
    pub fn want_assertions_signed(&self) -> bool {
        self.want_assertions_signed
    }

    /// The certificates of the keys that it signs with, each once; several while it changes from one to another.
    ///
    /// A `KeyDescriptor` without `use` is for signatures and encryption (section 2.4.1.1). A key that nothing can be verified with, such as one of
    /// Ed25519, is a finding and not here.
    #[must_use]
    pub fn signing_certificates(&self) -> &[Certificate] {
        &self.role.signing
    }

    /// The certificates of the keys that may be encrypted for, which this crate does not do.
    #[must_use]
    pub fn encryption_certificates(&self) -> &[Certificate] {
        &self.role.encryption
    }

    /// The first moment when this is not to be used any more: the earliest `validUntil` of the role, the entity, and all that the entity is in.
    #[must_use]
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.role.valid_until
    }

    /// What was passed over in it.
    #[must_use]
    pub fn findings(&self) -> &[MetadataFinding] {
        &self.role.findings
    }
}
