//! A company with a directory file, a service to sync it into, and the program `sync` as its user runs it; in modules of their own the program
//! `sso` and those who look at it.
//!
//! `cargo test -p idbridge-examples` builds the program as well; with `--test NAME` the one that was built last is run.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]
#![allow(dead_code, reason = "no test file needs everything")]

pub(crate) mod browser;
pub(crate) mod sso;
pub(crate) mod web;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use idbridge_emulator::{Fault, Faults, Logged, Server, Service, Settings, Token};
use idbridge_scim::{Resource, ResourceId};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A token that stands in nothing else, so that it can be looked for.
pub(crate) const TOKEN: &str = "zq7-token-that-nobody-may-see-4f1d";

/// A directory: people `u000`, `u001`, .. and groups.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    people: BTreeMap<String, Value>,
    groups: BTreeMap<String, (String, BTreeSet<String>)>,
    pub(crate) is_complete: bool,
    /// What `totalCount` says; a bare array without it.
    pub(crate) total_count: Option<usize>,
}

impl Company {
    /// So many people, all of them in the group `Staff` (`g-staff`), which is bound.
    pub(crate) fn of(people: usize) -> Self {
        let mut company = Self { people: BTreeMap::new(), groups: BTreeMap::new(), is_complete: true, total_count: None };
        for number in 0..people {
            company.hire(number);
        }
        company.with_group("g-staff", "Staff", 0..people)
    }

    /// The same with another bound group.
    pub(crate) fn with_group(mut self, id: &str, name: &str, members: impl IntoIterator<Item = usize>) -> Self {
        self.groups.insert(id.to_owned(), (name.to_owned(), members.into_iter().map(key).collect()));
        self
    }

    /// Adds a person who is in no group yet.
    pub(crate) fn hire(&mut self, number: usize) {
        let person = json!({
            "_id": key(number),
            "username": format!("person{number}"),
            "email": email(number),
            "firstname": format!("First{number}"),
            "lastname": format!("Last{number}"),
            "jobTitle": "Engineer",
            "state": "ACTIVATED",
        });
        self.people.insert(key(number), person);
    }

    /// Deletes a person from the directory and its groups.
    pub(crate) fn dismiss(&mut self, number: usize) {
        self.people.remove(&key(number)).unwrap();
        for (_, members) in self.groups.values_mut() {
            members.remove(&key(number));
        }
    }

    pub(crate) fn set(&mut self, number: usize, attribute: &str, value: &str) {
        self.people.get_mut(&key(number)).unwrap()[attribute] = Value::from(value);
    }

    pub(crate) fn rename(&mut self, group: &str, name: &str) {
        name.clone_into(&mut self.groups.get_mut(group).unwrap().0);
    }

    pub(crate) fn join(&mut self, group: &str, number: usize) {
        assert!(self.groups.get_mut(group).unwrap().1.insert(key(number)));
    }

    pub(crate) fn leave(&mut self, group: &str, number: usize) {
        assert!(self.groups.get_mut(group).unwrap().1.remove(&key(number)));
    }

    pub(crate) fn drop_group(&mut self, group: &str) {
        self.groups.remove(group).unwrap();
    }

    fn json(&self) -> String {
        let people: Vec<_> = self.people.values().collect();
        let groups: Vec<_> = self.groups.iter().map(|(id, (name, members))| json!({"id": id, "name": name, "members": members})).collect();
        let bound: Vec<_> = self.groups.keys().collect();
        let people = match self.total_count {
            Some(count) => json!({"totalCount": count, "results": people}),
            None => json!(people),
        };
        json!({"systemusers": people, "usergroups": groups, "application": {"usergroups": bound}, "complete": self.is_complete}).to_string()
    }
}

/// The directory id of a person.
pub(crate) fn key(number: usize) -> String {
    format!("u{number:03}")
}

/// The e-mail address of a person.
pub(crate) fn email(number: usize) -> String {
    format!("person{number}@example.com")
}

