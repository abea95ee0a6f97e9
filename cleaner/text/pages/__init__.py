"""Files of content repositories as blocks: what is prose in them, under which headings, in which containers."""
