//! Partners of record of many subscriptions at once: what would change, and what is wrong,
//! before anything is changed.

use std::collections::BTreeSet;

use rules::{DisplayName, FieldError, PartnerId, Refusal, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::invitation::{optional, some};
use crate::json::from_json;
use crate::{ETag, FieldProblem};

/// The subscriptions that shall have the same partner of record, or none
/// (`POST /api/subscriptions/partnersOfRecord/plan` and `…/apply`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanRequest {
    /// Their identifiers: 1 to [`PlanRequest::LINES_MAX`].
    #[serde(default)]
    pub subscriptions: Vec<String>,
    /// The Partner ID; empty to leave them without a partner of record. It must be there, so
    /// that nobody removes by leaving it out.
    pub partner_id: String,
}

/// A request for a plan whose fields can be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnersToSet {
    /// The subscriptions, each once, in the order in which they were named.
    pub subscriptions: Vec<SubscriptionId>,
    /// The Partner ID; `None` to leave them without a partner of record.
    pub partner_id: Option<PartnerId>,
}

impl PlanRequest {
    /// The most subscriptions of a plan, and the most lines of a file.
    pub const LINES_MAX: usize = 10_000;

    /// The most bytes of a file, and of a list that is sent in its place.
    pub const FILE_MAX: usize = 2 * 1024 * 1024;

    /// Parses the fields. What is named twice is taken once.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(&self) -> Result<PartnersToSet, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let subscriptions = fields.take("subscriptions", self.parse_subscriptions());
        let partner_id = fields.take("partnerId", optional(&self.partner_id));
        let whole = subscriptions
            .zip(partner_id)
            .map(|(subscriptions, partner_id)| PartnersToSet { subscriptions, partner_id });
        fields.finish(whole)
    }

    fn parse_subscriptions(&self) -> Result<Vec<SubscriptionId>, FieldError> {
        let mut seen = BTreeSet::new();
        let mut subscriptions = Vec::new();
        for id in &self.subscriptions {
            let id = some(id)?;
            if seen.insert(id) {
                subscriptions.push(id);
            }
        }
        match subscriptions.len() {
            0 => Err(FieldError::Empty),
            1..=Self::LINES_MAX => Ok(subscriptions),
            _ => Err(FieldError::TooMany { max: Self::LINES_MAX }),
        }
    }
}

/// What setting partners of record would change, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Stands for exactly these changes of the subscriptions in their versions of now, and
    /// these problems; doing it names it.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// How many lines were read.
    pub lines: u32,
    /// How many of them say what is so already.
    pub unchanged: u32,
    /// What would change, in the order of the lines.
    pub changes: Vec<PlannedChange>,
    /// What is wrong, in the order of the lines; nothing can be done while there is any.
    pub problems: Vec<LineProblem>,
}

from_json!(Plan { etag = "@odata.etag", lines, unchanged, changes, problems });

/// One subscription whose partner of record would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlannedChange {
    /// The line, counted from 1 as editors do: in a file the first is that of the columns'
    /// names, in a list the first subscription.
    pub line: u32,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The name of its product.
    pub product_name: DisplayName,
    /// Its partner of record now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartnerRef>,
    /// Its partner of record then; absent where it would have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartnerRef>,
}

from_json!(PlannedChange { line, subscription, product_name = "productName", from, to });

/// A partner of record, by its ID and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerRef {
    /// The Partner ID.
    pub partner_id: PartnerId,
    /// The partner's name.
    pub partner_name: DisplayName,
}

from_json!(PartnerRef { partner_id = "partnerId", partner_name = "partnerName" });

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineProblem {
    /// The line, counted as in [`PlannedChange::line`].
    pub line: u32,
    /// The subscription as it was typed, at most [`LineProblem::TYPED_MAX`] characters of
    /// it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// The Partner ID as it was typed, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// The machine-readable code: one of [`FieldError`]'s or [`Refusal`]'s.
    pub code: String,
    /// The bound that was passed, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

from_json!(LineProblem { line, subscription, partner_id = "partnerId", code, limit });

/// Why a line can't be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// It holds a value that can't be taken.
    Field(FieldError),
    /// A rule says no.
    Refused(Refusal),
}

impl From<FieldError> for LineFault {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl From<Refusal> for LineFault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl LineProblem {
    /// The most characters of what was typed that are said again.
    pub const TYPED_MAX: usize = 100;

    /// The problem of a line in which this was typed, and which can't be done for this
    /// reason.
    #[must_use]
    pub fn new(line: u32, subscription: &str, partner_id: &str, fault: LineFault) -> Self {
        let (code, limit) = match fault {
            LineFault::Field(error) => (error.code(), error.limit()),
            LineFault::Refused(refusal) => (refusal.code(), None),
        };
        Self {
            line,
            subscription: typed(subscription),
            partner_id: typed(partner_id),
            code: code.to_owned(),
            limit,
        }
    }

    /// Why the line can't be done, where this program knows the code.
    #[must_use]
    pub fn fault(&self) -> Option<LineFault> {
        match FieldError::from_code(&self.code, self.limit) {
            Some(error) => Some(LineFault::Field(error)),
            None => self.code.parse().ok().map(LineFault::Refused),
        }
    }
}

/// The beginning of what was typed; nothing where nothing was.
fn typed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(LineProblem::TYPED_MAX).collect())
}

/// That a plan was done (`POST /api/subscriptions/partnersOfRecord/apply`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AppliedPlan {
    /// How many subscriptions were changed.
    pub changed: u32,
}

from_json!(AppliedPlan { changed });
