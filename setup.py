"""Puts `resources/` into the package when it is installed; all the rest is said in pyproject.toml."""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["kling_desktop*"]), "kling_desktop.resources"],
    package_dir={"kling_desktop.resources": "resources"},
    package_data={"kling_desktop.resources": ["**/*"]},
)
