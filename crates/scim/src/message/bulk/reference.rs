//! References to resources that the same request creates: `bulkId:x` (RFC 7644 section 3.7.2).

use crate::id::ResourceId;
use crate::value::Value;

const PREFIX: &str = "bulkId:";

/// The bulkId that `text` refers to, if it is a reference and nothing else.
pub(super) fn referred(text: &str) -> Option<&str> {
    text.strip_prefix(PREFIX).filter(|bulk_id| !bulk_id.is_empty())
}

/// Collects the references in `value`, wherever they stand.
pub(super) fn collect<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.extend(referred(text)),
        Value::Array(values) => values.iter().for_each(|value| collect(value, into)),
        Value::Object(object) => object.iter().for_each(|(_, value)| collect(value, into)),
        Value::Null | Value::Boolean(_) | Value::Number(_) => {}
    }
}

/// Whether there is a reference in `value`, wherever it stands.
pub(super) fn is_in(value: &Value) -> bool {
    match value {
        Value::String(text) => referred(text).is_some(),
        Value::Array(values) => values.iter().any(is_in),
        Value::Object(object) => object.iter().any(|(_, value)| is_in(value)),
        Value::Null | Value::Boolean(_) | Value::Number(_) => false,
    }
}

/// Puts identifiers in the place of the references in `value` that `id_of` knows, and says how many there were.
pub(super) fn resolve<'a>(value: &mut Value, id_of: &impl Fn(&str) -> Option<&'a ResourceId>) -> usize {
    match value {
        Value::String(text) => match referred(text).and_then(id_of) {
            Some(id) => {
                id.as_str().clone_into(text);
                1
            }
            None => 0,
        },
        Value::Array(values) => values.iter_mut().map(|value| resolve(value, id_of)).sum(),
        Value::Object(object) => object.iter_mut().map(|(_, value)| resolve(value, id_of)).sum(),
        Value::Null | Value::Boolean(_) | Value::Number(_) => 0,
    }
}
