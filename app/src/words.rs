//! The names of domain values in the visitor's language, as the admin center calls them.
//!
//! Most are exhaustive matches, so that a new partner type or error code does not compile
//! until it has a text. The texts of refusals, next steps and entries of the audit log are
//! looked up by their code; a test finds those that are missing. A text that a language lacks fails the build.

use api::{AgreementState, AuditAction, ErrorCode, MailStatus, PlanRequest};
use rules::{
    AccountKind, AdminRole, Capability, Cloud, EnquiryStatus, FieldError, Industry,
    InvitationStatus, OfferKind, OrganizationSize, PartnerType, Refusal, RelationshipStatus,
    Service, SubscriptionStatus, Term, UserRole,
};

use crate::{intl, t};

/// Returns the name of a cloud.
#[must_use]
pub fn cloud(cloud: Cloud) -> String {
    match cloud {
        Cloud::Worldwide => t::words::cloud_worldwide(),
        Cloud::Germany => t::words::cloud_germany(),
        Cloud::Vianet21 => t::words::cloud_21vianet(),
    }
}

/// Returns the name of a partner type.
#[must_use]
pub fn partner_type(kind: PartnerType) -> String {
    match kind {
        PartnerType::Reseller => t::words::type_reseller(),
        PartnerType::DelegatedAdministrator => t::words::type_delegated_administrator(),
        PartnerType::ResellerAndDelegatedAdministrator => {
            t::words::type_reseller_and_delegated_administrator()
        }
        PartnerType::Partner => t::words::type_partner(),
        PartnerType::Advisor => t::words::type_advisor(),
        PartnerType::Mpsa => t::words::type_mpsa(),
        PartnerType::OemPc => t::words::type_oem_pc(),
        PartnerType::Lob => t::words::type_lob(),
    }
}

/// Returns a description of a partner type, in a sentence or two.
#[must_use]
pub fn partner_type_description(kind: PartnerType) -> String {
    match kind {
        PartnerType::Reseller => t::words::about_reseller(),
        PartnerType::DelegatedAdministrator => t::words::about_delegated_administrator(),
        PartnerType::ResellerAndDelegatedAdministrator => {
            t::words::about_reseller_and_delegated_administrator()
        }
        PartnerType::Partner => t::words::about_partner(),
        PartnerType::Advisor => t::words::about_advisor(),
        PartnerType::Mpsa => t::words::about_mpsa(),
        PartnerType::OemPc => t::words::about_oem_pc(),
        PartnerType::Lob => t::words::about_lob(),
    }
}

/// Returns the name of a capability.
#[must_use]
pub fn capability(capability: Capability) -> String {
    match capability {
        Capability::SellProducts => t::words::may_sell_products(),
        Capability::ManageSubscriptions => t::words::may_manage_subscriptions(),
        Capability::ManageUsers => t::words::may_manage_users(),
        Capability::ManageLicenses => t::words::may_manage_licenses(),
        Capability::ResetPasswords => t::words::may_reset_passwords(),
        Capability::HandleSupport => t::words::may_handle_support(),
        Capability::WorkWithServices => t::words::may_work_with_services(),
        Capability::SeeMpsaPurchases => t::words::may_see_mpsa_purchases(),
        Capability::UploadDeviceIds => t::words::may_upload_device_ids(),
        Capability::ManageLobApps => t::words::may_manage_lob_apps(),
    }
}

/// Returns the name of an admin role.
#[must_use]
pub fn admin_role(role: AdminRole) -> String {
    match role {
        AdminRole::GlobalAdministrator => t::words::role_global_administrator(),
        AdminRole::HelpdeskAdministrator => t::words::role_helpdesk_administrator(),
    }
}

/// Returns a description of what an admin role allows.
#[must_use]
pub fn admin_role_description(role: AdminRole) -> String {
    match role {
        AdminRole::GlobalAdministrator => t::words::about_global_administrator(),
        AdminRole::HelpdeskAdministrator => t::words::about_helpdesk_administrator(),
    }
}

/// Returns the name of a user's role.
#[must_use]
pub fn user_role(role: UserRole) -> String {
    match role {
        UserRole::GlobalAdministrator => t::words::role_global_administrator(),
        UserRole::BillingAdministrator => t::words::role_billing_administrator(),
        UserRole::GlobalReader => t::words::role_global_reader(),
        UserRole::AdminAgent => t::words::role_admin_agent(),
        UserRole::SalesAgent => t::words::role_sales_agent(),
        UserRole::HelpdeskAgent => t::words::role_helpdesk_agent(),
    }
}

/// Returns the name of a relationship's status.
#[must_use]
pub fn relationship_status(status: RelationshipStatus) -> String {
    match status {
        RelationshipStatus::Active => t::words::status_active(),
        RelationshipStatus::Ended => t::words::status_ended(),
    }
}

