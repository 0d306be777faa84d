//! Enquiries on the wire.

use rules::{
    Cloud, CountryCode, DisplayName, ENQUIRY_PARTNERS_MAX, EmailAddress, EnquiryId, EnquiryState,
    EnquiryStatus, FieldError, Note, OrganizationId, OrganizationSize, PhoneNumber, Timestamp,
    UserId,
};
use serde::{Deserialize, Serialize};

use crate::error::Fields;
use crate::invitation::some;
use crate::json::from_json;
use crate::{ETag, FieldProblem, Partner};

/// An enquiry, as both sides see it (`GET /api/enquiries/{id}`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Enquiry {
    /// Its identifier.
    pub id: EnquiryId,
    /// Its version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// The organization that asks.
    pub customer: OrganizationId,
    /// The name of that organization.
    pub customer_name: DisplayName,
    /// The partner that is asked.
    pub partner: Partner,
    /// The cloud of that organization.
    pub cloud: Cloud,
    /// The country or region of the organization.
    pub country: CountryCode,
    /// The city, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
    /// The size of the organization.
    pub size: OrganizationSize,
    /// The business needs, in the customer's words.
    pub needs: Note,
    /// The contact person.
    pub contact_name: DisplayName,
    /// The address of the contact person.
    pub contact_email: EmailAddress,
    /// The telephone number of the contact person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<PhoneNumber>,
    /// When it was sent.
    pub created: Timestamp,
    /// Who sent it.
    pub created_by: UserId,
    /// The name of who sent it.
    pub created_by_name: DisplayName,
    /// Its status when the answer was made.
    pub status: EnquiryStatus,
    /// What became of it, with times.
    pub state: EnquiryState,
}

from_json!(Enquiry {
    id,
    etag = "@odata.etag",
    customer,
    customer_name = "customerName",
    partner,
    cloud,
    country,
    city,
    size,
    needs,
    contact_name = "contactName",
    contact_email = "contactEmail",
    contact_phone = "contactPhone",
    created,
    created_by = "createdBy",
    created_by_name = "createdByName",
    status,
    state,
});

impl Enquiry {
    /// The facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> rules::Enquiry {
        rules::Enquiry {
            id: self.id,
            customer: self.customer,
            cloud: self.cloud,
            partner: self.partner.id,
            country: self.country.clone(),
            city: self.city.clone(),
            size: self.size,
            needs: self.needs.clone(),
            contact_name: self.contact_name.clone(),
            contact_email: self.contact_email.clone(),
            contact_phone: self.contact_phone.clone(),
            created: self.created,
            created_by: self.created_by,
            state: self.state.clone(),
            version: self.etag.0,
        }
    }
}

/// What a customer types to contact partners (`POST /api/enquiries`). Each gets an
/// enquiry of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EnquiryRequest {
    /// The organization IDs of the partners, 1 to 10.
    pub partners: Vec<String>,
    /// The country or region of the organization.
    pub country: String,
    /// The city; may be empty.
    pub city: String,
    /// The size of the organization.
    pub size: String,
    /// The business needs.
    pub needs: String,
    /// The contact person.
    pub contact_name: String,
    /// The address of the contact person.
    pub contact_email: String,
    /// The telephone number of the contact person; may be empty.
    pub contact_phone: String,
    /// That the box was ticked which says that all of this may be given to the partners.
    pub consent: bool,
}

/// An enquiry whose fields can be taken, for each of its partners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEnquiry {
    /// The partners, at least one, each once.
    pub partners: Vec<OrganizationId>,
    /// The country or region of the organization.
    pub country: CountryCode,
    /// The city.
    pub city: Option<DisplayName>,
    /// The size of the organization.
    pub size: OrganizationSize,
    /// The business needs.
    pub needs: Note,
    /// The contact person.
    pub contact_name: DisplayName,
    /// The address of the contact person.
    pub contact_email: EmailAddress,
    /// The telephone number of the contact person.
    pub contact_phone: Option<PhoneNumber>,
}

impl EnquiryRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn parse(&self) -> Result<NewEnquiry, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let partners = fields.take("partners", partners(&self.partners));
        let country = fields.take("country", CountryCode::parse(&self.country));
        let city = fields.take("city", DisplayName::parse_optional(&self.city));
        let size = fields.take("size", some(&self.size));
        let needs = fields.take("needs", Note::parse(&self.needs));
        let contact_name = fields.take("contactName", DisplayName::parse(&self.contact_name));
        let contact_email = fields.take("contactEmail", EmailAddress::parse(&self.contact_email));
        let contact_phone =
            fields.take("contactPhone", PhoneNumber::parse_optional(&self.contact_phone));
        let consent = if self.consent { Ok(()) } else { Err(FieldError::ConsentNeeded) };
        fields.take("consent", consent);
        let whole = (|| {
            Some(NewEnquiry {
                partners: partners?,
                country: country?,
                city: city?,
                size: size?,
                needs: needs?,
                contact_name: contact_name?,
                contact_email: contact_email?,
                contact_phone: contact_phone?,
            })
        })();
        fields.finish(whole)
    }
}

/// The chosen partners, each once.
fn partners(chosen: &[String]) -> Result<Vec<OrganizationId>, FieldError> {
    let max = ENQUIRY_PARTNERS_MAX;
    let mut partners = Vec::new();
    for partner in chosen {
        let partner = some(partner)?;
        if !partners.contains(&partner) {
            if partners.len() == max {
                return Err(FieldError::TooMany { max });
            }
            partners.push(partner);
        }
    }
    if partners.is_empty() { Err(FieldError::Empty) } else { Ok(partners) }
}

/// The refusal of an enquiry (`POST /api/enquiries/{id}/decline`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DeclineEnquiry {
    /// Why, for the customer to read.
    pub reason: String,
}

impl DeclineEnquiry {
    /// Parses the reason, which has to be given.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(&self) -> Result<Note, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let reason = fields.take("reason", Note::parse(&self.reason));
        fields.finish(reason)
    }
}
