//! Traits of the store that the use cases run on. The crate `store` implements them for
//! SQLite and in memory, with one contract suite for both.

use rules::{
    AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount, Cloud, DomainName,
    EmailAddress, Enquiry, EnquiryId, Invitation, InvitationId, Language, MailId, OrderRequestId,
    OrganizationId, PartnerAccount, PartnerId, PastPartnerOfRecord, Product, ProductId, Profile,
    Relationship, RelationshipId, Subscription, SubscriptionId, Timestamp, UserId, UserRole,
};

use api::{
    ActivityList, EnquiryList, InvitationList, OutboxList, ProductList, RelationshipList,
    SubscriptionList,
};

use crate::lists::{
    EnquiryRow, InvitationRow, ListOwner, ListRows, PageRequest, ProductScope, RelationshipRow,
    RestrictedRows, SubscriptionRow,
};
use crate::model::{
    AuditRecord, FoundPartner, Organization, OutboxMail, PartnerChangeBlock, PartnerRank,
    PartnerSearch, PlacedOrder, Session, SignInFailures, User,
};
use crate::{Caller, TokenHash};

/// Reason why a store operation failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The row has changed since it was read: its version is not the one before the new
    /// version.
    #[error("the row was changed since it was read")]
    Stale,
    /// A row with that key or another unique value exists already. Holds a description of
    /// the row, such as "an account of this address".
    #[error("{0} exists already")]
    Duplicate(&'static str),
    /// The storage engine failed. The text is for the log.
    #[error("the store failed: {0}")]
    Engine(String),
}

type Result<T> = std::result::Result<T, StoreError>;

