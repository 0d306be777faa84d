//! Simplified Chinese, with the labels of the Chinese admin center.

use rules::{AdminRole, Capability, Language, PartnerType};

use super::{
    EnquiryDeclinedTexts, EnquiryReceivedTexts, InvitationTexts, PartnerActedTexts,
    PartnerOfRecordChangeTexts, PartnerOfRecordTexts, Texts,
};
use crate::date::Date;
use crate::template::Template;

pub(super) const TEXTS: Texts = Texts {
    language: Language::Chinese,
    quotes: ("“", "”"),
    colon: "：",
    thousands: ",",
    licenses: ["个许可证", "个许可证"],
    brand: "Accord 管理中心",
    date,
    partner_type,
    capability,
    admin_role,
    admin_role_allows,
    partner_label: "合作伙伴",
    customer_label: "目标组织",
    organization_label: "组织",
    domain_label: "域名",
    partner_id_label: "Microsoft 合作伙伴 ID",
    done_by_label: "执行者",
    type_label: "合作伙伴类型",
    link_by_hand: "如果按钮无法使用，请将此地址复制到浏览器中",
    invitation: InvitationTexts {
        subject: Template::new("{partner} 请求 {customer} 接受合作伙伴关系"),
        title: Template::new("{partner} 希望与 {customer} 合作"),
        greeting: Template::new("{recipient}，您好！"),
        introduction: Template::new(
            "{partner} 请求成为 {customer} 的合作伙伴。请先阅读下面的请求内容，然后接受或取消此邀请。",
        ),

        request: Template::new("请求内容"),
        code_label: "代码",
        expires_label: "有效期至",

        trust: Template::new("哪些已核实，哪些未核实"),
        verified_label: "已核实",
        verified: Template::new(
            "名称、域名和 Microsoft 合作伙伴 ID 与该合作伙伴在 Accord 中的注册信息一致，并且此邀请由其已登录的员工发送。",
        ),
        not_verified_label: "未核实",
        not_verified: Template::new(
            "合作伙伴自己填写的所有内容、其意图，以及 {customer} 是否有人认识该合作伙伴或要求过此邀请。",
        ),
        compare: Template::new(
            "此邀请的代码是 {code}。链接打开的页面会显示相同的代码。如果显示的代码不同或没有代码，请不要接受。",
        ),

        capabilities: Template::new("合作伙伴可以做什么"),
        capabilities_follow: Template::new("此类型的合作伙伴可以为您的组织执行以下操作："),

        roles: Template::new("管理员角色"),
        roles_follow: Template::new(
            "{partner} 请求获得您组织中的以下管理员角色。其员工届时可以管理员身份在您的组织中工作：",
        ),
        roles_end: Template::new("您可以随时删除这些角色。删除角色不会终止合作伙伴关系。"),
        no_roles: Template::new("{partner} 未请求您组织中的任何管理员角色。"),

        offer: Template::new("产品/服务"),
        offer_label: "类型",
        trial: "试用订阅",
        purchase: "购买",
        product_label: "产品",
        quantity_label: "许可证数量",
        offer_waits: Template::new(
            "接受邀请不会产生任何订单。该产品/服务会为您保留，以便您稍后创建订阅。",
        ),

        terms: Template::new("{partner} 的条款"),
        terms_follow: Template::new(
            "以下条款是合作伙伴的原文，不属于 Microsoft 客户协议，未经他人核实。",
        ),

        message: Template::new("来自 {partner} 的留言"),
        message_follows: Template::new("以下是合作伙伴的原话，其内容和其中的地址均未经他人核实。"),

        what_to_do: Template::new("如何接受邀请"),
        link: "查看邀请",
        steps: [
            Template::new("打开下面的链接。"),
            Template::new(
                "以 {customer} 的全局管理员身份登录。如果您不是全局管理员，请将此邮件转发给担任该角色的同事。",
            ),
            Template::new("在*接受协议并授权合作伙伴*页面上，打开*Microsoft 客户协议*并阅读。"),
            Template::new("选中复选框，确认您已阅读该协议。"),
            Template::new("选择*接受并授权*。"),
        ],
        authorize_in_21vianet: Template::new(
            "在*合作伙伴关系*下选择*是*以授权该合作伙伴，然后选择*下一步*。",
        ),
        nothing_yet: Template::new(
            "仅打开链接不会更改任何内容：在您组织的全局管理员接受邀请之前，合作伙伴不会获得任何访问权限。此邀请的有效期至 {expires}。",
        ),

        decline: Template::new("如果您不想接受"),
        decline_roles: Template::new(
            "如果您不想将管理员角色委派给该合作伙伴，请取消邀请，而不要接受：打开链接，登录，然后选择*取消邀请*。您可以请合作伙伴发送不含管理员角色的邀请。",
        ),
        decline_relationship: Template::new(
            "如果您不想与该合作伙伴合作，请取消邀请，而不要接受：打开链接，登录，然后选择*取消邀请*。",
        ),
        decline_in_21vianet: Template::new(
            "如果您不想授权该合作伙伴，请打开链接，登录，在*合作伙伴关系*下选择*否*，选择*下一步*，然后选择*取消邀请*。",
        ),

        unknown: Template::new("如果您不认识 {partner}"),
        unknown_do: Template::new(
            "请不要接受邀请。您可以取消邀请，也可以不做任何操作，邀请到期后会自动失效。",
        ),
        unknown_verify: Template::new(
            "如果您不确定请求是否属实，请先向合作伙伴核实。请使用您已知的电话号码或地址，不要使用此邮件中的联系方式。",
        ),

        why: Template::new(
            "您收到此邮件，是因为 {partner} 在此邀请中将您（{recipient}）指定为 {customer} 的联系人。此邀请仅适用于 {customer}，并且需要登录后才能使用。",
        ),
    },
    enquiry_received: EnquiryReceivedTexts {
        subject: Template::new("{customer} 向 {partner} 寻求帮助"),
        title: Template::new("{customer} 正在寻找合作伙伴"),
        greeting: Template::new("{partner}，您好！"),
        introduction: Template::new("{customer} 通过*查找合作伙伴*找到了您，希望得到您的回复。"),
        contact_label: "联系人",
        expires_label: "回复期限",
        needs: Template::new("{customer} 的需求"),
        needs_follow: Template::new("以下是客户的原话，未经他人核实。"),
        what_to_do: Template::new("如何回复"),
        answer: Template::new(
            "打开链接，以 {partner} 的管理代理或销售代理身份登录。您可以在页面上查看 {person} 的联系方式，并通过邀请进行回复，或者拒绝并说明原因。此咨询将于 {expires} 过期。",
        ),
        link: "查看咨询",
        why: Template::new(
            "您收到此邮件，是因为这是 {partner} 的联系地址，并且其资料列在*查找合作伙伴*中。管理代理可以在资料中更改此设置。",
        ),
    },
    enquiry_declined: EnquiryDeclinedTexts {
        subject: Template::new("{partner} 无法满足 {customer} 的请求"),
        title: Template::new("{partner} 拒绝了您的请求"),
        greeting: Template::new("{recipient}，您好！"),
        introduction: Template::new(
            "{partner} 已阅读 {customer} 发送的请求并予以拒绝。您向其他提供商发送的请求不受影响。",
        ),
        reason: Template::new("原因"),
        reason_follows: Template::new("以下是合作伙伴的原话，未经他人核实。"),
        what_to_do: Template::new("您可以做什么"),
        ask_others: Template::new(
            "选择其他提供商：打开*查找合作伙伴*，重新搜索，然后选择*联系所选提供商*。",
        ),
        link: "查找合作伙伴",
        why: Template::new(
            "您收到此邮件，是因为您（{recipient}）是 {customer} 向 {partner} 发送的请求的联系人。",
        ),
    },
    roles_given_up: PartnerActedTexts {
        subject: Template::new("{partner} 放弃了在 {customer} 的管理员角色"),
        title: Template::new("{partner} 放弃了管理员角色"),
        greeting: Template::new("{recipient}，您好！"),
        what_happened: Template::new(
            "{partner} 的 {person} 放弃了该合作伙伴在 {customer} 拥有的管理员角色。此操作由合作伙伴自行执行，并非 {customer} 的任何人所为。",
        ),
        meaning: Template::new("这意味着什么"),
        effect: Template::new(
            "{partner} 的员工不能再以管理员身份在您的组织中工作。合作伙伴关系保持不变。",
        ),
        what_to_do: Template::new("您可以做什么"),
        advice: Template::new(
            "您无需执行任何操作。如果您仍需要该合作伙伴担任管理员，请让其发送新的邀请。",
        ),
        link: "查看合作伙伴详细信息",
        why: Template::new("您收到此邮件，是因为您（{recipient}）是 {customer} 的全局管理员。"),
    },
    relationship_ended: PartnerActedTexts {
        subject: Template::new("{partner} 终止了与 {customer} 的合作伙伴关系"),
        title: Template::new("{partner} 终止了合作伙伴关系"),
        greeting: Template::new("{recipient}，您好！"),
        what_happened: Template::new(
            "{partner} 的 {person} 终止了与 {customer} 的合作伙伴关系。此操作由合作伙伴自行执行，并非 {customer} 的任何人所为。",
        ),
        meaning: Template::new("这意味着什么"),
        effect: Template::new(
            "{partner} 不能再为您的组织执行任何操作。其拥有的管理员角色已随该关系一并终止。您的其他合作伙伴不受影响。",
        ),
        what_to_do: Template::new("您可以做什么"),
        advice: Template::new(
            "您无需执行任何操作。如果您未预料到此操作，请询问该合作伙伴。若要再次与其合作，您需要新的邀请；其他合作伙伴请参见*查找合作伙伴*。",
        ),
        link: "查看合作伙伴详细信息",
        why: Template::new("您收到此邮件，是因为您（{recipient}）是 {customer} 的全局管理员。"),
    },
    partner_of_record: PartnerOfRecordTexts {
        greeting: Template::new("{partner}，您好！"),
        subscriptions: Template::new("订阅"),
        more: Template::new("以及另外 {count} 个订阅"),
        meaning: Template::new("这意味着什么"),
        what_to_do: Template::new("您可以做什么"),
        advice: Template::new(
            "您无需执行任何操作。如果您未预料到此操作，请向 {customer} 核实。请使用您已知的电话号码或地址。",
        ),
        link: "查看客户详细信息",
        why: Template::new(
            "您收到此邮件，是因为这是 {partner} 的联系地址。Accord 的运营者可以更改此地址。",
        ),
        added: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} 已将 {partner} 设为记录合作伙伴"),
            title: Template::new("{partner} 现在是记录合作伙伴"),
            what_happened: Template::new(
                "{customer} 的 {person} 已将 {partner} 设为下列每个订阅的记录合作伙伴。",
            ),
            sight: Template::new(
                "在您担任记录合作伙伴期间，您可以在 Accord 中查看此处列出的订阅。",
            ),
            effect: Template::new(
                "记录合作伙伴是客户为订阅选择的顾问合作伙伴，每个订阅最多有一个。这本身不会授予您任何管理员角色，也不会授予您更改订阅的权限。只有 {customer} 可以更改或移除记录合作伙伴。",
            ),
        },
        removed: PartnerOfRecordChangeTexts {
            subject: Template::new("{customer} 已移除记录合作伙伴 {partner}"),
            title: Template::new("{partner} 不再是记录合作伙伴"),
            what_happened: Template::new(
                "{customer} 的 {person} 已移除 {partner} 作为下列每个订阅的记录合作伙伴的身份。",
            ),
            sight: Template::new(
                "您无法再查看此处列出的订阅，除非该订阅由您销售，或者您使用其他 Microsoft 合作伙伴 ID 担任其记录合作伙伴。",
            ),
            effect: Template::new(
                "您的其他订阅以及与 {customer} 的合作伙伴关系（如果有）保持不变。",
            ),
        },
    },
};

