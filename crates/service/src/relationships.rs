//! Relationships: listing them, removing admin roles, and ending them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use api::{
    ActivityEntry, ActivityTarget, AuditAction, ErrorCode, Page, RelationshipField,
    RelationshipFilter, RelationshipQuery, TargetKind, routes,
};
use mail::{MailMessage, PartnerActedMail};
use rules::{
    Cloud, Invitation, InvitationId, InvitationState, OrganizationAction, OrganizationId,
    OrganizationKind, PartnerId, Relationship, RelationshipAction, RelationshipFacts,
    RelationshipId, RelationshipStatus, Timestamp, UserRole, check,
};

use crate::audit::{self, AuditEvent};
use crate::invitations::role_names;
use crate::model::Organization;
use crate::organizations::facts;
use crate::outbox::{self, MailEnvelope};
use crate::{Caller, Context, Error, Read, Result, Write, activity, paging, view};

/// Largest number of entries in the history of a relationship.
const HISTORY_LIMIT: u32 = 200;

/// Returns the relationships of the caller's organization that match the query.
///
/// An organization has at most some hundreds of partners, so this function filters and sorts,
/// rather than the store.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &RelationshipQuery,
    now: Timestamp,
) -> Result<Page<api::RelationshipResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewRelationships, now)?;
    let mut found = Vec::new();
    // All relationships of a customer's list have the same customer, which is loaded once.
    let mut customers = BTreeMap::new();
    let offers = open_offers(store, caller, None)?;
    for relationship in store.relationships(caller.organization.id)? {
        if matches_filter(&relationship, &query.filter) {
            let customer = match customers.entry(relationship.customer) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    entry.insert(load_customer_facts(store, relationship.customer)?)
                }
            };
            let relationship = load_facts(store, relationship, customer, &offers, now)?;
            let shown = api_relationship(store, &relationship, &customer.organization, now)?;
            let has_id = |id: &PartnerId| *id == shown.partner.partner_id;
            if query.filter.partner_id.as_ref().is_none_or(has_id)
                && matches_search(&shown, caller.organization.kind, &query.search)
            {
                found.push(shown);
            }
        }
    }
    sort(&mut found, caller.organization.kind, query);
    paging::page_of(found, query, routes::RELATIONSHIPS, now)
}

/// Returns whether a relationship passes the filter, but for the Partner ID.
fn matches_filter(relationship: &Relationship, filter: &RelationshipFilter) -> bool {
    (filter.relationship_type.is_empty()
        || filter.relationship_type.contains(&relationship.partner_type))
        && (filter.status.is_empty() || filter.status.contains(&relationship.status()))
        && filter.partner.is_none_or(|partner| partner == relationship.partner)
        && filter.customer.is_none_or(|customer| customer == relationship.customer)
}

/// Returns whether each search word occurs in the name of the other side, or in the domain or
/// the Partner ID of a partner.
fn matches_search(
    relationship: &api::RelationshipResource,
    own: OrganizationKind,
    search: &str,
) -> bool {
    let text = match own {
        OrganizationKind::Customer => {
            let partner = &relationship.partner;
            format!("{} {} {}", partner.name, partner.domain, partner.partner_id)
        }
        OrganizationKind::Partner => relationship.customer_name.to_string(),
    };
    paging::matches_search(&text, search)
}

/// Sorts the list of an organization of kind `own`.
fn sort(
    relationships: &mut [api::RelationshipResource],
    own: OrganizationKind,
    query: &RelationshipQuery,
) {
    let name = |relationship: &api::RelationshipResource| match own {
        OrganizationKind::Customer => relationship.partner.name.as_str().to_lowercase(),
        OrganizationKind::Partner => relationship.customer_name.as_str().to_lowercase(),
    };
    // Ties break by name, then id, so that pages never overlap.
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

/// Facts about the customer of a relationship.
struct CustomerFacts {
    organization: Organization,
    accepted_agreement: bool,
}

fn load_customer_facts(store: &mut dyn Read, id: OrganizationId) -> Result<CustomerFacts> {
    Ok(CustomerFacts {
        organization: view::existing_organization(store, id)?,
        accepted_agreement: store.latest_acceptance(id)?.is_some(),
    })
}

/// Returns the accepted invitations to or from the caller's organization whose offer has not
/// been used yet, newest first. With a customer and a partner, only those between these two.
/// Offers exist only in the cloud operated by 21Vianet, so nothing is loaded for the others.
fn open_offers(
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
            && store.subscription_by_offer(invitation.customer, invitation.id)?.is_none()
        {
            waiting.push(invitation);
        }
    }
    Ok(waiting)
}

/// Returns the latest invitation whose offer was accepted with this relationship and has not
/// been used yet. A later invitation without an offer does not replace the offer.
fn open_offer_of<'a>(
    relationship: &Relationship,
    open: &'a [Invitation],
) -> Option<&'a Invitation> {
    if relationship.status() == RelationshipStatus::Ended {
        return None;
    }
    open.iter().find(|invitation| {
        invitation.customer == relationship.customer
            && invitation.partner == relationship.partner
            && matches!(invitation.state, InvitationState::Accepted { at, .. } if at >= relationship.since)
            // Relationships of types that do not join exist side by side, each with its own
            // offer.
            && relationship.partner_type.merged_with(invitation.partner_type).is_some()
    })
}

