//! What `build` writes: whole sets or nothing, whatever stands in the way.

use super::*;

#[test]
fn check_finds_every_kind_of_drift_and_build_mends_it() {
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries");
    let clean = contents(&made);
    let schema = made.join("json-schema/return.schema.json");
    let original = fs::read(&schema).unwrap();
    let mut flipped = original.clone();
    flipped[10] ^= 1;
    let drifts: [(&str, Vec<u8>); 3] =
        [("a bit", flipped), ("a newline", [original.as_slice(), b"\n"].concat()), ("emptied", Vec::new())];
    for (what, bytes) in drifts {
        fs::write(&schema, bytes).unwrap();
        let output = run(folder, &["build", "--check"], b"");
        assert_eq!(output.status.code(), Some(1), "{what}");
        assert!(text(&output.stderr).contains("return.schema.json (differs)"), "{what}");
        assert!(run(folder, &["build", "--quiet"], b"").status.success());
        assert_eq!(contents(&made), clean, "{what}");
    }
    fs::remove_file(&schema).unwrap();
    let output = run(folder, &["build", "--check"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("(missing)"));
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    fs::write(made.join("mine.txt"), "mine").unwrap();
    let output = run(folder, &["build", "--check", "--lang", "zh"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("mine.txt（不是由本源文件生成的）"));
    // Somebody else's file is named and never removed.
    let output = run(folder, &["build", "--quiet"], b"");
    assert!(output.status.success() && text(&output.stderr).contains("mine.txt"));
    assert_eq!(fs::read(made.join("mine.txt")).unwrap(), b"mine");
}

#[test]
fn unchanged_files_are_not_touched_and_files_no_longer_made_are_removed() {
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries");
    let stamp = |name: &str| fs::metadata(made.join(name)).unwrap().modified().unwrap();
    let before = stamp("json-schema/return.schema.json");
    let list = made.join(".formwright");
    let old = fs::read_to_string(&list).unwrap()
        + "json-schema\tjson-schema/gone.json\njson-schema\t../outside.json\n";
    fs::write(&list, old).unwrap();
    fs::write(made.join("json-schema/gone.json"), "{}").unwrap();
    fs::write(folder.join("generated/outside.json"), "{}").unwrap();
    fs::write(made.join("json-schema/.formwright-tmp-1-0"), "half").unwrap();
    let output = run(folder, &["build"], b"");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(", 0 changed, 1 removed"), "{}", text(&output.stdout));
    assert!(!made.join("json-schema/gone.json").exists());
    assert!(folder.join("generated/outside.json").exists());
    assert!(!made.join("json-schema/.formwright-tmp-1-0").exists());
    assert_eq!(stamp("json-schema/return.schema.json"), before);
}

#[test]
fn a_folder_of_other_things_is_refused() {
    let folder = workplace();
    let folder = folder.path();
    let before = contents(folder);
    let output = run(folder, &["build", "--out", "schemas"], b"");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("did not write"), "{}", text(&output.stderr));
    assert_eq!(contents(folder), before);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links() {
    use std::os::unix::fs::symlink;
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries");
    let schema = made.join("json-schema/return.schema.json");
    let original = fs::read(&schema).unwrap();
    fs::rename(&schema, folder.join("elsewhere.json")).unwrap();
    symlink(folder.join("elsewhere.json"), &schema).unwrap();
    assert_eq!(run(folder, &["build", "--check"], b"").status.code(), Some(1));
    fs::write(folder.join("elsewhere.json"), "precious").unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    assert_eq!(fs::read(folder.join("elsewhere.json")).unwrap(), b"precious");
    assert_eq!(fs::read(&schema).unwrap(), original);
    let away = folder.join("away");
    fs::rename(made.join("json-schema"), &away).unwrap();
    symlink(&away, made.join("json-schema")).unwrap();
    let before = contents(&away);
    fs::write(folder.join("schemas/libraries/stock.yaml"), changed()).unwrap();
    let output = run(folder, &["build"], b"");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(contents(&away), before);
}

/// Killed at any moment, each file is whole: the old one or the new one; and the next build makes it right.
#[cfg(unix)]
#[test]
fn a_kill_leaves_whole_files() {
    let folder = workplace();
    let folder = folder.path();
    let made = folder.join("generated/libraries");
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let old = contents(&made);
    let source = folder.join("schemas/libraries/stock.yaml");
    let original = fs::read(&source).unwrap();
    fs::write(&source, changed()).unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let new = contents(&made);
    assert_ne!(old, new);
    for delay in 0..25u64 {
        fs::write(&source, if delay % 2 == 0 { original.clone() } else { changed().into_bytes() }).unwrap();
        let mut child = command(folder).args(["build", "--quiet"]).stdin(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        let whole = |(path, bytes): &(PathBuf, Vec<u8>)| {
            let name = path.file_name().unwrap().to_string_lossy();
            let temporary = name.starts_with(".formwright-tmp-") || name == ".formwright-journal";
            let is = |set: &[(PathBuf, Vec<u8>)]| set.iter().any(|(p, b)| p == path && b == bytes);
            temporary || is(&old) || is(&new)
        };
        assert!(contents(&made).iter().all(whole), "after {delay}");
        assert!(run(folder, &["build", "--quiet"], b"").status.success());
        assert_eq!(contents(&made), if delay % 2 == 0 { old.clone() } else { new.clone() });
    }
}

/// Killed before its first, second, … rename or removal, a build leaves a set that is old, or new, or marked as of two
/// builds; and the next build says so and completes it, even one of another target.
#[cfg(target_os = "linux")]
#[test]
fn a_build_killed_between_renames_is_found_and_completed() {
    if !Command::new("strace").arg("-V").output().is_ok_and(|o| o.status.success()) {
        eprintln!("skipped: strace is not installed");
        return;
    }
    let folder = workplace();
    let folder = folder.path();
    let made = folder.join("generated/libraries");
    let source = folder.join("schemas/libraries/stock.yaml");
    let original = fs::read_to_string(&source).unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let old = contents(&made);
    fs::write(&source, changed()).unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let new = contents(&made);
    let journal = made.join(".formwright-journal");
    let mut marked = 0;
    for n in 1.. {
        fs::write(&source, &original).unwrap();
        assert!(run(folder, &["build", "--quiet"], b"").status.success());
        fs::write(&source, changed()).unwrap();
        let inject = format!("inject=rename,renameat,renameat2:signal=KILL:when={n}");
        let killed = Command::new("strace")
            .args([
                "-f",
                "-o",
                "/dev/null",
                "-e",
                &inject,
                env!("CARGO_BIN_EXE_formwright"),
                "build",
                "--quiet",
            ])
            .current_dir(folder)
            .output()
            .unwrap();
        if killed.status.success() {
            break;
        }
        let found: Vec<_> = contents(&made)
            .into_iter()
            .filter(|(path, _)| !path.file_name().unwrap().to_string_lossy().starts_with(".formwright-"))
            .collect();
        if !journal.exists() {
            assert!(found == old, "before rename {n}");
            continue;
        }
        marked += 1;
        let checked = run(folder, &["build", "--check"], b"");
        assert_eq!(checked.status.code(), Some(1));
        assert!(text_of(&checked).contains("a build was interrupted here"), "{}", text_of(&checked));
        let completed = run(folder, &["build", "--quiet"], b"");
        assert!(completed.status.success());
        assert!(text_of(&completed).contains("that has been completed"), "{}", text_of(&completed));
        assert!(contents(&made) == new, "after rename {n}");
    }
    assert!(marked > 3, "{marked}");
}

/// Whether permissions bind nobody here.
#[cfg(unix)]
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    text(&id.stdout).trim() == "0"
}

/// A folder in which the user may not write; where all is allowed (root), the command runs as another user.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries/json-schema");
    let before = contents(folder);
    fs::write(folder.join("schemas/libraries/stock.yaml"), changed()).unwrap();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&made, 0o555);
    mode(folder, 0o555);
    for (args, lang, said) in [
        (&["build"][..], "en", "json-schema: permission denied"),
        (&["build"], "zh", "json-schema：没有权限"),
        (&["migrate", "r.json", "-o", "out.json"], "en", ".: permission denied"),
        (&["migrate", "r.json", "-o", "new/out.json"], "zh", "new：没有权限"),
    ] {
        let mut command = command(folder);
        command.args(args).args(["--lang", lang]).stdin(Stdio::null());
        if is_root() {
            command.uid(65534).gid(65534);
        }
        let output = match command.output() {
            Ok(output) => output,
            Err(error) => {
                eprintln!("skipped: another user may not run the binary here: {error}");
                break;
            }
        };
        assert_eq!(output.status.code(), Some(3), "{args:?}: {}", text_of(&output));
        assert!(text(&output.stderr).contains(said), "{args:?}: {}", text(&output.stderr));
    }
    mode(folder, 0o755);
    mode(&made, 0o755);
    fs::remove_file(folder.join("r.json")).unwrap();
    fs::copy(root().join("schemas/libraries/stock.yaml"), folder.join("schemas/libraries/stock.yaml"))
        .unwrap();
    assert_eq!(contents(folder), before);
}

