//! A mail before it is written out: what it says, and as what.

use rules::Language;

/// A mail's content in one language.
pub(crate) struct Document<'a> {
    /// The language that it is written in.
    pub(crate) language: Language,
    /// The marks that stand around a label where nothing else sets it apart.
    pub(crate) quotes: (&'static str, &'static str),
    /// What stands between a name and what is said of it.
    pub(crate) colon: &'static str,
    /// Who the mail comes from, as a line of its own above everything.
    pub(crate) brand: &'static str,
    /// The subject, which is also the title of the HTML part.
    pub(crate) subject: String,
    /// The content, from top to bottom.
    pub(crate) blocks: Vec<Block<'a>>,
    /// Why one got this, below everything.
    pub(crate) footer: Vec<Span<'a>>,
}

/// A part of a mail that stands on lines of its own.
pub(crate) enum Block<'a> {
    /// The one heading of the whole.
    Title(Vec<Span<'a>>),
    /// The heading of a section.
    Heading(Vec<Span<'a>>),
    /// A paragraph.
    Paragraph(Vec<Span<'a>>),
    /// Names, each with its value.
    Facts(Vec<(&'static str, Span<'a>)>),
    /// Items in no order.
    List(Vec<Vec<Span<'a>>>),
    /// Items in the order in which they are done.
    Steps(Vec<Vec<Span<'a>>>),
    /// Someone else's words, line by line.
    Quote(&'a str),
    /// The one thing to follow.
    Link {
        /// What following it does.
        label: &'static str,
        /// How to follow it without the label.
        by_hand: &'static str,
        /// Where it leads.
        address: &'a str,
    },
}

/// A run of text within a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Span<'a> {
    /// Our own words.
    Words(&'a str),
    /// What others typed. It may be of any script and hold any sign, so it is
    /// escaped, and its direction is kept from its surroundings.
    Value(&'a str),
    /// The name of something on the page.
    Label(&'a str),
    /// What the line is about.
    Term(&'a str),
}
