//! What the instance is called and where it is.

use idbridge_saml::{AssertionConsumerService, EntityId, SpMetadata};

use crate::error::{Error, ErrorKind};
use crate::generator::{Generator, digest};

/// The instance as a SAML SP: its entity id, its assertion consumer services, and the URL of the AWS access portal.
///
/// By default it is called as AWS calls an instance, which is all that a test without HTTP needs; the server places it at its own address.
/// Every instance has two assertion consumer services as AWS's have since February 2026: the first, which is the default, is reached by IPv4
/// alone, and the second by both versions of IP. Every additional Region brings another one.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::AccessPortal;
///
/// let portal = AccessPortal::at("http://127.0.0.1:8080", "d-9067f2a1b3")?;
/// assert_eq!(portal.entity_id(), "http://127.0.0.1:8080/platform/saml/d-9067f2a1b3");
/// assert_eq!(portal.start_url(), "http://127.0.0.1:8080/start");
/// assert!(portal.assertion_consumer_services()[1].url().starts_with("http://127.0.0.1:8080/platform/saml/acs/"));
/// # Ok::<(), idbridge_emulator::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPortal {
    instance: String,
    /// None where the hosts are AWS's, which differ from one URL to another.
    base_url: Option<String>,
    entity_id: String,
    start_url: String,
    services: Vec<AssertionConsumerService>,
}

impl Default for AccessPortal {
    /// An instance in us-east-1.
    fn default() -> Self {
        Self::named("us-east-1", "d-9067f2a1b3")
    }
}

impl AccessPortal {
    /// An instance with the URLs that AWS would give it in `region`: `https://REGION.signin.aws.amazon.com/platform/saml/d-XXXXXXXXXX`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Portal`] if one of the two has other characters than letters, digits and hyphens.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::AccessPortal;
    ///
    /// let portal = AccessPortal::aws("eu-central-1", "d-9067f2a1b3")?;
    /// assert_eq!(portal.entity_id(), "https://eu-central-1.signin.aws.amazon.com/platform/saml/d-9067f2a1b3");
    /// assert_eq!(portal.start_url(), "https://d-9067f2a1b3.awsapps.com/start");
    /// # Ok::<(), idbridge_emulator::Error>(())
    /// ```
    pub fn aws(region: &str, instance: &str) -> Result<Self, Error> {
        check_name("region", region)?;
        check_name("instance", instance)?;
        Ok(Self::named(region, instance))
    }

