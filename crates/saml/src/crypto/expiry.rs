//! What there is to say about the validity of a certificate.

use std::fmt;
use std::time::SystemTime;

use crate::time;

/// Why a certificate needs attention; [`Certificate::expiry`](crate::Certificate::expiry) finds it.
///
/// SAML parties believe a key because its certificate is in metadata, and many believe it beyond its validity; but not all do, and what they do then
/// is refuse every sign-in at once. So this is a finding for a person, and no error.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use idbridge_saml::CertificateFinding;
///
/// let not_after = SystemTime::UNIX_EPOCH + Duration::from_secs(1_796_428_800);
/// assert_eq!(
///     CertificateFinding::Expires { days: 12, not_after }.to_string(),
///     "the certificate expires in 12 days, on 2026-12-05T00:00:00Z; publish the next one beside it before then"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateFinding {
    /// It is not valid yet.
    NotYetValid {
        /// The first moment of its validity.
        not_before: SystemTime,
    },
    /// It is valid, and will not be for much longer.
    Expires {
        /// The full days that are left.
        days: u64,
        /// The last moment of its validity.
        not_after: SystemTime,
    },
    /// It is not valid any more.
    Expired {
        /// The last moment of its validity.
        not_after: SystemTime,
    },
}

impl fmt::Display for CertificateFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotYetValid { not_before } => {
                let moment = time::display(not_before);
                write!(f, "the certificate is not valid before {moment}; check the clock, or sign with the one before it until then")
            }
            Self::Expires { days, not_after } => {
                f.write_str("the certificate expires in ")?;
                match days {
                    0 => f.write_str("less than a day"),
                    1 => f.write_str("1 day"),
                    days => write!(f, "{days} days"),
                }?;
                write!(f, ", on {}; publish the next one beside it before then", time::display(not_after))
            }
            Self::Expired { not_after } => {
                let moment = time::display(not_after);
                write!(f, "the certificate expired on {moment}; parties that check its validity refuse what its key signs, so replace it")
            }
        }
    }
}
