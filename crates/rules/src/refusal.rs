//! Why something is not allowed, and what to do instead.

use crate::names;
use serde::{Deserialize, Serialize};

/// The reason why something may not be done. Its name is the code in the API;
/// the text in each language belongs to the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Refusal {
    /// Nobody is signed in.
    SignInRequired,
    /// It belongs to another organization.
    OtherOrganization,
    /// Only a customer organization can do this.
    CustomerOnly,
    /// Only a partner can do this.
    PartnerOnly,
    /// Only a Global administrator may do this.
    GlobalAdministratorRequired,
    /// Only a Global or Billing administrator may do this.
    BillingAdministratorRequired,
    /// Only an Admin agent of the partner may do this.
    AdminAgentRequired,
    /// Only an Admin agent or Sales agent of the partner may do this.
    SalesAgentRequired,
    /// The invitation was addressed to another organization.
    InvitationForOtherOrganization,
    /// The invitation was made for another cloud.
    InvitationForOtherCloud,
    /// The invitation has not been sent yet.
    InvitationNotSent,
    /// The invitation has been sent already.
    InvitationAlreadySent,
    /// The invitation was accepted before.
    InvitationAlreadyAccepted,
    /// The customer canceled the invitation.
    InvitationCanceled,
    /// The partner withdrew the invitation.
    InvitationWithdrawn,
    /// The invitation's 90 days are over.
    InvitationExpired,
    /// The partner does not work in the organization's cloud.
    PartnerNotInCloud,
    /// A partner of this type can't hold the admin roles that are asked for.
    RolesNotForType,
    /// The box that acknowledges reading the agreement is not ticked.
    AgreementNotAcknowledged,
    /// What was shown is not the current agreement any more.
    AgreementChanged,
    /// The current version of the agreement was accepted before.
    AgreementAlreadyAccepted,
    /// There is no agreement document in this cloud yet.
    AgreementUnavailable,
    /// A partner of this type holds no admin roles.
    TypeHoldsNoRoles,
    /// The partner's roles are those of the account it was given.
    RolesHeldByAccount,
    /// The partner holds no admin roles now.
    NoRolesToRemove,
    /// A reseller relationship is ended by the reseller.
    ResellerEndsRelationship,
    /// A relationship of this type is ended by the partner.
    PartnerEndsRelationship,
    /// The relationship has ended already.
    RelationshipEnded,
    /// The invitation doesn't name whom it goes to yet.
    InvitationIncomplete,
    /// The recipient's address is not of the customer's domain.
    RecipientNotOfCustomer,
    /// The invitation was sent less than a day ago.
    InvitationSentRecently,
    /// Terms of the partner and offers go with invitations in 21Vianet's cloud alone.
    OfferOnlyIn21Vianet,
    /// The partner declined the enquiry.
    EnquiryDeclined,
    /// The enquiry's 14 days are over.
    EnquiryExpired,
    /// The enquiry was answered with an invitation.
    EnquiryAnswered,
    /// The customer has active subscriptions from this reseller.
    SubscriptionsActive,
    /// Only the customer sets the partner of record, never a partner, whatever its roles.
    CustomerSetsPartnerOfRecord,
    /// In 21Vianet's cloud a partner of record comes with the partner's invitation alone.
    PartnerStartsIn21Vianet,
    /// The subscription has a partner of record already.
    PartnerOfRecordPresent,
    /// The subscription has no partner of record.
    NoPartnerOfRecord,
    /// The subscription has this partner of record already.
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
    /// The subscription is a trial.
    SubscriptionIsTrial,
    /// A reseller sold the subscription, and manages it.
    ManagedByReseller,
    /// The subscription was not bought from this partner.
    NotTheSeller,
    /// A partner of this type sells nothing.
    NotAReseller,
    /// The customer has not accepted the Microsoft Customer Agreement, without which a
    /// reseller can neither order nor change anything for it.
    AgreementNotAccepted,
    /// No offer waits to be created.
    NoOffer,
    /// The product costs something else by now than what was shown.
    PriceChanged,
}

names!(Refusal {
    SignInRequired => "signInRequired",
    OtherOrganization => "otherOrganization",
    CustomerOnly => "customerOnly",
    PartnerOnly => "partnerOnly",
    GlobalAdministratorRequired => "globalAdministratorRequired",
    BillingAdministratorRequired => "billingAdministratorRequired",
    AdminAgentRequired => "adminAgentRequired",
    SalesAgentRequired => "salesAgentRequired",
    InvitationForOtherOrganization => "invitationForOtherOrganization",
    InvitationForOtherCloud => "invitationForOtherCloud",
    InvitationNotSent => "invitationNotSent",
    InvitationAlreadySent => "invitationAlreadySent",
    InvitationAlreadyAccepted => "invitationAlreadyAccepted",
    InvitationCanceled => "invitationCanceled",
    InvitationWithdrawn => "invitationWithdrawn",
    InvitationExpired => "invitationExpired",
    PartnerNotInCloud => "partnerNotInCloud",
    RolesNotForType => "rolesNotForType",
    AgreementNotAcknowledged => "agreementNotAcknowledged",
    AgreementChanged => "agreementChanged",
    AgreementAlreadyAccepted => "agreementAlreadyAccepted",
    AgreementUnavailable => "agreementUnavailable",
    TypeHoldsNoRoles => "typeHoldsNoRoles",
    RolesHeldByAccount => "rolesHeldByAccount",
    NoRolesToRemove => "noRolesToRemove",
    ResellerEndsRelationship => "resellerEndsRelationship",
    PartnerEndsRelationship => "partnerEndsRelationship",
    RelationshipEnded => "relationshipEnded",
    InvitationIncomplete => "invitationIncomplete",
    RecipientNotOfCustomer => "recipientNotOfCustomer",
    InvitationSentRecently => "invitationSentRecently",
    OfferOnlyIn21Vianet => "offerOnlyIn21Vianet",
    EnquiryDeclined => "enquiryDeclined",
    EnquiryExpired => "enquiryExpired",
    EnquiryAnswered => "enquiryAnswered",
    SubscriptionsActive => "subscriptionsActive",
    CustomerSetsPartnerOfRecord => "customerSetsPartnerOfRecord",
    PartnerStartsIn21Vianet => "partnerStartsIn21Vianet",
    PartnerOfRecordPresent => "partnerOfRecordPresent",
    NoPartnerOfRecord => "noPartnerOfRecord",
    PartnerOfRecordUnchanged => "partnerOfRecordUnchanged",
    PartnerIdNotFound => "partnerIdNotFound",
    PartnerIdIsGlobalAccount => "partnerIdIsGlobalAccount",
    SubscriptionEnded => "subscriptionEnded",
    SubscriptionSuspended => "subscriptionSuspended",
    SubscriptionNotSuspended => "subscriptionNotSuspended",
    SubscriptionIsTrial => "subscriptionIsTrial",
    ManagedByReseller => "managedByReseller",
    NotTheSeller => "notTheSeller",
    NotAReseller => "notAReseller",
    AgreementNotAccepted => "agreementNotAccepted",
    NoOffer => "noOffer",
    PriceChanged => "priceChanged",
});

