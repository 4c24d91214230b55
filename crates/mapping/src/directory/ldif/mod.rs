//! Reads entries in LDIF ([RFC 2849]), as LDAP servers and Active Directory export them.
//!
//! | attribute of a person | what it becomes |
//! | --- | --- |
//! | `entryUUID`, `objectGUID`, `nsUniqueId`, `ipaUniqueID`, else the name of the entry | the identifier |
//! | `uid`, `sAMAccountName`, `userPrincipalName` | the username |
//! | `mail`, `email` | the e-mail address |
//! | `givenName`, `middleName` or `initials`, `sn` | the names |
//! | `displayName`, `cn` | the display name |
//! | `title`, `company` or `o`, `department` or `departmentNumber` | job title, company, department |
//! | `costCenter`, `businessCategory` | the cost center |
//! | `employeeNumber`, `employeeID` | the employee identifier |
//! | `employeeType`, `physicalDeliveryOfficeName` | employee type, location |
//! | `street`, `l`, `st`, `postalCode`, `c` or `co` | the address of type `work` |
//! | `postalAddress` with five lines, as JumpCloud writes it | what of that address is missing |
//! | `telephoneNumber`, `mobile`, `homePhone` | numbers of type `work`, `mobile`, `home` |
//! | `pager`, `facsimileTelephoneNumber` | numbers of type `work_mobile`, `work_fax`, as JumpCloud writes them |
//! | `preferredLanguage`, `locale` | the custom attribute `locale` |
//! | `manager` | the person whose entry it names |
//! | `memberOf` | one more way to say that the person is in a group |
//! | `userAccountControl` with bit 2; `nsAccountLock: true` | suspended |
//! | `pwdAccountLockedTime`, `lockoutTime` other than 0, `userAccountControl` with bit 16 | locked |
//! | `userAccountControl` with bit 8,388,608 | the password has expired |
//!
//! | attribute of a group | what it becomes |
//! | --- | --- |
//! | the same as of a person | the identifier |
//! | `cn`, `name`, `sAMAccountName`, `displayName` | the name |
//! | `member`, `uniqueMember` | members, and groups in it |
//! | `memberUid` | members by username |
//! | `memberOf` | the groups that it is in |
//!
//! Names of attributes compare without case. Of several attributes in one row the first that has a value counts, and of several values the first;
//! telephone numbers are all read. Values in a language (`;lang-en`) count where there is none without. Other attributes are passed over and
//! never decoded, passwords among them; [`read_with`] keeps those that are named as custom attributes.
//!
//! An entry is a person by its `objectClass` `inetOrgPerson`, `organizationalPerson`, `person`, `user` or `posixAccount`, unless it is a `computer`
//! or a `contact`; and a group as `groupOfNames`, `groupOfUniqueNames`, `groupOfMembers`, `groupOfEntries`, `groupOfURLs`, `posixGroup` or `group`.
//! Others are passed over. Primary groups (`gidNumber`, `primaryGroupID`) are not read.
//!
//! # Who is who
//!
//! An identifier that the server gave stays when an entry is renamed. Servers other than Active Directory hand it out only if it is asked for:
//! export `entryUUID` always or never. Without one, the entry's [`Dn`] in its normal form is the identifier, and whoever is renamed or moved is
//! another person.
//!
//! # What makes it doubtful
//!
//! The snapshot is [`Partial`](crate::directory::Completeness::Partial) if there is no person or no group, no member of any group, an entry without
//! `objectClass` or identifier, a name twice, a list of members in ranges that do not make up the whole (`member;range=0-1499`), a
//! `groupOfNames` without `member`, a group by search (`memberURL`), a search that ended with another result than 0 or a referral, or a last line
//! without its end, because that file was cut.
//!
//! So it is if a `member` or `memberOf` names an entry that is not there: it may be a group, whose people nobody knows then. Export those entries
//! as well, or leave `memberOf` out. Only a member named by its `uid` is a person for sure, and is a finding
//! ([`UnknownMember`](crate::FindingKind::UnknownMember)) as everywhere. A member that is there and neither a person nor a group is passed over,
//! as is the empty name, which stands in groups that must have a member.
//!
//! A value that is to be fetched from a URL (`:<`) is never fetched: the record is held. A file of changes is no snapshot, and is an error; only
//! `changetype: add` is taken, which some exports write with every entry.
//!
//! Every person and every group of the file is bound to the application. Groups in groups are [flattened](Snapshot::flatten).
//!
//! [RFC 2849]: https://www.rfc-editor.org/rfc/rfc2849

mod dn;
mod entry;
mod line;
mod reader;
mod record;

use std::collections::BTreeMap;

use crate::directory::{Snapshot, encoding};
use crate::error::{Error, ErrorKind, Location};

