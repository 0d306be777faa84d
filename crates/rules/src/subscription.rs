//! Subscriptions and their partners of record. See docs/domain.md, Partner of record.

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, VersionedSubject, check_version};
use crate::{
    Actor, BillingAccountId, Cloud, DAY, DisplayName, InvitationId, Member, Money, OrganizationId,
    OrganizationKind, PartnerAccount, PartnerId, ProductId, Refusal, Rejection, SubscriptionId,
    Term, Timestamp, UserId, string_enum,
};

/// Length of a trial: 30 days, in milliseconds.
pub const TRIAL_LENGTH: i64 = 30 * DAY;

/// A customer's subscription to a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Identifier.
    pub id: SubscriptionId,
    /// Customer.
    pub customer: OrganizationId,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Product of the catalog. `None` if a partner described the product in an offer.
    pub product: Option<ProductId>,
    /// Name of the product at the time of the order.
    pub product_name: DisplayName,
    /// Number of licenses, 1 to [`crate::Offer::QUANTITY_MAX`].
    pub quantity: u32,
    /// Time after which the subscription renews.
    pub term: Term,
    /// Price of one license for one term. `None` for trials and for offers that are priced
    /// outside Accord.
    pub unit_price: Option<Money>,
    /// Billing account that pays.
    pub billing_account: BillingAccountId,
    /// Reseller that sold the subscription. `None` if the customer bought it from Microsoft.
    pub seller: Option<OrganizationId>,
    /// Invitation whose offer the subscription came from.
    pub offer_of: Option<InvitationId>,
    /// Stored state. See [`Subscription::status`] for the status at a given time.
    pub state: SubscriptionState,
    /// Partner of record.
    pub partner_of_record: Option<PartnerOfRecord>,
    /// Time of creation. Terms are counted from it.
    pub created: Timestamp,
    /// User who created it.
    pub created_by: UserId,
    /// Organization of that user: the customer or the seller.
    pub created_by_organization: OrganizationId,
    /// Number of changes, for `If-Match`.
    pub version: i64,
}

/// What every new subscription has. The rest follows in [`Subscription::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubscription {
    /// Identifier.
    pub id: SubscriptionId,
    /// Customer.
    pub customer: OrganizationId,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Name of the product.
    pub product_name: DisplayName,
    /// Number of licenses.
    pub quantity: u32,
    /// Time after which the subscription renews.
    pub term: Term,
    /// Billing account that pays.
    pub billing_account: BillingAccountId,
    /// Time of creation.
    pub created: Timestamp,
    /// User who creates it.
    pub created_by: UserId,
    /// Organization of that user.
    pub created_by_organization: OrganizationId,
}

/// A subscription with the facts that decisions about it need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionFacts {
    /// The subscription.
    pub record: Subscription,
    /// True if the reseller that sold it still sells to the customer, that is, has an active
    /// relationship of a type that resells. False without a reseller.
    pub seller_sells: bool,
    /// True if the customer accepted the Microsoft Customer Agreement, which the reseller
    /// needs for every change. False without a reseller.
    pub agreement_accepted: bool,
}

/// Partner that a customer credits for a subscription, also called subscription advisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerOfRecord {
    /// Partner ID of the partner's location.
    pub partner_id: PartnerId,
    /// Partner.
    pub partner: OrganizationId,
    /// Time from which it is the partner of record.
    pub since: Timestamp,
    /// User who set it.
    pub set_by: UserId,
}

/// A former partner of record of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastPartnerOfRecord {
    /// Customer.
    pub customer: OrganizationId,
    /// Subscription.
    pub subscription: SubscriptionId,
    /// Version of the subscription that ended the period. It identifies the entry.
    pub number: i64,
    /// Partner of record, with the start of the period and the user who set it.
    pub record: PartnerOfRecord,
    /// End of the period.
    pub until: Timestamp,
    /// User who changed or removed the partner of record.
    pub ended_by: UserId,
}

/// Stored state of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase")]
pub enum SubscriptionState {
    /// Free trial.
    Trial {
        /// End of the trial.
        ends: Timestamp,
    },
    /// Active, renews at the end of each term.
    Active,
    /// Suspended: users have no access, the data are kept.
    Suspended {
        /// Time at which it was suspended.
        at: Timestamp,
        /// User who suspended it.
        by: UserId,
    },
    /// Canceled.
    Ended {
        /// Time at which it was canceled.
        at: Timestamp,
        /// User who canceled it.
        by: UserId,
    },
}

