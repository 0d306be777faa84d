//! Subscriptions, and their partner of record (docs/domain.md, Partner of
//! record).

use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::access::{Subject, check};
use crate::{
    Actor, BillingAccountId, Cloud, DAY, DisplayName, InvitationId, Member, Money, OrganizationId,
    OrganizationKind, PartnerAccount, PartnerId, ProductId, Refusal, SubscriptionId, Term,
    Timestamp, UserId, string_enum,
};

/// How long a trial lasts: 30 days, in milliseconds.
pub const TRIAL_LENGTH: i64 = 30 * DAY;

/// That a customer uses a product: how much of it, since when, and who helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Its identifier.
    pub id: SubscriptionId,
    /// The customer.
    pub customer: OrganizationId,
    /// The customer's cloud.
    pub cloud: Cloud,
    /// The product; none of one that a partner offered in its own words.
    pub product: Option<ProductId>,
    /// The product's name as it was when it was ordered.
    pub product_name: DisplayName,
    /// How many licenses: 1 to [`crate::Offer::QUANTITY_MAX`].
    pub quantity: u32,
    /// How long it runs before it renews.
    pub term: Term,
    /// What one license costs for one term; none of a trial, and of what costs as the
    /// partner that offered it and the customer agreed.
    pub unit_price: Option<Money>,
    /// The account that pays.
    pub billing_account: BillingAccountId,
    /// The reseller that sold it; none of one that the customer buys from Microsoft.
    pub seller: Option<Seller>,
    /// The invitation whose offer it came from.
    pub offer_of: Option<InvitationId>,
    /// Whether it runs, as it is stored; see [`Subscription::status`].
    pub state: SubscriptionState,
    /// The partner that advises about it, one at most.
    pub partner_of_record: Option<PartnerOfRecord>,
    /// When it was created; its terms are counted from there.
    pub created: Timestamp,
    /// Who created it.
    pub created_by: UserId,
    /// The organization of whoever created it: the customer's or the seller's.
    pub created_by_organization: OrganizationId,
    /// Counts the changes, for `If-Match`.
    pub version: i64,
}

/// The reseller that sold a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seller {
    /// The partner.
    pub partner: OrganizationId,
    /// Whether it still sells to the customer: an active relationship of a type that
    /// resells stands. It is found when it is asked for, not stored.
    pub sells: bool,
    /// Whether the customer accepted the Microsoft Customer Agreement. It is found when it
    /// is asked for, not stored.
    pub agreement_accepted: bool,
}

/// The partner that a customer named as its adviser for a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerOfRecord {
    /// The Partner ID of its location.
    pub partner_id: PartnerId,
    /// The partner.
    pub partner: OrganizationId,
    /// Since when.
    pub since: Timestamp,
    /// Who named it.
    pub set_by: UserId,
}

/// A time that is over, for which a subscription had a partner of record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerTenure {
    /// The customer.
    pub customer: OrganizationId,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The version of the subscription that ended it, by which it is known.
    pub number: i64,
    /// The partner of record, since when, and who named it.
    pub record: PartnerOfRecord,
    /// Until when.
    pub until: Timestamp,
    /// Who ended it.
    pub ended_by: UserId,
}

/// Whether a subscription runs, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "status", rename_all = "camelCase")]
pub enum SubscriptionState {
    /// It is tried out, for nothing.
    Trial {
        /// When the trial ends by itself.
        ends: Timestamp,
    },
    /// It runs and renews.
    Active,
    /// It can't be used, and its data are kept.
    Suspended {
        /// Since when.
        at: Timestamp,
        /// Who suspended it.
        by: UserId,
    },
    /// It was canceled.
    Ended {
        /// When.
        at: Timestamp,
        /// Who canceled it.
        by: UserId,
    },
}

/// The state of a subscription at a moment, as people see it. A trial ends by the clock
/// alone, so this is asked, not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum SubscriptionStatus {
    /// It is tried out.
    Trial,
    /// It runs and renews.
    Active,
    /// It can't be used for now.
    Suspended,
    /// It is over.
    Ended,
}

string_enum!(SubscriptionStatus);

impl SubscriptionState {
    /// The status at this moment.
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

/// What can be done with a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum SubscriptionAction {
    /// See it.
    View,
    /// Customer: name a partner of record where there is none.
    AddPartnerOfRecord,
    /// Customer: name another partner of record.
    ChangePartnerOfRecord,
    /// Customer: leave it without a partner of record.
    RemovePartnerOfRecord,
    /// Change how many licenses it has.
    ChangeQuantity,
    /// Suspend it.
    Suspend,
    /// Let it run again.
    Reactivate,
    /// Cancel it, for good.
    Cancel,
}

