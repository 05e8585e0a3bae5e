"""The language server: what an editor shows of a text while it is written.

`positions` knows how the protocol counts, `reading` how an open document is checked under its configuration,
`actions` what an editor offers at a finding, `words` how a word enters the configuration, and `server` wires them to
pygls.  Only `server` and `words` touch anything outside.
"""
