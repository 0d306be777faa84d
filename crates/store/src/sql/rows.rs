//! Columns of the tables, and the conversion of rows to values. Columns are parsed as
//! strictly as user input; a column that does not parse is an error that names the column,
//! never a panic.

use std::fmt::Display;
use std::str::FromStr;

use rules::{
    AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount, Enquiry, Invitation,
    Money, PartnerAccount, PartnerId, PartnerOfRecord, PastPartnerOfRecord, Product, Profile,
    Relationship, Subscription, Timestamp,
};
use service::model::{
    AuditRecord, Organization, OutboxMail, PasswordHash, PlacedOrder, Session, SignInFailures, User,
};
use service::{StoreError, TokenHash};

type Result<T> = std::result::Result<T, StoreError>;

/// A borrowed value of a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ColumnValue<'a> {
    /// NULL.
    Null,
    /// An INTEGER.
    Integer(i64),
    /// A TEXT.
    Text(&'a str),
    /// Any other type, which the tables never hold, with its name.
    Other(&'static str),
}

/// A borrowed row.
pub(crate) trait SqlRow {
    /// Returns the value of a column, counted from 0.
    fn column(&self, index: usize) -> ColumnValue<'_>;
    /// Returns the name of a column, counted from 0.
    fn name(&self, index: usize) -> &str;
}

/// Reads the columns of a row one after the other.
pub(crate) struct RowReader<'a> {
    row: &'a dyn SqlRow,
    next: usize,
}

impl<'a> RowReader<'a> {
    /// Starts at the first column.
    pub(crate) fn new(row: &'a dyn SqlRow) -> Self {
        Self { row, next: 0 }
    }

    fn take(&mut self) -> ColumnValue<'a> {
        let column = self.row.column(self.next);
        self.next += 1;
        column
    }

    /// Returns an error about the column that was read last.
    fn invalid(&self, why: impl Display) -> StoreError {
        let name = self.row.name(self.next.saturating_sub(1));
        StoreError::Engine(format!("the column {name} does not hold what the program wrote: {why}"))
    }

    fn optional_text(&mut self) -> Result<Option<&'a str>> {
        match self.take() {
            ColumnValue::Null => Ok(None),
            ColumnValue::Text(text) => Ok(Some(text)),
            ColumnValue::Integer(_) => Err(self.invalid("an integer where text belongs")),
            ColumnValue::Other(kind) => Err(self.invalid(kind)),
        }
    }

    fn text(&mut self) -> Result<&'a str> {
        self.optional_text()?.ok_or_else(|| self.invalid("nothing where text belongs"))
    }

    fn string(&mut self) -> Result<String> {
        self.text().map(str::to_owned)
    }

    fn optional_integer(&mut self) -> Result<Option<i64>> {
        match self.take() {
            ColumnValue::Null => Ok(None),
            ColumnValue::Integer(integer) => Ok(Some(integer)),
            ColumnValue::Text(_) => Err(self.invalid("text where an integer belongs")),
            ColumnValue::Other(kind) => Err(self.invalid(kind)),
        }
    }

    fn integer(&mut self) -> Result<i64> {
        self.optional_integer()?.ok_or_else(|| self.invalid("nothing where an integer belongs"))
    }

    fn unsigned(&mut self) -> Result<u32> {
        let integer = self.integer()?;
        u32::try_from(integer).map_err(|error| self.invalid(error))
    }

    fn optional_timestamp(&mut self) -> Result<Option<Timestamp>> {
        let Some(milliseconds) = self.optional_integer()? else {
            return Ok(None);
        };
        let timestamp = Timestamp::from_milliseconds(milliseconds);
        // The constructor clamps values out of range; in a column they are damage.
        if timestamp.milliseconds() == milliseconds {
            Ok(Some(timestamp))
        } else {
            Err(self.invalid("not a moment between 1970 and 9999"))
        }
    }

    fn timestamp(&mut self) -> Result<Timestamp> {
        self.optional_timestamp()?.ok_or_else(|| self.invalid("nothing where a moment belongs"))
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self) -> Result<T> {
        self.text()?.parse().map_err(|error| self.invalid(error))
    }

    fn optional_parsed<T: FromStr<Err: Display>>(&mut self) -> Result<Option<T>> {
        self.optional_text()?
            .map(|text| text.parse().map_err(|error| self.invalid(error)))
            .transpose()
    }

    /// Parses a text; an empty one is `None`.
    fn parsed_unless_empty<T: FromStr<Err: Display>>(&mut self) -> Result<Option<T>> {
        let text = self.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|error| self.invalid(error))
    }

    fn boolean(&mut self) -> Result<bool> {
        match self.integer()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.invalid(format_args!("{other} where 0 or 1 belongs"))),
        }
    }

    fn optional_json<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>> {
        self.optional_text()?
            .map(|text| serde_json::from_str(text).map_err(|error| self.invalid(error)))
            .transpose()
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        serde_json::from_str(self.text()?).map_err(|error| self.invalid(error))
    }
}

