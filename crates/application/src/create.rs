//! Creating an application.

use idbridge_saml::{EntityId, WebUrl};

use crate::error::{Error, ErrorKind, of_saml};
use crate::image::Image;
use crate::settings::{Application, Form, Visibility, description, label};
use crate::slug::Slug;
use crate::sso::SingleSignOn;

/// An application that is not created yet: what somebody fills in.
///
/// A display label is required, and of a bookmark the URL; everything else has a default.
///
/// # Examples
///
/// ```
/// use idbridge_application::{NewApplication, Visibility};
///
/// let application = NewApplication::saml("AWS IAM Identity Center")
///     .with_description("Sign in to our accounts")
///     .with_visibility(Visibility::Shown)
///     .create(|_| false)?;
/// assert_eq!(application.idp_url(), Some("https://sso.jumpcloud.com/saml2/aws-iam-identity-center"));
/// # Ok::<(), idbridge_application::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct NewApplication {
    label: String,
    description: Option<String>,
    image: Option<Image>,
    visibility: Visibility,
    /// The URL of a bookmark; nothing for SAML.
    bookmark: Option<String>,
    base: String,
    slug: Option<String>,
    idp_url: Option<String>,
    idp_entity_id: Option<EntityId>,
    allows_http: bool,
}

impl NewApplication {
    /// What an IdP URL begins with if the caller says nothing else; the slug follows.
    pub const DEFAULT_BASE: &'static str = "https://sso.jumpcloud.com/saml2/";

    /// An application that people sign in to by SAML.
    #[must_use]
    pub fn saml(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            description: None,
            image: None,
            visibility: Visibility::Shown,
            bookmark: None,
            base: Self::DEFAULT_BASE.to_owned(),
            slug: None,
            idp_url: None,
            idp_entity_id: None,
            allows_http: false,
        }
    }

    /// A tile that leads to `url`, without SAML.
    #[must_use]
    pub fn bookmark(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { bookmark: Some(url.into()), ..Self::saml(label) }
    }

    /// The same, with a description.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// The same, with an image for the user portal.
    #[must_use]
    pub fn with_image(mut self, image: Image) -> Self {
        self.image = Some(image);
        self
    }

    /// The same, in the user portal or not; it is by default.
    #[must_use]
    pub fn with_visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// The same, with a slug of the caller's in the place of one made of the label.
    #[must_use]
    pub fn with_slug(mut self, slug: impl Into<String>) -> Self {
        self.slug = Some(slug.into());
        self
    }

    /// The same, with another beginning of the IdP URL, for an identity provider of one's own.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_application::NewApplication;
    ///
    /// let application = NewApplication::saml("AWS").with_idp_url_base("https://idp.example.com/sso").create(|_| false)?;
    /// assert_eq!(application.idp_url(), Some("https://idp.example.com/sso/aws"));
    /// # Ok::<(), idbridge_application::Error>(())
    /// ```
    #[must_use]
    pub fn with_idp_url_base(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// The same, with this IdP URL, as it stands. It can never be changed.
    #[must_use]
    pub fn with_idp_url(mut self, url: impl Into<String>) -> Self {
        self.idp_url = Some(url.into());
        self
    }

    /// The same, with this identifier of the identity provider; the IdP URL is the default. It must be another one for every application at one service
    /// provider.
    #[must_use]
    pub fn with_idp_entity_id(mut self, entity_id: EntityId) -> Self {
        self.idp_entity_id = Some(entity_id);
        self
    }

    /// Takes URLs of http too: the IdP URL, the Login URL, that of a bookmark, and those in the metadata of the service provider.
    ///
    /// # Security
    ///
    /// Whoever is on the way reads the assertions that are sent there, and is their subject from then on. It is for one's own machine.
    #[must_use]
    pub fn dangerous_allow_http(mut self) -> Self {
        self.allows_http = true;
        self
    }

    /// Creates it. `is_taken` is asked whether another application has this IdP URL; of a bookmark it is not asked.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] for a label, a description or a slug that is none, [`ErrorKind::Saml`] for a URL that no browser is sent to, and
    /// [`ErrorKind::Taken`] if the IdP URL is taken.
    pub fn create(self, is_taken: impl FnOnce(&str) -> bool) -> Result<Application, Error> {
        let label = label(&self.label)?;
        let description = self.description.as_deref().map(description).transpose()?.flatten();
        let form = match &self.bookmark {
            Some(url) => Form::Bookmark(web_url("bookmark URL", url, self.allows_http)?),
            None => Form::Saml(Box::new(self.single_sign_on(&label, is_taken)?)),
        };
        Ok(Application::new(label, description, self.image, self.visibility, self.allows_http, form))
    }

    fn single_sign_on(&self, label: &str, is_taken: impl FnOnce(&str) -> bool) -> Result<SingleSignOn, Error> {
        let url = match &self.idp_url {
            Some(url) => url.clone(),
            None => {
                let slug = self.slug.as_deref().map_or_else(|| Slug::from_label(label), Slug::new)?;
                let slash = if self.base.ends_with('/') { "" } else { "/" };
                format!("{}{slash}{slug}", self.base)
            }
        };
        if web_url("IdP URL", &url, self.allows_http)?.has_fragment() {
            return Err(Error::value("IdP URL", "a URL without a fragment", &url));
        }
        if is_taken(&url) {
            return Err(Error::new(ErrorKind::Taken { url }));
        }
        let entity_id = match &self.idp_entity_id {
            Some(entity_id) => entity_id.clone(),
            None => EntityId::new(url.clone()).map_err(of_saml("IdP entity ID"))?,
        };
        Ok(SingleSignOn::new(entity_id, url))
    }
}

pub(crate) fn web_url(what: &'static str, url: &str, allows_http: bool) -> Result<WebUrl, Error> {
    let url = if allows_http { WebUrl::dangerous_allow_http(url) } else { WebUrl::new(url) };
    url.map_err(of_saml(what))
}
