//! Random histories: the same transactions on the reference model and on the database give the
//! same answers and the same content. The rows have few keys, so that duplicates, stale
//! versions and missing rows are frequent.

use std::sync::{Arc, Mutex};

use api::MailStatus;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use rules::{
    Cloud, DisplayName, EnquiryState, InvitationState, Language, Note, RelationshipState,
    Subscription, SubscriptionState,
};
use service::model::SignInFailures;
use service::{Error, StoreError, Write};
use store::Memory;

use crate::content::everything;
use crate::engines::{Engine, OnDisk};
use crate::rows;
use crate::samples::{
    acceptance, audit, billing_account, billing_account_id, customer, document, enquiry,
    enquiry_id, invitation, invitation_id, mail, mail_id, moment, moved, organization_id, partner,
    partner_account, partner_id, partner_of_record, pending_partner_changes, placed_order, product,
    product_id, profile, relationship, relationship_id, renamed, request_id, session, subscription,
    subscription_id, tenure, token, user, user_id,
};

/// One call of the store. The numbers are keys from a small range.
#[derive(Clone, Debug)]
enum Operation {
    InsertOrganization(u128, u128, DisplayName),
    InsertUser(u128, u128, u128, DisplayName),
    InsertSession(u128, u128, u128, i64),
    DeleteSession(u128),
    DeleteSessions(u128, u128),
    ForgetExpired(i64),
    SetFailures(u128, Option<(u32, i64)>),
    InsertDocument(Cloud, u32, Language, String),
    InsertAcceptance(u128, u128, u32),
    InsertInvitation(u128, u128, u128, Option<Note>),
    UpdateInvitation(u128, u128, u128, i64, Option<u128>, Option<Note>),
    InsertRelationship(u128, u128, u128),
    UpdateRelationship(u128, u128, u128, i64, bool),
    InsertEnquiry(u128, u128, u128),
    UpdateEnquiry(u128, u128, u128, i64, Option<Note>),
    SetProfile(u128, i64, bool, Option<Note>),
    InsertProduct(Cloud, u128, DisplayName),
    UpdateProduct(Cloud, u128, i64, DisplayName),
    InsertBillingAccount(u128, u128),
    InsertPartnerAccount(u128, u128, DisplayName),
    InsertSubscription(Ordered),
    UpdateSubscription(Ordered, i64),
    InsertTenure(u128, u128, i64),
    InsertPendingChanges(u128, u128, bool),
    UpdatePendingChanges(u128, u128, bool),
    DeletePendingChanges(u128, u128),
    InsertPlacedOrder(u128, u128, u128, u128),
    NoteLookUp(u128, u128, i64),
    AppendAudit(u128, i64, String, String),
    InsertMail(u128, u128, i64, String),
    UpdateMail(u128, u128, i64, u32, Option<String>),
    ReadSession(u128),
    ReadFailures(u128),
    ReadLink(u128),
    ReadInvitation(u128, u128),
    ReadRelationship(u128, u128),
    ReadEnquiry(u128, u128),
    ReadProfile(u128),
    ReadProduct(u128),
    ReadPartnerAccount(u128),
    ReadSubscription(u128, u128),
    ReadActive(u128, u128, i64),
    ReadOffer(u128, u128),
    ReadTenures(u128, u128),
    ReadPendingChanges(Option<u128>, u128, u128),
    HaveVersions(u128, Vec<(u128, i64)>),
    ReadBounds(u128, u128, i64, u32),
    KeepLatestSessions(u128, u128, u32),
    ReadSubscriptionsWithIds(u128, Vec<u128>),
    ReadPlacedOrder(u128, u128),
    ReadLookUps(u128, i64),
    ReadLists(u128),
    ReadAudit(u128, Option<String>, Option<i64>, u32),
    ReadMails(Option<u128>, u32),
    ReadDue(i64, u32),
    ReadMail(u128),
    ReadWaiting(u128),
    Refuse,
}