string_enum!(SubscriptionAction);

/// A change of a subscription, with what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscriptionChange<'a> {
    /// Make this account the partner of record, whether there is one or none.
    SetPartnerOfRecord(&'a PartnerAccount),
    /// Leave it without a partner of record.
    RemovePartnerOfRecord,
    /// Have so many licenses.
    Quantity(u32),
    /// Suspend it.
    Suspend,
    /// Let it run again.
    Reactivate,
    /// Cancel it.
    Cancel,
}

impl SubscriptionChange<'_> {
    /// What this change is to a subscription: naming a partner of record adds one or
    /// changes it, by whether there is one.
    #[must_use]
    pub const fn action(&self, subscription: &Subscription) -> SubscriptionAction {
        match self {
            Self::SetPartnerOfRecord(_) if subscription.partner_of_record.is_some() => {
                SubscriptionAction::ChangePartnerOfRecord
            }
            Self::SetPartnerOfRecord(_) => SubscriptionAction::AddPartnerOfRecord,
            Self::RemovePartnerOfRecord => SubscriptionAction::RemovePartnerOfRecord,
            Self::Quantity(_) => SubscriptionAction::ChangeQuantity,
            Self::Suspend => SubscriptionAction::Suspend,
            Self::Reactivate => SubscriptionAction::Reactivate,
            Self::Cancel => SubscriptionAction::Cancel,
        }
    }
}

impl Subject for Subscription {
    type Action = SubscriptionAction;

    fn check(
        &self,
        actor: &Actor,
        action: SubscriptionAction,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let member = actor.member()?;
        let own = Some(member.organization);
        let concerned = match member.kind {
            OrganizationKind::Customer => member.organization == self.customer,
            OrganizationKind::Partner => {
                // Who sells nothing to the customer any more has nothing to do with it either.
                own == self.seller.filter(|seller| seller.sells).map(|seller| seller.partner)
                    || own == self.partner_of_record.as_ref().map(|record| record.partner)
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
                self.may_set_partner_of_record(member, action, now)
            }
            SubscriptionAction::ChangeQuantity
            | SubscriptionAction::Suspend
            | SubscriptionAction::Reactivate
            | SubscriptionAction::Cancel => self.may_manage(member, action, now),
        }
    }
}

impl Subscription {
    /// Whether this person may do this with the partner of record. What holds for
    /// everybody is said before what this person may not do.
    fn may_set_partner_of_record(
        &self,
        member: &Member,
        action: SubscriptionAction,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        member.must_set_partner_of_record()?;
        let adds = action == SubscriptionAction::AddPartnerOfRecord;
        let removes = action == SubscriptionAction::RemovePartnerOfRecord;
        let present = self.partner_of_record.is_some();
        // Where 21Vianet operates the cloud, the first comes with the partner's invitation
        // alone (docs/domain.md, Clouds); it can be changed and removed as elsewhere.
        if self.cloud == Cloud::Vianet21 && (adds || !removes && !present) {
            return Err(Refusal::PartnerStartsIn21Vianet);
        }
        if self.status(now) == SubscriptionStatus::Ended {
            return Err(Refusal::SubscriptionEnded);
        }
        match (adds, present) {
            (true, true) => Err(Refusal::PartnerOfRecordPresent),
            (false, false) => Err(Refusal::NoPartnerOfRecord),
            _ => member.must_buy(),
        }
    }