/// Returns the name of an invitation's status.
#[must_use]
pub fn invitation_status(status: InvitationStatus) -> String {
    match status {
        InvitationStatus::Draft => t::words::status_draft(),
        InvitationStatus::Sent => t::words::status_pending(),
        InvitationStatus::Accepted => t::words::status_accepted(),
        InvitationStatus::Canceled => t::words::status_canceled(),
        InvitationStatus::Withdrawn => t::words::status_withdrawn(),
        InvitationStatus::Expired => t::words::status_expired(),
    }
}

/// Returns the name of an enquiry's status.
#[must_use]
pub fn enquiry_status(status: EnquiryStatus) -> String {
    match status {
        EnquiryStatus::Sent => t::words::status_sent(),
        EnquiryStatus::Read => t::words::status_read(),
        EnquiryStatus::Declined => t::words::status_declined(),
        EnquiryStatus::Invited => t::words::status_invited(),
        EnquiryStatus::Expired => t::words::status_expired(),
    }
}

/// Returns the name of a subscription's status.
#[must_use]
pub fn subscription_status(status: SubscriptionStatus) -> String {
    match status {
        SubscriptionStatus::Trial => t::words::status_trial(),
        SubscriptionStatus::Active => t::words::status_active(),
        SubscriptionStatus::Suspended => t::words::status_suspended(),
        SubscriptionStatus::Ended => t::words::status_ended(),
    }
}

/// Returns the name of a billing term.
#[must_use]
pub fn term(term: Term) -> String {
    match term {
        Term::Month => t::words::term_month(),
        Term::Year => t::words::term_year(),
    }
}

/// Returns the name of the kind of account that a Microsoft Partner ID belongs to.
#[must_use]
pub fn account_kind(kind: AccountKind) -> String {
    match kind {
        AccountKind::Global => t::words::account_global(),
        AccountKind::Location => t::words::account_location(),
    }
}

/// Returns the range of the number of people in an organization.
#[must_use]
pub fn organization_size(size: OrganizationSize) -> String {
    let people = |from, to| t::words::size_from_to(&intl::number(from), &intl::number(to));
    match size {
        OrganizationSize::From1To9 => people(1, 9),
        OrganizationSize::From10To50 => people(10, 50),
        OrganizationSize::From51To250 => people(51, 250),
        OrganizationSize::From251To1000 => people(251, 1_000),
        OrganizationSize::From1001To5000 => people(1_001, 5_000),
        OrganizationSize::From5001To10000 => people(5_001, 10_000),
        OrganizationSize::From10001To20000 => people(10_001, 20_000),
        OrganizationSize::MoreThan20000 => t::words::size_more_than(&intl::number(20_000)),
    }
}

/// Returns the name of a service that a partner offers.
#[must_use]
pub fn service(service: Service) -> String {
    match service {
        Service::Consulting => t::words::service_consulting(),
        Service::CustomSolution => t::words::service_custom_solution(),
        Service::DeploymentOrMigration => t::words::service_deployment_or_migration(),
        Service::Hardware => t::words::service_hardware(),
        Service::Integration => t::words::service_integration(),
        Service::IpServices => t::words::service_ip_services(),
        Service::LearningAndCertification => t::words::service_learning_and_certification(),
        Service::Licensing => t::words::service_licensing(),
        Service::ManagedServices => t::words::service_managed_services(),
        Service::ProjectServices => t::words::service_project_services(),
    }
}

/// Returns the name of an industry.
#[must_use]
pub fn industry(industry: Industry) -> String {
    match industry {
        Industry::AgricultureForestryAndFishing => t::words::industry_agriculture(),
        Industry::CommunicationsAndMedia => t::words::industry_communications(),
        Industry::Education => t::words::industry_education(),
        Industry::FinancialServices => t::words::industry_financial_services(),
        Industry::Government => t::words::industry_government(),
        Industry::Healthcare => t::words::industry_healthcare(),
        Industry::Hospitality => t::words::industry_hospitality(),
        Industry::Manufacturing => t::words::industry_manufacturing(),
        Industry::PowerAndUtilities => t::words::industry_power(),
        Industry::PublicSafetyAndNationalSecurity => t::words::industry_public_safety(),
        Industry::RetailAndConsumerGoods => t::words::industry_retail(),
        Industry::Services => t::words::industry_services(),
        Industry::TravelAndTransportation => t::words::industry_travel(),
        Industry::WholesaleAndDistribution => t::words::industry_wholesale(),
    }
}

/// Returns the name of the kind of an offer.
#[must_use]
pub fn offer_kind(kind: OfferKind) -> String {
    match kind {
        OfferKind::Trial => t::words::offer_trial(),
        OfferKind::Purchase => t::words::offer_purchase(),
    }
}

/// Returns the name of the state of the agreement.
#[must_use]
pub fn agreement_state(state: AgreementState) -> String {
    match state {
        AgreementState::Accepted => t::words::agreement_accepted(),
        AgreementState::NotAccepted => t::words::agreement_not_accepted(),
        AgreementState::NotNeeded => t::words::agreement_not_needed(),
    }
}