/// Keys of the varying parts of a subscription.
#[derive(Clone, Debug)]
struct Ordered {
    customer: u128,
    number: u128,
    /// The product, the billing account and the invitation with the offer.
    named: (Option<u128>, u128, Option<u128>),
    seller: Option<u128>,
    /// A partner and a Partner ID.
    record: Option<(u128, u128)>,
    state: SubscriptionState,
}

impl Ordered {
    fn subscription(self, version: i64) -> Subscription {
        let (product, billing_account, offer) = self.named;
        Subscription {
            product: product.map(product_id),
            billing_account: billing_account_id(billing_account),
            seller: self.seller.map(organization_id),
            offer_of: offer.map(invitation_id),
            state: self.state,
            partner_of_record: self.record.map(|(partner, id)| partner_of_record(partner, id)),
            version,
            ..subscription(self.customer, self.number)
        }
    }
}

fn failures((count, last): (u32, i64)) -> SignInFailures {
    SignInFailures { count, last: moment(last) }
}

impl Operation {
    /// Runs the operation, and returns the answer as text.
    fn run(&self, store: &mut dyn Write) -> Result<String, StoreError> {
        let email = |number| user(0, number).email;
        Ok(match self.clone() {
            Self::InsertOrganization(id, domain, name) => {
                let organization = if id.is_multiple_of(2) { customer(id) } else { partner(id) };
                let organization = moved(organization, customer(domain).domain().clone());
                let organization = renamed(organization, name);
                told(&store.insert_organization(&organization)?)
            }
            Self::InsertUser(organization, id, address, name) => {
                let mut user = user(organization, id);
                user.email = email(address);
                user.name = name;
                told(&store.insert_user(&user)?)
            }
            Self::InsertSession(organization, user, number, expires) => {
                let mut session = session(organization, user, number);
                session.expires = moment(expires);
                told(&store.insert_session(&session)?)
            }
            Self::DeleteSession(number) => told(&store.delete_session(&token(number))?),
            Self::DeleteSessions(organization, user) => {
                told(&store.delete_sessions(organization_id(organization), user_id(user))?)
            }
            Self::ForgetExpired(now) => told(&store.delete_expired(moment(now))?),
            Self::SetFailures(address, kept) => {
                told(&store.set_sign_in_failures(&email(address), kept.map(failures))?)
            }
            Self::InsertDocument(cloud, version, language, body) => {
                let mut document = document(cloud, version, language);
                document.body = body;
                told(&store.insert_agreement_document(&document)?)
            }
            Self::InsertAcceptance(organization, id, version) => {
                told(&store.insert_acceptance(&acceptance(organization, id, version))?)
            }
            Self::InsertInvitation(customer, partner, id, message) => {
                let mut invitation = invitation(customer, partner, id);
                invitation.message = message;
                told(&store.insert_invitation(&invitation)?)
            }
            Self::UpdateInvitation(customer, partner, id, version, link, reason) => {
                let mut invitation = invitation(customer, partner, id);
                invitation.version = version;
                invitation.state = InvitationState::Canceled {
                    at: moment(version),
                    by: user_id(id),
                    reason,
                    sent: None,
                };
                told(&store.update_invitation(&invitation, link.map(token).as_ref())?)
            }
            Self::InsertRelationship(customer, partner, id) => {
                told(&store.insert_relationship(&relationship(customer, partner, id))?)
            }
            Self::UpdateRelationship(customer, partner, id, version, ended) => {
                let mut relationship = relationship(customer, partner, id);
                relationship.version = version;
                if ended {
                    relationship.grants.clear();
                    relationship.state = RelationshipState::Ended {
                        at: moment(version),
                        by: rules::EndedBy::Partner,
                        user: user_id(id),
                    };
                }
                told(&store.update_relationship(&relationship)?)
            }
            Self::AppendAudit(organization, sequence, target, content) => {
                let mut record = audit(organization, sequence, &target);
                record.content = content;
                told(&store.append_audit(&record)?)
            }
            Self::InsertMail(organization, id, next, text) => {
                let mut mail = mail(organization, id);
                mail.next = moment(next);
                mail.text = text;
                told(&store.insert_mail(&mail)?)
            }
            Self::UpdateMail(organization, id, next, attempts, last_error) => {
                let mut mail = mail(organization, id);
                mail.next = moment(next);
                mail.attempts = attempts;
                mail.last_error = last_error;
                mail.status = *MailStatus::ALL
                    .get(attempts as usize % MailStatus::ALL.len())
                    .unwrap_or(&MailStatus::Waiting);
                told(&store.update_mail(&mail)?)
            }
            Self::Refuse => return Err(StoreError::Engine("refused".to_owned())),
            other => other.find_a_partner(store)?,
        })
    }

