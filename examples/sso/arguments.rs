//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use crate::files::Output;

/// Where `serve` listens if nothing else is said.
const LISTEN: &str = "127.0.0.1:8443";
/// What a certificate is called if nothing else is said.
const COMMON_NAME: &str = "idbridge";
/// How many days a certificate is valid if nothing else is said: three years.
const DAYS: u32 = 1_095;

/// Sign in to AWS IAM Identity Center with the people of a directory.
///
/// Without a command, an identity provider and an emulator of the service are started on loopback, to try single sign-on in a browser.
#[derive(Debug, Parser)]
#[command(
    name = "sso",
    args_conflicts_with_subcommands = true,
    after_help = "Exit status: 0 done; 1 usage or input; 2 the person may not sign in, so nothing was issued."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) demonstration: Demonstration,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the identity provider against the real service
    Serve(Serve),
    /// Issue one response, without a browser
    Issue(Issue),
    /// Write the identity provider's metadata, to be uploaded at AWS
    Metadata(Metadata),
    /// Make a key and its certificate, or a certificate for a key that is there
    Certificate(Certificate),
}

/// The identity provider and the emulator, both on loopback.
#[derive(Debug, Args)]
pub(crate) struct Demonstration {
    /// Where the identity provider listens; a free port of 127.0.0.1 without it
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
    /// The directory file; the bundled one without it
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
}

/// The identity provider against the real service.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// The SP metadata, as AWS has it for download
    #[arg(long, value_name = "FILE")]
    pub(crate) sp_metadata: PathBuf,
    #[command(flatten)]
    pub(crate) credential: KeyAndCertificate,
    /// The SingleSignOnService URL, as browsers reach it
    #[arg(long, value_name = "URL")]
    pub(crate) idp_url: String,
    /// The identity provider's entity ID; the IdP URL without it
    #[arg(long, value_name = "ID")]
    pub(crate) idp_entity_id: Option<String>,
    /// Where the application's tile leads, such as the AWS access portal; without it the tile signs in by itself
    #[arg(long, value_name = "URL")]
    pub(crate) login_url: Option<String>,
    /// Where to listen, on loopback only; a TLS proxy in front is what others reach
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    pub(crate) listen: SocketAddr,
    /// The directory file; the bundled one without it
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
}

/// One response.
#[derive(Debug, Args)]
pub(crate) struct Issue {
    /// The SP metadata
    #[arg(long, value_name = "FILE")]
    pub(crate) sp_metadata: PathBuf,
    /// The person, by e-mail address
    #[arg(long, value_name = "EMAIL")]
    pub(crate) user: String,
    /// The assertion consumer service, exactly as the metadata has it
    #[arg(long, value_name = "URL")]
    pub(crate) acs: String,
    /// The request that is answered; none without it
    #[arg(long, value_name = "ID")]
    pub(crate) in_response_to: Option<String>,
    /// What the service provider gets back, untouched
    #[arg(long, value_name = "S")]
    pub(crate) relay_state: Option<String>,
    /// The directory file; the bundled one without it
    #[arg(long, value_name = "FILE")]
    pub(crate) directory: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) credential: KeyAndCertificate,
    #[command(flatten)]
    pub(crate) names: Names,
    /// What is signed
    #[arg(long, value_enum, default_value_t = Sign::Both, value_name = "assertion|response|both")]
    pub(crate) sign: Sign,
    /// Where to: .html for a form that posts itself, .b64 for the form's value, .xml for the response; - for the XML on standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Output,
}

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Sign {
    /// The assertion.
    Assertion,
    /// The response around it.
    Response,
    /// Both.
    Both,
}

/// The identity provider's metadata.
#[derive(Debug, Args)]
pub(crate) struct Metadata {
    #[command(flatten)]
    pub(crate) names: Names,
    /// The certificate, and by a second one the next that signs; without it the one beside --out, made if there is none
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: Vec<PathBuf>,
    /// Where to; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Output,
}

/// A key and a certificate.
#[derive(Debug, Args)]
pub(crate) struct Certificate {
    /// Where the certificate goes; - for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Output,
    /// Where the new key goes, which is never overwritten; beside the certificate, ending in .key, without it
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub(crate) key_out: Option<PathBuf>,
    /// A key that is there (PKCS#8 or PKCS#1 PEM); a new one is made without it
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The name that people see in the console
    #[arg(long, value_name = "NAME", default_value = COMMON_NAME)]
    pub(crate) common_name: String,
    /// How long it is valid
    #[arg(long, value_name = "N", default_value_t = DAYS, value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(crate) days: u32,
}

/// What the identity provider is called.
#[derive(Debug, Default, Args)]
pub(crate) struct Names {
    /// The SingleSignOnService URL, as browsers reach it; JumpCloud's for an application of this name without it
    #[arg(long, value_name = "URL")]
    pub(crate) idp_url: Option<String>,
    /// The identity provider's entity ID; the IdP URL without it
    #[arg(long, value_name = "ID")]
    pub(crate) idp_entity_id: Option<String>,
}

/// What is signed with.
#[derive(Debug, Args)]
pub(crate) struct KeyAndCertificate {
    /// The private key, PKCS#8 or PKCS#1 PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// Its certificate, PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) certificate: PathBuf,
}

impl Certificate {
    /// A new key and its certificate at `out`.
    pub(crate) fn at(out: Output) -> Self {
        Self { out, key_out: None, key: None, common_name: COMMON_NAME.to_owned(), days: DAYS }
    }
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
