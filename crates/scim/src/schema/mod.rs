//! Schemas: what attributes there are, and of what kind (RFC 7643 sections 2.2 and 7).

mod compare;
mod core;
mod define;
mod group;
mod json;
mod meta;
mod set;
mod user;
mod validate;
mod words;

use std::borrow::Cow;

pub use set::Schemas;

use crate::attr_name::AttrName;
use crate::uri::SchemaUri;

/// A schema (RFC 7643 section 7): the attributes that a resource or an extension may have.
///
/// The schemas of RFC 7643 section 8.7 are constants; one that a service provider describes is read from its `/Schemas`.
///
/// # Examples
///
/// ```
/// use idbridge_scim::{Schema, Uniqueness};
///
/// let user_name = Schema::user().attribute("USERNAME");
/// assert_eq!(user_name.map(|attribute| attribute.uniqueness), Some(Uniqueness::Server));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Schema {
    /// The URI.
    pub id: SchemaUri,
    /// The name to show.
    pub name: Cow<'static, str>,
    /// What it is for.
    pub description: Cow<'static, str>,
    /// Its attributes.
    pub attributes: Cow<'static, [AttributeDefinition]>,
}

/// One attribute of a [`Schema`], with its characteristics (RFC 7643 sections 2.2 and 7).
///
/// # Examples
///
/// ```
/// use idbridge_scim::{AttributeType, Mutability, Schema};
///
/// let members = Schema::group().attribute("members").ok_or("no members")?;
/// assert!(members.multi_valued);
/// assert_eq!(members.attribute_type, AttributeType::Complex);
/// assert_eq!(members.sub_attribute("value").map(|value| value.mutability), Some(Mutability::Immutable));
/// # Ok::<(), &str>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AttributeDefinition {
    /// The name.
    pub name: AttrName,
    /// The type of its value, or of each of its values; `type` on the wire.
    pub attribute_type: AttributeType,
    /// Whether it has a list of values.
    pub multi_valued: bool,
    /// What it is for.
    pub description: Cow<'static, str>,
    /// Whether a resource must have it.
    pub required: bool,
    /// The values that are suggested, such as `work` and `home`; a service provider may take others.
    pub canonical_values: Cow<'static, [Cow<'static, str>]>,
    /// Whether strings compare with case.
    pub case_exact: bool,
    /// When it may be written.
    pub mutability: Mutability,
    /// When it is returned.
    pub returned: Returned,
    /// Whether its value is unique.
    pub uniqueness: Uniqueness,
    /// For a reference: the resource types that it may name, `external` or `uri`.
    pub reference_types: Cow<'static, [Cow<'static, str>]>,
    /// For a complex attribute: its sub-attributes.
    pub sub_attributes: Cow<'static, [Self]>,
}

/// The type of an attribute (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 section 2.3 has these eight and no others")]
pub enum AttributeType {
    /// Section 2.3.1: a string.
    String,
    /// Section 2.3.2: `true` or `false`.
    Boolean,
    /// Section 2.3.3: a number with a decimal point.
    Decimal,
    /// Section 2.3.4: a number without a decimal point.
    Integer,
    /// Section 2.3.5: a moment, written as `xsd:dateTime`.
    DateTime,
    /// Section 2.3.6: bytes in base64.
    Binary,
    /// Section 2.3.7: a URI.
    Reference,
    /// Section 2.3.8: sub-attributes.
    Complex,
}

/// When an attribute may be written (RFC 7643 section 7, `mutability`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 section 7 has these four and no others")]
pub enum Mutability {
    /// Never, by a client.
    ReadOnly,
    /// At any time.
    ReadWrite,
    /// Once: when the resource is made, or while it has no value.
    Immutable,
    /// At any time, and it is never returned.
    WriteOnly,
}

/// When an attribute is returned (RFC 7643 section 7, `returned`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 section 7 has these four and no others")]
pub enum Returned {
    /// Whatever is asked for.
    Always,
    /// Never.
    Never,
    /// Unless it is excluded, or others are asked for.
    Default,
    /// Only where it is asked for.
    Request,
}

/// Whether an attribute's value is unique (RFC 7643 section 7, `uniqueness`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "RFC 7643 section 7 has these three and no others")]
pub enum Uniqueness {
    /// It need not be.
    None,
    /// Among the resources of one service provider.
    Server,
    /// Everywhere.
    Global,
}

