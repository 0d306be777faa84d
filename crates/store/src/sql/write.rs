//! Implementation of [`Write`] with SQL.

use rules::{
    AgreementAcceptance, AgreementDocument, BillingAccount, DAY, Description, DisplayName,
    EmailAddress, Enquiry, Invitation, Note, OrganizationId, PartnerAccount, PartnerId,
    PastPartnerOfRecord, PhoneNumber, Product, Profile, Relationship, Subscription,
    SubscriptionState, Timestamp, UserId,
};
use service::model::{
    AuditRecord, Organization, OutboxMail, PlacedOrder, Session, SignInFailures, User,
};
use service::{Read, StoreError, TokenHash, Write};

use super::rows::{self, columns};
use super::value::{json, values};
use super::{SqlStatement, Transaction, terms};
use crate::duplicates;

type Result<T> = std::result::Result<T, StoreError>;

/// Makes an INSERT of all columns of a table, which adds nothing if a unique value is taken.
macro_rules! insert {
    ($table:ident, $values:literal) => {
        SqlStatement::new(concat!(
            "INSERT INTO ",
            stringify!($table),
            " (",
            columns!($table),
            ") VALUES (",
            $values,
            ") ON CONFLICT DO NOTHING"
        ))
    };
}

const INSERT_ORGANIZATION: SqlStatement = insert!(organization, "$1, $2, $3, $4, $5, $6, $7, $8");
const INSERT_USER: SqlStatement = insert!(account, "$1, $2, $3, $4, $5, $6, $7, $8");
const INSERT_SESSION: SqlStatement = insert!(session, "$1, $2, $3, $4, $5");
const DELETE_SESSION: SqlStatement = SqlStatement::new("DELETE FROM session WHERE token = $1");
const DELETE_SESSIONS: SqlStatement =
    SqlStatement::new("DELETE FROM session WHERE organization = $1 AND account = $2");
const DELETE_EXPIRED_SESSIONS: SqlStatement =
    SqlStatement::new("DELETE FROM session WHERE expires < $1");
const DELETE_OLD_SIGN_IN_FAILURES: SqlStatement =
    SqlStatement::new("DELETE FROM sign_in_failure WHERE last_failure < $1");
const DELETE_OLD_LOOK_UPS: SqlStatement =
    SqlStatement::new("DELETE FROM partner_look_up WHERE looked_up < $1");
const UPSERT_SIGN_IN_FAILURES: SqlStatement = SqlStatement::new(
    "INSERT INTO sign_in_failure (email, failures, last_failure) VALUES ($1, $2, $3) \
     ON CONFLICT (email) DO UPDATE SET failures = excluded.failures, \
     last_failure = excluded.last_failure",
);
const DELETE_SIGN_IN_FAILURES: SqlStatement =
    SqlStatement::new("DELETE FROM sign_in_failure WHERE email = $1");
const INSERT_AGREEMENT_DOCUMENT: SqlStatement =
    insert!(agreement_document, "$1, $2, $3, $4, $5, $6, $7");
const INSERT_ACCEPTANCE: SqlStatement =
    insert!(agreement_acceptance, "$1, $2, $3, $4, $5, $6, $7, $8, $9");
const INSERT_INVITATION: SqlStatement = insert!(
    invitation,
    "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17"
);
const UPDATE_INVITATION: SqlStatement = SqlStatement::new(
    "UPDATE invitation SET cloud = $1, partner = $2, partner_type = $3, admin_roles = $4, \
     recipient = $5, recipient_name = $6, language = $7, message = $8, enquiry = $9, \
     terms = $10, offer = $11, created = $12, created_by = $13, state = $14, version = $15, \
     token = COALESCE($16, token) WHERE customer = $17 AND id = $18 AND version = $19",
);
const INSERT_ENQUIRY: SqlStatement =
    insert!(enquiry, "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15");
