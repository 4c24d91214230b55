//! What becomes of each user.
//!
//! | answer | linked | not linked |
//! | --- | --- | --- |
//! | wanted, with the digest that was last sent | nothing (AM-21) | |
//! | wanted, otherwise | what differs of the managed attributes (AM-19); nothing but the digest, where only the order differs | see below |
//! | held | nothing | nothing |
//! | present | deactivated, once (GM-20) | what carries our identifier is adopted and deactivated, else nothing |
//! | absent | deleted (IC-12) | nothing |
//! | not in the source | as absent, where the source was read to its end; else held (UL-11) | |
//!
//! A link to an object that was asked for and is gone (404) ends first, and the record is then like one that was never linked (UL-09).
//!
//! | of a wanted record without a link, the service showed | what becomes of it | rule |
//! | --- | --- | --- |
//! | one object with its identifier, or its name | adopted, and what differs is changed | E-4, IC-14 |
//! | one with its name and the identifier of another record | held | E-5 |
//! | several | held, `Ambiguous` | E-5 |
//! | none, and it was looked for | created; but if suspended, it is remembered as searched | UL-01, UL-06 |
//! | none, and something with its e-mail address is in the way of a create that was refused | held, `ConflictNotMatched` | IC-24 |
//! | nothing, because it was not looked for, or could not be | held, `NotSearched` | UL-01 |
//!
//! What the service refused with 400 and has not changed since is held before any of this (E-11). A suspension is the exception: it goes out alone.

use idbridge_scim::protocol::ResourceType;
use idbridge_scim::{Change, Path, Resource, ResourceId, Value, changes};

use crate::desired::{Answer, DesiredUser, Presence, UserRecord};
use crate::finding::{Because, Finding};
use crate::key::{Key, UserKey};
use crate::name::folded;
use crate::observed::name_of;
use crate::operation::{Match, OperationKind};
use crate::plan::names::Duplicates;
use crate::plan::{Draft, Matched, managed, user_link};
use crate::run::not_matched;
use crate::state::{Digest, Linked, Refusal, StateChange};
use crate::table::{Handle, join};