/// Status of a subscription at a given time. It is computed rather than stored, because trials
/// end by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum SubscriptionStatus {
    /// Free trial.
    Trial,
    /// Active.
    Active,
    /// Suspended.
    Suspended,
    /// Ended.
    Ended,
}

string_enum!(SubscriptionStatus);

impl SubscriptionState {
    /// Returns the status at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> SubscriptionStatus {
        match self {
            Self::Trial { ends } if now >= *ends => SubscriptionStatus::Ended,
            Self::Trial { .. } => SubscriptionStatus::Trial,
            Self::Active => SubscriptionStatus::Active,
            Self::Suspended { .. } => SubscriptionStatus::Suspended,
            Self::Ended { .. } => SubscriptionStatus::Ended,
        }
    }
}

/// Action on a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum SubscriptionAction {
    /// View the subscription.
    View,
    /// Customer: set a partner of record if there is none.
    AddPartnerOfRecord,
    /// Customer: replace the partner of record.
    ChangePartnerOfRecord,
    /// Customer: remove the partner of record.
    RemovePartnerOfRecord,
    /// Change the number of licenses.
    ChangeQuantity,
    /// Suspend the subscription.
    Suspend,
    /// Reactivate the subscription.
    Reactivate,
    /// Cancel the subscription permanently.
    Cancel,
}

string_enum!(SubscriptionAction);

/// Change of a subscription, with its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionChange<'a> {
    /// Set or replace the partner of record.
    SetPartnerOfRecord(&'a PartnerAccount),
    /// Remove the partner of record.
    RemovePartnerOfRecord,
    /// Set the number of licenses.
    Quantity(u32),
    /// Suspend.
    Suspend,
    /// Reactivate.
    Reactivate,
    /// Cancel.
    Cancel,
}

impl SubscriptionChange<'_> {
    /// Returns the action that must be allowed for this change. Setting a partner of record
    /// adds or replaces one, depending on the subscription.
    #[must_use]
    pub const fn action(&self, subscription: &SubscriptionFacts) -> SubscriptionAction {
        match self {
            Self::SetPartnerOfRecord(_) => subscription.set_partner_action(),
            Self::RemovePartnerOfRecord => SubscriptionAction::RemovePartnerOfRecord,
            Self::Quantity(_) => SubscriptionAction::ChangeQuantity,
            Self::Suspend => SubscriptionAction::Suspend,
            Self::Reactivate => SubscriptionAction::Reactivate,
            Self::Cancel => SubscriptionAction::Cancel,
        }
    }
}

impl Subject for SubscriptionFacts {
    type Action = SubscriptionAction;

    fn permission(&self, actor: &Actor, action: SubscriptionAction) -> Result<(), Refusal> {
        let subscription = &self.record;
        let member = actor.member()?;
        let own = Some(member.organization);
        let concerned = match member.kind {
            OrganizationKind::Customer => member.organization == subscription.customer,
            OrganizationKind::Partner => {
                own == self.current_seller()
                    || own == subscription.partner_of_record.as_ref().map(|record| record.partner)
            }
        };
        if !concerned {
            return Err(Refusal::OtherOrganization);
        }
        match action {
            SubscriptionAction::View => Ok(()),
            SubscriptionAction::AddPartnerOfRecord
            | SubscriptionAction::ChangePartnerOfRecord
            | SubscriptionAction::RemovePartnerOfRecord => {
                member.ensure_can_set_partner_of_record()?;
                member.ensure_billing_role()
            }
            SubscriptionAction::ChangeQuantity
            | SubscriptionAction::Suspend
            | SubscriptionAction::Reactivate
            | SubscriptionAction::Cancel => self.management_permission(member),
        }
    }

    fn state(&self, action: SubscriptionAction, now: Timestamp) -> Result<(), Refusal> {
        if action == SubscriptionAction::View {
            return Ok(());
        }
        let status = self.record.status(now);
        if status == SubscriptionStatus::Ended {
            return Err(Refusal::SubscriptionEnded);
        }
        let present = self.record.partner_of_record.is_some();
        match action {
            // In 21Vianet's cloud, the first partner of record comes with an invitation. It can be
            // replaced and removed as in other clouds.
            SubscriptionAction::AddPartnerOfRecord if self.record.cloud.has_offers() => {
                Err(Refusal::PartnerStartsIn21Vianet)
            }
            SubscriptionAction::AddPartnerOfRecord if present => {
                Err(Refusal::PartnerOfRecordPresent)
            }
            SubscriptionAction::ChangePartnerOfRecord
            | SubscriptionAction::RemovePartnerOfRecord
                if !present =>
            {
                Err(Refusal::NoPartnerOfRecord)
            }
            SubscriptionAction::View
            | SubscriptionAction::AddPartnerOfRecord
            | SubscriptionAction::ChangePartnerOfRecord
            | SubscriptionAction::RemovePartnerOfRecord => Ok(()),
            SubscriptionAction::ChangeQuantity
            | SubscriptionAction::Suspend
            | SubscriptionAction::Reactivate
            | SubscriptionAction::Cancel => self.management_state(action, status),
        }
    }
}

