//! The audit log on the wire.

use std::collections::BTreeMap;

use rules::{DisplayName, OrganizationId, Timestamp, UserId, string_enum};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::json::from_json;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum AuditAction {
    /// The operator created the organization.
    OrganizationCreated,
    /// An account was created.
    UserCreated,
    /// Somebody signed in.
    SignedIn,
    /// Somebody failed to sign in to an account that exists.
    SignInFailed,
    /// Somebody signed out.
    SignedOut,
    /// Somebody ended all sessions of the account.
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
    /// A relationship began.
    RelationshipCreated,
    /// A standing relationship was joined by a new invitation.
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
    /// A partner sent an invitation once more.
    InvitationResent,
    /// A partner gave up its admin roles.
    AdminRolesGivenUp,
    /// A partner ended a relationship.
    RelationshipEnded,
    /// A partner changed what it says about itself.
    ProfileChanged,
    /// The operator added a Partner ID to a partner.
    PartnerIdAdded,
    /// An order was placed.
    OrderPlaced,
    /// A customer created what a partner had offered.
    SubscriptionCreated,
    /// A subscription got a partner of record.
    PartnerOfRecordAdded,
    /// A subscription got another partner of record.
    PartnerOfRecordChanged,
    /// A subscription was left without its partner of record.
    PartnerOfRecordRemoved,
    /// The number of licenses of a subscription was changed.
    QuantityChanged,
    /// A subscription was suspended.
    SubscriptionSuspended,
    /// A suspended subscription was let run again.
    SubscriptionReactivated,
    /// A subscription was canceled.
    SubscriptionCanceled,
}

string_enum!(AuditAction);

/// The kind of thing that something was done with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum TargetKind {
    /// An organization.
    Organization,
    /// An account.
    User,
    /// An invitation.
    Invitation,
    /// A relationship.
    Relationship,
    /// The Microsoft Customer Agreement.
    Agreement,
    /// An enquiry.
    Enquiry,
    /// What a partner says about itself.
    Profile,
    /// A subscription.
    Subscription,
}

string_enum!(TargetKind);

/// One entry of an organization's audit log (`GET /api/activity`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivityEntry {
    /// Its place in the organization's log, from 1.
    pub sequence: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub actor: ActivityActor,
    /// What was done.
    pub action: AuditAction,
    /// With what.
    pub target: ActivityTarget,
    /// More about it, by name: `relationshipType`, `adminRoles` (names apart by a comma),
    /// `version`, `hash`, `reason`, `recipient`, `country`, `size`, `listed`; of a
    /// subscription `term`, `quantity` and `formerQuantity`, `partnerId` and
    /// `partner` (the name) of its partner of record, `formerPartnerId` and `formerPartner`
    /// of the one before, `customer` (the name) in the log of a partner.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, String>,
    /// The SHA-256 that chains this entry to the one before it, in hexadecimal.
    pub hash: String,
}

from_json!(ActivityEntry { sequence, at, actor, action, target, details or default, hash });

/// Who did something, with the names as they were then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivityActor {
    /// The account; absent for the operator, and for a sign-in that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserId>,
    /// The person's name; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DisplayName>,
    /// The organization that the person acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The name of that organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_name: Option<DisplayName>,
}

from_json!(ActivityActor { user, name, organization, organization_name = "organizationName" });

/// What something was done with, with the name as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ActivityTarget {
    /// The kind of thing.
    pub kind: TargetKind,
    /// Its identifier.
    pub id: String,
    /// Its name: of an invitation or a relationship, that of the other side; of a
    /// subscription, that of the product.
    pub name: String,
}

from_json!(ActivityTarget { kind, id, name });
