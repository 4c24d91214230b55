//! Schemas as JSON (RFC 7643 section 7).

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::words::Word;
use super::{AttributeDefinition, AttributeType, Mutability, Returned, Schema, Uniqueness};
use crate::attr_name::AttrName;
use crate::error::{Error, ErrorKind, Location, excerpt, read_json};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// The most attributes of one list that are read, as of one object.
const MOST_ATTRIBUTES: usize = 1_000;

impl Schema {
    /// Reads a schema (RFC 7643 section 7).
    ///
    /// A characteristic that is missing has its default of RFC 7643 section 2.2, words such as `readOnly` are taken in any case, and members that
    /// RFC 7643 does not know are left out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Json`] if the text is not a JSON object. [`ErrorKind::Definition`], with the path of the attribute, if the `id`, the attributes
    /// or a name are missing, a characteristic is none that there is, a name is there twice, a list has more than 1,000 attributes, or a
    /// sub-attribute is complex (RFC 7643 section 2.3.8; only the schema of schemas has one). [`ErrorKind::AttributeName`] if a name is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{AttributeType, Schema};
    ///
    /// let badge = Schema::from_json(br#"{"id":"urn:example:2.0:Badge","attributes":[{"name":"issued","type":"dateTime"}]}"#)?;
    /// assert_eq!(badge.attribute("issued").map(|issued| issued.attribute_type), Some(AttributeType::DateTime));
    ///
    /// let error = Schema::from_json(br#"{"id":"urn:example:2.0:Badge","attributes":[{"name":"issued","type":"moment"}]}"#).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     r#"invalid definition: expected the type string, boolean, decimal, integer, dateTime, binary, reference or complex, found "moment" at issued"#
    /// );
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        read_schema(read_json(json)?)
    }

    /// Writes compact JSON, each characteristic with its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::Schema;
    ///
    /// let written = Schema::group().to_json();
    /// assert_eq!(&Schema::from_json(written.as_bytes())?, Schema::group());
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        Value::Object(write_schema(self)).to_string()
    }
}

impl TryFrom<Resource> for Schema {
    type Error = Error;

    /// Reads a schema out of a list of them.
    ///
    /// # Errors
    ///
    /// Those of [`Schema::from_json`].
    fn try_from(resource: Resource) -> Result<Self, Error> {
        read_schema(resource.into())
    }
}

impl From<&Schema> for Resource {
    fn from(schema: &Schema) -> Self {
        write_schema(schema).into()
    }
}

impl Serialize for Schema {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_schema(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_schema(Object::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for AttributeDefinition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_attribute(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AttributeDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_attribute(Object::deserialize(deserializer)?, "", "", LEVELS).map_err(de::Error::custom)
    }
}

/// How many levels of sub-attributes an attribute has.
///
/// RFC 7643 section 2.3.8: a complex attribute MUST NOT contain sub-attributes that have sub-attributes.
const LEVELS: u8 = 1;

/// How many levels `attributes` of the schema of schemas has: it describes an attribute and that attribute's sub-attributes.
const LEVELS_OF_SCHEMA: u8 = 2;

fn invalid(expected: &'static str, found: impl Into<String>, path: &str) -> Error {
    Error::new(ErrorKind::Definition { expected, found: found.into() }, location(path))
}

fn location(path: &str) -> Location {
    if path.is_empty() { Location::Whole } else { Location::Attribute(path.to_owned()) }
}

fn read_schema(mut object: Object) -> Result<Schema, Error> {
    let id = take_text(&mut object, "id", "an id that is a string", "")?.ok_or_else(|| invalid("an id", "none", ""))?;
    let id = SchemaUri::from(id.as_str());
    let name = take_text(&mut object, "name", "a name that is a string", "")?.unwrap_or_default();
    let description = take_text(&mut object, "description", "a description that is a string", "")?.unwrap_or_default();
    let attributes = object.remove("attributes").filter(|value| *value != Value::Null);
    let Some(attributes) = attributes else {
        return Err(invalid("a list named attributes", "none", ""));
    };
    let levels = |name: &str| if id == SchemaUri::SCHEMA && name.eq_ignore_ascii_case("attributes") { LEVELS_OF_SCHEMA } else { LEVELS };
    let attributes = read_list(attributes, "", "attributes", &levels)?;
    Ok(Schema { id, name: Cow::Owned(name), description: Cow::Owned(description), attributes: Cow::Owned(attributes) })
}

/// Reads the list `member` of the attribute at `path`, whose attributes may have as many levels as `levels` says for their name.
fn read_list(value: Value, path: &str, member: &'static str, levels: &dyn Fn(&str) -> u8) -> Result<Vec<AttributeDefinition>, Error> {
    let Value::Array(values) = value else {
        return Err(invalid("a list of attributes", value.type_name(), path));
    };
    if values.len() > MOST_ATTRIBUTES {
        return Err(invalid("at most 1,000 attributes", values.len().to_string(), path));
    }
    let mut attributes = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        // An attribute without a name is found by its place.
        let unnamed = below(path, &format!("{member}[{index}]"));
        let Value::Object(object) = value else {
            return Err(invalid("an attribute that is an object", value.type_name(), &unnamed));
        };
        let levels = levels(object.get("name").and_then(Value::as_str).unwrap_or_default());
        attributes.push(read_attribute(object, path, &unnamed, levels)?);
    }
    let mut names = BTreeSet::new();
    if let Some(twice) = attributes.iter().find(|attribute| !names.insert(&attribute.name)) {
        return Err(invalid("each attribute once", "it twice", &below(path, twice.name.as_str())));
    }
    Ok(attributes)
}

fn read_attribute(mut object: Object, parent: &str, unnamed: &str, levels: u8) -> Result<AttributeDefinition, Error> {
    let object = &mut object;
    let name = take_text(object, "name", "a name that is a string", unnamed)?.ok_or_else(|| invalid("a name", "none", unnamed))?;
    let name = AttrName::new(&name).map_err(|error| Error::new(error.kind().clone(), location(unnamed)))?;
    let path = below(parent, name.as_str());
    // RFC 7643 section 2.2: what is missing here is what AttributeDefinition::new begins with.
    let mut attribute = AttributeDefinition::new(name, take_word(object, "type", &path)?.unwrap_or(AttributeType::String));
    let sub_attributes = object.remove("subAttributes").unwrap_or(Value::Null);
    if levels == 0 && (attribute.attribute_type == AttributeType::Complex || !sub_attributes.is_unassigned()) {
        return Err(invalid("a sub-attribute of a simple type", "a complex one", &path));
    }
    attribute.sub_attributes = match sub_attributes {
        Value::Null => Cow::Borrowed(&[]),
        value => Cow::Owned(read_list(value, &path, "subAttributes", &|_| levels.saturating_sub(1))?),
    };
    attribute.multi_valued = take_boolean(object, "multiValued", "a multiValued that is a boolean", &path)?;
    attribute.description = Cow::Owned(take_text(object, "description", "a description that is a string", &path)?.unwrap_or_default());
    attribute.required = take_boolean(object, "required", "a required that is a boolean", &path)?;
    attribute.canonical_values = take_words(object, "canonicalValues", "canonicalValues that are a list of strings", &path)?;
    attribute.case_exact = take_boolean(object, "caseExact", "a caseExact that is a boolean", &path)?;
    attribute.mutability = take_word(object, "mutability", &path)?.unwrap_or(Mutability::ReadWrite);
    attribute.returned = take_word(object, "returned", &path)?.unwrap_or(Returned::Default);
    attribute.uniqueness = take_word(object, "uniqueness", &path)?.unwrap_or(Uniqueness::None);
    attribute.reference_types = take_words(object, "referenceTypes", "referenceTypes that are a list of strings", &path)?;
    Ok(attribute)
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn take_text(object: &mut Object, member: &str, expected: &'static str, path: &str) -> Result<Option<String>, Error> {
    match object.remove(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(invalid(expected, other.type_name(), path)),
    }
}

fn take_boolean(object: &mut Object, member: &str, expected: &'static str, path: &str) -> Result<bool, Error> {
    match object.remove(member) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Boolean(value)) => Ok(value),
        Some(other) => Err(invalid(expected, other.type_name(), path)),
    }
}

