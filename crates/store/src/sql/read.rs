//! Implementation of [`Read`] with SQL.

use std::collections::BTreeMap;

use api::{
    ActivityList, EnquiryList, InvitationList, OutboxList, ProductList, RelationshipList,
    SubscriptionList,
};
use rules::{
    AgreementAcceptance, AgreementDocument, AgreementVersion, BillingAccount, Cloud, DomainName,
    EmailAddress, Enquiry, EnquiryId, Invitation, InvitationId, Language, MailId, OrderRequestId,
    OrganizationId, PartnerAccount, PartnerId, PastPartnerOfRecord, Product, ProductId, Profile,
    Relationship, RelationshipId, Subscription, SubscriptionId, Timestamp, UserId, UserRole,
};
use service::lists::{
    EnquiryRow, InvitationRow, ListOwner, ListRows, PageRequest, ProductScope, RelationshipRow,
    RestrictedRows, SubscriptionRow,
};
use service::model::{
    AuditRecord, FoundPartner, Organization, OutboxMail, PartnerChangeBlock, PartnerRank,
    PartnerSearch, PlacedOrder, Session, SignInFailures, User,
};
use service::stored::StoredName;
use service::{Caller, Read, StoreError, TokenHash};

use super::table::{bind, columns_of, select, statements};
use super::tables::{SignInFailureRow, StoredOrganization};
use super::{Result, Transaction, search_terms};
use crate::search::SearchWords;

