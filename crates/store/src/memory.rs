//! In-memory store: used by the demo, and the reference model for the contract tests. It
//! favors plain code over speed: where an index would be faster, it looks at every row.

mod lists;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::{
    ActivityList, EnquiryList, InvitationList, MailStatus, OutboxList, ProductList,
    RelationshipList, SubscriptionList,
};
use rules::search::sort_key;
use rules::{
    AcceptanceId, AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount,
    BillingAccountId, Cloud, DAY, DomainName, EmailAddress, Enquiry, EnquiryId, Invitation,
    InvitationId, InvitationState, InvitationStatus, Language, MailId, OrderRequestId,
    OrganizationId, PartnerAccount, PartnerId, PastPartnerOfRecord, Product, ProductId, Profile,
    Relationship, RelationshipId, Subscription, SubscriptionId, SubscriptionState,
    SubscriptionStatus, Timestamp, UserId, UserRole,
};
use service::lists::{
    EnquiryRow, InvitationRow, ListOwner, ListRows, PageRequest, ProductScope, RelationshipRow,
    RestrictedRows, SubscriptionRow,
};
use service::model::{
    AuditRecord, FoundPartner, Organization, OutboxMail, PartnerChangeBlock, PartnerRank,
    PartnerSearch, PlacedOrder, Session, SignInFailures, User,
};
use service::{Caller, Read, StoreError, TokenHash, Write};

use crate::search::{self, SearchWords};
use crate::{duplicates, listed};

type Result<T> = std::result::Result<T, StoreError>;

/// A store in memory. Clones share their content.
#[derive(Clone, Default)]
pub struct Memory {
    tables: Arc<Mutex<MemoryTables>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The tables hold password hashes, and mails with links.
        formatter.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    /// Creates an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs `work` on a snapshot.
    ///
    /// # Errors
    /// The errors of `work`.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<T> {
        let mut tables = self.lock().clone();
        work(&mut tables)
    }

    /// Runs `work`, and keeps its changes if it succeeds. Writers wait for each other, so
    /// `work` must not use another handle of the same store.
    ///
    /// # Errors
    /// The errors of `work`.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Write) -> service::Result<T>,
    ) -> service::Result<T> {
        let mut current = self.lock();
        let mut changed = current.clone();
        let result = work(&mut changed)?;
        changed.commits += 1;
        *current = changed;
        Ok(result)
    }

    fn lock(&self) -> MutexGuard<'_, MemoryTables> {
        // A panic can't leave half-written tables behind: they are replaced as a whole.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A table that is copied on the first write while another transaction still reads it.
type Table<K, V> = Arc<BTreeMap<K, V>>;

#[derive(Clone, Default)]
struct MemoryTables {
    commits: i64,
    organizations: Table<OrganizationId, Arc<Organization>>,
    users: Table<(OrganizationId, UserId), User>,
    sessions: Table<TokenHash, Session>,
    sign_in_failures: Table<EmailAddress, SignInFailures>,
    documents: Table<(Cloud, AgreementVersion, Language), AgreementDocument>,
    acceptances: Table<(OrganizationId, AcceptanceId), AgreementAcceptance>,
    invitations: Table<InvitationId, StoredInvitation>,
    relationships: Table<RelationshipId, Relationship>,
    enquiries: Table<EnquiryId, Enquiry>,
    /// When enquiries were read, which an answered one no longer says.
    enquiries_read: Table<EnquiryId, Timestamp>,
    profiles: Table<OrganizationId, StoredProfile>,
    products: Table<ProductId, Product>,
    billing_accounts: Table<(OrganizationId, BillingAccountId), BillingAccount>,
    partner_accounts: Table<PartnerId, PartnerAccount>,
    subscriptions: Table<SubscriptionId, Subscription>,
    /// The last states of subscriptions that were not the end.
    live_states: Table<SubscriptionId, SubscriptionState>,
    tenures: Table<(OrganizationId, SubscriptionId, i64), PastPartnerOfRecord>,
    pending_partner_changes: Table<(OrganizationId, SubscriptionId), PartnerChangeBlock>,
    placed_orders: Table<(OrganizationId, OrderRequestId), PlacedOrder>,
    look_ups: Table<(OrganizationId, PartnerId), Timestamp>,
    audit: Table<(OrganizationId, i64), AuditRecord>,
    mails: Table<MailId, OutboxMail>,
}

#[derive(Clone)]
struct StoredInvitation {
    invitation: Invitation,
    token: Option<TokenHash>,
    /// Time of its latest mail, which an answered one no longer says.
    mailed: Option<Timestamp>,
}

#[derive(Clone)]
struct StoredProfile {
    profile: Profile,
    place: i64,
}

