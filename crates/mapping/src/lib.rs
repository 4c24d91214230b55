//! From a directory to SCIM and SAML: who is there, what of them is sent, and why something is not.
//!
//! ```text
//!   bytes --jumpcloud::read--> Snapshot --RuleSet::to_scim------> Mapped::Ready { resource, findings }
//!                                 |        RuleSet::group_to_scim  Mapped::Held { findings }
//!                                 |             |
//!                    Completeness, entitled     rules as a table, checked against a scim::Profile
//! ```
//!
//! # What it does
//!
//! - [`directory`] is the model: people, groups, what the application is bound to, and whether that is all. [`directory::jumpcloud`] reads it
//!   from a file in JumpCloud's shapes.
//! - [`RuleSet`] says which attribute of the directory becomes which attribute of SCIM, as data that can be printed, changed and compared;
//!   [`RuleSet::jumpcloud`] is the table to start from.
//! - [`RuleFile`] is all of it as a file that a person can read and change, in TOML or JSON; [`JUMPCLOUD_RULES`] is the one to start from. What cannot be
//!   is refused when it is loaded, with the line and the reason. A [`Scope`] in it says who is provisioned at all.
//! - [`RuleSet::to_scim`] and [`RuleSet::group_to_scim`] map one record, and check it against the limits of the service before anything is sent.
//!   What the service would refuse is left out or held, and each time there is a [`Finding`] that says what to change.
//! - [`Report`] previews a whole directory: who is sent, who is held and why, and what will not work; as text and as JSON.
//! - `SamlRuleSet` (feature `saml`) does the same for what an assertion says of a person: the NameID, which is the `userName` letter for letter, and
//!   attributes.
//!
//! # What it refuses to do
//!
//! It never takes a record that cannot be read or sent for one that is gone: such a record is *held*. It concludes nothing from a list that was
//! not read to its end. It opens no file and no socket, reads no clock, and knows nothing of what the service already has; what to create,
//! change or remove is decided elsewhere.
//!
//! # First use
//!
//! ```
//! use idbridge_mapping::{Mapped, RuleSet, directory::jumpcloud};
//! use idbridge_scim::Profile;
//!
//! let snapshot = jumpcloud::read(br#"{
//!     "systemusers": [
//!         {"_id": "u1", "username": "anna", "email": "anna.berg@example.com", "firstname": "Anna", "lastname": "Berg", "state": "ACTIVATED"},
//!         {"_id": "u2", "username": "ola", "email": "ola@example.com", "firstname": "Ola", "lastname": ""}
//!     ],
//!     "usergroups": [{"id": "g1", "name": "Staff", "members": ["u1", "u2"]}],
//!     "application": {"usergroups": ["g1"]}
//! }"#)?;
//!
//! let (rules, profile) = (RuleSet::jumpcloud(), Profile::aws_iam_identity_center());
//! let mut lines = Vec::new();
//! for user in snapshot.users().values() {
//!     match rules.to_scim(user, &profile) {
//!         Mapped::Ready { resource, .. } => lines.push(format!("{}: {}", user.id, resource.text("displayName").unwrap_or_default())),
//!         Mapped::Held { findings } => lines.push(format!("{}: held, {}", user.id, findings[0])),
//!     }
//! }
//! assert_eq!(lines, ["u1: Anna Berg", "u2: held, name.familyName is required and has no value; fill in lastname in the directory"]);
//! # Ok::<(), idbridge_mapping::Error>(())
//! ```
//!
//! [`map_your_directory`] starts from a file of your own.
//!
//! # Feature flags
//!
//! - `abac` (off by default): `abac`, the tags of people from the assertion and the console, and the policies that ask for them; it turns on `saml`.
//! - `csv` (off by default): `directory::csv`, the reader for tables; it brings the crate `csv`.
//! - `expressions` (off by default): [`expression`], for rules that need more than to copy an attribute, and for who is provisioned at all.
//! - `saml` (off by default): `SamlRuleSet::to_saml`, from a person to the NameID and the attributes of an assertion, with rules as data of its
//!   own.
//! - `toml` (off by default): `RuleFile::from_toml`. A file of rules in JSON is read without it, and both are written without it.

#[cfg(feature = "abac")]
pub mod abac;
pub mod directory;
pub mod display_name;
mod error;
#[cfg(feature = "expressions")]
pub mod expression;
mod finding;
pub mod group_name;
pub mod map_your_directory;
mod mapped;
mod report;
mod rule;
#[cfg(feature = "saml")]
mod saml;
mod scim;
mod scope;

pub use error::{Error, ErrorKind, Location};
#[cfg(feature = "expressions")]
pub use expression::{Expression, Facts};
#[cfg(feature = "expressions")]
pub use finding::ExpressionFailure;
#[cfg(feature = "saml")]
pub use finding::SamlRefusal;
pub use finding::{Finding, FindingKind, Record, Severity};
pub use mapped::Mapped;
pub use report::{Absence, Consequence, Counts, Effect, GroupReport, Report, Standing, UserReport, escaped};
pub use rule::{
    AddressPart, DisplayNameFrom, InactiveWhen, JUMPCLOUD_RULES, Rule, RuleFile, RuleSet, Source, Surroundings, UserNameFrom, WhenAbsent,
    Write,
};
#[cfg(feature = "saml")]
pub use saml::{MappedLogin, SamlRule, SamlRuleSet, SamlSource};
pub use scope::{NamePattern, Scope, Scoped};
