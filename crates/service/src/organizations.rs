//! Organizations and accounts: their creation by the operator, and the session of a user.

use api::{ActivityTarget, AuditAction, TargetKind};
use rules::{
    AccountKind, BillingAccount, BillingAccountId, Cloud, CountryCode, Currency, DisplayName,
    DomainName, EmailAddress, Language, OrganizationFacts, OrganizationId, OrganizationKind,
    PartnerAccount, PartnerId, UserId, UserRole,
};

use crate::audit::{self, AuditEvent, OPERATOR};
use crate::model::{Organization, PartnerClouds, PartnerFacts, PasswordHash, User};
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// Loads the facts about an organization for [`rules::check`].
pub(crate) fn facts(
    store: &mut dyn Read,
    organization: &Organization,
) -> Result<OrganizationFacts> {
    let (id, cloud) = (organization.id(), organization.cloud());
    let (accepted_agreement, current_agreement) = store.agreement_versions(id, cloud)?;
    let kind = organization.kind();
    Ok(OrganizationFacts { id, kind, cloud, accepted_agreement, current_agreement })
}

/// A new organization.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// Name.
    pub name: DisplayName,
    /// Domain; unique.
    pub domain: DomainName,
    /// Country or region.
    pub country: CountryCode,
    /// What depends on the kind.
    pub kind: NewOrganizationKind,
}

/// The part of a [`NewOrganization`] that depends on its kind.
#[derive(Clone, Debug)]
pub enum NewOrganizationKind {
    /// A customer.
    Customer {
        /// Cloud that it lives in.
        cloud: Cloud,
    },
    /// A partner.
    Partner {
        /// Clouds that it works in.
        clouds: PartnerClouds,
        /// Facts that only a partner has.
        facts: PartnerFacts,
    },
}

/// Creates an organization. A customer gets a billing account, and a partner gets the location account of its Partner
/// ID.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] if the domain or the Partner ID is taken.
pub fn create(
    store: &mut dyn Write,
    context: &mut Context,
    new: NewOrganization,
) -> Result<Organization> {
    let id = OrganizationId::new(context.now, context.id_bits());
    let NewOrganization { name, domain, country, kind } = new;
    let created = context.now;
    let organization = match kind {
        NewOrganizationKind::Customer { cloud } => {
            Organization::Customer { id, name, domain, country, created, cloud }
        }
        NewOrganizationKind::Partner { clouds, facts } => {
            Organization::Partner { id, name, domain, country, created, clouds, facts }
        }
    };
    store.insert_organization(&organization)?;
    audit::append(
        store,
        context,
        organization.id(),
        AuditEvent {
            actor: OPERATOR,
            action: AuditAction::OrganizationCreated,
            target: ActivityTarget {
                kind: TargetKind::Organization,
                id: organization.id().to_string(),
                name: organization.name().to_string(),
            },
            details: audit::details([]),
        },
    )?;
    match &organization {
        Organization::Customer { name, country, .. } => {
            store.insert_billing_account(&BillingAccount {
                id: BillingAccountId::new(context.now, context.id_bits()),
                organization: id,
                name: name.clone(),
                currency: Currency::of_country(country),
                created,
            })?;
        }
        Organization::Partner { name, country, clouds, facts, .. } => {
            store.insert_partner_account(&PartnerAccount {
                partner_id: facts.partner_id.clone(),
                partner: id,
                kind: AccountKind::Location,
                name: name.clone(),
                country: country.clone(),
                city: None,
                clouds: clouds.as_slice().to_vec(),
            })?;
        }
    }
    Ok(organization)
}

/// A further Microsoft Partner ID of a partner.
#[derive(Clone, Debug)]
pub struct NewPartnerId {
    /// Partner.
    pub organization: OrganizationId,
    /// Partner ID; unique.
    pub partner_id: PartnerId,
    /// Whether the ID is that of the whole company or of one location.
    pub kind: AccountKind,
    /// Name of the partner account.
    pub name: DisplayName,
    /// Country or region.
    pub country: CountryCode,
    /// City.
    pub city: Option<DisplayName>,
}

/// Adds a Microsoft Partner ID to a partner.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] if the ID is taken; not found if there is no such partner.
pub fn add_partner_id(
    store: &mut dyn Write,
    context: &Context,
    new: NewPartnerId,
) -> Result<PartnerAccount> {
    let partner = store.organization(new.organization)?.ok_or(Error::NOT_FOUND)?;
    let Organization::Partner { id, clouds, .. } = partner else {
        return Err(Error::NOT_FOUND);
    };
    let account = PartnerAccount {
        partner_id: new.partner_id,
        partner: id,
        kind: new.kind,
        name: new.name,
        country: new.country,
        city: new.city,
        clouds: clouds.as_slice().to_vec(),
    };
    store.insert_partner_account(&account)?;
    audit::append(
        store,
        context,
        id,
        AuditEvent {
            actor: OPERATOR,
            action: AuditAction::PartnerIdAdded,
            target: ActivityTarget {
                kind: TargetKind::Organization,
                id: id.to_string(),
                name: account.name.to_string(),
            },
            details: audit::details([
                ("partnerId", account.partner_id.to_string()),
                ("country", account.country.to_string()),
            ]),
        },
    )?;
    Ok(account)
}

/// A new account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// Organization of the account.
    pub organization: OrganizationId,
    /// Email address; unique.
    pub email: EmailAddress,
    /// Name of the user.
    pub name: DisplayName,
    /// Password hash.
    pub password: PasswordHash,
    /// Roles. The command refuses roles that do not fit the kind of organization.
    pub roles: Vec<UserRole>,
    /// Language of mails to the user.
    pub language: Language,
}

/// Creates an account.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] if the address is taken; not found if there is no such
/// organization.
pub fn create_user(store: &mut dyn Write, context: &mut Context, new: NewUser) -> Result<User> {
    store.organization(new.organization)?.ok_or(Error::NOT_FOUND)?;
    let user = User {
        id: UserId::new(context.now, context.id_bits()),
        organization: new.organization,
        email: new.email,
        name: new.name,
        password: new.password,
        roles: new.roles,
        language: new.language,
        created: context.now,
    };
    store.insert_user(&user)?;
    let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
    audit::append(
        store,
        context,
        user.organization,
        AuditEvent {
            actor: OPERATOR,
            action: AuditAction::UserCreated,
            target: ActivityTarget {
                kind: TargetKind::User,
                id: user.id.to_string(),
                name: user.name.to_string(),
            },
            details: audit::details([("roles", roles.join(","))]),
        },
    )?;
    Ok(user)
}

/// Returns the session of the caller: the user and the organization.
pub fn session(store: &mut dyn Read, caller: &Caller) -> Result<api::SessionResource> {
    let organization = &caller.organization;
    let agreement = store.latest_acceptance(organization.id())?.as_ref().map(view::acceptance);
    let current_agreement = match organization.kind() {
        OrganizationKind::Customer => store.current_agreement(organization.cloud())?,
        OrganizationKind::Partner => None,
    };
    Ok(api::SessionResource {
        user: api::Account {
            id: caller.user.id,
            name: caller.user.name.clone(),
            email: caller.user.email.clone(),
            roles: caller.user.roles.clone(),
        },
        organization: api::OrganizationResource {
            id: organization.id(),
            name: organization.name().clone(),
            kind: organization.kind(),
            clouds: organization.clouds().to_vec(),
            domain: organization.domain().clone(),
            country: organization.country().clone(),
            agreement,
            current_agreement,
        },
        expires: caller.session.expires,
    })
}
