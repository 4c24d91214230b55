//! How the schemas of RFC 7643 are written down as constants.

use std::borrow::Cow;

use super::{AttributeDefinition, AttributeType, Mutability, Returned, Schema, Uniqueness};
use crate::attr_name::AttrName;
use crate::uri::SchemaUri;

/// A list of words that is known when the program is written.
pub(super) type Words = &'static [Cow<'static, str>];

/// No words.
const NONE: Words = &[];

/// A schema with the description that it is published with.
pub(super) const fn schema(
    id: SchemaUri,
    name: &'static str,
    description: &'static str,
    attributes: &'static [AttributeDefinition],
) -> Schema {
    Schema { id, name: Cow::Borrowed(name), description: Cow::Borrowed(description), attributes: Cow::Borrowed(attributes) }
}

/// An attribute of a simple type.
pub(super) const fn simple(name: &'static str, attribute_type: AttributeType, description: &'static str) -> AttributeDefinition {
    whole(name, attribute_type, description, NONE, NONE, &[])
}

/// A string.
pub(super) const fn text(name: &'static str, description: &'static str) -> AttributeDefinition {
    simple(name, AttributeType::String, description)
}

/// A boolean.
pub(super) const fn boolean(name: &'static str, description: &'static str) -> AttributeDefinition {
    simple(name, AttributeType::Boolean, description)
}

/// A string with the values that are suggested for it.
pub(super) const fn suggested(name: &'static str, description: &'static str, canonical_values: Words) -> AttributeDefinition {
    whole(name, AttributeType::String, description, canonical_values, NONE, &[])
}

/// A reference with the types that it may name.
pub(super) const fn reference(name: &'static str, description: &'static str, reference_types: Words) -> AttributeDefinition {
    whole(name, AttributeType::Reference, description, NONE, reference_types, &[])
}

/// A complex attribute.
pub(super) const fn complex(
    name: &'static str,
    description: &'static str,
    sub_attributes: &'static [AttributeDefinition],
) -> AttributeDefinition {
    whole(name, AttributeType::Complex, description, NONE, NONE, sub_attributes)
}

/// Everything that owns memory elsewhere stands here, because a `const fn` cannot put another value in its place later.
const fn whole(
    name: &'static str,
    attribute_type: AttributeType,
    description: &'static str,
    canonical_values: Words,
    reference_types: Words,
    sub_attributes: &'static [AttributeDefinition],
) -> AttributeDefinition {
    AttributeDefinition {
        name: AttrName::from_static(name),
        attribute_type,
        multi_valued: false,
        description: Cow::Borrowed(description),
        required: false,
        canonical_values: Cow::Borrowed(canonical_values),
        case_exact: false,
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        uniqueness: Uniqueness::None,
        reference_types: Cow::Borrowed(reference_types),
        sub_attributes: Cow::Borrowed(sub_attributes),
    }
}

impl AttributeDefinition {
    /// With a list of values.
    pub(super) const fn many(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    /// One that a resource must have.
    pub(super) const fn needed(mut self) -> Self {
        self.required = true;
        self
    }

    /// Compared with case.
    pub(super) const fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    /// Written only as `mutability` says.
    pub(super) const fn written(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self
    }

    /// Never written by a client.
    pub(super) const fn read_only(self) -> Self {
        self.written(Mutability::ReadOnly)
    }

    /// Returned as `returned` says.
    pub(super) const fn given(mut self, returned: Returned) -> Self {
        self.returned = returned;
        self
    }

    /// Unique among the resources of one service provider.
    pub(super) const fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }
}
