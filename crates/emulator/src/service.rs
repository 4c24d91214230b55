//! The service: one request in, one answer out.
//!
//! ```text
//!   handle, respond ------------> answer: throttle -> dispatch -> reply -> log
//!   deliver, exchange -> serve -> answer, with a fault drawn before and applied behind
//! ```
//!
//! Every way in ends in one function, so that a request over HTTP and one without cannot be answered differently.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use idbridge_scim::protocol::{Body, Reply, Request, ResourceType};
use idbridge_scim::{ErrorResponse, Profile, Resource, ResourceId};

use crate::fault::{Fault, Faults, Outcome};
use crate::generator::Generator;
use crate::log::{Log, Logged};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::sso::SingleSignOn;
use crate::store::Store;
use crate::throttle::Throttle;
use crate::time::time_stamp;

/// AWS IAM Identity Center's SCIM service, in memory.
///
/// One value is one instance with its users and groups; a clone is another instance that begins with the same ones. Requests come in one at a
/// time, because they take `&mut self`; every answer follows from the [`Settings`], the requests before it, and `now`.
///
/// # Examples
///
/// ```
/// use std::time::UNIX_EPOCH;
///
/// use idbridge_emulator::{Service, Settings};
/// use idbridge_scim::protocol::{ListQuery, Request, ResourceType};
/// use idbridge_scim::{Email, Name, Resource, User};
///
/// let mut service = Service::new(Settings::default());
/// let mut user = User::new("anna@example.com");
/// user.name = Some(Name::new("Anna", "Berg"));
/// user.display_name = Some("Anna Berg".to_owned());
/// let id = service.seed_user(Resource::from(user));
///
/// let query = ListQuery::first_page(None);
/// let reply = service.handle(&Request::list(ResourceType::User, query), UNIX_EPOCH);
/// let page = reply.list().map(|page| page.resources()).unwrap_or_default();
/// assert!(page.is_empty() || page[0].id() == Some(id));
/// ```
#[derive(Debug, Clone)]
pub struct Service {
    pub(crate) settings: Settings,
    pub(crate) profile: Profile,
    pub(crate) store: Store,
    pub(crate) log: Log,
    /// The latest `now`, which seeding takes for its own.
    pub(crate) clock: SystemTime,
    pub(crate) faults: Faults,
    pub(crate) sso: SingleSignOn,
    ids: Generator,
    request_ids: Generator,
    throttle: Option<Throttle>,
}