/// Returns the level of a match (see [`PartnerRank::level`]), or `None` if the profile does
/// not match.
fn match_level(
    organization: &Organization,
    profile: &Profile,
    search: &PartnerSearch,
    words: &SearchWords,
) -> Option<u8> {
    let cities: Vec<String> = search::city_words(profile, &search.country).collect();
    let fits = profile.listed
        && organization.clouds().contains(&search.cloud)
        && profile.countries.contains(&search.country)
        && search.size.is_none_or(|size| search::serves_size(profile, size))
        && words.city.iter().all(|word| cities.contains(word));
    if !fits {
        return None;
    }
    let mut found = Vec::new();
    for (level, part) in (0_u8..).zip(search::profile_words(organization, profile)) {
        found.extend(part);
        let has_all_words = words.words.iter().all(|word| found.contains(word));
        let has_prefix = words
            .prefix
            .as_ref()
            .is_none_or(|prefix| found.iter().any(|word| word.starts_with(prefix.as_str())));
        if has_all_words && has_prefix {
            return Some(level);
        }
    }
    None
}

/// Returns whether an organization is the customer, the seller or the partner of record of
/// a subscription.
fn involves(subscription: &Subscription, organization: OrganizationId) -> bool {
    let of_record = subscription.partner_of_record.as_ref().map(|record| record.partner);
    subscription.customer == organization
        || subscription.seller == Some(organization)
        || of_record == Some(organization)
}

/// Adds or replaces a row.
fn insert<K: Ord + Clone, V: Clone>(table: &mut Table<K, V>, key: K, row: V) {
    Arc::make_mut(table).insert(key, row);
}

/// Returns the `place`th latest of these times, counted from 1.
fn place_latest(times: impl Iterator<Item = Timestamp>, place: u32) -> Option<Timestamp> {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable_by(|one, other| other.cmp(one));
    times.get((place as usize).saturating_sub(1)).copied()
}

/// Fails with [`StoreError::Duplicate`] if a unique value is taken.
fn ensure_free(taken: bool, what: &'static str) -> Result<()> {
    if taken { Err(StoreError::Duplicate(what)) } else { Ok(()) }
}

/// Fails if a referenced row is missing, like a foreign key in SQL.
fn ensure_exists(exists: bool, what: &str) -> Result<()> {
    if exists {
        Ok(())
    } else {
        Err(StoreError::Engine(format!("the row names {what} that is not there")))
    }
}

/// Fails with [`StoreError::Stale`] if `new` is not the version after `current`.
fn ensure_next_version(current: i64, new: i64) -> Result<()> {
    if new.checked_sub(1) == Some(current) { Ok(()) } else { Err(StoreError::Stale) }
}

impl MemoryTables {
    fn ensure_organization(&self, id: OrganizationId) -> Result<()> {
        ensure_exists(self.organizations.contains_key(&id), "an organization")
    }

    fn ensure_subscription(&self, customer: OrganizationId, id: SubscriptionId) -> Result<()> {
        let held = self.subscriptions.get(&id);
        ensure_exists(held.is_some_and(|held| held.customer == customer), "a subscription")
    }

    fn count_active_subscriptions(
        &self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> u32 {
        let counted = self.subscriptions.values().filter(|one| {
            one.customer == customer
                && one.seller == Some(seller)
                && matches!(one.status(now), SubscriptionStatus::Trial | SubscriptionStatus::Active)
        });
        u32::try_from(counted.count()).unwrap_or(u32::MAX)
    }

    fn put_enquiry(&mut self, enquiry: &Enquiry) {
        if let Some(read_at) = listed::read_at(&enquiry.state) {
            insert(&mut self.enquiries_read, enquiry.id, read_at);
        }
        insert(&mut self.enquiries, enquiry.id, enquiry.clone());
    }

    fn put_subscription(&mut self, subscription: &Subscription) {
        match subscription.state {
            SubscriptionState::Ended { .. } => {}
            state @ (SubscriptionState::Trial { .. }
            | SubscriptionState::Active
            | SubscriptionState::Suspended { .. }) => {
                insert(&mut self.live_states, subscription.id, state);
            }
        }
        insert(&mut self.subscriptions, subscription.id, subscription.clone());
    }

    /// Fails if a row that a subscription refers to is missing.
    fn ensure_references(&self, subscription: &Subscription) -> Result<()> {
        self.ensure_organization(subscription.customer)?;
        let account = (subscription.customer, subscription.billing_account);
        ensure_exists(self.billing_accounts.contains_key(&account), "a billing account")?;
        if let Some(product) = &subscription.product {
            ensure_exists(self.products.contains_key(product), "a product")?;
        }
        if let Some(seller) = &subscription.seller {
            self.ensure_organization(*seller)?;
        }
        if let Some(record) = &subscription.partner_of_record {
            self.ensure_organization(record.partner)?;
            ensure_exists(
                self.partner_accounts.contains_key(&record.partner_id),
                "a partner's account",
            )?;
        }
        Ok(())
    }

    /// Returns whether another subscription of the customer was created from the same offer.
    fn is_offer_taken(&self, subscription: &Subscription) -> bool {
        subscription.offer_of.is_some()
            && self.subscriptions.values().any(|other| {
                other.id != subscription.id
                    && other.customer == subscription.customer
                    && other.offer_of == subscription.offer_of
            })
    }

    /// Returns an account with the clouds of its partner.
    fn with_clouds(&self, account: &PartnerAccount) -> PartnerAccount {
        let partner = self.organizations.get(&account.partner);
        let clouds = partner.map_or_else(Vec::new, |partner| partner.clouds().to_vec());
        PartnerAccount { clouds, ..account.clone() }
    }
}

/// Returns the rows of one organization.
fn rows_of_organization<K: Copy + Ord, V: Clone>(
    table: &Table<(OrganizationId, K), V>,
    organization: OrganizationId,
) -> Vec<V> {
    table
        .iter()
        .filter(|((owner, _), _)| *owner == organization)
        .map(|(_, row)| row.clone())
        .collect()
}

impl Read for MemoryTables {
    fn commits(&mut self) -> Result<i64> {
        Ok(self.commits)
    }

    fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        Ok(self.organizations.get(&id).map(|one| Organization::clone(one)))
    }

    fn organization_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organization>> {
        let found = self.organizations.values().find(|one| one.domain() == domain);
        Ok(found.map(|one| Organization::clone(one)))
    }

    fn organizations(&mut self) -> Result<Vec<Organization>> {
        Ok(self.organizations.values().map(|one| Organization::clone(one)).collect())
    }

    fn user(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        Ok(self.users.get(&(organization, id)).cloned())
    }

    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>> {
        Ok(self.users.values().find(|user| user.email == *email).cloned())
    }

    fn users_with_role(
        &mut self,
        organization: OrganizationId,
        role: UserRole,
        limit: u32,
    ) -> Result<Vec<User>> {
        let mut users = self.users(organization)?;
        users.retain(|user| user.roles.contains(&role));
        users.truncate(limit as usize);
        Ok(users)
    }

    fn users(&mut self, organization: OrganizationId) -> Result<Vec<User>> {
        Ok(rows_of_organization(&self.users, organization))
    }

    fn caller(&mut self, token: &TokenHash) -> Result<Option<Caller>> {
        let Some(session) = self.sessions.get(token).cloned() else { return Ok(None) };
        let user = self.users.get(&(session.organization, session.user)).cloned();
        let organization = self.organization(session.organization)?;
        Ok(user.zip(organization).map(|(user, organization)| Caller {
            user,
            organization,
            session,
        }))
    }

    fn sign_in_failures(&mut self, email: &EmailAddress) -> Result<Option<SignInFailures>> {
        Ok(self.sign_in_failures.get(email).copied())
    }

    fn current_agreement(&mut self, cloud: Cloud) -> Result<Option<AgreementVersion>> {
        Ok(self
            .documents
            .keys()
            .filter(|(of, _, _)| *of == cloud)
            .map(|(_, version, _)| *version)
            .max())
    }

    fn agreement_versions(
        &mut self,
        organization: OrganizationId,
        cloud: Cloud,
    ) -> Result<(Option<AgreementVersion>, Option<AgreementVersion>)> {
        let accepted = self.latest_acceptance(organization)?.map(|accepted| accepted.version);
        Ok((accepted, self.current_agreement(cloud)?))
    }

    fn agreement_document(
        &mut self,
        cloud: Cloud,
        version: AgreementVersion,
        language: Language,
    ) -> Result<Option<AgreementDocument>> {
        Ok(self.documents.get(&(cloud, version, language)).cloned())
    }

