//! Entries: lines that belong together, and the values that are read of them.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::ldif::dn::Dn;
use crate::directory::ldif::line::{Attribute, Line, Lines, Value, wrong};
use crate::error::Error;

/// The most bytes of values that are kept of an entry: a group of a million people is some 100 MiB.
const LARGEST_ENTRY: usize = 256 << 20;

/// The most entries, so that a small file cannot ask for much memory.
const MOST_ENTRIES: usize = 2_000_000;

/// The attributes that are read, in small letters; all others are passed over without being decoded.
const KNOWN: [&str; 57] = [
    "businesscategory",
    "c",
    "cn",
    "co",
    "company",
    "costcenter",
    "department",
    "departmentnumber",
    "displayname",
    "email",
    "employeeid",
    "employeeidentifier",
    "employeenumber",
    "employeetype",
    "entryuuid",
    "facsimiletelephonenumber",
    "firstname",
    "givenname",
    "homephone",
    "initials",
    "ipauniqueid",
    "jobtitle",
    "l",
    "lastname",
    "locale",
    "location",
    "lockouttime",
    "mail",
    "manager",
    "member",
    "memberof",
    "memberuid",
    "memberurl",
    "middlename",
    "mobile",
    "name",
    "nsaccountlock",
    "nsuniqueid",
    "o",
    "objectclass",
    "objectguid",
    "pager",
    "physicaldeliveryofficename",
    "postaladdress",
    "postalcode",
    "preferredlanguage",
    "pwdaccountlockedtime",
    "samaccountname",
    "sn",
    "st",
    "street",
    "telephonenumber",
    "title",
    "uid",
    "uniquemember",
    "useraccountcontrol",
    "userprincipalname",
];

/// Other names of attributes (RFC 4519 section 2, RFC 4524 section 2).
const ALIASES: [(&str, &str); 18] = [
    ("commonname", "cn"),
    ("surname", "sn"),
    ("gn", "givenname"),
    ("userid", "uid"),
    ("rfc822mailbox", "mail"),
    ("streetaddress", "street"),
    ("stateorprovincename", "st"),
    ("localityname", "l"),
    ("organizationname", "o"),
    ("organization", "o"),
    ("countryname", "c"),
    ("friendlycountryname", "co"),
    ("fax", "facsimiletelephonenumber"),
    ("mobiletelephonenumber", "mobile"),
    ("pagertelephonenumber", "pager"),
    ("hometelephonenumber", "homephone"),
    ("hometelephone", "homephone"),
    ("homephonenumber", "homephone"),
];

/// An entry, with what is read of it.
pub(super) struct Entry {
    /// The name, unless it is none.
    pub(super) dn: Option<Dn>,
    /// The entry's place in the file, from 1.
    pub(super) row: usize,
    values: BTreeMap<String, Values>,
}

/// The values of one attribute.
///
/// A value that cannot be decoded stays in its place as one that cannot be read: dropped, it would look like a member who left.
#[derive(Default)]
pub(super) struct Values {
    plain: Vec<Result<Vec<u8>, &'static str>>,
    /// Values with a language, which stand behind those without.
    in_language: Vec<Result<Vec<u8>, &'static str>>,
    ranges: Vec<(u64, Option<u64>)>,
}

/// What a file says of itself besides its entries.
#[derive(Default)]
pub(super) struct Remarks {
    /// Whether a search says that it did not find everything.
    pub(super) is_incomplete: bool,
    /// How many entries there are.
    pub(super) count: usize,
}

