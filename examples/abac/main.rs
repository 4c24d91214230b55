//! Shows the tags that people have at AWS IAM Identity Center, each with its origin, and holds an IAM policy against them.
//!
//! ```text
//! cargo run --release --example abac
//! cargo run --release --example abac -- --person john.doe@example.com
//! abac --source okta --directory okta.json --rules rules.toml --console attributes.json --policy policy.json
//! abac --print-selectors
//! ```
//!
//! `--console` takes what `aws sso-admin describe-instance-access-control-attribute-configuration` prints. Nothing is sent, and no service is asked.
//! Whether a statement's conditions hold for a person is told from the tags alone: this is not IAM's full evaluation.
//!
//! Exit status: 0 nothing is wrong; 1 usage or input; 2 something will not work as it was meant.

mod arguments;
#[path = "../input/mod.rs"]
mod input;
mod page;
mod terminal;

use std::process::ExitCode;

use idbridge_mapping::RuleFile;
use idbridge_mapping::abac::policy::Policy;
use idbridge_mapping::abac::{AccessControlAttributes, PeopleTags, Selector, TagRules};
use idbridge_scim::Profile;

use arguments::{Arguments, Format};
use page::Page;

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit,
    };
    match show(&arguments) {
        Ok(exit_status) => ExitCode::from(exit_status),
        Err(error) => {
            terminal::complain(&*error);
            ExitCode::from(1)
        }
    }
}

/// The rules of both ways, what the console is set to, and the policy.
struct Given {
    rules: RuleFile,
    console: AccessControlAttributes,
    policy: Option<Policy>,
}

impl Given {
    fn read(arguments: &Arguments) -> Result<Self, Box<dyn std::error::Error>> {
        let (console, policy) = (arguments.policy.read_console()?, arguments.policy.read_policy()?);
        let is_bundled = arguments.directory.directory.is_none();
        let rules = match &arguments.rules {
            None if is_bundled => RuleFile::from_toml(include_str!("../data/abac/rules.toml"))?,
            path => input::read_rules(path.as_deref())?,
        };
        let console = match console {
            None if is_bundled => AccessControlAttributes::from_json(include_bytes!("../data/abac/console.json"))?,
            console => console.unwrap_or_default(),
        };
        let policy = match policy {
            None if is_bundled => Some(Policy::from_json(include_bytes!("../data/abac/policy.json"))?),
            policy => policy,
        };
        Ok(Self { rules, console, policy })
    }
}

fn show(arguments: &Arguments) -> Result<u8, Box<dyn std::error::Error>> {
    if arguments.print_selectors {
        let selectors: Vec<_> = Selector::all().map(|selector| selector.to_string()).collect();
        terminal::print(&selectors.join("\n"));
        return Ok(0);
    }
    let given = Given::read(arguments)?;
    let directory = arguments.directory.read()?;
    let rules =
        TagRules { scim: &given.rules.rules, saml: &given.rules.saml, console: &given.console, precedence: arguments.policy.precedence };
    let tags = PeopleTags::of(&directory, rules, &Profile::aws_iam_identity_center());
    let page = Page::new(&directory, &tags, &given, arguments.person.as_deref())?;
    terminal::print(&match arguments.format {
        Format::Text => page.to_string(),
        Format::Json => page.to_json(),
    });
    Ok(if page.is_wrong() { 2 } else { 0 })
}
