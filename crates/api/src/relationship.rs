//! Relationships and the query of their list.

use rules::{
    Cloud, DisplayName, FieldError, InvitationId, Offer, OrganizationId, PartnerType, Relationship,
    RelationshipFacts, RelationshipId, RelationshipState, RelationshipStatus, RoleGrant, Timestamp,
    string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::error::Fields;
use crate::json::from_json;
use crate::list::{option_name, query_pairs, search, top, write_options};
use crate::{ETag, FieldProblem, Order, Partner, SkipToken};

/// A relationship with a partner, for the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RelationshipResource {
    /// Identifier.
    pub id: RelationshipId,
    /// Version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// Customer.
    pub customer: OrganizationId,
    /// Name of the customer.
    pub customer_name: DisplayName,
    /// Cloud.
    pub cloud: Cloud,
    /// Partner.
    pub partner: Partner,
    /// Type.
    pub relationship_type: PartnerType,
    /// Admin roles that the partner currently holds.
    pub admin_roles: Vec<RoleGrant>,
    /// Acceptance of the agreement, if the type needs it.
    pub agreement: AgreementState,
    /// Start of the relationship.
    pub since: Timestamp,
    /// Earliest end of the admin roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// Status.
    pub status: RelationshipStatus,
    /// State, with the time and side of the end.
    pub state: RelationshipState,
    /// Invitation that the relationship came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationId>,
    /// Offer that was accepted with that invitation and is not created yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Offer>,
    /// Number of the customer's active subscriptions from this partner.
    pub active_subscriptions: u32,
}

from_json!(RelationshipResource {
    id,
    etag = "@odata.etag",
    customer,
    customer_name = "customerName",
    cloud,
    partner,
    relationship_type = "relationshipType",
    admin_roles = "adminRoles",
    agreement,
    since,
    ends,
    status,
    state,
    invitation,
    offer,
    active_subscriptions = "activeSubscriptions",
});

impl RelationshipResource {
    /// Returns the facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> RelationshipFacts {
        RelationshipFacts {
            record: Relationship {
                id: self.id,
                customer: self.customer,
                cloud: self.cloud,
                partner: self.partner.id,
                partner_type: self.relationship_type,
                grants: self.admin_roles.clone(),
                since: self.since,
                invitation: self.invitation,
                state: self.state,
                version: self.etag.0,
            },
            active_subscriptions: self.active_subscriptions,
            agreement_accepted: self.agreement != AgreementState::NotAccepted,
            offer: self.offer.clone(),
        }
    }
}

/// Acceptance of the agreement that a relationship needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AgreementState {
    /// The customer accepted it.
    Accepted,
    /// The partner needs it and the customer has not accepted it.
    NotAccepted,
    /// The type does not need it.
    NotNeeded,
}

string_enum!(AgreementState);

/// Field by which the list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum RelationshipField {
    /// Name of the partner.
    Partner,
    /// Type, in the order of the help page.
    RelationshipType,
    /// Permissions of the partner: those with admin roles first.
    AdminRoles,
    /// Acceptance of the agreement.
    Agreement,
    /// Start.
    Since,
    /// Earliest end of the admin roles. Relationships without an end are last.
    Ends,
    /// Status.
    Status,
}

string_enum!(RelationshipField);

/// Query of the list of relationships: `$search`, `$filter`, `$orderby`, `$top` and
/// `$skiptoken`. The filter supports `relationshipType` and `status`, each with `eq 'value'`
/// or `in ('value', 'value')`, joined by `and`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipQuery {
    /// Words in the partner's name, domain or Partner ID; for a partner, in the customer's
    /// name. Empty for all.
    pub search: String,
    /// Types. Empty for all.
    pub types: Vec<PartnerType>,
    /// Statuses. Empty for all.
    pub statuses: Vec<RelationshipStatus>,
    /// Sort order.
    pub order: Order<RelationshipField>,
    /// Maximum number of items on the page, 1 to 300 as in Microsoft Graph.
    pub top: u32,
    /// Position of the page.
    pub skip: SkipToken,
}

impl Default for RelationshipQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            types: Vec::new(),
            statuses: Vec::new(),
            order: Order { field: RelationshipField::Partner, descending: false },
            top: 100,
            skip: SkipToken::default(),
        }
    }
}

