//! Where a value comes from.

use std::borrow::Cow;
use std::fmt;

use crate::directory::{Address, Group, User};
use crate::display_name::compose;

/// The directory's attribute that a [`Rule`](crate::Rule) reads. It prints as the directory calls it.
///
/// A source that a record does not have, such as the name of a user, is absent.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{AddressPart, Source};
///
/// assert_eq!(Source::WorkAddress(AddressPart::Region).to_string(), "addresses.work.region");
/// assert_eq!(Source::Custom("locale".to_owned()).to_string(), "attributes.locale");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Source {
    /// The identifier, of a user or a group.
    Id,
    /// The log-in name.
    Username,
    /// The company e-mail address.
    Email,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// The display name, composed of given and family name.
    ComposedName,
    /// The display name that the directory has.
    DisplayName,
    /// Whether the person may log in; a truth value, not a text.
    Active,
    /// The job title.
    JobTitle,
    /// The company.
    Company,
    /// The department.
    Department,
    /// The number or code that the employer gave the person.
    EmployeeIdentifier,
    /// A part of the first address of type `work`.
    WorkAddress(AddressPart),
    /// The first telephone number of type `work`.
    WorkPhone,
    /// A custom attribute, by its name.
    Custom(String),
    /// The name of a group.
    Name,
}

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AddressPart {
    /// The street and house number.
    StreetAddress,
    /// The city.
    Locality,
    /// The state or region.
    Region,
    /// The postal code.
    PostalCode,
    /// The country.
    Country,
}

impl Source {
    /// The text that `user` has here, trimmed; nothing if it is blank, and nothing for [`Source::Active`], which is no text.
    pub(crate) fn text_of_user<'a>(&self, user: &'a User) -> Option<Cow<'a, str>> {
        let text = match self {
            Self::ComposedName => return compose(user.first_name.as_deref(), user.last_name.as_deref()).map(Cow::Owned),
            Self::Id => Some(user.id.as_str()),
            Self::Username => user.username.as_deref(),
            Self::Email => user.email.as_deref(),
            Self::FirstName => user.first_name.as_deref(),
            Self::LastName => user.last_name.as_deref(),
            Self::DisplayName => user.display_name.as_deref(),
            Self::JobTitle => user.job_title.as_deref(),
            Self::Company => user.company.as_deref(),
            Self::Department => user.department.as_deref(),
            Self::EmployeeIdentifier => user.employee_identifier.as_deref(),
            Self::WorkAddress(part) => user.work_address().and_then(|address| part.of(address)),
            Self::WorkPhone => user.work_phone().map(|phone| phone.number.as_str()),
            Self::Custom(name) => user.custom.get(name).map(String::as_str),
            Self::Active | Self::Name => None,
        };
        self.trimmed(text).map(Cow::Borrowed)
    }

    /// The text that `group` has here, trimmed; nothing if it is blank.
    pub(crate) fn text_of_group<'a>(&self, group: &'a Group) -> Option<&'a str> {
        let text = match self {
            Self::Id => Some(group.id.as_str()),
            Self::Name => group.name.as_deref(),
            _ => None,
        };
        self.trimmed(text)
    }

    fn trimmed<'a>(&self, text: Option<&'a str>) -> Option<&'a str> {
        match self {
            // Two identifiers must not become one.
            Self::Id => text,
            _ => text.map(str::trim).filter(|text| !text.is_empty()),
        }
    }
}

impl AddressPart {
    fn of(self, address: &Address) -> Option<&str> {
        match self {
            Self::StreetAddress => address.street_address.as_deref(),
            Self::Locality => address.locality.as_deref(),
            Self::Region => address.region.as_deref(),
            Self::PostalCode => address.postal_code.as_deref(),
            Self::Country => address.country.as_deref(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Id => "id",
            Self::Username => "username",
            Self::Email => "email",
            Self::FirstName => "firstname",
            Self::LastName => "lastname",
            Self::ComposedName => "firstname + lastname",
            Self::DisplayName => "displayname",
            Self::Active => "active",
            Self::JobTitle => "jobTitle",
            Self::Company => "company",
            Self::Department => "department",
            Self::EmployeeIdentifier => "employeeIdentifier",
            Self::WorkAddress(part) => return write!(f, "addresses.work.{part}"),
            Self::WorkPhone => "phoneNumbers.work.number",
            Self::Custom(name) => return write!(f, "attributes.{name}"),
            Self::Name => "name",
        })
    }
}

impl fmt::Display for AddressPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StreetAddress => "streetAddress",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::PostalCode => "postalCode",
            Self::Country => "country",
        })
    }
}
