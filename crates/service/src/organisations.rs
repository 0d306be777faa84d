//! Organisations and accounts, which the operator creates, and what their own people see of them.

use api::{ActivityTarget, AuditAction, TargetKind};
use rules::{
    AccountKind, BillingAccount, BillingAccountId, Cloud, CountryCode, Currency, DisplayName,
    DomainName, EmailAddress, Language, OrganisationId, OrganisationKind, PartnerAccount,
    PartnerId, UserId, UserRole,
};

use crate::audit::{self, Event, OPERATOR};
use crate::model::{Organisation, PartnerFacts, PasswordHash, User};
use crate::{Caller, Context, Error, Read, Result, Write, view};

/// What the operator says of a new organisation.
#[derive(Clone, Debug)]
pub struct NewOrganisation {
    /// Its name.
    pub name: DisplayName,
    /// Its domain; no other organisation may have it.
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

/// Creates an organisation, a partner where partner facts come along. A customer gets the
/// account from which it pays, a partner the location that its Partner ID stands for.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] where the domain or the Partner ID is taken.
pub fn create(
    store: &mut dyn Write,
    context: &mut Context,
    new: NewOrganisation,
) -> Result<Organisation> {
    let mut clouds = vec![new.cloud];
    for cloud in new.more_clouds {
        if !clouds.contains(&cloud) && new.partner.is_some() {
            clouds.push(cloud);
        }
    }
    let organisation = Organisation {
        id: OrganisationId::new(context.now, context.id_bits()),
        kind: match new.partner {
            Some(_) => OrganisationKind::Partner,
            None => OrganisationKind::Customer,
        },
        name: new.name,
        domain: new.domain,
        country: new.country,
        clouds,
        created: context.now,
        partner: new.partner,
    };
    store.insert_organisation(&organisation)?;
    audit::append(
        store,
        context,
        organisation.id,
        Event {
            actor: OPERATOR,
            action: AuditAction::OrganisationCreated,
            target: ActivityTarget {
                kind: TargetKind::Organisation,
                id: organisation.id.to_string(),
                name: organisation.name.to_string(),
            },
            details: audit::details([]),
        },
    )?;
    match &organisation.partner {
        None => store.insert_billing_account(&BillingAccount {
            id: BillingAccountId::new(context.now, context.id_bits()),
            organisation: organisation.id,
            name: organisation.name.clone(),
            currency: Currency::of_country(&organisation.country),
            created: context.now,
        })?,
        Some(facts) => store.insert_partner_account(&PartnerAccount {
            partner_id: facts.partner_id.clone(),
            partner: organisation.id,
            kind: AccountKind::Location,
            name: organisation.name.clone(),
            country: organisation.country.clone(),
            city: None,
            clouds: organisation.clouds.clone(),
        })?,
    }
    Ok(organisation)
}

/// What the operator says of another Microsoft Partner ID of a partner.
#[derive(Clone, Debug)]
pub struct NewPartnerId {
    /// The partner.
    pub organisation: OrganisationId,
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
        .organisation(new.organisation)?
        .filter(|organisation| organisation.kind == OrganisationKind::Partner)
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
                kind: TargetKind::Organisation,
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
    /// The organisation that it belongs to.
    pub organisation: OrganisationId,
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
/// organisation is.
pub fn create_user(store: &mut dyn Write, context: &mut Context, new: NewUser) -> Result<User> {
    store.organisation(new.organisation)?.ok_or(Error::NOT_FOUND)?;
    let user = User {
        id: UserId::new(context.now, context.id_bits()),
        organisation: new.organisation,
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
        user.organisation,
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

/// Who is signed in, and for which organisation.
///
/// # Errors
/// The store's.
pub fn session(store: &mut dyn Read, caller: &Caller) -> Result<api::Session> {
    let organisation = &caller.organisation;
    let agreement = store.latest_acceptance(organisation.id)?.as_ref().map(view::acceptance);
    let current_agreement = match organisation.kind {
        OrganisationKind::Customer => store.current_agreement(organisation.cloud())?,
        OrganisationKind::Partner => None,
    };
    Ok(api::Session {
        user: api::Account {
            id: caller.user.id,
            name: caller.user.name.clone(),
            email: caller.user.email.clone(),
            roles: caller.user.roles.clone(),
        },
        organisation: api::Organisation {
            id: organisation.id,
            name: organisation.name.clone(),
            kind: organisation.kind,
            clouds: organisation.clouds.clone(),
            domain: organisation.domain.clone(),
            country: organisation.country.clone(),
            agreement,
            current_agreement,
        },
        expires: caller.session.expires,
    })
}