/// A service, and a folder with a directory file, the state and the report.
pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) fn new(company: &Company) -> Self {
        Self::with_settings(company, Settings::unhurried())
    }

    pub(crate) fn with_settings(company: &Company, mut settings: Settings) -> Self {
        settings.tokens = vec![Token::new(TOKEN)];
        let server = Server::start(Service::new(settings), "127.0.0.1:0").unwrap();
        let world = Self { server, folder: tempfile::tempdir().unwrap() };
        world.write(company);
        world
    }

    /// Writes the directory file.
    pub(crate) fn write(&self, company: &Company) {
        fs::write(self.path("directory.json"), company.json()).unwrap();
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The state database.
    pub(crate) fn state(&self) -> PathBuf {
        self.path("state.redb")
    }

    /// `sync` of the directory file into the service, with a state and a report, that applies without asking.
    pub(crate) fn sync(&self) -> Sync {
        self.asking().arg("--yes")
    }

    /// The same without `--yes`.
    pub(crate) fn asking(&self) -> Sync {
        Sync::new(self.folder.path())
            .arg("--directory")
            .arg(self.path("directory.json"))
            .arg("--endpoint")
            .arg(self.server.endpoint())
            .arg("--state")
            .arg(self.state())
    }

    /// Runs [`World::sync`], and expects that it exits with 0.
    pub(crate) fn synced(&self) -> Ended {
        self.sync().run().expect_status(0)
    }

    /// Forgets the requests, and tells which came since the last time.
    pub(crate) fn take_log(&self) -> Vec<Logged> {
        self.server.with(|service| {
            let log = service.log().to_vec();
            service.clear_log();
            log
        })
    }

    /// From the request after the next `many` on, holds every answer back for `time`: the effect is there at once. So a run that is at work is
    /// still at work when a test looks, however busy the machine is.
    pub(crate) fn hold_answers_after(&self, many: usize, time: Duration) {
        let scripted = std::iter::repeat_n(None, many).chain(std::iter::repeat_n(Some(Fault::Delayed(time)), 1000));
        self.server.with(|service| service.set_faults(Faults::script(scripted)));
    }

    /// Lets every answer go at once again.
    pub(crate) fn calm(&self) {
        self.server.with(|service| service.set_faults(Faults::none()));
    }

    /// The ids of the users and groups that carry a directory id, by it; every directory id stands there once.
    pub(crate) fn ids(&self) -> BTreeMap<String, ResourceId> {
        self.server.with(|service| {
            let mut ids = BTreeMap::new();
            for resource in service.users().chain(service.groups()) {
                if let Some(external) = resource.text("externalId") {
                    let twin = ids.insert(external.to_owned(), resource.id().unwrap());
                    assert_eq!(twin, None, "{external} is there twice");
                }
            }
            ids
        })
    }

    /// Asserts that the service holds what the company's directory says, and nothing else but `strangers`.
    pub(crate) fn assert_holds(&self, company: &Company, strangers: &BTreeSet<ResourceId>) {
        let ids = self.ids();
        let expected: BTreeSet<_> = company.people.keys().chain(company.groups.keys()).cloned().collect();
        assert_eq!(ids.keys().cloned().collect::<BTreeSet<_>>(), expected);
        self.server.with(|service| {
            let all = service.users().chain(service.groups()).filter_map(Resource::id);
            let unknown: BTreeSet<_> = all.filter(|id| !ids.values().any(|known| known == id)).collect();
            assert_eq!(&unknown, strangers);
            for (key, person) in &company.people {
                let user = service.user(&ids[key]).unwrap();
                let email = person["email"].as_str();
                assert_eq!((user.text("userName"), user.primary_value("emails")), (email, email));
                assert_eq!(user.text("title"), person["jobTitle"].as_str(), "{key}");
                assert_eq!(user.text("name.familyName"), person["lastname"].as_str(), "{key}");
                let is_member = company.groups.values().any(|(_, members)| members.contains(key));
                assert_eq!(user.get("active"), Some(&idbridge_scim::Value::from(is_member)), "{key}");
            }
            for (key, (name, members)) in &company.groups {
                let group = &ids[key];
                assert_eq!(service.group(group).unwrap().text("displayName"), Some(name.as_str()));
                let members: BTreeSet<_> = members.iter().map(|member| ids[member].clone()).collect();
                let present: BTreeSet<_> = service.members(group).difference(strangers).cloned().collect();
                assert_eq!(present, members, "members of {name}");
            }
        });
    }
}

