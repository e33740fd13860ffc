"""Kling Desktop: extend AI videos with Kling, judge the takes, keep the film."""

__version__ = "0.1.0"
