//! Sends people to the identity provider, and remembers that it did.

use std::collections::BTreeMap;
use std::time::SystemTime;

use idbridge_saml::{AuthnRequest, Binding, EntityId, MessageId, NameIdFormat, PostForm, RedirectUrl};

use crate::error::{Error, ErrorKind};
use crate::service::Service;

/// A request for a sign-in, on its way to the identity provider.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{SignInMessage, SignInRequest};
///
/// fn location(request: &SignInRequest) -> Option<&str> {
///     match request.message() {
///         SignInMessage::Redirect(url) => Some(url.as_str()),
///         SignInMessage::Post(_) => None,
///     }
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRequest {
    id: MessageId,
    relay_state: String,
    message: SignInMessage,
}

/// How the browser takes a request to the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a browser is redirected, or posts a form")]
pub enum SignInMessage {
    /// By a redirection.
    Redirect(RedirectUrl),
    /// By a form that posts itself.
    Post(PostForm),
}

impl SignInRequest {
    /// Its `ID`, which begins with `aws_`; the response must answer it.
    #[must_use]
    pub fn id(&self) -> &MessageId {
        &self.id
    }

    /// What the identity provider must send back, untouched.
    #[must_use]
    pub fn relay_state(&self) -> &str {
        &self.relay_state
    }

    /// What the browser takes along.
    #[must_use]
    pub fn message(&self) -> &SignInMessage {
        &self.message
    }

    /// The URL to redirect the browser to; none if it is to post a form.
    #[must_use]
    pub fn redirect_url(&self) -> Option<&str> {
        match &self.message {
            SignInMessage::Redirect(url) => Some(url.as_str()),
            SignInMessage::Post(_) => None,
        }
    }
}

/// The requests that were made and not answered yet, by their ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Outstanding(BTreeMap<MessageId, Waiting>);

#[derive(Debug, Clone)]
struct Waiting {
    relay_state: String,
    expires: SystemTime,
}

impl Outstanding {
    /// The most requests that wait at a time; the one that ends first gives way to a new one.
    const MOST: usize = 10_000;

    fn add(&mut self, id: MessageId, relay_state: String, expires: SystemTime) {
        if self.0.len() >= Self::MOST {
            let first = self.0.iter().min_by_key(|(_, waiting)| waiting.expires).map(|(id, _)| id.clone());
            first.and_then(|first| self.0.remove(&first));
        }
        self.0.insert(id, Waiting { relay_state, expires });
    }

    /// Takes the request that a response answers, which is then answered whatever becomes of the rest.
    pub(super) fn answer(&mut self, id: &MessageId, relay_state: Option<&str>, now: SystemTime) -> Result<(), Error> {
        let waiting = self.0.remove(id).ok_or_else(|| ErrorKind::UnknownRequest { in_response_to: id.as_str().to_owned() })?;
        if now >= waiting.expires {
            return Err(ErrorKind::RequestExpired { id: id.as_str().to_owned(), expired: waiting.expires }.into());
        }
        if relay_state != Some(waiting.relay_state.as_str()) {
            return Err(ErrorKind::RelayState.into());
        }
        Ok(())
    }
}

impl Service {
    /// Starts a sign-in at the access portal: makes a request for the identity provider, and remembers it until it is answered or too old.
    ///
    /// The request is not signed. It goes by HTTP-Redirect, or by HTTP-POST where the [settings](crate::Settings::posts_requests) say so; if the
    /// identity provider takes only the other one, by that. `index` says which assertion consumer service the response shall come to, the default
    /// one if it is `None`. Of `random`, which must be new each time, the request's id and its `RelayState` are made: who can foretell them could
    /// answer in another's place.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoIdentityProvider`], [`ErrorKind::UnknownIndex`], and [`ErrorKind::Saml`] for a moment that SAML cannot write.
    ///
    /// # Examples
    ///
    /// ```
    /// # let certificate = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../saml/tests/fixtures/rsa2048.crt"));
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_saml::{Certificate, EntityId, IdpMetadata};
    ///
    /// let idp = IdpMetadata::new(EntityId::new("https://idp.example.com")?, "https://idp.example.com/sso", Certificate::from_pem(certificate)?);
    /// let mut service = Service::new(Settings::default());
    /// service.import_idp_metadata(&idp.to_xml()?)?;
    ///
    /// let request = service.start_sign_in(None, [7; 32], UNIX_EPOCH + Duration::from_secs(1_772_366_400))?;
    /// assert!(request.id().as_str().starts_with("aws_"));
    /// assert!(request.redirect_url().is_some_and(|url| url.starts_with("https://idp.example.com/sso?SAMLRequest=")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn start_sign_in(&mut self, index: Option<u16>, random: [u8; 32], now: SystemTime) -> Result<SignInRequest, Error> {
        let idp = self.sso.identity_provider.as_ref().ok_or(ErrorKind::NoIdentityProvider)?;
        let portal = &self.sso.portal;
        let services = portal.assertion_consumer_services();
        let service = services.iter().find(|service| match index {
            Some(index) => service.index() == index,
            None => service.is_default() == Some(true),
        });
        let service = service.ok_or_else(|| ErrorKind::UnknownIndex { index: index.unwrap_or_default() })?;

        let [first, second] = halves(random);
        let id = MessageId::new(&format!("aws{}", MessageId::from_random(first))).map_err(ErrorKind::Saml)?;
        let relay_state = MessageId::from_random(second).as_str().trim_start_matches('_').to_owned();
        let preferred = if self.settings.posts_requests { Binding::HTTP_POST } else { Binding::HTTP_REDIRECT };
        let other = if self.settings.posts_requests { Binding::HTTP_REDIRECT } else { Binding::HTTP_POST };
        let binding = if idp.single_sign_on_url(&preferred).is_some() { preferred } else { other };
        let location = idp.single_sign_on_url(&binding).ok_or_else(|| ErrorKind::NoBinding { binding: binding.clone() })?;

        let issuer = EntityId::new(portal.entity_id()).map_err(ErrorKind::Saml)?;
        let mut request = AuthnRequest::new(id.clone(), issuer, now);
        request.destination = Some(location.to_owned());
        request.assertion_consumer_service_url = Some(service.url().to_owned());
        request.protocol_binding = Some(Binding::HTTP_POST.as_str().to_owned());
        request.name_id_format = Some(NameIdFormat::EMAIL_ADDRESS);
        let message = if binding == Binding::HTTP_POST {
            SignInMessage::Post(request.to_post(location, Some(&relay_state), None).map_err(ErrorKind::Saml)?)
        } else {
            SignInMessage::Redirect(request.to_redirect(location, Some(&relay_state), None).map_err(ErrorKind::Saml)?)
        };
        let expires = now.checked_add(self.settings.request_lifetime).unwrap_or(now);
        self.sso.outstanding.add(id.clone(), relay_state.clone(), expires);
        Ok(SignInRequest { id, relay_state, message })
    }
}

/// 16 bytes and 16 bytes.
fn halves(random: [u8; 32]) -> [[u8; 16]; 2] {
    let mut halves = [[0; 16]; 2];
    for (byte, place) in random.into_iter().zip(halves.iter_mut().flatten()) {
        *place = byte;
    }
    halves
}
