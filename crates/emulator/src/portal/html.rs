//! Writes HTML, with everything escaped that is not this crate's own.
//!
//! Names of elements and attributes are texts of this crate, by their type; values and texts may be anybody's, and go through one function that
//! escapes them. Nothing writes markup in any other way, but for the style sheet and the document type.

/// A piece of HTML. Names of elements and attributes are this crate's, values and texts anybody's.
#[derive(Debug, Default)]
pub(super) struct Html(String);

impl Html {
    /// Begins an element.
    pub(super) fn start(&mut self, element: &'static str, attributes: &[(&'static str, &str)]) {
        self.0.push('<');
        self.0.push_str(element);
        for (name, value) in attributes {
            self.0.push(' ');
            self.0.push_str(name);
            self.0.push_str("=\"");
            self.text(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    /// Ends an element.
    pub(super) fn end(&mut self, element: &'static str) {
        self.0.push_str("</");
        self.0.push_str(element);
        self.0.push('>');
    }

    /// An element with a text in it.
    pub(super) fn element(&mut self, element: &'static str, attributes: &[(&'static str, &str)], text: &str) {
        self.start(element, attributes);
        self.text(text);
        self.end(element);
    }

    /// A text, which stays one whatever is in it, in an attribute too.
    pub(super) fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                character => self.0.push(character),
            }
        }
    }

    /// A term and what there is to say of it, in a `dl`.
    pub(super) fn entry(&mut self, term: &str, write: impl FnOnce(&mut Self)) {
        self.element("dt", &[], term);
        self.start("dd", &[]);
        write(self);
        self.end("dd");
    }

    /// A whole page with what `write` puts into its `main`.
    ///
    /// It can be read without its style sheet, has no script, and brings nothing from elsewhere. `nonce` is what the content security policy knows the style sheet by.
    pub(super) fn page(title: &str, nonce: &str, write: impl FnOnce(&mut Self)) -> String {
        let mut page = Self(String::with_capacity(8_192));
        page.0.push_str("<!DOCTYPE html>\n");
        page.start("html", &[("lang", "en")]);
        page.start("head", &[]);
        page.start("meta", &[("charset", "utf-8")]);
        page.start("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        page.start("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        page.element("title", &[], &format!("{title} - access portal (emulated)"));
        page.start("style", &[("nonce", nonce)]);
        page.0.push_str(STYLE);
        page.end("style");
        page.end("head");
        page.start("body", &[]);
        page.start("header", &[]);
        page.element("p", &[("class", "brand")], "Access portal");
        page.element("p", &[], "AWS IAM Identity Center, emulated by idbridge");
        page.end("header");
        page.start("main", &[]);
        write(&mut page);
        page.end("main");
        page.end("body");
        page.end("html");
        page.0.push('\n');
        page.0
    }
}

/// The one style sheet: no script and nothing from elsewhere goes with it.
const STYLE: &str = include_str!("style.css");

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn texts_and_values_stay_what_they_are() {
        let mut html = Html::default();
        html.element("a", &[("href", "\"><script>'")], "</a> & \"<b>\"");
        assert_eq!(html.0, "<a href=\"&quot;&gt;&lt;script&gt;&#39;\">&lt;/a&gt; &amp; &quot;&lt;b&gt;&quot;</a>");
    }
}
