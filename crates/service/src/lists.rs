//! Pages of lists: what a use case asks the store for, and what it answers.
//!
//! A page costs the same whatever the size of the list. The rows are read in the order of an
//! index, beginning after the sort keys of the last row of the previous page, with all that
//! they show. What depends on the time is decided for the time of the first page, and a row
//! that ended later counts as what it was, so that no row is missing or appears twice while
//! rows are added and ended between two pages.

use std::sync::Arc;

use api::{
    ActivityField, ActivityList, EnquiryField, EnquiryList, FieldProblem, InvitationField,
    InvitationList, List, ListQuery, OutboxField, OutboxList, Page, ProductField, ProductList,
    RelationshipField, RelationshipList, SkipToken, SortKey, SubscriptionField, SubscriptionList,
};
use rules::{
    CountryCode, Currency, DisplayName, FieldError, InvitationFacts, InvitationId, OrganizationId,
    OrganizationKind, RelationshipFacts, SubscriptionFacts, Timestamp,
};

use crate::model::Organization;
use crate::{Caller, Error, Result, StoreError};

/// Request for a page of a list.
#[derive(Clone, Copy, Debug)]
pub struct PageRequest<'a, L: List> {
    /// Search, filter, order and start of the page.
    pub query: &'a ListQuery<L>,
    /// Time of the first page.
    pub as_of: Timestamp,
    /// Current time, for what the rows show.
    pub now: Timestamp,
    /// Maximum number of rows: one more than the page shows, to know whether there is another.
    pub limit: u32,
}

/// Organization whose list it is, with the side on which it stands in the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListOwner {
    /// Customer.
    Customer(OrganizationId),
    /// Partner.
    Partner(OrganizationId),
}

impl ListOwner {
    /// Returns the caller's organization.
    pub(crate) fn of(caller: &Caller) -> Self {
        match caller.organization.kind() {
            OrganizationKind::Customer => Self::Customer(caller.organization.id()),
            OrganizationKind::Partner => Self::Partner(caller.organization.id()),
        }
    }
}

/// Rows that only some roles may see: invitations that were never sent, and log entries about
/// enquiries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestrictedRows {
    /// The list has them.
    Shown,
    /// The list is without them.
    Hidden,
}

/// A row of a list, with the values by which it is sorted. The last key is the row's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedRow<R> {
    /// Row.
    pub row: R,
    /// Sort keys.
    pub keys: Vec<SortKey>,
}

/// Rows of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRows<R> {
    /// Rows, in order.
    pub rows: Vec<ListedRow<R>>,
    /// Number of rows of all pages, if the query asks for it; at most
    /// [`ListQuery::COUNT_MAX`] + 1, which stands for any larger number.
    pub count: Option<u32>,
}

/// A relationship with all that a list shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipRow {
    /// Relationship, with the facts about it.
    pub facts: RelationshipFacts,
    /// Customer.
    pub customer: Arc<Organization>,
    /// Partner.
    pub partner: Arc<Organization>,
    /// Invitation with the open offer.
    pub offered_by: Option<InvitationId>,
}

/// An invitation with all that a list shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Invitation, with the facts about it.
    pub facts: InvitationFacts,
    /// Customer.
    pub customer: Arc<Organization>,
    /// Partner.
    pub partner: Arc<Organization>,
    /// Name of the user who answered or withdrew it.
    pub answered_by: Option<DisplayName>,
}

/// An enquiry with all that a list shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnquiryRow {
    /// Enquiry, with the facts about it.
    pub facts: rules::EnquiryFacts,
    /// Customer.
    pub customer: Arc<Organization>,
    /// Partner.
    pub partner: Arc<Organization>,
    /// Name of the user who sent it.
    pub created_by: Option<DisplayName>,
}

/// A subscription with all that a list shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Subscription, with the facts about it.
    pub facts: SubscriptionFacts,
    /// Name of the customer.
    pub customer_name: DisplayName,
    /// Name of the seller.
    pub seller_name: Option<DisplayName>,
    /// Name of the billing account.
    pub billing_account_name: DisplayName,
    /// Name of the user who created it.
    pub created_by: Option<DisplayName>,
    /// Names of the partner of record.
    pub partner_of_record: Option<PartnerOfRecordNames>,
}

/// What a list shows of a partner of record, apart from the ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerOfRecordNames {
    /// Name of the partner.
    pub partner: DisplayName,
    /// Name of the account of the Partner ID.
    pub account: DisplayName,
    /// Country or region of that account.
    pub country: CountryCode,
    /// City of that account.
    pub city: Option<DisplayName>,
    /// Name of the user who set it.
    pub set_by: Option<DisplayName>,
}

/// Products of a list: those of these clouds, sold in this currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductScope {
    /// Clouds.
    pub clouds: Vec<rules::Cloud>,
    /// Currency in which a product must have a price. `None` for all products.
    pub currency: Option<Currency>,
}

/// Type of a sort key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A number.
    Integer,
    /// A text.
    Text,
}