    fn find_a_partner(self, store: &mut dyn Write) -> Result<String, StoreError> {
        Ok(match self {
            Self::InsertEnquiry(customer, partner, id) => {
                told(&store.insert_enquiry(&enquiry(customer, partner, id))?)
            }
            Self::UpdateEnquiry(customer, partner, id, version, reason) => {
                let mut enquiry = enquiry(customer, partner, id);
                enquiry.version = version;
                if let Some(reason) = reason {
                    let (at, by) = (moment(version), user_id(id));
                    enquiry.state = EnquiryState::Declined { at, by, reason };
                }
                told(&store.update_enquiry(&enquiry)?)
            }
            Self::SetProfile(partner, version, listed, description) => {
                let mut profile = profile(partner);
                profile.version = version;
                profile.listed = listed;
                profile.description = description.map(|text| text.as_str().parse().unwrap());
                told(&store.set_profile(&profile)?)
            }
            other => other.subscribe(store)?,
        })
    }

    fn subscribe(self, store: &mut dyn Write) -> Result<String, StoreError> {
        Ok(match self {
            Self::InsertProduct(cloud, id, name) => {
                told(&store.insert_product(&rules::Product { cloud, name, ..product(id) })?)
            }
            Self::UpdateProduct(cloud, id, version, name) => {
                let changed = rules::Product { cloud, name, version, ..product(id) };
                told(&store.update_product(&changed)?)
            }
            Self::InsertBillingAccount(organization, id) => {
                told(&store.insert_billing_account(&billing_account(organization, id))?)
            }
            Self::InsertPartnerAccount(partner, id, name) => {
                let account = rules::PartnerAccount { name, ..partner_account(partner, id) };
                told(&store.insert_partner_account(&account)?)
            }
            Self::InsertSubscription(ordered) => {
                told(&store.insert_subscription(&ordered.subscription(1))?)
            }
            Self::UpdateSubscription(ordered, version) => {
                told(&store.update_subscription(&ordered.subscription(version))?)
            }
            Self::InsertTenure(customer, id, number) => {
                told(&store.insert_tenure(&tenure(customer, id, number))?)
            }
            Self::InsertPendingChanges(customer, first, sets) => {
                let block = pending_partner_changes(customer, first, sets);
                told(&store.insert_pending_partner_changes(&block)?)
            }
            Self::UpdatePendingChanges(customer, first, sets) => {
                let block = pending_partner_changes(customer, first, sets);
                told(&store.update_pending_partner_changes(&block)?)
            }
            Self::DeletePendingChanges(customer, first) => {
                let (customer, first) = (organization_id(customer), subscription_id(first));
                told(&store.delete_pending_partner_changes(customer, first)?)
            }
            Self::InsertPlacedOrder(organization, request, customer, id) => {
                let order = placed_order(organization, request, customer, id);
                told(&store.insert_placed_order(&order)?)
            }
            Self::NoteLookUp(organization, id, at) => {
                let (organization, id) = (organization_id(organization), partner_id(id));
                told(&store.record_look_up(organization, &id, moment(at))?)
            }
            reading => reading.read_subscriptions(store)?,
        })
    }

