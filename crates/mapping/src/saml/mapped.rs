//! What mapping one person for an assertion gives.

use std::time::SystemTime;

use idbridge_saml::{Attribute, Login, NameId};

use crate::finding::Finding;

/// One person, mapped: what an assertion says of them, or held with the reason.
///
/// Whoever is held gets no response: a log-in under half a name would be somebody else's.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{SamlRuleSet, directory::{DirectoryId, User}};
///
/// let user = User::new(DirectoryId::new("u1")?);
/// let mapped = SamlRuleSet::jumpcloud().to_saml(&user);
/// assert!(mapped.is_held());
/// assert_eq!(mapped.findings()[0].to_string(), "NameID is required and has no value; fill in email in the directory");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "who signs people in must decide for each of them")]
pub enum MappedLogin {
    /// This can be said of them.
    Ready {
        /// Who they are.
        name_id: NameId,
        /// What is said of them, in the order of the rules.
        attributes: Vec<Attribute>,
        /// What was left out.
        findings: Vec<Finding>,
    },
    /// Nothing is said of them.
    Held {
        /// Why; at least one of them [holds](crate::Severity::Holds).
        findings: Vec<Finding>,
    },
}

impl MappedLogin {
    /// The log-in of a person who showed who they are at `authenticated_at`, by password unless the caller writes something else into it; nothing
    /// for whoever is held.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_mapping::{SamlRuleSet, directory::{DirectoryId, User}};
    ///
    /// let mut user = User::new(DirectoryId::new("u1")?);
    /// user.email = Some("anna@example.com".to_owned());
    /// let login = SamlRuleSet::jumpcloud().to_saml(&user).into_login(UNIX_EPOCH).ok_or("held")?;
    /// assert_eq!(login.name_id.value(), "anna@example.com");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn into_login(self, authenticated_at: SystemTime) -> Option<Login> {
        match self {
            Self::Ready { name_id, attributes, .. } => {
                let mut login = Login::new(name_id, authenticated_at);
                login.attributes = attributes;
                Some(login)
            }
            Self::Held { .. } => None,
        }
    }

    /// Everything that was found: what the directory's reader found first, then in the order of the rules.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Ready { findings, .. } | Self::Held { findings } => findings,
        }
    }

    /// Who they are, unless they are held.
    #[must_use]
    pub fn name_id(&self) -> Option<&NameId> {
        match self {
            Self::Ready { name_id, .. } => Some(name_id),
            Self::Held { .. } => None,
        }
    }

    /// Whether they are held.
    #[must_use]
    pub fn is_held(&self) -> bool {
        matches!(self, Self::Held { .. })
    }
}
