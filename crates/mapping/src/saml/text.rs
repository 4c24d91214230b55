//! Which texts can be sent.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::finding::SamlRefusal;

/// AWS STS, `Tag`: the most characters of a key.
pub(super) const LONGEST_TAG_KEY: usize = 128;
/// AWS STS, `Tag`: the most characters of a value.
pub(super) const LONGEST_TAG_VALUE: usize = 256;

/// Why `value` is no value of a tag in AWS, if it is none.
///
/// AWS STS, `Tag`: `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`, at most 256 characters.
pub(crate) fn refusal_by_tags(value: &str) -> Option<SamlRefusal> {
    let found = value.chars().count();
    if found > LONGEST_TAG_VALUE {
        return Some(SamlRefusal::TooLong { longest: LONGEST_TAG_VALUE, found });
    }
    first_character(value, |c| !is_tag_character(c)).map(|(at, found)| SamlRefusal::Character { found, at })
}

/// What `key` would have to be to be the key of a tag in AWS; nothing if it is one.
///
/// AWS STS, `Tag`: `[\p{L}\p{Z}\p{N}_.:/=+\-@]+`, at most 128 characters; what begins with `aws:` is AWS's own.
pub(crate) fn key_expects(key: &str) -> Option<&'static str> {
    if key.trim().is_empty() {
        return Some("a key that is not blank");
    }
    if key.chars().count() > LONGEST_TAG_KEY {
        return Some("a key of at most 128 characters");
    }
    if !key.chars().all(is_tag_character) {
        return Some("a key of letters, digits, spaces and _ . : / = + - @");
    }
    let is_reserved = key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
    is_reserved.then_some("a key that does not begin with aws:, which AWS keeps for itself")
}

/// The first character that XML 1.0 has in no form (production 2), with its place in characters from 0.
pub(super) fn illegal_in_xml(text: &str) -> Option<(usize, char)> {
    first_character(text, |c| !matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..))
}

fn first_character(text: &str, is_wanted: impl Fn(char) -> bool) -> Option<(usize, char)> {
    text.chars().enumerate().find(|(_, c)| is_wanted(*c))
}

fn is_tag_character(c: char) -> bool {
    let group = c.general_category_group();
    "_.:/=+-@".contains(c) || matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number | GeneralCategoryGroup::Separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags() {
        let character = |found, at| Some(SamlRefusal::Character { found, at });
        for (value, expected) in [
            ("Research and Development", None),
            ("a_b.c:d/e=f+g-h@i", None),
            ("Zürich 東京 १२", None),
            ("R&D", character('&', 1)),
            ("a,b", character(',', 1)),
            ("é*", character('*', 1)),
            ("a\tb", character('\t', 1)),
            ("a\u{200B}", character('\u{200B}', 1)),
            // A mark is no letter to AWS.
            ("e\u{301}", character('\u{301}', 1)),
        ] {
            assert_eq!(refusal_by_tags(value), expected, "{value}");
        }
        assert_eq!(refusal_by_tags(&"é".repeat(256)), None);
        assert_eq!(refusal_by_tags(&"é".repeat(257)), Some(SamlRefusal::TooLong { longest: 256, found: 257 }));
    }

    #[test]
    fn keys_of_tags() {
        for (key, is_taken) in [
            ("CostCenter", true),
            ("Cost Center", true),
            ("team:cost/center=1+2-3@4_5.6", true),
            ("Größe", true),
            ("awsAccount", true),
            ("", false),
            (" ", false),
            ("Cost&Center", false),
            ("Cost\nCenter", false),
            ("aws:department", false),
            ("AWS:department", false),
        ] {
            assert_eq!(key_expects(key).is_none(), is_taken, "{key}");
        }
        assert_eq!(key_expects(&"k".repeat(128)), None);
        assert!(key_expects(&"k".repeat(129)).is_some());
    }
}