/// One run of `sync` that is not started yet.
pub(crate) struct Sync {
    command: Command,
    report: PathBuf,
}

impl Sync {
    /// `sync` in a folder, with a report and without waiting, and with nothing of this process's settings.
    pub(crate) fn new(folder: &Path) -> Self {
        let report = folder.join("report.json");
        let sync = Self::bare(folder).arg("--rate-limit").arg("2000/2000").arg("--report").arg(&report);
        sync.token(TOKEN)
    }

    /// `sync` in a folder, without arguments and without a token.
    pub(crate) fn bare(folder: &Path) -> Self {
        let mut command = Command::new(program("sync"));
        for name in ["AWS_SCIM_ENDPOINT", "AWS_SCIM_TOKEN", "AWS_SCIM_TOKEN_FILE"] {
            command.env_remove(name);
        }
        command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, report: folder.join("report.json") }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn token(self, token: &str) -> Self {
        self.env("AWS_SCIM_TOKEN", token)
    }

    pub(crate) fn without_token(mut self) -> Self {
        self.command.env_remove("AWS_SCIM_TOKEN");
        self
    }

    pub(crate) fn run(self) -> Ended {
        self.start().end()
    }

    pub(crate) fn start(mut self) -> Running {
        // A report of an earlier run is none of this one.
        let _ = fs::remove_file(&self.report);
        Running { child: Some(self.command.spawn().unwrap()), report: self.report }
    }
}

/// A run under way; killed if the test ends before it.
pub(crate) struct Running {
    child: Option<Child>,
    report: PathBuf,
}

impl Running {
    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        let output = self.child.take().unwrap().wait_with_output().unwrap();
        Ended::new(&output, &self.report)
    }

    /// Acts on the service between two requests once `many` have come. Says whether it did: the run may be over before.
    ///
    /// The log is asked again and again, because the service tells nobody when a request comes.
    pub(crate) fn after_requests(&mut self, server: &Server, many: usize, action: impl FnOnce(&mut Service, &mut Child)) -> bool {
        let child = self.child.as_mut().unwrap();
        let mut action = Some(action);
        loop {
            let is_over = child.try_wait().unwrap().is_some();
            let acted = server.with(|service| {
                let is_time = service.log().len() >= many && !is_over;
                if let Some(action) = action.take_if(|_| is_time) {
                    action(service, child);
                }
                is_time
            });
            if acted || is_over {
                return acted;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Kills it, as `kill -9` does, once `many` requests have come. Says whether it was still at work.
    pub(crate) fn kill_after(mut self, server: &Server, many: usize) -> bool {
        let was_at_work = self.after_requests(server, many, |_, child| child.kill().unwrap());
        self.child.take().unwrap().wait_with_output().unwrap();
        was_at_work
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The report; null if none was written.
    pub(crate) report: Value,
}

impl Ended {
    fn new(output: &Output, report: &Path) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let report = fs::read(report).map_or(Value::Null, |report| serde_json::from_slice(&report).unwrap());
        Self { status: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr), report }
    }

    #[track_caller]
    pub(crate) fn expect_status(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// The requests by operation and status.
    pub(crate) fn requests(&self) -> &Value {
        &self.report["requests"]["by_operation"]
    }

    /// The codes of the findings.
    pub(crate) fn findings(&self) -> BTreeSet<&str> {
        self.report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
    }

    /// The kinds of the operations, in order.
    pub(crate) fn kinds(&self) -> Vec<&str> {
        self.report["operations"].as_array().unwrap().iter().map(|operation| operation["kind"].as_str().unwrap()).collect()
    }
}

/// How many requests of each operation a log has.
pub(crate) fn counts(log: &[Logged]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for logged in log {
        *counts.entry(logged.operation().unwrap()).or_default() += 1;
    }
    counts
}

/// Those that are more than reads.
pub(crate) fn writes(log: &[Logged]) -> Vec<&Logged> {
    log.iter().filter(|logged| logged.method() != "GET").collect()
}

/// A built example: cargo puts it in `examples` beside the folder of this test.
pub(crate) fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.parent().and_then(Path::parent).unwrap();
    let program = profile.join("examples").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "{} is not there; run `cargo build -p idbridge-examples --examples`, in the profile of this test",
        program.display()
    );
    program
}
