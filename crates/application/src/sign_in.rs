//! Who may sign in, and the one way to a response.

use std::time::SystemTime;

use idbridge_mapping::directory::{DirectoryId, Lifecycle, Snapshot, User};
use idbridge_mapping::{Finding, MappedLogin, SamlRuleSet, Severity};
use idbridge_saml::{
    AcceptedRequest, AssertionConsumerService, Attribute, AuthnContext, AuthnRequest, Credential, Login, NameId, ReceivedRequest,
    RegisteredSp, ResponseIds, SignedResponse, Status, TrustedKeys, UnsignedResponse, UnsolicitedLogin,
};

use crate::denied::{Denied, Missing};
use crate::entitlement::{Route, route};
use crate::error::{Error, ErrorKind, of_saml};
use crate::settings::{Application, Form};
use crate::sso::SingleSignOn;

/// How and when a person showed who they are.
///
/// # Examples
///
/// ```
/// use std::time::UNIX_EPOCH;
///
/// use idbridge_application::Authentication;
/// use idbridge_saml::AuthnContext;
///
/// let mut authentication = Authentication::new(UNIX_EPOCH);
/// authentication.context = AuthnContext::MULTI_FACTOR;
/// assert_eq!(authentication.session_not_on_or_after, None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Authentication {
    /// When, which may lie hours before the response.
    pub at: SystemTime,
    /// How; by password unless something else is written here.
    pub context: AuthnContext,
    /// The name of the session here; that of the assertion if it is `None`.
    pub session_index: Option<String>,
    /// When the service provider shall end its session; it decides by itself if it is `None`.
    pub session_not_on_or_after: Option<SystemTime>,
}

impl Authentication {
    /// By password, at `at`.
    #[must_use]
    pub fn new(at: SystemTime) -> Self {
        Self { at, context: AuthnContext::PASSWORD_PROTECTED_TRANSPORT, session_index: None, session_not_on_or_after: None }
    }
}

/// A request for this application that was checked. What is left to do is to find out who the person is, and whether they may sign in.
///
/// # Examples
///
/// What happens at the IdP URL, once the person is logged in:
///
/// ```
/// use std::time::SystemTime;
///
/// use idbridge_application::{Application, Authentication};
/// use idbridge_mapping::directory::{DirectoryId, Snapshot};
/// use idbridge_saml::{PostForm, ReceivedRequest, ResponseIds};
///
/// # #[allow(dead_code)]
/// fn answer(
///     application: &Application,
///     snapshot: &Snapshot,
///     received: &ReceivedRequest,
///     user: &DirectoryId,
///     logged_in: &Authentication,
///     ids: &ResponseIds,
///     now: SystemTime,
/// ) -> Result<PostForm, Box<dyn std::error::Error>> {
///     let request = application.accept(received, now)?;
///     let authorised = request.sign_in(snapshot, user)?; // Denied: no response
///     let response = match authorised.status_for(logged_in) {
///         None => authorised.respond(logged_in, ids, now)?,
///         Some(status) => request.refuse(&status, ids, now)?,
///     };
///     Ok(response.to_form()?)
/// }
/// ```
#[derive(Debug, Clone)]
pub struct SignInRequest<'a> {
    application: &'a Application,
    accepted: AcceptedRequest<'a>,
}

/// A person who may sign in to one application, and the way that their response takes. There is no other way to a response than this.
///
/// [`SignInRequest::sign_in`] and [`Application::launch`](crate::Application::launch) make one. It holds for the snapshot that it was made of, and
/// so it is not to be kept.
#[derive(Debug, Clone)]
pub struct Authorised<'a> {
    permitted: Permitted<'a>,
    door: Door<'a>,
}

/// Where a response comes from.
#[derive(Debug, Clone)]
pub(crate) enum Door<'a> {
    Request(Box<AcceptedRequest<'a>>),
    Unsolicited(UnsolicitedLogin<'a>),
}

/// A person who may sign in, with what is said of them and the key that it is signed by.
#[derive(Debug, Clone)]
pub(crate) struct Permitted<'a> {
    user: &'a User,
    route: Route<'a>,
    sp: &'a RegisteredSp,
    credential: &'a Credential,
    name_id: NameId,
    attributes: Vec<Attribute>,
    findings: Vec<Finding>,
}

