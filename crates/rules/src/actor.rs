//! The user or visitor who requests an action.

use crate::{Cloud, OrganizationId, OrganizationKind, Refusal, UserId, UserRole};

/// The user or visitor who requests an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A visitor who is not signed in.
    Visitor,
    /// A signed-in user.
    Member(Member),
}

/// A signed-in user, with the facts about the organization that permissions depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Account of the user.
    pub user: UserId,
    /// Organization that the account belongs to.
    pub organization: OrganizationId,
    /// Kind of that organization.
    pub kind: OrganizationKind,
    /// Clouds of that organization: one for a customer, one or more for a partner.
    pub clouds: Vec<Cloud>,
    /// Roles of the user in that organization.
    pub roles: Vec<UserRole>,
}

impl Actor {
    /// Returns the signed-in user.
    ///
    /// # Errors
    /// [`Refusal::SignInRequired`] for a visitor.
    pub fn member(&self) -> Result<&Member, Refusal> {
        match self {
            Self::Visitor => Err(Refusal::SignInRequired),
            Self::Member(member) => Ok(member),
        }
    }
}

impl Member {
    /// Returns true if the user holds the role.
    #[must_use]
    pub fn has(&self, role: UserRole) -> bool {
        // A role of the other kind of organization never counts, even if one was recorded by
        // mistake.
        role.kind() == self.kind && self.roles.contains(&role)
    }

    /// Requires a role. The refusal names the role.
    pub(crate) fn ensure_role(&self, role: UserRole) -> Result<(), Refusal> {
        self.ensure_kind(role.kind())?;
        if self.has(role) {
            return Ok(());
        }
        Err(match role {
            UserRole::GlobalAdministrator | UserRole::GlobalReader => {
                Refusal::GlobalAdministratorRequired
            }
            UserRole::BillingAdministrator => Refusal::BillingAdministratorRequired,
            UserRole::SalesAgent => Refusal::SalesAgentRequired,
            UserRole::AdminAgent | UserRole::HelpdeskAgent => Refusal::AdminAgentRequired,
        })
    }

    /// Requires a role at a partner that answers enquiries and writes invitations.
    pub(crate) fn ensure_sales_role(&self) -> Result<(), Refusal> {
        self.ensure_kind(OrganizationKind::Partner)?;
        if self.has(UserRole::AdminAgent) { Ok(()) } else { self.ensure_role(UserRole::SalesAgent) }
    }

    /// Requires a role at a customer that decides about money.
    pub(crate) fn ensure_billing_role(&self) -> Result<(), Refusal> {
        self.ensure_kind(OrganizationKind::Customer)?;
        if self.has(UserRole::GlobalAdministrator) {
            Ok(())
        } else {
            self.ensure_role(UserRole::BillingAdministrator)
        }
    }

    /// Requires a member of a customer, who alone can set a partner of record.
    pub(crate) const fn ensure_can_set_partner_of_record(&self) -> Result<(), Refusal> {
        match self.kind {
            OrganizationKind::Customer => Ok(()),
            OrganizationKind::Partner => Err(Refusal::CustomerSetsPartnerOfRecord),
        }
    }

    /// Requires a member of a partner that works in the cloud.
    pub(crate) fn ensure_cloud(&self, cloud: Cloud) -> Result<(), Refusal> {
        if self.clouds.contains(&cloud) { Ok(()) } else { Err(Refusal::PartnerNotInCloud) }
    }

    /// Requires an Admin agent of a partner that works in the cloud.
    pub(crate) fn ensure_agent_in_cloud(&self, cloud: Cloud) -> Result<(), Refusal> {
        self.ensure_kind(OrganizationKind::Partner)?;
        self.ensure_cloud(cloud)?;
        self.ensure_role(UserRole::AdminAgent)
    }

    /// Requires a member of this kind of organization.
    pub(crate) fn ensure_kind(&self, kind: OrganizationKind) -> Result<(), Refusal> {
        match (self.kind == kind, kind) {
            (true, _) => Ok(()),
            (false, OrganizationKind::Customer) => Err(Refusal::CustomerOnly),
            (false, OrganizationKind::Partner) => Err(Refusal::PartnerOnly),
        }
    }
}
