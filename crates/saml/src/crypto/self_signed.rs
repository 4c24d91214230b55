//! Making certificates.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rsa::signature::Keypair;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder, Result as BuilderResult};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{Any, BitString, SetOfVec};
use x509_cert::der::flagset::FlagSet;
use x509_cert::der::{DateTime, Decode as _, Document, Encode as _, Tag};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey, Result as SpkiResult, SubjectPublicKeyInfoOwned,
    SubjectPublicKeyInfoRef,
};
use x509_cert::time::{Time, Validity};

use super::verifier::RustCryptoKey;
use super::{Certificate, PublicKey, SignatureAlgorithm, Signer, VerifyingKey as _, oid};
use crate::error::{Error, ErrorKind};

/// A certificate to be made, which its own key signs: what an identity provider puts into its metadata.
///
/// It is X.509 version 3 with the subject `CN=common name`, no certificate authority, for digital signatures alone, and with the identifier of its
/// key. The same input makes the same bytes.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.pem"));
/// # let now = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_796_428_800);
/// # let serial = [7; 16];
/// use std::time::Duration;
/// use idbridge_saml::{RsaSigner, SelfSigned};
///
/// let signer = RsaSigner::from_pem(pem)?;
/// let three_years = Duration::from_secs(3 * 365 * 86_400);
/// // `serial` holds 16 random bytes.
/// let certificate = SelfSigned::new("idp.example.com", now, three_years, serial).sign(&signer, &signer.public_key())?;
/// assert_eq!(certificate.subject(), "CN=idp.example.com");
/// assert_eq!(certificate.not_after(), now + three_years);
/// # Ok::<(), idbridge_saml::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfSigned {
    common_name: String,
    not_before: SystemTime,
    valid_for: Duration,
    serial: [u8; 16],
}

/// RFC 5280 appendix A.1, `ub-common-name`.
const LONGEST_COMMON_NAME: usize = 64;
/// The first second of the year 10000.
const END_OF_TIME: u64 = 253_402_300_800;

impl SelfSigned {
    /// Says what the certificate will hold; [`sign`](Self::sign) checks it.
    ///
    /// The common name has 1 to 64 characters, any of them; people see it in consoles, and no machine reads it. The validity has whole seconds, and
    /// a fraction is cut off. `serial` is 16 random bytes, which become a positive number.
    #[must_use]
    pub fn new(common_name: impl Into<String>, not_before: SystemTime, valid_for: Duration, serial: [u8; 16]) -> Self {
        Self { common_name: common_name.into(), not_before, valid_for, serial }
    }

    /// Makes the certificate of `key`, signed by `signer`, with the signer's algorithm.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if the common name, the validity or the serial number is none that a certificate may have, [`ErrorKind::Caller`] if the
    /// signer fails, [`ErrorKind::Algorithm`] if it signs with SHA-1, and [`ErrorKind::Key`] if `key` does not verify what it signed.
    pub fn sign(&self, signer: &dyn Signer, key: &PublicKey) -> Result<Certificate, Error> {
        let algorithm = signer.algorithm();
        if algorithm == SignatureAlgorithm::DangerousRsaSha1 {
            return Err(Error::whole(ErrorKind::Algorithm { found: algorithm.uri().to_owned(), is_weak: true }));
        }
        let parties = Parties { key, algorithm };
        let mut builder = self.builder(key)?;
        let message = builder.finalize(&parties).map_err(bug)?;
        let signature =
            signer.sign(&message).map_err(|error| Error::whole(ErrorKind::Caller { what: "the signer", reason: error.to_string() }))?;
        if !RustCryptoKey(key.clone()).is_valid(algorithm, &message, &signature) {
            return Err(super::unusable("public key", "it does not verify what the signer signed: they are of two pairs"));
        }
        let signature = if algorithm.is_rsa() { Some(signature) } else { key.signature_to_der(&signature) };
        let signature = BitString::from_bytes(&signature.unwrap_or_default()).map_err(bug)?;
        let certificate = builder.assemble(signature, &parties).map_err(bug)?;
        Certificate::from_der(&certificate.to_der().map_err(bug)?)
    }

