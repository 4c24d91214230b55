//! Which names an expression uses, and whether there are such.
//!
//! The engine finds a wrong name only when it meets it, for a person for whom that branch is taken. A rule file must be refused when it is loaded.

use std::collections::BTreeSet;

use crate::error::excerpt;
use crate::expression::facts::{ADDRESSES, ATTRIBUTES, FIELDS, GROUP_NAME, GROUPS, MANAGER, NUMBER, PHONE_NUMBERS};
use crate::expression::filters::{FILTERS, FUNCTIONS, TESTS};
use crate::rule::AddressPart;

const KEYWORDS: [&str; 12] = ["and", "or", "not", "in", "is", "if", "else", "true", "false", "True", "False", "none"];

/// A name with the parts behind it: `addresses.work.region`. The parts end where one is not known before the expression is evaluated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chain {
    root: String,
    parts: Vec<String>,
}

impl Chain {
    pub(super) fn root(&self) -> &str {
        &self.root
    }

    pub(super) fn part(&self, index: usize) -> Option<&str> {
        self.parts.get(index).map(String::as_str)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token<'a> {
    Name(&'a str),
    /// A text without its quotation marks; nothing if it has an escape, so that its value is not what is written.
    Text(Option<&'a str>),
    Number,
    Sign(char),
}

/// The names that a well-formed expression uses; an error has the reason and the byte.
pub(super) fn names(text: &str) -> Result<BTreeSet<Chain>, (String, usize)> {
    let tokens = tokens(text);
    let token = |index: Option<usize>| index.and_then(|index| tokens.get(index)).map(|(token, _)| *token);
    let mut names = BTreeSet::new();
    for (index, (found, at)) in tokens.iter().enumerate() {
        // A list that is repeated costs the engine nothing to make, and whoever looks through it everything.
        if *found == Token::Sign('*') {
            return Err(("unknown operator *".to_owned(), *at));
        }
        let Token::Name(name) = *found else { continue };
        let [before, before_that] = [index.checked_sub(1), index.checked_sub(2)].map(token);
        let is_test = before == Some(Token::Name("is")) || (before == Some(Token::Name("not")) && before_that == Some(Token::Name("is")));
        let is_called = token(Some(index + 1)) == Some(Token::Sign('('));
        let unknown = |what: &str, known: &[&str]| {
            let known = if known.is_empty() { String::new() } else { format!(", expected one of {}", known.join(", ")) };
            Err((format!("unknown {what} {}{known}", excerpt(name)), *at))
        };
        match before {
            Some(Token::Sign('|')) if FILTERS.contains(&name) => {}
            Some(Token::Sign('|')) => return unknown("filter", &FILTERS),
            // A part of a chain, which is read with its root.
            Some(Token::Sign('.')) if is_called => return unknown("function", &FUNCTIONS),
            Some(Token::Sign('.')) => {}
            _ if is_test && name == "not" => {}
            _ if is_test && TESTS.contains(&name) => {}
            _ if is_test => return unknown("test", &TESTS),
            _ if KEYWORDS.contains(&name) => {}
            _ if is_called && FUNCTIONS.contains(&name) => {
                if name == "in_group" {
                    names.insert(Chain { root: GROUPS.to_owned(), parts: Vec::new() });
                }
            }
            _ if is_called => return unknown("function", &FUNCTIONS),
            _ => {
                let chain = Chain { root: name.to_owned(), parts: parts(tokens.get(index + 1..).unwrap_or_default()) };
                check(&chain).map_err(|reason| (reason, *at))?;
                names.insert(chain);
            }
        }
    }
    Ok(names)
}

/// Whether there is what the chain names.
fn check(chain: &Chain) -> Result<(), String> {
    let expects = |expected: &str| Err(format!("{} needs {expected}", chain.root));
    let unknown = |name: &str| Err(format!("unknown name {}.{}", chain.root, excerpt(name)));
    match (chain.root(), chain.part(0)) {
        (ATTRIBUTES | GROUPS | GROUP_NAME, _) => Ok(()),
        (MANAGER, Some(field)) if FIELDS.contains(&field) => Ok(()),
        (MANAGER, Some(field)) => unknown(field),
        (MANAGER, None) => expects("a field behind it, such as manager.email"),
        (ADDRESSES, Some(kind)) => match chain.part(1) {
            Some(part) if part.parse::<AddressPart>().is_ok() => Ok(()),
            Some(part) => unknown(&format!("{kind}.{part}")),
            None => expects("a type and a part behind it, such as addresses.work.region"),
        },
        (PHONE_NUMBERS, Some(kind)) => match chain.part(1) {
            Some(NUMBER) => Ok(()),
            Some(part) => unknown(&format!("{kind}.{part}")),
            None => expects("a type and number behind it, such as phoneNumbers.work.number"),
        },
        (ADDRESSES, None) => expects("a type and a part behind it, such as addresses.work.region"),
        (PHONE_NUMBERS, None) => expects("a type and number behind it, such as phoneNumbers.work.number"),
        (name, _) if FIELDS.contains(&name) => Ok(()),
        (name, _) => Err(format!("unknown name {}", excerpt(name))),
    }
}

/// The parts behind a name: `.part` and `["part"]`.
fn parts(mut tokens: &[(Token<'_>, usize)]) -> Vec<String> {
    let mut parts = Vec::new();
    loop {
        tokens = match tokens {
            [(Token::Sign('.'), _), (Token::Name(name), _), rest @ ..] => {
                parts.push((*name).to_owned());
                rest
            }
            [(Token::Sign('['), _), (Token::Text(Some(name)), _), (Token::Sign(']'), _), rest @ ..] => {
                parts.push((*name).to_owned());
                rest
            }
            _ => return parts,
        };
    }
}

/// The text in words and signs, each with its byte. Only names, texts and single signs matter; the engine has read the expression before.
fn tokens(text: &str) -> Vec<(Token<'_>, usize)> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length_while = |is_part: fn(char) -> bool| rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let first = rest.chars().next().unwrap_or(' ');
        let length = match first {
            c if c.is_whitespace() => c.len_utf8(),
            c if c.is_alphabetic() || c == '_' => {
                let length = length_while(|c| c.is_alphanumeric() || c == '_');
                tokens.push((Token::Name(rest.get(..length).unwrap_or_default()), at));
                length
            }
            c if c.is_ascii_digit() => {
                tokens.push((Token::Number, at));
                length_while(|c| c.is_alphanumeric() || c == '_')
            }
            quote @ ('"' | '\'') => {
                let inner = quoted(rest, quote);
                tokens.push((Token::Text(Some(inner).filter(|inner| !inner.contains('\\'))), at));
                inner.len() + 2
            }
            c => {
                tokens.push((Token::Sign(c), at));
                c.len_utf8()
            }
        };
        at += length;
    }
    tokens
}

/// What is in the quotation marks at the beginning of `text`.
fn quoted(text: &str, quote: char) -> &str {
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let is_end = *c == quote && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        is_end
    });
    text.get(1..end.map_or(text.len(), |(end, _)| end)).unwrap_or_default()
}