    /// An instance whose URLs all begin with `base_url`, such as `http://127.0.0.1:8080`; a slash at its end is left out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Portal`] if the instance has other characters than letters, digits and hyphens, if the URL is not http or https, or has a
    /// query, a fragment, or characters that no URL has; [`ErrorKind::Saml`] if the entity id becomes too long.
    pub fn at(base_url: &str, instance: &str) -> Result<Self, Error> {
        check_name("instance", instance)?;
        let base_url = base_url.strip_suffix('/').unwrap_or(base_url);
        let rest = base_url.strip_prefix("https://").or_else(|| base_url.strip_prefix("http://"));
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/[]%".contains(&byte);
        if !rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && rest.bytes().all(is_allowed)) {
            let expected = "a URL of http or https without a query";
            return Err(ErrorKind::Portal { what: "base URL", expected, found: base_url.to_owned() }.into());
        }
        let entity_id = format!("{base_url}/platform/saml/{instance}");
        EntityId::new(entity_id.as_str()).map_err(ErrorKind::Saml)?;
        let mut portal = Self {
            instance: instance.to_owned(),
            base_url: Some(base_url.to_owned()),
            entity_id,
            start_url: format!("{base_url}/start"),
            services: Vec::new(),
        };
        portal.add(|id| format!("{base_url}/platform/saml/acs/{id}"));
        portal.add(|id| format!("{base_url}/platform/saml/acs/{id}"));
        Ok(portal)
    }

    /// The same, with one more assertion consumer service: that of an additional Region.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Portal`] if the region has other characters than letters, digits and hyphens.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::AccessPortal;
    ///
    /// let portal = AccessPortal::aws("us-east-1", "d-9067f2a1b3")?.with_additional_region("eu-west-1")?;
    /// assert!(portal.assertion_consumer_services()[2].url().starts_with("https://eu-west-1.sso.signin.aws/platform/saml/acs/"));
    /// # Ok::<(), idbridge_emulator::Error>(())
    /// ```
    pub fn with_additional_region(mut self, region: &str) -> Result<Self, Error> {
        check_name("region", region)?;
        let host = self.base_url.clone().unwrap_or_else(|| dual_stack(region));
        self.add(|id| format!("{host}/platform/saml/acs/{id}"));
        Ok(self)
    }

    /// The id of the instance, such as `d-9067f2a1b3`.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// What the instance is called in SAML; AWS's console says "issuer URL".
    #[must_use]
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The URL of the AWS access portal, where people begin.
    #[must_use]
    pub fn start_url(&self) -> &str {
        &self.start_url
    }

    /// Where responses are posted to, the default first.
    #[must_use]
    pub fn assertion_consumer_services(&self) -> &[AssertionConsumerService] {
        &self.services
    }

    /// The assertion consumer service with exactly this URL.
    #[must_use]
    pub fn assertion_consumer_service_at(&self, url: &str) -> Option<&AssertionConsumerService> {
        self.services.iter().find(|service| service.url() == url)
    }

    /// The metadata to give to the identity provider, in AWS's form: no key, because requests are not signed and nothing is decrypted; assertions
    /// are to be signed, and the `NameID` is to be an e-mail address.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Saml`] if a URL is none that a browser is sent to, such as one whose host is not one.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::AccessPortal;
    /// use idbridge_saml::{RegisteredSp, Registration};
    ///
    /// let xml = AccessPortal::at("http://127.0.0.1:8080", "d-9067f2a1b3")?.metadata()?;
    /// let sp = RegisteredSp::from_xml(&xml, &Registration::new().dangerous_allow_http())?;
    /// assert!(sp.want_assertions_signed() && !sp.authn_requests_signed());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn metadata(&self) -> Result<String, Error> {
        let entity_id = EntityId::new(self.entity_id.as_str()).map_err(ErrorKind::Saml)?;
        let metadata = SpMetadata::new(entity_id, self.services.iter().cloned());
        let metadata = if self.is_http() { metadata.dangerous_allow_http() } else { metadata };
        Ok(metadata.to_xml().map_err(ErrorKind::Saml)?)
    }

    /// Whether it is reached without TLS, as only something on one's own machine is; then the identity provider may be so too.
    pub(crate) fn is_http(&self) -> bool {
        self.entity_id.starts_with("http://")
    }

    /// An instance of names that were checked.
    fn named(region: &str, instance: &str) -> Self {
        let mut portal = Self {
            instance: instance.to_owned(),
            base_url: None,
            entity_id: format!("https://{region}.signin.aws.amazon.com/platform/saml/{instance}"),
            start_url: format!("https://{instance}.awsapps.com/start"),
            services: Vec::new(),
        };
        portal.add(|id| format!("https://{region}.signin.aws.amazon.com/platform/saml/acs/{id}"));
        portal.add(|id| format!("{}/platform/saml/acs/{id}", dual_stack(region)));
        portal
    }

    /// Adds an assertion consumer service. Its id follows from the instance, so that metadata which was given away holds as long as its host does.
    fn add(&mut self, url: impl FnOnce(&str) -> String) {
        let Ok(index) = u16::try_from(self.services.len()) else { return };
        let id = Generator::new(digest(0, &[&self.instance]), u64::from(index)).next_uuid();
        let service = AssertionConsumerService::new(index, url(&id));
        // As in AWS's file: the default says so, and the others say nothing.
        self.services.push(if index == 0 { service.with_default(true) } else { service });
    }
}

/// Where AWS is reached by both versions of IP since February 2026.
fn dual_stack(region: &str) -> String {
    format!("https://{region}.sso.signin.aws")
}

/// Checks what becomes a part of a host and of a path.
fn check_name(what: &'static str, name: &str) -> Result<(), Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (1..=63).contains(&name.len()) && name.bytes().all(is_allowed) {
        return Ok(());
    }
    Err(ErrorKind::Portal { what, expected: "1 to 63 letters, digits and hyphens", found: name.to_owned() }.into())
}
