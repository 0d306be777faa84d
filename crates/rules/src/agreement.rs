//! The Microsoft Customer Agreement: documents and acceptances. See docs/domain.md, Microsoft
//! Customer Agreement.

use serde::Deserialize;

use crate::string_types::string_newtype;
use crate::{
    AcceptanceId, Cloud, DisplayName, FieldError, InvitationId, Language, OrganizationId,
    Timestamp, UserId,
};

/// Version number of an agreement. The first version is 1.
pub type AgreementVersion = u32;

/// SHA-256 of a document's text, in lowercase hexadecimal. An acceptance stores the hash of
/// the text that was shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct DocumentHash(String);

string_newtype!(DocumentHash);

impl DocumentHash {
    /// Parses 64 hexadecimal digits.
    ///
    /// # Errors
    /// [`FieldError::Empty`], [`FieldError::NotAHash`].
    pub fn parse(input: &str) -> Result<Self, FieldError> {
        let hash = input.trim().to_ascii_lowercase();
        if hash.is_empty() {
            Err(FieldError::Empty)
        } else if hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(hash))
        } else {
            Err(FieldError::NotAHash)
        }
    }
}

/// An agreement document for one cloud, in one language and version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementDocument {
    /// Cloud whose organizations accept it.
    pub cloud: Cloud,
    /// Language of the text.
    pub language: Language,
    /// Version of the agreement.
    pub version: AgreementVersion,
    /// Title.
    pub title: DisplayName,
    /// Text. An empty line separates paragraphs; a paragraph that starts with `# ` is a
    /// heading.
    pub body: String,
    /// SHA-256 of the title and the body.
    pub hash: DocumentHash,
    /// Time at which the operator added the document.
    pub added: Timestamp,
}

/// A user's confirmation of the agreement that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementToAccept {
    /// Hash of the text that was shown.
    pub hash: DocumentHash,
    /// True if the user ticked the box that says that they read the agreement.
    pub acknowledged: bool,
}

/// An organization's acceptance of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementAcceptance {
    /// Identifier.
    pub id: AcceptanceId,
    /// Organization that accepted.
    pub organization: OrganizationId,
    /// Accepted version.
    pub version: AgreementVersion,
    /// Language of the text that was shown.
    pub language: Language,
    /// Hash of the text that was shown.
    pub hash: DocumentHash,
    /// Time of the acceptance.
    pub at: Timestamp,
    /// User who accepted.
    pub by: UserId,
    /// Name of that user at the time.
    pub by_name: DisplayName,
    /// Invitation that was accepted together with the agreement. `None` if the agreement was
    /// accepted alone.
    pub invitation: Option<InvitationId>,
}
