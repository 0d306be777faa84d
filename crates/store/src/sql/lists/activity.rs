//! The list of the audit log's entries.

use std::sync::LazyLock;

use api::{ActivityField, ActivityList, TargetKind};
use rules::OrganizationId;
use service::lists::{ListRows, PageRequest, RestrictedRows};
use service::model::AuditRecord;
use service::stored::StoredName;

use super::{ListStatement, Range, Shown, is_one_of_names};
use crate::sql::table::{bind, columns_of};
use crate::sql::{Result, Transaction};

static SHOWN: LazyLock<Shown> =
    LazyLock::new(|| Shown { columns: columns_of::<AuditRecord>("item"), joins: String::new() });

impl Transaction<'_> {
    pub(in crate::sql) fn list_activity(
        &mut self,
        organization: OrganizationId,
        restricted: RestrictedRows,
        page: &PageRequest<'_, ActivityList>,
    ) -> Result<ListRows<AuditRecord>> {
        let ActivityField::At = page.query.order.field;
        let filter = &page.query.filter;
        let own = "item.organization = :organization";
        let range = |index, column: &str, name: &str| {
            Range::new(index, format!("{own} AND item.{column} = '{name}'"))
        };
        let ranges = if filter.target.is_some() {
            vec![Range::new("audit_by_target", own)]
        } else if filter.user.is_some() {
            vec![Range::new("audit_by_account", own)]
        } else if !filter.action.is_empty() {
            let actions = filter.action.iter();
            actions.map(|one| range("audit_by_action", "action", one.stored_name())).collect()
        } else if !filter.target_kind.is_empty() {
            let kinds = filter.target_kind.iter();
            kinds
                .map(|one| range("audit_by_target_kind", "target_kind", one.stored_name()))
                .collect()
        } else {
            vec![Range::new("", own)]
        };
        let mut conditions = Vec::new();
        conditions.extend(filter.target.as_ref().map(|_| "item.target = :target".to_owned()));
        conditions.extend(filter.user.map(|_| "item.account = :user".to_owned()));
        let actions = filter.action.iter().map(StoredName::stored_name);
        conditions.extend(is_one_of_names("item.action", actions));
        let kinds = filter.target_kind.iter().map(StoredName::stored_name);
        conditions.extend(is_one_of_names("item.target_kind", kinds));
        if restricted == RestrictedRows::Hidden {
            conditions.push(format!("item.target_kind <> '{}'", TargetKind::Enquiry.stored_name()));
        }
        let target = filter.target.as_ref().map(api::FilterText::as_str);
        let list = ListStatement {
            table: "audit",
            identity: &["organization", "sequence"],
            ranges,
            conditions,
            keys: vec!["item.sequence".to_owned()],
            words: "item.words",
            shown: &SHOWN,
            values: bind![
                organization,
                searched_as: organization,
                target,
                user: filter.user,
            ]
            .into(),
        };
        self.page(&list, page)
    }
}