    fn builder(&self, key: &PublicKey) -> Result<CertificateBuilder<Profile>, Error> {
        let characters = self.common_name.chars().count();
        if !(1..=LONGEST_COMMON_NAME).contains(&characters) {
            return Err(value("common name", "1 to 64 characters", format!("{characters}")));
        }
        if self.serial.iter().all(|byte| *byte == 0) {
            return Err(value("serial number", "16 random bytes", "zeros".to_owned()));
        }
        let profile = Profile(name(&self.common_name).map_err(bug)?);
        let serial = SerialNumber::new(&self.serial).map_err(bug)?;
        let info = SubjectPublicKeyInfoOwned::from_der(key.der()).map_err(bug)?;
        CertificateBuilder::new(profile, serial, self.validity()?, info).map_err(bug)
    }

    fn validity(&self) -> Result<Validity, Error> {
        const EXPECTED: &str = "a second or more, within the years 1970 to 9999";
        let refused = |found: &str| value("validity", EXPECTED, found.to_owned());
        let not_before = self.not_before.duration_since(UNIX_EPOCH).map_err(|_| refused("a beginning before 1970"))?.as_secs();
        let seconds = self.valid_for.as_secs();
        let not_after = not_before.checked_add(seconds).filter(|not_after| *not_after < END_OF_TIME);
        let not_after = not_after.ok_or_else(|| refused("an end after 9999"))?;
        if seconds == 0 {
            return Err(refused("less than a second"));
        }
        // RFC 5280 section 4.1.2.5: "dates through the year 2049 as UTCTime [...] in 2050 or later [...] as GeneralizedTime", which From does.
        let time = |seconds| DateTime::from_unix_duration(Duration::from_secs(seconds)).map(Time::from).map_err(bug);
        Ok(Validity::new(time(not_before)?, time(not_after)?))
    }
}

/// What stands in the certificate.
struct Profile(Name);

impl BuilderProfile for Profile {
    fn get_issuer(&self, subject: &Name) -> Name {
        subject.clone()
    }

    fn get_subject(&self) -> Name {
        self.0.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        certificate: &TbsCertificate,
    ) -> BuilderResult<Vec<Extension>> {
        let subject = certificate.subject();
        // Each may look at those before it, and none of these three does.
        Ok(vec![
            BasicConstraints { ca: false, path_len_constraint: None }.to_extension(subject, &[])?,
            KeyUsage(FlagSet::from(KeyUsages::DigitalSignature)).to_extension(subject, &[])?,
            SubjectKeyIdentifier::try_from(key)?.to_extension(subject, &[])?,
        ])
    }
}

/// What the builder asks about the signer, without letting it sign.
struct Parties<'a> {
    key: &'a PublicKey,
    algorithm: SignatureAlgorithm,
}

impl Keypair for Parties<'_> {
    type VerifyingKey = Info;

    fn verifying_key(&self) -> Info {
        Info(self.key.clone())
    }
}

impl DynSignatureAlgorithmIdentifier for Parties<'_> {
    fn signature_algorithm_identifier(&self) -> SpkiResult<AlgorithmIdentifierOwned> {
        let oid = oid::of_signature(self.algorithm);
        // RFC 4055 section 5: parameters of RSA are NULL; RFC 5758 section 3.2: those of ECDSA are absent.
        let parameters = self.algorithm.is_rsa().then(Any::null);
        Ok(AlgorithmIdentifierOwned { oid, parameters })
    }
}

#[derive(Clone)]
struct Info(PublicKey);

impl EncodePublicKey for Info {
    fn to_public_key_der(&self) -> SpkiResult<Document> {
        Ok(Document::try_from(self.0.der())?)
    }
}

/// A name of one common name, in UTF-8, so that no character means anything in it.
fn name(common_name: &str) -> Result<Name, x509_cert::der::Error> {
    let value = Any::new(Tag::Utf8String, common_name.as_bytes())?;
    let mut attributes = SetOfVec::new();
    attributes.insert(AttributeTypeAndValue { oid: oid::COMMON_NAME, value })?;
    let mut names = RdnSequence::default();
    names.push(RelativeDistinguishedName::from(attributes));
    Name::from_der(&names.to_der()?)
}

fn value(name: &'static str, expected: &'static str, found: String) -> Error {
    Error::whole(ErrorKind::Value { name, expected, found })
}

/// All input was checked before, so that nothing is left to fail; if it does all the same, it is an error and no panic.
fn bug(error: impl std::fmt::Display) -> Error {
    super::unusable("certificate", format!("it cannot be written: {error}"))
}
