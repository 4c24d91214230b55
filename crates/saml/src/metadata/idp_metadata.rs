//! The metadata of an IdP, to be given to SPs.

use std::time::SystemTime;

use crate::crypto::Certificate;
use crate::entity_id::EntityId;
use crate::error::{Error, ErrorKind};
use crate::metadata::check_url;
use crate::metadata::write::{self, METADATA};
use crate::metadata::{Binding, SingleSignOnService};
use crate::name_id::NameIdFormat;
use crate::uri;

/// The metadata that an IdP gives to its SPs: who it is, where requests go, and the certificates of the keys that it signs with.
///
/// The same values give the same bytes, and [`EntityDescriptor::from_xml`](crate::EntityDescriptor::from_xml) reads the same values from them.
/// AWS IAM Identity Center takes it as it is, which is why there is no key for encryption, and a limit to its length.
///
/// # Examples
///
/// ```
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
/// use idbridge_saml::{Certificate, EntityDescriptor, EntityId, IdpMetadata};
///
/// let certificate = Certificate::from_pem(pem)?;
/// let metadata = IdpMetadata::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso", certificate.clone());
/// let entity = EntityDescriptor::from_xml(&metadata.to_xml()?)?;
/// let idp = entity.idp().ok_or("no IdP")?;
/// assert_eq!(idp.single_sign_on_services(), metadata.single_sign_on_services());
/// assert_eq!(idp.signing_certificates(), [certificate]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdpMetadata {
    entity_id: EntityId,
    url: String,
    has_redirect: bool,
    certificates: Vec<Certificate>,
    name_id_formats: Vec<NameIdFormat>,
    want_authn_requests_signed: bool,
    valid_until: Option<SystemTime>,
    allow_http: bool,
}

impl IdpMetadata {
    /// The most characters of a file that AWS IAM Identity Center takes, and so the most that is written.
    pub const MOST_CHARACTERS: usize = 75_000;

    /// The metadata of an IdP that takes requests at one URL, by HTTP-Redirect and by HTTP-POST, and names persons by their e-mail address.
    #[must_use]
    pub fn new(entity_id: EntityId, single_sign_on_url: impl Into<String>, certificate: Certificate) -> Self {
        Self {
            entity_id,
            url: single_sign_on_url.into(),
            has_redirect: true,
            certificates: vec![certificate],
            name_id_formats: vec![NameIdFormat::EMAIL_ADDRESS],
            want_authn_requests_signed: false,
            valid_until: None,
            allow_http: false,
        }
    }

    /// The same, with the certificate of one more key, so that SPs know it before it signs.
    #[must_use]
    pub fn with_certificate(mut self, certificate: Certificate) -> Self {
        if !self.certificates.contains(&certificate) {
            self.certificates.push(certificate);
        }
        self
    }

    /// Whether requests may come by HTTP-Redirect too; if not, by HTTP-POST alone.
    #[must_use]
    pub fn with_redirect(mut self, has_redirect: bool) -> Self {
        self.has_redirect = has_redirect;
        self
    }

    /// The same, with these formats of names in place of the one for e-mail addresses.
    #[must_use]
    pub fn with_name_id_formats(mut self, formats: impl IntoIterator<Item = NameIdFormat>) -> Self {
        self.name_id_formats = write::each_once(formats);
        self
    }

    /// Whether SPs are to sign their requests.
    #[must_use]
    pub fn with_want_authn_requests_signed(mut self, want: bool) -> Self {
        self.want_authn_requests_signed = want;
        self
    }

    /// The same, to be used before this moment only; it is written with whole seconds.
    #[must_use]
    pub fn with_valid_until(mut self, moment: SystemTime) -> Self {
        self.valid_until = Some(moment);
        self
    }

    /// Takes a URL of http, too.
    ///
    /// # Security
    ///
    /// Whoever is on the way reads and changes what is sent there. It is for one's own machine.
    #[must_use]
    pub fn dangerous_allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// Who the IdP is.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// The URL that takes requests.
    #[must_use]
    pub fn single_sign_on_url(&self) -> &str {
        &self.url
    }

    /// The endpoints as they are written: HTTP-Redirect, unless it is left out, and HTTP-POST.
    #[must_use]
    pub fn single_sign_on_services(&self) -> Vec<SingleSignOnService> {
        let bindings = self.has_redirect.then_some(Binding::HTTP_REDIRECT).into_iter().chain([Binding::HTTP_POST]);
        bindings.map(|binding| SingleSignOnService::new(binding, &self.url)).collect()
    }

    /// The certificates of the keys that it signs with.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The formats of names that it gives.
    #[must_use]
    pub fn name_id_formats(&self) -> &[NameIdFormat] {
        &self.name_id_formats
    }

    /// Whether SPs are to sign their requests.
    #[must_use]
    pub fn want_authn_requests_signed(&self) -> bool {
        self.want_authn_requests_signed
    }

    /// When it is not to be used any more.
    #[must_use]
    pub fn valid_until(&self) -> Option<SystemTime> {
        self.valid_until
    }

    /// Writes it, in the order that the schema of saml-metadata has, with an XML declaration, in one line.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] if the URL is not https (or http where that is allowed), or no URL that a browser is sent to, or if a text has a
    /// character that XML cannot carry; [`ErrorKind::Misuse`] for a moment without a year of four digits; [`ErrorKind::Limit`] beyond
    /// [`MOST_CHARACTERS`](Self::MOST_CHARACTERS), 16 certificates or 64 formats of names;
    /// [`ErrorKind::Key`] for a certificate with a key that nothing can be verified with.
    ///
    /// # Examples
    ///
    /// ```
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rsa2048.crt"));
    /// use idbridge_saml::{Certificate, EntityId, IdpMetadata};
    ///
    /// let metadata = IdpMetadata::new(EntityId::new("JumpCloud")?, "http://localhost:3000/sso", Certificate::from_pem(pem)?);
    /// let error = metadata.to_xml().unwrap_err();
    /// let expected = "expected a URL that begins with https://, found \"http://localhost:3000/sso\"";
    /// assert_eq!(error.to_string(), format!("invalid SingleSignOnService: {expected}"));
    /// assert!(metadata.dangerous_allow_http().to_xml().is_ok());
    /// # Ok::<(), idbridge_saml::Error>(())
    /// ```
    pub fn to_xml(&self) -> Result<String, Error> {
        check_url("SingleSignOnService", &self.url, self.allow_http)?;
        write::check(&self.certificates, &self.name_id_formats)?;
        let text = write::entity(&self.entity_id, self.valid_until, |writer| {
            let want = write::boolean(self.want_authn_requests_signed);
            let attributes = [("WantAuthnRequestsSigned", Some(want)), ("protocolSupportEnumeration", Some(uri::PROTOCOL))];
            writer.start(METADATA.named("IDPSSODescriptor"), &attributes);
            write::signing_keys(writer, &self.certificates);
            write::name_id_formats(writer, &self.name_id_formats);
            for service in self.single_sign_on_services() {
                let attributes = [("Binding", Some(service.binding().as_str())), ("Location", Some(service.url()))];
                writer.element(METADATA.named("SingleSignOnService"), &attributes, "");
            }
            writer.end();
        })?;
        if text.chars().count() > Self::MOST_CHARACTERS {
            return Err(Error::whole(ErrorKind::Limit { what: "characters of metadata", most: Self::MOST_CHARACTERS }));
        }
        Ok(text)
    }
}
