//! One entry as a person or a group.

use std::collections::BTreeMap;

use crate::directory::ldif::dn::Dn;
use crate::directory::ldif::entry::Entry;
use crate::directory::{Address, DirectoryId, Group, Lifecycle, PhoneNumber, User};
use crate::finding::{Finding, FindingKind, Record};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Group,
    Other,
    /// There is no `objectClass` that says it.
    Unknown,
}

/// Classes of people; a computer of Active Directory is a `user` as well, and a contact a `person`, and neither logs in.
const PEOPLE: [&str; 5] = ["person", "organizationalperson", "inetorgperson", "user", "posixaccount"];
const NO_PEOPLE: [&str; 2] = ["computer", "contact"];
const GROUPS: [&str; 7] = ["groupofnames", "groupofuniquenames", "groupofmembers", "groupofentries", "groupofurls", "posixgroup", "group"];

/// The bits of Active Directory's `userAccountControl` that are read.
const ACCOUNT_DISABLED: i64 = 0x2;
const LOCKED_OUT: i64 = 0x10;
const PASSWORD_EXPIRED: i64 = 0x80_0000;

impl Kind {
    /// What the entry is. A group goes before a person: some servers give groups the class of an account.
    pub(super) fn of(entry: &Entry) -> Self {
        let classes = entry.classes();
        let is = |names: &[&str]| names.iter().any(|name| classes.contains(*name));
        if classes.is_empty() {
            return Self::Unknown;
        }
        if is(&GROUPS) {
            return Self::Group;
        }
        if is(&PEOPLE) && !is(&NO_PEOPLE) { Self::Person } else { Self::Other }
    }
}

/// The identifier: what the server gave the entry, else its name. One that is there and cannot be read is none, because the name in its place
/// would make another person of this one.
pub(super) fn identifier(entry: &Entry) -> Option<DirectoryId> {
    for name in ["entryUUID", "objectGUID", "nsUniqueId", "ipaUniqueID"] {
        let Some(values) = entry.values(name) else { continue };
        let mut values = values.bytes();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let value = value.ok()?;
        let text = match (name, <[u8; 16]>::try_from(value)) {
            ("objectGUID", Ok(bytes)) => guid(bytes),
            _ => std::str::from_utf8(value).ok()?.trim().to_ascii_lowercase(),
        };
        return DirectoryId::new(text).ok();
    }
    DirectoryId::new(entry.dn.as_ref()?.normalized()).ok()
}

/// The usual text of an identifier whose first three parts are written from their last byte to their first (MS-DTYP section 2.3.4).
fn guid(bytes: [u8; 16]) -> String {
    let [a, b, c, d, e, f, g, h, rest @ ..] = bytes;
    let [i, j, tail @ ..] = rest;
    let tail: String = tail.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{d:02x}{c:02x}{b:02x}{a:02x}-{f:02x}{e:02x}-{h:02x}{g:02x}-{i:02x}{j:02x}-{tail}")
}

/// Reads an entry's values, and gathers what is wrong with them.
///
/// Every value is asked for here, so that each of a wrong type leaves one finding with the name of its attribute.
struct Values<'a> {
    entry: &'a Entry,
    record: Record,
    findings: Vec<Finding>,
}

impl<'a> Values<'a> {
    /// Begins with the name of the entry, which holds the record if it is none.
    fn new(entry: &'a Entry, record: Record) -> Self {
        let mut values = Self { entry, record, findings: Vec::new() };
        if entry.dn.is_none() {
            values.hold("dn", "a distinguished name", "another text");
        }
        values
    }

    /// Adds what was found at `path`.
    fn find(&mut self, path: &str, kind: FindingKind) {
        self.findings.push(Finding::new(kind).of(self.record.clone()).at(path));
    }

    /// Holds the record, because the value at `path` cannot be read.
    fn hold(&mut self, path: &str, expected: &'static str, found: &'static str) {
        self.find(path, FindingKind::UnreadableRecord { expected, found });
    }

    /// The first value of the first of these attributes that has any.
    fn text(&mut self, names: &[&str]) -> Option<String> {
        for name in names {
            match self.entry.texts(name).next() {
                None => {}
                Some(Ok(text)) => return Some(text.to_owned()),
                Some(Err(found)) => {
                    self.hold(name, "a text", found);
                    return None;
                }
            }
        }
        None
    }

    /// The value as a number; 0 if there is none, or if it holds the record.
    ///
    /// A number that cannot be read holds the record, because 0 would say that nobody is disabled.
    fn number(&mut self, name: &str) -> i64 {
        let Some(text) = self.text(&[name]) else { return 0 };
        text.trim().parse().unwrap_or_else(|_| {
            self.hold(name, "a whole number", "another text");
            0
        })
    }
}

/// A person as far as their own entry says.
pub(super) struct ReadPerson {
    pub(super) user: User,
    pub(super) manager: Option<Dn>,
}

