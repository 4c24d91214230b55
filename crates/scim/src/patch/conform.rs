//! Whether a value is one that an attribute may have, and what it is where a lenient reader takes it for another.

use crate::date_time::Moment;
use crate::error::ErrorKind;
use crate::mode::Mode;
use crate::schema::{AttributeDefinition, AttributeType, Mutability};
use crate::value::{Object, Value};

/// What is wrong with a value, and in which of its sub-attributes.
pub(crate) struct Fault {
    pub(crate) kind: ErrorKind,
    /// Names from the attribute inwards.
    pub(crate) path: Vec<String>,
}

impl Fault {
    pub(crate) fn within(mut self, name: &str) -> Self {
        self.path.insert(0, name.to_owned());
        self
    }
}

impl From<ErrorKind> for Fault {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, path: Vec::new() }
    }
}

fn mismatch(expected: &'static str, found: &Value) -> Fault {
    ErrorKind::Type { expected, found: found.type_name() }.into()
}

/// The values that are written to a list: an array of them, or one where one may stand for a list.
pub(crate) fn values(value: &Value, attribute: &AttributeDefinition, mode: Mode) -> Result<Vec<Value>, Fault> {
    let is_list = matches!(value, Value::Array(_));
    let values = if let Value::Array(values) = value { values } else { std::slice::from_ref(value) };
    let mut conforming = Vec::with_capacity(values.len());
    for value in values {
        let assigned = single(value, attribute, mode)?.and_then(without_nulls);
        // RFC 7643 section 2.5: null, and a list of nothing, are no value; a list that has one of them in it is another thing.
        if assigned.is_none() && is_list && !mode.is_lenient() {
            let expected = if attribute.attribute_type == AttributeType::Complex {
                "an object with a sub-attribute"
            } else {
                type_name(attribute.attribute_type)
            };
            let found = if *value == Value::Null { "null" } else { "one without" };
            return Err(ErrorKind::Type { expected, found }.into());
        }
        conforming.extend(assigned);
    }
    Ok(conforming)
}

/// The value without sub-attributes that are null, which say nothing in a value that stands by itself (RFC 7643 section 2.5).
pub(crate) fn without_nulls(value: Value) -> Option<Value> {
    let Value::Object(object) = value else { return Some(value) };
    let mut assigned = Object::with_capacity(object.len());
    for (name, value) in object {
        if value != Value::Null {
            assigned.push(name, value);
        }
    }
    (!assigned.is_empty()).then_some(Value::Object(assigned))
}

/// One value of `attribute`; nothing where it is unassigned. A sub-attribute that is unassigned stays null, for where the value is merged.
pub(crate) fn single(value: &Value, attribute: &AttributeDefinition, mode: Mode) -> Result<Option<Value>, Fault> {
    let expected = match (attribute.attribute_type, value) {
        (_, Value::Null) => return Ok(None),
        (AttributeType::Complex, Value::Object(object)) => return complex(object, attribute, mode),
        (AttributeType::Complex, Value::String(text)) if mode.is_lenient() && attribute.sub_attribute("value").is_some() => {
            // Entra ID names a manager by the identifier alone, and takes one away with an empty string.
            let mut object = Object::new();
            object.set("value", text.as_str());
            return Ok((!text.is_empty()).then_some(Value::Object(object)));
        }
        (AttributeType::Boolean, Value::String(text)) if mode.is_lenient() => match text.as_str() {
            text if text.eq_ignore_ascii_case("true") => return Ok(Some(Value::Boolean(true))),
            text if text.eq_ignore_ascii_case("false") => return Ok(Some(Value::Boolean(false))),
            _ => "a boolean",
        },
        (AttributeType::String | AttributeType::Reference, Value::String(_)) | (AttributeType::Boolean, Value::Boolean(_)) => {
            return Ok(Some(value.clone()));
        }
        (AttributeType::DateTime, Value::String(text)) if mode.is_lenient() || Moment::read(text).is_some() => {
            return Ok(Some(value.clone()));
        }
        (AttributeType::Binary, Value::String(text)) if mode.is_lenient() || is_base64(text) => return Ok(Some(value.clone())),
        (AttributeType::Integer, Value::Number(number)) if number.is_whole() => return Ok(Some(value.clone())),
        (AttributeType::Decimal, Value::Number(_)) => return Ok(Some(value.clone())),
        (kind, _) => type_name(kind),
    };
    Err(mismatch(expected, value))
}

fn complex(object: &Object, attribute: &AttributeDefinition, mode: Mode) -> Result<Option<Value>, Fault> {
    let mut conforming = Object::with_capacity(object.len());
    for (name, value) in object.iter() {
        let Some(definition) = attribute.known_sub_attribute(name.as_str()) else {
            if mode.is_lenient() {
                continue;
            }
            return Err(Fault::from(ErrorKind::NoAttribute).within(name.as_str()));
        };
        if definition.mutability == Mutability::ReadOnly {
            if mode.is_lenient() {
                continue;
            }
            return Err(Fault::from(ErrorKind::ReadOnly).within(name.as_str()));
        }
        let conforming_value = if definition.multi_valued {
            let values = values(value, definition, mode).map_err(|fault| fault.within(name.as_str()))?;
            (!values.is_empty()).then_some(Value::Array(values))
        } else {
            single(value, definition, mode).map_err(|fault| fault.within(name.as_str()))?
        };
        conforming.push(name.clone(), conforming_value.unwrap_or(Value::Null));
    }
    Ok(Some(Value::Object(conforming)))
}

/// The type's name in an error.
pub(crate) fn type_name(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::String => "a string",
        AttributeType::Boolean => "a boolean",
        AttributeType::Decimal => "a number",
        AttributeType::Integer => "a number without a decimal point",
        AttributeType::DateTime => "a dateTime such as 2008-01-23T04:56:22Z",
        AttributeType::Binary => "a string in base64",
        AttributeType::Reference => "a URI",
        AttributeType::Complex => "an object",
    }
}

/// RFC 4648 section 4, which RFC 7643 section 2.3.6 asks for.
pub(crate) fn is_base64(text: &str) -> bool {
    let bytes = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - bytes.len() <= 2
        && bytes.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
