//! One user, one group and one member, as Microsoft Graph writes them.

use serde::de::MapAccess;

use crate::directory::cloud::{Format, Listed, Member, Members, Paging, ReadGroup, Taken, add_custom};
use crate::directory::json::{Faults, Field, Open, Scalar, Simple, Wanted, record, usable, wrong};
use crate::directory::{Address, DirectoryId, Group, Lifecycle, PhoneNumber, User};
use crate::finding::{FindingKind, Record};

/// The most members that come with a group, where nothing says that there are more.
const MOST_EXPANDED: usize = 20;

/// The extension attributes that are kept from Exchange and from Active Directory.
const EXTENSION_ATTRIBUTES: u8 = 15;

/// The shapes of Microsoft Graph.
pub(super) struct Graph;

record! {
    /// A `user`. Which of these keys are there is for `$select` to say.
    pub(super) WireUser {
        id: String = "id",
        removed: Anything = "@removed",
        user_principal_name: String = "userPrincipalName",
        mail: String = "mail",
        given_name: String = "givenName",
        surname: String = "surname",
        display_name: String = "displayName",
        account_enabled: bool = "accountEnabled",
        deleted_date_time: Anything = "deletedDateTime",
        job_title: String = "jobTitle",
        company_name: String = "companyName",
        department: String = "department",
        office_location: String = "officeLocation",
        employee_id: Scalar = "employeeId",
        employee_type: String = "employeeType",
        employee_org_data: WireOrgData = "employeeOrgData",
        manager: WireManager = "manager",
        street_address: String = "streetAddress",
        city: String = "city",
        state: String = "state",
        postal_code: String = "postalCode",
        country: String = "country",
        business_phones: Vec<Field<String>> = "businessPhones",
        mobile_phone: String = "mobilePhone",
        preferred_language: String = "preferredLanguage",
        user_type: String = "userType",
        extension_attributes: Open<Simple> = "onPremisesExtensionAttributes",
        _ in extensions: Simple = "extension_"
    }
}

record! {
    /// An `employeeOrgData`.
    WireOrgData {
        cost_center: String = "costCenter",
        division: String = "division",
    }
}

record! {
    /// A `manager`, who comes with a person only where `$expand` asks for it.
    WireManager {
        id: String = "id",
    }
}

record! {
    /// A `group`, with members where `$expand` asks for them, or with changes of them in a delta answer.
    pub(super) WireGroup {
        id: String = "id",
        removed: Anything = "@removed",
        display_name: String = "displayName",
        members: Vec<Field<WireMember>> = "members",
        members_next: Anything = "members@odata.nextLink",
        members_changed: Anything = "members@delta",
    }
}

record! {
    /// A `directoryObject`.
    WireMemberRecord {
        id: String = "id",
        kind: String = "@odata.type",
        removed: Anything = "@removed",
    }
}

/// Whatever it is, it is there.
#[derive(Debug)]
pub(super) struct Anything;

impl Wanted for Anything {
    const EXPECTED: &'static str = "a value";

    fn from_text(_text: &str) -> Option<Self> {
        Some(Self)
    }
}

/// A member: its record, or its identifier alone.
#[derive(Debug)]
pub(super) struct WireMember(Option<Member>);

impl Wanted for WireMember {
    const EXPECTED: &'static str = "a member";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self(DirectoryId::new(text).ok().map(Member::Either)))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(WireMemberRecord::from_map(map)?.map(|record| Self(record.into_member())))
    }
}

impl WireMemberRecord {
    /// Whom the entry means. The type is left out where an answer was asked for without metadata, or for members of one type only.
    fn into_member(self) -> Option<Member> {
        let is_removed = is_there(&self.removed);
        let id = usable(self.id)?;
        Some(match self.kind {
            // Who was removed is in what changed, and no member.
            _ if is_removed => Member::Nobody,
            Field::Is(kind) if kind.eq_ignore_ascii_case("#microsoft.graph.user") => Member::User(id),
            Field::Is(kind) if kind.eq_ignore_ascii_case("#microsoft.graph.group") => Member::Group(id),
            Field::Is(_) => Member::Nobody,
            Field::Absent | Field::Not(_) => Member::Either(id),
        })
    }
}

/// Whether there is a value, of whichever type.
const fn is_there<T>(field: &Field<T>) -> bool {
    !matches!(field, Field::Absent)
}

impl Format for Graph {
    type User = WireUser;
    type Group = WireGroup;
    type Member = WireMember;

    const KNOWS_ADDRESSES: bool = false;

    fn paging(_: Listed) -> Paging {
        let paging = Paging::new("value", "@odata.nextLink");
        Paging { count: Some("@odata.count"), changes: Some("@odata.deltaLink"), ..paging }
    }

    fn user(record: WireUser) -> Taken<User> {
        if is_there(&record.removed) {
            return Taken::Change;
        }
        record.into_user().map_or(Taken::WithoutId, Taken::Record)
    }