/// The person, as the table of the [module](super) says; `manager` is resolved when all entries are read.
pub(super) fn person(entry: &Entry, id: DirectoryId, custom: &BTreeMap<String, String>) -> ReadPerson {
    let mut values = Values::new(entry, Record::User(id.clone()));
    let mut user = User::new(id);
    user.username = values.text(&["uid", "sAMAccountName", "userPrincipalName"]);
    user.email = values.text(&["mail", "email"]);
    user.first_name = values.text(&["givenName", "firstName"]);
    user.middle_name = values.text(&["middleName", "initials"]);
    user.last_name = values.text(&["sn", "lastName"]);
    user.display_name = values.text(&["displayName", "cn"]);
    user.job_title = values.text(&["title", "jobTitle"]);
    user.company = values.text(&["company", "o"]);
    user.department = values.text(&["department", "departmentNumber"]);
    user.cost_center = values.text(&["costCenter", "businessCategory"]);
    user.employee_identifier = values.text(&["employeeNumber", "employeeID", "employeeIdentifier"]);
    user.employee_type = values.text(&["employeeType"]);
    user.location = values.text(&["physicalDeliveryOfficeName", "location"]);
    user.addresses.extend(address(&mut values));
    for (name, kind) in [
        ("telephoneNumber", "work"),
        ("mobile", "mobile"),
        ("homePhone", "home"),
        ("pager", "work_mobile"),
        ("facsimileTelephoneNumber", "work_fax"),
    ] {
        for number in entry.texts(name) {
            match number {
                Ok(number) => user.phone_numbers.push(PhoneNumber::new(kind, number)),
                Err(found) => values.hold(name, "a text", found),
            }
        }
    }
    user.phone_numbers.retain(|phone| !phone.is_blank());
    user.custom.extend(values.text(&["preferredLanguage", "locale"]).map(|locale| ("locale".to_owned(), locale)));
    add_custom(&mut values, custom, &mut user.custom);
    account(&mut values, &mut user);
    let manager = values.text(&["manager"]).and_then(|manager| match Dn::parse(&manager) {
        Ok(manager) => Some(manager),
        Err(_) => {
            values.hold("manager", "a distinguished name", "another text");
            None
        }
    });
    user.findings = values.findings;
    ReadPerson { user, manager }
}

/// Whether the person may log in, in the words of several servers.
///
/// Whoever is kept out in the words of any server is kept out. A lock that passes by itself is no suspension: it would switch accounts off and on.
fn account(values: &mut Values<'_>, user: &mut User) {
    let control = values.number("userAccountControl");
    let is_locked_for_good = match values.text(&["nsAccountLock"]).map(|text| text.trim().to_ascii_lowercase()).as_deref() {
        Some("true") => true,
        None | Some("false") => false,
        Some(_) => {
            values.hold("nsAccountLock", "true or false", "another text");
            false
        }
    };
    if control & ACCOUNT_DISABLED != 0 || is_locked_for_good {
        user.lifecycle = Lifecycle::Suspended;
    }
    let is_locked = values.text(&["pwdAccountLockedTime"]).is_some() || values.number("lockoutTime") != 0;
    user.account_locked = control & LOCKED_OUT != 0 || is_locked;
    user.password_expired = control & PASSWORD_EXPIRED != 0;
}

/// The address of type `work`, unless all of it is blank.
fn address(values: &mut Values<'_>) -> Option<Address> {
    let mut address = Address::new("work");
    address.street_address = values.text(&["street"]);
    address.locality = values.text(&["l"]);
    address.region = values.text(&["st"]);
    address.postal_code = values.text(&["postalCode"]);
    address.country = values.text(&["c", "co"]);
    // JumpCloud writes street, city, state, postal code and country here; others write lines of a label.
    let lines = values.text(&["postalAddress"]).unwrap_or_default();
    if let [street, city, state, postal_code, country] = lines.split('$').map(str::trim).collect::<Vec<_>>().as_slice()
        && (address.postal_code.as_deref().map(str::trim) == Some(*postal_code)
            || address.locality.as_deref().map(str::trim) == Some(*city))
    {
        let parts = [
            (&mut address.street_address, street),
            (&mut address.locality, city),
            (&mut address.region, state),
            (&mut address.postal_code, postal_code),
            (&mut address.country, country),
        ];
        for (part, line) in parts {
            if part.is_none() && !line.is_empty() {
                *part = Some((*line).to_owned());
            }
        }
    }
    (!address.is_blank()).then_some(address)
}

/// Keeps the attributes that were asked for; one that cannot be read is left out and does not hold the record.
fn add_custom(values: &mut Values<'_>, custom: &BTreeMap<String, String>, into: &mut BTreeMap<String, String>) {
    for (canonical, name) in custom {
        match values.entry.texts(canonical).next() {
            None => {}
            Some(Ok(text)) => _ = into.insert(name.clone(), text.to_owned()),
            Some(Err(found)) => {
                values.find(&format!("attributes.{name}"), FindingKind::CustomAttributeUnreadable { expected: "a text", found });
            }
        }
    }
}

/// The group, without its members.
pub(super) fn group(entry: &Entry, id: DirectoryId, custom: &BTreeMap<String, String>) -> Group {
    let mut values = Values::new(entry, Record::Group(id.clone()));
    let mut group = Group::new(id, "");
    group.name = values.text(&["cn", "name", "sAMAccountName", "displayName"]);
    add_custom(&mut values, custom, &mut group.custom);
    group.findings = values.findings;
    group
}
