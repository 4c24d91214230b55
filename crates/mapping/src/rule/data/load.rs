//! From a text to the shape of a file of rules, with the place of each rule.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Location, excerpt};
use crate::rule::data::RuleFile;
use crate::rule::data::wire::{WireAttribute, WireFile, WireRule};

/// What was read, and where it begins in the text.
pub(super) struct Placed<T> {
    pub(super) value: T,
    pub(super) at: Location,
}

/// A file as it was read: nothing is known of it but its shape.
pub(super) type Loaded = WireFile<Placed<WireRule>, Placed<WireAttribute>>;

/// An error about `rule`, or about the file.
pub(super) fn refused(rule: Option<&str>, reason: impl Into<String>, at: Location) -> Error {
    Error::new(ErrorKind::RuleFile { rule: rule.map(excerpt), reason: reason.into() }, at)
}

/// The size is looked at first, because the parser holds all of the text as a tree.
#[cfg(feature = "toml")]
pub(super) fn toml(text: &str) -> Result<Loaded, Error> {
    check_size(text)?;
    let file: WireFile<toml::Spanned<WireRule>, toml::Spanned<WireAttribute>> = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(Location::Whole, |span| Location::of(text, span.start));
        refused(None, shortened(error.message()), at)
    })?;
    placed(file, |rule| Ok(spanned(text, rule)), |attribute| Ok(spanned(text, attribute)))
}

#[cfg(feature = "toml")]
fn spanned<T>(text: &str, spanned: toml::Spanned<T>) -> Placed<T> {
    let at = Location::of(text, spanned.span().start);
    Placed { value: spanned.into_inner(), at }
}

/// Rules are taken as pieces of the text first and read one by one, because the reader tells no places of values, only those of errors.
pub(super) fn json(text: &str) -> Result<Loaded, Error> {
    check_size(text)?;
    let file: WireFile<&RawValue, &RawValue> = serde_json::from_str(text).map_err(|error| of_json(&error, 1, 1))?;
    placed(file, |rule| raw(text, rule), |attribute| raw(text, attribute))
}

/// Reads a part of `text` that is known to be JSON.
fn raw<T: DeserializeOwned>(text: &str, part: &RawValue) -> Result<Placed<T>, Error> {
    let at = Location::of(text, part.get().as_ptr().addr().saturating_sub(text.as_ptr().addr()));
    let (line, column) = match at {
        Location::Text { line, column } => (line, column),
        Location::Whole => (1, 1),
    };
    let value = serde_json::from_str(part.get()).map_err(|error| of_json(&error, line, column))?;
    Ok(Placed { value, at })
}

/// The error of a part that begins at `line` and `column`, as one of the whole.
fn of_json(error: &serde_json::Error, line: usize, column: usize) -> Error {
    // In the first line of the part, columns count from where the part begins.
    let before = if error.line() <= 1 { column - 1 } else { 0 };
    let at = Location::Text { line: (line + error.line()).saturating_sub(1), column: before + error.column() };
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    refused(None, shortened(message.strip_suffix(&place).unwrap_or(&message)), at)
}

/// Looks at the counts before any rule is checked, so that a list of many empty rules is one error and no work.
fn placed<R, A>(
    file: WireFile<R, A>,
    rule: impl Fn(R) -> Result<Placed<WireRule>, Error>,
    attribute: impl Fn(A) -> Result<Placed<WireAttribute>, Error>,
) -> Result<Loaded, Error> {
    check_count("users", file.users.len())?;
    check_count("groups", file.groups.len())?;
    #[cfg(feature = "saml")]
    check_count("saml.attributes", file.saml.attributes.len())?;
    #[cfg(not(feature = "saml"))]
    let _ = attribute;
    Ok(WireFile {
        users: file.users.into_iter().map(&rule).collect::<Result<_, _>>()?,
        groups: file.groups.into_iter().map(&rule).collect::<Result<_, _>>()?,
        inactive_when: file.inactive_when,
        scope: file.scope,
        #[cfg(feature = "saml")]
        saml: crate::rule::data::wire::WireSaml {
            name_id: file.saml.name_id,
            format: file.saml.format,
            attributes: file.saml.attributes.into_iter().map(attribute).collect::<Result<_, _>>()?,
        },
        #[cfg(not(feature = "saml"))]
        saml: std::marker::PhantomData,
    })
}

/// A file that somebody uploads must not cost more memory than a file that somebody wrote.
fn check_size(text: &str) -> Result<(), Error> {
    let (most, found) = (RuleFile::LARGEST, text.len());
    if found > most { Err(refused(None, format!("expected at most {most} bytes, found {found}"), Location::Whole)) } else { Ok(()) }
}

/// Each rule is compared with those before it, so their number is what bounds the time.
fn check_count(part: &str, found: usize) -> Result<(), Error> {
    let most = RuleFile::MOST_RULES;
    if found > most { Err(refused(Some(part), format!("expected at most {most} rules, found {found}"), Location::Whole)) } else { Ok(()) }
}

/// A message of a reader in one line, and not longer than a person reads.
fn shortened(message: &str) -> String {
    const MOST: usize = 400;
    let mut line: String = message.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if message.chars().nth(MOST).is_some() {
        line.push_str("...");
    }
    line
}
