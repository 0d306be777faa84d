//! Implementation of [`Write`] with SQL.

use rules::{
    AgreementAcceptance, AgreementDocument, BillingAccount, DAY, EmailAddress, Enquiry, Invitation,
    OrganizationId, PartnerAccount, PartnerId, PastPartnerOfRecord, Product, Profile, Relationship,
    Subscription, SubscriptionId, Timestamp, UserId,
};
use service::model::{
    AuditRecord, Organization, OutboxMail, PartnerChangeBlock, PlacedOrder, Session,
    SignInFailures, User,
};
use service::{Read, StoreError, TokenHash, Write};

use super::table::{TableRow, bind, encode, insert_or_replace, statements, update};
use super::tables::{LookUpRow, SignInFailureRow, StoredOrganization};
use super::{Result, Transaction, search_index, search_terms};
use crate::duplicates;
use crate::listed::AuditColumns;

statements! {
    DELETE_SESSION = "DELETE FROM session WHERE token = :token";
    DELETE_SESSIONS =
        "DELETE FROM session WHERE organization = :organization AND account = :account";
    /// `OFFSET` names the first session that is not kept; `-1` is SQLite's word for no limit.
    DELETE_OLDER_SESSIONS = "DELETE FROM session WHERE token IN (SELECT token FROM session \
        WHERE organization = :organization AND account = :account \
        ORDER BY created DESC, token LIMIT -1 OFFSET :count)";
    DELETE_EXPIRED_SESSIONS = "DELETE FROM session WHERE expires < :now";
    DELETE_OLD_SIGN_IN_FAILURES = "DELETE FROM sign_in_failure WHERE last_failure < :before";
    DELETE_OLD_LOOK_UPS = "DELETE FROM partner_look_up WHERE looked_up < :before";
    SET_SIGN_IN_FAILURES = insert_or_replace::<SignInFailureRow>();
    DELETE_SIGN_IN_FAILURES = "DELETE FROM sign_in_failure WHERE email = :email";
    UPDATE_INVITATION = update::<Invitation>("token = COALESCE(:token, token),");
    PLACE_OF_PROFILE = "SELECT place FROM partner_profile WHERE partner = :partner";
    DELETE_PENDING_PARTNER_CHANGES =
        "DELETE FROM pending_partner_changes WHERE customer = :customer AND first = :first";
    SET_LOOK_UP = insert_or_replace::<LookUpRow>();
}

