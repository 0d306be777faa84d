//! Stored values, apart from those of the crate `rules`.

use std::slice;

use api::{ActivityEntry, MailStatus};
use rules::{
    Actor, Cloud, CountryCode, DisplayName, DomainName, EmailAddress, InvitationId, Language,
    MailId, Member, Note, OrderRequestId, OrganizationId, OrganizationKind, OrganizationSize,
    PartnerId, PhoneNumber, Profile, SubscriptionId, Timestamp, UserId, UserRole,
};

use crate::audit_content::AuditContent;
use crate::{StoreError, TokenHash};

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Organization {
    /// A customer.
    Customer {
        /// Identifier.
        id: OrganizationId,
        /// Name.
        name: DisplayName,
        /// Verified domain; unique.
        domain: DomainName,
        /// Country or region.
        country: CountryCode,
        /// Time of creation.
        created: Timestamp,
        /// Cloud that it lives in.
        cloud: Cloud,
    },
    /// A partner.
    Partner {
        /// Identifier.
        id: OrganizationId,
        /// Name.
        name: DisplayName,
        /// Verified domain; unique.
        domain: DomainName,
        /// Country or region.
        country: CountryCode,
        /// Time of creation.
        created: Timestamp,
        /// Clouds that it works in.
        clouds: PartnerClouds,
        /// Facts that only a partner has.
        facts: PartnerFacts,
    },
}

impl Organization {
    /// Returns the identifier.
    #[must_use]
    pub const fn id(&self) -> OrganizationId {
        match self {
            Self::Customer { id, .. } | Self::Partner { id, .. } => *id,
        }
    }

    /// Returns the kind.
    #[must_use]
    pub const fn kind(&self) -> OrganizationKind {
        match self {
            Self::Customer { .. } => OrganizationKind::Customer,
            Self::Partner { .. } => OrganizationKind::Partner,
        }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &DisplayName {
        match self {
            Self::Customer { name, .. } | Self::Partner { name, .. } => name,
        }
    }

    /// Returns the verified domain.
    #[must_use]
    pub const fn domain(&self) -> &DomainName {
        match self {
            Self::Customer { domain, .. } | Self::Partner { domain, .. } => domain,
        }
    }

    /// Returns the country or region.
    #[must_use]
    pub const fn country(&self) -> &CountryCode {
        match self {
            Self::Customer { country, .. } | Self::Partner { country, .. } => country,
        }
    }

    /// Returns the time of creation.
    #[must_use]
    pub const fn created(&self) -> Timestamp {
        match self {
            Self::Customer { created, .. } | Self::Partner { created, .. } => *created,
        }
    }

    /// Returns the clouds: one for a customer, at least one for a partner.
    #[must_use]
    pub fn clouds(&self) -> &[Cloud] {
        match self {
            Self::Customer { cloud, .. } => slice::from_ref(cloud),
            Self::Partner { clouds, .. } => clouds.as_slice(),
        }
    }

    /// Returns the cloud of a customer, or the first cloud of a partner.
    #[must_use]
    pub const fn cloud(&self) -> Cloud {
        match self {
            Self::Customer { cloud, .. } => *cloud,
            Self::Partner { clouds, .. } => clouds.first,
        }
    }

    /// Returns what only a partner has. `None` for a customer.
    #[must_use]
    pub const fn partner(&self) -> Option<&PartnerFacts> {
        match self {
            Self::Customer { .. } => None,
            Self::Partner { facts, .. } => Some(facts),
        }
    }
}

/// The clouds of a partner: at least one, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerClouds {
    first: Cloud,
    /// All clouds, with the first.
    all: Vec<Cloud>,
}

impl PartnerClouds {
    /// Makes the clouds of a partner. Repeated clouds count once.
    #[must_use]
    pub fn new(first: Cloud, more: impl IntoIterator<Item = Cloud>) -> Self {
        let mut all = vec![first];
        for cloud in more {
            if !all.contains(&cloud) {
                all.push(cloud);
            }
        }
        Self { first, all }
    }

    /// Returns the clouds, first the first.
    #[must_use]
    pub fn as_slice(&self) -> &[Cloud] {
        &self.all
    }
}

/// Facts about a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerFacts {
    /// Microsoft Partner ID.
    pub partner_id: PartnerId,
    /// Contact address for mail.
    pub email: EmailAddress,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Postal address, with line breaks.
    pub address: Option<Note>,
}

/// A user's account in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// Organization of the account.
    pub organization: OrganizationId,
    /// Email address; unique among all accounts.
    pub email: EmailAddress,
    /// Name of the user.
    pub name: DisplayName,
    /// Password hash.
    pub password: PasswordHash,
    /// Roles of the user.
    pub roles: Vec<UserRole>,
    /// Language of mails to the user.
    pub language: Language,
    /// Time of creation.
    pub created: Timestamp,
}

/// A password hash in PHC string format. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

/// A session of a signed-in user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Hash of the token; only the browser has the token itself.
    pub token: TokenHash,
    /// User of the session.
    pub user: UserId,
    /// Organization of the user.
    pub organization: OrganizationId,
    /// Start of the session.
    pub created: Timestamp,
    /// Time at which the session expires.
    pub expires: Timestamp,
}

impl Session {
    /// Returns whether the session has expired.
    #[must_use]
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now >= self.expires
    }
}