/// Something else stands where a file or folder is to be written: refused in the user's language, nothing changed.
#[cfg(unix)]
#[test]
fn what_is_in_the_way_is_named_and_left() {
    use std::os::unix::fs::symlink;
    let read_only = |path: &Path| {
        fs::write(path, "old").unwrap();
        let mut rights = fs::metadata(path).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(path, rights).unwrap();
    };
    let nowhere = |path: &Path| symlink("nowhere", path).unwrap();
    let itself = |path: &Path| symlink(path, path).unwrap();
    let file = |path: &Path| fs::write(path, "old").unwrap();
    let folder = |path: &Path| fs::create_dir_all(path.join("in/it")).unwrap();
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    let dead = ("it is a link that leads nowhere", "它是无处可通的链接");
    let link = ("is a link; nothing is written through links", "是链接；不通过链接写入");
    let no_folder = ("it is not a folder", "它不是文件夹");
    let in_the_way = ("is in the way: it is not a file", "挡住了写入：它不是文件");
    let read_only_said = ("the file is read-only", "文件只读");
    type Make<'a> = &'a dyn Fn(&Path);
    let cases: [(&str, Make<'_>, &str, (&str, &str)); 14] = [
        ("x", &nowhere, "migrate r.json -o x", link),
        ("x", &itself, "migrate r.json -o x", link),
        ("x", &file, "migrate r.json -o x/y.json", no_folder),
        ("x", &file, "migrate r.json -o x/y/z.json", no_folder),
        ("x", &nowhere, "migrate r.json -o x/y.json", dead),
        ("x", &itself, "migrate r.json -o x/y.json", dead),
        ("x", &folder, "migrate r.json -o x", in_the_way),
        ("x", &read_only, "migrate r.json -o x", read_only_said),
        ("x", &file, "build --out x", no_folder),
        ("x", &nowhere, "build --out x", dead),
        ("x", &itself, "build --out x", dead),
        ("generated/libraries/json-schema/return.schema.json", &folder, "build", in_the_way),
        ("generated/libraries/json-schema/return.schema.json", &pipe, "build", in_the_way),
        ("generated/libraries/json-schema/return.schema.json", &read_only, "build", read_only_said),
    ];
    for (path, make, line, said) in cases {
        for (lang, said) in [("en", said.0), ("zh", said.1)] {
            let place = workplace();
            let place = place.path();
            fs::write(place.join("r.json"), RETURN).unwrap();
            assert!(run(place, &["build", "--quiet"], b"").status.success());
            let _ = fs::remove_file(place.join(path));
            make(&place.join(path));
            let before = listing(place);
            let args = words(&format!("{line} --lang {lang}"));
            let output = run(place, &args.iter().map(String::as_str).collect::<Vec<_>>(), b"");
            assert_eq!(output.status.code(), Some(3), "{line}, {path}: {}", text_of(&output));
            assert!(text(&output.stderr).contains(said), "{line}, {path}: {}", text(&output.stderr));
            assert!(listing(place) == before, "{line}, {path}");
        }
    }
}

/// Everything in a folder, what is read of files only.
fn listing(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            let kind = fs::symlink_metadata(&path).unwrap();
            if kind.is_dir() {
                folders.push(path.clone());
            }
            let content = if kind.is_file() {
                fs::read_to_string(&path).unwrap()
            } else {
                format!("{:?}", kind.file_type())
            };
            found.push((path, if kind.is_dir() { String::new() } else { content }));
        }
    }
    found.sort();
    found
}

