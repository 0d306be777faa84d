//! Parameters of the lists, for the OpenAPI document: the query dialect, with what each list can
//! be filtered and sorted by.

use std::fmt::Write as _;

use api::{Comparisons, FilterField, List, ListFilter as _, ListQuery};
use serde_json::{Value, json};
use utoipa::openapi::Required;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// Extension of the schema of `$filter`: the fields of the list, for programs.
const FILTER_FIELDS: &str = "x-filter-fields";

/// Describes the options of a list.
pub(crate) fn list_parameters<L: List>() -> Vec<Parameter> {
    let mut parameters = export_parameters::<L>();
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let max = ListQuery::<L>::TOP_MAX;
    let top = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(max))
        .default(Some(ListQuery::<L>::DEFAULT_TOP.into()));
    parameters.push(parameter("$top", "Maximum number of items on a page.", top));
    let skip = "Start of a page; part of `@odata.nextLink`. Opaque.";
    parameters.push(parameter("$skiptoken", skip, text()));
    let count = format!(
        "`true` to get the number of items on all pages as `@odata.count`. Not more than {} are \
         counted; a longer list has no `@odata.count`.",
        ListQuery::<L>::COUNT_MAX
    );
    let flag = ObjectBuilder::new().schema_type(Type::Boolean).default(Some(false.into()));
    parameters.push(parameter("$count", &count, flag));
    parameters
}

/// Describes the options of an export: those of the list but for paging.
pub(crate) fn export_parameters<L: List>() -> Vec<Parameter> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let mut parameters = Vec::new();
    if let Some(searched) = L::SEARCH {
        let search = text().max_length(Some(ListQuery::<L>::SEARCH_MAX));
        let description =
            format!("Words that the items contain, all of them. Searched: {searched}.");
        parameters.push(parameter("$search", &description, search));
    }
    let fields = L::Filter::FIELDS;
    let extension: Vec<_> = fields.iter().map(filter_field).collect();
    let filter =
        text().extensions(Some(ExtensionsBuilder::new().add(FILTER_FIELDS, extension).build()));
    parameters.push(parameter("$filter", &filter_description(fields), filter));
    let orders = L::orders().into_iter().flat_map(|order| {
        let order = order.to_string();
        let explicit = (!order.ends_with(" desc")).then(|| format!("{order} asc"));
        std::iter::once(order).chain(explicit)
    });
    let default = L::DEFAULT_ORDER.to_string();
    let order = text().enum_values(Some(orders)).default(Some(default.into()));
    parameters.push(parameter("$orderby", "Sort order.", order));
    parameters
}

fn parameter(name: &str, description: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// Returns the operators of a field, as they are written.
const fn operators(comparisons: Comparisons) -> &'static [&'static str] {
    match comparisons {
        Comparisons::Equals => &["eq"],
        Comparisons::EqualsOrIn => &["eq", "in"],
        Comparisons::EqualsOrNull => &["eq", "eq null", "ne null"],
    }
}

fn filter_field(field: &FilterField) -> Value {
    let mut described = json!({ "name": field.name, "operators": operators(field.comparisons) });
    if !field.values.is_empty() {
        described["values"] = json!(field.values);
    }
    described
}

/// Describes the filter for people.
fn filter_description(fields: &[FilterField]) -> String {
    let mut text = "Comparisons joined by `and`, at most one of each field. Values are in single \
        quotes; a quote in a value is doubled.\n"
        .to_owned();
    for field in fields {
        let forms: Vec<_> = operators(field.comparisons)
            .iter()
            .map(|operator| match *operator {
                "eq" => "`eq 'value'`".to_owned(),
                "in" => "`in ('value','value')`".to_owned(),
                other => format!("`{other}`"),
            })
            .collect();
        let (name, description) = (field.name, field.description.trim());
        // Writing to a String can't fail.
        let _ = write!(text, "\n- `{name}` ({}): {description}", forms.join(", "));
        if !field.values.is_empty() {
            let values: Vec<_> = field.values.iter().map(|value| format!("`{value}`")).collect();
            let _ = write!(text, " Values: {}.", values.join(", "));
        }
    }
    text
}
