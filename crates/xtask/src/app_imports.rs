//! The imports among the files of the app: no circle, and only from a layer to those below it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{process::root, source_checks::files_below};

/// Folders of the app, and what none of their files may import.
const FORBIDDEN: [(&str, &[&str]); 2] = [("ui", &["features", "areas"]), ("features", &["areas"])];

/// The folder of the demo, which is left out: it stands in for the network, so the client calls
/// it although it is built on the page.
const DEMO: &str = "demo";

/// A path within the crate, such as `ui`, `Button`.
type CratePath = Vec<String>;

/// What a file declares and imports.
#[derive(Debug, Default)]
struct AppFile {
    /// Names of the items and modules declared at the top level.
    declared: BTreeSet<String>,
    /// Names that are exported again, with the paths where they are found; `*` for all names of
    /// a module.
    exported: Vec<(String, CratePath)>,
    /// Paths that the file uses.
    used: BTreeSet<CratePath>,
}

/// Fails when files of the app import each other in a circle, or from a layer above.
pub(crate) fn check() -> Result<()> {
    let folder = root().join("app/src");
    let mut files = BTreeMap::new();
    for path in files_below(&folder, &[])? {
        let inside = path.strip_prefix(&folder).unwrap_or(&path).to_owned();
        let Some(module) = module_of(&inside) else { continue };
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read.", path.display()))?;
        let file = read_file(&module, &text)
            .with_context(|| format!("{} cannot be parsed.", path.display()))?;
        files.insert(module, file);
    }
    let problems = problems(&files);
    if problems.is_empty() {
        return Ok(());
    }
    bail!(
        "Files of app/src import each other in a way that keeps an area from being loaded by \
         itself. Move what both need to a file below them, such as one of `features`:\n{}",
        problems.join("\n")
    );
}

/// Returns the module of a file; `None` for test code, the demo and other files than Rust's.
fn module_of(inside: &Path) -> Option<CratePath> {
    let path = inside.to_str()?.strip_suffix(".rs")?;
    let module: CratePath = path.split('/').map(str::to_owned).collect();
    let skipped = module[0] == DEMO || module.iter().any(|part| part == "tests");
    (!skipped && module != ["main"]).then(|| if module == ["lib"] { Vec::new() } else { module })
}

/// Returns all problems: imports that are not allowed, and circles.
fn problems(files: &BTreeMap<CratePath, AppFile>) -> Vec<String> {
    let imports: BTreeMap<&CratePath, BTreeSet<&CratePath>> = files
        .iter()
        .map(|(module, file)| {
            let targets = file.used.iter().filter_map(|used| defining_file(files, used, 0));
            (module, targets.filter(|target| *target != module).collect())
        })
        .collect();
    let mut problems = Vec::new();
    for (from, targets) in &imports {
        for to in targets {
            let area = |module: &CratePath| (module[0] == "areas").then(|| module.get(1).cloned());
            let other_area = !from.is_empty()
                && !to.is_empty()
                && matches!((area(from), area(to)), (Some(one), Some(other)) if one != other);
            let above = FORBIDDEN.iter().any(|(layer, above)| {
                from.first().is_some_and(|first| first == layer)
                    && to.first().is_some_and(|first| above.contains(&first.as_str()))
            });
            if other_area || above {
                problems.push(format!("{} imports {}", file_name(from), file_name(to)));
            }
        }
    }
    problems.extend(circles(&imports).into_iter().map(|circle| {
        circle.iter().map(|module| file_name(module)).collect::<Vec<_>>().join(" → ")
    }));
    problems
}