    fn read_subscriptions(self, store: &mut dyn Write) -> Result<String, StoreError> {
        Ok(match self {
            Self::ReadProduct(id) => told(&store.product(product_id(id))?),
            Self::ReadPartnerAccount(id) => told(&store.partner_account(&partner_id(id))?),
            Self::ReadSubscription(organization, id) => {
                told(&store.subscription(organization_id(organization), subscription_id(id))?)
            }
            Self::ReadActive(customer, seller, now) => {
                let (customer, seller) = (organization_id(customer), organization_id(seller));
                told(&store.active_subscriptions(customer, seller, moment(now))?)
            }
            Self::ReadOffer(customer, id) => {
                told(&store.subscription_by_offer(organization_id(customer), invitation_id(id))?)
            }
            Self::ReadTenures(customer, id) => {
                told(&store.tenures(organization_id(customer), subscription_id(id))?)
            }
            Self::ReadPendingChanges(all_of, customer, id) => {
                let (customer, id) = (organization_id(customer), subscription_id(id));
                told(&(
                    store.pending_partner_changes_near(customer, id)?,
                    store.pending_partner_changes(all_of.map(organization_id))?,
                ))
            }
            Self::ReadBounds(one, other, now, count) => {
                let (user, now) = (user_id(other), moment(now));
                let (one, other) = (organization_id(one), organization_id(other));
                told(&(
                    store.has_drafts(one, user, count)?,
                    store.has_waiting_invitations(one, other, now, count)?,
                    store.invitation_mailed(one, None, now, count)?,
                    store.invitation_mailed(one, Some(other), now, count)?,
                    store.has_waiting_enquiries(one, now, count)?,
                    store.enquiry_sent(one, count)?,
                ))
            }
            Self::KeepLatestSessions(organization, user, count) => {
                let (organization, user) = (organization_id(organization), user_id(user));
                told(&store.keep_latest_sessions(organization, user, count)?)
            }
            Self::HaveVersions(customer, versions) => {
                let versions: Vec<_> = versions
                    .into_iter()
                    .map(|(id, version)| (subscription_id(id), version))
                    .collect();
                told(&store.have_versions(organization_id(customer), &versions)?)
            }
            Self::ReadSubscriptionsWithIds(customer, ids) => {
                let ids: Vec<_> = ids.into_iter().map(subscription_id).collect();
                told(&store.subscriptions_with_ids(organization_id(customer), &ids)?)
            }
            Self::ReadPlacedOrder(organization, id) => {
                told(&store.placed_order(organization_id(organization), request_id(id))?)
            }
            Self::ReadLookUps(organization, after) => {
                told(&store.partner_id_look_ups(organization_id(organization), moment(after))?)
            }
            reading => reading.read(store)?,
        })
    }

    fn read(self, store: &mut dyn Write) -> Result<String, StoreError> {
        Ok(match self {
            Self::ReadSession(number) => told(&store.caller(&token(number))?),
            Self::ReadFailures(address) => told(&store.sign_in_failures(&user(0, address).email)?),
            Self::ReadLink(number) => told(&store.invitation_by_token(&token(number))?),
            Self::ReadInvitation(organization, id) => {
                told(&store.invitation(organization_id(organization), invitation_id(id))?)
            }
            Self::ReadRelationship(organization, id) => {
                told(&store.relationship(organization_id(organization), relationship_id(id))?)
            }
            Self::ReadEnquiry(organization, id) => {
                told(&store.enquiry(organization_id(organization), enquiry_id(id))?)
            }
            Self::ReadProfile(partner) => told(&store.profile(organization_id(partner))?),
            Self::ReadLists(organization) => {
                let organization = organization_id(organization);
                told(&(
                    rows::invitations(store, organization)?,
                    rows::relationships(store, organization)?,
                    rows::enquiries(store, organization)?,
                    store.users(organization)?,
                    store.latest_acceptance(organization)?,
                    rows::subscriptions(store, organization)?,
                    store.billing_accounts(organization)?,
                    store.partner_accounts(organization)?,
                ))
            }
            Self::ReadAudit(organization, target, before, limit) => told(&store.audit(
                organization_id(organization),
                target.as_deref(),
                before,
                limit,
            )?),
            Self::ReadMails(organization, limit) => {
                told(&rows::mails(store, organization.map(organization_id), limit)?)
            }
            Self::ReadDue(now, limit) => told(&store.due_mails(moment(now), limit)?),
            Self::ReadMail(id) => told(&store.mail(mail_id(id))?),
            Self::ReadWaiting(id) => told(&store.waiting_mails(invitation_id(id))?),
            writing => format!("{writing:?} does not read"),
        })
    }
}

