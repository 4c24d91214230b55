//! What operations do to the values of a multi-valued attribute.

use std::collections::{HashMap, HashSet};

use crate::error::ErrorKind;
use crate::filter::{Expression, Filter};
use crate::mode::Mode;
use crate::patch::apply::Joining;
use crate::patch::conform::{self, Fault};
use crate::patch::set::{merge_parts, write_sub};
use crate::schema::{AttributeDefinition, AttributeType, Mutability};
use crate::value::{Object, Value};

/// Puts values in the place of all.
pub(super) fn replace(held: &mut Vec<Value>, attribute: &AttributeDefinition, values: Vec<Value>, mode: Mode) -> Result<(), Fault> {
    *held = values;
    let written = (0..held.len()).collect();
    one_primary(held, attribute, written, mode)
}

/// The values of a list that must stay as they are: those of an immutable attribute that has some.
pub(super) fn written_once(attribute: &AttributeDefinition, values: &[Value]) -> Option<Vec<Value>> {
    (attribute.mutability == Mutability::Immutable && !values.is_empty()).then(|| values.to_vec())
}

/// What is to be done to add values to a list.
#[derive(Default)]
pub(super) struct Additions {
    /// The values that are not there yet.
    pub(super) new: Vec<Value>,
    /// What is said of references that are there, each with its place.
    joins: Vec<(usize, Value)>,
}

impl Additions {
    /// Whether nothing is to be done.
    pub(super) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.joins.is_empty()
    }

    /// Whether the values that are there stay as they are.
    pub(super) fn leave_others(&self) -> bool {
        self.joins.is_empty() && !self.new.iter().any(is_primary)
    }
}

/// Up to so many values are looked for one by one.
const FEW: usize = 8;

/// RFC 7644 section 3.5.2.1: "If the value already exists, no changes SHOULD be made to the resource".
pub(super) fn additions(held: &[Value], attribute: &AttributeDefinition, values: Vec<Value>) -> Additions {
    let mut additions = Additions::default();
    let places = if is_reference(attribute) { places(held, &values) } else { HashMap::new() };
    // Few values are held against each that is there; of many, each is told by a text that equal ones have alike.
    let mut there: Option<HashSet<String>> =
        (!is_reference(attribute) && values.len() > FEW).then(|| held.iter().map(Value::canonical).collect());
    for (value, place) in values.into_iter().zip(0..) {
        match places.get(&place) {
            Some(Some(there)) if held.get(*there).is_some_and(|held| has(held, &value)) => {}
            Some(Some(there)) => additions.joins.push((*there, value)),
            Some(None) => additions.new.push(value),
            // It is named a second time.
            None if is_reference(attribute) && reference(&value).is_some() => {}
            None => {
                let is_new = match &mut there {
                    Some(there) => there.insert(value.canonical()),
                    None => !held.iter().chain(&additions.new).any(|there| has(there, &value) && has(&value, there)),
                };
                if is_new {
                    additions.new.push(value);
                }
            }
        }
    }
    additions
}

/// Where in `held` the references among `values` are, by their own places; one that is named twice is found the first time alone.
fn places(held: &[Value], values: &[Value]) -> HashMap<usize, Option<usize>> {
    let mut wanted: HashMap<&str, usize> = HashMap::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        if let Some(id) = reference(value) {
            wanted.entry(id).or_insert(place);
        }
    }
    let mut places: HashMap<usize, Option<usize>> = wanted.values().map(|place| (*place, None)).collect();
    for (there, value) in held.iter().enumerate() {
        if let Some(place) = reference(value).and_then(|id| wanted.get(id)) {
            places.insert(*place, Some(there));
        }
    }
    places
}

/// Refuses two primary values in one write, if strict; one of them may be there already.
pub(super) fn check_primaries(attribute: &AttributeDefinition, values: &[Value], mode: Mode) -> Result<(), Fault> {
    let found = values.iter().filter(|value| is_primary(value)).count();
    if found > 1 && !mode.is_lenient() && attribute.known_sub_attribute("primary").is_some() {
        return Err(Fault { kind: ErrorKind::Primary { found }, path: vec!["primary".to_owned()] });
    }
    Ok(())
}

