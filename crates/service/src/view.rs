//! Conversion of stored values to those of the API.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use api::{ActivityActor, AgreementState, ETag, SubscriptionNames};
use rules::{
    AgreementAcceptance, BillingAccount, DisplayName, OrganizationId, PartnerAccount, PartnerId,
    PartnerOfRecord, PastPartnerOfRecord, Product, Profile, Timestamp, UserId,
};

use crate::lists::{
    EnquiryRow, InvitationRow, PartnerOfRecordNames, RelationshipRow, SubscriptionRow,
};
use crate::model::{FoundPartner, Organization, OutboxMail};
use crate::{Error, Read, Result, StoreError};

/// Converts a partner.
pub(crate) fn partner(organization: &Organization) -> Result<api::Partner> {
    let facts = organization.partner().ok_or_else(|| {
        Error::Store(StoreError::Engine(format!(
            "the organization {} is not a partner",
            organization.id()
        )))
    })?;
    Ok(api::Partner {
        id: organization.id(),
        name: organization.name().clone(),
        partner_id: facts.partner_id.clone(),
        domain: organization.domain().clone(),
        country: organization.country().clone(),
        partner_since: organization.created(),
        email: facts.email.clone(),
        phone: facts.phone.clone(),
        address: facts.address.clone(),
    })
}

/// Loads an organization that a stored row refers to.
pub(crate) fn existing_organization(
    store: &mut dyn Read,
    id: rules::OrganizationId,
) -> Result<Organization> {
    store.organization(id)?.ok_or_else(|| {
        Error::Store(StoreError::Engine(format!("the organization {id} is missing")))
    })
}

pub(crate) fn invitation(row: &InvitationRow, now: Timestamp) -> Result<api::InvitationResource> {
    let invitation = &row.facts.record;
    Ok(api::InvitationResource {
        id: invitation.id,
        etag: ETag(invitation.version),
        customer: invitation.customer,
        customer_name: row.customer.name().clone(),
        customer_domain: row.customer.domain().clone(),
        cloud: invitation.cloud,
        partner: partner(&row.partner)?,
        relationship_type: invitation.partner_type,
        admin_roles: invitation.admin_roles.clone(),
        recipient: invitation.recipient.clone(),
        recipient_name: invitation.recipient_name.clone(),
        language: invitation.language,
        message: invitation.message.clone(),
        enquiry: invitation.enquiry,
        terms: invitation.terms.clone(),
        offer: invitation.offer.clone(),
        code: invitation.code(),
        created: invitation.created,
        created_by: invitation.created_by,
        status: invitation.status(now),
        state: invitation.state.clone(),
        answered_by: row.answered_by.clone(),
    })
}

pub(crate) fn relationship(
    row: &RelationshipRow,
    now: Timestamp,
) -> Result<api::RelationshipResource> {
    let facts = &row.facts;
    let relationship = &facts.record;
    Ok(api::RelationshipResource {
        id: relationship.id,
        etag: ETag(relationship.version),
        customer: relationship.customer,
        customer_name: row.customer.name().clone(),
        cloud: relationship.cloud,
        partner: partner(&row.partner)?,
        relationship_type: relationship.partner_type,
        admin_roles: relationship.held_grants(now).copied().collect(),
        agreement: AgreementState::of(relationship.partner_type, facts.agreement_accepted),
        since: relationship.since,
        ends: relationship.ends(now),
        status: relationship.status(),
        state: relationship.state,
        invitation: relationship.invitation,
        offer: facts.offer.clone(),
        active_subscriptions: facts.active_subscriptions,
    })
}