/// Loads the facts about a relationship for [`rules::check`].
fn load_facts(
    store: &mut dyn Read,
    relationship: Relationship,
    customer: &CustomerFacts,
    open_offers: &[Invitation],
    now: Timestamp,
) -> Result<RelationshipFacts> {
    let (customer_id, seller) = (relationship.customer, relationship.partner);
    Ok(RelationshipFacts {
        active_subscriptions: store.active_subscriptions(customer_id, seller, now)?,
        agreement_accepted: customer.accepted_agreement,
        offer: open_offer_of(&relationship, open_offers)
            .and_then(|invitation| invitation.offer.clone()),
        record: relationship,
    })
}

/// Converts a relationship for the API.
fn api_relationship(
    store: &mut dyn Read,
    facts: &RelationshipFacts,
    customer: &Organization,
    now: Timestamp,
) -> Result<api::RelationshipResource> {
    let partner = view::existing_organization(store, facts.record.partner)?;
    view::relationship(facts, customer, &partner, now)
}

/// Returns a relationship.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<api::RelationshipResource> {
    let found = load(store, caller, id, now)?;
    api_relationship(store, &found.facts, &found.customer, now)
}

/// Returns the log entries about a relationship, newest first.
pub fn history(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<Page<ActivityEntry>> {
    load(store, caller, id, now)?;
    let records =
        store.audit(caller.organization.id, Some(&id.to_string()), None, HISTORY_LIMIT)?;
    Ok(Page { value: activity::entries(&records)?, next_link: None, count: None })
}

/// A relationship of the caller's organization.
pub(crate) struct LoadedRelationship {
    /// Relationship, with the facts about it.
    pub(crate) facts: RelationshipFacts,
    /// Customer of the relationship.
    pub(crate) customer: Organization,
    /// Invitation with the open offer.
    pub(crate) offered_by: Option<InvitationId>,
}

/// Loads a relationship that the caller may see.
pub(crate) fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<LoadedRelationship> {
    let relationship = store.relationship(caller.organization.id, id)?.ok_or(Error::NOT_FOUND)?;
    let customer = load_customer_facts(store, relationship.customer)?;
    let between = (relationship.customer, relationship.partner);
    let open_offers = open_offers(store, caller, Some(between))?;
    let offered_by = open_offer_of(&relationship, &open_offers).map(|invitation| invitation.id);
    let facts = load_facts(store, relationship, &customer, &open_offers, now)?;
    check(&caller.actor(), &facts, RelationshipAction::View, now)?;
    Ok(LoadedRelationship { facts, customer: customer.organization, offered_by })
}

/// Removes the partner's admin roles. The relationship continues.
pub fn remove_admin_roles(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    change(store, context, caller, id, version, RelationshipAction::RemoveAdminRoles)
}

/// Deletes a relationship on the customer's side, which ends the admin roles too.
pub fn delete(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    change(store, context, caller, id, version, RelationshipAction::Delete)
}

/// Gives up the admin roles on the partner's side, and notifies the customer. The
/// relationship continues.
pub fn give_up_admin_roles(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    change(store, context, caller, id, version, RelationshipAction::GiveUpAdminRoles)
}

/// Ends a relationship on the partner's side, and notifies the customer.
pub fn end(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    change(store, context, caller, id, version, RelationshipAction::End)
}

fn change(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
    action: RelationshipAction,
) -> Result<api::RelationshipResource> {
    let LoadedRelationship { facts, customer, .. } = load(store, caller, id, context.now)?;
    let before = facts.record.clone();
    let changed = facts.apply(&caller.actor(), action, context.now)?;
    if before.version != version {
        return Err(Error::Problem(ErrorCode::VersionMismatch.into()));
    }
    store.update_relationship(&changed.record)?;
    let logged = match action {
        RelationshipAction::RemoveAdminRoles => Some(AuditAction::AdminRolesRemoved),
        RelationshipAction::Delete => Some(AuditAction::RelationshipDeleted),
        RelationshipAction::GiveUpAdminRoles => Some(AuditAction::AdminRolesGivenUp),
        RelationshipAction::End => Some(AuditAction::RelationshipEnded),
        // Not changes, so no caller of this function uses them.
        RelationshipAction::View
        | RelationshipAction::Order
        | RelationshipAction::CreateFromOffer => None,
    };
    if let Some(logged) = logged {
        // The log shows the state before the change: which roles were removed.
        write_audit_entries(store, context, caller, &before, logged)?;
    }
    match action {
        RelationshipAction::GiveUpAdminRoles => {
            notify_customer(
                store,
                context,
                caller,
                &changed.record,
                &customer,
                mail::render_roles_given_up,
            )?;
        }
        RelationshipAction::End => {
            notify_customer(
                store,
                context,
                caller,
                &changed.record,
                &customer,
                mail::render_relationship_ended,
            )?;
        }
        _ => {}
    }
    api_relationship(store, &changed, &customer, context.now)
}

/// Sends a mail about an action of the partner to each Global administrator of the customer,
/// in that user's language.
fn notify_customer(
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
            let envelope = MailEnvelope {
                organization: customer.id,
                invitation: None,
                to: user.email.clone(),
                to_name: &user.name,
                language: user.language,
            };
            outbox::queue_mail(store, context, envelope, rendered)?;
        }
    }
    Ok(())
}

/// Appends to the logs of both sides. Each entry has the name of the other side.
pub(crate) fn write_audit_entries(
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
            name: view::existing_organization(store, other)?.name.to_string(),
        };
        audit::append(
            store,
            context,
            organization,
            AuditEvent {
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
