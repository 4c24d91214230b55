//! Texts of a directory on a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text without what a terminal would obey: control characters, and marks that turn or hide what stands beside them, are written as
/// `\u{..}`.
///
/// A name of a directory is somebody else's text: it could clear the screen, or show another name than it has.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::escaped;
///
/// assert_eq!(escaped("Zoë"), "Zoë");
/// assert_eq!(escaped("An\u{1b}[2Jna\u{202e}"), r"An\u{1b}[2Jna\u{202e}");
/// ```
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_obeyed) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_obeyed(character) {
            // Writing into a string does not fail.
            let _ = write!(escaped, "{}", character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Control characters, separators of lines, what has no width, and what changes the direction of writing (UAX #9).
///
/// Letters, accents and emoji are not among them: a name is shown as it is written.
fn is_obeyed(character: char) -> bool {
    let is_mark = matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}'
    );
    character.is_control() || is_mark
}
