//! Applies one operation to a resource.

use crate::error::ErrorKind;
use crate::patch::PatchOperation;
use crate::path::Path;
use crate::resource::Resource;
use crate::value::{Object, Value};

pub(super) fn operation(operation: &PatchOperation, resource: &mut Resource) -> Result<(), ErrorKind> {
    match operation {
        PatchOperation::Add { path: Some(path), value } => set(resource, path, value, Joining::Adds),
        PatchOperation::Replace { path: Some(path), value } => set(resource, path, value, Joining::Replaces),
        PatchOperation::Add { path: None, value } => merge(resource.attributes_mut(), value, Joining::Adds),
        PatchOperation::Replace { path: None, value } => merge(resource.attributes_mut(), value, Joining::Replaces),
        PatchOperation::Remove { path, value } => remove(resource, path, value.as_ref()),
    }
}

/// Whether the values of a multi-valued attribute join the ones that are there, or stand in their place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joining {
    Adds,
    Replaces,
}

fn merge(object: &mut Object, value: &Value, joining: Joining) -> Result<(), ErrorKind> {
    let Value::Object(attributes) = value else {
        return Err(ErrorKind::Type { expected: "an object", found: value.type_name() });
    };
    for (name, value) in attributes.iter() {
        set_attribute(object, name.as_str(), value, joining);
    }
    Ok(())
}

fn set(resource: &mut Resource, path: &Path, value: &Value, joining: Joining) -> Result<(), ErrorKind> {
    let name = path.attribute().attribute().as_str();
    let holder = match path.attribute().schema() {
        None => resource.attributes_mut(),
        Some(schema) => {
            if resource.get(schema.as_str()).is_none_or(Value::is_unassigned) {
                resource.attributes_mut().set(schema.as_str(), Object::new());
            }
            match resource.attributes_mut().get_mut(schema.as_str()) {
                Some(Value::Object(extension)) => extension,
                _ => return Err(ErrorKind::NoTarget),
            }
        }
    };
    let Some(filter) = path.value_filter() else {
        let Some(sub) = path.sub_attribute() else {
            set_attribute(holder, name, value, joining);
            return Ok(());
        };
        match holder.get_mut(name) {
            // The empty list tells that the attribute is multi-valued.
            Some(Value::Array(values)) if values.is_empty() => values.push(Value::Object(Object::new())),
            None | Some(Value::Null) => holder.set(name, Object::new()),
            Some(_) => {}
        }
        return match holder.get_mut(name) {
            Some(Value::Object(object)) => {
                set_attribute(object, sub.as_str(), value, joining);
                Ok(())
            }
            Some(Value::Array(values)) => {
                for object in values.iter_mut().filter_map(as_object_mut) {
                    set_attribute(object, sub.as_str(), value, joining);
                }
                Ok(())
            }
            Some(other) => Err(ErrorKind::Type { expected: "an object", found: other.type_name() }),
            None => Err(ErrorKind::NoTarget),
        };
    };
    let mut matched = false;
    if let Some(Value::Array(values)) = holder.get_mut(name) {
        for held in values {
            let Some(object) = as_object_mut(held).filter(|object| filter.matches_value(object)) else {
                continue;
            };
            matched = true;
            match path.sub_attribute() {
                Some(sub) => set_attribute(object, sub.as_str(), value, joining),
                None if joining == Joining::Replaces && value.as_object().is_some() => *held = value.clone(),
                None if joining == Joining::Replaces => {
                    return Err(ErrorKind::Type { expected: "an object", found: value.type_name() });
                }
                None => merge(object, value, joining)?,
            }
        }
    }
    // RFC 7644 section 3.5.2.3: "If the target location is a multi-valued attribute for which a value selection filter ("valuePath") has been
    // supplied and no record match was made, the service provider SHALL indicate failure by returning HTTP status code 400 and a "scimType"
    // error code of "noTarget"."
    if matched { Ok(()) } else { Err(ErrorKind::NoTarget) }
}

