"""Questions as people type them, with the role of each part marked: what the reader of roles is learnt from."""
