//! Relationships: listing them, taking roles away, deleting them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use api::{
    ActivityEntry, ActivityTarget, AuditAction, ErrorCode, Page, RelationshipField,
    RelationshipQuery, TargetKind, routes,
};
use mail::{MailMessage, PartnerActedMail};
use rules::{
    Cloud, Invitation, InvitationId, InvitationState, OrganizationAction, OrganizationId,
    OrganizationKind, Relationship, RelationshipAction, RelationshipId, RelationshipStatus,
    Timestamp, UserRole, check,
};

use crate::agreements::facts;
use crate::audit::{self, Event};
use crate::invitations::role_names;
use crate::model::Organization;
use crate::outbox::{self, Letter};
use crate::{Caller, Context, Error, Read, Result, Write, activity, paging, view};

/// How many entries of a relationship's history are shown.
const HISTORY: u32 = 200;

/// The relationships of the caller's organization that the query asks for.
///
/// An organization has at the most some hundreds of partners, so filtering and
/// sorting happen here, the same for every engine.
///
/// # Errors
/// A refusal, or the store's.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &RelationshipQuery,
    now: Timestamp,
) -> Result<Page<api::Relationship>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewRelationships, now)?;
    let mut found = Vec::new();
    // A customer's whole list has one customer: what is said of it is loaded once.
    let mut customers = BTreeMap::new();
    let offers = waiting_offers(store, caller, None)?;
    for relationship in store.relationships(caller.organization.id)? {
        let wanted = (query.types.is_empty() || query.types.contains(&relationship.partner_type))
            && (query.statuses.is_empty() || query.statuses.contains(&relationship.status()));
        if wanted {
            let customer = match customers.entry(relationship.customer) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(customer(store, relationship.customer)?),
            };
            let relationship = found_out(store, relationship, customer, &offers, now)?;
            let shown = shown(store, &relationship, &customer.organization, now)?;
            if matches(&shown, caller.organization.kind, &query.search) {
                found.push(shown);
            }
        }
    }
    sort(&mut found, caller.organization.kind, query);
    let part = paging::part(found, query.skip, query.top);
    let next_link = part.next.map(|skip| {
        let rest = RelationshipQuery { skip, ..query.clone() };
        format!("{}?{rest}", routes::RELATIONSHIPS)
    });
    Ok(Page { value: part.value, next_link, count: Some(part.count) })
}