/// Lists the columns of a table, in the order in which rows are read and written.
macro_rules! columns {
    (organization) => {
        "id, kind, name, domain, country, clouds, created, partner_facts"
    };
    (account) => {
        "organization, id, email, name, password, roles, language, created"
    };
    (session) => {
        "token, organization, account, created, expires"
    };
    (agreement_document) => {
        "cloud, version, language, title, body, hash, added"
    };
    (agreement_acceptance) => {
        "organization, id, version, language, hash, accepted_at, accepted_by, \
         accepted_by_name, invitation"
    };
    (invitation) => {
        "customer, id, cloud, partner, partner_type, admin_roles, recipient, recipient_name, \
         language, message, enquiry, terms, offer, created, created_by, state, version"
    };
    (enquiry) => {
        "customer, id, cloud, partner, country, city, organization_size, needs, contact_name, \
         contact_email, contact_phone, created, created_by, state, version"
    };
    (partner_profile) => {
        "partner, description, locations, services, industries, sizes, countries, listed, version"
    };
    (relationship) => {
        "customer, id, cloud, partner, partner_type, grants, since, invitation, state, version"
    };
    (product) => {
        "id, cloud, name, description, prices, version"
    };
    (billing_account) => {
        "organization, id, name, currency, created"
    };
    (partner_account) => {
        "partner_id, partner, kind, name, country, city"
    };
    (subscription) => {
        "customer, id, cloud, product, product_name, quantity, term, unit_price, currency, \
         billing_account, seller, offer_of, state, partner_id, partner_of_record, \
         partner_since, partner_set_by, created, created_by, created_by_organization, version"
    };
    (partner_tenure) => {
        "customer, subscription, number, partner_id, partner_of_record, partner_since, \
         partner_set_by, ended, ended_by"
    };
    (placed_order) => {
        "organization, request, digest, customer, subscription, placed"
    };
    (partner_look_up) => {
        "organization, partner_id, looked_up"
    };
    (audit) => {
        "organization, sequence, target, content, hash"
    };
    (mail) => {
        "organization, id, recipient, recipient_name, language, subject, body_text, body_html, \
         created, status, attempts, next_attempt, last_error, invitation"
    };
}

pub(super) use columns;

// The fields below must be in the order of the columns above, because Rust evaluates them
// in the order in which they are written.

pub(super) fn organization(row: &mut RowReader<'_>) -> Result<Organization> {
    Ok(Organization {
        id: row.parsed()?,
        kind: row.parsed()?,
        name: row.parsed()?,
        domain: row.parsed()?,
        country: row.parsed()?,
        clouds: row.json()?,
        created: row.timestamp()?,
        partner: row.optional_json()?,
    })
}

pub(super) fn user(row: &mut RowReader<'_>) -> Result<User> {
    Ok(User {
        organization: row.parsed()?,
        id: row.parsed()?,
        email: row.parsed()?,
        name: row.parsed()?,
        password: PasswordHash(row.string()?),
        roles: row.json()?,
        language: row.parsed()?,
        created: row.timestamp()?,
    })
}

pub(super) fn session(row: &mut RowReader<'_>) -> Result<Session> {
    Ok(Session {
        token: TokenHash::from_stored(row.string()?),
        organization: row.parsed()?,
        user: row.parsed()?,
        created: row.timestamp()?,
        expires: row.timestamp()?,
    })
}

pub(super) fn sign_in_failures(row: &mut RowReader<'_>) -> Result<SignInFailures> {
    Ok(SignInFailures { count: row.unsigned()?, last: row.timestamp()? })
}

pub(super) fn agreement_version(row: &mut RowReader<'_>) -> Result<AgreementVersion> {
    row.unsigned()
}

pub(super) fn agreement_document(row: &mut RowReader<'_>) -> Result<AgreementDocument> {
    Ok(AgreementDocument {
        cloud: row.parsed()?,
        version: row.unsigned()?,
        language: row.parsed()?,
        title: row.parsed()?,
        body: row.string()?,
        hash: row.parsed()?,
        added: row.timestamp()?,
    })
}

pub(super) fn acceptance(row: &mut RowReader<'_>) -> Result<AgreementAcceptance> {
    Ok(AgreementAcceptance {
        organization: row.parsed()?,
        id: row.parsed()?,
        version: row.unsigned()?,
        language: row.parsed()?,
        hash: row.parsed()?,
        at: row.timestamp()?,
        by: row.parsed()?,
        by_name: row.parsed()?,
        invitation: row.optional_parsed()?,
    })
}