impl VersionedSubject for SubscriptionFacts {
    fn version(&self) -> i64 {
        self.record.version
    }
}

impl SubscriptionFacts {
    /// Returns the reseller that sold the subscription and still sells to the customer. A
    /// former reseller has no access.
    #[must_use]
    pub fn current_seller(&self) -> Option<OrganizationId> {
        self.record.seller.filter(|_| self.seller_sells)
    }

    /// Returns the action that setting a partner of record is for this subscription: adding or
    /// replacing one.
    #[must_use]
    pub const fn set_partner_action(&self) -> SubscriptionAction {
        match self.record.partner_of_record {
            Some(_) => SubscriptionAction::ChangePartnerOfRecord,
            None => SubscriptionAction::AddPartnerOfRecord,
        }
    }

    /// Checks that the member can manage the subscription: of the reseller that sold it, or of
    /// the customer, if it bought from Microsoft or the reseller left.
    fn management_permission(&self, member: &Member) -> Result<(), Refusal> {
        match member.kind {
            OrganizationKind::Customer if self.current_seller().is_some() => {
                Err(Refusal::ManagedByReseller)
            }
            OrganizationKind::Customer => member.ensure_billing_role(),
            OrganizationKind::Partner if self.record.seller != Some(member.organization) => {
                Err(Refusal::NotTheSeller)
            }
            // The former reseller is still the partner of record.
            OrganizationKind::Partner if !self.seller_sells => Err(Refusal::RelationshipEnded),
            OrganizationKind::Partner => member.ensure_agent_in_cloud(self.record.cloud),
        }
    }

    /// Checks that a subscription that has not ended is in a state for a change.
    fn management_state(
        &self,
        action: SubscriptionAction,
        status: SubscriptionStatus,
    ) -> Result<(), Refusal> {
        match (status, action) {
            (
                SubscriptionStatus::Suspended,
                SubscriptionAction::ChangeQuantity | SubscriptionAction::Suspend,
            ) => Err(Refusal::SubscriptionSuspended),
            (SubscriptionStatus::Trial, SubscriptionAction::Suspend) => {
                Err(Refusal::SubscriptionIsTrial)
            }
            (
                SubscriptionStatus::Trial | SubscriptionStatus::Active,
                SubscriptionAction::Reactivate,
            ) => Err(Refusal::SubscriptionNotSuspended),
            // Only the reseller manages what it sells, and it needs the agreement for that.
            _ if self.current_seller().is_some() && !self.agreement_accepted => {
                Err(Refusal::AgreementNotAccepted)
            }
            _ => Ok(()),
        }
    }

    /// Returns the subscription without the facts that an organization may not see. A customer
    /// sees everything. A partner does not see who else sells to the customer or advises it,
    /// nor their prices. If another partner placed the order, the partner sees the customer
    /// instead.
    #[must_use]
    pub fn redacted_for(mut self, organization: OrganizationId) -> Self {
        let subscription = &mut self.record;
        if organization == subscription.customer {
            return self;
        }
        if subscription.seller != Some(organization) {
            subscription.seller = None;
            self.seller_sells = false;
            self.agreement_accepted = false;
        }
        subscription.partner_of_record.take_if(|record| record.partner != organization);
        if !self.seller_sells {
            subscription.unit_price = None;
        }
        if subscription.created_by_organization != organization {
            subscription.created_by_organization = subscription.customer;
        }
        self
    }

