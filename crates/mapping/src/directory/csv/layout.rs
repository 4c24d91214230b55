//! The header, and one row by it.

use std::collections::{BTreeMap, BTreeSet};

use csv::StringRecord;

use crate::directory::csv::columns::Columns;
use crate::directory::csv::field::{Field, Flag, Part, Text};
use crate::directory::csv::table::Table;
use crate::directory::{Address, DirectoryId, Lifecycle, PhoneNumber, User};
use crate::error::Error;
use crate::finding::{Finding, FindingKind, Record};

/// What of a table is read, and where it is.
///
/// The fields are sorted once, so that a row is taken in one order whatever the order of the columns: the same people in other columns are the same
/// people, finding by finding.
pub(super) struct Layout {
    /// The fields that are read, in their own order and not in that of the columns.
    fields: Vec<(Field, usize)>,
    identifier: usize,
    width: usize,
    /// Whether any column says what groups there are.
    pub(super) has_groups: bool,
}

/// A row that has an identifier.
pub(super) struct ReadRow {
    pub(super) user: User,
    /// The names of the person's groups.
    pub(super) groups: BTreeSet<DirectoryId>,
    /// Whether a group's name is too long to be an identifier.
    pub(super) has_group_without_id: bool,
}

impl Layout {
    /// Finds the columns that are read.
    ///
    /// # Errors
    ///
    /// If two columns are one thing, or none says who a row is about.
    pub(super) fn new(table: &Table<'_>, header: &StringRecord, columns: &Columns) -> Result<Self, Error> {
        let mut fields: Vec<(Field, usize)> =
            header.iter().enumerate().filter_map(|(place, name)| Some((columns.field(name)?, place))).collect();
        fields.sort();
        for pair in fields.windows(2) {
            if let [(field, one), (other, two)] = pair
                && field == other
                && !field.may_repeat()
            {
                let reason = format!("columns {} and {} are both read as {field}; leave one of them out", one + 1, two + 1);
                return Err(table.wrong_header(reason));
            }
        }
        let identifiers = [Field::Id, Field::Text(Text::Username), Field::Text(Text::Email)];
        let place_of = |wanted: &Field| fields.iter().find(|(field, _)| field == wanted).map(|(_, place)| *place);
        let Some(identifier) = identifiers.iter().find_map(place_of) else {
            return Err(table.wrong_header("the header must have a column that is read as id, username or email, found none"));
        };
        let has_groups = fields.iter().any(|(field, _)| field.may_repeat());
        Ok(Self { fields, identifier, width: header.len(), has_groups })
    }

    /// Whether `row` has as many fields as the header, or what it has in place of them.
    pub(super) fn misfit(&self, row: &StringRecord) -> Option<&'static str> {
        misfit(self.width, row)
    }

    /// The person, unless there is no identifier that can be used.
    ///
    /// A row of another length than the header is kept and held: its identifier is the one thing that is taken from it, and of its groups nothing,
    /// because
    /// nobody knows which field slipped.
    pub(super) fn person(&self, row: &StringRecord) -> Option<ReadRow> {
        let id = DirectoryId::new(row.get(self.identifier)?.trim()).ok()?;
        let mut person = Person {
            user: User::new(id),
            groups: BTreeSet::new(),
            has_group_without_id: false,
            state: None,
            flags: BTreeMap::new(),
            addresses: BTreeMap::new(),
            attributes: BTreeMap::new(),
        };
        let misfit = self.misfit(row);
        if let Some(found) = misfit {
            person.hold("the row".to_owned(), "as long as the header", found);
        }
        let mut named: BTreeMap<u32, &str> = BTreeMap::new();
        for (field, place) in &self.fields {
            let Some(value) = row.get(*place).filter(|value| !value.is_empty()) else { continue };
            match field {
                Field::AttributeName(number) => {
                    named.insert(*number, value.trim());
                }
                Field::AttributeValue(number) => match named.get(number).filter(|name| !name.is_empty()) {
                    Some(name) => person.attribute(name, value),
                    None => {
                        let kind = FindingKind::CustomAttributeUnreadable { expected: "a value with a name", found: "no name" };
                        person.find(field.to_string(), kind);
                    }
                },
                // A field that slipped is no group.
                Field::Group | Field::Groups { .. } if misfit.is_some() => {}
                field => person.take(field, value),
            }
        }
        Some(person.finish())
    }
}

/// What a row has in place of `width` fields.
pub(super) fn misfit(width: usize, row: &StringRecord) -> Option<&'static str> {
    match row.len().cmp(&width) {
        std::cmp::Ordering::Less => Some("fewer fields"),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some("more fields"),
    }
}

/// A person as far as the row is read.
struct Person {
    user: User,
    groups: BTreeSet<DirectoryId>,
    has_group_without_id: bool,
    state: Option<Lifecycle>,
    flags: BTreeMap<Flag, bool>,
    /// By type, so that the order of the columns changes nothing.
    addresses: BTreeMap<String, Address>,
    /// Custom attributes by name; nothing where there are two values.
    attributes: BTreeMap<String, Option<String>>,
}

impl Person {
    /// Adds what was found at `path`.
    fn find(&mut self, path: String, kind: FindingKind) {
        let record = Record::User(self.user.id.clone());
        self.user.findings.push(Finding::new(kind).of(record).at(path));
    }