fn set_attribute(object: &mut Object, name: &str, value: &Value, joining: Joining) {
    let held = match (object.get_mut(name), value) {
        // RFC 7644 section 3.5.2.3, of a complex attribute: "a set of sub-attributes SHALL be specified in the "value" parameter that replaces any
        // existing values or adds where an attribute did not previously exist. Sub-attributes that are not specified SHALL be left unchanged."
        (Some(Value::Object(held)), Value::Object(parts)) => {
            for (name, value) in parts.iter() {
                set_attribute(held, name.as_str(), value, joining);
            }
            return;
        }
        (Some(Value::Array(held)), _) if joining == Joining::Adds => held,
        _ => return object.set(name, value.clone()),
    };
    for value in listed(value) {
        // RFC 7644 section 3.5.2.1: "If the value already exists, no changes SHOULD be made to the resource".
        if !held.contains(value) {
            held.push(value.clone());
        }
    }
}

fn remove(resource: &mut Resource, path: &Path, value: Option<&Value>) -> Result<(), ErrorKind> {
    let name = path.attribute().attribute().as_str();
    let Some(schema) = path.attribute().schema() else {
        return remove_from(resource.attributes_mut(), name, path, value);
    };
    let Some(Value::Object(extension)) = resource.attributes_mut().get_mut(schema.as_str()) else {
        return if path.value_filter().is_some() { Err(ErrorKind::NoTarget) } else { Ok(()) };
    };
    remove_from(extension, name, path, value)?;
    if extension.is_empty() {
        resource.attributes_mut().remove(schema.as_str());
    }
    Ok(())
}

fn remove_from(holder: &mut Object, name: &str, path: &Path, value: Option<&Value>) -> Result<(), ErrorKind> {
    match (path.value_filter(), path.sub_attribute()) {
        (None, None) => match (holder.get_mut(name), value) {
            (Some(Value::Array(held)), Some(value)) => {
                let count = held.len();
                held.retain(|held| !listed(value).iter().any(|listed| names_value(listed, held)));
                // RFC 7644 section 3.5.2.2: "If no other values remain after removal of the selected values, the multi-valued attribute SHALL be
                // considered unassigned."
                if held.is_empty() && count > 0 {
                    holder.remove(name);
                }
            }
            _ => {
                holder.remove(name);
            }
        },
        (None, Some(sub)) => match holder.get_mut(name) {
            Some(Value::Object(object)) => {
                object.remove(sub.as_str());
                if object.is_empty() {
                    holder.remove(name);
                }
            }
            Some(Value::Array(values)) => {
                for object in values.iter_mut().filter_map(as_object_mut) {
                    object.remove(sub.as_str());
                }
            }
            _ => {}
        },
        (Some(filter), sub) => {
            let Some(Value::Array(values)) = holder.get_mut(name) else {
                return Err(ErrorKind::NoTarget);
            };
            let matches = |value: &Value| value.as_object().is_some_and(|object| filter.matches_value(object));
            if !values.iter().any(matches) {
                return Err(ErrorKind::NoTarget);
            }
            match sub {
                None => values.retain(|value| !matches(value)),
                Some(sub) => {
                    for object in values.iter_mut().filter(|value| matches(value)).filter_map(as_object_mut) {
                        object.remove(sub.as_str());
                    }
                }
            }
            if values.is_empty() {
                holder.remove(name);
            }
        }
    }
    Ok(())
}

/// Whether `listed` names `held`: by its `value`, where it has one, else by being equal.
fn names_value(listed: &Value, held: &Value) -> bool {
    let named = |value| Value::as_object(value).and_then(|object| object.get("value"));
    match named(listed) {
        Some(wanted) => named(held) == Some(wanted),
        None => listed == held,
    }
}

/// The values of a list, or the one value that stands for a list of it.
fn listed(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        value => std::slice::from_ref(value),
    }
}

fn as_object_mut(value: &mut Value) -> Option<&mut Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}