/// A request as far as it could be read.
pub(crate) enum Asked<'a> {
    /// Read whole.
    Request(&'a Request),
    /// Refused before it was read whole, as HTTP allows.
    Refused { method: String, operation: Option<&'static str>, refusal: Refusal },
}

/// A status and a body, or a refusal.
pub(crate) type Answer = Result<(u16, Body), Refusal>;

impl Service {
    /// A service without users and groups.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let mut service = Self {
            profile: Profile::aws_iam_identity_center(),
            store: Store::new(),
            log: Log::default(),
            clock: UNIX_EPOCH,
            faults: Faults::none(),
            sso: SingleSignOn::default(),
            ids: Generator::new(settings.seed, 0),
            request_ids: Generator::new(settings.seed, 1),
            throttle: None,
            settings: Settings::default(),
        };
        service.set_settings(settings);
        service
    }

    /// What the service is like now; [`set_settings`](Self::set_settings) and [`set_tokens`](Self::set_tokens) change it.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Makes the service another, with the users and groups that it has. The buckets of the throttle are full again; a new seed holds for
    /// pages and cursors, not for the identifiers to come.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_emulator::{Service, Settings};
    ///
    /// // The service has no cursors any more, in the middle of a test.
    /// let mut service = Service::new(Settings::unhurried());
    /// let mut settings = service.settings().clone();
    /// settings.cursor = false;
    /// service.set_settings(settings);
    /// assert!(!service.settings().cursor);
    /// ```
    pub fn set_settings(&mut self, settings: Settings) {
        self.profile = Profile::aws_iam_identity_center();
        if settings.accepts_suspicious_characters {
            self.profile.refused_characters = (&[][..]).into();
        }
        self.throttle = settings.throttle.map(Throttle::new);
        self.settings = settings;
    }

    /// What goes wrong from now on in [`deliver`](Self::deliver), [`exchange`](Self::exchange) and the server; nothing else has faults.
    ///
    /// Faults that were set before and have not come yet are forgotten.
    pub fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
    }

    /// Answers a request, without HTTP, without a token and without faults.
    ///
    /// Throttling counts, and the request is logged. The answer is the one that a client of the real service would read: an error has AWS's
    /// `detail`, a list has no members, a group patched has no body.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    ///
    /// use idbridge_emulator::{Service, Settings};
    /// use idbridge_scim::ResourceId;
    /// use idbridge_scim::protocol::{Request, ResourceType};
    ///
    /// let mut service = Service::new(Settings::default());
    /// let id = ResourceId::new("9067729b3d-94f1e0b3-c394-48d5-8ab1-2c122a167074")?;
    /// let reply = service.handle(&Request::delete(ResourceType::User, id), UNIX_EPOCH);
    /// assert_eq!(reply.status, 404);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn handle(&mut self, request: &Request, now: SystemTime) -> Reply {
        self.answer(&Asked::Request(request), None, now).1
    }

    /// Answers a request as a client sees it when things may go wrong: [`handle`](Self::handle) with the [`Faults`] that were set.
    ///
    /// A delay does not pass here, because nothing waits: the outcome says how long it is, and the caller counts it. Of a cut answer the status
    /// arrives, and a body that cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    ///
    /// use idbridge_emulator::{Fault, Faults, Outcome, Service, Settings};
    /// use idbridge_scim::protocol::Request;
    ///
    /// let mut service = Service::new(Settings::default());
    /// service.set_faults(Faults::script([Some(Fault::Delayed(Duration::from_secs(5)))]));
    /// let mut now = UNIX_EPOCH;
    /// if let Outcome::Late { reply, after } = service.deliver(&Request::ServiceProviderConfig, now) {
    ///     now += after;
    ///     assert_eq!(reply.status, 200);
    /// }
    /// assert_eq!(now, UNIX_EPOCH + Duration::from_secs(5));
    /// ```
    pub fn deliver(&mut self, request: &Request, now: SystemTime) -> Outcome<Reply> {
        match self.serve(&Asked::Request(request), now) {
            Outcome::Cut(mut reply) => {
                reply.body = Body::Unreadable { expected: "a SCIM message", reason: "the body ends before its end".to_owned() };
                Outcome::Cut(reply)
            }
            outcome => outcome,
        }
    }

    /// Answers with a fault drawn: what comes before the effect is decided here, what comes behind it is put on the answer.
    pub(crate) fn serve(&mut self, asked: &Asked<'_>, now: SystemTime) -> Outcome<Reply> {
        let fault = self.faults.draw(asked.operation());
        if fault == Some(Fault::Dropped { applied: false }) {
            let request_id = self.request_ids.next_uuid();
            self.record(asked, request_id, None, fault, now);
            return Outcome::Lost { applied: false };
        }
        let (applied, reply) = self.answer(asked, fault.as_ref(), now);
        match fault {
            Some(Fault::Dropped { .. }) => Outcome::Lost { applied },
            Some(Fault::Truncated) if reply.body == Body::Empty => Outcome::Lost { applied },
            Some(Fault::Truncated) => Outcome::Cut(reply),
            Some(Fault::Delayed(after)) => Outcome::Late { reply, after },
            _ => Outcome::Replied(reply),
        }
    }

    /// Answers under `fault`, logs it, and says whether the request had its effect.
    ///
    /// A fault comes before the throttle, because it stands for what is in front of the service; a request that fails before its effect takes
    /// nothing from the rates.
    pub(crate) fn answer(&mut self, asked: &Asked<'_>, fault: Option<&Fault>, now: SystemTime) -> (bool, Reply) {
        self.clock = self.clock.max(now);
        let request_id = self.request_ids.next_uuid();
        let mut retry_after = None;
        let mut answer = match fault {
            Some(Fault::Throttled { retry_after: wait }) => {
                retry_after = *wait;
                Err(Refusal::throttled())
            }
            Some(Fault::Failed { status, applied: false }) => Err(Refusal::failed(*status)),
            _ if !self.admits(asked, now) => {
                retry_after = self.settings.retry_after;
                Err(Refusal::throttled())
            }
            _ => match asked {
                Asked::Request(request) => self.dispatch(request, now),
                Asked::Refused { refusal, .. } => Err(refusal.clone()),
            },
        };
        let applied = answer.is_ok();
        if let Some(Fault::Failed { status, applied: true }) = fault {
            answer = Err(Refusal::failed(*status));
            retry_after = None;
        }
        let reply = self.reply(answer, request_id.clone(), retry_after, now);
        let is_lost = matches!(fault, Some(Fault::Dropped { .. })) || (fault == Some(&Fault::Truncated) && reply.body == Body::Empty);
        let status = (!is_lost).then_some(reply.status);
        self.record(asked, request_id, status, fault.cloned(), now);
        (applied, reply)
    }

    /// A new identifier that nothing has.
    pub(crate) fn next_id(&mut self) -> ResourceId {
        loop {
            let id = ResourceId::new(self.ids.next_uuid());
            let is_free =
                |id: &ResourceId| !self.store.shelf(ResourceType::User).contains(id) && !self.store.shelf(ResourceType::Group).contains(id);
            if let Some(id) = id.ok().filter(is_free) {
                return id;
            }
        }
    }

    /// Whether the rates admit the request, which is then counted.
    fn admits(&mut self, asked: &Asked<'_>, now: SystemTime) -> bool {
        match (&mut self.throttle, asked) {
            // Who has no token is nobody's request.
            (None, _) | (_, Asked::Refused { refusal: Refusal { status: 401, .. }, .. }) => true,
            (Some(throttle), Asked::Request(request)) => throttle.admits(request.is_write(), now),
            (Some(throttle), Asked::Refused { method, .. }) => throttle.admits(method != "GET", now),
        }
    }

    /// Finds the operation. What AWS has no operation for is refused.
    fn dispatch(&mut self, request: &Request, now: SystemTime) -> Answer {
        use ResourceType::{Group, User};
        match request {
            // Endpoints that AWS does not have, or that are not played here.
            Request::ListRoot { .. }
            | Request::Search { .. }
            | Request::SearchRoot { .. }
            | Request::Bulk { .. }
            | Request::Me { .. }
            | Request::ResourceTypes
            | Request::ResourceType { .. }
            | Request::Schemas
            | Request::Schema { .. } => Err(Refusal::not_found()),
            // `attributes` and `excludedAttributes` are not supported (developer guide, limitations).
            _ if !request.selection().is_default() => Err(Refusal::generic()),
            Request::Create { resource_type: User, resource, .. } => self.create_user(resource, now),
            Request::Create { resource_type: Group, resource, .. } => self.create_group(resource, now),
            Request::Read { resource_type: User, id, .. } => self.get_user(id),
            Request::Read { resource_type: Group, id, .. } => self.get_group(id),
            Request::List { resource_type, query, .. } => self.list(*resource_type, query),
            Request::Replace { resource_type: User, id, resource, .. } => self.put_user(id, resource, now),
            Request::Patch { resource_type: User, id, patch, .. } => self.patch_user(id, patch, now),
            Request::Patch { resource_type: Group, id, patch, .. } => self.patch_group(id, patch, now),
            Request::Delete { resource_type, id, .. } => {
                if self.store.remove(*resource_type, id) {
                    Ok((204, Body::Empty))
                } else {
                    Err(Refusal::not_found())
                }
            }
            Request::ServiceProviderConfig => Ok((200, Body::Resource(Box::new(service_provider_config())))),
            // There is no PutGroup (developer guide, limitations); which status AWS gives it was never recorded.
            _ => Err(Refusal::generic()),
        }
    }

    /// Puts an answer into the shape that a client reads, a refusal into AWS's error body.
    fn reply(&self, answer: Answer, request_id: String, retry_after: Option<Duration>, now: SystemTime) -> Reply {
        let (status, body) = answer.unwrap_or_else(|Refusal { status, detail }| {
            let is_bare = self.settings.bare_errors && !matches!(status, 400 | 404 | 409);
            let body = if is_bare { Body::Empty } else { ErrorResponse::aws(status, detail, request_id.as_str(), time_stamp(now)).into() };
            (status, body)
        });
        let mut reply = Reply::new(status, body);
        reply.request_id = Some(request_id);
        reply.retry_after = retry_after;
        reply
    }

    /// Writes the request into the log, if there is one.
    fn record(&mut self, asked: &Asked<'_>, request_id: String, status: Option<u16>, fault: Option<Fault>, at: SystemTime) {
        let length = self.settings.log_length;
        if length == 0 {
            return;
        }
        let (method, request) = match asked {
            Asked::Request(request) => (request.method().to_owned(), Some(Request::clone(request))),
            Asked::Refused { method, .. } => (method.clone(), None),
        };
        self.log.push(length, Logged { at, method, operation: asked.operation(), request, request_id, status, fault });
    }
}

impl Asked<'_> {
    /// AWS's name of the operation, as far as the path and the method name one.
    fn operation(&self) -> Option<&'static str> {
        match self {
            Self::Request(request) => Some(request.operation()),
            Self::Refused { operation, .. } => *operation,
        }
    }
}

/// What `/ServiceProviderConfig` answers, with the numbers of AWS's page: it still says 50 results where lists give 100.
fn service_provider_config() -> Resource {
    const TEXT: &str = r#"{
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": "https://docs.aws.amazon.com/singlesignon/latest/developerguide/what-is-scim.html",
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A bearer token in the header Authorization",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true
        }],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 1, "maxPayloadSize": 1048576},
        "filter": {"supported": true, "maxResults": 50},
        "changePassword": {"supported": false},
        "sort": {"supported": false},
        "etag": {"supported": false}
    }"#;
    Resource::from_json(TEXT.as_bytes()).unwrap_or_default()
}
