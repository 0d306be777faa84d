//! Organizations, and the actions on an organization as a whole.

use strum::{VariantArray, VariantNames};

use crate::access::Subject;
use crate::{
    Actor, AgreementDocument, AgreementToAccept, AgreementVersion, Cloud, OrganizationId, Refusal,
    Timestamp, UserRole, string_enum,
};

/// Kind of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OrganizationKind {
    /// An organization that works with partners.
    Customer,
    /// A Microsoft partner.
    Partner,
}

string_enum!(OrganizationKind);

/// Facts about an organization that [`check`](crate::check) needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationFacts {
    /// Identifier.
    pub id: OrganizationId,
    /// Kind.
    pub kind: OrganizationKind,
    /// Cloud. For a partner, the cloud that the action is about.
    pub cloud: Cloud,
    /// Newest version of the Microsoft Customer Agreement that the organization accepted.
    pub accepted_agreement: Option<AgreementVersion>,
    /// Newest version of the agreement in its cloud.
    pub current_agreement: Option<AgreementVersion>,
}

/// Action on an organization as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OrganizationAction {
    /// View the organization's relationships and pending invitations.
    ViewRelationships,
    /// View the audit log.
    ViewActivity,
    /// Read the Microsoft Customer Agreement and see who accepted it.
    ViewAgreement,
    /// Accept the Microsoft Customer Agreement.
    AcceptAgreement,
    /// Read the mails that wait for delivery, or that are kept because there is no mail
    /// server. The mails contain links, so only those who may follow the links can read them.
    ViewOutbox,
    /// Partner: write an invitation.
    DraftInvitation,
    /// Customer: search for partners.
    FindPartners,
    /// Customer: send an enquiry to partners, with the contact details of the organization.
    SendEnquiry,
    /// View the enquiries from or to the organization.
    ViewEnquiries,
    /// Partner: view its profile.
    ViewProfile,
    /// Partner: edit its profile.
    EditProfile,
    /// View the customer's subscriptions. For a partner: the subscriptions that it sells or is
    /// the partner of record of.
    ViewSubscriptions,
    /// View the catalog.
    ViewProducts,
    /// View the billing accounts.
    ViewBillingAccounts,
    /// Customer: order a product.
    PlaceOrder,
    /// Customer: name the partner of record in an order.
    NamePartnerAtPurchase,
    /// Customer: look up the partner of a Partner ID.
    CheckPartnerId,
    /// Customer: set or remove the partner of record of many subscriptions at once.
    ChangePartnersOfRecord,
}

string_enum!(OrganizationAction);

impl OrganizationFacts {
    /// Checks that a user confirmed the current agreement, and returns the document. `shown` is
    /// the document with the hash that the user confirmed, if there is one.
    ///
    /// # Errors
    /// [`Refusal::AgreementNotAcknowledged`], [`Refusal::AgreementUnavailable`],
    /// [`Refusal::AgreementChanged`].
    pub fn ensure_agreement_confirmed(
        &self,
        confirmation: &AgreementToAccept,
        shown: Option<AgreementDocument>,
    ) -> Result<AgreementDocument, Refusal> {
        if !confirmation.acknowledged {
            return Err(Refusal::AgreementNotAcknowledged);
        }
        let current = self.current_agreement.ok_or(Refusal::AgreementUnavailable)?;
        shown
            .filter(|document| {
                document.hash == confirmation.hash
                    && document.version == current
                    && document.cloud == self.cloud
            })
            .ok_or(Refusal::AgreementChanged)
    }
}

impl Subject for OrganizationFacts {
    type Action = OrganizationAction;

    fn permission(&self, actor: &Actor, action: OrganizationAction) -> Result<(), Refusal> {
        let member = actor.member()?;
        if member.organization != self.id {
            return Err(Refusal::OtherOrganization);
        }
        match action {
            OrganizationAction::ViewRelationships
            | OrganizationAction::ViewActivity
            | OrganizationAction::ViewSubscriptions
            | OrganizationAction::ViewProducts => Ok(()),
            OrganizationAction::ViewAgreement
            | OrganizationAction::FindPartners
            | OrganizationAction::ViewBillingAccounts => {
                member.ensure_kind(OrganizationKind::Customer)
            }
            OrganizationAction::ViewProfile => member.ensure_kind(OrganizationKind::Partner),
            OrganizationAction::SendEnquiry
            | OrganizationAction::PlaceOrder
            | OrganizationAction::AcceptAgreement => member.ensure_billing_role(),
            OrganizationAction::NamePartnerAtPurchase
            | OrganizationAction::CheckPartnerId
            | OrganizationAction::ChangePartnersOfRecord => {
                member.ensure_can_set_partner_of_record()?;
                if action == OrganizationAction::NamePartnerAtPurchase && self.cloud.has_offers() {
                    return Err(Refusal::PartnerStartsIn21Vianet);
                }
                member.ensure_billing_role()
            }
            OrganizationAction::ViewEnquiries => match self.kind {
                OrganizationKind::Customer => member.ensure_kind(OrganizationKind::Customer),
                OrganizationKind::Partner => member.ensure_sales_role(),
            },
            OrganizationAction::EditProfile => member.ensure_role(UserRole::AdminAgent),
            OrganizationAction::ViewOutbox => match self.kind {
                OrganizationKind::Customer => member.ensure_role(UserRole::GlobalAdministrator),
                OrganizationKind::Partner => member.ensure_role(UserRole::AdminAgent),
            },
            OrganizationAction::DraftInvitation => member.ensure_sales_role(),
        }
    }

    fn state(&self, action: OrganizationAction, _now: Timestamp) -> Result<(), Refusal> {
        if action != OrganizationAction::AcceptAgreement {
            return Ok(());
        }
        match (self.accepted_agreement, self.current_agreement) {
            (_, None) => Err(Refusal::AgreementUnavailable),
            (Some(accepted), Some(current)) if accepted >= current => {
                Err(Refusal::AgreementAlreadyAccepted)
            }
            _ => Ok(()),
        }
    }
}
