//! One resource of SCIM, as RFC 7643 sections 4.1 to 4.3 have it.
//!
//! `idbridge_scim` reads resources too, and refuses a page with a resource that is wrong, as its client must. A directory that is read is in other
//! hands: each wrong value holds one record, and the others are read, so this is a reader of its own.
//!
//! Whether a resource is a user or a group is said by the first of these that it has:
//!
//! 1. `meta.resourceType`,
//! 2. `schemas`,
//! 3. the list that it is in, `Users` or `Groups`,
//! 4. an attribute that only one of them has, `userName` or `members`.
//!
//! One that says that it is something else is neither, and neither is one that says nothing at all: the snapshot is partial then, because it may be
//! a person.

use serde::de::MapAccess;

use crate::directory::json::{Faults, Field, Open, Scalar, Simple, Wanted, record, usable};
use crate::directory::{Address, DirectoryId, Lifecycle, PhoneNumber, User};
use crate::finding::{FindingKind, Record};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// The key of the enterprise extension, and how the names of its attributes begin that no field has.
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

record! {
    /// A user or a group; which of them is known only when all of it was read.
    pub(super) WireResource in any case {
        schemas: Vec<Field<String>> = "schemas",
        meta: WireMeta = "meta",
        id: String = "id",
        external_id: String = "externalId",
        user_name: String = "userName",
        name: WireName = "name",
        display_name: String = "displayName",
        title: String = "title",
        user_type: String = "userType",
        locale: String = "locale",
        active: Flag = "active",
        emails: Vec<Field<WireContact>> = "emails",
        phone_numbers: Vec<Field<WireContact>> = "phoneNumbers",
        addresses: Vec<Field<WireAddress>> = "addresses",
        members: Vec<Field<WireMember>> = "members",
        enterprise: WireEnterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        _ in extensions: Open<Simple> = "urn:"
    }
}

record! {
    WireMeta in any case {
        resource_type: String = "resourceType",
    }
}

record! {
    WireName in any case {
        given_name: String = "givenName",
        middle_name: String = "middleName",
        family_name: String = "familyName",
    }
}

record! {
    /// An e-mail address or a telephone number.
    WireContact in any case {
        value: String = "value",
        kind: String = "type",
        primary: Flag = "primary",
    }
}

record! {
    WireAddress in any case {
        kind: String = "type",
        street_address: String = "streetAddress",
        locality: String = "locality",
        region: String = "region",
        postal_code: String = "postalCode",
        country: String = "country",
    }
}

record! {
    WireEnterprise in any case {
        employee_number: Scalar = "employeeNumber",
        cost_center: Scalar = "costCenter",
        organization: String = "organization",
        division: String = "division",
        department: String = "department",
        manager: WireManager = "manager",
    }
}

record! {
    WireReference in any case {
        value: String = "value",
    }
}

record! {
    WireMember in any case {
        value: String = "value",
        kind: String = "type",
        reference: String = "$ref",
    }
}

/// A truth value, which some services write as a text.
#[derive(Debug)]
struct Flag(bool);

impl Wanted for Flag {
    const EXPECTED: &'static str = "true or false";

    fn from_boolean(value: bool) -> Option<Self> {
        Some(Self(value))
    }

    fn from_text(text: &str) -> Option<Self> {
        let is = |name: &str| text.eq_ignore_ascii_case(name);
        (is("true") || is("false")).then(|| Self(is("true")))
    }
}

/// A manager: an object with the identifier, or, from some services, the identifier itself.
#[derive(Debug)]
struct WireManager(Field<String>);

impl Wanted for WireManager {
    const EXPECTED: &'static str = "an object";

    fn from_text(text: &str) -> Option<Self> {
        Some(Self(Field::Is(text.to_owned())))
    }

    fn from_map<'de, A: MapAccess<'de>>(map: A) -> Result<Option<Self>, A::Error> {
        Ok(WireReference::from_map(map)?.map(|reference| Self(reference.value)))
    }
}

/// What a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Group,
}

/// The identifiers of one resource.
pub(super) struct Ids {
    /// Its `id`, by which others name it.
    pub(super) id: Option<DirectoryId>,
    pub(super) external_id: Option<DirectoryId>,
}

/// A member of a group.
pub(super) struct Member {
    /// Its place in the list, from 1.
    pub(super) row: usize,
    pub(super) id: DirectoryId,
    /// Nothing if the member does not say.
    pub(super) kind: Option<Kind>,
}

