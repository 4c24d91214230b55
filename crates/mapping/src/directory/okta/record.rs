//! One user, one group and one member, as Okta's API writes them.

use serde::de::MapAccess;

use crate::directory::cloud::{Format, Listed, Member, Paging, ReadGroup, Taken};
use crate::directory::json::{Faults, Field, Wanted, record, usable};
use crate::directory::okta::profile::WireProfile;
use crate::directory::{DirectoryId, Group, Lifecycle, User};
use crate::finding::{FindingKind, Record};

/// Okta's shapes.
pub(super) struct Okta;

record! {
    pub(super) WireUser {
        id: String = "id",
        status: String = "status",
        profile: WireProfile = "profile",
    }
}

record! {
    pub(super) WireGroup {
        id: String = "id",
        profile: WireGroupProfile = "profile",
    }
}

record! {
    WireGroupProfile {
        name: String = "name",
    }
}

record! {
    WireMemberRecord {
        id: String = "id",
    }
}

/// A member: its record, or its identifier alone.
pub(super) struct WireMember(Option<DirectoryId>);

impl Wanted for WireMember {
    const EXPECTED: &'static str = "a member";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self(DirectoryId::new(text).ok()))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(WireMemberRecord::from_map(map)?.map(|record| Self(usable(record.id))))
    }
}

impl Format for Okta {
    type User = WireUser;
    type Group = WireGroup;
    type Member = WireMember;

    const KNOWS_ADDRESSES: bool = true;

    fn paging(_: Listed) -> Paging {
        Paging::new("items", "next")
    }

    fn user(record: WireUser) -> Taken<User> {
        record.into_user().map_or(Taken::WithoutId, Taken::Record)
    }

    fn group<E: serde::de::Error>(record: WireGroup) -> Result<Taken<ReadGroup>, E> {
        let Some(id) = usable(record.id) else { return Ok(Taken::WithoutId) };
        let mut faults = Faults::new(Record::Group(id.clone()));
        let mut group = Group::new(id, "");
        group.name = faults.take(record.profile, "profile").and_then(|profile| faults.take(profile.name, "profile.name"));
        group.findings = faults.into_findings();
        Ok(Taken::Record(ReadGroup { group, address: None, members: None, is_change: false }))
    }

    fn member(record: WireMember) -> Option<Member> {
        record.0.map(Member::User)
    }
}

impl WireUser {
    /// The user, unless there is no identifier that can be used.
    fn into_user(self) -> Option<User> {
        let id = usable(self.id)?;
        let mut faults = Faults::new(Record::User(id.clone()));
        let mut user = User::new(id);
        set_status(&mut user, self.status, &mut faults);
        if let Some(profile) = faults.take(self.profile, "profile") {
            profile.add_to(&mut user, &mut faults);
        }
        user.findings = faults.into_findings();
        Some(user)
    }
}

/// What the status says. One that is not known holds the person, and so does one that is not there.
fn set_status(user: &mut User, status: Field<String>, faults: &mut Faults) {
    const EXPECTED: &str = "one of the eight that Okta has";
    let status = match status {
        Field::Is(status) => status,
        Field::Absent => {
            return faults.add("status", FindingKind::UnreadableRecord { expected: EXPECTED, found: "nothing" });
        }
        Field::Not(found) => return faults.add("status", FindingKind::UnreadableRecord { expected: EXPECTED, found }),
    };
    match status.trim().to_ascii_uppercase().as_str() {
        "ACTIVE" | "RECOVERY" => {}
        "PROVISIONED" => user.activated = false,
        "PASSWORD_EXPIRED" => user.password_expired = true,
        "LOCKED_OUT" => user.account_locked = true,
        "STAGED" => user.lifecycle = Lifecycle::Staged,
        "SUSPENDED" | "DEPROVISIONED" => user.lifecycle = Lifecycle::Suspended,
        _ => faults.add("status", FindingKind::UnreadableRecord { expected: EXPECTED, found: "another text" }),
    }
}