/// Read access in a transaction. All reads see the same snapshot, and fail only if the
/// storage engine fails. `&mut` because a connection caches prepared statements.
pub trait Read {
    /// Returns a number that is higher after each commit that changed something. What another
    /// transaction read under the same number has not changed.
    fn commits(&mut self) -> Result<i64>;
    /// Returns an organization.
    fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>>;
    /// Returns the organization with this verified domain. Domains are unique.
    fn organization_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organization>>;
    /// Returns all organizations, ordered by id. For the operator's commands.
    fn organizations(&mut self) -> Result<Vec<Organization>>;
    /// Returns an account of an organization.
    fn user(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<User>>;
    /// Returns the account with this address. Addresses are unique across organizations.
    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>>;
    /// Returns the accounts of an organization that have a role, ordered by id, at most `limit`.
    fn users_with_role(
        &mut self,
        organization: OrganizationId,
        role: UserRole,
        limit: u32,
    ) -> Result<Vec<User>>;
    /// Returns the accounts of an organization, ordered by id.
    fn users(&mut self, organization: OrganizationId) -> Result<Vec<User>>;
    /// Returns the session with this token, with its user and organization. The session may have
    /// expired.
    fn caller(&mut self, token: &TokenHash) -> Result<Option<Caller>>;
    /// Returns the failed attempts to sign in with this address since the last success.
    fn sign_in_failures(&mut self, email: &EmailAddress) -> Result<Option<SignInFailures>>;
    /// Returns the newest version of the agreement in a cloud.
    fn current_agreement(&mut self, cloud: Cloud) -> Result<Option<AgreementVersion>>;
    /// Returns the highest version of the agreement that an organization accepted, and the newest
    /// version in a cloud.
    fn agreement_versions(
        &mut self,
        organization: OrganizationId,
        cloud: Cloud,
    ) -> Result<(Option<AgreementVersion>, Option<AgreementVersion>)>;
    /// Returns an agreement document.
    fn agreement_document(
        &mut self,
        cloud: Cloud,
        version: AgreementVersion,
        language: Language,
    ) -> Result<Option<AgreementDocument>>;
    /// Returns the latest acceptance of the highest version that an organization accepted.
    fn latest_acceptance(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<AgreementAcceptance>>;
    /// Returns all acceptances of an organization, ordered by id.
    fn acceptances(&mut self, organization: OrganizationId) -> Result<Vec<AgreementAcceptance>>;
    /// Returns an invitation if the organization is its customer or its partner.
    fn invitation(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>>;
    /// Returns the invitation whose link contains this token.
    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>>;
    /// Returns a page of an organization's invitations. A customer's list has only those that
    /// were sent.
    fn invitation_page(
        &mut self,
        owner: ListOwner,
        restricted: RestrictedRows,
        page: &PageRequest<'_, InvitationList>,
    ) -> Result<ListRows<InvitationRow>>;
    /// Returns an invitation with all that a list shows of it, if the organization is its
    /// customer or its partner.
    fn invitation_row(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<InvitationRow>>;
    /// Returns whether a user has created at least `count` invitations of a partner that are still
    /// drafts.
    fn has_drafts(&mut self, partner: OrganizationId, user: UserId, count: u32) -> Result<bool>;
    /// Returns whether at least `count` invitations from a partner wait for a customer's answer.
    fn has_waiting_invitations(
        &mut self,
        partner: OrganizationId,
        customer: OrganizationId,
        now: Timestamp,
        count: u32,
    ) -> Result<bool>;
    /// Returns the time of the `place`th latest mail with an invitation from a partner, counted
    /// from 1, if it was after `after`. Only the latest mail of each invitation counts. With
    /// `customer`, only mails to it.
    fn invitation_mailed(
        &mut self,
        partner: OrganizationId,
        customer: Option<OrganizationId>,
        after: Timestamp,
        place: u32,
    ) -> Result<Option<Timestamp>>;
    /// Returns a relationship if the organization is its customer or its partner.
    fn relationship(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
    ) -> Result<Option<Relationship>>;
    /// Returns a page of an organization's relationships.
    fn relationship_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, RelationshipList>,
    ) -> Result<ListRows<RelationshipRow>>;
    /// Returns a relationship with all that a list shows of it, if the organization is its
    /// customer or its partner.
    fn relationship_row(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
        now: Timestamp,
    ) -> Result<Option<RelationshipRow>>;
    /// Returns the relationships between a customer and a partner, ordered by id.
    fn relationships_between(
        &mut self,
        customer: OrganizationId,
        partner: OrganizationId,
    ) -> Result<Vec<Relationship>>;
    /// Returns an enquiry if the organization is its customer or its partner.
    fn enquiry(&mut self, organization: OrganizationId, id: EnquiryId) -> Result<Option<Enquiry>>;
    /// Returns a page of an organization's enquiries.
    fn enquiry_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, EnquiryList>,
    ) -> Result<ListRows<EnquiryRow>>;
    /// Returns an enquiry with all that a list shows of it, if the organization is its customer
    /// or its partner.
    fn enquiry_row(
        &mut self,
        organization: OrganizationId,
        id: EnquiryId,
    ) -> Result<Option<EnquiryRow>>;
    /// Returns whether at least `count` enquiries of a customer wait for an answer.
    fn has_waiting_enquiries(
        &mut self,
        customer: OrganizationId,
        now: Timestamp,
        count: u32,
    ) -> Result<bool>;
    /// Returns the time of the `place`th latest enquiry of a customer, counted from 1.
    fn enquiry_sent(&mut self, customer: OrganizationId, place: u32) -> Result<Option<Timestamp>>;
    /// Returns the profile of a partner, even if it is not listed.
    fn profile(&mut self, partner: OrganizationId) -> Result<Option<Profile>>;
    /// Returns the partners whose listed profile matches a search, best match first, at most
    /// `limit`. With `after`, only partners that rank lower, for the next page.
    fn search_partners(
        &mut self,
        search: &PartnerSearch,
        after: Option<&PartnerRank>,
        limit: u32,
    ) -> Result<Vec<FoundPartner>>;
    /// Returns a product of any cloud.
    fn product(&mut self, id: ProductId) -> Result<Option<Product>>;
    /// Returns a page of the products of a scope.
    fn product_page(
        &mut self,
        scope: &ProductScope,
        page: &PageRequest<'_, ProductList>,
    ) -> Result<ListRows<Product>>;
    /// Returns the products of a cloud, ordered by folded name, then id.
    fn products(&mut self, cloud: Cloud) -> Result<Vec<Product>>;
    /// Returns the billing accounts of a customer, ordered by id.
    fn billing_accounts(&mut self, organization: OrganizationId) -> Result<Vec<BillingAccount>>;
    /// Returns the partner account with this Microsoft Partner ID, and the clouds of its
    /// partner.
    fn partner_account(&mut self, id: &PartnerId) -> Result<Option<PartnerAccount>>;
    /// Returns the accounts of a partner, ordered by Partner ID.
    fn partner_accounts(&mut self, organization: OrganizationId) -> Result<Vec<PartnerAccount>>;
    /// Returns a subscription if the organization is its customer, its seller or its current
    /// partner of record.
    fn subscription(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>>;
    /// Returns a page of an organization's subscriptions. A partner's are those that it sold,
    /// as long as it sells to the customer, and those of which it is the partner of record.
    fn subscription_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, SubscriptionList>,
    ) -> Result<ListRows<SubscriptionRow>>;
    /// Returns a subscription with all that a list shows of it, if the organization is its
    /// customer, its seller or its current partner of record.
    fn subscription_row(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionRow>>;
    /// Returns those of a customer's subscriptions that have one of these ids, ordered by id.
    fn subscriptions_with_ids(
        &mut self,
        customer: OrganizationId,
        ids: &[SubscriptionId],
    ) -> Result<Vec<Subscription>>;
    /// Returns the number of a customer's subscriptions from a seller that are active, or a
    /// trial that has not ended.
    fn active_subscriptions(
        &mut self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> Result<u32>;
    /// Returns the subscription that a customer created from the offer of an invitation.
    fn subscription_by_offer(
        &mut self,
        customer: OrganizationId,
        invitation: InvitationId,
    ) -> Result<Option<Subscription>>;
    /// Returns the former partners of record of a subscription, latest first.
    fn tenures(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PastPartnerOfRecord>>;
    /// Returns whether all of these subscriptions of a customer exist and have these versions.
    fn have_versions(
        &mut self,
        customer: OrganizationId,
        versions: &[(SubscriptionId, i64)],
    ) -> Result<bool>;
    /// Returns the first block of pending changes of a customer's partners of record, or of any
    /// customer's.
    fn pending_partner_changes(
        &mut self,
        customer: Option<OrganizationId>,
    ) -> Result<Option<PartnerChangeBlock>>;
    /// Returns the block of pending changes that may contain one of this subscription: the last
    /// block that begins at it or before it.
    fn pending_partner_changes_near(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Option<PartnerChangeBlock>>;
    /// Returns whether a subscription of the customer has or had a partner of record with this
    /// Partner ID.
    fn has_used_partner_id(&mut self, customer: OrganizationId, id: &PartnerId) -> Result<bool>;
    /// Returns the result of an organization's order with this request identifier.
    fn placed_order(
        &mut self,
        organization: OrganizationId,
        request: OrderRequestId,
    ) -> Result<Option<PlacedOrder>>;
    /// Returns the Partner IDs that an organization has looked up since `after`, with the time
    /// of the last look-up, ordered by Partner ID.
    fn partner_id_look_ups(
        &mut self,
        organization: OrganizationId,
        after: Timestamp,
    ) -> Result<Vec<(PartnerId, Timestamp)>>;
    /// Returns the last entry of an organization's audit log.
    fn audit_head(&mut self, organization: OrganizationId) -> Result<Option<AuditRecord>>;
    /// Returns a page of an organization's audit log.
    fn activity_page(
        &mut self,
        organization: OrganizationId,
        restricted: RestrictedRows,
        page: &PageRequest<'_, ActivityList>,
    ) -> Result<ListRows<AuditRecord>>;
    /// Returns entries of an organization's audit log, newest first, at most `limit`. With
    /// `target`, only entries about the object with this id; with `before`, only entries with
    /// a lower sequence number.
    fn audit(
        &mut self,
        organization: OrganizationId,
        target: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>>;
    /// Returns a page of the mails to an organization, or to all.
    fn outbox_page(
        &mut self,
        organization: Option<OrganizationId>,
        page: &PageRequest<'_, OutboxList>,
    ) -> Result<ListRows<OutboxMail>>;
    /// Returns the waiting mails that are due, earliest first, at most `limit`.
    fn due_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<OutboxMail>>;
    /// Returns the waiting mails about an invitation, ordered by id.
    fn waiting_mails(&mut self, invitation: InvitationId) -> Result<Vec<OutboxMail>>;
    /// Returns a mail.
    fn mail(&mut self, id: MailId) -> Result<Option<OutboxMail>>;
}

/// Write access in a transaction, which is committed as a whole or not at all. A successful
/// answer means that the change is durable.
///
/// Inserts fail with [`StoreError::Duplicate`] if a key or another unique value is taken.
/// Updates fail with [`StoreError::Stale`] unless the stored version is the one before the
/// new version.
pub trait Write: Read {
    /// Adds an organization.
    fn insert_organization(&mut self, organization: &Organization) -> Result<()>;
    /// Adds an account. Addresses are unique.
    fn insert_user(&mut self, user: &User) -> Result<()>;
    /// Adds a session.
    fn insert_session(&mut self, session: &Session) -> Result<()>;
    /// Deletes the sessions of an account but for the latest `count`.
    fn keep_latest_sessions(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        count: u32,
    ) -> Result<()>;
    /// Deletes a session, and returns whether it existed.
    fn delete_session(&mut self, token: &TokenHash) -> Result<bool>;
    /// Deletes all sessions of an account, and returns their number.
    fn delete_sessions(&mut self, organization: OrganizationId, user: UserId) -> Result<u64>;
    /// Deletes expired sessions, and failed sign-ins and look-ups of Partner IDs that are
    /// older than a day.
    fn delete_expired(&mut self, now: Timestamp) -> Result<()>;
    /// Sets or deletes the failed attempts to sign in with an address.
    fn set_sign_in_failures(
        &mut self,
        email: &EmailAddress,
        failures: Option<SignInFailures>,
    ) -> Result<()>;
    /// Adds an agreement document. There is at most one for a cloud, language and version.
    fn insert_agreement_document(&mut self, document: &AgreementDocument) -> Result<()>;
    /// Adds an acceptance.
    fn insert_acceptance(&mut self, acceptance: &AgreementAcceptance) -> Result<()>;
    /// Adds an invitation without a link.
    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()>;
    /// Saves a changed invitation. With `token`, replaces the token of its link.
    fn update_invitation(
        &mut self,
        invitation: &Invitation,
        token: Option<&TokenHash>,
    ) -> Result<()>;
    /// Adds a relationship.
    fn insert_relationship(&mut self, relationship: &Relationship) -> Result<()>;
    /// Saves a changed relationship.
    fn update_relationship(&mut self, relationship: &Relationship) -> Result<()>;
    /// Adds an enquiry.
    fn insert_enquiry(&mut self, enquiry: &Enquiry) -> Result<()>;
    /// Saves a changed enquiry.
    fn update_enquiry(&mut self, enquiry: &Enquiry) -> Result<()>;
    /// Adds the profile of a partner (version 1), or saves a changed one. Updates the search
    /// index, which contains listed profiles only.
    fn set_profile(&mut self, profile: &Profile) -> Result<()>;
    /// Adds a product.
    fn insert_product(&mut self, product: &Product) -> Result<()>;
    /// Saves a changed product.
    fn update_product(&mut self, product: &Product) -> Result<()>;
    /// Adds a billing account.
    fn insert_billing_account(&mut self, account: &BillingAccount) -> Result<()>;
    /// Adds an account of a partner. Partner IDs are unique across partners. The clouds of the
    /// account are not stored, because they are those of the partner.
    fn insert_partner_account(&mut self, account: &PartnerAccount) -> Result<()>;
    /// Adds a subscription. A customer can have at most one from an offer.
    fn insert_subscription(&mut self, subscription: &Subscription) -> Result<()>;
    /// Saves a changed subscription.
    fn update_subscription(&mut self, subscription: &Subscription) -> Result<()>;
    /// Adds a former partner of record to the history of a subscription.
    fn insert_tenure(&mut self, tenure: &PastPartnerOfRecord) -> Result<()>;
    /// Adds a block of pending changes of partners of record.
    fn insert_pending_partner_changes(&mut self, block: &PartnerChangeBlock) -> Result<()>;
    /// Saves a block from which changes were taken. Blocks have no version.
    fn update_pending_partner_changes(&mut self, block: &PartnerChangeBlock) -> Result<()>;
    /// Deletes a block of which all changes were made.
    fn delete_pending_partner_changes(
        &mut self,
        customer: OrganizationId,
        first: SubscriptionId,
    ) -> Result<()>;
    /// Adds the result of an order. Request identifiers are unique within an organization.
    fn insert_placed_order(&mut self, order: &PlacedOrder) -> Result<()>;
    /// Records that an organization looked up a Partner ID, replacing the time of an earlier
    /// look-up.
    fn record_look_up(
        &mut self,
        organization: OrganizationId,
        id: &PartnerId,
        at: Timestamp,
    ) -> Result<()>;
    /// Appends an entry to an organization's audit log.
    fn append_audit(&mut self, record: &AuditRecord) -> Result<()>;
    /// Puts a mail into the outbox.
    fn insert_mail(&mut self, mail: &OutboxMail) -> Result<()>;
    /// Saves a changed mail. Mails have no version.
    fn update_mail(&mut self, mail: &OutboxMail) -> Result<()>;
}
