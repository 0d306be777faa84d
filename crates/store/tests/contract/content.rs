//! The whole content of a store, for comparison.

use rules::{Cloud, Language, Timestamp};

use crate::rows;
use service::{Read, StoreError};

/// Returns all rows that belong to the organizations, one line for each.
pub(crate) fn everything(store: &mut dyn Read) -> Result<Vec<String>, StoreError> {
    let mut lines = Vec::new();
    for organization in store.organizations()? {
        let id = organization.id();
        lines.push(format!("{organization:?}"));
        lines.push(format!("by id: {:?}", store.organization(id)?));
        lines
            .push(format!("by domain: {:?}", store.organization_by_domain(organization.domain())?));
        for user in store.users(id)? {
            lines.push(format!("{user:?} {}", user.password.0));
            lines.push(format!("by id: {:?}", store.user(id, user.id)?));
            lines.push(format!("by e-mail: {:?}", store.user_by_email(&user.email)?));
            lines.push(format!("failures: {:?}", store.sign_in_failures(&user.email)?));
        }
        lines.extend(store.acceptances(id)?.iter().map(|row| format!("{row:?}")));
        lines.push(format!("latest: {:?}", store.latest_acceptance(id)?));
        for invitation in rows::invitations(store, id)? {
            lines.push(format!("{invitation:?}"));
            lines.push(format!("by id: {:?}", store.invitation(id, invitation.id)?));
        }
        for relationship in rows::relationships(store, id)? {
            lines.push(format!("{relationship:?}"));
            lines.push(format!("by id: {:?}", store.relationship(id, relationship.id)?));
        }
        for enquiry in rows::enquiries(store, id)? {
            lines.push(format!("{enquiry:?}"));
            lines.push(format!("by id: {:?}", store.enquiry(id, enquiry.id)?));
        }
        lines.push(format!("profile: {:?}", store.profile(id)?));
        lines.extend(store.billing_accounts(id)?.iter().map(|row| format!("{row:?}")));
        for account in store.partner_accounts(id)? {
            lines.push(format!("{account:?}"));
            lines.push(format!("by id: {:?}", store.partner_account(&account.partner_id)?));
        }
        for subscription in rows::subscriptions(store, id)? {
            lines.push(format!("{subscription:?}"));
            lines.push(format!("by id: {:?}", store.subscription(id, subscription.id)?));
            let customer = subscription.customer;
            for tenure in store.tenures(customer, subscription.id)? {
                lines.push(format!("{tenure:?}"));
            }
            if let Some(offer) = subscription.offer_of {
                let made = store.subscription_by_offer(customer, offer)?;
                lines.push(format!("of its offer: {made:?}"));
            }
            if let Some(seller) = subscription.seller {
                for now in [0, 3, i64::MAX].map(Timestamp::from_milliseconds) {
                    let active = store.active_subscriptions(customer, seller, now)?;
                    lines.push(format!("active from its seller: {active}"));
                }
            }
        }
        lines.push(format!("pending: {:?}", store.pending_partner_changes(Some(id))?));
        let looked_up = store.partner_id_look_ups(id, Timestamp::from_milliseconds(0))?;
        lines.push(format!("looked up: {looked_up:?}"));
        lines.push(format!("head: {:?}", store.audit_head(id)?));
        for record in store.audit(id, None, None, u32::MAX)? {
            lines.push(format!("{record:?}"));
            lines.push(format!("of it: {:?}", store.audit(id, Some(&record.target), None, 3)?));
        }
        for mail in rows::mails(store, Some(id), u32::MAX)? {
            lines.push(format!("{mail:?}"));
        }
    }
    lines.push(format!("mails: {:?}", rows::mails(store, None, 7)?));
    lines.push(format!(
        "due: {:?}",
        store.due_mails(Timestamp::from_milliseconds(i64::MAX), u32::MAX)?
    ));
    for cloud in Cloud::ALL {
        for product in store.products(*cloud)? {
            lines.push(format!("{product:?}"));
            lines.push(format!("by id: {:?}", store.product(product.id)?));
        }
        let current = store.current_agreement(*cloud)?;
        lines.push(format!("current in {cloud}: {current:?}"));
        for version in 0..=current.unwrap_or(0) {
            for language in Language::ALL {
                lines.extend(
                    store
                        .agreement_document(*cloud, version, *language)?
                        .map(|document| format!("{document:?}")),
                );
            }
        }
    }
    Ok(lines)
}
