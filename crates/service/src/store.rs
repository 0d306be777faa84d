//! What the use cases ask of a store. SQL and memory implement it, and one contract
//! suite holds both to the same answers.

use std::fmt;

use rules::{
    AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount, Cloud, DomainName,
    EmailAddress, Enquiry, EnquiryId, Invitation, InvitationId, Language, MailId, OrderRequestId,
    OrganizationId, PartnerAccount, PartnerId, PastPartnerOfRecord, Product, ProductId, Profile,
    Relationship, RelationshipId, Subscription, SubscriptionId, Timestamp, UserId,
};

use crate::TokenHash;
use crate::model::{
    AuditRecord, FoundPartner, Mail, Organization, PartnerRank, PartnerSearch, PlacedOrder,
    Session, SignInFailures, User,
};

/// Why the store could not do what it was asked.
#[derive(Debug)]
pub enum StoreError {
    /// The row was changed since it was read: its version is not the one before
    /// the version that was to be written.
    Stale,
    /// A row of that key, or of another unique value, exists already. Names what.
    Duplicate(&'static str),
    /// The engine failed. The text is for the log.
    Engine(String),
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale => formatter.write_str("the row was changed since it was read"),
            Self::Duplicate(what) => write!(formatter, "{what} exists already"),
            Self::Engine(cause) => write!(formatter, "the store failed: {cause}"),
        }
    }
}

impl std::error::Error for StoreError {}

type Result<T> = std::result::Result<T, StoreError>;

