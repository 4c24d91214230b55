//! The table that JumpCloud's connector for AWS IAM Identity Center documents.

use idbridge_scim::AttrPath;

use crate::rule::source::{AddressPart, Source};
use crate::rule::{InactiveWhen, Rule, RuleSet};
use crate::scope::Scope;

impl RuleSet {
    /// The attribute mappings of JumpCloud's connector for AWS IAM Identity Center.
    ///
    /// | rule | directory | SCIM | |
    /// | --- | --- | --- | --- |
    /// | AM-00 | `id` | `externalId` | finds a person again after a change of name and address |
    /// | AM-01 | `email` | `userName` | the name that single sign-on sends |
    /// | AM-02 | `email` | `emails.value` | one, type `work`, primary |
    /// | AM-03 | `firstname` and `lastname` | `displayName` | written on creation only |
    /// | AM-04, AM-05 | `firstname`, `lastname` | `name.givenName`, `name.familyName` | required |
    /// | AM-06 | not suspended | `active` | |
    /// | AM-07 | `jobTitle` | `title` | |
    /// | AM-08 | custom attribute `locale` | `locale` | JumpCloud has no field for it |
    /// | AM-09 to AM-13 | the work address | `addresses` | one, type `work` |
    /// | AM-14 | the first work phone | `phoneNumbers.value` | one, type `work` |
    /// | AM-15 to AM-17 | `employeeIdentifier`, `company`, `department` | `employeeNumber`, `organization`, `department` | enterprise extension |
    /// | GA-01 | a group's `name` | `displayName` | |
    /// | GA-02 | a group's `id` | `externalId` | finds a group again after it was renamed |
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::RuleSet;
    ///
    /// let printed = RuleSet::jumpcloud().to_string();
    /// for line in [
    ///     "  AM-01  email                          managed    required  userName",
    ///     "  AM-03  firstname + lastname           on create  required  displayName",
    ///     "  AM-11  addresses.work.region          managed    optional  addresses.region",
    ///     "  GA-01  name                           managed    required  displayName",
    /// ] {
    ///     assert!(printed.lines().any(|found| found == line), "{line}");
    /// }
    /// ```
    #[must_use]
    pub fn jumpcloud() -> Self {
        let custom_locale = Source::Custom("locale".to_owned());
        let user = vec![
            Rule::new("AM-00", Source::Id, core("externalId")).or_hold(),
            Rule::new("AM-01", Source::Email, core("userName")).or_hold(),
            Rule::new("AM-02", Source::Email, part("emails", "value")),
            Rule::new("AM-03", Source::ComposedName, core("displayName")).or_hold().on_create(),
            Rule::new("AM-04", Source::FirstName, part("name", "givenName")).or_hold(),
            Rule::new("AM-05", Source::LastName, part("name", "familyName")).or_hold(),
            Rule::new("AM-06", Source::Active, core("active")),
            Rule::new("AM-07", Source::JobTitle, core("title")),
            Rule::new("AM-08", custom_locale, core("locale")),
            Rule::new("AM-09", Source::WorkAddress(AddressPart::StreetAddress), part("addresses", "streetAddress")),
            Rule::new("AM-10", Source::WorkAddress(AddressPart::Locality), part("addresses", "locality")),
            Rule::new("AM-11", Source::WorkAddress(AddressPart::Region), part("addresses", "region")),
            Rule::new("AM-12", Source::WorkAddress(AddressPart::PostalCode), part("addresses", "postalCode")),
            Rule::new("AM-13", Source::WorkAddress(AddressPart::Country), part("addresses", "country")),
            Rule::new("AM-14", Source::WorkPhone, part("phoneNumbers", "value")),
            Rule::new("AM-15", Source::EmployeeIdentifier, enterprise("employeeNumber")),
            Rule::new("AM-16", Source::Company, enterprise("organization")),
            Rule::new("AM-17", Source::Department, enterprise("department")),
        ];
        let group = vec![
            Rule::new("GA-01", Source::Name, core("displayName")).or_hold(),
            Rule::new("GA-02", Source::Id, core("externalId")).or_hold(),
        ];
        Self { user, group, inactive_when: InactiveWhen::default(), scope: Scope::default() }
    }
}

/// The attribute itself. The paths stand in the source and are known to be well-formed, so nothing here can fail.
fn core(attribute: &'static str) -> AttrPath {
    AttrPath::of(attribute)
}

/// A part of an attribute; of a list, of its one value.
fn part(attribute: &'static str, sub_attribute: &'static str) -> AttrPath {
    core(attribute).then(sub_attribute)
}

/// An attribute of the enterprise extension (RFC 7643 section 4.3), whose path begins with the URI of that schema.
fn enterprise(attribute: &'static str) -> AttrPath {
    AttrPath::of_enterprise_user(attribute)
}
