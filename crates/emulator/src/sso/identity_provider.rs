//! Whom the instance believes.

use idbridge_saml::{Binding, Certificate, EntityDescriptor, EntityId, TrustedKeys};

use crate::error::{Error, ErrorKind};

/// The external identity provider that the instance is set up with: what its metadata said.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{Service, Settings};
///
/// let service = Service::new(Settings::default());
/// assert!(service.identity_provider().is_none());
/// ```
#[derive(Debug, Clone)]
pub struct ExternalIdentityProvider {
    entity_id: EntityId,
    certificates: Vec<Certificate>,
    redirect_url: Option<String>,
    post_url: Option<String>,
    pub(super) keys: TrustedKeys,
}

impl ExternalIdentityProvider {
    /// The most characters of a file (user guide, `other-idps`).
    pub const MOST_CHARACTERS: usize = 75_000;

    /// Reads metadata, all or nothing.
    pub(super) fn from_metadata(text: &str, allows_http: bool) -> Result<Self, Error> {
        let characters = text.chars().count();
        if characters > Self::MOST_CHARACTERS {
            return Err(ErrorKind::MetadataTooLong { characters, most: Self::MOST_CHARACTERS }.into());
        }
        // Files come with a byte order mark from some editors.
        let entity = EntityDescriptor::from_xml(text.trim_start_matches('\u{FEFF}')).map_err(ErrorKind::Saml)?;
        let entity_id = entity.entity_id().clone();
        let idp = entity.idp().ok_or_else(|| ErrorKind::NotAnIdentityProvider { entity_id: entity_id.clone() })?;
        let certificates = idp.signing_certificates().to_vec();
        if certificates.is_empty() {
            return Err(ErrorKind::NoCertificate.into());
        }
        let keys = TrustedKeys::new(&certificates).map_err(ErrorKind::Saml)?;
        let url = |binding: Binding| {
            let services = idp.single_sign_on_services().iter().filter(|service| *service.binding() == binding);
            services.map(|service| service.url().to_owned()).find(|url| is_usable(url, allows_http))
        };
        let (redirect_url, post_url) = (url(Binding::HTTP_REDIRECT), url(Binding::HTTP_POST));
        if redirect_url.is_none() && post_url.is_none() {
            return Err(ErrorKind::NoSingleSignOnService.into());
        }
        Ok(Self { entity_id, certificates, redirect_url, post_url, keys })
    }

    /// Who it is: the issuer of responses and assertions.
    #[must_use]
    pub fn entity_id(&self) -> &EntityId {
        &self.entity_id
    }

    /// The certificates of the keys that are believed; two while the identity provider changes from one to the other.
    ///
    /// That one has expired ends no trust here: what AWS does then is open.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Where it takes requests by this binding, HTTP-Redirect or HTTP-POST.
    #[must_use]
    pub fn single_sign_on_url(&self, binding: &Binding) -> Option<&str> {
        match binding {
            _ if *binding == Binding::HTTP_REDIRECT => self.redirect_url.as_deref(),
            _ if *binding == Binding::HTTP_POST => self.post_url.as_deref(),
            _ => None,
        }
    }
}

/// Whether a browser may be sent there: a URL of a browser's own schemes that fits into a header as it is.
fn is_usable(url: &str, allows_http: bool) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://").filter(|_| allows_http));
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?']) && rest.bytes().all(is_allowed))
}
