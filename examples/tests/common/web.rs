//! A browser without a window: it keeps cookies, follows redirections and fills in forms, and runs no script.

use std::cell::RefCell;
use std::collections::BTreeMap;

use http::{Request, Uri};

/// A browser.
pub(crate) struct Web {
    agent: ureq::Agent,
    /// By host, whatever the port: as browsers keep them.
    cookies: RefCell<BTreeMap<(String, String), String>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    pub(crate) url: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) text: String,
}

/// A form of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: BTreeMap<String, String>,
}

impl Web {
    pub(crate) fn new() -> Self {
        let configuration = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build();
        Self { agent: configuration.into(), cookies: RefCell::default() }
    }

    /// Asks for a page, and goes where it says.
    pub(crate) fn get(&self, url: &str) -> Page {
        self.follow(self.send("GET", url, &[], ""))
    }

    /// The same without going anywhere.
    pub(crate) fn get_only(&self, url: &str) -> Page {
        self.send("GET", url, &[], "")
    }

    /// Posts a form, and goes where the answer says.
    pub(crate) fn submit(&self, form: &Form) -> Page {
        self.follow(self.post(&form.action, &encoded(&form.fields)))
    }

    pub(crate) fn submit_only(&self, form: &Form) -> Page {
        self.post(&form.action, &encoded(&form.fields))
    }

    /// Posts a body as it is.
    pub(crate) fn post(&self, url: &str, body: &str) -> Page {
        self.send("POST", url, &[("Content-Type", "application/x-www-form-urlencoded")], body)
    }

    pub(crate) fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Page {
        let uri: Uri = url.parse().unwrap();
        let host = uri.host().unwrap().to_owned();
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> =
            self.cookies.borrow().iter().filter(|((at, _), _)| *at == host).map(|((_, name), value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies.join("; "));
        }
        let mut response = self.agent.run(request.body(body.to_owned()).unwrap()).unwrap();
        let headers: Vec<(String, String)> =
            response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned())).collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            let key = (host.clone(), name.to_owned());
            if cookie.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(&key);
            } else {
                self.cookies.borrow_mut().insert(key, value.to_owned());
            }
        }
        let text = response.body_mut().read_to_string().unwrap();
        Page { url: url.to_owned(), status: response.status().as_u16(), headers, text }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.borrow().iter().find(|((_, known), _)| known == name).map(|(_, value)| value.clone())
    }

    pub(crate) fn set_cookie(&self, host: &str, name: &str, value: &str) {
        self.cookies.borrow_mut().insert((host.to_owned(), name.to_owned()), value.to_owned());
    }

    fn follow(&self, mut page: Page) -> Page {
        for _ in 0..10 {
            let Some(location) = page.header("location").filter(|_| (300..400).contains(&page.status)) else { return page };
            let next = absolute(&page.url, location);
            page = self.get_only(&next);
        }
        panic!("no end of redirections at {}", page.url)
    }
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub(crate) fn expect_status(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}:\n{}", self.url, self.text);
        self
    }

    #[track_caller]
    pub(crate) fn assert_says(&self, texts: &[&str]) {
        for text in texts {
            assert!(self.text.contains(text), "{} does not say {text:?}:\n{}", self.url, self.text);
        }
    }

    /// The form whose action ends so.
    #[track_caller]
    pub(crate) fn form(&self, action: &str) -> Form {
        let forms: Vec<Form> = self.text.split("<form").skip(1).map(|form| self.read_form(form)).collect();
        forms
            .iter()
            .find(|form| form.action.ends_with(action))
            .cloned()
            .unwrap_or_else(|| panic!("no form to {action}: {forms:?}\n{}", self.text))
    }

    fn read_form(&self, form: &str) -> Form {
        let form = form.split("</form>").next().unwrap();
        let inputs = form.split("<input").skip(1).map(|input| input.split('>').next().unwrap());
        let fields = inputs.filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default()))).collect();
        Form { action: absolute(&self.url, &attribute(form, "action").unwrap()), fields }
    }
}

impl Form {
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn field(&self, name: &str) -> &str {
        &self.fields[name]
    }
}

/// The value of an attribute in a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let value = rest.split('"').next()?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#13;", "\r")
            .replace("&#10;", "\n")
            .replace("&amp;", "&"),
    )
}

fn absolute(base: &str, location: &str) -> String {
    if location.starts_with("http") {
        return location.to_owned();
    }
    let uri: Uri = base.parse().unwrap();
    format!("{}://{}{location}", uri.scheme_str().unwrap(), uri.authority().unwrap())
}

fn encoded(fields: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}

/// Escapes all that is no letter or digit.
pub(crate) fn escaped(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
