//! Sign-in and the current session.

use rules::{
    Actor, AgreementVersion, Cloud, CountryCode, DisplayName, DomainName, EmailAddress, FieldError,
    Member, OrganizationFacts, OrganizationId, OrganizationKind, Timestamp, UserId, UserRole,
};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::{AgreementAcceptanceResource, FieldProblem};

/// Public facts about this server (`GET /api/site`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// Version of the program. A page of another version asks the user to reload.
    pub version: String,
    /// True if the server has demo data. Then the outbox is public and demo accounts are
    /// offered.
    pub demo: bool,
    /// Demo accounts. Empty without demo data.
    pub accounts: Vec<DemoAccount>,
}

/// Demo account that the sign-in page offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// Email address.
    pub email: EmailAddress,
    /// Password.
    pub password: String,
    /// Name of the person.
    pub name: DisplayName,
    /// Name of the organization.
    pub organization: DisplayName,
    /// Kind of the organization.
    pub kind: OrganizationKind,
    /// Clouds of the organization.
    pub clouds: Vec<Cloud>,
    /// Roles of the person.
    pub roles: Vec<UserRole>,
}

/// Request to sign in (`POST /api/session`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SignInRequest {
    /// Email address.
    pub email: String,
    /// Password.
    pub password: String,
}

// A careless `{:?}` must not write the password to a log.
impl std::fmt::Debug for SignInRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignInRequest").field("email", &self.email).finish_non_exhaustive()
    }
}

/// A parsed [`SignInRequest`].
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Email address.
    pub email: EmailAddress,
    /// Password exactly as typed, at most 256 characters.
    pub password: String,
}

impl SignInRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// All invalid fields.
    pub fn parse(&self) -> Result<SignIn, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let email = fields.take("email", EmailAddress::parse(&self.email));
        let password = fields.take(
            "password",
            match self.password.chars().count() {
                0 => Err(FieldError::Empty),
                length if length > rules::NewPassword::MAX => {
                    Err(FieldError::TooLong { max: rules::NewPassword::MAX })
                }
                _ => Ok(self.password.clone()),
            },
        );
        let whole = email.zip(password).map(|(email, password)| SignIn { email, password });
        fields.finish(whole)
    }
}

/// Current session (`GET /api/session`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SessionResource {
    /// Account of the user.
    pub user: Account,
    /// Organization of the account.
    pub organization: OrganizationResource,
    /// Time at which the session expires.
    pub expires: Timestamp,
}

/// User account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Identifier.
    pub id: UserId,
    /// Name of the person.
    pub name: DisplayName,
    /// Email address.
    pub email: EmailAddress,
    /// Roles of the person.
    pub roles: Vec<UserRole>,
}

/// An organization, for its own users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct OrganizationResource {
    /// Organization (tenant) ID.
    pub id: OrganizationId,
    /// Name.
    pub name: DisplayName,
    /// Kind.
    pub kind: OrganizationKind,
    /// Clouds: one for a customer, one or more for a partner.
    pub clouds: Vec<Cloud>,
    /// Domain.
    pub domain: DomainName,
    /// Country or region.
    pub country: CountryCode,
    /// Latest acceptance of the Microsoft Customer Agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementAcceptanceResource>,
    /// Newest version of the agreement in its cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub current_agreement: Option<AgreementVersion>,
}

impl SessionResource {
    /// Returns the user for [`rules::check`].
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Member(Member {
            user: self.user.id,
            organization: self.organization.id,
            kind: self.organization.kind,
            clouds: self.organization.clouds.clone(),
            roles: self.user.roles.clone(),
        })
    }
}

impl OrganizationResource {
    /// Returns the facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> OrganizationFacts {
        OrganizationFacts {
            id: self.id,
            kind: self.kind,
            // Every organization has a cloud: the store requires one.
            cloud: self.clouds.first().copied().unwrap_or(Cloud::Worldwide),
            accepted_agreement: self.agreement.as_ref().map(|accepted| accepted.version),
            current_agreement: self.current_agreement,
        }
    }
}
