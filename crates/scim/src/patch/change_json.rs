//! Changes as JSON, for plans that are kept.
//!
//! `{"path":"name.familyName","before":"Berg","after":"Tal"}`: a key that is not there stands for a value that is not there. SCIM has no such message;
//! what goes over the wire is a [`PatchOp`](crate::PatchOp).

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::attr_name::AttrName;
use crate::attr_path::AttrPath;
use crate::filter::Filter;
use crate::mode::Mode;
use crate::patch::Change;
use crate::path::Path;
use crate::value::Value;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    path: WrittenPath,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    before: Option<Value>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    after: Option<Value>,
}

/// A path as its text, wherever that is read back as the same path.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenPath {
    Text(String),
    Parts(Parts),
}

/// A path that has a name which the grammar does not have, such as one with a space, which a service provider showed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Parts {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    attribute: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub_attribute: Option<String>,
}

/// A value that is there, even if it is null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl WrittenPath {
    fn of(path: &Path) -> Self {
        let text = path.to_string();
        if Path::parse(&text, Mode::Lenient).is_ok_and(|read| read == *path) {
            return Self::Text(text);
        }
        let attribute = path.attribute();
        Self::Parts(Parts {
            schema: attribute.schema().map(|uri| uri.as_str().to_owned()),
            attribute: attribute.attribute().as_str().to_owned(),
            filter: path.value_filter().map(ToString::to_string),
            sub_attribute: path.sub_attribute().map(|name| name.as_str().to_owned()),
        })
    }

    fn read(self) -> Result<Path, crate::error::Error> {
        let parts = match self {
            Self::Text(text) => return Path::parse(&text, Mode::Lenient),
            Self::Parts(parts) => parts,
        };
        let schema = parts.schema.as_deref().map(AttrName::kept);
        let mut path = Path::new(AttrPath::kept(schema.as_ref(), &AttrName::kept(&parts.attribute)));
        if let Some(filter) = &parts.filter {
            path = path.where_value(Filter::parse(filter, Mode::Lenient)?)?;
        }
        Ok(match &parts.sub_attribute {
            Some(name) => path.with_sub_attribute(AttrName::kept(name)),
            None => path,
        })
    }
}

impl Serialize for Change {
    /// Writes the values as they are, a password among them: what is written so is to be kept like one.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written { path: WrittenPath::of(self.path()), before: self.before().cloned(), after: self.after().cloned() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Change {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let path = written.path.read().map_err(de::Error::custom)?;
        Ok(Self::new(path, written.before, written.after))
    }
}
