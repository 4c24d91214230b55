//! Texts with wildcards.

use crate::abac::policy::template::Unit;

/// Whether the whole of `text` is like `pattern`.
///
/// Only the last `*` is ever gone back to, because the first place of what stands before it leaves most for what stands behind: the time is at most
/// the product of both lengths, and a pattern that asks for more characters than there are is refused before.
pub(super) fn is_like(text: &str, pattern: &[Unit]) -> bool {
    let text: Vec<char> = text.chars().collect();
    if pattern.iter().filter(|unit| **unit != Unit::Any).count() > text.len() {
        return false;
    }
    let mut pattern = pattern.to_vec();
    pattern.dedup_by(|later, earlier| (*later, *earlier) == (Unit::Any, Unit::Any));
    let (mut at, mut next) = (0, 0);
    // Behind the last `*` of the pattern, and what of the text it has taken so far.
    let mut last_any: Option<(usize, usize)> = None;
    while let Some(character) = text.get(at) {
        match pattern.get(next) {
            Some(Unit::Any) => {
                next += 1;
                last_any = Some((next, at));
            }
            Some(Unit::One) => (at, next) = (at + 1, next + 1),
            Some(Unit::Is(expected)) if expected == character => (at, next) = (at + 1, next + 1),
            Some(Unit::Is(_)) | None => {
                let Some((behind, taken)) = &mut last_any else { return false };
                *taken += 1;
                (at, next) = (*taken, *behind);
            }
        }
    }
    pattern.iter().skip(next).all(|unit| *unit == Unit::Any)
}

/// The text that `units` are if `*` and `?` are characters like any other.
pub(super) fn plain(units: &[Unit]) -> String {
    let plain = |unit: &Unit| match unit {
        Unit::Is(character) => *character,
        Unit::Any => '*',
        Unit::One => '?',
    };
    units.iter().map(plain).collect()
}
