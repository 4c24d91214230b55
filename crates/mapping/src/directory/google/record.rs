//! One user, one group and one member, as Google's Directory API writes them.
//!
//! Most of what Google knows of a person is in lists whose entries have a `type`, with `custom` and a `customType` for a word of one's own. Of
//! addresses and phone numbers all entries are kept, in Google's order; of everything else one is chosen. Each list is read to its end in any case,
//! so that a value of a wrong type holds the person whether it would be chosen or not.

use serde::de::MapAccess;

use crate::directory::cloud::{Format, Listed, Member, Paging, ReadGroup, Taken, add_custom};
use crate::directory::json::{Faults, Field, Open, Scalar, Simple, Wanted, record, usable};
use crate::directory::{Address, DirectoryId, Group, Lifecycle, PhoneNumber, User};
use crate::finding::Record;

/// Google's shapes.
pub(super) struct Google;

record! {
    /// A `users` resource. Google leaves out what is empty or false.
    pub(super) WireUser {
        id: String = "id",
        primary_email: String = "primaryEmail",
        name: WireName = "name",
        suspended: bool = "suspended",
        archived: bool = "archived",
        deletion_time: String = "deletionTime",
        organizations: Vec<Field<WireOrganization>> = "organizations",
        external_ids: Vec<Field<WireExternalId>> = "externalIds",
        relations: Vec<Field<WireRelation>> = "relations",
        addresses: Vec<Field<WireAddress>> = "addresses",
        phones: Vec<Field<WirePhone>> = "phones",
        languages: Vec<Field<WireLanguage>> = "languages",
        custom_schemas: Open<Open<Simple>> = "customSchemas",
        org_unit_path: String = "orgUnitPath",
    }
}

record! {
    /// The name. `fullName` is made of the other two, `displayName` is what the person chose.
    WireName {
        given_name: String = "givenName",
        family_name: String = "familyName",
        full_name: String = "fullName",
        display_name: String = "displayName",
    }
}

record! {
    /// Where the person works. The admin console keeps one of them, and in its `description` the type of employee.
    WireOrganization {
        primary: bool = "primary",
        name: String = "name",
        title: String = "title",
        department: String = "department",
        cost_center: String = "costCenter",
        location: String = "location",
        description: String = "description",
    }
}

record! {
    /// An identifier of another system; the one of type `organization` is the employee's.
    WireExternalId {
        kind: String = "type",
        value: Scalar = "value",
    }
}

record! {
    /// Another person, by e-mail address or by name; the one of type `manager` is whom this one reports to.
    WireRelation {
        kind: String = "type",
        value: String = "value",
    }
}

record! {
    /// A physical address. `countryCode` is the one of ISO 3166-1, which SCIM asks for (RFC 7643, section 4.1.2); `country` is any text.
    WireAddress {
        kind: String = "type",
        custom_type: String = "customType",
        street_address: String = "streetAddress",
        locality: String = "locality",
        region: String = "region",
        postal_code: String = "postalCode",
        country: String = "country",
        country_code: String = "countryCode",
    }
}

record! {
    /// A telephone number.
    WirePhone {
        kind: String = "type",
        custom_type: String = "customType",
        value: String = "value",
    }
}

record! {
    /// A language, as a code, and whether it is `preferred` or `not_preferred`.
    WireLanguage {
        language_code: String = "languageCode",
        preference: String = "preference",
    }
}

record! {
    /// A `groups` resource. Members are in an answer of their own.
    pub(super) WireGroup {
        id: String = "id",
        email: String = "email",
        name: String = "name",
    }
}

record! {
    /// A `members` resource.
    WireMemberRecord {
        id: String = "id",
        email: String = "email",
        kind: String = "type",
    }
}

/// A member: its record, or its identifier alone, as scripts keep it that drop the rest.
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
    /// Whom the entry means. People of elsewhere may have no identifier, and neither has what the answer was not asked for (`fields`); the address
    /// stands in for it.
    fn into_member(self) -> Option<Member> {
        let kind = match self.kind {
            Field::Is(kind) => kind,
            Field::Absent | Field::Not(_) => String::new(),
        };
        let is = |name: &str| kind.trim().eq_ignore_ascii_case(name);
        if is("CUSTOMER") {
            return Some(Member::Everybody);
        }
        if is("EXTERNAL") {
            return Some(Member::Nobody);
        }
        let Some(id) = usable(self.id) else {
            let Field::Is(email) = self.email else { return None };
            return Some(Member::Address(email, 0));
        };
        Some(if is("USER") {
            Member::User(id)
        } else if is("GROUP") {
            Member::Group(id)
        } else {
            Member::Either(id)
        })
    }
}

