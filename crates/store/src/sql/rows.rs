//! Rows: the columns of each table in one order, and how a row becomes a value again.
//! What a column holds is parsed as strictly as what a person types; a column that
//! doesn't parse is an error that names it, never a panic.

use std::fmt::Display;
use std::str::FromStr;

use rules::{
    AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount, Enquiry, Invitation,
    Money, OrganizationId, PartnerAccount, PartnerId, PartnerOfRecord, PartnerTenure, Product,
    Profile, Relationship, Seller, Subscription, Timestamp,
};
use service::model::{
    AuditRecord, Mail, Organization, PasswordHash, PlacedOrder, Session, SignInFailures, User,
};
use service::{StoreError, TokenHash};

type Result<T> = std::result::Result<T, StoreError>;

/// A column's value, as an engine lends it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column<'a> {
    /// Nothing.
    Null,
    /// A BIGINT.
    Integer(i64),
    /// A TEXT.
    Text(&'a str),
    /// What our tables never hold, by its name.
    Other(&'static str),
}

/// A row, as an engine lends it.
pub(crate) trait Row {
    /// The value of a column, counted from 0.
    fn column(&self, place: usize) -> Column<'_>;
    /// The name of a column.
    fn name(&self, place: usize) -> &str;
}

/// Takes the columns of a row one after the other.
pub(crate) struct Columns<'a> {
    row: &'a dyn Row,
    next: usize,
}

impl<'a> Columns<'a> {
    /// From the first column on.
    pub(crate) fn new(row: &'a dyn Row) -> Self {
        Self { row, next: 0 }
    }

    fn take(&mut self) -> Column<'a> {
        let column = self.row.column(self.next);
        self.next += 1;
        column
    }

    /// An error about the column that was taken last.
    fn broken(&self, why: impl Display) -> StoreError {
        let name = self.row.name(self.next.saturating_sub(1));
        StoreError::Engine(format!("the column {name} does not hold what the program wrote: {why}"))
    }

    fn optional_text(&mut self) -> Result<Option<&'a str>> {
        match self.take() {
            Column::Null => Ok(None),
            Column::Text(text) => Ok(Some(text)),
            Column::Integer(_) => Err(self.broken("an integer where text belongs")),
            Column::Other(kind) => Err(self.broken(kind)),
        }
    }

    fn text(&mut self) -> Result<&'a str> {
        self.optional_text()?.ok_or_else(|| self.broken("nothing where text belongs"))
    }

    fn owned(&mut self) -> Result<String> {
        self.text().map(str::to_owned)
    }

    fn optional_integer(&mut self) -> Result<Option<i64>> {
        match self.take() {
            Column::Null => Ok(None),
            Column::Integer(integer) => Ok(Some(integer)),
            Column::Text(_) => Err(self.broken("text where an integer belongs")),
            Column::Other(kind) => Err(self.broken(kind)),
        }
    }

    fn integer(&mut self) -> Result<i64> {
        self.optional_integer()?.ok_or_else(|| self.broken("nothing where an integer belongs"))
    }

    /// An integer of 32 bits without a sign.
    fn small(&mut self) -> Result<u32> {
        let integer = self.integer()?;
        u32::try_from(integer).map_err(|error| self.broken(error))
    }

    fn optional_moment(&mut self) -> Result<Option<Timestamp>> {
        let Some(milliseconds) = self.optional_integer()? else {
            return Ok(None);
        };
        let moment = Timestamp::from_milliseconds(milliseconds);
        // The constructor bends what is out of range; in a column that is damage.
        if moment.milliseconds() == milliseconds {
            Ok(Some(moment))
        } else {
            Err(self.broken("not a moment between 1970 and 9999"))
        }
    }

    fn moment(&mut self) -> Result<Timestamp> {
        self.optional_moment()?.ok_or_else(|| self.broken("nothing where a moment belongs"))
    }

    fn parsed<T: FromStr<Err: Display>>(&mut self) -> Result<T> {
        self.text()?.parse().map_err(|error| self.broken(error))
    }

    fn optional<T: FromStr<Err: Display>>(&mut self) -> Result<Option<T>> {
        self.optional_text()?
            .map(|text| text.parse().map_err(|error| self.broken(error)))
            .transpose()
    }

    /// What an empty text stands for in a column that can't hold nothing.
    fn or_empty<T: FromStr<Err: Display>>(&mut self) -> Result<Option<T>> {
        let text = self.text()?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|error| self.broken(error))
    }

    fn truth(&mut self) -> Result<bool> {
        match self.integer()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.broken(format_args!("{other} where 0 or 1 belongs"))),
        }
    }

    fn optional_json<T: serde::de::DeserializeOwned>(&mut self) -> Result<Option<T>> {
        self.optional_text()?
            .map(|text| serde_json::from_str(text).map_err(|error| self.broken(error)))
            .transpose()
    }

    fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        serde_json::from_str(self.text()?).map_err(|error| self.broken(error))
    }
}

