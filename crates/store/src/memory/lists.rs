//! Pages of lists in memory: every row of the organization is looked at.

use std::sync::Arc;

use std::cmp::Ordering;

use api::{
    ActivityField, ActivityList, AgreementState, EnquiryField, EnquiryList, InvitationField,
    InvitationList, List, ListQuery, OutboxField, OutboxList, PartnerIdFilter, ProductField,
    ProductList, RelationshipField, RelationshipList, SortKey, SubscriptionField, SubscriptionList,
    TargetKind,
};
use rules::search::{key_matches, sort_key};
use rules::{
    DisplayName, EnquiryFacts, InvitationFacts, InvitationState, OrganizationId, Product,
    Relationship, RelationshipFacts, RelationshipStatus, Subscription, SubscriptionFacts,
    Timestamp, UserId,
};
use service::StoreError;
use service::lists::{
    EnquiryRow, InvitationRow, ListOwner, ListRows, ListedRow, PageRequest, PartnerOfRecordNames,
    ProductScope, RelationshipRow, RestrictedRows, SubscriptionRow,
};
use service::model::{AuditRecord, Organization, OutboxMail};
use service::stored::StoredName;

use super::MemoryTables;
use crate::listed::{self, ListSearch};

type Result<T> = std::result::Result<T, StoreError>;

/// A row that matches the filter of a list.
struct Candidate<R> {
    row: R,
    /// Sort keys, of which the last is the row's id.
    keys: Vec<SortKey>,
    /// Words that a search finds the row by, as a sort key.
    words: String,
}

/// Returns the page of the rows that match the filter.
fn page_of<L: List, R>(page: &PageRequest<'_, L>, mut rows: Vec<Candidate<R>>) -> ListRows<R> {
    let query = page.query;
    match ListSearch::parse(&query.search) {
        ListSearch::All => {}
        ListSearch::Nothing => rows.clear(),
        ListSearch::Words(words) => {
            rows.retain(|candidate| key_matches(&candidate.words, &words));
        }
    }
    let count = query.count.then(|| {
        let max = ListQuery::<L>::COUNT_MAX + 1;
        u32::try_from(rows.len()).map_or(max, |count| count.min(max))
    });
    let direction = |order: Ordering| if query.order.descending { order.reverse() } else { order };
    rows.sort_by(|one, other| direction(one.keys.cmp(&other.keys)));
    if let Some(token) = &query.skip {
        rows.retain(|candidate| direction(candidate.keys.cmp(&token.keys)) == Ordering::Greater);
    }
    rows.truncate(page.limit as usize);
    let rows = rows.into_iter().map(|Candidate { row, keys, .. }| ListedRow { row, keys });
    ListRows { rows: rows.collect(), count }
}

fn id_key(id: &impl ToString) -> SortKey {
    SortKey::Text(id.to_string())
}

fn name_key(name: &DisplayName) -> SortKey {
    SortKey::Text(sort_key(name.as_str()))
}

fn time_key(time: Timestamp) -> SortKey {
    SortKey::Integer(time.milliseconds())
}

fn optional_time_key(time: Option<Timestamp>) -> SortKey {
    time.map_or(SortKey::MISSING, time_key)
}

/// Returns whether a filter with these values, of which none means all, lets a value pass.
fn passes<T: PartialEq>(values: &[T], value: &T) -> bool {
    values.is_empty() || values.contains(value)
}

impl OwnerSide for ListOwner {
    fn concerns(&self, customer: OrganizationId, partner: OrganizationId) -> bool {
        match self {
            Self::Customer(own) => *own == customer,
            Self::Partner(own) => *own == partner,
        }
    }

    fn other_side<T>(&self, customer: T, partner: T) -> T {
        match self {
            Self::Customer(_) => partner,
            Self::Partner(_) => customer,
        }
    }
}

/// The side on which the owner of a list stands in a row.
trait OwnerSide {
    /// Returns whether a row with this customer and this partner is in the list.
    fn concerns(&self, customer: OrganizationId, partner: OrganizationId) -> bool;
    /// Returns what belongs to the other side.
    fn other_side<T>(&self, customer: T, partner: T) -> T;
}