/// What is known of a group beside its name.
pub(super) struct Members {
    /// Whether there is a list of them.
    pub(super) is_read: bool,
    pub(super) members: Vec<Member>,
    /// The places in the list, from 1, whose entries have no identifier.
    pub(super) without_id: Vec<usize>,
}

impl WireResource {
    /// What it says that it is, by `meta.resourceType` or `schemas`; where it does not say, `otherwise`, or what attributes only one of them has.
    pub(super) fn kind(&self, otherwise: Option<Kind>) -> Option<Kind> {
        let stated = match &self.meta {
            Field::Is(WireMeta { resource_type: Field::Is(name) }) => Some(name.as_str()),
            _ => None,
        };
        let schemas = match &self.schemas {
            Field::Is(schemas) => schemas.as_slice(),
            Field::Absent | Field::Not(_) => &[],
        };
        let is = |name: &str, urn: &str| match stated {
            Some(stated) => stated.eq_ignore_ascii_case(name),
            None => schemas.iter().any(|schema| matches!(schema, Field::Is(schema) if schema.eq_ignore_ascii_case(urn))),
        };
        match (is("User", USER), is("Group", GROUP)) {
            (true, false) => Some(Kind::User),
            (false, true) => Some(Kind::Group),
            _ if stated.is_some() || !schemas.is_empty() => None,
            _ => otherwise.or_else(|| self.kind_by_attributes()),
        }
    }

    /// Both attributes at once, or neither, say nothing: such a resource may be a person, and is not guessed at.
    fn kind_by_attributes(&self) -> Option<Kind> {
        match (&self.user_name, &self.members) {
            (Field::Absent, Field::Absent) => None,
            (Field::Absent, _) => Some(Kind::Group),
            (_, Field::Absent) => Some(Kind::User),
            _ => None,
        }
    }

    /// The identifiers, which are taken out.
    pub(super) fn take_ids(&mut self) -> Ids {
        let take = |field: &mut Field<String>| usable(std::mem::replace(field, Field::Absent));
        Ids { id: take(&mut self.id), external_id: take(&mut self.external_id) }
    }

    /// The person known by `id`. Whoever has no `active` is active (RFC 7643 section 4.1.1 leaves that to the service, and services that leave it
    /// out know no other state).
    pub(super) fn into_user(self, id: DirectoryId) -> User {
        let mut faults = Faults::new(Record::User(id.clone()));
        let mut user = User::new(id);
        user.username = faults.take(self.user_name, "userName");
        user.display_name = faults.take(self.display_name, "displayName");
        user.job_title = faults.take(self.title, "title");
        user.employee_type = faults.take(self.user_type, "userType");
        if let Some(name) = faults.take(self.name, "name") {
            user.first_name = faults.take(name.given_name, "name.givenName");
            user.middle_name = faults.take(name.middle_name, "name.middleName");
            user.last_name = faults.take(name.family_name, "name.familyName");
        }
        let is_active = faults.take(self.active, "active").is_none_or(|Flag(is_active)| is_active);
        user.lifecycle = if is_active { Lifecycle::Active } else { Lifecycle::Suspended };
        user.email = email(faults.take(self.emails, "emails").unwrap_or_default(), &mut faults);
        for phone in faults.take(self.phone_numbers, "phoneNumbers").into_iter().flatten() {
            let phone = faults.take(phone, "phoneNumbers").map(|phone| phone.into_phone(&mut faults));
            user.phone_numbers.extend(phone.filter(|phone| !phone.is_blank()));
        }
        for address in faults.take(self.addresses, "addresses").into_iter().flatten() {
            let address = faults.take(address, "addresses").map(|address| address.into_address(&mut faults));
            user.addresses.extend(address.filter(|address| !address.is_blank()));
        }
        if let Some(enterprise) = faults.take(self.enterprise, ENTERPRISE) {
            enterprise.add_to(&mut user, &mut faults);
        }
        user.custom.extend(faults.take(self.locale, "locale").map(|locale| ("locale".to_owned(), locale)));
        for (urn, extension) in self.extensions {
            let Field::Is(Open(attributes)) = extension else { continue };
            for (name, value) in attributes {
                add_custom(&mut user, format!("{urn}:{name}"), value, &mut faults);
            }
        }
        user.findings = faults.into_findings();
        user
    }