    /// Whether this person may manage it: the customer what it bought itself, and the
    /// reseller what it sold.
    fn may_manage(
        &self,
        member: &Member,
        action: SubscriptionAction,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let seller = match (member.kind, self.seller) {
            (OrganizationKind::Partner, Some(seller)) if seller.partner == member.organization => {
                Some(seller)
            }
            (OrganizationKind::Partner, _) => return Err(Refusal::NotTheSeller),
            // What a reseller left behind is the customer's to manage.
            (OrganizationKind::Customer, Some(seller)) if seller.sells => {
                return Err(Refusal::ManagedByReseller);
            }
            (OrganizationKind::Customer, _) => None,
        };
        match (self.status(now), action) {
            (SubscriptionStatus::Ended, _) => return Err(Refusal::SubscriptionEnded),
            (
                SubscriptionStatus::Suspended,
                SubscriptionAction::ChangeQuantity | SubscriptionAction::Suspend,
            ) => return Err(Refusal::SubscriptionSuspended),
            (SubscriptionStatus::Trial, SubscriptionAction::Suspend) => {
                return Err(Refusal::SubscriptionIsTrial);
            }
            (
                SubscriptionStatus::Trial | SubscriptionStatus::Active,
                SubscriptionAction::Reactivate,
            ) => return Err(Refusal::SubscriptionNotSuspended),
            _ => {}
        }
        match seller {
            None => member.must_buy(),
            Some(Seller { sells: false, .. }) => Err(Refusal::RelationshipEnded),
            Some(seller) => {
                member.must_act_in(self.cloud)?;
                if seller.agreement_accepted { Ok(()) } else { Err(Refusal::AgreementNotAccepted) }
            }
        }
    }

    /// What an organization sees of it. A customer sees all; a partner sees itself alone:
    /// who else sells to the customer or advises it, and at which price, is the customer's
    /// business. Of what another partner ordered, a partner sees the customer in its place.
    #[must_use]
    pub fn seen_by(mut self, organization: OrganizationId) -> Self {
        if organization == self.customer {
            return self;
        }
        self.seller.take_if(|seller| seller.partner != organization);
        self.partner_of_record.take_if(|record| record.partner != organization);
        if !self.seller.is_some_and(|seller| seller.sells) {
            self.unit_price = None;
        }
        if self.created_by_organization != organization {
            self.created_by_organization = self.customer;
        }
        self
    }

    /// The status at this moment.
    #[must_use]
    pub fn status(&self, now: Timestamp) -> SubscriptionStatus {
        self.state.status(now)
    }

    /// When it renews next; only what is active does.
    #[must_use]
    pub fn renews(&self, now: Timestamp) -> Option<Timestamp> {
        (self.state == SubscriptionState::Active).then(|| self.term.next_after(self.created, now))
    }

    /// When it ends by itself, or did; only a trial does.
    #[must_use]
    pub const fn ends(&self) -> Option<Timestamp> {
        match self.state {
            SubscriptionState::Trial { ends } => Some(ends),
            _ => None,
        }
    }

    /// What all its licenses cost for one term, where it has a price.
    #[must_use]
    pub fn cost(&self) -> Option<Money> {
        self.unit_price.map(|unit| unit.times(self.quantity))
    }

    /// The subscription after this change, with the time that is over where a partner of
    /// record was replaced or removed. It succeeds exactly when [`check`] allows the
    /// change's action and, where a partner of record is named, its account can be one.
    ///
    /// # Errors
    /// The reason why not; [`Refusal::PartnerOfRecordUnchanged`] where it is that account
    /// already.
    pub fn apply(
        mut self,
        actor: &Actor,
        change: SubscriptionChange<'_>,
        now: Timestamp,
    ) -> Result<(Self, Option<PartnerTenure>), Refusal> {
        check(actor, &self, change.action(&self), now)?;
        let by = actor.member()?.user;
        let mut replaced = None;
        match change {
            SubscriptionChange::SetPartnerOfRecord(account) => {
                account.may_be_partner_of_record(self.cloud)?;
                let record = PartnerOfRecord {
                    partner_id: account.partner_id.clone(),
                    partner: account.partner,
                    since: now,
                    set_by: by,
                };
                replaced = self.partner_of_record.replace(record);
                if replaced.as_ref().is_some_and(|old| old.partner_id == account.partner_id) {
                    return Err(Refusal::PartnerOfRecordUnchanged);
                }
            }
            SubscriptionChange::RemovePartnerOfRecord => replaced = self.partner_of_record.take(),
            SubscriptionChange::Quantity(quantity) => self.quantity = quantity,
            SubscriptionChange::Suspend => {
                self.state = SubscriptionState::Suspended { at: now, by };
            }
            SubscriptionChange::Reactivate => self.state = SubscriptionState::Active,
            SubscriptionChange::Cancel => self.state = SubscriptionState::Ended { at: now, by },
        }
        self.version += 1;
        let tenure = replaced.map(|record| PartnerTenure {
            customer: self.customer,
            subscription: self.id,
            number: self.version,
            record,
            until: now,
            ended_by: by,
        });
        Ok((self, tenure))
    }
}
