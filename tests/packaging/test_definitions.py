"""Every definition of an installer says whether it was run, can be read, and names only what exists."""

from __future__ import annotations

import ast
import json
import plistlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

import commands
import system
from installers.order import INSTALLERS
from installers.workshop import APP_ID, DEFINITIONS, NAME, SUMMARY, filled, version
from kling_desktop.__main__ import _parser

ROOT = Path(__file__).parents[2]
LINUX = DEFINITIONS / "linux"
UNTRIED = [
    *DEFINITIONS.joinpath("windows").iterdir(),
    *DEFINITIONS.joinpath("macos").iterdir(),
    *DEFINITIONS.joinpath("flatpak").iterdir(),
    *DEFINITIONS.joinpath("snap").iterdir(),
    *DEFINITIONS.joinpath("appimage").iterdir(),
    *(ROOT / ".github" / "workflows").iterdir(),
]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", UNTRIED, ids=lambda path: path.name)
def test_what_has_not_been_run_says_so_first(path: Path) -> None:
    lines = [line for line in _text(path).splitlines() if not line.startswith("#!")]
    assert "Not run yet" in lines[0]


@pytest.mark.parametrize("path", [*UNTRIED, *DEFINITIONS.glob("*.spec"), *LINUX.iterdir()], ids=lambda path: path.name)
def test_every_file_of_the_checkout_that_is_named_exists(path: Path) -> None:
    """Paths that begin with a folder of the checkout, wherever they are written."""
    named = set(re.findall(r"(?<![\w/.$-])(?:packaging|resources|tests|kling_desktop)/[\w./*-]*[\w]", _text(path)))
    named -= {"kling_desktop/resources"}  # where resources/ lies once it is installed
    assert [name for name in named if not list(ROOT.glob(name))] == []


def _read(path: Path) -> Any:
    return yaml.safe_load(_text(path))


@pytest.mark.parametrize("path", [path for path in UNTRIED if path.suffix in (".yml", ".yaml")], ids=lambda p: p.name)
def test_definitions_in_yaml_can_be_read(path: Path) -> None:
    assert _read(path)["name" if "id" not in _read(path) else "id"]


def test_flatpak_takes_along_what_exists_and_installs_what_it_takes_along() -> None:
    manifest = DEFINITIONS / "flatpak" / f"{APP_ID}.yml"
    told = _read(manifest)
    (module,) = told["modules"]
    kept = set()
    for source in module["sources"]:
        found = (manifest.parent / source["path"]).resolve().relative_to(ROOT).as_posix()
        assert found == f"build/package/bundle/{NAME}" or (ROOT / found).is_file(), found
        kept.add(source.get("dest", Path(found).name))
    taken = {word for line in module["build-commands"] for word in line.split() if word in kept}
    assert taken == kept
    assert told["command"] == NAME
    assert any(line.endswith(f"/app/bin/{told['command']}") for line in module["build-commands"])
    assert (told["rename-desktop-file"], told["rename-icon"]) == (f"{NAME}.desktop", NAME)


def test_snap_starts_what_it_packs() -> None:
    told = _read(DEFINITIONS / "snap" / "snapcraft.yaml")
    (app,) = told["apps"].values()
    assert told["name"] == NAME
    assert (ROOT / told["icon"]).is_file()
    assert told["parts"][NAME]["source"] == "build/package/bundle"
    assert app["command"] == f"{NAME}/{NAME}", "the folder of the bundle, and the program in it"
    menu = told["parts"]["menu"]
    assert [ROOT / menu["source"] / name for name in menu["organize"] if (LINUX / name).is_file()]
    assert list(menu["organize"].values()) == menu["prime"] == [app["desktop"]]


def test_workflows_call_commands_and_installers_that_exist() -> None:
    """What a runner would be told is held to the script that it would start."""
    called = 0
    for path in (ROOT / ".github" / "workflows").iterdir():
        for job in _read(path)["jobs"].values():
            assert job["timeout-minutes"]
            for step in job["steps"]:
                assert "uses" in step or "run" in step
                for words in re.findall(r"packaging/dev\.py ([^\n&|]+)", step.get("run", "")):
                    command, *arguments = words.split()
                    assert command in commands.COMMANDS
                    names = {word for word in arguments if not word.startswith("--")}
                    assert command != "package" or names <= set(INSTALLERS)
                    called += 1
    assert called > 3