/// Returns the file with the item of a path. Exports are followed to the file with the item
/// itself, so that a module that only names its children stands in no one's way.
fn defining_file<'a>(
    files: &'a BTreeMap<CratePath, AppFile>,
    path: &[String],
    depth: usize,
) -> Option<&'a CratePath> {
    if path.first().is_some_and(|first| first == DEMO) {
        return None;
    }
    let (module, file) =
        (0..=path.len()).rev().find_map(|length| files.get_key_value(&path[..length]))?;
    let Some(name) = path.get(module.len()) else { return Some(module) };
    if file.declared.contains(name) || depth > 8 {
        return Some(module);
    }
    let exported = file.exported.iter().find_map(|(export, target)| {
        let target = if export == "*" {
            target.iter().chain([name]).cloned().collect()
        } else if export == name {
            target.clone()
        } else {
            return None;
        };
        // A glob names everything, so the file must have the item.
        let found = defining_file(files, &target, depth + 1)?;
        (export != "*" || declares(files, found, name)).then_some(found)
    });
    Some(exported.unwrap_or(module))
}

fn declares(files: &BTreeMap<CratePath, AppFile>, module: &CratePath, name: &String) -> bool {
    files.get(module).is_some_and(|file| file.declared.contains(name))
}

/// Returns one circle for each group of files that import each other, as a path whose last
/// file is its first again.
fn circles<'a>(
    imports: &BTreeMap<&'a CratePath, BTreeSet<&'a CratePath>>,
) -> Vec<Vec<&'a CratePath>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for start in imports.keys().copied() {
        if seen.contains(start) {
            continue;
        }
        if let Some(circle) = shortest_circle(imports, start) {
            seen.extend(circle.iter().copied());
            found.push(circle);
        }
    }
    found
}

/// Returns the shortest path of imports that leads from a file back to it.
fn shortest_circle<'a>(
    imports: &BTreeMap<&'a CratePath, BTreeSet<&'a CratePath>>,
    start: &'a CratePath,
) -> Option<Vec<&'a CratePath>> {
    let mut from: BTreeMap<&CratePath, &CratePath> = BTreeMap::new();
    let mut current = vec![start];
    while !current.is_empty() {
        let mut next = Vec::new();
        for file in current {
            for target in imports.get(file).into_iter().flatten().copied() {
                if target == start {
                    let mut circle = vec![start];
                    let mut at = file;
                    while at != start {
                        circle.push(at);
                        at = from[at];
                    }
                    circle.push(start);
                    circle.reverse();
                    return Some(circle);
                }
                if !from.contains_key(target) {
                    from.insert(target, file);
                    next.push(target);
                }
            }
        }
        current = next;
    }
    None
}

fn file_name(module: &CratePath) -> String {
    let path: PathBuf = if module.is_empty() { "lib".into() } else { module.iter().collect() };
    format!("{}.rs", path.display())
}

/// Reads what a file declares and uses. Code for tests is left out.
fn read_file(module: &[String], text: &str) -> Result<AppFile> {
    let tokens: TokenStream = text.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut file = AppFile::default();
    read_items(module, tokens, &mut file, true);
    Ok(file)
}