impl Write for Transaction<'_> {
    fn insert_organization(&mut self, organization: &Organization) -> Result<()> {
        self.insert(&StoredOrganization::from(organization))
    }

    fn insert_user(&mut self, user: &User) -> Result<()> {
        self.insert(user)
    }

    fn insert_session(&mut self, session: &Session) -> Result<()> {
        self.insert(session)
    }

    fn keep_latest_sessions(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        count: u32,
    ) -> Result<()> {
        self.execute(&DELETE_OLDER_SESSIONS, &bind![organization, account: user, count])?;
        Ok(())
    }

    fn delete_session(&mut self, token: &TokenHash) -> Result<bool> {
        Ok(self.execute(&DELETE_SESSION, &bind![token])? > 0)
    }

    fn delete_sessions(&mut self, organization: OrganizationId, user: UserId) -> Result<u64> {
        Ok(self.execute(&DELETE_SESSIONS, &bind![organization, account: user])?)
    }

    fn delete_expired(&mut self, now: Timestamp) -> Result<()> {
        let before = now.plus(-DAY);
        self.execute(&DELETE_EXPIRED_SESSIONS, &bind![now])?;
        self.execute(&DELETE_OLD_SIGN_IN_FAILURES, &bind![before])?;
        self.execute(&DELETE_OLD_LOOK_UPS, &bind![before])?;
        Ok(())
    }

    fn set_sign_in_failures(
        &mut self,
        email: &EmailAddress,
        failures: Option<SignInFailures>,
    ) -> Result<()> {
        match failures {
            Some(SignInFailures { count, last }) => {
                let row =
                    SignInFailureRow { email: email.clone(), failures: count, last_failure: last };
                self.execute(&SET_SIGN_IN_FAILURES, &row.encode()?)?
            }
            None => self.execute(&DELETE_SIGN_IN_FAILURES, &bind![email])?,
        };
        Ok(())
    }

    fn insert_agreement_document(&mut self, document: &AgreementDocument) -> Result<()> {
        self.insert(document)
    }

    fn insert_acceptance(&mut self, acceptance: &AgreementAcceptance) -> Result<()> {
        self.insert(acceptance)
    }

    fn insert_invitation(&mut self, invitation: &Invitation) -> Result<()> {
        let row = search_index::invitation(&invitation.customer, &invitation.id)?;
        self.insert_indexed(&row, |transaction| transaction.insert(invitation))
    }

    fn update_invitation(
        &mut self,
        invitation: &Invitation,
        token: Option<&TokenHash>,
    ) -> Result<()> {
        let mut values = invitation.encode()?;
        values.push((":token", encode(&token)?));
        let row = search_index::invitation(&invitation.customer, &invitation.id)?;
        self.update_indexed(&row, |transaction| {
            transaction.update_with(&UPDATE_INVITATION, &values, duplicates::LINK)
        })
    }

    fn insert_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        let row = search_index::relationship(&relationship.customer, &relationship.id)?;
        self.insert_indexed(&row, |transaction| transaction.insert(relationship))
    }

    fn update_relationship(&mut self, relationship: &Relationship) -> Result<()> {
        let row = search_index::relationship(&relationship.customer, &relationship.id)?;
        self.update_indexed(&row, |transaction| transaction.update(relationship))
    }

    fn insert_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        let row = search_index::enquiry(&enquiry.customer, &enquiry.id)?;
        self.insert_indexed(&row, |transaction| transaction.insert(enquiry))
    }

    fn update_enquiry(&mut self, enquiry: &Enquiry) -> Result<()> {
        let row = search_index::enquiry(&enquiry.customer, &enquiry.id)?;
        self.update_indexed(&row, |transaction| transaction.update(enquiry))
    }

    fn set_profile(&mut self, profile: &Profile) -> Result<()> {
        let statement = match profile.version {
            1 => Profile::insert_statement(),
            _ => Profile::update_statement(),
        };
        if self.execute(statement, &profile.encode()?)? == 0 {
            return Err(StoreError::Stale);
        }
        let partner = profile.partner;
        let (Some(organization), Some(place)) =
            (self.organization(partner)?, self.one(&PLACE_OF_PROFILE, &bind![partner])?)
        else {
            return Err(StoreError::Engine("the profile that was saved is not there".to_owned()));
        };
        let terms = profile.listed.then(|| search_terms::profile_terms(&organization, profile));
        self.set_search_terms(place, terms.as_deref())
    }

    fn insert_product(&mut self, product: &Product) -> Result<()> {
        self.insert(product)
    }

    fn update_product(&mut self, product: &Product) -> Result<()> {
        self.update(product)
    }

    fn insert_billing_account(&mut self, account: &BillingAccount) -> Result<()> {
        self.insert(account)
    }

    fn insert_partner_account(&mut self, account: &PartnerAccount) -> Result<()> {
        self.insert(account)
    }

    fn insert_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let row = search_index::subscription(&subscription.customer, &subscription.id)?;
        self.insert_indexed(&row, |transaction| transaction.insert(subscription))
    }

    fn update_subscription(&mut self, subscription: &Subscription) -> Result<()> {
        let row = search_index::subscription(&subscription.customer, &subscription.id)?;
        self.update_indexed(&row, |transaction| transaction.update(subscription))
    }

    fn insert_tenure(&mut self, tenure: &PastPartnerOfRecord) -> Result<()> {
        self.insert(tenure)
    }

    fn insert_pending_partner_changes(&mut self, block: &PartnerChangeBlock) -> Result<()> {
        self.insert(block)
    }

    fn update_pending_partner_changes(&mut self, block: &PartnerChangeBlock) -> Result<()> {
        self.update(block)
    }

    fn delete_pending_partner_changes(
        &mut self,
        customer: OrganizationId,
        first: SubscriptionId,
    ) -> Result<()> {
        self.execute(&DELETE_PENDING_PARTNER_CHANGES, &bind![customer, first])?;
        Ok(())
    }

    fn insert_placed_order(&mut self, order: &PlacedOrder) -> Result<()> {
        self.insert(order)
    }

    fn record_look_up(
        &mut self,
        organization: OrganizationId,
        id: &PartnerId,
        at: Timestamp,
    ) -> Result<()> {
        let row = LookUpRow { organization, partner_id: id.clone(), looked_up: at };
        self.execute(&SET_LOOK_UP, &row.encode()?)?;
        Ok(())
    }

    fn append_audit(&mut self, record: &AuditRecord) -> Result<()> {
        self.insert(record)?;
        let words = AuditColumns::of(record).words;
        self.index_audit_entry(record.organization, record.sequence, &words)
    }

    fn insert_mail(&mut self, mail: &OutboxMail) -> Result<()> {
        self.insert(mail)?;
        self.has_queued_mail = true;
        Ok(())
    }

    fn update_mail(&mut self, mail: &OutboxMail) -> Result<()> {
        self.update(mail)
    }
}