pub use dn::Dn;

use reader::Reader;

/// The most bytes that [`read`] takes: 512 MiB.
pub const LARGEST: usize = 512 << 20;

/// Reads the entries of a file.
///
/// # Errors
///
/// [`ErrorKind::TooLarge`] above [`LARGEST`] bytes; [`ErrorKind::Encoding`] if there is a NUL, as UTF-16 has; [`ErrorKind::Shape`] with the line if
/// a line is no attribute, an entry does not begin with `dn`, a record is a change, and above 16 MiB in a line, 256 MiB of values in an entry or
/// two million entries. A value that is not UTF-8 holds its record only.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, ldif};
///
/// let snapshot = ldif::read(b"version: 1
///
/// dn: uid=anna,ou=People,dc=example,dc=com
/// objectClass: inetOrgPerson
/// uid: anna
/// mail: anna@example.com
/// sn:: QmVyZw==
///
/// dn: cn=Staff,dc=example,dc=com
/// objectClass: groupOfNames
/// cn: Staff
/// member: UID=Anna, OU=People, DC=example, DC=com
/// ")?;
/// let anna = &snapshot.users()["uid=anna,ou=people,dc=example,dc=com"];
/// assert_eq!(anna.last_name.as_deref(), Some("Berg"));
/// assert!(snapshot.groups()["cn=staff,dc=example,dc=com"].members.contains(&anna.id));
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// What looks like an entry of nobody makes the snapshot doubtful, and does not fail:
///
/// ```
/// use idbridge_mapping::directory::{Completeness, ldif};
///
/// let snapshot = ldif::read(b"dn: cn=Staff,dc=example,dc=com
/// objectClass: groupOfNames
/// cn: Staff
/// member: cn=Contractors,dc=example,dc=com
/// ")?;
/// let Completeness::Partial(reasons) = snapshot.completeness() else { return Err("complete".into()) };
/// let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
/// assert!(reasons.iter().any(|reason| reason.contains("cn=contractors,dc=example,dc=com")), "{reasons:?}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// | error | what to do |
/// | --- | --- |
/// | `a line must be an attribute and its value with ':' between them` | take out what is no LDIF, such as a message of the export's program |
/// | `an entry must begin with dn:` | take out the empty line within the entry before |
/// | `an entry must end with an empty line` | put an empty line before the `dn:` that it names |
/// | `a snapshot must have entries only, found a change` | export entries (`ldapsearch`), not changes |
/// | `the directory file is not UTF-8` | export as text; a file of PowerShell's `>` is UTF-16 |
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    read_with(bytes, &[])
}

/// Reads the entries of a file, and keeps the first value of each attribute in `custom` as a custom attribute, of people and of groups.
///
/// Names compare without case; the custom attribute has the name as it is in `custom`.
///
/// # Errors
///
/// As [`read`]; also [`ErrorKind::Shape`] if a name is one of passwords, which are never read.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::ldif;
///
/// let file = b"dn: uid=anna,dc=example,dc=com\nobjectClass: person\nextensionAttribute1: Blue\n";
/// let snapshot = ldif::read_with(file, &["extensionAttribute1"])?;
/// let anna = &snapshot.users()["uid=anna,dc=example,dc=com"];
/// assert_eq!(anna.custom["extensionAttribute1"], "Blue");
/// assert!(ldif::read_with(file, &["userPassword"]).is_err());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read_with(bytes: &[u8], custom: &[&str]) -> Result<Snapshot, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::new(ErrorKind::TooLarge { most: LARGEST, found: bytes.len() }, Location::Whole));
    }
    let nul = bytes.iter().position(|byte| *byte == 0);
    if let Some(error) = nul.and_then(|offset| encoding::refused(bytes, offset)) {
        return Err(error);
    }
    let mut kept = BTreeMap::new();
    for name in custom {
        let small = name.to_ascii_lowercase();
        if PASSWORDS.contains(&small.as_str()) {
            let reason = format!("the attribute {name} is one for passwords, which are never read");
            return Err(Error::new(ErrorKind::Shape { reason }, Location::Whole));
        }
        kept.insert(entry::canonical(&small).to_owned(), (*name).to_owned());
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = Reader::new(&kept);
    let remarks = entry::read(text, &kept, |entry| reader.entry(&entry))?;
    Ok(reader.finish(&remarks, text.is_empty() || text.ends_with(b"\n")))
}

/// Attributes that hold passwords and their hashes, in small letters.
const PASSWORDS: [&str; 8] =
    ["userpassword", "unicodepwd", "dbcspwd", "ntpwdhistory", "lmpwdhistory", "sambantpassword", "sambalmpassword", "krbprincipalkey"];