fn told(answer: &impl std::fmt::Debug) -> String {
    format!("{answer:?}")
}

/// Runs the operations in a transaction that ends with the first error, as use cases do, and
/// returns the answers. The texts of engine errors are left out, because they differ.
fn transact<E: Engine>(engine: &E, operations: &[Operation]) -> Vec<String> {
    let answers = Arc::new(Mutex::new(Vec::new()));
    let (kept, operations) = (Arc::clone(&answers), operations.to_vec());
    let result = engine.write(move |store| {
        let mut answers = kept.lock().unwrap();
        answers.clear();
        for operation in &operations {
            answers.push(operation.run(store).map_err(Error::Store)?);
        }
        Ok(())
    });
    let mut answers = std::mem::take(&mut *answers.lock().unwrap());
    answers.push(match result {
        Ok(()) => "kept".to_owned(),
        Err(Error::Store(StoreError::Engine(_))) => "refused by the engine".to_owned(),
        Err(error) => error.to_string(),
    });
    answers
}

fn key() -> impl Strategy<Value = u128> {
    0_u128..4
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![0_i64..6, (0_i64..6).prop_map(|more| more + rules::DAY)]
}

fn text() -> impl Strategy<Value = String> {
    "[\\PC\n'\"$]{0,30}"
}

fn name() -> impl Strategy<Value = DisplayName> {
    "\\PC{0,60}".prop_map(|text| {
        DisplayName::parse(&text).or_else(|_| DisplayName::parse("Harbour")).unwrap()
    })
}

fn note() -> impl Strategy<Value = Option<Note>> {
    text().prop_map(|text| Note::parse(&text).ok())
}

fn target() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "ö"]).prop_map(str::to_owned)
}

