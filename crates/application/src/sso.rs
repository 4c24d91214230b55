//! Single sign-on: who the two sides are, and how.

use std::time::Duration;

use idbridge_mapping::SamlRuleSet;
use idbridge_saml::{
    EntityId, IdentityProvider, IdpMetadata, MetadataFinding, NameIdFormat, RegisteredSp, Registration, SignedParts, WebUrl,
};

use crate::create::web_url;
use crate::error::{Error, ErrorKind, of_saml};
use crate::settings::Application;

/// What an application of SAML has beside its settings.
#[derive(Debug, Clone)]
pub(crate) struct SingleSignOn {
    pub(crate) idp: IdentityProvider,
    pub(crate) sp: Option<RegisteredSp>,
    pub(crate) login_url: Option<WebUrl>,
    pub(crate) relay_state: Option<String>,
    pub(crate) rules: SamlRuleSet,
    options: ResponseOptions,
}

/// How responses are made, and which requests are taken.
///
/// # Examples
///
/// ```
/// use idbridge_application::{NewApplication, ResponseOptions};
/// use idbridge_saml::SignedParts;
///
/// let mut application = NewApplication::saml("Wiki").create(|_| false)?;
/// let mut options = ResponseOptions::default();
/// options.signed_parts = SignedParts::Assertion;
/// application.set_response_options(options)?;
/// # Ok::<(), idbridge_application::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResponseOptions {
    /// What is signed; both by default, with which every service provider is content.
    pub signed_parts: SignedParts,
    /// How long behind its making an assertion may be used; five minutes by default.
    pub validity: Duration,
    /// By how much the clock of the service provider may differ; 60 seconds by default.
    pub clock_skew: Duration,
    /// How old a request may be; 15 minutes by default.
    pub longest_request_age: Duration,
    /// Whether requests must be signed even if the service provider's metadata does not say so; not by default.
    pub wants_signed_requests: bool,
}

impl Default for ResponseOptions {
    fn default() -> Self {
        Self {
            signed_parts: SignedParts::Both,
            validity: Duration::from_secs(300),
            clock_skew: Duration::from_secs(60),
            longest_request_age: Duration::from_secs(900),
            wants_signed_requests: false,
        }
    }
}

/// The most bytes of a relay state that are sent.
const LONGEST_RELAY_STATE: usize = 8_192;

impl SingleSignOn {
    pub(crate) fn new(entity_id: EntityId, idp_url: String) -> Self {
        let options = ResponseOptions::default();
        let idp = identity_provider(entity_id, &idp_url, &options);
        Self { idp, sp: None, login_url: None, relay_state: None, rules: SamlRuleSet::jumpcloud(), options }
    }

    pub(crate) fn idp_url(&self) -> &str {
        self.idp.single_sign_on_url()
    }

    /// The rules, with the format of names that the service provider's metadata asks for.
    ///
    /// The rules' own format stays where the metadata lists it, or lists nothing that would say otherwise.
    pub(crate) fn effective_rules(&self) -> SamlRuleSet {
        let own = self.rules.name_id_format();
        let formats = self.sp.as_ref().map(RegisteredSp::name_id_formats).unwrap_or_default();
        let first = formats.iter().find(|format| **format != NameIdFormat::UNSPECIFIED);
        match first.filter(|_| !formats.contains(own)) {
            Some(format) => self.rules.clone().with_name_id_format(format.clone()),
            None => self.rules.clone(),
        }
    }
}

fn identity_provider(entity_id: EntityId, idp_url: &str, options: &ResponseOptions) -> IdentityProvider {
    IdentityProvider::new(entity_id, idp_url)
        .with_signed_parts(options.signed_parts)
        .with_validity(options.validity)
        .with_clock_skew(options.clock_skew)
        .with_longest_request_age(options.longest_request_age)
        .with_wants_signed_requests(options.wants_signed_requests)
}

/// Single sign-on by SAML. Of a bookmark, what reads is empty, and what changes is refused with [`ErrorKind::Kind`].
impl Application {
    /// Where requests for this application arrive; it never changes.
    #[must_use]
    pub fn idp_url(&self) -> Option<&str> {
        self.saml("the IdP URL").ok().map(SingleSignOn::idp_url)
    }

    /// Who the identity provider is to this application's service provider.
    #[must_use]
    pub fn idp_entity_id(&self) -> Option<&EntityId> {
        self.saml("the IdP entity ID").ok().map(|sso| sso.idp.entity_id())
    }

    /// The service provider as its metadata has it, once that was uploaded.
    #[must_use]
    pub fn sp(&self) -> Option<&RegisteredSp> {
        self.saml("metadata").ok().and_then(|sso| sso.sp.as_ref())
    }

    /// Where the tile leads, if people shall sign in from there.
    #[must_use]
    pub fn login_url(&self) -> Option<&WebUrl> {
        self.saml("a Login URL").ok().and_then(|sso| sso.login_url.as_ref())
    }

    /// What the service provider is told to show first when nobody asked for anything.
    #[must_use]
    pub fn default_relay_state(&self) -> Option<&str> {
        self.saml("a default RelayState").ok().and_then(|sso| sso.relay_state.as_deref())
    }

    /// What is said of people.
    #[must_use]
    pub fn saml_rules(&self) -> Option<&SamlRuleSet> {
        self.saml("rules").ok().map(|sso| &sso.rules)
    }

