//! What becomes of each user.

use std::collections::BTreeSet;

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Path, Resource, ResourceId, Value, changes};

use crate::desired::{Answer, DesiredUser, Presence};
use crate::finding::{Because, Finding};
use crate::key::{Key, UserKey};
use crate::observed::{folded, name_of};
use crate::operation::{Match, OperationKind};
use crate::plan::correlate::is_unlinked_user;
use crate::plan::names::Duplicates;
use crate::plan::{Draft, Matched, managed, user_link};
use crate::run::not_matched;
use crate::state::{Digest, Refusal, StateChange, UserLink};

impl Draft<'_> {
    /// Every user that the source or the state knows gets one answer, so that none is silently missing (GM-11).
    pub(super) fn users(&mut self, duplicates: &Duplicates) {
        let keys: BTreeSet<&UserKey> = self.desired.users().map(|(key, _)| key).chain(self.state.users().map(|(key, _)| key)).collect();
        for key in keys {
            self.user(key, duplicates);
        }
    }

    /// What becomes of a user, by the answer for it and by whether it is linked. A link to an object that is gone counts as none.
    fn user(&mut self, key: &UserKey, duplicates: &Duplicates) {
        let any = Key::from(key.clone());
        let link = self.state.user(key).filter(|_| !is_unlinked_user(key, self.observed, self.state));
        match self.desired.user(key) {
            Answer::Want(user) => {
                let label = name_of(ResourceType::User, &user.resource).unwrap_or(key.as_str()).to_owned();
                if let Some(finding) = duplicates.finding(&any) {
                    return self.hold(any, label, vec![finding]);
                }
                match link {
                    Some(link) => self.linked_user(key, &user, link, label),
                    None => {
                        if self.state.user(key).is_some() {
                            // UL-09: the service has lost it, so the link is dropped before it is searched.
                            self.bookkeeping.push(StateChange::UserUnlinked { key: key.clone() });
                        }
                        self.unlinked_user(key, &user, label);
                    }
                }
            }
            Answer::Hold(findings) => {
                let label = link.map(|link| link.user_name.to_string()).unwrap_or_default();
                self.hold(any, label, findings);
            }
            Answer::Present(presence) => match link {
                Some(link) => self.present_user(key, &presence, link),
                None => self.present_unlinked_user(key, &presence),
            },
            Answer::Absent => {
                let Some(link) = link else {
                    // Lost by the service as well: there is nothing to delete.
                    return self.bookkeeping.push(StateChange::UserUnlinked { key: key.clone() });
                };
                let because = Because::new("IC-12", "is no longer in the directory");
                self.add(any, link.user_name.clone(), OperationKind::DeleteUser { id: link.id.clone() }, because);
            }
        }
    }

    /// AM-19, AM-21: while the digest is the same, nothing is done; else only what differs is sent, and only of what is managed.
    fn linked_user(&mut self, key: &UserKey, user: &DesiredUser, link: &UserLink, label: String) {
        let any = Key::from(key.clone());
        let sent = managed(&user.resource, self.desired.managed_user());
        let digest = Digest::of(&sent);
        if digest == link.digest && !self.state.intents.contains_key(&any) {
            self.unchanged += 1;
            return;
        }
        if let Some(refusal) = self.refusal(&any, digest).cloned() {
            if link.active && !user.is_active() {
                // E-11 holds what was refused together; a suspension is not held with it.
                self.deactivate(key, link, Because::new("UL-04", "is suspended in the directory"));
            }
            return self.hold(any, label, vec![refused(&refusal)]);
        }
        if let Some(finding) = self.not_read(&any) {
            return self.hold(any, label, vec![finding]);
        }
        // What is not managed, or no longer, is left as it is.
        let changes = match self.last_sent.get(&any) {
            Some(last) => changes(&managed(last, self.desired.managed_user()), &sent),
            None => all_of(&sent),
        };
        if changes.is_empty() {
            self.unchanged += 1;
            let link = user_link(link.id.clone(), &sent, Some(link));
            return self.bookkeeping.push(StateChange::UserLinked { key: key.clone(), link, sent });
        }
        let because = because_of(&changes, user);
        let wanted = Some(user.resource.clone());
        self.add(any, label, OperationKind::UpdateUser { id: link.id.clone(), changes, sent, wanted }, because);
    }

    /// UL-01: a create rests on evidence that nobody is there; without it the record is held, because a second user is worse than none.
    fn unlinked_user(&mut self, key: &UserKey, user: &DesiredUser, label: String) {
        let any = Key::from(key.clone());
        let sent = managed(&user.resource, self.desired.managed_user());
        if let Some(refusal) = self.refusal(&any, Digest::of(&sent)) {
            return self.hold(any, label, vec![refused(refusal)]);
        }
        if let Some(reason) = self.observed.users().failure(&any) {
            return self.hold(any, label, vec![Finding::new("NotSearched", format!("the service could not be searched for it: {reason}"))]);
        }
        match self.correlation.of(&any) {
            Matched::One(id, matched) => self.adopt_user(key, user, &id, matched, sent, label),
            Matched::Anothers(id) => self.hold(any, label, vec![anothers(&id)]),
            Matched::Ambiguous(reason) => {
                let finding = Finding::new("Ambiguous", reason).with_remedy("delete or rename the ones at the service that are not meant");
                self.hold(any, label, vec![finding]);
            }
            Matched::Unknown if !user.is_active() => {}
            Matched::Unknown => {
                let finding = Finding::new("NotSearched", "the service was not searched for it, so it may be there already");
                self.hold(any, label, vec![finding]);
            }
            Matched::None if !user.is_active() => {
                // UL-06: a suspended person who was never provisioned is not created.
                self.remember_search(any, &label);
            }
            Matched::None if self.is_in_the_way(&any, &user.resource, Digest::of(&sent)) => {
                self.hold(any, label.clone(), vec![not_matched(&label)])
            }
            Matched::None => {
                let because = Because::new("UL-01", format!("is entitled ({}) and not at the service", user.entitled_by));
                self.add(any, label, OperationKind::CreateUser { resource: user.resource.clone() }, because);
            }
        }
    }

    /// IC-24: whether the service refused to create this as a duplicate, and what is in the way is still to be seen. Where only look-ups were made,
    /// that is not known, and it is tried again.
    fn is_in_the_way(&self, key: &Key, resource: &Resource, digest: Digest) -> bool {
        let was_refused = self.state.refusals.get(key).is_some_and(|refusal| refusal.is_conflict() && refusal.digest == digest);
        if !was_refused || !self.observed.users().is_complete() {
            return false;
        }
        let email = resource.primary_value("emails").map(folded);
        self.observed.users().iter().any(|(_, there)| {
            let same_email = email.is_some() && there.primary_value("emails").map(folded) == email;
            same_email || (there.external_id().is_some() && there.external_id() == resource.external_id())
        })
    }

    /// Remembers that nothing is there for a record that is not created now, so that the next run need not look again under this name.
    pub(super) fn remember_search(&mut self, key: Key, name: &str) {
        if self.state.searched.get(&key).is_none_or(|searched| searched != name) {
            self.bookkeeping.push(StateChange::Searched { key, name: name.to_owned() });
        }
    }

    /// IC-14: takes over what is there and changes what differs; the display name is not managed, and so stays as it was given by hand.
    fn adopt_user(&mut self, key: &UserKey, user: &DesiredUser, id: &ResourceId, matched: Match, sent: Resource, label: String) {
        let any = Key::from(key.clone());
        let there = self.observed.users().get(id).cloned().unwrap_or_default();
        let changes = changes(&managed(&there, self.desired.managed_user()), &sent);
        let rule = if matched == Match::ExternalId { "E-4" } else { "IC-14" };
        let because = Because::new(rule, format!("is at the service already (found by {matched}), entitled ({})", user.entitled_by));
        self.add(any, label, OperationKind::AdoptUser { id: id.clone(), matched, changes, sent }, because);
    }

    /// GM-20: at most `active` becomes false; every other attribute stays as it was sent last.
    fn present_user(&mut self, key: &UserKey, presence: &Presence, link: &UserLink) {
        let any = Key::from(key.clone());
        let is_unsure = link.active || self.state.intents.contains_key(&any);
        if let Some(finding) = self.not_read(&any).filter(|_| is_unsure) {
            return self.hold(any, link.user_name.clone(), vec![finding]);
        }
        if !link.active {
            self.unchanged += 1;
            return;
        }
        self.deactivate(key, link, presence.because.clone());
    }

    /// Takes a linked user's access away, and nothing else.
    fn deactivate(&mut self, key: &UserKey, link: &UserLink, because: Because) {
        let any = Key::from(key.clone());
        let mut sent = self.last_sent.get(&any).cloned().unwrap_or_default();
        sent.attributes_mut().set("active", false);
        if let Some(refusal) = self.refusal(&any, Digest::of(&sent)) {
            return self.hold(any, link.user_name.clone(), vec![refused(refusal)]);
        }
        let change = Change::new(Path::of("active"), Some(Value::Boolean(true)), Some(Value::Boolean(false)));
        let kind = OperationKind::UpdateUser { id: link.id.clone(), changes: vec![change], sent, wanted: None };
        self.add(any, link.user_name.clone(), kind, because);
    }

    /// Lost state: what carries the directory's own identifier was made for this person, and is deactivated like a linked user.
    fn present_unlinked_user(&mut self, key: &UserKey, presence: &Presence) {
        let any = Key::from(key.clone());
        let Matched::One(id, matched) = self.correlation.of(&any) else {
            return;
        };
        let Some(there) = self.observed.users().get(&id) else {
            return;
        };
        let mut sent = managed(there, self.desired.managed_user());
        let active = sent.get("active").and_then(Value::as_bool);
        let mut changes = Vec::new();
        if active != Some(false) {
            changes.push(Change::new(Path::of("active"), active.map(Value::Boolean), Some(Value::Boolean(false))));
            sent.attributes_mut().set("active", false);
        }
        let label = name_of(ResourceType::User, there).unwrap_or(key.as_str()).to_owned();
        self.add(any, label, OperationKind::AdoptUser { id, matched, changes, sent }, presence.because.clone());
    }
}

