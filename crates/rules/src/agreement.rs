//! The Microsoft Customer Agreement: documents that the operator adds, and who accepted which.

use serde::{Deserialize, Serialize};

use crate::string_types::string_newtype;
use crate::{
    AcceptanceId, Cloud, DisplayName, FieldError, InvitationId, Language, OrganizationId,
    Timestamp, UserId,
};

/// The version of an agreement: 1 for the first, more for each later one.
pub type AgreementVersion = u32;

/// The SHA-256 of a document's text, in lower-case hexadecimal. What an
/// administrator accepts is kept as the hash of what was shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
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

/// An agreement as it is shown: one cloud, one language, one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementDocument {
    /// The cloud whose organizations accept it.
    pub cloud: Cloud,
    /// The language of the text.
    pub language: Language,
    /// The version.
    pub version: AgreementVersion,
    /// The heading.
    pub title: DisplayName,
    /// The text: paragraphs apart by an empty line; one that begins with `# ` is a heading.
    pub body: String,
    /// The SHA-256 of title and body.
    pub hash: DocumentHash,
    /// When the operator added it.
    pub added: Timestamp,
}

/// That an organization accepted an agreement: who, when, which, and what was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementAcceptance {
    /// Its identifier.
    pub id: AcceptanceId,
    /// The organization that accepted.
    pub organization: OrganizationId,
    /// The version that was accepted.
    pub version: AgreementVersion,
    /// The language in which it was shown.
    pub language: Language,
    /// The hash of what was shown.
    pub hash: DocumentHash,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// The name of who, as it was then.
    pub by_name: DisplayName,
    /// The invitation that it was accepted with, if it was not accepted alone.
    pub invitation: Option<InvitationId>,
}
