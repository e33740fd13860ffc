"""What is built is the same each time, complete, and says truly what it carries; whole trials run by command."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest
from PIL import Image

from installers import bundle, icons, linux, python_packages, reproducible
from installers.contents import bill, papers
from installers.contents.part import HERE, Part
from installers.order import INSTALLERS, carry_out
from installers.trials import playing
from installers.workshop import NAME, Workshop, checksum, version
from system import NotReady

ROOT = Path(__file__).parents[2]
EPOCH = 1_750_000_000
WHEEL_FILES = ("kling_desktop/py.typed", "kling_desktop/resources/translations/zh_CN.json")


def _workshop(folder: Path) -> Workshop:
    return Workshop(folder / "dist", folder / "work", EPOCH)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    made = _workshop(tmp_path_factory.mktemp("workshop"))
    made.dist.mkdir()
    made.work.mkdir()
    return made


@pytest.fixture(scope="module")
def wheel(workshop: Workshop) -> Path:
    return python_packages.make_wheel(workshop)


@pytest.fixture(scope="module")
def sdist(workshop: Workshop) -> Path:
    return python_packages.make_sdist(workshop)


def test_a_wheel_asks_for_bounds_on_both_sides(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        head = HeaderParser().parsestr(archive.read(f"kling_desktop-{version()}.dist-info/METADATA").decode())
        assert set(WHEEL_FILES) <= set(archive.namelist())
    asked = [line for line in head.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert len(asked) > 10
    assert [line for line in asked if ">=" not in line or "<" not in line] == []


def test_the_installed_wheel_starts_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """A slice of the trial in `dev.py package wheel`, which fetches all libraries anew and plays the tour.

    Here the libraries are those of the environment that runs the tests; the program itself is the wheel's.
    """
    venv.create(tmp_path / "venv", with_pip=False, symlinks=os.name != "nt")
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--disable-pip-version-check", wheel], check=True)
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    place = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    Path(place, "libraries.pth").write_text(libraries)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    told = subprocess.run(
        [python.parent / NAME, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert told.stdout.strip() == f"{NAME} {version()}", told.stderr
    code = "from kling_desktop.ui.theme.resources import resource; print(resource('icons/kling-desktop.svg'))"
    found = subprocess.run([python, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(place), found.stderr


def test_the_sdist_can_run_its_tests_and_build_its_installers(sdist: Path, tmp_path: Path) -> None:
    root = python_packages.unpacked(sdist, tmp_path)
    asked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if asked.returncode == 0:
        missing = [name for name in asked.stdout.split("\n") if name and not (root / name).exists()]
        assert [name for name in missing if (ROOT / name).exists()] == []
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_translations.py"]
    told = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stdout[-2000:]


@pytest.mark.parametrize("name", ["wheel", "sdist"])
def test_two_builds_are_the_same_to_the_last_byte(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    first: Path = request.getfixturevalue(name)
    again = _workshop(tmp_path)
    again.dist.mkdir()
    again.work.mkdir()
    assert reproducible.differences(first, INSTALLERS[name].make(again)) == []


def test_what_differs_between_two_folders_is_named(tmp_path: Path) -> None:
    for folder, text in (("one", "same"), ("two", "other")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "equal").write_text("equal")
        (tmp_path / folder / "text").write_text(text)
        (tmp_path / folder / "link").symlink_to(text)
    (tmp_path / "two" / "more").touch()
    assert reproducible.differences(tmp_path / "one", tmp_path / "two") == ["link", "more", "text"]


def test_what_pip_noted_of_where_it_installed_is_not_bundled(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        package = folder / "_internal" / "keyring-1.dist-info"
        package.mkdir(parents=True)
        (package / "METADATA").write_text("Name: keyring")
        (package / "RECORD").write_text(f"../../bin/keyring,sha256={folder.name}")
        bundle.drop_records(folder)
    assert reproducible.differences(*folders) == []
    assert [file.name for file in (folders[0] / "_internal" / "keyring-1.dist-info").iterdir()] == ["METADATA"]


def test_icons_are_what_windows_and_macos_read(tmp_path: Path) -> None:
    icons.draw(tmp_path)
    with Image.open(tmp_path / "kling-desktop.ico") as ico, Image.open(tmp_path / "kling-desktop.icns") as icns:
        assert {(16, 16), (48, 48), (256, 256)} <= ico.info["sizes"]
        assert (512, 512, 2) in icns.info["sizes"]
        icns.load()
    with Image.open(tmp_path / "64.png") as small:
        assert small.size == (64, 64)
        seen = small.convert("RGBA").getchannel("A")
        assert (seen.getpixel((0, 0)), seen.getpixel((20, 30))) == (0, 255)


def _toc(path: Path, *sources: Path) -> Path:
    path.write_text(repr([[(source.name, str(source), "BINARY") for source in sources], []]))
    return path


def test_papers_tell_what_is_bundled_and_nothing_else(workshop: Workshop, tmp_path: Path) -> None:
    import av
    import httpx

    av_libs = Path(av.__file__).parents[1] / "av.libs"
    x264 = next(iter(av_libs.glob("libx264*")), av_libs / "libx264-0.so.1")
    collected = _toc(tmp_path / "COLLECT", Path(av.__file__), x264)
    archived = _toc(tmp_path / "PYZ", Path(httpx.__file__))
    papers.write(collected, archived, Path(sys.executable), workshop)
    text = (workshop.papers / "LICENCES.md").read_text(encoding="utf-8")
    assert "| libx264 |  | GPL-2.0-or-later |" in text
    assert "| av |" in text
    assert "| httpx |" in text
    assert "qasync" not in text
    sbom = json.loads((workshop.papers / "sbom.cdx.json").read_text(encoding="utf-8"))
    names = {part["name"] for part in sbom["components"]}
    assert {"av", "httpx", "libx264", "python"} <= names
    assert "pytest" not in names
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.5")
    assert len({part["bom-ref"] for part in sbom["components"]}) == len(sbom["components"])
    assert list((workshop.papers / "httpx").iterdir()), "the full text of its licence"


def test_what_is_bundled_under_a_licence_that_nobody_knows_is_not_passed_on(workshop: Workshop, tmp_path: Path) -> None:
    collected = _toc(tmp_path / "COLLECT", tmp_path / "av.libs" / "libnobody-knows.so.1")
    with pytest.raises(NotReady, match="libnobody"):
        papers.write(collected, _toc(tmp_path / "PYZ"), Path(sys.executable), workshop)


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_what_pip_brings_along_is_named_beside_what_asks_for_it(
    kind: str, workshop: Workshop, request: pytest.FixtureRequest
) -> None:
    made: Path = request.getfixturevalue(kind)
    written = bill.beside(made, workshop)
    assert written.name == f"{made.name}.cdx.json"
    told = json.loads(written.read_text(encoding="utf-8"))
    assert told["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": checksum(made)}]
    scopes = {part["name"]: part["scope"] for part in told["components"]}
    assert (scopes["httpx"], scopes["opentimelineio"]) == ("required", "optional")
    assert "pytest" not in scopes


def test_licences_are_expressions_where_they_are_some() -> None:
    parts = [Part(NAME, "1", "MIT", HERE), Part("a", "", "MIT OR Apache-2.0", "inside"), Part("b", "", "see it", HERE)]
    told = bill.cyclonedx(parts, EPOCH)["components"]
    assert told[0]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert told[1]["licenses"] == [{"license": {"name": "see it"}}]


def test_an_archive_is_in_order_and_owned_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("b")
    (tmp_path / "a").write_text("a")
    first = linux.packed(tmp_path, EPOCH)
    os.utime(tmp_path / "a", (1, 1))
    assert linux.packed(tmp_path, EPOCH) == first
    with tarfile.open(fileobj=io.BytesIO(first)) as archive:
        assert [(member.name, member.uid, member.mtime) for member in archive] == [("a", 0, EPOCH), ("b", 0, EPOCH)]


@pytest.fixture
def bundled(tmp_path: Path) -> Workshop:
    """A workshop whose frozen program is a script that knows its version: what packs it cannot tell the difference."""
    made = _workshop(tmp_path / "workshop")
    for folder in (made.dist, made.bundle / "_internal", made.papers):
        folder.mkdir(parents=True)
    program = made.bundle / NAME
    program.write_text(f'#!/bin/sh\necho "{NAME} {version()}"\n')
    program.chmod(0o755)
    (made.bundle / "_internal" / "library").write_text("bytes")
    (made.papers / "LICENCES.md").write_text("licences")
    icons.draw(made.icons)
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_the_script_installs_for_a_user_and_leaves_no_trace(bundled: Workshop, tmp_path: Path) -> None:
    made = linux.make_run(bundled)
    home = tmp_path / "home of R&D | 创作者"
    (home / ".local" / "share" / "applications").mkdir(parents=True)
    (home / ".local" / "share" / "applications" / "another.desktop").write_text("[Desktop Entry]")
    (home / ".local" / "share" / NAME).mkdir()
    (home / ".local" / "share" / NAME / "library.sqlite3").write_text("takes")
    before = _listing(home)
    own = _own(home)
    for _ in range(2):  # the second time over the first, as an update does
        subprocess.run(["sh", made], env=own, check=True, stdout=subprocess.DEVNULL)
    started = subprocess.run([home / ".local" / "bin" / NAME, "--version"], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == f"{NAME} {version()}"
    entry = (home / ".local" / "share" / "applications" / f"{NAME}.desktop").read_text(encoding="utf-8")
    assert f'Exec="{home}/.local/bin/{NAME}" %F' in entry
    assert (home / ".local" / "share" / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg").is_file()
    uninstall = ["sh", str(home / ".local" / "lib" / NAME / "uninstall"), "--uninstall"]
    subprocess.run(uninstall, env=own, check=True, stdout=subprocess.DEVNULL)
    assert _listing(home) == before


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_an_empty_home_is_empty_again(bundled: Workshop, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    own = _own(home)
    subprocess.run(["sh", linux.make_run(bundled)], env=own, check=True, stdout=subprocess.DEVNULL)
    uninstall = ["sh", str(home / ".local" / "lib" / NAME / "uninstall"), "--uninstall"]
    subprocess.run(uninstall, env=own, check=True, stdout=subprocess.DEVNULL)
    assert _listing(home) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_a_program_that_does_not_start_is_not_installed(bundled: Workshop, tmp_path: Path) -> None:
    (bundled.bundle / NAME).write_text("#!/bin/sh\nexit 1\n")
    home = tmp_path / "home"
    home.mkdir()
    told = subprocess.run(["sh", linux.make_run(bundled)], env={**os.environ, "HOME": str(home)}, capture_output=True)
    assert told.returncode == 1
    assert b"does not start" in told.stderr
    assert [path for path in _listing(home) if NAME in path] == []


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_what_an_earlier_version_had_put_there_goes_with_it(bundled: Workshop, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    subprocess.run(["sh", linux.make_run(bundled)], env=_own(home), check=True, stdout=subprocess.DEVNULL)
    noted = home / ".local" / "lib" / NAME / "installed-files"
    former = home / ".local" / "share" / "metainfo" / "former id of the program.xml"
    former.write_text("of an earlier version")
    noted.write_text(f"{noted.read_text()}{former}\n")
    subprocess.run(["sh", linux.make_run(bundled)], env=_own(home), check=True, stdout=subprocess.DEVNULL)
    assert not former.exists()
    assert (home / ".local" / "share" / "applications" / f"{NAME}.desktop").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_a_program_that_runs_is_neither_exchanged_nor_removed(bundled: Workshop, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    (bundled.bundle / NAME).unlink()
    shutil.copy(bash, bundled.bundle / NAME)  # a program of its own, as the frozen one is: no script of another
    made, home = linux.make_run(bundled), tmp_path / "home"
    home.mkdir()
    subprocess.run(["sh", made], env=_own(home), check=True, stdout=subprocess.DEVNULL)
    before = _listing(home)
    uninstall = ["sh", str(home / ".local" / "lib" / NAME / "uninstall"), "--uninstall"]
    with subprocess.Popen([home / ".local" / "bin" / NAME, "-c", "echo; read x"], stdin=-1, stdout=-1) as running:
        assert running.stdout is not None
        running.stdout.readline()
        for command in (["sh", str(made)], uninstall):
            told = subprocess.run(command, env=_own(home), capture_output=True, text=True)
            assert told.returncode == 1
            assert "Close it" in told.stderr
            assert _listing(home) == before
        running.communicate()
    subprocess.run(uninstall, env=_own(home), check=True, stdout=subprocess.DEVNULL)
    assert _listing(home) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the script is for Linux")
def test_half_a_download_says_so_and_leaves_what_was_installed(bundled: Workshop, tmp_path: Path) -> None:
    made, home = linux.make_run(bundled), tmp_path / "home"
    home.mkdir()
    subprocess.run(["sh", made], env=_own(home), check=True, stdout=subprocess.DEVNULL)
    before = _listing(home)
    half = tmp_path / "half.run"
    half.write_bytes(made.read_bytes()[: -made.stat().st_size // 3])
    told = subprocess.run(["sh", half], env=_own(home), capture_output=True, text=True)
    assert told.returncode == 1
    assert "damaged or cut off" in told.stderr
    assert _listing(home) == before
    started = subprocess.run([home / ".local" / "bin" / NAME, "--version"], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == f"{NAME} {version()}"


def _own(home: Path) -> dict[str, str]:
    return {**{name: value for name, value in os.environ.items() if name != "XDG_DATA_HOME"}, "HOME": str(home)}


def _listing(home: Path) -> list[str]:
    return sorted(path.relative_to(home).as_posix() for path in home.rglob("*"))


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed")
def test_a_deb_has_everything_in_its_place(bundled: Workshop, tmp_path: Path) -> None:
    made = linux.make_deb(bundled)
    first = checksum(made)
    subprocess.run(["dpkg-deb", "--extract", made, tmp_path / "root"], check=True)
    asked = ["dpkg-deb", "--field", str(made), "Package", "Version", "Depends"]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert f"Package: {NAME}\nVersion: {version()}\n" in told
    assert "libegl1" in told
    usr = tmp_path / "root" / "usr"
    started = subprocess.run([usr / "bin" / NAME, "--version"], capture_output=True, text=True, check=True)
    assert started.stdout.strip() == f"{NAME} {version()}"
    for name in ("applications/kling-desktop.desktop", "man/man1/kling-desktop.1.gz", "doc/kling-desktop/copyright"):
        assert (usr / "share" / name).is_file()
    assert (usr / "share" / "icons" / "hicolor" / "256x256" / "apps" / f"{NAME}.png").is_file()
    assert checksum(linux.make_deb(bundled)) == first


def test_an_installer_that_nobody_knows_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NotReady, match="wheel, sdist, bundle, deb, rpm, run"):
        carry_out(["exe"])


@pytest.mark.parametrize("option", ["--help", "--no-trails", "-h"])
def test_an_unknown_option_builds_nothing_and_names_the_known_ones(option: str) -> None:
    with pytest.raises(NotReady, match="--try, --no-trial, --twice"):
        carry_out([option])


def test_a_trial_that_never_ends_is_told_in_a_sentence() -> None:
    with pytest.raises(NotReady, match="has not ended after 1 s"):
        playing.run_out([sys.executable, "-c", "import time; time.sleep(60)"], 1)
