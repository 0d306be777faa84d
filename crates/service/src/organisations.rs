//! Organisations and accounts, which the operator creates, and what their own people see of them.

use api::{ActivityTarget, AuditAction, TargetKind};
use rules::{
    Cloud, CountryCode, DisplayName, DomainName, EmailAddress, Language, OrganisationId,
    OrganisationKind, UserId, UserRole,
};

use crate::audit::{self, Event, OPERATOR};
use crate::model::{Organisation, PartnerFacts, PasswordHash, User};
use crate::{Caller, Context, Read, Result, Write, view};

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

/// Creates an organisation, a partner where partner facts come along.
///
/// # Errors
/// [`crate::StoreError::Duplicate`] where the domain is taken.
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
    Ok(organisation)
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
    store.organisation(new.organisation)?.ok_or(crate::Error::NOT_FOUND)?;
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