    fn latest_acceptance(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<AgreementAcceptance>> {
        Ok(self
            .acceptances(organization)?
            .into_iter()
            .max_by_key(|acceptance| (acceptance.version, acceptance.id)))
    }

    fn acceptances(&mut self, organization: OrganizationId) -> Result<Vec<AgreementAcceptance>> {
        Ok(rows_of_organization(&self.acceptances, organization))
    }

    fn invitation(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>> {
        Ok(self
            .invitations
            .get(&id)
            .map(|stored| &stored.invitation)
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned())
    }

    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>> {
        Ok(self
            .invitations
            .values()
            .find(|stored| stored.token.as_ref() == Some(token))
            .map(|stored| stored.invitation.clone()))
    }

    fn has_drafts(&mut self, partner: OrganizationId, user: UserId, count: u32) -> Result<bool> {
        let drafts = self.invitations.values().filter(|stored| {
            let invitation = &stored.invitation;
            invitation.partner == partner
                && invitation.created_by == user
                && invitation.state == InvitationState::Draft
        });
        Ok(drafts.count() >= count as usize)
    }

    fn has_waiting_invitations(
        &mut self,
        partner: OrganizationId,
        customer: OrganizationId,
        now: Timestamp,
        count: u32,
    ) -> Result<bool> {
        let waiting = self.invitations.values().filter(|stored| {
            let invitation = &stored.invitation;
            invitation.partner == partner
                && invitation.customer == customer
                && invitation.status(now) == InvitationStatus::Sent
        });
        Ok(waiting.count() >= count as usize)
    }

    fn invitation_mailed(
        &mut self,
        partner: OrganizationId,
        customer: Option<OrganizationId>,
        after: Timestamp,
        place: u32,
    ) -> Result<Option<Timestamp>> {
        let of_it = self.invitations.values().filter(|stored| {
            let invitation = &stored.invitation;
            invitation.partner == partner && customer.is_none_or(|id| id == invitation.customer)
        });
        let mailed = of_it.filter_map(|stored| stored.mailed).filter(|mailed| *mailed > after);
        Ok(place_latest(mailed, place))
    }

    fn has_waiting_enquiries(
        &mut self,
        customer: OrganizationId,
        now: Timestamp,
        count: u32,
    ) -> Result<bool> {
        let waiting = self.enquiries.values().filter(|stored| {
            let expires = stored.state.expires();
            stored.customer == customer && expires.is_some_and(|expires| now < expires)
        });
        Ok(waiting.count() >= count as usize)
    }

    fn enquiry_sent(&mut self, customer: OrganizationId, place: u32) -> Result<Option<Timestamp>> {
        let of_it = self.enquiries.values().filter(|stored| stored.customer == customer);
        Ok(place_latest(of_it.map(|stored| stored.created), place))
    }

    fn relationship(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
    ) -> Result<Option<Relationship>> {
        Ok(self
            .relationships
            .get(&id)
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned())
    }

    fn enquiry(&mut self, organization: OrganizationId, id: EnquiryId) -> Result<Option<Enquiry>> {
        Ok(self
            .enquiries
            .get(&id)
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned())
    }

    fn profile(&mut self, partner: OrganizationId) -> Result<Option<Profile>> {
        Ok(self.profiles.get(&partner).map(|stored| stored.profile.clone()))
    }

    fn search_partners(
        &mut self,
        search: &PartnerSearch,
        after: Option<&PartnerRank>,
        limit: u32,
    ) -> Result<Vec<FoundPartner>> {
        let words = SearchWords::parse(search);
        let mut found: Vec<FoundPartner> = self
            .profiles
            .values()
            .filter_map(|StoredProfile { profile, place }| {
                let organization = self.organizations.get(&profile.partner)?;
                let level = match_level(organization, profile, search, &words)?;
                let rank = PartnerRank { level, place: *place };
                after.is_none_or(|after| rank > *after).then(|| FoundPartner {
                    organization: Organization::clone(organization),
                    profile: profile.clone(),
                    rank,
                })
            })
            .collect();
        found.sort_by_key(|partner| partner.rank);
        found.truncate(limit as usize);
        Ok(found)
    }

    fn product(&mut self, id: ProductId) -> Result<Option<Product>> {
        Ok(self.products.get(&id).cloned())
    }

    fn products(&mut self, cloud: Cloud) -> Result<Vec<Product>> {
        let mut found: Vec<Product> =
            self.products.values().filter(|product| product.cloud == cloud).cloned().collect();
        found.sort_by_cached_key(|product| (sort_key(product.name.as_str()), product.id));
        Ok(found)
    }

    fn billing_accounts(&mut self, organization: OrganizationId) -> Result<Vec<BillingAccount>> {
        Ok(rows_of_organization(&self.billing_accounts, organization))
    }

    fn partner_account(&mut self, id: &PartnerId) -> Result<Option<PartnerAccount>> {
        Ok(self.partner_accounts.get(id).map(|account| self.with_clouds(account)))
    }

    fn partner_accounts(&mut self, organization: OrganizationId) -> Result<Vec<PartnerAccount>> {
        Ok(self
            .partner_accounts
            .values()
            .filter(|account| account.partner == organization)
            .map(|account| self.with_clouds(account))
            .collect())
    }

    fn subscription(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>> {
        Ok(self.subscriptions.get(&id).filter(|one| involves(one, organization)).cloned())
    }

    fn active_subscriptions(
        &mut self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> Result<u32> {
        Ok(self.count_active_subscriptions(customer, seller, now))
    }

    fn subscription_by_offer(
        &mut self,
        customer: OrganizationId,
        invitation: InvitationId,
    ) -> Result<Option<Subscription>> {
        Ok(self
            .subscriptions
            .values()
            .find(|one| one.customer == customer && one.offer_of == Some(invitation))
            .cloned())
    }

    fn subscriptions_with_ids(
        &mut self,
        customer: OrganizationId,
        ids: &[SubscriptionId],
    ) -> Result<Vec<Subscription>> {
        let ids: BTreeSet<_> = ids.iter().collect();
        let found = ids.into_iter().filter_map(|id| self.subscriptions.get(id));
        Ok(found.filter(|one| one.customer == customer).cloned().collect())
    }

    fn have_versions(
        &mut self,
        customer: OrganizationId,
        versions: &[(SubscriptionId, i64)],
    ) -> Result<bool> {
        Ok(versions.iter().all(|(id, version)| {
            let held = self.subscriptions.get(id);
            held.is_some_and(|held| held.customer == customer && held.version == *version)
        }))
    }

    fn pending_partner_changes(
        &mut self,
        customer: Option<OrganizationId>,
    ) -> Result<Option<PartnerChangeBlock>> {
        let mut blocks = self.pending_partner_changes.values();
        Ok(blocks.find(|block| customer.is_none_or(|id| id == block.customer)).cloned())
    }

    fn pending_partner_changes_near(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Option<PartnerChangeBlock>> {
        let up_to = ..=(customer, subscription);
        let last = self.pending_partner_changes.range(up_to).next_back();
        Ok(last.map(|(_, block)| block).filter(|block| block.customer == customer).cloned())
    }

    fn tenures(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PastPartnerOfRecord>> {
        Ok(self
            .tenures
            .range((customer, subscription, i64::MIN)..=(customer, subscription, i64::MAX))
            .rev()
            .map(|(_, tenure)| tenure.clone())
            .collect())
    }

    fn has_used_partner_id(&mut self, customer: OrganizationId, id: &PartnerId) -> Result<bool> {
        let now = self.subscriptions.values().any(|one| {
            let record = one.partner_of_record.as_ref();
            one.customer == customer && record.is_some_and(|record| record.partner_id == *id)
        });
        let mut tenures = self.tenures.values();
        let of_it =
            |one: &PastPartnerOfRecord| one.customer == customer && one.record.partner_id == *id;
        Ok(now || tenures.any(of_it))
    }

    fn placed_order(
        &mut self,
        organization: OrganizationId,
        request: OrderRequestId,
    ) -> Result<Option<PlacedOrder>> {
        Ok(self.placed_orders.get(&(organization, request)).cloned())
    }

    fn partner_id_look_ups(
        &mut self,
        organization: OrganizationId,
        after: Timestamp,
    ) -> Result<Vec<(PartnerId, Timestamp)>> {
        Ok(self
            .look_ups
            .iter()
            .filter(|((by, _), at)| *by == organization && **at > after)
            .map(|((_, id), at)| (id.clone(), *at))
            .collect())
    }

    fn audit_head(&mut self, organization: OrganizationId) -> Result<Option<AuditRecord>> {
        Ok(self.audit(organization, None, None, 1)?.into_iter().next())
    }

    fn audit(
        &mut self,
        organization: OrganizationId,
        target: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>> {
        Ok(self
            .audit
            .range((organization, i64::MIN)..=(organization, i64::MAX))
            .rev()
            .map(|(_, record)| record)
            .filter(|record| before.is_none_or(|before| record.sequence < before))
            .filter(|record| target.is_none_or(|target| record.target == target))
            .take(limit as usize)
            .cloned()
            .collect())
    }

    fn due_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<OutboxMail>> {
        let mut due: Vec<&OutboxMail> = self
            .mails
            .values()
            .filter(|mail| mail.status == MailStatus::Waiting && mail.next <= now)
            .collect();
        due.sort_by_key(|mail| (mail.next, mail.id));
        Ok(due.into_iter().take(limit as usize).cloned().collect())
    }

    fn waiting_mails(&mut self, invitation: InvitationId) -> Result<Vec<OutboxMail>> {
        Ok(self
            .mails
            .values()
            .filter(|mail| {
                mail.status == MailStatus::Waiting && mail.invitation == Some(invitation)
            })
            .cloned()
            .collect())
    }

    fn mail(&mut self, id: MailId) -> Result<Option<OutboxMail>> {
        Ok(self.mails.get(&id).cloned())
    }

    fn relationship_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, RelationshipList>,
    ) -> Result<ListRows<RelationshipRow>> {
        self.list_relationships(owner, page)
    }

    fn relationship_row(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
        now: Timestamp,
    ) -> Result<Option<RelationshipRow>> {
        let record = self.relationship(organization, id)?;
        record.map(|record| self.relationship_row_of(&record, now)).transpose()
    }

    fn relationships_between(
        &mut self,
        customer: OrganizationId,
        partner: OrganizationId,
    ) -> Result<Vec<Relationship>> {
        let records = self.relationships.values();
        let between = records.filter(|one| one.customer == customer && one.partner == partner);
        Ok(between.cloned().collect())
    }

    fn invitation_page(
        &mut self,
        owner: ListOwner,
        restricted: RestrictedRows,
        page: &PageRequest<'_, InvitationList>,
    ) -> Result<ListRows<InvitationRow>> {
        self.list_invitations(owner, restricted, page)
    }

    fn invitation_row(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<InvitationRow>> {
        let record = self.invitation(organization, id)?;
        record.map(|record| self.invitation_row_of(&record)).transpose()
    }

    fn enquiry_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, EnquiryList>,
    ) -> Result<ListRows<EnquiryRow>> {
        self.list_enquiries(owner, page)
    }

    fn enquiry_row(
        &mut self,
        organization: OrganizationId,
        id: EnquiryId,
    ) -> Result<Option<EnquiryRow>> {
        let record = self.enquiry(organization, id)?;
        record.map(|record| self.enquiry_row_of(&record)).transpose()
    }

    fn product_page(
        &mut self,
        scope: &ProductScope,
        page: &PageRequest<'_, ProductList>,
    ) -> Result<ListRows<Product>> {
        Ok(self.list_products(scope, page))
    }

    fn subscription_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, SubscriptionList>,
    ) -> Result<ListRows<SubscriptionRow>> {
        self.list_subscriptions(owner, page)
    }

    fn subscription_row(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionRow>> {
        let record = self.subscription(organization, id)?;
        record.map(|record| self.subscription_row_of(&record)).transpose()
    }

    fn activity_page(
        &mut self,
        organization: OrganizationId,
        restricted: RestrictedRows,
        page: &PageRequest<'_, ActivityList>,
    ) -> Result<ListRows<AuditRecord>> {
        Ok(self.list_activity(organization, restricted, page))
    }

    fn outbox_page(
        &mut self,
        organization: Option<OrganizationId>,
        page: &PageRequest<'_, OutboxList>,
    ) -> Result<ListRows<OutboxMail>> {
        Ok(self.list_mails(organization, page))
    }
}

impl Write for MemoryTables {
    fn insert_organization(&mut self, organization: &Organization) -> Result<()> {
        let taken = self.organizations.contains_key(&organization.id())
            || self.organizations.values().any(|other| other.domain() == organization.domain());
        ensure_free(taken, duplicates::ORGANIZATION)?;
        insert(&mut self.organizations, organization.id(), Arc::new(organization.clone()));
        Ok(())
    }

    fn insert_user(&mut self, user: &User) -> Result<()> {
        let key = (user.organization, user.id);
        let taken = self.users.contains_key(&key)
            || self.users.values().any(|other| other.email == user.email);
        ensure_free(taken, duplicates::USER)?;
        self.ensure_organization(user.organization)?;
        insert(&mut self.users, key, user.clone());
        Ok(())
    }

    fn insert_session(&mut self, session: &Session) -> Result<()> {
        ensure_free(self.sessions.contains_key(&session.token), duplicates::SESSION)?;
        let account = (session.organization, session.user);
        ensure_exists(self.users.contains_key(&account), "an account")?;
        insert(&mut self.sessions, session.token.clone(), session.clone());
        Ok(())
    }

    fn keep_latest_sessions(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        count: u32,
    ) -> Result<()> {
        let of_it = |one: &&Session| one.organization == organization && one.user == user;
        let mut sessions: Vec<_> = self.sessions.values().filter(of_it).cloned().collect();
        sessions.sort_by(|one, other| {
            other.created.cmp(&one.created).then_with(|| one.token.cmp(&other.token))
        });
        for session in sessions.into_iter().skip(count as usize) {
            Arc::make_mut(&mut self.sessions).remove(&session.token);
        }
        Ok(())
    }

    fn delete_session(&mut self, token: &TokenHash) -> Result<bool> {
        Ok(Arc::make_mut(&mut self.sessions).remove(token).is_some())
    }

    fn delete_sessions(&mut self, organization: OrganizationId, user: UserId) -> Result<u64> {
        let before = self.sessions.len();
        Arc::make_mut(&mut self.sessions)
            .retain(|_, session| session.organization != organization || session.user != user);
        Ok((before - self.sessions.len()) as u64)
    }

    fn delete_expired(&mut self, now: Timestamp) -> Result<()> {
        Arc::make_mut(&mut self.sessions).retain(|_, session| session.expires >= now);
        Arc::make_mut(&mut self.sign_in_failures)
            .retain(|_, failures| failures.last >= now.plus(-DAY));
        Arc::make_mut(&mut self.look_ups).retain(|_, at| *at >= now.plus(-DAY));
        Ok(())
    }

    fn set_sign_in_failures(
        &mut self,
        email: &EmailAddress,
        failures: Option<SignInFailures>,
    ) -> Result<()> {
        let kept = Arc::make_mut(&mut self.sign_in_failures);
        match failures {
            Some(failures) => kept.insert(email.clone(), failures),
            None => kept.remove(email),
        };
        Ok(())
    }

    fn insert_agreement_document(&mut self, document: &AgreementDocument) -> Result<()> {
        let key = (document.cloud, document.version, document.language);
        ensure_free(self.documents.contains_key(&key), duplicates::AGREEMENT_DOCUMENT)?;
        insert(&mut self.documents, key, document.clone());
        Ok(())
    }

    fn insert_acceptance(&mut self, acceptance: &AgreementAcceptance) -> Result<()> {
        let key = (acceptance.organization, acceptance.id);
        ensure_free(self.acceptances.contains_key(&key), duplicates::ACCEPTANCE)?;
        self.ensure_organization(acceptance.organization)?;
        insert(&mut self.acceptances, key, acceptance.clone());
        Ok(())
    }

    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()> {
        ensure_free(self.invitations.contains_key(&invitation.id), duplicates::INVITATION)?;
        self.ensure_organization(invitation.customer)?;
        self.ensure_organization(invitation.partner)?;
        let mailed = listed::mailed_at(&invitation.state);
        let kept = StoredInvitation { invitation: invitation.clone(), token: None, mailed };
        insert(&mut self.invitations, invitation.id, kept);
        Ok(())
    }

    fn update_invitation(
        &mut self,
        invitation: &Invitation,
        token: Option<&TokenHash>,
    ) -> Result<()> {
        let held = self
            .invitations
            .get(&invitation.id)
            .filter(|held| held.invitation.customer == invitation.customer)
            .ok_or(StoreError::Stale)?;
        ensure_next_version(held.invitation.version, invitation.version)?;
        let taken = token.is_some()
            && self
                .invitations
                .values()
                .any(|other| other.invitation.id != invitation.id && other.token.as_ref() == token);
        ensure_free(taken, duplicates::LINK)?;
        self.ensure_organization(invitation.partner)?;
        let kept = StoredInvitation {
            invitation: invitation.clone(),
            token: token.or(held.token.as_ref()).cloned(),
            mailed: listed::mailed_at(&invitation.state).or(held.mailed),
        };
        insert(&mut self.invitations, invitation.id, kept);
        Ok(())
    }

    fn insert_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        ensure_free(self.relationships.contains_key(&relationship.id), duplicates::RELATIONSHIP)?;
        self.ensure_organization(relationship.customer)?;
        self.ensure_organization(relationship.partner)?;
        insert(&mut self.relationships, relationship.id, relationship.clone());
        Ok(())
    }

    fn update_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        let held = self
            .relationships
            .get(&relationship.id)
            .filter(|held| held.customer == relationship.customer)
            .ok_or(StoreError::Stale)?;
        ensure_next_version(held.version, relationship.version)?;
        self.ensure_organization(relationship.partner)?;
        insert(&mut self.relationships, relationship.id, relationship.clone());
        Ok(())
    }

    fn insert_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        ensure_free(self.enquiries.contains_key(&enquiry.id), duplicates::ENQUIRY)?;
        self.ensure_organization(enquiry.customer)?;
        self.ensure_organization(enquiry.partner)?;
        self.put_enquiry(enquiry);
        Ok(())
    }

    fn update_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        let held = self
            .enquiries
            .get(&enquiry.id)
            .filter(|held| held.customer == enquiry.customer)
            .ok_or(StoreError::Stale)?;
        ensure_next_version(held.version, enquiry.version)?;
        self.ensure_organization(enquiry.partner)?;
        self.put_enquiry(enquiry);
        Ok(())
    }

    fn set_profile(&mut self, profile: &Profile) -> Result<()> {
        // A profile that was never saved has version 0.
        let held = self.profiles.get(&profile.partner);
        ensure_next_version(held.map_or(0, |held| held.profile.version), profile.version)?;
        self.ensure_organization(profile.partner)?;
        let place = match held {
            Some(held) => held.place,
            None => self.profiles.values().map(|other| other.place).max().unwrap_or(0) + 1,
        };
        insert(
            &mut self.profiles,
            profile.partner,
            StoredProfile { profile: profile.clone(), place },
        );
        Ok(())
    }

    fn insert_product(&mut self, product: &Product) -> Result<()> {
        ensure_free(self.products.contains_key(&product.id), duplicates::PRODUCT)?;
        insert(&mut self.products, product.id, product.clone());
        Ok(())
    }

    fn update_product(&mut self, product: &Product) -> Result<()> {
        let held = self.products.get(&product.id).ok_or(StoreError::Stale)?;
        ensure_next_version(held.version, product.version)?;
        insert(&mut self.products, product.id, product.clone());
        Ok(())
    }

    fn insert_billing_account(&mut self, account: &BillingAccount) -> Result<()> {
        let key = (account.organization, account.id);
        ensure_free(self.billing_accounts.contains_key(&key), duplicates::BILLING_ACCOUNT)?;
        self.ensure_organization(account.organization)?;
        insert(&mut self.billing_accounts, key, account.clone());
        Ok(())
    }

    fn insert_partner_account(&mut self, account: &PartnerAccount) -> Result<()> {
        let taken = self.partner_accounts.contains_key(&account.partner_id);
        ensure_free(taken, duplicates::PARTNER_ACCOUNT)?;
        self.ensure_organization(account.partner)?;
        insert(&mut self.partner_accounts, account.partner_id.clone(), account.clone());
        Ok(())
    }

    fn insert_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let taken = self.subscriptions.contains_key(&subscription.id);
        ensure_free(taken || self.is_offer_taken(subscription), duplicates::SUBSCRIPTION)?;
        self.ensure_references(subscription)?;
        self.put_subscription(subscription);
        Ok(())
    }

    fn update_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let held = self
            .subscriptions
            .get(&subscription.id)
            .filter(|held| held.customer == subscription.customer)
            .ok_or(StoreError::Stale)?;
        ensure_next_version(held.version, subscription.version)?;
        ensure_free(self.is_offer_taken(subscription), duplicates::SUBSCRIPTION)?;
        self.ensure_references(subscription)?;
        self.put_subscription(subscription);
        Ok(())
    }

