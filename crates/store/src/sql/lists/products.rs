//! The list of products. A catalog is small, so that its search looks at each product.

use std::sync::LazyLock;

use api::{ProductField, ProductList};
use rules::Product;
use service::lists::{ListRows, PageRequest, ProductScope};
use service::stored::StoredName;

use super::{ListStatement, Range, Shown};
use crate::sql::table::{bind, columns_of};
use crate::sql::{Result, Transaction};

static SHOWN: LazyLock<Shown> =
    LazyLock::new(|| Shown { columns: columns_of::<Product>("item"), joins: String::new() });

impl Transaction<'_> {
    pub(in crate::sql) fn list_products(
        &mut self,
        scope: &ProductScope,
        page: &PageRequest<'_, ProductList>,
    ) -> Result<ListRows<Product>> {
        let ProductField::Name = page.query.order.field;
        let ranges = scope.clouds.iter().map(|cloud| {
            Range::new("product_by_name", format!("item.cloud = '{}'", cloud.stored_name()))
        });
        let in_currency = "instr(item.currencies, :currency) > 0";
        let list = ListStatement {
            table: "product",
            identity: &["id"],
            ranges: ranges.collect(),
            conditions: scope.currency.iter().map(|_| in_currency.to_owned()).collect(),
            keys: vec!["item.name_key".to_owned(), "item.id".to_owned()],
            words: "item.name_key",
            shown: &SHOWN,
            values: bind![currency: scope.currency].into(),
        };
        self.page(&list, page)
    }
}