pub(crate) fn enquiry(row: EnquiryRow, now: Timestamp) -> Result<api::EnquiryResource> {
    let EnquiryRow { facts, customer, partner: asked, created_by } = row;
    let enquiry = facts.record;
    Ok(api::EnquiryResource {
        id: enquiry.id,
        etag: ETag(enquiry.version),
        customer: enquiry.customer,
        partner: partner(&asked)?,
        cloud: enquiry.cloud,
        country: enquiry.country.clone(),
        city: enquiry.city.clone(),
        size: enquiry.size,
        needs: enquiry.needs.clone(),
        contact_name: enquiry.contact_name.clone(),
        contact_email: enquiry.contact_email.clone(),
        contact_phone: enquiry.contact_phone.clone(),
        created: enquiry.created,
        created_by: enquiry.created_by,
        // Accounts are never deleted; the organization's name is the fallback.
        created_by_name: created_by.unwrap_or_else(|| customer.name().clone()),
        customer_name: customer.name().clone(),
        status: enquiry.status(now),
        state: enquiry.state.clone(),
    })
}

pub(crate) fn found_partner(found: FoundPartner) -> Result<api::PartnerProfile> {
    Ok(api::PartnerProfile {
        partner: partner(&found.organization)?,
        clouds: found.organization.clouds().to_vec(),
        description: found.profile.description,
        locations: found.profile.locations,
        services: found.profile.services,
        industries: found.profile.industries,
        sizes: found.profile.sizes,
    })
}

pub(crate) fn profile(profile: Profile) -> api::ProfileResource {
    api::ProfileResource {
        etag: ETag(profile.version),
        listed: profile.listed,
        description: profile.description,
        locations: profile.locations,
        services: profile.services,
        industries: profile.industries,
        sizes: profile.sizes,
        countries: profile.countries,
    }
}

pub(crate) fn acceptance(acceptance: &AgreementAcceptance) -> api::AgreementAcceptanceResource {
    api::AgreementAcceptanceResource {
        version: acceptance.version,
        language: acceptance.language,
        hash: acceptance.hash.clone(),
        at: acceptance.at,
        by: acceptance.by_name.clone(),
    }
}

pub(crate) fn product(product: Product) -> api::ProductResource {
    api::ProductResource {
        id: product.id,
        cloud: product.cloud,
        name: product.name,
        description: product.description,
        prices: product.prices,
    }
}

pub(crate) fn billing_account(account: BillingAccount) -> api::BillingAccountResource {
    api::BillingAccountResource {
        id: account.id,
        name: account.name,
        currency: account.currency,
        created: account.created,
    }
}

/// Cache of names that histories and plans refer to, so that each is loaded once.
#[derive(Default)]
pub(crate) struct NameCache {
    organizations: BTreeMap<OrganizationId, Organization>,
    users: BTreeMap<(OrganizationId, UserId), DisplayName>,
    partner_accounts: BTreeMap<PartnerId, Option<PartnerAccount>>,
}

/// Returns the cached value of a key, and loads it on the first use.
pub(crate) fn load_once<K: Ord, V>(
    map: &mut BTreeMap<K, V>,
    key: K,
    load: impl FnOnce() -> Result<V>,
) -> Result<&V> {
    Ok(match map.entry(key) {
        Entry::Occupied(entry) => entry.into_mut(),
        Entry::Vacant(entry) => entry.insert(load()?),
    })
}

impl NameCache {
    /// Returns an organization that a stored row refers to.
    pub(crate) fn organization(
        &mut self,
        store: &mut dyn Read,
        id: OrganizationId,
    ) -> Result<&Organization> {
        load_once(&mut self.organizations, id, || existing_organization(store, id))
    }