impl MemoryTables {
    /// Returns an organization that a row refers to.
    fn referenced(&self, id: OrganizationId) -> Result<&Arc<Organization>> {
        self.organizations
            .get(&id)
            .ok_or_else(|| StoreError::Engine(format!("the organization {id} is missing")))
    }

    fn user_name(&self, organization: OrganizationId, user: UserId) -> Option<DisplayName> {
        self.users.get(&(organization, user)).map(|user| user.name.clone())
    }

    /// Returns whether a customer had accepted the agreement at a time.
    fn had_accepted_agreement(&self, customer: OrganizationId, at: Timestamp) -> bool {
        self.acceptances.values().any(|one| one.organization == customer && one.at <= at)
    }

    /// Returns whether a Partner ID is that of this partner.
    fn is_partner_id_of(&self, id: &rules::PartnerId, partner: OrganizationId) -> bool {
        self.partner_accounts.get(id).is_some_and(|account| account.partner == partner)
    }

    pub(super) fn relationship_row_of(
        &self,
        record: &Relationship,
        now: Timestamp,
    ) -> Result<RelationshipRow> {
        let offered = self.open_offer(record);
        let active_subscriptions =
            self.count_active_subscriptions(record.customer, record.partner, now);
        Ok(RelationshipRow {
            customer: Arc::clone(self.referenced(record.customer)?),
            partner: Arc::clone(self.referenced(record.partner)?),
            offered_by: offered.map(|invitation| invitation.id),
            facts: RelationshipFacts {
                record: record.clone(),
                active_subscriptions,
                agreement_accepted: self
                    .acceptances
                    .values()
                    .any(|one| one.organization == record.customer),
                offer: offered.and_then(|invitation| invitation.offer.clone()),
            },
        })
    }

    /// Returns the latest invitation whose offer was accepted with this relationship and has
    /// not been used yet. A later invitation without an offer does not replace the offer.
    fn open_offer(&self, relationship: &Relationship) -> Option<&rules::Invitation> {
        if relationship.status() == RelationshipStatus::Ended {
            return None;
        }
        self.invitations.values().rev().map(|stored| &stored.invitation).find(|invitation| {
            let accepted_with_it = match invitation.state {
                InvitationState::Accepted { at, .. } => at >= relationship.since,
                _ => false,
            };
            accepted_with_it
                && invitation.customer == relationship.customer
                && invitation.partner == relationship.partner
                && invitation.offer.is_some()
                // Relationships of types that do not merge exist side by side, each with its
                // own offer.
                && relationship.partner_type.merged_with(invitation.partner_type).is_some()
                && !self.subscriptions.values().any(|subscription| {
                    subscription.customer == invitation.customer
                        && subscription.offer_of == Some(invitation.id)
                })
        })
    }

    pub(super) fn list_relationships(
        &self,
        owner: ListOwner,
        page: &PageRequest<'_, RelationshipList>,
    ) -> Result<ListRows<RelationshipRow>> {
        let filter = &page.query.filter;
        let mut rows = Vec::new();
        for record in self.relationships.values() {
            let status = listed::relationship_status(record, page.as_of);
            let matches = owner.concerns(record.customer, record.partner)
                && passes(&filter.relationship_type, &record.partner_type)
                && passes(&filter.status, &status)
                && filter.partner.is_none_or(|partner| partner == record.partner)
                && filter.customer.is_none_or(|customer| customer == record.customer)
                && filter
                    .partner_id
                    .as_ref()
                    .is_none_or(|id| self.is_partner_id_of(id, record.partner));
            if !matches {
                continue;
            }
            let row = self.relationship_row_of(record, page.now)?;
            let name = name_key(owner.other_side(&row.customer, &row.partner).name());
            let first = match page.query.order.field {
                RelationshipField::Partner => None,
                RelationshipField::RelationshipType => {
                    Some(SortKey::Integer(record.partner_type as i64))
                }
                RelationshipField::AdminRoles => {
                    let held = listed::held_roles(&record.grants, status, page.as_of);
                    Some(SortKey::Integer(-i64::from(held)))
                }
                RelationshipField::Agreement => {
                    let accepted = self.had_accepted_agreement(record.customer, page.as_of);
                    let state = AgreementState::of(record.partner_type, accepted);
                    Some(SortKey::Integer(state as i64))
                }
                RelationshipField::Since => Some(time_key(record.since)),
                RelationshipField::Ends => {
                    let ends = listed::roles_end(&record.grants, status, page.as_of);
                    Some(optional_time_key(ends))
                }
                RelationshipField::Status => Some(SortKey::Integer(status as i64)),
            };
            let words = match owner {
                ListOwner::Customer(_) => {
                    let partner = &row.partner;
                    listed::organization_words(partner.name(), partner.domain(), partner.partner())
                }
                ListOwner::Partner(_) => sort_key(row.customer.name().as_str()),
            };
            let keys = first.into_iter().chain([name, id_key(&record.id)]).collect();
            rows.push(Candidate { row, keys, words });
        }
        Ok(page_of(page, rows))
    }

