//! The program `sso` as its user runs it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use tempfile::TempDir;

use super::program;

/// The metadata of a service provider as AWS has it for download, with our own ids.
pub(crate) const SP_METADATA: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" "#,
    r#"entityID="https://eu-north-1.signin.aws.amazon.com/platform/saml/d-c36712ab90"><md:SPSSODescriptor AuthnRequestsSigned="false" "#,
    r#"WantAssertionsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:NameIDFormat>"#,
    r#"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat><md:AssertionConsumerService "#,
    r#"Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://eu-north-1.signin.aws.amazon.com/platform/saml/acs/4d1f" "#,
    r#"index="0" isDefault="true"/><md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" "#,
    r#"Location="https://eu-north-1.sso.signin.aws/platform/saml/acs/9b20" index="1"/></md:SPSSODescriptor></md:EntityDescriptor>"#
);
pub(crate) const SP_ENTITY_ID: &str = "https://eu-north-1.signin.aws.amazon.com/platform/saml/d-c36712ab90";
pub(crate) const ACS: &str = "https://eu-north-1.signin.aws.amazon.com/platform/saml/acs/4d1f";
pub(crate) const SECOND_ACS: &str = "https://eu-north-1.sso.signin.aws/platform/saml/acs/9b20";

/// A key or a certificate that was made for tests.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/saml/tests/fixtures")).join(name)
}

/// Decodes base64 without spaces.
pub(crate) fn decode_base64(text: &str) -> Vec<u8> {
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap()
}

pub(crate) fn encode_base64(bytes: &[u8]) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes)
}

/// A folder with a service provider's metadata, in which the program runs.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(desk.path("sp.xml"), SP_METADATA).unwrap();
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of the files, in order.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files: Vec<String> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        files
    }

    pub(crate) fn sso<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(program("sso"));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).args(arguments);
        command
    }

    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ended {
        let output = self.sso(arguments).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { status: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// The arguments of `issue` for a person, with a key made for tests.
    pub(crate) fn issue(&self, user: &str, out: &str) -> Vec<String> {
        let (key, certificate) = (fixture("rsa2048.pem"), fixture("rsa2048.crt"));
        let (key, certificate) = (key.to_str().unwrap(), certificate.to_str().unwrap());
        let arguments =
            ["issue", "--sp-metadata", "sp.xml", "--user", user, "--acs", ACS, "--key", key, "--certificate", certificate, "--out", out];
        arguments.map(str::to_owned).to_vec()
    }
}

impl Ended {
    #[track_caller]
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// The program while it serves; killed in the end.
pub(crate) struct Serving {
    child: Child,
    lines: Receiver<String>,
    /// What it printed at its start.
    pub(crate) printed: Vec<String>,
    errors: Option<Receiver<String>>,
}

impl Serving {
    /// Starts it, and waits for the line that ends its introduction.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = lines_of(child.stdout.take().unwrap());
        let errors = Some(lines_of(child.stderr.take().unwrap()));
        let mut serving = Self { child, lines, printed: Vec::new(), errors };
        while !serving.printed.last().is_some_and(|line| line.contains("for trying only")) {
            match serving.lines.recv_timeout(Duration::from_secs(60)) {
                Ok(line) => serving.printed.push(line),
                Err(_) => {
                    let errors = serving.stderr();
                    panic!("it did not start: {:?}\n{errors}", serving.printed)
                }
            }
        }
        serving
    }

    /// The demonstration, with the bundled directory.
    pub(crate) fn demonstration() -> Self {
        let desk = Desk::new();
        Self::start(desk.sso([""; 0]))
    }

    /// The URL that stands behind `name` in what was printed, without a slash at its end.
    pub(crate) fn url(&self, name: &str) -> String {
        let line = self.printed.iter().find_map(|line| line.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches('/').to_owned()
    }

    pub(crate) fn user_portal(&self) -> String {
        self.url("User portal:")
    }

    pub(crate) fn access_portal(&self) -> String {
        self.url("Access portal:")
    }

    /// The next line that it prints.
    pub(crate) fn next_line(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(20)).unwrap()
    }

    /// The next line that it prints to standard error.
    pub(crate) fn next_error(&self) -> String {
        self.errors.as_ref().unwrap().recv_timeout(Duration::from_secs(20)).unwrap()
    }

    /// Ends it, and tells all that it printed to standard output and to standard error since the start.
    pub(crate) fn end(mut self) -> (String, String) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let mut printed = std::mem::take(&mut self.printed);
        printed.extend(self.lines.iter());
        let errors = self.stderr();
        (printed.join("\n"), errors)
    }

    fn stderr(&mut self) -> String {
        let _ = self.child.kill();
        self.errors.take().map(|errors| errors.iter().collect::<Vec<_>>().join("\n")).unwrap_or_default()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end, so that it never fills up.
fn lines_of(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                // Nobody listens any more, and the program must be able to go on printing.
                continue;
            }
        }
    });
    receiver
}