/// The columns of a table, in the order in which its row is decoded and written.
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

// The fields below stand in the order of the columns above: Rust evaluates them in the
// order in which they are written.

pub(super) fn organization(columns: &mut Columns<'_>) -> Result<Organization> {
    Ok(Organization {
        id: columns.parsed()?,
        kind: columns.parsed()?,
        name: columns.parsed()?,
        domain: columns.parsed()?,
        country: columns.parsed()?,
        clouds: columns.json()?,
        created: columns.moment()?,
        partner: columns.optional_json()?,
    })
}

pub(super) fn user(columns: &mut Columns<'_>) -> Result<User> {
    Ok(User {
        organization: columns.parsed()?,
        id: columns.parsed()?,
        email: columns.parsed()?,
        name: columns.parsed()?,
        password: PasswordHash(columns.owned()?),
        roles: columns.json()?,
        language: columns.parsed()?,
        created: columns.moment()?,
    })
}

pub(super) fn session(columns: &mut Columns<'_>) -> Result<Session> {
    Ok(Session {
        token: TokenHash::from_kept(columns.owned()?),
        organization: columns.parsed()?,
        user: columns.parsed()?,
        created: columns.moment()?,
        expires: columns.moment()?,
    })
}

pub(super) fn sign_in_failures(columns: &mut Columns<'_>) -> Result<SignInFailures> {
    Ok(SignInFailures { count: columns.small()?, last: columns.moment()? })
}

pub(super) fn agreement_version(columns: &mut Columns<'_>) -> Result<AgreementVersion> {
    columns.small()
}

pub(super) fn agreement_document(columns: &mut Columns<'_>) -> Result<AgreementDocument> {
    Ok(AgreementDocument {
        cloud: columns.parsed()?,
        version: columns.small()?,
        language: columns.parsed()?,
        title: columns.parsed()?,
        body: columns.owned()?,
        hash: columns.parsed()?,
        added: columns.moment()?,
    })
}

pub(super) fn acceptance(columns: &mut Columns<'_>) -> Result<AgreementAcceptance> {
    Ok(AgreementAcceptance {
        organization: columns.parsed()?,
        id: columns.parsed()?,
        version: columns.small()?,
        language: columns.parsed()?,
        hash: columns.parsed()?,
        at: columns.moment()?,
        by: columns.parsed()?,
        by_name: columns.parsed()?,
        invitation: columns.optional()?,
    })
}

pub(super) fn invitation(columns: &mut Columns<'_>) -> Result<Invitation> {
    Ok(Invitation {
        customer: columns.parsed()?,
        id: columns.parsed()?,
        cloud: columns.parsed()?,
        partner: columns.parsed()?,
        partner_type: columns.parsed()?,
        admin_roles: columns.json()?,
        recipient: columns.or_empty()?,
        recipient_name: columns.or_empty()?,
        language: columns.parsed()?,
        message: columns.optional()?,
        enquiry: columns.optional()?,
        terms: columns.optional()?,
        offer: columns.optional_json()?,
        created: columns.moment()?,
        created_by: columns.parsed()?,
        state: columns.json()?,
        version: columns.integer()?,
    })
}

pub(super) fn relationship(columns: &mut Columns<'_>) -> Result<Relationship> {
    Ok(Relationship {
        customer: columns.parsed()?,
        id: columns.parsed()?,
        cloud: columns.parsed()?,
        partner: columns.parsed()?,
        partner_type: columns.parsed()?,
        grants: columns.json()?,
        since: columns.moment()?,
        invitation: columns.optional()?,
        state: columns.json()?,
        active_subscriptions: 0,
        agreement_accepted: false,
        offer: None,
        version: columns.integer()?,
    })
}

