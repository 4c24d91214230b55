//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use idbridge_scim::Rates;

use crate::input::{DirectoryArguments, PolicyArguments};

/// Sync a directory into AWS IAM Identity Center.
///
/// Without an endpoint, an emulator of the service is started in this process.
#[derive(Debug, Parser)]
#[command(
    name = "sync",
    after_help = "The token is read from the environment variable AWS_SCIM_TOKEN, or from the file that AWS_SCIM_TOKEN_FILE names; it is never an \
                  argument.\nExit status: 0 everything that may be done is done; 1 usage or input; 2 some operations failed; 3 withheld by a guard; \
                  4 stopped."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) directory: DirectoryArguments,
    /// The rules, in TOML or (.json) JSON; those of JumpCloud's connector without it
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
    /// The SCIM endpoint; the embedded emulator without it
    #[arg(long, value_name = "URL", help = "The SCIM endpoint, also from AWS_SCIM_ENDPOINT; the embedded emulator without it")]
    pub(crate) endpoint: Option<String>,
    /// The state database; idbridge-state.redb in this folder for a real endpoint, in memory for the embedded one
    #[arg(long, value_name = "PATH")]
    pub(crate) state: Option<PathBuf>,
    /// Only plan: send nothing but reads, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Apply without asking; this lifts no guard
    #[arg(long)]
    pub(crate) yes: bool,
    /// Let this run take away at most N objects
    #[arg(long, value_name = "N")]
    pub(crate) allow_removals: Option<usize>,
    /// Ask a service that failed as a whole although its pause is not over
    #[arg(long)]
    pub(crate) retry_now: bool,
    /// Leave groups and memberships alone
    #[arg(long)]
    pub(crate) no_groups: bool,
    /// Write a report as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// What is printed: the plan and a summary, or the report
    #[arg(long, value_enum, default_value_t = Format::Text, value_name = "text|json")]
    pub(crate) format: Format,
    /// Writes and reads a second; the service's published rates without it
    #[arg(long, value_name = "W/R", value_parser = rates)]
    pub(crate) rate_limit: Option<Rates>,
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
        let mut arguments = Self::try_parse().map_err(|error| {
            let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Nothing is left to do where even this cannot be printed.
            let _ = error.print();
            if is_help { ExitCode::SUCCESS } else { ExitCode::from(1) }
        })?;
        let from_environment = std::env::var("AWS_SCIM_ENDPOINT").ok().filter(|endpoint| !endpoint.trim().is_empty());
        arguments.endpoint = arguments.endpoint.or(from_environment);
        Ok(arguments)
    }

    /// The command line that lets this run take `objects` away.
    pub(crate) fn allowing(objects: usize) -> String {
        let mut words = std::env::args();
        let mut line = vec![words.next().unwrap_or_else(|| "sync".to_owned())];
        while let Some(word) = words.next() {
            if word == "--allow-removals" {
                words.next();
            } else if !word.starts_with("--allow-removals=") {
                line.push(quoted(&word));
            }
        }
        line.push(format!("--allow-removals {objects}"));
        line.join(" ")
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn rates(text: &str) -> Result<Rates, String> {
    let wrong = || format!("expected two positive numbers such as 25/40, found {text:?}");
    let (writes, reads) = text.split_once('/').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|_| wrong());
    Rates::new(number(writes)?, number(reads)?).ok_or_else(wrong)
}
