//! Headless Chromium, driven over the WebDriver protocol (W3C WebDriver).

#![allow(clippy::print_stderr, clippy::unwrap_in_result, reason = "what is passed over is told; what is ill fails at once")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// W3C WebDriver section 17.4.2: the keys that have no letter.
pub(crate) const ENTER: &str = "\u{E007}";
pub(crate) const TAB: &str = "\u{E004}";

/// The name under which WebDriver gives an element (section 12.2).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long a page may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A `chromedriver`, killed in the end.
pub(crate) struct Driver {
    child: Child,
    url: String,
    agent: ureq::Agent,
}

/// One window with its own cookies.
pub(crate) struct Browser<'d> {
    driver: &'d Driver,
    session: String,
}

impl Driver {
    /// Starts one; none if there is none on this machine, which is an error in CI.
    pub(crate) fn start() -> Option<Self> {
        let child = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut child) = child else {
            assert!(std::env::var_os("CI").is_none(), "chromedriver is missing: install chromium and chromium-driver");
            eprintln!("skipped: there is no chromedriver here; install chromium and chromium-driver to run this test");
            return None;
        };
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port =
            lines.find_map(|line| Some(line.ok()?.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().unwrap()));
        // What it prints later must go somewhere.
        std::thread::spawn(move || lines.for_each(drop));
        let configuration = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build();
        Some(Self { child, url: format!("http://127.0.0.1:{}", port.unwrap()), agent: configuration.into() })
    }

    pub(crate) fn browser(&self) -> Browser<'_> {
        self.browser_with(json!({}))
    }

    /// A browser whose pages run no script.
    pub(crate) fn browser_without_scripts(&self) -> Browser<'_> {
        self.browser_with(json!({"profile.managed_default_content_settings.javascript": 2}))
    }

    fn browser_with(&self, preferences: Value) -> Browser<'_> {
        // Root has no sandbox in Chromium; containers have little shared memory.
        let arguments = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--window-size=1000,900"];
        let options = json!({"args": arguments, "prefs": preferences});
        let always = json!({"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}});
        let answer = self.send("POST", "/session", Some(json!({"capabilities": {"alwaysMatch": always}}))).unwrap();
        Browser { driver: self, session: answer["sessionId"].as_str().unwrap().to_owned() }
    }

    fn send(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, Value> {
        let request = http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let mut response = self.agent.run(request.header("Content-Type", "application/json").body(body).unwrap()).unwrap();
        let answer: Value = serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
        if response.status().is_success() { Ok(answer["value"].clone()) } else { Err(answer["value"].clone()) }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Browser<'_> {
    pub(crate) fn open(&self, url: &str) {
        self.command("POST", "/url", Some(json!({"url": url})));
    }

    pub(crate) fn url(&self) -> String {
        self.command("GET", "/url", None).as_str().unwrap().to_owned()
    }

    /// The text that a person sees.
    pub(crate) fn text(&self) -> String {
        let body = self.find("body");
        self.command("GET", &format!("/element/{body}/text"), None).as_str().unwrap().to_owned()
    }

    /// Waits until the page says all of this.
    #[track_caller]
    pub(crate) fn wait_for(&self, texts: &[&str]) -> String {
        let start = Instant::now();
        loop {
            // Between two pages there may be none.
            let text = self.try_text().unwrap_or_default();
            if texts.iter().all(|expected| text.contains(expected)) {
                return text;
            }
            assert!(start.elapsed() < PATIENCE, "{} does not say {texts:?}:\n{text}", self.url());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn click(&self, selector: &str) {
        let element = self.find(selector);
        self.command("POST", &format!("/element/{element}/click"), Some(json!({})));
    }

    pub(crate) fn fill_in(&self, selector: &str, text: &str) {
        let element = self.find(selector);
        self.command("POST", &format!("/element/{element}/value"), Some(json!({"text": text})));
    }

    /// Presses keys, one after the other, wherever the focus is: as somebody without a mouse.
    pub(crate) fn press(&self, keys: &str) {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| [json!({"type": "keyDown", "value": key.to_string()}), json!({"type": "keyUp", "value": key.to_string()})])
            .collect();
        self.command("POST", "/actions", Some(json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})));
    }

    /// The text of the element that has the focus, or its name if it has none.
    pub(crate) fn focus(&self) -> String {
        let element = self.command("GET", "/element/active", None)[ELEMENT].as_str().unwrap().to_owned();
        let text = self.command("GET", &format!("/element/{element}/text"), None);
        match text.as_str().unwrap() {
            "" => self.command("GET", &format!("/element/{element}/attribute/name"), None).as_str().unwrap_or_default().to_owned(),
            text => text.to_owned(),
        }
    }

    /// Presses Tab until the focus is there, and so tells that the keyboard gets there.
    #[track_caller]
    pub(crate) fn tab_to(&self, expected: &str) {
        let mut seen = Vec::new();
        for _ in 0..20 {
            self.press(TAB);
            seen.push(self.focus());
            if seen.last().is_some_and(|focus| focus.contains(expected)) {
                return;
            }
        }
        panic!("Tab never gets to {expected}: {seen:?}");
    }

    /// The width of the line around the element that has the focus, in pixels.
    pub(crate) fn outline(&self) -> f64 {
        let width = self.run("return parseFloat(getComputedStyle(document.activeElement).outlineWidth)");
        width.as_f64().unwrap()
    }

    pub(crate) fn run(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", Some(json!({"script": script, "args": []})))
    }

    pub(crate) fn resize(&self, width: u32, height: u32) {
        self.command("POST", "/window/rect", Some(json!({"width": width, "height": height})));
    }

    /// Sets what the person prefers: `light` or `dark`.
    pub(crate) fn prefer(&self, scheme: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.command("POST", "/goog/cdp/execute", Some(json!({"cmd": "Emulation.setEmulatedMedia", "params": features})));
    }

    /// Whether there is such an element.
    pub(crate) fn has(&self, selector: &str) -> bool {
        !self.command("POST", "/elements", Some(json!({"using": "css selector", "value": selector}))).as_array().unwrap().is_empty()
    }

    /// What the console holds of warnings and errors since the last time.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", Some(json!({"type": "browser"})));
        let bad = log.as_array().unwrap().iter().filter(|entry| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING")));
        bad.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    fn find(&self, selector: &str) -> String {
        let start = Instant::now();
        loop {
            let found = self.try_command("POST", "/element", Some(json!({"using": "css selector", "value": selector})));
            match found {
                Ok(element) => return element[ELEMENT].as_str().unwrap().to_owned(),
                Err(error) => assert!(start.elapsed() < PATIENCE, "no {selector} at {}: {error}", self.url()),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn try_text(&self) -> Option<String> {
        let body = self.try_command("POST", "/element", Some(json!({"using": "css selector", "value": "body"}))).ok()?;
        let path = format!("/element/{}/text", body[ELEMENT].as_str()?);
        self.try_command("GET", &path, None).ok()?.as_str().map(str::to_owned)
    }

    #[track_caller]
    fn command(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        self.try_command(method, path, body).unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    fn try_command(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value, Value> {
        self.driver.send(method, &format!("/session/{}{path}", self.session), body)
    }
}

impl Drop for Browser<'_> {
    fn drop(&mut self) {
        let _ = self.driver.send("DELETE", &format!("/session/{}", self.session), None);
    }
}
