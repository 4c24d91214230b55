//! What the console of IAM Identity Center makes tags of.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::abac::{Selector, TagKey};
use crate::error::{Error, ErrorKind, Location};

/// The page "Attributes for access control" of the console: which attribute of a user each tag is made of (AWS SSO Admin API,
/// `AccessControlAttribute`).
///
/// At most 50 keys, in the order of the keys; each has one source.
///
/// # Examples
///
/// What `aws sso-admin describe-instance-access-control-attribute-configuration` prints is read as it is, and what is written is what its
/// `--instance-access-control-attribute-configuration` takes:
///
/// ```
/// use idbridge_mapping::abac::AccessControlAttributes;
///
/// let console = AccessControlAttributes::from_json(br#"{
///     "Status": "ENABLED",
///     "InstanceAccessControlAttributeConfiguration": {
///         "AccessControlAttributes": [{"Key": "CostCenter", "Value": {"Source": ["${path:enterprise.costCenter}"]}}]
///     }
/// }"#)?;
/// assert_eq!(console.get("CostCenter").map(|selector| selector.path()), Some("enterprise.costCenter"));
/// assert!(console.to_json().starts_with("{\n  \"AccessControlAttributes\": [\n    {\n      \"Key\": \"CostCenter\",\n"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessControlAttributes(BTreeMap<TagKey, Selector>);

impl AccessControlAttributes {
    /// AWS IAM Identity Center: the most attributes for access control.
    pub const MOST: usize = 50;

    /// The most bytes of JSON that are read.
    pub const LARGEST: usize = 256 * 1024;

    /// The page before anything is added to it: no tag comes from the console.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The same with one more.
    ///
    /// # Errors
    ///
    /// If the key is there, or there are 50.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::abac::{AccessControlAttributes, TagKey};
    ///
    /// let console = AccessControlAttributes::none().with(TagKey::new("Title")?, "${path:title}".parse()?)?;
    /// let error = console.with(TagKey::new("Title")?, "${path:userType}".parse()?).unwrap_err();
    /// assert_eq!(error.to_string(), "invalid attributes for access control: expected one source for each key, found a second for Title");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn with(mut self, key: TagKey, selector: Selector) -> Result<Self, Error> {
        let added = self.add(key, selector);
        added.map_err(|reason| Error::new(ErrorKind::AccessControl { reason }, Location::Whole)).map(|()| self)
    }

    /// Reads the page in the form of AWS's API: `AccessControlAttributes`, by itself or in `InstanceAccessControlAttributeConfiguration`.
    ///
    /// Keys of JSON that are not known are read over. An answer without attributes, as of an instance where the feature is off, has none.
    ///
    /// # Errors
    ///
    /// With the line and the column: if the bytes are no JSON, or are more than [`AccessControlAttributes::LARGEST`]; if a key is none that AWS
    /// takes or comes twice, a source is none of [`Selector::all`], a key has none or several, or there are more than 50.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > Self::LARGEST {
            let reason = format!("at most {} bytes are read, found {}", Self::LARGEST, bytes.len());
            return Err(Error::new(ErrorKind::AccessControl { reason }, Location::Whole));
        }
        let written: Written = serde_json::from_slice(bytes).map_err(|error| invalid(&error))?;
        let inner = written.configuration.and_then(|configuration| configuration.attributes);
        written.attributes.or(inner).map_or_else(|| Ok(Self::none()), Ok)
    }

    /// Writes the page in the form of AWS's API, `AccessControlAttributes`, indented.
    #[must_use]
    pub fn to_json(&self) -> String {
        let attributes = self.iter().map(|(key, selector)| Entry { key: key.as_str(), value: Source { source: [selector.to_string()] } });
        // Only texts and lists are written, which JSON can always carry.
        serde_json::to_string_pretty(&Printed { attributes: attributes.collect() }).unwrap_or_default()
    }

    /// The source of `key`, in exactly this case.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Selector> {
        self.0.get(key).copied()
    }

    /// All keys with their sources, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&TagKey, Selector)> {
        self.0.iter().map(|(key, selector)| (key, *selector))
    }

    fn add(&mut self, key: TagKey, selector: Selector) -> Result<(), String> {
        if self.0.contains_key(&key) {
            return Err(format!("expected one source for each key, found a second for {key}"));
        }
        if self.0.len() >= Self::MOST {
            return Err(format!("expected at most {} keys, found one more: {key}", Self::MOST));
        }
        self.0.insert(key, selector);
        Ok(())
    }
}

/// The error of this crate for one of the JSON reader, which says the place once, and not in its own words.
fn invalid(error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    let reason = text.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&text).to_owned();
    let kind = if error.is_data() { ErrorKind::AccessControl { reason } } else { ErrorKind::Json { reason } };
    Error::new(kind, Location::Text { line, column })
}

#[derive(Deserialize)]
#[serde(expecting = "an object with AccessControlAttributes")]
struct Written {
    #[serde(rename = "AccessControlAttributes")]
    attributes: Option<AccessControlAttributes>,
    #[serde(rename = "InstanceAccessControlAttributeConfiguration")]
    configuration: Option<Configuration>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with AccessControlAttributes")]
struct Configuration {
    #[serde(rename = "AccessControlAttributes")]
    attributes: Option<AccessControlAttributes>,
}

#[derive(Serialize)]
struct Printed<'a> {
    #[serde(rename = "AccessControlAttributes")]
    attributes: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(rename = "Key")]
    key: &'a str,
    #[serde(rename = "Value")]
    value: Source,
}

#[derive(Serialize)]
struct Source {
    #[serde(rename = "Source")]
    source: [String; 1],
}

#[derive(Deserialize)]
#[serde(expecting = "an object with Key and Value")]
struct WrittenEntry {
    #[serde(rename = "Key")]
    key: Parsed<TagKey>,
    #[serde(rename = "Value")]
    value: WrittenValue,
}

#[derive(Deserialize)]
#[serde(expecting = "an object with Source")]
struct WrittenValue {
    #[serde(rename = "Source", deserialize_with = "one")]
    source: Parsed<Selector>,
}

/// AWS SSO Admin API, `AccessControlAttributeValue`: the list of sources has one member.
fn one<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut list = Vec::<T>::deserialize(deserializer)?;
    match (list.pop(), list.len()) {
        (Some(only), 0) => Ok(only),
        (last, others) => Err(de::Error::custom(format!("expected one source, found {}", others + usize::from(last.is_some())))),
    }
}

/// What is written as a text, so that the error has the place of that text.
struct Parsed<T>(T);

impl<'de, T: std::str::FromStr<Err = Error>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for AccessControlAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = AccessControlAttributes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of keys with their sources")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut read = AccessControlAttributes::none();
        while let Some(WrittenEntry { key, value: WrittenValue { source } }) = entries.next_element()? {
            read.add(key.0, source.0).map_err(de::Error::custom)?;
        }
        Ok(read)
    }
}
