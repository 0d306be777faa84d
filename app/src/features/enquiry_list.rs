//! The list of enquiries, which customers and partners see each from their side.

use crate::{
    features::listing::{FilterSpec, ListParams, ListSpec},
    ui::TableSort,
};
use api::{EnquiryField, EnquiryFilter, EnquiryList, EnquiryQuery};
use rules::EnquiryStatus;

/// The filter and the sort order of the list, which **My requests** has too.
pub const LIST_SPEC: ListSpec = ListSpec {
    filters: &[FilterSpec {
        name: "status",
        default: "",
        is_valid: |value| value.parse::<EnquiryStatus>().is_ok(),
    }],
    column: |key| key.parse().ok().map(EnquiryField::as_str),
    default: TableSort { column: EnquiryField::Created.as_str(), descending: true },
};

/// Returns the query for the server.
pub fn query(params: &ListParams) -> EnquiryQuery {
    params.list_query::<EnquiryList>(EnquiryFilter {
        status: params.filter("status").parse().into_iter().collect(),
        ..EnquiryFilter::default()
    })
}
