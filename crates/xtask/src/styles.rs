//! `cargo xtask styles`: generates what Trunk links besides the wasm.
//!
//! * `style/generated.css`: the files of `style/` in their order, then the rules
//!   in the `style!` blocks of components, as one stylesheet.
//! * `style/text/<language>.json`: the texts of the page.
//! * `style/languages.js`: the languages' codes, for index.html, which chooses one.
//!
//! stylers loses rules silently: it reads only `let x = style! { … }` directly in a
//! top-level function, drops nested rules, and derives the class of a block from the number
//! of its characters, so that two blocks of equal length share a class. Each of these cases
//! fails here.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use messages::Catalog;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The stylesheets in cascading order.
const SHEETS: [&str; 4] = ["tokens.css", "base.css", "layout.css", "components.css"];

/// Generates the stylesheet and the tables of text. Fails when stylers would lose a rule of
/// a `style!` block, and when a language lacks a message.
pub(crate) fn build(root: &Path) -> Result<()> {
    let mut css = String::new();
    for sheet in SHEETS {
        let path = root.join("style").join(sheet);
        css += &fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        css.push('\n');
    }
    css += &component_styles(root)?;
    write_if_changed(&root.join("style/generated.css"), &css)?;
    write_text_tables(root)
}

/// Writes the page's tables of text and the list of their languages. index.html has the
/// list inlined, since it chooses a language before any of the app's code is loaded.
fn write_text_tables(root: &Path) -> Result<()> {
    let catalog = Catalog::read(&root.join("app/locales")).map_err(|faults| anyhow!(faults))?;
    let folder = root.join("style/text");
    fs::create_dir_all(&folder)?;
    let codes = catalog.codes();
    for code in &codes {
        write_if_changed(&folder.join(format!("{code}.json")), &catalog.page_table(code))?;
    }
    let list = serde_json::to_string(&codes)?;
    write_if_changed(
        &root.join("style/languages.js"),
        &format!("window.accordLanguages = {list};\n"),
    )
}

/// A `style!` block and its file.
struct StyleBlock {
    file: PathBuf,
    tokens: TokenStream,
}

/// Runs stylers on the app, and checks that no rule is lost.
fn component_styles(root: &Path) -> Result<String> {
    let app = root.join("app");
    let mut blocks = Vec::new();
    let mut reachable = 0;
    for file in rust_files(&app.join("src"))? {
        let source = fs::read_to_string(&file)?;
        let tree = syn::parse_file(&source).with_context(|| file.display().to_string())?;
        let found = count_visible_blocks(&tree);
        let before = blocks.len();
        let tokens = source.parse().map_err(|error| anyhow!("{}: {error}", file.display()))?;
        collect_blocks(tokens, &file, &mut blocks);
        ensure!(
            blocks.len() - before == found,
            "{}: stylers sees {found} of {} `style!` blocks; each must be bound by a `let` \
             directly in a function that is not in a module or an impl",
            file.display(),
            blocks.len() - before
        );
        reachable += found;
    }
    check_lengths(&blocks)?;
    let mut rules = 0;
    for block in &blocks {
        rules +=
            count_rules(&block.tokens, false).with_context(|| block.file.display().to_string())?;
    }

    let css = run_stylers(&app)?;
    let written = css.matches('{').count();
    ensure!(written == rules, "stylers wrote {written} of {rules} rules");
    let classes: BTreeSet<&str> = css
        .split(".l-")
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| c != '-' && !c.is_ascii_alphanumeric());
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect();
    ensure!(
        classes.len() == reachable,
        "{reachable} `style!` blocks got {} different classes; make one longer by a character",
        classes.len()
    );
    Ok(css)
}

/// Fails when two blocks have equal lengths, and so would share a class.
fn check_lengths(blocks: &[StyleBlock]) -> Result<()> {
    let mut seen: BTreeMap<usize, &Path> = BTreeMap::new();
    for block in blocks {
        let length = block.tokens.to_string().chars().filter(|c| !c.is_whitespace()).count();
        if let Some(other) = seen.insert(length, &block.file) {
            bail!(
                "{} and {} have `style!` blocks of the same length ({length}), which would share \
                 a class; make one longer by a character",
                other.display(),
                block.file.display()
            );
        }
    }
    Ok(())
}