    pub(super) fn invitation_row_of(&self, record: &rules::Invitation) -> Result<InvitationRow> {
        let customer = Arc::clone(self.referenced(record.customer)?);
        let answered_by = match &record.state {
            InvitationState::Accepted { by, .. } | InvitationState::Canceled { by, .. } => {
                self.user_name(record.customer, *by)
            }
            InvitationState::Withdrawn { by, .. } => self.user_name(record.partner, *by),
            InvitationState::Draft | InvitationState::Sent { .. } => None,
        };
        Ok(InvitationRow {
            facts: InvitationFacts {
                record: record.clone(),
                customer_domain: customer.domain().clone(),
            },
            partner: Arc::clone(self.referenced(record.partner)?),
            customer,
            answered_by,
        })
    }

    pub(super) fn list_invitations(
        &self,
        owner: ListOwner,
        restricted: RestrictedRows,
        page: &PageRequest<'_, InvitationList>,
    ) -> Result<ListRows<InvitationRow>> {
        let filter = &page.query.filter;
        let mut rows = Vec::new();
        for stored in self.invitations.values() {
            let record = &stored.invitation;
            let status = listed::invitation_status(&record.state, page.as_of);
            let shows_unsent =
                matches!(owner, ListOwner::Partner(_)) && restricted == RestrictedRows::Shown;
            let matches = owner.concerns(record.customer, record.partner)
                && (shows_unsent || !record.state.never_sent())
                && passes(&filter.status, &status)
                && filter.partner.is_none_or(|partner| partner == record.partner)
                && filter.customer.is_none_or(|customer| customer == record.customer)
                && filter.enquiry.is_none_or(|enquiry| record.enquiry == Some(enquiry))
                && filter
                    .partner_id
                    .as_ref()
                    .is_none_or(|id| self.is_partner_id_of(id, record.partner));
            if !matches {
                continue;
            }
            let row = self.invitation_row_of(record)?;
            let words = sort_key(owner.other_side(&row.customer, &row.partner).name().as_str());
            let name = SortKey::Text(words.clone());
            let id = id_key(&record.id);
            let keys = match page.query.order.field {
                InvitationField::Created => vec![time_key(record.created), id],
                InvitationField::Status => vec![SortKey::Integer(status as i64), name, id],
                InvitationField::Partner => vec![name, id],
            };
            rows.push(Candidate { row, keys, words });
        }
        Ok(page_of(page, rows))
    }

    pub(super) fn enquiry_row_of(&self, record: &rules::Enquiry) -> Result<EnquiryRow> {
        Ok(EnquiryRow {
            facts: EnquiryFacts { record: record.clone() },
            customer: Arc::clone(self.referenced(record.customer)?),
            partner: Arc::clone(self.referenced(record.partner)?),
            created_by: self.user_name(record.customer, record.created_by),
        })
    }

