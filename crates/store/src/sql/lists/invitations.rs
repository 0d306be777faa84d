//! The list of invitations.

use std::sync::{Arc, LazyLock};

use api::{InvitationField, InvitationList};
use rules::{Invitation, InvitationFacts, InvitationId, InvitationStatus, OrganizationId};
use service::lists::{InvitationRow, ListOwner, ListRows, PageRequest, RestrictedRows};
use service::model::Organization;
use service::stored::StoredName;

use super::{BothSides, ListStatement, Range, Shown, is_one_of, place_of, row_sql};
use crate::sql::row::{FromRow, RowReader};
use crate::sql::table::{bind, columns_of};
use crate::sql::tables::StoredOrganization;
use crate::sql::{Result, Transaction};

const TABLE: &str = "invitation";
const IDENTITY: &[&str] = &["customer", "id"];

static SHOWN: LazyLock<Shown> = LazyLock::new(|| Shown {
    columns: format!(
        "{}, {}, {}, answerer.name",
        columns_of::<Invitation>("item"),
        columns_of::<StoredOrganization>("customer"),
        columns_of::<StoredOrganization>("partner"),
    ),
    joins: "CROSS JOIN organization AS customer ON customer.id = item.customer \
        CROSS JOIN organization AS partner ON partner.id = item.partner \
        LEFT JOIN account AS answerer ON answerer.organization = \
        CASE item.answer WHEN 'withdrawn' THEN item.partner ELSE item.customer END \
        AND answerer.id = item.answered_by"
        .to_owned(),
});

static ROW: LazyLock<String> = LazyLock::new(|| {
    let condition = "id = :id AND (customer = :organization OR partner = :organization)";
    row_sql(TABLE, IDENTITY, condition, &SHOWN)
});

/// Place of the status among those of [`InvitationStatus`].
static STATUS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "CASE WHEN item.answered_at <= :as_of THEN {} WHEN item.expires_at <= :as_of THEN {} \
         WHEN item.sent_at <= :as_of THEN {} ELSE {} END",
        place_of("item.answer", InvitationStatus::ALL.iter().map(StoredName::stored_name)),
        InvitationStatus::Expired as i64,
        InvitationStatus::Sent as i64,
        InvitationStatus::Draft as i64,
    )
});

/// Condition for what was sent, or was sent before it was withdrawn.
const WAS_SENT: &str = "item.sent_at IS NOT NULL";

impl Transaction<'_> {
    pub(in crate::sql) fn list_invitations(
        &mut self,
        owner: ListOwner,
        restricted: RestrictedRows,
        page: &PageRequest<'_, InvitationList>,
    ) -> Result<ListRows<InvitationRow>> {
        let filter = &page.query.filter;
        let partner_id = filter.partner_id.as_ref();
        let sides = BothSides::of(owner, filter.customer, filter.partner, partner_id);
        let BothSides { organization, condition, name, mut conditions, is_between } = sides;
        let index = match owner {
            _ if filter.enquiry.is_some() => "invitation_by_enquiry",
            _ if is_between => "invitation_between",
            ListOwner::Customer(_) => "invitation_of_customer",
            ListOwner::Partner(_) => "invitation_of_partner",
        };
        conditions.extend(filter.enquiry.map(|_| "item.enquiry = :enquiry".to_owned()));
        conditions.extend(is_one_of(&STATUS, filter.status.iter().map(|status| *status as i64)));
        match (owner, restricted) {
            (ListOwner::Partner(_), RestrictedRows::Shown) => {}
            (ListOwner::Partner(_), RestrictedRows::Hidden) | (ListOwner::Customer(_), _) => {
                conditions.push(WAS_SENT.to_owned());
            }
        }
        let first = match page.query.order.field {
            InvitationField::Created => vec!["item.created"],
            InvitationField::Status => vec![STATUS.as_str(), name],
            InvitationField::Partner => vec![name],
        };
        let keys = first.into_iter().chain(["item.id"]).map(str::to_owned).collect();
        let list = ListStatement {
            table: TABLE,
            identity: IDENTITY,
            ranges: vec![Range::new(index, condition)],
            conditions,
            keys,
            words: name,
            shown: &SHOWN,
            values: bind![
                organization,
                searched_as: organization,
                customer: filter.customer,
                partner: filter.partner,
                partner_id: filter.partner_id,
                enquiry: filter.enquiry,
            ]
            .into(),
        };
        self.page(&list, page)
    }

    pub(in crate::sql) fn invitation_row_of(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<InvitationRow>> {
        self.one(&ROW, &bind![id, organization])
    }
}

impl FromRow for InvitationRow {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self> {
        let record = row.read()?;
        let customer: Arc<Organization> = row.read()?;
        Ok(Self {
            facts: InvitationFacts { record, customer_domain: customer.domain().clone() },
            customer,
            partner: row.read()?,
            answered_by: row.read()?,
        })
    }
}