fn take_words(object: &mut Object, member: &str, expected: &'static str, path: &str) -> Result<Cow<'static, [Cow<'static, str>]>, Error> {
    let values = match object.remove(member) {
        None | Some(Value::Null) => return Ok(Cow::Borrowed(&[])),
        Some(Value::Array(values)) => values,
        Some(other) => return Err(invalid(expected, other.type_name(), path)),
    };
    let word = |value| match value {
        Value::String(text) => Ok(Cow::Owned(text)),
        other => Err(invalid(expected, format!("{} in it", other.type_name()), path)),
    };
    Ok(Cow::Owned(values.into_iter().map(word).collect::<Result<_, _>>()?))
}

fn take_word<W: Word>(object: &mut Object, member: &str, path: &str) -> Result<Option<W>, Error> {
    let Some(text) = take_text(object, member, W::EXPECTED_STRING, path)? else {
        return Ok(None);
    };
    match W::ALL.iter().find(|word| word.word().eq_ignore_ascii_case(&text)) {
        Some(word) => Ok(Some(*word)),
        None => Err(invalid(W::EXPECTED, format!("{:?}", excerpt(&text)), path)),
    }
}

fn write_schema(schema: &Schema) -> Object {
    let mut object = Object::new();
    object.set("schemas", Value::Array(vec![SchemaUri::SCHEMA.as_str().into()]));
    object.set("id", schema.id.as_str());
    for (member, text) in [("name", &schema.name), ("description", &schema.description)] {
        if !text.is_empty() {
            object.set(member, text.as_ref());
        }
    }
    object.set("attributes", write_list(&schema.attributes));
    object
}

fn write_list(attributes: &[AttributeDefinition]) -> Value {
    Value::Array(attributes.iter().map(|attribute| write_attribute(attribute).into()).collect())
}

fn write_attribute(attribute: &AttributeDefinition) -> Object {
    let mut object = Object::with_capacity(12);
    object.set("name", attribute.name.as_str());
    object.set("type", attribute.attribute_type.as_str());
    object.set("multiValued", attribute.multi_valued);
    if !attribute.description.is_empty() {
        object.set("description", attribute.description.as_ref());
    }
    object.set("required", attribute.required);
    write_words(&mut object, "canonicalValues", &attribute.canonical_values);
    object.set("caseExact", attribute.case_exact);
    object.set("mutability", attribute.mutability.as_str());
    object.set("returned", attribute.returned.as_str());
    object.set("uniqueness", attribute.uniqueness.as_str());
    write_words(&mut object, "referenceTypes", &attribute.reference_types);
    if !attribute.sub_attributes.is_empty() {
        object.set("subAttributes", write_list(&attribute.sub_attributes));
    }
    object
}

fn write_words(object: &mut Object, member: &str, words: &[Cow<'static, str>]) {
    if !words.is_empty() {
        object.set(member, Value::Array(words.iter().map(|word| word.as_ref().into()).collect()));
    }
}