/// The finding for a write that the service refused and that has not changed since.
pub(crate) fn refused(refusal: &Refusal) -> Finding {
    let Refusal { status, detail, .. } = refusal;
    Finding::new("RefusedByService", format!("the service refused exactly this ({status}): {detail}"))
        .with_remedy("change the record; it is not sent again as it is")
}

/// E-5: what carries the identifier of another record is not adopted by name.
pub(crate) fn anothers(id: &ResourceId) -> Finding {
    Finding::new("NameTaken", format!("the object of the service with its name carries the externalId of another record ({id})"))
        .with_remedy("change one of the two records")
}

/// Changes that set every attribute, where it is not known what was there.
fn all_of(sent: &Resource) -> Vec<Change> {
    changes(&Resource::new(), sent)
}

/// The weightiest of the changes gives the reason: what becomes of access first, then of the name, then of the rest.
fn because_of(changes: &[Change], user: &DesiredUser) -> Because {
    let active = changes.iter().find(|change| change.path().is_within("active"));
    match active.and_then(Change::after).and_then(Value::as_bool) {
        Some(false) => Because::new("UL-04", "is suspended in the directory"),
        Some(true) => Because::new("GM-21", format!("is entitled again ({})", user.entitled_by)),
        None if changes.iter().any(|change| change.path().is_within("userName")) => {
            Because::new("UL-08", "has another e-mail address or username in the directory")
        }
        None if changes.iter().all(|change| change.after().is_none()) => Because::new("AM-20", "is empty in the directory"),
        None => Because::new("AM-19", "is different in the directory"),
    }
}