/// Whether every word that is searched for stands in what names the other side: of a
/// partner the name, the domain or the Partner ID, of a customer the name.
fn matches(relationship: &api::Relationship, own: OrganizationKind, search: &str) -> bool {
    let text = match own {
        OrganizationKind::Customer => {
            let partner = &relationship.partner;
            format!("{} {} {}", partner.name, partner.domain, partner.partner_id)
        }
        OrganizationKind::Partner => relationship.customer_name.to_string(),
    };
    let text = text.to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

/// Sorts the list of an organization of this kind, by the names of the other side.
fn sort(relationships: &mut [api::Relationship], own: OrganizationKind, query: &RelationshipQuery) {
    let name = |relationship: &api::Relationship| match own {
        OrganizationKind::Customer => relationship.partner.name.as_str().to_lowercase(),
        OrganizationKind::Partner => relationship.customer_name.as_str().to_lowercase(),
    };
    // Equal ones stand by name and id, in either direction, so that pages don't overlap.
    relationships.sort_by_cached_key(|relationship| (name(relationship), relationship.id));
    match query.order.field {
        RelationshipField::Partner => relationships.sort_by_cached_key(&name),
        RelationshipField::RelationshipType => {
            relationships.sort_by_key(|one| one.relationship_type);
        }
        RelationshipField::AdminRoles => {
            relationships.sort_by_key(|one| std::cmp::Reverse(one.admin_roles.len()));
        }
        RelationshipField::Agreement => relationships.sort_by_key(|one| one.agreement),
        RelationshipField::Since => relationships.sort_by_key(|one| one.since),
        RelationshipField::Ends => {
            relationships.sort_by_key(|one| (one.ends.is_none(), one.ends));
        }
        RelationshipField::Status => relationships.sort_by_key(|one| one.status),
    }
    if query.order.descending {
        relationships.reverse();
    }
}

/// What is said of the customer of a relationship.
struct Customer {
    organization: Organization,
    accepted_agreement: bool,
}

fn customer(store: &mut dyn Read, id: OrganizationId) -> Result<Customer> {
    Ok(Customer {
        organization: view::named_organization(store, id)?,
        accepted_agreement: store.latest_acceptance(id)?.is_some(),
    })
}

/// The invitations to or from the caller's organization that were accepted with an offer
/// of which nothing was created yet, the newest first. Offers come in 21Vianet's cloud
/// alone, so nothing is loaded elsewhere. With a customer and a partner, only those between
/// these two.
fn waiting_offers(
    store: &mut dyn Read,
    caller: &Caller,
    between: Option<(OrganizationId, OrganizationId)>,
) -> Result<Vec<Invitation>> {
    let mut waiting = Vec::new();
    if !caller.organization.clouds.contains(&Cloud::Vianet21) {
        return Ok(waiting);
    }
    for invitation in store.invitations(caller.organization.id)? {
        let accepted = matches!(invitation.state, InvitationState::Accepted { .. });
        let sides = (invitation.customer, invitation.partner);
        if accepted
            && between.is_none_or(|between| between == sides)
            && invitation.offer.is_some()
            && store.subscription_of_offer(invitation.customer, invitation.id)?.is_none()
        {
            waiting.push(invitation);
        }
    }
    Ok(waiting)
}

/// The invitation whose offer was accepted last while this relationship stood, and still
/// waits. An invitation that joined the relationship later without an offer takes none away.
fn offering<'a>(relationship: &Relationship, waiting: &'a [Invitation]) -> Option<&'a Invitation> {
    if relationship.status() == RelationshipStatus::Ended {
        return None;
    }
    waiting.iter().find(|invitation| {
        invitation.customer == relationship.customer
            && invitation.partner == relationship.partner
            && matches!(invitation.state, InvitationState::Accepted { at, .. } if at >= relationship.since)
            // Relationships of other types stand side by side, each with its own offer.
            && relationship.partner_type.merged_with(invitation.partner_type).is_some()
    })
}

/// The relationship with what is not stored with it.
fn found_out(
    store: &mut dyn Read,
    relationship: Relationship,
    customer: &Customer,
    waiting: &[Invitation],
    now: Timestamp,
) -> Result<Relationship> {
    let (of, from) = (relationship.customer, relationship.partner);
    Ok(Relationship {
        active_subscriptions: store.active_subscriptions(of, from, now)?,
        agreement_accepted: customer.accepted_agreement,
        offer: offering(&relationship, waiting).and_then(|invitation| invitation.offer.clone()),
        ..relationship
    })
}

/// A relationship as the API says it.
fn shown(
    store: &mut dyn Read,
    relationship: &Relationship,
    customer: &Organization,
    now: Timestamp,
) -> Result<api::Relationship> {
    let partner = view::named_organization(store, relationship.partner)?;
    view::relationship(relationship, customer, &partner, now)
}

/// The relationship of this id.
///
/// # Errors
/// Not found, or the store's.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<api::Relationship> {
    let found = load(store, caller, id, now)?;
    shown(store, &found.relationship, &found.customer, now)
}

/// What was done with a relationship, the newest first.
///
/// # Errors
/// Not found, or the store's.
pub fn history(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<Page<ActivityEntry>> {
    load(store, caller, id, now)?;
    let records = store.audit(caller.organization.id, Some(&id.to_string()), None, HISTORY)?;
    Ok(Page { value: activity::entries(&records), next_link: None, count: None })
}

/// A relationship of the caller's organization, with what is found out about it.
pub(crate) struct Found {
    pub(crate) relationship: Relationship,
    /// Its customer.
    pub(crate) customer: Organization,
    /// The invitation whose offer waits.
    pub(crate) offering: Option<InvitationId>,
}

/// The relationship of this id, which the caller may see.
pub(crate) fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<Found> {
    let relationship = store.relationship(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &relationship, RelationshipAction::View, now)?;
    let customer = customer(store, relationship.customer)?;
    let between = (relationship.customer, relationship.partner);
    let waiting = waiting_offers(store, caller, Some(between))?;
    let offering = offering(&relationship, &waiting).map(|invitation| invitation.id);
    let relationship = found_out(store, relationship, &customer, &waiting, now)?;
    Ok(Found { relationship, customer: customer.organization, offering })
}

/// Takes away the partner's admin roles. The relationship stays.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn remove_admin_roles(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Relationship> {
    change(store, context, caller, id, version, RelationshipAction::RemoveAdminRoles)
}