/// Carries additions out.
pub(super) fn add(held: &mut Vec<Value>, attribute: &AttributeDefinition, additions: Additions, mode: Mode) -> Result<(), Fault> {
    let mut written = Vec::with_capacity(additions.joins.len() + additions.new.len());
    for (place, value) in additions.joins {
        if let Some(there) = held.get_mut(place) {
            join(there, attribute, value)?;
            written.push(place);
        }
    }
    written.extend(held.len()..held.len() + additions.new.len());
    held.extend(additions.new);
    one_primary(held, attribute, written, mode)
}

/// What a reference to a resource says more than the one that is there; nothing of it may be changed.
fn join(there: &mut Value, attribute: &AttributeDefinition, value: Value) -> Result<(), Fault> {
    if let (Value::Object(there), Value::Object(parts)) = (there, value) {
        for (name, value) in parts {
            // Which one is primary may change; what else is said of a resource that is there already stands.
            let may_be_written = name.is("primary") || there.get(name.as_str()).is_none_or(Value::is_unassigned);
            if may_be_written && let Some(sub) = attribute.known_sub_attribute(name.as_str()) {
                write_sub(there, sub, value)?;
            }
        }
    }
    Ok(())
}

/// Sets a sub-attribute of every value; where there is no value, of a new one.
pub(super) fn write_everywhere(
    held: &mut Vec<Value>,
    attribute: &AttributeDefinition,
    sub: &AttributeDefinition,
    value: &Value,
    mode: Mode,
) -> Result<(), Fault> {
    if held.is_empty() {
        held.push(Value::Object(Object::new()));
    }
    for object in held.iter_mut().filter_map(as_object_mut) {
        write_sub(object, sub, value.clone())?;
    }
    let written = if sub.name.is("primary") { (0..held.len()).collect() } else { Vec::new() };
    one_primary(held, attribute, written, mode)
}

/// Writes to the values that pass `filter`.
pub(super) fn write_where(
    held: &mut Vec<Value>,
    attribute: &AttributeDefinition,
    sub: Option<&AttributeDefinition>,
    filter: &Filter,
    value: Value,
    joining: Joining,
    mode: Mode,
) -> Result<(), Fault> {
    let matched = matched(held, attribute, filter, mode)?;
    // RFC 7644 section 3.5.2.3: "If the target location is a multi-valued attribute for which a value selection filter ("valuePath") has been
    // supplied and no record match was made, the service provider SHALL indicate failure by returning HTTP status code 400 and a "scimType"
    // error code of "noTarget"."
    let asked = match matched.is_empty() {
        true => Some(derived(filter).filter(|_| mode.is_lenient()).ok_or(ErrorKind::NoTarget)?),
        false => None,
    };
    // In a path with a filter, one value is written; it stands in a list of one where the attribute's own type was asked for.
    let value = match (sub, value) {
        (None, Value::Array(values)) => {
            let count = values.len();
            match <[Value; 1]>::try_from(values) {
                Ok([value]) => value,
                // Nothing is given.
                Err(values) if values.is_empty() => return Ok(()),
                Err(_) => return Err(ErrorKind::Operation { expected: "one value", found: format!("{count} values") }.into()),
            }
        }
        (_, value) => value,
    };
    if let Some(asked) = asked {
        let Some(Value::Object(mut object)) = conform::single(&Value::Object(asked), attribute, mode)? else {
            return Err(ErrorKind::NoTarget.into());
        };
        match (sub, value) {
            (Some(sub), value) => object.set_named(&sub.name, value),
            (None, Value::Object(parts)) => merge_parts(&mut object, attribute, parts)?,
            (None, other) => return Err(ErrorKind::Type { expected: "an object", found: other.type_name() }.into()),
        }
        let place = held.len();
        held.push(Value::Object(object));
        return one_primary(held, attribute, vec![place], mode);
    }
    let replaces_whole = joining == Joining::Replaces && !mode.is_lenient();
    for &index in &matched {
        let Some(there) = held.get_mut(index) else { continue };
        match (sub, there, &value) {
            (Some(sub), Value::Object(object), value) => write_sub(object, sub, value.clone())?,
            // RFC 7644 section 3.5.2.3: "all matching record values SHALL be replaced".
            (None, there, value) if replaces_whole => *there = value.clone(),
            (None, Value::Object(object), Value::Object(parts)) => merge_parts(object, attribute, parts.clone())?,
            (None, there, value) => *there = value.clone(),
            (Some(_), other, _) => return Err(ErrorKind::Type { expected: "an object", found: other.type_name() }.into()),
        }
    }
    let writes_primary = match (sub, &value) {
        (Some(sub), _) => sub.name.is("primary"),
        (None, Value::Object(parts)) => parts.get("primary").is_some(),
        _ => false,
    };
    one_primary(held, attribute, if writes_primary { matched } else { Vec::new() }, mode)
}

