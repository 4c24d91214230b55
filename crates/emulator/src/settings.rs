//! What the service is like: its switches, its tenant and its tokens.
//!
//! A switch has a name that says what is so when it is on. The default is the stricter answer wherever one of the two is stricter.

use std::fmt;
use std::time::Duration;

use idbridge_scim::{Profile, Rates};

/// What a [`Service`](crate::Service) is like.
///
/// The default is the strictest reading of AWS's documentation, with one tenant and one token. A switch stands where AWS's behaviour is open,
/// was different once, or gets in the way of a test.
///
/// # Examples
///
/// ```
/// use idbridge_emulator::{Service, Settings};
///
/// let mut settings = Settings::default();
/// settings.throttle = None;
/// settings.short_pages = false;
/// let service = Service::new(settings);
/// assert!(service.settings().cursor);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// The tenant id in the endpoint's path.
    ///
    /// Documented: another one is answered 401 (developer guide, errors). It is opaque, shaped like a UUID with a longer first block.
    pub tenant: String,
    /// The tokens that are accepted.
    ///
    /// Documented: AWS has at most two at a time, which both hold (user guide, `rotate-token`). None here means that everybody is answered 401.
    pub tokens: Vec<Token>,
    /// Where identifiers, short pages and request ids come from.
    ///
    /// The same seed and the same requests give the same answers, byte for byte.
    pub seed: u64,
    /// Requests a second; one second's worth may come at once.
    ///
    /// Documented: 25 writes and 40 reads, all clients together (user guide, quotas). `None` never throttles.
    pub throttle: Option<Rates>,
    /// The `Retry-After` of a 429.
    ///
    /// Open: no source has seen one at AWS, so there is none by default.
    pub retry_after: Option<Duration>,
    /// Whether `?cursor` is taken.
    ///
    /// Documented since late 2025 (developer guide, `ListUsers`). Off, it is answered 400, which is inferred.
    pub cursor: bool,
    /// The most resources in a list that is asked for without a cursor.
    ///
    /// Documented: 100; some regions' documents say 50 (developer guide, `ListUsers`). The list is cut there without a word.
    pub cap: usize,
    /// The most resources on a page of a walk with a cursor: 1 to 100.
    ///
    /// Documented: 100 (developer guide, `ListUsers`). A smaller one makes several pages of few resources; 0 counts as 1.
    pub page_size: usize,
    /// Whether about every fourth page of a walk holds fewer resources than asked for, or none, although more follow.
    ///
    /// Documented: a page may be short (developer guide, `ListUsers`). How often it is so at AWS is open.
    pub short_pages: bool,
    /// Whether `groups.value` (users) and `members.value` (groups) are filters.
    ///
    /// Documented since late 2025. Off, they are answered 400, as every filter outside the list.
    pub membership_filters: bool,
    /// Whether `eq` in a list's filter regards case.
    ///
    /// Open. Off by default, because the schema says `caseExact: false` of `userName` and `displayName`.
    pub case_sensitive_filters: bool,
    /// Whether `< > ; : %`, tab and line ends are taken.
    ///
    /// Reported as refused by users of AWS and by other vendors; AWS's present text has no such rule. Off by default, which is the stricter.
    pub accepts_suspicious_characters: bool,
    /// What `active` is for a user that comes without it.
    ///
    /// Open. AWS's examples of lists show `false`, so a client that relies on `true` is found out.
    pub active_when_omitted: bool,
    /// Whether a PATCH of a group that names an unknown user is answered 404.
    ///
    /// Open. By default 400, which cannot be taken for a group that is gone.
    pub unknown_member_is_not_found: bool,
    /// Whether answers with 401, 403, 429 and 5xx have no body.
    ///
    /// Open: no body of these was ever recorded. By default they have the one of a 400.
    pub bare_errors: bool,
    /// How long a person stays signed in, if the assertion's `SessionNotOnOrAfter` does not end it sooner.
    ///
    /// Documented: 8 hours, which an administrator may change to 15 minutes up to 90 days; the shorter of the two holds (user guide,
    /// `configure-user-session`).
    pub session_duration: Duration,
    /// How long a request for a sign-in may be answered.
    ///
    /// Open. 15 minutes, in which a person finds a password.
    pub request_lifetime: Duration,
    /// By how much the identity provider's clock may differ.
    ///
    /// Open. 60 seconds by default.
    pub clock_skew: Duration,
    /// Whether a request for a sign-in goes by HTTP-POST where the identity provider takes both; if not, by HTTP-Redirect.
    ///
    /// Open: no request of AWS was ever captured with its binding.
    pub posts_requests: bool,
    /// Whether a `NameID` is compared with `userName` with regard to case.
    ///
    /// Open. Off by default: `userName` is unique without regard to case here (schema `caseExact: false`), so a `NameID` finds one user at most.
    pub case_sensitive_sign_in: bool,
    /// The most requests that [`Service::log`](crate::Service::log) keeps; beyond it the older half is dropped.
    ///
    /// 0 keeps none, which makes the service faster by the copy of every request.
    pub log_length: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tenant: "emulated-7f2c9a10-5b1e-4c3d-8a77-0d9e4f6b2c15".to_owned(),
            tokens: vec![Token::new("emulated-token")],
            seed: 1,
            throttle: Some(Profile::aws_iam_identity_center().rates),
            retry_after: None,
            cursor: true,
            cap: 100,
            page_size: 100,
            short_pages: true,
            membership_filters: true,
            case_sensitive_filters: false,
            accepts_suspicious_characters: false,
            active_when_omitted: false,
            unknown_member_is_not_found: false,
            bare_errors: false,
            session_duration: Duration::from_secs(8 * 3_600),
            request_lifetime: Duration::from_secs(900),
            clock_skew: Duration::from_secs(60),
            posts_requests: false,
            case_sensitive_sign_in: false,
            log_length: 1_000_000,
        }
    }
}

impl Settings {
    /// The default without throttling and without short pages: for tests that count requests.
    ///
    /// # Examples
    ///
    /// ```
    /// let settings = idbridge_emulator::Settings::unhurried();
    /// assert!(settings.throttle.is_none() && !settings.short_pages && settings.cursor);
    /// ```
    #[must_use]
    pub fn unhurried() -> Self {
        Self { throttle: None, short_pages: false, ..Self::default() }
    }

    /// The default as the service was before late 2025: no cursor, lists cut at 50, no membership filters.
    ///
    /// # Examples
    ///
    /// ```
    /// let settings = idbridge_emulator::Settings::before_cursors();
    /// assert_eq!((settings.cursor, settings.cap, settings.membership_filters), (false, 50, false));
    /// ```
    #[must_use]
    pub fn before_cursors() -> Self {
        Self { cursor: false, cap: 50, membership_filters: false, ..Self::default() }
    }
}

/// A bearer token that the service accepts; it never shows in `Debug`.
///
/// # Examples
///
/// ```
/// let token = idbridge_emulator::Token::new("secret");
/// assert_eq!(format!("{token:?}"), "Token(..)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Takes a token as it stands.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token, to be sent.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}
