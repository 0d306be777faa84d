//! The Microsoft Customer Agreement on the wire.

use rules::{AgreementVersion, DisplayName, DocumentHash, Language, Timestamp};
use serde::{Deserialize, Serialize};

use crate::FieldProblem;
use crate::error::Fields;
use crate::json::from_json;

/// The current agreement of an organization's cloud (`GET /api/agreement`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// The version.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub version: AgreementVersion,
    /// The language of the text: the one that was asked for, or English where there is none.
    pub language: Language,
    /// The heading.
    pub title: DisplayName,
    /// The text: paragraphs apart by an empty line; one that begins with `# ` is a heading.
    pub body: String,
    /// The hash of what is shown; accepting names it.
    pub hash: DocumentHash,
    /// When the operator added it.
    pub added: Timestamp,
}

from_json!(Agreement { version, language, title, body, hash, added });

/// That an organization accepted the agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AgreementAcceptance {
    /// The version.
    #[cfg_attr(feature = "openapi", schema(value_type = u32))]
    pub version: AgreementVersion,
    /// The language in which it was shown.
    pub language: Language,
    /// The hash of what was shown.
    pub hash: DocumentHash,
    /// When.
    pub at: Timestamp,
    /// The name of who accepted it.
    pub by: DisplayName,
}

from_json!(AgreementAcceptance { version, language, hash, at, by });

/// The acceptance of an agreement (`POST /api/agreement/accept`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct AcceptAgreement {
    /// The hash of the document that was shown.
    pub hash: String,
    /// That the box was ticked which says that the agreement was read.
    pub acknowledged: bool,
}

/// An acceptance whose fields can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementToAccept {
    /// The hash of the document that was shown.
    pub hash: DocumentHash,
    /// That the box was ticked.
    pub acknowledged: bool,
}

impl AcceptAgreement {
    /// Parses the fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(&self) -> Result<AgreementToAccept, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let hash = fields.take("hash", DocumentHash::parse(&self.hash));
        fields.finish(hash.map(|hash| AgreementToAccept { hash, acknowledged: self.acknowledged }))
    }
}