    /// Holds the person, because the value at `path` cannot be read.
    fn hold(&mut self, path: String, expected: &'static str, found: &'static str) {
        self.find(path, FindingKind::UnreadableRecord { expected, found });
    }

    /// Takes a custom attribute; two different values of one name are none, however often each is there.
    fn attribute(&mut self, name: &str, value: &str) {
        let known = self.attributes.entry(name.to_owned()).or_insert_with(|| Some(value.to_owned()));
        if known.as_deref() != Some(value) {
            *known = None;
        }
    }

    /// Takes a group by its name, trimmed; a blank one is none.
    fn group(&mut self, name: &str) {
        let name = name.trim();
        if name.is_empty() {
            return;
        }
        match DirectoryId::new(name) {
            Ok(id) => _ = self.groups.insert(id),
            Err(_) => self.has_group_without_id = true,
        }
    }

    /// Takes one value, which is not empty.
    fn take(&mut self, field: &Field, value: &str) {
        match field {
            Field::Text(text) => *text.of(&mut self.user) = Some(value.to_owned()),
            Field::Manager => match DirectoryId::new(value.trim()) {
                Ok(id) => self.user.manager = Some(id),
                Err(_) => self.hold(field.to_string(), "an identifier", "another text"),
            },
            Field::State => match state(value) {
                Some(state) => self.state = Some(state),
                None if value.trim().is_empty() => {}
                None => self.hold(field.to_string(), "STAGED, ACTIVATED or SUSPENDED", "another text"),
            },
            Field::Flag(flag) => match truth(value) {
                Some(value) => _ = self.flags.insert(*flag, value),
                None if value.trim().is_empty() => {}
                None => self.hold(field.to_string(), "true or false", "another text"),
            },
            Field::Address { kind, part } => {
                let address = self.addresses.entry(kind.clone()).or_insert_with(|| Address::new(kind.as_str()));
                *part_of(address, *part) = Some(value.to_owned());
            }
            Field::Phone { kind } => {
                let phone = PhoneNumber::new(kind.as_str(), value);
                self.user.phone_numbers.extend((!phone.is_blank()).then_some(phone));
            }
            Field::Attribute(name) => self.attribute(name, value),
            Field::Group => self.group(value),
            Field::Groups { separator } => {
                for name in value.split(separator.as_str()) {
                    self.group(name);
                }
            }
            Field::Id | Field::AttributeName(_) | Field::AttributeValue(_) => {}
        }
    }

    /// The person, once the whole row is read.
    fn finish(mut self) -> ReadRow {
        let flag = |flag| self.flags.get(&flag).copied();
        self.user.activated = flag(Flag::Activated).unwrap_or(true);
        self.user.account_locked = flag(Flag::AccountLocked).unwrap_or(false);
        self.user.password_expired = flag(Flag::PasswordExpired).unwrap_or(false);
        // Whoever is kept out by any of the columns is kept out, except that a staged person stays staged, which lets them in least.
        let is_out = flag(Flag::Suspended) == Some(true) || flag(Flag::Active) == Some(false);
        self.user.lifecycle = match self.state {
            Some(Lifecycle::Staged) => Lifecycle::Staged,
            Some(Lifecycle::Suspended) => Lifecycle::Suspended,
            Some(Lifecycle::Active) | None if is_out => Lifecycle::Suspended,
            Some(Lifecycle::Active) | None => Lifecycle::Active,
        };
        self.user.addresses = std::mem::take(&mut self.addresses).into_values().filter(|address| !address.is_blank()).collect();
        for (name, value) in std::mem::take(&mut self.attributes) {
            match value {
                Some(value) => _ = self.user.custom.insert(name, value),
                None => {
                    let kind = FindingKind::CustomAttributeUnreadable { expected: "one value", found: "two values" };
                    self.find(format!("attributes.{name}"), kind);
                }
            }
        }
        ReadRow { user: self.user, groups: self.groups, has_group_without_id: self.has_group_without_id }
    }
}

/// Where the person is, by the names of JumpCloud and by those that other tables have; nothing if it is another word, which holds the person.
fn state(value: &str) -> Option<Lifecycle> {
    let is = |names: &[&str]| names.iter().any(|name| value.trim().eq_ignore_ascii_case(name));
    if is(&["STAGED"]) {
        return Some(Lifecycle::Staged);
    }
    if is(&["ACTIVATED", "ACTIVE", "ENABLED"]) {
        return Some(Lifecycle::Active);
    }
    is(&["SUSPENDED", "INACTIVE", "DISABLED"]).then_some(Lifecycle::Suspended)
}

/// Whether it is so; nothing if it is another word, which holds the person.
fn truth(value: &str) -> Option<bool> {
    let is = |names: &[&str]| names.iter().any(|name| value.trim().eq_ignore_ascii_case(name));
    if is(&["true", "yes", "y", "1"]) {
        return Some(true);
    }
    is(&["false", "no", "n", "0"]).then_some(false)
}

/// Where the part of the address is kept.
///
/// One place for each part that rules can send, so that a new part does not compile until it has one.
fn part_of(address: &mut Address, part: Part) -> &mut Option<String> {
    match part {
        Part::StreetAddress => &mut address.street_address,
        Part::Locality => &mut address.locality,
        Part::Region => &mut address.region,
        Part::PostalCode => &mut address.postal_code,
        Part::Country => &mut address.country,
    }
}
