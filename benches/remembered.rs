//! What a planner has at hand of a company that it has synced: the state, the values last sent, and what was looked up.

#![allow(dead_code, reason = "each benchmark uses its part")]

use idbridge_application::desired;
use idbridge_mapping::RuleSet;
use idbridge_mapping::directory::{Snapshot, jumpcloud};
use idbridge_planner::{Answer, Desired, Digest, Key, LastSent, Observed, OperationKind, Plan, State};
use idbridge_scim::{Profile, Resource};

use crate::company::{Company, mix, number_of, user_key};
use crate::join::Counts;
use crate::measure::say;

/// Reads a directory the way that everybody does.
pub(crate) fn read(text: &str) -> Option<Desired> {
    Some(wanted(&snapshot(text)?))
}

/// Reads a company of any size. One that is too large for one file is read from several.
pub(crate) fn read_company(company: Company) -> Option<Desired> {
    let mut texts = company.texts();
    let groups = snapshot(&texts.next()?)?;
    // By itself the file of the groups is not the whole directory, and says so; all files together are.
    let mut whole = Snapshot::new(groups.application().clone());
    groups.groups().values().for_each(|group| whole.insert_group(group.clone()));
    for text in texts {
        for user in snapshot(&text)?.users().values() {
            whole.insert_user(user.clone());
        }
    }
    Some(wanted(&whole))
}

fn snapshot(text: &str) -> Option<Snapshot> {
    jumpcloud::read(text.as_bytes()).map_err(|error| say(&format!("the directory cannot be read: {error}"))).ok()
}

fn wanted(snapshot: &Snapshot) -> Desired {
    desired(snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center())
}

/// The state behind a sync of all that is wanted, from the records that a store would list.
pub(crate) fn state(desired: &Desired) -> Option<State> {
    let format = ("format".to_owned(), b"1".to_vec());
    let groups = desired.groups().filter_map(|(key, answer)| match &answer {
        Answer::Want(group) => Some((key.as_str().to_owned(), group_record(&group.resource, desired)?)),
        _ => None,
    });
    let groups = groups.map(|(key, value)| (format!("group/{key}"), value));
    let members = desired.groups().flat_map(|(key, answer)| {
        let members: Vec<String> = match &answer {
            Answer::Want(group) => group.members.iter().map(|user| format!("member/{}/{}", key.as_str(), user.as_str())).collect(),
            _ => Vec::new(),
        };
        members.into_iter().map(|key| (key, Vec::new()))
    });
    let users = desired.users().filter_map(|(key, answer)| match &answer {
        Answer::Want(user) => Some((format!("user/{}", key.as_str()), user_record(key.as_str(), &user.resource, desired)?)),
        _ => None,
    });
    State::restore([format].into_iter().chain(groups).chain(members).chain(users)).ok()
}

/// What a store gives for the records that need it, and what is looked up before somebody is created: here, that nobody is there.
pub(crate) fn looked_up(wanted: &Desired, before: &Desired, state: &State, company: Company) -> (LastSent, Observed) {
    let mut last_sent = LastSent::default();
    for key in LastSent::needed(wanted, state) {
        let values = match &key {
            Key::User(user) => match &before.user(user) {
                Answer::Want(user) => user.resource.project(before.managed_user()),
                _ => continue,
            },
            Key::Group(_) => continue,
        };
        last_sent.insert(key, values);
    }
    let mut observed = Observed::default();
    for number in company.newcomers() {
        let key = user_key(number);
        if let Answer::Want(user) = &wanted.user(&key.as_str().into()) {
            observed.users_mut().searched_name(user.resource.text("userName").unwrap_or_default());
        }
        observed.users_mut().searched_external_id(key);
    }
    (last_sent, observed)
}

/// A service that was read to its end, and has nobody.
pub(crate) fn nothing_there() -> Observed {
    let mut observed = Observed::default();
    observed.users_mut().complete();
    observed.groups_mut().complete();
    observed
}

/// Counts what a plan does.
pub(crate) fn counts(plan: &Plan) -> Counts {
    let mut counts = Counts::default();
    for operation in plan.operations() {
        match &operation.kind {
            OperationKind::CreateUser { .. } => counts.created_users += 1,
            OperationKind::UpdateUser { .. } => counts.updated_users += 1,
            OperationKind::DeleteUser { .. } => counts.deleted_users += 1,
            OperationKind::CreateGroup { members, .. } => {
                counts.created_groups += 1;
                counts.joined += members.len();
            }
            OperationKind::AddMembers { users } => counts.joined += users.len(),
            OperationKind::RemoveMembers { users, .. } => counts.left += users.len(),
            _ => {}
        }
    }
    counts
}

fn user_record(key: &str, resource: &Resource, desired: &Desired) -> Option<Vec<u8>> {
    let name = resource.text("userName")?;
    let email = resource.primary_value("emails").filter(|email| *email != name);
    let email = email.map(|email| format!("\"email\":\"{email}\",")).unwrap_or_default();
    let is_active = resource.get("active").and_then(|value| value.as_bool()) != Some(false);
    let digest = Digest::of(&resource.project(desired.managed_user()));
    let id = service_id(number_of(key)?);
    Some(format!(r#"{{"id":"{id}","user_name":"{name}",{email}"active":{is_active},"digest":"{digest}"}}"#).into_bytes())
}

fn group_record(resource: &Resource, desired: &Desired) -> Option<Vec<u8>> {
    let (name, key) = (resource.text("displayName")?, resource.text("externalId")?);
    let digest = Digest::of(&resource.project(desired.managed_group()));
    let id = service_id(!number_of(key)?);
    Some(format!(r#"{{"id":"{id}","display_name":"{name}","digest":"{digest}","members_known":true}}"#).into_bytes())
}

/// An identifier as the service gives them.
fn service_id(number: u32) -> String {
    let (high, low) = (mix(number), mix(number ^ 0x5555_5555));
    format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", high >> 31, high & 0xffff, (high >> 16) & 0xfff, low & 0xfff, low >> 15)
}
