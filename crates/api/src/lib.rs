//! The wire format between page and server: request and response types, paths, error codes.
//!
//! It follows the conventions of Microsoft Graph; see docs/domain.md, API conventions. The
//! crate knows no HTTP library, no store and no user interface.
//!
//! Responses carry parsed values (the newtypes of [`rules`]), which are read through their
//! parsers: with serde, and in the page with [`FromJson`], which makes a smaller wasm. Requests
//! carry the text that the user typed. Their `parse` names every invalid field, so that page
//! and server report the same errors.

mod activity;
mod agreement;
mod enquiry;
mod error;
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
mod relationship;
pub mod routes;
mod session;
mod subscription;

pub use activity::{ActivityActor, ActivityEntry, ActivityTarget, AuditAction, TargetKind};
pub use agreement::{AcceptAgreement, Agreement, AgreementAcceptance, AgreementToAccept};
pub use enquiry::{DeclineEnquiry, Enquiry, EnquiryRequest, NewEnquiry};
pub use error::{ErrorBody, ErrorCode, ErrorDetail, FieldProblem, InnerError, Problem};
pub use invitation::{
    AcceptInvitation, AcceptedInvitation, CancelInvitation, CustomerRef, DraftInvitation,
    Invitation, InvitationRequest, LookUpInvitation, OfferRequest, RenderedMail,
};
pub use json::{FromJson, Json};
pub use list::{ETag, Order, Page, SkipToken, decode_component, encode_component};
pub use order::{NewOrder, OrderRequest};
pub use outbox::{Mail, MailStatus};
pub use partner::{Partner, PartnerProfile, PartnerQuery};
pub use partner_id::{CheckedPartnerId, PartnerIdRequest};
pub use plan::{
    AppliedPlan, LineFault, LineProblem, PartnerRef, PartnersToSet, Plan, PlanRequest,
    PlannedChange,
};
pub use product::{BillingAccount, Product};
pub use profile::{LocationRequest, NewProfile, Profile, ProfileRequest};
pub use relationship::{AgreementState, Relationship, RelationshipField, RelationshipQuery};
pub use session::{Account, DemoAccount, Organization, Session, SignIn, SignInRequest, Site};
pub use subscription::{
    PartnerFilter, PartnerOfRecord, PartnerPeriod, QuantityRequest, Seller, Subscription,
    SubscriptionField, SubscriptionQuery,
};
