//! Names and characters.

/// Whether `text` is a name without a colon (Namespaces in XML production 4).
pub(crate) fn is_ncname(text: &str) -> bool {
    !text.is_empty() && ncname(text) == text.len()
}

/// The length of the name without a colon that `text` begins with; 0 if it begins with none.
#[inline]
pub(super) fn ncname(text: &str) -> usize {
    let bytes = text.as_bytes();
    let ascii = bytes.iter().position(|byte| class(*byte) == NONE).unwrap_or(bytes.len());
    // XML 1.0 productions 4 and 4a.
    match (bytes.first(), bytes.get(ascii)) {
        (_, Some(128..)) => beyond_ascii(text),
        (Some(first), _) if class(*first) == START => ascii,
        _ => 0,
    }
}

/// The first character in `text` that XML 1.0 has not (production 2), as its offset.
pub(super) fn illegal_character(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    // Without branches, so that many bytes are looked at at once; hardly any text has one.
    let has_control =
        bytes.iter().fold(false, |found, byte| found | ((*byte < 0x20) & (*byte != b'\t') & (*byte != b'\n') & (*byte != b'\r')));
    let is_illegal = |c: char| !matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    // U+FFFE and U+FFFF begin with this byte.
    if has_control || memchr::memchr(0xEF, bytes).is_some() { text.find(is_illegal) } else { None }
}

/// No part of a name, as far as ASCII goes.
const NONE: u8 = 0;
/// Part of a name, and not its beginning.
const PART: u8 = 1;
/// Part of a name, also its beginning.
const START: u8 = 2;

/// What each byte is in a name.
#[expect(clippy::indexing_slicing, clippy::as_conversions, reason = "a constant is checked when it is compiled")]
static CLASSES: [u8; 256] = {
    let mut classes = [NONE; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => START,
            b'0'..=b'9' | b'-' | b'.' => PART,
            _ => NONE,
        };
        byte += 1;
    }
    classes
};

fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(NONE)
}

fn beyond_ascii(text: &str) -> usize {
    let mut length = 0;
    for c in text.chars() {
        if !(is_name_start(c) || (length > 0 && is_name(c))) {
            break;
        }
        length += c.len_utf8();
    }
    length
}

fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_name(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (text, length) in [
            ("a", 1),
            ("_a-1.b c", 6),
            ("a:b", 1),
            ("1a", 0),
            ("-a", 0),
            (".a", 0),
            ("", 0),
            (":", 0),
            ("\u{e9}t\u{e9} x", 5),
            ("a\u{b7}b", 4),
            ("\u{b7}b", 0),
            ("a\u{d7}b", 1),
            ("a\u{301}", 3),
        ] {
            assert_eq!(ncname(text), length, "{text:?}");
        }
    }

    #[test]
    fn characters() {
        for (text, at) in [
            ("a\tb\r\n \u{fffd}\u{10ffff}", None),
            ("ab\u{1}", Some(2)),
            ("a\u{fffe}", Some(1)),
            ("\u{ffff}", Some(0)),
            ("\u{0}", Some(0)),
            ("\u{7f}\u{85}", None),
        ] {
            assert_eq!(illegal_character(text), at, "{text:?}");
        }
    }
}