impl Values {
    /// All values, those without a language first, with what is wrong in place of those that cannot be read.
    pub(super) fn texts(&self) -> impl Iterator<Item = Result<&str, &'static str>> {
        self.bytes().map(|value| value.and_then(|bytes| std::str::from_utf8(bytes).map_err(|_| "bytes that are not UTF-8")))
    }

    /// All values that are not empty, those without a language first; an empty value is as good as none.
    pub(super) fn bytes(&self) -> impl Iterator<Item = Result<&[u8], &'static str>> {
        let all = self.plain.iter().chain(&self.in_language);
        all.map(|value| value.as_deref().map_err(|found| *found))
            .filter(|value| value.as_ref().is_ok_and(|bytes| !bytes.is_empty()) || value.is_err())
    }

    /// Whether only ranges of the values were given (Active Directory's `;range=0-1499`) that do not make up the whole.
    ///
    /// The ranges may come in any order. They are whole if they begin at 0, leave no gap and end with `*`; two that overlap are taken as cut, because
    /// nobody knows which of the two answers is the later one.
    pub(super) fn is_cut(&self) -> bool {
        if self.ranges.is_empty() {
            return false;
        }
        let mut ranges = self.ranges.clone();
        ranges.sort_by_key(|(first, _)| *first);
        let mut next = Some(0);
        for (first, last) in ranges {
            if next != Some(first) {
                return true;
            }
            next = last.and_then(|last| last.checked_add(1));
        }
        next.is_some()
    }
}

impl Entry {
    /// The values of the attribute; its name is one of those in small letters, in any case.
    pub(super) fn values(&self, name: &str) -> Option<&Values> {
        self.values.get(&name.to_ascii_lowercase())
    }

    /// The values of the attribute as texts; nothing if there are none.
    pub(super) fn texts(&self, name: &str) -> impl Iterator<Item = Result<&str, &'static str>> {
        self.values(name).into_iter().flat_map(Values::texts)
    }

    /// The kinds of the entry, in small letters.
    pub(super) fn classes(&self) -> BTreeSet<String> {
        self.texts("objectClass").flatten().map(|class| class.trim().to_ascii_lowercase()).collect()
    }
}

/// The name that an attribute is kept by; `name` is in small letters.
///
/// One attribute under two names (`cn`, `commonName`) has its values together, in the order of the file.
pub(super) fn canonical(name: &str) -> &str {
    ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, name)| name)
}

/// Hands over the entries of a file, one by one. `custom` are attributes to be read besides those that are known, by their [`canonical`]
/// names.
pub(super) fn read(bytes: &[u8], custom: &BTreeMap<String, String>, mut visit: impl FnMut(Entry)) -> Result<Remarks, Error> {
    let mut lines = Lines::new(bytes);
    let (mut remarks, mut block, mut is_first) = (Remarks::default(), Block::None, true);
    while let Some(line) = lines.next()? {
        let attribute = match line {
            Line::Blank => {
                if let Block::Entry(entry) = std::mem::take(&mut block) {
                    visit(entry.entry);
                }
                continue;
            }
            Line::Attribute(attribute) => attribute,
        };
        let name = attribute.name();
        match (&mut block, name.as_str()) {
            (Block::None, "version") if is_first => version(&attribute)?,
            (Block::None, "dn") => {
                remarks.count += 1;
                if remarks.count > MOST_ENTRIES {
                    return Err(wrong(format!("at most {MOST_ENTRIES} entries are read"), attribute.line));
                }
                block = Block::Entry(Box::new(Open::new(&attribute, remarks.count)?));
            }
            // What `ldapsearch` writes behind the entries.
            (Block::None | Block::Remark, "search" | "result" | "ref") => {
                remarks.is_incomplete |= name == "ref" || (name == "result" && !is_success(&attribute));
                block = Block::Remark;
            }
            (Block::Remark, _) => {}
            (Block::None, _) => return Err(wrong("an entry must begin with dn:, found another attribute", attribute.line)),
            (Block::Entry(_), "dn") => {
                return Err(wrong("an entry must end with an empty line, found the dn: of the next", attribute.line));
            }
            (Block::Entry(_), "changetype" | "control") => change(&name, &attribute)?,
            (Block::Entry(open), _) => open.add(&name, &attribute, custom)?,
        }
        is_first = false;
    }
    if let Block::Entry(entry) = block {
        visit(entry.entry);
    }
    Ok(remarks)
}