impl RelationshipQuery {
    /// Parses a query string. Unknown options are errors, so that an ignored filter is never
    /// taken for an applied one.
    ///
    /// # Errors
    /// All invalid options, by their names without the `$`.
    pub fn parse(query: &str) -> Result<Self, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let mut parsed = Self::default();
        for option in query_pairs(query) {
            let Some((name, value)) = option else {
                fields.take::<()>("query", Err(FieldError::NotAnOption));
                continue;
            };
            match option_name(&name) {
                "search" => {
                    parsed.search = fields.take("search", search(&value)).unwrap_or_default();
                }
                "filter" => {
                    fields.take("filter", parsed.filter(&value));
                }
                "orderby" => {
                    if let Some(order) = fields.take("orderby", value.parse()) {
                        parsed.order = order;
                    }
                }
                "top" => {
                    parsed.top = fields.take("top", top(&value)).unwrap_or(parsed.top);
                }
                "skiptoken" => {
                    parsed.skip = fields.take("skiptoken", value.parse()).unwrap_or_default();
                }
                "count" if matches!(value.as_str(), "true" | "false") => {}
                _ => {
                    fields.take::<()>("query", Err(FieldError::NotAnOption));
                }
            }
        }
        fields.finish(Some(parsed))
    }

    /// Parses `$filter`.
    fn filter(&mut self, filter: &str) -> Result<(), FieldError> {
        for clause in filter.split(" and ").map(str::trim).filter(|clause| !clause.is_empty()) {
            let (field, rest) = clause.split_once(' ').ok_or(FieldError::NotAnOption)?;
            let (operator, operand) =
                rest.trim_start().split_once([' ', '(']).ok_or(FieldError::NotAnOption)?;
            let operand = operand.trim().trim_start_matches('(').trim_end_matches(')');
            let values = operand
                .split(',')
                .map(|value| value.trim().strip_prefix('\'')?.strip_suffix('\''))
                .collect::<Option<Vec<_>>>()
                .ok_or(FieldError::NotAnOption)?;
            if !(operator == "in" || (operator == "eq" && values.len() == 1)) {
                return Err(FieldError::NotAnOption);
            }
            match field {
                "relationshipType" => self.types = all(&values)?,
                "status" => self.statuses = all(&values)?,
                _ => return Err(FieldError::NotAnOption),
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for RelationshipQuery {
    /// Writes the query string that [`RelationshipQuery::parse`] reads. Default values are
    /// left out.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let usual = Self::default();
        let unless = |usual: bool, text: String| if usual { String::new() } else { text };
        let mut clauses = Vec::new();
        if !self.types.is_empty() {
            clauses.push(format!("relationshipType in ({})", quoted(&self.types)));
        }
        if !self.statuses.is_empty() {
            clauses.push(format!("status in ({})", quoted(&self.statuses)));
        }
        write_options(
            formatter,
            &[
                ("$search", self.search.clone()),
                ("$filter", clauses.join(" and ")),
                ("$orderby", unless(self.order == usual.order, self.order.to_string())),
                ("$top", unless(self.top == usual.top, self.top.to_string())),
                ("$skiptoken", unless(self.skip == usual.skip, self.skip.to_string())),
            ],
        )
    }
}

fn all<T: std::str::FromStr<Err = FieldError>>(values: &[&str]) -> Result<Vec<T>, FieldError> {
    values.iter().map(|value| value.parse()).collect()
}

fn quoted<T: std::fmt::Display>(values: &[T]) -> String {
    values.iter().map(|value| format!("'{value}'")).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    use super::*;
    use crate::list::SEARCH_MAX;

    #[test]
    fn what_graph_would_write_is_read() {
        let query = "$filter=status%20eq%20%27active%27%20and%20relationshipType%20in%20(%27reseller%27,%20%27advisor%27)&$orderby=since desc&$top=5";
        let query = RelationshipQuery::parse(query).expect("a query of ours");
        assert_eq!(query.statuses, [RelationshipStatus::Active]);
        assert_eq!(query.types, [PartnerType::Reseller, PartnerType::Advisor]);
        assert_eq!(query.order, Order { field: RelationshipField::Since, descending: true });
        assert_eq!(query.top, 5);
    }

    #[test]
    fn what_is_not_understood_is_not_ignored() {
        for (query, field) in [
            ("$filter=status", "filter"),
            ("$filter=name eq 'x'", "filter"),
            ("$filter=status eq 'asleep'", "filter"),
            ("$filter=status gt 'active'", "filter"),
            ("$filter=status eq active", "filter"),
            ("$filter=status eq 'active' or status eq 'ended'", "filter"),
            ("$orderby=color", "orderby"),
            ("$orderby=since sideways", "orderby"),
            ("$top=0", "top"),
            ("$top=301", "top"),
            ("$skiptoken=xyz", "skiptoken"),
            ("$expand=partner", "query"),
            ("%ff=1", "query"),
        ] {
            let problems = RelationshipQuery::parse(query).expect_err(query);
            assert_eq!(problems[0].field, field, "{query}");
        }
        let long = format!("$search={}", "x".repeat(SEARCH_MAX + 1));
        assert!(RelationshipQuery::parse(&long).is_err());
    }

    proptest! {
        #[test]
        fn every_query_survives_a_round_trip(
            search in "[^\\s\"]{0,20}",
            types in subsequence(PartnerType::ALL.to_vec(), 0..4),
            statuses in subsequence(RelationshipStatus::ALL.to_vec(), 0..2),
            field in select(RelationshipField::ALL),
            descending: bool,
            top in 1..=300_u32,
            skip: u64,
        ) {
            let query = RelationshipQuery {
                search, types, statuses, order: Order { field, descending }, top, skip: SkipToken(skip),
            };
            prop_assert_eq!(RelationshipQuery::parse(&query.to_string()), Ok(query));
        }

        #[test]
        fn no_query_panics(query in "\\PC{0,80}") {
            let _ = RelationshipQuery::parse(&query);
        }
    }
}
