//! The mails that Accord sends, in every language, as text and as HTML.
//!
//! The crate is pure, like the rules: parsed values come in and a [`MailMessage`] comes
//! out. It sends nothing and knows no address of a mailbox; that is the server's work.
//! The page shows the same mail in its preview.
//!
//! A mail is built once, as a document of headings, paragraphs and lists, and two writers
//! turn that document into text and HTML. So both parts have the same content, and
//! escaping and wrapping are each in one place. The texts are in
//! `app/locales/<language>/mail.json`. `build.rs` makes a function of each, so that a
//! missing text or argument fails the build. A label that a page shows too is read from
//! the page's own file.

mod document;
mod enquiry;
mod html;
mod invitation;
mod partner_acted;
mod partner_of_record;
mod render;
mod text;
mod texts;

pub use enquiry::{
    EnquiryDeclinedMail, EnquiryReceivedMail, render_enquiry_declined, render_enquiry_received,
};
pub use invitation::{InvitationMail, OfferLine, render_invitation};
pub use partner_acted::{PartnerActedMail, render_relationship_ended, render_roles_given_up};
pub use partner_of_record::{
    PartnerOfRecordMail, SubscriptionLine, render_partner_of_record_added,
    render_partner_of_record_removed,
};

/// A mail in one language, ready for an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailMessage {
    /// The subject, on one line, at most 150 characters.
    pub subject: String,
    /// The plain text part. Lines end in `\n` and are at most 76 columns wide, except
    /// for the link and for single words that are wider.
    pub text: String,
    /// The HTML part: a whole document without scripts, forms and anything that
    /// would have to be fetched.
    pub html: String,
}