/// Failed attempts to sign in with one address since the last success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInFailures {
    /// Number of failures.
    pub count: u32,
    /// Time of the last failure.
    pub last: Timestamp,
}

/// A stored entry of an organization's audit log. The content is kept as the exact text that
/// the hash covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRecord {
    /// Organization that owns the log.
    pub organization: OrganizationId,
    /// Position in the log, from 1.
    pub sequence: i64,
    /// Id of the object that the entry is about, for finding the history of an object.
    pub target: String,
    /// Entry as JSON, in a format of its own.
    pub content: String,
    /// SHA-256, in hexadecimal, of the previous hash and this content.
    pub hash: String,
}

impl AuditRecord {
    /// Returns the entry of the API.
    ///
    /// # Errors
    /// [`StoreError::Engine`] if the content is damaged or of an unknown version.
    pub fn entry(&self) -> Result<ActivityEntry, StoreError> {
        Ok(AuditContent::parse(&self.content)?.into_entry(self.hash.clone()))
    }
}

/// A mail in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxMail {
    /// Identifier.
    pub id: MailId,
    /// Organization of the recipient.
    pub organization: OrganizationId,
    /// Invitation whose link the mail contains.
    pub invitation: Option<InvitationId>,
    /// Address of the recipient.
    pub to: EmailAddress,
    /// Name of the recipient.
    pub to_name: DisplayName,
    /// Language.
    pub language: Language,
    /// Subject line.
    pub subject: String,
    /// Plain text. Deleted when the mail was sent, because it may contain a link.
    pub text: String,
    /// HTML text. Deleted like the plain text.
    pub html: String,
    /// Time at which the mail was put into the outbox.
    pub created: Timestamp,
    /// Status.
    pub status: MailStatus,
    /// Number of attempts to send the mail.
    pub attempts: u32,
    /// Time of the next attempt while the mail waits; otherwise, the time of the last change
    /// of status.
    pub next: Timestamp,
    /// Last error of the mail server, for the operator.
    pub last_error: Option<String>,
}

/// Result of an order request, kept so that a repeated request does not order again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedOrder {
    /// Organization that placed the order: the customer or its reseller.
    pub organization: OrganizationId,
    /// Identifier of the request; unique within the organization.
    pub request: OrderRequestId,
    /// Hash of the order, to detect another order with the same request identifier.
    pub digest: String,
    /// Customer that the order is for.
    pub customer: OrganizationId,
    /// Subscription that the order created.
    pub subscription: SubscriptionId,
    /// Time of the order.
    pub at: Timestamp,
}

/// Changes of partners of record that were decided and are certain, but have not been made yet.
/// A large plan is decided in one short transaction, and its changes are made in further ones,
/// so that others can write in between. One of these transactions makes all changes of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerChangeBlock {
    /// Customer of the subscriptions.
    pub customer: OrganizationId,
    /// Where the block begins: its first subscription. Blocks of a customer do not overlap.
    pub first: SubscriptionId,
    /// Time of the decision.
    pub decided: Timestamp,
    /// User of the customer who decided.
    pub decided_by: UserId,
    /// Changes, ordered by subscription.
    pub changes: Vec<PartnerChange>,
}

/// A change in [`PartnerChangeBlock`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerChange {
    /// Subscription.
    pub subscription: SubscriptionId,
    /// Partner ID and partner to set; `None` to remove the partner of record.
    pub partner: Option<(PartnerId, OrganizationId)>,
}

/// A customer's search for partners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerSearch {
    /// Cloud of the customer, which the partner must serve.
    pub cloud: Cloud,
    /// Country or region that the partner must serve.
    pub country: CountryCode,
    /// City in that country where the partner must have an office, as typed. All of its words
    /// must occur in the names of the partner's cities there.
    pub city: Option<String>,
    /// Size of organizations that the partner must serve. A profile without sizes serves all
    /// of them.
    pub size: Option<OrganizationSize>,
    /// Words that the profile must all contain, as returned by
    /// [`rules::search::search_words`]. The last one may be the beginning of a word. Without
    /// words, all profiles match equally well.
    pub words: Vec<String>,
}

/// A partner that a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPartner {
    /// Partner.
    pub organization: Organization,
    /// Profile of the partner.
    pub profile: Profile,
    /// Position in the result.
    pub rank: PartnerRank,
}

/// Position of a partner in the result of a search, best match first. It marks the end of a
/// page, and only changes with the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartnerRank {
    /// Quality of the match, by where the words of the search occur: 0 for the partner's name
    /// alone; 1 for the name, services and industries; 2 for these and the names of its
    /// cities; 3 for all of these and the description.
    pub level: u8,
    /// Number of the profile in the order of creation, from 1. It decides between equally
    /// good matches, so that a new profile never moves those before it.
    pub place: i64,
}

/// The user that a use case runs for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Account of the user.
    pub user: User,
    /// Organization of the user.
    pub organization: Organization,
    /// Session of the user.
    pub session: Session,
}

impl Caller {
    /// Returns the caller as an actor for [`rules::check`].
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Member(Member {
            user: self.user.id,
            organization: self.organization.id(),
            kind: self.organization.kind(),
            clouds: self.organization.clouds().to_vec(),
            roles: self.user.roles.clone(),
        })
    }
}
