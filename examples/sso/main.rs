//! Signs people in to AWS IAM Identity Center by SAML 2.0.
//!
//! With no arguments, it starts a small identity provider and the emulator of the service, both on loopback, and tells them about each other: to
//! try single sign-on in a browser, from either side. `serve` runs the same identity provider against the real service.
//!
//! ```text
//! cargo run --release --example sso
//! sso certificate --out idp.crt
//! sso metadata --idp-url https://idp.example.com/sso --out idp.xml
//! sso serve --sp-metadata sp.xml --idp-url https://idp.example.com/sso --key idp.key --certificate idp.crt
//! sso issue --sp-metadata sp.xml --user anna.berg@example.com --acs https://.. --key idp.key --certificate idp.crt --out response.html
//! ```
//!
//! # Security
//!
//! The directory file has no passwords, so nobody can be asked for one. In the demonstration whoever is at the machine chooses a person, for an
//! emulator that has nothing to protect. `serve` makes real sign-ins: whoever reaches it could be anybody at AWS. So it prints a log-in code at its
//! start, which has to be typed beside the e-mail address, and it listens on loopback only. It is for trying, not for a company.
//!
//! Exit status: 0 done; 1 usage or input; 2 the person may not sign in, so nothing was issued.

mod application;
mod arguments;
mod clock;
mod credential;
mod demonstration;
mod files;
mod idp;
mod issue;
mod metadata;
mod people;
mod random;
mod serve;
mod terminal;

use std::process::ExitCode;

use arguments::{Arguments, Command};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit,
    };
    let done = match &arguments.command {
        None => demonstration::run(&arguments.demonstration),
        Some(Command::Serve(arguments)) => serve::run(arguments),
        Some(Command::Issue(arguments)) => issue::run(arguments),
        Some(Command::Metadata(arguments)) => metadata::run(arguments),
        Some(Command::Certificate(arguments)) => credential::make(arguments),
    };
    match done {
        Ok(exit_status) => ExitCode::from(exit_status),
        Err(error) => {
            terminal::complain(&*error);
            ExitCode::from(1)
        }
    }
}
