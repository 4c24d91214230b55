//! The access portal over a socket: what a browser does, without one.
#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]
#![expect(clippy::disallowed_methods, reason = "the server reads the clock, and so must its identity provider")]

#[cfg(test)]
mod common;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

use common::idp::{Idp, body, escaped, login, service_for};
use idbridge_emulator::{Server, StartedBy};
use idbridge_saml::{Attribute, ReceivedRequest, SignedResponse};

/// A browser: it keeps cookies, and follows nothing by itself.
#[derive(Default)]
struct Browser {
    cookies: BTreeMap<String, String>,
}

/// An answer.
#[derive(Debug)]
struct Page {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Page {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn location(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location").unwrap()
    }
}

impl Browser {
    fn get(&mut self, server: &Server, path: &str) -> Page {
        self.send(server, "GET", path, "", &[])
    }

    /// A form of the portal itself, which brings its cookies and its origin.
    fn submit(&mut self, server: &Server, path: &str, body: &str) -> Page {
        let origin = format!("Origin: http://{}", server.address());
        self.send(server, "POST", path, body, &[&origin, "Content-Type: application/x-www-form-urlencoded"])
    }

    /// A form of the identity provider's site: `SameSite=Lax` keeps the cookies back, and what is set is kept.
    fn post_from_elsewhere(&mut self, server: &Server, response: &SignedResponse) -> Page {
        let kept = std::mem::take(&mut self.cookies);
        let path = path_of(server, response.destination());
        let headers = ["Origin: https://idp.example.com", "Content-Type: application/x-www-form-urlencoded"];
        let page = self.send(server, "POST", path, &body(response), &headers);
        let set = std::mem::replace(&mut self.cookies, kept);
        self.cookies.extend(set);
        page
    }

    fn send(&mut self, server: &Server, method: &str, path: &str, body: &str, headers: &[&str]) -> Page {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n", server.address(), body.len());
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            head.push_str(&format!("Cookie: {}\r\n", cookies.join("; ")));
        }
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        let page = exchange(server, &format!("{head}\r\n{body}"));
        for (_, cookie) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }

    /// Goes to the identity provider, and gives what arrives there.
    fn login(&mut self, server: &Server) -> ReceivedRequest {
        let page = self.get(server, "/login");
        let (idp, query) = page.location().split_once('?').unwrap();
        assert_eq!(idp, common::idp::SSO_URL);
        ReceivedRequest::from_redirect(query).unwrap()
    }
}

fn exchange(server: &Server, request: &str) -> Page {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.map(|line| line.split_once(": ").unwrap()).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Page { status, headers, body: body.to_owned() }
}

fn path_of<'a>(server: &Server, url: &'a str) -> &'a str {
    url.strip_prefix(&format!("http://{}", server.address())).unwrap()
}

fn server_for(idp: &Idp) -> Server {
    Server::start(service_for(idp), "127.0.0.1:0").unwrap()
}

fn now() -> SystemTime {
    SystemTime::now()
}

/// A log-in of now.
fn fresh(name: &str) -> idbridge_saml::Login {
    let mut login = login(name);
    login.authenticated_at = now();
    login
}

/// The whole way: portal, identity provider, assertion consumer service without cookies, portal, and out again.
#[test]
fn a_person_signs_in_and_out() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    let mut browser = Browser::default();
    let page = browser.get(&server, "/start");
    assert!(page.status == 200 && page.body.contains("href=\"/login\"") && page.body.contains(common::idp::SSO_URL), "{page:?}");

    let received = browser.login(&server);
    let mut anna = fresh("anna@example.com");
    anna.attributes.push(Attribute::access_control("Department", "Research + Teaching"));
    anna.attributes.push(Attribute::new("<script>alert(1)</script>", ["\"x\""]));
    let response = server.with(|service| idp.answer(service, &received, &anna, now()));
    let page = browser.post_from_elsewhere(&server, &response);
    assert_eq!(page.location(), server.start_url());

    let page = browser.get(&server, "/start");
    assert_eq!(page.status, 200);
    for text in ["<h1>Signed in as anna@example.com</h1>", "SP-initiated", "<th scope=\"row\">Department</th><td>Research + Teaching</td>"]
    {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !page.body.contains("<script"), "{}", page.body);
    // It is the cookie that is signed in, and nobody else.
    assert!(!Browser::default().get(&server, "/start").body.contains("Signed in as"));
    server.with(|service| {
        assert_eq!(service.sign_ins().len(), 1);
        assert_eq!(service.sign_ins().first().unwrap().started_by(), StartedBy::ServiceProvider);
        assert!(service.failed_sign_ins().is_empty() && service.log().iter().all(|logged| logged.operation() == Some("CreateUser")));
    });

    let cookies = browser.cookies.clone();
    assert_eq!(browser.submit(&server, "/logout", "").location(), "/start");
    assert!(browser.get(&server, "/start").body.contains("href=\"/login\""));
    // The session is gone, and not only its cookie.
    assert!(Browser { cookies }.get(&server, "/start").body.contains("Your session has ended."));
}

