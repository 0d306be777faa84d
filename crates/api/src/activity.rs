//! The audit log.

use std::collections::BTreeMap;

use rules::{DisplayName, OrganizationId, Timestamp, UserId, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::list::{FilterText, List, ListField, ListQuery, SortOrder, SortOrders, list_filter};

/// Kind of entry in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AuditAction {
    /// The operator created the organization.
    OrganizationCreated,
    /// An account was created.
    UserCreated,
    /// A user signed in.
    SignedIn,
    /// Signing in to an existing account failed.
    SignInFailed,
    /// A user signed out.
    SignedOut,
    /// A user ended all sessions of the account.
    SignedOutEverywhere,
    /// A partner drafted an invitation.
    InvitationDrafted,
    /// A partner sent an invitation.
    InvitationSent,
    /// A partner withdrew an invitation.
    InvitationWithdrawn,
    /// A customer accepted an invitation.
    InvitationAccepted,
    /// A customer canceled an invitation.
    InvitationCanceled,
    /// A customer accepted the Microsoft Customer Agreement.
    AgreementAccepted,
    /// A relationship was created.
    RelationshipCreated,
    /// A new invitation changed an existing relationship.
    RelationshipChanged,
    /// A customer removed a partner's admin roles.
    AdminRolesRemoved,
    /// A customer deleted a relationship.
    RelationshipDeleted,
    /// A customer sent an enquiry to a partner.
    EnquirySent,
    /// A partner read an enquiry.
    EnquiryRead,
    /// A partner declined an enquiry.
    EnquiryDeclined,
    /// A partner answered an enquiry with an invitation.
    EnquiryAnswered,
    /// A partner sent an invitation again.
    InvitationResent,
    /// A partner gave up its admin roles.
    AdminRolesGivenUp,
    /// A partner ended a relationship.
    RelationshipEnded,
    /// A partner changed its profile.
    ProfileChanged,
    /// The operator added a Partner ID to a partner.
    PartnerIdAdded,
    /// An order was placed.
    OrderPlaced,
    /// A customer created the subscription that a partner offered.
    SubscriptionCreated,
    /// A partner of record was set for a subscription.
    PartnerOfRecordAdded,
    /// The partner of record of a subscription was replaced.
    PartnerOfRecordChanged,
    /// The partner of record of a subscription was removed.
    PartnerOfRecordRemoved,
    /// The number of licenses of a subscription was changed.
    QuantityChanged,
    /// A subscription was suspended.
    SubscriptionSuspended,
    /// A suspended subscription was reactivated.
    SubscriptionReactivated,
    /// A subscription was canceled.
    SubscriptionCanceled,
}

string_enum!(AuditAction);

/// Kind of resource in an audit entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum TargetKind {
    /// An organization.
    Organization,
    /// A user account.
    User,
    /// An invitation.
    Invitation,
    /// A relationship.
    Relationship,
    /// The Microsoft Customer Agreement.
    Agreement,
    /// An enquiry.
    Enquiry,
    /// The profile of a partner.
    Profile,
    /// A subscription.
    Subscription,
}

string_enum!(TargetKind);

/// An entry of an organization's audit log (`GET /api/activity`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivityEntry {
    /// Sequence number in the organization's log, starting at 1.
    pub sequence: i64,
    /// Time of the action.
    pub at: Timestamp,
    /// User who did it.
    pub actor: ActivityActor,
    /// Kind of action.
    pub action: AuditAction,
    /// Resource of the action.
    pub target: ActivityTarget,
    /// Details by name: `relationshipType`, `adminRoles` (separated by commas), `version`,
    /// `hash`, `reason`, `recipient`, `country`, `size`, `listed`. For a subscription also
    /// `term`, `quantity`, `formerQuantity`, `partnerId` and `partner` (the name) of the
    /// partner of record, `formerPartnerId` and `formerPartner` of the previous one, and in a
    /// partner's log `customer` (the name).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// SHA-256 in hexadecimal that chains this entry to the previous one.
    pub hash: String,
}

/// User who did something, with the names at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivityActor {
    /// User account. Absent for the operator and for a failed sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// Name of the user. Absent for the operator and for a failed sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// Organization that the user acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// Name of that organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<DisplayName>,
}

/// Resource of an audit entry, with its name at the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivityTarget {
    /// Kind.
    pub kind: TargetKind,
    /// Identifier.
    pub id: String,
    /// Name. For an invitation or a relationship: the name of the other organization. For a
    /// subscription: the name of the product.
    pub name: String,
}

/// Field by which the audit log is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum ActivityField {
    /// Time of the action.
    At,
}

string_enum!(ActivityField);

impl ListField for ActivityField {}

list_filter! {
    /// Filter of the audit log.
    ActivityFilter {
        /// Kinds of action.
        action: Vec<AuditAction> = "action",
        /// Identifier of the resource.
        target: Option<FilterText> = "target",
        /// Kinds of resource.
        target_kind: Vec<TargetKind> = "targetKind",
        /// ID of the user who did it.
        user: Option<UserId> = "user",
    }
}

/// The audit log (`GET /api/activity`), newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivityList;

impl List for ActivityList {
    type Filter = ActivityFilter;
    type Field = ActivityField;
    const SEARCH: Option<&'static str> = Some("names of the target and of the user");
    const DEFAULT_ORDER: SortOrder<ActivityField> = SortOrder::descending(ActivityField::At);
    const ORDERS: SortOrders = SortOrders::DefaultOnly;
}

/// Query of the audit log.
pub type ActivityQuery = ListQuery<ActivityList>;