/// The lines since the last empty one.
#[derive(Default)]
enum Block {
    #[default]
    None,
    Entry(Box<Open>),
    Remark,
}

/// An entry that is being read.
///
/// Its size is counted as it grows, so that a file that never ends an entry is refused before the memory is gone.
struct Open {
    entry: Entry,
    size: usize,
}

impl Open {
    /// Begins an entry with its `dn`.
    ///
    /// # Errors
    ///
    /// If the name is to be fetched from a URL, which the grammar does not have.
    fn new(attribute: &Attribute<'_>, row: usize) -> Result<Self, Error> {
        let dn = match attribute.value() {
            Value::Bytes(bytes) => std::str::from_utf8(&bytes).ok().and_then(|text| Dn::parse(text).ok()),
            Value::Not(found) => return Err(wrong(format!("dn must be a distinguished name, found {found}"), attribute.line)),
        };
        Ok(Self { entry: Entry { dn, row, values: BTreeMap::new() }, size: 0 })
    }

    /// Takes one value of one attribute, if it is one that is read.
    ///
    /// # Errors
    ///
    /// If the entry has more bytes than are kept of one.
    fn add(&mut self, name: &str, attribute: &Attribute<'_>, custom: &BTreeMap<String, String>) -> Result<(), Error> {
        let name = canonical(name);
        if !KNOWN.contains(&name) && !custom.contains_key(name) {
            return Ok(());
        }
        let value = match attribute.value() {
            Value::Bytes(bytes) => Ok(bytes.into_owned()),
            Value::Not(found) => Err(found),
        };
        self.size += value.as_ref().map_or(0, Vec::len);
        if self.size > LARGEST_ENTRY {
            return Err(wrong(format!("at most {LARGEST_ENTRY} bytes of an entry are read"), attribute.line));
        }
        let values = self.entry.values.entry(name.to_owned()).or_default();
        let options = attribute.options();
        values.ranges.extend(options.iter().find_map(|option| range(option)));
        let is_in_language = options.iter().any(|option| option.starts_with("lang-"));
        if is_in_language {
            values.in_language.push(value)
        } else {
            values.plain.push(value)
        }
        Ok(())
    }
}

/// `range=0-1499` or `range=1500-*`. What cannot be read is a range that never fits.
fn range(option: &str) -> Option<(u64, Option<u64>)> {
    let (first, last) = option.strip_prefix("range=")?.split_once('-').unwrap_or_default();
    let last = if last == "*" { None } else { Some(last.parse().unwrap_or(u64::MAX)) };
    Some((first.parse().unwrap_or(u64::MAX), last))
}

/// The value of a line that is about the file, trimmed; nothing if it cannot be read.
fn text_of(attribute: &Attribute<'_>) -> String {
    match attribute.value() {
        Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).trim().to_owned(),
        Value::Not(_) => String::new(),
    }
}

/// Refuses other versions than 1, which is the only one (RFC 2849).
fn version(attribute: &Attribute<'_>) -> Result<(), Error> {
    if text_of(attribute) == "1" {
        return Ok(());
    }
    Err(wrong("the version must be 1, found another", attribute.line))
}

/// Whether a search ended with the result 0.
fn is_success(attribute: &Attribute<'_>) -> bool {
    text_of(attribute).split_whitespace().next() == Some("0")
}

/// A file of changes is no snapshot, except that some exports call every entry one that is added.
fn change(name: &str, attribute: &Attribute<'_>) -> Result<(), Error> {
    if name == "changetype" && text_of(attribute).eq_ignore_ascii_case("add") {
        return Ok(());
    }
    let reason = "a snapshot must have entries only, found a change; export the entries in place of the changes";
    Err(wrong(reason, attribute.line))
}
