//! One party.

use std::sync::Arc;
use std::time::SystemTime;

use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind};
use crate::metadata::role::{earliest, is_saml2, valid_until};
use crate::metadata::{IdpSsoDescriptor, Metadata, SpSsoDescriptor};
use crate::uri;
use crate::xml::{Bounds, Element};

/// The metadata of one party (saml-metadata section 2.3.2): who it is, and what it does as an SP or an IdP.
///
/// Read are the roles of SAML 2.0 web SSO. Other roles, extensions, organizations, contacts and whatever is unknown are passed over, and so is
/// a signature: [`Metadata::from_signed_xml`] verifies it, and reads what was verified. Elements count by their expanded names only, so one that is
/// called like one of SAML's in another namespace counts for nothing.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{AssertionConsumerService, EntityDescriptor, EntityId, SpMetadata};
///
/// let services = [AssertionConsumerService::new(0, "https://sp.example.com/acs")];
/// let xml = SpMetadata::new(EntityId::new("https://sp.example.com")?, services).to_xml()?;
///
/// let entity = EntityDescriptor::from_xml(&xml)?;
/// assert_eq!(entity.entity_id().as_str(), "https://sp.example.com");
/// assert!(entity.sp().is_some() && entity.idp().is_none());
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityDescriptor {
    entity_id: EntityId,
    valid_until: Option<SystemTime>,
    sps: Vec<SpSsoDescriptor>,
    idps: Vec<IdpSsoDescriptor>,
    /// The first descriptor that is none of the two, for an error.
    other: Option<&'static str>,
    pub(super) xml: Arc<str>,
}

impl EntityDescriptor {
    /// Reads the metadata of one party: an `EntityDescriptor`, or an `EntitiesDescriptor` with one in it.
    ///
    /// # Errors
    ///
    /// Those of [`Metadata::from_xml`], and [`ErrorKind::Element`] if there is more than one party.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_saml::EntityDescriptor;
    ///
    /// let error = EntityDescriptor::from_xml("<html/>").unwrap_err();
    /// let expected = "expected EntityDescriptor or EntitiesDescriptor of SAML 2.0 metadata, found html in no namespace";
    /// assert_eq!(error.to_string(), format!("{expected} at html (byte 0)"));
    /// ```
    pub fn from_xml(text: &str) -> Result<Self, Error> {
        let mut entities = Metadata::from_xml_within(text, &Bounds::MESSAGE)?.into_entities();
        match (entities.pop(), entities.len()) {
            (Some(entity), 0) => Ok(entity),
            (_, others) => {
                let found = format!("{}", others + 1);
                Err(Error::whole(ErrorKind::Element { expected: "one EntityDescriptor".to_owned(), found }))
            }
        }
    }

    /// Reads `descriptor`, which stands in what is valid until `outer`.
    pub(super) fn read(descriptor: Element<'_>, outer: Option<SystemTime>, xml: Arc<str>) -> Result<Self, Error> {
        let entity_id =
            EntityId::new(descriptor.required_attribute("entityID")?).map_err(|error| error.with_location(descriptor.location()))?;
        let valid_until = earliest(outer, valid_until(descriptor)?);
        let mut entity = Self { entity_id, valid_until, sps: Vec::new(), idps: Vec::new(), other: None, xml };
        for child in descriptor.children().filter(|child| child.namespace() == uri::METADATA) {
            match child.local_name() {
                "SPSSODescriptor" if is_saml2(child) => entity.sps.push(SpSsoDescriptor::read(child, valid_until)?),
                "IDPSSODescriptor" if is_saml2(child) => entity.idps.push(IdpSsoDescriptor::read(child, valid_until)?),
                name => entity.other = entity.other.or_else(|| other(name)),
            }
        }
        Ok(entity)
    }

    /// Who it is.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// What it does as an SP: the first descriptor of that role which lists SAML 2.0.
    #[must_use]
    pub fn sp(&self) -> Option<&SpSsoDescriptor> {
        self.sps.first()
    }

    /// What it does as an IdP: the first descriptor of that role which lists SAML 2.0.
    #[must_use]
    pub fn idp(&self) -> Option<&IdpSsoDescriptor> {
        self.idps.first()
    }

