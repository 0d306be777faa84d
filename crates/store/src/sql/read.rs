//! Implementation of [`Read`] with SQL.

use rules::{
    AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount, Cloud, DomainName,
    EmailAddress, Enquiry, EnquiryId, Invitation, InvitationId, Language, MailId, OrderRequestId,
    OrganizationId, PartnerAccount, PartnerId, PastPartnerOfRecord, Product, ProductId, Profile,
    Relationship, RelationshipId, Subscription, SubscriptionId, Timestamp, UserId,
};
use service::model::{
    AuditRecord, FoundPartner, Organization, OutboxMail, PartnerRank, PartnerSearch, PlacedOrder,
    Session, SignInFailures, User,
};
use service::{Read, StoreError, TokenHash};

use super::rows::{self, columns};
use super::value::values;
use super::{SqlStatement, Transaction, terms};
use crate::search::SearchWords;

type Result<T> = std::result::Result<T, StoreError>;

/// Makes a SELECT of all columns of a table.
macro_rules! select {
    ($table:ident, $rest:literal) => {
        SqlStatement::new(concat!(
            "SELECT ",
            columns!($table),
            " FROM ",
            stringify!($table),
            " ",
            $rest
        ))
    };
}

/// Makes a SELECT of the rows in which an organization is the customer or the partner. Both
/// halves read an index in the final order, so that SQLite merges them without sorting. The
/// second half excludes the rows of the first.
macro_rules! select_either_side {
    ($table:ident, $order:literal) => {
        SqlStatement::new(concat!(
            "SELECT ",
            columns!($table),
            " FROM ",
            stringify!($table),
            " WHERE customer = $1 UNION ALL SELECT ",
            columns!($table),
            " FROM ",
            stringify!($table),
            " WHERE partner = $1 AND customer <> $1 ",
            $order
        ))
    };
}

/// Makes a SELECT of partner accounts, each with the clouds of its partner.
macro_rules! select_partner_accounts {
    ($rest:literal) => {
        SqlStatement::new(concat!(
            "SELECT ",
            columns!(partner_account),
            ", (SELECT clouds FROM organization WHERE organization.id = partner_account.partner) \
             FROM partner_account ",
            $rest
        ))
    };
}

const ORGANIZATION: SqlStatement = select!(organization, "WHERE id = $1");
const ORGANIZATION_BY_DOMAIN: SqlStatement = select!(organization, "WHERE domain = $1");
const ORGANIZATIONS: SqlStatement = select!(organization, "ORDER BY id");
const USER: SqlStatement = select!(account, "WHERE organization = $1 AND id = $2");
const USER_BY_EMAIL: SqlStatement = select!(account, "WHERE email = $1");
const USERS: SqlStatement = select!(account, "WHERE organization = $1 ORDER BY id");
const SESSION: SqlStatement = select!(session, "WHERE token = $1");
const SIGN_IN_FAILURES: SqlStatement =
    SqlStatement::new("SELECT failures, last_failure FROM sign_in_failure WHERE email = $1");
const CURRENT_AGREEMENT: SqlStatement = SqlStatement::new(
    "SELECT version FROM agreement_document WHERE cloud = $1 ORDER BY version DESC LIMIT 1",
);
const AGREEMENT_DOCUMENT: SqlStatement =
    select!(agreement_document, "WHERE cloud = $1 AND version = $2 AND language = $3");
const LATEST_ACCEPTANCE: SqlStatement =
    select!(agreement_acceptance, "WHERE organization = $1 ORDER BY version DESC, id DESC LIMIT 1");
const ACCEPTANCES: SqlStatement =
    select!(agreement_acceptance, "WHERE organization = $1 ORDER BY id");
const INVITATION: SqlStatement =
    select!(invitation, "WHERE id = $1 AND (customer = $2 OR partner = $2)");
const INVITATION_BY_TOKEN: SqlStatement = select!(invitation, "WHERE token = $1");
const INVITATIONS: SqlStatement = select_either_side!(invitation, "ORDER BY id DESC");
const RELATIONSHIP: SqlStatement =
    select!(relationship, "WHERE id = $1 AND (customer = $2 OR partner = $2)");
