//! Enquiries.

use rules::{
    Cloud, CountryCode, DisplayName, ENQUIRY_PARTNERS_MAX, EmailAddress, Enquiry, EnquiryContent,
    EnquiryFacts, EnquiryId, EnquiryState, EnquiryStatus, FieldError, Note, OrganizationId,
    OrganizationSize, PhoneNumber, Timestamp, UserId, string_enum,
};
use serde::{Deserialize, Serialize};
use strum::{VariantArray, VariantNames};

use crate::error::Fields;
use crate::invitation::some;
use crate::list::{List, ListField, ListQuery, SortOrder, list_filter};
use crate::{ETag, FieldProblem, Partner};

/// An enquiry, for both sides (`GET /api/enquiries/{id}`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EnquiryResource {
    /// Identifier.
    pub id: EnquiryId,
    /// Version.
    #[serde(rename = "@odata.etag")]
    pub etag: ETag,
    /// Customer that sent the enquiry.
    pub customer: OrganizationId,
    /// Name of the customer.
    pub customer_name: DisplayName,
    /// Partner that received the enquiry.
    pub partner: Partner,
    /// Cloud of the customer.
    pub cloud: Cloud,
    /// Country or region of the customer.
    pub country: CountryCode,
    /// City of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<DisplayName>,
    /// Size of the customer.
    pub size: OrganizationSize,
    /// Business needs, in the customer's words.
    pub needs: Note,
    /// Name of the contact person.
    pub contact_name: DisplayName,
    /// Email address of the contact person.
    pub contact_email: EmailAddress,
    /// Telephone number of the contact person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_phone: Option<PhoneNumber>,
    /// Time at which it was sent.
    pub created: Timestamp,
    /// User who sent it.
    pub created_by: UserId,
    /// Name of that user.
    pub created_by_name: DisplayName,
    /// Status at the time of the response.
    pub status: EnquiryStatus,
    /// State, with times.
    pub state: EnquiryState,
}

impl EnquiryResource {
    /// Returns the facts for [`rules::check`].
    #[must_use]
    pub fn facts(&self) -> EnquiryFacts {
        let record = Enquiry {
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
        };
        EnquiryFacts { record }
    }
}

/// Field by which enquiries can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, VariantNames)]
#[strum(serialize_all = "camelCase")]
pub enum EnquiryField {
    /// Time at which the enquiry was sent.
    Created,
    /// Status.
    Status,
    /// Name of the other side.
    Partner,
}

string_enum!(EnquiryField);

impl ListField for EnquiryField {}

list_filter! {
    /// Filter of the list of enquiries.
    EnquiryFilter {
        /// Statuses.
        status: Vec<EnquiryStatus> = "status",
        /// Organization ID of the partner.
        partner: Option<OrganizationId> = "partner",
        /// Organization ID of the customer.
        customer: Option<OrganizationId> = "customer",
    }
}

/// The list of enquiries (`GET /api/enquiries`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EnquiryList;

impl List for EnquiryList {
    type Filter = EnquiryFilter;
    type Field = EnquiryField;
    const SEARCH: Option<&'static str> = Some("name of the other side");
    const DEFAULT_ORDER: SortOrder<EnquiryField> = SortOrder::descending(EnquiryField::Created);
}

/// Query of the list of enquiries.
pub type EnquiryQuery = ListQuery<EnquiryList>;

/// Request to send an enquiry to partners (`POST /api/enquiries`). Each partner gets its own
/// enquiry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct EnquiryRequest {
    /// Organization IDs of the partners, 1 to 10.
    pub partners: Vec<String>,
    /// Country or region of the customer.
    pub country: String,
    /// City of the customer. Optional.
    pub city: String,
    /// Size of the customer.
    pub size: String,
    /// Business needs.
    pub needs: String,
    /// Name of the contact person.
    pub contact_name: String,
    /// Email address of the contact person.
    pub contact_email: String,
    /// Telephone number of the contact person. Optional.
    pub contact_phone: String,
    /// True if the user ticked the box that allows sharing this with the partners.
    pub consent: bool,
}

/// A parsed [`EnquiryRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEnquiry {
    /// Partners, at least one, without duplicates.
    pub partners: Vec<OrganizationId>,
    /// Content.
    pub content: EnquiryContent,
}

impl EnquiryRequest {
    /// Parses the fields.
    ///
    /// # Errors
    /// All invalid fields.
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
                content: EnquiryContent {
                    country: country?,
                    city: city?,
                    size: size?,
                    needs: needs?,
                    contact_name: contact_name?,
                    contact_email: contact_email?,
                    contact_phone: contact_phone?,
                },
            })
        })();
        fields.finish(whole)
    }
}

/// Parses the partners and removes duplicates.
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

/// Request to decline an enquiry (`POST /api/enquiries/{id}/decline`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct DeclineEnquiry {
    /// Reason for the customer.
    pub reason: String,
}

impl DeclineEnquiry {
    /// Parses the reason, which is required.
    ///
    /// # Errors
    /// The invalid field.
    pub fn parse(&self) -> Result<Note, Vec<FieldProblem>> {
        let mut fields = Fields::default();
        let reason = fields.take("reason", Note::parse(&self.reason));
        fields.finish(reason)
    }
}
