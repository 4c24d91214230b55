//! The profile of a person: attributes that every organization has, and whichever it added.

use std::collections::BTreeMap;
use std::fmt;

use crate::directory::cloud::add_custom;
use crate::directory::json::{Faults, Field, Simple, Wanted};
use crate::directory::{Address, DirectoryId, PhoneNumber, User};
use crate::finding::FindingKind;

/// A text, a number or a boolean, as text, and which of them it was.
#[derive(Debug)]
pub(super) struct Value {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Count,
    Number,
    Boolean,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Count | Self::Number => "a number",
            Self::Boolean => "a boolean",
        }
    }
}

impl Wanted for Value {
    const EXPECTED: &'static str = Simple::EXPECTED;

    fn from_text(text: &str) -> Option<Self> {
        Some(Self { text: text.to_owned(), kind: Kind::Text })
    }

    fn from_boolean(value: bool) -> Option<Self> {
        Some(Self { text: value.to_string(), kind: Kind::Boolean })
    }

    fn from_count(number: u64) -> Option<Self> {
        Some(Self { text: number.to_string(), kind: Kind::Count })
    }

    fn from_number(number: impl fmt::Display) -> Option<Self> {
        Some(Self { text: number.to_string(), kind: Kind::Number })
    }
}

/// The values of a profile that are not used yet.
pub(super) struct Profile<'a> {
    pub(super) values: BTreeMap<String, Field<Value>>,
    pub(super) faults: &'a mut Faults,
}

impl Profile<'_> {
    /// Puts the attributes that the directory model has a place for there, and the others among the custom ones.
    pub(super) fn add_to(mut self, user: &mut User) {
        user.username = self.text("login");
        user.email = self.text("email");
        user.first_name = self.text("firstName");
        user.middle_name = self.text("middleName");
        user.last_name = self.text("lastName");
        user.display_name = self.text("displayName");
        user.job_title = self.text("title");
        user.company = self.text("organization");
        user.department = self.text("department");
        user.cost_center = self.text("costCenter");
        user.employee_identifier = self.take("employeeNumber", &[Kind::Text, Kind::Count]);
        user.employee_type = self.text("userType");
        let manager = self.take("manager", &[Kind::Text]);
        user.manager = self.text("managerId").or(manager).and_then(|manager| DirectoryId::new(manager).ok());
        let address = Address {
            kind: Some("work".to_owned()),
            street_address: self.text("streetAddress"),
            locality: self.text("city"),
            region: self.text("state"),
            postal_code: self.text("zipCode"),
            country: self.text("countryCode"),
        };
        user.addresses.extend(Some(address).filter(|address| !address.is_blank()));
        for (kind, key) in [("work", "primaryPhone"), ("mobile", "mobilePhone")] {
            user.phone_numbers.extend(self.text(key).map(|number| PhoneNumber::new(kind, number)).filter(|phone| !phone.is_blank()));
        }
        for (name, value) in self.values {
            let value = match value {
                Field::Is(value) => Field::Is(Simple(value.text)),
                Field::Absent => Field::Absent,
                Field::Not(found) => Field::Not(found),
            };
            add_custom(user, self.faults, &format!("profile.{name}"), &name, value);
        }
    }

    fn text(&mut self, key: &str) -> Option<String> {
        self.take(key, &[Kind::Text])
    }

    /// The value of `key`, if it is of one of these kinds; any other holds the person.
    fn take(&mut self, key: &str, kinds: &[Kind]) -> Option<String> {
        let found = match self.values.remove(key)? {
            Field::Absent => return None,
            Field::Is(Value { text, kind }) if kinds.contains(&kind) => return Some(text),
            Field::Is(value) => value.kind.name(),
            Field::Not(found) => found,
        };
        let kind = FindingKind::UnreadableRecord { expected: String::EXPECTED, found };
        self.faults.add(format!("profile.{key}"), kind);
        None
    }
}
