//! Organizations, and what can be asked of one as a whole.

use strum::{VariantArray, VariantNames};

use crate::access::Subject;
use crate::{
    Actor, AgreementVersion, Cloud, OrganizationId, Refusal, Timestamp, UserRole, string_enum,
};

/// Which side of a relationship an organization stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OrganizationKind {
    /// An organization that works with partners.
    Customer,
    /// A Microsoft partner.
    Partner,
}

string_enum!(OrganizationKind);

/// What [`check`](crate::check) needs to know of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrganizationFacts {
    /// Its identifier.
    pub id: OrganizationId,
    /// Its side.
    pub kind: OrganizationKind,
    /// Its cloud; of a partner, the one that the question is about.
    pub cloud: Cloud,
    /// The newest version of the Microsoft Customer Agreement that it accepted.
    pub accepted_agreement: Option<AgreementVersion>,
    /// The newest version of the agreement that there is in its cloud.
    pub current_agreement: Option<AgreementVersion>,
}

/// What can be done with an organization as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum OrganizationAction {
    /// See its relationships and the invitations that wait for it.
    ViewRelationships,
    /// See what was done, by whom and when.
    ViewActivity,
    /// Read the Microsoft Customer Agreement and see who accepted it.
    ViewAgreement,
    /// Accept the Microsoft Customer Agreement.
    AcceptAgreement,
    /// Read the mails that wait for it or were kept for want of a mail server.
    /// They carry links, so they are for those who may follow them.
    ViewOutbox,
    /// Write an invitation in this partner's name.
    DraftInvitation,
    /// Search for partners.
    FindPartners,
    /// Write to partners in the organization's name, and share its contact with them.
    SendEnquiry,
    /// See the enquiries from or to the organization.
    ViewEnquiries,
    /// See what this partner says about itself.
    ViewProfile,
    /// Change what this partner says about itself.
    EditProfile,
    /// See its subscriptions; as a partner, those that it sells or is the partner of
    /// record of.
    ViewSubscriptions,
    /// See what can be bought.
    ViewProducts,
    /// See the accounts from which it pays.
    ViewBillingAccounts,
    /// Order for the own organization.
    PlaceOrder,
    /// Name the partner of record of what is ordered.
    NamePartnerAtPurchase,
    /// Look up whose Partner ID one is.
    CheckPartnerId,
    /// Set or remove the partner of record of several subscriptions at once.
    ChangePartnersOfRecord,
}

string_enum!(OrganizationAction);

impl Subject for OrganizationFacts {
    type Action = OrganizationAction;

    fn check(
        &self,
        actor: &Actor,
        action: OrganizationAction,
        _now: Timestamp,
    ) -> Result<(), Refusal> {
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
            | OrganizationAction::ViewBillingAccounts => member.must_be(OrganizationKind::Customer),
            OrganizationAction::ViewProfile => member.must_be(OrganizationKind::Partner),
            OrganizationAction::SendEnquiry | OrganizationAction::PlaceOrder => member.must_buy(),
            OrganizationAction::NamePartnerAtPurchase
            | OrganizationAction::CheckPartnerId
            | OrganizationAction::ChangePartnersOfRecord => {
                member.must_set_partner_of_record()?;
                if action == OrganizationAction::NamePartnerAtPurchase
                    && self.cloud == Cloud::Vianet21
                {
                    return Err(Refusal::PartnerStartsIn21Vianet);
                }
                member.must_buy()
            }
            OrganizationAction::ViewEnquiries => match self.kind {
                OrganizationKind::Customer => member.must_be(OrganizationKind::Customer),
                OrganizationKind::Partner => member.must_sell(),
            },
            OrganizationAction::EditProfile => member.must_hold(UserRole::AdminAgent),
            OrganizationAction::AcceptAgreement => {
                member.must_buy()?;
                match (self.accepted_agreement, self.current_agreement) {
                    (_, None) => Err(Refusal::AgreementUnavailable),
                    (Some(accepted), Some(current)) if accepted >= current => {
                        Err(Refusal::AgreementAlreadyAccepted)
                    }
                    _ => Ok(()),
                }
            }
            OrganizationAction::ViewOutbox => match self.kind {
                OrganizationKind::Customer => member.must_hold(UserRole::GlobalAdministrator),
                OrganizationKind::Partner => member.must_hold(UserRole::AdminAgent),
            },
            OrganizationAction::DraftInvitation => member.must_sell(),
        }
    }
}
