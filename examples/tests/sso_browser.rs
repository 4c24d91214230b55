//! Single sign-on in a real browser: headless Chromium, with the demonstration of the program `sso`.
//!
//! It needs Debian's packages chromium and chromium-driver, so `cargo test` passes it over: `cargo test --test sso_browser -- --ignored`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot be set up has failed")]

mod common;

use common::browser::{Browser, Driver, ENTER};
use common::sso::Serving;

const ANNA: &str = "anna.berg@example.com";

/// The session tags that the access portal shows of Anna.
const TAGS: [&str; 7] = [ANNA, "Department", "Engineering", "CostCenter", "CC-100", "Title", "Engineering Manager"];

fn log_in(browser: &Browser<'_>, email: &str) {
    browser.fill_in("#email", email);
    browser.click("main button[type=submit]");
}

/// Nothing of what a page loads or does is refused or missing.
#[track_caller]
fn assert_quiet(browser: &Browser<'_>) {
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
#[ignore = "needs chromium and chromium-driver"]
fn from_the_access_portal_and_back() {
    let Some(driver) = Driver::start() else { return };
    let serving = Serving::demonstration();
    let browser = driver.browser();
    browser.open(&serving.access_portal());
    browser.wait_for(&["Sign in", "You will be sent to"]);
    assert_quiet(&browser);
    browser.click("a[href='/login']");
    browser.wait_for(&["E-mail address", "to continue to AWS IAM Identity Center"]);
    assert!(browser.url().starts_with(&serving.user_portal()));
    assert_quiet(&browser);
    log_in(&browser, ANNA);
    let text = browser.wait_for(&TAGS);
    assert!(text.contains("Signed in as anna.berg@example.com") && text.contains("SP-initiated"), "{text}");
    assert_eq!(browser.url(), serving.access_portal());
    assert_quiet(&browser);

    // Signed out there, signed in again without a question, because the session at the user portal goes on.
    browser.click("form[action='/logout'] button");
    browser.wait_for(&["You will be sent to"]);
    browser.click("a[href='/login']");
    browser.wait_for(&TAGS);
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium and chromium-driver"]
fn from_the_user_portal_by_the_tile() {
    let Some(driver) = Driver::start() else { return };
    let serving = Serving::demonstration();
    let browser = driver.browser();
    browser.open(&serving.user_portal());
    browser.wait_for(&["E-mail address"]);
    log_in(&browser, ANNA);
    browser.wait_for(&["Your applications", "AWS IAM Identity Center", "Signed in as anna.berg@example.com"]);
    assert_quiet(&browser);
    browser.click("button.tile");
    let text = browser.wait_for(&TAGS);
    assert!(text.contains("IdP-initiated"), "{text}");
    assert_eq!(browser.url(), serving.access_portal());
    assert_quiet(&browser);

    browser.open(&serving.user_portal());
    browser.click("form[action='/logout'] button");
    browser.wait_for(&["You have signed out"]);
    browser.open(&serving.user_portal());
    browser.wait_for(&["E-mail address"]);
    assert_quiet(&browser);
}

#[test]
#[ignore = "needs chromium and chromium-driver"]
fn who_may_not_go_there_is_told_so_and_stays_out() {
    let Some(driver) = Driver::start() else { return };
    let serving = Serving::demonstration();
    for (email, reason) in [
        ("walter.brandt@example.com", "You are in no group that may use it"),
        ("grace.okafor@example.com", "suspended in the directory"),
        ("henrik.solberg@example.com", "staged in the directory"),
    ] {
        let browser = driver.browser();
        browser.open(&serving.access_portal());
        browser.click("a[href='/login']");
        browser.wait_for(&["E-mail address"]);
        log_in(&browser, email);
        browser.wait_for(&["You may not sign in to AWS IAM Identity Center", reason]);
        assert!(browser.url().starts_with(&serving.user_portal()));
        browser.open(&serving.user_portal());
        let text = browser.wait_for(&["idbridge user portal"]);
        assert!(!text.contains("Your AWS accounts and applications") && !browser.has("button.tile"), "{text}");
        browser.open(&serving.access_portal());
        browser.wait_for(&["You will be sent to"]);
    }
}

#[test]
#[ignore = "needs chromium and chromium-driver"]
fn the_keyboard_alone_is_enough() {
    let Some(driver) = Driver::start() else { return };
    let serving = Serving::demonstration();
    let browser = driver.browser();
    browser.open(&serving.access_portal());
    browser.wait_for(&["You will be sent to"]);
    browser.tab_to("Sign in");
    assert!(browser.outline() > 1.0, "nobody sees where the focus is");
    browser.press(ENTER);
    browser.wait_for(&["E-mail address"]);
    // The one field is ready to be typed into.
    assert_eq!(browser.focus(), "email");
    assert!(browser.outline() > 1.0);
    browser.press(ANNA);
    browser.tab_to("Sign in");
    assert!(browser.outline() > 1.0);
    browser.press(ENTER);
    browser.wait_for(&TAGS);

    browser.open(&serving.user_portal());
    browser.wait_for(&["Your applications"]);
    browser.tab_to("AWS IAM Identity Center");
    assert!(browser.outline() > 1.0);
    browser.press(ENTER);
    browser.wait_for(&["IdP-initiated"]);
    browser.open(&serving.user_portal());
    browser.wait_for(&["Your applications"]);
    browser.tab_to("Sign out");
    browser.press(ENTER);
    browser.wait_for(&["You have signed out"]);
}

#[test]
#[ignore = "needs chromium and chromium-driver"]
fn without_scripts_a_button_goes_on() {
    let Some(driver) = Driver::start() else { return };
    let serving = Serving::demonstration();
    let browser = driver.browser_without_scripts();
    browser.open(&serving.access_portal());
    browser.click("a[href='/login']");
    browser.wait_for(&["E-mail address"]);
    log_in(&browser, ANNA);
    browser.wait_for(&["You are being signed in.", "Continue"]);
    browser.click("button");
    browser.wait_for(&TAGS);
    browser.open(&serving.user_portal());
    browser.wait_for(&["Your applications"]);
    browser.click("button.tile");
    browser.wait_for(&["You are being signed in."]);
    browser.click("button");
    browser.wait_for(&["IdP-initiated"]);
}

#[test]
#[ignore = "needs chromium and chromium-driver"]
fn pages_are_readable_on_a_small_screen_and_in_the_dark() {
    let Some(driver) = Driver::start() else { return };
    let serving = Serving::demonstration();
    let browser = driver.browser();
    browser.open(&serving.user_portal());
    log_in(&browser, ANNA);
    browser.wait_for(&["Your applications"]);
    assert_quiet(&browser);
    // Quiet means something: the console does tell of what is missing.
    browser.open(&format!("{}/nothing", serving.user_portal()));
    browser.wait_for(&["There is nothing here"]);
    assert_ne!(browser.complaints(), [""; 0]);
    browser.open(&serving.user_portal());
    // Nothing is wider than the window, and every field and button has a name that is read out.
    let script = "return [document.documentElement.scrollWidth <= window.innerWidth, document.documentElement.lang, document.title,
        [...document.querySelectorAll('button')].every(button => button.textContent.trim() !== '')]";
    browser.resize(360, 700);
    assert_eq!(browser.run(script), serde_json::json!([true, "en", "Your applications - idbridge", true]));
    for (scheme, is_dark) in [("light", false), ("dark", true)] {
        browser.prefer(scheme);
        let brightness = browser
            .run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0)");
        assert_eq!(brightness.as_f64().unwrap() < 384.0, is_dark, "{scheme}");
    }
}
