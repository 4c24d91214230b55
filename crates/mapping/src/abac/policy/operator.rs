//! The operators of conditions that are evaluated here.
//!
//! ```text
//!   ForAllValues:     StringNotLike     IfExists
//!   quantifier        comparison        what if the key is absent
//! ```
//!
//! Names are known in their own case only; what is not known is left undecided. `Null` stands alone.

/// An operator with what stands before and behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    /// `Null`: whether the key is absent. It takes neither a quantifier nor `IfExists`.
    Null,
    /// A comparison of texts.
    Text(TextTest),
}

/// A comparison of the values of a key with those of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextTest {
    pub(super) comparison: Comparison,
    /// Whether it holds where no value of the policy is equal or alike.
    pub(super) is_negated: bool,
    /// Whether it holds if the key is absent.
    pub(super) if_exists: bool,
    /// How many values of the key must pass; nothing for a key that has one.
    pub(super) quantifier: Option<Quantifier>,
}

/// How a value of a key and one of the policy are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    /// Letter for letter.
    Equals,
    /// In small letters.
    EqualsIgnoreCase,
    /// With the wildcards `*` and `?` in the policy's.
    Like,
}

/// How many of the values of a key must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// One at least.
    ForAnyValue,
    /// Each of them, also if there are none.
    ForAllValues,
}

impl Operator {
    /// The operator with this name, if it is evaluated here.
    pub(super) fn named(name: &str) -> Option<Self> {
        if name == "Null" {
            return Some(Self::Null);
        }
        let (quantifier, name) = match name.split_once(':') {
            None => (None, name),
            Some(("ForAnyValue", name)) => (Some(Quantifier::ForAnyValue), name),
            Some(("ForAllValues", name)) => (Some(Quantifier::ForAllValues), name),
            Some(_) => return None,
        };
        let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
        let (comparison, is_negated) = match name {
            "StringEquals" => (Comparison::Equals, false),
            "StringNotEquals" => (Comparison::Equals, true),
            "StringEqualsIgnoreCase" => (Comparison::EqualsIgnoreCase, false),
            "StringNotEqualsIgnoreCase" => (Comparison::EqualsIgnoreCase, true),
            "StringLike" => (Comparison::Like, false),
            "StringNotLike" => (Comparison::Like, true),
            _ => return None,
        };
        Some(Self::Text(TextTest { comparison, is_negated, if_exists, quantifier }))
    }
}

impl TextTest {
    /// Whether it holds if the key is absent: `IfExists` goes before the quantifier, and the quantifier before the contrary.
    pub(super) fn holds_if_absent(self) -> bool {
        self.if_exists
            || match self.quantifier {
                Some(Quantifier::ForAllValues) => true,
                Some(Quantifier::ForAnyValue) => false,
                None => self.is_negated,
            }
    }
}
