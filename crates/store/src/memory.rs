//! The store in memory: the browser preview's and the simulator's, and the reference
//! model that the databases are tested against. It is written to be read: where an
//! index would be faster, it looks at every row.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use api::MailStatus;
use rules::{
    AcceptanceId, AgreementAcceptance, AgreementDocument, AgreementVersion, Cloud, DAY, DomainName,
    EmailAddress, Enquiry, EnquiryId, Invitation, InvitationId, Language, MailId, OrganisationId,
    Profile, Relationship, RelationshipId, Timestamp, UserId,
};
use service::model::{
    AuditRecord, FoundPartner, Mail, Organisation, PartnerRank, PartnerSearch, Session,
    SignInFailures, User,
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
    organisations: Table<OrganisationId, Organisation>,
    users: Table<(OrganisationId, UserId), User>,
    sessions: Table<TokenHash, Session>,
    sign_in_failures: Table<EmailAddress, SignInFailures>,
    documents: Table<(Cloud, AgreementVersion, Language), AgreementDocument>,
    acceptances: Table<(OrganisationId, AcceptanceId), AgreementAcceptance>,
    invitations: Table<InvitationId, KeptInvitation>,
    relationships: Table<RelationshipId, Relationship>,
    enquiries: Table<EnquiryId, Enquiry>,
    profiles: Table<OrganisationId, KeptProfile>,
    audit: Table<(OrganisationId, i64), AuditRecord>,
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
    organisation: &Organisation,
    profile: &Profile,
    search: &PartnerSearch,
    question: &Question,
) -> Option<u8> {
    let towns: Vec<String> = search::towns_in(profile, &search.country).collect();
    let fits = profile.listed
        && organisation.clouds.contains(&search.cloud)
        && profile.countries.contains(&search.country)
        && search.size.is_none_or(|size| search::serves_size(profile, size))
        && question.town.iter().all(|word| towns.contains(word));
    if !fits {
        return None;
    }
    let mut words = Vec::new();
    for (level, part) in (0_u8..).zip(search::parts(organisation, profile)) {
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

/// A relationship without what is counted and not kept.
fn kept(relationship: &Relationship) -> Relationship {
    Relationship { active_subscriptions: 0, ..relationship.clone() }
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
    fn organisation_known(&self, id: OrganisationId) -> Result<()> {
        known(self.organisations.contains_key(&id), "an organisation")
    }
}

/// The rows of one organisation in a table that is clustered by it.
fn of_organisation<K: Copy + Ord, V: Clone>(
    table: &Table<(OrganisationId, K), V>,
    organisation: OrganisationId,
) -> Vec<V> {
    table
        .iter()
        .filter(|((owner, _), _)| *owner == organisation)
        .map(|(_, row)| row.clone())
        .collect()
}

impl Read for Content {
    fn organisation(&mut self, id: OrganisationId) -> Result<Option<Organisation>> {
        Ok(self.organisations.get(&id).cloned())
    }

    fn organisation_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organisation>> {
        Ok(self.organisations.values().find(|one| one.domain == *domain).cloned())
    }

    fn organisations(&mut self) -> Result<Vec<Organisation>> {
        Ok(self.organisations.values().cloned().collect())
    }

    fn user(&mut self, organisation: OrganisationId, id: UserId) -> Result<Option<User>> {
        Ok(self.users.get(&(organisation, id)).cloned())
    }

    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>> {
        Ok(self.users.values().find(|user| user.email == *email).cloned())
    }

    fn users(&mut self, organisation: OrganisationId) -> Result<Vec<User>> {
        Ok(of_organisation(&self.users, organisation))
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
        organisation: OrganisationId,
    ) -> Result<Option<AgreementAcceptance>> {
        Ok(self
            .acceptances(organisation)?
            .into_iter()
            .max_by_key(|acceptance| (acceptance.version, acceptance.id)))
    }

    fn acceptances(&mut self, organisation: OrganisationId) -> Result<Vec<AgreementAcceptance>> {
        Ok(of_organisation(&self.acceptances, organisation))
    }

    fn invitation(
        &mut self,
        organisation: OrganisationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>> {
        Ok(self
            .invitations
            .get(&id)
            .map(|kept| &kept.invitation)
            .filter(|one| one.customer == organisation || one.partner == organisation)
            .cloned())
    }

    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>> {
        Ok(self
            .invitations
            .values()
            .find(|kept| kept.token.as_ref() == Some(token))
            .map(|kept| kept.invitation.clone()))
    }

    fn invitations(&mut self, organisation: OrganisationId) -> Result<Vec<Invitation>> {
        Ok(self
            .invitations
            .values()
            .rev()
            .map(|kept| &kept.invitation)
            .filter(|one| one.customer == organisation || one.partner == organisation)
            .cloned()
            .collect())
    }

    fn relationship(
        &mut self,
        organisation: OrganisationId,
        id: RelationshipId,
    ) -> Result<Option<Relationship>> {
        Ok(self
            .relationships
            .get(&id)
            .filter(|one| one.customer == organisation || one.partner == organisation)
            .cloned())
    }

    fn relationships(&mut self, organisation: OrganisationId) -> Result<Vec<Relationship>> {
        Ok(self
            .relationships
            .values()
            .filter(|one| one.customer == organisation || one.partner == organisation)
            .cloned()
            .collect())
    }

    fn enquiry(&mut self, organisation: OrganisationId, id: EnquiryId) -> Result<Option<Enquiry>> {
        Ok(self
            .enquiries
            .get(&id)
            .filter(|one| one.customer == organisation || one.partner == organisation)
            .cloned())
    }

    fn enquiries(&mut self, organisation: OrganisationId) -> Result<Vec<Enquiry>> {
        Ok(self
            .enquiries
            .values()
            .rev()
            .filter(|one| one.customer == organisation || one.partner == organisation)
            .cloned()
            .collect())
    }

    fn profile(&mut self, partner: OrganisationId) -> Result<Option<Profile>> {
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
                let organisation = self.organisations.get(&profile.partner)?;
                let level = level_of(organisation, profile, search, &question)?;
                let rank = PartnerRank { level, place: *place };
                after.is_none_or(|after| rank > *after).then(|| FoundPartner {
                    organisation: organisation.clone(),
                    profile: profile.clone(),
                    rank,
                })
            })
            .collect();
        found.sort_by_key(|partner| partner.rank);
        found.truncate(limit as usize);
        Ok(found)
    }

    fn audit_head(&mut self, organisation: OrganisationId) -> Result<Option<AuditRecord>> {
        Ok(self.audit(organisation, None, None, 1)?.into_iter().next())
    }

    fn audit(
        &mut self,
        organisation: OrganisationId,
        target: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>> {
        Ok(self
            .audit
            .range((organisation, i64::MIN)..=(organisation, i64::MAX))
            .rev()
            .map(|(_, record)| record)
            .filter(|record| before.is_none_or(|before| record.sequence < before))
            .filter(|record| target.is_none_or(|target| record.target == target))
            .take(limit as usize)
            .cloned()
            .collect())
    }

    fn mails(&mut self, organisation: Option<OrganisationId>, limit: u32) -> Result<Vec<Mail>> {
        Ok(self
            .mails
            .values()
            .rev()
            .filter(|mail| organisation.is_none_or(|of| mail.organisation == of))
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
    fn insert_organisation(&mut self, organisation: &Organisation) -> Result<()> {
        let taken = self.organisations.contains_key(&organisation.id)
            || self.organisations.values().any(|other| other.domain == organisation.domain);
        free(taken, duplicates::ORGANISATION)?;
        insert(&mut self.organisations, organisation.id, organisation.clone());
        Ok(())
    }

    fn insert_user(&mut self, user: &User) -> Result<()> {
        let key = (user.organisation, user.id);
        let taken = self.users.contains_key(&key)
            || self.users.values().any(|other| other.email == user.email);
        free(taken, duplicates::USER)?;
        self.organisation_known(user.organisation)?;
        insert(&mut self.users, key, user.clone());
        Ok(())
    }

    fn insert_session(&mut self, session: &Session) -> Result<()> {
        free(self.sessions.contains_key(&session.token), duplicates::SESSION)?;
        let account = (session.organisation, session.user);
        known(self.users.contains_key(&account), "an account")?;
        insert(&mut self.sessions, session.token.clone(), session.clone());
        Ok(())
    }

    fn delete_session(&mut self, token: &TokenHash) -> Result<bool> {
        Ok(Arc::make_mut(&mut self.sessions).remove(token).is_some())
    }

    fn delete_sessions(&mut self, organisation: OrganisationId, user: UserId) -> Result<u64> {
        let before = self.sessions.len();
        Arc::make_mut(&mut self.sessions)
            .retain(|_, session| session.organisation != organisation || session.user != user);
        Ok((before - self.sessions.len()) as u64)
    }

    fn forget_expired(&mut self, now: Timestamp) -> Result<()> {
        Arc::make_mut(&mut self.sessions).retain(|_, session| session.expires >= now);
        Arc::make_mut(&mut self.sign_in_failures)
            .retain(|_, failures| failures.last >= now.plus(-DAY));
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
        let key = (acceptance.organisation, acceptance.id);
        free(self.acceptances.contains_key(&key), duplicates::ACCEPTANCE)?;
        self.organisation_known(acceptance.organisation)?;
        insert(&mut self.acceptances, key, acceptance.clone());
        Ok(())
    }

    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()> {
        free(self.invitations.contains_key(&invitation.id), duplicates::INVITATION)?;
        self.organisation_known(invitation.customer)?;
        self.organisation_known(invitation.partner)?;
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
        self.organisation_known(invitation.partner)?;
        let kept = KeptInvitation {
            invitation: invitation.clone(),
            token: token.or(held.token.as_ref()).cloned(),
        };
        insert(&mut self.invitations, invitation.id, kept);
        Ok(())
    }

    fn insert_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        free(self.relationships.contains_key(&relationship.id), duplicates::RELATIONSHIP)?;
        self.organisation_known(relationship.customer)?;
        self.organisation_known(relationship.partner)?;
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
        self.organisation_known(relationship.partner)?;
        insert(&mut self.relationships, relationship.id, kept(relationship));
        Ok(())
    }

    fn insert_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        free(self.enquiries.contains_key(&enquiry.id), duplicates::ENQUIRY)?;
        self.organisation_known(enquiry.customer)?;
        self.organisation_known(enquiry.partner)?;
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
        self.organisation_known(enquiry.partner)?;
        insert(&mut self.enquiries, enquiry.id, enquiry.clone());
        Ok(())
    }

    fn set_profile(&mut self, profile: &Profile) -> Result<()> {
        // One that was never saved counts as of version 0.
        let held = self.profiles.get(&profile.partner);
        replaceable(held.map_or(0, |held| held.profile.version), profile.version)?;
        self.organisation_known(profile.partner)?;
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

    fn append_audit(&mut self, record: &AuditRecord) -> Result<()> {
        let key = (record.organisation, record.sequence);
        free(self.audit.contains_key(&key), duplicates::AUDIT)?;
        self.organisation_known(record.organisation)?;
        insert(&mut self.audit, key, record.clone());
        Ok(())
    }

    fn insert_mail(&mut self, mail: &Mail) -> Result<()> {
        free(self.mails.contains_key(&mail.id), duplicates::MAIL)?;
        self.organisation_known(mail.organisation)?;
        insert(&mut self.mails, mail.id, mail.clone());
        Ok(())
    }

    fn update_mail(&mut self, mail: &Mail) -> Result<()> {
        self.mails
            .get(&mail.id)
            .filter(|held| held.organisation == mail.organisation)
            .ok_or(StoreError::Stale)?;
        insert(&mut self.mails, mail.id, mail.clone());
        Ok(())
    }
}