/// Reading, in a transaction: everything is of one moment. `&mut` because an engine
/// keeps prepared statements. Every method fails only where the engine does.
#[expect(clippy::missing_errors_doc, reason = "the trait says it once for all")]
pub trait Read {
    /// The organization of this id.
    fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>>;
    /// The organization of this verified domain: domains are unique.
    fn organization_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organization>>;
    /// Every organization, by id. For the operator's commands.
    fn organizations(&mut self) -> Result<Vec<Organization>>;
    /// The account of this id in this organization.
    fn user(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<User>>;
    /// The account of this address, in whichever organization: addresses are unique.
    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>>;
    /// The accounts of an organization, by id.
    fn users(&mut self, organization: OrganizationId) -> Result<Vec<User>>;
    /// The session of this token, ended or not.
    fn session(&mut self, token: &TokenHash) -> Result<Option<Session>>;
    /// The failures to sign in with this address since the last success.
    fn sign_in_failures(&mut self, email: &EmailAddress) -> Result<Option<SignInFailures>>;
    /// The newest version of the agreement in this cloud.
    fn current_agreement(&mut self, cloud: Cloud) -> Result<Option<AgreementVersion>>;
    /// The document of this cloud, version and language.
    fn agreement_document(
        &mut self,
        cloud: Cloud,
        version: AgreementVersion,
        language: Language,
    ) -> Result<Option<AgreementDocument>>;
    /// The latest acceptance of an organization: of the highest version, the last.
    fn latest_acceptance(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<AgreementAcceptance>>;
    /// Every acceptance of an organization, by id.
    fn acceptances(&mut self, organization: OrganizationId) -> Result<Vec<AgreementAcceptance>>;
    /// The invitation of this id, if this organization is its customer or its partner.
    fn invitation(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>>;
    /// The invitation whose link has this token.
    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>>;
    /// The invitations to or from this organization, the newest (by id) first.
    fn invitations(&mut self, organization: OrganizationId) -> Result<Vec<Invitation>>;
    /// The relationship of this id, if this organization is its customer or its partner.
    fn relationship(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
    ) -> Result<Option<Relationship>>;
    /// The relationships of this organization, customer or partner, by id.
    fn relationships(&mut self, organization: OrganizationId) -> Result<Vec<Relationship>>;
    /// The enquiry of this id, if this organization is its customer or its partner.
    fn enquiry(&mut self, organization: OrganizationId, id: EnquiryId) -> Result<Option<Enquiry>>;
    /// The enquiries from or to this organization, the newest (by id) first.
    fn enquiries(&mut self, organization: OrganizationId) -> Result<Vec<Enquiry>>;
    /// The profile of a partner, listed or not.
    fn profile(&mut self, partner: OrganizationId) -> Result<Option<Profile>>;
    /// The partners with a listed profile that matches, the best match first, at the
    /// most `limit`. With a rank, only those that come after it, so that a page begins
    /// where the one before ended.
    fn search_partners(
        &mut self,
        search: &PartnerSearch,
        after: Option<&PartnerRank>,
        limit: u32,
    ) -> Result<Vec<FoundPartner>>;
    /// The product of this id, of whichever cloud.
    fn product(&mut self, id: ProductId) -> Result<Option<Product>>;
    /// The products of a cloud, by name and id.
    fn products(&mut self, cloud: Cloud) -> Result<Vec<Product>>;
    /// The billing accounts of a customer, by id.
    fn billing_accounts(&mut self, organization: OrganizationId) -> Result<Vec<BillingAccount>>;
    /// The account that this Microsoft Partner ID is of, in whichever partner, with the
    /// clouds of that partner.
    fn partner_account(&mut self, id: &PartnerId) -> Result<Option<PartnerAccount>>;
    /// The accounts of a partner, by Partner ID.
    fn partner_accounts(&mut self, organization: OrganizationId) -> Result<Vec<PartnerAccount>>;
    /// The subscription of this id, if this organization is its customer, its seller or
    /// its partner of record now. What its seller may do is not kept with it: here and
    /// below the flags of [`rules::Seller`] are false.
    fn subscription(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>>;
    /// The subscriptions of a customer, or those of which a partner is the seller or the
    /// partner of record now; the newest (by id) first.
    fn subscriptions(&mut self, organization: OrganizationId) -> Result<Vec<Subscription>>;
    /// How many of a customer's subscriptions from this seller are active or a trial that
    /// has not ended at this moment.
    fn active_subscriptions(
        &mut self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> Result<u32>;
    /// The subscription that a customer made from the offer of this invitation.
    fn subscription_of_offer(
        &mut self,
        customer: OrganizationId,
        invitation: InvitationId,
    ) -> Result<Option<Subscription>>;
    /// The partners of record that a customer's subscription had before the one that it
    /// may have now, the latest first.
    fn tenures(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PastPartnerOfRecord>>;
    /// Whether a subscription of this customer has, or had before, the partner of record of
    /// this Partner ID.
    fn has_named(&mut self, customer: OrganizationId, id: &PartnerId) -> Result<bool>;
    /// What came of this organization's order with this request identifier.
    fn placed_order(
        &mut self,
        organization: OrganizationId,
        request: OrderRequestId,
    ) -> Result<Option<PlacedOrder>>;
    /// The Partner IDs that an organization looked up after this moment, each with when
    /// it did so last, by Partner ID.
    fn look_ups(
        &mut self,
        organization: OrganizationId,
        after: Timestamp,
    ) -> Result<Vec<(PartnerId, Timestamp)>>;
    /// The last entry of an organization's audit log.
    fn audit_head(&mut self, organization: OrganizationId) -> Result<Option<AuditRecord>>;
    /// The entries of an organization's audit log before this sequence (all, where
    /// there is none), the newest first, at the most `limit`. With a target, only
    /// the entries about the thing of this id.
    fn audit(
        &mut self,
        organization: OrganizationId,
        target: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>>;
    /// Mails, the newest (by id) first, at the most `limit`: those for one
    /// organization, or all.
    fn mails(&mut self, organization: Option<OrganizationId>, limit: u32) -> Result<Vec<Mail>>;
    /// The waiting mails whose time has come, the earliest first, at the most `limit`.
    fn due_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<Mail>>;
    /// The waiting mails about an invitation, by id.
    fn waiting_mails(&mut self, invitation: InvitationId) -> Result<Vec<Mail>>;
    /// The mail of this id.
    fn mail(&mut self, id: MailId) -> Result<Option<Mail>>;
}

/// Writing, in a transaction: all of it or nothing, and durable before success is told.
///
/// Updates compare versions: the row must hold the version before the new one,
/// else [`StoreError::Stale`].
#[expect(clippy::missing_errors_doc, reason = "the trait says it once for all")]
pub trait Write: Read {
    /// Adds an organization.
    fn insert_organization(&mut self, organization: &Organization) -> Result<()>;
    /// Adds an account; [`StoreError::Duplicate`] where the address is taken.
    fn insert_user(&mut self, user: &User) -> Result<()>;
    /// Adds a session.
    fn insert_session(&mut self, session: &Session) -> Result<()>;
    /// Ends one session; says whether there was one.
    fn delete_session(&mut self, token: &TokenHash) -> Result<bool>;
    /// Ends every session of an account; says how many.
    fn delete_sessions(&mut self, organization: OrganizationId, user: UserId) -> Result<u64>;
    /// Forgets the sessions that ended before this moment, and failures to sign in and
    /// looked up Partner IDs older than a day before it.
    fn forget_expired(&mut self, now: Timestamp) -> Result<()>;
    /// Keeps how often signing in with this address failed; `None` forgets it.
    fn set_sign_in_failures(
        &mut self,
        email: &EmailAddress,
        failures: Option<SignInFailures>,
    ) -> Result<()>;
    /// Adds a document; [`StoreError::Duplicate`] where that cloud, language and
    /// version has one.
    fn insert_agreement_document(&mut self, document: &AgreementDocument) -> Result<()>;
    /// Adds an acceptance.
    fn insert_acceptance(&mut self, acceptance: &AgreementAcceptance) -> Result<()>;
    /// Adds an invitation, which has no link yet.
    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()>;
    /// Saves a changed invitation. With a token, that is the one of its link from now on.
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
    /// Saves the profile of a partner: of version 1 its first, of a higher one a changed
    /// one. From then on it is found by what it says now, and only while it is listed.
    fn set_profile(&mut self, profile: &Profile) -> Result<()>;
    /// Adds a product.
    fn insert_product(&mut self, product: &Product) -> Result<()>;
    /// Saves a changed product.
    fn update_product(&mut self, product: &Product) -> Result<()>;
    /// Adds a billing account.
    fn insert_billing_account(&mut self, account: &BillingAccount) -> Result<()>;
    /// Adds an account of a partner; [`StoreError::Duplicate`] where its Partner ID is
    /// taken, by whichever partner. Its clouds are the partner's and not kept with it.
    fn insert_partner_account(&mut self, account: &PartnerAccount) -> Result<()>;
    /// Adds a subscription; [`StoreError::Duplicate`] also where the customer has made
    /// one from that offer already.
    fn insert_subscription(&mut self, subscription: &Subscription) -> Result<()>;
    /// Saves a changed subscription.
    fn update_subscription(&mut self, subscription: &Subscription) -> Result<()>;
    /// Adds the time of a partner of record to the history of its subscription.
    fn insert_tenure(&mut self, tenure: &PastPartnerOfRecord) -> Result<()>;
    /// Keeps what came of an order; [`StoreError::Duplicate`] where the organization has
    /// ordered with that request identifier before.
    fn insert_placed_order(&mut self, order: &PlacedOrder) -> Result<()>;
    /// Keeps that an organization looked up this Partner ID at this moment, in place of
    /// when it did so before.
    fn note_look_up(
        &mut self,
        organization: OrganizationId,
        id: &PartnerId,
        at: Timestamp,
    ) -> Result<()>;
    /// Appends to an organization's audit log; [`StoreError::Duplicate`] where the
    /// sequence is taken.
    fn append_audit(&mut self, record: &AuditRecord) -> Result<()>;
    /// Puts a mail in the outbox.
    fn insert_mail(&mut self, mail: &Mail) -> Result<()>;
    /// Saves what became of a mail.
    fn update_mail(&mut self, mail: &Mail) -> Result<()>;
}
