//! What is kept, as the API says it.

use api::{AgreementState, ETag};
use rules::{
    AgreementAcceptance, DisplayName, Enquiry, Invitation, InvitationState, Offer, Profile,
    Relationship, RoleGrant, Timestamp,
};

use crate::model::{FoundPartner, Mail, Organisation, User};
use crate::{Error, Read, Result, StoreError};

/// A partner, as customers see it.
pub(crate) fn partner(organisation: &Organisation) -> Result<api::Partner> {
    let facts = organisation.partner.as_ref().ok_or_else(|| {
        Error::Store(StoreError::Engine(format!(
            "the partner {} has no partner facts",
            organisation.id
        )))
    })?;
    Ok(api::Partner {
        id: organisation.id,
        name: organisation.name.clone(),
        partner_id: facts.partner_id.clone(),
        domain: organisation.domain.clone(),
        country: organisation.country.clone(),
        partner_since: organisation.created,
        email: facts.email.clone(),
        phone: facts.phone.clone(),
        address: facts.address.clone(),
    })
}

/// The organisation of this id, which a row names.
pub(crate) fn named_organisation(
    store: &mut dyn Read,
    id: rules::OrganisationId,
) -> Result<Organisation> {
    store.organisation(id)?.ok_or_else(|| {
        Error::Store(StoreError::Engine(format!("the organisation {id} is missing")))
    })
}

pub(crate) fn invitation(
    store: &mut dyn Read,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<api::Invitation> {
    let asking = named_organisation(store, invitation.partner)?;
    let customer = named_organisation(store, invitation.customer)?;
    let answered_by = match &invitation.state {
        InvitationState::Accepted { by, .. } | InvitationState::Cancelled { by, .. } => {
            name(store.user(invitation.customer, *by)?)
        }
        InvitationState::Withdrawn { by, .. } => name(store.user(invitation.partner, *by)?),
        InvitationState::Draft | InvitationState::Sent { .. } => None,
    };
    Ok(api::Invitation {
        id: invitation.id,
        etag: ETag(invitation.version),
        customer: invitation.customer,
        customer_name: customer.name,
        customer_domain: customer.domain,
        cloud: invitation.cloud,
        partner: partner(&asking)?,
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
        answered_by,
    })
}

fn name(user: Option<User>) -> Option<DisplayName> {
    user.map(|user| user.name)
}

pub(crate) fn relationship(
    relationship: &Relationship,
    customer: &Organisation,
    partner_organisation: &Organisation,
    agreement_accepted: bool,
    offer: Option<Offer>,
    now: Timestamp,
) -> Result<api::Relationship> {
    let held: Vec<RoleGrant> =
        relationship.grants.iter().filter(|grant| grant.held_at(now)).copied().collect();
    Ok(api::Relationship {
        id: relationship.id,
        etag: ETag(relationship.version),
        customer: relationship.customer,
        customer_name: customer.name.clone(),
        cloud: relationship.cloud,
        partner: partner(partner_organisation)?,
        relationship_type: relationship.partner_type,
        admin_roles: held,
        agreement: match (relationship.partner_type.resells(), agreement_accepted) {
            (false, _) => AgreementState::NotNeeded,
            (true, true) => AgreementState::Accepted,
            (true, false) => AgreementState::NotAccepted,
        },
        since: relationship.since,
        ends: relationship.ends(now),
        status: relationship.status(),
        state: relationship.state,
        invitation: relationship.invitation,
        offer,
        active_subscriptions: relationship.active_subscriptions,
    })
}

pub(crate) fn enquiry(
    store: &mut dyn Read,
    enquiry: &Enquiry,
    now: Timestamp,
) -> Result<api::Enquiry> {
    let customer = named_organisation(store, enquiry.customer)?;
    let asked = named_organisation(store, enquiry.partner)?;
    let writer = name(store.user(enquiry.customer, enquiry.created_by)?);
    Ok(api::Enquiry {
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
        // Accounts stay; should one be missing all the same, its organisation sent it.
        created_by_name: writer.unwrap_or_else(|| customer.name.clone()),
        customer_name: customer.name,
        status: enquiry.status(now),
        state: enquiry.state.clone(),
    })
}

pub(crate) fn found_partner(found: FoundPartner) -> Result<api::PartnerProfile> {
    Ok(api::PartnerProfile {
        partner: partner(&found.organisation)?,
        clouds: found.organisation.clouds,
        description: found.profile.description,
        locations: found.profile.locations,
        services: found.profile.services,
        industries: found.profile.industries,
        sizes: found.profile.sizes,
    })
}

pub(crate) fn profile(profile: Profile) -> api::Profile {
    api::Profile {
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

pub(crate) fn acceptance(acceptance: &AgreementAcceptance) -> api::AgreementAcceptance {
    api::AgreementAcceptance {
        version: acceptance.version,
        language: acceptance.language,
        hash: acceptance.hash.clone(),
        at: acceptance.at,
        by: acceptance.by_name.clone(),
    }
}

pub(crate) fn mail(mail: Mail) -> api::Mail {
    api::Mail {
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
