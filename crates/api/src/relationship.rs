//! Relationships and the query of their list.

use rules::{
    Cloud, DisplayName, InvitationId, Offer, OrganizationId, PartnerId, PartnerType, Relationship,
    RelationshipFacts, RelationshipId, RelationshipState, RelationshipStatus, RoleGrant, Timestamp,
    string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::list::{List, ListField, ListQuery, SortOrder, list_filter};
use crate::{ETag, Partner};

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

impl AgreementState {
    /// Returns the state for a type of relationship.
    #[must_use]
    pub const fn of(partner_type: PartnerType, accepted: bool) -> Self {
        match (partner_type.resells(), accepted) {
            (false, _) => Self::NotNeeded,
            (true, true) => Self::Accepted,
            (true, false) => Self::NotAccepted,
        }
    }
}

/// Field by which the list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum RelationshipField {
    /// Name of the other side.
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

impl ListField for RelationshipField {}

list_filter! {
    /// Filter of the list of relationships.
    RelationshipFilter {
        /// Types.
        relationship_type: Vec<PartnerType> = "relationshipType",
        /// Statuses.
        status: Vec<RelationshipStatus> = "status",
        /// Organization ID of the partner.
        partner: Option<OrganizationId> = "partner",
        /// Partner ID of the partner.
        partner_id: Option<PartnerId> = "partnerId",
        /// Organization ID of the customer.
        customer: Option<OrganizationId> = "customer",
    }
}

/// The list of relationships (`GET /api/relationships`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationshipList;

impl List for RelationshipList {
    type Filter = RelationshipFilter;
    type Field = RelationshipField;
    const SEARCH: Option<&'static str> =
        Some("name, domain and Partner ID of the partner; for a partner, name of the customer");
    const DEFAULT_ORDER: SortOrder<RelationshipField> =
        SortOrder::ascending(RelationshipField::Partner);
}

/// Query of the list of relationships.
pub type RelationshipQuery = ListQuery<RelationshipList>;