pub(super) fn enquiry(columns: &mut Columns<'_>) -> Result<Enquiry> {
    Ok(Enquiry {
        customer: columns.parsed()?,
        id: columns.parsed()?,
        cloud: columns.parsed()?,
        partner: columns.parsed()?,
        country: columns.parsed()?,
        city: columns.optional()?,
        size: columns.parsed()?,
        needs: columns.parsed()?,
        contact_name: columns.parsed()?,
        contact_email: columns.parsed()?,
        contact_phone: columns.optional()?,
        created: columns.moment()?,
        created_by: columns.parsed()?,
        state: columns.json()?,
        version: columns.integer()?,
    })
}

pub(super) fn profile(columns: &mut Columns<'_>) -> Result<Profile> {
    Ok(Profile {
        partner: columns.parsed()?,
        description: columns.optional()?,
        locations: columns.json()?,
        services: columns.json()?,
        industries: columns.json()?,
        sizes: columns.json()?,
        countries: columns.json()?,
        listed: columns.truth()?,
        version: columns.integer()?,
    })
}

/// The place of a profile.
pub(crate) fn place(columns: &mut Columns<'_>) -> Result<i64> {
    columns.integer()
}

/// A partner and its profile, one after the other.
pub(super) fn partner_with_profile(columns: &mut Columns<'_>) -> Result<(Organization, Profile)> {
    Ok((organization(columns)?, profile(columns)?))
}

pub(super) fn product(columns: &mut Columns<'_>) -> Result<Product> {
    Ok(Product {
        id: columns.parsed()?,
        cloud: columns.parsed()?,
        name: columns.parsed()?,
        description: columns.parsed()?,
        prices: columns.json()?,
        version: columns.integer()?,
    })
}

pub(super) fn billing_account(columns: &mut Columns<'_>) -> Result<BillingAccount> {
    Ok(BillingAccount {
        organization: columns.parsed()?,
        id: columns.parsed()?,
        name: columns.parsed()?,
        currency: columns.parsed()?,
        created: columns.moment()?,
    })
}

/// An account of a partner, and after its columns the clouds of the partner.
pub(super) fn partner_account(columns: &mut Columns<'_>) -> Result<PartnerAccount> {
    Ok(PartnerAccount {
        partner_id: columns.parsed()?,
        partner: columns.parsed()?,
        kind: columns.parsed()?,
        name: columns.parsed()?,
        country: columns.parsed()?,
        city: columns.optional()?,
        clouds: columns.json()?,
    })
}

pub(super) fn subscription(columns: &mut Columns<'_>) -> Result<Subscription> {
    Ok(Subscription {
        customer: columns.parsed()?,
        id: columns.parsed()?,
        cloud: columns.parsed()?,
        product: columns.optional()?,
        product_name: columns.parsed()?,
        quantity: columns.small()?,
        term: columns.parsed()?,
        unit_price: unit_price(columns)?,
        billing_account: columns.parsed()?,
        seller: columns.optional()?.map(seller),
        offer_of: columns.optional()?,
        state: columns.json()?,
        partner_of_record: partner_of_record(columns)?,
        created: columns.moment()?,
        created_by: columns.parsed()?,
        created_by_organization: columns.parsed()?,
        version: columns.integer()?,
    })
}

fn unit_price(columns: &mut Columns<'_>) -> Result<Option<Money>> {
    match (columns.optional_integer()?, columns.optional()?) {
        (Some(amount), Some(currency)) => Ok(Some(Money { amount, currency })),
        (None, None) => Ok(None),
        _ => Err(columns.broken("an amount and its currency belong together")),
    }
}

/// A seller, of whom is not kept what is found out when it is asked for.
const fn seller(partner: OrganizationId) -> Seller {
    Seller { partner, sells: false, agreement_accepted: false }
}

