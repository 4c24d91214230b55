//! What a person reads.

use std::io::{self, Write};

/// Prints to standard output.
pub(crate) fn print(text: &str) {
    print_to(&mut io::stdout().lock(), text);
}

/// Prints to standard error.
pub(crate) fn note(text: &str) {
    print_to(&mut io::stderr().lock(), text);
}

/// Prints an error and what caused it to standard error.
pub(crate) fn complain(error: &dyn std::error::Error) {
    let mut text = format!("sso: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        let told = cause.to_string();
        // Some errors tell their cause themselves.
        if !text.ends_with(&told) {
            text.push_str(&format!(": {told}"));
        }
        source = cause.source();
    }
    note(&text);
}

/// A reader that went away is no reason to stop serving.
fn print_to(out: &mut dyn Write, text: &str) {
    let _ = writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush());
}
