//! What several programs read: a directory, in the shape of whatever wrote it, and a file of rules.

#![allow(dead_code, reason = "each program uses its part")]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use idbridge_mapping::RuleFile;
use idbridge_mapping::abac::policy::Policy;
use idbridge_mapping::abac::{AccessControlAttributes, Precedence};
use idbridge_mapping::directory::{Snapshot, csv, google, graph, jumpcloud, ldif, okta, scim};

/// The directory file on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct DirectoryArguments {
    /// The directory file; the bundled one of its source without it
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    /// What the directory file comes from
    #[arg(long, value_enum, default_value_t = Source::Jumpcloud, value_name = "SOURCE")]
    pub(crate) source: Source,
}

/// What a directory file comes from. It is never guessed: half a directory that another reader makes of a file would be taken for all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Source {
    /// JumpCloud's interface, as JSON.
    Jumpcloud,
    /// Any SCIM 2.0 service, as JSON.
    Scim,
    /// A table with JumpCloud's import columns.
    Csv,
    /// An LDAP directory.
    Ldif,
    /// Google Workspace's Directory API, as JSON.
    Google,
    /// Microsoft Entra ID by way of Microsoft Graph, as JSON.
    Graph,
    /// Okta's interface, as JSON.
    Okta,
}

/// What asks for tags, and what makes them besides the rules, on the command line.
#[derive(Debug, clap::Args)]
pub(crate) struct PolicyArguments {
    /// An IAM policy, as JSON: say which tags it asks for that nobody or not everybody has
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// The attributes for access control that the console of AWS is set to, as JSON of its interface
    #[arg(long, value_name = "FILE")]
    pub(crate) console: Option<PathBuf>,
    /// Which of two values AWS takes, where the assertion and the console both set a tag
    #[arg(long, default_value_t = Precedence::Saml, value_name = "saml|console")]
    pub(crate) precedence: Precedence,
}

impl PolicyArguments {
    pub(crate) fn read_policy(&self) -> Result<Option<Policy>, Box<dyn Error>> {
        let Some(path) = &self.policy else { return Ok(None) };
        let bytes = fs::read(path).map_err(|error| format!("the policy {} cannot be read: {error}", path.display()))?;
        Ok(Some(Policy::from_json(&bytes).map_err(|error| format!("the policy {}: {error}", path.display()))?))
    }

    pub(crate) fn read_console(&self) -> Result<Option<AccessControlAttributes>, Box<dyn Error>> {
        let Some(path) = &self.console else { return Ok(None) };
        let bytes = fs::read(path).map_err(|error| format!("the attributes {} cannot be read: {error}", path.display()))?;
        Ok(Some(AccessControlAttributes::from_json(&bytes).map_err(|error| format!("the attributes {}: {error}", path.display()))?))
    }
}

impl DirectoryArguments {
    /// Reads the directory.
    pub(crate) fn read(&self) -> Result<Snapshot, Box<dyn Error>> {
        let Some(path) = &self.directory else {
            return Ok(self.source.read(self.source.bundled())?);
        };
        let bytes = fs::read(path).map_err(|error| format!("the directory file {} cannot be read: {error}", path.display()))?;
        Ok(self.source.read(&bytes).map_err(|error| format!("the directory file {}: {error}", path.display()))?)
    }
}

impl Source {
    fn read(self, bytes: &[u8]) -> Result<Snapshot, idbridge_mapping::Error> {
        match self {
            Self::Jumpcloud => jumpcloud::read(bytes),
            Self::Scim => scim::read(bytes),
            Self::Csv => csv::read(bytes),
            Self::Ldif => ldif::read(bytes),
            Self::Google => google::read(bytes),
            Self::Graph => graph::read(bytes),
            Self::Okta => okta::read(bytes),
        }
    }

    fn bundled(self) -> &'static [u8] {
        match self {
            Self::Jumpcloud => include_bytes!("../data/directory.json"),
            Self::Scim => include_bytes!("../data/directories/scim.json"),
            Self::Csv => include_bytes!("../data/directories/people.csv"),
            Self::Ldif => include_bytes!("../data/directories/people.ldif"),
            Self::Google => include_bytes!("../data/directories/google.json"),
            Self::Graph => include_bytes!("../data/directories/graph.json"),
            Self::Okta => include_bytes!("../data/directories/okta.json"),
        }
    }
}

/// Reads a file of rules, in JSON if its name ends so and in TOML otherwise; JumpCloud's rules without a file.
pub(crate) fn read_rules(path: Option<&Path>) -> Result<RuleFile, Box<dyn Error>> {
    let Some(path) = path else { return Ok(RuleFile::jumpcloud()) };
    let text = fs::read_to_string(path).map_err(|error| format!("the rules {} cannot be read: {error}", path.display()))?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let rules = if is_json { RuleFile::from_json(&text) } else { RuleFile::from_toml(&text) };
    Ok(rules.map_err(|error| format!("the rules {}: {error}", path.display()))?)
}
