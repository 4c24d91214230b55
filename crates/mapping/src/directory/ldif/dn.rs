//! Distinguished names.

use std::cmp::Ordering;
use std::fmt;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

use crate::error::{Error, ErrorKind, Location};

/// The most bytes that a distinguished name may have.
const LONGEST: usize = 64 << 10;

/// Other names and numbers of attributes that names are made of (RFC 4514 section 3, RFC 4519 section 2).
const ALIASES: [(&str, &str); 24] = [
    ("commonname", "cn"),
    ("2.5.4.3", "cn"),
    ("surname", "sn"),
    ("2.5.4.4", "sn"),
    ("countryname", "c"),
    ("2.5.4.6", "c"),
    ("localityname", "l"),
    ("2.5.4.7", "l"),
    ("stateorprovincename", "st"),
    ("2.5.4.8", "st"),
    ("streetaddress", "street"),
    ("2.5.4.9", "street"),
    ("organizationname", "o"),
    ("2.5.4.10", "o"),
    ("organizationalunitname", "ou"),
    ("2.5.4.11", "ou"),
    ("gn", "givenname"),
    ("2.5.4.42", "givenname"),
    ("userid", "uid"),
    ("0.9.2342.19200300.100.1.1", "uid"),
    ("domaincomponent", "dc"),
    ("0.9.2342.19200300.100.1.25", "dc"),
    ("rfc822mailbox", "mail"),
    ("0.9.2342.19200300.100.1.3", "mail"),
];

/// A distinguished name ([RFC 4514]), which names an entry.
///
/// It prints as it was written. Two are equal if they name the same entry: attributes compare without case, and by number as by name; values
/// without case, and with any number of spaces as one (`caseIgnoreMatch`, without the normal forms of Unicode); `a+b` is `b+a`. What RFC 4514
/// lets stand for older writers is taken: spaces around `,`, `+` and `=`, `;` for `,`, and values in quotation marks.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::ldif::Dn;
///
/// let one = Dn::parse("CN=Berg\\, Anna + uid=anna, OU=People,dc=example,dc=com")?;
/// let other = Dn::parse("UID=Anna+cn=\"berg,  anna\",ou=people,DC=example,DC=com")?;
/// assert_eq!(one, other);
/// assert_eq!(one.normalized(), "cn=berg\\, anna+uid=anna,ou=people,dc=example,dc=com");
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// [RFC 4514]: https://www.rfc-editor.org/rfc/rfc4514
#[derive(Debug, Clone)]
pub struct Dn {
    text: Box<str>,
    normalized: Box<str>,
}

impl Dn {
    /// Reads a name; the empty one names the root.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Shape`] with the column, from 1, if it is no name, and above 64 KiB.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::{Location, directory::ldif::Dn};
    ///
    /// assert_eq!(Dn::parse("2.5.4.3=Anna;dc=example")?, Dn::parse("cn=ANNA, DC=example")?);
    /// assert_eq!(Dn::parse("cn=Z\\c3\\b6e")?, Dn::parse("cn=Zöe")?);
    ///
    /// let error = Dn::parse("cn=Anna,example").unwrap_err();
    /// assert_eq!(error.at(), &Location::Text { line: 1, column: 16 });
    /// assert!(error.to_string().contains("a name must be attributes and their values with '=' between them"));
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parser = Parser { text, at: 0 };
        let normalized = if text.len() > LONGEST {
            Err(format!("at most {LONGEST} bytes of a name are read"))
        } else {
            parser.name().map_err(str::to_owned)
        };
        match normalized {
            Ok(normalized) => Ok(Self { text: text.into(), normalized: normalized.into() }),
            Err(reason) => Err(Error::new(ErrorKind::Shape { reason }, Location::Text { line: 1, column: parser.at + 1 })),
        }
    }

    /// The name in the one form that all equal names have.
    ///
    /// It is itself a name, and its own normal form. Where a server gives no identifier, this is the person's.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::ldif::Dn;
    ///
    /// let dn = Dn::parse("CN = Berg\\2C  Anna , O=\"Example, Inc.\"")?;
    /// assert_eq!(dn.normalized(), "cn=berg\\, anna,o=example\\, inc.");
    /// assert_eq!(Dn::parse(dn.normalized())?.normalized(), dn.normalized());
    /// assert_eq!(dn.to_string(), "CN = Berg\\2C  Anna , O=\"Example, Inc.\"");
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// Whether it is the name of the root, which some directories put into groups that have no member.
    ///
    /// # Examples
    ///
    /// ```
    /// use idbridge_mapping::directory::ldif::Dn;
    ///
    /// assert!(Dn::parse("  ")?.is_empty());
    /// assert!(!Dn::parse("dc=example")?.is_empty());
    /// # Ok::<(), idbridge_mapping::Error>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.normalized.is_empty()
    }

    /// Whether the entry is named by a `uid`, as people are and groups are not.
    pub(super) fn is_by_uid(&self) -> bool {
        self.normalized.starts_with("uid=")
    }
}

