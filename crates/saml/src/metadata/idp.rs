//! The role of an IdP.

use std::time::SystemTime;

use crate::crypto::Certificate;
use crate::error::Error;
use crate::metadata::role::{Role, boolean};
use crate::metadata::{MetadataFinding, SingleSignOnService};
use crate::name_id::NameIdFormat;
use crate::xml::Element;

/// What an IdP says of itself (saml-metadata section 2.4.3): `IDPSSODescriptor`.
///
/// # Examples
///
/// ```
/// use idbridge_saml::EntityDescriptor;
///
/// let entity = EntityDescriptor::from_xml(
///     r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">
///       <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
///         <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example.com/sso"/>
///       </md:IDPSSODescriptor>
///     </md:EntityDescriptor>"#,
/// )?;
/// let idp = entity.idp().ok_or("no IdP")?;
/// assert_eq!(idp.single_sign_on_services()[0].url(), "https://idp.example.com/sso");
/// assert!(!idp.want_authn_requests_signed());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdpSsoDescriptor {
    role: Role,
    services: Vec<SingleSignOnService>,
    want_authn_requests_signed: bool,
}

impl IdpSsoDescriptor {
    pub(super) fn read(descriptor: Element<'_>, outer: Option<SystemTime>) -> Result<Self, Error> {
        let mut role = Role::read(descriptor, outer)?;
        let endpoints = role.endpoints(descriptor, "SingleSignOnService", &["Binding", "Location"]);
        let services = endpoints.into_iter().map(|(_, url, binding)| SingleSignOnService::new(binding, url)).collect();
        let want_authn_requests_signed = boolean(descriptor, "WantAuthnRequestsSigned")?.unwrap_or(false);
        Ok(Self { role, services, want_authn_requests_signed })
    }

    /// Its endpoints for requests, in the order of the file.
    #[must_use]
    pub fn single_sign_on_services(&self) -> &[SingleSignOnService] {
        &self.services
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

    /// Whether it wants requests signed.
    #[must_use]
    pub fn want_authn_requests_signed(&self) -> bool {
        self.want_authn_requests_signed
    }

    /// The formats of names that it can give, in the order of the file.
    #[must_use]
    pub fn name_id_formats(&self) -> &[NameIdFormat] {
        &self.role.name_id_formats
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
