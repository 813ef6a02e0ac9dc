"""The bridge between the pages and pledge: it hands over the blanks and macros, and decides nothing."""

from pledge.render import define_env

__all__ = ["define_env"]
