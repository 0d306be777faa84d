//! The store in memory: the demo's and the simulator's, and the reference
//! model that the databases are tested against. It is written to be read: where an
//! index would be faster, it looks at every row.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::MailStatus;
use rules::{
    AcceptanceId, AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount,
    BillingAccountId, Cloud, DAY, DomainName, EmailAddress, Enquiry, EnquiryId, Invitation,
    InvitationId, Language, MailId, OrderRequestId, OrganizationId, PartnerAccount, PartnerId,
    PartnerTenure, Product, ProductId, Profile, Relationship, RelationshipId, Seller, Subscription,
    SubscriptionId, SubscriptionStatus, Timestamp, UserId,
};
use service::model::{
    AuditRecord, FoundPartner, Mail, Organization, PartnerRank, PartnerSearch, PlacedOrder,
    Session, SignInFailures, User,
};
use service::{Read, StoreError, TokenHash, Write};

use crate::duplicates;
use crate::search::{self, Question};

type Result<T> = std::result::Result<T, StoreError>;

/// A store in memory. Clones share their content.
#[derive(Clone, Default)]
pub struct Memory {
    content: Arc<Mutex<Content>>,
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The content holds hashes of passwords, and links in mails.
        formatter.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads: everything is of one moment.
    ///
    /// # Errors
    /// Those of the work.
    pub fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Read) -> service::Result<T>,
    ) -> service::Result<T> {
        let mut content = self.lock().clone();
        work(&mut content)
    }

    /// Writes: what the work did is kept if it succeeds, and nothing of it otherwise.
    /// Writers wait for each other, so the work must not write to the same store by
    /// another way.
    ///
    /// # Errors
    /// Those of the work.
    pub fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Write) -> service::Result<T>,
    ) -> service::Result<T> {
        let mut held = self.lock();
        let mut content = held.clone();
        let result = work(&mut content)?;
        *held = content;
        Ok(result)
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        // A panic can't leave a half-written content behind: it is replaced as a whole.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A table that is copied when it is written to while another transaction sees it.
type Table<K, V> = Arc<BTreeMap<K, V>>;

#[derive(Clone, Default)]
struct Content {
    organizations: Table<OrganizationId, Organization>,
    users: Table<(OrganizationId, UserId), User>,
    sessions: Table<TokenHash, Session>,
    sign_in_failures: Table<EmailAddress, SignInFailures>,
    documents: Table<(Cloud, AgreementVersion, Language), AgreementDocument>,
    acceptances: Table<(OrganizationId, AcceptanceId), AgreementAcceptance>,
    invitations: Table<InvitationId, KeptInvitation>,
    relationships: Table<RelationshipId, Relationship>,
    enquiries: Table<EnquiryId, Enquiry>,
    profiles: Table<OrganizationId, KeptProfile>,
    products: Table<ProductId, Product>,
    billing_accounts: Table<(OrganizationId, BillingAccountId), BillingAccount>,
    partner_accounts: Table<PartnerId, PartnerAccount>,
    subscriptions: Table<SubscriptionId, Subscription>,
    tenures: Table<(OrganizationId, SubscriptionId, i64), PartnerTenure>,
    placed_orders: Table<(OrganizationId, OrderRequestId), PlacedOrder>,
    look_ups: Table<(OrganizationId, PartnerId), Timestamp>,
    audit: Table<(OrganizationId, i64), AuditRecord>,
    mails: Table<MailId, Mail>,
}

#[derive(Clone)]
struct KeptInvitation {
    invitation: Invitation,
    token: Option<TokenHash>,
}

#[derive(Clone)]
struct KeptProfile {
    profile: Profile,
    place: i64,
}

/// How well a profile matches, as [`PartnerRank::level`] says; `None` where it does not.
fn level_of(
    organization: &Organization,
    profile: &Profile,
    search: &PartnerSearch,
    question: &Question,
) -> Option<u8> {
    let towns: Vec<String> = search::towns_in(profile, &search.country).collect();
    let fits = profile.listed
        && organization.clouds.contains(&search.cloud)
        && profile.countries.contains(&search.country)
        && search.size.is_none_or(|size| search::serves_size(profile, size))
        && question.town.iter().all(|word| towns.contains(word));
    if !fits {
        return None;
    }
    let mut words = Vec::new();
    for (level, part) in (0_u8..).zip(search::parts(organization, profile)) {
        words.extend(part);
        let has_all = question.words.iter().all(|word| words.contains(word));
        let has_beginning = question
            .beginning
            .as_ref()
            .is_none_or(|beginning| words.iter().any(|word| word.starts_with(beginning.as_str())));
        if has_all && has_beginning {
            return Some(level);
        }
    }
    None
}

/// A relationship without what is found when it is asked for, and not kept.
fn kept(relationship: &Relationship) -> Relationship {
    Relationship {
        active_subscriptions: 0,
        agreement_accepted: false,
        offer: None,
        ..relationship.clone()
    }
}

/// A subscription without what is found when it is asked for, and not kept.
fn kept_subscription(subscription: &Subscription) -> Subscription {
    let seller = subscription.seller.map(|seller| Seller {
        partner: seller.partner,
        sells: false,
        agreement_accepted: false,
    });
    Subscription { seller, ..subscription.clone() }
}

/// Whether an organization is concerned with a subscription now.
fn concerns(subscription: &Subscription, organization: OrganizationId) -> bool {
    let seller = subscription.seller.map(|seller| seller.partner);
    let of_record = subscription.partner_of_record.as_ref().map(|record| record.partner);
    subscription.customer == organization
        || seller == Some(organization)
        || of_record == Some(organization)
}

/// Adds a row whose key is free.
fn insert<K: Ord + Clone, V: Clone>(table: &mut Table<K, V>, key: K, row: V) {
    Arc::make_mut(table).insert(key, row);
}

/// [`StoreError::Duplicate`] where something is taken.
fn free(taken: bool, what: &'static str) -> Result<()> {
    if taken { Err(StoreError::Duplicate(what)) } else { Ok(()) }
}

/// What a foreign key is in a database.
fn known(exists: bool, what: &str) -> Result<()> {
    if exists {
        Ok(())
    } else {
        Err(StoreError::Engine(format!("the row names {what} that is not there")))
    }
}

/// Whether a row may be replaced by one of this new version.
fn replaceable(held: i64, new: i64) -> Result<()> {
    if new.checked_sub(1) == Some(held) { Ok(()) } else { Err(StoreError::Stale) }
}

impl Content {
    fn organization_known(&self, id: OrganizationId) -> Result<()> {
        known(self.organizations.contains_key(&id), "an organization")
    }

    fn subscription_known(&self, customer: OrganizationId, id: SubscriptionId) -> Result<()> {
        let held = self.subscriptions.get(&id);
        known(held.is_some_and(|held| held.customer == customer), "a subscription")
    }

    /// That what a subscription names is there.
    fn named_is_known(&self, subscription: &Subscription) -> Result<()> {
        self.organization_known(subscription.customer)?;
        let account = (subscription.customer, subscription.billing_account);
        known(self.billing_accounts.contains_key(&account), "a billing account")?;
        if let Some(product) = &subscription.product {
            known(self.products.contains_key(product), "a product")?;
        }
        if let Some(seller) = &subscription.seller {
            self.organization_known(seller.partner)?;
        }
        if let Some(record) = &subscription.partner_of_record {
            self.organization_known(record.partner)?;
            known(self.partner_accounts.contains_key(&record.partner_id), "a partner's account")?;
        }
        Ok(())
    }

    /// Whether another subscription of the same customer came from the same offer.
    fn offer_is_taken(&self, subscription: &Subscription) -> bool {
        subscription.offer_of.is_some()
            && self.subscriptions.values().any(|other| {
                other.id != subscription.id
                    && other.customer == subscription.customer
                    && other.offer_of == subscription.offer_of
            })
    }

    /// An account with the clouds of its partner.
    fn with_clouds(&self, account: &PartnerAccount) -> PartnerAccount {
        let partner = self.organizations.get(&account.partner);
        let clouds = partner.map_or_else(Vec::new, |partner| partner.clouds.clone());
        PartnerAccount { clouds, ..account.clone() }
    }
}

/// The rows of one organization in a table that is clustered by it.
fn of_organization<K: Copy + Ord, V: Clone>(
    table: &Table<(OrganizationId, K), V>,
    organization: OrganizationId,
) -> Vec<V> {
    table
        .iter()
        .filter(|((owner, _), _)| *owner == organization)
        .map(|(_, row)| row.clone())
        .collect()
}

impl Read for Content {
    fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        Ok(self.organizations.get(&id).cloned())
    }

    fn organization_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organization>> {
        Ok(self.organizations.values().find(|one| one.domain == *domain).cloned())
    }

    fn organizations(&mut self) -> Result<Vec<Organization>> {
        Ok(self.organizations.values().cloned().collect())
    }

    fn user(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        Ok(self.users.get(&(organization, id)).cloned())
    }

    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>> {
        Ok(self.users.values().find(|user| user.email == *email).cloned())
    }

    fn users(&mut self, organization: OrganizationId) -> Result<Vec<User>> {
        Ok(of_organization(&self.users, organization))
    }

    fn session(&mut self, token: &TokenHash) -> Result<Option<Session>> {
        Ok(self.sessions.get(token).cloned())
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
        Ok(of_organization(&self.acceptances, organization))
    }

    fn invitation(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>> {
        Ok(self
            .invitations
            .get(&id)
            .map(|kept| &kept.invitation)
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned())
    }

    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>> {
        Ok(self
            .invitations
            .values()
            .find(|kept| kept.token.as_ref() == Some(token))
            .map(|kept| kept.invitation.clone()))
    }

    fn invitations(&mut self, organization: OrganizationId) -> Result<Vec<Invitation>> {
        Ok(self
            .invitations
            .values()
            .rev()
            .map(|kept| &kept.invitation)
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned()
            .collect())
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

    fn relationships(&mut self, organization: OrganizationId) -> Result<Vec<Relationship>> {
        Ok(self
            .relationships
            .values()
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned()
            .collect())
    }

    fn enquiry(&mut self, organization: OrganizationId, id: EnquiryId) -> Result<Option<Enquiry>> {
        Ok(self
            .enquiries
            .get(&id)
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned())
    }

    fn enquiries(&mut self, organization: OrganizationId) -> Result<Vec<Enquiry>> {
        Ok(self
            .enquiries
            .values()
            .rev()
            .filter(|one| one.customer == organization || one.partner == organization)
            .cloned()
            .collect())
    }

    fn profile(&mut self, partner: OrganizationId) -> Result<Option<Profile>> {
        Ok(self.profiles.get(&partner).map(|kept| kept.profile.clone()))
    }

    fn search_partners(
        &mut self,
        search: &PartnerSearch,
        after: Option<&PartnerRank>,
        limit: u32,
    ) -> Result<Vec<FoundPartner>> {
        let question = Question::of(search);
        let mut found: Vec<FoundPartner> = self
            .profiles
            .values()
            .filter_map(|KeptProfile { profile, place }| {
                let organization = self.organizations.get(&profile.partner)?;
                let level = level_of(organization, profile, search, &question)?;
                let rank = PartnerRank { level, place: *place };
                after.is_none_or(|after| rank > *after).then(|| FoundPartner {
                    organization: organization.clone(),
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
        found.sort_by(|one, other| {
            (one.name.as_str(), one.id).cmp(&(other.name.as_str(), other.id))
        });
        Ok(found)
    }

    fn billing_accounts(&mut self, organization: OrganizationId) -> Result<Vec<BillingAccount>> {
        Ok(of_organization(&self.billing_accounts, organization))
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
        Ok(self.subscriptions.get(&id).filter(|one| concerns(one, organization)).cloned())
    }

    fn subscriptions(&mut self, organization: OrganizationId) -> Result<Vec<Subscription>> {
        Ok(self
            .subscriptions
            .values()
            .rev()
            .filter(|one| concerns(one, organization))
            .cloned()
            .collect())
    }

    fn active_subscriptions(
        &mut self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> Result<u32> {
        let counted = self.subscriptions.values().filter(|one| {
            one.customer == customer
                && one.seller.is_some_and(|one| one.partner == seller)
                && matches!(one.status(now), SubscriptionStatus::Trial | SubscriptionStatus::Active)
        });
        Ok(u32::try_from(counted.count()).unwrap_or(u32::MAX))
    }

    fn subscription_of_offer(
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

    fn tenures(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PartnerTenure>> {
        Ok(self
            .tenures
            .range((customer, subscription, i64::MIN)..=(customer, subscription, i64::MAX))
            .rev()
            .map(|(_, tenure)| tenure.clone())
            .collect())
    }

    fn has_named(&mut self, customer: OrganizationId, id: &PartnerId) -> Result<bool> {
        let now = self.subscriptions.values().any(|one| {
            let record = one.partner_of_record.as_ref();
            one.customer == customer && record.is_some_and(|record| record.partner_id == *id)
        });
        let mut tenures = self.tenures.values();
        let of_it = |one: &PartnerTenure| one.customer == customer && one.record.partner_id == *id;
        Ok(now || tenures.any(of_it))
    }

    fn placed_order(
        &mut self,
        organization: OrganizationId,
        request: OrderRequestId,
    ) -> Result<Option<PlacedOrder>> {
        Ok(self.placed_orders.get(&(organization, request)).cloned())
    }

    fn look_ups(
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

    fn mails(&mut self, organization: Option<OrganizationId>, limit: u32) -> Result<Vec<Mail>> {
        Ok(self
            .mails
            .values()
            .rev()
            .filter(|mail| organization.is_none_or(|of| mail.organization == of))
            .take(limit as usize)
            .cloned()
            .collect())
    }

    fn due_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Mail>> {
        let mut due: Vec<&Mail> = self
            .mails
            .values()
            .filter(|mail| mail.status == MailStatus::Waiting && mail.next <= now)
            .collect();
        due.sort_by_key(|mail| (mail.next, mail.id));
        Ok(due.into_iter().take(limit as usize).cloned().collect())
    }

    fn waiting_mails(&mut self, invitation: InvitationId) -> Result<Vec<Mail>> {
        Ok(self
            .mails
            .values()
            .filter(|mail| {
                mail.status == MailStatus::Waiting && mail.invitation == Some(invitation)
            })
            .cloned()
            .collect())
    }

    fn mail(&mut self, id: MailId) -> Result<Option<Mail>> {
        Ok(self.mails.get(&id).cloned())
    }
}

impl Write for Content {
    fn insert_organization(&mut self, organization: &Organization) -> Result<()> {
        let taken = self.organizations.contains_key(&organization.id)
            || self.organizations.values().any(|other| other.domain == organization.domain);
        free(taken, duplicates::ORGANIZATION)?;
        insert(&mut self.organizations, organization.id, organization.clone());
        Ok(())
    }

    fn insert_user(&mut self, user: &User) -> Result<()> {
        let key = (user.organization, user.id);
        let taken = self.users.contains_key(&key)
            || self.users.values().any(|other| other.email == user.email);
        free(taken, duplicates::USER)?;
        self.organization_known(user.organization)?;
        insert(&mut self.users, key, user.clone());
        Ok(())
    }

    fn insert_session(&mut self, session: &Session) -> Result<()> {
        free(self.sessions.contains_key(&session.token), duplicates::SESSION)?;
        let account = (session.organization, session.user);
        known(self.users.contains_key(&account), "an account")?;
        insert(&mut self.sessions, session.token.clone(), session.clone());
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

    fn forget_expired(&mut self, now: Timestamp) -> Result<()> {
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
        free(self.documents.contains_key(&key), duplicates::AGREEMENT_DOCUMENT)?;
        insert(&mut self.documents, key, document.clone());
        Ok(())
    }

    fn insert_acceptance(&mut self, acceptance: &AgreementAcceptance) -> Result<()> {
        let key = (acceptance.organization, acceptance.id);
        free(self.acceptances.contains_key(&key), duplicates::ACCEPTANCE)?;
        self.organization_known(acceptance.organization)?;
        insert(&mut self.acceptances, key, acceptance.clone());
        Ok(())
    }

    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()> {
        free(self.invitations.contains_key(&invitation.id), duplicates::INVITATION)?;
        self.organization_known(invitation.customer)?;
        self.organization_known(invitation.partner)?;
        let kept = KeptInvitation { invitation: invitation.clone(), token: None };
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
        replaceable(held.invitation.version, invitation.version)?;
        let taken = token.is_some()
            && self
                .invitations
                .values()
                .any(|other| other.invitation.id != invitation.id && other.token.as_ref() == token);
        free(taken, duplicates::LINK)?;
        self.organization_known(invitation.partner)?;
        let kept = KeptInvitation {
            invitation: invitation.clone(),
            token: token.or(held.token.as_ref()).cloned(),
        };
        insert(&mut self.invitations, invitation.id, kept);
        Ok(())
    }

    fn insert_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        free(self.relationships.contains_key(&relationship.id), duplicates::RELATIONSHIP)?;
        self.organization_known(relationship.customer)?;
        self.organization_known(relationship.partner)?;
        insert(&mut self.relationships, relationship.id, kept(relationship));
        Ok(())
    }

    fn update_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        let held = self
            .relationships
            .get(&relationship.id)
            .filter(|held| held.customer == relationship.customer)
            .ok_or(StoreError::Stale)?;
        replaceable(held.version, relationship.version)?;
        self.organization_known(relationship.partner)?;
        insert(&mut self.relationships, relationship.id, kept(relationship));
        Ok(())
    }

    fn insert_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        free(self.enquiries.contains_key(&enquiry.id), duplicates::ENQUIRY)?;
        self.organization_known(enquiry.customer)?;
        self.organization_known(enquiry.partner)?;
        insert(&mut self.enquiries, enquiry.id, enquiry.clone());
        Ok(())
    }

    fn update_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        let held = self
            .enquiries
            .get(&enquiry.id)
            .filter(|held| held.customer == enquiry.customer)
            .ok_or(StoreError::Stale)?;
        replaceable(held.version, enquiry.version)?;
        self.organization_known(enquiry.partner)?;
        insert(&mut self.enquiries, enquiry.id, enquiry.clone());
        Ok(())
    }

    fn set_profile(&mut self, profile: &Profile) -> Result<()> {
        // One that was never saved counts as of version 0.
        let held = self.profiles.get(&profile.partner);
        replaceable(held.map_or(0, |held| held.profile.version), profile.version)?;
        self.organization_known(profile.partner)?;
        let place = match held {
            Some(held) => held.place,
            None => self.profiles.values().map(|other| other.place).max().unwrap_or(0) + 1,
        };
        insert(
            &mut self.profiles,
            profile.partner,
            KeptProfile { profile: profile.clone(), place },
        );
        Ok(())
    }

    fn insert_product(&mut self, product: &Product) -> Result<()> {
        free(self.products.contains_key(&product.id), duplicates::PRODUCT)?;
        insert(&mut self.products, product.id, product.clone());
        Ok(())
    }

    fn update_product(&mut self, product: &Product) -> Result<()> {
        let held = self.products.get(&product.id).ok_or(StoreError::Stale)?;
        replaceable(held.version, product.version)?;
        insert(&mut self.products, product.id, product.clone());
        Ok(())
    }

    fn insert_billing_account(&mut self, account: &BillingAccount) -> Result<()> {
        let key = (account.organization, account.id);
        free(self.billing_accounts.contains_key(&key), duplicates::BILLING_ACCOUNT)?;
        self.organization_known(account.organization)?;
        insert(&mut self.billing_accounts, key, account.clone());
        Ok(())
    }

    fn insert_partner_account(&mut self, account: &PartnerAccount) -> Result<()> {
        let taken = self.partner_accounts.contains_key(&account.partner_id);
        free(taken, duplicates::PARTNER_ACCOUNT)?;
        self.organization_known(account.partner)?;
        insert(&mut self.partner_accounts, account.partner_id.clone(), account.clone());
        Ok(())
    }

    fn insert_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let taken = self.subscriptions.contains_key(&subscription.id);
        free(taken || self.offer_is_taken(subscription), duplicates::SUBSCRIPTION)?;
        self.named_is_known(subscription)?;
        insert(&mut self.subscriptions, subscription.id, kept_subscription(subscription));
        Ok(())
    }

    fn update_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let held = self
            .subscriptions
            .get(&subscription.id)
            .filter(|held| held.customer == subscription.customer)
            .ok_or(StoreError::Stale)?;
        replaceable(held.version, subscription.version)?;
        free(self.offer_is_taken(subscription), duplicates::SUBSCRIPTION)?;
        self.named_is_known(subscription)?;
        insert(&mut self.subscriptions, subscription.id, kept_subscription(subscription));
        Ok(())
    }

    fn insert_tenure(&mut self, tenure: &PartnerTenure) -> Result<()> {
        let key = (tenure.customer, tenure.subscription, tenure.number);
        free(self.tenures.contains_key(&key), duplicates::TENURE)?;
        self.subscription_known(tenure.customer, tenure.subscription)?;
        insert(&mut self.tenures, key, tenure.clone());
        Ok(())
    }

    fn insert_placed_order(&mut self, order: &PlacedOrder) -> Result<()> {
        let key = (order.organization, order.request);
        free(self.placed_orders.contains_key(&key), duplicates::PLACED_ORDER)?;
        self.organization_known(order.organization)?;
        self.subscription_known(order.customer, order.subscription)?;
        insert(&mut self.placed_orders, key, order.clone());
        Ok(())
    }

    fn note_look_up(
        &mut self,
        organization: OrganizationId,
        id: &PartnerId,
        at: Timestamp,
    ) -> Result<()> {
        self.organization_known(organization)?;
        insert(&mut self.look_ups, (organization, id.clone()), at);
        Ok(())
    }

    fn append_audit(&mut self, record: &AuditRecord) -> Result<()> {
        let key = (record.organization, record.sequence);
        free(self.audit.contains_key(&key), duplicates::AUDIT)?;
        self.organization_known(record.organization)?;
        insert(&mut self.audit, key, record.clone());
        Ok(())
    }

    fn insert_mail(&mut self, mail: &Mail) -> Result<()> {
        free(self.mails.contains_key(&mail.id), duplicates::MAIL)?;
        self.organization_known(mail.organization)?;
        insert(&mut self.mails, mail.id, mail.clone());
        Ok(())
    }

    fn update_mail(&mut self, mail: &Mail) -> Result<()> {
        self.mails
            .get(&mail.id)
            .filter(|held| held.organization == mail.organization)
            .ok_or(StoreError::Stale)?;
        insert(&mut self.mails, mail.id, mail.clone());
        Ok(())
    }
}
