//! The identity provider of the program `sso` over HTTP, with the emulator's access portal and without it, by a client that runs no script.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;
// Tests within an example are not run, so what time and number do to it is tested here.
#[allow(dead_code, reason = "only what its own test needs")]
#[path = "../sso/idp/shelf.rs"]
mod shelf;

use std::time::SystemTime;

use common::sso::{ACS, Desk, SP_ENTITY_ID, Serving, decode_base64, fixture};
use common::web::{Page, Web, escaped};
use idbridge_saml::{AuthnRequest, EntityDescriptor, EntityId, MessageId, RegisteredSp, Registration};

const ANNA: &str = "anna.berg@example.com";

/// Fills in the log-in form of the demonstration.
fn log_in(web: &Web, page: &Page, email: &str) -> Page {
    web.submit(&page.form("/login").with("email", email))
}

/// Logs in at the user portal.
fn portal(web: &Web, serving: &Serving, email: &str) -> Page {
    log_in(web, &web.get(&serving.user_portal()), email)
}

/// A request of the demonstration's service provider.
fn request(web: &Web, serving: &Serving, id: &str) -> AuthnRequest {
    let start = serving.access_portal();
    let metadata = web.get(&start.replace("/start", "/saml/metadata")).expect_status(200).text;
    let sp = RegisteredSp::from_xml(&metadata, &Registration::new().dangerous_allow_http()).unwrap();
    AuthnRequest::new(MessageId::new(id).unwrap(), sp.entity_id().clone(), SystemTime::now())
}

/// The message in the page that posts itself, as XML.
fn message(page: &Page) -> String {
    let base64 = page.clone().expect_status(200).form("").field("SAMLResponse").to_owned();
    String::from_utf8(decode_base64(&base64)).unwrap()
}

#[test]
fn who_begins_at_the_access_portal_is_signed_in_there_with_session_tags() {
    let serving = Serving::demonstration();
    let web = Web::new();
    let start = web.get(&serving.access_portal()).expect_status(200);
    start.assert_says(&["Sign in"]);
    let form = web.get(&start.url.replace("/start", "/login")).expect_status(200);
    assert!(form.url.starts_with(&serving.user_portal()), "{}", form.url);
    form.assert_says(&["to continue to", "AWS IAM Identity Center"]);
    let response = log_in(&web, &form, ANNA).expect_status(200);
    assert!(message(&response).contains("InResponseTo=\"aws_"));
    let form = response.form("");
    assert!(form.action.contains("/platform/saml/acs/") && form.fields.contains_key("RelayState"), "{form:?}");
    let done = web.submit(&form).expect_status(200);
    assert!(done.url.ends_with("/start"));
    done.assert_says(&[
        ANNA,
        "Anna Berg",
        "SP-initiated",
        "Department",
        "Engineering",
        "CostCenter",
        "CC-100",
        "Title",
        "Engineering Manager",
    ]);
    assert!(serving.next_line().starts_with(&format!("signed in: {ANNA}, as aws_")));

    // The session goes on: the next request is answered without another question.
    let again = web.get(&start.url.replace("/start", "/login")).expect_status(200);
    assert_eq!(again.form("").action, form.action);
}

#[test]
fn who_begins_at_the_user_portal_is_signed_in_by_the_tile() {
    let serving = Serving::demonstration();
    let web = Web::new();
    let tiles = portal(&web, &serving, ANNA).expect_status(200);
    tiles.assert_says(&["Your applications", "AWS IAM Identity Center", &format!("Signed in as <strong id=\"signed-in\">{ANNA}")]);
    let response = web.submit(&tiles.form("/launch"));
    assert!(!message(&response).contains("InResponseTo"));
    assert!(!response.form("").fields.contains_key("RelayState"));
    let done = web.submit(&response.form("")).expect_status(200);
    done.assert_says(&[ANNA, "IdP-initiated", "Department", "Engineering"]);

    let out = web.submit(&tiles.form("/logout")).expect_status(200);
    out.assert_says(&["You have signed out"]);
    assert_eq!(web.cookie("idbridge-session"), None);
    // What the browser still shows is of no use any more.
    assert!(web.submit(&tiles.form("/launch")).url.ends_with("/login"));
}

