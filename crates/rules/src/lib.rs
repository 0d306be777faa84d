//! The rules of Accord: parsed values, state machines and permissions.
//!
//! Both the page and the server use this crate. The page shows the reason next to a disabled
//! button; the server checks again inside the transaction.
//!
//! The crate is pure. It does no I/O, reads no clock and generates no random numbers: the time
//! and new identifiers are arguments. Values are parsed, not validated: a [`PartnerId`], an
//! [`EmailAddress`] and so on can only come from a parser, which returns a typed
//! [`FieldError`].
//!
//! [`check`] decides every permission, [`allowed_actions`] calls it for every action, and each
//! `apply` method starts with it.

mod access;
mod actor;
mod agreement;
pub mod bounds;
mod cloud;
mod enquiry;
mod ids;
mod invitation;
mod language;
mod money;
mod order;
mod organization;
mod partner_account;
mod partner_id;
mod partner_type;
mod product;
mod profile;
mod refusal;
mod relationship;
mod role;
pub mod search;
mod string_types;
mod subscription;
mod time;
mod values;

#[cfg(feature = "openapi")]
#[doc(hidden)]
pub use utoipa;

/// Refusals that groups of actions share, for the description of the API. Each list is declared
/// beside its rule, so that a new refusal of the rule is added in one place.
pub mod refusals {
    pub use crate::enquiry::ENQUIRY_CLOSED;
    pub use crate::invitation::{
        INVITATION_BY_CUSTOMER, INVITATION_CLOSED, INVITATION_CONTENT, INVITATION_NOT_ADDRESSED,
    };
    pub use crate::partner_account::UNUSABLE_PARTNER_ID;
    pub use crate::relationship::{
        NO_ADMIN_ROLES, RELATIONSHIP_BY_CUSTOMER, RELATIONSHIP_BY_PARTNER,
    };
    pub use crate::subscription::{PARTNER_OF_RECORD_CHOICE, SUBSCRIPTION_MANAGEMENT};
}

pub use access::{Rejection, Subject, VersionedSubject, allowed_actions, check, check_version};
pub use actor::{Actor, Member};
pub use agreement::{
    AgreementAcceptance, AgreementDocument, AgreementToAccept, AgreementVersion, DocumentHash,
};
pub use cloud::Cloud;
pub use enquiry::{
    ENQUIRY_LIFETIME, ENQUIRY_PARTNERS_MAX, Enquiry, EnquiryAction, EnquiryChange, EnquiryContent,
    EnquiryFacts, EnquiryState, EnquiryStatus, EnquiryToSend,
};
pub use ids::{
    AcceptanceId, BillingAccountId, EnquiryId, InvitationId, MailId, OrderRequestId,
    OrganizationId, ProductId, RelationshipId, SubscriptionId, UserId,
};
pub use invitation::{
    INVITATION_LIFETIME, Invitation, InvitationAction, InvitationChange, InvitationContent,
    InvitationFacts, InvitationState, InvitationStatus, NewInvitation, Offer, OfferKind,
    RESEND_PAUSE, ensure_recipient_in_domain,
};
pub use language::{Language, PluralCategory};
pub use money::{Currency, Money};
pub use order::{Order, OrderAction, OrderFacts, ensure_price_unchanged};
pub use organization::{OrganizationAction, OrganizationFacts, OrganizationKind};
pub use partner_account::{AccountKind, PartnerAccount};
pub use partner_id::PartnerId;
pub use partner_type::{Capability, PartnerType};
pub use product::{BillingAccount, Price, Product, Term};
pub use profile::{Industry, Location, OrganizationSize, Profile, Service};
pub use refusal::{NextStep, Refusal, RefusalKind};
pub use relationship::{
    CapabilityStatus, EndedBy, Relationship, RelationshipAction, RelationshipChange,
    RelationshipFacts, RelationshipState, RelationshipStatus,
};
pub use role::{AdminRole, RoleGrant, UserRole};
pub use search::search_words;
pub use subscription::{
    NewSubscription, PartnerOfRecord, PastPartnerOfRecord, Subscription, SubscriptionAction,
    SubscriptionChange, SubscriptionFacts, SubscriptionState, SubscriptionStatus, TRIAL_LENGTH,
};
pub use time::{DAY, DateTimeParts, HOUR, MINUTE, SECOND, Timestamp};
pub use values::{
    CountryCode, Description, DisplayName, DomainName, EmailAddress, FieldError, NewPassword, Note,
    PhoneNumber,
};