/// Reads a name from its beginning to its end; `at` is where it stands, in bytes, and where it failed.
///
/// It goes forward only, a character at a time, so that a name of 64 KiB takes time in proportion to its length whatever is in it.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    /// The next character.
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    /// The next character, which is passed.
    fn take(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    /// Passes spaces, which older writers put around every separator.
    fn skip_spaces(&mut self) {
        while self.peek() == Some(' ') {
            self.at += 1;
        }
    }

    /// The whole name in its normal form: parts of one step in the order of their texts, so that `a+b` is `b+a`.
    fn name(&mut self) -> Result<String, &'static str> {
        self.skip_spaces();
        let mut normalized = String::new();
        if self.peek().is_none() {
            return Ok(normalized);
        }
        loop {
            let mut parts = vec![self.part()?];
            while self.peek() == Some('+') {
                self.at += 1;
                parts.push(self.part()?);
            }
            parts.sort();
            normalized.push_str(&parts.join("+"));
            match self.take() {
                None => return Ok(normalized),
                // Only `,` and `;` end a value besides `+`.
                Some(_) => normalized.push(','),
            }
        }
    }

    /// One attribute and its value, in the form that is compared.
    fn part(&mut self) -> Result<String, &'static str> {
        self.skip_spaces();
        let start = self.at;
        while self.peek().is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_')) {
            self.at += 1;
        }
        let name = self.text.get(start..self.at).unwrap_or_default().to_ascii_lowercase();
        let name = name.strip_prefix("oid.").unwrap_or(&name);
        self.skip_spaces();
        if name.is_empty() || self.peek() != Some('=') {
            return Err("a name must be attributes and their values with '=' between them, found another text");
        }
        self.at += 1;
        self.skip_spaces();
        let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| *name);
        let mut part = format!("{name}=");
        match self.peek() {
            Some('#') => self.hexadecimal(&mut part)?,
            Some('"') => {
                self.at += 1;
                let value = self.value(true)?;
                self.skip_spaces();
                if !matches!(self.peek(), None | Some(',' | ';' | '+')) {
                    return Err("a value must end at its closing quotation mark, found more");
                }
                write_comparable(&mut part, &value);
            }
            _ => write_comparable(&mut part, &self.value(false)?),
        }
        Ok(part)
    }

    /// `#` and the bytes of a value, which are not looked into.
    fn hexadecimal(&mut self, part: &mut String) -> Result<(), &'static str> {
        let start = self.at;
        self.at += 1;
        while self.peek().is_some_and(|character| character.is_ascii_hexdigit()) {
            self.at += 1;
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        self.skip_spaces();
        if digits.len() < 3 || digits.len().is_multiple_of(2) || !matches!(self.peek(), None | Some(',' | ';' | '+')) {
            return Err("after '#' there must be pairs of hexadecimal digits, found another text");
        }
        part.push_str(&digits.to_ascii_lowercase());
        Ok(())
    }

    /// A value without its escapes, up to the next separator or to the closing quotation mark.
    ///
    /// Escapes are bytes, and a character may be written in several of them, so UTF-8 is asked for at the end and not at each.
    fn value(&mut self, is_quoted: bool) -> Result<String, &'static str> {
        let mut bytes = Vec::new();
        loop {
            let character = match self.peek() {
                None if is_quoted => return Err("the quotation mark is never closed"),
                None => break,
                Some('"') if is_quoted => {
                    self.at += 1;
                    break;
                }
                Some(',' | ';' | '+') if !is_quoted => break,
                Some('"') => return Err("a quotation mark in a value must have a '\\' before it, found none"),
                Some(character) => character,
            };
            self.at += character.len_utf8();
            if character == '\\' {
                self.escaped(&mut bytes)?;
            } else {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        String::from_utf8(bytes).map_err(|_| "a value must be UTF-8 when its escapes are read, found other bytes")
    }

    /// What follows a `\`: a special character itself, or two digits for a byte (RFC 4514 section 2.4).
    fn escaped(&mut self, bytes: &mut Vec<u8>) -> Result<(), &'static str> {
        let pair = self.text.get(self.at..self.at + 2).filter(|pair| pair.bytes().all(|byte| byte.is_ascii_hexdigit()));
        if let Some(byte) = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            self.at += 2;
            bytes.push(byte);
            return Ok(());
        }
        match self.take() {
            Some(character @ (' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\')) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                Ok(())
            }
            _ => Err("after '\\' there must be a special character or two hexadecimal digits, found another text"),
        }
    }
}

/// Writes `value` as it is compared: in small letters, trimmed, with single spaces, and with escapes where the name would read otherwise.
///
/// The escapes make the form unambiguous: without them the one step `cn=a\,o\=b` and the two steps `cn=a,o=b` would be one name.
fn write_comparable(part: &mut String, value: &str) {
    for (place, word) in value.split_whitespace().enumerate() {
        if place > 0 {
            part.push(' ');
        }
        for (index, character) in word.chars().flat_map(char::to_lowercase).enumerate() {
            let is_first = place == 0 && index == 0;
            if matches!(character, ',' | '+' | ';' | '"' | '\\' | '<' | '>' | '=') || (is_first && character == '#') {
                part.push('\\');
            }
            if character == '\0' { _ = write!(part, "\\00") } else { part.push(character) }
        }
    }
}

impl PartialEq for Dn {
    fn eq(&self, other: &Self) -> bool {
        self.normalized == other.normalized
    }
}

impl Eq for Dn {}

impl PartialOrd for Dn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normalized.cmp(&other.normalized)
    }
}

impl Hash for Dn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normalized.hash(state);
    }
}

impl fmt::Display for Dn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
