//! Writes HTML, with everything escaped that is not this crate's own.

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

    /// A whole page; `nonce` is what the content security policy knows the style sheet by.
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
const STYLE: &str = "
:root{color-scheme:light dark;--back:#f4f6f8;--card:#fff;--ink:#16202c;--soft:#4d5a68;--line:#d5dbe2;--accent:#0a5a9c;--on-accent:#fff;--bad:#a3201f;--bad-back:#fdeceb}
@media (prefers-color-scheme:dark){:root{--back:#10151b;--card:#1a212a;--ink:#e7ecf2;--soft:#a9b6c4;--line:#36414d;--accent:#7cc0ff;--on-accent:#08233b;--bad:#ffb0aa;--bad-back:#3a1a1a}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",sans-serif}
header{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;padding:.9rem max(1rem,calc((100% - 52rem)/2));border-bottom:1px solid var(--line);background:var(--card)}
header p{margin:0;color:var(--soft)}
header .brand{font-weight:700;color:var(--ink)}
main{max-width:54rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .75rem;overflow-wrap:anywhere}
h2{font-size:1.1rem;margin:0 0 .75rem}
section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.25rem;margin:0 0 1.25rem}
p{margin:0 0 .9rem}
.soft{color:var(--soft)}
a{color:var(--accent)}
a.button,button{display:inline-block;font:inherit;font-weight:600;padding:.55rem 1.2rem;border:1px solid var(--accent);border-radius:.4rem;background:var(--accent);color:var(--on-accent);text-decoration:none;cursor:pointer}
a.button:hover,button:hover{filter:brightness(1.12)}
button.quiet{background:transparent;color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px;border-radius:.2rem}
dl{display:grid;grid-template-columns:minmax(9rem,auto) 1fr;gap:.45rem 1.25rem;margin:0}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
dd ul{margin:0;padding-left:1.1rem}
code{font:.9em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
table{width:100%;border-collapse:collapse}
caption{text-align:left;font-weight:600;padding:0 0 .5rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-top:1px solid var(--line);overflow-wrap:anywhere}
th{font-weight:600}
label{display:block;font-weight:600;margin:0 0 .35rem}
textarea{width:100%;min-height:9rem;font:.9rem/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;padding:.6rem;border:1px solid var(--soft);border-radius:.4rem;background:var(--back);color:inherit;margin:0 0 .75rem}
summary{cursor:pointer;font-weight:600}
details[open] summary{margin:0 0 .9rem}
.bad{border-color:var(--bad);background:var(--bad-back)}
.bad h1{color:var(--bad)}
@media (max-width:36rem){dl{grid-template-columns:1fr;gap:.1rem}dd{margin:0 0 .6rem}}
";

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
