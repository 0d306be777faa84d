//! Organizations and accounts: their creation by the operator, and the session of a user.

use api::{ActivityTarget, AuditAction, TargetKind};
use rules::{
    AccountKind, BillingAccount, BillingAccountId, Cloud, CountryCode, Currency, DisplayName,
    DomainName, EmailAddress, Language, OrganizationFacts, OrganizationId, OrganizationKind,
    PartnerAccount, PartnerId, UserId, UserRole,
};

use crate::audit::{self, AuditEvent, OPERATOR};
use crate::model::{Organization, PartnerFacts, PasswordHash, User};
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// Loads the facts about an organization for [`rules::check`].
pub(crate) fn facts(
    store: &mut dyn Read,
    organization: &Organization,
) -> Result<OrganizationFacts> {
    Ok(OrganizationFacts {
        id: organization.id,
        kind: organization.kind,
        cloud: organization.cloud(),
        accepted_agreement: store
            .latest_acceptance(organization.id)?
            .map(|accepted| accepted.version),
        current_agreement: store.current_agreement(organization.cloud())?,
    })
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
    /// Cloud of a customer, or the first cloud of a partner.
    pub cloud: Cloud,
    /// Further clouds of a partner.
    pub more_clouds: Vec<Cloud>,
    /// Facts about a partner; `None` for a customer.
    pub partner: Option<PartnerFacts>,
}

/// Creates an organization: a partner if there are partner facts, and a customer otherwise.
/// A customer gets a billing account, and a partner gets the location account of its Partner
/// ID.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] if the domain or the Partner ID is taken.
pub fn create(
    store: &mut dyn Write,
    context: &mut Context,
    new: NewOrganization,
) -> Result<Organization> {
    let mut clouds = vec![new.cloud];
    for cloud in new.more_clouds {
        if !clouds.contains(&cloud) && new.partner.is_some() {
            clouds.push(cloud);
        }
    }
    let organization = Organization {
        id: OrganizationId::new(context.now, context.id_bits()),
        kind: match new.partner {
            Some(_) => OrganizationKind::Partner,
            None => OrganizationKind::Customer,
        },
        name: new.name,
        domain: new.domain,
        country: new.country,
        clouds,
        created: context.now,
        partner: new.partner,
    };
    store.insert_organization(&organization)?;
    audit::append(
        store,
        context,
        organization.id,
        AuditEvent {
            actor: OPERATOR,
            action: AuditAction::OrganizationCreated,
            target: ActivityTarget {
                kind: TargetKind::Organization,
                id: organization.id.to_string(),
                name: organization.name.to_string(),
            },
            details: audit::details([]),
        },
    )?;
    match &organization.partner {
        None => store.insert_billing_account(&BillingAccount {
            id: BillingAccountId::new(context.now, context.id_bits()),
            organization: organization.id,
            name: organization.name.clone(),
            currency: Currency::of_country(&organization.country),
            created: context.now,
        })?,
        Some(facts) => store.insert_partner_account(&PartnerAccount {
            partner_id: facts.partner_id.clone(),
            partner: organization.id,
            kind: AccountKind::Location,
            name: organization.name.clone(),
            country: organization.country.clone(),
            city: None,
            clouds: organization.clouds.clone(),
        })?,
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
    let partner = store
        .organization(new.organization)?
        .filter(|organization| organization.kind == OrganizationKind::Partner)
        .ok_or(Error::NOT_FOUND)?;
    let account = PartnerAccount {
        partner_id: new.partner_id,
        partner: partner.id,
        kind: new.kind,
        name: new.name,
        country: new.country,
        city: new.city,
        clouds: partner.clouds,
    };
    store.insert_partner_account(&account)?;
    audit::append(
        store,
        context,
        partner.id,
        AuditEvent {
            actor: OPERATOR,
            action: AuditAction::PartnerIdAdded,
            target: ActivityTarget {
                kind: TargetKind::Organization,
                id: partner.id.to_string(),
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
    let agreement = store.latest_acceptance(organization.id)?.as_ref().map(view::acceptance);
    let current_agreement = match organization.kind {
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
            id: organization.id,
            name: organization.name.clone(),
            kind: organization.kind,
            clouds: organization.clouds.clone(),
            domain: organization.domain.clone(),
            country: organization.country.clone(),
            agreement,
            current_agreement,
        },
        expires: caller.session.expires,
    })
}