impl Format for Google {
    type User = WireUser;
    type Group = WireGroup;
    type Member = WireMember;

    const KNOWS_ADDRESSES: bool = true;

    fn paging(list: Listed) -> Paging {
        let (entries, kind) = match list {
            Listed::Users | Listed::BoundUsers => ("users", "admin#directory#users"),
            Listed::Groups | Listed::BoundGroups => ("groups", "admin#directory#groups"),
            Listed::Members => ("members", "admin#directory#members"),
        };
        Paging { kind: Some(kind), ..Paging::new(entries, "nextPageToken") }
    }

    fn user(record: WireUser) -> Taken<User> {
        record.into_user().map_or(Taken::WithoutId, Taken::Record)
    }

    fn group<E: serde::de::Error>(record: WireGroup) -> Result<Taken<ReadGroup>, E> {
        let Some(id) = usable(record.id) else { return Ok(Taken::WithoutId) };
        let mut faults = Faults::new(Record::Group(id.clone()));
        let mut group = Group::new(id, "");
        group.name = faults.take(record.name, "name");
        let address = faults.take(record.email, "email");
        group.findings = faults.into_findings();
        Ok(Taken::Record(ReadGroup { group, address, members: None, is_change: false }))
    }

    fn member(record: WireMember) -> Option<Member> {
        record.0
    }
}

impl WireUser {
    /// The user, unless there is no identifier that can be used.
    ///
    /// A person is let in unless something says that they are not: Google leaves out `suspended` and `archived` where they are false. A value of
    /// them that is no boolean holds the person. An archived one has no licence and cannot sign in at Google, so cannot here.
    fn into_user(self) -> Option<User> {
        let id = usable(self.id)?;
        let mut faults = Faults::new(Record::User(id.clone()));
        let mut user = User::new(id);
        user.email = faults.take(self.primary_email, "primaryEmail");
        user.username.clone_from(&user.email);
        if let Some(name) = faults.take(self.name, "name") {
            name.add_to(&mut user, &mut faults);
        }
        let is_suspended = faults.take(self.suspended, "suspended").unwrap_or(false);
        let is_archived = faults.take(self.archived, "archived").unwrap_or(false);
        let is_deleted = !matches!(self.deletion_time, Field::Absent);
        if is_suspended || is_archived || is_deleted {
            user.lifecycle = Lifecycle::Suspended;
        }
        let organizations = each(self.organizations, "organizations", &mut faults);
        if let Some(organization) = primary(organizations, &mut faults) {
            organization.add_to(&mut user, &mut faults);
        }
        for external_id in each(self.external_ids, "externalIds", &mut faults) {
            let (kind, value) = (faults.take(external_id.kind, "externalIds.type"), faults.take(external_id.value, "externalIds.value"));
            if is(kind.as_deref(), "organization") && user.employee_identifier.is_none() {
                user.employee_identifier = value.map(|value| value.0);
            }
        }
        for relation in each(self.relations, "relations", &mut faults) {
            let (kind, value) = (faults.take(relation.kind, "relations.type"), faults.take(relation.value, "relations.value"));
            if is(kind.as_deref(), "manager") && user.manager.is_none() {
                user.manager = value.and_then(|value| DirectoryId::new(value).ok());
            }
        }
        for address in each(self.addresses, "addresses", &mut faults) {
            user.addresses.extend(Some(address.into_address(&mut faults)).filter(|address| !address.is_blank()));
        }
        for phone in each(self.phones, "phones", &mut faults) {
            user.phone_numbers.extend(Some(phone.into_phone(&mut faults)).filter(|phone| !phone.is_blank()));
        }
        let languages = each(self.languages, "languages", &mut faults);
        if let Some(locale) = preferred(languages, &mut faults) {
            user.custom.insert("locale".to_owned(), locale);
        }
        if let Some(Open(schemas)) = faults.take(self.custom_schemas, "customSchemas") {
            schemas.into_iter().for_each(|(name, fields)| add_schema(&mut user, &mut faults, &name, fields));
        }
        if let Some(path) = faults.take(self.org_unit_path, "orgUnitPath") {
            user.custom.insert("orgUnitPath".to_owned(), path);
        }
        user.findings = faults.into_findings();
        Some(user)
    }
}