/// What somebody who was refused can do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum NextStep {
    /// Sign in.
    SignIn,
    /// Sign in with an account of the organization that it is meant for.
    UseOtherAccount,
    /// Ask a Global administrator of the own organization.
    AskGlobalAdministrator,
    /// Ask a Billing administrator of the own organization.
    AskBillingAdministrator,
    /// Ask an Admin agent of the own organization.
    AskAdminAgent,
    /// Ask the partner for a new invitation.
    AskForNewInvitation,
    /// See the list of partners.
    SeePartners,
    /// Read the agreement again and tick the box.
    ReadAgreement,
    /// Ask the operator to add the agreement.
    AskOperator,
    /// Change or remove the account that the partner was given.
    ManageAccount,
    /// Ask the reseller to end the relationship from its own side.
    AskReseller,
    /// Ask the partner to end the relationship.
    AskPartner,
    /// Change the request: another type, or no roles.
    ChangeRequest,
    /// Edit the draft of the invitation.
    EditInvitation,
    /// Wait until a day has passed.
    Wait,
    /// Send the customer an invitation without an enquiry.
    InviteDirectly,
    /// See the list of enquiries.
    SeeEnquiries,
    /// Suspend or cancel the subscriptions.
    EndSubscriptions,
    /// Ask a Global or Billing administrator of the customer.
    AskCustomer,
    /// Ask the reseller that sold it.
    AskSeller,
    /// Choose a partner that works in that cloud.
    ChooseOtherPartner,
    /// Ask the partner to send the organization an invitation.
    AskForInvitation,
    /// Edit the partner of record.
    EditPartnerOfRecord,
    /// Check the Partner ID with the partner.
    CheckPartnerId,
    /// Ask the partner for the Partner ID of one of its locations.
    AskForLocationId,
    /// Reactivate the subscription.
    Reactivate,
    /// Let an administrator of the customer accept the Microsoft Customer Agreement.
    AcceptAgreement,
    /// Send the customer an invitation to become its reseller.
    RequestReselling,
    /// Look at the order again, with what it costs now.
    ReviewOrder,
    /// Nothing needs to be done.
    Nothing,
}

names!(NextStep {
    SignIn => "signIn",
    UseOtherAccount => "useOtherAccount",
    AskGlobalAdministrator => "askGlobalAdministrator",
    AskBillingAdministrator => "askBillingAdministrator",
    AskAdminAgent => "askAdminAgent",
    AskForNewInvitation => "askForNewInvitation",
    SeePartners => "seePartners",
    ReadAgreement => "readAgreement",
    AskOperator => "askOperator",
    ManageAccount => "manageAccount",
    AskReseller => "askReseller",
    AskPartner => "askPartner",
    ChangeRequest => "changeRequest",
    EditInvitation => "editInvitation",
    Wait => "wait",
    InviteDirectly => "inviteDirectly",
    SeeEnquiries => "seeEnquiries",
    EndSubscriptions => "endSubscriptions",
    AskCustomer => "askCustomer",
    AskSeller => "askSeller",
    ChooseOtherPartner => "chooseOtherPartner",
    AskForInvitation => "askForInvitation",
    EditPartnerOfRecord => "editPartnerOfRecord",
    CheckPartnerId => "checkPartnerId",
    AskForLocationId => "askForLocationId",
    Reactivate => "reactivate",
    AcceptAgreement => "acceptAgreement",
    RequestReselling => "requestReselling",
    ReviewOrder => "reviewOrder",
    Nothing => "nothing",
});

impl Refusal {
    /// The machine-readable code in the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.as_str()
    }

    /// Whether it comes from the state of a subscription or of what waits to become one, and
    /// not from who asks. To somebody who saw another state it says less than that there is
    /// a new one.
    #[must_use]
    pub const fn is_of_state(self) -> bool {
        matches!(
            self,
            Self::PartnerStartsIn21Vianet
                | Self::PartnerOfRecordPresent
                | Self::NoPartnerOfRecord
                | Self::PartnerOfRecordUnchanged
                | Self::SubscriptionEnded
                | Self::SubscriptionSuspended
                | Self::SubscriptionNotSuspended
                | Self::SubscriptionIsTrial
                | Self::RelationshipEnded
                | Self::NoOffer
        )
    }

    /// What to do next.
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
            Self::InvitationSentRecently => NextStep::Wait,
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
