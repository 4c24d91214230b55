//! Texts of a policy with what is special in them: wildcards and policy variables.
//!
//! | text | stands for |
//! |---|---|
//! | `*`, `?` | any text, any one character; only `StringLike` and `StringNotLike` ask |
//! | `${*}`, `${?}`, `${$}` | that one character and nothing else |
//! | `${key}` | the value of a condition key |
//! | `${key, 'text'}` | the same, and the text where the key is absent |
//!
//! What begins as a variable and does not end as one is taken letter for letter.

use std::borrow::Cow;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// What stands for itself.
    Literal(&'a str),
    /// `*`.
    Any,
    /// `?`.
    One,
    /// `${key}` or `${key, 'default'}`.
    Variable {
        /// The condition key.
        key: &'a str,
        /// What counts if the key is absent.
        default: Option<&'a str>,
    },
}

/// The parts of `text`, in their order. Without `replaces_variables`, a variable is a text like any other.
pub(super) fn pieces(text: &str, replaces_variables: bool) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, behind) = first(rest, replaces_variables)?;
        rest = behind;
        Some(piece)
    })
}

/// The variables of `text`, each with whether it has a default.
pub(super) fn variables(text: &str) -> impl Iterator<Item = (&str, bool)> {
    pieces(text, true).filter_map(|piece| match piece {
        Piece::Variable { key, default } => Some((key, default.is_some())),
        Piece::Literal(_) | Piece::Any | Piece::One => None,
    })
}

/// What a text is with its variables replaced, or why it is nothing.
pub(super) enum Resolved<K> {
    /// Its characters and wildcards.
    Text(Vec<Unit>),
    /// A variable without a default has no value, so that nothing is equal to the text or like it.
    Nothing,
    /// Nobody knows the value of these.
    Unknown(Vec<K>),
}

/// A character of a text, or a wildcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// This character.
    Is(char),
    /// Any text, also none.
    Any,
    /// Any one character.
    One,
}

/// The value of one variable.
pub(super) enum Value<'a, K> {
    /// It has this one.
    Is(&'a str),
    /// It has none, so that the default counts.
    Absent,
    /// Nobody knows whether it has one.
    Unknown(K),
}

/// Replaces the variables of `text` by what `value` says of them. What it says is a text without wildcards, whatever it looks like.
///
/// A variable without a value decides before one that is unknown: whatever that would be, nothing is equal to the whole.
pub(super) fn resolve<'a, K>(text: &'a str, replaces_variables: bool, value: impl Fn(&'a str) -> Value<'a, K>) -> Resolved<K> {
    let (mut units, mut unknown, mut is_nothing) = (Vec::new(), Vec::new(), false);
    for piece in pieces(text, replaces_variables) {
        let literal: Cow<'_, str> = match piece {
            Piece::Literal(literal) => literal.into(),
            Piece::Any => {
                units.push(Unit::Any);
                continue;
            }
            Piece::One => {
                units.push(Unit::One);
                continue;
            }
            Piece::Variable { key, default } => match (value(key), default) {
                (Value::Is(value), _) => value.into(),
                (Value::Absent, Some(default)) => default.into(),
                (Value::Absent, None) => {
                    is_nothing = true;
                    continue;
                }
                (Value::Unknown(key), _) => {
                    unknown.push(key);
                    continue;
                }
            },
        };
        units.extend(literal.chars().map(Unit::Is));
    }
    if is_nothing {
        Resolved::Nothing
    } else if unknown.is_empty() {
        Resolved::Text(units)
    } else {
        Resolved::Unknown(unknown)
    }
}

/// The first part and what is behind it.
fn first(text: &str, replaces_variables: bool) -> Option<(Piece<'_>, &str)> {
    if let Some(behind) = text.strip_prefix('*') {
        return Some((Piece::Any, behind));
    }
    if let Some(behind) = text.strip_prefix('?') {
        return Some((Piece::One, behind));
    }
    if replaces_variables && let Some(found) = text.strip_prefix("${").and_then(variable) {
        return Some(found);
    }
    let begin = text.chars().next()?.len_utf8();
    let is_special = |character| matches!(character, '*' | '?') || (replaces_variables && character == '$');
    let end = text.get(begin..)?.find(is_special).map_or(text.len(), |at| begin + at);
    text.split_at_checked(end).map(|(literal, behind)| (Piece::Literal(literal), behind))
}

/// A variable whose `${` is read, and what is behind it.
///
/// The search for the end of the key stops where no key can go on, so that no text takes more than linear time.
fn variable(text: &str) -> Option<(Piece<'_>, &str)> {
    for escaped in ["*}", "?}", "$}"] {
        if text.starts_with(escaped) {
            return text.get(..1).map(Piece::Literal).zip(text.get(2..));
        }
    }
    let (key, behind) = text.split_at_checked(text.find([',', '}', '$', '{', '\'', '*', '?'])?)?;
    if key.is_empty() {
        return None;
    }
    if let Some(behind) = behind.strip_prefix('}') {
        return Some((Piece::Variable { key, default: None }, behind));
    }
    let (default, behind) = behind.strip_prefix(',')?.trim_start_matches(' ').strip_prefix('\'')?.split_once('\'')?;
    let behind = behind.trim_start_matches(' ').strip_prefix('}')?;
    Some((Piece::Variable { key, default: Some(default) }, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text() {
        use Piece::{Any, Literal, One, Variable};
        let team = |default| Variable { key: "aws:PrincipalTag/Team", default };
        for (text, expected) in [
            ("", vec![]),
            ("a*b?", vec![Literal("a"), Any, Literal("b"), One]),
            ("${*}${?}${$}", vec![Literal("*"), Literal("?"), Literal("$")]),
            ("a/${aws:PrincipalTag/Team}/*", vec![Literal("a/"), team(None), Literal("/"), Any]),
            ("${aws:PrincipalTag/Team, 'a, }b'}", vec![team(Some("a, }b"))]),
            ("${aws:PrincipalTag/Team,''}", vec![team(Some(""))]),
            ("${aws:PrincipalTag/Team, 'a'", vec![Literal("${aws:PrincipalTag/Team, 'a'")]),
            ("${", vec![Literal("${")]),
            ("$${}", vec![Literal("$"), Literal("${}")]),
        ] {
            assert_eq!(pieces(text, true).collect::<Vec<_>>(), expected, "{text}");
        }
        assert_eq!(pieces("${*}", false).collect::<Vec<_>>(), [Literal("${"), Any, Literal("}")]);
    }
}
