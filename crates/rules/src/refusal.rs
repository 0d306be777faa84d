//! Reasons why a rule refuses an action, and the next step for the user.
//!
//! To add a refusal: add a variant to [`Refusal`] with its [`kind`](Refusal::kind) and
//! [`next_step`](Refusal::next_step), return it from a rule, and add its text to
//! `app/locales/*/refusal.json` under the code in snake case.

use strum::{VariantArray, VariantNames};

use crate::string_enum;

/// Reason why a rule refuses an action. The name is the error code in the API. The doc
/// comment is the message for developers (see [`Refusal::message`]), so it is one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[cfg_attr(feature = "openapi", derive(strum::EnumMessage))]
#[strum(serialize_all = "camelCase")]
pub enum Refusal {
    /// No one is signed in.
    SignInRequired,
    /// The resource belongs to another organization.
    OtherOrganization,
    /// Only a customer organization can do this.
    CustomerOnly,
    /// Only a partner can do this.
    PartnerOnly,
    /// Only a Global administrator can do this.
    GlobalAdministratorRequired,
    /// Only a Global or Billing administrator can do this.
    BillingAdministratorRequired,
    /// Only an Admin agent of the partner can do this.
    AdminAgentRequired,
    /// Only an Admin agent or Sales agent of the partner can do this.
    SalesAgentRequired,
    /// The invitation is addressed to another organization.
    InvitationForOtherOrganization,
    /// The invitation is for another cloud.
    InvitationForOtherCloud,
    /// The invitation has not been sent.
    InvitationNotSent,
    /// The invitation has already been sent.
    InvitationAlreadySent,
    /// The invitation has already been accepted.
    InvitationAlreadyAccepted,
    /// The customer canceled the invitation.
    InvitationCanceled,
    /// The partner withdrew the invitation.
    InvitationWithdrawn,
    /// The invitation expired after 90 days.
    InvitationExpired,
    /// The partner does not work in the organization's cloud.
    PartnerNotInCloud,
    /// A partner of this type can't hold the requested admin roles.
    RolesNotForType,
    /// Reading the agreement was not acknowledged.
    AgreementNotAcknowledged,
    /// The accepted text is not that of the current agreement.
    AgreementChanged,
    /// The current version of the agreement has already been accepted.
    AgreementAlreadyAccepted,
    /// This cloud has no agreement document.
    AgreementUnavailable,
    /// A partner of this type holds no admin roles.
    TypeHoldsNoRoles,
    /// The partner's roles belong to the user account that the customer made for it.
    RolesHeldByAccount,
    /// The partner currently holds no admin roles.
    NoRolesToRemove,
    /// Only the reseller can end a reseller relationship.
    ResellerEndsRelationship,
    /// Only the partner can end a relationship of this type.
    PartnerEndsRelationship,
    /// The relationship has ended.
    RelationshipEnded,
    /// The invitation has no recipient.
    InvitationIncomplete,
    /// The recipient's address is not in the customer's domain.
    RecipientNotOfCustomer,
    /// The invitation was sent less than 24 hours ago.
    InvitationSentRecently,
    /// Only invitations in 21Vianet's cloud can have terms and an offer.
    OfferOnlyIn21Vianet,
    /// The partner declined the enquiry.
    EnquiryDeclined,
    /// The enquiry expired after 14 days.
    EnquiryExpired,
    /// The enquiry was answered with an invitation.
    EnquiryAnswered,
    /// The customer has active subscriptions from this reseller.
    SubscriptionsActive,
    /// Only the customer sets the partner of record; no role of a partner is enough.
    CustomerSetsPartnerOfRecord,
    /// In 21Vianet's cloud a partner of record can only be added by a partner's invitation.
    PartnerStartsIn21Vianet,
    /// The subscription already has a partner of record.
    PartnerOfRecordPresent,
    /// The subscription has no partner of record.
    NoPartnerOfRecord,
    /// The subscription already has this partner of record.
    PartnerOfRecordUnchanged,
    /// No partner has this Partner ID.
    PartnerIdNotFound,
    /// The Partner ID is that of a whole company, not of one of its locations.
    PartnerIdIsGlobalAccount,
    /// The subscription has ended.
    SubscriptionEnded,
    /// The subscription is suspended.
    SubscriptionSuspended,
    /// The subscription is not suspended.
    SubscriptionNotSuspended,
    /// The subscription is a trial, which can be canceled but not suspended.
    SubscriptionIsTrial,
    /// A reseller sold the subscription and manages it.
    ManagedByReseller,
    /// The subscription was not bought from this partner.
    NotTheSeller,
    /// A partner of this type does not sell.
    NotAReseller,
    /// The customer has not accepted the Microsoft Customer Agreement, which a reseller needs.
    AgreementNotAccepted,
    /// The partner's invitation has no offer that waits to be created.
    NoOffer,
    /// The price changed. Get the products and order again with a new Repeatability-Request-ID.
    PriceChanged,
    /// The user has 500 drafts of invitations.
    TooManyDrafts,
    /// 20 invitations of the partner wait for the customer's answer.
    TooManyWaitingInvitations,
    /// The partner sent 20 invitations to the customer within 24 hours.
    TooManyInvitationsToCustomer,
    /// The partner sent 5,000 invitations within 24 hours.
    TooManyInvitations,
    /// 200 enquiries of the organization wait for an answer.
    TooManyWaitingEnquiries,
    /// The organization can send no more than 30 enquiries within 24 hours.
    TooManyEnquiries,
    /// The organization looked up 200 different Partner IDs within 24 hours.
    TooManyLookUps,
}

