"""Tells PyInstaller to take along the file of letters, which no import names."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("fontpkg_inter", includes=["files/Inter[[]opsz,wght[]].ttf"]) or collect_data_files(
    "fontpkg_inter"
)