const UPDATE_ENQUIRY: SqlStatement = SqlStatement::new(
    "UPDATE enquiry SET cloud = $1, partner = $2, country = $3, city = $4, \
     organization_size = $5, needs = $6, contact_name = $7, contact_email = $8, \
     contact_phone = $9, created = $10, created_by = $11, state = $12, version = $13 \
     WHERE customer = $14 AND id = $15 AND version = $16",
);
const INSERT_PROFILE: SqlStatement = SqlStatement::new(concat!(
    "INSERT INTO partner_profile (",
    columns!(partner_profile),
    ", place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
     (SELECT COALESCE(MAX(place), 0) + 1 FROM partner_profile)) ON CONFLICT DO NOTHING"
));
const UPDATE_PROFILE: SqlStatement = SqlStatement::new(
    "UPDATE partner_profile SET description = $1, locations = $2, services = $3, \
     industries = $4, sizes = $5, countries = $6, listed = $7, version = $8 \
     WHERE partner = $9 AND version = $10",
);
const PLACE_OF_PROFILE: SqlStatement =
    SqlStatement::new("SELECT place FROM partner_profile WHERE partner = $1");
const INSERT_RELATIONSHIP: SqlStatement =
    insert!(relationship, "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10");
const UPDATE_RELATIONSHIP: SqlStatement = SqlStatement::new(
    "UPDATE relationship SET cloud = $1, partner = $2, partner_type = $3, grants = $4, \
     since = $5, invitation = $6, state = $7, version = $8 \
     WHERE customer = $9 AND id = $10 AND version = $11",
);
const INSERT_PRODUCT: SqlStatement = insert!(product, "$1, $2, $3, $4, $5, $6");
const UPDATE_PRODUCT: SqlStatement = SqlStatement::new(
    "UPDATE product SET cloud = $1, name = $2, description = $3, prices = $4, version = $5 \
     WHERE id = $6 AND version = $7",
);
const INSERT_BILLING_ACCOUNT: SqlStatement = insert!(billing_account, "$1, $2, $3, $4, $5");
const INSERT_PARTNER_ACCOUNT: SqlStatement = insert!(partner_account, "$1, $2, $3, $4, $5, $6");
const INSERT_SUBSCRIPTION: SqlStatement = SqlStatement::new(concat!(
    "INSERT INTO subscription (",
    columns!(subscription),
    ", active_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
     $16, $17, $18, $19, $20, $21, $22) ON CONFLICT DO NOTHING"
));
const UPDATE_SUBSCRIPTION: SqlStatement = SqlStatement::new(
    "UPDATE subscription SET cloud = $1, product = $2, product_name = $3, quantity = $4, \
     term = $5, unit_price = $6, currency = $7, billing_account = $8, seller = $9, \
     offer_of = $10, state = $11, partner_id = $12, partner_of_record = $13, \
     partner_since = $14, partner_set_by = $15, created = $16, created_by = $17, \
     created_by_organization = $18, version = $19, active_until = $20 \
     WHERE customer = $21 AND id = $22 AND version = $23",
);
const INSERT_TENURE: SqlStatement = insert!(partner_tenure, "$1, $2, $3, $4, $5, $6, $7, $8, $9");
const INSERT_PLACED_ORDER: SqlStatement = insert!(placed_order, "$1, $2, $3, $4, $5, $6");
const UPSERT_LOOK_UP: SqlStatement = SqlStatement::new(concat!(
    "INSERT INTO partner_look_up (",
    columns!(partner_look_up),
    ") VALUES ($1, $2, $3) \
     ON CONFLICT (organization, partner_id) DO UPDATE SET looked_up = excluded.looked_up"
));
const INSERT_AUDIT: SqlStatement = insert!(audit, "$1, $2, $3, $4, $5");
const INSERT_MAIL: SqlStatement =
    insert!(mail, "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14");
