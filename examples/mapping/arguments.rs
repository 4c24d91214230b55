//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::input::DirectoryArguments;

/// Preview what would be sent of a directory, and why something is not.
///
/// Nothing is sent: it reads the directory and the rules, and asks nobody.
#[derive(Debug, Parser)]
#[command(name = "mapping", after_help = "Exit status: 0 whoever is meant for the service is sent; 1 usage or input; 2 something is held.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) directory: DirectoryArguments,
    /// The rules, in TOML or (.json) JSON; those of JumpCloud's connector without it
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// Print the rules instead, as a file to start from
    #[arg(long)]
    pub(crate) print_rules: bool,
    /// What is printed: a table, a report to read, or a report for programs
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "table|text|json")]
    pub(crate) format: Format,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A line for each person and each group.
    Table,
    /// With every finding in full.
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