impl Application {
    /// Checks a request that arrived at the IdP URL: that it is from the service provider, for this application, not too old, signed where it must
    /// be, and that its answer goes where the metadata says.
    ///
    /// Whoever has to log in first is asked for that, and the same request is accepted again afterwards: settings may have changed meanwhile.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Denied`] if nobody can sign in with this application as it is, [`ErrorKind::Saml`] if the request is not believed, and
    /// [`ErrorKind::Kind`] for a bookmark. None of them is answered by a response: nobody knows who would get it. Show it to the person.
    pub fn accept<'a>(&'a self, received: &ReceivedRequest, now: SystemTime) -> Result<SignInRequest<'a>, Error> {
        self.accept_by(|sso, sp| sso.idp.accept(received, sp, now))
    }

    /// The same, with keys of the caller's in the place of those of the metadata; see
    /// [`accept_with_keys`](idbridge_saml::IdentityProvider::accept_with_keys).
    ///
    /// # Errors
    ///
    /// As of [`accept`](Self::accept).
    pub fn accept_with_keys<'a>(
        &'a self,
        received: &ReceivedRequest,
        keys: &TrustedKeys,
        now: SystemTime,
    ) -> Result<SignInRequest<'a>, Error> {
        self.accept_by(|sso, sp| sso.idp.accept_with_keys(received, sp, keys, now))
    }

    fn accept_by<'a>(
        &'a self,
        accept: impl FnOnce(&'a SingleSignOn, &'a RegisteredSp) -> Result<AcceptedRequest<'a>, idbridge_saml::Error>,
    ) -> Result<SignInRequest<'a>, Error> {
        let sso = self.saml("a request")?;
        let (sp, _) = self.configured(sso).map_err(|denied| Error::new(ErrorKind::Denied(denied)))?;
        let accepted = accept(sso, sp).map_err(of_saml("AuthnRequest"))?;
        Ok(SignInRequest { application: self, accepted })
    }

    /// What a response needs beside a person, or why nobody gets one.
    fn configured<'a>(&'a self, sso: &'a SingleSignOn) -> Result<(&'a RegisteredSp, &'a Credential), Denied> {
        if !self.is_active {
            return Err(Denied::Inactive);
        }
        let sp = sso.sp.as_ref().ok_or(Denied::NotConfigured { missing: Missing::SpMetadata })?;
        let credential = self.certificates.credential().ok_or(Denied::NotConfigured { missing: Missing::Certificate })?;
        Ok((sp, credential))
    }

    /// Whether a person may use the application now, by whichever way: by a request, from the user portal, or by a bookmark.
    ///
    /// People are denied unless they are bound to the application, or in a group that is. Whoever is staged or suspended is denied, and so is whoever
    /// cannot be named, or has somebody else's name.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn may_launch(&self, snapshot: &Snapshot, user: &DirectoryId) -> Result<(), Denied> {
        match &self.form {
            Form::Saml(sso) => self.permit(sso, snapshot, user).map(|_| ()),
            Form::Bookmark(_) => self.permit_person(snapshot, user).map(|_| ()),
        }
    }

    /// The decision on single sign-on.
    pub(crate) fn permit<'a>(&'a self, sso: &'a SingleSignOn, snapshot: &'a Snapshot, id: &DirectoryId) -> Result<Permitted<'a>, Denied> {
        let (sp, credential) = self.configured(sso)?;
        let (user, route) = self.permit_person(snapshot, id)?;
        let rules = sso.effective_rules();
        let groups: Vec<_> = snapshot.bound_groups_of(id).collect();
        match rules.to_saml_in(user, &groups) {
            MappedLogin::Held { findings } => Err(Denied::Held { findings }),
            MappedLogin::Ready { name_id, attributes, findings } => match namesake(&rules, snapshot, user, name_id.value()) {
                Some(other) => Err(Denied::NameShared { with: other.id.clone() }),
                None => Ok(Permitted { user, route, sp, credential, name_id, attributes, findings }),
            },
        }
    }

    /// The decision on the person alone.
    pub(crate) fn permit_person<'a>(&self, snapshot: &'a Snapshot, id: &DirectoryId) -> Result<(&'a User, Route<'a>), Denied> {
        if !self.is_active {
            return Err(Denied::Inactive);
        }
        let user = snapshot.users().get(id).ok_or(Denied::Unknown)?;
        // A record that cannot be read may be of somebody who is suspended.
        if user.findings.iter().any(|finding| finding.severity() == Severity::Holds) {
            return Err(Denied::Held { findings: user.findings.clone() });
        }
        match user.lifecycle {
            Lifecycle::Staged => return Err(Denied::Staged),
            Lifecycle::Suspended => return Err(Denied::Suspended),
            Lifecycle::Active => {}
        }
        let route = route(snapshot, id).ok_or(Denied::NotAuthorised)?;
        Ok((user, route))
    }
}

/// Another person who is entitled and has the same name, which services compare without case.
///
/// Somebody who is suspended counts: their account is still there, under this name.
fn namesake<'a>(rules: &SamlRuleSet, snapshot: &'a Snapshot, user: &User, name: &str) -> Option<&'a User> {
    snapshot.users().values().find(|other| {
        other.id != user.id
            && rules.name_of(other).is_some_and(|other| is_same(&other, name))
            && other.lifecycle != Lifecycle::Staged
            && route(snapshot, &other.id).is_some()
    })
}

fn is_same(one: &str, other: &str) -> bool {
    let folded = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    one.eq_ignore_ascii_case(other) || (!(one.is_ascii() && other.is_ascii()) && folded(one) == folded(other))
}