    /// Registers the service provider whose metadata somebody uploads: who it is, where responses go, what it wants signed, which names it takes,
    /// and its certificates. AWS IAM Identity Center needs no more.
    ///
    /// All of it is taken, or nothing is changed; and it takes the place of all that was there before. What comes back is worth a look: among it, that
    /// this is the metadata of Amazon Web Services (IAM), which is another application.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Saml`] for what is no metadata of an SP, or of one that no response can go to; [`ErrorKind::Kind`] for a bookmark.
    ///
    /// # Examples
    ///
    /// ```
    /// # let xml = r#"<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://sp.example.com"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://sp.example.com/acs" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>"#;
    /// use idbridge_application::NewApplication;
    ///
    /// let mut application = NewApplication::saml("AWS").create(|_| false)?;
    /// let findings = application.upload_metadata(xml)?;
    /// assert!(findings.is_empty());
    /// assert_eq!(application.sp().map(|sp| sp.entity_id().as_str()), Some("https://sp.example.com"));
    /// # Ok::<(), idbridge_application::Error>(())
    /// ```
    pub fn upload_metadata(&mut self, xml: &str) -> Result<&[MetadataFinding], Error> {
        self.upload_metadata_with(xml, Registration::new())
    }

    /// The same, with what the administrator decides beside what the metadata says.
    ///
    /// # Errors
    ///
    /// As of [`upload_metadata`](Self::upload_metadata).
    pub fn upload_metadata_with(&mut self, xml: &str, registration: Registration) -> Result<&[MetadataFinding], Error> {
        let registration = if self.allows_http() { registration.dangerous_allow_http() } else { registration };
        let sso = self.saml_mut("metadata")?;
        let sp = RegisteredSp::from_xml(xml, &registration).map_err(of_saml("metadata of the service provider"))?;
        Ok(sso.sp.insert(sp).findings())
    }

    /// Writes the metadata to give to the service provider: who the identity provider is, the IdP URL, and the certificates, the one that signs
    /// first. The same settings give the same bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::CertificateMissing`] if there is none yet, and [`ErrorKind::Kind`] for a bookmark.
    pub fn export_metadata(&self) -> Result<String, Error> {
        let sso = self.saml("metadata")?;
        let missing = || Error::new(ErrorKind::CertificateMissing);
        let signing = self.certificates.signing().ok_or_else(missing)?.clone();
        let mut metadata = IdpMetadata::new(sso.idp.entity_id().clone(), sso.idp_url(), signing)
            .with_name_id_formats([sso.effective_rules().name_id_format().clone()])
            .with_want_authn_requests_signed(sso.options.wants_signed_requests);
        if let Some(second) = self.certificates.second() {
            metadata = metadata.with_certificate(second.clone());
        }
        if self.allows_http() {
            metadata = metadata.dangerous_allow_http();
        }
        metadata.to_xml().map_err(of_saml("metadata of the identity provider"))
    }

    /// Lets the tile lead to where people sign in at the service provider, such as the AWS access portal, or to a response right away (nothing).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Saml`] for what is no URL of https, and [`ErrorKind::Kind`] for a bookmark.
    pub fn set_login_url(&mut self, url: Option<&str>) -> Result<(), Error> {
        let allows_http = self.allows_http();
        let sso = self.saml_mut("a Login URL")?;
        let url = url.map(str::trim).filter(|url| !url.is_empty());
        sso.login_url = url.map(|url| web_url("Login URL", url, allows_http)).transpose()?;
        Ok(())
    }

    /// Says what the service provider is to show first when nobody asked for anything, in a form that it knows; a blank text is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] for more than 8,192 bytes, and [`ErrorKind::Kind`] for a bookmark.
    pub fn set_default_relay_state(&mut self, relay_state: Option<&str>) -> Result<(), Error> {
        let sso = self.saml_mut("a default RelayState")?;
        let relay_state = relay_state.filter(|text| !text.trim().is_empty());
        if let Some(text) = relay_state.filter(|text| text.len() > LONGEST_RELAY_STATE) {
            return Err(Error::value("default RelayState", "at most 8,192 bytes", text));
        }
        sso.relay_state = relay_state.map(ToOwned::to_owned);
        Ok(())
    }

    /// Calls the identity provider otherwise. The service provider needs the metadata anew.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Kind`] for a bookmark.
    pub fn set_idp_entity_id(&mut self, entity_id: EntityId) -> Result<(), Error> {
        let sso = self.saml_mut("an IdP entity ID")?;
        sso.idp = identity_provider(entity_id, sso.idp_url(), &sso.options);
        Ok(())
    }

    /// Makes responses otherwise.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Kind`] for a bookmark.
    pub fn set_response_options(&mut self, options: ResponseOptions) -> Result<(), Error> {
        let sso = self.saml_mut("responses")?;
        sso.idp = identity_provider(sso.idp.entity_id().clone(), sso.idp_url(), &options);
        sso.options = options;
        Ok(())
    }

    /// Says other things of people.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Kind`] for a bookmark.
    pub fn set_saml_rules(&mut self, rules: SamlRuleSet) -> Result<(), Error> {
        self.saml_mut("rules")?.rules = rules;
        Ok(())
    }

    /// Whether single sign-on, or the bookmark, is switched on. It is from the beginning.
    #[must_use]
    pub fn is_sso_active(&self) -> bool {
        self.is_active
    }

    /// Switches single sign-on, or the bookmark, on.
    pub fn activate_sso(&mut self) {
        self.is_active = true;
    }

    /// Switches single sign-on, or the bookmark, off: nobody gets a response any more. Everything else stays as it is, identity management too.
    pub fn deactivate_sso(&mut self) {
        self.is_active = false;
    }
}