#[test]
fn a_request_that_is_posted_is_answered_like_one_in_a_url() {
    let serving = Serving::demonstration();
    let web = Web::new();
    let sso = format!("{}/sso", serving.user_portal());
    let mut request = request(&web, &serving, "aws_posted");
    request.assertion_consumer_service_index = Some(1);
    let form = request.to_post(&sso, Some("state"), None).unwrap();
    let body = format!("SAMLRequest={}&RelayState=state", escaped(form.message()));
    let waiting = web.post(&sso, &body).expect_status(303);
    assert!(waiting.header("location").unwrap().starts_with("/continue?request="));
    let page = web.get(&format!("{}{}", serving.user_portal(), waiting.header("location").unwrap()));
    let response = log_in(&web, &page, ANNA);
    assert!(message(&response).contains("InResponseTo=\"aws_posted\""));
    assert_eq!(response.form("").field("RelayState"), "state");
    // One answer to one request.
    let again = web.get(&format!("{}{}", serving.user_portal(), waiting.header("location").unwrap())).expect_status(410);
    again.assert_says(&["answered already"]);
}

#[test]
fn who_may_not_go_there_gets_a_page_and_no_response_whichever_way_they_come() {
    let serving = Serving::demonstration();
    let sso = format!("{}/sso", serving.user_portal());
    for (email, reason) in [
        ("walter.brandt@example.com", "You are in no group that may use it"),
        ("grace.okafor@example.com", "suspended in the directory"),
        ("henrik.solberg@example.com", "staged in the directory"),
    ] {
        let web = Web::new();
        let url = request(&web, &serving, "aws_denied").to_redirect(&sso, None, None).unwrap();
        let page = log_in(&web, &web.get(url.as_str()), email).expect_status(403);
        page.assert_says(&["You may not sign in to AWS IAM Identity Center", reason]);
        assert!(!page.text.contains("SAMLResponse"));
        assert!(serving.next_line().starts_with("denied: "), "{email}");
    }
    // Who is let in here, and not there, has no tile; posting its form anyway changes nothing.
    let web = Web::new();
    let tiles = portal(&web, &serving, "walter.brandt@example.com").expect_status(200);
    tiles.assert_says(&["There is none for you.", "You are in no group that may use it"]);
    assert!(!tiles.text.contains("/launch"));
    let mut form = tiles.form("/logout");
    form.action = form.action.replace("/logout", "/launch");
    let page = web.submit(&form).expect_status(403);
    assert!(!page.text.contains("SAMLResponse"), "{}", page.text);
    web.get(&serving.access_portal()).assert_says(&["Sign in"]);
}

#[test]
fn whom_the_directory_does_not_know_is_asked_again() {
    let serving = Serving::demonstration();
    let web = Web::new();
    let page = portal(&web, &serving, "nobody@example.com\"><script>").expect_status(403);
    page.assert_says(&["Nobody in the directory has this e-mail address.", "nobody@example.com&quot;&gt;&lt;script&gt;"]);
    let page = log_in(&web, &page, "sam.taylor@example.com").expect_status(403);
    page.assert_says(&["More than one person"]);
    log_in(&web, &page, ANNA).expect_status(200).assert_says(&["Your applications"]);
}

#[test]
fn a_request_may_ask_for_a_new_log_in_or_for_none() {
    let serving = Serving::demonstration();
    let web = Web::new();
    let sso = format!("{}/sso", serving.user_portal());
    let mut passive = request(&web, &serving, "aws_passive");
    passive.is_passive = true;
    let url = passive.to_redirect(&sso, Some("state"), None).unwrap();
    let response = web.get(url.as_str());
    let xml = message(&response);
    assert!(xml.contains("urn:oasis:names:tc:SAML:2.0:status:NoPassive") && !xml.contains("Assertion "), "{xml}");
    assert_eq!(response.form("").field("RelayState"), "state");
    assert!(serving.next_line().contains("aws_passive"));

    portal(&web, &serving, ANNA).expect_status(200);
    passive.id = MessageId::new("aws_passive2").unwrap();
    assert!(message(&web.get(passive.to_redirect(&sso, None, None).unwrap().as_str())).contains("status:Success"));

    let mut forced = request(&web, &serving, "aws_forced");
    forced.force_authn = true;
    let page = web.get(forced.to_redirect(&sso, None, None).unwrap().as_str());
    page.assert_says(&["It asks you to show again who you are."]);
    // The session that is there is not enough, however often the page is asked for.
    let waiting = page.form("/login").field("request").to_owned();
    let again = web.get(&format!("{}/continue?request={waiting}", serving.user_portal()));
    assert!(again.url.contains("/login"), "{}", again.url);
    assert!(message(&log_in(&web, &page, ANNA)).contains("InResponseTo=\"aws_forced\""));
    forced.is_passive = true;
    forced.id = MessageId::new("aws_both").unwrap();
    assert!(message(&web.get(forced.to_redirect(&sso, None, None).unwrap().as_str())).contains("status:NoPassive"));
}

