//! What is written to people: templates in every language, rendered to text and
//! HTML.
//!
//! The crate is pure, like the rules: facts come in as parsed values, and a
//! [`Rendered`] mail comes out. It sends nothing and knows no address; that is
//! the server's work. The page shows the same mail in its preview.
//!
//! A mail is written once, as a document of headings, paragraphs and lists, and
//! that document has two writers. So both parts say the same, and only one place
//! each knows about escaping and about wrapping. The words of a language are one
//! table: a language that lacks a text doesn't compile, nor does a text that
//! names a fact that there isn't.

mod date;
mod document;
mod enquiry;
mod html;
mod invitation;
mod partner_acted;
mod partner_of_record;
mod render;
mod template;
mod text;
mod texts;

pub use enquiry::{EnquiryDeclinedMail, EnquiryReceivedMail, enquiry_declined, enquiry_received};
pub use invitation::{InvitationMail, OfferLine, invitation};
pub use partner_acted::{PartnerActedMail, relationship_ended, roles_given_up};
pub use partner_of_record::{
    PartnerOfRecordMail, SubscriptionLine, partner_of_record_added, partner_of_record_removed,
};

/// A mail in one language, ready to be put into an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, on one line, at most 150 characters.
    pub subject: String,
    /// The plain text part. Lines end in `\n` and are at most 76 columns wide, but
    /// for the link and for single words that are wider.
    pub text: String,
    /// The HTML part: a whole document without scripts, forms and anything that
    /// would have to be fetched.
    pub html: String,
}