    pub(super) fn list_enquiries(
        &self,
        owner: ListOwner,
        page: &PageRequest<'_, EnquiryList>,
    ) -> Result<ListRows<EnquiryRow>> {
        let filter = &page.query.filter;
        let mut rows = Vec::new();
        for record in self.enquiries.values() {
            let read_at = self.enquiries_read.get(&record.id).copied();
            let status = listed::enquiry_status(&record.state, read_at, page.as_of);
            let matches = owner.concerns(record.customer, record.partner)
                && passes(&filter.status, &status)
                && filter.partner.is_none_or(|partner| partner == record.partner)
                && filter.customer.is_none_or(|customer| customer == record.customer);
            if !matches {
                continue;
            }
            let row = self.enquiry_row_of(record)?;
            let words = sort_key(owner.other_side(&row.customer, &row.partner).name().as_str());
            let name = SortKey::Text(words.clone());
            let id = id_key(&record.id);
            let keys = match page.query.order.field {
                EnquiryField::Created => vec![time_key(record.created), id],
                EnquiryField::Status => vec![SortKey::Integer(status as i64), name, id],
                EnquiryField::Partner => vec![name, id],
            };
            rows.push(Candidate { row, keys, words });
        }
        Ok(page_of(page, rows))
    }

    /// Returns whether a partner has an active relationship with a customer in which it sells.
    pub(super) fn sells_to(&self, customer: OrganizationId, partner: OrganizationId) -> bool {
        self.relationships
            .values()
            .any(|one| one.customer == customer && one.partner == partner && one.sells())
    }

    pub(super) fn subscription_row_of(&self, record: &Subscription) -> Result<SubscriptionRow> {
        let customer = self.referenced(record.customer)?;
        let account = (record.customer, record.billing_account);
        let account = self.billing_accounts.get(&account).ok_or_else(|| {
            let id = record.billing_account;
            StoreError::Engine(format!("the billing account {id} is missing"))
        })?;
        let seller = record.seller.map(|seller| self.referenced(seller)).transpose()?;
        let partner_of_record = match &record.partner_of_record {
            None => None,
            Some(of_record) => {
                let id = &of_record.partner_id;
                let account = self.partner_accounts.get(id).ok_or_else(|| {
                    StoreError::Engine(format!("the account of the Partner ID {id} is missing"))
                })?;
                Some(PartnerOfRecordNames {
                    partner: self.referenced(of_record.partner)?.name().clone(),
                    account: account.name.clone(),
                    country: account.country.clone(),
                    city: account.city.clone(),
                    set_by: self.user_name(record.customer, of_record.set_by),
                })
            }
        };
        Ok(SubscriptionRow {
            facts: SubscriptionFacts {
                seller_sells: record
                    .seller
                    .is_some_and(|seller| self.sells_to(record.customer, seller)),
                agreement_accepted: record.seller.is_some()
                    && self.acceptances.values().any(|one| one.organization == record.customer),
                record: record.clone(),
            },
            customer_name: customer.name().clone(),
            seller_name: seller.map(|seller| seller.name().clone()),
            billing_account_name: account.name.clone(),
            created_by: self.user_name(record.created_by_organization, record.created_by),
            partner_of_record,
        })
    }

    pub(super) fn list_subscriptions(
        &self,
        owner: ListOwner,
        page: &PageRequest<'_, SubscriptionList>,
    ) -> Result<ListRows<SubscriptionRow>> {
        let filter = &page.query.filter;
        let mut rows = Vec::new();
        for subscription in self.subscriptions.values() {
            let of_record = subscription.partner_of_record.as_ref();
            let is_visible = match owner {
                ListOwner::Customer(own) => subscription.customer == own,
                ListOwner::Partner(own) => {
                    let sells = subscription.seller == Some(own)
                        && self.sells_to(subscription.customer, own);
                    sells || of_record.is_some_and(|record| record.partner == own)
                }
            };
            if !is_visible {
                continue;
            }
            // What a partner does not see can't be filtered by either.
            let sees = |partner: OrganizationId| match owner {
                ListOwner::Customer(_) => true,
                ListOwner::Partner(own) => own == partner,
            };
            let of_record = of_record.filter(|record| sees(record.partner));
            let seller = subscription.seller.filter(|seller| sees(*seller));
            let former = self.live_states.get(&subscription.id).copied();
            let state = listed::subscription_state(subscription.state, former, page.as_of);
            let status = state.status(page.as_of);
            let matches = passes(&filter.status, &status)
                && filter.partner_id.as_ref().is_none_or(|wanted| match wanted {
                    PartnerIdFilter::None => of_record.is_none(),
                    PartnerIdFilter::Any => of_record.is_some(),
                    PartnerIdFilter::Is(id) => {
                        of_record.is_some_and(|record| record.partner_id == *id)
                    }
                })
                && filter
                    .partner_of_record
                    .is_none_or(|id| of_record.is_some_and(|record| record.partner == id))
                && filter.seller.is_none_or(|id| seller == Some(id))
                && filter.customer.is_none_or(|customer| customer == subscription.customer)
                && filter.product.is_none_or(|product| subscription.product == Some(product));
            if !matches {
                continue;
            }
            let row = self.subscription_row_of(subscription)?;
            let name = name_key(&subscription.product_name);
            let id = id_key(&subscription.id);
            let mut words = vec![sort_key(subscription.product_name.as_str())];
            if let ListOwner::Partner(_) = owner {
                words.push(sort_key(row.customer_name.as_str()));
            }
            if let Some((record, names)) = of_record.zip(row.partner_of_record.as_ref()) {
                words.push(listed::record_words(&names.partner, &record.partner_id));
            }
            let keys = match page.query.order.field {
                SubscriptionField::Product => vec![name, id],
                SubscriptionField::Renews => {
                    let renews =
                        listed::renews(state, subscription.term, subscription.created, page.as_of);
                    vec![optional_time_key(renews), name, id]
                }
                SubscriptionField::Status => vec![SortKey::Integer(status as i64), name, id],
            };
            rows.push(Candidate { row, keys, words: words.join(" ") });
        }
        Ok(page_of(page, rows))
    }

