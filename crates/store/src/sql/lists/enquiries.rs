//! The list of enquiries.

use std::sync::LazyLock;

use api::{EnquiryField, EnquiryList};
use rules::{Enquiry, EnquiryFacts, EnquiryId, EnquiryStatus, OrganizationId};
use service::lists::{EnquiryRow, ListOwner, ListRows, PageRequest};
use service::stored::StoredName;

use super::{BothSides, ListStatement, Range, Shown, is_one_of, place_of, row_sql};
use crate::sql::row::{FromRow, RowReader};
use crate::sql::table::{bind, columns_of};
use crate::sql::tables::StoredOrganization;
use crate::sql::{Result, Transaction};

const TABLE: &str = "enquiry";
const IDENTITY: &[&str] = &["customer", "id"];

static SHOWN: LazyLock<Shown> = LazyLock::new(|| Shown {
    columns: format!(
        "{}, {}, {}, author.name",
        columns_of::<Enquiry>("item"),
        columns_of::<StoredOrganization>("customer"),
        columns_of::<StoredOrganization>("partner"),
    ),
    joins: "CROSS JOIN organization AS customer ON customer.id = item.customer \
        CROSS JOIN organization AS partner ON partner.id = item.partner \
        LEFT JOIN account AS author \
        ON author.organization = item.customer AND author.id = item.created_by"
        .to_owned(),
});

static ROW: LazyLock<String> = LazyLock::new(|| {
    let condition = "id = :id AND (customer = :organization OR partner = :organization)";
    row_sql(TABLE, IDENTITY, condition, &SHOWN)
});

/// Place of the status among those of [`EnquiryStatus`].
static STATUS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "CASE WHEN item.answered_at <= :as_of THEN {} WHEN item.expires_at <= :as_of THEN {} \
         WHEN item.read_at <= :as_of THEN {} ELSE {} END",
        place_of("item.answer", EnquiryStatus::ALL.iter().map(StoredName::stored_name)),
        EnquiryStatus::Expired as i64,
        EnquiryStatus::Read as i64,
        EnquiryStatus::Sent as i64,
    )
});

impl Transaction<'_> {
    pub(in crate::sql) fn list_enquiries(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, EnquiryList>,
    ) -> Result<ListRows<EnquiryRow>> {
        let filter = &page.query.filter;
        let sides = BothSides::of(owner, filter.customer, filter.partner, None);
        let BothSides { organization, condition, name, mut conditions, is_between } = sides;
        let index = match owner {
            _ if is_between => "enquiry_between",
            ListOwner::Customer(_) => "enquiry_of_customer",
            ListOwner::Partner(_) => "enquiry_of_partner",
        };
        conditions.extend(is_one_of(&STATUS, filter.status.iter().map(|status| *status as i64)));
        let first = match page.query.order.field {
            EnquiryField::Created => vec!["item.created"],
            EnquiryField::Status => vec![STATUS.as_str(), name],
            EnquiryField::Partner => vec![name],
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
            ]
            .into(),
        };
        self.page(&list, page)
    }

    pub(in crate::sql) fn enquiry_row_of(
        &mut self,
        organization: OrganizationId,
        id: EnquiryId,
    ) -> Result<Option<EnquiryRow>> {
        self.one(&ROW, &bind![id, organization])
    }
}

impl FromRow for EnquiryRow {
    fn from_row(row: &mut RowReader<'_>) -> Result<Self> {
        Ok(Self {
            facts: EnquiryFacts { record: row.read()? },
            customer: row.read()?,
            partner: row.read()?,
            created_by: row.read()?,
        })
    }
}
