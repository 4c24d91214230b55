//! The one error type of this crate.

use std::fmt;
use std::time::SystemTime;

use crate::time;

/// Why a text is not the SAML that it should be, or why what it says is not believed.
///
/// An error names the check that failed, what was expected, what was found, and where. It never holds key material, and quotes at most
/// 200 bytes of what it was given.
///
/// # Examples
///
/// ```
/// use idbridge_saml::EntityDescriptor;
///
/// let error = EntityDescriptor::from_xml("<!DOCTYPE a><a/>").unwrap_err();
/// assert_eq!(error.to_string(), "invalid XML at byte 0: expected no document type declaration, found \"<!DOCTYPE a>\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    at: Location,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, at: Location) -> Self {
        Self(Box::new(Inner { kind, at }))
    }

    /// An error that lies in no particular place.
    pub(crate) fn whole(kind: ErrorKind) -> Self {
        Self::new(kind, Location::Whole)
    }

    /// The same, found in another place.
    pub(crate) fn with_location(mut self, at: Location) -> Self {
        self.0.at = at;
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it is wrong.
    #[must_use]
    pub fn at(&self) -> &Location {
        &self.0.at
    }
}

/// What is wrong, with the evidence.
///
/// # Examples
///
/// ```
/// # use std::time::{Duration, UNIX_EPOCH};
/// # use idbridge_saml::*;
/// # let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// # let certificate = Certificate::from_pem(include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt")))?;
/// # let credential = Credential::new(RsaSigner::from_pem(pem)?, certificate.clone())?;
/// # let acs = AssertionConsumerService::new(0, "https://sp.example.com/acs");
/// # let sp = RegisteredSp::from_xml(&SpMetadata::new(EntityId::new("https://sp.example.com")?, [acs]).to_xml()?, &Registration::new())?;
/// # let idp = IdentityProvider::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso");
/// # let login = Login::new(NameId::email_address("anna@example.com")?, now);
/// # let ids = ResponseIds::from_random([1; 16], [2; 16]);
/// let signed = idp.unsolicited(&sp, None, None)?.respond(&login, &ids, now)?.sign(&credential)?;
/// let other = ServiceProvider::new(
///     EntityId::new("https://other.example.com")?,
///     ["https://sp.example.com/acs"],
///     EntityId::new("https://idp.example.com")?,
///     TrustedKeys::new([&certificate])?,
/// );
/// let received = ReceivedResponse::from_xml(signed.xml());
/// let error = other.accept(&received, &Expected::Unsolicited, now, &mut MemoryReplayStore::new(1)).unwrap_err();
/// match error.kind() {
///     ErrorKind::Mismatch { what, expected, found } => {
///         assert_eq!((*what, expected.as_str(), found.as_str()), ("Audience", "https://other.example.com", "https://sp.example.com"));
///     }
///     _ => panic!("{error}"),
/// }
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // The text that was given.
    /// The text is not well-formed XML 1.0 with namespaces, or has what this crate refuses, such as a document type declaration.
    #[error("invalid XML")]
    Xml {
        /// What may stand here.
        expected: &'static str,
        /// The text found here, at most 40 bytes of it.
        found: String,
    },
    /// Something is larger, deeper or more than is read.
    #[error("too much: at most {most} {what}")]
    Limit {
        /// What is counted.
        what: &'static str,
        /// The most that is read.
        most: usize,
    },
    /// A text is not in the encoding that its place asks for: base64, DEFLATE, UTF-8, percent-encoding, PEM, DER.
    #[error("invalid {encoding}: {reason}")]
    Encoding {
        /// The encoding.
        encoding: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// An element is missing, is there more than once, or is another one than may stand here.
    #[error("expected {expected}, found {}", or_nothing(.found))]
    Element {
        /// What may stand here.
        expected: String,
        /// What stands here.
        found: String,
    },
    /// An attribute or a value is missing or has a form that it may not have.
    #[error("invalid {name}: expected {expected}, found {}", or_nothing(.found))]
    Value {
        /// The attribute, element or parameter.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is, at most 200 bytes of it.
        found: String,
    },
    /// Something that SAML has, and this crate does not do.
    #[error("{what} is not supported")]
    Unsupported {
        /// What was met.
        what: String,
    },

    // Signatures.
    /// What must be signed carries no signature.
    #[error("{element} is not signed")]
    NotSigned {
        /// The element, or the query.
        element: &'static str,
    },
    /// A signature has another shape than the one that is accepted, so nothing was computed.
    #[error("the signature is not accepted: expected {expected}, found {}", or_nothing(.found))]
    SignatureShape {
        /// What the one accepted shape has here.
        expected: String,
        /// What was found.
        found: String,
    },
    /// An algorithm is unknown, or too weak to be believed.
    #[error("the algorithm {} is not accepted{}", or_nothing(.found), if *.is_weak { ": it is too weak" } else { "" })]
    Algorithm {
        /// Its URI, at most 200 bytes of it.
        found: String,
        /// Whether it is known and refused for its weakness.
        is_weak: bool,
    },
    /// The digest of the signed element is another one than the signature says: the element was changed.
    #[error("the digest of {element} does not match: it was changed after it was signed, or canonicalized otherwise")]
    Digest {
        /// The element.
        element: String,
    },
    /// No trusted key has made this signature.
    #[error("no trusted key verifies the signature over {what} ({tried} tried)")]
    Signature {
        /// What is signed.
        what: String,
        /// How many keys were tried.
        tried: usize,
    },

    // What the message says.
    /// Something is not what it must be: issuer, audience, recipient, destination, InResponseTo, version, status.
    #[error("{what} does not match: expected {expected}, found {}", or_nothing(.found))]
    Mismatch {
        /// What was compared.
        what: &'static str,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// It is not valid yet.
    #[error("{what}: {} is before {} (skew {} s)", time::display(*.now), time::display(*.not_before), .skew)]
    TooEarly {
        /// The condition.
        what: &'static str,
        /// The moment that was asked about.
        now: SystemTime,
        /// The first moment of validity.
        not_before: SystemTime,
        /// Seconds by which clocks may differ.
        skew: u64,
    },
    /// It is not valid any more.
    #[error("{what}: {} is not before {} (skew {} s)", time::display(*.now), time::display(*.not_on_or_after), .skew)]
    TooLate {
        /// The condition.
        what: &'static str,
        /// The moment that was asked about.
        now: SystemTime,
        /// The first moment that is too late.
        not_on_or_after: SystemTime,
        /// Seconds by which clocks may differ.
        skew: u64,
    },
    /// The other party says that it failed (saml-core 3.2.2).
    #[error("the response's status is {code}{}", .message.as_deref().map(|message| format!(": {message}")).unwrap_or_default())]
    Status {
        /// The status code, and behind a slash the one below it.
        code: String,
        /// What the other party says, at most 200 bytes of it.
        message: Option<String>,
    },
    /// The assertion was used before.
    #[error("the assertion {id} was used before")]
    Replayed {
        /// Its identifier.
        id: String,
    },

    // The caller.
    /// What is asked for cannot be done with what was given.
    #[error("{reason}")]
    Misuse {
        /// Why not, and what to do.
        reason: String,
    },
    /// A key or a certificate cannot be used.
    #[error("unusable {what}: {reason}")]
    Key {
        /// The key or the certificate.
        what: &'static str,
        /// Why; never the key itself.
        reason: String,
    },
    /// A signer, or a store that the caller passed, failed.
    #[error("{what} failed: {reason}")]
    Caller {
        /// What was asked.
        what: &'static str,
        /// What it answered.
        reason: String,
    },
}

/// Where an [`Error`] was found.
///
/// # Examples
///
/// ```
/// use idbridge_saml::{EntityDescriptor, Location};
///
/// let text = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>";
/// let error = EntityDescriptor::from_xml(text).unwrap_err();
/// assert_eq!(error.at(), &Location::Element { path: "EntityDescriptor".to_owned(), byte: 0 });
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// Nowhere in particular.
    Whole,
    /// A byte offset into the text that was given.
    Byte(usize),
    /// An element: the names from the root, such as `Response/Assertion/Subject`, and the byte offset where its start tag begins.
    Element {
        /// The path of local names; `[2]` behind a name is the second of that name. Of a long one, the last 200 bytes.
        path: String,
        /// The byte.
        byte: usize,
    },
    /// A parameter of a query or a form.
    Parameter(&'static str),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => Ok(()),
            Self::Byte(byte) => write!(f, " at byte {byte}"),
            Self::Element { path, byte } => write!(f, " at {path} (byte {byte})"),
            Self::Parameter(name) => write!(f, " in {name}"),
        }
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.0.kind, self.0.at)?;
        match &self.0.kind {
            ErrorKind::Xml { expected, found } if found.is_empty() => write!(f, ": expected {expected}, found the end of the text"),
            ErrorKind::Xml { expected, found } => write!(f, ": expected {expected}, found {found:?}"),
            _ => Ok(()),
        }
    }
}

/// What is there and empty is to be seen in a message.
fn or_nothing(found: &str) -> &str {
    if found.is_empty() { "nothing" } else { found }
}

/// The last bytes of a path that fit into an error: where it ends says more than where it begins.
pub(crate) fn excerpt_of_path(path: String) -> String {
    let cut = path.len().saturating_sub(200);
    match (cut..path.len()).find(|&start| path.is_char_boundary(start)).filter(|_| cut > 0) {
        Some(start) => format!("...{}", path.get(start..).unwrap_or_default()),
        None => path,
    }
}

/// Whether `c` would begin a line, hide, or turn around what follows it.
fn breaks_lines(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The first bytes of `text` that fit into an error, cut at a character boundary, with what could break a line of a log escaped.
pub(crate) fn excerpt(text: &str) -> String {
    let end = (0..=200.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or_default();
    let cut = text.get(..end).unwrap_or_default();
    let mut shown = String::with_capacity(cut.len());
    for c in cut.chars() {
        if breaks_lines(c) { shown.extend(c.escape_debug()) } else { shown.push(c) }
    }
    if end < text.len() {
        shown.push_str("...");
    }
    shown
}
