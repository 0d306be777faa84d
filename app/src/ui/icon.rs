//! The icons, drawn in `style/icons.svg`.

use crate::view::{IntoView, View, view};

macro_rules! icons {
    ($($variant:ident = $name:literal),+ $(,)?) => {
        /// An icon of the sprite, used in a view as `{Icon::Home}`. Icons are decorative:
        /// their meaning is always given in words next to them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say what is drawn")]
        pub enum Icon { $($variant),+ }

        impl Icon {
            /// Every icon.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the icon's name in the sprite.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

icons! {
    Home = "home", People = "people", Billing = "billing", Settings = "settings",
    Activity = "activity", Help = "help", Mail = "mail", Check = "check",
    CheckCircle = "check-circle", Warning = "warning", Error = "error", Info = "info",
    Circle = "circle", Clock = "clock", Search = "search", Filter = "filter",
    SortUp = "sort-up", SortDown = "sort-down", ChevronDown = "chevron-down",
    ChevronRight = "chevron-right", ChevronLeft = "chevron-left", Close = "close",
    More = "more", Globe = "globe", SignOut = "sign-out", Person = "person",
    Shield = "shield", Key = "key", Document = "document", Handshake = "handshake",
    Delete = "delete", Link = "link", Download = "download", Menu = "menu", Sun = "sun",
    Moon = "moon", System = "system", External = "external", Building = "building",
    Add = "add", Edit = "edit", Refresh = "refresh", Eye = "eye", EyeOff = "eye-off",
    Send = "send", Cart = "cart",
}

impl IntoView for Icon {
    fn into_view(self) -> View {
        self.view()
    }
}

impl Icon {
    /// Renders the icon; for optional icons: `icon.map(Icon::view)`.
    pub fn view(self) -> View {
        let href = format!("/icons.svg#{}", self.name());
        view! {
            <svg class="icon" width="20" height="20" aria-hidden="true">
                <use href=href></use>
            </svg>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Icon;

    #[test]
    fn the_sprite_and_the_enum_name_the_same_icons() {
        let sprite = include_str!("../../../style/icons.svg");
        let mut drawn: Vec<&str> = sprite
            .split("<symbol id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let mut named: Vec<&str> = Icon::ALL.iter().map(|icon| icon.name()).collect();
        drawn.sort_unstable();
        named.sort_unstable();
        assert_eq!(drawn, named);
    }
}
