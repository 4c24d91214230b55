//! Reads a table of people in the format of [RFC 4180]: JumpCloud's import columns, or any others.
//!
//! | column | what it becomes |
//! | --- | --- |
//! | `id`, `_id` | the identifier |
//! | `Username`, `Email`, `FirstName`, `MiddleName`, `LastName` | the same |
//! | `DisplayName` or `preferredName` | the display name |
//! | `JobTitle`, `Department`, `CostCenter`, `Company`, `EmployeeType`, `EmployeeIdentifier`, `Location` | the same |
//! | `manager` | the person whose identifier, `Username` or `Email` it is |
//! | `state` | where the person is: `STAGED`; `ACTIVATED`, `ACTIVE` or `ENABLED`; `SUSPENDED`, `INACTIVE` or `DISABLED` |
//! | `suspended`, `active`, `activated`, `account_locked`, `password_expired` | `true`, `yes`, `y`, `1` or `false`, `no`, `n`, `0` |
//! | `work_streetAddress`, `work_city`, `work_state`, `work_postalCode`, `work_country` | the address of type `work`; likewise `home_`, `other_` |
//! | `work_number`, `mobile_number`, `home_number`, `other_number`, `work_mobile_number`, `work_fax_number` | telephone numbers by type |
//! | `Attribute1_name`, `Attribute1_value`, and so on | custom attributes |
//! | `locale` | the custom attribute `locale` |
//! | `Group1`, `Group2`, and so on | a group that the person is in, by its name |
//! | `groups` | all groups that the person is in, with `;` between them |
//! | `Password`, and what else is a password by its name | never read, whatever is asked for |
//!
//! Other columns are passed over. Names of columns compare without case, spaces, `_` and `-`; two columns for one thing are an error. [`Columns`]
//! says it otherwise: which column is which attribute.
//!
//! # Who is who
//!
//! The identifier is the column `id` if there is one, else `Username`, else `Email`, trimmed; the whole file goes by the same column. Without a
//! column `id`, whoever is renamed is another person. A group's identifier is its name, trimmed: a renamed group is another group, and one that
//! nobody is in is not in the table. A second table ([`read_with_groups`]) may have groups without members.
//!
//! # What makes it doubtful
//!
//! A table cannot say that something is missing, so the snapshot is [`Partial`](crate::directory::Completeness::Partial) for less than elsewhere: no
//! row, no column for groups (one that is empty says that there are none), a row without an identifier, and a row with more or fewer fields than
//! the header. Such a row is held if its identifier can be read, its groups are not taken, and nothing is concluded from absence, because a field that slipped makes one
//! person of another. Quotation marks that do not close, or that stand within a field without them, are an error: they would swallow people.
//!
//! Every person and every group of the table is bound to the application.
//!
//! The text is UTF-8, with or without a byte order mark. The delimiter is `,`, `;` or a tab: whichever the header has most of, and the first of
//! them if there are as many, unless a first line `sep=;` or [`Options`] say otherwise. A first line of PowerShell's (`#TYPE ..`) is passed over.
//!
//! [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180

mod columns;
mod field;
mod layout;
mod people;
mod table;

use crate::directory::Snapshot;
use crate::error::Error;

pub use columns::Columns;
pub use table::Delimiter;

/// The most bytes that a table may have: 512 MiB.
pub const LARGEST: usize = 512 << 20;

/// How a table is to be read.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::csv::{self, Columns, Delimiter, Options};
///
/// let mut options = Options::default();
/// options.columns = Columns::from_pairs([("Kürzel", "id"), ("Mail", "email"), ("Gruppen", "groups:|")])?;
/// options.delimiter = Some(Delimiter::Semicolon);
/// let snapshot = csv::read_with("Kürzel;Mail;Gruppen\nab;anna@example.com;Staff|Ops\n".as_bytes(), None, &options)?;
/// assert_eq!(snapshot.users()["ab"].email.as_deref(), Some("anna@example.com"));
/// assert!(snapshot.groups()["Ops"].members.contains("ab"));
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Which column is which attribute; JumpCloud's by default.
    pub columns: Columns,
    /// What is between the fields; found in the header by default.
    pub delimiter: Option<Delimiter>,
}