pub(super) fn invitation(row: &mut RowReader<'_>) -> Result<Invitation> {
    Ok(Invitation {
        customer: row.parsed()?,
        id: row.parsed()?,
        cloud: row.parsed()?,
        partner: row.parsed()?,
        partner_type: row.parsed()?,
        admin_roles: row.json()?,
        recipient: row.parsed_unless_empty()?,
        recipient_name: row.parsed_unless_empty()?,
        language: row.parsed()?,
        message: row.optional_parsed()?,
        enquiry: row.optional_parsed()?,
        terms: row.optional_parsed()?,
        offer: row.optional_json()?,
        created: row.timestamp()?,
        created_by: row.parsed()?,
        state: row.json()?,
        version: row.integer()?,
    })
}

pub(super) fn relationship(row: &mut RowReader<'_>) -> Result<Relationship> {
    Ok(Relationship {
        customer: row.parsed()?,
        id: row.parsed()?,
        cloud: row.parsed()?,
        partner: row.parsed()?,
        partner_type: row.parsed()?,
        grants: row.json()?,
        since: row.timestamp()?,
        invitation: row.optional_parsed()?,
        state: row.json()?,
        version: row.integer()?,
    })
}

pub(super) fn enquiry(row: &mut RowReader<'_>) -> Result<Enquiry> {
    Ok(Enquiry {
        customer: row.parsed()?,
        id: row.parsed()?,
        cloud: row.parsed()?,
        partner: row.parsed()?,
        country: row.parsed()?,
        city: row.optional_parsed()?,
        size: row.parsed()?,
        needs: row.parsed()?,
        contact_name: row.parsed()?,
        contact_email: row.parsed()?,
        contact_phone: row.optional_parsed()?,
        created: row.timestamp()?,
        created_by: row.parsed()?,
        state: row.json()?,
        version: row.integer()?,
    })
}

pub(super) fn profile(row: &mut RowReader<'_>) -> Result<Profile> {
    Ok(Profile {
        partner: row.parsed()?,
        description: row.optional_parsed()?,
        locations: row.json()?,
        services: row.json()?,
        industries: row.json()?,
        sizes: row.json()?,
        countries: row.json()?,
        listed: row.boolean()?,
        version: row.integer()?,
    })
}

/// Reads the place of a profile.
pub(crate) fn profile_place(row: &mut RowReader<'_>) -> Result<i64> {
    row.integer()
}

/// Reads an organization, followed by its profile.
pub(super) fn partner_with_profile(row: &mut RowReader<'_>) -> Result<(Organization, Profile)> {
    Ok((organization(row)?, profile(row)?))
}

pub(super) fn product(row: &mut RowReader<'_>) -> Result<Product> {
    Ok(Product {
        id: row.parsed()?,
        cloud: row.parsed()?,
        name: row.parsed()?,
        description: row.parsed()?,
        prices: row.json()?,
        version: row.integer()?,
    })
}

pub(super) fn billing_account(row: &mut RowReader<'_>) -> Result<BillingAccount> {
    Ok(BillingAccount {
        organization: row.parsed()?,
        id: row.parsed()?,
        name: row.parsed()?,
        currency: row.parsed()?,
        created: row.timestamp()?,
    })
}

/// Reads a partner account, followed by the clouds of its partner.
pub(super) fn partner_account(row: &mut RowReader<'_>) -> Result<PartnerAccount> {
    Ok(PartnerAccount {
        partner_id: row.parsed()?,
        partner: row.parsed()?,
        kind: row.parsed()?,
        name: row.parsed()?,
        country: row.parsed()?,
        city: row.optional_parsed()?,
        clouds: row.json()?,
    })
}

pub(super) fn subscription(row: &mut RowReader<'_>) -> Result<Subscription> {
    Ok(Subscription {
        customer: row.parsed()?,
        id: row.parsed()?,
        cloud: row.parsed()?,
        product: row.optional_parsed()?,
        product_name: row.parsed()?,
        quantity: row.unsigned()?,
        term: row.parsed()?,
        unit_price: unit_price(row)?,
        billing_account: row.parsed()?,
        seller: row.optional_parsed()?,
        offer_of: row.optional_parsed()?,
        state: row.json()?,
        partner_of_record: partner_of_record(row)?,
        created: row.timestamp()?,
        created_by: row.parsed()?,
        created_by_organization: row.parsed()?,
        version: row.integer()?,
    })
}

