//! Takes a response at the assertion consumer service.

use std::time::SystemTime;

use idbridge_saml::{AcceptedAssertion, EntityId, Expected, NameIdFormat, ReceivedResponse, ServiceProvider, SignedParts};
use idbridge_scim::ResourceId;
use idbridge_scim::protocol::ResourceType;

use crate::error::{Error, ErrorKind};
use crate::service::Service;
use crate::sso::session_tag::session_tags;
use crate::sso::sign_in::{FailedSignIn, SignIn, StartedBy};
use crate::store::Unique;

impl Service {
    /// Takes a response that a browser posted to the assertion consumer service at `url`: `body` is the form, as it came.
    ///
    /// Everything is checked as AWS does: the assertion must be signed by a key of the identity provider's metadata, and not by SHA-1; issuer,
    /// audience, recipient, destination and times must be right; what answers a request must answer one that is outstanding, and what answers none
    /// must say none; no assertion is used twice, and an encrypted one is refused. The `NameID` must be an e-mail address, and the `userName` of a
    /// user who was provisioned and is active: nobody is created here.
    ///
    /// The outcome is kept, for [`sign_ins`](Self::sign_ins) or [`failed_sign_ins`](Self::failed_sign_ins).
    ///
    /// # Errors
    ///
    /// The first check that failed.
    pub fn consume_response(&mut self, url: &str, body: &str, now: SystemTime) -> Result<SignIn, Error> {
        self.clock = self.clock.max(now);
        match self.check_response(url, body, now) {
            Ok(sign_in) => {
                self.sso.sign_ins.push(sign_in.clone());
                Ok(sign_in)
            }
            Err(error) => {
                self.sso.failed.push(FailedSignIn::new(url, error.clone(), now));
                Err(error)
            }
        }
    }

    /// The one way to a [`SignIn`]: nothing but this function makes one.
    fn check_response(&mut self, url: &str, body: &str, now: SystemTime) -> Result<SignIn, Error> {
        let sso = &mut self.sso;
        let service = sso.portal.assertion_consumer_service_at(url);
        let service = service.ok_or_else(|| ErrorKind::UnknownEndpoint { url: url.chars().take(200).collect() })?;
        let idp = sso.identity_provider.as_ref().ok_or(ErrorKind::NoIdentityProvider)?;
        let received = ReceivedResponse::from_post_body(body).map_err(ErrorKind::Saml)?;
        // What it claims to answer is only where to look: it is compared with what is signed, and must be outstanding as well.
        let claimed = received.claimed_in_response_to();
        let expected = claimed.clone().map_or(Expected::Unsolicited, Expected::ResponseTo);
        let entity_id = EntityId::new(sso.portal.entity_id()).map_err(ErrorKind::Saml)?;
        // It is for the URL that it came to, and not only for one of this instance's.
        let sp = ServiceProvider::new(entity_id, [service.url()], idp.entity_id().clone(), idp.keys.clone())
            .with_clock_skew(self.settings.clock_skew)
            .with_required_signature(SignedParts::Assertion);
        let assertion = sp.accept(&received, &expected, now, &mut sso.replays).map_err(ErrorKind::Saml)?;
        let relay_state = received.relay_state();
        if let Some(request) = &claimed {
            sso.outstanding.answer(request, relay_state, now)?;
        }
        let (user, user_name) = self.find_person(&assertion)?;
        Ok(self.sign_in(&assertion, (user, user_name), relay_state, now))
    }

    /// The user whom the `NameID` names, who must be provisioned and active.
    fn find_person(&self, assertion: &AcceptedAssertion) -> Result<(ResourceId, String), Error> {
        let name_id = assertion.name_id();
        if *name_id.format() != NameIdFormat::EMAIL_ADDRESS {
            return Err(ErrorKind::NameIdFormat { found: name_id.format().clone() }.into());
        }
        let name = name_id.value();
        if !is_address(name) {
            return Err(ErrorKind::NameIdValue { name_id: name.to_owned() }.into());
        }
        let shelf = self.store.shelf(ResourceType::User);
        let user_name = |id: &ResourceId| shelf.get(id).and_then(|entry| Unique::UserName.of(&entry.resource));
        let is_exact = |id: &&ResourceId| !self.settings.case_sensitive_sign_in || user_name(id) == Some(name);
        let found: Vec<&ResourceId> = shelf.find(Unique::UserName, name).iter().filter(is_exact).collect();
        match found.as_slice() {
            [] => Err(ErrorKind::NotProvisioned { name_id: name.to_owned() }.into()),
            [user] => {
                let user_name = user_name(user).unwrap_or_default().to_owned();
                if !self.is_active(user) {
                    return Err(ErrorKind::NotActive { user: (*user).clone(), user_name }.into());
                }
                Ok(((*user).clone(), user_name))
            }
            several => Err(ErrorKind::Ambiguous { name_id: name.to_owned(), users: several.len() }.into()),
        }
    }

    /// Whether there is such a user, and `active` is true.
    pub(crate) fn is_active(&self, user: &ResourceId) -> bool {
        let entry = self.store.shelf(ResourceType::User).get(user);
        entry.and_then(|entry| entry.resource.get("active")).is_some_and(|active| active.as_bool() == Some(true))
    }

    fn sign_in(
        &mut self,
        assertion: &AcceptedAssertion,
        (user, user_name): (ResourceId, String),
        relay_state: Option<&str>,
        now: SystemTime,
    ) -> SignIn {
        let (session_tags, ignored) = session_tags(assertion.attributes());
        let request_id = assertion.in_response_to().cloned();
        let longest = now.checked_add(self.settings.session_duration).unwrap_or(now);
        SignIn {
            number: self.sso.next_number(),
            user,
            user_name,
            session_tags,
            ignored,
            started_by: if request_id.is_some() { StartedBy::ServiceProvider } else { StartedBy::IdentityProvider },
            request_id,
            at: now,
            authenticated_at: assertion.authenticated_at(),
            session_end: assertion.session_not_on_or_after().map_or(longest, |end| end.min(longest)),
            assertion_consumer_service: assertion.recipient().to_owned(),
            relay_state: relay_state.map(str::to_owned),
        }
    }
}

/// User guide, `other-idps`: the `NameID` "must be an RFC 2822 addr-spec compliant" string; quoted local parts and literal domains, which
/// nobody has, are taken for none.
fn is_address(name: &str) -> bool {
    let is_atom = |atom: &str| {
        let is_allowed = |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(character);
        !atom.is_empty() && atom.chars().all(|character| is_allowed(character) || !character.is_ascii() && !character.is_whitespace())
    };
    name.split_once('@').is_some_and(|(local, domain)| local.split('.').all(is_atom) && domain.split('.').all(is_atom))
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn addresses() {
        for name in ["a@b", "anna.berg+aws@example.com", "o'neil@example.com", "änne@example.com"] {
            assert!(is_address(name), "{name}");
        }
        for name in
            ["", "anna", "@example.com", "anna@", "a@b@c", "a b@example.com", ".a@example.com", "a@example..com", "a@ex\u{a0}ample.com"]
        {
            assert!(!is_address(name), "{name}");
        }
    }
}
