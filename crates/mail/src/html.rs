//! The writer that turns a document into an HTML mail.
//!
//! Mail programs support little. Styles are attributes of the elements, since some
//! programs drop the style sheet. The column is a table, since Outlook has no other way
//! to limit a width. The style sheet holds only the dark colors, which can be lost
//! without harm. Language and direction are given twice, since some programs keep only
//! the body.

use std::fmt::Write as _;

use rules::Language;

use crate::document::{Block, Document, Line, Span};
use crate::texts;

const FONT: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','PingFang SC','Microsoft YaHei',sans-serif";
const BREAK: &str = "overflow-wrap:anywhere;word-break:break-word";

const DARK: &str = "\
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background-color:#12181b !important}
.card{background-color:#1b2327 !important;border-color:#344045 !important}
.ink{color:#e6eced !important}
.soft{color:#b3c0c4 !important}
.head{color:#8fd3d6 !important}
.quote{background-color:#232d32 !important;border-color:#4fa3a8 !important}
.rule{border-color:#344045 !important}
.link{color:#8fd3d6 !important}
}
";

/// Returns a document as HTML.
pub(crate) fn write(document: &Document<'_>) -> String {
    let language = document.language;
    let subject = escape(&document.subject);
    let brand = escape(texts::ui::product(language));
    let mut out = format!(
        "<!DOCTYPE html>\n\
         <html lang=\"{language}\" dir=\"ltr\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no\">\n\
         <title>{subject}</title>\n\
         <style>\n{DARK}</style>\n\
         </head>\n\
         <body class=\"page\" style=\"margin:0;padding:0;background-color:#eef2f2\">\n\
         <div class=\"page\" lang=\"{language}\" dir=\"ltr\" style=\"background-color:#eef2f2\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\">\n\
         <tr><td align=\"center\" style=\"padding:24px 12px\">\n\
         <table role=\"presentation\" class=\"card\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;table-layout:fixed;background-color:#ffffff;border:1px solid #d3dcdd;border-radius:8px;border-collapse:separate\">\n\
         <tr><td bgcolor=\"#0c4a52\" style=\"padding:16px 32px;background-color:#0c4a52;border-radius:7px 7px 0 0;{FONT};font-size:16px;line-height:24px;font-weight:600;color:#ffffff\">{brand}</td></tr>\n\
         <tr><td class=\"ink\" style=\"padding:24px 32px 8px;{FONT};font-size:16px;line-height:24px;color:#1d2a2d;text-align:left;{BREAK}\">\n"
    );
    for block in &document.blocks {
        write_block(&mut out, block, language);
    }
    let footer = line(&document.footer);
    let _ = write!(
        out,
        "</td></tr>\n\
         <tr><td class=\"soft rule\" style=\"padding:16px 32px 24px;border-top:1px solid #d3dcdd;{FONT};font-size:14px;line-height:20px;color:#4d5c60;text-align:left;{BREAK}\">\n\
         <p style=\"margin:0\">{footer}</p>\n\
         </td></tr>\n\
         </table>\n\
         </td></tr>\n\
         </table>\n\
         </div>\n\
         </body>\n\
         </html>\n"
    );
    out
}

fn write_block(out: &mut String, block: &Block<'_>, language: Language) {
    // Writing to a string can't fail.
    let _ = match block {
        Block::Title(text) => writeln!(
            out,
            "<h1 class=\"head\" style=\"margin:0 0 16px;font-size:24px;line-height:32px;font-weight:600;color:#0c4a52\">{}</h1>",
            line(text)
        ),
        Block::Heading(text) => writeln!(
            out,
            "<h2 class=\"head\" style=\"margin:24px 0 8px;font-size:18px;line-height:26px;font-weight:600;color:#0c4a52\">{}</h2>",
            line(text)
        ),
        Block::Paragraph(text) => {
            writeln!(out, "<p style=\"margin:0 0 16px\">{}</p>", line(text))
        }
        Block::Facts(facts) => {
            out.push_str("<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" width=\"100%\" style=\"margin:0 0 16px\">\n");
            for (name, value) in facts {
                let _ = writeln!(
                    out,
                    "<tr><th scope=\"row\" class=\"soft\" width=\"38%\" align=\"left\" valign=\"top\" style=\"padding:4px 16px 4px 0;{FONT};font-size:16px;line-height:24px;font-weight:400;color:#4d5c60;text-align:left\">{}</th><td class=\"ink\" valign=\"top\" style=\"padding:4px 0;{FONT};font-size:16px;line-height:24px;color:#1d2a2d;text-align:left;{BREAK}\">{}</td></tr>",
                    escape(name),
                    span(value)
                );
            }
            writeln!(out, "</table>")
        }
        Block::List(items) => write_items(out, "ul", items),
        Block::Steps(items) => write_items(out, "ol", items),
        Block::Quote(text) => writeln!(
            out,
            "<blockquote class=\"quote\" dir=\"auto\" style=\"margin:0 0 16px;padding:12px 16px;background-color:#f1f6f6;border:0 solid #2b7f86;border-left-width:4px\">{}</blockquote>",
            escape(text).replace('\n', "<br>")
        ),
        Block::Link { label, address } => {
            let address = escape(address);
            let label = escape(label);
            let copy_address = escape(texts::mail::copy_address(language));
            let colon = escape(texts::mail::colon(language).trim_end());
            writeln!(
                out,
                "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:8px 0 16px\">\n\
                 <tr><td bgcolor=\"#12646d\" style=\"background-color:#12646d;border-radius:6px\"><a href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\" style=\"display:inline-block;padding:12px 24px;border-radius:6px;{FONT};font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none\">{label}</a></td></tr>\n\
                 </table>\n\
                 <p class=\"soft\" style=\"margin:0 0 16px;font-size:14px;line-height:20px;color:#4d5c60\">{copy_address}{colon}<br><a class=\"link\" href=\"{address}\" target=\"_blank\" rel=\"noopener noreferrer\" style=\"color:#12646d;{BREAK}\">{address}</a></p>"
            )
        }
    };
}

fn write_items(out: &mut String, element: &str, items: &[Line<'_>]) -> std::fmt::Result {
    writeln!(out, "<{element} style=\"margin:0 0 16px;padding:0 0 0 24px\">")?;
    for item in items {
        writeln!(out, "<li style=\"margin:0 0 4px\">{}</li>", line(item))?;
    }
    writeln!(out, "</{element}>")
}

fn line(line: &Line<'_>) -> String {
    line.0.iter().map(span).collect()
}

fn span(span: &Span<'_>) -> String {
    match span {
        Span::Words(words) => escape(words),
        Span::Value(value) => format!("<bdi>{}</bdi>", escape(value)),
        Span::Label(label) | Span::Term(label) => format!("<strong>{}</strong>", escape(label)),
    }
}

/// Escapes every character that has a meaning in HTML, between tags and in attributes.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