/// Returns the name of a mail's status.
#[must_use]
pub fn mail_status(status: MailStatus) -> String {
    match status {
        MailStatus::Waiting => t::words::mail_waiting(),
        MailStatus::Sent => t::words::mail_sent(),
        MailStatus::Failed => t::words::mail_failed(),
        MailStatus::Superseded => t::words::mail_superseded(),
    }
}

/// Returns the name of an action, as the heading of an entry in the audit log.
#[must_use]
pub fn audit_action(action: AuditAction) -> String {
    t::done::for_code(action.as_str()).unwrap_or_default()
}

/// Returns the reason for a refusal and the next step, for a disabled button or a message.
#[must_use]
pub fn refusal(refusal: Refusal) -> String {
    let reason = t::refusal::for_code(refusal.code()).unwrap_or_default();
    match t::next_step::for_code(refusal.next_step().as_str()) {
        Some(next) => format!("{reason} {next}"),
        None => reason,
    }
}

/// Returns the message for a failed request, with the next step. `wait` is in seconds.
#[must_use]
pub fn problem(code: ErrorCode, wait: Option<u32>) -> String {
    match code {
        ErrorCode::NotFound => t::problem::not_found(),
        ErrorCode::MethodNotAllowed | ErrorCode::InvalidRequest | ErrorCode::RequestIdRequired => {
            t::problem::invalid_request()
        }
        ErrorCode::InvalidFields => t::problem::invalid_fields(),
        ErrorCode::RequestTooLarge => t::problem::request_too_large(),
        ErrorCode::VersionMismatch | ErrorCode::VersionRequired => t::problem::version_mismatch(),
        ErrorCode::PlanHasProblems => t::problem::plan_has_problems(),
        ErrorCode::TooManyMatches => {
            t::problem::too_many_matches(&intl::number(PlanRequest::LINES_MAX))
        }
        ErrorCode::RequestIdReused => t::problem::request_id_reused(),
        ErrorCode::SignInFailed => t::problem::sign_in_failed(),
        ErrorCode::TooManyAttempts => {
            t::problem::too_many_attempts(usize::try_from(wait.unwrap_or(60)).unwrap_or(60))
        }
        ErrorCode::ForeignOrigin => t::problem::foreign_origin(),
        ErrorCode::Internal => t::problem::internal(),
        ErrorCode::Unavailable => t::problem::unavailable(),
    }
}

/// Returns the message for an invalid value, with what is valid.
#[must_use]
pub fn field_error(error: FieldError) -> String {
    match error {
        FieldError::Empty => t::field_error::empty(),
        FieldError::TooLong { max } => t::field_error::too_long(&intl::number(max)),
        FieldError::TooShort { min } => t::field_error::too_short(&intl::number(min)),
        FieldError::ControlCharacter => t::field_error::control_character(),
        FieldError::NotAnEmailAddress => t::field_error::not_an_email_address(),
        FieldError::NotADomainName => t::field_error::not_a_domain_name(),
        FieldError::NotACountry => t::field_error::not_a_country(),
        FieldError::NotDigits => t::field_error::not_digits(),
        FieldError::LeadingZero => t::field_error::leading_zero(),
        FieldError::TenantId => t::field_error::tenant_id(),
        FieldError::NotAnId => t::field_error::not_an_id(),
        FieldError::NotATime | FieldError::NotAnOption | FieldError::NotAHash => {
            t::field_error::not_an_option()
        }
        FieldError::CommonPassword => t::field_error::common_password(),
        FieldError::NotAPhoneNumber => t::field_error::not_a_phone_number(),
        FieldError::MixedScripts => t::field_error::mixed_scripts(),
        FieldError::UnknownOrganization => t::field_error::unknown_organization(),
        FieldError::ConsentNeeded => t::field_error::consent_needed(),
        FieldError::TooMany { max } => t::field_error::too_many(&intl::number(max)),
        FieldError::NotAQuantity { max } => t::field_error::not_a_quantity(&intl::number(max)),
        FieldError::DuplicateLine => t::field_error::duplicate_line(),
        FieldError::MissingColumn => t::field_error::missing_column(),
        FieldError::NotUtf8 => t::field_error::not_utf8(),
        FieldError::UnclosedQuote => t::field_error::unclosed_quote(),
        FieldError::UnknownSubscription => t::field_error::unknown_subscription(),
    }
}

#[cfg(test)]
mod tests {
    use rules::NextStep;

    use super::*;

    #[test]
    fn every_refusal_has_a_text() {
        for refusal in Refusal::ALL {
            assert!(t::refusal::for_code(refusal.code()).is_some(), "{refusal}");
        }
    }

    #[test]
    fn every_audit_action_has_a_text() {
        for action in AuditAction::ALL {
            assert!(t::done::for_code(action.as_str()).is_some(), "{action}");
        }
    }

    #[test]
    fn every_next_step_has_a_text() {
        for step in NextStep::ALL.iter().filter(|step| **step != NextStep::Nothing) {
            assert!(t::next_step::for_code(step.as_str()).is_some(), "{step}");
        }
    }
}
