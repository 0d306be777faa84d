//! Relationships: listing them, removing admin roles, and ending them.

use api::{
    ActivityEntry, ActivityTarget, AuditAction, Page, RelationshipQuery, TargetKind, routes,
};
use mail::{MailMessage, PartnerActedMail};
use rules::{
    OrganizationAction, Relationship, RelationshipAction, RelationshipChange, RelationshipId,
    Timestamp, UserRole, check,
};

use crate::audit::{self, AuditEvent};
use crate::invitations::role_names;
use crate::lists::{ListOwner, PageRequest, RelationshipRow};
use crate::model::Organization;
use crate::organizations::facts;
use crate::outbox::{self, MailEnvelope};
use crate::{Caller, Context, Error, Read, Result, Write, activity, lists, view};

/// Largest number of entries in the history of a relationship.
const HISTORY_LIMIT: u32 = 200;
/// Largest number of administrators that get a mail about what a partner did.
const NOTIFIED_MAX: u32 = 100;

/// Returns the relationships of the caller's organization that match the query.
pub fn list(
    store: &mut dyn Read,
    caller: &Caller,
    query: &RelationshipQuery,
    now: Timestamp,
) -> Result<Page<api::RelationshipResource>> {
    let organization = facts(store, &caller.organization)?;
    check(&caller.actor(), &organization, OrganizationAction::ViewRelationships, now)?;
    let owner = ListOwner::of(caller);
    let load = |page: &PageRequest<'_, _>| store.relationship_page(owner, page);
    let convert = |row| view::relationship(&row, now);
    lists::load_page(query, routes::RELATIONSHIPS, now, load, convert)
}

/// Returns a relationship.
pub fn get(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<api::RelationshipResource> {
    view::relationship(&load(store, caller, id, now)?, now)
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
        store.audit(caller.organization.id(), Some(&id.to_string()), None, HISTORY_LIMIT)?;
    Ok(Page { value: activity::entries(&records)?, next_link: None, count: None })
}

/// Loads a relationship that the caller may see.
pub(crate) fn load(
    store: &mut dyn Read,
    caller: &Caller,
    id: RelationshipId,
    now: Timestamp,
) -> Result<RelationshipRow> {
    let row = store.relationship_row(caller.organization.id(), id, now)?.ok_or(Error::NOT_FOUND)?;
    check(&caller.actor(), &row.facts, RelationshipAction::View, now)?;
    Ok(row)
}

/// Removes the partner's admin roles. The relationship continues.
pub fn remove_admin_roles(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    let change = LoggedChange {
        change: RelationshipChange::RemoveAdminRoles,
        action: AuditAction::AdminRolesRemoved,
        mail: None,
    };
    apply(store, context, caller, id, version, &change)
}

/// Deletes a relationship on the customer's side, which ends the admin roles too.
pub fn delete(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    let change = LoggedChange {
        change: RelationshipChange::Delete,
        action: AuditAction::RelationshipDeleted,
        mail: None,
    };
    apply(store, context, caller, id, version, &change)
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
    let change = LoggedChange {
        change: RelationshipChange::GiveUpAdminRoles,
        action: AuditAction::AdminRolesGivenUp,
        mail: Some(mail::render_roles_given_up),
    };
    apply(store, context, caller, id, version, &change)
}

/// Ends a relationship on the partner's side, and notifies the customer.
pub fn end(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
) -> Result<api::RelationshipResource> {
    let change = LoggedChange {
        change: RelationshipChange::End,
        action: AuditAction::RelationshipEnded,
        mail: Some(mail::render_relationship_ended),
    };
    apply(store, context, caller, id, version, &change)
}

/// A change of a relationship, with its entry in the logs and its mail to the customer.
struct LoggedChange {
    change: RelationshipChange,
    action: AuditAction,
    mail: Option<PartnerActedMailWriter>,
}

/// Renders the mail to a customer about an action of its partner.
type PartnerActedMailWriter = fn(&PartnerActedMail<'_>) -> MailMessage;

fn apply(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    id: RelationshipId,
    version: i64,
    LoggedChange { change, action, mail }: &LoggedChange,
) -> Result<api::RelationshipResource> {
    let RelationshipRow { facts, customer, .. } = load(store, caller, id, context.now)?;
    let before = facts.record.clone();
    let changed = facts.apply(&caller.actor(), *change, version, context.now)?;
    store.update_relationship(&changed.record)?;
    // The log shows the state before the change: which roles were removed.
    write_audit_entries(store, context, caller, &before, *action)?;
    if let Some(write) = mail {
        notify_customer(store, context, caller, &changed.record, &customer, *write)?;
    }
    get(store, caller, id, context.now)
}

/// Sends a mail about an action of the partner to each Global administrator of the customer,
/// in that user's language.
fn notify_customer(
    store: &mut dyn Write,
    context: &mut Context,
    caller: &Caller,
    relationship: &Relationship,
    customer: &Organization,
    write: PartnerActedMailWriter,
) -> Result<()> {
    let link = format!("{}{}/{}", context.public_url, routes::RELATIONSHIPS_PAGE, relationship.id);
    let administrators =
        store.users_with_role(customer.id(), UserRole::GlobalAdministrator, NOTIFIED_MAX)?;
    for user in administrators {
        let rendered = write(&PartnerActedMail {
            language: user.language,
            recipient_name: &user.name,
            customer_name: customer.name(),
            partner_name: caller.organization.name(),
            person: &caller.user.name,
            partner_type: relationship.partner_type,
            link: &link,
        });
        let envelope = MailEnvelope {
            organization: customer.id(),
            invitation: None,
            to: user.email.clone(),
            to_name: &user.name,
            language: user.language,
        };
        outbox::queue_mail(store, context, envelope, rendered)?;
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
            name: view::existing_organization(store, other)?.name().to_string(),
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
