//! What metadata has that is not used, and what a person should know of it.

use std::fmt;

use crate::entity_id::EntityId;
use crate::error::excerpt;
use crate::metadata::Binding;

/// Something in metadata that is no error, and yet not what it should be.
///
/// What is found is passed over; the rest is used. [`Display`](fmt::Display) says it to a person.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{AssertionConsumerService, EntityId, RegisteredSp, Registration, SpMetadata};
///
/// let services = [AssertionConsumerService::new(0, "https://signin.aws.amazon.com/saml")];
/// let xml = SpMetadata::new(EntityId::new("urn:amazon:webservices")?, services).to_xml()?;
/// let sp = RegisteredSp::from_xml(&xml, &Registration::new())?;
/// assert_eq!(sp.findings()[0].to_string(), "urn:amazon:webservices is Amazon Web Services (IAM), not AWS IAM Identity Center");
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetadataFinding {
    /// An endpoint lacks an attribute that it cannot do without, so it is none.
    IncompleteEndpoint {
        /// The element.
        element: &'static str,
        /// Which of its name it is, from 1.
        number: usize,
        /// The attribute.
        missing: &'static str,
    },
    /// A `KeyDescriptor` has no certificate; a key in another form is not read.
    NoCertificate {
        /// Which of its name it is, from 1.
        number: usize,
    },
    /// A certificate cannot be read. Other parties of the same file can be used; an SP that has it cannot be registered.
    UnreadableCertificate {
        /// Which `KeyDescriptor` has it, from 1.
        number: usize,
        /// Why not.
        reason: String,
    },
    /// A certificate for signatures has a key that nothing can be verified with.
    UnusableKey {
        /// Which `KeyDescriptor` has it, from 1.
        number: usize,
        /// What the key is, or why it is not used.
        reason: String,
    },
    /// There is more than one descriptor of a role, and the first is used.
    SeveralDescriptors {
        /// The element.
        element: &'static str,
        /// How many there are.
        count: usize,
    },
    /// An endpoint cannot be used, because a response goes by HTTP-POST only.
    UnsupportedBinding {
        /// Its index.
        index: u16,
        /// How responses would have to get there.
        binding: Binding,
    },
    /// An endpoint cannot be used, because no browser is sent to such a URL.
    RefusedLocation {
        /// Its index.
        index: u16,
        /// The URL.
        url: String,
        /// What it would have to be.
        expected: &'static str,
    },
    /// The SP says that it signs its requests, and gives no certificate to verify them with.
    NoSigningCertificate,
    /// This is the SP of Amazon Web Services themselves, whose assertions name roles; AWS IAM Identity Center is another one.
    NotIdentityCenter {
        /// Its identifier.
        entity_id: EntityId,
    },
}

impl fmt::Display for MetadataFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IncompleteEndpoint { element, number, missing } => write!(f, "{element} {number} has no {missing} and is passed over"),
            Self::NoCertificate { number } => {
                write!(f, "KeyDescriptor {number} has no X509Certificate, and no other form of a key is read")
            }
            Self::UnreadableCertificate { number, reason } => {
                write!(f, "KeyDescriptor {number} has an X509Certificate that cannot be read: {reason}")
            }
            Self::UnusableKey { number, reason } => write!(f, "KeyDescriptor {number} has a certificate that verifies nothing: {reason}"),
            Self::SeveralDescriptors { element, count } => write!(f, "the first {element} of {count} is used"),
            Self::UnsupportedBinding { index, binding } => {
                write!(
                    f,
                    "AssertionConsumerService {index} is kept out: expected the binding HTTP-POST, found \"{}\"",
                    excerpt(binding.as_str())
                )
            }
            Self::RefusedLocation { index, url, expected } => {
                write!(f, "AssertionConsumerService {index} is kept out: expected {expected}, found \"{}\"", excerpt(url))
            }
            Self::NoSigningCertificate => f.write_str("AuthnRequestsSigned is true, and there is no certificate to verify a request with"),
            Self::NotIdentityCenter { entity_id } => {
                write!(f, "{} is Amazon Web Services (IAM), not AWS IAM Identity Center", excerpt(entity_id.as_str()))
            }
        }
    }
}