impl Schema {
    /// A schema of these attributes.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttributeDefinition, AttributeType, Schema};
    ///
    /// let badge = Schema::new("urn:example:2.0:Badge", "Badge", vec![AttributeDefinition::new("colour".parse()?, AttributeType::String)]);
    /// assert!(badge.attribute("Colour").is_some());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn new(id: impl Into<SchemaUri>, name: impl Into<Cow<'static, str>>, attributes: Vec<AttributeDefinition>) -> Self {
        Self { id: id.into(), name: name.into(), description: Cow::Borrowed(""), attributes: Cow::Owned(attributes) }
    }

    /// The attribute of this name, compared without case.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schema;
    ///
    /// assert!(Schema::group().attribute("DISPLAYNAME").is_some_and(|attribute| attribute.required));
    /// ```
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&AttributeDefinition> {
        find(&self.attributes, name)
    }
}

impl AttributeDefinition {
    /// An attribute with the default characteristics of RFC 7643 section 2.2: one value, optional, without case, read and written, returned by
    /// default, not unique.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttributeDefinition, AttributeType, Mutability};
    ///
    /// let serial = AttributeDefinition::new("serial".parse()?, AttributeType::String);
    /// assert!(!serial.required && serial.mutability == Mutability::ReadWrite);
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub const fn new(name: AttrName, attribute_type: AttributeType) -> Self {
        Self {
            name,
            attribute_type,
            multi_valued: false,
            description: Cow::Borrowed(""),
            required: false,
            canonical_values: Cow::Borrowed(&[]),
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            reference_types: Cow::Borrowed(&[]),
            sub_attributes: Cow::Borrowed(&[]),
        }
    }

    /// The sub-attribute of this name, compared without case.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Schema, AttributeType};
    ///
    /// let primary = Schema::user().attribute("emails").and_then(|emails| emails.sub_attribute("primary"));
    /// assert_eq!(primary.map(|primary| primary.attribute_type), Some(AttributeType::Boolean));
    /// ```
    #[must_use]
    pub fn sub_attribute(&self, name: &str) -> Option<&Self> {
        find(&self.sub_attributes, name)
    }
}

impl AttributeDefinition {
    /// The sub-attribute of this name; a list has the ones that RFC 7643 section 2.4 gives every list, even if its schema does not name them.
    pub(crate) fn known_sub_attribute(&self, name: &str) -> Option<&Self> {
        self.sub_attribute(name).or_else(|| {
            let is_list = self.multi_valued && self.attribute_type == AttributeType::Complex;
            // A list that has no `value`, such as `addresses`, defines its sub-attributes itself; one of its values may be primary all the same.
            let has_value = self.sub_attribute("value").is_some();
            let of_list = || find(&EVERY_LIST, name).filter(|sub| has_value || sub.name.is("primary"));
            // RFC 7644 section 3.5.2 has the path `members[value eq ".."].displayName`, which no schema of RFC 7643 has.
            let of_reference = || (self.sub_attribute("$ref").is_some() && DISPLAY_NAME.name.is(name)).then_some(&DISPLAY_NAME);
            if is_list { of_list().or_else(of_reference) } else { None }
        })
    }
}

/// RFC 7643 section 2.4: the sub-attributes that a multi-valued attribute has by default.
static EVERY_LIST: [AttributeDefinition; 5] = [
    AttributeDefinition::new(AttrName::from_static("value"), AttributeType::String),
    AttributeDefinition::new(AttrName::from_static("display"), AttributeType::String),
    AttributeDefinition::new(AttrName::from_static("type"), AttributeType::String),
    AttributeDefinition::new(AttrName::from_static("primary"), AttributeType::Boolean),
    AttributeDefinition::new(AttrName::from_static("$ref"), AttributeType::Reference),
];

static DISPLAY_NAME: AttributeDefinition = AttributeDefinition::new(AttrName::from_static("displayName"), AttributeType::String);

fn find<'a>(attributes: &'a [AttributeDefinition], name: &str) -> Option<&'a AttributeDefinition> {
    attributes.iter().find(|attribute| attribute.name.is(name))
}