/// Counts the blocks that stylers finds.
fn count_visible_blocks(file: &syn::File) -> usize {
    file.items
        .iter()
        .filter_map(|item| if let syn::Item::Fn(function) = item { Some(function) } else { None })
        .flat_map(|function| &function.block.stmts)
        .filter(|statement| {
            matches!(statement, syn::Stmt::Local(local) if matches!(
                local.init.as_ref().map(|init| &*init.expr),
                Some(syn::Expr::Macro(call)) if call.mac.path.is_ident("style")
            ))
        })
        .count()
}

/// Collects every `style! { … }` in the tokens, at any depth.
fn collect_blocks(tokens: TokenStream, file: &Path, blocks: &mut Vec<StyleBlock>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let is_style = index >= 2
            && matches!(&tokens[index - 1], TokenTree::Punct(mark) if mark.as_char() == '!')
            && matches!(&tokens[index - 2], TokenTree::Ident(name) if name == "style");
        if is_style {
            blocks.push(StyleBlock { file: file.to_owned(), tokens: group.stream() });
        } else {
            collect_blocks(group.stream(), file, blocks);
        }
    }
}

/// Counts the opening braces that the stylesheet must have for these tokens. A rule in a
/// rule is an error, since stylers drops it; at-rules may contain rules.
fn count_rules(tokens: &TokenStream, in_rule: bool) -> Result<usize> {
    let mut rules = 0;
    let mut at_rule = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '@' => at_rule = true,
            TokenTree::Punct(mark) if mark.as_char() == ';' => at_rule = false,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                ensure!(!in_rule, "a rule in a rule of a `style!` block would be dropped");
                rules += 1 + count_rules(&group.stream(), !at_rule)?;
                at_rule = false;
            }
            TokenTree::Literal(literal) if in_rule && literal.to_string().starts_with('"') => {
                bail!(
                    "stylers drops the quotes of {literal}; put the rule into style/components.css"
                );
            }
            _ => {}
        }
    }
    Ok(rules)
}

/// Runs stylers, which reads `src/` of the working directory.
fn run_stylers(app: &Path) -> Result<String> {
    let scratch = tempfile::NamedTempFile::new()?;
    let before = env::current_dir()?;
    let had_target = app.join("target").exists();
    env::set_current_dir(app)?;
    stylers::build(Some(scratch.path().display().to_string()));
    env::set_current_dir(before)?;
    if !had_target {
        // stylers creates this folder even when it writes elsewhere.
        let _ = fs::remove_dir(app.join("target"));
    }
    Ok(fs::read_to_string(scratch.path())?)
}

/// Returns the Rust files below the folder, sorted.
fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Writes a file if its content changes, so that a file watcher sees only real changes.
fn write_if_changed(path: &Path, content: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|before| before == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proc_macro2::TokenStream;

    use super::{
        check_lengths, collect_blocks, count_rules, count_visible_blocks, write_text_tables,
    };

    fn tokens(source: &str) -> TokenStream {
        source.parse().unwrap()
    }

    #[test]
    fn rules_are_counted_and_nested_ones_refused() {
        let rules =
            count_rules(&tokens("a { color: red; } @media print { b { color: tan; } }"), false);
        assert_eq!(rules.unwrap(), 3);
        assert!(count_rules(&tokens("a { b { color: red; } }"), false).is_err());
    }

    #[test]
    fn blocks_that_stylers_would_miss_are_found() {
        let source = "fn a() { let x = style! { p { color: red; } }; } \
                      mod m { fn b() { let y = style! { q { color: red; } }; } }";
        let mut blocks = Vec::new();
        collect_blocks(tokens(source), "a.rs".as_ref(), &mut blocks);
        assert_eq!(blocks.len(), 2);
        assert_eq!(count_visible_blocks(&syn::parse_file(source).unwrap()), 1);
        assert!(check_lengths(&blocks).is_err());
    }

    #[test]
    fn each_language_has_a_table_and_is_in_the_list() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("style")).unwrap();
        for code in ["nl", "en"] {
            let folder = root.path().join("app/locales").join(code);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("page.json"), "{ \"a\": \"A\" }").unwrap();
        }
        write_text_tables(root.path()).unwrap();
        let list = fs::read_to_string(root.path().join("style/languages.js")).unwrap();
        assert_eq!(list, "window.accordLanguages = [\"en\",\"nl\"];\n");
        assert!(root.path().join("style/text/nl.json").is_file());
    }
}
