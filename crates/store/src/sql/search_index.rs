//! The index of words that lists find their rows by (`search_word`).
//!
//! The words of a row follow from its columns. Saving a row reads its words before and after,
//! and writes the difference.

use std::collections::BTreeSet;

use rules::{EnquiryId, InvitationId, OrganizationId, RelationshipId, SubscriptionId};

use super::table::{NamedValue, bind, encode, insert, statements};
use super::tables::SearchWordRow;
use super::{Result, Transaction};

statements! {
    RELATIONSHIP_WORDS = both_sides("relationship", "partner_words");
    INVITATION_WORDS = both_sides("invitation", "partner_key");
    ENQUIRY_WORDS = both_sides("enquiry", "partner_key");
    SUBSCRIPTION_WORDS = "SELECT customer, product_key || ' ' || record_words FROM subscription \
        WHERE customer = :customer AND id = :id \
        UNION ALL SELECT seller, product_key || ' ' || customer_key FROM subscription \
        WHERE customer = :customer AND id = :id AND seller IS NOT NULL \
        UNION ALL SELECT partner_of_record, \
        product_key || ' ' || customer_key || ' ' || record_words FROM subscription \
        WHERE customer = :customer AND id = :id AND partner_of_record IS NOT NULL";
    INSERT_WORD = insert::<SearchWordRow>();
    DELETE_WORD = "DELETE FROM search_word WHERE list = :list \
        AND organization = :organization AND word = :word AND item = :item";
}

/// Returns the query of a row's words by organization: the customer finds it by the words of
/// its partner, and the partner by those of its customer.
fn both_sides(table: &str, partner_words: &str) -> String {
    let this = format!("FROM {table} WHERE customer = :customer AND id = :id");
    format!("SELECT customer, {partner_words} {this} UNION ALL SELECT partner, customer_key {this}")
}

/// A row of a list that is found by its words.
pub(super) struct IndexedRow<'a> {
    list: &'static str,
    words: &'static str,
    key: [NamedValue<'a>; 2],
    item: String,
}

/// Makes the constructors of rows.
macro_rules! indexed_rows {
    ($($name:ident: $id:ident, $list:literal, $words:ident;)+) => {$(
        pub(super) fn $name<'a>(
            customer: &'a OrganizationId,
            id: &'a $id,
        ) -> Result<IndexedRow<'a>> {
            Ok(IndexedRow {
                list: $list,
                words: &$words,
                key: [(":customer", encode(customer)?), (":id", encode(id)?)],
                item: id.to_string(),
            })
        }
    )+};
}

indexed_rows! {
    relationship: RelationshipId, "relationship", RELATIONSHIP_WORDS;
    invitation: InvitationId, "invitation", INVITATION_WORDS;
    enquiry: EnquiryId, "enquiry", ENQUIRY_WORDS;
    subscription: SubscriptionId, "subscription", SUBSCRIPTION_WORDS;
}

/// Words by organization.
type Words = BTreeSet<(String, String)>;

impl Transaction<'_> {
    /// Saves a new row, and adds its words.
    pub(super) fn insert_indexed(
        &mut self,
        row: &IndexedRow<'_>,
        save: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        save(self)?;
        let words = self.words(row)?;
        self.replace_words(row, &Words::new(), &words)
    }

    /// Saves a changed row, and replaces its words.
    pub(super) fn update_indexed(
        &mut self,
        row: &IndexedRow<'_>,
        save: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let before = self.words(row)?;
        save(self)?;
        let after = self.words(row)?;
        self.replace_words(row, &before, &after)
    }

    fn words(&mut self, row: &IndexedRow<'_>) -> Result<Words> {
        let mut found = Words::new();
        self.for_each(row.words, &row.key, |(organization, words): (String, String)| {
            let words = words.split(' ').filter(|word| !word.is_empty());
            found.extend(words.map(|word| (organization.clone(), word.to_owned())));
        })?;
        Ok(found)
    }

    fn replace_words(&mut self, row: &IndexedRow<'_>, before: &Words, after: &Words) -> Result<()> {
        let (list, item) = (row.list, &row.item);
        for (organization, word) in before.difference(after) {
            self.execute(&DELETE_WORD, &bind![list, organization, word, item])?;
        }
        for (organization, word) in after.difference(before) {
            self.execute(&INSERT_WORD, &bind![list, organization, word, item])?;
        }
        Ok(())
    }

    /// Adds the words of an entry of an organization's audit log.
    pub(super) fn index_audit_entry(
        &mut self,
        organization: OrganizationId,
        sequence: i64,
        words: &str,
    ) -> Result<()> {
        let (list, item) = ("audit", sequence.to_string());
        let words: BTreeSet<_> = words.split(' ').filter(|word| !word.is_empty()).collect();
        for word in words {
            self.execute(&INSERT_WORD, &bind![list, organization, word, item: &item])?;
        }
        Ok(())
    }
}