#[test]
fn a_request_that_is_not_believed_gets_a_page_that_names_the_check() {
    let serving = Serving::demonstration();
    let web = Web::new();
    let sso = format!("{}/sso", serving.user_portal());
    let good = request(&web, &serving, "aws_x");
    let mut stranger = good.clone();
    stranger.issuer = EntityId::new("https://evil.example").unwrap();
    let mut elsewhere = good.clone();
    elsewhere.assertion_consumer_service_url = Some("https://evil.example/acs".to_owned());
    let mut old = good.clone();
    old.issue_instant -= std::time::Duration::from_secs(3_600);
    let mut misled = good.clone();
    misled.destination = Some("https://idp.example.com/sso".to_owned());
    for (request, check) in
        [(stranger, "Issuer"), (elsewhere, "AssertionConsumerServiceURL"), (old, "IssueInstant"), (misled, "Destination")]
    {
        let page = web.get(request.to_redirect(&sso, None, None).unwrap().as_str()).expect_status(400);
        page.assert_says(&["This sign-in request is not answered", check]);
        assert!(!page.text.contains("SAMLResponse"));
    }
    for query in ["", "?SAMLRequest=%25%25", "?SAMLRequest=a&SAMLRequest=b", "?RelayState=x", "?SAMLRequest=a%3Cscript%3E"] {
        let page = web.get(&format!("{sso}{query}")).expect_status(400);
        assert!(!page.text.contains("<script"), "{}", page.text);
    }
}

#[test]
fn forms_of_other_sites_and_stolen_or_forged_sessions_are_not_taken() {
    let serving = Serving::demonstration();
    let base = serving.user_portal();
    let web = Web::new();
    let page = web.get(&base);
    let form = page.form("/login").with("email", ANNA);
    for forged in [form.clone().with("form", ""), form.clone().with("form", "0123456789abcdef0123456789abcdef")] {
        web.submit(&forged).expect_status(403).assert_says(&["This form is not taken"]);
    }
    // A form without the browser that it was shown in.
    Web::new().submit(&form).expect_status(403);
    assert_eq!(web.cookie("idbridge-session"), None);
    // A session that somebody put into the browser beforehand is not the one after the log-in.
    web.set_cookie("127.0.0.1", "idbridge-session", "0123456789abcdef0123456789abcdef");
    let tiles = web.submit(&form).expect_status(200);
    assert_ne!(web.cookie("idbridge-session").unwrap(), "0123456789abcdef0123456789abcdef");
    for action in ["/launch", "/logout"] {
        let form = tiles.form(action);
        web.submit(&form.clone().with("form", "")).expect_status(403).assert_says(&["This form is not taken"]);
        // Without a session there is nothing to launch.
        assert!(Web::new().submit(&form).url.ends_with("/login"));
    }
    let before = web.cookie("idbridge-session").unwrap();
    log_in(&web, &web.get(&format!("{base}/login")), ANNA).expect_status(200);
    assert_ne!(web.cookie("idbridge-session").unwrap(), before);
    let stolen = Web::new();
    stolen.set_cookie("127.0.0.1", "idbridge-session", &before);
    assert!(stolen.get(&base).url.ends_with("/login"), "a session that was replaced");
}

