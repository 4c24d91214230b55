//! What a tile in the user portal does.

use idbridge_mapping::directory::{DirectoryId, Snapshot};
use idbridge_saml::WebUrl;

use crate::denied::Denied;
use crate::error::{Error, of_saml};
use crate::settings::{Application, Form, Visibility};
use crate::sign_in::{Authorised, Door};

/// What happens when a person launches an application.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_enums, reason = "who launches must do one of them")]
pub enum Launch<'a> {
    /// The browser is sent to the Login URL, and comes back with a request.
    Redirect(&'a WebUrl),
    /// The browser posts a response that no request asked for.
    Unsolicited(Box<Authorised<'a>>),
    /// The browser is sent to the URL of a bookmark.
    Bookmark(&'a WebUrl),
    /// Nothing happens, for this reason.
    Denied(Denied),
}

impl Application {
    /// Launches the application for a person who is logged in: to the Login URL if there is one, so that the service provider asks; and otherwise with
    /// a response at the assertion consumer service `at`, or at the default one, with the default RelayState.
    ///
    /// Somebody who may not sign in is denied in any case, and is not sent to the service provider to find that out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Saml`](crate::ErrorKind::Saml) if `at` is not the URL of an assertion consumer service of the metadata.
    ///
    /// # Examples
    ///
    /// ```
    /// # use idbridge_saml::{AssertionConsumerService, EntityId, SpMetadata};
    /// # let service = AssertionConsumerService::new(0, "https://eu.signin.aws/platform/saml/acs/1");
    /// # let file = SpMetadata::new(EntityId::new("https://eu.signin.aws.amazon.com/platform/saml/d-1")?, [service]).to_xml()?;
    /// # let now = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_790_000_000);
    /// # let make = || Ok(idbridge_application::NewKey::new(idbridge_saml::RsaSigner::generate(idbridge_saml::RsaBits::Rsa2048)?, [7; 16]));
    /// use idbridge_application::{Launch, NewApplication};
    /// use idbridge_mapping::directory::{Application as Bindings, DirectoryId, Snapshot, User};
    ///
    /// let anna = DirectoryId::new("u1")?;
    /// let mut user = User::new(anna.clone());
    /// user.email = Some("anna@example.com".to_owned());
    /// let mut bindings = Bindings::default();
    /// bindings.users.insert(anna.clone());
    /// let mut snapshot = Snapshot::new(bindings);
    /// snapshot.insert_user(user);
    ///
    /// let mut application = NewApplication::saml("AWS").create(|_| false)?;
    /// application.upload_metadata(&file)?;
    /// application.ensure_certificate(now, make)?;
    /// assert!(matches!(application.launch(&snapshot, &anna, None)?, Launch::Unsolicited(_)));
    /// application.set_login_url(Some("https://example.awsapps.com/start"))?;
    /// assert!(matches!(application.launch(&snapshot, &anna, None)?, Launch::Redirect(url) if url.as_str() == "https://example.awsapps.com/start"));
    /// application.deactivate_sso();
    /// assert!(matches!(application.launch(&snapshot, &anna, None)?, Launch::Denied(_)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn launch<'a>(&'a self, snapshot: &'a Snapshot, user: &DirectoryId, at: Option<&str>) -> Result<Launch<'a>, Error> {
        let sso = match &self.form {
            Form::Saml(sso) => sso,
            Form::Bookmark(url) => return Ok(self.permit_person(snapshot, user).map_or_else(Launch::Denied, |_| Launch::Bookmark(url))),
        };
        let permitted = match self.permit(sso, snapshot, user) {
            Ok(permitted) => permitted,
            Err(denied) => return Ok(Launch::Denied(denied)),
        };
        if let Some(url) = &sso.login_url {
            return Ok(Launch::Redirect(url));
        }
        let login = sso.idp.unsolicited(permitted.sp(), at, sso.relay_state.as_deref()).map_err(of_saml("launch"))?;
        Ok(Launch::Unsolicited(Box::new(Authorised::new(permitted, Door::Unsolicited(login)))))
    }

    /// Whether the person has a tile for it in the user portal: it is shown there, and they may use it.
    #[must_use]
    pub fn has_tile_for(&self, snapshot: &Snapshot, user: &DirectoryId) -> bool {
        self.visibility() == Visibility::Shown && self.may_launch(snapshot, user).is_ok()
    }
}