/// What the identity provider starts needs no cookie of before.
#[test]
fn the_identity_provider_may_begin() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    let mut browser = Browser::default();
    let response = server.with(|service| idp.unsolicited(service, &fresh("anna@example.com"), now()));
    assert_eq!(browser.post_from_elsewhere(&server, &response).location(), server.start_url());
    let page = browser.get(&server, "/start");
    // The RelayState is shown, and never followed.
    assert!(page.body.contains("IdP-initiated") && page.body.contains("<code>https://console.aws.amazon.com/</code>"), "{}", page.body);
}

/// A response for one browser's request, carried into another browser, signs nobody in there.
#[test]
fn a_response_is_for_the_browser_that_asked() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    let (mut asking, mut other) = (Browser::default(), Browser::default());
    let received = asking.login(&server);
    let response = server.with(|service| idp.answer(service, &received, &fresh("anna@example.com"), now()));
    // The other browser has asked for something itself.
    other.login(&server);
    assert_eq!(other.post_from_elsewhere(&server, &response).status, 303);
    let page = other.get(&server, "/start");
    assert!(page.status == 403 && page.body.contains("another browser than this one"), "{page:?}");
    assert!(!other.get(&server, "/start").body.contains("Signed in as"));
    server.with(|service| {
        assert!(service.sign_ins().is_empty());
        assert_eq!(service.failed_sign_ins().first().unwrap().error().check(), "browser");
    });
}

/// Two tabs of one browser may ask at once, and both answers are taken.
#[test]
fn two_tabs_may_ask_at_once() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    let mut browser = Browser::default();
    let received = [browser.login(&server), browser.login(&server)];
    for received in received {
        let response = server.with(|service| idp.answer(service, &received, &fresh("anna@example.com"), now()));
        browser.post_from_elsewhere(&server, &response);
        // A third one asks before the portal has seen the answer.
        browser.login(&server);
        assert!(browser.get(&server, "/start").body.contains("Signed in as"));
    }
}

/// Who is not provisioned or not active gets a page that says so, and what AWS would not say.
#[test]
fn refusals_are_pages_with_the_reason() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    for (name, reason) in [("no'body@example.com", "no user has the userName &quot;no&#39;body@"), ("bo@example.com", "is not active")] {
        let mut browser = Browser::default();
        let response = server.with(|service| idp.unsolicited(service, &fresh(name), now()));
        let page = browser.post_from_elsewhere(&server, &response);
        assert!(page.status == 403 && page.body.contains(reason) && page.body.contains("Only that something went wrong"), "{page:?}");
        assert!(browser.cookies.is_empty());
    }
    // With the place in the document, and what CloudTrail says.
    let mut browser = Browser::default();
    let received = browser.login(&server);
    let response = server.with(|service| idp.answer(service, &received, &fresh("anna@example.com"), now()));
    browser.post_from_elsewhere(&server, &response);
    let page = browser.post_from_elsewhere(&server, &response);
    assert!(page.status == 400 && page.body.contains("<dd>replay</dd>"), "{page:?}");
    let late = server.with(|service| idp.unsolicited(service, &fresh("anna@example.com"), now() - Duration::from_secs(3_600)));
    let page = browser.post_from_elsewhere(&server, &late);
    assert!(page.status == 400 && page.body.contains("<dt>Where</dt><dd><code>Response/Assertion/"), "{page:?}");
    server.with(|service| assert_eq!((service.sign_ins().len(), service.failed_sign_ins().len()), (1, 4)));
    let page = Browser::default().send(&server, "POST", "/platform/saml/acs/unknown", "SAMLResponse=PGEvPg==", &[]);
    assert_eq!(page.status, 404);
}

