"""Publish a company's after-sales service guarantee, checked against the law."""