/// A list whose rows are sorted by keys.
pub trait SortedList: List {
    /// Returns the types of the sort keys of an order, of which the last is the row's id.
    fn key_kinds(field: Self::Field) -> &'static [KeyKind];
}

const BY_NAME: &[KeyKind] = &[KeyKind::Text, KeyKind::Text];
const BY_NUMBER: &[KeyKind] = &[KeyKind::Integer, KeyKind::Text];
const BY_NUMBER_AND_NAME: &[KeyKind] = &[KeyKind::Integer, KeyKind::Text, KeyKind::Text];

impl SortedList for RelationshipList {
    fn key_kinds(field: RelationshipField) -> &'static [KeyKind] {
        match field {
            RelationshipField::Partner => BY_NAME,
            RelationshipField::RelationshipType
            | RelationshipField::AdminRoles
            | RelationshipField::Agreement
            | RelationshipField::Since
            | RelationshipField::Ends
            | RelationshipField::Status => BY_NUMBER_AND_NAME,
        }
    }
}

impl SortedList for InvitationList {
    fn key_kinds(field: InvitationField) -> &'static [KeyKind] {
        match field {
            InvitationField::Created => BY_NUMBER,
            InvitationField::Status => BY_NUMBER_AND_NAME,
            InvitationField::Partner => BY_NAME,
        }
    }
}

impl SortedList for EnquiryList {
    fn key_kinds(field: EnquiryField) -> &'static [KeyKind] {
        match field {
            EnquiryField::Created => BY_NUMBER,
            EnquiryField::Status => BY_NUMBER_AND_NAME,
            EnquiryField::Partner => BY_NAME,
        }
    }
}

impl SortedList for SubscriptionList {
    fn key_kinds(field: SubscriptionField) -> &'static [KeyKind] {
        match field {
            SubscriptionField::Product => BY_NAME,
            SubscriptionField::Renews | SubscriptionField::Status => BY_NUMBER_AND_NAME,
        }
    }
}

impl SortedList for ProductList {
    fn key_kinds(field: ProductField) -> &'static [KeyKind] {
        match field {
            ProductField::Name => BY_NAME,
        }
    }
}

impl SortedList for ActivityList {
    fn key_kinds(field: ActivityField) -> &'static [KeyKind] {
        match field {
            ActivityField::At => &[KeyKind::Integer],
        }
    }
}

impl SortedList for OutboxList {
    fn key_kinds(field: OutboxField) -> &'static [KeyKind] {
        match field {
            OutboxField::Created => BY_NUMBER,
        }
    }
}

/// Loads a page of the list at `path`, and converts its rows for the API.
///
/// # Errors
/// An invalid field if the skip token is not from a page with this order.
pub(crate) fn load_page<L: SortedList, R, T>(
    query: &ListQuery<L>,
    path: &str,
    now: Timestamp,
    load: impl FnOnce(&PageRequest<'_, L>) -> std::result::Result<ListRows<R>, StoreError>,
    convert: impl FnMut(R) -> Result<T>,
) -> Result<Page<T>> {
    let as_of = match &query.skip {
        None => now,
        Some(token) if fits::<L>(token, query.order.field, now) => token.as_of,
        Some(_) => return Err(invalid_token()),
    };
    // One more row than requested shows whether there is a next page.
    let limit = query.top.saturating_add(1);
    let mut found = load(&PageRequest { query, as_of, now, limit })?;
    let has_more = found.rows.len() > query.top as usize;
    found.rows.truncate(query.top as usize);
    let last = found.rows.last().filter(|_| has_more);
    let next_link = last.map(|last| {
        let token = SkipToken { as_of, keys: last.keys.clone() };
        query.next_link(path, token)
    });
    let count = found.count.filter(|count| *count <= ListQuery::<L>::COUNT_MAX).map(u64::from);
    let value = found.rows.into_iter().map(|listed| listed.row).map(convert).collect::<Result<_>>();
    Ok(Page { value: value?, next_link, count })
}

/// Returns whether a page with this order can start at a token.
fn fits<L: SortedList>(token: &SkipToken, field: L::Field, now: Timestamp) -> bool {
    let kinds = token.keys.iter().map(|key| match key {
        SortKey::Integer(_) => KeyKind::Integer,
        SortKey::Text(_) => KeyKind::Text,
    });
    token.as_of <= now && kinds.eq(L::key_kinds(field).iter().copied())
}

/// Returns the keys of a token that has this many numbers.
pub(crate) fn integer_keys<const N: usize>(token: &SkipToken) -> Result<[i64; N]> {
    let key = |key: &SortKey| match key {
        SortKey::Integer(number) => Some(*number),
        SortKey::Text(_) => None,
    };
    let keys: Option<Vec<_>> = token.keys.iter().map(key).collect();
    keys.and_then(|keys| keys.try_into().ok()).ok_or_else(invalid_token)
}

/// Returns the error for a skip token that does not fit the query.
pub(crate) fn invalid_token() -> Error {
    vec![FieldProblem { field: "skiptoken", error: FieldError::NotAnOption }].into()
}