fn operation() -> impl Strategy<Value = Operation> {
    use Operation as O;
    let writing = prop_oneof![
        3 => (key(), key(), name()).prop_map(|(a, b, c)| O::InsertOrganization(a, b, c)),
        3 => (key(), key(), key(), name()).prop_map(|(a, b, c, d)| O::InsertUser(a, b, c, d)),
        3 => (key(), key(), key(), time()).prop_map(|(a, b, c, d)| O::InsertSession(a, b, c, d)),
        1 => key().prop_map(O::DeleteSession),
        1 => (key(), key()).prop_map(|(a, b)| O::DeleteSessions(a, b)),
        1 => time().prop_map(O::ForgetExpired),
        2 => (key(), proptest::option::of((any::<u32>(), time())))
            .prop_map(|(a, b)| O::SetFailures(a, b)),
        1 => (select(Cloud::ALL), 0_u32..3, select(Language::ALL), text())
            .prop_map(|(a, b, c, d)| O::InsertDocument(a, b, c, d)),
        1 => (key(), key(), 0_u32..3).prop_map(|(a, b, c)| O::InsertAcceptance(a, b, c)),
        2 => (key(), key(), key(), note()).prop_map(|(a, b, c, d)| O::InsertInvitation(a, b, c, d)),
        6 => (owned(), key(), 1_i64..5, proptest::option::of(key()), note())
            .prop_map(|((a, c), b, d, e, f)| O::UpdateInvitation(a, b, c, d, e, f)),
        2 => (key(), key(), key()).prop_map(|(a, b, c)| O::InsertRelationship(a, b, c)),
        6 => (owned(), key(), 1_i64..5, any::<bool>())
            .prop_map(|((a, c), b, d, e)| O::UpdateRelationship(a, b, c, d, e)),
        2 => (key(), key(), key()).prop_map(|(a, b, c)| O::InsertEnquiry(a, b, c)),
        6 => (owned(), key(), 1_i64..5, note())
            .prop_map(|((a, c), b, d, e)| O::UpdateEnquiry(a, b, c, d, e)),
        4 => (key(), 1_i64..5, any::<bool>(), note())
            .prop_map(|(a, b, c, d)| O::SetProfile(a, b, c, d)),
        4 => subscribing(),
        4 => (key(), 0_i64..12, target(), text())
            .prop_map(|(a, b, c, d)| O::AppendAudit(a, b, c, d)),
        2 => (key(), key(), time(), text()).prop_map(|(a, b, c, d)| O::InsertMail(a, b, c, d)),
        2 => (key(), key(), time(), 0_u32..9, proptest::option::of(text()))
            .prop_map(|(a, b, c, d, e)| O::UpdateMail(a, b, c, d, e)),
        1 => Just(O::Refuse),
    ];
    let reading = prop_oneof![
        key().prop_map(O::ReadSession),
        key().prop_map(O::ReadFailures),
        key().prop_map(O::ReadLink),
        (key(), key()).prop_map(|(a, b)| O::ReadInvitation(a, b)),
        (key(), key()).prop_map(|(a, b)| O::ReadRelationship(a, b)),
        (key(), key()).prop_map(|(a, b)| O::ReadEnquiry(a, b)),
        key().prop_map(O::ReadProfile),
        key().prop_map(O::ReadProduct),
        (1..6_u128).prop_map(O::ReadPartnerAccount),
        (key(), key()).prop_map(|(a, b)| O::ReadSubscription(a, b)),
        (key(), key(), time()).prop_map(|(a, b, c)| O::ReadActive(a, b, c)),
        (key(), key()).prop_map(|(a, b)| O::ReadOffer(a, b)),
        (key(), key()).prop_map(|(a, b)| O::ReadTenures(a, b)),
        (proptest::option::of(key()), key(), key())
            .prop_map(|(a, b, c)| O::ReadPendingChanges(a, b, c)),
        (key(), key(), time(), 0_u32..4).prop_map(|(a, b, c, d)| O::ReadBounds(a, b, c, d)),
        (key(), btree_map(key(), 1_i64..3, 0..3))
            .prop_map(|(a, b)| O::HaveVersions(a, b.into_iter().collect())),
        (key(), vec(key(), 0..4)).prop_map(|(a, b)| O::ReadSubscriptionsWithIds(a, b)),
        (key(), key()).prop_map(|(a, b)| O::ReadPlacedOrder(a, b)),
        (key(), time()).prop_map(|(a, b)| O::ReadLookUps(a, b)),
        key().prop_map(O::ReadLists),
        (key(), proptest::option::of(target()), proptest::option::of(0_i64..12), 0_u32..5)
            .prop_map(|(a, b, c, d)| O::ReadAudit(a, b, c, d)),
        (proptest::option::of(key()), 0_u32..4).prop_map(|(a, b)| O::ReadMails(a, b)),
        (time(), 0_u32..4).prop_map(|(a, b)| O::ReadDue(a, b)),
        key().prop_map(O::ReadMail),
        key().prop_map(O::ReadWaiting),
    ];
    prop_oneof![2 => writing, 1 => reading]
}

/// Operations on products and subscriptions.
fn subscribing() -> impl Strategy<Value = Operation> {
    use Operation as O;
    prop_oneof![
        1 => (select(Cloud::ALL), key(), name()).prop_map(|(a, b, c)| O::InsertProduct(a, b, c)),
        1 => (select(Cloud::ALL), key(), 1_i64..5, name())
            .prop_map(|(a, b, c, d)| O::UpdateProduct(a, b, c, d)),
        1 => (key(), key()).prop_map(|(a, b)| O::InsertBillingAccount(a, b)),
        1 => (key(), 1..6_u128, name()).prop_map(|(a, b, c)| O::InsertPartnerAccount(a, b, c)),
        3 => ordered().prop_map(O::InsertSubscription),
        6 => (ordered(), 1_i64..5).prop_map(|(a, b)| O::UpdateSubscription(a, b)),
        2 => (owned(), 1_i64..5).prop_map(|((a, b), c)| O::InsertTenure(a, b, c)),
        2 => (key(), key(), any::<bool>()).prop_map(|(a, b, c)| O::InsertPendingChanges(a, b, c)),
        1 => (key(), key(), any::<bool>()).prop_map(|(a, b, c)| O::UpdatePendingChanges(a, b, c)),
        1 => (key(), key()).prop_map(|(a, b)| O::DeletePendingChanges(a, b)),
        1 => (key(), key(), 0_u32..3).prop_map(|(a, b, c)| O::KeepLatestSessions(a, b, c)),
        2 => (key(), key(), owned()).prop_map(|(a, b, (c, d))| O::InsertPlacedOrder(a, b, c, d)),
        2 => (key(), 1..6_u128, time()).prop_map(|(a, b, c)| O::NoteLookUp(a, b, c)),
    ]
}