/// The entries of a list that can be read; any other holds the person. An entry that is `null` is none, as an empty text is no value.
fn each<T: Wanted>(list: Field<Vec<Field<T>>>, path: &str, faults: &mut Faults) -> Vec<T> {
    let entries = faults.take(list, path).unwrap_or_default();
    entries.into_iter().filter_map(|entry| faults.take(entry, path)).collect()
}

/// Whether a type is `name`, compared without case.
fn is(kind: Option<&str>, name: &str) -> bool {
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(name))
}

/// The type, or what stands for it where Google has no word of its own. A `custom` one without a word of one's own stays `custom`, which no rule
/// takes for `work`.
fn kind_of(kind: Option<String>, custom_type: Option<String>) -> Option<String> {
    if is(kind.as_deref(), "custom") { custom_type.or(kind) } else { kind }
}

/// The organization that is the primary one, else the first. Of two primary ones it is the first as well.
fn primary(organizations: Vec<WireOrganization>, faults: &mut Faults) -> Option<WireOrganization> {
    let mut chosen = None;
    for mut organization in organizations {
        let is_primary = faults.take(std::mem::replace(&mut organization.primary, Field::Absent), "organizations.primary").unwrap_or(false);
        match &chosen {
            Some((true, _)) => {}
            Some((false, _)) if !is_primary => {}
            _ => chosen = Some((is_primary, organization)),
        }
    }
    chosen.map(|(_, organization)| organization)
}

/// The language that is preferred, else the first that does not say whether it is.
///
/// Entries from before Google asked for a preference have none. One that is `not_preferred` is no language to write to the person in.
fn preferred(languages: Vec<WireLanguage>, faults: &mut Faults) -> Option<String> {
    let (mut preferred, mut silent) = (None, None);
    for language in languages {
        let code = faults.take(language.language_code, "languages.languageCode");
        match faults.take(language.preference, "languages.preference") {
            None => silent = silent.or(code),
            Some(preference) if is(Some(&preference), "preferred") => preferred = preferred.or(code),
            Some(_) => {}
        }
    }
    preferred.or(silent)
}

/// Adds the fields of a custom schema, each under the name of the schema, a dot, and its own.
fn add_schema(user: &mut User, faults: &mut Faults, name: &str, fields: Field<Open<Simple>>) {
    match fields {
        Field::Absent => {}
        Field::Is(Open(fields)) => {
            for (field, value) in fields {
                let name = format!("{name}.{field}");
                add_custom(user, faults, &format!("customSchemas.{name}"), &name, value);
            }
        }
        Field::Not(found) => add_custom(user, faults, &format!("customSchemas.{name}"), name, Field::Not(found)),
    }
}

impl WireName {
    /// Puts the parts of the name where they belong.
    fn add_to(self, user: &mut User, faults: &mut Faults) {
        user.first_name = faults.take(self.given_name, "name.givenName");
        user.last_name = faults.take(self.family_name, "name.familyName");
        let full_name = faults.take(self.full_name, "name.fullName");
        user.display_name = faults.take(self.display_name, "name.displayName").or(full_name);
    }
}

impl WireOrganization {
    /// Puts what the organization says of the person where it belongs.
    fn add_to(self, user: &mut User, faults: &mut Faults) {
        user.company = faults.take(self.name, "organizations.name");
        user.job_title = faults.take(self.title, "organizations.title");
        user.department = faults.take(self.department, "organizations.department");
        user.cost_center = faults.take(self.cost_center, "organizations.costCenter");
        user.location = faults.take(self.location, "organizations.location");
        user.employee_type = faults.take(self.description, "organizations.description");
    }
}

impl WireAddress {
    /// The address, which may be blank: an address that was entered as one text has no parts.
    fn into_address(self, faults: &mut Faults) -> Address {
        let kind = faults.take(self.kind, "addresses.type");
        let country = faults.take(self.country, "addresses.country");
        Address {
            kind: kind_of(kind, faults.take(self.custom_type, "addresses.customType")),
            street_address: faults.take(self.street_address, "addresses.streetAddress"),
            locality: faults.take(self.locality, "addresses.locality"),
            region: faults.take(self.region, "addresses.region"),
            postal_code: faults.take(self.postal_code, "addresses.postalCode"),
            country: faults.take(self.country_code, "addresses.countryCode").or(country),
        }
    }
}

impl WirePhone {
    /// The number, which may be blank.
    fn into_phone(self, faults: &mut Faults) -> PhoneNumber {
        let kind = faults.take(self.kind, "phones.type");
        PhoneNumber {
            kind: kind_of(kind, faults.take(self.custom_type, "phones.customType")),
            number: faults.take(self.value, "phones.value").unwrap_or_default(),
        }
    }
}