string_enum!(Refusal);

/// Category of a [`Refusal`]. The HTTP status depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The caller has to sign in.
    SignIn,
    /// The caller's role or organization does not allow the action.
    Permission,
    /// A resource that the request names does not exist.
    NotFound,
    /// The request conflicts with the facts, such as the state of the resource, the type of the
    /// partner, the cloud or the current price.
    Conflict,
    /// A bound on the actions within 24 hours is reached. The action is allowed later.
    Limit,
}

/// Next step for a user whose action was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum NextStep {
    /// Sign in.
    SignIn,
    /// Sign in with an account of the right organization.
    UseOtherAccount,
    /// Ask a Global administrator of the user's organization.
    AskGlobalAdministrator,
    /// Ask a Global or Billing administrator of the user's organization.
    AskBillingAdministrator,
    /// Ask an Admin agent of the user's organization.
    AskAdminAgent,
    /// Ask the partner for a new invitation.
    AskForNewInvitation,
    /// Look at the list of partners.
    SeePartners,
    /// Read the agreement and tick the box.
    ReadAgreement,
    /// Ask the operator to add the agreement.
    AskOperator,
    /// Change or remove the user account that the customer made for the partner.
    ManageAccount,
    /// Ask the reseller to end the relationship.
    AskReseller,
    /// Ask the partner to end the relationship.
    AskPartner,
    /// Choose another type or request no roles.
    ChangeRequest,
    /// Edit the draft of the invitation.
    EditInvitation,
    /// Try again after a day.
    Wait,
    /// Send or withdraw some of the drafts.
    ClearDrafts,
    /// Withdraw invitations that are no longer needed, or wait for answers.
    WithdrawInvitations,
    /// Wait until partners answer, or the enquiries expire.
    AwaitAnswers,
    /// Send the customer an invitation without an enquiry.
    InviteDirectly,
    /// Look at the list of enquiries.
    SeeEnquiries,
    /// Suspend or cancel the subscriptions.
    EndSubscriptions,
    /// Ask a Global or Billing administrator of the customer.
    AskCustomer,
    /// Ask the reseller that sold the subscription.
    AskSeller,
    /// Choose a partner that works in the cloud.
    ChooseOtherPartner,
    /// Ask the partner for an invitation.
    AskForInvitation,
    /// Edit the partner of record.
    EditPartnerOfRecord,
    /// Check the Partner ID with the partner.
    CheckPartnerId,
    /// Ask the partner for the Partner ID of one of its locations.
    AskForLocationId,
    /// Reactivate the subscription.
    Reactivate,
    /// Ask an administrator of the customer to accept the Microsoft Customer Agreement.
    AcceptAgreement,
    /// Send the customer an invitation to become its reseller.
    RequestReselling,
    /// Review the order with the current price.
    ReviewOrder,
    /// No next step.
    Nothing,
}

string_enum!(NextStep);