    /// All its descriptors as an SP, in order; there is seldom more than one.
    #[must_use]
    pub fn sp_descriptors(&self) -> &[SpSsoDescriptor] {
        &self.sps
    }

    /// All its descriptors as an IdP, in order; there is seldom more than one.
    #[must_use]
    pub fn idp_descriptors(&self) -> &[IdpSsoDescriptor] {
        &self.idps
    }

    /// The first moment when this is not to be used any more: the earliest `validUntil` of the entity and all that it is in.
    ///
    /// A role may end earlier, see [`SpSsoDescriptor::valid_until`]. `cacheDuration` is not read: nothing here fetches anything.
    #[must_use]
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.valid_until
    }

    /// Whether it may be used at `now`. What says no `validUntil` always may.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use idbridge_saml::{AssertionConsumerService, EntityDescriptor, EntityId, SpMetadata};
    ///
    /// let end = UNIX_EPOCH + Duration::from_secs(1_793_520_000);
    /// let services = [AssertionConsumerService::new(0, "https://sp.example.com/acs")];
    /// let metadata = SpMetadata::new(EntityId::new("https://sp.example.com")?, services).with_valid_until(end);
    /// let entity = EntityDescriptor::from_xml(&metadata.to_xml()?)?;
    /// assert!(entity.is_valid_at(end - Duration::from_secs(1)) && !entity.is_valid_at(end));
    ///
    /// let error = entity.check_valid_at(end).unwrap_err();
    /// assert_eq!(error.to_string(), "validUntil of the metadata: 2026-11-01T08:00:00Z is not before 2026-11-01T08:00:00Z (skew 0 s)");
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    #[must_use]
    pub fn is_valid_at(&self, now: SystemTime) -> bool {
        self.check_valid_at(now).is_ok()
    }

    /// The same, as an error. Nothing in this crate asks it unasked: the caller says when, and with which clock.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLate`] if `now` is [`valid_until`](Self::valid_until) or later.
    pub fn check_valid_at(&self, now: SystemTime) -> Result<(), Error> {
        check_valid(self.valid_until, now)
    }

    /// The text that it was read from, as it was given.
    ///
    /// Where that was the metadata of several, it is a text of this one alone, in canonical form; `validUntil` of what it was in stays with it.
    /// Read again, it gives the same.
    #[must_use]
    pub fn metadata_xml(&self) -> &str {
        &self.xml
    }

    /// What this is if it is no SP, for whoever gave the wrong file.
    pub(super) fn instead_of_sp(&self) -> &'static str {
        match self.other {
            _ if !self.idps.is_empty() => "the metadata of an identity provider (IDPSSODescriptor)",
            Some(other) => other,
            None => "an EntityDescriptor without a role",
        }
    }
}

/// Whether what is valid until `valid_until` may be used at `now`.
pub(super) fn check_valid(valid_until: Option<SystemTime>, now: SystemTime) -> Result<(), Error> {
    match valid_until {
        Some(not_on_or_after) if now >= not_on_or_after => {
            Err(Error::whole(ErrorKind::TooLate { what: "validUntil of the metadata", now, not_on_or_after, skew: 0 }))
        }
        _ => Ok(()),
    }
}

/// What an element in an `EntityDescriptor` says that the party is, if it says so and is none of the roles that are read.
fn other(name: &str) -> Option<&'static str> {
    match name {
        "SPSSODescriptor" => Some("an SPSSODescriptor that does not list SAML 2.0 in protocolSupportEnumeration"),
        "IDPSSODescriptor" => Some("an IDPSSODescriptor that does not list SAML 2.0 in protocolSupportEnumeration"),
        "RoleDescriptor" => Some("a RoleDescriptor"),
        "AuthnAuthorityDescriptor" => Some("the metadata of an authentication authority (AuthnAuthorityDescriptor)"),
        "AttributeAuthorityDescriptor" => Some("the metadata of an attribute authority (AttributeAuthorityDescriptor)"),
        "PDPDescriptor" => Some("the metadata of a policy decision point (PDPDescriptor)"),
        "AffiliationDescriptor" => Some("the metadata of an affiliation (AffiliationDescriptor)"),
        _ => None,
    }
}
