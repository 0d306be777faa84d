//! The Microsoft Customer Agreement.

use rules::{AgreementToAccept, AgreementVersion, DisplayName, DocumentHash, Language, Timestamp};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;

/// The current agreement in an organization's cloud (`GET /api/agreement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// Version.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub version: AgreementVersion,
    /// Language of the text: the requested language, or English if there is no document in it.
    pub language: Language,
    /// Title.
    pub title: DisplayName,
    /// Text. An empty line separates paragraphs; a paragraph that starts with `# ` is a
    /// heading.
    pub body: String,
    /// Hash of the text. Accepting sends it back.
    pub hash: DocumentHash,
    /// Time at which the operator added the document.
    pub added: Timestamp,
}

/// An organization's acceptance of the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgreementAcceptanceResource {
    /// Accepted version.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub version: AgreementVersion,
    /// Language of the text that was shown.
    pub language: Language,
    /// Hash of the text that was shown.
    pub hash: DocumentHash,
    /// Time of the acceptance.
    pub at: Timestamp,
    /// Name of the user who accepted.
    pub by: DisplayName,
}

/// Request to accept the agreement (`POST /api/agreement/accept`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AcceptAgreement {
    /// Hash of the text that was shown.
    pub hash: String,
    /// True if the user ticked the box that says that they read the agreement.
    pub acknowledged: bool,
}

impl AcceptAgreement {
    /// Parses the fields.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<AgreementToAccept, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let hash = fields.take("hash", DocumentHash::parse(&self.hash));
        fields.finish(hash.map(|hash| AgreementToAccept { hash, acknowledged: self.acknowledged }))
    }
}
