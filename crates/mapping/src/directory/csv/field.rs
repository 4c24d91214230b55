//! What a column may be.

use std::fmt;

use crate::directory::User;
use crate::rule::AddressPart;

/// What a column is read as. The order is the one in which a row's fields are taken, so that the order of the columns changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Id,
    Text(Text),
    State,
    Flag(Flag),
    Manager,
    Address { kind: String, part: Part },
    Phone { kind: String },
    Attribute(String),
    AttributeName(u32),
    AttributeValue(u32),
    Group,
    Groups { separator: String },
}

/// An attribute that is one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Text {
    Username,
    Email,
    FirstName,
    MiddleName,
    LastName,
    DisplayName,
    JobTitle,
    Company,
    Department,
    EmployeeIdentifier,
    EmployeeType,
    CostCenter,
    Location,
}

/// An attribute that is true or false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Flag {
    Suspended,
    Active,
    Activated,
    AccountLocked,
    PasswordExpired,
}

/// A part of an address.
pub(super) type Part = AddressPart;

/// The parts that a rule can send; a post-office box is none of them.
const PARTS: [Part; 5] = [Part::StreetAddress, Part::Locality, Part::Region, Part::PostalCode, Part::Country];

impl Text {
    /// All of them, to be found by name.
    const ALL: [Self; 13] = [
        Self::Username,
        Self::Email,
        Self::FirstName,
        Self::MiddleName,
        Self::LastName,
        Self::DisplayName,
        Self::JobTitle,
        Self::Company,
        Self::Department,
        Self::EmployeeIdentifier,
        Self::EmployeeType,
        Self::CostCenter,
        Self::Location,
    ];

    /// The name, as rules print it.
    const fn name(self) -> &'static str {
        match self {
            Self::Username => "username",
            Self::Email => "email",
            Self::FirstName => "firstname",
            Self::MiddleName => "middlename",
            Self::LastName => "lastname",
            Self::DisplayName => "displayname",
            Self::JobTitle => "jobTitle",
            Self::Company => "company",
            Self::Department => "department",
            Self::EmployeeIdentifier => "employeeIdentifier",
            Self::EmployeeType => "employeeType",
            Self::CostCenter => "costCenter",
            Self::Location => "location",
        }
    }

    /// Where the text is kept.
    pub(super) const fn of(self, user: &mut User) -> &mut Option<String> {
        match self {
            Self::Username => &mut user.username,
            Self::Email => &mut user.email,
            Self::FirstName => &mut user.first_name,
            Self::MiddleName => &mut user.middle_name,
            Self::LastName => &mut user.last_name,
            Self::DisplayName => &mut user.display_name,
            Self::JobTitle => &mut user.job_title,
            Self::Company => &mut user.company,
            Self::Department => &mut user.department,
            Self::EmployeeIdentifier => &mut user.employee_identifier,
            Self::EmployeeType => &mut user.employee_type,
            Self::CostCenter => &mut user.cost_center,
            Self::Location => &mut user.location,
        }
    }
}

impl Flag {
    /// All of them, to be found by name.
    const ALL: [Self; 5] = [Self::Suspended, Self::Active, Self::Activated, Self::AccountLocked, Self::PasswordExpired];

    /// The name, as rules print it.
    const fn name(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::Active => "active",
            Self::Activated => "activated",
            Self::AccountLocked => "account_locked",
            Self::PasswordExpired => "password_expired",
        }
    }
}

impl Field {
    /// The field that prints as `name`; `groups:|` are groups with `|` between them.
    ///
    /// The names are those that rules print for a [`Source`](crate::rule::Source), so that a column and the rule that sends it are written alike.
    pub(super) fn named(name: &str) -> Option<Self> {
        if let Some(text) = Text::ALL.into_iter().find(|text| text.name() == name) {
            return Some(Self::Text(text));
        }
        if let Some(flag) = Flag::ALL.into_iter().find(|flag| flag.name() == name) {
            return Some(Self::Flag(flag));
        }
        match name {
            "id" => return Some(Self::Id),
            "state" => return Some(Self::State),
            "manager" => return Some(Self::Manager),
            "group" => return Some(Self::Group),
            "groups" => return Some(Self::Groups { separator: ";".to_owned() }),
            _ => {}
        }
        if let Some(separator) = name.strip_prefix("groups:").filter(|separator| !separator.is_empty()) {
            return Some(Self::Groups { separator: separator.to_owned() });
        }
        let (outer, inner) = name.split_once('.')?;
        if inner.is_empty() {
            return None;
        }
        match outer {
            "attributes" => Some(Self::Attribute(inner.to_owned())),
            "phoneNumbers" => {
                let kind = inner.strip_suffix(".number").unwrap_or(inner);
                (!kind.contains('.')).then(|| Self::Phone { kind: kind.to_owned() })
            }
            "addresses" => {
                let (kind, part) = inner.split_once('.')?;
                let part = PARTS.into_iter().find(|known| known.to_string() == part)?;
                (!kind.is_empty()).then(|| Self::Address { kind: kind.to_owned(), part })
            }
            _ => None,
        }
    }

    /// Whether several columns may be this.
    ///
    /// All others are one value, and of two columns for it nobody knows which counts.
    pub(super) const fn may_repeat(&self) -> bool {
        matches!(self, Self::Group | Self::Groups { .. })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "id",
            Self::Text(text) => text.name(),
            Self::State => "state",
            Self::Flag(flag) => flag.name(),
            Self::Manager => "manager",
            Self::Address { kind, part } => return write!(f, "addresses.{kind}.{part}"),
            Self::Phone { kind } => return write!(f, "phoneNumbers.{kind}.number"),
            Self::Attribute(name) => return write!(f, "attributes.{name}"),
            Self::AttributeName(number) => return write!(f, "Attribute{number}_name"),
            Self::AttributeValue(number) => return write!(f, "Attribute{number}_value"),
            Self::Group => "group",
            Self::Groups { .. } => "groups",
        })
    }
}
