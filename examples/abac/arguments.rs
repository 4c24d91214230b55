//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::input::{DirectoryArguments, PolicyArguments};

/// Show the tags that people have at AWS, where each comes from, and what of a policy will not work with them.
///
/// Without a directory file, the bundled people, rules, attributes and policy are shown; with one, only what is given.
#[derive(Debug, Parser)]
#[command(name = "abac", after_help = "Exit status: 0 nothing is wrong; 1 usage or input; 2 something will not work as it was meant.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) directory: DirectoryArguments,
    /// The rules, in TOML or (.json) JSON; those of JumpCloud's connector without it
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
    /// Show one person, by e-mail address, username or identifier, and which statements of the policy hold for them; everybody without it
    #[arg(long, value_name = "PERSON")]
    pub(crate) person: Option<String>,
    /// Print what the console of AWS can make tags of instead
    #[arg(long)]
    pub(crate) print_selectors: bool,
    /// What is printed: a report to read, or one for programs
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "text|json")]
    pub(crate) format: Format,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

impl Arguments {
    /// Reads the command line, or says what is wrong with it and with which status to exit.
    pub(crate) fn read() -> Result<Self, ExitCode> {
        Self::try_parse().map_err(|error| {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Nothing is left to do where even this cannot be printed.
            let _ = error.print();
            if is_help { ExitCode::SUCCESS } else { ExitCode::from(1) }
        })
    }
}