const RELATIONSHIPS: SqlStatement = select_either_side!(relationship, "ORDER BY id");
const ENQUIRY: SqlStatement = select!(enquiry, "WHERE id = $1 AND (customer = $2 OR partner = $2)");
const ENQUIRIES: SqlStatement = select_either_side!(enquiry, "ORDER BY id DESC");
const PROFILE: SqlStatement = select!(partner_profile, "WHERE partner = $1");
const PARTNER_AT_PLACE: SqlStatement = SqlStatement::new(concat!(
    "SELECT ",
    columns!(organization),
    ", ",
    columns!(partner_profile),
    " FROM partner_profile JOIN organization ON organization.id = partner_profile.partner \
     WHERE place = $1"
));
const PRODUCT: SqlStatement = select!(product, "WHERE id = $1");
const PRODUCTS: SqlStatement = select!(product, "WHERE cloud = $1 ORDER BY name, id");
const BILLING_ACCOUNTS: SqlStatement =
    select!(billing_account, "WHERE organization = $1 ORDER BY id");
const PARTNER_ACCOUNT: SqlStatement = select_partner_accounts!("WHERE partner_id = $1");
const PARTNER_ACCOUNTS: SqlStatement =
    select_partner_accounts!("WHERE partner = $1 ORDER BY partner_id");
const SUBSCRIPTION: SqlStatement = select!(
    subscription,
    "WHERE id = $1 AND (customer = $2 OR seller = $2 OR partner_of_record = $2)"
);
/// Reads the rows of a customer, of a seller and of a partner of record: three ranges of
/// indexes in the final order, each excluding the rows of those before it.
const SUBSCRIPTIONS: SqlStatement = SqlStatement::new(concat!(
    "SELECT ",
    columns!(subscription),
    " FROM subscription WHERE customer = $1 UNION ALL SELECT ",
    columns!(subscription),
    " FROM subscription WHERE seller = $1 AND customer <> $1 UNION ALL SELECT ",
    columns!(subscription),
    " FROM subscription WHERE partner_of_record = $1 AND customer <> $1 \
     AND COALESCE(seller, '') <> $1 ORDER BY id DESC"
));
const ACTIVE_SUBSCRIPTIONS: SqlStatement = SqlStatement::new(
    "SELECT COUNT(*) FROM subscription WHERE customer = $1 AND seller = $2 AND active_until > $3",
);
const SUBSCRIPTION_BY_OFFER: SqlStatement =
    select!(subscription, "WHERE customer = $1 AND offer_of = $2");
const TENURES: SqlStatement =
    select!(partner_tenure, "WHERE customer = $1 AND subscription = $2 ORDER BY number DESC");
const HAS_USED_PARTNER_ID: SqlStatement = SqlStatement::new(
    "SELECT COUNT(*) FROM (SELECT id FROM subscription WHERE customer = $1 AND partner_id = $2 \
     UNION ALL SELECT subscription FROM partner_tenure WHERE customer = $1 AND partner_id = $2 \
     LIMIT 1) AS named",
);
const PLACED_ORDER: SqlStatement =
    select!(placed_order, "WHERE organization = $1 AND request = $2");
const LOOK_UPS: SqlStatement = SqlStatement::new(
    "SELECT partner_id, looked_up FROM partner_look_up \
     WHERE organization = $1 AND looked_up > $2 ORDER BY partner_id",
);
const AUDIT: SqlStatement =
    select!(audit, "WHERE organization = $1 ORDER BY sequence DESC LIMIT $2");
const AUDIT_BEFORE: SqlStatement =
    select!(audit, "WHERE organization = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3");
const TARGET_AUDIT: SqlStatement =
    select!(audit, "WHERE organization = $1 AND target = $2 ORDER BY sequence DESC LIMIT $3");