#[test]
fn every_page_is_private_and_runs_nothing() {
    let serving = Serving::demonstration();
    let base = serving.user_portal();
    let web = Web::new();
    let pages = [web.get(&base), portal(&web, &serving, ANNA), web.get(&format!("{base}/nothing")), web.get(&format!("{base}/sso"))];
    for page in &pages {
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("script-src"),
            "{policy}"
        );
        assert!(policy.contains("form-action 'self';"), "{policy}");
        assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), (Some("no-store"), Some("nosniff")));
        assert!(!page.text.contains("<script") && !page.text.contains("style="), "{}", page.text);
        assert!(!page.text.contains("http://") && !page.text.contains("https://"), "{}", page.text);
    }
    let response = web.submit(&pages[1].form("/launch"));
    let policy = response.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'; script-src 'sha256-"), "{policy}");
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let cookie = web.get_only(&format!("{base}/login"));
    let cookie = cookie.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
}

#[test]
fn what_is_no_request_of_a_browser_is_refused() {
    let serving = Serving::demonstration();
    let base = serving.user_portal();
    let web = Web::new();
    assert_eq!(web.get(&format!("{base}/nothing")).status, 404);
    for (method, path) in [("PUT", "/sso"), ("GET", "/launch"), ("GET", "/logout"), ("POST", "/metadata"), ("DELETE", "/")] {
        assert_eq!(web.send(method, &format!("{base}{path}"), &[], "").status, 405, "{method} {path}");
    }
    // A name that a stranger lets lead here.
    assert_eq!(web.send("GET", &format!("{base}/"), &[("Host", "evil.example")], "").status, 421);
    let port = base.rsplit(':').next().unwrap();
    assert_eq!(web.send("GET", &format!("{base}/login"), &[("Host", &format!("localhost:{port}"))], "").status, 200);
    assert_eq!(web.post(&format!("{base}/sso"), &"a".repeat(300 * 1024)).status, 413);
    assert_eq!(web.post(&format!("{base}/login"), "email=%zz").status, 400);
    assert_eq!(web.post(&format!("{base}/login"), "email=a&email=b").status, 400);
    for (path, content_type) in [("/style.css", "text/css"), ("/icon.svg", "image/svg+xml"), ("/metadata", "application/samlmetadata+xml")]
    {
        let page = web.get(&format!("{base}{path}")).expect_status(200);
        assert!(page.header("content-type").unwrap().starts_with(content_type));
    }
}

/// `serve` with keys made for tests, and further options.
fn serve(desk: &Desk, options: &[&str]) -> std::process::Command {
    let (key, certificate) = (fixture("rsa2048.pem"), fixture("rsa2048.crt"));
    let mut command =
        desk.sso(["serve", "--sp-metadata", "sp.xml", "--idp-url", "https://idp.example.com/saml2/aws", "--listen", "127.0.0.1:0"]);
    command.arg("--key").arg(key).arg("--certificate").arg(certificate).args(options);
    command
}