statements! {
    ORGANIZATION = select::<StoredOrganization>("WHERE id = :id");
    ORGANIZATION_BY_DOMAIN = select::<StoredOrganization>("WHERE domain = :domain");
    USER = select::<User>("WHERE organization = :organization AND id = :id");
    USER_BY_EMAIL = select::<User>("WHERE email = :email");
    USERS_WITH_ROLE = select::<User>(
        "WHERE organization = :organization AND instr(roles, :role) > 0 ORDER BY id LIMIT :limit",
    );
    USERS = select::<User>("WHERE organization = :organization ORDER BY id");
    COMMITS = "SELECT commits FROM commit_count WHERE id = 1";
    /// Each request asks for its caller, so this is one statement.
    CALLER = format!(
        "SELECT {}, {}, {} FROM session \
         JOIN account ON account.organization = session.organization \
         AND account.id = session.account \
         JOIN organization ON organization.id = session.organization \
         WHERE session.token = :token",
        columns_of::<Session>("session"),
        columns_of::<User>("account"),
        columns_of::<StoredOrganization>("organization"),
    );
    SIGN_IN_FAILURES = select::<SignInFailureRow>("WHERE email = :email");
    CURRENT_AGREEMENT = "SELECT version FROM agreement_document WHERE cloud = :cloud \
        ORDER BY version DESC LIMIT 1";
    AGREEMENT_VERSIONS = "SELECT (SELECT MAX(version) FROM agreement_acceptance \
        WHERE organization = :organization), \
        (SELECT MAX(version) FROM agreement_document WHERE cloud = :cloud)";
    AGREEMENT_DOCUMENT = select::<AgreementDocument>(
        "WHERE cloud = :cloud AND version = :version AND language = :language",
    );
    LATEST_ACCEPTANCE = select::<AgreementAcceptance>(
        "WHERE organization = :organization ORDER BY version DESC, id DESC LIMIT 1",
    );
    ACCEPTANCES =
        select::<AgreementAcceptance>("WHERE organization = :organization ORDER BY id");
    INVITATION = select::<Invitation>(
        "WHERE id = :id AND (customer = :organization OR partner = :organization)",
    );
    INVITATION_BY_TOKEN = select::<Invitation>("WHERE token = :token");
    HAS_DRAFTS = "SELECT 1 FROM invitation WHERE partner = :partner AND created_by = :user \
        AND sent_at IS NULL AND answer IS NULL LIMIT 1 OFFSET :others";
    HAS_WAITING_INVITATIONS = "SELECT 1 FROM invitation WHERE partner = :partner \
        AND customer = :customer AND expires_at > :now LIMIT 1 OFFSET :others";
    INVITATION_MAILED = "SELECT mailed_at FROM invitation WHERE partner = :partner \
        AND mailed_at > :after ORDER BY mailed_at DESC LIMIT 1 OFFSET :others";
    INVITATION_MAILED_TO = "SELECT mailed_at FROM invitation WHERE partner = :partner \
        AND customer = :customer AND mailed_at > :after \
        ORDER BY mailed_at DESC LIMIT 1 OFFSET :others";
    HAS_WAITING_ENQUIRIES = "SELECT 1 FROM enquiry WHERE customer = :customer \
        AND expires_at > :now LIMIT 1 OFFSET :others";
    ENQUIRY_SENT = "SELECT created FROM enquiry WHERE customer = :customer \
        ORDER BY created DESC LIMIT 1 OFFSET :others";
    RELATIONSHIP = select::<Relationship>(
        "WHERE id = :id AND (customer = :organization OR partner = :organization)",
    );
    RELATIONSHIPS_BETWEEN = select::<Relationship>(
        "WHERE customer = :customer AND partner = :partner ORDER BY id",
    );
    ENQUIRY = select::<Enquiry>(
        "WHERE id = :id AND (customer = :organization OR partner = :organization)",
    );
    PROFILE = select::<Profile>("WHERE partner = :partner");
    PARTNER_AT_PLACE = format!(
        "SELECT {}, {} FROM partner_profile \
         JOIN organization ON organization.id = partner_profile.partner WHERE place = :place",
        columns_of::<StoredOrganization>("organization"),
        columns_of::<Profile>("partner_profile"),
    );
    PRODUCT = select::<Product>("WHERE id = :id");
    PRODUCTS = select::<Product>("WHERE cloud = :cloud ORDER BY name_key, id");
    BILLING_ACCOUNTS = select::<BillingAccount>("WHERE organization = :organization ORDER BY id");
    PARTNER_ACCOUNT = select_partner_accounts("WHERE partner_id = :partner_id");
    PARTNER_ACCOUNTS =
        select_partner_accounts("WHERE partner = :partner ORDER BY partner_id");
    SUBSCRIPTION = select::<Subscription>(
        "WHERE id = :id AND (customer = :organization OR seller = :organization \
         OR partner_of_record = :organization)",
    );
    SUBSCRIPTIONS_WITH_IDS = select::<Subscription>(
        "WHERE customer = :customer AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id",
    );
    /// `CROSS JOIN` reads the list first, and looks up a row for each of its members.
    COUNT_WITH_VERSIONS = "SELECT COUNT(*) FROM json_each(:versions) AS expected \
        CROSS JOIN subscription ON customer = :customer AND subscription.id = expected.key \
        AND version = expected.value";
    PENDING_PARTNER_CHANGES_OF_CUSTOMER = select::<PartnerChangeBlock>(
        "WHERE customer = :customer ORDER BY first LIMIT 1",
    );
    PENDING_PARTNER_CHANGES_NEAR = select::<PartnerChangeBlock>(
        "WHERE customer = :customer AND first <= :subscription ORDER BY first DESC LIMIT 1",
    );
    ACTIVE_SUBSCRIPTIONS = "SELECT COUNT(*) FROM subscription WHERE customer = :customer \
        AND seller = :seller AND active_until > :now";
    SUBSCRIPTION_BY_OFFER =
        select::<Subscription>("WHERE customer = :customer AND offer_of = :invitation");
    TENURES = select::<PastPartnerOfRecord>(
        "WHERE customer = :customer AND subscription = :subscription ORDER BY number DESC",
    );
    HAS_USED_PARTNER_ID = "SELECT \
        EXISTS (SELECT 1 FROM subscription \
            WHERE customer = :customer AND partner_id = :partner_id) OR \
        EXISTS (SELECT 1 FROM partner_tenure \
            WHERE customer = :customer AND partner_id = :partner_id)";
    PLACED_ORDER =
        select::<PlacedOrder>("WHERE organization = :organization AND request = :request");
    LOOK_UPS = "SELECT partner_id, looked_up FROM partner_look_up \
        WHERE organization = :organization AND looked_up > :after ORDER BY partner_id";
    AUDIT = select::<AuditRecord>(
        "WHERE organization = :organization ORDER BY sequence DESC LIMIT :limit",
    );
    AUDIT_BEFORE = select::<AuditRecord>(
        "WHERE organization = :organization AND sequence < :before \
         ORDER BY sequence DESC LIMIT :limit",
    );
    TARGET_AUDIT = select_audit_of_target("");
    TARGET_AUDIT_BEFORE = select_audit_of_target("AND sequence < :before");
    DUE_MAILS = select::<OutboxMail>(
        "WHERE status = 'waiting' AND next_attempt <= :now ORDER BY next_attempt, id LIMIT :limit",
    );
    WAITING_MAILS =
        select::<OutboxMail>("WHERE invitation = :invitation AND status = 'waiting' ORDER BY id");
    MAIL = select::<OutboxMail>("WHERE id = :id");
}