def test_ci_installs_the_libraries_that_the_script_would_install() -> None:
    wanted = {name for purpose in ("windows", "tests") for name in system.PACKAGES[purpose]}
    steps = _read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["test"]["steps"]
    assert wanted <= set(" ".join(step.get("run", "") for step in steps).split())


def test_the_setup_for_windows_packs_what_is_frozen() -> None:
    script, spec = (_text(DEFINITIONS / name) for name in ("windows/kling-desktop.nsi", "kling-desktop.spec"))
    assert f'name="{NAME}"' in spec
    assert set(re.findall(r"[\w-]+\.exe", script.split("Unicode true")[1])) == {f"{NAME}.exe", "uninstall.exe"}
    assert set(re.findall(r"\$\{ICONS\}/([\w.-]+)", script)) == {f"{NAME}.ico"}
    assert re.findall(r"\$\{BUNDLE\}/([\w./-]+)", script) == ["licences/LICENCES.md"]
    ast.parse(_text(DEFINITIONS / "windows" / "version.txt"), mode="eval")


def test_every_module_that_the_frozen_program_is_told_of_exists() -> None:
    import importlib.util

    spec = _text(DEFINITIONS / "kling-desktop.spec")
    for name in re.findall(r'collect_(?:submodules|data_files)\("([\w.]+)"', spec):
        assert importlib.util.find_spec(name), name
    compile(spec, "kling-desktop.spec", "exec")


def test_nothing_that_the_program_imports_is_left_out_of_the_frozen_one() -> None:
    """What a module of ours imports must not stand in the list of what PyInstaller leaves out."""
    from tests.harness import house

    spec = _text(DEFINITIONS / "kling-desktop.spec")
    excluded = re.findall(r'"([\w.]+)"', spec.split("EXCLUDED = [")[1].split("]")[0])
    assert "PIL" in excluded
    wanted = {found.module for found in house.imports(ROOT / "kling_desktop")}
    assert [name for name in excluded if any(f"{one}.".startswith(f"{name}.") for one in wanted)] == []


def test_one_id_and_one_version_everywhere() -> None:
    own = version()
    assert f"{own.replace('.', ', ')}, 0" in _text(DEFINITIONS / "windows" / "version.txt")
    assert f'"FileVersion", "{own}"' in _text(DEFINITIONS / "windows" / "version.txt")
    assert f'version: "{own}"' in _text(DEFINITIONS / "snap" / "snapcraft.yaml")
    assert f"id: {APP_ID}\n" in _text(DEFINITIONS / "flatpak" / f"{APP_ID}.yml")
    assert f'"{APP_ID}"' in _text(DEFINITIONS / "kling-desktop.spec")
    metainfo = ElementTree.parse(LINUX / f"{APP_ID}.metainfo.xml").getroot()  # noqa: S314 - a file of our own
    assert metainfo.findtext("id") == APP_ID
    newest = metainfo.find("releases/release")
    assert newest is not None
    assert newest.get("version") == own


def test_the_desktop_finds_the_window_that_it_started() -> None:
    """Wayland's and X's desktops match a window by the name that the program gives itself."""
    entry = _text(LINUX / f"{NAME}.desktop")
    assert f'setDesktopFileName("{NAME}")' in _text(ROOT / "kling_desktop" / "running" / "first_paint.py")
    assert f"\nIcon={NAME}\n" in entry
    assert f"\nExec={NAME} %F\n" in entry
    assert f"\nComment={SUMMARY}\n" in entry


def test_the_manual_tells_every_option() -> None:
    page = filled(LINUX / f"{NAME}.1", VERSION="1", DATE="today").replace("\\-", "-")
    options = {option for action in _parser()._actions for option in action.option_strings if option.startswith("--")}
    assert {option for option in options - {"--help"} if option not in page} == set()


def test_a_definition_whose_names_are_not_filled_is_refused() -> None:
    from system import NotReady

    with pytest.raises(NotReady, match="@DATE@"):
        filled(LINUX / f"{NAME}.1", VERSION="1")


