//! The program `conformance` as it is asked: lines in, lines out; and where the public vectors lie.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stdout, reason = "a test that is passed over says so")]
#![allow(dead_code, reason = "no test file needs everything")]

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

/// What the program answers to these lines of a subject.
pub(crate) fn answers(subject: &str, lines: &[String]) -> Vec<Value> {
    let mut program = env::current_exe().unwrap();
    program.pop();
    program.pop();
    program.push(format!("examples/conformance{}", env::consts::EXE_SUFFIX));
    let mut child = Command::new(&program).arg(subject).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let writer = thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The public vectors of a subject, where `IDBRIDGE_CORPUS` says where they are.
pub(crate) fn corpus(subject: &str) -> Option<PathBuf> {
    let Some(folder) = env::var_os("IDBRIDGE_CORPUS") else {
        println!("IDBRIDGE_CORPUS is not set: the public test vectors are not run");
        return None;
    };
    Some(Path::new(&folder).join(subject))
}
