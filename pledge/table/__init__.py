"""The promises of several companies side by side."""