    fn insert_tenure(&mut self, tenure: &PastPartnerOfRecord) -> Result<()> {
        let key = (tenure.customer, tenure.subscription, tenure.number);
        ensure_free(self.tenures.contains_key(&key), duplicates::TENURE)?;
        self.ensure_subscription(tenure.customer, tenure.subscription)?;
        insert(&mut self.tenures, key, tenure.clone());
        Ok(())
    }

    fn insert_pending_partner_changes(&mut self, block: &PartnerChangeBlock) -> Result<()> {
        let key = (block.customer, block.first);
        let taken = self.pending_partner_changes.contains_key(&key);
        ensure_free(taken, duplicates::PENDING_PARTNER_CHANGES)?;
        self.ensure_organization(block.customer)?;
        insert(&mut self.pending_partner_changes, key, block.clone());
        Ok(())
    }

    fn update_pending_partner_changes(&mut self, block: &PartnerChangeBlock) -> Result<()> {
        let key = (block.customer, block.first);
        if !self.pending_partner_changes.contains_key(&key) {
            return Err(StoreError::Stale);
        }
        insert(&mut self.pending_partner_changes, key, block.clone());
        Ok(())
    }

    fn delete_pending_partner_changes(
        &mut self,
        customer: OrganizationId,
        first: SubscriptionId,
    ) -> Result<()> {
        Arc::make_mut(&mut self.pending_partner_changes).remove(&(customer, first));
        Ok(())
    }

