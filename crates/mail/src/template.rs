//! Sentences with facts in them.

use crate::document::Span;

/// A sentence of a language: words, `{facts}` and `*labels*`, which are names of
/// things on the page. Made in a constant, a sentence with a fact that there
/// isn't, or with half a label, is a compile error.
#[derive(Clone, Copy)]
pub(crate) struct Template(&'static str);

/// The facts that a sentence can name. A mail gives those that its sentences name.
#[derive(Clone, Copy, Default)]
pub(crate) struct Facts<'a> {
    /// `{recipient}`: who reads the mail.
    pub(crate) recipient: &'a str,
    /// `{customer}`: the organization on the customer's side.
    pub(crate) customer: &'a str,
    /// `{partner}`: the organization on the partner's side.
    pub(crate) partner: &'a str,
    /// `{person}`: who did what the mail tells of, or asks for it.
    pub(crate) person: &'a str,
    /// `{code}`: the code by which an invitation's mail and page are compared.
    pub(crate) code: &'a str,
    /// `{expires}`: until when, in the language's form.
    pub(crate) expires: &'a str,
    /// `{count}`: how many, as the language writes numbers.
    pub(crate) count: &'a str,
}

const FACTS: [&str; 7] = ["recipient", "customer", "partner", "person", "code", "expires", "count"];

impl Template {
    /// A sentence.
    ///
    /// # Panics
    /// When it is not well formed, which stops the build, since every sentence
    /// stands in a constant.
    pub(crate) const fn new(text: &'static str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        let mut in_label = false;
        while at < bytes.len() {
            match bytes[at] {
                b'{' => {
                    assert!(!in_label, "a label holds no fact");
                    // On to the brace that closes.
                    at += fact_at(bytes, at + 1);
                }
                b'}' => panic!("a brace closes that was not opened"),
                b'*' => in_label = !in_label,
                _ => {}
            }
            at += 1;
        }
        assert!(!in_label, "a label is not closed");
        Self(text)
    }

    /// The sentence with the facts in it.
    pub(crate) fn fill<'a>(self, facts: &Facts<'a>) -> Vec<Span<'a>> {
        let mut spans = Vec::new();
        // Labels hold no facts, so the odd parts are labels and the even ones the rest.
        for (index, part) in self.0.split('*').enumerate() {
            if index % 2 == 1 {
                spans.push(Span::Label(part));
                continue;
            }
            for piece in part.split('{') {
                let Some((name, words)) = piece.split_once('}') else {
                    spans.push(Span::Words(piece));
                    continue;
                };
                spans.push(match name {
                    "recipient" => Span::Value(facts.recipient),
                    "customer" => Span::Value(facts.customer),
                    "partner" => Span::Value(facts.partner),
                    "person" => Span::Value(facts.person),
                    "code" => Span::Term(facts.code),
                    "count" => Span::Words(facts.count),
                    _ => Span::Words(facts.expires),
                });
                spans.push(Span::Words(words));
            }
        }
        spans
    }
}

/// The length of the fact's name that stands here and is followed by a brace.
const fn fact_at(bytes: &[u8], from: usize) -> usize {
    let mut fact = 0;
    while fact < FACTS.len() {
        let name = FACTS[fact].as_bytes();
        let end = from + name.len();
        if end < bytes.len() && bytes[end] == b'}' {
            let mut at = 0;
            while at < name.len() && bytes[from + at] == name[at] {
                at += 1;
            }
            if at == name.len() {
                return name.len() + 1;
            }
        }
        fact += 1;
    }
    panic!("a sentence names a fact that there isn't")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: Facts<'_> = Facts {
        recipient: "{partner}",
        customer: "*C*",
        partner: "P",
        person: "{",
        code: "K7QF-2M9D",
        expires: "soon",
        count: "1,250",
    };

    #[test]
    fn facts_and_labels_are_found_and_values_are_not_read_again() {
        const SENTENCE: Template = Template::new(
            "{partner} asks {customer}, {recipient}: *Yes* {expires}. {person}{code} {count}",
        );
        assert_eq!(
            SENTENCE.fill(&FACTS),
            [
                Span::Words(""),
                Span::Value("P"),
                Span::Words(" asks "),
                Span::Value("*C*"),
                Span::Words(", "),
                Span::Value("{partner}"),
                Span::Words(": "),
                Span::Label("Yes"),
                Span::Words(" "),
                Span::Words("soon"),
                Span::Words(". "),
                Span::Value("{"),
                Span::Words(""),
                Span::Term("K7QF-2M9D"),
                Span::Words(" "),
                Span::Words("1,250"),
                Span::Words(""),
            ]
        );
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "{other}",
            "{partner",
            "}",
            "*half",
            "*{partner}*",
            "{",
            "{partner}}",
            "{partner}*half",
        ] {
            assert!(std::panic::catch_unwind(|| Template::new(text)).is_err(), "{text}");
        }
    }
}
