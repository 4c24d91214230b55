//! Map your directory: from the file that you have to what the service gets, in four steps.
//!
//! ```text
//!   your JSON or CSV  --1 read-->  Snapshot  --2 preview-->  Report  --3 rules-->  RuleFile  --4 scope-->  who is provisioned
//! ```
//!
//! The programs `mapping` and `sync` do the same without a line of code: `mapping --source csv --directory people.csv` previews, and
//! `mapping --print-rules` prints the rules to start from.
//!
//! # 1. Read it
//!
//! Each source has a reader, which makes the same [`Snapshot`](crate::directory::Snapshot) of it: [`jumpcloud`](crate::directory::jumpcloud),
//! [`scim`](crate::directory::scim), [`google`](crate::directory::google), [`graph`](crate::directory::graph), [`okta`](crate::directory::okta),
//! [`ldif`](crate::directory::ldif), and `csv` (feature `csv`). None of them guesses: what is missing from a page makes the snapshot partial, and a
//! record that cannot be read is kept and held.
//!
//! An export of Okta, say, with the answers of three endpoints under three keys:
//!
//! ```
//! use idbridge_mapping::directory::{Completeness, okta};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let snapshot = okta::read(br#"{
//!     "users": [
//!         {"id": "00u1", "status": "ACTIVE", "profile": {"login": "ida@example.com", "email": "ida@example.com", "firstName": "Ida", "lastName": "Vik"}},
//!         {"id": "00u2", "status": "SUSPENDED", "profile": {"login": "per@example.com", "email": "per@example.com", "firstName": "Per", "lastName": "Moe"}}
//!     ],
//!     "groups": [{"id": "00g1", "profile": {"name": "Harbour"}}],
//!     "members": {"00g1": [{"id": "00u1"}, {"id": "00u2"}]}
//! }"#)?;
//! assert_eq!(snapshot.users().len(), 2);
//! assert_eq!(*snapshot.completeness(), Completeness::Complete);
//! # Ok(())
//! # }
//! ```
//!
//! A table with columns of your own, each with the field that it is:
//!
//! ```
//! # #[cfg(feature = "csv")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use idbridge_mapping::directory::csv::{self, Columns, Options};
//!
//! let columns = Columns::from_pairs([
//!     ("Personnel no", "id"),
//!     ("Mail", "email"),
//!     ("Given", "firstname"),
//!     ("Family", "lastname"),
//!     ("Teams", "groups"),
//!     ("Site", "attributes.site"),
//! ])?;
//! let table = b"Personnel no,Mail,Given,Family,Teams,Site\n17,ida@example.com,Ida,Vik,Harbour;Night watch,North quay\n";
//! let mut options = Options::default();
//! options.columns = columns;
//! let snapshot = csv::read_with(table, None, &options)?;
//! assert_eq!(snapshot.users()["17"].custom["site"], "North quay");
//! assert_eq!(snapshot.groups().len(), 2);
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "csv"))]
//! # fn main() {}
//! ```
//!
//! # 2. Preview it
//!
//! A [`Report`](crate::Report) says for each person what is sent, what is held and why, and what will not work, before anything is sent:
//!
//! ```
//! use idbridge_mapping::{Report, RuleSet, directory::scim};
//! use idbridge_scim::Profile;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let snapshot = scim::read(br#"{
//!     "Users": [
//!         {"id": "1", "userName": "ida", "name": {"givenName": "Ida", "familyName": "Vik"}, "emails": [{"value": "ida@example.com", "primary": true}]},
//!         {"id": "2", "userName": "ola", "name": {"givenName": "Ola"}, "emails": [{"value": "ola@example.com", "primary": true}]}
//!     ],
//!     "Groups": [{"id": "g", "displayName": "Ops: EU", "members": [{"value": "1"}]}]
//! }"#)?;
//! let report = Report::of(&snapshot, &RuleSet::jumpcloud(), &Profile::aws_iam_identity_center());
//! assert_eq!(report.summary().lines().next(), Some("2 people: 1 sent, 1 held, 0 not sent. 1 group: 0 sent, 1 held, 0 not sent."));
//! let text = report.to_string();
//! assert!(text.contains("fill in lastname in the directory"));
//! assert!(text.contains("rename the group in the directory"));
//! # Ok(())
//! # }
//! ```
//!
//! # 3. Change the rules
//!
//! Rules are a file ([`RuleFile`](crate::RuleFile)), in TOML or JSON. [`JUMPCLOUD_RULES`](crate::JUMPCLOUD_RULES) is the one to start from. A mistake
//! in it is refused when it is loaded, with its line; a row that is switched off leaves its attribute alone, at the service as well.
//!
//! ```
//! # #[cfg(feature = "toml")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use idbridge_mapping::{JUMPCLOUD_RULES, RuleFile};
//!
//! // One more row: where a person works becomes the type of the user.
//! let row = "{ id = \"X-1\", source = \"attributes.site\", target = \"userType\" },\n  { id = \"AM-07\"";
//! let rules = RuleFile::from_toml(&JUMPCLOUD_RULES.replacen("{ id = \"AM-07\"", row, 1))?;
//! assert!(rules.rules.managed_user_attributes().iter().any(|path| path.to_string() == "userType"));
//!
//! let error = RuleFile::from_toml(&JUMPCLOUD_RULES.replacen("source = \"jobTitle\"", "source = \"jobtitel\"", 1)).unwrap_err();
//! assert!(error.to_string().contains("jobtitel"), "{error}");
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "toml"))]
//! # fn main() {}
//! ```
//!
//! With the feature `expressions`, a rule has an `expression` in the place of `source`:
//!
//! ```text
//! { id = "X-2", expression = "'aws-' ~ name", target = "displayName", when_absent = "hold" }
//! ```
//!
//! # 4. Say who is provisioned
//!
//! The same file has a `[scope]`: an expression for people, names with `*` for groups. Whoever is out of scope is *present*, never *absent*: they are
//! deactivated if the service has them, under the guard, and never deleted. A group out of scope still entitles its members.
//!
//! ```
//! # #[cfg(all(feature = "toml", feature = "expressions"))]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use idbridge_mapping::{JUMPCLOUD_RULES, Report, RuleFile, directory::okta};
//! use idbridge_scim::Profile;
//!
//! let rules = RuleFile::from_toml(&format!("{JUMPCLOUD_RULES}\n[scope]\nusers = '(email | domain) == \"example.com\"'\n"))?;
//! # let snapshot = okta::read(br#"{"users": [{"id": "1", "status": "ACTIVE", "profile": {"login": "a", "email": "a@example.org", "firstName": "A", "lastName": "B"}}], "groups": [], "members": {}}"#)?;
//! let report = Report::of(&snapshot, &rules.rules, &Profile::aws_iam_identity_center());
//! assert_eq!(report.user_counts().sent, 0);
//! # Ok(())
//! # }
//! # #[cfg(not(all(feature = "toml", feature = "expressions")))]
//! # fn main() {}
//! ```