fn date(date: &Date) -> String {
    format!(
        "{}年{}月{}日 {:02}:{:02}（UTC）",
        date.year, date.month, date.day, date.hour, date.minute
    )
}

fn partner_type(partner_type: PartnerType) -> &'static str {
    match partner_type {
        PartnerType::Reseller => "经销商",
        PartnerType::DelegatedAdministrator => "委派管理员",
        PartnerType::ResellerAndDelegatedAdministrator => "经销商和委派管理员",
        PartnerType::Partner => "合作伙伴",
        PartnerType::Advisor => "顾问",
        PartnerType::Mpsa => "Microsoft 产品和服务协议 (MPSA) 合作伙伴",
        PartnerType::OemPc => "OEM 电脑合作伙伴",
        PartnerType::Lob => "业务线 (LOB) 合作伙伴",
    }
}

fn capability(capability: Capability) -> &'static str {
    match capability {
        Capability::SellProducts => "向您销售 Microsoft 产品",
        Capability::ManageSubscriptions => "在您接受 Microsoft 客户协议后，为您订购和管理订阅",
        Capability::ManageUsers => "创建和管理用户帐户",
        Capability::ManageLicenses => "分配和管理许可证",
        Capability::ResetPasswords => "重置密码",
        Capability::HandleSupport => "处理支持事件",
        Capability::WorkWithServices => "使用您提供的用户帐户，代表您使用其他 Microsoft 服务",
        Capability::SeeMpsaPurchases => "在您允许的情况下，查看您通过其他 MPSA 合作伙伴进行的购买",
        Capability::UploadDeviceIds => "为您使用 Autopilot 管理的电脑上传设备 ID",
        Capability::ManageLobApps => "为您的组织开发、提交和管理业务线应用",
    }
}

fn admin_role(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => "全局管理员",
        AdminRole::HelpdeskAdministrator => "帮助台管理员",
    }
}

fn admin_role_allows(role: AdminRole) -> &'static str {
    match role {
        AdminRole::GlobalAdministrator => {
            "可以查看和更改您组织中的一切内容，包括用户、密码、设置以及其他管理员的角色。"
        }
        AdminRole::HelpdeskAdministrator => "可以重置密码和处理支持事件。",
    }
}