/// Reads the tokens of a file, or within a group of tokens.
fn read_items(module: &[String], tokens: TokenStream, file: &mut AppFile, top: bool) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    let mut public = false;
    while at < tokens.len() {
        if is_test_attribute(&tokens, at) {
            at = end_of_item(&tokens, at + 2);
            continue;
        }
        match &tokens[at] {
            TokenTree::Group(group) => {
                read_items(module, group.stream(), file, false);
                at += 1;
            }
            TokenTree::Ident(ident) => {
                let word = ident.to_string();
                match word.as_str() {
                    "pub" => public = true,
                    "use" => {
                        let mut paths = Vec::new();
                        at = read_use(&tokens, at + 1, &[], &mut paths);
                        for (name, path) in paths {
                            let Some(path) = absolute(module, &path) else { continue };
                            if public && top {
                                file.exported.push((name, path));
                            } else {
                                file.used.insert(path);
                            }
                        }
                        public = false;
                        continue;
                    }
                    "mod" if is_inline_module(&tokens, at) => {
                        let name = tokens[at + 1].to_string();
                        let inner: CratePath =
                            module.iter().cloned().chain([name.clone()]).collect();
                        if top {
                            file.declared.insert(name);
                        }
                        if let TokenTree::Group(group) = &tokens[at + 2] {
                            read_items(&inner, group.stream(), file, false);
                        }
                        public = false;
                        at += 3;
                        continue;
                    }
                    "fn" | "struct" | "enum" | "type" | "const" | "static" | "trait" | "mod"
                    | "union"
                        if top =>
                    {
                        if let Some(TokenTree::Ident(name)) = tokens.get(at + 1) {
                            file.declared.insert(name.to_string());
                        }
                        public = false;
                    }
                    "crate" | "super" | "self" if is_path_separator(&tokens, at + 1) => {
                        let (path, end) = read_path(&tokens, at);
                        file.used.extend(absolute(module, &path));
                        at = end;
                        continue;
                    }
                    // A child that the file declares, such as `badge::Badge`.
                    _ if file.declared.contains(&word)
                        && word.chars().all(|c| c.is_lowercase() || c == '_')
                        && is_path_separator(&tokens, at + 1)
                        && !(at > 1 && is_path_separator(&tokens, at - 2)) =>
                    {
                        let (path, end) = read_path(&tokens, at);
                        file.used.extend(absolute(module, &path));
                        at = end;
                        continue;
                    }
                    _ => {}
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
}

/// Returns whether `#[cfg(test)]` or `#[cfg(all(test, …))]` begins here.
fn is_test_attribute(tokens: &[TokenTree], at: usize) -> bool {
    let (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(group))) =
        (tokens.get(at), tokens.get(at + 1))
    else {
        return false;
    };
    let text = group.stream().to_string().replace(' ', "");
    hash.as_char() == '#' && (text == "cfg(test)" || text.starts_with("cfg(all(test"))
}

/// Returns whether a module with its content begins here.
fn is_inline_module(tokens: &[TokenTree], at: usize) -> bool {
    matches!(
        (tokens.get(at + 1), tokens.get(at + 2)),
        (Some(TokenTree::Ident(_)), Some(TokenTree::Group(group)))
            if group.delimiter() == Delimiter::Brace
    )
}

/// Returns the index after the item that begins here: after its braces, or its semicolon.
fn end_of_item(tokens: &[TokenTree], from: usize) -> usize {
    let end = tokens[from..].iter().position(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    });
    end.map_or(tokens.len(), |end| from + end + 1)
}

fn is_path_separator(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    colon(at) && colon(at + 1)
}

/// Reads a path such as `crate::ui::Button`. Returns it with the index after it.
fn read_path(tokens: &[TokenTree], mut at: usize) -> (CratePath, usize) {
    let mut path = Vec::new();
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        path.push(ident.to_string());
        at += 1;
        if !is_path_separator(tokens, at) {
            break;
        }
        at += 2;
    }
    (path, at)
}

/// Reads the tree of a `use`. Adds each path with the name that it gets; returns the index
/// after the tree.
fn read_use(
    tokens: &[TokenTree],
    at: usize,
    before: &[String],
    paths: &mut Vec<(String, CratePath)>,
) -> usize {
    let (own, mut at) = read_path(tokens, at);
    let mut path: CratePath = before.iter().cloned().chain(own).collect();
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            let mut inside = 0;
            while inside < inner.len() {
                inside = read_use(&inner, inside, &path, paths) + 1;
            }
            return at + 1;
        }
        Some(TokenTree::Punct(punct)) if punct.as_char() == '*' => {
            paths.push(("*".to_owned(), path));
            return at + 1;
        }
        _ => {}
    }
    if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
        path.pop();
    }
    let mut name = path.last().cloned().unwrap_or_default();
    if let (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(alias))) =
        (tokens.get(at), tokens.get(at + 1))
        && word == "as"
    {
        name = alias.to_string();
        at += 2;
    }
    paths.push((name, path));
    at
}

