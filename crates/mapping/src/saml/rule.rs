//! One attribute of an assertion, as a rule.

use std::fmt;

use idbridge_saml::Attribute;

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::finding::SamlRefusal;
use crate::rule::Source;
use crate::saml::text::{illegal_in_xml, key_expects, refusal_by_tags};

/// Where the value of an attribute comes from.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{SamlSource, Source};
///
/// assert_eq!(SamlSource::from(Source::Department).to_string(), "department");
/// assert_eq!(SamlSource::Constant("blue".to_owned()).to_string(), "\"blue\"");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SamlSource {
    /// An attribute of the person in the directory; without a value there, the attribute is left out.
    User(Source),
    /// The same text for everybody.
    Constant(String),
}

/// One row of a [`SamlRuleSet`](crate::SamlRuleSet): the value at a source becomes the one value of an attribute of SAML.
///
/// A rule that exists can be sent: its name is one that XML can carry, and if it is a tag for access control
/// ([`Attribute::ACCESS_CONTROL`] and a key), AWS takes the key, and the value too where it is a constant.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::{SamlRule, Source};
///
/// let rule = SamlRule::access_control("CostCenter", Source::EmployeeIdentifier)?;
/// assert_eq!(rule.name(), "https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter");
/// assert_eq!(rule.access_control_key(), Some("CostCenter"));
///
/// let error = SamlRule::access_control("Cost&Center", Source::EmployeeIdentifier).unwrap_err();
/// let expected = "expected a key of letters, digits, spaces and _ . : / = + - @";
/// let name = "https://aws.amazon.com/SAML/Attributes/AccessControl:Cost&Center";
/// assert_eq!(error.to_string(), format!("invalid SAML rule for {name}: {expected}, found \"Cost&Center\""));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlRule {
    name: String,
    source: SamlSource,
    name_format: Option<String>,
}

impl SamlRule {
    /// The attribute `name`, byte for byte as it is given, with the value that the person has at `source`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SamlRule`] for a name that is blank, that XML cannot carry, or that is a tag with a key which AWS does not take, and for a source
    /// that no person has as a text: [`Source::Active`], [`Source::Name`], and an expression that asks for groups or for the manager.
    pub fn new(name: impl Into<String>, source: Source) -> Result<Self, Error> {
        Self::checked(name.into(), SamlSource::User(source))
    }

    /// The attribute `name` with the same value for everybody.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SamlRule`] as of [`new`](Self::new), for a blank value, and for one that XML cannot carry or, of a tag, that AWS does not take.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::SamlRule;
    ///
    /// assert!(SamlRule::constant("urn:example:origin", "idbridge").is_ok());
    /// let error = SamlRule::constant("urn:example:origin", " ").unwrap_err();
    /// assert_eq!(error.to_string(), "invalid SAML rule for urn:example:origin: expected a value, found \" \"");
    /// ```
    pub fn constant(name: impl Into<String>, value: impl Into<String>) -> Result<Self, Error> {
        Self::checked(name.into(), SamlSource::Constant(value.into()))
    }

    /// The tag `key` for access control in AWS, letter for letter as it is given: AWS compares keys with case.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new).
    pub fn access_control(key: &str, source: Source) -> Result<Self, Error> {
        Self::new(format!("{}{key}", Attribute::ACCESS_CONTROL), source)
    }

    /// The same, with a `NameFormat` on the attribute.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SamlRule`] for a format that is blank or that XML cannot carry.
    pub fn with_name_format(mut self, name_format: impl Into<String>) -> Result<Self, Error> {
        let name_format = name_format.into();
        if name_format.trim().is_empty() || illegal_in_xml(&name_format).is_some() {
            return Err(invalid(&self.name, "a NameFormat that XML can carry", &name_format));
        }
        self.name_format = Some(name_format);
        Ok(self)
    }

    /// `Name`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the value comes from.
    #[must_use]
    pub fn source(&self) -> &SamlSource {
        &self.source
    }

    /// `NameFormat`, if it is said.
    #[must_use]
    pub fn name_format(&self) -> Option<&str> {
        self.name_format.as_deref()
    }

    /// The tag's key, if it is a tag for access control.
    #[must_use]
    pub fn access_control_key(&self) -> Option<&str> {
        self.name.strip_prefix(Attribute::ACCESS_CONTROL)
    }

    pub(super) fn attribute(&self, value: String) -> Attribute {
        let attribute = Attribute::new(&self.name, [value]);
        match &self.name_format {
            Some(name_format) => attribute.with_name_format(name_format),
            None => attribute,
        }
    }

    /// Why the attribute cannot have the value, if it cannot.
    pub(super) fn refusal_of(&self, value: &str) -> Option<SamlRefusal> {
        match self.access_control_key() {
            Some(_) => refusal_by_tags(value),
            None => illegal_in_xml(value).map(|(at, found)| SamlRefusal::Character { found, at }),
        }
    }

    fn checked(name: String, source: SamlSource) -> Result<Self, Error> {
        if name.trim().is_empty() || illegal_in_xml(&name).is_some() {
            return Err(invalid("an attribute", "a name that XML can carry", &name));
        }
        let rule = Self { name, source, name_format: None };
        if let Some((key, expected)) = rule.access_control_key().and_then(|key| Some((key, key_expects(key)?))) {
            return Err(invalid(&rule.name, expected, key));
        }
        match &rule.source {
            SamlSource::User(source) => check_source(&rule.name, source)?,
            SamlSource::Constant(value) if value.trim().is_empty() => return Err(invalid(&rule.name, "a value", value)),
            SamlSource::Constant(value) => {
                let expected = match rule.refusal_of(value) {
                    Some(SamlRefusal::TooLong { .. }) => "a value of at most 256 characters",
                    Some(_) if rule.access_control_key().is_some() => "a value of letters, digits, spaces and _ . : / = + - @",
                    Some(_) => "a value that XML can carry",
                    None => return Ok(rule),
                };
                return Err(invalid(&rule.name, expected, value));
            }
        }
        Ok(rule)
    }
}

/// Refuses the sources that no person has as a text: they would leave the attribute out for everybody, and nobody would know why.
pub(super) fn check_source(name: &str, source: &Source) -> Result<(), Error> {
    match source {
        Source::Active | Source::Name => Err(invalid(name, "a text that a person has in the directory", &source.to_string())),
        _ if source.needs_surroundings() => {
            Err(invalid(name, "an expression of the person alone, without groups and manager", &source.to_string()))
        }
        _ => Ok(()),
    }
}

pub(super) fn invalid(name: &str, expected: &'static str, found: &str) -> Error {
    let kind = ErrorKind::SamlRule { name: excerpt(name), expected, found: format!("\"{}\"", excerpt(found)) };
    Error::new(kind, Location::Whole)
}

impl From<Source> for SamlSource {
    fn from(source: Source) -> Self {
        Self::User(source)
    }
}

impl fmt::Display for SamlSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(source) => write!(f, "{source}"),
            Self::Constant(text) => write!(f, "\"{}\"", text.escape_debug()),
        }
    }
}

impl fmt::Display for SamlRule {
    /// Writes one line: the source and the attribute's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<29}  {}", self.source.to_string(), self.name)
    }
}
