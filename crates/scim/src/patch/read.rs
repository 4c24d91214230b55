//! Reads PATCH requests.

use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::mode::Mode;
use crate::patch::{PatchOp, PatchOperation};
use crate::path::Path;
use crate::resource::Resource;
use crate::uri::SchemaUri;
use crate::value::{Object, Value};

/// The most operations that are read: each may look through a whole list.
pub(super) const MOST_OPERATIONS: usize = 2_000;

/// Reads a body; where that fails, once more by way of the generic object, which tells where and why.
pub(super) fn from_json(json: &[u8], mode: Mode) -> Result<PatchOp, Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    if let Ok(body) = BodySeed(mode).deserialize(&mut deserializer)
        && deserializer.end().is_ok()
        && (mode.is_lenient() || (body.says_so && !body.operations.is_empty()))
    {
        return Ok(PatchOp { operations: body.operations });
    }
    let body = Object::from(Resource::from_json(json)?);
    let says_so = body.get("schemas").and_then(Value::as_array).is_some_and(|schemas| schemas.iter().any(is_patch_op));
    // RFC 7644 section 3.5.2: "The body of each request MUST contain the "schemas" attribute with the URI value of
    // "urn:ietf:params:scim:api:messages:2.0:PatchOp"."
    if !says_so && !mode.is_lenient() {
        let found = body.get("schemas").map_or("none", |schemas| schemas.type_name()).to_owned();
        let kind = ErrorKind::Operation { expected: "the schema urn:ietf:params:scim:api:messages:2.0:PatchOp", found };
        return Err(Error::new(kind, Location::Attribute("schemas".to_owned())));
    }
    from_object(body, mode)
}

/// Reads a body that is known to be one.
pub(super) fn from_object(mut body: Object, mode: Mode) -> Result<PatchOp, Error> {
    let operations = match body.remove("Operations") {
        Some(Value::Array(operations)) => operations,
        Some(other) => return Err(no_operations(other.type_name())),
        None => return Err(no_operations("none")),
    };
    // RFC 7644 section 3.5.2: "an array of one or more PATCH operations".
    if operations.is_empty() && !mode.is_lenient() {
        return Err(Error::new(ErrorKind::Operation { expected: "at least one operation", found: "none".to_owned() }, Location::Whole));
    }
    if operations.len() > MOST_OPERATIONS {
        let found = operations.len().to_string();
        return Err(Error::new(ErrorKind::Operation { expected: "at most 2,000 operations", found }, Location::Whole));
    }
    let operations = operations.into_iter().enumerate().map(|(index, value)| operation(value, index, mode));
    Ok(PatchOp { operations: operations.collect::<Result<_, _>>()? })
}

fn no_operations(found: &str) -> Error {
    let expected = "a list named Operations";
    Error::new(ErrorKind::Operation { expected, found: found.to_owned() }, Location::Whole)
}

fn is_patch_op(schema: &Value) -> bool {
    schema.as_str().is_some_and(|uri| uri.eq_ignore_ascii_case(SchemaUri::PATCH_OP.as_str()))
}

fn invalid(index: usize, expected: &'static str, found: impl Into<String>) -> Error {
    Error::new(ErrorKind::Operation { expected, found: found.into() }, Location::Operation(index))
}

fn operation(value: Value, index: usize, mode: Mode) -> Result<PatchOperation, Error> {
    let Value::Object(mut object) = value else {
        return Err(invalid(index, "an object", value.type_name()));
    };
    let path = match object.remove("path") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(Path::parse(&text, mode).map_err(|error| {
            let byte = if let Location::Byte(byte) = error.at() { *byte } else { 0 };
            Error::new(error.kind().clone(), Location::OperationPath { operation: index, byte })
        })?),
        Some(other) => return Err(invalid(index, "a path that is a string", other.type_name())),
    };
    let value = object.remove("value");
    match object.remove("op") {
        Some(Value::String(name)) => built(&name, path, value, index, mode),
        Some(other) => Err(invalid(index, "an op that is a string", other.type_name())),
        None => Err(invalid(index, "an op", "none")),
    }
}

