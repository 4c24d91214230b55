//! What a person reads.

use std::io::{self, Write};

/// Prints to standard output.
pub(crate) fn print(text: &str) {
    print_to(&mut io::stdout().lock(), text);
}

/// Prints an error and what caused it to standard error.
pub(crate) fn complain(error: &dyn std::error::Error) {
    let mut text = format!("abac: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    print_to(&mut io::stderr().lock(), &text);
}

/// A reader that went away has read enough.
fn print_to(out: &mut dyn Write, text: &str) {
    let _ = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
}
