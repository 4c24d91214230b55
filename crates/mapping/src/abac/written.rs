//! The tags of a person as text and as JSON.

use std::fmt;

use serde::Serialize;

use crate::abac::{EffectiveTags, Tag, TagOrigin};
use crate::report::escaped;

impl EffectiveTags {
    /// Writes the tags as JSON, indented, keys in a fixed order; the same tags are the same text, byte for byte.
    ///
    /// | key | holds |
    /// | --- | --- |
    /// | `tags` | for each: `key`, `value`, `origin` (`saml` or `${path:...}`), and `replaced` (`value`, `origin`) where the other way has another value |
    /// | `findings` | `code`, `message` |
    #[must_use]
    pub fn to_json(&self) -> String {
        let tags = self.tags.iter().map(|(key, tag)| WrittenTag {
            key: key.as_str(),
            value: tag.value(),
            origin: tag.origin().to_string(),
            replaced: tag.replaced().map(|(value, origin)| WrittenValue { value, origin: origin.to_string() }),
        });
        let findings = self.findings.iter().map(|finding| WrittenFinding { code: finding.code(), message: finding.to_string() });
        // Only texts and lists are written, which JSON can always carry.
        serde_json::to_string_pretty(&Written { tags: tags.collect(), findings: findings.collect() }).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Written<'a> {
    tags: Vec<WrittenTag<'a>>,
    findings: Vec<WrittenFinding>,
}

#[derive(Serialize)]
struct WrittenTag<'a> {
    key: &'a str,
    value: &'a str,
    origin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced: Option<WrittenValue<'a>>,
}

#[derive(Serialize)]
struct WrittenValue<'a> {
    value: &'a str,
    origin: String,
}

#[derive(Serialize)]
struct WrittenFinding {
    code: &'static str,
    message: String,
}

impl fmt::Display for EffectiveTags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<_> = self.tags.iter().map(|(key, tag)| (escaped(key.as_str()), escaped(tag.value()), origin_of(tag))).collect();
        let width = |texts: &mut dyn Iterator<Item = &str>, title: &str| {
            texts.map(|text| text.chars().count()).max().unwrap_or_default().max(title.len())
        };
        let keys = width(&mut rows.iter().map(|(key, ..)| key.as_ref()), "Key");
        let values = width(&mut rows.iter().map(|(_, value, _)| value.as_ref()), "Value");
        writeln!(f, "{:keys$}  {:values$}  Origin", "Key", "Value")?;
        for (key, value, origin) in &rows {
            writeln!(f, "{key:keys$}  {value:values$}  {origin}")?;
        }
        for finding in &self.findings {
            writeln!(f, "{}: {finding}", finding.code())?;
        }
        Ok(())
    }
}

fn origin_of(tag: &Tag) -> String {
    match tag.replaced() {
        None => tag.origin().to_string(),
        Some((value, TagOrigin::Saml)) => format!("{}, and not {} of the assertion", tag.origin(), escaped(value)),
        Some((value, origin)) => format!("{}, and not {} of {origin}", tag.origin(), escaped(value)),
    }
}
