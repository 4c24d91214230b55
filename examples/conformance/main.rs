//! Answers test vectors, so that any set of them can be run against these libraries.
//!
//! ```text
//! cargo run --release --example conformance -- scim < vectors.jsonl > answers.jsonl
//! cargo run --release --example conformance -- saml < vectors.jsonl > answers.jsonl
//! ```
//!
//! One JSON object a line comes in, one a line goes out, in the same order. A line that is none is answered with an error line.
//!
//! Exit status: 0 every line is answered; 1 usage, or what comes in or goes out broke.

mod lines;
mod saml;
mod scim;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Answers test vectors, one JSON object a line.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Subcommand)]
enum Subject {
    /// Signatures, responses, requests, metadata and canonical forms of SAML 2.0.
    Saml,
    /// Filters, paths, patches, differences and checks of SCIM 2.0.
    Scim,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help is no error; where it cannot be printed, nobody is left to tell.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(1) } else { ExitCode::SUCCESS };
        }
    };
    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    let answered = match arguments.subject {
        Subject::Saml => lines::answer_all(input, output, saml::answer, saml::refuse),
        Subject::Scim => lines::answer_all(input, output, scim::answer, scim::refuse),
    };
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            use io::Write as _;
            let _ = writeln!(io::stderr(), "conformance: {error}");
            ExitCode::from(1)
        }
    }
}