/// Deprovisioning ends the session, and so does its end.
#[test]
fn a_session_ends_with_the_user_and_with_its_time() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    let mut browser = Browser::default();
    let response = server.with(|service| idp.unsolicited(service, &fresh("anna@example.com"), now()));
    browser.post_from_elsewhere(&server, &response);
    assert!(browser.get(&server, "/start").body.contains("Signed in as"));
    server.with(|service| {
        let anna = service.sign_ins().first().unwrap().user().clone();
        assert!(service.edit_user(&anna, |user| user.attributes_mut().set("active", false)));
    });
    let page = browser.get(&server, "/start");
    assert!(page.body.contains("anna@example.com is not active any more") && !page.body.contains("Signed in as"), "{page:?}");
    assert!(browser.cookies.is_empty());

    server.with(|service| {
        let anna = service.sign_ins().first().unwrap().user().clone();
        service.edit_user(&anna, |user| user.attributes_mut().set("active", true));
        let mut settings = service.settings().clone();
        settings.session_duration = Duration::ZERO;
        service.set_settings(settings);
    });
    let response = server.with(|service| idp.unsolicited(service, &fresh("anna@example.com"), now()));
    browser.post_from_elsewhere(&server, &response);
    assert!(browser.get(&server, "/start").body.contains("Your session has ended."));
}

/// The identity provider's metadata: by curl and by the form, whole or not at all, and from no other site's page.
#[test]
fn the_identity_provider_is_set_up_over_http() {
    let idp = Idp::new();
    let server = Server::start(common::service(), "127.0.0.1:0").unwrap();
    let mut browser = Browser::default();
    let page = browser.get(&server, "/start");
    assert!(page.body.contains("No identity provider is set up") && !page.body.contains("href=\"/login\""), "{page:?}");
    let page = browser.get(&server, "/login");
    assert!(
        page.status == 409 && page.body.contains("import its metadata first") && !page.body.contains("What AWS would show"),
        "{page:?}"
    );

    let xml = idp.metadata().to_xml().unwrap();
    let path = "/saml/idp-metadata";
    let foreign = ["Origin: https://evil.example.com", "Content-Type: text/plain"];
    assert_eq!(browser.send(&server, "POST", path, &xml, &foreign).status, 403);
    assert_eq!(browser.send(&server, "POST", "/logout", "", &["Origin: null"]).status, 403);
    let page = browser.send(&server, "POST", path, "<a/>", &["Content-Type: application/xml"]);
    assert!(page.status == 400 && page.body.starts_with("document: expected EntityDescriptor"), "{page:?}");
    let page = browser.submit(&server, path, "metadata=%3Ca%2F%3E");
    assert!(page.status == 400 && page.body.contains("<h1>Metadata refused</h1>"), "{page:?}");
    assert_eq!(browser.submit(&server, path, "file=x").status, 400);
    server.with(|service| assert!(service.identity_provider().is_none()));

    for content_type in ["Content-Type: application/samlmetadata+xml", "Content-Type: application/x-www-form-urlencoded", "Accept: */*"] {
        assert_eq!(browser.send(&server, "POST", path, &xml, &[content_type]).status, 204, "{content_type}");
    }
    let form = format!("metadata={}", escaped(&xml.replace("><", ">\r\n<")).replace("%20", "+"));
    assert_eq!(browser.submit(&server, path, &form).location(), "/start");
    let page = browser.get(&server, "/start");
    assert!(page.body.contains("href=\"/login\"") && page.body.contains("https://idp.example.com/anna&#39;s"), "{}", page.body);
}

/// The metadata for the identity provider names this server.
#[test]
fn the_metadata_is_of_this_address() {
    let server = Server::start(common::service(), "127.0.0.1:0").unwrap();
    let page = Browser::default().get(&server, "/saml/metadata");
    assert_eq!((page.status, page.header("content-type")), (200, Some("application/samlmetadata+xml")));
    assert_eq!(page.header("content-disposition"), Some("attachment; filename=\"d-9067f2a1b3-metadata.xml\""));
    assert_eq!(page.body, server.with(|service| service.sp_metadata().unwrap()));
    let url = format!("Location=\"http://{}/platform/saml/acs/", server.address());
    assert_eq!(page.body.matches(&url).count(), 2, "{}", page.body);
    assert_eq!(server.start_url(), format!("http://{}/start", server.address()));
}

