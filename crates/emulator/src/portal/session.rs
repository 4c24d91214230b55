//! Who is signed in at which browser, and which browser asked for what.

use std::collections::BTreeMap;
use std::fmt;
use std::time::SystemTime;

use idbridge_saml::MessageId;

use crate::sso::SignIn;

/// A secret that a browser holds in a cookie: 64 hexadecimal digits. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Secret(String);

impl Secret {
    /// One from the system's generator.
    pub(super) fn from_random(random: [u8; 32]) -> Self {
        Self(random.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// What a cookie says; what is no secret is one that nobody has.
    pub(super) fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// The sessions, and the browsers that requests were made for.
#[derive(Debug, Default)]
pub(super) struct Sessions {
    sessions: BTreeMap<Secret, Session>,
    asked: BTreeMap<MessageId, Asked>,
}

#[derive(Debug)]
struct Session {
    sign_in: SignIn,
    /// The browser that must show that it is the one which asked, before anything is shown to it.
    unproven: Option<Secret>,
}

#[derive(Debug)]
struct Asked {
    browser: Secret,
    until: SystemTime,
}

/// What there is to a session's cookie.
#[derive(Debug)]
pub(super) enum Found {
    /// Nothing, or nothing any more.
    Nothing,
    /// A session.
    SignedIn(SignIn),
    /// A session that another browser asked for. It is gone now.
    OtherBrowser(SignIn),
}

impl Sessions {
    /// The most sessions, and the most requests; the ones that end first give way.
    const MOST: usize = 10_000;

    /// Remembers that `browser` asked for a sign-in by `request`.
    pub(super) fn ask(&mut self, request: MessageId, browser: Secret, until: SystemTime) {
        make_room(&mut self.asked, |asked| asked.until);
        self.asked.insert(request, Asked { browser, until });
    }

    /// Whether this browser has asked for something that it waits for: then it keeps its secret, so that two of its tabs may ask at once.
    pub(super) fn is_waiting(&self, browser: &Secret, now: SystemTime) -> bool {
        self.asked.values().any(|asked| asked.browser == *browser && now < asked.until)
    }

    /// Begins a session, which must be proven if a browser had asked for it.
    pub(super) fn begin(&mut self, secret: Secret, sign_in: SignIn) {
        let asked = sign_in.request_id().and_then(|request| self.asked.remove(request));
        make_room(&mut self.sessions, |session| session.sign_in.session_end());
        self.sessions.insert(secret, Session { sign_in, unproven: asked.map(|asked| asked.browser) });
    }

    /// The session of a browser that has shown these two cookies.
    pub(super) fn find(&mut self, secret: &Secret, browser: Option<&Secret>, now: SystemTime) -> Found {
        let Some(session) = self.sessions.get_mut(secret) else { return Found::Nothing };
        let is_proven = session.unproven.is_none() || session.unproven.as_ref() == browser;
        if is_proven && now < session.sign_in.session_end() {
            session.unproven = None;
            return Found::SignedIn(session.sign_in.clone());
        }
        match self.sessions.remove(secret) {
            Some(session) if !is_proven => Found::OtherBrowser(session.sign_in),
            _ => Found::Nothing,
        }
    }

    /// Ends a session.
    pub(super) fn end(&mut self, secret: &Secret) {
        self.sessions.remove(secret);
    }
}

/// Drops the entry that ends first if there are too many.
fn make_room<K: Clone + Ord, V>(entries: &mut BTreeMap<K, V>, end: impl Fn(&V) -> SystemTime) {
    if entries.len() >= Sessions::MOST {
        let first = entries.iter().min_by_key(|(_, entry)| end(entry)).map(|(key, _)| key.clone());
        first.and_then(|first| entries.remove(&first));
    }
}