fn ordered() -> impl Strategy<Value = Ordered> {
    let named = (
        proptest::option::weighted(0.2, key()),
        proptest::option::weighted(0.1, key()),
        proptest::option::weighted(0.3, key()),
    );
    let record = (key(), prop_oneof![4 => Just(1), 1 => 2..6_u128]);
    let state = prop_oneof![
        2 => Just(SubscriptionState::Active),
        1 => time().prop_map(|ends| SubscriptionState::Trial { ends: moment(ends) }),
        1 => (time(), key()).prop_map(|(at, by)| SubscriptionState::Suspended {
            at: moment(at),
            by: user_id(by),
        }),
        1 => (time(), key())
            .prop_map(|(at, by)| SubscriptionState::Ended { at: moment(at), by: user_id(by) }),
    ];
    let parties = (proptest::option::of(key()), proptest::option::of(record));
    (owned(), named, parties, state).prop_map(
        |((customer, number), (product, account, offer), (seller, record), state)| Ordered {
            customer,
            number,
            // Mostly the billing account that exists from the start.
            named: (product, account.unwrap_or(customer), offer),
            seller,
            record,
            state,
        },
    )
}

/// A key and the key of its owner, mostly the same number as in [`beginning`].
fn owned() -> impl Strategy<Value = (u128, u128)> {
    prop_oneof![3 => key().prop_map(|id| (id, id)), 1 => (key(), key())]
}

/// Reads that need the keys of a history.
fn ending() -> Vec<Operation> {
    (0..4)
        .flat_map(|number| {
            let sequence = i64::try_from(number).ok().map(|number| 3 * number);
            [
                Operation::ReadLink(number),
                Operation::ReadSession(number),
                Operation::ReadFailures(number),
                Operation::ReadMail(number),
                Operation::ReadWaiting(number),
                Operation::ReadAudit(number, Some("a".to_owned()), sequence, 3),
                Operation::ReadAudit(number, None, sequence, 3),
            ]
        })
        .chain((0..16).map(|both| Operation::ReadPlacedOrder(both / 4, both % 4)))
        .collect()
}

/// The rows that most others refer to, so that operations often succeed.
fn beginning() -> Vec<Operation> {
    let name = DisplayName::parse("Harbour Bakery").unwrap();
    (0..3)
        .flat_map(|number| {
            [
                Operation::InsertOrganization(number, number, name.clone()),
                Operation::InsertUser(number, number, number, name.clone()),
                Operation::InsertInvitation(number, 0, number, None),
                Operation::InsertRelationship(number, 0, number),
                Operation::InsertEnquiry(number, 0, number),
                Operation::InsertBillingAccount(number, number),
            ]
        })
        .chain([
            Operation::InsertProduct(Cloud::Worldwide, 0, name.clone()),
            Operation::InsertPartnerAccount(1, 1, name.clone()),
        ])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn all_answers_and_the_content_are_the_same(
        history in proptest::collection::vec(
            proptest::collection::vec(operation(), 1..5),
            1..60,
        ),
    ) {
        let (memory, disk) = (Memory::empty(), OnDisk::empty());
        for operations in std::iter::once(beginning()).chain(history).chain([ending()]) {
            prop_assert_eq!(
                transact(&memory, &operations),
                transact(&disk, &operations),
                "{:?}", operations
            );
        }
        let of = |store: &mut dyn service::Read| Ok(everything(store)?);
        let expected = memory.read(of).unwrap();
        prop_assert_eq!(disk.read(of).unwrap(), expected.clone());
        prop_assert_eq!(disk.reopened().read(of).unwrap(), expected);
    }
}