const UPDATE_MAIL: SqlStatement = SqlStatement::new(
    "UPDATE mail SET recipient = $1, recipient_name = $2, language = $3, subject = $4, \
     body_text = $5, body_html = $6, created = $7, status = $8, attempts = $9, \
     next_attempt = $10, last_error = $11, invitation = $12 \
     WHERE organization = $13 AND id = $14",
);

/// Returns the version that a row must have to be replaced by this version.
fn previous_version(version: i64) -> Result<i64> {
    version.checked_sub(1).ok_or(StoreError::Stale)
}

/// Returns the value of the column `active_until`: the time until which a subscription in
/// this state counts as active.
fn active_until(state: &SubscriptionState) -> i64 {
    match state {
        SubscriptionState::Trial { ends } => ends.milliseconds(),
        SubscriptionState::Active => i64::MAX,
        SubscriptionState::Suspended { .. } | SubscriptionState::Ended { .. } => 0,
    }
}

impl Write for Transaction<'_> {
    fn insert_organization(&mut self, organization: &Organization) -> Result<()> {
        let facts = organization.partner.as_ref().map(json).transpose()?;
        self.insert(
            &INSERT_ORGANIZATION,
            values![
                organization.id,
                organization.kind.as_str(),
                organization.name.as_str(),
                organization.domain.as_str(),
                organization.country.as_str(),
                json(&organization.clouds)?,
                organization.created,
                facts,
            ],
            duplicates::ORGANIZATION,
        )
    }

    fn insert_user(&mut self, user: &User) -> Result<()> {
        self.insert(
            &INSERT_USER,
            values![
                user.organization,
                user.id,
                user.email.as_str(),
                user.name.as_str(),
                &user.password.0,
                json(&user.roles)?,
                user.language.as_str(),
                user.created,
            ],
            duplicates::USER,
        )
    }

    fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.insert(
            &INSERT_SESSION,
            values![
                &session.token,
                session.organization,
                session.user,
                session.created,
                session.expires,
            ],
            duplicates::SESSION,
        )
    }

    fn delete_session(&mut self, token: &TokenHash) -> Result<bool> {
        Ok(self.sql.execute(&DELETE_SESSION, values![token])? > 0)
    }

    fn delete_sessions(&mut self, organization: OrganizationId, user: UserId) -> Result<u64> {
        Ok(self.sql.execute(&DELETE_SESSIONS, values![organization, user])?)
    }

    fn delete_expired(&mut self, now: Timestamp) -> Result<()> {
        self.sql.execute(&DELETE_EXPIRED_SESSIONS, values![now])?;
        self.sql.execute(&DELETE_OLD_SIGN_IN_FAILURES, values![now.plus(-DAY)])?;
        self.sql.execute(&DELETE_OLD_LOOK_UPS, values![now.plus(-DAY)])?;
        Ok(())
    }

    fn set_sign_in_failures(
        &mut self,
        email: &EmailAddress,
        failures: Option<SignInFailures>,
    ) -> Result<()> {
        match failures {
            Some(failures) => self.sql.execute(
                &UPSERT_SIGN_IN_FAILURES,
                values![email.as_str(), failures.count, failures.last],
            )?,
            None => self.sql.execute(&DELETE_SIGN_IN_FAILURES, values![email.as_str()])?,
        };
        Ok(())
    }

    fn insert_agreement_document(&mut self, document: &AgreementDocument) -> Result<()> {
        self.insert(
            &INSERT_AGREEMENT_DOCUMENT,
            values![
                document.cloud.as_str(),
                document.version,
                document.language.as_str(),
                document.title.as_str(),
                &document.body,
                document.hash.as_str(),
                document.added,
            ],
            duplicates::AGREEMENT_DOCUMENT,
        )
    }

    fn insert_acceptance(&mut self, acceptance: &AgreementAcceptance) -> Result<()> {
        self.insert(
            &INSERT_ACCEPTANCE,
            values![
                acceptance.organization,
                acceptance.id,
                acceptance.version,
                acceptance.language.as_str(),
                acceptance.hash.as_str(),
                acceptance.at,
                acceptance.by,
                acceptance.by_name.as_str(),
                acceptance.invitation,
            ],
            duplicates::ACCEPTANCE,
        )
    }

    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()> {
        self.insert(
            &INSERT_INVITATION,
            values![
                invitation.customer,
                invitation.id,
                invitation.cloud.as_str(),
                invitation.partner,
                invitation.partner_type.as_str(),
                json(&invitation.admin_roles)?,
                invitation.recipient.as_ref().map_or("", EmailAddress::as_str),
                invitation.recipient_name.as_ref().map_or("", DisplayName::as_str),
                invitation.language.as_str(),
                invitation.message.as_ref().map(Note::as_str),
                invitation.enquiry,
                invitation.terms.as_ref().map(Note::as_str),
                invitation.offer.as_ref().map(json).transpose()?,
                invitation.created,
                invitation.created_by,
                json(&invitation.state)?,
                invitation.version,
            ],
            duplicates::INVITATION,
        )
    }

    fn update_invitation(
        &mut self,
        invitation: &Invitation,
        token: Option<&TokenHash>,
    ) -> Result<()> {
        self.update(
            &UPDATE_INVITATION,
            values![
                invitation.cloud.as_str(),
                invitation.partner,
                invitation.partner_type.as_str(),
                json(&invitation.admin_roles)?,
                invitation.recipient.as_ref().map_or("", EmailAddress::as_str),
                invitation.recipient_name.as_ref().map_or("", DisplayName::as_str),
                invitation.language.as_str(),
                invitation.message.as_ref().map(Note::as_str),
                invitation.enquiry,
                invitation.terms.as_ref().map(Note::as_str),
                invitation.offer.as_ref().map(json).transpose()?,
                invitation.created,
                invitation.created_by,
                json(&invitation.state)?,
                invitation.version,
                token,
                invitation.customer,
                invitation.id,
                previous_version(invitation.version)?,
            ],
            duplicates::LINK,
        )
    }

    fn insert_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        self.insert(
            &INSERT_RELATIONSHIP,
            values![
                relationship.customer,
                relationship.id,
                relationship.cloud.as_str(),
                relationship.partner,
                relationship.partner_type.as_str(),
                json(&relationship.grants)?,
                relationship.since,
                relationship.invitation,
                json(&relationship.state)?,
                relationship.version,
            ],
            duplicates::RELATIONSHIP,
        )
    }

    fn update_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        self.update(
            &UPDATE_RELATIONSHIP,
            values![
                relationship.cloud.as_str(),
                relationship.partner,
                relationship.partner_type.as_str(),
                json(&relationship.grants)?,
                relationship.since,
                relationship.invitation,
                json(&relationship.state)?,
                relationship.version,
                relationship.customer,
                relationship.id,
                previous_version(relationship.version)?,
            ],
            duplicates::RELATIONSHIP,
        )
    }

    fn insert_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        self.insert(
            &INSERT_ENQUIRY,
            values![
                enquiry.customer,
                enquiry.id,
                enquiry.cloud.as_str(),
                enquiry.partner,
                enquiry.country.as_str(),
                enquiry.city.as_ref().map(DisplayName::as_str),
                enquiry.size.as_str(),
                enquiry.needs.as_str(),
                enquiry.contact_name.as_str(),
                enquiry.contact_email.as_str(),
                enquiry.contact_phone.as_ref().map(PhoneNumber::as_str),
                enquiry.created,
                enquiry.created_by,
                json(&enquiry.state)?,
                enquiry.version,
            ],
            duplicates::ENQUIRY,
        )
    }

    fn update_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        self.update(
            &UPDATE_ENQUIRY,
            values![
                enquiry.cloud.as_str(),
                enquiry.partner,
                enquiry.country.as_str(),
                enquiry.city.as_ref().map(DisplayName::as_str),
                enquiry.size.as_str(),
                enquiry.needs.as_str(),
                enquiry.contact_name.as_str(),
                enquiry.contact_email.as_str(),
                enquiry.contact_phone.as_ref().map(PhoneNumber::as_str),
                enquiry.created,
                enquiry.created_by,
                json(&enquiry.state)?,
                enquiry.version,
                enquiry.customer,
                enquiry.id,
                previous_version(enquiry.version)?,
            ],
            duplicates::ENQUIRY,
        )
    }

    fn set_profile(&mut self, profile: &Profile) -> Result<()> {
        let description = profile.description.as_ref().map(Description::as_str);
        let locations = json(&profile.locations)?;
        let services = json(&profile.services)?;
        let industries = json(&profile.industries)?;
        let sizes = json(&profile.sizes)?;
        let countries = json(&profile.countries)?;
        let changed = if profile.version == 1 {
            let values = values![
                profile.partner,
                description,
                locations,
                services,
                industries,
                sizes,
                countries,
                profile.listed,
                profile.version,
            ];
            self.sql.execute(&INSERT_PROFILE, values)?
        } else {
            let values = values![
                description,
                locations,
                services,
                industries,
                sizes,
                countries,
                profile.listed,
                profile.version,
                profile.partner,
                previous_version(profile.version)?,
            ];
            self.sql.execute(&UPDATE_PROFILE, values)?
        };
        if changed == 0 {
            return Err(StoreError::Stale);
        }
        let (Some(organization), Some(place)) = (
            self.organization(profile.partner)?,
            self.one(&PLACE_OF_PROFILE, values![profile.partner], rows::profile_place)?,
        ) else {
            return Err(StoreError::Engine("the profile that was saved is not there".to_owned()));
        };
        let terms = profile.listed.then(|| terms::profile_terms(&organization, profile));
        self.sql.set_search_terms(place, terms.as_deref())
    }

    fn insert_product(&mut self, product: &Product) -> Result<()> {
        self.insert(
            &INSERT_PRODUCT,
            values![
                product.id,
                product.cloud.as_str(),
                product.name.as_str(),
                product.description.as_str(),
                json(&product.prices)?,
                product.version,
            ],
            duplicates::PRODUCT,
        )
    }

    fn update_product(&mut self, product: &Product) -> Result<()> {
        self.update(
            &UPDATE_PRODUCT,
            values![
                product.cloud.as_str(),
                product.name.as_str(),
                product.description.as_str(),
                json(&product.prices)?,
                product.version,
                product.id,
                previous_version(product.version)?,
            ],
            duplicates::PRODUCT,
        )
    }

    fn insert_billing_account(&mut self, account: &BillingAccount) -> Result<()> {
        self.insert(
            &INSERT_BILLING_ACCOUNT,
            values![
                account.organization,
                account.id,
                account.name.as_str(),
                account.currency.as_str(),
                account.created,
            ],
            duplicates::BILLING_ACCOUNT,
        )
    }

    fn insert_partner_account(&mut self, account: &PartnerAccount) -> Result<()> {
        self.insert(
            &INSERT_PARTNER_ACCOUNT,
            values![
                account.partner_id.as_str(),
                account.partner,
                account.kind.as_str(),
                account.name.as_str(),
                account.country.as_str(),
                account.city.as_ref().map(DisplayName::as_str),
            ],
            duplicates::PARTNER_ACCOUNT,
        )
    }

    fn insert_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let record = subscription.partner_of_record.as_ref();
        self.insert(
            &INSERT_SUBSCRIPTION,
            values![
                subscription.customer,
                subscription.id,
                subscription.cloud.as_str(),
                subscription.product,
                subscription.product_name.as_str(),
                subscription.quantity,
                subscription.term.as_str(),
                subscription.unit_price.map(|price| price.amount),
                subscription.unit_price.map(|price| price.currency.as_str()),
                subscription.billing_account,
                subscription.seller,
                subscription.offer_of,
                json(&subscription.state)?,
                record.map(|record| record.partner_id.as_str()),
                record.map(|record| record.partner),
                record.map(|record| record.since),
                record.map(|record| record.set_by),
                subscription.created,
                subscription.created_by,
                subscription.created_by_organization,
                subscription.version,
                active_until(&subscription.state),
            ],
            duplicates::SUBSCRIPTION,
        )
    }

    fn update_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let record = subscription.partner_of_record.as_ref();
        self.update(
            &UPDATE_SUBSCRIPTION,
            values![
                subscription.cloud.as_str(),
                subscription.product,
                subscription.product_name.as_str(),
                subscription.quantity,
                subscription.term.as_str(),
                subscription.unit_price.map(|price| price.amount),
                subscription.unit_price.map(|price| price.currency.as_str()),
                subscription.billing_account,
                subscription.seller,
                subscription.offer_of,
                json(&subscription.state)?,
                record.map(|record| record.partner_id.as_str()),
                record.map(|record| record.partner),
                record.map(|record| record.since),
                record.map(|record| record.set_by),
                subscription.created,
                subscription.created_by,
                subscription.created_by_organization,
                subscription.version,
                active_until(&subscription.state),
                subscription.customer,
                subscription.id,
                previous_version(subscription.version)?,
            ],
            duplicates::SUBSCRIPTION,
        )
    }

    fn insert_tenure(&mut self, tenure: &PastPartnerOfRecord) -> Result<()> {
        self.insert(
            &INSERT_TENURE,
            values![
                tenure.customer,
                tenure.subscription,
                tenure.number,
                tenure.record.partner_id.as_str(),
                tenure.record.partner,
                tenure.record.since,
                tenure.record.set_by,
                tenure.until,
                tenure.ended_by,
            ],
            duplicates::TENURE,
        )
    }

    fn insert_placed_order(&mut self, order: &PlacedOrder) -> Result<()> {
        self.insert(
            &INSERT_PLACED_ORDER,
            values![
                order.organization,
                order.request,
                &order.digest,
                order.customer,
                order.subscription,
                order.at,
            ],
            duplicates::PLACED_ORDER,
        )
    }

    fn record_look_up(
        &mut self,
        organization: OrganizationId,
        id: &PartnerId,
        at: Timestamp,
    ) -> Result<()> {
        self.sql.execute(&UPSERT_LOOK_UP, values![organization, id.as_str(), at])?;
        Ok(())
    }

    fn append_audit(&mut self, record: &AuditRecord) -> Result<()> {
        self.insert(
            &INSERT_AUDIT,
            values![
                record.organization,
                record.sequence,
                &record.target,
                &record.content,
                &record.hash,
            ],
            duplicates::AUDIT,
        )
    }

    fn insert_mail(&mut self, mail: &OutboxMail) -> Result<()> {
        self.insert(
            &INSERT_MAIL,
            values![
                mail.organization,
                mail.id,
                mail.to.as_str(),
                mail.to_name.as_str(),
                mail.language.as_str(),
                &mail.subject,
                &mail.text,
                &mail.html,
                mail.created,
                mail.status.as_str(),
                mail.attempts,
                mail.next,
                mail.last_error.as_ref(),
                mail.invitation,
            ],
            duplicates::MAIL,
        )?;
        self.has_queued_mail = true;
        Ok(())
    }

    fn update_mail(&mut self, mail: &OutboxMail) -> Result<()> {
        self.update(
            &UPDATE_MAIL,
            values![
                mail.to.as_str(),
                mail.to_name.as_str(),
                mail.language.as_str(),
                &mail.subject,
                &mail.text,
                &mail.html,
                mail.created,
                mail.status.as_str(),
                mail.attempts,
                mail.next,
                mail.last_error.as_ref(),
                mail.invitation,
                mail.organization,
                mail.id,
            ],
            duplicates::MAIL,
        )
    }
}
