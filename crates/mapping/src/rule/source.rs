//! Where a value comes from.

mod name;

use std::borrow::Cow;

use crate::directory::{Address, DirectoryId, Group, User};
use crate::display_name::compose;
use crate::finding::FindingKind;
use crate::rule::Surroundings;

#[cfg(feature = "expressions")]
use crate::expression::{Expression, Facts};

/// The directory's attribute that a [`Rule`](crate::Rule) reads. It prints as the directory calls it, and is read from what it prints.
///
/// | printed | source |
/// | --- | --- |
/// | `id`, `username`, `email`, `firstname`, `middlename`, `lastname`, `displayname`, `active`, `jobTitle`, `company`, `department`, `costCenter`, `employeeType`, `employeeIdentifier`, `location`, `manager` | a field of the person |
/// | `firstname + lastname` | [`Source::ComposedName`] |
/// | `addresses.home.region`, `phoneNumbers.mobile.number` | a part of the first address, or the first number, of a type; the type is compared without case |
/// | `attributes.locale` | a custom attribute, of a person or a group |
/// | `"Employee"` | the text itself |
/// | `= email \| lower` | an expression (feature `expressions`) |
/// | `name` | the name of a group |
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
/// assert_eq!("phoneNumbers.mobile.number".parse(), Ok(Source::PhoneNumber { kind: "mobile".to_owned() }));
///
/// let error = "departement".parse::<Source>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown source \"departement\": expected a name such as email, addresses.work.region or attributes.locale");
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
    /// The middle name.
    MiddleName,
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
    /// The cost center that the person is booked on.
    CostCenter,
    /// What kind of employee the person is.
    EmployeeType,
    /// The number or code that the employer gave the person.
    EmployeeIdentifier,
    /// Where the person works, in the directory's words.
    Location,
    /// The person whom this one reports to, by the directory's identifier; the service knows that person by another one.
    Manager,
    /// A part of the first address of type `work`.
    WorkAddress(AddressPart),
    /// A part of the first address of another type; [`Source::address`] makes either.
    Address {
        /// What the address is for, such as `home`; compared without case.
        kind: String,
        /// The part of it.
        part: AddressPart,
    },
    /// The first telephone number of type `work`.
    WorkPhone,
    /// The first telephone number of another type; [`Source::phone_number`] makes either.
    PhoneNumber {
        /// What the number is for, such as `mobile`; compared without case.
        kind: String,
    },
    /// A custom attribute, by its name.
    Custom(String),
    /// The same text for every record.
    Constant(String),
    /// What an expression makes of the record.
    #[cfg(feature = "expressions")]
    Expression(Expression),
    /// The name of a group.
    Name,
}

