//! Identifiers, one type for each kind of resource, so that they can't be mixed up.

/// Defines identifiers: UUIDs of version 7 (RFC 9562). The first 48 bits are the time, so that
/// new rows are appended to an index.
macro_rules! id {
    ($($(#[$docs:meta])+ $type:ident),+ $(,)?) => {$(
        $(#[$docs])+
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        #[serde(try_from = "String")]
        pub struct $type(u128);

        impl $type {
            /// Creates an identifier from the time and 74 random bits.
            #[must_use]
            pub const fn new(now: crate::Timestamp, random: u128) -> Self {
                Self(uuid_version_7(now, random))
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write_uuid(self.0, formatter)
            }
        }

        /// Without a `String`, because a page of a list has hundreds of identifiers.
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text = uuid_text(self.0);
                let text = std::str::from_utf8(&text).map_err(serde::ser::Error::custom)?;
                serializer.serialize_str(text)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write_uuid(self.0, formatter)
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::FieldError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse_uuid(text).map(Self).ok_or(crate::FieldError::NotAnId)
            }
        }

        impl TryFrom<String> for $type {
            type Error = crate::FieldError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.to_string()
            }
        }

        crate::string_schema!($type "uuid");
    )+};
}

id! {
    /// Identifies an organization, customer or partner. Microsoft calls it the tenant ID.
    OrganizationId,
    /// Identifies a user account.
    UserId,
    /// Identifies a partner's invitation to a customer.
    InvitationId,
    /// Identifies a customer's enquiry to a partner.
    EnquiryId,
    /// Identifies a relationship between a customer and a partner.
    RelationshipId,
    /// Identifies an organization's acceptance of an agreement.
    AcceptanceId,
    /// Identifies a mail in the outbox.
    MailId,
    /// Identifies a product in the catalog of a cloud.
    ProductId,
    /// Identifies a subscription.
    SubscriptionId,
    /// Identifies a billing account.
    BillingAccountId,
    /// Identifies an order. The client chooses it, so that an order that arrives twice is
    /// placed once (`Repeatability-Request-ID`).
    OrderRequestId,
}

impl InvitationId {
    /// Returns 40 of the random bits, for the short code of the invitation.
    pub(crate) const fn random_bits(self) -> u64 {
        (self.0 & 0xff_ffff_ffff) as u64
    }
}

const fn uuid_version_7(now: crate::Timestamp, random: u128) -> u128 {
    // The time is between 1970 and 9999, so it is positive and fits in 48 bits.
    #[expect(clippy::cast_sign_loss, reason = "a Timestamp is never negative")]
    let time = now.milliseconds() as u128;
    let high = (random >> 62) & 0xfff;
    let low = random & 0x3fff_ffff_ffff_ffff;
    (time << 80) + (0x7 << 76) + (high << 64) + (0b10 << 62) + low
}

fn write_uuid(value: u128, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    formatter.write_str(std::str::from_utf8(&uuid_text(value)).map_err(|_| std::fmt::Error)?)
}

/// Returns the usual form of a UUID, in lower case.
fn uuid_text(value: u128) -> [u8; 36] {
    let mut text = [b'-'; 36];
    let mut rest = value;
    for place in (0..36).rev().filter(|place| !matches!(place, 8 | 13 | 18 | 23)) {
        text[place] = b"0123456789abcdef"[(rest & 0xf) as usize];
        rest >>= 4;
    }
    text
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// Parses the usual form of a UUID, in either case.
pub(crate) fn parse_uuid(text: &str) -> Option<u128> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut value = 0;
    for (place, byte) in bytes.iter().enumerate() {
        match (place, byte) {
            (8 | 13 | 18 | 23, b'-') => {}
            (8 | 13 | 18 | 23, _) => return None,
            (_, byte) => value = value * 16 + u128::from(hex_digit(*byte)?),
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Timestamp;

    #[test]
    fn the_version_and_the_variant_are_those_of_rfc_9562() {
        let id =
            UserId::new(Timestamp::from_milliseconds(1_700_000_000_000), u128::MAX).to_string();
        assert_eq!(id, "018bcfe5-6800-7fff-bfff-ffffffffffff");
    }

    proptest! {
        #[test]
        fn an_id_survives_a_round_trip(value: u128) {
            let id = UserId(value);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
            prop_assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        }

        #[test]
        fn any_other_text_is_refused_without_a_panic(text in "\\PC{0,40}") {
            if text.len() != 36 {
                prop_assert!(text.parse::<UserId>().is_err());
            }
        }
    }
}
