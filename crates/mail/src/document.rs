//! The content of a mail, before a writer turns it into text or HTML.

use std::borrow::Cow;

use rules::Language;

/// The content of a mail in one language.
pub(crate) struct Document<'a> {
    /// The language of the texts.
    pub(crate) language: Language,
    /// The subject, which is also the title of the HTML part.
    pub(crate) subject: String,
    /// The content, from top to bottom.
    pub(crate) blocks: Vec<Block<'a>>,
    /// The reason why the reader gets this mail, below everything.
    pub(crate) footer: Line<'a>,
}

/// A part of a mail that stands on lines of its own.
pub(crate) enum Block<'a> {
    /// The heading of the whole mail.
    Title(Line<'a>),
    /// The heading of a section.
    Heading(Line<'a>),
    /// A paragraph.
    Paragraph(Line<'a>),
    /// Facts, each with its name.
    Facts(Vec<(&'static str, Span<'a>)>),
    /// A list in no particular order.
    List(Vec<Line<'a>>),
    /// A list of steps, numbered.
    Steps(Vec<Line<'a>>),
    /// Lines that a person wrote.
    Quote(&'a str),
    /// The mail's one link.
    Link {
        /// The text of the button.
        label: &'static str,
        /// The absolute address that it opens.
        address: &'a str,
    },
}

impl<'a> Block<'a> {
    /// A [`Block::Title`].
    pub(crate) fn title(line: impl Into<Line<'a>>) -> Self {
        Self::Title(line.into())
    }

    /// A [`Block::Heading`].
    pub(crate) fn heading(line: impl Into<Line<'a>>) -> Self {
        Self::Heading(line.into())
    }

    /// A [`Block::Paragraph`].
    pub(crate) fn paragraph(line: impl Into<Line<'a>>) -> Self {
        Self::Paragraph(line.into())
    }
}

/// A line of text, made of spans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a>(pub(crate) Vec<Span<'a>>);

impl From<&'static str> for Line<'_> {
    fn from(words: &'static str) -> Self {
        Self(vec![Span::words(words)])
    }
}

/// A run of text within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Span<'a> {
    /// Accord's own words.
    Words(Cow<'a, str>),
    /// A value that a person typed. It can be in any script and hold any character, so
    /// it is escaped, and its direction is kept from its surroundings.
    Value(&'a str),
    /// The name of something on the page.
    Label(&'a str),
    /// The subject of the line.
    Term(&'a str),
}

impl<'a> Span<'a> {
    /// A [`Span::Words`].
    pub(crate) fn words(words: impl Into<Cow<'a, str>>) -> Self {
        Self::Words(words.into())
    }
}