/// A part of an address.
///
/// It prints as SCIM names it (RFC 7643 section 4.1.2), and is read from what it prints.
///
/// | printed | an [`Address`]'s field |
/// | --- | --- |
/// | `streetAddress` | `street_address` |
/// | `locality` | `locality`, the city |
/// | `region` | `region`, the state |
/// | `postalCode` | `postal_code` |
/// | `country` | `country` |
///
/// # Examples
///
/// ```
/// use idbridge_mapping::AddressPart;
///
/// assert_eq!(AddressPart::PostalCode.to_string(), "postalCode");
/// assert_eq!("locality".parse(), Ok(AddressPart::Locality));
/// // A city is a locality, and a post-office box is not sent at all.
/// assert!("city".parse::<AddressPart>().is_err());
/// ```
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
    /// A part of the first address of type `kind`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{AddressPart, Source};
    ///
    /// assert_eq!(Source::address("Work", AddressPart::Region), Source::WorkAddress(AddressPart::Region));
    /// assert_eq!(Source::address("home", AddressPart::Region).to_string(), "addresses.home.region");
    /// ```
    #[must_use]
    pub fn address(kind: impl Into<String>, part: AddressPart) -> Self {
        let kind = kind.into();
        if is_work(&kind) { Self::WorkAddress(part) } else { Self::Address { kind, part } }
    }

    /// The first telephone number of type `kind`.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::Source;
    ///
    /// assert_eq!(Source::phone_number("WORK"), Source::WorkPhone);
    /// assert_eq!(Source::phone_number("mobile").to_string(), "phoneNumbers.mobile.number");
    /// // Another type, although it begins alike.
    /// assert_ne!(Source::phone_number("work_mobile"), Source::WorkPhone);
    /// ```
    #[must_use]
    pub fn phone_number(kind: impl Into<String>) -> Self {
        let kind = kind.into();
        if is_work(&kind) { Self::WorkPhone } else { Self::PhoneNumber { kind } }
    }

    /// The type of the one value that this source takes out of several.
    pub(crate) fn kind(&self) -> Option<&str> {
        match self {
            Self::WorkAddress(_) | Self::WorkPhone => Some("work"),
            Self::Address { kind, .. } | Self::PhoneNumber { kind } => Some(kind),
            _ => None,
        }
    }

    /// Whether the text is the rule's own, and nobody can change it in the directory.
    pub(crate) fn is_of_the_rules(&self) -> bool {
        match self {
            Self::Constant(_) => true,
            #[cfg(feature = "expressions")]
            Self::Expression(_) => true,
            _ => false,
        }
    }

    /// Whether more than the record itself decides, so that the whole directory is needed.
    #[cfg(feature = "saml")]
    pub(crate) fn needs_surroundings(&self) -> bool {
        match self {
            #[cfg(feature = "expressions")]
            Self::Expression(expression) => expression.needs_surroundings(),
            _ => false,
        }
    }

    /// The text that `user` has here, seen alone; what an expression cannot tell is absent.
    pub(crate) fn text_of_user<'a>(&self, user: &'a User) -> Option<Cow<'a, str>> {
        self.read_user(user, &Surroundings::none()).unwrap_or_default()
    }

    /// The text that `user` has here, trimmed; nothing if it is blank, and nothing for [`Source::Active`], which is no text. Only an expression fails.
    pub(crate) fn read_user<'a>(&self, user: &'a User, surroundings: &Surroundings<'_>) -> Result<Option<Cow<'a, str>>, FindingKind> {
        let text = match self {
            Self::ComposedName => return Ok(compose(user.first_name.as_deref(), user.last_name.as_deref()).map(Cow::Owned)),
            Self::Constant(text) => return Ok(self.trimmed(Some(text)).map(|text| Cow::Owned(text.to_owned()))),
            #[cfg(feature = "expressions")]
            Self::Expression(expression) => return Ok(expression.evaluate(&Facts::of_user(user, surroundings))?.map(Cow::Owned)),
            Self::Id => Some(user.id.as_str()),
            Self::Username => user.username.as_deref(),
            Self::Email => user.email.as_deref(),
            Self::FirstName => user.first_name.as_deref(),
            Self::MiddleName => user.middle_name.as_deref(),
            Self::LastName => user.last_name.as_deref(),
            Self::DisplayName => user.display_name.as_deref(),
            Self::JobTitle => user.job_title.as_deref(),
            Self::Company => user.company.as_deref(),
            Self::Department => user.department.as_deref(),
            Self::CostCenter => user.cost_center.as_deref(),
            Self::EmployeeType => user.employee_type.as_deref(),
            Self::EmployeeIdentifier => user.employee_identifier.as_deref(),
            Self::Location => user.location.as_deref(),
            Self::Manager => user.manager.as_ref().map(DirectoryId::as_str),
            Self::WorkAddress(part) => user.work_address().and_then(|address| part.of(address)),
            Self::Address { kind, part } => address_of(user, kind).and_then(|address| part.of(address)),
            Self::WorkPhone => user.work_phone().map(|phone| phone.number.as_str()),
            Self::PhoneNumber { kind } => phone_number_of(user, kind),
            Self::Custom(name) => user.custom.get(name).map(String::as_str),
            Self::Active | Self::Name => None,
        };
        #[cfg(not(feature = "expressions"))]
        let _ = surroundings;
        Ok(self.trimmed(text).map(Cow::Borrowed))
    }

    /// The text that `group` has here, trimmed; nothing if it is blank. Only an expression fails.
    pub(crate) fn read_group<'a>(&self, group: &'a Group) -> Result<Option<Cow<'a, str>>, FindingKind> {
        let text = match self {
            Self::Constant(text) => return Ok(self.trimmed(Some(text)).map(|text| Cow::Owned(text.to_owned()))),
            #[cfg(feature = "expressions")]
            Self::Expression(expression) => return Ok(expression.evaluate(&Facts::of_group(group))?.map(Cow::Owned)),
            Self::Id => Some(group.id.as_str()),
            Self::Name => group.name.as_deref(),
            Self::Custom(name) => group.custom.get(name).map(String::as_str),
            _ => None,
        };
        Ok(self.trimmed(text).map(Cow::Borrowed))
    }

    /// The text as it is sent. An identifier stays byte for byte, because two that differ by a space are two people's.
    fn trimmed<'a>(&self, text: Option<&'a str>) -> Option<&'a str> {
        match self {
            // Two identifiers must not become one.
            Self::Id | Self::Manager => text,
            _ => text.map(str::trim).filter(|text| !text.is_empty()),
        }
    }
}

/// The first address of type `kind` that has any content.
pub(crate) fn address_of<'a>(user: &'a User, kind: &str) -> Option<&'a Address> {
    user.addresses.iter().find(|address| is_kind(address.kind.as_deref(), kind) && !address.is_blank())
}

/// The first telephone number of type `kind` that is not blank.
pub(crate) fn phone_number_of<'a>(user: &'a User, kind: &str) -> Option<&'a str> {
    let phone = user.phone_numbers.iter().find(|phone| is_kind(phone.kind.as_deref(), kind) && !phone.is_blank());
    phone.map(|phone| phone.number.as_str())
}

/// Whether this type has a source of its own. There is one way to say each thing, so that rules that do the same are equal.
fn is_work(kind: &str) -> bool {
    is_kind(Some(kind), "work")
}

/// Whether the two types are one. Directories write `Work` and `work`; one without a type is of no type, and never the one that is asked for.
fn is_kind(found: Option<&str>, wanted: &str) -> bool {
    found.is_some_and(|found| found.trim().eq_ignore_ascii_case(wanted.trim()))
}

impl AddressPart {
    /// All parts, in the order of RFC 7643 section 4.1.2.
    pub(crate) const ALL: [Self; 5] = [Self::StreetAddress, Self::Locality, Self::Region, Self::PostalCode, Self::Country];

    /// What the address has there, blank or not; the caller trims it.
    pub(crate) fn of(self, address: &Address) -> Option<&str> {
        match self {
            Self::StreetAddress => address.street_address.as_deref(),
            Self::Locality => address.locality.as_deref(),
            Self::Region => address.region.as_deref(),
            Self::PostalCode => address.postal_code.as_deref(),
            Self::Country => address.country.as_deref(),
        }
    }
}