/// Statements that return all rows of a table, for the operator's commands.
mod all_rows {
    use super::{PartnerChangeBlock, StoredOrganization, select, statements};

    statements! {
        ORGANIZATIONS = select::<StoredOrganization>("ORDER BY id");
        PENDING_PARTNER_CHANGES =
            select::<PartnerChangeBlock>("ORDER BY customer, first LIMIT 1");
    }
}

/// Returns a `SELECT` of the entries about one object. Without the hint, SQLite looks for them
/// among all entries of the organization.
fn select_audit_of_target(condition: &str) -> String {
    format!(
        "SELECT {} FROM audit INDEXED BY audit_by_target WHERE organization = :organization \
         AND target = :target {condition} ORDER BY sequence DESC LIMIT :limit",
        columns_of::<AuditRecord>("audit"),
    )
}

/// Returns a `SELECT` of partner accounts, each with its partner.
fn select_partner_accounts(rest: &str) -> String {
    format!(
        "SELECT {}, {} FROM partner_account \
         JOIN organization ON organization.id = partner_account.partner {rest}",
        columns_of::<PartnerAccount>("partner_account"),
        columns_of::<StoredOrganization>("organization"),
    )
}

fn with_clouds((account, partner): (PartnerAccount, Organization)) -> PartnerAccount {
    PartnerAccount { clouds: partner.clouds().to_vec(), ..account }
}

/// Returns a list or map as a parameter for `json_each`.
fn json_parameter(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Engine(format!("a parameter as JSON: {error}")))
}