fn unit_price(row: &mut RowReader<'_>) -> Result<Option<Money>> {
    match (row.optional_integer()?, row.optional_parsed()?) {
        (Some(amount), Some(currency)) => Ok(Some(Money { amount, currency })),
        (None, None) => Ok(None),
        _ => Err(row.invalid("an amount and its currency belong together")),
    }
}

fn partner_of_record(row: &mut RowReader<'_>) -> Result<Option<PartnerOfRecord>> {
    let values = (
        row.optional_parsed()?,
        row.optional_parsed()?,
        row.optional_timestamp()?,
        row.optional_parsed()?,
    );
    match values {
        (Some(partner_id), Some(partner), Some(since), Some(set_by)) => {
            Ok(Some(PartnerOfRecord { partner_id, partner, since, set_by }))
        }
        (None, None, None, None) => Ok(None),
        _ => Err(row.invalid("the columns of a partner of record belong together")),
    }
}

pub(super) fn tenure(row: &mut RowReader<'_>) -> Result<PastPartnerOfRecord> {
    Ok(PastPartnerOfRecord {
        customer: row.parsed()?,
        subscription: row.parsed()?,
        number: row.integer()?,
        record: PartnerOfRecord {
            partner_id: row.parsed()?,
            partner: row.parsed()?,
            since: row.timestamp()?,
            set_by: row.parsed()?,
        },
        until: row.timestamp()?,
        ended_by: row.parsed()?,
    })
}

pub(super) fn placed_order(row: &mut RowReader<'_>) -> Result<PlacedOrder> {
    Ok(PlacedOrder {
        organization: row.parsed()?,
        request: row.parsed()?,
        digest: row.string()?,
        customer: row.parsed()?,
        subscription: row.parsed()?,
        at: row.timestamp()?,
    })
}

pub(super) fn look_up(row: &mut RowReader<'_>) -> Result<(PartnerId, Timestamp)> {
    Ok((row.parsed()?, row.timestamp()?))
}

/// Reads a number of rows.
pub(super) fn count(row: &mut RowReader<'_>) -> Result<u32> {
    row.unsigned()
}

pub(super) fn audit(row: &mut RowReader<'_>) -> Result<AuditRecord> {
    Ok(AuditRecord {
        organization: row.parsed()?,
        sequence: row.integer()?,
        target: row.string()?,
        content: row.string()?,
        hash: row.string()?,
    })
}

pub(super) fn mail(row: &mut RowReader<'_>) -> Result<OutboxMail> {
    Ok(OutboxMail {
        organization: row.parsed()?,
        id: row.parsed()?,
        to: row.parsed()?,
        to_name: row.parsed()?,
        language: row.parsed()?,
        subject: row.string()?,
        text: row.string()?,
        html: row.string()?,
        created: row.timestamp()?,
        status: row.parsed()?,
        attempts: row.unsigned()?,
        next: row.timestamp()?,
        last_error: row.optional_text()?.map(str::to_owned),
        invitation: row.optional_parsed()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct TestRow(Vec<(&'static str, ColumnValue<'static>)>);

    impl SqlRow for TestRow {
        fn column(&self, index: usize) -> ColumnValue<'_> {
            self.0[index].1
        }

        fn name(&self, index: usize) -> &str {
            self.0[index].0
        }
    }

    #[test]
    fn a_column_that_does_not_parse_is_an_error_with_its_name() {
        for (column, cause) in [
            (ColumnValue::Null, "nothing"),
            (ColumnValue::Text("7"), "text"),
            (ColumnValue::Other("a blob"), "a blob"),
            (ColumnValue::Integer(-1), "out of range"),
            (ColumnValue::Integer(1 << 40), "out of range"),
        ] {
            let row = TestRow(vec![("failures", column)]);
            let error = sign_in_failures(&mut RowReader::new(&row)).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("column failures"), "{text}");
            assert!(text.contains(cause), "{text}");
        }
        let row = TestRow(vec![
            ("failures", ColumnValue::Integer(1)),
            ("last_failure", ColumnValue::Integer(-1)),
        ]);
        let error = sign_in_failures(&mut RowReader::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column last_failure"), "{error}");
        let row = TestRow(vec![
            ("unit_price", ColumnValue::Integer(510)),
            ("currency", ColumnValue::Null),
        ]);
        let error = unit_price(&mut RowReader::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column currency"), "{error}");
        let row = TestRow(vec![
            ("partner_id", ColumnValue::Null),
            ("partner_of_record", ColumnValue::Null),
            ("partner_since", ColumnValue::Integer(18)),
            ("partner_set_by", ColumnValue::Null),
        ]);
        let error = partner_of_record(&mut RowReader::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column partner_set_by"), "{error}");
        let row = TestRow(vec![("id", ColumnValue::Text("no id"))]);
        let error = organization(&mut RowReader::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column id"), "{error}");
    }
}
