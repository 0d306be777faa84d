//! The list of mails in the outbox.

use std::sync::LazyLock;

use api::{MailStatus, OutboxField, OutboxList};
use rules::OrganizationId;
use service::lists::{ListRows, PageRequest};
use service::model::OutboxMail;
use service::stored::StoredName;

use super::{ListStatement, Range, Shown, is_one_of_names};
use crate::sql::table::{bind, columns_of};
use crate::sql::{Result, Transaction};

static SHOWN: LazyLock<Shown> =
    LazyLock::new(|| Shown { columns: columns_of::<OutboxMail>("item"), joins: String::new() });

impl Transaction<'_> {
    pub(in crate::sql) fn list_mails(
        &mut self,
        organization: Option<OrganizationId>,
        page: &PageRequest<'_, OutboxList>,
    ) -> Result<ListRows<OutboxMail>> {
        let OutboxField::Created = page.query.order.field;
        let statuses = &page.query.filter.status;
        let ranges = match organization {
            None => vec![Range::new("mail_by_time", "TRUE")],
            Some(_) if statuses.is_empty() => {
                vec![Range::new("mail_of_organization", "item.organization = :organization")]
            }
            Some(_) => {
                let condition = |status: &MailStatus| {
                    let name = status.stored_name();
                    format!("item.organization = :organization AND item.status = '{name}'")
                };
                let ranges = statuses.iter();
                ranges.map(|status| Range::new("mail_by_status", condition(status))).collect()
            }
        };
        let names = statuses.iter().map(StoredName::stored_name);
        let list = ListStatement {
            table: "mail",
            identity: &["organization", "id"],
            ranges,
            conditions: is_one_of_names("item.status", names).into_iter().collect(),
            keys: vec!["item.created".to_owned(), "item.id".to_owned()],
            words: "''",
            shown: &SHOWN,
            values: bind![organization].into(),
        };
        self.page(&list, page)
    }
}