/// Returns a path from the root of the crate; `None` for paths of other crates.
fn absolute(module: &[String], path: &[String]) -> Option<CratePath> {
    let rest = |from: usize| path[from..].iter().cloned();
    match path.first()?.as_str() {
        "crate" => Some(rest(1).collect()),
        "self" => Some(module.iter().cloned().chain(rest(1)).collect()),
        "super" => {
            let up = path.iter().take_while(|part| *part == "super").count();
            let above = module.len().checked_sub(up)?;
            Some(module[..above].iter().cloned().chain(rest(up)).collect())
        }
        // `pub use badge::*` names a child of this module.
        first => {
            let child: CratePath = module.iter().cloned().chain([first.to_owned()]).collect();
            Some(child.into_iter().chain(rest(1)).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(files: &[(&str, &str)]) -> Vec<String> {
        let files = files
            .iter()
            .map(|(name, text)| {
                let module = module_of(Path::new(name)).unwrap();
                let file = read_file(&module, text).unwrap();
                (module, file)
            })
            .collect();
        problems(&files)
    }

    #[test]
    fn a_circle_is_shown_as_a_path_of_files() {
        let found = app(&[
            ("lib.rs", "pub mod one; pub mod two; pub mod three;"),
            ("one.rs", "use crate::two::Two; pub struct One;"),
            ("two.rs", "use crate::{three::{self, Three}}; pub struct Two;"),
            ("three.rs", "pub struct Three; fn work() { view! { <crate::one::One /> } }"),
        ]);
        assert_eq!(found, ["one.rs → two.rs → three.rs → one.rs"]);
    }

    #[test]
    fn a_parent_that_calls_its_child_is_part_of_a_circle() {
        let found = app(&[
            ("page.rs", "mod form; pub struct State; pub fn page() { form::show() }"),
            ("page/form.rs", "use super::State; pub fn show() {}"),
        ]);
        assert_eq!(found, ["page.rs → page/form.rs → page.rs"]);
    }

    #[test]
    fn imports_of_tests_are_left_out() {
        let found = app(&[
            ("one.rs", "use crate::two::Two; pub struct One;"),
            ("two.rs", "pub struct Two; #[cfg(test)] mod tests { use crate::one::One; }"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_module_that_exports_its_children_is_no_part_of_a_circle() {
        let parent = "mod badge; mod card; pub use badge::*; pub use self::card::Card; \
                      pub struct Intent; impl Intent { fn icon(self) -> Badge {} }";
        let found = app(&[
            ("ui.rs", parent),
            ("ui/badge.rs", "pub struct Badge;"),
            ("ui/card.rs", "use crate::ui::{Badge, Intent}; pub struct Card;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
        let found = app(&[
            ("ui.rs", parent),
            ("ui/badge.rs", "use super::Card; pub struct Badge;"),
            ("ui/card.rs", "use crate::ui::Badge; pub struct Card;"),
        ]);
        assert_eq!(found, ["ui/badge.rs → ui/card.rs → ui/badge.rs"]);
    }

    #[test]
    fn layers_import_only_those_below() {
        let found = app(&[
            ("areas.rs", "pub mod billing; pub mod desk;"),
            ("areas/billing.rs", "pub fn page() {}"),
            ("areas/desk.rs", "use crate::{areas::billing, features::paging, ui::Card};"),
            ("features/paging.rs", "use crate::ui::Card; fn work() { crate::areas::desk::page() }"),
            ("ui.rs", "use crate::features::paging; pub struct Card;"),
        ]);
        for expected in [
            "areas/desk.rs imports areas/billing.rs",
            "features/paging.rs imports areas/desk.rs",
            "ui.rs imports features/paging.rs",
        ] {
            assert!(found.iter().any(|line| line == expected), "{found:?}");
        }
    }

    #[test]
    fn every_way_to_write_an_import_is_read() {
        let module = vec!["areas".to_owned(), "desk".to_owned()];
        let text = "use super::billing::{self as shop, Cart as Basket}; use crate::ui::*; \
                    fn work() -> crate::view::View { self::inner::help(); std::mem::take() } \
                    mod part { use super::Desk; }";
        let file = read_file(&module, text).unwrap();
        let used: Vec<String> = file.used.iter().map(|path| path.join("::")).collect();
        for path in [
            "areas::billing",
            "areas::billing::Cart",
            "ui",
            "view::View",
            "areas::desk::inner::help",
            "areas::desk::Desk",
        ] {
            assert!(used.iter().any(|one| one == path), "{path} in {used:?}");
        }
    }
}
