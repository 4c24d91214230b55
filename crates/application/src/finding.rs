//! What a person should know of an application.

use std::fmt;
use std::time::{Duration, SystemTime};

use idbridge_saml::{Certificate, CertificateFinding, MetadataFinding};

use crate::settings::{Application, Kind};

/// Something about an application that is no error, and yet not what it should be. It prints as one sentence.
///
/// # Examples
///
/// ```
/// # let now = std::time::UNIX_EPOCH;
/// use idbridge_application::NewApplication;
///
/// let application = NewApplication::saml("AWS").create(|_| false)?;
/// assert_eq!(
///     application.findings(now)[0].to_string(),
///     "SSO is not configured: upload the metadata of the service provider, and give it the metadata of this identity provider"
/// );
/// # Ok::<(), idbridge_application::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The metadata of the service provider was not uploaded.
    SsoNotConfigured,
    /// Identity management goes with an application that people do not sign in to by SAML, which is the recommended method.
    BookmarkOnly,
    /// The metadata of the service provider is over.
    SpMetadataExpired {
        /// Since when.
        since: SystemTime,
    },
    /// Something in the metadata of the service provider.
    Metadata(MetadataFinding),
    /// A certificate is over, begins later, or is over soon.
    Certificate {
        /// SHA-256 of it.
        fingerprint: String,
        /// Whether it is the one whose key signs.
        is_signing: bool,
        /// What is to be said.
        finding: CertificateFinding,
    },
    /// A certificate is longer than AWS IAM Identity Center takes.
    CertificateTooLong {
        /// SHA-256 of it.
        fingerprint: String,
        /// Its characters in PEM.
        found: usize,
    },
}

/// How long before its end a certificate is spoken of.
const NOTICE: Duration = Duration::from_secs(90 * 86_400);

/// AWS IAM Identity Center: the most characters of a certificate.
const LONGEST_CERTIFICATE: usize = 2_500;

impl Application {
    /// Everything that a person should know of it at `now`. Of certificates it speaks from 90 days before their end.
    #[must_use]
    pub fn findings(&self, now: SystemTime) -> Vec<Finding> {
        let mut findings = Vec::new();
        match (self.kind(), self.sp()) {
            (Kind::Saml, None) => findings.push(Finding::SsoNotConfigured),
            (Kind::Bookmark, _) if self.has_identity_management => findings.push(Finding::BookmarkOnly),
            _ => {}
        }
        if let Some(sp) = self.sp() {
            findings.extend(sp.valid_until().filter(|until| now >= *until).map(|since| Finding::SpMetadataExpired { since }));
            findings.extend(sp.findings().iter().cloned().map(Finding::Metadata));
        }
        for (certificate, is_signing) in [(self.certificate(), true), (self.second_certificate(), false)] {
            findings.extend(certificate.into_iter().flat_map(|certificate| about(certificate, is_signing, now)));
        }
        findings
    }
}

fn about(certificate: &Certificate, is_signing: bool, now: SystemTime) -> impl Iterator<Item = Finding> {
    let fingerprint = || certificate.fingerprint_sha256();
    let expiry = certificate.expiry(now, NOTICE);
    let expiry = expiry.map(|finding| Finding::Certificate { fingerprint: fingerprint(), is_signing, finding });
    let found = certificate.to_pem().chars().count();
    let too_long = (found > LONGEST_CERTIFICATE).then(|| Finding::CertificateTooLong { fingerprint: fingerprint(), found });
    expiry.into_iter().chain(too_long)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SsoNotConfigured => f.write_str(
                "SSO is not configured: upload the metadata of the service provider, and give it the metadata of this identity provider",
            ),
            Self::BookmarkOnly => f.write_str("people get in by a bookmark; SAML is the recommended method of signing in"),
            Self::SpMetadataExpired { .. } => {
                f.write_str("the metadata of the service provider is not valid any more, so nobody can sign in; upload it anew")
            }
            Self::Metadata(finding) => write!(f, "{finding}"),
            Self::Certificate { fingerprint, is_signing, finding } => {
                let which = if *is_signing { "signing certificate" } else { "second certificate" };
                write!(f, "{which} {fingerprint}: {finding}")
            }
            Self::CertificateTooLong { fingerprint, found } => {
                write!(
                    f,
                    "certificate {fingerprint} has {found} characters, and AWS IAM Identity Center takes at most {LONGEST_CERTIFICATE}"
                )
            }
        }
    }
}
