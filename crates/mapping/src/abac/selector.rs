//! What of a user at AWS can be the value of a tag.

use std::fmt;
use std::str::FromStr;

use idbridge_scim::{Object, Resource, SchemaUri, Value};

use crate::error::{Error, ErrorKind, Location, excerpt};

/// One attribute of a user that IAM Identity Center can make a tag of, as its console names it: `${path:title}` (AB-03).
///
/// These are all that AWS lists for users that come by SCIM (user guide, "Attribute mappings"): of the e-mail addresses the primary one, of the
/// addresses and the telephone numbers those of type `work`.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::abac::Selector;
/// use idbridge_scim::Resource;
///
/// let user = Resource::from_json(br#"{"addresses": [{"type": "home", "region": "NY"}, {"type": "work", "region": "CO"}]}"#)?;
/// let region: Selector = r#"${path:addresses[type eq "work"].region}"#.parse()?;
/// assert_eq!(region.value_of(&user), Some("CO"));
/// assert_eq!(Selector::all().count(), 23);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector(&'static str);

/// The paths as AWS lists them.
const PATHS: [&str; 23] = [
    "userName",
    "name.familyName",
    "name.givenName",
    "displayName",
    "nickName",
    "emails[primary eq true].value",
    r#"addresses[type eq "work"].streetAddress"#,
    r#"addresses[type eq "work"].locality"#,
    r#"addresses[type eq "work"].region"#,
    r#"addresses[type eq "work"].postalCode"#,
    r#"addresses[type eq "work"].country"#,
    r#"addresses[type eq "work"].formatted"#,
    r#"phoneNumbers[type eq "work"].value"#,
    "userType",
    "title",
    "locale",
    "timezone",
    "enterprise.employeeNumber",
    "enterprise.costCenter",
    "enterprise.organization",
    "enterprise.division",
    "enterprise.department",
    "enterprise.manager.value",
];

impl Selector {
    /// All of them, in the order in which AWS lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        PATHS.into_iter().map(Self)
    }

    /// The path, without what is written around it.
    #[must_use]
    pub fn path(self) -> &'static str {
        self.0
    }

    /// What `user` has there; nothing if it is absent, blank or no text.
    #[must_use]
    pub fn value_of(self, user: &Resource) -> Option<&str> {
        let attributes = user.attributes();
        let value = if let Some(rest) = self.0.strip_prefix("enterprise.") {
            at(attributes.get(SchemaUri::ENTERPRISE_USER.as_str())?.as_object()?, rest)
        } else if let Some(part) = self.0.strip_prefix(r#"addresses[type eq "work"]."#) {
            of_value(attributes, "addresses", is_work)?.get(part)
        } else if self.0.starts_with("phoneNumbers[") {
            of_value(attributes, "phoneNumbers", is_work)?.get("value")
        } else if self.0.starts_with("emails[") {
            of_value(attributes, "emails", is_primary)?.get("value")
        } else {
            at(attributes, self.0)
        };
        value?.as_str().filter(|text| !text.trim().is_empty())
    }
}

/// What is at `path`, whose parts have a dot between them.
fn at<'a>(object: &'a Object, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        Some((first, rest)) => at(object.get(first)?.as_object()?, rest),
        None => object.get(path),
    }
}

/// The first value of a multi-valued attribute that is meant.
fn of_value<'a>(attributes: &'a Object, name: &str, is_meant: fn(&Object) -> bool) -> Option<&'a Object> {
    attributes.get(name)?.as_array()?.iter().filter_map(Value::as_object).find(|value| is_meant(value))
}

/// RFC 7643 section 2.4: the canonical values of `type` are compared without case.
fn is_work(value: &Object) -> bool {
    value.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
}

fn is_primary(value: &Object) -> bool {
    value.get("primary").and_then(Value::as_bool) == Some(true)
}

impl FromStr for Selector {
    type Err = Error;

    /// Reads `${path:...}`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let path = text.strip_prefix("${path:").and_then(|rest| rest.strip_suffix('}'));
        let known = path.and_then(|path| PATHS.into_iter().find(|known| *known == path));
        known.map(Self).ok_or_else(|| Error::new(ErrorKind::Selector { found: excerpt(text) }, Location::Whole))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${{path:{}}}", self.0)
    }
}
