//! What an application is, and what somebody may change of it.

use std::fmt;

use idbridge_saml::WebUrl;

use crate::certificate::Certificates;
use crate::create::web_url;
use crate::error::{Error, ErrorKind, quoted};
use crate::image::Image;
use crate::sso::SingleSignOn;

/// An integrated application: how it looks in the user portal, how people sign in to it, and the key that it signs with.
///
/// It is a value without a clock, without randomness and without IO. [`NewApplication`](crate::NewApplication) makes one. Who may use it is not
/// in it: that is the directory's, and a [`Snapshot`](idbridge_mapping::directory::Snapshot) is given to whatever asks.
///
/// ```text
///   launch(&snapshot, user) ---> Redirect | Bookmark | Denied | Unsolicited(Authorised)
///   accept(&received, now) ----> SignInRequest --sign_in(&snapshot, user)--> Authorised | Denied
///                                                                            Authorised::respond --> SignedResponse
/// ```
///
/// # Examples
///
/// ```
/// use idbridge_application::{NewApplication, Kind};
///
/// let mut application = NewApplication::saml("AWS").create(|_| false)?;
/// application.set_label("AWS production")?;
/// assert_eq!((application.label(), application.kind()), ("AWS production", Kind::Saml));
/// assert_eq!(application.idp_url(), Some("https://sso.jumpcloud.com/saml2/aws"));
/// # Ok::<(), idbridge_application::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Application {
    label: String,
    description: Option<String>,
    image: Option<Image>,
    visibility: Visibility,
    allows_http: bool,
    pub(crate) is_active: bool,
    pub(crate) has_identity_management: bool,
    pub(crate) form: Form,
    pub(crate) certificates: Certificates,
}

/// How people get in.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Saml(Box<SingleSignOn>),
    Bookmark(WebUrl),
}

/// How people get into an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::exhaustive_enums, reason = "who shows an application must decide for each of them")]
pub enum Kind {
    /// By SAML, which is the recommended method.
    #[default]
    Saml,
    /// By a link, and whatever is asked for there.
    Bookmark,
}

/// Whether an application has a tile in the user portal. Who may use it does not depend on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[expect(clippy::exhaustive_enums, reason = "there is a tile or there is none")]
pub enum Visibility {
    /// It has one.
    #[default]
    Shown,
    /// It has none.
    Hidden,
}

/// That an application was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deleted {
    /// What it was called.
    pub label: String,
    /// The IdP URL that is free now, if it had one.
    pub idp_url: Option<String>,
}

impl Application {
    pub(crate) fn new(
        label: String,
        description: Option<String>,
        image: Option<Image>,
        visibility: Visibility,
        allows_http: bool,
        form: Form,
    ) -> Self {
        let certificates = Certificates::default();
        Self { label, description, image, visibility, allows_http, is_active: true, has_identity_management: false, form, certificates }
    }

    /// What it is called in the user portal.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// What it is for, in words for people.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Its image in the user portal.
    #[must_use]
    pub fn image(&self) -> Option<&Image> {
        self.image.as_ref()
    }

    /// Whether it has a tile in the user portal.
    #[must_use]
    pub fn visibility(&self) -> Visibility {
        self.visibility
    }

    /// How people get in.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.form {
            Form::Saml(_) => Kind::Saml,
            Form::Bookmark(_) => Kind::Bookmark,
        }
    }

    /// Where a bookmark leads; nothing for SAML.
    #[must_use]
    pub fn bookmark_url(&self) -> Option<&WebUrl> {
        match &self.form {
            Form::Saml(_) => None,
            Form::Bookmark(url) => Some(url),
        }
    }

    /// Whether URLs of http are taken.
    #[must_use]
    pub fn allows_http(&self) -> bool {
        self.allows_http
    }

    /// Calls it otherwise. The IdP URL stays as it is.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] for a label that is blank, too long, or has control characters.
    pub fn set_label(&mut self, text: &str) -> Result<(), Error> {
        self.label = label(text)?;
        Ok(())
    }

    /// Describes it otherwise; a blank text is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Value`] for more than 1,024 characters.
    pub fn set_description(&mut self, text: Option<&str>) -> Result<(), Error> {
        self.description = text.map(description).transpose()?.flatten();
        Ok(())
    }

    /// Gives it another image, or none.
    pub fn set_image(&mut self, image: Option<Image>) {
        self.image = image;
    }

    /// Puts it into the user portal, or takes it out.
    pub fn set_visibility(&mut self, visibility: Visibility) {
        self.visibility = visibility;
    }

    /// Lets a bookmark lead elsewhere.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Kind`] for an application of SAML, and [`ErrorKind::Saml`] for a URL that no browser is sent to.
    pub fn set_bookmark_url(&mut self, url: &str) -> Result<(), Error> {
        let url = web_url("bookmark URL", url, self.allows_http)?;
        match &mut self.form {
            Form::Bookmark(known) => {
                *known = url;
                Ok(())
            }
            Form::Saml(_) => Err(not_of_kind(&self.label, "a bookmark URL", Kind::Bookmark, Kind::Saml)),
        }
    }

    /// Refuses every other IdP URL than the one that the application has: service providers know it by heart. It is here so that a form which
    /// sends all its fields gets an answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Immutable`], always, unless `url` is what it is already.
    pub fn set_idp_url(&mut self, url: &str) -> Result<(), Error> {
        let now = &self.saml("the IdP URL")?.idp_url();
        if *now == url {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Immutable { what: "IdP URL", now: (*now).to_owned(), asked: quoted(url) }))
    }

    /// Deletes it, with its key, its certificate and all that was uploaded. One that is created under the same name afterwards is another one.
    #[must_use]
    pub fn delete(self) -> Deleted {
        Deleted { idp_url: self.idp_url().map(ToOwned::to_owned), label: self.label }
    }

    /// What is there for SAML.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Kind`] for a bookmark.
    pub(crate) fn saml(&self, what: &'static str) -> Result<&SingleSignOn, Error> {
        match &self.form {
            Form::Saml(sso) => Ok(sso),
            Form::Bookmark(_) => Err(not_of_kind(&self.label, what, Kind::Saml, Kind::Bookmark)),
        }
    }

    /// The same, to be changed.
    pub(crate) fn saml_mut(&mut self, what: &'static str) -> Result<&mut SingleSignOn, Error> {
        match &mut self.form {
            Form::Saml(sso) => Ok(sso),
            Form::Bookmark(_) => Err(not_of_kind(&self.label, what, Kind::Saml, Kind::Bookmark)),
        }
    }
}

fn not_of_kind(label: &str, what: &'static str, expected: Kind, found: Kind) -> Error {
    Error::new(ErrorKind::Kind { label: label.to_owned(), what, expected, found })
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Saml => "SAML",
            Self::Bookmark => "bookmark",
        })
    }
}

pub(crate) fn label(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 255 || text.contains(char::is_control) {
        return Err(Error::value("display label", "1 to 255 characters without control characters", text));
    }
    Ok(text.to_owned())
}

/// A description, or nothing if it is blank.
pub(crate) fn description(text: &str) -> Result<Option<String>, Error> {
    let text = text.trim();
    if text.chars().count() > 1_024 {
        return Err(Error::value("description", "at most 1,024 characters", text));
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}