/// Ends the relationship, and with it the roles.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn delete(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Relationship> {
    change(store, context, caller, id, version, RelationshipAction::Delete)
}

/// Gives up the admin roles of the caller's organization, a partner, and tells the
/// customer. The relationship stays.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn give_up_admin_roles(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Relationship> {
    change(store, context, caller, id, version, RelationshipAction::GiveUpAdminRoles)
}

/// Ends the relationship on the partner's side, and tells the customer.
///
/// # Errors
/// A refusal, a version mismatch, not found, or the store's.
pub fn end(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::Relationship> {
    change(store, context, caller, id, version, RelationshipAction::End)
}

fn change(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
    action: RelationshipAction,
) -> Result<api::Relationship> {
    let Found { relationship: before, customer, .. } = load(store, caller, id, context.now)?;
    let changed = before.clone().apply(&caller.actor(), action, context.now)?;
    if before.version != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    store.update_relationship(&changed)?;
    let noted = match action {
        RelationshipAction::RemoveAdminRoles => Some(AuditAction::AdminRolesRemoved),
        RelationshipAction::Delete => Some(AuditAction::RelationshipDeleted),
        RelationshipAction::GiveUpAdminRoles => Some(AuditAction::AdminRolesGivenUp),
        RelationshipAction::End => Some(AuditAction::RelationshipEnded),
        // Looking is no change, nor is ordering, and nothing here does either this way.
        RelationshipAction::View
        | RelationshipAction::Order
        | RelationshipAction::CreateFromOffer => None,
    };
    if let Some(noted) = noted {
        // The log says which type and roles there were, since that is what was taken away.
        note(store, context, caller, &before, noted)?;
    }
    match action {
        RelationshipAction::GiveUpAdminRoles => {
            tell(store, context, caller, &changed, &customer, mail::render_roles_given_up)?;
        }
        RelationshipAction::End => {
            tell(store, context, caller, &changed, &customer, mail::render_relationship_ended)?;
        }
        _ => {}
    }
    // What waited to be created is gone with a relationship that has ended.
    get(store, caller, id, context.now)
}

/// Writes to each Global administrator of the customer, in that person's language, what
/// somebody of the partner did.
fn tell(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    relationship: &Relationship,
    customer: &Organization,
    write: fn(&PartnerActedMail<'_>) -> MailMessage,
) -> Result<()> {
    let link = format!("{}{}/{}", context.public_url, routes::RELATIONSHIPS_PAGE, relationship.id);
    for user in store.users(customer.id)? {
        if user.roles.contains(&UserRole::GlobalAdministrator) {
            let rendered = write(&PartnerActedMail {
                language: user.language,
                recipient_name: &user.name,
                customer_name: &customer.name,
                partner_name: &caller.organization.name,
                person: &caller.user.name,
                partner_type: relationship.partner_type,
                link: &link,
            });
            let letter = Letter {
                organization: customer.id,
                invitation: None,
                to: user.email.clone(),
                to_name: &user.name,
                language: user.language,
            };
            outbox::put(store, context, letter, rendered)?;
        }
    }
    Ok(())
}

/// Writes to the logs of both sides; each sees the other side's name.
pub(crate) fn note(
    store: &mut dyn Write,
    context: &Context,
    caller: &Caller,
    relationship: &Relationship,
    action: AuditAction,
) -> Result<()> {
    let sides = [
        (relationship.customer, relationship.partner),
        (relationship.partner, relationship.customer),
    ];
    for (organization, other) in sides {
        let target = ActivityTarget {
            kind: TargetKind::Relationship,
            id: relationship.id.to_string(),
            name: view::named_organization(store, other)?.name.to_string(),
        };
        audit::append(
            store,
            context,
            organization,
            Event {
                actor: audit::actor(&caller.user, &caller.organization),
                action,
                target,
                details: audit::details([
                    ("relationshipType", relationship.partner_type.to_string()),
                    ("adminRoles", role_names(&relationship.roles(context.now))),
                ]),
            },
        )?;
    }
    Ok(())
}
