//! How an SP is registered.

use crate::entity_id::EntityId;
use crate::name_id::NameIdFormat;

/// What an administrator decides when the metadata of an SP is imported, beside what the metadata says.
///
/// The default decides nothing: everything is as the metadata has it.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{NameIdFormat, Registration};
///
/// let registration = Registration::new().with_name_id_format(NameIdFormat::PERSISTENT);
/// assert_eq!(registration.name_id_format(), Some(&NameIdFormat::PERSISTENT));
/// assert!(!registration.allows_http());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registration {
    entity_id: Option<EntityId>,
    name_id_format: Option<NameIdFormat>,
    allow_http: bool,
}

impl Registration {
    /// Everything as the metadata has it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with another identifier in place of the one in the metadata: for an SP that was given a wrong file and cannot be given another.
    #[must_use]
    pub fn with_entity_id(mut self, entity_id: EntityId) -> Self {
        self.entity_id = Some(entity_id);
        self
    }

    /// The same, with one format of names in place of those in the metadata.
    #[must_use]
    pub fn with_name_id_format(mut self, format: NameIdFormat) -> Self {
        self.name_id_format = Some(format);
        self
    }

    /// Takes endpoints of http, too.
    ///
    /// # Security
    ///
    /// Whoever is on the way reads the assertions that are sent there, and is their subject from then on. It is for one's own machine.
    #[must_use]
    pub fn dangerous_allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// The identifier in place of the one in the metadata.
    #[must_use]
    pub fn entity_id(&self) -> Option<&EntityId> {
        self.entity_id.as_ref()
    }

    /// The format of names in place of those in the metadata.
    #[must_use]
    pub fn name_id_format(&self) -> Option<&NameIdFormat> {
        self.name_id_format.as_ref()
    }

    /// Whether endpoints of http are taken.
    #[must_use]
    pub fn allows_http(&self) -> bool {
        self.allow_http
    }
}