    /// Returns the subscription after a change, with the former partner of record if the
    /// change replaced or removed one.
    ///
    /// # Errors
    /// Those of [`check_version`] for the action of the change; then those of the account, if
    /// it can't be a partner of record or already is this one
    /// ([`Refusal::PartnerOfRecordUnchanged`]).
    pub fn apply(
        mut self,
        actor: &Actor,
        change: SubscriptionChange<'_>,
        version: i64,
        now: Timestamp,
    ) -> Result<(Self, Option<PastPartnerOfRecord>), Rejection> {
        check_version(actor, &self, change.action(&self), version, now)?;
        let by = actor.member()?.user;
        let subscription = &mut self.record;
        let mut replaced = None;
        match change {
            SubscriptionChange::SetPartnerOfRecord(account) => {
                account.ensure_eligible_as_partner_of_record(subscription.cloud)?;
                let record = PartnerOfRecord {
                    partner_id: account.partner_id.clone(),
                    partner: account.partner,
                    since: now,
                    set_by: by,
                };
                replaced = subscription.partner_of_record.replace(record);
                if replaced.as_ref().is_some_and(|old| old.partner_id == account.partner_id) {
                    return Err(Refusal::PartnerOfRecordUnchanged.into());
                }
            }
            SubscriptionChange::RemovePartnerOfRecord => {
                replaced = subscription.partner_of_record.take();
            }
            SubscriptionChange::Quantity(quantity) => subscription.quantity = quantity,
            SubscriptionChange::Suspend => {
                subscription.state = SubscriptionState::Suspended { at: now, by };
            }
            SubscriptionChange::Reactivate => subscription.state = SubscriptionState::Active,
            SubscriptionChange::Cancel => {
                subscription.state = SubscriptionState::Ended { at: now, by }
            }
        }
        subscription.version += 1;
        let tenure = replaced.map(|record| PastPartnerOfRecord {
            customer: subscription.customer,
            subscription: subscription.id,
            number: subscription.version,
            record,
            until: now,
            ended_by: by,
        });
        Ok((self, tenure))
    }
}

impl Subscription {
    /// Returns an active subscription that the customer bought from Microsoft, without a price
    /// and without a partner of record.
    #[must_use]
    pub fn new(new: NewSubscription) -> Self {
        Self {
            id: new.id,
            customer: new.customer,
            cloud: new.cloud,
            product: None,
            product_name: new.product_name,
            quantity: new.quantity,
            term: new.term,
            unit_price: None,
            billing_account: new.billing_account,
            seller: None,
            offer_of: None,
            state: SubscriptionState::Active,
            partner_of_record: None,
            created: new.created,
            created_by: new.created_by,
            created_by_organization: new.created_by_organization,
            version: 1,
        }
    }

    /// Replaces or removes the partner of record, as was decided before: no rule is asked
    /// again. Returns the former partner of record, if there was one.
    pub fn replace_partner_of_record(
        &mut self,
        record: Option<PartnerOfRecord>,
        by: UserId,
        at: Timestamp,
    ) -> Option<PastPartnerOfRecord> {
        let former = std::mem::replace(&mut self.partner_of_record, record);
        self.version += 1;
        former.map(|record| PastPartnerOfRecord {
            customer: self.customer,
            subscription: self.id,
            number: self.version,
            record,
            until: at,
            ended_by: by,
        })
    }

    /// Returns the status at `now`.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> SubscriptionStatus {
        self.state.status(now)
    }

    /// Returns the next renewal. `None` unless the subscription is active.
    #[must_use]
    pub fn renews(&self, now: Timestamp) -> Option<Timestamp> {
        (self.state == SubscriptionState::Active).then(|| self.term.next_after(self.created, now))
    }

    /// Returns the end of the trial. `None` if it is not a trial.
    #[must_use]
    pub const fn ends(&self) -> Option<Timestamp> {
        match self.state {
            SubscriptionState::Trial { ends } => Some(ends),
            _ => None,
        }
    }

    /// Returns the price of all licenses for one term, if the subscription has a price.
    #[must_use]
    pub fn cost(&self) -> Option<Money> {
        self.unit_price.map(|unit| unit.times(self.quantity))
    }
}

/// Refusals of every change to a subscription.
pub const SUBSCRIPTION_MANAGEMENT: &[Refusal] = &[
    Refusal::ManagedByReseller,
    Refusal::NotTheSeller,
    Refusal::SubscriptionEnded,
    Refusal::RelationshipEnded,
    Refusal::PartnerNotInCloud,
    Refusal::AdminAgentRequired,
    Refusal::AgreementNotAccepted,
    Refusal::BillingAdministratorRequired,
];

/// Refusals of everyone who may not choose partners of record.
pub const PARTNER_OF_RECORD_CHOICE: &[Refusal] =
    &[Refusal::CustomerSetsPartnerOfRecord, Refusal::BillingAdministratorRequired];