impl Draft<'_> {
    /// Every user that the source or the state knows gets one answer, so that none is silently missing (GM-11).
    pub(super) fn users(&mut self, duplicates: &Duplicates) {
        let (desired, state, scope) = (self.desired, self.state, self.scope);
        let Some(keys) = scope.keys() else {
            self.linked = vec![Handle::NONE; desired.records().users().bound()];
            // Where nobody is under way or in doubt, the digests of most decide, and nothing else of them is looked at.
            let is_calm = state.intents.is_empty() && !self.observed.users().has_gone();
            for (record, link) in join(desired.records().users(), state.users.table()) {
                if let (Some((wanted, _)), Some((linked, _))) = (record, link) {
                    self.linked.get_mut(wanted.index()).into_iter().for_each(|place| *place = linked);
                }
                let (record, link) = (record.map(|(_, record)| record), link.and_then(|(_, user)| user.linked()));
                match is_unchanged(record, link) {
                    Some(key) if is_calm && !duplicates.holds_user(key) => self.unchanged += 1,
                    _ => self.user(record, link, duplicates),
                }
            }
            return;
        };
        for key in keys {
            if let Key::User(key) = key {
                self.user(desired.records().users().get(key.as_str()), state.users.get(key.as_str()), duplicates);
            }
        }
    }

    /// What becomes of a user, by the answer for it and by whether it is linked. A link to an object that is gone counts as none.
    fn user(&mut self, record: Option<&UserRecord>, linked: Option<Linked<'_>>, duplicates: &Duplicates) {
        let link = linked.filter(|link| !self.observed.users().is_gone_text(link.id()));
        let Some(key) = record.map(|record| record.user_key().clone()).or_else(|| linked.map(|link| link.key().into())) else { return };
        let key = &key;
        let any = Key::from(key.clone());
        let unseen;
        let answer = match record.and_then(UserRecord::answer) {
            Some(answer) => answer,
            // Named as a member and nowhere else, and nobody's.
            None if linked.is_none() => return,
            None => {
                unseen = self.desired.unseen(any.clone());
                &unseen
            }
        };
        let digest = record.map_or(Digest::NONE, UserRecord::digest);
        match answer {
            Answer::Want(user) => {
                let label = name_of(ResourceType::User, &user.resource).unwrap_or(key.as_str()).to_owned();
                if let Some(finding) = duplicates.finding(&any) {
                    return self.hold(any, label, vec![finding]);
                }
                match link {
                    Some(link) => self.linked_user(key, user, digest, link, label),
                    None => {
                        if linked.is_some() {
                            // UL-09: the service has lost it, so the link is dropped before it is searched.
                            self.bookkeeping.push(StateChange::UserUnlinked { key: key.clone() });
                        }
                        self.unlinked_user(key, user, digest, label);
                    }
                }
            }
            Answer::Hold(findings) => {
                let label = link.map(Linked::user_name).unwrap_or_default().to_owned();
                self.hold(any, label, findings.clone());
            }
            Answer::Present(presence) => match link {
                Some(link) => self.present_user(key, presence, link),
                None => self.present_unlinked_user(key, presence),
            },
            Answer::Absent => match link.zip(link.and_then(|link| ResourceId::new(link.id()).ok())) {
                Some((link, id)) => {
                    let because = Because::new("IC-12", "is no longer in the directory");
                    self.add(any, link.user_name(), OperationKind::DeleteUser { id }, because);
                }
                // Lost by the service as well: there is nothing to delete.
                None if linked.is_some() => self.bookkeeping.push(StateChange::UserUnlinked { key: key.clone() }),
                None => {}
            },
        }
    }

    /// AM-19, AM-21: while the digest is the same, nothing is done; else only what differs is sent, and only of what is managed.
    fn linked_user(&mut self, key: &UserKey, user: &DesiredUser, digest: Digest, link: Linked<'_>, label: String) {
        let any = Key::from(key.clone());
        if digest == link.digest() && !self.state.intents.contains_key(&any) {
            self.unchanged += 1;
            return;
        }
        if let Some(refusal) = self.refusal(&any, digest).cloned() {
            if link.is_active() && !user.is_active() {
                // E-11 holds what was refused together; a suspension is not held with it.
                self.deactivate(key, link, user.inactive_reason());
            }
            return self.hold(any, label, vec![refused(&refusal)]);
        }
        if let Some(finding) = self.not_read(&any) {
            return self.hold(any, label, vec![finding]);
        }
        let sent = managed(&user.resource, self.desired.managed_user());
        // What is not managed, or no longer, is left as it is.
        let changes = match self.last_sent.get(&any) {
            Some(last) => changes(&managed(last, &self.desired.compared_user(&user.resource)), &sent),
            None => all_of(&sent),
        };
        if changes.is_empty() {
            self.unchanged += 1;
            let linked = link.to_link().map(|link| user_link(link.id.clone(), &sent, Some(&link)));
            return self.bookkeeping.extend(linked.map(|link| StateChange::UserLinked { key: key.clone(), link, sent }));
        }
        let because = because_of(&changes, user);
        let Ok(id) = ResourceId::new(link.id()) else { return };
        let wanted = Some(user.resource.clone());
        self.add(any, label, OperationKind::UpdateUser { id, changes, sent, wanted }, because);
    }

    /// UL-01: a create rests on evidence that nobody is there; without it the record is held, because a second user is worse than none.
    fn unlinked_user(&mut self, key: &UserKey, user: &DesiredUser, digest: Digest, label: String) {
        let any = Key::from(key.clone());
        if let Some(refusal) = self.refusal(&any, digest) {
            return self.hold(any, label, vec![refused(refusal)]);
        }
        if let Some(reason) = self.observed.users().failure(&any) {
            return self.hold(any, label, vec![Finding::new("NotSearched", format!("the service could not be searched for it: {reason}"))]);
        }
        match self.correlation.of_user(key, user, self.observed) {
            Matched::One(id, matched) => self.adopt_user(key, user, &id, matched, label),
            Matched::Anothers(id) => self.hold(any, label, vec![anothers(&id)]),
            Matched::Ambiguous(reason) => {
                let finding = Finding::new("Ambiguous", reason).with_remedy("delete or rename the ones at the service that are not meant");
                self.hold(any, label, vec![finding]);
            }
            Matched::Unknown if !self.policy.creates(user.is_active()) => {}
            Matched::Unknown => {
                let finding = Finding::new("NotSearched", "the service was not searched for it, so it may be there already");
                self.hold(any, label, vec![finding]);
            }
            Matched::None if !self.policy.creates(user.is_active()) => {
                // UL-06: a suspended person who was never provisioned is not created.
                self.remember_search(any, &label);
            }
            Matched::None if self.is_in_the_way(&any, &user.resource, digest) => self.hold(any, label.clone(), vec![not_matched(&label)]),
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
    fn adopt_user(&mut self, key: &UserKey, user: &DesiredUser, id: &ResourceId, matched: Match, label: String) {
        let any = Key::from(key.clone());
        let sent = managed(&user.resource, self.desired.managed_user());
        let there = self.observed.users().get(id).cloned().unwrap_or_default();
        let changes = changes(&managed(&there, &self.desired.compared_user(&user.resource)), &sent);
        let rule = if matched == Match::ExternalId { "E-4" } else { "IC-14" };
        let because = Because::new(rule, format!("is at the service already (found by {matched}), entitled ({})", user.entitled_by));
        self.add(any, label, OperationKind::AdoptUser { id: id.clone(), matched, changes, sent }, because);
    }

    /// GM-20: at most `active` becomes false; every other attribute stays as it was sent last.
    fn present_user(&mut self, key: &UserKey, presence: &Presence, link: Linked<'_>) {
        let any = Key::from(key.clone());
        let is_unsure = link.is_active() || self.state.intents.contains_key(&any);
        if let Some(finding) = self.not_read(&any).filter(|_| is_unsure) {
            return self.hold(any, link.user_name(), vec![finding]);
        }
        if !link.is_active() {
            self.unchanged += 1;
            return;
        }
        self.deactivate(key, link, presence.because.clone());
    }

    /// Takes a linked user's access away, and nothing else.
    fn deactivate(&mut self, key: &UserKey, link: Linked<'_>, because: Because) {
        let any = Key::from(key.clone());
        let mut sent = self.last_sent.get(&any).cloned().unwrap_or_default();
        sent.attributes_mut().set("active", false);
        if let Some(refusal) = self.refusal(&any, Digest::of(&sent)) {
            return self.hold(any, link.user_name(), vec![refused(refusal)]);
        }
        let change = Change::new(Path::of("active"), Some(Value::Boolean(true)), Some(Value::Boolean(false)));
        let Ok(id) = ResourceId::new(link.id()) else { return };
        let kind = OperationKind::UpdateUser { id, changes: vec![change], sent, wanted: None };
        self.add(any, link.user_name(), kind, because);
    }

    /// Lost state: what carries the directory's own identifier was made for this person, and is deactivated like a linked user.
    fn present_unlinked_user(&mut self, key: &UserKey, presence: &Presence) {
        let any = Key::from(key.clone());
        let Some(Matched::One(id, matched)) = self.correlation.found(&any).cloned() else {
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

/// AM-21: the user of whom the service holds what is wanted, by the digest alone.
fn is_unchanged<'a>(record: Option<&'a UserRecord>, link: Option<Linked<'_>>) -> Option<&'a UserKey> {
    let (record, link) = record.zip(link)?;
    (record.digest() == link.digest() && record.wanted().is_some()).then(|| record.user_key())
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
        Some(false) => user.inactive_reason(),
        Some(true) => Because::new("GM-21", format!("is entitled again ({})", user.entitled_by)),
        None if changes.iter().any(|change| change.path().is_within("userName")) => {
            Because::new("UL-08", "has another e-mail address or username in the directory")
        }
        None if changes.iter().all(|change| change.after().is_none()) => Because::new("AM-20", "is empty in the directory"),
        None => Because::new("AM-19", "is different in the directory"),
    }
}