/// The operation of this name, if it has what its kind needs.
fn built(name: &str, path: Option<Path>, value: Option<Value>, index: usize, mode: Mode) -> Result<PatchOperation, Error> {
    // Entra ID writes Add, Replace and Remove, and AWS takes them.
    let is = |known: &str| name == known || (mode.is_lenient() && name.eq_ignore_ascii_case(known));
    if is("remove") {
        // RFC 7643 section 2.5: a value that is null is none.
        let value = value.filter(|value| *value != Value::Null);
        // RFC 7644 section 3.5.2.2: "If "path" is unspecified, the operation fails".
        let path = path.ok_or_else(|| Error::new(ErrorKind::NoPath, Location::Operation(index)))?;
        if let Some(value) = value.as_ref().filter(|_| !mode.is_lenient()) {
            return Err(invalid(index, "a remove operation without a value", value.type_name()));
        }
        return Ok(PatchOperation::Remove { path, value });
    }
    if !is("add") && !is("replace") {
        return Err(invalid(index, "the op add, remove or replace", excerpt(name)));
    }
    let value = value.ok_or_else(|| invalid(index, "a value", "none"))?;
    if path.is_none() && value.as_object().is_none() {
        return Err(invalid(index, "an object of attributes where there is no path", value.type_name()));
    }
    Ok(if is("add") { PatchOperation::Add { path, value } } else { PatchOperation::Replace { path, value } })
}

/// A body, as it is read without a generic object in between.
struct Body {
    says_so: bool,
    operations: Vec<PatchOperation>,
}

/// Reads a body. Its errors are never shown: whoever meets one reads the body again.
struct BodySeed(Mode);

impl<'de> DeserializeSeed<'de> for BodySeed {
    type Value = Body;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Body, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for BodySeed {
    type Value = Body;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a PATCH request's body")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Body, A::Error> {
        let (mut schemas, mut operations) = (None, None);
        while let Some(member) = map.next_key::<Member>()? {
            match member {
                Member::Schemas if schemas.is_none() => schemas = Some(map.next_value::<Value>()?),
                Member::Operations if operations.is_none() => operations = Some(map.next_value_seed(OperationsSeed(self.0))?),
                // It may be there twice, too, which the generic object sees.
                _ => return Err(again()),
            }
        }
        let says_so = schemas.as_ref().and_then(Value::as_array).is_some_and(|schemas| schemas.iter().any(is_patch_op));
        Ok(Body { says_so, operations: operations.ok_or_else(again)? })
    }
}

fn again<E: de::Error>() -> E {
    E::custom("it is read again")
}

struct OperationsSeed(Mode);

impl<'de> DeserializeSeed<'de> for OperationsSeed {
    type Value = Vec<PatchOperation>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for OperationsSeed {
    type Value = Vec<PatchOperation>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of operations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut operations = Vec::new();
        while let Some(operation) = sequence.next_element_seed(OperationSeed(self.0))? {
            if operations.len() == MOST_OPERATIONS {
                return Err(again());
            }
            operations.push(operation);
        }
        Ok(operations)
    }
}

struct OperationSeed(Mode);

impl<'de> DeserializeSeed<'de> for OperationSeed {
    type Value = PatchOperation;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<PatchOperation, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for OperationSeed {
    type Value = PatchOperation;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an operation")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PatchOperation, A::Error> {
        let (mut name, mut path, mut value) = (None, None, None);
        while let Some(member) = map.next_key::<Member>()? {
            match member {
                Member::Op if name.is_none() => name = Some(map.next_value::<Name>()?),
                Member::Path if path.is_none() => path = Some(map.next_value_seed(PathSeed(self.0))?),
                Member::Value if value.is_none() => value = Some(map.next_value::<Value>()?),
                _ => return Err(again()),
            }
        }
        let Some(Name(name)) = name else { return Err(again()) };
        built(name, path, value, 0, self.0).map_err(|_| again())
    }
}

/// A member of a body or of an operation.
enum Member {
    Schemas,
    Operations,
    Op,
    Path,
    Value,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(MemberVisitor)
    }
}

struct MemberVisitor;

impl Visitor<'_> for MemberVisitor {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member of a PATCH request")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Member, E> {
        Ok(match name {
            "schemas" => Member::Schemas,
            "Operations" => Member::Operations,
            "op" => Member::Op,
            "path" => Member::Path,
            "value" => Member::Value,
            // Another spelling, or another member.
            _ => return Err(again()),
        })
    }
}

/// The name of an operation, in a spelling that is known.
struct Name(&'static str);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an operation")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        let known = ["add", "remove", "replace", "Add", "Remove", "Replace"].into_iter().find(|known| *known == name);
        known.map(Name).ok_or_else(again)
    }
}

struct PathSeed(Mode);

impl<'de> DeserializeSeed<'de> for PathSeed {
    type Value = Path;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Path, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for PathSeed {
    type Value = Path;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Path, E> {
        Path::parse(text, self.0).map_err(|_| again())
    }
}