const TARGET_AUDIT_BEFORE: SqlStatement = select!(
    audit,
    "WHERE organization = $1 AND target = $2 AND sequence < $3 ORDER BY sequence DESC LIMIT $4"
);
const MAILS: SqlStatement = select!(mail, "WHERE organization = $1 ORDER BY id DESC LIMIT $2");
const ALL_MAILS: SqlStatement = select!(mail, "ORDER BY id DESC LIMIT $1");
const DUE_MAILS: SqlStatement = select!(
    mail,
    "WHERE status = 'waiting' AND next_attempt <= $1 ORDER BY next_attempt, id LIMIT $2"
);
const WAITING_MAILS: SqlStatement =
    select!(mail, "WHERE invitation = $1 AND status = 'waiting' ORDER BY id");
const MAIL: SqlStatement = select!(mail, "WHERE id = $1");

impl Read for Transaction<'_> {
    fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        self.one(&ORGANIZATION, values![id], rows::organization)
    }

    fn organization_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organization>> {
        self.one(&ORGANIZATION_BY_DOMAIN, values![domain.as_str()], rows::organization)
    }

    fn organizations(&mut self) -> Result<Vec<Organization>> {
        self.all(&ORGANIZATIONS, values![], rows::organization)
    }

    fn user(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        self.one(&USER, values![organization, id], rows::user)
    }

    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>> {
        self.one(&USER_BY_EMAIL, values![email.as_str()], rows::user)
    }

    fn users(&mut self, organization: OrganizationId) -> Result<Vec<User>> {
        self.all(&USERS, values![organization], rows::user)
    }

    fn session(&mut self, token: &TokenHash) -> Result<Option<Session>> {
        self.one(&SESSION, values![token], rows::session)
    }

    fn sign_in_failures(&mut self, email: &EmailAddress) -> Result<Option<SignInFailures>> {
        self.one(&SIGN_IN_FAILURES, values![email.as_str()], rows::sign_in_failures)
    }

    fn current_agreement(&mut self, cloud: Cloud) -> Result<Option<AgreementVersion>> {
        self.one(&CURRENT_AGREEMENT, values![cloud.as_str()], rows::agreement_version)
    }

    fn agreement_document(
        &mut self,
        cloud: Cloud,
        version: AgreementVersion,
        language: Language,
    ) -> Result<Option<AgreementDocument>> {
        self.one(
            &AGREEMENT_DOCUMENT,
            values![cloud.as_str(), version, language.as_str()],
            rows::agreement_document,
        )
    }

    fn latest_acceptance(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<AgreementAcceptance>> {
        self.one(&LATEST_ACCEPTANCE, values![organization], rows::acceptance)
    }

    fn acceptances(&mut self, organization: OrganizationId) -> Result<Vec<AgreementAcceptance>> {
        self.all(&ACCEPTANCES, values![organization], rows::acceptance)
    }

    fn invitation(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>> {
        self.one(&INVITATION, values![id, organization], rows::invitation)
    }

    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>> {
        self.one(&INVITATION_BY_TOKEN, values![token], rows::invitation)
    }

    fn invitations(&mut self, organization: OrganizationId) -> Result<Vec<Invitation>> {
        self.all(&INVITATIONS, values![organization], rows::invitation)
    }

    fn relationship(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
    ) -> Result<Option<Relationship>> {
        self.one(&RELATIONSHIP, values![id, organization], rows::relationship)
    }

    fn relationships(&mut self, organization: OrganizationId) -> Result<Vec<Relationship>> {
        self.all(&RELATIONSHIPS, values![organization], rows::relationship)
    }

    fn enquiry(&mut self, organization: OrganizationId, id: EnquiryId) -> Result<Option<Enquiry>> {
        self.one(&ENQUIRY, values![id, organization], rows::enquiry)
    }

    fn enquiries(&mut self, organization: OrganizationId) -> Result<Vec<Enquiry>> {
        self.all(&ENQUIRIES, values![organization], rows::enquiry)
    }

    fn profile(&mut self, partner: OrganizationId) -> Result<Option<Profile>> {
        self.one(&PROFILE, values![partner], rows::profile)
    }

    fn search_partners(
        &mut self,
        search: &PartnerSearch,
        after: Option<&PartnerRank>,
        limit: u32,
    ) -> Result<Vec<FoundPartner>> {
        let words = SearchWords::parse(search);
        let (first, mut before) = after.map_or((0, 0), |after| (after.level, after.place));
        let mut found = Vec::new();
        for level in first..terms::match_levels(&words) {
            let wanted = (limit as usize).saturating_sub(found.len());
            if wanted == 0 {
                break;
            }
            for place in self.sql.find_profiles(search, &words, level, before, wanted)? {
                let (organization, profile) = self
                    .one(&PARTNER_AT_PLACE, values![place], rows::partner_with_profile)?
                    .ok_or_else(|| {
                        StoreError::Engine(format!(
                            "the search index names a profile at place {place}, and there is none"
                        ))
                    })?;
                let rank = PartnerRank { level, place };
                found.push(FoundPartner { organization, profile, rank });
            }
            before = 0;
        }
        Ok(found)
    }

    fn product(&mut self, id: ProductId) -> Result<Option<Product>> {
        self.one(&PRODUCT, values![id], rows::product)
    }

    fn products(&mut self, cloud: Cloud) -> Result<Vec<Product>> {
        self.all(&PRODUCTS, values![cloud.as_str()], rows::product)
    }

    fn billing_accounts(&mut self, organization: OrganizationId) -> Result<Vec<BillingAccount>> {
        self.all(&BILLING_ACCOUNTS, values![organization], rows::billing_account)
    }

    fn partner_account(&mut self, id: &PartnerId) -> Result<Option<PartnerAccount>> {
        self.one(&PARTNER_ACCOUNT, values![id.as_str()], rows::partner_account)
    }

    fn partner_accounts(&mut self, organization: OrganizationId) -> Result<Vec<PartnerAccount>> {
        self.all(&PARTNER_ACCOUNTS, values![organization], rows::partner_account)
    }

    fn subscription(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>> {
        self.one(&SUBSCRIPTION, values![id, organization], rows::subscription)
    }

    fn subscriptions(&mut self, organization: OrganizationId) -> Result<Vec<Subscription>> {
        self.all(&SUBSCRIPTIONS, values![organization], rows::subscription)
    }

    fn active_subscriptions(
        &mut self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> Result<u32> {
        let count = self.one(&ACTIVE_SUBSCRIPTIONS, values![customer, seller, now], rows::count);
        Ok(count?.unwrap_or_default())
    }

    fn subscription_by_offer(
        &mut self,
        customer: OrganizationId,
        invitation: InvitationId,
    ) -> Result<Option<Subscription>> {
        self.one(&SUBSCRIPTION_BY_OFFER, values![customer, invitation], rows::subscription)
    }

    fn tenures(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PastPartnerOfRecord>> {
        self.all(&TENURES, values![customer, subscription], rows::tenure)
    }

    fn has_used_partner_id(&mut self, customer: OrganizationId, id: &PartnerId) -> Result<bool> {
        let count = self.one(&HAS_USED_PARTNER_ID, values![customer, id.as_str()], rows::count)?;
        Ok(count.is_some_and(|named| named > 0))
    }

    fn placed_order(
        &mut self,
        organization: OrganizationId,
        request: OrderRequestId,
    ) -> Result<Option<PlacedOrder>> {
        self.one(&PLACED_ORDER, values![organization, request], rows::placed_order)
    }

    fn partner_id_look_ups(
        &mut self,
        organization: OrganizationId,
        after: Timestamp,
    ) -> Result<Vec<(PartnerId, Timestamp)>> {
        self.all(&LOOK_UPS, values![organization, after], rows::look_up)
    }

    fn audit_head(&mut self, organization: OrganizationId) -> Result<Option<AuditRecord>> {
        self.one(&AUDIT, values![organization, 1_i64], rows::audit)
    }

    fn audit(
        &mut self,
        organization: OrganizationId,
        target: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>> {
        match (target, before) {
            (None, None) => self.all(&AUDIT, values![organization, limit], rows::audit),
            (None, Some(before)) => {
                self.all(&AUDIT_BEFORE, values![organization, before, limit], rows::audit)
            }
            (Some(target), None) => {
                self.all(&TARGET_AUDIT, values![organization, target, limit], rows::audit)
            }
            (Some(target), Some(before)) => self.all(
                &TARGET_AUDIT_BEFORE,
                values![organization, target, before, limit],
                rows::audit,
            ),
        }
    }

    fn mails(
        &mut self,
        organization: Option<OrganizationId>,
        limit: u32,
    ) -> Result<Vec<OutboxMail>> {
        match organization {
            Some(organization) => self.all(&MAILS, values![organization, limit], rows::mail),
            None => self.all(&ALL_MAILS, values![limit], rows::mail),
        }
    }

    fn due_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<OutboxMail>> {
        self.all(&DUE_MAILS, values![now, limit], rows::mail)
    }

    fn waiting_mails(&mut self, invitation: InvitationId) -> Result<Vec<OutboxMail>> {
        self.all(&WAITING_MAILS, values![invitation], rows::mail)
    }

    fn mail(&mut self, id: MailId) -> Result<Option<OutboxMail>> {
        self.one(&MAIL, values![id], rows::mail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrations::MIGRATIONS;

    /// Returns the query plan of SQLite.
    fn query_plan(statement: &SqlStatement) -> String {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        for migration in MIGRATIONS {
            connection.execute_batch(migration.statements).unwrap();
        }
        let explain = format!("EXPLAIN QUERY PLAN {}", statement.text());
        let mut prepared = connection.prepare(&explain).unwrap();
        assert_eq!(prepared.parameter_count(), statement.placeholders());
        let mut rows = prepared.raw_query();
        let mut plan = String::new();
        while let Some(row) = rows.next().unwrap() {
            plan += &row.get::<_, String>(3).unwrap();
            plan.push('\n');
        }
        plan
    }

    #[test]
    fn every_query_uses_an_index_and_needs_no_sorting() {
        for statement in [
            &ORGANIZATION,
            &ORGANIZATION_BY_DOMAIN,
            &USER,
            &USER_BY_EMAIL,
            &USERS,
            &SESSION,
            &SIGN_IN_FAILURES,
            &CURRENT_AGREEMENT,
            &AGREEMENT_DOCUMENT,
            &LATEST_ACCEPTANCE,
            &ACCEPTANCES,
            &INVITATION,
            &INVITATION_BY_TOKEN,
            &INVITATIONS,
            &RELATIONSHIP,
            &RELATIONSHIPS,
            &ENQUIRY,
            &ENQUIRIES,
            &PROFILE,
            &PARTNER_AT_PLACE,
            &PRODUCT,
            &PRODUCTS,
            &BILLING_ACCOUNTS,
            &PARTNER_ACCOUNT,
            &PARTNER_ACCOUNTS,
            &SUBSCRIPTION,
            &SUBSCRIPTIONS,
            &ACTIVE_SUBSCRIPTIONS,
            &SUBSCRIPTION_BY_OFFER,
            &TENURES,
            &PLACED_ORDER,
            &LOOK_UPS,
            &AUDIT,
            &AUDIT_BEFORE,
            &TARGET_AUDIT,
            &TARGET_AUDIT_BEFORE,
            &MAILS,
            &DUE_MAILS,
            &WAITING_MAILS,
            &MAIL,
        ] {
            let plan = query_plan(statement);
            assert!(
                !plan.contains("SCAN") && !plan.contains("TEMP"),
                "{}\n{plan}",
                statement.text()
            );
        }
        // These return all rows, but do not sort them either.
        for statement in [&ORGANIZATIONS, &ALL_MAILS] {
            let plan = query_plan(statement);
            assert!(!plan.contains("TEMP"), "{}\n{plan}", statement.text());
        }
    }
}
