//! Syncs a directory into AWS IAM Identity Center.
//!
//! With no arguments, it starts the emulator of the service in this process, on a loopback port, and syncs the bundled directory into it over
//! real HTTP. With `--endpoint` and `AWS_SCIM_TOKEN` it talks to the real service, or to anything that speaks its SCIM.
//!
//! ```text
//! cargo run --release --example sync
//! AWS_SCIM_TOKEN=... sync --endpoint https://scim.us-east-1.amazonaws.com/TENANT/scim/v2 --directory directory.json
//! ```
//!
//! `--source` says what the directory file comes from, `--rules` what is sent of it; the example `mapping` previews both. `--policy` says before
//! the plan which tags of people an IAM policy asks for in vain, and stops nothing; the example `abac` says more.
//!
//! A thin shell over [`Integration::sync`]: it reads arguments, prints the plan, asks, and shows how far it is.
//!
//! Exit status: 0 everything that may be done is done; 1 usage or input; 2 some operations failed; 3 withheld by a guard; 4 stopped.

mod arguments;
mod connection;
#[path = "../input/mod.rs"]
mod input;
mod terminal;

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use idbridge_client::{Conversation, Integration, MemoryStore, PlanOnly, RedbStore, StateStore, SyncReport, Ureq3Transport};
use idbridge_mapping::abac::{PeopleTags, TagRules};
use idbridge_mapping::directory::Snapshot;
use idbridge_mapping::{RuleFile, RuleSet};
use idbridge_planner::{GroupManagement, Policy, Stopped};
use idbridge_scim::Profile;

use arguments::{Arguments, Format};
use connection::Connection;
use terminal::Terminal;

/// Where the state is kept when a real service is synced and nothing else is said.
const STATE: &str = "idbridge-state.redb";

fn main() -> ExitCode {
    let arguments = match Arguments::read() {
        Ok(arguments) => arguments,
        Err(exit) => return exit,
    };
    match sync(&arguments) {
        Ok(exit_status) => ExitCode::from(exit_status),
        Err(error) => {
            terminal::complain(&*error);
            ExitCode::from(1)
        }
    }
}

type Failure = Box<dyn std::error::Error>;

fn sync(arguments: &Arguments) -> Result<u8, Failure> {
    let directory = arguments.directory.read()?;
    let rules = input::read_rules(arguments.rules.as_deref())?;
    let looked_over = look_over_policy(arguments, &directory, &rules)?;
    let rules = rules.rules;
    let connection = Connection::open(arguments)?;
    let mut terminal = Terminal::new(arguments, connection.is_embedded());
    terminal.say(&connection.introduction());
    if let Some(found) = looked_over {
        terminal.say(&found);
    }
    let state = match (&arguments.state, connection.is_embedded()) {
        (Some(path), _) => Some(path.as_path()),
        (None, false) => Some(Path::new(STATE)),
        (None, true) => None,
    };
    match state {
        // A run that only plans opens the state for reading, and leaves it as it is.
        Some(path) if terminal.only_plans() => {
            run(arguments, &connection, RedbStore::open_read_only(path)?, &directory, rules, &mut terminal)
        }
        Some(path) => run(arguments, &connection, RedbStore::open(path)?, &directory, rules, &mut terminal),
        None => run(arguments, &connection, MemoryStore::new(), &directory, rules, &mut terminal),
    }
}

/// What of the policy will not work as it was meant for the people who are sent. It stops nothing: the policy is AWS's, not the sync's.
fn look_over_policy(arguments: &Arguments, directory: &Snapshot, rules: &RuleFile) -> Result<Option<String>, Failure> {
    let console = arguments.policy.read_console()?.unwrap_or_default();
    let Some(policy) = arguments.policy.read_policy()? else { return Ok(None) };
    let rules = TagRules { scim: &rules.rules, saml: &rules.saml, console: &console, precedence: arguments.policy.precedence };
    let tags = PeopleTags::of(directory, rules, &Profile::aws_iam_identity_center());
    let findings = tags.lint(&policy);
    let mut lines = vec![format!("Policy: {} findings, from the tags of {} people.", findings.len(), tags.people().len())];
    lines.extend(findings.iter().map(|finding| format!("  {}: {finding}", finding.code())));
    Ok(Some(lines.join("\n") + "\n"))
}

fn run(
    arguments: &Arguments,
    connection: &Connection,
    store: impl StateStore,
    directory: &Snapshot,
    rules: RuleSet,
    terminal: &mut Terminal,
) -> Result<u8, Failure> {
    let groups = if arguments.no_groups { GroupManagement::Off } else { GroupManagement::On };
    let mut policy = Policy::new(&Profile::aws_iam_identity_center(), groups);
    policy.allowance = arguments.allow_removals;
    policy.ignores_quarantine = arguments.retry_now;
    if let Some(rates) = arguments.rate_limit {
        policy.rates = rates;
    }
    let (endpoint, token) = connection.credentials();
    let mut integration = Integration::new(endpoint, token, Ureq3Transport::new(), store, policy).with_rules(rules);
    let report = integration.sync(directory, terminal)?;
    terminal.finished(&report);
    if let Some(Stopped::Quarantined { until, .. }) = &report.stopped {
        let left = until.duration_since(SystemTime::now()).unwrap_or_default().as_secs();
        terminal.say(&format!("It is asked again in {} s; --retry-now asks at once.", left + 1));
    }
    write_report(arguments, &report)?;
    if connection.is_embedded() && report.applied {
        let again = integration.sync(directory, &mut PlanOnly)?;
        terminal.say("\nPlanned again:");
        if let Some(plan) = &again.plan {
            terminal.say(&plan.explain().to_string());
        }
    }
    Ok(report.status().exit_status())
}

fn write_report(arguments: &Arguments, report: &SyncReport) -> Result<(), Failure> {
    if let Some(path) = &arguments.report {
        let text = report.to_json() + "\n";
        fs::write(path, text).map_err(|error| format!("the report {} cannot be written: {error}", path.display()))?;
    }
    if arguments.format == Format::Json {
        terminal::print(&report.to_json());
    }
    Ok(())
}
