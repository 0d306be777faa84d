//! What is kept beside the rules' own values.

use api::{ActivityEntry, MailStatus};
use rules::{
    Actor, Cloud, CountryCode, DisplayName, DomainName, EmailAddress, InvitationId, Language,
    MailId, Member, Note, OrderRequestId, OrganizationId, OrganizationKind, OrganizationSize,
    PartnerId, Profile, SubscriptionId, Timestamp, UserId, UserRole,
};
use serde::{Deserialize, Serialize};

use crate::TokenHash;

/// An organization, customer or partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its identifier.
    pub id: OrganizationId,
    /// Its side.
    pub kind: OrganizationKind,
    /// Its name.
    pub name: DisplayName,
    /// Its verified domain; unique.
    pub domain: DomainName,
    /// Its country or region.
    pub country: CountryCode,
    /// Its clouds, at least one: of a customer one, of a partner one or more.
    pub clouds: Vec<Cloud>,
    /// When it was created; of a partner, since when it is one.
    pub created: Timestamp,
    /// What is known of a partner; `None` of a customer.
    pub partner: Option<PartnerFacts>,
}

impl Organization {
    /// The first of its clouds: of a customer the only one.
    #[must_use]
    pub fn cloud(&self) -> Cloud {
        // The use case that creates organizations takes none without a cloud.
        self.clouds.first().copied().unwrap_or(Cloud::Worldwide)
    }
}

/// What is known of a partner beside its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PartnerFacts {
    /// Its Microsoft Partner ID.
    pub partner_id: PartnerId,
    /// Where it is written to.
    pub email: EmailAddress,
    /// Its telephone number.
    pub phone: Option<DisplayName>,
    /// Its postal address, in lines.
    pub address: Option<Note>,
}

/// A person's account in one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its identifier.
    pub id: UserId,
    /// The organization that it belongs to.
    pub organization: OrganizationId,
    /// The address, unique among all accounts.
    pub email: EmailAddress,
    /// The person's name.
    pub name: DisplayName,
    /// The password's hash in PHC form.
    pub password: PasswordHash,
    /// The person's roles.
    pub roles: Vec<UserRole>,
    /// The language of mails to the person.
    pub language: Language,
    /// When it was created.
    pub created: Timestamp,
}

/// The hash of a password, in PHC string form. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

/// Somebody's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The SHA-256 of its token; the token itself is only in the browser.
    pub token: TokenHash,
    /// The account.
    pub user: UserId,
    /// The organization of the account.
    pub organization: OrganizationId,
    /// When it began.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
}

/// How often signing in with one address failed since it last succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInFailures {
    /// How often.
    pub count: u32,
    /// When last.
    pub last: Timestamp,
}

/// An entry of an organization's audit log, as it is kept: the text that the hash
/// is of, exactly as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// The organization whose log it is in.
    pub organization: OrganizationId,
    /// Its place there, from 1.
    pub sequence: i64,
    /// The id of what it is about, so that a thing's history can be found.
    pub target: String,
    /// The entry as JSON; see [`AuditRecord::entry`].
    pub content: String,
    /// The SHA-256, in hexadecimal, of the hash before and this content.
    pub hash: String,
}

/// What [`AuditRecord::content`] holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditContent {
    /// The organization whose log it is in.
    pub organization: OrganizationId,
    /// Its place there.
    pub sequence: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it.
    pub actor: api::ActivityActor,
    /// What was done.
    pub action: api::AuditAction,
    /// With what.
    pub target: api::ActivityTarget,
    /// More about it.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub details: std::collections::BTreeMap<String, String>,
}

impl AuditRecord {
    /// The entry, as people see it; `None` where the content is not what the program wrote.
    #[must_use]
    pub fn entry(&self) -> Option<ActivityEntry> {
        let content: AuditContent = serde_json::from_str(&self.content).ok()?;
        Some(ActivityEntry {
            sequence: content.sequence,
            at: content.at,
            actor: content.actor,
            action: content.action,
            target: content.target,
            details: content.details,
            hash: self.hash.clone(),
        })
    }
}

/// A mail in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its identifier.
    pub id: MailId,
    /// The organization that it is for.
    pub organization: OrganizationId,
    /// The invitation whose link it holds.
    pub invitation: Option<InvitationId>,
    /// The address that it goes to.
    pub to: EmailAddress,
    /// The name of whom it goes to.
    pub to_name: DisplayName,
    /// Its language.
    pub language: Language,
    /// Its subject.
    pub subject: String,
    /// Its text; emptied once the mail server took it, since it may hold a link.
    pub text: String,
    /// Its text as HTML; emptied likewise.
    pub html: String,
    /// When it was written.
    pub created: Timestamp,
    /// What became of it.
    pub status: MailStatus,
    /// How often sending it was tried.
    pub attempts: u32,
    /// When it is tried next; of any other mail, when it came to that.
    pub next: Timestamp,
    /// What the mail server said last; for the operator.
    pub last_error: Option<String>,
}

/// What came of a request to order, so that the same request is one order however often
/// it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedOrder {
    /// The organization that ordered: the customer, or its reseller.
    pub organization: OrganizationId,
    /// The identifier that it gave its request; unique among its own.
    pub request: OrderRequestId,
    /// Of what it ordered, to tell another order that comes with the same identifier.
    pub digest: String,
    /// The customer that it was ordered for.
    pub customer: OrganizationId,
    /// The subscription that came of it.
    pub subscription: SubscriptionId,
    /// When it was placed.
    pub at: Timestamp,
}

/// What a customer looks for among the partners' profiles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerSearch {
    /// The cloud in which the partner must work: the customer's.
    pub cloud: Cloud,
    /// The country or region that the partner must serve.
    pub country: CountryCode,
    /// Where in that country the partner must have an office, as it was typed: all of
    /// these words must stand in the names of its towns there.
    pub city: Option<String>,
    /// The size of organizations that the partner must serve. A partner whose profile
    /// names no size serves them all.
    pub size: Option<OrganizationSize>,
    /// The words that the profile must have, all of them, as
    /// [`rules::search::search_words`] makes them of what was typed. The last one may be
    /// the beginning of a word. Where there are none, every profile matches equally.
    pub words: Vec<String>,
}

/// A partner that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPartner {
    /// The partner.
    pub organization: Organization,
    /// Its profile.
    pub profile: Profile,
    /// Where in the order it stands.
    pub rank: PartnerRank,
}

/// Where a partner stands in the order of what a search found, the best match first.
/// It says where a page ends, and is the same as long as the profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartnerRank {
    /// How well it matches: 0 where all the words are in the partner's name; 1 where
    /// they are in its name and what it declares (services and industries); 2 where they
    /// are in these and the names of its towns; 3 where it takes the description too.
    pub level: u8,
    /// What decides between equally good matches: the order in which profiles came,
    /// from 1, so that a later one never moves what stands before it.
    pub place: i64,
}

/// Whoever asks for a use case.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The account.
    pub user: User,
    /// Its organization.
    pub organization: Organization,
    /// The session.
    pub session: Session,
}

impl Caller {
    /// The same, for [`rules::check`].
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Member(Member {
            user: self.user.id,
            organization: self.organization.id,
            kind: self.organization.kind,
            clouds: self.organization.clouds.clone(),
            roles: self.user.roles.clone(),
        })
    }
}
