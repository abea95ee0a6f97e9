"""The check of a content repository: from paths and settings to findings."""