/// Every page says what a browser may do with it, and brings nothing from elsewhere.
#[test]
fn pages_are_closed() {
    let idp = Idp::new();
    let server = server_for(&idp);
    for path in ["/start", "/saml/metadata", "/login?index=x", "/login?index=9"] {
        let page = Browser::default().get(&server, path);
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(page.header("referrer-policy"), Some("same-origin"));
        let policy = page.header("content-security-policy").unwrap();
        let nonce = policy.strip_prefix("default-src 'none'; style-src 'nonce-").unwrap().split('\'').next().unwrap();
        assert!(policy.ends_with("form-action 'self'; base-uri 'none'; frame-ancestors 'none'"), "{policy}");
        if page.header("content-type").unwrap().starts_with("text/html") {
            assert!(page.body.contains(&format!("<style nonce=\"{nonce}\">")));
            for outside in ["<script", "src=", "@import", "url(", " style="] {
                assert!(!page.body.contains(outside), "{path}: {outside}");
            }
        }
    }
    let nonce = |page: &Page| page.header("content-security-policy").unwrap().to_owned();
    let mut browser = Browser::default();
    assert_ne!(nonce(&browser.get(&server, "/start")), nonce(&browser.get(&server, "/start")));
}

/// The request goes by a form where the settings say so, with the form's own policy.
#[test]
fn the_request_may_be_a_form() {
    let mut idp = Idp::new();
    let server = server_for(&idp);
    server.with(|service| {
        let mut settings = service.settings().clone();
        settings.posts_requests = true;
        service.set_settings(settings);
    });
    let mut browser = Browser::default();
    let page = browser.get(&server, "/login");
    assert!(page.status == 200 && page.header("content-security-policy").unwrap().contains("script-src 'sha256-"), "{page:?}");
    assert!(page.header("set-cookie").is_some());
    let field = |name: &str| {
        let (_, rest) = page.body.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let received = ReceivedRequest::from_post(&field("SAMLRequest"), Some(&field("RelayState"))).unwrap();
    let response = server.with(|service| idp.answer(service, &received, &fresh("anna@example.com"), now()));
    browser.post_from_elsewhere(&server, &response);
    assert!(browser.get(&server, "/start").body.contains("Signed in as"));
}

/// Cookies go by the name of a host, so the portal has one; other paths and methods are not its own.
#[test]
fn paths_methods_and_names() {
    let server = Server::start(common::service(), "127.0.0.1:0").unwrap();
    let address = server.address();
    let alias = format!("GET /start HTTP/1.1\r\nHost: localhost:{}\r\nConnection: close\r\n\r\n", address.port());
    assert_eq!(exchange(&server, &alias).location(), format!("http://{address}/start"));
    let mut browser = Browser::default();
    assert_eq!(browser.get(&server, "/").location(), "/start");
    assert_eq!(browser.get(&server, "/favicon.ico").status, 204);
    let page = browser.get(&server, "/logout");
    assert_eq!((page.status, page.header("allow")), (405, Some("POST")));
    let page = browser.send(&server, "POST", "/start", "", &[]);
    assert_eq!((page.status, page.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!(browser.get(&server, "/platform/saml/acs/x").status, 405);
    server.with(|service| assert!(service.log().is_empty()));
    // Everything else is SCIM's.
    assert_eq!(browser.get(&server, "/start/").status, 401);
    server.with(|service| assert_eq!(service.log().len(), 1));
}

/// Requests and sessions of one server mean nothing to another, even on one host.
#[test]
fn two_servers_keep_their_cookies_apart() {
    let mut idp = Idp::new();
    let (one, two) = (server_for(&idp), server_for(&idp));
    let mut browser = Browser::default();
    for server in [&one, &two] {
        let response = server.with(|service| idp.unsolicited(service, &fresh("anna@example.com"), now()));
        browser.post_from_elsewhere(server, &response);
    }
    for server in [&one, &two] {
        assert!(browser.get(server, "/start").body.contains("Signed in as"));
    }
    assert_eq!(browser.cookies.len(), 2);
}
