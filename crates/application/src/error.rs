//! The one error type of this crate.

use std::fmt;

use idbridge_saml as saml;

use crate::denied::Denied;

/// Why an application cannot be made, changed or used as asked.
///
/// Whatever is refused has changed nothing. Who may not sign in is no error where it is asked about; see [`Denied`].
///
/// # Examples
///
/// ```
/// use idbridge_application::NewApplication;
///
/// let error = NewApplication::saml(" ").create(|_| false).unwrap_err();
/// assert_eq!(error.to_string(), "invalid display label: expected 1 to 255 characters without control characters, found \"\"");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Error(Box<ErrorKind>);

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }

    pub(crate) fn value(name: &'static str, expected: &'static str, found: &str) -> Self {
        Self::new(ErrorKind::Value { name, expected, found: quoted(found) })
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }
}

/// What is wrong, with the evidence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    // What was given.
    /// A setting has a form that it may not have.
    #[error("invalid {name}: expected {expected}, found {found}")]
    Value {
        /// The setting.
        name: &'static str,
        /// What it may be.
        expected: &'static str,
        /// What it is, in quotation marks, at most 100 characters of it.
        found: String,
    },
    /// An image is of a form that is not taken, or too large.
    #[error("invalid image: expected {expected}, found {found}")]
    Image {
        /// What it may be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// Another application has this IdP URL, and a request that arrives there would be for both.
    #[error("the IdP URL {url} is taken by another application; choose another slug")]
    Taken {
        /// The URL.
        url: String,
    },
    /// Metadata, a URL, a key, or a message is refused for its own reason, which is the error's source too.
    #[error("{what}: {error}")]
    Saml {
        /// What was refused.
        what: &'static str,
        /// Why.
        error: saml::Error,
    },

    // The caller.
    /// A setting is never changed after the application was created.
    #[error("the {what} is immutable: it is {now}; delete the application and create another one to have {asked}")]
    Immutable {
        /// The setting.
        what: &'static str,
        /// What it is and stays.
        now: String,
        /// What was asked for, at most 100 characters of it.
        asked: String,
    },
    /// What was asked for is for applications of the other kind.
    #[error("{label} is a {found} application; {what} is for a {expected} application")]
    Kind {
        /// The application.
        label: String,
        /// What was asked for.
        what: &'static str,
        /// The kind that has it.
        expected: crate::Kind,
        /// The kind that the application is of.
        found: crate::Kind,
    },
    /// There is no certificate yet, and what was asked for needs one.
    #[error("there is no certificate yet; make one, or import one, first")]
    CertificateMissing,
    /// There is a certificate already, and replacing it at once would end all sign-ins.
    #[error("there is a certificate already ({fingerprint}); publish the new one beside it, and switch when the other side has it")]
    CertificateExists {
        /// SHA-256 of the one that is there.
        fingerprint: String,
    },
    /// There is a second certificate already.
    #[error("there is a second certificate already ({fingerprint}); retire it first")]
    SecondCertificateExists {
        /// SHA-256 of the second one.
        fingerprint: String,
    },
    /// There is no second certificate to switch to, or to retire.
    #[error("there is no second certificate; publish one first")]
    SecondCertificateMissing,
    /// The key that was asked for could not be made.
    #[error("no key could be made: {reason}")]
    KeyNotMade {
        /// What whoever was to make it answered.
        reason: String,
    },
    /// Nobody can sign in with this application as it is.
    #[error("{0}")]
    Denied(Denied),
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            ErrorKind::Saml { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What was refused of SAML, with its reason.
pub(crate) fn of_saml(what: &'static str) -> impl FnOnce(saml::Error) -> Error {
    move |error| Error::new(ErrorKind::Saml { what, error })
}

/// The first characters of `text` that fit into an error, in quotation marks, with what could break a line of a log escaped.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 100;
    let shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    let rest = if text.chars().nth(MOST).is_some() { "..." } else { "" };
    format!("\"{shown}{rest}\"")
}
