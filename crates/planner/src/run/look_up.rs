//! Looking for an object before it is created, or created again.
//!
//! The question is always the same: did what was sent take effect, or is somebody else there? What carries our identifier is ours. Where none is sent
//! (AM-00 off), the name decides, and only one object may have it. Several, or one that is another's, are a finding, not a guess.

use std::time::SystemTime;

use idbridge_scim::protocol::{ListQuery, Reply, Request, ResourceType};
use idbridge_scim::{Filter, Resource};

use crate::finding::Finding;
use crate::name::folded;
use crate::observed::{name_filter, name_of};
use crate::run::Run;
use crate::run::task::{Aim, Doubt};
use crate::run::users::not_matched;

impl Run {
    /// UL-02, UL-03: by externalId, or by name where none of ours was sent.
    pub(super) fn find(&mut self, index: usize, after: Doubt, not_before: SystemTime) {
        self.find_by(index, [Aim::FindByExternalId { after }, Aim::FindByName { after }], not_before);
    }

    /// Asks in the first of these ways for which the wanted object has a value.
    fn find_by(&mut self, index: usize, ways: impl IntoIterator<Item = Aim>, not_before: SystemTime) {
        match ways.into_iter().find_map(|aim| Some((self.look_up(index, &aim)?, aim))) {
            Some((request, aim)) => self.ask(index, aim, request, not_before),
            None => self.done(index),
        }
    }

    fn look_up(&self, index: usize, aim: &Aim) -> Option<Request> {
        let (wanted, resource_type) = (self.wanted(index)?, self.resource_type(index));
        let filter = match aim {
            Aim::FindByExternalId { .. } => Filter::external_id(&wanted.external_id()?),
            _ => name_filter(resource_type, name_of(resource_type, wanted)?),
        };
        Some(Request::list(resource_type, ListQuery::filtered(filter)))
    }

    /// What was found decides: one object is adopted, several are held, and none means that the create may be sent, unless the service has just said
    /// that something is in the way (IC-24).
    pub(super) fn looked_up(&mut self, index: usize, aim: Aim, reply: &Reply, now: SystemTime) {
        let (after, by_name) = match aim {
            Aim::FindByExternalId { after } => (after, false),
            Aim::FindByName { after } => (after, true),
            _ => return,
        };
        let (Some(wanted), resource_type) = (self.wanted(index).cloned(), self.resource_type(index)) else {
            return;
        };
        let Some(page) = reply.list().filter(|_| reply.is_success()) else {
            if let Some(request) = self.look_up(index, &aim) {
                self.ask_again(index, aim, request, reply, now);
            }
            return;
        };
        let name = name_of(resource_type, &wanted).unwrap_or_default();
        let is_it = |resource: &&Resource| match by_name {
            true => name_of(resource_type, resource).is_some_and(|found| folded(found) == folded(name)),
            false => resource.external_id() == wanted.external_id(),
        };
        let found: Vec<&Resource> = page.resources().iter().filter(is_it).collect();
        match (found.as_slice(), by_name) {
            ([resource], _) if resource_type == ResourceType::Group => self.group_found(index, resource, now),
            ([resource], _) => self.user_found(index, resource, now),
            ([], false) => self.find_by(index, [Aim::FindByName { after }], now),
            ([], true) if after == Doubt::Conflict => self.nothing_matches(index, name),
            ([], true) => {
                let at = if after == Doubt::Lost { now } else { self.later(index, now) };
                match resource_type {
                    ResourceType::Group => self.create_group(index, at),
                    _ => self.create_user(index, at),
                }
            }
            (several, _) => {
                let message = format!("{} objects of the service match it", several.len());
                self.held(index, Finding::new("Ambiguous", message));
            }
        }
    }

    /// The service refuses it as a duplicate, of something that cannot be found.
    fn nothing_matches(&mut self, index: usize, name: &str) {
        let finding = match self.resource_type(index) {
            ResourceType::Group => {
                let message = format!("the service refuses it as a duplicate (409), and has no group named {name:?}");
                Finding::new("ConflictNotMatched", message)
            }
            _ => {
                self.remember_refusal(index, 409, "the service has another user with its e-mail address or externalId");
                not_matched(name)
            }
        };
        self.held(index, finding);
    }
}