    fn group<E: serde::de::Error>(record: WireGroup) -> Result<Taken<ReadGroup>, E> {
        if is_there(&record.removed) {
            return Ok(Taken::Change);
        }
        let is_change = is_there(&record.members_changed);
        let members = expanded(record.members, is_there(&record.members_next))?;
        let Some(id) = usable(record.id) else { return Ok(Taken::WithoutId) };
        let mut faults = Faults::new(Record::Group(id.clone()));
        let mut group = Group::new(id, "");
        group.name = faults.take(record.display_name, "displayName");
        group.findings = faults.into_findings();
        Ok(Taken::Record(ReadGroup { group, address: None, members, is_change }))
    }

    fn member(record: WireMember) -> Option<Member> {
        record.0
    }
}

/// The members that came with a group.
fn expanded<E: serde::de::Error>(members: Field<Vec<Field<WireMember>>>, is_followed: bool) -> Result<Option<Members>, E> {
    let entries = match members {
        Field::Absent => return Ok(None),
        Field::Is(entries) => entries,
        Field::Not(found) => return Err(wrong("members of a group", "an array", found)),
    };
    let mut members = Members::expanded(is_followed || entries.len() == MOST_EXPANDED);
    for (index, entry) in entries.into_iter().enumerate() {
        let member = if let Field::Is(member) = entry { member.0 } else { None };
        members.add(index + 1, member);
    }
    Ok(Some(members))
}

impl WireUser {
    /// The user, unless there is no identifier that can be used.
    fn into_user(self) -> Option<User> {
        let id = usable(self.id)?;
        let mut faults = Faults::new(Record::User(id.clone()));
        let mut user = User::new(id);
        user.username = faults.take(self.user_principal_name, "userPrincipalName");
        user.email = faults.take(self.mail, "mail");
        user.first_name = faults.take(self.given_name, "givenName");
        user.last_name = faults.take(self.surname, "surname");
        user.display_name = faults.take(self.display_name, "displayName");
        user.lifecycle = lifecycle(self.account_enabled, is_there(&self.deleted_date_time), &mut faults);
        user.job_title = faults.take(self.job_title, "jobTitle");
        user.company = faults.take(self.company_name, "companyName");
        user.department = faults.take(self.department, "department");
        user.location = faults.take(self.office_location, "officeLocation");
        user.employee_identifier = faults.take(self.employee_id, "employeeId").map(|scalar| scalar.0);
        user.employee_type = faults.take(self.employee_type, "employeeType");
        let texts = [("locale", self.preferred_language, "preferredLanguage"), ("userType", self.user_type, "userType")];
        for (name, value, path) in texts {
            user.custom.extend(faults.take(value, path).map(|value| (name.to_owned(), value)));
        }
        if let Some(data) = faults.take(self.employee_org_data, "employeeOrgData") {
            user.cost_center = faults.take(data.cost_center, "employeeOrgData.costCenter");
            let division = faults.take(data.division, "employeeOrgData.division");
            user.custom.extend(division.map(|division| ("division".to_owned(), division)));
        }
        if let Some(manager) = faults.take(self.manager, "manager") {
            user.manager = faults.take_id(manager.id, "manager.id");
        }
        let address = Address {
            kind: Some("work".to_owned()),
            street_address: faults.take(self.street_address, "streetAddress"),
            locality: faults.take(self.city, "city"),
            region: faults.take(self.state, "state"),
            postal_code: faults.take(self.postal_code, "postalCode"),
            country: faults.take(self.country, "country"),
        };
        user.addresses.extend(Some(address).filter(|address| !address.is_blank()));
        let business = faults.take(self.business_phones, "businessPhones").unwrap_or_default();
        let business = business.into_iter().filter_map(|phone| Some(PhoneNumber::new("work", faults.take(phone, "businessPhones")?)));
        user.phone_numbers.extend(business);
        user.phone_numbers.extend(faults.take(self.mobile_phone, "mobilePhone").map(|phone| PhoneNumber::new("mobile", phone)));
        user.phone_numbers.retain(|phone| !phone.is_blank());
        add_extension_attributes(&mut user, &mut faults, self.extension_attributes);
        for (name, value) in self.extensions {
            add_custom(&mut user, &mut faults, &name, &name, value);
        }
        user.findings = faults.into_findings();
        Some(user)
    }
}

/// The life cycle by `accountEnabled`, which Graph tells only where it is asked to. Without it nobody knows whether the person may log in.
fn lifecycle(account_enabled: Field<bool>, is_deleted: bool, faults: &mut Faults) -> Lifecycle {
    if matches!(account_enabled, Field::Absent) {
        let kind = FindingKind::UnreadableRecord { expected: "true or false (add it to $select)", found: "nothing" };
        faults.add("accountEnabled", kind);
    }
    let is_enabled = faults.take(account_enabled, "accountEnabled").unwrap_or(true);
    if is_enabled && !is_deleted { Lifecycle::Active } else { Lifecycle::Suspended }
}

/// Adds the fifteen attributes by name. What else is in their object belongs to nobody, and is passed over.
fn add_extension_attributes(user: &mut User, faults: &mut Faults, attributes: Field<Open<Simple>>) {
    let Some(Open(mut attributes)) = faults.take(attributes, "onPremisesExtensionAttributes") else { return };
    for number in 1..=EXTENSION_ATTRIBUTES {
        let name = format!("extensionAttribute{number}");
        if let Some(value) = attributes.remove(&name) {
            add_custom(user, faults, &format!("onPremisesExtensionAttributes.{name}"), &name, value);
        }
    }
}
