//! Signing in, and who is signed in.

use rules::{
    Actor, AgreementVersion, Cloud, CountryCode, DisplayName, DomainName, EmailAddress, FieldError,
    Member, OrganizationFacts, OrganizationId, OrganizationKind, Timestamp, UserId, UserRole,
};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::json::from_json;
use crate::{AgreementAcceptance, FieldProblem};

/// What everybody may know of this server (`GET /api/site`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// The program's version; a page of another version asks to be reloaded.
    pub version: String,
    /// Whether it holds sample data. Then the outbox is open and accounts are offered.
    pub demo: bool,
    /// The sample accounts; none without sample data.
    pub accounts: Vec<DemoAccount>,
}

from_json!(Site { version, demo, accounts });

/// A sample account that the sign-in page offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// Its e-mail address.
    pub email: EmailAddress,
    /// Its password.
    pub password: String,
    /// The person's name.
    pub name: DisplayName,
    /// The organization's name.
    pub organization: DisplayName,
    /// The organization's side.
    pub kind: OrganizationKind,
    /// The organization's clouds.
    pub clouds: Vec<Cloud>,
    /// The person's roles.
    pub roles: Vec<UserRole>,
}

from_json!(DemoAccount { email, password, name, organization, kind, clouds, roles });

/// What was typed to sign in (`POST /api/session`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SignInRequest {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
}

// The password must not reach a log by way of a careless `{:?}`.
impl std::fmt::Debug for SignInRequest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignInRequest").field("email", &self.email).finish_non_exhaustive()
    }
}

/// A sign-in whose fields can be taken.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// The e-mail address.
    pub email: EmailAddress,
    /// The password, exactly as typed: at most 256 characters.
    pub password: String,
}

impl SignInRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// Every field that is wrong.
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

/// Who is signed in (`GET /api/session`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// The account.
    pub user: Account,
    /// The organization that the account belongs to.
    pub organization: Organization,
    /// When the session ends by itself.
    pub expires: Timestamp,
}

from_json!(Session { user, organization, expires });

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its identifier.
    pub id: UserId,
    /// The person's name.
    pub name: DisplayName,
    /// The e-mail address.
    pub email: EmailAddress,
    /// The person's roles.
    pub roles: Vec<UserRole>,
}

from_json!(Account { id, name, email, roles });

/// An organization, as its own people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The organization (tenant) ID.
    pub id: OrganizationId,
    /// Its name.
    pub name: DisplayName,
    /// Its side.
    pub kind: OrganizationKind,
    /// Its clouds: of a customer one, of a partner one or more.
    pub clouds: Vec<Cloud>,
    /// Its domain.
    pub domain: DomainName,
    /// Its country or region.
    pub country: CountryCode,
    /// The latest acceptance of the Microsoft Customer Agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<AgreementAcceptance>,
    /// The newest version of the agreement in its cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub current_agreement: Option<AgreementVersion>,
}

from_json!(Organization {
    id,
    name,
    kind,
    clouds,
    domain,
    country,
    agreement,
    current_agreement = "currentAgreement",
});

impl Session {
    /// Whoever is signed in, for [`rules::check`].
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

impl Organization {
    /// The facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> OrganizationFacts {
        OrganizationFacts {
            id: self.id,
            kind: self.kind,
            // Every organization has a cloud; the store takes none without.
            cloud: self.clouds.first().copied().unwrap_or(Cloud::Worldwide),
            accepted_agreement: self.agreement.as_ref().map(|accepted| accepted.version),
            current_agreement: self.current_agreement,
        }
    }
}