    /// Returns a user as the actor of an entry in the audit log.
    pub(crate) fn actor(
        &mut self,
        store: &mut dyn Read,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<ActivityActor> {
        let name = self.user_name(store, organization, user)?;
        Ok(ActivityActor {
            user: Some(user),
            name: Some(name),
            organization: Some(organization),
            organization_name: Some(self.organization(store, organization)?.name().clone()),
        })
    }

    /// Returns the name of a user. Accounts are never deleted; the organization's name is the
    /// fallback.
    fn user_name(
        &mut self,
        store: &mut dyn Read,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<DisplayName> {
        let organizations = &mut self.organizations;
        let name = load_once(&mut self.users, (organization, user), || {
            if let Some(user) = store.user(organization, user)? {
                return Ok(user.name);
            }
            let load = || existing_organization(store, organization);
            Ok(load_once(organizations, organization, load)?.name().clone())
        })?;
        Ok(name.clone())
    }

    /// Returns the account of a Partner ID, if it still exists.
    fn partner_account(
        &mut self,
        store: &mut dyn Read,
        id: &PartnerId,
    ) -> Result<Option<&PartnerAccount>> {
        let load = || Ok(store.partner_account(id)?);
        Ok(load_once(&mut self.partner_accounts, id.clone(), load)?.as_ref())
    }
}

/// Converts a subscription, as an organization sees it.
pub(crate) fn subscription(
    row: SubscriptionRow,
    organization: OrganizationId,
    now: Timestamp,
) -> api::SubscriptionResource {
    let author = row.facts.record.created_by_organization;
    let facts = row.facts.redacted_for(organization);
    // Who ordered for another partner is not shown; the customer stands for that person.
    let created_by = row.created_by.filter(|_| facts.record.created_by_organization == author);
    let customer = row.customer_name;
    let partner_of_record = facts.record.partner_of_record.clone().zip(row.partner_of_record);
    let partner_of_record =
        partner_of_record.map(|(record, names)| partner_of_record_of(record, names, &customer));
    let names = SubscriptionNames {
        billing_account: row.billing_account_name,
        seller: row.seller_name,
        created_by: created_by.unwrap_or_else(|| customer.clone()),
        customer,
    };
    api::SubscriptionResource::new(facts, names, partner_of_record, now)
}

fn partner_of_record_of(
    record: PartnerOfRecord,
    names: PartnerOfRecordNames,
    customer_name: &DisplayName,
) -> api::PartnerOfRecordResource {
    api::PartnerOfRecordResource {
        partner_id: record.partner_id,
        partner: record.partner,
        partner_name: names.partner,
        account_name: names.account,
        country: names.country,
        city: names.city,
        since: record.since,
        set_by: record.set_by,
        set_by_name: names.set_by.unwrap_or_else(|| customer_name.clone()),
    }
}

/// Returns the current partner of record as the last entry of the history.
pub(crate) fn current_period(row: SubscriptionRow) -> Option<api::PartnerPeriod> {
    let (record, names) = row.facts.record.partner_of_record.zip(row.partner_of_record)?;
    let record = partner_of_record_of(record, names, &row.customer_name);
    Some(api::PartnerPeriod {
        partner_id: record.partner_id,
        partner: record.partner,
        partner_name: record.partner_name,
        account_name: Some(record.account_name),
        since: record.since,
        set_by: record.set_by_name,
        until: None,
        ended_by: None,
    })
}

/// Converts the tenure of a former partner of record.
pub(crate) fn former_period(
    store: &mut dyn Read,
    names: &mut NameCache,
    tenure: &PastPartnerOfRecord,
) -> Result<api::PartnerPeriod> {
    let record = &tenure.record;
    let account = names.partner_account(store, &record.partner_id)?;
    let account_name = account.map(|account| account.name.clone());
    Ok(api::PartnerPeriod {
        partner_id: record.partner_id.clone(),
        partner: record.partner,
        partner_name: names.organization(store, record.partner)?.name().clone(),
        account_name,
        since: record.since,
        set_by: names.user_name(store, tenure.customer, record.set_by)?,
        until: Some(tenure.until),
        ended_by: Some(names.user_name(store, tenure.customer, tenure.ended_by)?),
    })
}

pub(crate) fn mail(mail: OutboxMail) -> api::MailResource {
    api::MailResource {
        id: mail.id,
        to: mail.to,
        language: mail.language,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        created: mail.created,
        status: mail.status,
        attempts: mail.attempts,
        next_or_sent: (mail.attempts > 0).then_some(mail.next),
    }
}
