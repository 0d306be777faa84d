//! `cargo xtask styles`: makes what Trunk links besides the wasm.
//!
//! * `style/generated.css`: the files of `style/` in their order, then the rules
//!   that components keep in `style!` blocks, as one stylesheet.
//! * `style/text/<language>.json`: the tables of the page's text.
//! * `style/languages.js`: the languages' codes, for index.html, which chooses one.
//!
//! stylers loses rules without a word: it reads only `let x = style! { … }`
//! directly in a top-level function, drops a rule within a rule, and names a
//! block's class after the number of its characters, so that two blocks of one
//! length share it. Each of these fails the build here instead.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use messages::Catalog;
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The stylesheets, in the order in which later ones may refine earlier ones.
const SHEETS: [&str; 4] = ["tokens.css", "base.css", "layout.css", "components.css"];

/// Makes the stylesheet and the tables of text.
///
/// # Errors
/// When a `style!` block would lose a rule, or a language lacks a message.
pub(crate) fn build(root: &Path) -> Result<()> {
    let mut css = String::new();
    for sheet in SHEETS {
        let path = root.join("style").join(sheet);
        css += &fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        css.push('\n');
    }
    css += &scoped(root)?;
    write(&root.join("style/generated.css"), &css)?;
    text(root)
}

/// Writes the page's tables of text and the list of their languages. index.html has the
/// list inlined, since it chooses a language before any of the app's code is loaded.
fn text(root: &Path) -> Result<()> {
    let catalog = Catalog::read(&root.join("app/locales")).map_err(|faults| anyhow!(faults))?;
    let folder = root.join("style/text");
    fs::create_dir_all(&folder)?;
    let codes = catalog.codes();
    for code in &codes {
        write(&folder.join(format!("{code}.json")), &catalog.page_table(code))?;
    }
    let list = serde_json::to_string(&codes)?;
    write(&root.join("style/languages.js"), &format!("window.accordLanguages = {list};\n"))
}

/// A block of component styles, and where it stands.
struct Block {
    file: PathBuf,
    tokens: TokenStream,
}

/// Runs stylers over the app, and checks that nothing is lost.
fn scoped(root: &Path) -> Result<String> {
    let app = root.join("app");
    let mut blocks = Vec::new();
    let mut reachable = 0;
    for file in sources(&app.join("src"))? {
        let source = fs::read_to_string(&file)?;
        let tree = syn::parse_file(&source).with_context(|| file.display().to_string())?;
        let found = reached(&tree);
        let before = blocks.len();
        let tokens = source.parse().map_err(|error| anyhow!("{}: {error}", file.display()))?;
        collect(tokens, &file, &mut blocks);
        ensure!(
            blocks.len() - before == found,
            "{}: stylers sees {found} of {} `style!` blocks; each must be bound by a `let` \
             directly in a function that is not in a module or an impl",
            file.display(),
            blocks.len() - before
        );
        reachable += found;
    }
    lengths(&blocks)?;
    let mut rules = 0;
    for block in &blocks {
        rules += count(&block.tokens, false).with_context(|| block.file.display().to_string())?;
    }

    let css = run(&app)?;
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

/// Two blocks with as many characters would share a class.
fn lengths(blocks: &[Block]) -> Result<()> {
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

/// How many blocks stylers itself would find.
fn reached(file: &syn::File) -> usize {
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

/// Every `style! { … }` in the tokens, however deep.
fn collect(tokens: TokenStream, file: &Path, blocks: &mut Vec<Block>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        let is_style = index >= 2
            && matches!(&tokens[index - 1], TokenTree::Punct(mark) if mark.as_char() == '!')
            && matches!(&tokens[index - 2], TokenTree::Ident(name) if name == "style");
        if is_style {
            blocks.push(Block { file: file.to_owned(), tokens: group.stream() });
        } else {
            collect(group.stream(), file, blocks);
        }
    }
}

/// How many braces the stylesheet must open for these tokens. A rule within a
/// rule is refused, since stylers drops it; at-rules may hold rules.
fn count(tokens: &TokenStream, in_rule: bool) -> Result<usize> {
    let mut rules = 0;
    let mut at_rule = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '@' => at_rule = true,
            TokenTree::Punct(mark) if mark.as_char() == ';' => at_rule = false,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                ensure!(!in_rule, "a rule within a rule of a `style!` block would be dropped");
                rules += 1 + count(&group.stream(), !at_rule)?;
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

/// Calls stylers, which reads `src/` of the working directory.
fn run(app: &Path) -> Result<String> {
    let scratch = tempfile::NamedTempFile::new()?;
    let before = env::current_dir()?;
    let had_target = app.join("target").exists();
    env::set_current_dir(app)?;
    stylers::build(Some(scratch.path().display().to_string()));
    env::set_current_dir(before)?;
    if !had_target {
        // stylers makes this folder whether or not it writes into it.
        let _ = fs::remove_dir(app.join("target"));
    }
    Ok(fs::read_to_string(scratch.path())?)
}

/// The Rust files below the folder, sorted.
fn sources(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(sources(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Writes a file if it differs, so that a watcher sees only real changes.
fn write(path: &Path, content: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|before| before == content) {
        return Ok(());
    }
    fs::write(path, content).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proc_macro2::TokenStream;

    use super::{collect, count, lengths, reached, text};

    fn tokens(source: &str) -> TokenStream {
        source.parse().unwrap()
    }

    #[test]
    fn rules_are_counted_and_nested_ones_refused() {
        let rules = count(&tokens("a { color: red; } @media print { b { color: tan; } }"), false);
        assert_eq!(rules.unwrap(), 3);
        assert!(count(&tokens("a { b { color: red; } }"), false).is_err());
    }

    #[test]
    fn blocks_that_stylers_would_miss_are_found() {
        let source = "fn a() { let x = style! { p { color: red; } }; } \
                      mod m { fn b() { let y = style! { q { color: red; } }; } }";
        let mut blocks = Vec::new();
        collect(tokens(source), "a.rs".as_ref(), &mut blocks);
        assert_eq!(blocks.len(), 2);
        assert_eq!(reached(&syn::parse_file(source).unwrap()), 1);
        assert!(lengths(&blocks).is_err());
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
        text(root.path()).unwrap();
        let list = fs::read_to_string(root.path().join("style/languages.js")).unwrap();
        assert_eq!(list, "window.accordLanguages = [\"en\",\"nl\"];\n");
        assert!(root.path().join("style/text/nl.json").is_file());
    }
}
