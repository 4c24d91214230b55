//! A digest over what a state remembers and a plan is made of, and the writer that makes such digests.

use sha2::{Digest as _, Sha256};

use crate::key::Key;
use crate::state::{Digest, Intent, State, milliseconds};

/// Writes pieces one after the other, each with its length before it, so that no two lists of pieces are one.
#[derive(Debug, Default)]
pub(crate) struct Fingerprint {
    sha: Sha256,
}

impl Fingerprint {
    pub(crate) fn text(&mut self, text: &str) {
        self.number(text.len());
        self.sha.update(text.as_bytes());
    }

    pub(crate) fn number(&mut self, number: usize) {
        self.wide(u64::try_from(number).unwrap_or(u64::MAX));
    }

    pub(crate) fn wide(&mut self, number: u64) {
        self.sha.update(number.to_be_bytes());
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        self.sha.update([u8::from(flag)]);
    }

    pub(crate) fn digest(&mut self, digest: Digest) {
        self.sha.update(digest.0);
    }

    /// The digest of all that was written.
    pub(crate) fn finish(self) -> Digest {
        Digest::first_half(self.sha)
    }

    /// A text that may be missing is not the empty one.
    fn optional(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        self.text(text.unwrap_or_default());
    }

    /// Users and groups may have equal identifiers.
    fn key(&mut self, key: &Key) {
        self.flag(matches!(key, Key::Group(_)));
        self.text(key.as_str());
    }

    fn intent(&mut self, intent: &Intent) {
        match intent {
            Intent::CreateUser { external_id, user_name: name } | Intent::CreateGroup { external_id, display_name: name } => {
                self.text("create");
                self.optional(external_id.as_ref().map(|id| id.as_str()));
                self.text(name);
            }
            Intent::Change => self.text("change"),
            Intent::AddMembers { users } | Intent::RemoveMembers { users } => {
                self.text(if matches!(intent, Intent::AddMembers { .. }) { "add" } else { "remove" });
                self.number(users.len());
                users.iter().for_each(|user| self.text(user.as_str()));
            }
        }
    }
}

impl Digest {
    /// The digest of a text, byte for byte.
    pub(crate) fn of_text(text: &str) -> Self {
        let mut sha = Sha256::new();
        sha.update(text.as_bytes());
        Self::first_half(sha)
    }

    fn first_half(sha: Sha256) -> Self {
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(sha.finalize()) {
            *to = from;
        }
        Self(half)
    }
}

impl State {
    /// Computes a digest of all that a plan is made of: links and memberships, intents, refusals, searches, removals, a refused token, the service's
    /// name, and how often it was written to. What is staged, and whether the service is left alone, is not read by itself: a machine that changes it
    /// takes the next generation, which is.
    ///
    /// Two states have one fingerprint only if these are equal, but for a chance of 2^-128; in which order they came to be does not matter. It tells
    /// whether something was synced between a plan and the run of it. It reads the whole state once: about a second for a million users.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_planner::{State, StateChange};
    ///
    /// let mut state = State::default();
    /// let before = state.fingerprint();
    /// state.apply(&StateChange::ServiceNamed { service: "/tenant/scim/v2".to_owned() });
    /// assert_ne!(state.fingerprint(), before);
    /// ```
    #[must_use]
    pub fn fingerprint(&self) -> Digest {
        let mut to = Fingerprint::default();
        to.optional(self.service());
        to.wide(self.generation());
        to.wide(self.blocked_since().map_or(0, milliseconds));
        to.number(self.linked_users());
        for (key, link) in self.users() {
            to.text(key.as_str());
            to.text(link.id.as_str());
            to.text(&link.user_name);
            to.optional(link.email.as_deref());
            to.flag(link.active);
            to.digest(link.digest);
        }
        to.number(self.groups().count());
        for (key, link) in self.groups() {
            to.text(key.as_str());
            to.text(link.id.as_str());
            to.text(&link.display_name);
            to.digest(link.digest);
            [link.released, link.members_known, link.unmanaged_members].into_iter().for_each(|flag| to.flag(flag));
            to.number(link.members.len());
            link.members.iter().for_each(|member| to.text(member.as_str()));
        }
        self.write_rest(&mut to);
        to.finish()
    }

    /// What was under way, refused, searched and taken away.
    fn write_rest(&self, to: &mut Fingerprint) {
        to.number(self.intents.len());
        for (key, intent) in &self.intents {
            to.key(key);
            to.intent(intent);
        }
        to.number(self.refusals.len());
        for (key, refusal) in &self.refusals {
            to.key(key);
            to.digest(refusal.digest);
            to.number(refusal.status.into());
            to.text(&refusal.detail);
        }
        to.number(self.searched.len());
        for (key, name) in &self.searched {
            to.key(key);
            to.text(name);
        }
        to.number(self.removals.len());
        for removal in &self.removals {
            to.wide(removal.at);
            to.key(&removal.key);
            to.flag(removal.deleted);
        }
    }
}
