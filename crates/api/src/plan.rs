//! Changes to the partners of record of many subscriptions, planned before they are applied.

use std::collections::BTreeSet;

use rules::{DisplayName, FieldError, PartnerId, Refusal, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::invitation::{optional, some};
use crate::list::ListFilter as _;
use crate::{ETag, FieldProblem, SubscriptionFilter, SubscriptionQuery};

/// Request to set or remove the partner of record of many subscriptions (`POST
/// /api/subscriptions/partnersOfRecord/plan` and `…/apply`). The subscriptions are named by
/// their identifiers, or are all that match a filter and a search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanRequest {
    /// Identifiers of the subscriptions, 1 to [`PlanRequest::LINES_MAX`]. Absent with `filter`
    /// or `search`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<String>,
    /// `$filter` of the list of subscriptions. Empty for all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// `$search` of the list of subscriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Partner ID. Empty to remove the partner of record. Required, so that no one removes
    /// partners by leaving it out.
    pub partner_id: String,
}

/// A parsed [`PlanRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnersToSet {
    /// Subscriptions.
    pub subscriptions: SubscriptionSelection,
    /// Partner ID. `None` to remove the partner of record.
    pub partner_id: Option<PartnerId>,
}

/// Selection of subscriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionSelection {
    /// These, in the requested order, without duplicates.
    Ids(Vec<SubscriptionId>),
    /// All that match the filter and the search of a query, in its order.
    Matching(Box<SubscriptionQuery>),
}

impl PlanRequest {
    /// Maximum number of subscriptions in a plan and of lines in a file.
    pub const LINES_MAX: usize = 10_000;

    /// Maximum size in bytes of a file, or of the list that is sent instead.
    pub const FILE_MAX: usize = 2 * 1024 * 1024;

    /// Parses the fields. Duplicate subscriptions are ignored.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<PartnersToSet, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let subscriptions = if self.filter.is_none() && self.search.is_none() {
            let ids = fields.take("subscriptions", self.parse_subscriptions());
            ids.map(SubscriptionSelection::Ids)
        } else {
            self.parse_query(&mut fields).map(Box::new).map(SubscriptionSelection::Matching)
        };
        let partner_id = fields.take("partnerId", optional(&self.partner_id));
        let whole = subscriptions
            .zip(partner_id)
            .map(|(subscriptions, partner_id)| PartnersToSet { subscriptions, partner_id });
        fields.finish(whole)
    }

    fn parse_query(&self, fields: &mut Fields) -> Option<SubscriptionQuery> {
        if !self.subscriptions.is_empty() {
            // Either of the two could be meant.
            fields.take::<()>("subscriptions", Err(FieldError::TooMany { max: 0 }));
        }
        let filter = self.filter.as_deref().unwrap_or_default();
        let filter = fields.take("filter", SubscriptionFilter::parse(filter));
        let search = self.search.clone().unwrap_or_default();
        let search = fields.take("search", SubscriptionQuery::parse_search(search));
        Some(SubscriptionQuery { filter: filter?, search: search?, ..SubscriptionQuery::default() })
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

/// Planned changes to partners of record, and the problems that prevent them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Fingerprint of the plan: it covers the changes, the versions of the subscriptions and
    /// the problems. Applying the plan sends it back.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// Number of lines.
    pub lines: u32,
    /// Number of lines that change nothing.
    pub unchanged: u32,
    /// Changes, in the order of the lines.
    pub changes: Vec<PlannedChange>,
    /// Problems, in the order of the lines. The plan can't be applied if there are any.
    pub problems: Vec<LineProblem>,
}

/// Planned change of a subscription's partner of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlannedChange {
    /// Line number, starting at 1. Line 1 of a file has the column names; line 1 of a list is
    /// the first subscription.
    pub line: u32,
    /// Subscription.
    pub subscription: SubscriptionId,
    /// Name of its product.
    pub product_name: DisplayName,
    /// Current partner of record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PartnerRef>,
    /// New partner of record. Absent if it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<PartnerRef>,
}

/// Partner ID and name of a partner of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerRef {
    /// Partner ID.
    pub partner_id: PartnerId,
    /// Name of the partner.
    pub partner_name: DisplayName,
}

/// Problem in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LineProblem {
    /// Line number, as in [`PlannedChange::line`].
    pub line: u32,
    /// Subscription as typed, at most [`LineProblem::TYPED_MAX`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// Partner ID as typed, at most [`LineProblem::TYPED_MAX`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// Machine-readable code of a [`FieldError`] or a [`Refusal`].
    pub code: String,
    /// Limit that the value exceeds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// Reason why a line has a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// The line has an invalid value.
    Field(FieldError),
    /// A rule refuses the change.
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
    /// Maximum number of typed characters that are returned.
    pub const TYPED_MAX: usize = 100;

    /// Creates the problem of a line from its typed values and the reason.
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

    /// Returns the reason, if this version of the program knows the code.
    #[must_use]
    pub fn fault(&self) -> Option<LineFault> {
        match FieldError::from_code(&self.code, self.limit) {
            Some(error) => Some(LineFault::Field(error)),
            None => self.code.parse().ok().map(LineFault::Refused),
        }
    }
}

/// Returns the start of the typed text. `None` if it is empty.
fn typed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.chars().take(LineProblem::TYPED_MAX).collect())
}

/// Response to applying a plan (`POST /api/subscriptions/partnersOfRecord/apply`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AppliedPlan {
    /// Number of changed subscriptions.
    pub changed: u32,
}