    fn insert_placed_order(&mut self, order: &PlacedOrder) -> Result<()> {
        let key = (order.organization, order.request);
        ensure_free(self.placed_orders.contains_key(&key), duplicates::PLACED_ORDER)?;
        self.ensure_organization(order.organization)?;
        self.ensure_subscription(order.customer, order.subscription)?;
        insert(&mut self.placed_orders, key, order.clone());
        Ok(())
    }

    fn record_look_up(
        &mut self,
        organization: OrganizationId,
        id: &PartnerId,
        at: Timestamp,
    ) -> Result<()> {
        self.ensure_organization(organization)?;
        insert(&mut self.look_ups, (organization, id.clone()), at);
        Ok(())
    }

    fn append_audit(&mut self, record: &AuditRecord) -> Result<()> {
        let key = (record.organization, record.sequence);
        ensure_free(self.audit.contains_key(&key), duplicates::AUDIT)?;
        self.ensure_organization(record.organization)?;
        insert(&mut self.audit, key, record.clone());
        Ok(())
    }

    fn insert_mail(&mut self, mail: &OutboxMail) -> Result<()> {
        ensure_free(self.mails.contains_key(&mail.id), duplicates::MAIL)?;
        self.ensure_organization(mail.organization)?;
        insert(&mut self.mails, mail.id, mail.clone());
        Ok(())
    }

    fn update_mail(&mut self, mail: &OutboxMail) -> Result<()> {
        self.mails
            .get(&mail.id)
            .filter(|held| held.organization == mail.organization)
            .ok_or(StoreError::Stale)?;
        insert(&mut self.mails, mail.id, mail.clone());
        Ok(())
    }
}