    /// The name of a group and its members. Members that are no list hold the group, and are not known.
    pub(super) fn into_group(self, faults: &mut Faults) -> (Option<String>, Members) {
        let name = faults.take(self.display_name, "displayName");
        let mut members = Members { is_read: matches!(self.members, Field::Is(_)), members: Vec::new(), without_id: Vec::new() };
        for (index, member) in faults.take(self.members, "members").into_iter().flatten().enumerate() {
            match member {
                Field::Is(member) => match member.into_member(index + 1) {
                    Some(member) => members.members.push(member),
                    None => members.without_id.push(index + 1),
                },
                Field::Absent | Field::Not(_) => members.without_id.push(index + 1),
            }
        }
        (name, members)
    }
}

/// The e-mail address that is marked as primary, else the first of type `work`, else the first.
///
/// The first of equals counts, so that a list that a service writes in one order gives one address. A wrong entry holds the person, because it may be
/// the primary one.
fn email(emails: Vec<Field<WireContact>>, faults: &mut Faults) -> Option<String> {
    let mut best: Option<(u8, String)> = None;
    for email in emails {
        let Some(email) = faults.take(email, "emails") else { continue };
        let is_primary = matches!(faults.take(email.primary, "emails.primary"), Some(Flag(true)));
        let is_work = faults.take(email.kind, "emails.type").is_some_and(|kind| kind.eq_ignore_ascii_case("work"));
        let rank = if is_primary { 2 } else { u8::from(is_work) };
        let Some(value) = faults.take(email.value, "emails.value") else { continue };
        if best.as_ref().is_none_or(|(known, _)| rank > *known) {
            best = Some((rank, value));
        }
    }
    best.map(|(_, value)| value)
}

impl WireContact {
    fn into_phone(self, faults: &mut Faults) -> PhoneNumber {
        PhoneNumber {
            kind: faults.take(self.kind, "phoneNumbers.type"),
            number: faults.take(self.value, "phoneNumbers.value").unwrap_or_default(),
        }
    }
}

impl WireAddress {
    fn into_address(self, faults: &mut Faults) -> Address {
        Address {
            kind: faults.take(self.kind, "addresses.type"),
            street_address: faults.take(self.street_address, "addresses.streetAddress"),
            locality: faults.take(self.locality, "addresses.locality"),
            region: faults.take(self.region, "addresses.region"),
            postal_code: faults.take(self.postal_code, "addresses.postalCode"),
            country: faults.take(self.country, "addresses.country"),
        }
    }
}

impl WireEnterprise {
    /// Adds the attributes of RFC 7643 section 4.3. The model has no field for the division, which becomes a custom attribute.
    fn add_to(self, user: &mut User, faults: &mut Faults) {
        user.employee_identifier = faults.take(self.employee_number, "employeeNumber").map(|scalar| scalar.0);
        user.cost_center = faults.take(self.cost_center, "costCenter").map(|scalar| scalar.0);
        user.company = faults.take(self.organization, "organization");
        user.department = faults.take(self.department, "department");
        let division = faults.take(self.division, "division");
        user.custom.extend(division.map(|division| (format!("{ENTERPRISE}:division"), division)));
        if let Some(WireManager(manager)) = faults.take(self.manager, "manager") {
            user.manager = faults.take_id(manager, "manager.value");
        }
    }
}

/// Adds an attribute of an extension that has one value; what has parts is passed over, because no rule can send it.
fn add_custom(user: &mut User, name: String, value: Field<Simple>, faults: &mut Faults) {
    match value {
        Field::Is(Simple(value)) => {
            user.custom.insert(name, value);
        }
        Field::Not(found @ "two values") => {
            faults.add(name, FindingKind::CustomAttributeUnreadable { expected: Simple::EXPECTED, found });
        }
        Field::Absent | Field::Not(_) => {}
    }
}

impl WireMember {
    /// What the member names: a group by its `type` or by the address in `$ref`, and if neither says, whatever has the identifier.
    ///
    /// A `type` goes before `$ref`: an address is written by proxies as well, and a type only by the service.
    fn into_member(self, row: usize) -> Option<Member> {
        let is_group_there = matches!(&self.reference, Field::Is(reference) if reference.to_ascii_lowercase().contains("/groups/"));
        let kind = match &self.kind {
            Field::Is(kind) if kind.eq_ignore_ascii_case("Group") => Some(Kind::Group),
            Field::Is(kind) if kind.eq_ignore_ascii_case("User") => Some(Kind::User),
            _ => is_group_there.then_some(Kind::Group),
        };
        usable(self.value).map(|id| Member { row, id, kind })
    }
}