    pub(super) fn list_activity(
        &self,
        organization: OrganizationId,
        restricted: RestrictedRows,
        page: &PageRequest<'_, ActivityList>,
    ) -> ListRows<AuditRecord> {
        let ActivityField::At = page.query.order.field;
        let filter = &page.query.filter;
        let mut rows = Vec::new();
        for record in self.audit.values().filter(|record| record.organization == organization) {
            let columns = listed::AuditColumns::of(record);
            let is_enquiry = columns.target_kind == TargetKind::Enquiry.stored_name();
            let names =
                |values: &[&'static str], name: &str| values.is_empty() || values.contains(&name);
            let actions: Vec<_> = filter.action.iter().map(StoredName::stored_name).collect();
            let kinds: Vec<_> = filter.target_kind.iter().map(StoredName::stored_name).collect();
            let matches = (restricted == RestrictedRows::Shown || !is_enquiry)
                && names(&actions, columns.action)
                && names(&kinds, columns.target_kind)
                && filter.target.as_ref().is_none_or(|target| record.target == target.as_str())
                && filter.user.is_none_or(|user| columns.account == Some(user.to_string()));
            if matches {
                rows.push(Candidate {
                    row: record.clone(),
                    keys: vec![SortKey::Integer(record.sequence)],
                    words: columns.words,
                });
            }
        }
        page_of(page, rows)
    }

    pub(super) fn list_mails(
        &self,
        organization: Option<OrganizationId>,
        page: &PageRequest<'_, OutboxList>,
    ) -> ListRows<OutboxMail> {
        let OutboxField::Created = page.query.order.field;
        let rows = self.mails.values().filter(|mail| {
            organization.is_none_or(|organization| mail.organization == organization)
                && passes(&page.query.filter.status, &mail.status)
        });
        let rows = rows.map(|mail| Candidate {
            row: mail.clone(),
            keys: vec![time_key(mail.created), id_key(&mail.id)],
            words: String::new(),
        });
        page_of(page, rows.collect())
    }

    pub(super) fn list_products(
        &self,
        scope: &ProductScope,
        page: &PageRequest<'_, ProductList>,
    ) -> ListRows<Product> {
        let ProductField::Name = page.query.order.field;
        let rows = self.products.values().filter(|product| {
            let is_sold =
                |currency| product.prices.iter().any(|price| price.unit.currency == currency);
            scope.clouds.contains(&product.cloud) && scope.currency.is_none_or(is_sold)
        });
        let rows = rows.map(|product| {
            let words = sort_key(product.name.as_str());
            Candidate {
                row: product.clone(),
                keys: vec![SortKey::Text(words.clone()), id_key(&product.id)],
                words,
            }
        });
        page_of(page, rows.collect())
    }
}