def test_the_licences_named_are_those_of_the_project() -> None:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    assert project["license"] == "MIT"
    for path in (LINUX / "kling-desktop.rpm.spec", DEFINITIONS / "snap" / "snapcraft.yaml"):
        assert "MIT AND GPL-2.0-or-later AND LGPL-3.0-only AND OFL-1.1" in _text(path)


def test_the_rights_that_macos_asks_for_can_be_read() -> None:
    rights = plistlib.loads((DEFINITIONS / "macos" / "entitlements.plist").read_bytes())
    assert all(value is True for value in rights.values())
    assert "com.apple.security.cs.disable-library-validation" in rights


@pytest.mark.parametrize(
    "script",
    [
        LINUX / "installer.sh",
        DEFINITIONS / "macos" / "make-dmg.sh",
        DEFINITIONS / "appimage" / "make-appimage.sh",
        DEFINITIONS / "appimage" / "AppRun",
    ],
    ids=lambda path: path.name,
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to read the script")
def test_scripts_can_be_read_by_their_shell(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)


@pytest.mark.skipif(shutil.which("makensis") is None, reason="makensis is not installed")
def test_the_setup_for_windows_compiles(tmp_path: Path) -> None:
    bundle, icons = tmp_path / "bundle", tmp_path / "icons"
    for path in (bundle / "kling-desktop.exe", bundle / "_internal" / "library", bundle / "licences" / "LICENCES.md"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("something")
    from installers.icons import draw

    draw(icons)
    given = {"VERSION": version(), "BUNDLE": bundle, "ICONS": icons, "OUTPUT": tmp_path / "kling-desktop-setup.exe"}
    defines = [f"-D{name}={value}" for name, value in given.items()]
    script = DEFINITIONS / "windows" / "kling-desktop.nsi"
    said = subprocess.run(["makensis", "-V2", "-WX", *defines, script], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
    assert (tmp_path / "kling-desktop-setup.exe").read_bytes()[:2] == b"MZ"


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-validate is not installed")
def test_the_entry_of_the_menu_is_valid() -> None:
    subprocess.run(["desktop-file-validate", LINUX / f"{NAME}.desktop"], check=True)


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstreamcli is not installed")
def test_what_software_centres_show_is_valid() -> None:
    command = ["appstreamcli", "validate", "--no-net", str(LINUX / f"{APP_ID}.metainfo.xml")]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout


def test_ci_tests_on_three_systems_and_three_pythons() -> None:
    workflow = _text(ROOT / ".github" / "workflows" / "test.yml")
    systems, pythons = re.findall(r"^ +(?:os|python): \[(.+)\]$", workflow, re.MULTILINE)
    assert [name.split("-")[0] for name in systems.split(", ")] == ["ubuntu", "windows", "macos"]
    classifiers = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]["classifiers"]
    told = [line.rsplit(" ", 1)[1] for line in classifiers if re.search(r":: 3\.\d+$", line)]
    assert [name.strip('"') for name in pythons.split(", ")] == told


def test_the_walks_in_contributing_name_files_that_exist() -> None:
    text = _text(ROOT / "CONTRIBUTING.md")
    named = set(re.findall(r"`((?:kling_desktop|tests|packaging|resources|\.github)/[^`\s]*)`", text))
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_walks_in_contributing_name_things_that_exist() -> None:
    code = "\n".join(_text(path) for path in (ROOT / "kling_desktop").rglob("*.py"))
    walks = _text(ROOT / "CONTRIBUTING.md").split("## Four walks")[1].split("## Dependencies")[0]
    names = set(re.findall(r"`([A-Za-z_]\w+)`", walks)) - {"zh_CN"}
    assert names
    assert [name for name in names if name not in code] == []


def test_a_frozen_program_reaches_the_process_that_codes_exports() -> None:
    """`sys.executable` is the program itself there: it must know itself called as a module."""
    line = [sys.executable, str(DEFINITIONS / "entry.py"), "-m", "kling_desktop.export.process"]
    heard = subprocess.run(line, input=b'{"format": 1}\n', stdout=subprocess.PIPE, check=True)
    (word,) = heard.stdout.splitlines()
    assert json.loads(word)["broken"] == "KeyError"
