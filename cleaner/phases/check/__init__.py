"""What a content repository says twice: rules over pages, pure and fast."""
