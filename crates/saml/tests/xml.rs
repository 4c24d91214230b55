//! What is XML here, and what is not.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use idbridge_saml::{ExclusiveCanonicalization, XmlDocument};

fn canonical(text: &str) -> String {
    let document = XmlDocument::parse(text).unwrap();
    String::from_utf8(ExclusiveCanonicalization::new().with_comments(true).document(&document).unwrap()).unwrap()
}

#[test]
fn what_is_read_is_written_in_canonical_form() {
    for (text, expected) in [
        ("<a/>", "<a></a>"),
        ("\u{feff}<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\r\n<a\n/>\r\n", "<a></a>"),
        ("<?p  d ?><!--c--><a/><!--e--><?q?>", "<?p d ?>\n<!--c-->\n<a></a>\n<!--e-->\n<?q?>"),
        (
            "<a>x&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;&#13;\r\ny\rz<![CDATA[<&>]]]]><![CDATA[>]]></a>",
            "<a>x&amp;&lt;&gt;\"'A\u{1F600}&#xD;\ny\nz&lt;&amp;&gt;]]&gt;</a>",
        ),
        ("<a b=' x\ty\r\nz&#9;&#10;&#13;&quot;&lt;>'/>", "<a b=\" x y z&#x9;&#xA;&#xD;&quot;&lt;>\"></a>"),
        (
            "<a z='1' xml:lang='en' b='2' xmlns:p='urn:1' p:a='3' xmlns:q='urn:0' q:z='4'/>",
            "<a xmlns:p=\"urn:1\" xmlns:q=\"urn:0\" b=\"2\" z=\"1\" xml:lang=\"en\" q:z=\"4\" p:a=\"3\"></a>",
        ),
        (
            "<a xmlns='urn:d'><b xmlns=''><c xmlns='urn:d'/></b><e/></a>",
            "<a xmlns=\"urn:d\"><b xmlns=\"\"><c xmlns=\"urn:d\"></c></b><e></e></a>",
        ),
        (
            "<a xmlns:p='urn:p'><p:b/><p:c><p:d xmlns:p='urn:q'/></p:c></a>",
            "<a><p:b xmlns:p=\"urn:p\"></p:b><p:c xmlns:p=\"urn:p\"><p:d xmlns:p=\"urn:q\"></p:d></p:c></a>",
        ),
        ("<a>ad<!-- c -->min</a  >", "<a>ad<!-- c -->min</a>"),
        ("<\u{e9}t\u{e9} \u{1F600}='' />".replace('\u{1F600}', "\u{10000}").as_str(), "<\u{e9}t\u{e9} \u{10000}=\"\"></\u{e9}t\u{e9}>"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        let again = canonical(expected);
        assert_eq!(again, expected, "canonical form is canonical");
    }
}

#[test]
fn what_is_refused_says_what_and_where() {
    for (text, expected) in [
        ("", "0: expected an element, found the end of the text"),
        (" ", r##"1: expected an element, found the end of the text"##),
        ("x", r##"0: expected nothing but whitespace outside the element around everything, found "x""##),
        ("<a/>x", r##"4: expected nothing but whitespace outside the element around everything, found "x""##),
        ("<a/>&#32;", r##"4: expected nothing but whitespace outside the element around everything, found "&#32;""##),
        ("<a/><![CDATA[]]>", r##"4: expected markup, found "<![CDATA[]]>""##),
        ("<![CDATA[]]><a/>", r##"0: expected markup, found "<![CDATA[]]><a/>""##),
        ("<a/><b/>", r##"4: expected one element around everything, found "<b/>""##),
        ("<a>", r##"3: expected the end tag of every element, found the end of the text"##),
        ("<a></b>", r##"3: expected the end tag of the element that is open, found "</b>""##),
        ("<a></a", r##"3: expected well-formed markup, found "</a""##),
        ("</a>", r##"0: expected no end tag here, found "</a>""##),
        ("<a></a></a>", r##"7: expected no end tag here, found "</a>""##),
        ("<a></a b='1'>", r##"3: expected the end tag of the element that is open, found "</a b='1'>""##),
        ("<a", r##"0: expected well-formed markup, found "<a""##),
        ("< a/>", r##"1: expected a name, found " a""##),
        ("<a / >", r##"3: expected a name, found "/ ""##),
        ("<1a/>", r##"1: expected a name, found "1a""##),
        ("<:a/>", r##"1: expected a name, found ":a""##),
        ("<a:/>", r##"3: expected a name, found the end of the text"##),
        ("<a:b:c xmlns:a='urn:a'/>", r##"4: expected whitespace between attributes, found ":c xmlns:a='urn:a'""##),
        ("<a:b/>", r##"1: expected a prefix that is declared, found "a:b""##),
        ("<a b:c='1'/>", r##"0: expected a prefix that is declared, found "b:c""##),
        ("<xmlns:a/>", r##"1: expected a prefix that is declared, found "xmlns:a""##),
        ("<a b='1'c='2'/>", r##"8: expected whitespace between attributes, found "c='2'""##),
        ("<a b=1/>", r##"5: expected a quoted value, found "1""##),
        ("<a b/>", r##"4: expected = behind the name of an attribute, found the end of the text"##),
        ("<a b='<'/>", r##"6: expected no < in a value, found "<""##),
        ("<a b='&x;'/>", r##"6: expected a character reference, or amp, lt, gt, quot or apos, found "x""##),
        ("<a b='&amp'/>", r##"6: expected ; behind a reference, found "&amp""##),
        ("<a b='1' b='2'/>", r##"0: expected every attribute once, found "<a b='1' b='2'/>""##),
        (
            "<a xmlns:p='urn:a' xmlns:q='urn:a' p:b='1' q:b='2'/>",
            r##"0: expected every attribute once, found "<a xmlns:p='urn:a' xmlns:q='urn:a' p:b='""##,
        ),
        ("<a xmlns:p='urn:a' xmlns:p='urn:a'/>", r##"19: expected one declaration for a prefix, found "xmlns:p='urn:a'/>""##),
        (
            "<a xmlns:p='&#117;rn:a' xmlns:q='urn:a' p:b='1' q:b='2'/>",
            r##"0: expected every attribute once, found "<a xmlns:p='&#117;rn:a' xmlns:q='urn:a' ""##,
        ),
        ("<a xmlns:p=''/>", r##"3: expected a namespace for the prefix, found "xmlns:p=''/>""##),
        ("<a xmlns:p='relative'/>", r##"3: expected an absolute URI for the namespace, found "xmlns:p='relative'/>""##),
        ("<a xmlns='../x'/>", r##"3: expected an absolute URI for the namespace, found "xmlns='../x'/>""##),
        (
            "<a xmlns:xml='urn:a'/>",
            r##"3: expected the prefixes xml and xmlns bound to their own namespaces, found "xmlns:xml='urn:a'/>""##,
        ),
        (
            "<a xmlns:x='http://www.w3.org/XML/1998/namespace'/>",
            r##"3: expected the prefixes xml and xmlns bound to their own namespaces, found "xmlns:x='http://www.w3.org/XML/1998/name""##,
        ),
        (
            "<a xmlns:xmlns='urn:a'/>",
            r##"3: expected the prefixes xml and xmlns bound to their own namespaces, found "xmlns:xmlns='urn:a'/>""##,
        ),
        (
            "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
            r##"3: expected the prefixes xml and xmlns bound to their own namespaces, found "xmlns='http://www.w3.org/2000/xmlns/'/>""##,
        ),
        ("<a>&e;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "e""##),
        ("<a>&#0;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "#0""##),
        ("<a>&#1;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "#1""##),
        ("<a>&#xFFFE;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "#xFFFE""##),
        ("<a>&#xD800;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "#xD800""##),
        ("<a>&#+65;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "#+65""##),
        ("<a>&#x;</a>", r##"3: expected a character reference, or amp, lt, gt, quot or apos, found "#x""##),
        ("<a>&amp</a>", r##"3: expected well-formed markup, found "&amp</a>""##),
        ("<a>& </a>", r##"3: expected well-formed markup, found "& </a>""##),
        ("<a>\u{1}</a>", r##"3: expected a character that XML 1.0 has, found "\u{1}</a>""##),
        ("<a>\u{ffff}</a>", r##"3: expected a character that XML 1.0 has, found "\u{ffff}</a>""##),
        ("<a>]]></a>", r##"3: expected no ]]> in text, found "]]></a>""##),
        ("<a><!-- -- --></a>", r##"3: expected a comment without --, found "<!-- -- --></a>""##),
        ("<a><!-- ---></a>", r##"3: expected a comment without --, found "<!-- ---></a>""##),
        ("<a><!--></a>", r##"3: expected well-formed markup, found "<!--></a>""##),
        ("<a><?xml version='1.0'?></a>", r##"3: expected an XML declaration at the beginning only, found "<?xml version='1.0'?></a>""##),
        ("<a><?XmL ?></a>", r##"3: expected an XML declaration at the beginning only, found "<?XmL ?></a>""##),
        ("<a><?p:q ?></a>", r##"6: expected whitespace behind the target of an instruction, found ":q ""##),
        ("\n<?xml version='1.0'?><a/>", r##"1: expected an XML declaration at the beginning only, found "<?xml version='1.0'?><a/>""##),
        (
            "<?xml version='1.1'?><a/>",
            r##"6: expected version="1.0", then encoding="UTF-8" or none, then standalone or none, found "version='1.1'?><a/>""##,
        ),
        (
            "<?xml version='1.0' encoding='UTF-16'?><a/>",
            r##"20: expected version="1.0", then encoding="UTF-8" or none, then standalone or none, found "encoding='UTF-16'?><a/>""##,
        ),
        (
            "<?xml encoding='UTF-8'?><a/>",
            r##"6: expected version="1.0", then encoding="UTF-8" or none, then standalone or none, found "encoding='UTF-8'?><a/>""##,
        ),
        (
            "<?xml version='1.0' standalone='yes' encoding='UTF-8'?><a/>",
            r##"37: expected version="1.0", then encoding="UTF-8" or none, then standalone or none, found "encoding='UTF-8'?><a/>""##,
        ),
        (
            "<?xml version='1.0' version='1.0'?><a/>",
            r##"20: expected version="1.0", then encoding="UTF-8" or none, then standalone or none, found "version='1.0'?><a/>""##,
        ),
        ("<?xml?><a/>", r##"5: expected version="1.0", found the end of the text"##),
        ("<!DOCTYPE a><a/>", r##"0: expected no document type declaration, found "<!DOCTYPE a>""##),
        (
            "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
            r##"0: expected no document type declaration, found "<!DOCTYPE a [<!ENTITY e 'x'>]>""##,
        ),
        ("<a ID='1'><b ID='1'/></a>", r##"10: expected every identifier once, found "1""##),
        ("<a ID='1'><b xml:id='1'/></a>", r##"10: expected every identifier once, found "1""##),
        ("<a ID='1'><b xmlns='http://www.w3.org/2000/09/xmldsig#' Id='1'/></a>", r##"10: expected every identifier once, found "1""##),
        ("<a>\u{feff}</a>\u{feff}", r##"10: expected nothing but whitespace outside the element around everything, found "\u{feff}""##),
    ] {
        let error = XmlDocument::parse(text).expect_err(text);
        assert_eq!(error.to_string(), format!("invalid XML at byte {expected}"), "{text:?}");
    }
}