impl<'a> Permitted<'a> {
    /// The service provider that they may sign in at.
    pub(crate) fn sp(&self) -> &'a RegisteredSp {
        self.sp
    }
}

impl<'a> SignInRequest<'a> {
    /// What the service provider asks for: whether the person has to log in anew, or must not be asked for anything.
    #[must_use]
    pub fn request(&self) -> &AuthnRequest {
        self.accepted.request()
    }

    /// Whether it was signed, and the signature was verified.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.accepted.is_signed()
    }

    /// Where the response will go.
    #[must_use]
    pub fn assertion_consumer_service(&self) -> &AssertionConsumerService {
        self.accepted.assertion_consumer_service()
    }

    /// What the service provider will get back, untouched.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> {
        self.accepted.relay_state()
    }

    /// Decides whether the person who logged in may sign in to the application.
    ///
    /// # Errors
    ///
    /// Why not; there is no response then.
    pub fn sign_in(&self, snapshot: &'a Snapshot, user: &DirectoryId) -> Result<Authorised<'a>, Denied> {
        // A request is accepted for SAML only.
        let Form::Saml(sso) = &self.application.form else { return Err(Denied::Inactive) };
        let permitted = self.application.permit(sso, snapshot, user)?;
        Ok(Authorised::new(permitted, Door::Request(Box::new(self.accepted.clone()))))
    }

    /// Answers that the request cannot be met, and why: that nobody is logged in where nobody may be asked, for example. There is no assertion
    /// in the answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Denied`] if there is no certificate, and [`ErrorKind::Saml`] for a status of success, or if the signer fails.
    pub fn refuse(&self, status: &Status, ids: &ResponseIds, now: SystemTime) -> Result<SignedResponse, Error> {
        let sso = self.application.saml("a request")?;
        let (_, credential) = self.application.configured(sso).map_err(|denied| Error::new(ErrorKind::Denied(denied)))?;
        let unsigned = self.accepted.refuse(status, ids, now);
        unsigned.and_then(|unsigned| unsigned.sign(credential)).map_err(of_saml("response"))
    }
}

impl<'a> Authorised<'a> {
    pub(crate) fn new(permitted: Permitted<'a>, door: Door<'a>) -> Self {
        Self { permitted, door }
    }

    /// The person.
    #[must_use]
    pub fn user(&self) -> &'a User {
        self.permitted.user
    }

    /// Through what they may.
    #[must_use]
    pub fn route(&self) -> Route<'a> {
        self.permitted.route
    }

    /// What was left out of what is said of them.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.permitted.findings
    }

    /// Where the response will go.
    #[must_use]
    pub fn assertion_consumer_service(&self) -> &AssertionConsumerService {
        match &self.door {
            Door::Request(accepted) => accepted.assertion_consumer_service(),
            Door::Unsolicited(login) => login.assertion_consumer_service(),
        }
    }

    /// What will be said of them.
    #[must_use]
    pub fn login(&self, authentication: &Authentication) -> Login {
        let mut login = Login::new(self.permitted.name_id.clone(), authentication.at);
        login.authn_context = authentication.context.clone();
        login.session_index.clone_from(&authentication.session_index);
        login.session_not_on_or_after = authentication.session_not_on_or_after;
        login.attributes.clone_from(&self.permitted.attributes);
        login
    }

    /// The status to [refuse](SignInRequest::refuse) the request with, if this person, or how they logged in, is not what was asked for.
    #[must_use]
    pub fn status_for(&self, authentication: &Authentication) -> Option<Status> {
        match &self.door {
            Door::Request(accepted) => accepted.status_for(&self.login(authentication)),
            Door::Unsolicited(_) => None,
        }
    }

    /// Makes the response, signed. `ids` are of new random bytes for each response.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Saml`] if the request asks for something else ([`status_for`](Self::status_for)), if the metadata of the service provider is over,
    /// if the response is longer than service providers take, or if the signer fails.
    pub fn respond(&self, authentication: &Authentication, ids: &ResponseIds, now: SystemTime) -> Result<SignedResponse, Error> {
        self.unsigned(authentication, ids, now)?.sign(self.permitted.credential).map_err(of_saml("response"))
    }

    /// Makes the response without its signatures, for a key that is elsewhere and does not answer at once:
    /// [`UnsignedResponse::into_signing`] goes on from here, with the application's [certificate](Application::certificate).
    ///
    /// # Errors
    ///
    /// As of [`respond`](Self::respond), apart from the signer's.
    pub fn unsigned(&self, authentication: &Authentication, ids: &ResponseIds, now: SystemTime) -> Result<UnsignedResponse, Error> {
        let login = self.login(authentication);
        let unsigned = match &self.door {
            Door::Request(accepted) => accepted.respond(&login, ids, now),
            Door::Unsolicited(unsolicited) => unsolicited.respond(&login, ids, now),
        };
        unsigned.map_err(of_saml("response"))
    }
}
