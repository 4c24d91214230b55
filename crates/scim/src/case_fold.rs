//! Comparison without case.

/// The characters of a text as they compare without case, one by one, so that a part of a text folds as it does in the whole.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    // A final sigma is a sigma.
    text.chars().flat_map(char::to_lowercase).map(|character| if character == 'ς' { 'σ' } else { character })
}

/// Whether two texts are the same without case.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || (!(one.is_ascii() && other.is_ascii()) && folded(one).eq(folded(other)))
}
