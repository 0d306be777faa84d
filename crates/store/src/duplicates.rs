//! Texts for [`service::StoreError::Duplicate`], the same for each store. There is one text
//! per table, because an insert can't tell a taken key from another taken unique value, and
//! a store that finds both taken may report either.

pub(crate) const ORGANIZATION: &str = "an organization of this domain";
pub(crate) const USER: &str = "an account of this address";
pub(crate) const SESSION: &str = "a session of this token";
pub(crate) const AGREEMENT_DOCUMENT: &str = "a document of this cloud, language and version";
pub(crate) const ACCEPTANCE: &str = "an acceptance of this identifier";
pub(crate) const INVITATION: &str = "an invitation of this identifier";
pub(crate) const LINK: &str = "an invitation with this link";
pub(crate) const ENQUIRY: &str = "an enquiry of this identifier";
pub(crate) const RELATIONSHIP: &str = "a relationship of this identifier";
pub(crate) const PRODUCT: &str = "a product of this identifier";
pub(crate) const BILLING_ACCOUNT: &str = "a billing account of this identifier";
pub(crate) const PARTNER_ACCOUNT: &str = "an account of this Partner ID";
pub(crate) const SUBSCRIPTION: &str = "a subscription of this identifier or from this offer";
pub(crate) const TENURE: &str = "an entry of this number in the history of a subscription";
pub(crate) const PENDING_PARTNER_CHANGES: &str = "a block of pending changes";
pub(crate) const PLACED_ORDER: &str = "an order of this request identifier";
pub(crate) const AUDIT: &str = "an audit entry of this sequence";
pub(crate) const MAIL: &str = "a mail of this identifier";