/// The log-in code that a run of `serve` printed.
fn code(serving: &Serving) -> String {
    let line = serving.next_error();
    line.strip_prefix("Log-in code: ").unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn the_real_service_is_signed_in_to_with_a_code_from_the_terminal() {
    let desk = Desk::new();
    let serving = Serving::start(serve(&desk, &[]));
    let code = code(&serving);
    assert_eq!((code.len(), code.matches('-').count()), (19, 3), "{code}");
    let base = serving.user_portal();
    let web = Web::new();
    // The path of the IdP URL leads to it, and so does /sso.
    let mut request = AuthnRequest::new(MessageId::new("aws_1").unwrap(), EntityId::new(SP_ENTITY_ID).unwrap(), SystemTime::now());
    request.destination = Some("https://idp.example.com/saml2/aws".to_owned());
    let mut page = None;
    for path in ["/saml2/aws", "/sso"] {
        page = Some(web.get(request.to_redirect(&format!("{base}{path}"), None, None).unwrap().as_str()).expect_status(200));
    }
    let page = page.unwrap();
    page.assert_says(&["Log-in code", "to continue to"]);
    assert!(!page.text.contains("<option") && !page.text.contains(&code), "nobody is offered: {}", page.text);
    for (email, wrong) in [(ANNA, ""), (ANNA, "AAAA-AAAA-AAAA-AAAA"), (ANNA, &code[1..]), ("nobody@example.com", "AAAA")] {
        let refused = web.submit(&page.form("/login").with("email", email).with("code", wrong)).expect_status(403);
        // Whoever has no code learns nothing of who is in the directory.
        refused.assert_says(&["The log-in code is another one."]);
        assert!(!refused.text.contains("SAMLResponse"));
    }
    let typed = code.to_lowercase().replace('-', " ");
    let response = web.submit(&page.form("/login").with("email", ANNA).with("code", &typed)).expect_status(200);
    let xml = message(&response);
    assert!(xml.contains("InResponseTo=\"aws_1\"") && xml.contains(ANNA) && xml.contains("PasswordProtectedTransport"), "{xml}");
    assert_eq!(response.form("").action, ACS);
    // Browsers reach it by https, so that no cookie of it goes anywhere in clear.
    assert!(web.cookie("__Host-idbridge-session").is_some());
    let cookie = web.get_only(&format!("{base}/login"));
    assert!(cookie.header("set-cookie").unwrap().contains("; Secure"));
    assert_eq!(web.send("GET", &format!("{base}/login"), &[("Host", "idp.example.com")], "").status, 200);
    let entity = EntityDescriptor::from_xml(&web.get(&format!("{base}/metadata")).text).unwrap();
    assert_eq!(entity.idp().unwrap().single_sign_on_services()[0].url(), "https://idp.example.com/saml2/aws");

    let (stdout, stderr) = serving.end();
    assert!(stdout.contains("on loopback and is for trying only"), "{stdout}");
    let assertion = response.form("").field("SAMLResponse").to_owned();
    for secret in [code.as_str(), &typed, &assertion, &web.cookie("__Host-idbridge-session").unwrap()] {
        assert!(!stdout.contains(secret) && !stderr.contains(secret));
    }
}

#[test]
fn with_a_login_url_the_tile_leads_there() {
    let desk = Desk::new();
    let url = "https://d-c36712ab90.awsapps.com/start";
    let serving = Serving::start(serve(&desk, &["--login-url", url]));
    let code = code(&serving);
    let web = Web::new();
    let form = web.get(&serving.user_portal()).form("/login").with("email", ANNA).with("code", &code);
    let tiles = web.submit(&form).expect_status(200);
    assert!(tiles.header("content-security-policy").unwrap().contains("form-action 'self' https://d-c36712ab90.awsapps.com;"));
    let launched = web.submit_only(&tiles.form("/launch")).expect_status(303);
    assert_eq!(launched.header("location"), Some(url));
    assert!(!launched.text.contains("SAMLResponse"));
}

#[test]
fn what_would_show_sign_ins_to_others_is_refused_at_the_start() {
    let desk = Desk::new();
    for (options, reason) in [
        (["--listen", "0.0.0.0:0"], "put a TLS proxy in front"),
        (["--listen", "[::]:0"], "put a TLS proxy in front"),
        (["--listen", "8443"], "--listen"),
        (["--login-url", "http://portal.example.com/"], "Login URL"),
        (["--login-url", "javascript:alert(1)"], "Login URL"),
        (["--directory", "missing.json"], "cannot be read"),
        (["--idp-url", "https://idp.example.com/login"], "is that of a page here"),
        (["--idp-url", "http://idp.example.com/sso"], "https://"),
    ] {
        let mut arguments = vec!["serve", "--sp-metadata", "sp.xml"];
        if options[0] != "--idp-url" {
            arguments.extend(["--idp-url", "https://idp.example.com/sso"]);
        }
        let (key, certificate) = (fixture("rsa2048.pem"), fixture("rsa2048.crt"));
        arguments.extend(["--key", key.to_str().unwrap(), "--certificate", certificate.to_str().unwrap()]);
        arguments.extend(options);
        let ended = desk.run(arguments).expect_status(1);
        assert!(ended.stderr.contains(reason) && !ended.stderr.contains("Log-in code"), "{options:?}: {}", ended.stderr);
    }
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ended = desk.run(["--listen", &address]).expect_status(1);
    assert!(ended.stderr.contains("cannot be listened on"), "{}", ended.stderr);
}
