//! Previews a directory against the rules: who would be sent, what of them, who is held and why, and what will not work.
//!
//! ```text
//! cargo run --release --example mapping
//! mapping --source okta --directory okta.json --rules rules.toml --format text
//! mapping --print-rules > rules.toml
//! ```
//!
//! Nothing is sent, and no service is asked. With `--print-rules` it prints the rules in TOML, to be changed and given to `--rules` here and to
//! `sync`.
//!
//! Exit status: 0 whoever is meant for the service is sent; 1 usage or input; 2 something is held.

mod arguments;
#[path = "../input/mod.rs"]
mod input;
mod table;
mod terminal;

use std::process::ExitCode;

use idbridge_mapping::Report;
use idbridge_scim::Profile;

use arguments::{Arguments, Format};

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit,
    };
    match preview(&arguments) {
        Ok(exit_status) => ExitCode::from(exit_status),
        Err(error) => {
            terminal::complain(&*error);
            ExitCode::from(1)
        }
    }
}

fn preview(arguments: &Arguments) -> Result<u8, Box<dyn std::error::Error>> {
    let rules = input::read_rules(arguments.rules.as_deref())?;
    if arguments.print_rules {
        terminal::print(&rules.to_toml());
        return Ok(0);
    }
    let directory = arguments.directory.read()?;
    let report = Report::with_log_in(&directory, &rules.rules, &Profile::aws_iam_identity_center(), &rules.saml);
    match arguments.format {
        Format::Table => terminal::print(&table::table(&report)),
        Format::Text => terminal::print(&report.to_string()),
        Format::Json => terminal::print(&report.to_json()),
    }
    Ok(if report.has_held() { 2 } else { 0 })
}
