//! E-mail addresses, as a NameID of the format `emailAddress` has them.

/// Whether `text` is an `addr-spec` of [RFC 2822 section 3.4.1], which saml-core 8.3.2 asks for, without comments and folding, which nobody
/// would compare letter by letter.
///
/// An address with letters beyond ASCII is none.
///
/// [RFC 2822 section 3.4.1]: https://www.rfc-editor.org/rfc/rfc2822#section-3.4.1
pub(super) fn is_addr_spec(text: &str) -> bool {
    // A quoted local part may have an @ in it, and a domain may not.
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    (is_dot_atom(local) || is_quoted(local)) && (is_dot_atom(domain) || is_domain_literal(domain))
}

/// `dot-atom-text`: atoms with dots between them.
fn is_dot_atom(text: &str) -> bool {
    text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atext))
}

fn is_atext(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// `quoted-string`: any printable character, with a backslash before those two that would end it or escape.
fn is_quoted(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return false };
    let mut is_escaped = false;
    for byte in inner.bytes() {
        let is_printable = matches!(byte, b' '..=b'~');
        if !is_printable || (byte == b'"' && !is_escaped) {
            return false;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    !is_escaped
}

/// `domain-literal`: an address of a network in brackets.
fn is_domain_literal(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner.is_some_and(|inner| inner.bytes().all(|byte| matches!(byte, b'!'..=b'Z' | b'^'..=b'~')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected) in [
            ("anna@example.com", true),
            ("Anna.Berg+aws@EXAMPLE.com", true),
            ("o'neill@example.com", true),
            ("a@localhost", true),
            ("a@[192.0.2.1]", true),
            ("a@[IPv6:2001:db8::1]", true),
            (r#""anna berg"@example.com"#, true),
            (r#""a@b"@example.com"#, true),
            (r#""a\"b"@example.com"#, true),
            (r#""a\\"@example.com"#, true),
            (r#"""@example.com"#, true),
            ("anna", false),
            ("", false),
            ("@", false),
            ("@example.com", false),
            ("anna@", false),
            ("anna berg@example.com", false),
            ("anna@exam ple.com", false),
            ("anna@@example.com", false),
            ("a@b@example.com", false),
            (".anna@example.com", false),
            ("anna.@example.com", false),
            ("an..na@example.com", false),
            ("anna@example..com", false),
            ("anna@example.com.", false),
            ("Anna <anna@example.com>", false),
            ("anna@example.com, bo@example.com", false),
            ("anna(comment)@example.com", false),
            ("änna@example.com", false),
            ("anna@exämple.com", false),
            ("anna\n@example.com", false),
            (r#""a"b"@example.com"#, false),
            (r#""a\"@example.com"#, false),
            (r#"""#, false),
            (r#""@example.com"#, false),
            ("a@[192.0.2.1", false),
            ("a@[a]b]", false),
        ] {
            assert_eq!(is_addr_spec(text), expected, "{text}");
        }
    }
}