/// RFC 7644 section 3.5.2: "a PATCH operation that sets a value's "primary" sub-attribute to "true" SHALL cause the server to automatically set
/// "primary" to "false" for any other values in the array." `written` are the places that the operation wrote.
fn one_primary(held: &mut [Value], attribute: &AttributeDefinition, written: Vec<usize>, mode: Mode) -> Result<(), Fault> {
    if attribute.attribute_type != AttributeType::Complex || attribute.known_sub_attribute("primary").is_none() {
        return Ok(());
    }
    let is_primary = |index: &usize| held.get(*index).is_some_and(is_primary);
    let primaries: Vec<usize> = written.into_iter().filter(is_primary).collect();
    let Some(last) = primaries.last() else { return Ok(()) };
    if primaries.len() > 1 && !mode.is_lenient() {
        return Err(Fault { kind: ErrorKind::Primary { found: primaries.len() }, path: vec!["primary".to_owned()] });
    }
    for (index, value) in held.iter_mut().enumerate() {
        if index != *last
            && self::is_primary(value)
            && let Value::Object(object) = value
        {
            object.set("primary", false);
        }
    }
    Ok(())
}

/// Whether a value of a list is the primary one (RFC 7643 section 2.4).
pub(crate) fn is_primary(value: &Value) -> bool {
    value.as_object().and_then(|object| object.get("primary")) == Some(&Value::Boolean(true))
}

/// Takes a sub-attribute of values away; a value that has no other goes away with it.
pub(super) fn remove_sub_of(
    held: &mut Vec<Value>,
    attribute: &AttributeDefinition,
    sub: &AttributeDefinition,
    filter: Option<&Filter>,
    value: Option<&Value>,
    mode: Mode,
) -> Result<(), Fault> {
    let named = value.map(|value| conform::values(value, sub, mode)).transpose()?;
    let is_named =
        |object: &Object| named.as_ref().is_none_or(|named| object.get(sub.name.as_str()).is_some_and(|held| named.contains(held)));
    for index in places_of(held, attribute, filter, None, mode)? {
        if let Some(Value::Object(object)) = held.get_mut(index)
            && is_named(object)
        {
            remove_sub(object, sub)?;
        }
    }
    held.retain(|value| !value.as_object().is_some_and(Object::is_empty));
    Ok(())
}

/// The places of the values that an operation takes away: those that pass the filter, or are named by `value`, or all.
pub(super) fn places_of(
    held: &[Value],
    attribute: &AttributeDefinition,
    filter: Option<&Filter>,
    value: Option<&Value>,
    mode: Mode,
) -> Result<Vec<usize>, Fault> {
    let places = match filter {
        None => (0..held.len()).collect(),
        Some(filter) => matched(held, attribute, filter, mode)?,
    };
    if filter.is_some() && places.is_empty() && !mode.is_lenient() {
        return Err(ErrorKind::NoTarget.into());
    }
    let Some(value) = value else { return Ok(places) };
    // A list of nothing names nothing. Some clients wrap the list once more: `{"members": [..]}`.
    let value = match value {
        Value::Object(object) if object.len() == 1 => object.get(attribute.name.as_str()).unwrap_or(value),
        value => value,
    };
    let named = conform::values(value, attribute, mode)?;
    // Most are told by their `value`, and are looked up by it; the others are held against each.
    let (told, others): (Vec<&Value>, Vec<&Value>) = named.iter().partition(|value| reference(value).is_some());
    let mut by_value: HashMap<&str, Vec<&Value>> = HashMap::with_capacity(told.len());
    for value in told {
        by_value.entry(reference(value).unwrap_or_default()).or_default().push(value);
    }
    let is_it = |there: &Value, named: &Value| is_reference(attribute) || has(there, named);
    let is_named = |there: &Value| {
        let alike = reference(there).and_then(|id| by_value.get(id));
        alike.is_some_and(|alike| alike.iter().any(|named| is_it(there, named))) || others.iter().any(|named| has(there, named))
    };
    Ok(places.into_iter().filter(|place| held.get(*place).is_some_and(is_named)).collect())
}

