//! Why single sign-on was refused, or could not be set up.

use std::fmt;
use std::time::SystemTime;

use idbridge_saml::{Binding, EntityId, Location, NameIdFormat};
use idbridge_scim::ResourceId;

use crate::time::date_time;

/// Why metadata was not taken, a request not made, or a response not believed.
///
/// AWS tells a person nothing but that something went wrong. This says what did, which check found it and where; [`aws`](Self::aws) is what a
/// log of AWS would have, where that is known. What the SCIM service refuses is answered as AWS answers it, and is no `Error`.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{Service, Settings};
///
/// let error = Service::new(Settings::default()).import_idp_metadata("<html/>").unwrap_err();
/// assert_eq!(error.check(), "document");
/// assert!(error.to_string().starts_with("expected EntityDescriptor"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<ErrorKind>);

/// What is wrong, with the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What SAML asks for is not so: the document, its signature, whom it is for, its times, that it is new.
    Saml(idbridge_saml::Error),

    // Setting up.
    /// A name or a URL that the portal was to have cannot be one.
    Portal {
        /// What was given.
        what: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The identity provider's metadata is longer than AWS takes.
    MetadataTooLong {
        /// How long it is.
        characters: usize,
        /// The most that is taken.
        most: usize,
    },
    /// The metadata is that of somebody else than an identity provider.
    NotAnIdentityProvider {
        /// Whose it is.
        entity_id: EntityId,
    },
    /// The identity provider's metadata has no certificate for signatures.
    NoCertificate,
    /// The identity provider's metadata has no URL to send people to, by a binding that can be used.
    NoSingleSignOnService,

    // Starting.
    /// No identity provider is set up.
    NoIdentityProvider,
    /// The identity provider takes no requests by this binding.
    NoBinding {
        /// The binding.
        binding: Binding,
    },
    /// There is no assertion consumer service of this number.
    UnknownIndex {
        /// The number.
        index: u16,
    },

    // Signing in.
    /// The response came to a URL that is no assertion consumer service.
    UnknownEndpoint {
        /// The URL.
        url: String,
    },
    /// The response answers a request that is not outstanding: it was never made here, or was answered before.
    UnknownRequest {
        /// What it says to answer.
        in_response_to: String,
    },
    /// The response answers a request that is too old.
    RequestExpired {
        /// The request.
        id: String,
        /// When it ended.
        expired: SystemTime,
    },
    /// The response brings back another `RelayState` than the request had.
    RelayState,
    /// The response came to another browser than the one that asked for it.
    OtherBrowser,
    /// The `NameID` has another format than AWS takes.
    NameIdFormat {
        /// Its format.
        found: NameIdFormat,
    },
    /// The `NameID` is no e-mail address.
    NameIdValue {
        /// The `NameID`.
        name_id: String,
    },
    /// No user has this `userName`: nobody was provisioned under it, and nobody is created by signing in.
    NotProvisioned {
        /// The `NameID`.
        name_id: String,
    },
    /// More than one user has this `userName`, which only seeding can make.
    Ambiguous {
        /// The `NameID`.
        name_id: String,
        /// How many users have it.
        users: usize,
    },
    /// The user is not active.
    NotActive {
        /// The user's id.
        user: ResourceId,
        /// The user's `userName`.
        user_name: String,
    },
}

