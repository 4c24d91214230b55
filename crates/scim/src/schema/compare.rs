//! Whether two resources are the same under their schemas.

use crate::case_fold::folded;
use crate::date_time::Moment;
use crate::resource::Resource;
use crate::schema::{AttributeDefinition, AttributeType, Schemas};
use crate::value::{Number, Object, Value};

impl Schemas {
    /// Whether `one` and `other` say the same.
    ///
    /// Absent, `null` and a list of nothing are the same (RFC 7643 section 2.5), and so are the orders of attributes and of the values of a list
    /// (section 2.4). Strings compare as `caseExact` says, moments by time, URIs of schemas without case. Attributes that no schema has compare as they
    /// are.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_scim::{Resource, Schemas};
    ///
    /// let one = Resource::from_json(br#"{"userName":"Anna","externalId":"A","emails":[{"value":"a@example.com"},{"value":"b@example.com"}]}"#)?;
    /// let same = Resource::from_json(br#"{"externalId":"A","EMAILS":[{"value":"B@example.com"},{"value":"a@example.com"}],"username":"anna","title":null}"#)?;
    /// assert!(Schemas::user().equal(&one, &same));
    /// let other = Resource::from_json(br#"{"userName":"Anna","externalId":"a"}"#)?;
    /// assert!(!Schemas::user().equal(&one, &other));
    /// # Ok::<(), idbridge_scim::Error>(())
    /// ```
    #[must_use]
    pub fn equal(&self, one: &Resource, other: &Resource) -> bool {
        let form = |resource: &Resource| {
            canonical(resource.attributes(), &|name| match self.extension_named(name) {
                Some(_) => None,
                None => self.top_level(name),
            })
        };
        let with_extensions = |resource: &Resource| {
            let mut form = form(resource);
            for extension in self.extensions() {
                if let Some(Value::Object(object)) = resource.get(extension.id.as_str()) {
                    let object = canonical(object, &|name| extension.attribute(name));
                    form.remove(extension.id.as_str());
                    if !object.is_empty() {
                        form.set(extension.id.as_str(), object);
                    }
                }
            }
            form
        };
        with_extensions(one) == with_extensions(other)
    }
}

/// What the object says: assigned attributes alone, values in one spelling, lists in one order.
fn canonical<'s>(object: &Object, definition: &dyn Fn(&str) -> Option<&'s AttributeDefinition>) -> Object {
    let mut form = Object::with_capacity(object.len());
    for (name, value) in object.iter() {
        let attribute = definition(name.as_str());
        if let Some(value) = canonical_value(value, attribute) {
            form.push(name.clone(), value);
        }
    }
    form
}

fn canonical_value(value: &Value, attribute: Option<&AttributeDefinition>) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Array(values) => {
            let mut values: Vec<(String, Value)> =
                values.iter().filter_map(|value| canonical_value(value, attribute)).map(|value| (value.canonical(), value)).collect();
            values.sort_by(|one, other| one.0.cmp(&other.0));
            (!values.is_empty()).then(|| Value::Array(values.into_iter().map(|(_, value)| value).collect()))
        }
        Value::Object(object) => {
            let form = canonical(object, &|name| attribute?.known_sub_attribute(name));
            (!form.is_empty()).then_some(Value::Object(form))
        }
        Value::String(text) => Some(canonical_text(text, attribute)),
        Value::Number(number) => Some(Value::Number(canonical_number(*number))),
        Value::Boolean(_) => Some(value.clone()),
    }
}

/// `6.0` is `6`.
fn canonical_number(number: Number) -> Number {
    let text = number.to_string();
    text.strip_suffix(".0").and_then(|whole| whole.parse::<i64>().ok()).map_or(number, Number::from)
}

fn canonical_text(text: &str, attribute: Option<&AttributeDefinition>) -> Value {
    let Some(attribute) = attribute else { return Value::from(text) };
    match attribute.attribute_type {
        AttributeType::DateTime => match Moment::read(text) {
            Some(moment) => Value::String(format!("{moment:?}")),
            None => Value::from(text),
        },
        AttributeType::String if !attribute.case_exact => Value::String(folded(text).collect()),
        AttributeType::Reference if attribute.name.is("schemas") => Value::String(text.to_lowercase()),
        _ => Value::from(text),
    }
}