fn partner_of_record(columns: &mut Columns<'_>) -> Result<Option<PartnerOfRecord>> {
    let kept =
        (columns.optional()?, columns.optional()?, columns.optional_moment()?, columns.optional()?);
    match kept {
        (Some(partner_id), Some(partner), Some(since), Some(set_by)) => {
            Ok(Some(PartnerOfRecord { partner_id, partner, since, set_by }))
        }
        (None, None, None, None) => Ok(None),
        _ => Err(columns.broken("what is known of a partner of record belongs together")),
    }
}

pub(super) fn tenure(columns: &mut Columns<'_>) -> Result<PartnerTenure> {
    Ok(PartnerTenure {
        customer: columns.parsed()?,
        subscription: columns.parsed()?,
        number: columns.integer()?,
        record: PartnerOfRecord {
            partner_id: columns.parsed()?,
            partner: columns.parsed()?,
            since: columns.moment()?,
            set_by: columns.parsed()?,
        },
        until: columns.moment()?,
        ended_by: columns.parsed()?,
    })
}

pub(super) fn placed_order(columns: &mut Columns<'_>) -> Result<PlacedOrder> {
    Ok(PlacedOrder {
        organization: columns.parsed()?,
        request: columns.parsed()?,
        digest: columns.owned()?,
        customer: columns.parsed()?,
        subscription: columns.parsed()?,
        at: columns.moment()?,
    })
}

pub(super) fn look_up(columns: &mut Columns<'_>) -> Result<(PartnerId, Timestamp)> {
    Ok((columns.parsed()?, columns.moment()?))
}

/// How many rows there are.
pub(super) fn count(columns: &mut Columns<'_>) -> Result<u32> {
    columns.small()
}

pub(super) fn audit(columns: &mut Columns<'_>) -> Result<AuditRecord> {
    Ok(AuditRecord {
        organization: columns.parsed()?,
        sequence: columns.integer()?,
        target: columns.owned()?,
        content: columns.owned()?,
        hash: columns.owned()?,
    })
}

pub(super) fn mail(columns: &mut Columns<'_>) -> Result<Mail> {
    Ok(Mail {
        organization: columns.parsed()?,
        id: columns.parsed()?,
        to: columns.parsed()?,
        to_name: columns.parsed()?,
        language: columns.parsed()?,
        subject: columns.owned()?,
        text: columns.owned()?,
        html: columns.owned()?,
        created: columns.moment()?,
        status: columns.parsed()?,
        attempts: columns.small()?,
        next: columns.moment()?,
        last_error: columns.optional_text()?.map(str::to_owned),
        invitation: columns.optional()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Damaged(Vec<(&'static str, Column<'static>)>);

    impl Row for Damaged {
        fn column(&self, place: usize) -> Column<'_> {
            self.0[place].1
        }

        fn name(&self, place: usize) -> &str {
            self.0[place].0
        }
    }

    #[test]
    fn a_column_that_does_not_parse_is_an_error_with_its_name() {
        for (column, cause) in [
            (Column::Null, "nothing"),
            (Column::Text("7"), "text"),
            (Column::Other("a blob"), "a blob"),
            (Column::Integer(-1), "out of range"),
            (Column::Integer(1 << 40), "out of range"),
        ] {
            let row = Damaged(vec![("failures", column)]);
            let error = sign_in_failures(&mut Columns::new(&row)).unwrap_err();
            let text = error.to_string();
            assert!(text.contains("column failures"), "{text}");
            assert!(text.contains(cause), "{text}");
        }
        let row =
            Damaged(vec![("failures", Column::Integer(1)), ("last_failure", Column::Integer(-1))]);
        let error = sign_in_failures(&mut Columns::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column last_failure"), "{error}");
        let row = Damaged(vec![("unit_price", Column::Integer(510)), ("currency", Column::Null)]);
        let error = unit_price(&mut Columns::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column currency"), "{error}");
        let row = Damaged(vec![
            ("partner_id", Column::Null),
            ("partner_of_record", Column::Null),
            ("partner_since", Column::Integer(18)),
            ("partner_set_by", Column::Null),
        ]);
        let error = partner_of_record(&mut Columns::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column partner_set_by"), "{error}");
        let row = Damaged(vec![("id", Column::Text("no id"))]);
        let error = organization(&mut Columns::new(&row)).unwrap_err();
        assert!(error.to_string().contains("column id"), "{error}");
    }
}
