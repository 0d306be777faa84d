//! Organizations and accounts, which the operator creates, and what their own people see of them.

use api::{ActivityTarget, AuditAction, TargetKind};
use rules::{
    AccountKind, BillingAccount, BillingAccountId, Cloud, CountryCode, Currency, DisplayName,
    DomainName, EmailAddress, Language, OrganizationId, OrganizationKind, PartnerAccount,
    PartnerId, UserId, UserRole,
};

use crate::audit::{self, Event, OPERATOR};
use crate::model::{Organization, PartnerFacts, PasswordHash, User};
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// What the operator says of a new organization.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// Its name.
    pub name: DisplayName,
    /// Its domain; no other organization may have it.
    pub domain: DomainName,
    /// Its country or region.
    pub country: CountryCode,
    /// The cloud of a customer.
    pub cloud: Cloud,
    /// More clouds of a partner.
    pub more_clouds: Vec<Cloud>,
    /// What makes it a partner; a customer has none.
    pub partner: Option<PartnerFacts>,
}

/// Creates an organization, a partner where partner facts come along. A customer gets the
/// account from which it pays, a partner the location that its Partner ID stands for.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] where the domain or the Partner ID is taken.
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
        Event {
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

/// What the operator says of another Microsoft Partner ID of a partner.
#[derive(Clone, Debug)]
pub struct NewPartnerId {
    /// The partner.
    pub organization: OrganizationId,
    /// The ID; nobody else may have it.
    pub partner_id: PartnerId,
    /// Whether it stands for the whole company or one location.
    pub kind: AccountKind,
    /// The account's name.
    pub name: DisplayName,
    /// The country or region where it is.
    pub country: CountryCode,
    /// The city where it is.
    pub city: Option<DisplayName>,
}

/// Adds a Microsoft Partner ID to those of a partner.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] where the ID is taken; not found where there is no such
/// partner.
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
        Event {
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

/// What the operator says of a new account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The organization that it belongs to.
    pub organization: OrganizationId,
    /// The address; no other account may have it.
    pub email: EmailAddress,
    /// The person's name.
    pub name: DisplayName,
    /// The hash of the password.
    pub password: PasswordHash,
    /// The roles. Those of the other side are refused by the command that asks for them.
    pub roles: Vec<UserRole>,
    /// The language of mails to the person.
    pub language: Language,
}

/// Creates an account.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] where the address is taken; not found where the
/// organization is.
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
        Event {
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

/// Who is signed in, and for which organization.
///
/// # Errors
/// The store's.
pub fn session(store: &mut dyn Read, caller: &Caller) -> Result<api::Session> {
    let organization = &caller.organization;
    let agreement = store.latest_acceptance(organization.id)?.as_ref().map(view::acceptance);
    let current_agreement = match organization.kind {
        OrganizationKind::Customer => store.current_agreement(organization.cloud())?,
        OrganizationKind::Partner => None,
    };
    Ok(api::Session {
        user: api::Account {
            id: caller.user.id,
            name: caller.user.name.clone(),
            email: caller.user.email.clone(),
            roles: caller.user.roles.clone(),
        },
        organization: api::Organization {
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