impl Refusal {
    /// Returns the error code in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.as_str()
    }

    /// Returns the message for developers, in English.
    #[cfg(feature = "openapi")]
    #[must_use]
    pub fn message(self) -> &'static str {
        strum::EnumMessage::get_documentation(&self).unwrap_or_default()
    }

    /// Returns the category.
    #[must_use]
    pub const fn kind(self) -> RefusalKind {
        match self {
            Self::SignInRequired => RefusalKind::SignIn,
            Self::OtherOrganization
            | Self::CustomerOnly
            | Self::PartnerOnly
            | Self::GlobalAdministratorRequired
            | Self::BillingAdministratorRequired
            | Self::AdminAgentRequired
            | Self::SalesAgentRequired
            | Self::InvitationForOtherOrganization
            | Self::InvitationForOtherCloud
            | Self::CustomerSetsPartnerOfRecord
            | Self::NotTheSeller => RefusalKind::Permission,
            Self::PartnerIdNotFound => RefusalKind::NotFound,
            Self::InvitationNotSent
            | Self::InvitationAlreadySent
            | Self::InvitationAlreadyAccepted
            | Self::InvitationCanceled
            | Self::InvitationWithdrawn
            | Self::InvitationExpired
            | Self::InvitationIncomplete
            | Self::InvitationSentRecently
            | Self::AgreementAlreadyAccepted
            | Self::NoRolesToRemove
            | Self::RelationshipEnded
            | Self::EnquiryDeclined
            | Self::EnquiryExpired
            | Self::EnquiryAnswered
            | Self::SubscriptionsActive
            | Self::PartnerStartsIn21Vianet
            | Self::PartnerOfRecordPresent
            | Self::NoPartnerOfRecord
            | Self::PartnerOfRecordUnchanged
            | Self::SubscriptionEnded
            | Self::SubscriptionSuspended
            | Self::SubscriptionNotSuspended
            | Self::SubscriptionIsTrial
            | Self::NoOffer
            | Self::PartnerNotInCloud
            | Self::RolesNotForType
            | Self::AgreementNotAcknowledged
            | Self::AgreementChanged
            | Self::AgreementUnavailable
            | Self::TypeHoldsNoRoles
            | Self::RolesHeldByAccount
            | Self::ResellerEndsRelationship
            | Self::PartnerEndsRelationship
            | Self::RecipientNotOfCustomer
            | Self::OfferOnlyIn21Vianet
            | Self::PartnerIdIsGlobalAccount
            | Self::ManagedByReseller
            | Self::NotAReseller
            | Self::AgreementNotAccepted
            | Self::PriceChanged
            | Self::TooManyDrafts
            | Self::TooManyWaitingInvitations
            | Self::TooManyWaitingEnquiries => RefusalKind::Conflict,
            Self::TooManyInvitationsToCustomer
            | Self::TooManyInvitations
            | Self::TooManyEnquiries
            | Self::TooManyLookUps => RefusalKind::Limit,
        }
    }

    /// Returns the next step for the user.
    #[must_use]
    pub const fn next_step(self) -> NextStep {
        match self {
            Self::SignInRequired => NextStep::SignIn,
            Self::OtherOrganization
            | Self::CustomerOnly
            | Self::PartnerOnly
            | Self::InvitationForOtherOrganization
            | Self::InvitationForOtherCloud => NextStep::UseOtherAccount,
            Self::GlobalAdministratorRequired => NextStep::AskGlobalAdministrator,
            Self::BillingAdministratorRequired => NextStep::AskBillingAdministrator,
            Self::AdminAgentRequired | Self::SalesAgentRequired => NextStep::AskAdminAgent,
            Self::InvitationNotSent
            | Self::InvitationCanceled
            | Self::InvitationWithdrawn
            | Self::InvitationExpired => NextStep::AskForNewInvitation,
            Self::PartnerStartsIn21Vianet => NextStep::AskForInvitation,
            Self::InvitationAlreadyAccepted | Self::RelationshipEnded => NextStep::SeePartners,
            Self::AgreementNotAcknowledged | Self::AgreementChanged => NextStep::ReadAgreement,
            Self::AgreementUnavailable => NextStep::AskOperator,
            Self::RolesHeldByAccount => NextStep::ManageAccount,
            Self::ResellerEndsRelationship => NextStep::AskReseller,
            Self::PartnerEndsRelationship => NextStep::AskPartner,
            Self::RolesNotForType => NextStep::ChangeRequest,
            Self::PartnerNotInCloud => NextStep::ChooseOtherPartner,
            Self::InvitationIncomplete
            | Self::RecipientNotOfCustomer
            | Self::OfferOnlyIn21Vianet => NextStep::EditInvitation,
            Self::TooManyDrafts => NextStep::ClearDrafts,
            Self::TooManyWaitingInvitations => NextStep::WithdrawInvitations,
            Self::InvitationSentRecently
            | Self::TooManyInvitationsToCustomer
            | Self::TooManyInvitations
            | Self::TooManyEnquiries
            | Self::TooManyLookUps => NextStep::Wait,
            Self::TooManyWaitingEnquiries => NextStep::AwaitAnswers,
            Self::EnquiryDeclined | Self::EnquiryExpired => NextStep::InviteDirectly,
            Self::EnquiryAnswered => NextStep::SeeEnquiries,
            Self::SubscriptionsActive => NextStep::EndSubscriptions,
            Self::CustomerSetsPartnerOfRecord | Self::NotTheSeller => NextStep::AskCustomer,
            Self::PartnerOfRecordPresent => NextStep::EditPartnerOfRecord,
            Self::PartnerIdNotFound => NextStep::CheckPartnerId,
            Self::PartnerIdIsGlobalAccount => NextStep::AskForLocationId,
            Self::SubscriptionSuspended => NextStep::Reactivate,
            Self::ManagedByReseller => NextStep::AskSeller,
            Self::NotAReseller => NextStep::RequestReselling,
            Self::AgreementNotAccepted => NextStep::AcceptAgreement,
            Self::PriceChanged => NextStep::ReviewOrder,
            Self::InvitationAlreadySent
            | Self::AgreementAlreadyAccepted
            | Self::TypeHoldsNoRoles
            | Self::NoRolesToRemove
            | Self::NoPartnerOfRecord
            | Self::PartnerOfRecordUnchanged
            | Self::SubscriptionEnded
            | Self::SubscriptionNotSuspended
            | Self::SubscriptionIsTrial
            | Self::NoOffer => NextStep::Nothing,
        }
    }
}

impl std::error::Error for Refusal {}

#[cfg(all(test, feature = "openapi"))]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_one_line_of_sentences() {
        for refusal in Refusal::ALL {
            let message = refusal.message();
            assert!(message.ends_with('.') && !message.contains('\n'), "{refusal}: {message}");
        }
    }
}
