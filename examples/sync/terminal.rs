//! What a person sees and is asked.

use std::io::{self, IsTerminal, Write};

use idbridge_client::{Approval, Conversation, Progress, SyncReport};
use idbridge_planner::Plan;
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{Arguments, Format};

/// The terminal of one sync.
pub(crate) struct Terminal {
    mode: Mode,
    format: Format,
    bar: Option<ProgressBar>,
}

/// Whether the plan is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Apply,
    Ask,
    DryRun,
    CannotAsk,
}

impl Terminal {
    pub(crate) fn new(arguments: &Arguments, is_embedded: bool) -> Self {
        let can_ask = io::stdin().is_terminal() && io::stdout().is_terminal();
        let mode = if arguments.dry_run {
            Mode::DryRun
        } else if is_embedded || arguments.yes {
            Mode::Apply
        } else if can_ask {
            Mode::Ask
        } else {
            Mode::CannotAsk
        };
        Self { mode, format: arguments.format, bar: None }
    }

    /// Prints for people; where a program reads the output, it goes to standard error.
    pub(crate) fn say(&self, text: &str) {
        match self.format {
            Format::Text => print(text),
            Format::Json => print_to(&mut io::stderr().lock(), text),
        }
    }

    pub(crate) fn finished(&mut self, report: &SyncReport) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        self.say(&report.to_string());
        if self.mode == Mode::CannotAsk && report.plan.as_ref().is_some_and(|plan| !plan.is_empty()) {
            self.say("There is no terminal to ask on, so nothing was applied. Run it again with --yes to apply the plan.");
        }
        if let Some(tripped) = report.plan.as_ref().and_then(Plan::tripped) {
            let line = Arguments::allowing(tripped.objects());
            self.say(&format!("To let one run take away these {} objects:\n  {line}", tripped.objects()));
        }
    }

    fn asks(&self) -> Approval {
        print_to(&mut io::stdout().lock(), "Apply this plan? [y/N]");
        let mut answer = String::new();
        match io::stdin().read_line(&mut answer) {
            Ok(_) if matches!(answer.trim(), "y" | "Y" | "yes") => Approval::Apply,
            _ => Approval::OnlyPlan,
        }
    }
}

impl Conversation for Terminal {
    fn only_plans(&self) -> bool {
        matches!(self.mode, Mode::DryRun | Mode::CannotAsk)
    }

    fn approve(&mut self, plan: &Plan) -> Approval {
        self.say(&plan.explain().to_string());
        let approval = match self.mode {
            Mode::Ask if !plan.is_empty() => self.asks(),
            Mode::Apply | Mode::Ask => Approval::Apply,
            Mode::DryRun | Mode::CannotAsk => Approval::OnlyPlan,
        };
        if approval == Approval::Apply && !plan.is_empty() {
            let length = u64::try_from(plan.operations().len()).unwrap_or(u64::MAX);
            let bar = ProgressBar::new(length);
            if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} operations, {msg}") {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
        approval
    }

    fn progress(&mut self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            let summary = progress.summary;
            let over = summary.done + summary.held + summary.failed;
            bar.set_position(u64::try_from(over).unwrap_or(u64::MAX));
            bar.set_message(format!("{} requests, {} failed", summary.requests, summary.failed));
        }
    }
}

/// Prints to standard output.
pub(crate) fn print(text: &str) {
    print_to(&mut io::stdout().lock(), text);
}

/// Prints an error and what caused it to standard error.
pub(crate) fn complain(error: &dyn std::error::Error) {
    let mut text = format!("sync: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    print_to(&mut io::stderr().lock(), &text);
}

/// A reader that went away is no reason to leave a sync half done.
fn print_to(out: &mut dyn Write, text: &str) {
    let _ = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
}
