//! Writes records as JSON.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::complex::{Attribute, Record, names_a_field_twice};
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::Object;

/// One value, to be written as JSON.
pub(super) struct One<'a, T>(pub(super) &'a T);

impl<T: Attribute> Serialize for One<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write_json(serializer)
    }
}

/// The values of a multi-valued attribute, to be written as JSON.
pub(super) struct List<'a, T>(pub(super) &'a [T]);

impl<T: Attribute> Serialize for List<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.0.len()))?;
        for value in self.0 {
            sequence.serialize_element(&One(value))?;
        }
        sequence.end()
    }
}

/// Writes a record: the attributes that are there.
pub(super) fn write_record<R: Record, S: Serializer>(record: &R, serializer: S) -> Result<S::Ok, S::Error> {
    if names_a_field_twice(record) {
        return record.clone().into_object().serialize(serializer);
    }
    let mut map = serializer.serialize_map(Some(record.assigned() + record.other().len()))?;
    write_members(record, &mut map)?;
    map.end()
}

/// Writes a resource: its `schemas` first, which follow from what is there where it has none, then the attributes that are there.
///
/// `extension` is the URI of the extension that is a slot of the record, if it is assigned.
pub(crate) fn write_resource<R: Record, S: Serializer>(
    record: &R,
    schemas: &[SchemaUri],
    core: &SchemaUri,
    extension: Option<&SchemaUri>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if names_a_field_twice(record) {
        let resource = Resource::from(record.clone().into_object());
        let has_schemas = resource.get("schemas").is_some_and(|schemas| !schemas.is_unassigned());
        return if has_schemas { resource.serialize(serializer) } else { resource.with_schemas(core).serialize(serializer) };
    }
    let members = record.assigned() + record.other().len();
    let mut map = serializer.serialize_map(Some(members + usize::from(schemas.is_empty())))?;
    if schemas.is_empty() {
        map.serialize_entry("schemas", &DerivedSchemas { core, extension, other: record.other() })?;
    }
    write_members(record, &mut map)?;
    map.end()
}

/// The schemas that a resource follows by what it has (RFC 7643 section 3).
struct DerivedSchemas<'a> {
    core: &'a SchemaUri,
    extension: Option<&'a SchemaUri>,
    other: &'a Object,
}

impl Serialize for DerivedSchemas<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let others = self.other.iter().filter(|(name, value)| name.is_uri() && !value.is_unassigned()).map(|(name, _)| name.as_str());
        let known = std::iter::once(self.core).chain(self.extension).map(SchemaUri::as_str);
        serializer.collect_seq(known.chain(others))
    }
}

fn write_members<R: Record, M: SerializeMap>(record: &R, map: &mut M) -> Result<(), M::Error> {
    record.write_fields(map)?;
    record.other().iter().try_for_each(|(name, value)| map.serialize_entry(name.as_str(), value))
}