/// Takes the values at these places, which are in order, out of the list.
pub(super) fn take(held: &mut Vec<Value>, places: &[usize]) -> Vec<(usize, Value)> {
    let mut taken = Vec::with_capacity(places.len());
    if let [place] = places {
        taken.push((*place, held.remove(*place)));
        return taken;
    }
    let mut places = places.iter().copied().peekable();
    let mut left = Vec::with_capacity(held.len());
    for (place, value) in held.drain(..).enumerate() {
        if places.next_if_eq(&place).is_some() {
            taken.push((place, value));
        } else {
            left.push(value);
        }
    }
    *held = left;
    taken
}

/// Takes a sub-attribute away.
pub(super) fn remove_sub(object: &mut Object, sub: &AttributeDefinition) -> Result<(), Fault> {
    let is_assigned = object.get(sub.name.as_str()).is_some_and(|value| !value.is_unassigned());
    if is_assigned && sub.required {
        return Err(Fault { kind: ErrorKind::Required, path: vec![sub.name.as_str().to_owned()] });
    }
    if is_assigned && sub.mutability == Mutability::Immutable {
        return Err(Fault { kind: ErrorKind::Immutable, path: vec![sub.name.as_str().to_owned()] });
    }
    object.remove(sub.name.as_str());
    Ok(())
}

/// The places of the values that pass, in order.
fn matched(held: &[Value], attribute: &AttributeDefinition, filter: &Filter, mode: Mode) -> Result<Vec<usize>, Fault> {
    let matcher = filter.value_matcher(Some(attribute), mode).map_err(|error| Fault::from(error.kind().clone()))?;
    Ok(held.iter().enumerate().filter(|(_, value)| matcher.matches_value(value)).map(|(index, _)| index).collect())
}

/// Whether every path of the filter is a sub-attribute of `attribute`.
pub(super) fn knows(attribute: &AttributeDefinition, filter: &Filter) -> bool {
    let knows_path = |path: &crate::AttrPath| {
        let name = path.attribute().as_str();
        let is_plain = attribute.attribute_type != AttributeType::Complex && name.eq_ignore_ascii_case("value");
        path.schema().is_none() && path.sub_attribute().is_none() && (is_plain || attribute.known_sub_attribute(name).is_some())
    };
    match filter.expression() {
        Expression::Present(path) => knows_path(path),
        Expression::Compare(comparison) => knows_path(comparison.path()),
        Expression::ValuePath(..) => false,
        Expression::Not(filter) => knows(attribute, filter),
        Expression::And(filters) | Expression::Or(filters) => filters.iter().all(|filter| knows(attribute, filter)),
    }
}

/// The one value that a filter describes, if it says nothing but what the value's sub-attributes are.
fn derived(filter: &Filter) -> Option<Object> {
    let mut object = Object::new();
    for comparison in filter.comparisons()? {
        let path = comparison.path();
        if comparison.operator() != crate::CompareOp::Equal || path.sub_attribute().is_some() || path.schema().is_some() {
            return None;
        }
        object.set_named(path.attribute(), comparison.value().to_value());
    }
    Some(object)
}

/// Whether `there` is `value`: it has every sub-attribute that `value` has, and the same.
pub(super) fn has(there: &Value, value: &Value) -> bool {
    match (there, value) {
        (Value::Object(there), Value::Object(value)) => {
            value.iter().all(|(name, value)| value.is_unassigned() || there.get(name.as_str()) == Some(value))
        }
        _ => there == value,
    }
}

/// Whether the values are references to resources, such as members: those are told by their `value` alone.
fn is_reference(attribute: &AttributeDefinition) -> bool {
    attribute.attribute_type == AttributeType::Complex && attribute.sub_attribute("$ref").is_some()
}

fn reference(value: &Value) -> Option<&str> {
    value.as_object()?.get("value")?.as_str()
}

fn as_object_mut(value: &mut Value) -> Option<&mut Object> {
    match value {
        Value::Object(object) => Some(object),
        _ => None,
    }
}
