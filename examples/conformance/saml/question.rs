//! What a line asks.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Encoding};
use idbridge_saml::{Certificate, EntityId, TrustedKeys, parse_date_time};
use serde_json::{Map, Value};

use super::Refusal;

/// A line, read. What is absent and what is null are one; what is unknown is passed over.
pub(super) struct Question(Map<String, Value>);

/// How weak a key may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Strength {
    /// As the library has it, unless weak algorithms are allowed.
    OfToday,
    /// Keys of 1,024 bits as well: a vector has the key of its time, and nothing but its signature is asked about.
    OfItsTime,
}

impl Question {
    pub(super) fn read(line: &[u8]) -> Result<Self, Refusal> {
        match serde_json::from_slice(line) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(Refusal("a line must be a JSON object".to_owned())),
            Err(error) => Err(Refusal(format!("a line must be a JSON object: {error}"))),
        }
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        self.get(name).map(|value| value.as_str().ok_or_else(|| unfit(name, "a string"))).transpose()
    }

    pub(super) fn required_text(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        self.get(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| unfit(name, "true or false")))
    }

    pub(super) fn texts(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let texts = value.as_array().and_then(|texts| texts.iter().map(Value::as_str).collect());
        texts.ok_or_else(|| unfit(name, "an array of strings"))
    }

    pub(super) fn indexes(&self, name: &str) -> Result<Option<Vec<usize>>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let index = |value: &Value| value.as_u64().and_then(|index| usize::try_from(index).ok());
        let indexes = value.as_array().and_then(|values| values.iter().map(index).collect());
        indexes.map(Some).ok_or_else(|| unfit(name, "an array of indexes"))
    }

    /// URLs by their indexes, which JSON has as strings.
    pub(super) fn urls_by_index(&self, name: &str) -> Result<BTreeMap<u16, &str>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(BTreeMap::new()) };
        let entry = |(index, url): (&String, _)| Some((index.parse().ok()?, Value::as_str(url)?));
        let urls = value.as_object().and_then(|urls| urls.iter().map(entry).collect());
        urls.ok_or_else(|| unfit(name, "an object of URLs by numbers from 0 to 65535"))
    }

    pub(super) fn entity_id(&self, name: &str) -> Result<Option<EntityId>, Refusal> {
        Ok(self.text(name)?.map(EntityId::new).transpose()?)
    }

    pub(super) fn required_entity_id(&self, name: &str) -> Result<EntityId, Refusal> {
        self.entity_id(name)?.ok_or_else(|| missing(name))
    }

    /// The clock: an `xs:dateTime`, or seconds since 1970.
    pub(super) fn now(&self) -> Result<Option<SystemTime>, Refusal> {
        match self.get("now") {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(parse_date_time(text)?)),
            Some(Value::Number(seconds)) => {
                let moment = seconds.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                let moment = moment.and_then(|since| UNIX_EPOCH.checked_add(since));
                moment.map(Some).ok_or_else(|| unfit("now", "a moment from 1970 on"))
            }
            Some(_) => Err(unfit("now", "an xs:dateTime, or seconds since 1970")),
        }
    }

    pub(super) fn required_now(&self) -> Result<SystemTime, Refusal> {
        self.now()?.ok_or_else(|| missing("now"))
    }

    pub(super) fn clock_skew(&self) -> Result<Duration, Refusal> {
        let Some(value) = self.get("clock_skew_seconds") else { return Ok(Duration::ZERO) };
        let skew = value.as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        skew.ok_or_else(|| unfit("clock_skew_seconds", "a number of seconds"))
    }

    /// The certificates of the keys that are believed.
    pub(super) fn certificates(&self) -> Result<Vec<Certificate>, Refusal> {
        let certificates = self.texts("certs_pem")?.into_iter().map(Certificate::from_pem);
        Ok(certificates.collect::<Result<_, _>>()?)
    }

    /// The keys that are believed.
    pub(super) fn keys(&self, strength: Strength) -> Result<TrustedKeys, Refusal> {
        let allows_sha1 = self.flag("allow_sha1")?;
        let mut keys = TrustedKeys::new(&self.certificates()?)?;
        if allows_sha1 {
            keys = keys.dangerous_allow_sha1();
        }
        if allows_sha1 || strength == Strength::OfItsTime {
            keys = keys.dangerous_allow_small_keys();
        }
        Ok(keys)
    }

    /// Whether the text is the value of a posted form, in base64, and not the XML itself.
    pub(super) fn is_posted(&self) -> Result<bool, Refusal> {
        Ok(self.text("encoding")? == Some("base64"))
    }

    /// The text as it is, without what `encoding` says of it.
    pub(super) fn data(&self) -> Result<String, Refusal> {
        utf8(from_base64(self.required_text("data_b64")?, "data_b64")?)
    }

    /// The XML.
    pub(super) fn xml(&self) -> Result<String, Refusal> {
        let data = self.data()?;
        if self.is_posted()? { utf8(from_base64(&data, "the data")?) } else { Ok(data) }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}

pub(super) fn to_base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

pub(super) fn missing(name: &str) -> Refusal {
    Refusal(format!("{name} is missing"))
}

fn unfit(name: &str, expected: &str) -> Refusal {
    Refusal(format!("{name} must be {expected}"))
}

fn from_base64(text: &str, name: &str) -> Result<Vec<u8>, Refusal> {
    let compact: String = text.split_ascii_whitespace().collect();
    Base64::decode_vec(&compact).map_err(|error| Refusal(format!("{name} must be base64: {error}")))
}

fn utf8(bytes: Vec<u8>) -> Result<String, Refusal> {
    String::from_utf8(bytes).map_err(|error| Refusal(format!("the data must be UTF-8: {error}")))
}