/// Reads a table with JumpCloud's columns.
///
/// # Errors
///
/// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) above [`LARGEST`] bytes; [`ErrorKind::Encoding`](crate::ErrorKind::Encoding) if it is not
/// UTF-8; [`ErrorKind::Shape`](crate::ErrorKind::Shape), with line and column, if no column is an identifier, two columns are one thing, or
/// quotation marks do not match, and above 1,000 columns, 1 MiB in a row or two million rows.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::{Completeness, csv};
///
/// let snapshot = csv::read(b"FirstName,LastName,Username,Email,Group1\nAnna,Berg,anna,anna@example.com,Staff\n")?;
/// assert_eq!(snapshot.users()["anna"].last_name.as_deref(), Some("Berg"));
/// assert!(snapshot.groups()["Staff"].members.contains("anna"));
/// assert_eq!(*snapshot.completeness(), Completeness::Complete);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// A value that cannot be read holds its row only, and the finding names the column and no value:
///
/// ```
/// use idbridge_mapping::directory::csv;
///
/// let snapshot = csv::read(b"id,Email,suspended,groups\nu1,anna@example.com,perhaps,Staff\nu2,ola@example.com,no,Staff\n")?;
/// let finding = &snapshot.users()["u1"].findings[0];
/// assert_eq!(
///     finding.to_string(),
///     "the record cannot be read: suspended must be true or false, found another text; correct the record in the source"
/// );
/// assert!(snapshot.users()["u2"].findings.is_empty());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
///
/// | error | what to do |
/// | --- | --- |
/// | `the header must have a column that is read as id, username or email` | name one of the columns so, or say with [`Columns::with`] which one it is |
/// | `columns 1 and 4 are both read as email` | leave one of them out, or read one as something else |
/// | `the quotation mark is never closed` | look at the line that it names: a field with a quotation mark in it doubles it |
/// | `at most .. columns are read` | export the columns that rules use |
/// | `the directory file is not UTF-8` | save the table as "CSV UTF-8" |
pub fn read(bytes: &[u8]) -> Result<Snapshot, Error> {
    read_with(bytes, None, &Options::default())
}

/// Reads a table with JumpCloud's columns, and a second one of who is in which group.
///
/// The second table has the columns `group` and `user`; a user is named by identifier, `Username` or `Email`. A row without a user says that the
/// group is there. What the first table says of groups goes for as much. A second table without a header was not read, which is not the same as
/// one without rows.
///
/// # Errors
///
/// As [`read`], for either table; also if the second one lacks a column.
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::csv;
///
/// let snapshot = csv::read_with_groups(b"id,Email\nu1,anna@example.com\n", b"group,user\nStaff,anna@example.com\nOps,\n")?;
/// assert!(snapshot.groups()["Staff"].members.contains("u1"));
/// assert!(snapshot.groups()["Ops"].members.is_empty());
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read_with_groups(people: &[u8], memberships: &[u8]) -> Result<Snapshot, Error> {
    read_with(people, Some(memberships), &Options::default())
}

/// Reads a table, and a second one of who is in which group if there is one, as `options` say.
///
/// # Errors
///
/// As [`read_with_groups`].
///
/// # Examples
///
/// ```
/// use idbridge_mapping::directory::csv::{self, Columns, Delimiter, Options};
///
/// let mut options = Options::default();
/// options.delimiter = Some(Delimiter::Semicolon);
/// options.columns = Columns::from_pairs([("Mail", "email"), ("Vorname", "firstname"), ("Nachname", "lastname"), ("Teams", "groups:|")])?;
///
/// let people = "Mail;Vorname;Nachname;Teams\nanna@example.com;Anna;Berg;Staff|Ops\n";
/// let snapshot = csv::read_with(people.as_bytes(), None, &options)?;
/// assert_eq!(snapshot.users()["anna@example.com"].first_name.as_deref(), Some("Anna"));
/// assert_eq!(snapshot.groups().keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["Ops", "Staff"]);
/// # Ok::<(), idbridge_mapping::Error>(())
/// ```
pub fn read_with(people: &[u8], memberships: Option<&[u8]>, options: &Options) -> Result<Snapshot, Error> {
    people::read(people, memberships, options)
}