/// A folder that the user names may be a link; the files are then in the folder it leads to.
#[cfg(unix)]
#[test]
fn a_link_that_the_user_names_is_followed() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    fs::create_dir(folder.join("real")).unwrap();
    std::os::unix::fs::symlink("real", folder.join("link")).unwrap();
    assert!(run(folder, &["build", "--quiet", "--out", "link"], b"").status.success());
    assert!(folder.join("real/libraries/json-schema/return.schema.json").exists());
    assert!(run(folder, &["build", "--check", "--out", "link"], b"").status.success());
    assert!(run(folder, &["migrate", "r.json", "-o", "link/out.json"], b"").status.success());
    assert!(folder.join("real/out.json").exists());
}

/// A file that only its owner could read is not opened to all when it is written anew.
#[cfg(unix)]
#[test]
fn a_file_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt;
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    fs::write(folder.join("out.json"), "old").unwrap();
    fs::set_permissions(folder.join("out.json"), fs::Permissions::from_mode(0o600)).unwrap();
    assert!(run(folder, &["migrate", "r.json", "-o", "out.json"], b"").status.success());
    let mode = fs::metadata(folder.join("out.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(fs::read_to_string(folder.join("out.json")).unwrap().contains("libraries"));
}

/// A file system of 96 KB fills up: the old set stays, nothing is left behind, and the exit code says the disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_set() {
    let folder = workplace();
    let folder = folder.path();
    let disk = folder.join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&disk).output();
    if !mount.is_ok_and(|m| m.status.success()) {
        eprintln!("skipped: no file system may be mounted here");
        return;
    }
    let built = run(folder, &["build", "--quiet", "--out", "disk"], b"");
    let before = contents(&disk);
    // All but one page is taken.
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}
    fs::write(folder.join("schemas/libraries/stock.yaml"), changed()).unwrap();
    let output = run(folder, &["build", "--out", "disk"], b"");
    drop(filler);
    let _ = fs::remove_file(disk.join("filler"));
    let after = contents(&disk);
    let unmounted = Command::new("umount").arg(&disk).status().unwrap();
    assert!(built.status.success() && unmounted.success());
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the disk is full"), "{}", text(&output.stderr));
    assert_eq!(after, before);
}

#[test]
fn the_same_bytes_whatever_the_surroundings() {
    let (one, two) = (workplace(), workplace());
    let (one, two) = (one.path(), two.path());
    assert!(run(one, &["build", "--quiet"], b"").status.success());
    let other = command(two)
        .args(["build", "--quiet", "--lang", "zh", "--out", "generated"])
        .envs([("TZ", "Asia/Shanghai"), ("LC_ALL", "zh_CN.UTF-8"), ("RAYON_NUM_THREADS", "1"), ("HOME", "/")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(other.status.success());
    let relative = |root: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let all = contents(&root.join("generated")).into_iter();
        all.map(|(path, bytes)| (path.strip_prefix(root).unwrap().to_path_buf(), bytes)).collect()
    };
    assert_eq!(relative(one), relative(two));
}
