//! Who asks.

use crate::{Cloud, OrganizationId, OrganizationKind, Refusal, UserId, UserRole};

/// Whoever wants something done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not signed in.
    Visitor,
    /// Somebody who has.
    Member(Member),
}

/// A signed-in person, with the facts of the own organization that decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub user: UserId,
    /// The organization that the account belongs to.
    pub organization: OrganizationId,
    /// The side on which that organization stands.
    pub kind: OrganizationKind,
    /// The clouds it works in: of a customer one, of a partner one or more.
    pub clouds: Vec<Cloud>,
    /// The roles that the person holds there.
    pub roles: Vec<UserRole>,
}

impl Actor {
    /// The signed-in person.
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
    /// Whether the person holds this role.
    #[must_use]
    pub fn has(&self, role: UserRole) -> bool {
        // A role of the other side counts for nothing, however it came to be recorded.
        role.kind() == self.kind && self.roles.contains(&role)
    }

    /// Refuses those who don't hold this role, by the refusal that names it.
    pub(crate) fn must_hold(&self, role: UserRole) -> Result<(), Refusal> {
        self.must_be(role.kind())?;
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

    /// Refuses those of a partner who neither answer enquiries nor write invitations.
    pub(crate) fn must_sell(&self) -> Result<(), Refusal> {
        self.must_be(OrganizationKind::Partner)?;
        if self.has(UserRole::AdminAgent) { Ok(()) } else { self.must_hold(UserRole::SalesAgent) }
    }

    /// Refuses those of a customer who don't decide about money.
    pub(crate) fn must_buy(&self) -> Result<(), Refusal> {
        self.must_be(OrganizationKind::Customer)?;
        if self.has(UserRole::GlobalAdministrator) {
            Ok(())
        } else {
            self.must_hold(UserRole::BillingAdministrator)
        }
    }

    /// Refuses a partner's people, by the refusal that says who sets a partner of record.
    pub(crate) const fn must_set_partner_of_record(&self) -> Result<(), Refusal> {
        match self.kind {
            OrganizationKind::Customer => Ok(()),
            OrganizationKind::Partner => Err(Refusal::CustomerSetsPartnerOfRecord),
        }
    }

    /// Refuses those of a partner who can't act for its customers in this cloud, once the
    /// relationship allows it.
    pub(crate) fn must_act_in(&self, cloud: Cloud) -> Result<(), Refusal> {
        self.must_be(OrganizationKind::Partner)?;
        if self.clouds.contains(&cloud) {
            self.must_hold(UserRole::AdminAgent)
        } else {
            Err(Refusal::PartnerNotInCloud)
        }
    }

    /// Refuses those of the other side.
    pub(crate) fn must_be(&self, kind: OrganizationKind) -> Result<(), Refusal> {
        match (self.kind == kind, kind) {
            (true, _) => Ok(()),
            (false, OrganizationKind::Customer) => Err(Refusal::CustomerOnly),
            (false, OrganizationKind::Partner) => Err(Refusal::PartnerOnly),
        }
    }
}
