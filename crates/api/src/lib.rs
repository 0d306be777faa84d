//! Types of the HTTP API, which follows the conventions of Microsoft Graph: `value` lists with
//! `@odata.nextLink`, `@odata.etag` with `If-Match`, `error {code, message, target, details,
//! innererror}`, camelCase and ISO 8601.
//!
//! Responses have parsed values, the newtypes of [`rules`], which serde reads through their
//! parsers; the page reads them from [`Json`]. Requests have typed text and a `parse` method
//! that names every invalid field, so that the page and the server agree.

mod activity;
mod agreement;
mod enquiry;
mod error;
mod etag;
mod invitation;
mod json;
mod list;
mod order;
mod outbox;
mod partner;
mod partner_id;
mod plan;
mod product;
mod profile;
mod query_string;
mod relationship;
pub mod routes;
mod session;
mod subscription;

pub use activity::{
    ActivityActor, ActivityEntry, ActivityField, ActivityFilter, ActivityList, ActivityQuery,
    ActivityTarget, AuditAction, TargetKind,
};
pub use agreement::{AcceptAgreement, Agreement, AgreementAcceptanceResource};
pub use enquiry::{
    DeclineEnquiry, EnquiryField, EnquiryFilter, EnquiryList, EnquiryQuery, EnquiryRequest,
    EnquiryResource, NewEnquiry,
};
pub use error::{ErrorBody, ErrorCode, ErrorDetail, FieldProblem, InnerError, Problem};
pub use etag::ETag;
pub use invitation::{
    AcceptInvitation, AcceptedInvitation, CancelInvitation, CustomerRef, DraftInvitation,
    InvitationField, InvitationFilter, InvitationList, InvitationQuery, InvitationRequest,
    InvitationResource, LookUpInvitation, OfferRequest, RenderedMail,
};
pub use json::{Json, UnexpectedJson};
pub use list::{
    Clause, Comparison, Comparisons, Condition, FilterField, FilterText, FilterValue, List,
    ListField, ListFilter, ListQuery, Page, PartnerIdFilter, SkipToken, SortKey, SortOrder,
    SortOrders,
};
pub use order::{NewOrder, OrderRequest};
pub use outbox::{MailResource, MailStatus, OutboxField, OutboxFilter, OutboxList, OutboxQuery};
pub use partner::{
    Partner, PartnerField, PartnerFilter, PartnerList, PartnerProfile, PartnerQuery,
};
pub use partner_id::{CheckedPartnerId, PartnerIdRequest};
pub use plan::{
    AppliedPlan, LineFault, LineProblem, PartnerRef, PartnersToSet, Plan, PlanRequest,
    PlannedChange, SubscriptionSelection,
};
pub use product::{
    BillingAccountResource, ProductField, ProductFilter, ProductList, ProductQuery, ProductResource,
};
pub use profile::{LocationRequest, NewProfile, ProfileRequest, ProfileResource};
pub use query_string::{decode_component, decode_percent, encode_component, query_pairs};
pub use relationship::{
    AgreementState, RelationshipField, RelationshipFilter, RelationshipList, RelationshipQuery,
    RelationshipResource,
};
pub use session::{
    Account, DemoAccount, OrganizationResource, SessionResource, SignIn, SignInRequest, Site,
};
pub use subscription::{
    PartnerOfRecordResource, PartnerPeriod, QuantityRequest, SellerResource, SubscriptionField,
    SubscriptionFilter, SubscriptionList, SubscriptionNames, SubscriptionQuery,
    SubscriptionResource,
};