impl Error {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// The check that failed, in a word or two, such as `signature` or `Audience`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Service, Settings};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let error = service.start_sign_in(None, [7; 32], UNIX_EPOCH).unwrap_err();
    /// assert_eq!(error.check(), "identity provider");
    /// ```
    #[must_use]
    pub fn check(&self) -> &'static str {
        match self.kind() {
            ErrorKind::Saml(error) => saml_check(error.kind()),
            ErrorKind::Portal { what, .. } => what,
            ErrorKind::MetadataTooLong { .. } => "length",
            ErrorKind::NotAnIdentityProvider { .. } => "IDPSSODescriptor",
            ErrorKind::NoCertificate => "X509Certificate",
            ErrorKind::NoSingleSignOnService | ErrorKind::NoBinding { .. } => "SingleSignOnService",
            ErrorKind::NoIdentityProvider => "identity provider",
            ErrorKind::UnknownIndex { .. } | ErrorKind::UnknownEndpoint { .. } => "AssertionConsumerService",
            ErrorKind::UnknownRequest { .. } | ErrorKind::RequestExpired { .. } => "InResponseTo",
            ErrorKind::RelayState => "RelayState",
            ErrorKind::OtherBrowser => "browser",
            ErrorKind::NameIdFormat { .. } | ErrorKind::NameIdValue { .. } => "NameID",
            ErrorKind::NotProvisioned { .. } | ErrorKind::Ambiguous { .. } => "userName",
            ErrorKind::NotActive { .. } => "active",
        }
    }

    /// Where in the document it was found; none where there is no such place.
    #[must_use]
    pub fn at(&self) -> Option<&Location> {
        match self.kind() {
            ErrorKind::Saml(error) => Some(error.at()).filter(|at| **at != Location::Whole),
            _ => None,
        }
    }

    /// The reason that the log of AWS (`CloudTrail`) has for it, in the event `ExternalIdPDirectoryLogin`, where one was reported.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Service, Settings};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let error = service.start_sign_in(None, [7; 32], UNIX_EPOCH).unwrap_err();
    /// assert_eq!(error.aws(), None);
    /// ```
    #[must_use]
    pub fn aws(&self) -> Option<String> {
        let not_for = |id: &str| format!("Not a valid response for the provided request id: {id}");
        match self.kind() {
            ErrorKind::NameIdFormat { .. } => Some("Response contains invalid name id policy format".to_owned()),
            ErrorKind::UnknownRequest { in_response_to: id } | ErrorKind::RequestExpired { id, .. } => Some(not_for(id)),
            _ => None,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.kind() {
            // Its text is all of this one's.
            ErrorKind::Saml(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saml(error) => error.fmt(f),
            Self::Portal { what, expected, found } => write!(f, "invalid {what}: expected {expected}, found {found:?}"),
            Self::MetadataTooLong { characters, most } => {
                write!(f, "the metadata has {characters} characters, and at most {most} are taken")
            }
            Self::NotAnIdentityProvider { entity_id } => {
                write!(f, "the metadata of {entity_id} is not that of an identity provider of SAML 2.0 (IDPSSODescriptor)")
            }
            Self::NoCertificate => f.write_str("the metadata has no X509Certificate of a key that responses are signed with"),
            Self::NoSingleSignOnService => f.write_str(
                "the metadata has no SingleSignOnService for HTTP-Redirect or HTTP-POST at a URL of https (or http, over loopback)",
            ),
            Self::NoIdentityProvider => f.write_str("no identity provider is set up; import its metadata first"),
            Self::NoBinding { binding } => write!(f, "the identity provider takes no requests by {binding}"),
            Self::UnknownIndex { index } => write!(f, "there is no AssertionConsumerService with the index {index}"),
            Self::UnknownEndpoint { url } => write!(f, "{url:?} is no AssertionConsumerService of this instance"),
            Self::UnknownRequest { in_response_to } => {
                write!(
                    f,
                    "it answers the request {in_response_to:?}, which is not outstanding: it was never made here, or was answered before"
                )
            }
            Self::RequestExpired { id, expired } => write!(f, "it answers the request {id}, which ended at {}", date_time(*expired)),
            Self::RelayState => f.write_str("the RelayState that came back is not the one that was sent with the request"),
            Self::OtherBrowser => f.write_str("another browser than this one asked for the sign-in, or the cookie that says so is gone"),
            Self::NameIdFormat { found } => {
                write!(f, "the format of the NameID must be {}, and is {found}", NameIdFormat::EMAIL_ADDRESS)
            }
            Self::NameIdValue { name_id } => write!(f, "the NameID {name_id:?} is no e-mail address"),
            Self::NotProvisioned { name_id } => {
                write!(f, "no user has the userName {name_id:?}; a user must be provisioned before signing in, and none is created by it")
            }
            Self::Ambiguous { name_id, users } => write!(f, "{users} users have the userName {name_id:?}"),
            Self::NotActive { user_name, .. } => write!(f, "the user {user_name:?} is not active"),
        }
    }
}

/// The check of `idbridge-saml` that ends in this kind of error.
fn saml_check(kind: &idbridge_saml::ErrorKind) -> &'static str {
    use idbridge_saml::ErrorKind as Saml;
    match kind {
        Saml::NotSigned { .. }
        | Saml::SignatureShape { .. }
        | Saml::Algorithm { .. }
        | Saml::Digest { .. }
        | Saml::Signature { .. }
        | Saml::Key { .. } => "signature",
        Saml::Mismatch { what, .. } | Saml::TooEarly { what, .. } | Saml::TooLate { what, .. } => what,
        Saml::Value { name, .. } => name,
        Saml::Status { .. } => "Status",
        Saml::Replayed { .. } => "replay",
        Saml::Unsupported { .. } => "unsupported",
        _ => "document",
    }
}
