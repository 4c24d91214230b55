//! Why somebody gets no response.

use std::fmt;

use idbridge_mapping::{Finding, Severity, directory::DirectoryId};

/// Why nobody, or this person, can use an application. Whoever is denied gets no response, signed or not, by whichever way they come.
///
/// People are denied unless something authorises them. [`Display`](fmt::Display) is for the log and the administrator; it holds no values of
/// attributes.
///
/// # Examples
///
/// ```
/// use idbridge_application::{Denied, NewApplication};
/// use idbridge_mapping::directory::{Application as Bindings, DirectoryId, Snapshot, User};
///
/// let application = NewApplication::bookmark("Wiki", "https://wiki.example.com").create(|_| false)?;
/// let anna = DirectoryId::new("u1")?;
/// let mut snapshot = Snapshot::new(Bindings::default());
/// snapshot.insert_user(User::new(anna.clone()));
/// let denied = application.may_launch(&snapshot, &anna).unwrap_err();
/// assert_eq!(denied, Denied::NotAuthorised);
/// assert_eq!(denied.to_string(), "denied: not bound to the application, and in no group that is");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Denied {
    // Nobody.
    /// Single sign-on, or the bookmark, is switched off.
    Inactive,
    /// Something that no response can be made without is not there yet.
    NotConfigured {
        /// What is missing.
        missing: Missing,
    },

    // This person.
    /// The directory has nobody of this identifier.
    Unknown,
    /// The person is not let in yet.
    Staged,
    /// The person is kept out for now.
    Suspended,
    /// Neither the person nor a group of theirs is bound to the application.
    NotAuthorised,
    /// The record of the person cannot be read, or cannot be mapped.
    Held {
        /// Why; at least one of them holds.
        findings: Vec<Finding>,
    },
    /// Another person who may use the application has the same name, so that the other side would take the one for the other.
    NameShared {
        /// The other person.
        with: DirectoryId,
    },
}

/// What an application lacks to sign anybody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Missing {
    /// The metadata of the SP was not uploaded.
    SpMetadata,
    /// There is no certificate.
    Certificate,
}

impl std::error::Error for Denied {}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inactive => f.write_str("denied: the application is switched off"),
            Self::NotConfigured { missing } => write!(f, "denied: single sign-on is not configured; {missing}"),
            Self::Unknown => f.write_str("denied: the directory has nobody of this identifier"),
            Self::Staged => f.write_str("denied: staged in the directory, and not let in yet"),
            Self::Suspended => f.write_str("denied: suspended in the directory"),
            Self::NotAuthorised => f.write_str("denied: not bound to the application, and in no group that is"),
            Self::Held { findings } => {
                f.write_str("denied: ")?;
                let holding = findings.iter().filter(|finding| finding.severity() == Severity::Holds);
                for (index, finding) in holding.enumerate() {
                    let separator = if index == 0 { "" } else { "; and " };
                    write!(f, "{separator}{finding}")?;
                }
                Ok(())
            }
            Self::NameShared { with } => {
                write!(f, "denied: user {with} has the same name, and one would be taken for the other; correct one of the two")
            }
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SpMetadata => "upload the metadata of the service provider",
            Self::Certificate => "make a certificate, or import one",
        })
    }
}