impl Read for Transaction<'_> {
    fn commits(&mut self) -> Result<i64> {
        self.one(&COMMITS, &bind![])?
            .ok_or_else(|| StoreError::Engine("the number of commits is missing".to_owned()))
    }

    fn organization(&mut self, id: OrganizationId) -> Result<Option<Organization>> {
        self.one(&ORGANIZATION, &bind![id])
    }

    fn organization_by_domain(&mut self, domain: &DomainName) -> Result<Option<Organization>> {
        self.one(&ORGANIZATION_BY_DOMAIN, &bind![domain])
    }

    fn organizations(&mut self) -> Result<Vec<Organization>> {
        self.all(&all_rows::ORGANIZATIONS, &bind![])
    }

    fn user(&mut self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        self.one(&USER, &bind![organization, id])
    }

    fn user_by_email(&mut self, email: &EmailAddress) -> Result<Option<User>> {
        self.one(&USER_BY_EMAIL, &bind![email])
    }

    fn users_with_role(
        &mut self,
        organization: OrganizationId,
        role: UserRole,
        limit: u32,
    ) -> Result<Vec<User>> {
        // The column is a list of names in JSON.
        let role = format!("\"{}\"", role.stored_name());
        self.all(&USERS_WITH_ROLE, &bind![organization, role, limit])
    }

    fn users(&mut self, organization: OrganizationId) -> Result<Vec<User>> {
        self.all(&USERS, &bind![organization])
    }

    fn caller(&mut self, token: &TokenHash) -> Result<Option<Caller>> {
        let found = self.one::<(Session, (User, Organization))>(&CALLER, &bind![token])?;
        Ok(found.map(|(session, (user, organization))| Caller { user, organization, session }))
    }

    fn sign_in_failures(&mut self, email: &EmailAddress) -> Result<Option<SignInFailures>> {
        let row: Option<SignInFailureRow> = self.one(&SIGN_IN_FAILURES, &bind![email])?;
        Ok(row.map(|row| SignInFailures { count: row.failures, last: row.last_failure }))
    }

    fn current_agreement(&mut self, cloud: Cloud) -> Result<Option<AgreementVersion>> {
        self.one(&CURRENT_AGREEMENT, &bind![cloud])
    }

    fn agreement_versions(
        &mut self,
        organization: OrganizationId,
        cloud: Cloud,
    ) -> Result<(Option<AgreementVersion>, Option<AgreementVersion>)> {
        Ok(self.one(&AGREEMENT_VERSIONS, &bind![organization, cloud])?.unwrap_or_default())
    }

    fn agreement_document(
        &mut self,
        cloud: Cloud,
        version: AgreementVersion,
        language: Language,
    ) -> Result<Option<AgreementDocument>> {
        self.one(&AGREEMENT_DOCUMENT, &bind![cloud, version, language])
    }

    fn latest_acceptance(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<AgreementAcceptance>> {
        self.one(&LATEST_ACCEPTANCE, &bind![organization])
    }

    fn acceptances(&mut self, organization: OrganizationId) -> Result<Vec<AgreementAcceptance>> {
        self.all(&ACCEPTANCES, &bind![organization])
    }

    fn invitation(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<Invitation>> {
        self.one(&INVITATION, &bind![id, organization])
    }

    fn invitation_by_token(&mut self, token: &TokenHash) -> Result<Option<Invitation>> {
        self.one(&INVITATION_BY_TOKEN, &bind![token])
    }

    fn has_drafts(&mut self, partner: OrganizationId, user: UserId, count: u32) -> Result<bool> {
        let Some(others) = count.checked_sub(1) else { return Ok(true) };
        let found: Option<u32> = self.one(&HAS_DRAFTS, &bind![partner, user, others])?;
        Ok(found.is_some())
    }

    fn has_waiting_invitations(
        &mut self,
        partner: OrganizationId,
        customer: OrganizationId,
        now: Timestamp,
        count: u32,
    ) -> Result<bool> {
        let Some(others) = count.checked_sub(1) else { return Ok(true) };
        let found: Option<u32> =
            self.one(&HAS_WAITING_INVITATIONS, &bind![partner, customer, now, others])?;
        Ok(found.is_some())
    }

    fn invitation_mailed(
        &mut self,
        partner: OrganizationId,
        customer: Option<OrganizationId>,
        after: Timestamp,
        place: u32,
    ) -> Result<Option<Timestamp>> {
        let others = place.saturating_sub(1);
        match customer {
            Some(customer) => {
                self.one(&INVITATION_MAILED_TO, &bind![partner, customer, after, others])
            }
            None => self.one(&INVITATION_MAILED, &bind![partner, after, others]),
        }
    }

    fn has_waiting_enquiries(
        &mut self,
        customer: OrganizationId,
        now: Timestamp,
        count: u32,
    ) -> Result<bool> {
        let Some(others) = count.checked_sub(1) else { return Ok(true) };
        let found: Option<u32> = self.one(&HAS_WAITING_ENQUIRIES, &bind![customer, now, others])?;
        Ok(found.is_some())
    }

    fn enquiry_sent(&mut self, customer: OrganizationId, place: u32) -> Result<Option<Timestamp>> {
        self.one(&ENQUIRY_SENT, &bind![customer, others: place.saturating_sub(1)])
    }

    fn relationship(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
    ) -> Result<Option<Relationship>> {
        self.one(&RELATIONSHIP, &bind![id, organization])
    }

    fn enquiry(&mut self, organization: OrganizationId, id: EnquiryId) -> Result<Option<Enquiry>> {
        self.one(&ENQUIRY, &bind![id, organization])
    }

    fn profile(&mut self, partner: OrganizationId) -> Result<Option<Profile>> {
        self.one(&PROFILE, &bind![partner])
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
        for level in first..search_terms::match_levels(&words) {
            let wanted = (limit as usize).saturating_sub(found.len());
            if wanted == 0 {
                break;
            }
            for place in self.find_profiles(search, &words, level, before, wanted)? {
                let (organization, profile) = self
                    .one::<(Organization, Profile)>(&PARTNER_AT_PLACE, &bind![place])?
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
        self.one(&PRODUCT, &bind![id])
    }

    fn products(&mut self, cloud: Cloud) -> Result<Vec<Product>> {
        self.all(&PRODUCTS, &bind![cloud])
    }

    fn billing_accounts(&mut self, organization: OrganizationId) -> Result<Vec<BillingAccount>> {
        self.all(&BILLING_ACCOUNTS, &bind![organization])
    }

    fn partner_account(&mut self, id: &PartnerId) -> Result<Option<PartnerAccount>> {
        Ok(self.one(&PARTNER_ACCOUNT, &bind![partner_id: id])?.map(with_clouds))
    }

    fn partner_accounts(&mut self, organization: OrganizationId) -> Result<Vec<PartnerAccount>> {
        let found = self.all(&PARTNER_ACCOUNTS, &bind![partner: organization])?;
        Ok(found.into_iter().map(with_clouds).collect())
    }

    fn subscription(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<Subscription>> {
        self.one(&SUBSCRIPTION, &bind![id, organization])
    }

    fn subscriptions_with_ids(
        &mut self,
        customer: OrganizationId,
        ids: &[SubscriptionId],
    ) -> Result<Vec<Subscription>> {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let ids = json_parameter(&ids)?;
        self.all(&SUBSCRIPTIONS_WITH_IDS, &bind![customer, ids: ids.as_str()])
    }

    fn have_versions(
        &mut self,
        customer: OrganizationId,
        versions: &[(SubscriptionId, i64)],
    ) -> Result<bool> {
        let versions: BTreeMap<_, _> =
            versions.iter().map(|(id, version)| (id.to_string(), version)).collect();
        let expected = versions.len();
        let versions = json_parameter(&versions)?;
        let found: Option<u32> =
            self.one(&COUNT_WITH_VERSIONS, &bind![customer, versions: versions.as_str()])?;
        Ok(found.map(|found| found as usize) == Some(expected))
    }

    fn pending_partner_changes(
        &mut self,
        customer: Option<OrganizationId>,
    ) -> Result<Option<PartnerChangeBlock>> {
        match customer {
            Some(customer) => self.one(&PENDING_PARTNER_CHANGES_OF_CUSTOMER, &bind![customer]),
            None => self.one(&all_rows::PENDING_PARTNER_CHANGES, &bind![]),
        }
    }

    fn pending_partner_changes_near(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Option<PartnerChangeBlock>> {
        self.one(&PENDING_PARTNER_CHANGES_NEAR, &bind![customer, subscription])
    }

    fn active_subscriptions(
        &mut self,
        customer: OrganizationId,
        seller: OrganizationId,
        now: Timestamp,
    ) -> Result<u32> {
        let count = self.one(&ACTIVE_SUBSCRIPTIONS, &bind![customer, seller, now]);
        Ok(count?.unwrap_or_default())
    }

    fn subscription_by_offer(
        &mut self,
        customer: OrganizationId,
        invitation: InvitationId,
    ) -> Result<Option<Subscription>> {
        self.one(&SUBSCRIPTION_BY_OFFER, &bind![customer, invitation])
    }

    fn tenures(
        &mut self,
        customer: OrganizationId,
        subscription: SubscriptionId,
    ) -> Result<Vec<PastPartnerOfRecord>> {
        self.all(&TENURES, &bind![customer, subscription])
    }

    fn has_used_partner_id(&mut self, customer: OrganizationId, id: &PartnerId) -> Result<bool> {
        let used = self.one(&HAS_USED_PARTNER_ID, &bind![customer, partner_id: id])?;
        Ok(used.unwrap_or_default())
    }

    fn placed_order(
        &mut self,
        organization: OrganizationId,
        request: OrderRequestId,
    ) -> Result<Option<PlacedOrder>> {
        self.one(&PLACED_ORDER, &bind![organization, request])
    }

    fn partner_id_look_ups(
        &mut self,
        organization: OrganizationId,
        after: Timestamp,
    ) -> Result<Vec<(PartnerId, Timestamp)>> {
        self.all(&LOOK_UPS, &bind![organization, after])
    }

    fn audit_head(&mut self, organization: OrganizationId) -> Result<Option<AuditRecord>> {
        self.one(&AUDIT, &bind![organization, limit: 1_u32])
    }

    fn audit(
        &mut self,
        organization: OrganizationId,
        target: Option<&str>,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<AuditRecord>> {
        match (target, before) {
            (None, None) => self.all(&AUDIT, &bind![organization, limit]),
            (None, Some(before)) => self.all(&AUDIT_BEFORE, &bind![organization, before, limit]),
            (Some(target), None) => self.all(&TARGET_AUDIT, &bind![organization, target, limit]),
            (Some(target), Some(before)) => {
                self.all(&TARGET_AUDIT_BEFORE, &bind![organization, target, before, limit])
            }
        }
    }

    fn due_mails(&mut self, now: Timestamp, limit: u32) -> Result<Vec<OutboxMail>> {
        self.all(&DUE_MAILS, &bind![now, limit])
    }

    fn waiting_mails(&mut self, invitation: InvitationId) -> Result<Vec<OutboxMail>> {
        self.all(&WAITING_MAILS, &bind![invitation])
    }

    fn mail(&mut self, id: MailId) -> Result<Option<OutboxMail>> {
        self.one(&MAIL, &bind![id])
    }

    fn relationship_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, RelationshipList>,
    ) -> Result<ListRows<RelationshipRow>> {
        self.list_relationships(owner, page)
    }

    fn relationship_row(
        &mut self,
        organization: OrganizationId,
        id: RelationshipId,
        now: Timestamp,
    ) -> Result<Option<RelationshipRow>> {
        self.relationship_row_of(organization, id, now)
    }

    fn relationships_between(
        &mut self,
        customer: OrganizationId,
        partner: OrganizationId,
    ) -> Result<Vec<Relationship>> {
        self.all(&RELATIONSHIPS_BETWEEN, &bind![customer, partner])
    }

    fn invitation_page(
        &mut self,
        owner: ListOwner,
        restricted: RestrictedRows,
        page: &PageRequest<'_, InvitationList>,
    ) -> Result<ListRows<InvitationRow>> {
        self.list_invitations(owner, restricted, page)
    }

    fn invitation_row(
        &mut self,
        organization: OrganizationId,
        id: InvitationId,
    ) -> Result<Option<InvitationRow>> {
        self.invitation_row_of(organization, id)
    }

    fn enquiry_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, EnquiryList>,
    ) -> Result<ListRows<EnquiryRow>> {
        self.list_enquiries(owner, page)
    }

    fn enquiry_row(
        &mut self,
        organization: OrganizationId,
        id: EnquiryId,
    ) -> Result<Option<EnquiryRow>> {
        self.enquiry_row_of(organization, id)
    }

    fn product_page(
        &mut self,
        scope: &ProductScope,
        page: &PageRequest<'_, ProductList>,
    ) -> Result<ListRows<Product>> {
        self.list_products(scope, page)
    }

    fn subscription_page(
        &mut self,
        owner: ListOwner,
        page: &PageRequest<'_, SubscriptionList>,
    ) -> Result<ListRows<SubscriptionRow>> {
        self.list_subscriptions(owner, page)
    }

    fn subscription_row(
        &mut self,
        organization: OrganizationId,
        id: SubscriptionId,
    ) -> Result<Option<SubscriptionRow>> {
        self.subscription_row_of(organization, id)
    }

    fn activity_page(
        &mut self,
        organization: OrganizationId,
        restricted: RestrictedRows,
        page: &PageRequest<'_, ActivityList>,
    ) -> Result<ListRows<AuditRecord>> {
        self.list_activity(organization, restricted, page)
    }

    fn outbox_page(
        &mut self,
        organization: Option<OrganizationId>,
        page: &PageRequest<'_, OutboxList>,
    ) -> Result<ListRows<OutboxMail>> {
        self.list_mails(organization, page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::tests::query_plan;

    #[test]
    fn every_query_uses_an_index_and_needs_no_sorting() {
        for statement in STATEMENTS {
            let plan = query_plan(statement);
            // A parameter that is a list is read once: as the first step, or as a subquery.
            let plan = plan.trim_start_matches("SCAN expected VIRTUAL TABLE");
            let plan = plan
                .replace("SCAN CONSTANT ROW", "")
                .replace("LIST SUBQUERY 1\nSCAN json_each VIRTUAL TABLE", "");
            assert!(
                !plan.contains("SCAN") && !plan.contains("TEMP"),
                "{}\n{plan}",
                statement.as_str()
            );
        }
        for statement in all_rows::STATEMENTS {
            let plan = query_plan(statement);
            assert!(!plan.contains("TEMP"), "{}\n{plan}", statement.as_str());
        }
    }
}
