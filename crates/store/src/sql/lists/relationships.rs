//! The list of relationships.

use std::sync::LazyLock;

use api::{AgreementState, RelationshipField, RelationshipList};
use rules::{
    InvitationId, Offer, OrganizationId, PartnerType, Relationship, RelationshipFacts,
    RelationshipId, Timestamp,
};
use service::lists::{ListOwner, ListRows, PageRequest, RelationshipRow};
use service::stored::StoredName;

use super::{
    BothSides, ListStatement, Range, Shown, is_one_of, is_one_of_names, place_of, row_sql,
};
use crate::sql::row::{FromRow, RowReader};
use crate::sql::table::{bind, columns_of};
use crate::sql::tables::StoredOrganization;
use crate::sql::{Result, Transaction};

const TABLE: &str = "relationship";
const IDENTITY: &[&str] = &["customer", "id"];

/// Place of the status among those of [`rules::RelationshipStatus`].
const STATUS: &str = "(item.ended_at <= :as_of)";

/// The offer is the latest that was accepted with the relationship and has not been used yet.
/// A later invitation without an offer does not replace it. Relationships of types that do
/// not merge exist side by side, each with its own offer.
static SHOWN: LazyLock<Shown> = LazyLock::new(|| Shown {
    columns: format!(
        "{}, (SELECT COUNT(*) FROM subscription WHERE subscription.customer = item.customer \
         AND subscription.seller = item.partner AND subscription.active_until > :now), \
         EXISTS (SELECT 1 FROM agreement_acceptance \
         WHERE agreement_acceptance.organization = item.customer), \
         offered.id, offered.offer, {}, {}",
        columns_of::<Relationship>("item"),
        columns_of::<StoredOrganization>("customer"),
        columns_of::<StoredOrganization>("partner"),
    ),
    joins: format!(
        "CROSS JOIN organization AS customer ON customer.id = item.customer \
         CROSS JOIN organization AS partner ON partner.id = item.partner \
         LEFT JOIN invitation AS offered ON offered.id = (SELECT invitation.id \
         FROM invitation INDEXED BY invitation_with_offer \
         WHERE invitation.customer = item.customer AND invitation.partner = item.partner \
         AND invitation.offer IS NOT NULL AND invitation.answer = 'accepted' \
         AND invitation.answered_at >= item.since AND item.ended_at = {} \
         AND {} \
         AND NOT EXISTS (SELECT 1 FROM subscription \
         WHERE subscription.customer = invitation.customer \
         AND subscription.offer_of = invitation.id) \
         ORDER BY invitation.id DESC LIMIT 1)",
        i64::MAX,
        merges(),
    ),
});

static ROW: LazyLock<String> = LazyLock::new(|| {
    let condition = "id = :id AND (customer = :organization OR partner = :organization)";
    row_sql(TABLE, IDENTITY, condition, &SHOWN)
});

/// Condition for a relationship and an invitation whose types are one relationship.
fn merges() -> String {
    let cases = PartnerType::ALL.iter().map(|one| {
        let types = PartnerType::ALL.iter();
        let merging = types.filter(|other| one.merged_with(**other).is_some());
        let names: Vec<_> = merging.map(|other| format!("'{}'", other.stored_name())).collect();
        let name = one.stored_name();
        format!(" WHEN '{name}' THEN invitation.partner_type IN ({})", names.join(", "))
    });
    format!("CASE item.partner_type{} END", cases.collect::<String>())
}

/// Place of the state of the agreement among those of [`AgreementState`].
fn agreement() -> String {
    let state = |accepted| {
        let cases = PartnerType::ALL
            .iter()
            .map(|one| (one.stored_name(), AgreementState::of(*one, accepted)))
            .map(|(name, state)| format!(" WHEN '{name}' THEN {}", state as i64));
        format!("CASE item.partner_type{} END", cases.collect::<String>())
    };
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM agreement_acceptance \
         WHERE agreement_acceptance.organization = item.customer \
         AND agreement_acceptance.accepted_at <= :as_of) THEN {} ELSE {} END",
        state(true),
        state(false),
    )
}

impl Transaction<'_> {
    pub(in crate::sql) fn list_relationships(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, RelationshipList>,
    ) -> Result<ListRows<RelationshipRow>> {
        let filter = &page.query.filter;
        let partner_id = filter.partner_id.as_ref();
        let sides = BothSides::of(owner, filter.customer, filter.partner, partner_id);
        let BothSides { organization, condition, name, mut conditions, is_between } = sides;
        let (words, index) = match owner {
            ListOwner::Customer(_) => ("item.partner_words", "relationship_of_customer"),
            ListOwner::Partner(_) => (name, "relationship_of_partner"),
        };
        let index = if is_between { "relationship_between" } else { index };
        conditions.extend(is_one_of(STATUS, filter.status.iter().map(|status| *status as i64)));
        let types = filter.relationship_type.iter().map(StoredName::stored_name);
        conditions.extend(is_one_of_names("item.partner_type", types));
        let first = match page.query.order.field {
            RelationshipField::Partner => None,
            RelationshipField::RelationshipType => {
                let names = PartnerType::ALL.iter().map(StoredName::stored_name);
                Some(place_of("item.partner_type", names))
            }
            RelationshipField::AdminRoles => {
                Some("-held_roles(item.grants, item.ended_at, :as_of)".to_owned())
            }
            RelationshipField::Agreement => Some(agreement()),
            RelationshipField::Since => Some("item.since".to_owned()),
            RelationshipField::Ends => {
                Some("roles_end(item.grants, item.ended_at, :as_of)".to_owned())
            }
            RelationshipField::Status => Some(STATUS.to_owned()),
        };
        let keys = first.into_iter().chain([name.to_owned(), "item.id".to_owned()]).collect();
        let list = ListStatement {
            table: TABLE,
            identity: IDENTITY,
            ranges: vec![Range::new(index, condition)],
            conditions,
            keys,
            words,
            shown: &SHOWN,
            values: bind![
                organization,
                searched_as: organization,
                customer: filter.customer,
                partner: filter.partner,
                partner_id: filter.partner_id,
            ]
            .into(),
        };
        self.page(&list, page)
    }

    pub(in crate::sql) fn relationship_row_of(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
        now: Timestamp,
    ) -> Result<Option<RelationshipRow>> {
        self.one(&ROW, &bind![id, organization, now])
    }
}

impl FromRow for RelationshipRow {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self> {
        let record = row.read()?;
        let (active_subscriptions, agreement_accepted) = row.read()?;
        let (offered_by, offer): (Option<InvitationId>, Option<Offer>) = row.read()?;
        Ok(Self {
            facts: RelationshipFacts { record, active_subscriptions, agreement_accepted, offer },
            customer: row.read()?,
            partner: row.read()?,
            offered_by,
        })
    }
}
